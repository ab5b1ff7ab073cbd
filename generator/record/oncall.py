"""``oncall.yml``: rotations with their layers, who stands in for whom, and who is away; internal."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final

from generator.errors import shown
from generator.record.fields import Fields, parse_minutes
from generator.record.model import Fact, Mark
from generator.record.nodes import Mapping, Node
from generator.record.people import read_zone
from generator.record.source import Report

EVERYONE: Final = "all"
"""Stands for everybody in a holiday."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS = range(2000, 2100)

_LENGTHS = {"daily": 1, "weekly": 7}
_HANDOFF = re.compile(r"(?:([A-Za-z]+) )?([0-9]{2}):([0-9]{2})\Z")


class Layer(Fact, frozen=True):
    """Who takes turns, in this order, and again from the beginning."""

    id: str
    people: tuple[str, ...]
    marks: dict[str, Mark]


class Rotation(Fact, frozen=True):
    """Turns of ``days`` days, handed over at ``at`` in ``time_zone``, from the day ``start`` and before ``end``."""

    id: str
    name: str
    time_zone: str
    start: date
    at: time
    days: int
    layers: tuple[Layer, ...]
    end: date | None = None
    mark: Mark = (1, 1)


class Override(Fact, frozen=True):
    """``who`` takes a layer of a rotation from ``start`` until ``end``, ``instead`` of the one named there."""

    rotation: str
    layer: str | None
    who: str
    start: datetime
    end: datetime
    marks: dict[str, Mark]
    instead: str | None = None


class Holiday(Fact, frozen=True):
    """Whole days off, the first and the last included; ``person`` may be ``EVERYONE``."""

    person: str
    first: date
    last: date
    marks: dict[str, Mark]
    name: str | None = None


class Oncall(Fact, frozen=True):
    """``oncall.yml``; ``path`` is the file as messages name it."""

    path: str
    rotations: tuple[Rotation, ...]
    overrides: tuple[Override, ...] = ()
    holidays: tuple[Holiday, ...] = ()

    def rotation(self, id: str) -> Rotation | None:
        """Return the rotation with this id."""
        return next((one for one in self.rotations if one.id == id), None)


def read_oncall(front: Mapping, report: Report) -> Oncall | None:
    """Return rotations, overrides and holidays, or None after noting that there is no rotation."""
    fields = Fields(front, report)
    taken: dict[str, Mark] = {}

    def read(item: Node) -> Rotation | None:
        inner = fields.inner(item, "a rotation with id, name, time_zone, start, handoff, length and layers")
        rotation = None if inner is None else _rotation(inner)
        if rotation is not None and rotation.id in taken:
            message = f'rotation "{rotation.id}" stands twice'
            report.add("R103", rotation.mark, message, f"the first is on line {taken[rotation.id][0]}")
            return None
        if rotation is not None:
            taken[rotation.id] = rotation.mark
        return rotation

    rotations = fields.many("rotations", read, limit=50, wanted="rotations")
    overrides = fields.many("overrides", lambda item: _override(item, fields), limit=500, wanted="overrides")
    holidays = fields.many("holidays", lambda item: _holiday(item, fields), limit=500, wanted="holidays")
    fields.close()
    if "rotations" not in fields.marks:
        report.add("S102", fields.mark, 'key "rotations" is missing', "list the rotations with their layers")
        return None
    return Oncall(report.path, rotations, overrides, holidays)


def _rotation(fields: Fields) -> Rotation | None:
    id, name = fields.identity("id", required=True), fields.text("name", required=True)
    zone, start = read_zone(fields), _in_range(fields, "start", fields.day("start", required=True))
    end = _in_range(fields, "end", fields.day("end"))
    days, at = _length(fields), None
    handoff = _handoff(fields)
    if handoff is not None:
        weekday, at = handoff
        _check_weekday(fields, weekday, start, days)
    layers = _layers(fields)
    fields.close()
    if start and end and end <= start:
        fields.report.add("R105", fields.marks["end"], '"end" is not after "start"', "swap or correct the days")
        return None
    if id is None or name is None or zone is None or start is None or days is None or at is None or not layers:
        return None
    return Rotation(id, name, zone, start, at, days, layers, end, fields.marks["id"])


def _in_range(fields: Fields, name: str, day: date | None) -> date | None:
    """Return a day of a year in which turns are counted."""
    if day is not None and day.year not in YEARS:
        hint = f"days lie between {YEARS.start} and {YEARS.stop - 1}"
        fields.report.add("S111", fields.marks[name], f"{day} is out of range", hint)
        return None
    return day


def _length(fields: Fields) -> int | None:
    """Return how many days a turn lasts."""
    node = fields.scalar("length", "daily, weekly or a number of days", required=True)
    if node is None:
        return None
    minutes = parse_minutes(node.text) or 0
    days = _LENGTHS.get(node.text) or (minutes // 1440 if minutes % 1440 == 0 else 0)
    if not 1 <= days <= 366:
        hint = "write daily, weekly, or days as in `14 d`"
        fields.report.add("P112", node.mark, f'"{shown(node.text)}" is not the length of a turn', hint)
        return None
    return days


def _handoff(fields: Fields) -> tuple[int | None, time] | None:
    """Return the weekday, if one is named, and the time at which turns are handed over."""
    node = fields.scalar("handoff", "a weekday and a time", required=True)
    if node is None:
        return None
    match = _HANDOFF.match(node.text)
    word = (match[1] or "").casefold() if match else ""
    known = [day for day in WEEKDAYS if day == word or day[:3] == word]
    if match is None or (word and not known) or int(match[2]) > 23 or int(match[3]) > 59:
        hint = "write it as `monday 09:00`, or `09:00` where turns are no weeks"
        fields.report.add("P111", node.mark, f'"{shown(node.text)}" is not the time of a handoff', hint)
        return None
    return (WEEKDAYS.index(known[0]) if known else None), time(int(match[2]), int(match[3]))


def _check_weekday(fields: Fields, weekday: int | None, start: date | None, days: int | None) -> None:
    if weekday is None or start is None or days is None:
        return
    if days % 7:
        message = f"turns of {days} d are not handed over on the same day of each week"
        fields.report.add("P113", fields.marks["handoff"], message, "write the time alone")
    elif start.weekday() != weekday:
        message = f"{start} is a {WEEKDAYS[start.weekday()]}, and turns begin on a {WEEKDAYS[weekday]}"
        fields.report.add("P113", fields.marks["start"], message, "write the day of the first handoff")


def _layers(fields: Fields) -> tuple[Layer, ...]:
    node = fields.take("layers", required=True)
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        hint = "write `primary: [ada, bo]` lines under it"
        fields.report.add("S103", node.mark, '"layers" must be a map of layers to lists of people', hint)
        return ()
    inner = Fields(node, fields.report)
    lists = {"primary": inner.identities("primary", limit=100), "secondary": inner.identities("secondary", limit=100)}
    inner.close()
    for id, people in lists.items():
        if id in inner.marks and not people:
            inner.report.add("P104", inner.marks[id], f'nobody is in layer "{id}"', "name someone, or drop the line")
    if not node.entries:
        fields.report.add("S102", node.mark, '"layers" names none', "write `primary: [ada, bo]`")
    marks = {id: {"": inner.marks[id], **_people_marks(inner, id)} for id, people in lists.items() if people}
    return tuple(Layer(id, lists[id], marks[id]) for id in marks)


def _people_marks(fields: Fields, layer: str) -> dict[str, Mark]:
    lead = f"{layer}."
    return {name.removeprefix(lead): mark for name, mark in fields.marks.items() if name.startswith(lead)}


def _override(item: Node, outer: Fields) -> Override | None:
    fields = outer.inner(item, "an override with rotation, who, from and until")
    if fields is None:
        return None
    rotation, layer = fields.identity("rotation", required=True), fields.identity("layer")
    who, instead = fields.identity("who", required=True), fields.identity("for")
    start, end = fields.time("from", required=True), fields.time("until", required=True)
    fields.close()
    if rotation is None or who is None or start is None or end is None:
        return None
    if not (start.year in YEARS and end.year in YEARS):
        hint = f"times lie between {YEARS.start} and {YEARS.stop - 1}"
        fields.report.add("S111", fields.marks["from"], "an override out of range", hint)
        return None
    if end <= start:
        hint = "swap or correct the times"
        fields.report.add("R105", fields.marks["until"], "the override ends before it begins", hint)
        return None
    return Override(rotation, layer, who, start, end, fields.marks, instead)


def _holiday(item: Node, outer: Fields) -> Holiday | None:
    fields = outer.inner(item, "a holiday with person, from and until")
    if fields is None:
        return None
    person, name = fields.identity("person", required=True), fields.text("name")
    first = _in_range(fields, "from", fields.day("from", required=True))
    last = _in_range(fields, "until", fields.day("until"))
    fields.close()
    if person is None or first is None:
        return None
    if last is not None and last < first:
        hint = "swap or correct the days"
        fields.report.add("R105", fields.marks["until"], "the holiday ends before it begins", hint)
        return None
    return Holiday(person, first, last or first, fields.marks, name)
