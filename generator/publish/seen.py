"""Whether an output stands as a build left it, told from the times of its files, reading none of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from generator.errors import Problem
from generator.publish.draft import Draft
from generator.publish.facts import Facts, Intact, intact
from generator.publish.files import digest_of, exists
from generator.publish.lock import STATE
from generator.publish.manifest import MARKER
from generator.publish.memo import Memo

RENEWED = 64
"""After so many builds all that is known of an output is kept anew."""


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


def standing(
    memo: Memo,
    folder: Path,
    label: str,
    *,
    made_of: bytes,
    now: datetime,
    looked: Callable[[], Intact] | None = None,
) -> Stamp | None:
    """Return what was kept of the output ``folder`` if a build would leave every file of it as it is.

    ``looked`` returns what another process has found of the folder meanwhile.
    """
    stamp = memo.note(_name(folder, label), Stamp)
    if stamp is None or stamp.made_of != made_of or not stamp.since <= now < stamp.until:
        return None
    try:
        # While that folder is there, another build works in this one, or left it half-way.
        if exists(folder / STATE) or digest_of(folder / MARKER) != stamp.marker:
            return None
    except OSError:
        return None
    found = looked() if looked else intact_parts(memo, folder, label)
    return stamp if found.whole and sum(part.files for part in found.parts.values()) == stamp.files else None


class _Kept(msgspec.Struct, frozen=True):
    """The parts of an output that something is kept of, each under a name of its own; see ``Facts``.

    ``age`` counts the times that only some of them were kept anew.
    """

    marker: bytes = b""
    parts: tuple[str, ...] = ()
    age: int = 0


def facts_of(memo: Memo, folder: Path, label: str) -> Facts:
    """Return what was known of the files in the output ``folder`` when it was last written."""
    place = _place(folder, label)
    kept = _kept(memo, place)
    return Facts(kept.marker, kept.parts, partial(_read, memo, place))


def intact_parts(memo: Memo, folder: Path, label: str) -> Intact:
    """Return which parts of the output ``folder`` are as they were when it was last written."""
    facts = facts_of(memo, folder, label)
    found = {name: one for name in facts.names if (one := intact(folder, facts, name)) is not None}
    return Intact(facts.marker, found, len(found) == len(facts.names))


def keep_facts(memo: Memo, folder: Path, label: str, marker: bytes, draft: Draft) -> None:
    """Keep the facts of a draft in place of those known of ``folder``, whose marker has the hash ``marker``."""
    place = _place(folder, label)
    before, read = _kept(memo, place), partial(_read, memo, place)
    after = _Kept(marker, tuple(sorted(draft.parts)), before.age + 1)
    changed = {name: facts for name, facts in draft.facts.items() if read(name) != facts}
    if after.age > RENEWED:
        # A memo forgets what was not kept for long.
        after = replace(after, age=0)
        changed = {name: facts for name in after.parts if (facts := draft.facts.get(name) or read(name))}
    if changed or (after.marker, after.parts) != (before.marker, before.parts):
        memo.keep_note(f"facts {place}", after)
        for name, facts in changed.items():
            memo.keep_note(_part(place, name), facts)


def _kept(memo: Memo, place: str) -> _Kept:
    return memo.note(f"facts {place}", _Kept) or _Kept()


def _read(memo: Memo, place: str, name: str) -> bytes | None:
    return memo.note(_part(place, name), bytes)


def _part(place: str, name: str) -> str:
    return f"facts {place}\0{name}"


def _name(folder: Path, label: str) -> str:
    return f"stamp {_place(folder, label)}"


def _place(folder: Path, label: str) -> str:
    return f"{label}:{folder}"
