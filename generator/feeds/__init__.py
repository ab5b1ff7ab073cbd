"""Everything that programs read: feeds, the API's documents, and the files for hosts and crawlers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

from generator.feeds import api, atom, hosting, jsonfeed, rss
from generator.feeds.entry import Feed, ToHtml, compose
from generator.publish.artifact import Artifact, Rank, key_of
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.view.views import FeedView, LanguageView, SiteInfo, SiteView

FORMS: Mapping[str, Callable[[Feed], bytes]] = MappingProxyType(
    {"json": jsonfeed.write, "rss": rss.write, "atom": atom.write}
)
"""Writes a feed in each of its forms."""


def feeds(view: SiteView, *, languages: Mapping[str, Language], to_html: ToHtml) -> Iterator[Artifact]:
    """Yield all files for programs, in all languages. ``to_html`` returns safe HTML for an author's Markdown."""
    for site in view.languages:
        address = Address(view.url, site.info.lang, view.default)
        yield from _feeds(site, address, languages[site.info.lang], to_html)
        yield from _documents(site, address, to_html)
    yield from hosting.files(view)


def written(
    form: str, view: FeedView, info: SiteInfo, *, address: Address, language: Language, to_html: ToHtml
) -> bytes:
    """Return a feed in ``form`` ``json``, ``rss`` or ``atom``, with the entries that all of its forms have."""
    return FORMS[form](jsonfeed.within(compose(view, info, address, language, to_html)))


def _feeds(site: LanguageView, address: Address, language: Language, to_html: ToHtml) -> Iterator[Artifact]:
    for feed in site.feeds:
        component = None if feed.component is None else feed.component.id
        made_of = key_of("feed", fingerprint(), language.fingerprint, address.default, site.info, feed)
        for form in FORMS:
            yield Artifact(
                path=address.file(routes.feed(form, component)),
                key=key_of(form, made_of),
                make=partial(written, form, feed, site.info, address=address, language=language, to_html=to_html),
                rank=Rank.FEED,
                origin=f"the {form} feed of {component or 'the site'} ({address.lang})",
            )


def _documents(site: LanguageView, address: Address, to_html: ToHtml) -> Iterator[Artifact]:
    for document in site.api:
        yield Artifact(
            path=address.file(api.key(document)),
            key=key_of("api", fingerprint(), address.default, site.info, document),
            make=partial(api.write, document, site.info, address, to_html),
            rank=Rank.FEED,
            origin=f"the API's document of {document.month or 'the last 30 days'} ({address.lang})",
        )
