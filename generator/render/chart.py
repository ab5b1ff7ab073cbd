"""The states of a record's components over time, laid out as a drawing: numbers for a template, and no markup.

Everything lies on one axis of a thousand units. The clock has no part in it: what lasts is drawn up to the last that
is known of the record, and fades from there on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from generator.terms import Level, Phase
from generator.view.record_views import Affected, IncidentView, Spell

WIDTH = 1000
FADE = 80
"""How much of the axis is left for what lasts."""

_LEAST = timedelta(minutes=5)
_TICKS = 5
_MINUTES = (1, 5, 15, 30, 60, 120, 180, 360, 720)
_DAYS = (1, 2, 7, 14, 30, 60, 90, 180, 365)


class Bar(NamedTuple):
    """A state on the axis; ``fades`` is where it goes on into what is not known, None where it ended."""

    x: int
    width: int
    level: Level
    fades: int | None


class Row(NamedTuple):
    """A component and its bars, in order of time."""

    affected: Affected
    bars: tuple[Bar, ...]


class Tick(NamedTuple):
    """A moment on the axis that is worth a name: a time of day, or a day where ``whole`` is set."""

    x: int
    at: datetime
    whole: bool


class Mark(NamedTuple):
    """An update on the axis."""

    x: int
    number: int
    phase: Phase


class Chart(NamedTuple):
    """The whole drawing, and the first and the last moment that it shows."""

    start: datetime
    end: datetime
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


class _Axis(NamedTuple):
    start: datetime
    end: datetime
    width: int

    def place(self, at: datetime) -> int:
        """Return where a moment lies."""
        return round((at - self.start) / (self.end - self.start) * self.width)

    def holds(self, at: datetime) -> bool:
        return self.start <= at <= self.end


def chart(incident: IncidentView, zone: ZoneInfo) -> Chart | None:
    """Return the drawing of a record, times being told in ``zone``; None where no component was affected."""
    rows = tuple(item for item in incident.affected if item.spells)
    if not rows:
        return None
    axis = _axis(incident, tuple(chain.from_iterable(item.spells for item in rows)))
    marks = (
        Mark(axis.place(one.at), one.number, one.phase) for one in reversed(incident.updates) if axis.holds(one.at)
    )
    return Chart(
        axis.start,
        axis.end,
        tuple(Row(item, tuple(_bar(spell, axis) for spell in item.spells)) for item in rows),
        tuple(_ticks(axis, zone)),
        tuple(marks),
    )


def _axis(incident: IncidentView, spells: tuple[Spell, ...]) -> _Axis:
    start = min(spell.start for spell in spells)
    moments = (incident.card.ended, *(moment for spell in spells for moment in (spell.start, spell.end)))
    known = [moment for moment in moments if moment]
    lasts = any(spell.end is None for spell in spells)
    end = max(*known, *(update.at for update in incident.updates)) if lasts else max(known)
    return _Axis(start, max(end, start + _LEAST), WIDTH - FADE if lasts else WIDTH)


def _bar(spell: Spell, axis: _Axis) -> Bar:
    x, end = axis.place(spell.start), axis.place(spell.end or axis.end)
    # A moment's outage is seen too.
    return Bar(x, max(end - x, 4), spell.level, None if spell.end else axis.width)


def _ticks(axis: _Axis, zone: ZoneInfo) -> Iterator[Tick]:
    span = axis.end - axis.start
    minutes = next((step for step in _MINUTES if span <= _TICKS * timedelta(minutes=step)), None)
    if minutes is None:
        days = next((step for step in _DAYS if span <= _TICKS * timedelta(days=step)), _DAYS[-1])
        moments = _midnights(axis, zone, days)
    else:
        moments = _times(axis, zone, minutes)
    for at in sorted(set(moments)):
        if axis.holds(at):
            yield Tick(axis.place(at), at, minutes is None)


def _times(axis: _Axis, zone: ZoneInfo, minutes: int) -> Iterator[datetime]:
    """Yield the times of day, by the clock on the wall, that are multiples of a step."""
    first, last = (at.astimezone(zone).replace(tzinfo=None) for at in (axis.start, axis.end))
    step = timedelta(minutes=minutes)
    wall = datetime.combine(first, time()) + (first - datetime.combine(first, time())) // step * step
    # Where the clock was put back, the last of them may be earlier on the wall than the first.
    while wall <= max(last, first + (axis.end - axis.start)):
        yield wall.replace(tzinfo=zone).astimezone(UTC)
        wall += step


def _midnights(axis: _Axis, zone: ZoneInfo, days: int) -> Iterator[datetime]:
    for day in _dates(axis, zone, days):
        yield datetime.combine(day, time(), zone).astimezone(UTC)


def _dates(axis: _Axis, zone: ZoneInfo, step: int) -> Iterator[date]:
    first, last = (at.astimezone(zone).date().toordinal() for at in (axis.start, axis.end))
    return (date.fromordinal(n) for n in range(first, last + 1, step))
