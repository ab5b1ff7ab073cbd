"""The plan of those on call as values for a page and for calendars; the second of the internal site's doors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from generator.record.duty import Turn, turns, watches
from generator.record.oncall import EVERYONE, Oncall, Rotation
from generator.record.people import CHANNELS, People, Person
from generator.view.oncall_views import (
    Cell,
    DutyCalendar,
    DutyDay,
    Handoff,
    Leave,
    OncallPage,
    PersonRef,
    Post,
    RotationView,
    Shift,
    Stretch,
)  # fmt: skip

PAST_WEEKS, WEEKS = 4, 26
"""How far a subscribed calendar goes back and ahead; its edges lie on Mondays, so that it holds still for a week."""


class _Planner:
    """Turns what the files say of people and turns into views."""

    def __init__(self, oncall: Oncall, people: People | None) -> None:
        self.oncall = oncall
        self._people = {} if people is None else people.by_id()

    def person(self, id: str) -> PersonRef:
        """Return someone as a plan names them; an unknown one by the id."""
        return _person(self._people[id]) if id in self._people else PersonRef(id, id)

    def everyone(self) -> tuple[PersonRef, ...]:
        """Return everybody whom the plan names, in the order of the people, then of their first turn."""
        named = {id for rotation in self.oncall.rotations for layer in rotation.layers for id in layer.people}
        named |= {override.who for override in self.oncall.overrides}
        known = [id for id in self._people if id in named]
        return tuple(self.person(id) for id in (*known, *sorted(named - set(known))))

    def shift(self, rotation: Rotation, turn: Turn) -> Shift:
        """Return a turn as calendars hold it."""
        first = rotation.layers[0].id
        touching = sum(
            one.rotation == turn.rotation
            and (one.layer or first) == turn.layer
            and one.start <= turn.end
            and turn.start <= one.end
            for one in self.oncall.overrides
        )
        instead = turn.override.instead if turn.override else None
        return Shift(
            rotation.id, rotation.name, turn.layer, self.person(turn.person), turn.start, turn.end, touching,
            turn.override is not None, self.person(instead) if instead else None,
        )  # fmt: skip

    def shifts(self, rotation: Rotation, start: datetime, end: datetime) -> dict[str, tuple[Shift, ...]]:
        """Return the turns that touch a time, by layer."""
        return {
            layer.id: tuple(self.shift(rotation, turn) for turn in turns(self.oncall, rotation, layer, start, end))
            for layer in rotation.layers
        }

    def leaves(self, day: date) -> tuple[Leave, ...]:
        """Return who is away on a day."""
        return tuple(
            Leave(None if one.person == EVERYONE else self.person(one.person), one.name or "")
            for one in self.oncall.holidays
            if one.first <= day <= one.last
        )


def _person(person: Person) -> PersonRef:
    reach = tuple((channel, person.contacts[channel]) for channel in CHANNELS if channel in person.contacts)
    return PersonRef(person.id, person.name, person.role, reach)


def month(oncall: Oncall, people: People | None, first: date, *, now: datetime) -> OncallPage:
    """Return the plan of the month that ``first`` lies in."""
    begin = first.replace(day=1)
    after = (begin + timedelta(days=32)).replace(day=1)
    return page(oncall, people, begin, (after - begin).days, now=now)


def weeks(oncall: Oncall, people: People | None, count: int, *, now: datetime) -> OncallPage:
    """Return the plan of this week, from its Monday, and of those that follow."""
    return page(oncall, people, _monday(now), 7 * count, now=now)


def _monday(now: datetime) -> date:
    today = now.astimezone(UTC).date()
    return today - timedelta(days=today.weekday())


def page(oncall: Oncall, people: People | None, first: date, count: int, *, now: datetime) -> OncallPage:
    """Return the plan of ``count`` days from ``first`` on: days by layers, each by its rotation's clock."""
    planner = _Planner(oncall, people)
    days = tuple(first + timedelta(days=number) for number in range(count))
    rotations = tuple(_rotation(planner, rotation, days, now) for rotation in oncall.rotations)
    return OncallPage(days[0], days[-1], rotations, planner.everyone())


def _rotation(planner: _Planner, rotation: Rotation, days: tuple[date, ...], now: datetime) -> RotationView:
    zone = ZoneInfo(rotation.time_zone)
    bounds = [_midnight(day, zone) for day in (*days, days[-1] + timedelta(days=1))]
    # A second more on either side, so that a handoff at midnight has both its sides.
    found = planner.shifts(rotation, bounds[0] - timedelta(seconds=1), bounds[-1])
    handoffs = [one for layer, shifts in found.items() for one in _handoffs(layer, shifts)]
    posts = tuple(
        Post(one.layer.id, *(None if turn is None else planner.shift(rotation, turn) for turn in (one.now, one.next)))
        for one in watches(planner.oncall, now)
        if one.rotation.id == rotation.id
    )
    today = now.astimezone(zone).date()
    views = tuple(
        DutyDay(
            day,
            tuple(_cell(layer, shifts, start, end, again=not place % 7) for layer, shifts in found.items()),
            tuple(sorted((one for one in handoffs if start <= one.at < end), key=lambda one: (one.at, one.layer))),
            planner.leaves(day),
            day == today,
        )
        for place, (day, start, end) in enumerate(zip(days, bounds, bounds[1:], strict=False))
    )
    return RotationView(rotation.id, rotation.name, rotation.time_zone, posts, views)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _cell(layer: str, shifts: Iterable[Shift], start: datetime, end: datetime, *, again: bool) -> Cell:
    """Return a layer on a day; ``again`` names whoever is still on too, as the first day of a week does."""
    within = tuple(_within(shifts, start, end))
    stretches: list[Stretch] = []
    covered = start
    for shift in within:
        if covered < shift.start:
            stretches.append(Stretch(None, named=True))
        named = start <= shift.start or (again and shift is within[-1])
        stretches.append(Stretch(shift, named=named))
        covered = max(covered, shift.end)
    if covered < end:
        stretches.append(Stretch(None, named=True))
    return Cell(layer, within, tuple(stretches))


def _within(shifts: Iterable[Shift], start: datetime, end: datetime) -> Iterator[Shift]:
    return (shift for shift in shifts if shift.start < end and start < shift.end)


def _handoffs(layer: str, shifts: tuple[Shift, ...]) -> Iterator[Handoff]:
    """Yield where a layer changes hands, to or from nobody too; one who follows themselves hands nothing over."""
    for before, after in zip((None, *shifts), (*shifts, None), strict=True):
        if before is None and after is not None:
            yield Handoff(after.start, layer, None, after.person)
        elif before is not None and (after is None or before.end < after.start):
            yield Handoff(before.end, layer, before.person, None)
            if after is not None:
                yield Handoff(after.start, layer, None, after.person)
        elif before is not None and after is not None and before.person != after.person:
            yield Handoff(after.start, layer, before.person, after.person)


def calendars(oncall: Oncall, people: People | None, *, now: datetime) -> Iterator[DutyCalendar]:
    """Yield the calendar of each rotation, then of each person whom the plan names."""
    planner = _Planner(oncall, people)
    monday = datetime.combine(_monday(now), time(), UTC)
    start, end = monday - timedelta(weeks=PAST_WEEKS), monday + timedelta(weeks=WEEKS)
    found: dict[str, tuple[Shift, ...]] = {}
    since: dict[str, datetime] = {}
    for rotation in oncall.rotations:
        found[rotation.id] = _in_order(chain(*planner.shifts(rotation, start, end).values()))
        since[rotation.id] = _midnight(rotation.start, ZoneInfo(rotation.time_zone))
        yield DutyCalendar(rotation.id, rotation.name, found[rotation.id], since[rotation.id])
    whole = min(since.values(), default=start)
    for person in planner.everyone():
        own = (shift for shifts in found.values() for shift in shifts if shift.person.id == person.id)
        yield DutyCalendar(person.id, person.name, _in_order(own), whole, person=True)


def _in_order(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    return tuple(sorted(shifts, key=lambda shift: (shift.start, shift.rotation, shift.layer)))
