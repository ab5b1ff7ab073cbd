"""What responders see of an incident: complete, immutable values of the internal site, which no public page may hold.

Names of kinds, states and stages are those that the files use; figures are as people wrote them.
"""

from __future__ import annotations

from datetime import date, datetime

from generator.terms import Impact
from generator.view.basics import Label, Link, SeverityRef, Text, View
from generator.view.oncall_views import OncallPage
from generator.view.views import SiteInfo


class Named(View, frozen=True):
    """A name and what belongs to it."""

    name: str
    value: str


class ChangeView(View, frozen=True):
    """A deployment or another change that may have to do with the incident."""

    id: str | None = None
    what: str | None = None
    service: str | None = None
    version: str | None = None
    at: datetime | None = None
    url: str | None = None


class DetectionView(View, frozen=True):
    """How it was noticed."""

    source: str
    at: datetime | None = None
    alert: str | None = None


class SystemView(View, frozen=True):
    """A system that was looked at; ``state`` is ``affected``, ``unaffected`` or ``unknown``."""

    name: str
    state: str
    note: str | None = None


class SignalsView(View, frozen=True):
    """What the instruments showed at the worst moment."""

    error_rate: str | None = None
    latency_p99: str | None = None
    alerts: str | None = None
    customer_reports: str | None = None
    measures: tuple[Named, ...] = ()


class ImpactView(View, frozen=True):
    """What it meant for customers; a flag of None has not been answered."""

    customer_facing: bool | None = None
    degradation: str | None = None
    users: str | None = None
    users_share: str | None = None
    failed_transactions: str | None = None
    revenue: str | None = None
    revenue_impact: str | None = None
    data_loss: bool | None = None
    workaround: bool | None = None


class RisksView(View, frozen=True):
    """What could become worse than an outage."""

    data_integrity: bool | None = None
    security_breach: bool | None = None
    others: tuple[str, ...] = ()


class ContextView(View, frozen=True):
    """What else was going on."""

    deployments: tuple[ChangeView, ...] = ()
    incidents: tuple[str, ...] = ()
    maintenance: tuple[str, ...] = ()


class EventView(View, frozen=True):
    """An entry of the timeline."""

    kind: str
    actor: str | None
    text: Text
    measures: tuple[Named, ...] = ()


class ReactionView(View, frozen=True):
    """A sign under a message, and who set it."""

    sign: str
    people: tuple[str, ...]


class MessageView(View, frozen=True):
    """A message of the chat.

    ``number`` counts the messages of a chat from 1; ``thread`` is what the record names as the message replied to, and
    ``reply_to`` that message's number and author where it is in the chat.
    """

    number: int
    author: str
    bot: bool
    text: Text
    mentions: tuple[str, ...] = ()
    reactions: tuple[ReactionView, ...] = ()
    id: str | None = None
    thread: str | None = None
    reply_to: tuple[int, str] | None = None
    edited: datetime | None = None


class Moment(View, frozen=True):
    """What happened and what was said in one minute; ``new_day`` is set on the first of each day."""

    at: datetime
    events: tuple[EventView, ...]
    messages: tuple[MessageView, ...]
    new_day: bool = False


class CommunicationView(View, frozen=True):
    """What was told to whom, and where; ``public`` is whether it went outside."""

    at: datetime
    channel: str
    audience: str | None
    author: str | None
    text: Text
    public: bool = False


class TaskView(View, frozen=True):
    """Something to do; ``overdue`` is by how many days it is late, 0 where it is not."""

    title: str
    status: str
    owner: str | None
    type: str | None
    priority: str | None
    due: date | None
    text: Text
    overdue: int = 0


class Response(View, frozen=True):
    """How long a step of the response took, in whole minutes from the start; None while it is not recorded.

    ``step`` is ``detect``, ``respond``, ``tell``, ``mitigate`` or ``resolve``; ``limit`` is the severity's target.
    """

    step: str
    at: datetime | None
    minutes: int | None
    limit: int | None = None

    @property
    def met(self) -> bool | None:
        """Return whether the target was met; None where there is no target, or nothing to hold it against."""
        return None if self.limit is None or self.minutes is None else self.minutes <= self.limit

    @property
    def off(self) -> int:
        """Return by how many minutes the target was met or missed."""
        return abs((self.limit or 0) - (self.minutes or 0))


class RoomRef(View, frozen=True):
    """A war room as lists name it."""

    id: str
    title: Label
    number: str | None = None


class RoomCard(View, frozen=True):
    """A war room in the list of them all; ``open_tasks`` counts the actions that are not done."""

    room: RoomRef
    impact: Impact
    started: datetime
    ended: datetime | None
    severity: SeverityRef | None
    status: str | None
    commander: str | None
    open_tasks: int
    responses: tuple[Response, ...]


class WarRoom(View, frozen=True):
    """``/war-room/<id>/``: all that the internal record holds of an incident, beside what the public was told.

    ``minutes`` is how long it lasted, None while it lasts. ``path`` is the file of the record.
    """

    card: RoomCard
    path: str
    minutes: int | None
    declared: datetime | None
    acknowledged: datetime | None
    mitigated: datetime | None
    resolved: datetime | None
    postmortem_at: datetime | None
    public_title: Label
    severity: str | None
    responders: tuple[str, ...]
    roles: tuple[Named, ...]
    participants: tuple[Named, ...]
    oncall: tuple[Named, ...]
    channel: str | None
    bridge: str | None
    detection: DetectionView | None
    changes: tuple[ChangeView, ...]
    service: str | None
    services: tuple[str, ...]
    dependents: tuple[str, ...]
    endpoints: tuple[str, ...]
    regions: tuple[str, ...]
    systems: tuple[SystemView, ...]
    signals: SignalsView | None
    impact: ImpactView | None
    risks: RisksView | None
    context: ContextView | None
    links: tuple[Link, ...]
    summary: Text | None
    root_cause: Text | None
    factors: tuple[Text, ...]
    mitigation: tuple[Text, ...]
    permanent_fix: Text | None
    workaround: Text | None
    notes: Text | None
    moments: tuple[Moment, ...]
    kinds: tuple[str, ...]
    messages: int
    communications: tuple[CommunicationView, ...]
    tasks: tuple[TaskView, ...]


class RoomsPage(View, frozen=True):
    """``/war-room/``: every incident that has a record, newest first."""

    rooms: tuple[RoomCard, ...]


class OwedTask(View, frozen=True):
    """An action and the war room that it comes from."""

    task: TaskView
    room: RoomRef


class TasksPage(View, frozen=True):
    """``/actions/``: what is still to do, overdue first, and how much is done; ``day`` is the day it holds for."""

    day: date
    tasks: tuple[OwedTask, ...]
    done: int

    @property
    def overdue(self) -> int:
        """Return how many are late."""
        return sum(one.task.overdue > 0 for one in self.tasks)


class Point(View, frozen=True):
    """A quarter of a trend, ``2026-1``: the median in minutes and how many incidents it is of."""

    quarter: str
    minutes: int
    incidents: int


class Trend(View, frozen=True):
    """One step of the response to incidents of one severity, oldest quarter first; a quarter without any is left out.

    ``severity`` is None for incidents without one.
    """

    step: str
    severity: SeverityRef | None
    points: tuple[Point, ...]
    limit: int | None = None


class Cause(View, frozen=True):
    """A tag that incidents share: how many, their minutes together, and when the last of them began."""

    tag: str
    incidents: int
    minutes: int
    latest: datetime


class InsightsPage(View, frozen=True):
    """``/insights/``: how fast the response was, quarter by quarter, and what comes back."""

    quarters: tuple[str, ...]
    trends: tuple[Trend, ...]
    causes: tuple[Cause, ...]


class InnerSite(View, frozen=True):
    """Everything that the internal site has beyond the public one, in the site's default language."""

    info: SiteInfo
    list: RoomsPage
    rooms: tuple[WarRoom, ...]
    tasks: TasksPage
    insights: InsightsPage
    oncall: OncallPage | None = None
