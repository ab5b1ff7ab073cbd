"""What a link to a page looks like elsewhere: the state first, what is affected and since when, and a picture of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html import unescape
from itertools import chain

import msgspec
from markupsafe import Markup

from generator.render import linked, routes, states
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.terms import Kind, Level, Overall, Phase
from generator.view.basics import View
from generator.view.library import PostmortemPage
from generator.view.record_views import IncidentCard, IncidentPage, IncidentView
from generator.view.views import ComponentPage, HomePage, LanguageView, SiteInfo

_MOST = 2  # records that a description names

_OVERALL = {
    Level.OPERATIONAL: Overall.NONE,
    Level.UNDER_MAINTENANCE: Overall.MAINTENANCE,
    Level.DEGRADED_PERFORMANCE: Overall.MINOR,
    Level.PARTIAL_OUTAGE: Overall.MAJOR,
    Level.MAJOR_OUTAGE: Overall.CRITICAL,
}


class Poster(msgspec.Struct, frozen=True):
    """The picture of a page's preview: its address, and what it shows in words."""

    url: str
    alt: str
    width: int = states.WIDTH
    height: int = states.HEIGHT


class Sharing(msgspec.Struct, frozen=True):
    """What the head of a page tells other programs; ``state`` and ``affected`` are nothing where there is no such."""

    state: str
    affected: str
    poster: Poster
    locale: str
    locales: tuple[str, ...]
    published: date | None
    modified: datetime | None
    _page: linked.Page

    def data(self, title: str, description: str) -> Markup:
        """Return the page as structured data, for a ``script`` element that is never run.

        ``title`` and ``description`` are the page's own, which a template knows as HTML.
        """
        return linked.script(linked.document(self._page, unescape(str(title)), unescape(str(description))))


def sharing(page: View, key: str, *, info: SiteInfo, address: Address, language: Language) -> Sharing:
    """Return what the head of one page tells other programs."""
    alt, affected = _state(page, language), ""
    published, modified = _times(page)
    if isinstance(page, HomePage):
        affected = _affected(chain(page.open, page.maintenance_now), language)
    return Sharing(
        alt,
        affected,
        Poster(_root(address).absolute(routes.poster(poster_of(page))), alt or info.name.text),
        locale(info.lang, language),
        tuple(sorted({locale(code, language) for code in info.languages} - {locale(info.lang, language)})),
        published,
        modified,
        linked.Page(page, key, info, address, language),
    )


def _times(page: View) -> tuple[date | None, datetime | None]:
    """Return when what a page is about was published, of a postmortem the day, and when it last changed."""
    if isinstance(page, PostmortemPage):
        return page.postmortem.card.published, None
    if isinstance(page, IncidentPage) and page.incident.updates:
        return page.incident.updates[-1].at, page.incident.updated
    return None, None


def locale(code: str, language: Language) -> str:
    """Return a language as the Open Graph protocol has it, with its region: ``en_US``."""
    return "_".join(filter(None, (code.partition("-")[0], language.territory_of(code))))


def poster_of(page: View) -> str:
    """Return the name of the picture that shows a page's state."""
    if isinstance(page, HomePage):
        return page.overall.value
    if isinstance(page, ComponentPage) and not page.component.retired:
        return _OVERALL[page.component.level].value
    return _poster_of_record(page.incident.card) if isinstance(page, IncidentPage) else states.DEFAULT


def posters(site: LanguageView) -> Iterator[str]:
    """Yield the names of all pictures that pages show now, or may show when what is open has ended, each once.

    A program that read a page a moment ago may ask for its picture after the next build.
    """
    found = frozenset().union(*(lot.impacts for lot in site.lots))
    yield from (states.DEFAULT, *(overall.value for overall in Overall))
    if any(kind is Kind.MAINTENANCE for kind, _ in found):
        yield from ("maintenance-planned", "maintenance-open", "maintenance-ended")
    for impact in sorted(impact for kind, impact in found if kind is Kind.INCIDENT):
        yield from (f"incident-{impact}-open", f"incident-{impact}-ended")


def _poster_of_record(card: IncidentCard) -> str:
    if card.kind is Kind.INCIDENT:
        return f"incident-{card.impact}-{'ended' if card.ended else 'open'}"
    if card.phase is Phase.SCHEDULED:
        return "maintenance-planned"
    return f"maintenance-{'ended' if card.ended else 'open'}"


def _state(page: View, language: Language) -> str:
    if isinstance(page, HomePage):
        return language.overall(page.overall)
    if isinstance(page, ComponentPage) and not page.component.retired:
        return language.level(page.component.level)
    return language.phase(page.incident.card.phase) if isinstance(page, IncidentPage) else ""


def _affected(records: Iterable[IncidentView], language: Language) -> str:
    """Return in a few words what is wrong, where, and since when."""
    since = language.gettext("Since %(start)s")
    told = []
    for record in tuple(records)[:_MOST]:
        card = record.card
        names = tuple(one.component.name.text for one in record.affected if one.now is not Level.OPERATIONAL)
        parts = (card.title.text, language.listing(names), since % {"start": language.moment(card.started)})
        told.append(" · ".join(filter(None, parts)))
    return " / ".join(told)


def _root(address: Address) -> Address:
    return address.within(address.default)
