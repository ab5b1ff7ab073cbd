"""Incidents, maintenance and components in one language, as pages and programs show them."""

from __future__ import annotations

from datetime import date, datetime

from generator.terms import Impact, Kind, Level, Phase
from generator.view.basics import ComponentRef, Label, Later, Link, Neighbour, SeverityRef, Text, View
from generator.view.library import Alike, PostmortemRef


class Change(View, frozen=True):
    """One component's move from a state to another, made by an update."""

    component: ComponentRef
    before: Level
    after: Level


class UpdateView(View, frozen=True):
    """One published update; ``number`` counts from 1 in the order of publication and never changes.

    ``published`` is when the repository has it that the update came, None where the site does not tell.
    """

    number: int
    phase: Phase
    at: datetime
    body: Text
    changes: tuple[Change, ...] = ()
    next: datetime | None = None
    amended: datetime | None = None
    published: datetime | None = None


class Spell(View, frozen=True):
    """A time span in which a component had one state; ``end`` is None while it lasts."""

    start: datetime
    end: datetime | None
    level: Level


class Affected(View, frozen=True):
    """A component that a record affects: its worst state, the state now, and its spells in order of time."""

    component: ComponentRef
    worst: Level
    now: Level
    spells: tuple[Spell, ...]


class Window(View, frozen=True):
    """The announced times of a maintenance."""

    start: datetime
    end: datetime


class IncidentCard(View, frozen=True):
    """An incident or maintenance as lists show it.

    ``phase`` is the last update's, or for maintenance what the clock has made of it. ``ended`` is None while the
    record is open. ``started`` of maintenance is when work began, or its announced start.
    """

    kind: Kind
    id: str
    title: Label
    phase: Phase
    impact: Impact
    started: datetime
    ended: datetime | None
    components: tuple[ComponentRef, ...]
    severity: SeverityRef | None = None
    window: Window | None = None
    tags: tuple[str, ...] = ()
    backfilled: bool = False


class IncidentView(View, frozen=True):
    """All that the public may know of one incident or maintenance; ``updates`` are newest first.

    ``source_url`` leads to its history at the forge, ``edit_url`` to the forge's editor of the words in this language,
    ``update_url`` to that of the file that a new update belongs in.
    """

    card: IncidentCard
    affected: tuple[Affected, ...]
    updates: tuple[UpdateView, ...]
    links: tuple[Link, ...] = ()
    source_url: str | None = None
    edit_url: str | None = None
    update_url: str | None = None

    @property
    def updated(self) -> datetime:
        """Return when the newest update or amendment was made."""
        return max(update.amended or update.at for update in self.updates)


class Day(View, frozen=True):
    """One day of a component in the site's time zone: the worst state, whole minutes affected, what happened.

    ``in_service`` is False on a day before the component's first or after its last, unless something happened on it
    all the same; of such a day nothing is known, and its ``level`` says nothing.
    """

    day: date
    level: Level
    minutes: int = 0
    incidents: tuple[Neighbour, ...] = ()
    in_service: bool = True


class Uptime(View, frozen=True):
    """The share of the last ``days`` days, from 0.0 to 1.0, in which a component worked."""

    days: int
    share: float


class ComponentView(View, frozen=True):
    """A component now and over time; ``days`` are oldest first and end today."""

    id: str
    name: Label
    level: Level
    uptime: tuple[Uptime, ...]
    days: tuple[Day, ...]
    description: Label | None = None
    since: date | None = None
    retired: date | None = None

    @property
    def disrupted(self) -> tuple[Day, ...]:
        """Return the days on which anything was wrong with it, or worked on."""
        return tuple(day for day in self.days if day.level is not Level.OPERATIONAL)

    @property
    def unserved(self) -> tuple[Day, ...]:
        """Return the days on which it was not in service."""
        return tuple(day for day in self.days if not day.in_service)


class GroupView(View, frozen=True):
    """Components that belong together, in display order, and the worst of their states."""

    id: str
    name: Label
    level: Level
    components: tuple[ComponentView, ...]
    description: Label | None = None


class IncidentPage(View, frozen=True):
    """``/incidents/<id>/`` or ``/maintenance/<id>/``, with the records before and after it of its kind.

    ``similar`` are the most similar of those that began before it, the most similar first; a record that begins later
    changes nothing here.
    """

    incident: IncidentView
    older: Neighbour | None = None
    newer: Neighbour | None = None
    similar: Alike = ()
    postmortem: PostmortemRef | None = None


class Record(View, frozen=True):
    """An incident or maintenance among all of a site: what is known of it without making any of its views.

    ``begun`` is the day that it began on, ``updated`` when its newest update or amendment was made.
    """

    kind: Kind
    id: str
    title: Label
    begun: date
    impact: Impact
    updated: datetime
    view: Later[IncidentView]
    page: Later[IncidentPage]


class RecordLot(View, frozen=True):
    """The records that began in one month, ``yyyy-mm``, newest first: of an old one all is known without telling any.

    ``records`` are made of what any view of them is, ``pages``, the same records, of what any page is; ``places`` are
    the kind, the id and ``updated`` of each.
    """

    month: str
    records: Later[tuple[Record, ...]]
    pages: Later[tuple[Record, ...]]
    places: tuple[tuple[Kind, str, datetime], ...]
    impacts: frozenset[tuple[Kind, Impact]]
