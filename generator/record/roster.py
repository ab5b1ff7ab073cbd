"""The folder ``internal/``: who answers and who is on call, for those who may open it. A public build never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from generator.errors import Problem
from generator.record.cover import cover_problems
from generator.record.model import Fact
from generator.record.nodes import Mapping
from generator.record.oncall import Oncall, read_oncall
from generator.record.people import People, read_people
from generator.record.source import Refused, Report, decode, read_bytes
from generator.record.syntax import parse_yaml

PEOPLE = "people.yml"
ONCALL = "oncall.yml"

T = TypeVar("T")


class Roster(Fact, frozen=True):
    """People and plan, None where there is no such file or it cannot be read, and what is wrong with the two.

    ``gaps`` are those of the problems that a plan which reads well has with time: they can be shown as they are.
    """

    people: People | None
    oncall: Oncall | None
    problems: tuple[Problem, ...]
    gaps: tuple[Problem, ...] = ()


def load_roster(folder: Path, *, now: datetime, shown_as: str) -> Roster:
    """Return what the internal folder says of people and of the plan; messages name its files below ``shown_as``."""
    problems: list[Problem] = []
    people = _read(folder, PEOPLE, read_people, shown_as, problems)
    oncall = _read(folder, ONCALL, read_oncall, shown_as, problems)
    gaps = () if oncall is None else tuple(cover_problems(oncall, people, now))
    return Roster(people, oncall, tuple(sorted((*problems, *gaps))), gaps)


def _read(
    folder: Path, name: str, make: Callable[[Mapping, Report], T | None], shown_as: str, problems: list[Problem]
) -> T | None:
    file, report = folder / name, Report(f"{shown_as}/{name}")
    if not file.exists() and not file.is_symlink():
        return None
    try:
        text = decode(read_bytes(file), report)
    except Refused as refused:
        problems.append(Problem(report.path, 1, 1, refused.code, refused.message, refused.hint))
        return None
    front = None if text is None else parse_yaml(text, report)
    value = None if front is None else make(front, report)
    problems += report.problems
    return value
