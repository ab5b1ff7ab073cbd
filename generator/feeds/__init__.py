"""Everything that programs read: feeds, the API's documents, and the files for hosts and crawlers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType

from generator.feeds import api, atom, badge, calendar, history, hosting, jsonfeed, rss, schema, statuspage
from generator.feeds.entry import Feed, ToHtml, compose, folder_of, part
from generator.feeds.hosting import Places, places
from generator.hashing import key_of
from generator.publish.artifact import Artifact, Bundle, Rank, unbundled
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.view.basics import Later, keyed
from generator.view.program_views import FeedPart
from generator.view.views import LanguageView, SiteInfo, SiteView

FORMS: Mapping[str, Callable[[Feed], bytes]] = MappingProxyType(
    {"json": jsonfeed.write, "rss": rss.write, "atom": atom.write}
)
"""Writes a feed in each of its forms."""


def feeds(view: SiteView, *, languages: Mapping[str, Language], to_html: ToHtml) -> Iterator[Artifact]:
    """Yield all files for programs, in all languages. ``to_html`` returns safe HTML for an author's Markdown."""
    found: list[Places] = []
    for site in view.languages:
        address = Address(view.url, site.info.lang, view.default)
        yield from unbundled(feeds_in(site, address, language=languages[site.info.lang], to_html=to_html))
        found += places(site, address)
    yield from shared(view.url, found)


def feeds_in(
    site: LanguageView, address: Address, *, language: Language, to_html: ToHtml
) -> Iterator[Artifact | Bundle]:
    """Yield the files for programs in one language, records' own documents by month."""
    yield from _feeds(site, address, language, to_html)
    yield from _parts(site, address, language, to_html)
    yield from api.files(site, address)
    yield from calendar.files(site, address, language, to_html)
    yield from statuspage.files(site, address, language, to_html)
    yield from history.files(site, address, language, to_html)
    yield from badge.files(site, address, language)


def shared(url: str, found: Sequence[Places]) -> Iterator[Artifact]:
    """Yield the files that all languages share: the API's schema, and what hosts and crawlers look for.

    ``found`` are the places of all pages.
    """
    yield from schema.files(url)
    yield from hosting.files(url, found)


def written_part(view: FeedPart, info: SiteInfo, *, address: Address, language: Language, to_html: ToHtml) -> bytes:
    """Return a part of the archive of the site's feed, as JSON Feed, with all of its entries."""
    return jsonfeed.write(part(view, info, address, language, to_html))


def _feeds(site: LanguageView, address: Address, language: Language, to_html: ToHtml) -> Iterator[Artifact]:
    @lru_cache(maxsize=1)  # the forms of a feed are made one after another, and all of them have the same entries
    def cut(number: int) -> Feed:
        return jsonfeed.within(compose(site.feeds[number], site.info, address, language, to_html))

    for number, feed in enumerate(site.feeds):
        folder = folder_of(feed)
        whose = (feed.component, feed.severity, feed.kind, feed.total)
        made_of = keyed("feed", fingerprint(), language.fingerprint, address.default, site.info, whose, feed.entries)
        told = Later(made_of, partial(cut, number))
        for form, write in FORMS.items():
            yield Artifact(
                path=address.file(routes.feed_in(folder, form)),
                keyed=keyed(form, told),
                make=told.into(write),
                rank=Rank.FEED,
                origin=f"the {form} feed of {folder or 'the site'} ({address.lang})",
            )


def _parts(site: LanguageView, address: Address, language: Language, to_html: ToHtml) -> Iterator[Artifact]:
    known = key_of("part", fingerprint(), language.fingerprint, address.default, site.info)
    write = partial(written_part, info=site.info, address=address, language=language, to_html=to_html)
    for number, one in site.parts.items():
        yield Artifact(
            path=address.file(routes.feed_part(number)),
            keyed=keyed(known, number, one),
            make=one.into(write),
            rank=Rank.FEED,
            origin=f"part {number} of the feed's archive ({address.lang})",
        )
