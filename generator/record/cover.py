"""Where the plan of those on call does not hold: nobody there, two at once, somebody away, names that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import combinations

from generator.errors import Problem, shown
from generator.record.duty import Span, Turn, away, gaps, turns
from generator.record.fields import nearest, unparse_time
from generator.record.model import Mark
from generator.record.oncall import EVERYONE, Layer, Oncall, Override, Rotation
from generator.record.people import People

WEEKS = 8
"""How far ahead the plan is looked at."""

_TOP: Mark = (1, 1)

Plan = Mapping[tuple[str, str], tuple[Turn, ...]]
"""The turns of the coming weeks by rotation and layer."""


def cover_problems(oncall: Oncall, people: People | None, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with the plan from ``now`` on; names are not looked up where nobody is known."""
    end = now + timedelta(weeks=WEEKS)
    plan = {
        (rotation.id, layer.id): turns(oncall, rotation, layer, now, end)
        for rotation in oncall.rotations
        for layer in rotation.layers
    }
    known = None if people is None else list(people.by_id())
    yield from _unknown(oncall, known)
    yield from _gaps(oncall, plan, (now, end))
    yield from _overlaps(oncall, now)
    yield from _strangers(oncall, now)
    yield from _away(oncall, people, plan, now)
    yield from _alone(oncall, plan, (now, end))
    yield from _doubled(oncall, plan, (now, end))


def _at(oncall: Oncall, mark: Mark, code: str, message: str, hint: str, *, warning: bool = False) -> Problem:
    return Problem(oncall.path, mark[0], mark[1], code, message, hint, warning)


def _unknown(oncall: Oncall, known: list[str] | None) -> Iterator[Problem]:
    """Yield each name of a person, a rotation or a layer that nobody has defined."""
    for mark, id in _named(oncall):
        if known is not None and id not in known:
            yield _at(oncall, mark, "P103", f'unknown person "{shown(id)}"', nearest(id, known))
    for override in oncall.overrides:
        rotation = oncall.rotation(override.rotation)
        if rotation is None:
            ids, mark = [one.id for one in oncall.rotations], override.marks["rotation"]
            yield _at(
                oncall, mark, "P103", f'unknown rotation "{shown(override.rotation)}"', nearest(override.rotation, ids)
            )
        elif override.layer is not None and override.layer not in [layer.id for layer in rotation.layers]:
            ids, mark = [layer.id for layer in rotation.layers], override.marks["layer"]
            yield _at(oncall, mark, "P103", f'unknown layer "{shown(override.layer)}"', nearest(override.layer, ids))


def _named(oncall: Oncall) -> Iterator[tuple[Mark, str]]:
    for layer in (layer for rotation in oncall.rotations for layer in rotation.layers):
        yield from ((layer.marks.get(id, layer.marks.get("", _TOP)), id) for id in layer.people)
    for override in oncall.overrides:
        yield override.marks["who"], override.who
        if override.instead is not None:
            yield override.marks["for"], override.instead
    for holiday in oncall.holidays:
        if holiday.person != EVERYONE:
            yield holiday.marks["person"], holiday.person


def _gaps(oncall: Oncall, plan: Plan, span: Span) -> Iterator[Problem]:
    for rotation, layer in _layers(oncall):
        for start, end in gaps(plan[rotation.id, layer.id], *span):
            message = f"nobody is on duty for {rotation.id}, {layer.id}, {_told((start, end))}"
            hint = "add an override, or let the rotation begin earlier or end later"
            yield _at(oncall, rotation.mark, "P104", message, hint)


def _layers(oncall: Oncall) -> Iterator[tuple[Rotation, Layer]]:
    return ((rotation, layer) for rotation in oncall.rotations for layer in rotation.layers)


def _told(span: Span) -> str:
    return f"from {unparse_time(span[0])} until {unparse_time(span[1])}"


def _overlaps(oncall: Oncall, now: datetime) -> Iterator[Problem]:
    """Yield overrides of one layer of which neither lies within the other: no one can tell who was meant."""
    ahead = [one for one in oncall.overrides if one.end > now]
    for one, other in combinations(ahead, 2):
        if _place(oncall, one) != _place(oncall, other):
            continue
        first, second = sorted((one, other), key=lambda o: (o.start, -o.end.timestamp()))
        if second.start < first.end and (second.end > first.end or _span(first) == _span(second)):
            message = f"{first.who} and {second.who} both stand in {_told((second.start, min(first.end, second.end)))}"
            hint = f"the other override is on line {one.marks['from'][0]}; let one end before the other begins"
            yield _at(oncall, other.marks["from"], "P105", message, hint)


def _place(oncall: Oncall, override: Override) -> tuple[str, str | None]:
    rotation = oncall.rotation(override.rotation)
    return override.rotation, override.layer or (rotation.layers[0].id if rotation else None)


def _span(override: Override) -> Span:
    return override.start, override.end


def _strangers(oncall: Oncall, now: datetime) -> Iterator[Problem]:
    """Warn of overrides in place of somebody who is not on duty in that time."""
    for override in oncall.overrides:
        rotation = oncall.rotation(override.rotation)
        if rotation is None or override.instead is None or override.end <= now:
            continue
        others = Oncall(oncall.path, oncall.rotations, tuple(o for o in oncall.overrides if o is not override))
        for layer in rotation.layers:
            if layer.id != (override.layer or rotation.layers[0].id):
                continue
            there = {turn.person for turn in turns(others, rotation, layer, override.start, override.end)}
            if there and override.instead not in there:
                message = f"{override.instead} is not on duty then, but {', '.join(sorted(there))}"
                hint = f"the layer is {layer.id}; correct the times, or `for`"
                yield _at(oncall, override.marks["for"], "P109", message, hint, warning=True)


def _away(oncall: Oncall, people: People | None, plan: Plan, now: datetime) -> Iterator[Problem]:
    """Yield turns of people who are on holiday: a page would reach nobody."""
    known = {} if people is None else people.by_id()
    for holiday in oncall.holidays:
        person = known.get(holiday.person)
        if person is None:
            continue
        start, end = away(holiday, person.time_zone)
        for (rotation, layer), found in plan.items():
            for turn in found:
                both = (max(start, turn.start, now), min(end, turn.end))
                if turn.person == person.id and both[0] < both[1]:
                    message = f"{person.id} is on holiday and on duty for {rotation}, {layer}, {_told(both)}"
                    hint = f"add an override for that time, `{{rotation: {rotation}, layer: {layer}, …}}`"
                    yield _at(oncall, holiday.marks["person"], "P106", message, hint)


def _alone(oncall: Oncall, plan: Plan, span: Span) -> Iterator[Problem]:
    """Warn of someone who is on two layers of a rotation at once: nobody is behind them."""
    for rotation in oncall.rotations:
        for one, other in combinations(rotation.layers, 2):
            for person, both in _shared(plan[rotation.id, one.id], plan[rotation.id, other.id], span):
                message = f"{person} is {one.id} and {other.id} of {rotation.id} at once, {_told(both)}"
                yield _at(oncall, rotation.mark, "P107", message, "put someone else behind them", warning=True)


def _doubled(oncall: Oncall, plan: Plan, span: Span) -> Iterator[Problem]:
    """Warn once of each two rotations that someone is first for at the same time."""
    for one, other in combinations(oncall.rotations, 2):
        first, second = plan[one.id, one.layers[0].id], plan[other.id, other.layers[0].id]
        for person, both in list(_shared(first, second, span))[:1]:
            message = f"{person} is on duty for {one.id} and for {other.id} at once, {_told(both)}"
            hint = "move one of the two by an override, or change the order of people"
            yield _at(oncall, other.mark, "P108", message, hint, warning=True)


def _shared(first: tuple[Turn, ...], second: tuple[Turn, ...], span: Span) -> Iterator[tuple[str, Span]]:
    """Yield who has turns in both, and when."""
    for one in first:
        for other in second:
            both = (max(one.start, other.start, span[0]), min(one.end, other.end, span[1]))
            if one.person == other.person and both[0] < both[1]:
                yield one.person, both
