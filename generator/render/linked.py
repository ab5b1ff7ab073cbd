"""A page as structured data (JSON-LD with the words of schema.org), for search engines and other programs.

An incident is a ``LiveBlogPosting``, "a rolling textual coverage of an ongoing event through continuous updates", and
planned work an ``Event``. ``SpecialAnnouncement`` is about the places of a health crisis, ``Report`` and
``NewsArticle`` are written about something rather than while it happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup

from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.terms import Kind, Phase
from generator.view.basics import View
from generator.view.library import ActionsPage, LibraryPage, PostmortemCard, PostmortemPage, ShelfPage
from generator.view.record_views import IncidentPage, IncidentView
from generator.view.views import (
    ComponentPage,
    HistoryPage,
    HomePage,
    MaintenancePage,
    MonthPage,
    SiteInfo,
    TagPage,
    TagsPage,
)

Thing = dict[str, Any]

_LISTS = (HistoryPage, MonthPage, MaintenancePage, TagsPage, TagPage, LibraryPage, ActionsPage, ShelfPage)
_ESCAPED = tuple((char, f"\\u{ord(char):04x}") for char in "<>&\u2028\u2029")


class Page(NamedTuple):
    """A page, and what an address and a text of it need."""

    view: View
    key: str
    info: SiteInfo
    address: Address
    language: Language

    @property
    def url(self) -> str:
        """Return the page's own address."""
        return self.address.absolute(self.key)


def script(thing: Thing) -> Markup:
    """Return the text of a ``script`` element: no character of it can end the element or begin another one."""
    text = msgspec.json.encode(thing).decode()
    for char, escaped in _ESCAPED:
        text = text.replace(char, escaped)
    return Markup(text)  # noqa: S704 nothing is left in it that HTML reads


def document(page: Page, title: str, description: str) -> Thing:
    """Return the page as a thing of schema.org: the site for the home page, else a part of it with its way there."""
    site: Thing = {"@type": "WebSite", "@id": page.address.absolute(routes.HOME), "name": page.info.name.text}
    if isinstance(page.view, HomePage):
        whole = {"url": page.url, "inLanguage": page.info.lang, "description": description}
        return {"@context": "https://schema.org", **site, **whole, "publisher": _publisher(page)}
    kind = "CollectionPage" if isinstance(page.view, _LISTS) else "WebPage"
    thing: Thing = {"@context": "https://schema.org", "@type": kind, "@id": page.url, "url": page.url}
    thing |= {"name": title, "inLanguage": page.info.lang, "isPartOf": site, "breadcrumb": _way(page, title)}
    if isinstance(page.view, ComponentPage):
        thing["about"] = {"@type": "Service", "name": page.view.component.name.text}
    elif isinstance(page.view, IncidentPage):
        thing["mainEntity"] = _record(page, page.view.incident)
    elif isinstance(page.view, PostmortemPage):
        thing["mainEntity"] = _article(page, page.view.postmortem.card)
    return thing


def _article(page: Page, card: PostmortemCard) -> Thing:
    thing: Thing = {"@type": "Article", "headline": card.title.text, "inLanguage": card.title.lang}
    if card.published:
        thing["datePublished"] = card.published.isoformat()
    if card.components:
        thing["about"] = [{"@type": "Service", "name": ref.name.text} for ref in card.components]
    return thing | {"author": _publisher(page)}


def _record(page: Page, record: IncidentView) -> Thing:
    return _work(page, record) if record.card.kind is Kind.MAINTENANCE else _incident(page, record)


def _incident(page: Page, record: IncidentView) -> Thing:
    card = record.card
    thing: Thing = {"@type": "LiveBlogPosting", "headline": card.title.text, "inLanguage": card.title.lang}
    thing["coverageStartTime"] = _time(card.started)
    if card.ended:
        thing["coverageEndTime"] = _time(card.ended)
    if record.updates:
        thing |= {"datePublished": _time(record.updates[-1].at), "dateModified": _time(record.updated)}
    if card.components:
        thing["about"] = [{"@type": "Service", "name": ref.name.text} for ref in card.components]
    return thing | {"author": _publisher(page)}


def _work(page: Page, record: IncidentView) -> Thing:
    card = record.card
    window = card.window
    thing: Thing = {"@type": "Event", "name": card.title.text, "inLanguage": card.title.lang}
    thing["startDate"] = _time(window.start if window else card.started)
    if window:
        thing["endDate"] = _time(window.end)
    status = "EventCancelled" if card.phase is Phase.CANCELLED else "EventScheduled"
    thing["eventStatus"] = f"https://schema.org/{status}"
    thing["eventAttendanceMode"] = "https://schema.org/OnlineEventAttendanceMode"
    return thing | {"location": {"@type": "VirtualLocation", "url": page.url}, "organizer": _publisher(page)}


def _way(page: Page, title: str) -> Thing:
    steps = [*_steps(page), (title, page.url)]
    items = [{"@type": "ListItem", "position": n, "name": name, "item": url} for n, (name, url) in enumerate(steps, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _steps(page: Page) -> Iterator[tuple[str, str]]:
    """Yield name and address of each page on the way to this one."""
    say, at = page.language.gettext, page.address.absolute
    yield page.info.name.text, at(routes.HOME)
    if isinstance(page.view, IncidentPage) and page.view.incident.card.kind is Kind.MAINTENANCE:
        yield say("Maintenance"), at(routes.MAINTENANCE)
    elif isinstance(page.view, (IncidentPage, MonthPage)):
        yield say("Incident history"), at(routes.HISTORY)
    elif isinstance(page.view, TagPage):
        yield say("Tags"), at(routes.TAGS)
        if page.view.year is not None:
            yield page.view.tag, at(routes.tag(page.view.tag))
    elif isinstance(page.view, ComponentPage):
        yield say("Uptime"), at(routes.UPTIME)
    elif isinstance(page.view, (PostmortemPage, ActionsPage, ShelfPage)):
        yield say("Postmortems"), at(routes.POSTMORTEMS)


def _publisher(page: Page) -> Thing:
    return {"@type": "Organization", "name": page.info.name.text}


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
