"""From views to pages: what each page is made from, its key, and the one function that makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from jinja2 import Environment

from generator.hashing import key_of
from generator.publish.artifact import Artifact, Bundle, Rank, unbundled
from generator.render import embed, routes
from generator.render.brand import Brand
from generator.render.environment import environment_of, render
from generator.render.i18n import Language
from generator.render.inside import SHEET, Inside
from generator.render.routes import Address
from generator.render.sharing import posters, sharing
from generator.render.theme import Asset, Theme
from generator.resources import fingerprint
from generator.view.basics import Later, keyed, ready
from generator.view.library import Library, PostmortemRecord
from generator.view.record_views import Record
from generator.view.views import EmbedPage, LanguageView, NotFoundPage, SiteInfo, SiteView


class Sheet(NamedTuple):
    """One page before it is rendered.

    ``mark`` tells its title from another page's of the same name; ``feeds`` is whether it has feeds of its own.
    """

    template: str
    key: str
    page: Later[Any]
    mark: str = ""
    feeds: bool = False

    @property
    def made_of(self) -> tuple[object, ...]:
        """Return all that the page is made of, beside what all pages share."""
        return self.template, self.key, self.page.made_of, self.mark, self.feeds


def pages(
    view: SiteView,
    theme: Theme,
    *,
    languages: Mapping[str, Language],
    to_html: Callable[[str], str],
    inside: Inside | None = None,
) -> Iterator[Artifact]:
    """Yield the theme's assets and every page in every language; nothing is rendered before an artifact is made."""
    yield from assets(theme, (site.info.lang for site in view.languages), languages, inside=inside is not None)
    yield from pictures(view.languages[0], theme.brand)
    for site in view.languages:
        address = Address(view.url, site.info.lang, view.default)
        language = languages[site.info.lang]
        yield from unbundled(pages_in(site, address, theme, language=language, to_html=to_html, inside=inside))


def pages_in(
    site: LanguageView,
    address: Address,
    theme: Theme,
    *,
    language: Language,
    to_html: Callable[[str], str],
    inside: Inside | None = None,
) -> Iterator[Artifact | Bundle]:
    """Yield every page of one language, those of single records by month."""
    environment = environment_of(theme, language, address, info=site.info, to_html=to_html, inside=inside)
    constant = key_of("page", fingerprint(), theme.fingerprint, language.fingerprint, site.info, address, inside)

    origin = f"the pages ({address.lang})"

    def artifact(sheet: Sheet) -> Artifact:
        return Artifact(
            path=address.file(sheet.key),
            keyed=keyed(constant, sheet),
            make=partial(_make, environment, sheet, site.info, address, language),
            rank=Rank.HOME if sheet.key == routes.HOME else Rank.PAGE,
            origin=origin,
        )

    yield from map(artifact, _sheets(site))
    for lot in site.lots:
        opened = lot.pages.into(lambda records: map(artifact, _of_records(records)))
        yield Bundle(f"pages {address.lang} {lot.month}", keyed(constant, "records", lot.pages), opened)
    if site.library is not None:
        twins = site.library.twins
        for issue in site.library.lots:
            opened = issue.pages.into(lambda records: map(artifact, _of_postmortems(records, twins)))
            made_of = keyed(constant, "postmortems", sorted(twins.intersection(issue.ids)), issue.pages)
            yield Bundle(f"postmortems {address.lang} {issue.month}", made_of, opened)


def _sheets(site: LanguageView) -> Iterator[Sheet]:
    """Yield every page of one language but those of single records and postmortems, the home page first."""
    yield Sheet("home.html", routes.HOME, ready(site.home))
    yield Sheet("history.html", routes.HISTORY, ready(site.history))
    yield from (Sheet("month.html", routes.month(month), page) for month, page in site.months.items())
    yield Sheet("tags.html", routes.TAGS, ready(site.tags))
    yield from (Sheet("tag.html", routes.tag(*one), page) for one, page in site.tagged.items())
    yield from _components(site)
    if site.library is not None:
        yield from _library(site.library)
    yield Sheet("maintenance.html", routes.MAINTENANCE, ready(site.maintenance))
    yield Sheet("severity.html", routes.SEVERITY, ready(site.severity))
    yield Sheet("uptime.html", routes.UPTIME, ready(site.uptime))
    yield Sheet("subscribe.html", routes.SUBSCRIBE, ready(site.subscribe))
    if site.search:
        yield Sheet("search.html", routes.SEARCH, ready(site.search.page))
    for page in site.pages:
        yield Sheet("page.html", routes.page(page.slug), ready(page))
    for redirect in site.redirects:
        kind, alias = redirect.kind, redirect.alias
        key = routes.record(kind, alias) if kind else routes.postmortem(alias)
        yield Sheet("redirect.html", key, ready(redirect))
    yield Sheet("404.html", routes.NOT_FOUND, ready(NotFoundPage()))
    yield Sheet("embed.html", routes.EMBED, ready(EmbedPage(site.home.overall)))


def _of_records(records: Sequence[Record]) -> Iterator[Sheet]:
    """Yield the pages of a month's records; a title says the day, and two of one title and day say their ids too."""
    names = Counter((one.title.text, one.begun) for one in records)
    for one in records:
        mark = _mark(one.id, twin=names[one.title.text, one.begun] > 1)
        yield Sheet("incident.html", routes.record(one.kind, one.id), one.page, mark)


def _of_postmortems(records: Iterable[PostmortemRecord], twins: Collection[str]) -> Iterator[Sheet]:
    """Yield the pages of postmortems; those of one title say their ids as well."""
    for one in records:
        yield Sheet("postmortem.html", routes.postmortem(one.id), one.page, _mark(one.id, twin=one.id in twins))


def _components(site: LanguageView) -> Iterator[Sheet]:
    fed = {feed.component.id for feed in site.feeds if feed.component}
    names = Counter((page.component.name.text, page.group.text) for page in site.components)
    for page in site.components:
        id = page.component.id
        mark = _mark(id, twin=names[page.component.name.text, page.group.text] > 1)
        yield Sheet("component.html", routes.component(id), ready(page), mark, feeds=id in fed)


def _library(library: Library) -> Iterator[Sheet]:
    """Yield the library's pages but those of single postmortems; two shelves of one title say their ids as well."""
    yield Sheet("library.html", routes.POSTMORTEMS, library.page)
    yield Sheet("actions.html", routes.ACTIONS, library.actions)
    labels = Counter((shelf.ref.facet, shelf.ref.label.text) for shelf in library.shelves)
    for ref, page in ((shelf.ref, shelf.page) for shelf in library.shelves):
        mark = _mark(ref.value, twin=labels[ref.facet, ref.label.text] > 1)
        yield Sheet("shelf.html", routes.shelf(ref.facet, ref.value), page, mark)


def _mark(id: str, *, twin: bool) -> str:
    return id if twin else ""


def assets(
    theme: Theme, codes: Iterable[str], languages: Mapping[str, Language], *, inside: bool = False
) -> Iterator[Artifact]:
    """Yield the files of the theme that all languages share; ``codes`` are those of the site."""
    for asset in theme.assets:
        if asset.name == SHEET and not inside:
            continue
        if asset.name == embed.SOURCE:
            yield embed.script(asset, codes, languages)
        else:
            yield _asset(asset)


def _asset(asset: Asset) -> Artifact:
    return Artifact(
        path=asset.path,
        keyed=keyed("asset", asset.data),
        make=partial(bytes, asset.data),
        rank=Rank.ASSET,
        origin=f"the theme's static/{asset.name}",
    )


def pictures(site: LanguageView, brand: Brand) -> Iterator[Artifact]:
    """Yield the pictures that previews of links show, with the site's name; ``site`` is in its default language."""
    name, accent = site.info.name.text, brand.accent[0] if brand.accent else None
    for state in posters(site):
        yield Artifact(
            path=routes.poster(state),
            keyed=keyed("poster", fingerprint(), state, name, accent),
            make=partial(_poster, state, name, accent),
            rank=Rank.ASSET,
            origin="the pictures for previews of links",
        )


def _poster(state: str, name: str, accent: str | None) -> bytes:
    from generator.render.poster import poster  # noqa: PLC0415 seldom made, and slow to load

    return poster(state, name, accent)


def _make(environment: Environment, sheet: Sheet, info: SiteInfo, address: Address, language: Language) -> bytes:
    """Return the page that ``sheet`` describes."""
    view = sheet.page.make()
    page = render(
        environment,
        sheet.template,
        key=sheet.key,
        page=view,
        mark=sheet.mark,
        feeds=sheet.feeds,
        sharing=sharing(view, sheet.key, info=info, address=address, language=language),
    )
    return page.encode()
