"""What happened to each component: its state, its days, its uptime, and the records that name it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec

from generator.recall import Recall, afresh
from generator.record.model import Component, Config, Site
from generator.terms import Level
from generator.view import status
from generator.view.facts import Clock, Known, days_of
from generator.view.lots import Lot, greatest_first, joined
from generator.view.record_views import Spell

BAR_DAYS = 90

_NEVER = datetime.max.replace(tzinfo=UTC)


class History(msgspec.Struct, frozen=True):
    """A component's state now, its days (oldest first), shares of uptime by window, and records, newest first.

    ``known`` is when it was first heard of, ``moved`` when its state last changed, None where nothing ever happened.
    """

    level: Level
    days: tuple[status.Bucket, ...]
    uptime: tuple[tuple[int, float], ...]
    records: tuple[Known, ...]
    recent: dict[date, tuple[Known, ...]]
    known: datetime | None
    moved: datetime | None


def histories(site: Site, lots: Iterable[Lot], clock: Clock, recall: Recall = afresh) -> dict[str, History]:
    """Return every component's history, by id; ``lots`` are newest first."""
    touching: dict[str, list[Lot]] = {}
    for lot in lots:
        for id, named in lot.by_component.items():
            touching.setdefault(id, []).append(named)
    bounds = recall(status.midnights, clock.today, BAR_DAYS, clock.zone)
    return {
        id: recall(_history, site.config, component, clock, bounds, *touching.get(id, ()))
        for id, component in site.components().items()
    }


def _history(config: Config, component: Component, clock: Clock, bounds: tuple[datetime, ...], *lots: Lot) -> History:
    records = joined(*lots).ones if lots else ()
    # What was over before all that is told counts in none of it.
    first = min(bounds[0], _window(max(config.windows), clock))
    lasting = (lot for lot in lots if lot.over is None or lot.over > first)
    recent = [one for lot in lasting for one in lot.ones if one.over is None or one.over > first]
    spells = (spell for one in recent for spell in one.course.spells.get(component.id, ()))
    whole = status.combined(spells, clock.hour)
    shares = tuple((days, _uptime(config, component, whole, days, clock)) for days in config.windows)
    days = status.buckets(whole, bounds, clock.today)
    level = status.worst(one.course.now.get(component.id, Level.OPERATIONAL) for one in recent if one.open)
    if level.rank > days[-1].level.rank:
        days = (*days[:-1], days[-1]._replace(level=level))
    by_day = _by_day(component.id, recent, clock, days[0].day)
    heard = min((lot.heard for lot in lots), default=None)
    return History(level, days, shares, records, by_day, heard, _moved(component.id, lots))


def _moved(id: str, lots: Iterable[Lot]) -> datetime | None:
    """Return when a component's state last changed, None where nothing ever happened."""
    last_over = greatest_first(lots, _over)
    last = status.combined(_last_spells(id, last_over), _NEVER)[-1:]
    return next((one.start if one.end == _NEVER else one.end for one in last), None)


def _over(told: Known | Lot) -> datetime:
    return told.over or _NEVER


def _last_spells(id: str, records: Iterable[Known]) -> Iterator[Spell]:
    """Yield the spells of a component since the last time that nothing affected it; what was over last comes first."""
    first = _NEVER
    for one in records:
        if one.over is not None and one.over < first < _NEVER:
            return
        for spell in one.course.spells.get(id, ()):
            first = min(first, spell.start)
            yield spell


def _window(days: int, clock: Clock) -> datetime:
    """Return the beginning of the first of so many days up to and with today."""
    return status.midnight(clock.today - timedelta(days=days - 1), clock.zone)


def _uptime(config: Config, component: Component, spells: tuple[Spell, ...], days: int, clock: Clock) -> float:
    """Return the share for a window of days up to and with today, or one that begins with the component's first day."""
    start, end = _window(days, clock), status.midnight(clock.today + timedelta(days=1), clock.zone)
    if component.since is not None and clock.day(start) < component.since <= clock.today:
        start = status.midnight(component.since, clock.zone)
    return status.uptime(spells, start, end, weights=config.weights)


def _by_day(id: str, records: Iterable[Known], clock: Clock, first: date) -> dict[date, tuple[Known, ...]]:
    """Return the records that affected a component on each day since ``first`` on which there were any."""
    found: dict[date, list[Known]] = {}
    for one in records:
        spells = one.course.spells.get(id, ())
        hit = {day for spell in spells for day in days_of(spell, clock, first)}
        for day in hit:
            found.setdefault(day, []).append(one)
    return {day: tuple(ones) for day, ones in found.items()}
