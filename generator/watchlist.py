"""Who is on call, as lines for a person at a terminal and as JSON for a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from generator.record.duty import Turn, Watch
from generator.record.oncall import Rotation
from generator.record.people import CHANNELS, People, Person


def watch_text(found: Iterable[Watch], people: People | None) -> str:
    """Return who is on, until when, how they are reached, and who comes next."""
    return "\n".join(_lines(found, {} if people is None else people.by_id()))


def _lines(found: Iterable[Watch], known: dict[str, Person]) -> Iterator[str]:
    for number, (_, group) in enumerate(groupby(found, key=lambda watch: watch.rotation.id)):
        watches = list(group)
        rotation = watches[0].rotation
        if number:
            yield ""
        yield f"{rotation.name}  ({rotation.id})"
        for watch in watches:
            yield from _watch(watch, rotation, known)


def _watch(watch: Watch, rotation: Rotation, known: dict[str, Person]) -> Iterator[str]:
    lead = f"  {watch.layer.id:<10}"
    if watch.now is None:
        yield f"{lead}nobody"
    else:
        yield f"{lead}{_named(watch.now, known)}, until {_moment(watch.now.end, rotation)}"
        person = known.get(watch.now.person)
        yield from (f"{'':12}{channel} {value}" for channel, value in _reach(person))
    if watch.next is not None:
        yield f"{'':12}then {_named(watch.next, known)}, from {_moment(watch.next.start, rotation)}"


def _named(turn: Turn, known: dict[str, Person]) -> str:
    person = known.get(turn.person)
    name = f"{person.name}, {person.role}" if person else turn.person
    instead = turn.override.instead if turn.override else None
    other = known.get(instead) if instead else None
    return f"{name} (for {other.name if other else instead})" if instead else name


def _reach(person: Person | None) -> Iterator[tuple[str, str]]:
    for channel in CHANNELS if person else ():
        if person and channel in person.contacts:
            yield channel, person.contacts[channel]


def _moment(moment: datetime, rotation: Rotation) -> str:
    local = moment.astimezone(ZoneInfo(rotation.time_zone))
    offset = local.strftime("%z")
    return f"{local:%a %Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def watch_json(found: Iterable[Watch], people: People | None, at: datetime) -> str:
    """Return the same as a JSON object: ``at``, and every layer with the turns of now and next, null for nobody."""
    known = {} if people is None else people.by_id()
    document = {
        "at": at,
        "layers": [
            {
                "rotation": watch.rotation.id,
                "name": watch.rotation.name,
                "layer": watch.layer.id,
                "now": _turn(watch.now, known),
                "next": _turn(watch.next, known),
            }
            for watch in found
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _turn(turn: Turn | None, known: dict[str, Person]) -> dict[str, Any] | None:
    if turn is None:
        return None
    person = known.get(turn.person)
    return {
        "person": turn.person,
        "name": person.name if person else None,
        "role": person.role if person else None,
        "contacts": dict(_reach(person)),
        "from": turn.start,
        "until": turn.end,
        "override": turn.override is not None,
        "for": turn.override.instead if turn.override else None,
    }
