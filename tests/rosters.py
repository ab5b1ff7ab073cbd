"""A small team and its plan, for tests: written as files, and read as the program reads them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from generator.errors import Problem
from generator.record.oncall import Oncall
from generator.record.people import People
from generator.record.roster import Roster, load_roster
from tests.cases import write_files

PEOPLE = """\
people:
  - {id: ada, name: Ada Lindqvist, also: ["@ada"], role: the platform on-call, time_zone: Europe/Stockholm,
     contacts: {phone: +46 70 123 45 67}}
  - {id: bo, name: Bo Ek, role: the database on-call, time_zone: Europe/Stockholm, contacts: {chat: "@bo"}}
  - {id: cyd, name: Cyd O'Hara, role: the network on-call, time_zone: Europe/London,
     contacts: {email: cyd@acme.example}}
"""
ONCALL = """\
rotations:
  - id: platform
    name: Platform
    time_zone: Europe/Stockholm
    start: 2026-01-05
    handoff: monday 09:00
    length: weekly
    layers: {primary: [ada, bo, cyd], secondary: [bo, cyd, ada]}
"""


def roster(root: Path, oncall: str = ONCALL, people: str = PEOPLE, *, now: datetime) -> Roster:
    """Return what is read of a team and a plan."""
    write_files(root, {"people.yml": people, "oncall.yml": oncall})
    return load_roster(root, now=now, shown_as="internal")


def sound(root: Path, oncall: str = ONCALL, people: str = PEOPLE, *, now: datetime) -> tuple[Oncall, People]:
    """Return a plan and a team in which nothing is wrong."""
    found = roster(root, oncall, people, now=now)
    assert found.problems == ()
    assert found.oncall is not None
    assert found.people is not None
    return found.oncall, found.people


def codes(problems: tuple[Problem, ...]) -> list[str]:
    """Return the codes of problems, in their order."""
    return [problem.code for problem in problems]
