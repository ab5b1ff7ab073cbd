"""What the record and the clock say together, before anyone puts it into a language.

An outage that is still going on counts up to the last full hour, so that the figures of an unchanged site hold
still between two builds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.model import Component, Config, Entry, Incident, Severity, Site
from generator.terms import WORKING, Impact, Level, Phase
from generator.view import status
from generator.view.record_views import Spell
from generator.view.similar import Subject

BAR_DAYS = 90
QUARTER = timedelta(minutes=15)
"""How long the clock stands still: days and hours begin with a quarter in every zone."""


class Clock:
    """The moment of a build as a site's readers see it."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.now, self.zone = now, ZoneInfo(zone)
        self.today = self.day(now)
        self.hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)

    def day(self, moment: datetime) -> date:
        """Return the day that a moment falls on."""
        return moment.astimezone(self.zone).date()

    def month(self, moment: datetime) -> str:
        """Return the month that a moment falls in, ``yyyy-mm``."""
        return moment.astimezone(self.zone).date().isoformat()[:7]


def quarter(now: datetime) -> datetime:
    """Return the quarter of an hour that a moment is in."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


class Known(msgspec.Struct, frozen=True, dict=True):
    """An incident or maintenance with its course through time; ``begun`` is the day of its start in the site's zone.

    ``initial`` are the states of components from the start on.
    """

    entry: Entry
    severity: Severity | None
    impact: Impact
    phase: Phase
    started: datetime
    begun: date
    ended: datetime | None
    initial: status.States
    upcoming: bool
    steps: tuple[status.Step, ...]

    @property
    def record(self) -> Incident:
        """Return the incident as written in the default language."""
        return self.entry.original

    @property
    def open(self) -> bool:
        """Return whether it is going on."""
        return self.ended is None and not self.upcoming

    @cached_property
    def course(self) -> status.Course:
        """Return what happened to components."""
        begins = self.steps[0].at if self.record.window else self.started
        return status.course(begins, self.initial, self.steps)

    @cached_property
    def over(self) -> datetime | None:
        """Return a moment after which it affected nothing any more, None while it is open or still to come."""
        return None if self.ended is None else max(step.at for step in self.steps)

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Return the ids of all components that it names, in the order of their naming."""
        named = dict.fromkeys(self.record.components)
        for update in self.record.updates:
            named |= dict.fromkeys(update.components or {})
        return tuple(named)

    @cached_property
    def updated(self) -> datetime:
        """Return when its newest update or amendment was made."""
        return max(update.amended or update.at for update in self.record.updates)

    @cached_property
    def made_of(self) -> bytes:
        """Return a hash that differs where the record or what the clock has made of it does, whatever its severity."""
        return key_of(self.record.made_of, self.steps) if self.record.window else self.record.made_of


class Lot(msgspec.Struct, frozen=True, dict=True):
    """Records that are told together, and known together to be as they were."""

    ones: tuple[Known, ...]

    @cached_property
    def made_of(self) -> bytes:
        """Return a hash that differs where that of one of them does, or their order."""
        return key_of([one.made_of for one in self.ones])


def known(site: Site, now: datetime, recall: Recall = afresh) -> tuple[Known, ...]:
    """Return the published incidents and maintenance of a site, newest start first."""
    # The clock moves maintenance only; without it an incident is the same from one look to the next.
    found = [
        recall(_known, site.config, entry, now if entry.original.window else None)
        for entry in site.entries
        if not entry.original.draft
    ]
    return tuple(sorted(found, key=lambda one: (one.started, one.record.id), reverse=True))


def _known(config: Config, entry: Entry, now: datetime | None) -> Known:
    record = entry.original
    severity = config.severity(record.severity) if record.severity else None
    usual = severity.state if severity else Level.UNDER_MAINTENANCE
    initial = {id: state or usual for id, state in record.components.items()}
    steps = tuple(_steps(record, usual))
    if record.window is not None and now is not None:
        steps = status.clocked(record.window, steps, initial, now)
        started, initial = next((s.at for s in steps if s.phase in WORKING), record.window[0]), {}
    else:
        started = record.begins
    last = steps[-1]
    ended = _end(steps) if last.phase.ends else None
    impact = severity.impact if severity else Impact.NONE
    upcoming = last.phase is Phase.SCHEDULED
    begun = started.astimezone(ZoneInfo(config.time_zone)).date()
    return Known(entry, severity, impact, last.phase, started, begun, ended, initial, upcoming, steps)


def _steps(record: Incident, usual: Level) -> Iterator[status.Step]:
    for number, update in enumerate(record.updates, 1):
        states = {id: state or usual for id, state in (update.components or {}).items()}
        yield status.Step(update.at, update.phase, states, number)


def _end(steps: tuple[status.Step, ...]) -> datetime:
    """Return when the record ended: the first of the ending steps that nothing followed."""
    ended = steps[-1].at
    for step in reversed(steps):
        if not step.phase.ends:
            break
        ended = step.at
    return ended


class History(msgspec.Struct, frozen=True):
    """A component's state now, its disjoint spells, days (oldest first), and shares of uptime by window."""

    level: Level
    days: tuple[status.Bucket, ...]
    uptime: tuple[tuple[int, float], ...]
    records: tuple[Known, ...]
    recent: dict[date, tuple[Known, ...]]


def histories(site: Site, log: Iterable[Known], clock: Clock, recall: Recall = afresh) -> dict[str, History]:
    """Return every component's history, by id."""
    touching: dict[str, list[Known]] = {}
    for one in log:
        for id in one.components:
            touching.setdefault(id, []).append(one)
    bounds = recall(status.midnights, clock.today, BAR_DAYS, clock.zone)
    return {
        id: recall(_history, site.config, component, clock, bounds, *touching.get(id, ()))
        for id, component in site.components().items()
    }


def _history(
    config: Config, component: Component, clock: Clock, bounds: tuple[datetime, ...], *records: Known
) -> History:
    # What was over before all that is told counts in none of it.
    first = min(bounds[0], _window(max(config.windows), clock))
    recent = [one for one in records if one.over is None or one.over > first]
    spells = (spell for one in recent for spell in one.course.spells.get(component.id, ()))
    whole = status.combined(spells, clock.hour)
    shares = tuple((days, _uptime(config, component, whole, days, clock)) for days in config.windows)
    days = status.buckets(whole, bounds, clock.today)
    level = status.worst(one.course.now.get(component.id, Level.OPERATIONAL) for one in records if one.open)
    if level.rank > days[-1].level.rank:
        days = (*days[:-1], days[-1]._replace(level=level))
    return History(level, days, shares, records, _by_day(component.id, recent, clock, days[0].day))


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


def days_of(spell: Spell, clock: Clock, first: date) -> Iterator[date]:
    """Yield the days since ``first`` that a spell has any part of, up to the present one where it lasts."""
    # A spell that ends at midnight has nothing of the day that begins there.
    end = max(spell.start, spell.end - timedelta(microseconds=1) if spell.end else clock.now)
    last = clock.day(end)
    for ordinal in range(max(first, clock.day(spell.start)).toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def subject(one: Known) -> Subject:
    """Return what of a record its likeness to others is judged by, in the words of the default language."""
    record = one.record
    texts = (record.title, *(update.body for update in record.updates))
    return Subject(record.kind.value, record.id, one.started, record.tags, one.components, texts, made_of=one.made_of)
