"""How fast the response to an incident was, and how that changes over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from operator import attrgetter
from statistics import median_low
from types import MappingProxyType

from generator.record.internal_model import EventKind, InternalRecord
from generator.record.model import Severity
from generator.view.basics import SeverityRef
from generator.view.record_views import IncidentView
from generator.view.war_room_views import Cause, Point, Response, Trend

STEPS = ("detect", "respond", "tell", "mitigate", "resolve")
"""What is measured, in the order in which it should happen."""

OUTSIDE = frozenset({"external", "public", "customers", "everyone"})
"""Audiences of communications that are the public."""

_TARGETS: Mapping[str, Callable[[Severity], int | None]] = MappingProxyType({
    "detect": attrgetter("detect"), "respond": attrgetter("respond"), "tell": attrgetter("respond"),
    "mitigate": attrgetter("mitigate"), "resolve": attrgetter("resolve"),
})  # fmt: skip
"""What a severity asks of each step: to respond is to work on it, and to let readers hear of it."""


def responses(record: InternalRecord | None, shown: IncidentView, severity: Severity | None) -> tuple[Response, ...]:
    """Return each step of the response, from what the record says, else from what the public was told."""
    start = started(record, shown)
    found = dict(_moments(record, shown))
    return tuple(
        _response(step, start, found.get(step), _TARGETS[step](severity) if severity else None) for step in STEPS
    )


def started(record: InternalRecord | None, shown: IncidentView) -> datetime:
    """Return when an incident began."""
    return record.started if record and record.started else shown.card.started


def _response(step: str, start: datetime, at: datetime | None, limit: int | None) -> Response:
    # Readers are told whole minutes, and a second over the target is over it.
    minutes = None if at is None else max(-int((start - at).total_seconds() // 60), 0)
    return Response(step, at, minutes, limit)


def _moments(record: InternalRecord | None, shown: IncidentView) -> Iterator[tuple[str, datetime | None]]:
    told = [update.at for update in shown.updates] if not shown.card.backfilled else []
    resolved = shown.card.ended
    if record is not None:
        detected = record.detection.at if record.detection else None
        yield "detect", detected or _first(record, EventKind.DETECTION)
        yield "respond", record.acknowledged or _first(record, EventKind.ACKNOWLEDGEMENT) or record.declared
        yield "mitigate", record.mitigated or _last(record, EventKind.RECOVERY)
        told += [one.at for one in record.communications if (one.audience or "").casefold() in OUTSIDE]
        resolved = record.resolved or resolved
    yield "tell", min(told, default=None)
    yield "resolve", resolved


def _first(record: InternalRecord, kind: EventKind) -> datetime | None:
    return min((one.at for one in record.timeline if one.kind is kind), default=None)


def _last(record: InternalRecord, kind: EventKind) -> datetime | None:
    return max((one.at for one in record.timeline if one.kind is kind), default=None)


Measured = tuple[IncidentView, tuple[Response, ...]]


def quarter(at: datetime, zone: tzinfo) -> str:
    """Return the quarter of a moment, by the clock of a zone: ``2026-1``."""
    local = at.astimezone(zone)
    return f"{local.year}-{(local.month + 2) // 3}"


def trends(log: Iterable[Measured], severities: Iterable[Severity], zone: tzinfo) -> Iterator[Trend]:
    """Yield the medians of each step and severity by quarter, those that have any, the worst severity first."""
    known = {one.id: one for one in severities}
    refs: dict[str, SeverityRef | None] = {}
    found: dict[tuple[str, str], dict[str, list[int]]] = {}
    for shown, steps in log:
        ref = shown.card.severity
        id = ref.id if ref else ""
        refs[id] = ref
        for one in steps:
            if one.minutes is not None:
                when = quarter(shown.card.started, zone)
                found.setdefault((one.step, id), {}).setdefault(when, []).append(one.minutes)
    for step in STEPS:
        for id in (*known, ""):
            if (step, id) in found:
                limit = _TARGETS[step](known[id]) if id in known else None
                yield Trend(step, refs[id], tuple(_points(found[step, id])), limit)


def _points(found: Mapping[str, list[int]]) -> Iterator[Point]:
    for when in sorted(found):
        yield Point(when, median_low(found[when]), len(found[when]))


def causes(log: Iterable[Measured]) -> tuple[Cause, ...]:
    """Return the tags that several incidents share, the most frequent first."""
    found: dict[str, list[Measured]] = {}
    for one in log:
        for tag in one[0].card.tags:
            found.setdefault(tag, []).append(one)
    shared = (_cause(tag, ones) for tag, ones in found.items() if len(ones) > 1)
    return tuple(sorted(shared, key=lambda cause: (-cause.incidents, -cause.minutes, cause.tag)))


def _cause(tag: str, ones: list[Measured]) -> Cause:
    minutes = sum(step.minutes or 0 for _, steps in ones for step in steps if step.step == "resolve")
    return Cause(tag, len(ones), minutes, max(shown.card.started for shown, _ in ones))
