"""From views to pages: what each page is made from, its key, and the one function that makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from jinja2 import Environment

from generator.hashing import key_of
from generator.publish.artifact import Artifact, Rank
from generator.render import embed, routes
from generator.render.brand import Brand
from generator.render.i18n import Language
from generator.render.inside import SHEET, Inside
from generator.render.poster import poster
from generator.render.routes import Address
from generator.render.sharing import posters, sharing
from generator.render.theme import Asset, Theme, render
from generator.resources import fingerprint
from generator.view.basics import Later, ready
from generator.view.library import Library
from generator.view.views import EmbedPage, LanguageView, NotFoundPage, Record, SiteInfo, SiteView


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
        yield from pages_in(site, address, theme, language=languages[site.info.lang], to_html=to_html, inside=inside)


def pages_in(
    site: LanguageView,
    address: Address,
    theme: Theme,
    *,
    language: Language,
    to_html: Callable[[str], str],
    inside: Inside | None = None,
) -> Iterator[Artifact]:
    """Yield every page of one language."""
    environment = theme.environment(language, address, info=site.info, to_html=to_html, inside=inside)
    constant = key_of("page", fingerprint(), theme.fingerprint, language.fingerprint, site.info, address, inside)
    for sheet in sheets(site, language):
        yield Artifact(
            path=address.file(sheet.key),
            key=key_of(constant, sheet.made_of),
            make=partial(_make, environment, sheet, site.info, address, language),
            rank=Rank.HOME if sheet.key == routes.HOME else Rank.PAGE,
            origin=f"the page {address.local(sheet.key) or 'index.html'}",
        )


def sheets(site: LanguageView, language: Language) -> Iterator[Sheet]:
    """Yield every page of one language, the home page first."""
    yield Sheet("home.html", routes.HOME, ready(site.home))
    yield from _records(site, language)
    yield from _archive(site)
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


def _records(site: LanguageView, language: Language) -> Iterator[Sheet]:
    """Yield the records' pages; a title says the day, and two of one title and day say their ids as well."""
    titles = Counter(record.title.text for record in site.records)
    days = Counter(_name(record, language) for record in site.records if titles[record.title.text] > 1)
    for record in site.records:
        alone = titles[record.title.text] == 1 or days[_name(record, language)] == 1
        yield Sheet("incident.html", routes.record(record.kind, record.id), record.page, "" if alone else record.id)


def _name(record: Record, language: Language) -> tuple[str, str]:
    return record.title.text, language.short_date(record.started)


def _archive(site: LanguageView) -> Iterator[Sheet]:
    yield Sheet("history.html", routes.HISTORY, ready(site.history))
    yield from (Sheet("month.html", routes.month(month), page) for month, page in site.months.items())
    yield Sheet("tags.html", routes.TAGS, ready(site.tags))
    yield from (Sheet("tag.html", routes.tag(tag), page) for tag, page in site.tagged.items())


def _components(site: LanguageView) -> Iterator[Sheet]:
    fed = {feed.component.id for feed in site.feeds if feed.component}
    names = Counter((page.component.name.text, page.group.text) for page in site.components)
    for page in site.components:
        id = page.component.id
        mark = id if names[page.component.name.text, page.group.text] > 1 else ""
        yield Sheet("component.html", routes.component(id), ready(page), mark, feeds=id in fed)


def _library(library: Library) -> Iterator[Sheet]:
    """Yield the library's pages; two postmortems of one title say their ids as well, as do two shelves."""
    yield Sheet("library.html", routes.POSTMORTEMS, ready(library.page))
    yield Sheet("actions.html", routes.ACTIONS, ready(library.actions))
    titles = Counter(record.card.title.text for record in library.postmortems)
    for record in library.postmortems:
        card = record.card
        yield Sheet("postmortem.html", routes.postmortem(card.id), record.page, _mark(titles[card.title.text], card.id))
    labels = Counter((shelf.facet, shelf.label.text) for shelf in library.shelves)
    for shelf in library.shelves:
        mark = _mark(labels[shelf.facet, shelf.label.text], shelf.value)
        yield Sheet("shelf.html", routes.shelf(shelf.facet, shelf.value), ready(shelf), mark)


def _mark(count: int, id: str) -> str:
    return id if count > 1 else ""


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
        key=key_of("asset", asset.data),
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
            key=key_of("poster", fingerprint(), state, name, accent),
            make=partial(poster, state, name, accent),
            rank=Rank.ASSET,
            origin="the pictures for previews of links",
        )


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
