"""What the record and the clock say together, before anyone puts it into a language.

An outage that is still going on counts up to the last full hour, so that the figures of an unchanged site hold
still between two builds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from zoneinfo import ZoneInfo

import msgspec

from generator.hashing import key_of
from generator.record.model import Config, Entry, Incident, Severity, Update
from generator.terms import WORKING, Impact, Level, Phase
from generator.view import status
from generator.view.record_views import Spell
from generator.view.similar import Subject

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

    ``components`` are the ids of all that it names, in the order of their naming. ``updated`` is when its newest update
    or amendment was made, ``over`` a moment after which it affected nothing any more, None while it is open or still to
    come. ``clocked`` are the steps of maintenance as the clock has it, None of what has no window. ``made_of`` is a
    hash that differs where the record, or what the clock has made of it, does.
    """

    entry: Entry
    severity: Severity | None
    impact: Impact
    phase: Phase
    started: datetime
    begun: date
    ended: datetime | None
    upcoming: bool
    components: tuple[str, ...]
    updated: datetime
    over: datetime | None
    clocked: tuple[status.Step, ...] | None
    made_of: bytes

    @property
    def record(self) -> Incident:
        """Return the incident as written in the default language."""
        return self.entry.original

    @property
    def open(self) -> bool:
        """Return whether it is going on."""
        return self.ended is None and not self.upcoming

    @property
    def steps(self) -> tuple[status.Step, ...]:
        """Return what its updates, and the clock, make of components."""
        return _steps(self.record, self.severity) if self.clocked is None else self.clocked

    @cached_property
    def course(self) -> status.Course:
        """Return what happened to components."""
        if self.clocked is not None:
            return status.course(self.clocked[0].at, {}, self.clocked)
        return status.course(self.started, _initial(self.record, self.severity), self.steps)

    @property
    def heard(self) -> datetime:
        """Return when it was first heard of."""
        return self.record.updates[0].at if self.clocked is None else self.clocked[0].at

    @property
    def told(self) -> tuple[datetime, str]:
        """Return when it was told of for the first time, and its id: the order of first words."""
        return self.record.updates[0].at, self.record.id

    @property
    def changed(self) -> datetime:
        """Return when it last changed: by an update, by its amendment, or by the clock."""
        return max(self.updated, *(step.at for step in self.clocked)) if self.clocked else self.updated

    @cached_property
    def worded(self) -> bytes:
        """Return bytes that differ where ``made_of`` or what the record says in any language does."""
        return b"".join((self.made_of, *(words.made_of for words in self.entry.translations.values())))

    @property
    def named(self) -> tuple[object, ...]:
        """Return all that a link to it is made of, in any language."""
        record, titles = self.record, [(lang, words.title) for lang, words in self.entry.translations.items()]
        return record.kind, record.id, record.title, titles

    @cached_property
    def listed(self) -> bytes:
        """Return bytes that differ where a list shows it otherwise in any language: most updates change no list."""
        if not self.open:
            return self.worded
        record = self.record
        told = (self.named, record.window, record.tags, record.backfilled)
        return key_of(told, self.phase, self.impact, self.started, self.components, record.severity)


def known_of(config: Config, entry: Entry, now: datetime | None) -> Known:
    """Return what is known of a record; ``now`` is None for what has no window, which the clock does not move."""
    record = entry.original
    severity = config.severity(record.severity) if record.severity else None
    clocked: tuple[status.Step, ...] | None = None
    steps: Sequence[Update | status.Step] = record.updates
    started = record.begins
    if record.window is not None and now is not None:
        initial = _initial(record, severity)
        steps = clocked = status.clocked(record.window, _steps(record, severity), initial, now)
        started = next((step.at for step in clocked if step.phase in WORKING), record.window[0])
    last = steps[-1]
    ended = _end(steps) if last.phase.ends else None
    impact = severity.impact if severity else Impact.NONE
    upcoming = last.phase is Phase.SCHEDULED
    begun = started.astimezone(ZoneInfo(config.time_zone)).date()
    named = dict.fromkeys(record.components)
    for update in record.updates:
        if update.components:
            named |= dict.fromkeys(update.components)
    updated = max([update.amended or update.at for update in record.updates])
    over = max([step.at for step in steps]) if ended else None
    made_of = record.made_of if clocked is None else key_of(record.made_of, clocked)
    return Known(
        entry, severity, impact, last.phase, started, begun, ended, upcoming,
        tuple(named), updated, over, clocked, made_of,
    )  # fmt: skip


def _initial(record: Incident, severity: Severity | None) -> status.States:
    """Return the states of components from the start on."""
    usual = _usual(severity)
    return {id: state or usual for id, state in record.components.items()}


def _steps(record: Incident, severity: Severity | None) -> tuple[status.Step, ...]:
    usual, steps = _usual(severity), list[status.Step]()
    for number, update in enumerate(record.updates, 1):
        states = {id: state or usual for id, state in update.components.items()} if update.components else {}
        steps.append(status.Step(update.at, update.phase, states, number))
    return tuple(steps)


def _usual(severity: Severity | None) -> Level:
    """Return the state of a component of which a record says none."""
    return severity.state if severity else Level.UNDER_MAINTENANCE


def _end(steps: Sequence[Update | status.Step]) -> datetime:
    """Return when the record ended: the first of the ending steps that nothing followed."""
    ended = steps[-1].at
    for step in reversed(steps):
        if not step.phase.ends:
            break
        ended = step.at
    return ended


def days_of(spell: Spell, clock: Clock, first: date) -> Iterator[date]:
    """Yield the days since ``first`` that a spell has any part of, up to the present one where it lasts."""
    # A spell that ends at midnight has nothing of the day that begins there.
    end = max(spell.start, spell.end - timedelta(microseconds=1) if spell.end else clock.now)
    last = clock.day(end)
    for ordinal in range(max(first, clock.day(spell.start)).toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def subject(one: Known) -> Subject:
    """Return what of a record its likeness to others is judged by, in the words of the default language."""
    record, texts = one.record, partial(_texts, one.record)
    return Subject(record.kind.value, record.id, one.started, record.tags, one.components, texts, one.made_of)


def _texts(record: Incident) -> tuple[str, ...]:
    return (record.title, *(update.body for update in record.updates))
