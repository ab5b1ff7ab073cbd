"""``people.yml``: who answers, by which role the public hears of them, and how they are reached; internal."""

from __future__ import annotations

import re
import zoneinfo

from generator.errors import shown
from generator.record.fields import Fields, nearest
from generator.record.model import Fact, Mark
from generator.record.nodes import Mapping, Node, Scalar
from generator.record.source import Report

PEOPLE_LIMIT = 500
SPELLING_LIMIT = 20
CHANNELS = ("phone", "pager", "chat", "email")
"""The ways to reach someone, the most urgent first."""

_PHONE = re.compile(r"\+[0-9](?:[ ()./-]?[0-9]){5,18}\Z")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+\Z")


class Person(Fact, frozen=True):
    """Someone who answers; ``contacts`` go by channel, ``whole`` says that only the whole name is a name."""

    id: str
    name: str
    role: str
    time_zone: str
    contacts: dict[str, str]
    also: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    whole: bool = False
    mark: Mark = (1, 1)


class People(Fact, frozen=True):
    """``people.yml``, in its order; ``path`` is the file as messages name it."""

    path: str
    everyone: tuple[Person, ...]

    def by_id(self) -> dict[str, Person]:
        """Return everyone by id."""
        return {person.id: person for person in self.everyone}

    def find(self, word: str) -> Person | None:
        """Return the person whose id, name, other spelling, handle or address this is, in any case of letters."""
        wanted = word.strip().casefold().removeprefix("@")
        for person in self.everyone:
            known = (person.id, person.name, *person.also, *person.contacts.values())
            if wanted in {name.casefold().removeprefix("@") for name in known}:
                return person
        return None


def read_people(front: Mapping, report: Report) -> People | None:
    """Return everyone in the order of the file, or None after noting that the list is missing."""
    fields = Fields(front, report)
    taken: dict[str, Mark] = {}

    def read(item: Node) -> Person | None:
        inner = fields.inner(item, "a person with id, name, role, time_zone and contacts")
        person = None if inner is None else _person(inner)
        if person is not None and person.id in taken:
            message = f'person "{person.id}" stands twice'
            report.add("R103", person.mark, message, f"the first is on line {taken[person.id][0]}")
            return None
        if person is not None:
            taken[person.id] = person.mark
        return person

    everyone = fields.many("people", read, limit=PEOPLE_LIMIT, wanted="people")
    fields.close()
    if "people" not in fields.marks:
        report.add("S102", fields.mark, 'key "people" is missing', "list the people with id, name and contacts")
        return None
    return People(report.path, everyone)


def _person(fields: Fields) -> Person | None:
    id, name = fields.identity("id", required=True), fields.text("name", required=True)
    role, zone = fields.text("role", required=True), read_zone(fields)
    also = _spellings(fields)
    contacts = _contacts(fields, name or id or "")
    teams, whole = fields.identities("teams"), fields.flag("whole")
    fields.close()
    if id is None or name is None or role is None or zone is None:
        return None
    return Person(id, name, role, zone, contacts, also, teams, whole, fields.marks["id"])


def read_zone(fields: Fields) -> str | None:
    """Return the name of a time zone, or None after noting that there is none of that name."""
    node = fields.scalar("time_zone", "a time zone", required=True)
    if node is None:
        return None
    try:
        zoneinfo.ZoneInfo(node.text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        hint = nearest(node.text, zoneinfo.available_timezones())
        fields.report.add("S123", node.mark, f'unknown time zone "{shown(node.text)}"', hint)
        return None
    return node.text


def _spellings(fields: Fields) -> tuple[str, ...]:
    def read(item: Node) -> str | None:
        if isinstance(item, Scalar) and len(item.text.strip()) > 1:
            return " ".join(item.text.split())
        fields.report.add("S103", item.mark, "a spelling must be a text of two letters or more", "write `also: [Ada]`")
        return None

    return fields.many("also", read, limit=SPELLING_LIMIT, wanted="other spellings of the name")


def _contacts(fields: Fields, name: str) -> dict[str, str]:
    """Return how someone is reached; note who cannot be."""
    node = fields.take("contacts")
    if node is None:
        hint = f"add `contacts:` with one of {', '.join(CHANNELS)}"
        fields.report.add("P102", fields.mark, f'"{shown(name)}" cannot be reached', hint)
        return {}
    inner = fields.inner(node, f"contacts by {', '.join(CHANNELS)}")
    if inner is None:
        return {}
    before = len(fields.report.problems)
    said = {
        "phone": inner.text("phone"), "pager": inner.text("pager"),
        "chat": inner.text("chat"), "email": inner.text("email"),
    }  # fmt: skip
    inner.close()
    found = {channel: value for channel, value in said.items() if value and _sound(channel, value, inner)}
    if not found and len(fields.report.problems) == before:
        hint = f"write one of {', '.join(CHANNELS)}"
        fields.report.add("P102", fields.marks["contacts"], f'"{shown(name)}" cannot be reached', hint)
    return found


def _sound(channel: str, value: str, inner: Fields) -> bool:
    """Return whether a contact has the form that lets someone else use it."""
    if channel == "phone" and not _PHONE.match(value):
        hint = "write it with its country, as in +46 70 123 45 67"
        inner.report.add("P110", inner.marks[channel], "a phone number that cannot be dialled from everywhere", hint)
        return False
    if channel == "email" and not _EMAIL.match(value):
        inner.report.add("P110", inner.marks[channel], "not an e-mail address", "write it as name@host.example")
        return False
    return True
