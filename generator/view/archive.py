"""The calendar of the archive: which days had incidents, and how bad they were."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, partial
from itertools import chain, takewhile

from generator.recall import Recall
from generator.terms import Impact, Level
from generator.view import status, views
from generator.view.basics import Later, keyed
from generator.view.facts import Clock, Known, days_of
from generator.view.lots import Lot
from generator.view.record_views import Spell

MONTHS = 12

_LEVELS = {
    Impact.NONE: Level.OPERATIONAL,
    Impact.MINOR: Level.DEGRADED_PERFORMANCE,
    Impact.MAJOR: Level.PARTIAL_OUTAGE,
    Impact.CRITICAL: Level.MAJOR_OUTAGE,
}


Days = Mapping[str, Later[views.ArchiveMonth]]
"""The days of each month, ``yyyy-mm``."""


def calendar(incidents: Iterable[Lot], clock: Clock, recall: Recall, *, graded: bytes) -> Days:
    """Return each month from that of the first incident to the present one, and those of incidents to come.

    ``graded`` is a hash of what severities say.
    """
    touching: dict[str, list[Lot]] = {}
    for lot in incidents:
        for month, ones in recall(_reached, clock, lot).items():
            touching.setdefault(month, []).append(ones)
    if not touching:
        return {}
    today = clock.today.isoformat()[:7]
    found = {}
    for month in _months(min(touching), max(today, *touching)):
        lots = touching.get(month, [])
        # The days of a month that is over hold still, unless what affected them goes on.
        moving = clock.today if month >= today or any(lot.open for lot in lots) else None
        made_of = keyed(graded, month, moving, *lots)
        found[month] = Later(made_of, cache(partial(recall, _month, clock, month, *lots)))
    return found


def _reached(clock: Clock, lot: Lot) -> Mapping[str, Lot]:
    """Return some records by each month that they lasted in."""
    found: dict[str, list[Known]] = {}
    for one in lot.ones:
        first = one.begun.isoformat()[:7]
        last = max(first, clock.month(one.ended or clock.now))
        for month in (first,) if first == last else _months(first, last):
            found.setdefault(month, []).append(one)
    return {month: Lot(tuple(ones)) for month, ones in found.items()}


def latest(months: Days, clock: Clock) -> tuple[views.ArchiveMonth, ...]:
    """Return the last twelve of the months up to the present one, oldest first."""
    today = f"{clock.today:%Y-%m}"
    return tuple(months[month].make() for month in [month for month in sorted(months) if month <= today][-MONTHS:])


def _months(first: str, last: str) -> Iterable[str]:
    number, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(number, end + 1)]


def _month(clock: Clock, month: str, *lots: Lot) -> views.ArchiveMonth:
    days = _days(month)
    going, levels = Counter[date](), defaultdict[date, list[Level]](list)
    for one in chain.from_iterable(lot.ones for lot in lots):
        whole = Spell(one.started, one.ended, _LEVELS[one.impact])
        going.update(_within(whole, clock, days))
        for spell in _spells(one) if one.components else (whole,):
            for day in _within(spell, clock, days):
                levels[day].append(spell.level)
    seen = (day <= clock.today or day in going for day in days)
    found = (status.worst(levels[day]) if known else None for day, known in zip(days, seen, strict=True))
    return views.ArchiveMonth(
        month, tuple(views.ArchiveDay(day, level, going[day]) for day, level in zip(days, found, strict=True))
    )


def _days(month: str) -> Sequence[date]:
    first = date(int(month[:4]), int(month[5:]), 1)
    return [first + timedelta(days=n) for n in range(monthrange(first.year, first.month)[1])]


def _within(spell: Spell, clock: Clock, days: Sequence[date]) -> Iterator[date]:
    return takewhile(lambda day: day <= days[-1], days_of(spell, clock, days[0]))


def _spells(one: Known) -> Iterator[Spell]:
    return chain.from_iterable(one.course.spells.values())
