"""What the public may see, in one language: complete, immutable values from which every page and feed is made.

Texts are Markdown source, not HTML. No view holds the clock: only facts derived from it, so that a page's
identity changes when what it shows changes and at no other time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from generator.terms import Dialect, Impact, Kind, Level, Overall, Phase
from generator.view.basics import ComponentRef, Label, Later, Link, Neighbour, SeverityRef, SimilarRef, Text, View
from generator.view.library import Alike, Library, PostmortemRef

# What all views are made of has a module of its own, so that the library's can be made of it too.
__all__ = ["ComponentRef", "Label", "Later", "Link", "Neighbour", "SeverityRef", "SimilarRef", "Text", "View"]


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


class GroupView(View, frozen=True):
    """Components that belong together, in display order, and the worst of their states."""

    id: str
    name: Label
    level: Level
    components: tuple[ComponentView, ...]
    description: Label | None = None


class PastDays(View, frozen=True):
    """A day of the home page's recent history, or several in a row on which nothing happened: a statement too."""

    first: date
    last: date
    incidents: tuple[IncidentView, ...] = ()


class MenuItem(View, frozen=True):
    """A free page in the site's menu."""

    slug: str
    title: Label


class SiteInfo(View, frozen=True):
    """What every page of one language shows: names, languages, menu.

    ``library`` is whether there are postmortems, ``search`` whether the site has a search; ``markdown`` is how its
    texts are read.
    """

    name: Label
    description: Label | None
    url: str
    lang: str
    languages: tuple[str, ...]
    time_zone: str
    authority: str
    menu: tuple[MenuItem, ...] = ()
    links: tuple[Link, ...] = ()
    repository: str | None = None
    hub: str | None = None
    library: bool = False
    search: bool = False
    markdown: Dialect = Dialect.MARKDOWN


class HomePage(View, frozen=True):
    """``/``: is it down, what is affected, what comes next.

    ``today`` is the day that it speaks of, ``changed`` when the newest of what the site tells came to be, None where
    nothing was told yet. ``recent`` are the last ``days`` days, newest first.
    """

    overall: Overall
    open: tuple[IncidentView, ...]
    maintenance_now: tuple[IncidentView, ...]
    maintenance_next: tuple[IncidentCard, ...]
    groups: tuple[GroupView, ...]
    recent: tuple[PastDays, ...]
    days: int
    today: date
    changed: datetime | None = None


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


class MonthRef(View, frozen=True):
    """A month of the archive and how many incidents began in it."""

    month: str
    incidents: int


class ArchiveDay(View, frozen=True):
    """A day of the archive in the site's time zone: how many incidents were going on, and the worst state on it.

    ``level`` is None on a day that is still to come. An incident that affects no component counts by its impact.
    """

    day: date
    level: Level | None
    incidents: int = 0


class ArchiveMonth(View, frozen=True):
    """A month of the archive, ``yyyy-mm``, and all of its days."""

    month: str
    days: tuple[ArchiveDay, ...]


class HistoryPage(View, frozen=True):
    """``/history/``: all months that have incidents, newest first, and the newest month's incidents.

    ``parts`` are the parts of the feed's archive that no month announces. ``calendar`` are the last twelve months,
    oldest first, without those before the first incident.
    """

    months: tuple[MonthRef, ...]
    latest: tuple[IncidentCard, ...]
    parts: tuple[int, ...] = ()
    calendar: tuple[ArchiveMonth, ...] = ()


class MonthPage(View, frozen=True):
    """``/history/<yyyy>/<mm>/``: the incidents that began in a month, newest first; ``month`` is ``yyyy-mm``.

    ``minutes`` are the minutes in which at least one component was affected, ``parts`` the parts of the feed's
    archive that begin in this month, ``calendar`` its days.
    """

    month: str
    incidents: tuple[IncidentCard, ...]
    minutes: int
    older: str | None = None
    newer: str | None = None
    parts: tuple[int, ...] = ()
    calendar: ArchiveMonth | None = None


class ComponentPage(View, frozen=True):
    """``/components/<id>/``: one component, its figures, its latest records, and how many there are in all."""

    component: ComponentView
    group: Label
    incidents: tuple[IncidentCard, ...]
    total: int


class MaintenancePage(View, frozen=True):
    """``/maintenance/``: work going on, to come, and past."""

    now: tuple[IncidentCard, ...]
    upcoming: tuple[IncidentCard, ...]
    past: tuple[IncidentCard, ...]


class SeverityView(View, frozen=True):
    """A row of the severity matrix; times are whole minutes."""

    id: str
    aliases: tuple[str, ...]
    name: Label
    meaning: Label
    respond: int | None
    update: int | None
    postmortem: bool
    state: Level
    impact: Impact


class SeverityPage(View, frozen=True):
    """``/severity/``: the matrix, worst first."""

    severities: tuple[SeverityView, ...]


class UptimePage(View, frozen=True):
    """``/uptime/``: the figures of every component that is in service."""

    groups: tuple[GroupView, ...]
    windows: tuple[int, ...]


class SubscribePage(View, frozen=True):
    """``/subscribe/``: which address to give to which program."""

    components: tuple[ComponentRef, ...]


class EmbedPage(View, frozen=True):
    """``/embed/``: the one statement, for a frame in another site's page."""

    overall: Overall


class TagRef(View, frozen=True):
    """A tag and how many incidents carry it."""

    tag: str
    incidents: int


class TagYear(View, frozen=True):
    """A year in which incidents began that carry a tag, and how many."""

    year: int
    incidents: int


class TagPage(View, frozen=True):
    """``/tags/<tag>/`` and ``/tags/<tag>/<yyyy>/``: incidents that carry a tag, newest first.

    Of many the tag's page shows the newest; those of each of the ``years`` have a page of their own, ``year``.
    ``total`` counts all incidents that the page is about.
    """

    tag: str
    incidents: tuple[IncidentCard, ...]
    total: int
    year: int | None = None
    years: tuple[TagYear, ...] = ()


class TagsPage(View, frozen=True):
    """``/tags/``: all tags, in alphabetical order."""

    tags: tuple[TagRef, ...]


class SearchRecord(View, frozen=True):
    """What the search knows of a record: its card, the year it began in, and its updates' words, oldest first."""

    card: IncidentCard
    year: int
    texts: tuple[Text, ...]


class Volume(View, frozen=True):
    """A part of the search index: records that nobody writes to any more, newest first."""

    records: tuple[SearchRecord, ...]


class SearchPage(View, frozen=True):
    """``/search/``: what results may be narrowed to; years are newest first."""

    kinds: tuple[Kind, ...]
    years: tuple[int, ...]
    components: tuple[ComponentRef, ...]
    severities: tuple[SeverityRef, ...]
    tags: tuple[str, ...]
    pages: bool


class SearchView(View, frozen=True):
    """All that can be searched, newest first: the records that may still change, and by name the volumes of others."""

    page: SearchPage
    recent: tuple[SearchRecord, ...]
    volumes: Mapping[str, Later[Volume]]


class FreePage(View, frozen=True):
    """``/<slug>/``: a page of the team's own words."""

    slug: str
    title: Label
    body: Text
    description: Label | None = None
    edit_url: str | None = None


class NotFoundPage(View, frozen=True):
    """``/404.html``: what to do when nothing is at an address."""


class Redirect(View, frozen=True):
    """A page that leads from a former id to the present one; ``kind`` is None for a postmortem."""

    kind: Kind | None
    alias: str
    id: str
    title: Label


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

    entries: tuple[EntryView, ...]
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


class LanguageView(View, frozen=True):
    """The whole public site in one language.

    ``records`` are incidents and then maintenance, each newest first. ``months`` are by ``yyyy-mm``, newest first,
    ``tagged`` by tag, in alphabetical order, and year, and ``parts`` by their number, the oldest first.
    """

    info: SiteInfo
    home: HomePage
    records: tuple[Record, ...]
    history: HistoryPage
    months: Mapping[str, Later[MonthPage]]
    components: tuple[ComponentPage, ...]
    maintenance: MaintenancePage
    severity: SeverityPage
    uptime: UptimePage
    subscribe: SubscribePage
    tags: TagsPage
    tagged: Mapping[tuple[str, int | None], Later[TagPage]]
    pages: tuple[FreePage, ...]
    redirects: tuple[Redirect, ...]
    feeds: tuple[FeedView, ...]
    parts: Mapping[int, Later[FeedPart]]
    api: ApiView
    calendars: tuple[CalendarView, ...]
    statuspage: StatuspageView
    chronicle: tuple[IncidentView, ...]
    library: Library | None = None
    search: SearchView | None = None


class SiteView(View, frozen=True):
    """The public site in all its languages, the default one first."""

    url: str
    default: str
    languages: tuple[LanguageView, ...]
