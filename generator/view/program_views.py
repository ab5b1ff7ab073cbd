"""What programs read, in one language: the search, feeds, calendars, and the documents of the APIs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from generator.terms import Kind, Level, Overall, Phase
from generator.view.basics import ComponentRef, Label, Later, SeverityRef, Text, View
from generator.view.record_views import (
    Affected,
    GroupView,
    IncidentCard,
    IncidentView,
    UpdateView,
    Window,
)


class SearchRecord(View, frozen=True):
    """What the search knows of a record: its card, the year it began in, and its updates' words, oldest first."""

    card: IncidentCard
    year: int
    texts: tuple[Text, ...]


class Volume(View, frozen=True):
    """A part of the search index: records that nobody writes to any more, newest first."""

    records: tuple[SearchRecord, ...]


class EntryView(View, frozen=True):
    """One entry of a feed: an update, and the record as the entry names it.

    ``card`` is as of this update, and so are ``states``, one for each of the card's components: an entry does not
    change when a later update comes.
    """

    card: IncidentCard
    update: UpdateView
    states: tuple[Level, ...]


PART_ENTRIES = 50
"""How many updates a part of the feed's archive holds; only the newest part may hold fewer."""


class FeedView(View, frozen=True):
    """The newest updates, newest first: of the whole site, or of what one of the other fields names.

    ``severity`` stands for incidents of it or a worse one. ``total`` counts all updates that the archive of the
    site's feed holds; the other feeds have none.
    """

    entries: Later[tuple[EntryView, ...]]
    component: ComponentRef | None = None
    severity: SeverityRef | None = None
    kind: Kind | None = None
    total: int = 0


class FeedPart(View, frozen=True):
    """A part of the archive of the site's feed, its updates newest first; parts count from 1, the oldest."""

    number: int
    entries: tuple[EntryView, ...]


class PlannedWork(View, frozen=True):
    """A maintenance as a calendar holds it: the announced times, and the newest word about it.

    ``revision`` rises with every update and amendment, from 0; ``modified`` is when the newest of them was made.
    """

    id: str
    title: Label
    window: Window
    cancelled: bool
    revision: int
    announced: datetime
    modified: datetime
    newest: Text
    components: tuple[ComponentRef, ...]


class CalendarView(View, frozen=True):
    """The planned maintenance of the whole site or of one component, in order of the announced times.

    With ``alone`` it holds one maintenance, to be taken over once.
    """

    works: tuple[PlannedWork, ...]
    component: ComponentRef | None = None
    alone: bool = False


class ApiRecent(View, frozen=True):
    """Records of one kind for programs, newest first: open ones, and what was told in the last 30 days.

    ``next`` is the month to read on with, ``yyyy-mm``.
    """

    kind: Kind
    records: tuple[IncidentView, ...]
    next: str | None


class ApiRecord(View, frozen=True):
    """A record without its updates; ``updated`` is when the newest of them was published or amended."""

    card: IncidentCard
    affected: tuple[Affected, ...]
    updated: datetime


class ApiMonth(View, frozen=True):
    """The records of one kind that began in a month, newest first; ``next`` is the month before that has any."""

    kind: Kind
    month: str
    records: tuple[ApiRecord, ...]
    next: str | None


class ApiView(View, frozen=True):
    """What the site's own documents for programs tell, beside each record's own; ``groups`` are all there are.

    ``months`` are by kind and month, ``yyyy-mm``, newest first.
    """

    recent: tuple[ApiRecent, ...]
    months: Mapping[tuple[Kind, str], Later[ApiMonth]]
    groups: tuple[GroupView, ...]


class ServiceView(View, frozen=True):
    """A component in service as programs poll it: since when it is known of, and when its state last changed."""

    component: ComponentRef
    level: Level
    created: datetime
    changed: datetime
    description: Label | None = None
    since: date | None = None


class ServiceGroup(View, frozen=True):
    """Components in service that belong together, in display order."""

    id: str
    name: Label
    level: Level
    services: tuple[ServiceView, ...]
    description: Label | None = None


class Implied(View, frozen=True):
    """A phase of maintenance that the clock began and no update tells of; it follows the update ``after``."""

    phase: Phase
    at: datetime
    after: int


class Report(View, frozen=True):
    """A record as programs poll it: all that was told, and what the clock alone has made of it."""

    incident: IncidentView
    implied: tuple[Implied, ...] = ()


class StatuspageView(View, frozen=True):
    """What the documents of the Statuspage API tell; records are newest first, and open ones are always there.

    ``changed`` is when the newest of it came to be, None where nothing has been told yet.
    """

    overall: Overall
    changed: datetime | None
    groups: tuple[ServiceGroup, ...]
    incidents: tuple[Report, ...]
    maintenance: tuple[Report, ...]
