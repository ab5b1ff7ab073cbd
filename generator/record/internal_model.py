"""What the responders know of an incident and the public must not: types of their own, which no public view can hold.

A field that is added here needs a place in a file, a line in the documents, and is searched for in every public byte.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from generator.record.model import Fact, Mark, Reference
from generator.terms import Effort, Progress


class Stage(StrEnum):
    """How far the responders are, in more steps than the public is told."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MITIGATING = "mitigating"
    MITIGATED = "mitigated"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"


class EventKind(StrEnum):
    """What an entry of the timeline tells of."""

    TRIGGER = "trigger"
    DETECTION = "detection"
    ACKNOWLEDGEMENT = "acknowledgement"
    DECLARATION = "declaration"
    INVESTIGATION = "investigation"
    ESCALATION = "escalation"
    DECISION = "decision"
    COMMUNICATION = "communication"
    MITIGATION = "mitigation"
    RECOVERY = "recovery"
    RESOLUTION = "resolution"
    NOTE = "note"


class Hit(StrEnum):
    """Whether a system suffers."""

    AFFECTED = "affected"
    UNAFFECTED = "unaffected"
    UNKNOWN = "unknown"


class Degradation(StrEnum):
    """How much of a service customers miss."""

    FULL = "full"
    PARTIAL = "partial"
    INTERMITTENT = "intermittent"
    SLOW = "slow"
    NONE = "none"


class Weight(StrEnum):
    """How heavy a loss is, where nobody has counted it yet."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Bound(StrEnum):
    """How exact a figure is."""

    EXACT = ""
    ABOUT = "~"
    AT_LEAST = "+"


class Figure(Fact, frozen=True):
    """A number as people know it in an outage: exactly, about, or at least; ``unit`` is empty for a plain count."""

    value: Decimal
    unit: str = ""
    bound: Bound = Bound.EXACT


class Pair(Fact, frozen=True):
    """A name and what belongs to it: a role and who has it, a person and what they do, a measurement and its value."""

    name: str
    value: str


class Prose(Fact, frozen=True):
    """Markdown, and the line it begins at."""

    text: str
    line: int


class Change(Fact, frozen=True):
    """A deployment or another change that may have to do with the incident."""

    id: str | None = None
    what: str | None = None
    service: str | None = None
    version: str | None = None
    at: datetime | None = None
    url: str | None = None


class Detection(Fact, frozen=True):
    """How it was noticed."""

    source: str
    at: datetime | None = None
    alert: str | None = None


class System(Fact, frozen=True):
    """A system that was looked at, and whether it suffers."""

    name: str
    state: Hit
    note: str | None = None


class Signals(Fact, frozen=True):
    """What the instruments showed at the worst moment."""

    error_rate: Figure | None = None
    latency_p99: Figure | None = None
    alerts: Figure | None = None
    customer_reports: Figure | None = None
    measures: tuple[Pair, ...] = ()


class Impact(Fact, frozen=True):
    """What it meant for customers; a flag of None has not been answered."""

    customer_facing: bool | None = None
    degradation: Degradation | None = None
    users: Figure | None = None
    users_share: Figure | None = None
    failed_transactions: Figure | None = None
    revenue: Figure | None = None
    revenue_impact: Weight | None = None
    data_loss: bool | None = None
    workaround: bool | None = None


class Risks(Fact, frozen=True):
    """What could become worse than an outage; a flag of None has not been answered."""

    data_integrity: bool | None = None
    security_breach: bool | None = None
    others: tuple[str, ...] = ()


class Context(Fact, frozen=True):
    """What else was going on."""

    deployments: tuple[Change, ...] = ()
    incidents: tuple[str, ...] = ()
    maintenance: tuple[str, ...] = ()


class Event(Fact, frozen=True):
    """An entry of the timeline."""

    at: datetime
    kind: EventKind
    actor: str | None
    text: str
    measures: tuple[Pair, ...]
    line: int
    text_line: int


class Communication(Fact, frozen=True):
    """What was told to whom, and where."""

    at: datetime
    channel: str
    audience: str | None
    author: str | None
    text: str
    line: int
    text_line: int


class Reaction(Fact, frozen=True):
    """A sign under a chat message, and who set it."""

    sign: str
    people: tuple[str, ...]


class ChatMessage(Fact, frozen=True):
    """A message of the chat; ``thread`` is the ``id`` of the message that it replies to."""

    at: datetime
    author: str
    bot: bool
    text: str
    mentions: tuple[str, ...]
    line: int
    text_line: int
    id: str | None = None
    thread: str | None = None
    reactions: tuple[Reaction, ...] = ()
    edited: datetime | None = None


class Action(Fact, frozen=True):
    """Something to do, during the incident or after it."""

    title: str
    status: Progress
    owner: str | None
    type: Effort | None
    priority: str | None
    due: date | None
    text: str
    line: int
    text_line: int


class InternalRecord(Fact, frozen=True, tag=True):
    """The war-room record of the public incident with the same id.

    ``timeline``, ``communications`` and ``chat`` are in order of time; entries of one moment keep their order.
    """

    id: str
    path: str
    number: str | None = None
    title: str | None = None
    severity: str | None = None
    status: Stage | None = None
    started: datetime | None = None
    declared: datetime | None = None
    acknowledged: datetime | None = None
    mitigated: datetime | None = None
    resolved: datetime | None = None
    postmortem_at: datetime | None = None
    duration: int | None = None
    commander: str | None = None
    responders: tuple[str, ...] = ()
    roles: tuple[Pair, ...] = ()
    participants: tuple[Pair, ...] = ()
    oncall: tuple[Pair, ...] = ()
    channel: str | None = None
    bridge: str | None = None
    detection: Detection | None = None
    changes: tuple[Change, ...] = ()
    service: str | None = None
    services: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    systems: tuple[System, ...] = ()
    signals: Signals | None = None
    impact: Impact | None = None
    risks: Risks | None = None
    context: Context | None = None
    links: tuple[Reference, ...] = ()
    summary: Prose | None = None
    root_cause: Prose | None = None
    factors: tuple[Prose, ...] = ()
    mitigation: tuple[Prose, ...] = ()
    permanent_fix: Prose | None = None
    workaround: Prose | None = None
    timeline: tuple[Event, ...] = ()
    communications: tuple[Communication, ...] = ()
    chat: tuple[ChatMessage, ...] = ()
    actions: tuple[Action, ...] = ()
    notes: Prose | None = None
    marks: dict[str, Mark] = msgspec.field(default_factory=dict)
