"""What the public may see, in one language: complete, immutable values from which every page and feed is made.

Texts are Markdown source, not HTML. No view holds the clock: only facts derived from it, so that a page's
identity changes when what it shows changes and at no other time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain

from generator.terms import Dialect, Impact, Kind, Level, Overall
from generator.view.basics import ComponentRef, Label, Later, Link, SeverityRef, Text, View
from generator.view.library import Library, PostmortemView
from generator.view.program_views import (
    ApiView,
    CalendarView,
    FeedPart,
    FeedView,
    SearchRecord,
    StatuspageView,
    Volume,
)
from generator.view.record_views import (
    ComponentView,
    GroupView,
    IncidentCard,
    IncidentView,
    Record,
    RecordLot,
)


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


class SearchPage(View, frozen=True):
    """``/search/``: what results may be narrowed to; years are newest first."""

    kinds: tuple[Kind, ...]
    years: tuple[int, ...]
    components: tuple[ComponentRef, ...]
    severities: tuple[SeverityRef, ...]
    tags: tuple[str, ...]
    pages: bool


class SearchArchive(View, frozen=True):
    """All that can be searched, newest first: the records that may still change, and by name the volumes of others.

    Postmortems without a date are a volume without a name.
    """

    recent: tuple[SearchRecord, ...]
    volumes: Mapping[str, Later[Volume]]
    postmortems: Mapping[str, Later[tuple[PostmortemView, ...]]] = {}


class SearchView(View, frozen=True):
    """The page of the search, and all that can be searched, told when somebody asks."""

    page: SearchPage
    archive: Callable[[], SearchArchive]


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


class LanguageView(View, frozen=True):
    """The whole public site in one language.

    ``lots`` are all incidents and maintenance, newest first. ``months`` are by ``yyyy-mm``, newest first,
    ``tagged`` by tag, in alphabetical order, and year, and ``parts`` by their number, the oldest first.
    """

    info: SiteInfo
    home: HomePage
    lots: tuple[RecordLot, ...]
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

    def records(self) -> Iterator[Record]:
        """Yield all incidents and maintenance, newest first."""
        return chain.from_iterable(lot.records.make() for lot in self.lots)


class SiteView(View, frozen=True):
    """The public site in all its languages, the default one first."""

    url: str
    default: str
    languages: tuple[LanguageView, ...]
