"""Files that are about to be written: examined as a build would before the first of them is touched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from generator.author.files import create, replace
from generator.errors import ContentError, Problem, SystemFault, UsageError
from generator.record.check import check
from generator.record.load import Survey
from generator.record.model import Entry, Incident, Postmortem, PostmortemEntry, Site, Translation
from generator.record.parse import Parsed, parse_record, parser
from generator.record.source import FILE_LIMIT
from generator.terms import Dialect


class Change(msgspec.Struct, frozen=True):
    """One file: its path in the site folder, the bytes that it had (None for a new one), and those that it gets."""

    path: str
    old: bytes | None
    new: bytes


def examine(found: Survey, changes: Sequence[Change], *, now: datetime) -> tuple[Problem, ...]:
    """Return the warnings about files as they will be; raise ContentError with what a build would refuse in them.

    What is wrong elsewhere in the site is left for another time: it must not hold up an update.
    """
    parse = parser(found.site.config.markdown if found.site else Dialect.MARKDOWN)
    parsed = [parse((change.path, change.new)) for change in changes]
    problems = [problem for one in parsed for problem in one.problems] + [*_oversized(changes)]
    site = None if found.site is None else _with(found.site, parsed)
    if site is not None:
        paths, known = {change.path for change in changes}, set(found.problems)
        problems += [p for p in check(site, now) if p.path in paths or p not in known]
    if any(not problem.warning for problem in problems):
        raise ContentError(problems)
    for change, one in zip(changes, parsed, strict=True):
        _refuse_swallowed(change, one)
    return tuple(sorted(problems))


def _refuse_swallowed(change: Change, parsed: Parsed) -> None:
    """Raise UsageError where what stands before a new update makes text of it, as an open code block does."""
    before = None if change.old is None else parse_record((change.path, change.old)).record
    after = parsed.record
    if isinstance(after, Incident) and isinstance(before, Incident) and len(after.updates) == len(before.updates):
        raise UsageError(f"the end of {change.path} makes text of a new heading; close the code block there")


def _oversized(changes: Sequence[Change]) -> list[Problem]:
    hint = "open a second incident that links this one"
    return [
        Problem(change.path, 1, 1, "F103", f"has {len(change.new)} bytes, more than {FILE_LIMIT}", hint)
        for change in changes
        if len(change.new) > FILE_LIMIT
    ]


def _with(site: Site, parsed: Sequence[Parsed]) -> Site:
    """Return the site as it will be."""
    entries = {entry.original.id: entry for entry in site.entries}
    for record in (one.record for one in parsed):
        if isinstance(record, Incident):
            old = entries.get(record.id)
            entries[record.id] = Entry(record, old.translations if old else {})
        elif isinstance(record, Translation) and record.id in entries:
            entry = entries[record.id]
            entries[record.id] = Entry(entry.original, {**entry.translations, record.lang: record})
    library = {entry.original.id: entry for entry in site.postmortems}
    library |= {
        record.id: PostmortemEntry(record, {})
        for record in (one.record for one in parsed)
        if isinstance(record, Postmortem)
    }
    return msgspec.structs.replace(
        site,
        entries=tuple(entries[id] for id in sorted(entries)),
        postmortems=tuple(library[id] for id in sorted(library)),
    )


def write(root: Path, changes: Sequence[Change]) -> None:
    """Write all files, the first one first; raise SystemFault when one is no longer as it was read.

    Nothing is written when that shows before the first one is; the message says what was.
    """
    for change in changes:
        if not _is_still(root / change.path, change.old):
            raise _changed(change, ())
    for number, change in enumerate(changes):
        path = root / change.path
        done = create(path, change.new.decode("utf-8")) if change.old is None else replace(path, change.old, change.new)
        if not done:
            raise _changed(change, changes[:number])


def _is_still(path: Path, old: bytes | None) -> bool:
    try:
        return path.read_bytes() == old
    except FileNotFoundError:
        return old is None
    except OSError as error:
        raise SystemFault(f"cannot read {path}: {error.strerror}") from None


def _changed(change: Change, written: Sequence[Change]) -> SystemFault:
    done = f"only {', '.join(one.path for one in written)} was written" if written else "nothing was written"
    return SystemFault(f"{change.path} was changed by someone else in the meantime; {done}; run the command again")
