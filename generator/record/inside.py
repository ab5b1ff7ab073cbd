"""The checks of those who may open ``internal/``: the plan, the people, overdue actions, and names in public texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

from generator.errors import Problem
from generator.record.blameless import naming
from generator.record.folder import CONTENT
from generator.record.internal_model import InternalRecord
from generator.record.load import INTERNAL
from generator.record.model import Site
from generator.record.process import Owed, actions
from generator.record.roster import Roster, load_roster
from generator.terms import Progress


def folder_of(root: Path, overlay: Path | None) -> Path:
    """Return the internal folder: the one that was named, else the site's own."""
    return overlay if overlay is not None else root / CONTENT / INTERNAL


def roster_of(root: Path, overlay: Path | None, *, now: datetime) -> Roster:
    """Return people and plan of the internal folder; messages name its files as they were named."""
    shown_as = overlay.as_posix() if overlay is not None else f"{CONTENT}/{INTERNAL}"
    return load_roster(folder_of(root, overlay), now=now, shown_as=shown_as)


def inside(
    root: Path, site: Site | None, overlay: Path | None, records: Iterable[InternalRecord], *, now: datetime
) -> Iterator[Problem]:
    """Yield what is wrong with people, plan and the actions of ``records``, and where public texts name someone."""
    roster = roster_of(root, overlay, now=now)
    yield from roster.problems
    yield from actions(chain.from_iterable(map(owed, records)), now.date())
    if roster.people is not None:
        yield from naming(root, roster.people, default=site.config.default if site else "")


def owed(record: InternalRecord) -> Iterator[Owed]:
    """Yield the actions of a war-room record as the team owes them."""
    for one in record.actions:
        done = one.status is Progress.DONE
        yield Owed(one.title, one.owner, one.due, done, record.path, (one.line, 1))
