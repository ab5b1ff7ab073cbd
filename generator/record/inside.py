"""The checks of those who may open ``internal/``: the plan, the people, and public texts that name one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from generator.errors import Problem
from generator.record.blameless import naming
from generator.record.load import CONTENT, INTERNAL
from generator.record.model import Site
from generator.record.roster import Roster, load_roster


def folder_of(root: Path, overlay: Path | None) -> Path:
    """Return the internal folder: the one that was named, else the site's own."""
    return overlay if overlay is not None else root / CONTENT / INTERNAL


def roster_of(root: Path, overlay: Path | None, *, now: datetime) -> Roster:
    """Return people and plan of the internal folder; messages name its files as they were named."""
    shown_as = overlay.as_posix() if overlay is not None else f"{CONTENT}/{INTERNAL}"
    return load_roster(folder_of(root, overlay), now=now, shown_as=shown_as)


def inside(root: Path, site: Site | None, overlay: Path | None, *, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with people and plan, and where public texts name someone; nothing where no folder is."""
    roster = roster_of(root, overlay, now=now)
    yield from roster.problems
    if roster.people is not None:
        yield from naming(root, roster.people, default=site.config.default if site else "")
