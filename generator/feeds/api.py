"""Incidents for programs: the last 30 days in one document, then a document a month, each naming the one before.

Times are RFC 3339 in UTC. A record's and an update's keys are always there, null where there is nothing to say; of
the document's own keys ``month`` and ``next`` are left out where they do not apply. Keys may be added, never renamed.
"""

from __future__ import annotations

import msgspec

from generator.feeds.document import clean, instant, json_bytes, line
from generator.feeds.entry import ToHtml, absolute_links
from generator.render import routes
from generator.render.routes import Address
from generator.terms import Impact, Kind, Level, Phase
from generator.view.views import Affected, ApiDocument, Change, IncidentView, SeverityRef, SiteInfo, UpdateView


class Site(msgspec.Struct, frozen=True):
    """Whose incidents these are; ``url`` is the home page in the document's language."""

    name: str
    url: str
    language: str


class Severity(msgspec.Struct, frozen=True):
    """A severity of the site's own matrix."""

    id: str
    name: str


class Component(msgspec.Struct, frozen=True):
    """A component that a record affects, its state now, and the worst that it had."""

    id: str
    name: str
    state: Level
    worst: Level


class Move(msgspec.Struct, frozen=True):
    """A component's move from one state to another."""

    id: str
    name: str
    before: Level
    after: Level


class Update(msgspec.Struct, frozen=True):
    """A published update: ``text`` is the author's Markdown, ``html`` is safe and its links are absolute."""

    number: int
    status: Phase
    at: str
    amended: str | None
    next: str | None
    language: str
    text: str
    html: str
    changes: tuple[Move, ...]
    url: str


class Period(msgspec.Struct, frozen=True):
    """The announced times of a maintenance."""

    start: str
    end: str


class Incident(msgspec.Struct, frozen=True):
    """An incident or maintenance; ``language`` is its title's, ``resolved`` null while it is open."""

    id: str
    kind: Kind
    title: str
    language: str
    status: Phase
    severity: Severity | None
    impact: Impact
    started: str
    resolved: str | None
    scheduled: Period | None
    backfilled: bool
    url: str
    components: tuple[Component, ...]
    tags: tuple[str, ...]
    updates: tuple[Update, ...]


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """One document of the API, its incidents and their updates newest first; ``next`` is the address to read on at."""

    site: Site
    incidents: tuple[Incident, ...]
    month: str | None = None
    next: str | None = None


def write(view: ApiDocument, info: SiteInfo, address: Address, to_html: ToHtml) -> bytes:
    """Return a document as JSON."""
    return json_bytes(
        Document(
            site=Site(line(info.name.text), address.absolute(routes.HOME), address.lang),
            month=view.month,
            next=None if view.next is None else address.absolute(routes.api_month(view.next)),
            incidents=tuple(_incident(incident, address, to_html) for incident in view.incidents),
        )
    )


def key(view: ApiDocument) -> str:
    """Return the key of a document's address."""
    return routes.API_RECENT if view.month is None else routes.api_month(view.month)


def _incident(view: IncidentView, address: Address, to_html: ToHtml) -> Incident:
    card = view.card
    return Incident(
        id=card.id,
        kind=card.kind,
        title=line(card.title.text),
        language=card.title.lang,
        status=card.phase,
        severity=_severity(card.severity),
        impact=card.impact,
        started=instant(card.started),
        resolved=None if card.ended is None else instant(card.ended),
        scheduled=None if card.window is None else Period(instant(card.window.start), instant(card.window.end)),
        backfilled=card.backfilled,
        url=address.absolute(routes.record(card.kind, card.id)),
        components=tuple(map(_component, view.affected)),
        tags=card.tags,
        updates=tuple(_update(update, view, address, to_html) for update in view.updates),
    )


def _severity(severity: SeverityRef | None) -> Severity | None:
    return None if severity is None else Severity(severity.id, line(severity.name.text))


def _component(affected: Affected) -> Component:
    component = affected.component
    return Component(component.id, line(component.name.text), affected.now, affected.worst)


def _update(update: UpdateView, record: IncidentView, address: Address, to_html: ToHtml) -> Update:
    url = address.absolute(routes.update(record.card.kind, record.card.id, update.number))
    text = clean(update.body.source)
    return Update(
        number=update.number,
        status=update.phase,
        at=instant(update.at),
        amended=None if update.amended is None else instant(update.amended),
        next=None if update.next is None else instant(update.next),
        language=update.body.lang,
        text=text,
        html=clean(absolute_links(to_html(text), url)),
        changes=tuple(map(_move, update.changes)),
        url=url,
    )


def _move(change: Change) -> Move:
    return Move(change.component.id, line(change.component.name.text), change.before, change.after)
