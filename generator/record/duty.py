"""Who is on duty when: turns from rotations and overrides, exact to the second in every time zone.

Turns are half-open: the one who takes over has the moment of the handoff. A handoff whose time of day the clocks skip
or have twice is where the day's first clock has it. Of two overrides the later one wins while it lasts, of two that
begin together the shorter one: so one within another stands in for it, and the outer one goes on afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from generator.record.model import Fact
from generator.record.oncall import Holiday, Layer, Oncall, Override, Rotation

Span = tuple[datetime, datetime]
"""From a moment on, until before another one."""


class Turn(Fact, frozen=True):
    """Someone's unbroken time on one layer; ``override`` is why it is theirs, None in their own turn.

    ``slot`` is the number of the rotation's turn that it begins in, from 0, and may be below that in an override.
    """

    rotation: str
    layer: str
    person: str
    start: datetime
    end: datetime
    slot: int
    override: Override | None = None


class Watch(Fact, frozen=True):
    """One layer at one moment: who has it, and the next turn; either may be nobody's."""

    rotation: Rotation
    layer: Layer
    now: Turn | None
    next: Turn | None


def handoff(rotation: Rotation, number: int) -> datetime:
    """Return when turn ``number`` begins; turns count from 0."""
    return _moment(rotation, rotation.start + timedelta(days=rotation.days * number))


def _moment(rotation: Rotation, day: date) -> datetime:
    return datetime.combine(day, rotation.at, ZoneInfo(rotation.time_zone)).astimezone(UTC)


def slot_at(rotation: Rotation, at: datetime) -> int:
    """Return the number of the turn that a moment falls in, below 0 before the first."""
    day = at.astimezone(ZoneInfo(rotation.time_zone)).date()
    number = (day - rotation.start).days // rotation.days
    while handoff(rotation, number) > at:
        number -= 1
    while handoff(rotation, number + 1) <= at:
        number += 1
    return number


def turns(oncall: Oncall, rotation: Rotation, layer: Layer, start: datetime, end: datetime) -> tuple[Turn, ...]:
    """Return the turns of a layer that touch a time, oldest first and each in its full length."""
    overrides = [one for one in oncall.overrides if _takes(one, rotation, layer)]
    touched = [one for one in overrides if one.start < end and start < one.end]
    # What an override covers is one turn, however many handoffs it covers.
    first = slot_at(rotation, min([start, *(one.start for one in touched)]))
    last = slot_at(rotation, max([end, *(one.end for one in touched)]))
    limit = _moment(rotation, rotation.end) if rotation.end else None
    handoffs = [handoff(rotation, number) for number in range(first, last + 2)]
    inner = {moment for one in overrides for moment in (one.start, one.end)} | ({limit} if limit else set())
    marks = {*handoffs, *(moment for moment in inner if handoffs[0] < moment < handoffs[-1])}
    pieces = (_piece(rotation, layer, overrides, limit, span) for span in pairwise(sorted(marks)))
    whole = _joined(piece for piece in pieces if piece is not None)
    return tuple(turn for turn in whole if turn.start < end and start < turn.end)


def _takes(override: Override, rotation: Rotation, layer: Layer) -> bool:
    return override.rotation == rotation.id and (override.layer or rotation.layers[0].id) == layer.id


def _piece(
    rotation: Rotation, layer: Layer, overrides: Iterable[Override], limit: datetime | None, span: Span
) -> Turn | None:
    """Return whose a time is within which nothing begins or ends; None where it is nobody's."""
    start, end = span
    slot = slot_at(rotation, start)
    over = max(
        (one for one in overrides if one.start <= start < one.end),
        key=lambda one: (one.start, -one.end.timestamp()), default=None,
    )  # fmt: skip
    if over is not None:
        return Turn(rotation.id, layer.id, over.who, start, end, slot, over)
    if slot < 0 or (limit is not None and start >= limit):
        return None
    return Turn(rotation.id, layer.id, layer.people[slot % len(layer.people)], start, end, slot)


def _joined(pieces: Iterable[Turn]) -> Iterator[Turn]:
    """Yield turns whose pieces touch and are of the same slot, or of the same override, as one."""
    last: Turn | None = None
    for piece in pieces:
        if last is not None and last.end == piece.start and _same(last, piece):
            last = Turn(
                last.rotation, last.layer, last.person, last.start, piece.end, last.slot, last.override
            )  # fmt: skip
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _same(one: Turn, other: Turn) -> bool:
    if one.override is None and other.override is None:
        return one.slot == other.slot
    return one.override is other.override


def watches(oncall: Oncall, at: datetime) -> tuple[Watch, ...]:
    """Return every layer of every rotation at a moment."""
    return tuple(_watch(oncall, one, layer, at) for one in oncall.rotations for layer in one.layers)


def _watch(oncall: Oncall, rotation: Rotation, layer: Layer, at: datetime) -> Watch:
    moments = [at, handoff(rotation, 0), *(one.end for one in oncall.overrides if _takes(one, rotation, layer))]
    ahead = turns(oncall, rotation, layer, at, max(moments) + timedelta(days=2 * rotation.days + 2))
    now = next((turn for turn in ahead if turn.start <= at), None)
    return Watch(rotation, layer, now, next((turn for turn in ahead if turn.start > at), None))


def gaps(found: Iterable[Turn], start: datetime, end: datetime) -> Iterator[Span]:
    """Yield the times between two moments that turns, oldest first, leave to nobody."""
    reached = start
    for turn in found:
        if turn.start > reached:
            yield reached, min(turn.start, end)
        reached = max(reached, turn.end)
    if reached < end:
        yield reached, end


def away(holiday: Holiday, zone: str) -> Span:
    """Return the time that a holiday takes in a time zone, from midnight to midnight."""
    days = (holiday.first, holiday.last + timedelta(days=1))
    start, end = (datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for day in days)
    return start, end
