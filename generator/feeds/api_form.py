"""The form of the API's documents: the types that are serialised, and that their JSON Schema is made from.

Every key is always there, null where there is nothing to say; lists are never null. Keys may be added, and are never
renamed or removed.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from generator.terms import Impact, Kind, Level, Phase

Time = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""A moment as RFC 3339 writes it, in UTC."""

Day = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date"})]
"""A calendar day in the site's time zone: ``yyyy-mm-dd``."""

Url = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri"})]
"""An absolute address."""

Month = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}$")]
"""A month in the site's time zone: ``yyyy-mm``."""


class Site(msgspec.Struct, frozen=True):
    """Whose document it is; ``url`` is the home page in the document's language."""

    name: str
    url: Url
    language: str


class Severity(msgspec.Struct, frozen=True):
    """A severity of the site's own matrix."""

    id: str
    name: str


class Affected(msgspec.Struct, frozen=True):
    """A component that a record affects, its state now as far as this record goes, and the worst that it had."""

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
    """A published update: ``text`` is Markdown in ``language``, ``next`` when the next word was promised."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    status: Phase
    at: Time
    amended: Time | None
    next: Time | None
    language: str
    text: str
    changes: tuple[Move, ...]
    url: Url


class Period(msgspec.Struct, frozen=True):
    """The announced times of a maintenance."""

    start: Time
    end: Time


class Outline(msgspec.Struct, frozen=True):
    """A record without its updates.

    ``language`` is its title's, ``resolved`` null until it is over, ``updated`` when its newest update was published
    or one of them amended, ``document`` the address of the record with its updates, ``url`` its page.
    """

    id: str
    kind: Kind
    title: str
    language: str
    status: Phase
    severity: Severity | None
    impact: Impact
    started: Time
    resolved: Time | None
    scheduled: Period | None
    backfilled: bool
    updated: Time
    url: Url
    document: Url
    components: tuple[Affected, ...]
    tags: tuple[str, ...]


class Record(Outline, frozen=True):
    """An incident or maintenance with its updates, newest first."""

    updates: tuple[Update, ...]


class Incidents(msgspec.Struct, frozen=True):
    """``/api/incidents.json``: open incidents, and all that ended or were told of in the last 30 days, newest first.

    ``next`` is the month to read on with, null where there is no more.
    """

    site: Site
    incidents: tuple[Record, ...]
    next: Url | None


class IncidentMonth(msgspec.Struct, frozen=True):
    """``/api/incidents/<yyyy-mm>.json``: the incidents that began in a month, newest first."""

    site: Site
    month: Month
    incidents: tuple[Outline, ...]
    next: Url | None


class Maintenance(msgspec.Struct, frozen=True):
    """``/api/maintenance.json``: work to come or going on, and what ended or was told of in the last 30 days."""

    site: Site
    maintenance: tuple[Record, ...]
    next: Url | None


class MaintenanceMonth(msgspec.Struct, frozen=True):
    """``/api/maintenance/<yyyy-mm>.json``: the work that began, or was to begin, in a month, newest first."""

    site: Site
    month: Month
    maintenance: tuple[Outline, ...]
    next: Url | None


class One(msgspec.Struct, frozen=True):
    """``/api/incidents/<id>.json`` and ``/api/maintenance/<id>.json``: one record."""

    site: Site
    record: Record


class Uptime(msgspec.Struct, frozen=True):
    """The share of the last ``days`` days in which a component worked, from 0 to 1."""

    days: int
    share: Annotated[float, msgspec.Meta(ge=0, le=1)]


class Named(msgspec.Struct, frozen=True):
    """A record as a day names it."""

    kind: Kind
    id: str


class DayState(msgspec.Struct, frozen=True):
    """A component's day: its worst state, how many whole minutes it was affected, and the records that did it."""

    day: Day
    state: Level
    minutes: Annotated[int, msgspec.Meta(ge=0)]
    records: tuple[Named, ...]


class Component(msgspec.Struct, frozen=True):
    """A component, its state now, its uptime over each of the site's windows, and its last 90 days, oldest first."""

    id: str
    name: str
    description: str | None
    state: Level
    since: Day | None
    retired: Day | None
    url: Url
    uptime: tuple[Uptime, ...]
    days: tuple[DayState, ...]


class Group(msgspec.Struct, frozen=True):
    """Components that belong together, in display order, and the worst of their states."""

    id: str
    name: str
    description: str | None
    state: Level
    components: tuple[Component, ...]


class Components(msgspec.Struct, frozen=True):
    """``/api/components.json``: every component there is, also those out of service."""

    site: Site
    groups: tuple[Group, ...]


DOCUMENTS = (Incidents, IncidentMonth, Maintenance, MaintenanceMonth, One, Components)
"""The kinds of documents that the API has."""
