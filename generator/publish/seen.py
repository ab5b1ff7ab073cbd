"""Whether an output stands as a build left it, told from the times of its files, reading none of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from generator.errors import Problem
from generator.publish.facts import Facts
from generator.publish.files import Fact, digest_of, exists, stands
from generator.publish.lock import STATE
from generator.publish.manifest import MARKER
from generator.publish.memo import Memo


class Stamp(msgspec.Struct, frozen=True):
    """What a build was made of, and what became of it: nothing else would, ``since`` then and ``until`` some moment.

    ``made_of`` is a hash, ``marker`` that of the output's marker; ``head`` is the commit whose times are shown, empty
    where git could not tell, None where none were asked for; ``files`` counts the output's, ``size`` is in bytes.
    """

    made_of: bytes
    since: datetime
    until: datetime
    marker: bytes
    files: int
    size: int
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]
    head: str | None = None


def keep(memo: Memo, folder: Path, label: str, stamp: Stamp) -> None:
    """Keep what is told of the output ``folder`` now."""
    memo.keep_note(_name(folder, label), stamp)


def standing(memo: Memo, folder: Path, label: str, *, made_of: bytes, now: datetime) -> Stamp | None:
    """Return what was kept of the output ``folder`` if a build would leave every file of it as it is."""
    stamp = memo.note(_name(folder, label), Stamp)
    if stamp is None or stamp.made_of != made_of or not stamp.since <= now < stamp.until:
        return None
    try:
        # While that folder is there, another build works in this one, or left it half-way.
        if exists(folder / STATE) or digest_of(folder / MARKER) != stamp.marker:
            return None
    except OSError:
        return None
    facts = facts_of(memo, folder, label).every()
    return stamp if len(facts) == stamp.files and _intact(folder, facts) else None


def facts_of(memo: Memo, folder: Path, label: str) -> Facts:
    """Return what was known of the files in the output ``folder`` when it was last written."""
    return memo.note(f"facts {_place(folder, label)}", Facts) or Facts()


def keep_facts(memo: Memo, folder: Path, label: str, facts: Facts) -> None:
    """Keep ``facts`` in place of what was known of ``folder``."""
    memo.keep_note(f"facts {_place(folder, label)}", facts)


def _name(folder: Path, label: str) -> str:
    return f"stamp {_place(folder, label)}"


def _place(folder: Path, label: str) -> str:
    return f"{label}:{folder}"


def _intact(folder: Path, facts: Mapping[str, Fact]) -> bool:
    root = f"{folder}/"
    try:
        return all(stands(root + path, fact) for path, fact in facts.items())
    except OSError:
        return False
