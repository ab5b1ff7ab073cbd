"""Component states over time: the one place that knows what "down" means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from generator.terms import WORKING, Level, Overall, Phase
from generator.view.record_views import Spell

States = Mapping[str, Level]

CRITICAL_SHARE = 0.5
"""The share of components in major outage from which the whole site counts as down."""

_LEVEL_OVERALL = {
    Level.OPERATIONAL: Overall.NONE,
    Level.UNDER_MAINTENANCE: Overall.MAINTENANCE,
    Level.DEGRADED_PERFORMANCE: Overall.MINOR,
    Level.PARTIAL_OUTAGE: Overall.MAJOR,
    Level.MAJOR_OUTAGE: Overall.MAJOR,
}
_OVERALL_RANKS = {overall: rank for rank, overall in enumerate(Overall)}


class Step(NamedTuple):
    """What an update makes of components: a phase from a moment on, and the states that it names.

    ``update`` is the update's number, or None for a step that the clock implies.
    """

    at: datetime
    phase: Phase
    states: States
    update: int | None


class Course(NamedTuple):
    """A record's effect on components: spells by component, changes by update number, and the states now."""

    spells: dict[str, tuple[Spell, ...]]
    changes: dict[int, dict[str, tuple[Level, Level]]]
    now: dict[str, Level]


class Bucket(NamedTuple):
    """One day of a component: its worst state and the whole minutes affected."""

    day: date
    level: Level
    minutes: int


def worst(levels: Iterable[Level]) -> Level:
    """Return the most severe of ``levels``, or OPERATIONAL when there are none."""
    return max(levels, key=lambda level: level.rank, default=Level.OPERATIONAL)


def course(begins: datetime, initial: States, steps: Sequence[Step]) -> Course:
    """Return what happens to components from ``begins``, when they are in ``initial``, through ``steps`` in order.

    A step that ends the record returns every component to operational. A step after an end reopens the record: it
    brings back the states from before the end, unless it names states itself.
    """
    current: dict[str, Level] = dict(initial)
    points: list[tuple[datetime, States]] = [(begins, current)]
    changes: dict[int, dict[str, tuple[Level, Level]]] = {}
    before_end: dict[str, Level] = {}
    told: States = {}
    for before, step in pairwise((None, *steps)):
        if step is None:
            continue
        if step.phase.ends:
            before_end = before_end if before and before.phase.ends else current
            current = dict.fromkeys(current, Level.OPERATIONAL)
        else:
            if before and before.phase.ends and not step.states:
                current = before_end
            current = {**current, **step.states} if step.states else current
        points.append((max(step.at, points[-1][0]), current))
        if step.update is not None:
            # Most updates move nothing.
            changes[step.update] = {} if told is current else _moves(told, current)
        told = current
    return Course(_spells(points), changes, current)


def _moves(before: States, after: States) -> dict[str, tuple[Level, Level]]:
    moves = {id: (before.get(id, Level.OPERATIONAL), level) for id, level in after.items()}
    return {id: move for id, move in moves.items() if move[0] is not move[1]}


def _spells(points: Sequence[tuple[datetime, States]]) -> dict[str, tuple[Spell, ...]]:
    """Return each component's spells away from operational, neighbours of one state joined."""
    found: dict[str, list[Spell]] = {}
    ends = [at for at, _ in points[1:]]
    for (start, states), end in zip(points, [*ends, None], strict=True):
        for id, level in states.items():
            if level is Level.OPERATIONAL or start == end:
                continue
            spells, since = found.setdefault(id, []), start
            if spells and spells[-1].level is level and spells[-1].end == start:
                since = spells.pop().start
            spells.append(Spell(since, end, level))
    return {id: tuple(spells) for id, spells in found.items()}


def clocked(window: tuple[datetime, datetime], steps: Sequence[Step], work: States, now: datetime) -> tuple[Step, ...]:
    """Return a maintenance's steps with those that the clock implies, in order of time.

    Work begins when its window opens, unless an update says otherwise, and ends with the window unless an update
    said that it began: work that overruns goes on until it is declared done. Cancelled work never began, and
    what was announced anew counts anew. ``work`` are the components' states while it goes on.
    """
    announced = max((i for i, step in enumerate(steps) if step.phase is Phase.SCHEDULED), default=-1) + 1
    declared = next((i for i, step in enumerate(steps) if i >= announced and _declares(step)), None)
    told = tuple(steps)
    if declared is None:
        told += _implied(window, now)
    elif steps[declared].phase is Phase.COMPLETED and steps[declared].at > window[0]:
        told = (*told[:declared], Step(window[0], Phase.IN_PROGRESS, {}, None), *told[declared:])
    begun = next((i for i, step in enumerate(told) if step.phase in WORKING), None)
    if begun is None:
        return told
    return (*told[:begun], told[begun]._replace(states={**work, **told[begun].states}), *told[begun + 1 :])


def _declares(step: Step) -> bool:
    return step.phase in WORKING or step.phase.ends


def _implied(window: tuple[datetime, datetime], now: datetime) -> tuple[Step, ...]:
    start, end = (
        Step(at, phase, {}, None) for at, phase in zip(window, (Phase.IN_PROGRESS, Phase.COMPLETED), strict=True)
    )
    return (start, end)[: (now >= window[0]) + (now >= window[1])]


def combined(spells: Iterable[Spell], until: datetime) -> tuple[Spell, ...]:
    """Return spells of one component, perhaps of many records, as disjoint ones of the worst state in order.

    A spell that lasts ends at ``until``, and is left out where it begins no earlier.
    """
    closed = [Spell(s.start, s.end or until, s.level) for s in spells if s.start < (s.end or until)]
    edges = sorted({moment for spell in closed for moment in (spell.start, spell.end or until)})
    active: list[Spell] = []
    waiting = sorted(closed, key=lambda spell: spell.start, reverse=True)
    found: list[Spell] = []
    for start, end in pairwise(edges):
        while waiting and waiting[-1].start <= start:
            active.append(waiting.pop())
        active = [spell for spell in active if spell.end is None or spell.end > start]
        if not active:
            continue
        level = worst(spell.level for spell in active)
        joins = bool(found) and found[-1].level is level and found[-1].end == start
        found.append(Spell(found.pop().start if joins else start, end, level))
    return tuple(found)


def uptime(spells: Sequence[Spell], start: datetime, end: datetime, *, weights: Mapping[Level, float]) -> float:
    """Return the share of the time from ``start`` to ``end`` in which a component worked, from 0.0 to 1.0.

    ``spells`` are disjoint (see ``combined``). Each counts by its level's weight; levels without one count nothing.
    Source: the weighting that hosted status pages publish (partial outage 30 %, major outage 100 %).
    """
    total = (end - start).total_seconds()
    lost = sum(_overlap(spell, start, end) * weights.get(spell.level, 0.0) for spell in spells)
    return 1.0 if total <= 0 else max(0.0, 1.0 - lost / total)


def _overlap(spell: Spell, start: datetime, end: datetime) -> float:
    """Return the seconds that a closed spell and a time span share."""
    return max(0.0, (min(spell.end or end, end) - max(spell.start, start)).total_seconds())


def midnights(today: date, days: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the ``days`` + 1 moments in UTC that bound the days up to and with ``today`` in a zone.

    A day there may have 23 or 25 hours; each begins at its own midnight.
    """
    first = today - timedelta(days=days - 1)
    return tuple(midnight(first + timedelta(days=n), zone) for n in range(days + 1))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC at which a day begins in a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def buckets(spells: Sequence[Spell], bounds: Sequence[datetime], today: date) -> tuple[Bucket, ...]:
    """Return one bucket for each day between ``bounds`` (see ``midnights``), oldest first, the last being ``today``.

    Minutes count outages and degradation; on a day of maintenance alone they count the maintenance.
    """
    first = today - timedelta(days=len(bounds) - 2)
    found: list[Bucket] = []
    position = 0
    for number, (start, end) in enumerate(pairwise(bounds)):
        while position < len(spells) and (spells[position].end or end) <= start:
            position += 1
        hits = [spell for spell in spells[position:] if spell.start < end]
        level = worst(spell.level for spell in hits)
        counted = [s for s in hits if s.level is not Level.UNDER_MAINTENANCE] or hits
        minutes = round(sum(_overlap(spell, start, end) for spell in counted) / 60)
        found.append(Bucket(first + timedelta(days=number), level, minutes))
    return tuple(found)


def overall(levels: Sequence[Level], unplaced: Iterable[Overall]) -> Overall:
    """Return the site's one statement from the components' states now.

    ``unplaced`` is what open records that name no component in service say: it counts as it is, so that nobody
    reads that all is well because a name was missing.
    """
    down = sum(level is Level.MAJOR_OUTAGE for level in levels)
    found = [*(_LEVEL_OVERALL[level] for level in levels), *unplaced]
    if down and down >= CRITICAL_SHARE * len(levels):
        found.append(Overall.CRITICAL)
    return max(found, key=_OVERALL_RANKS.__getitem__, default=Overall.NONE)
