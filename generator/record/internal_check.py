"""What ``check`` says of the internal record where there is one: its own faults, and what it lost to the public."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from generator.errors import Problem
from generator.record.internal import survey_internal
from generator.record.internal_leaks import leaks, public_texts
from generator.record.model import Site


def internal_problems(
    root: Path, site: Site | None, internal_dir: Path | None = None, *, now: datetime
) -> tuple[Problem, ...]:
    """Return what is wrong with the internal record, and where a public text says what only that one may say."""
    found = survey_internal(root, site, internal_dir, now=now)
    lost = leaks(public_texts(site), found.records) if site else ()
    return (*found.problems, *lost)
