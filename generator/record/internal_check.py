"""What ``check`` says of the internal record where there is one: its own faults, and what it lost to the public."""

from __future__ import annotations

from generator.errors import Problem
from generator.record.internal import InternalSurvey
from generator.record.internal_leaks import leaks, public_texts
from generator.record.model import Site


def internal_problems(site: Site | None, found: InternalSurvey) -> tuple[Problem, ...]:
    """Return what is wrong with the internal record, and where a public text says what only that one may say."""
    lost = leaks(public_texts(site), found.records) if site else ()
    return (*found.problems, *lost)
