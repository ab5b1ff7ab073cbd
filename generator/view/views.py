"""What the public may see, in one language: complete, immutable values from which every page and feed is made.

Texts are Markdown source, not HTML. No view holds the clock: only facts derived from it, so that a page's
identity changes when what it shows changes and at no other time.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from generator.terms import Impact, Kind, Level, Overall, Phase


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all views: an immutable value whose encoding is its identity."""


class Label(View, frozen=True):
    """A plain text and the language it is written in, which is the default one where a translation is missing."""

    text: str
    lang: str


class Text(View, frozen=True):
    """A Markdown source and the language it is written in."""

    source: str
    lang: str


class Link(View, frozen=True):
    """A named address outside the site."""

    label: Label
    url: str


class ComponentRef(View, frozen=True):
    """A component as other records name it."""

    id: str
    name: Label


class Change(View, frozen=True):
    """One component's move from a state to another, made by an update."""

    component: ComponentRef
    before: Level
    after: Level


class UpdateView(View, frozen=True):
    """One published update; ``number`` counts from 1 in the order of publication and never changes."""

    number: int
    phase: Phase
    at: datetime
    body: Text
    changes: tuple[Change, ...] = ()
    next: datetime | None = None
    amended: datetime | None = None


class SeverityRef(View, frozen=True):
    """A severity as an incident shows it."""

    id: str
    name: Label
    impact: Impact


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
    """All that the public may know of one incident or maintenance; ``updates`` are newest first."""

    card: IncidentCard
    affected: tuple[Affected, ...]
    updates: tuple[UpdateView, ...]
    links: tuple[Link, ...] = ()
    source_url: str | None = None


class Neighbour(View, frozen=True):
    """The record before or after another one, as a link shows it."""

    kind: Kind
    id: str
    title: Label


class Day(View, frozen=True):
    """One day of a component in the site's time zone: the worst state, whole minutes affected, what happened."""

    day: date
    level: Level
    minutes: int = 0
    incidents: tuple[Neighbour, ...] = ()


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


class PastDay(View, frozen=True):
    """A day of the home page's recent history; no incidents is a statement too."""

    day: date
    incidents: tuple[IncidentView, ...]


class MenuItem(View, frozen=True):
    """A free page in the site's menu."""

    slug: str
    title: Label


class SiteInfo(View, frozen=True):
    """What every page of one language shows: names, languages, menu."""

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


class HomePage(View, frozen=True):
    """``/``: is it down, what is affected, what comes next."""

    overall: Overall
    open: tuple[IncidentView, ...]
    maintenance_now: tuple[IncidentView, ...]
    maintenance_next: tuple[IncidentCard, ...]
    groups: tuple[GroupView, ...]
    recent: tuple[PastDay, ...]


class IncidentPage(View, frozen=True):
    """``/incidents/<id>/`` or ``/maintenance/<id>/``, with the records before and after it of its kind."""

    incident: IncidentView
    older: Neighbour | None = None
    newer: Neighbour | None = None


class MonthRef(View, frozen=True):
    """A month of the archive and how many incidents began in it."""

    month: str
    incidents: int


class HistoryPage(View, frozen=True):
    """``/history/``: all months that have incidents, newest first, and the newest month's incidents."""

    months: tuple[MonthRef, ...]
    latest: tuple[IncidentCard, ...]


class MonthPage(View, frozen=True):
    """``/history/<yyyy>/<mm>/``: the incidents that began in a month, newest first; ``month`` is ``yyyy-mm``.

    ``minutes`` are the minutes in which at least one component was affected.
    """

    month: str
    incidents: tuple[IncidentCard, ...]
    minutes: int
    older: str | None = None
    newer: str | None = None


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


class TagRef(View, frozen=True):
    """A tag and how many incidents carry it."""

    tag: str
    incidents: int


class TagPage(View, frozen=True):
    """``/tags/<tag>/``: the incidents that carry a tag, newest first."""

    tag: str
    incidents: tuple[IncidentCard, ...]


class TagsPage(View, frozen=True):
    """``/tags/``: all tags, in alphabetical order."""

    tags: tuple[TagRef, ...]


class FreePage(View, frozen=True):
    """``/<slug>/``: a page of the team's own words."""

    slug: str
    title: Label
    body: Text
    description: Label | None = None


class NotFoundPage(View, frozen=True):
    """``/404.html``: what to do when nothing is at an address."""


class Redirect(View, frozen=True):
    """A page that leads from a former id to the present one."""

    kind: Kind
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


class FeedView(View, frozen=True):
    """A feed of updates, newest first, of the whole site or of one component."""

    entries: tuple[EntryView, ...]
    component: ComponentRef | None = None


class ApiDocument(View, frozen=True):
    """Incidents for programs, newest first.

    ``month`` is None for the document of the last 30 days; ``next`` is the month to read on with, ``yyyy-mm``.
    """

    month: str | None
    incidents: tuple[IncidentView, ...]
    next: str | None


class PageEntry(View, frozen=True):
    """A page as the sitemap lists it: its key without the language, and when what it shows last changed."""

    page: str
    modified: datetime | None = None


class LanguageView(View, frozen=True):
    """The whole public site in one language."""

    info: SiteInfo
    home: HomePage
    incidents: tuple[IncidentPage, ...]
    history: HistoryPage
    months: tuple[MonthPage, ...]
    components: tuple[ComponentPage, ...]
    maintenance: MaintenancePage
    severity: SeverityPage
    uptime: UptimePage
    subscribe: SubscribePage
    tags: TagsPage
    tagged: tuple[TagPage, ...]
    pages: tuple[FreePage, ...]
    redirects: tuple[Redirect, ...]
    feeds: tuple[FeedView, ...]
    api: tuple[ApiDocument, ...]


class SiteView(View, frozen=True):
    """The public site in all its languages, the default one first."""

    url: str
    default: str
    languages: tuple[LanguageView, ...]
