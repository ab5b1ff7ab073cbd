"""A new record, or the next update of one, as changes of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from generator.author.changes import Change
from generator.author.form import (
    NewRecord,
    NewUpdate,
    States,
    append,
    record_text,
    translation_text,
    update_text,
    with_title,
)
from generator.errors import ContentError, SystemFault, UsageError
from generator.record.fields import unparse_time
from generator.record.folder import CONTENT
from generator.record.model import Entry, Incident, Site, Translation, Update
from generator.record.parse import parse_record
from generator.record.source import Refused, read_bytes
from generator.terms import Kind, Level, Phase

FOLDERS = {Kind.INCIDENT: "incidents", Kind.MAINTENANCE: "maintenance"}


def settled(states: States, default: Level) -> States:
    """Return states that can stand in one map: where some are named, the others get the ``default`` by name."""
    if all(level is None for level in states.values()):
        return states
    return {id: level or default for id, level in states.items()}


def default_state(site: Site, severity: str | None) -> Level:
    """Return the state of a component that is named without one."""
    known = site.config.severity(severity or "")
    return known.state if known else Level.UNDER_MAINTENANCE


def opening(site: Site, record: NewRecord, *, newest: str | None) -> tuple[Change, ...]:
    """Return the file of a new record, and its translations; ``newest`` is the path of the latest of its kind."""
    default = site.config.default
    folder = _folder(record, newest)
    states = settled(record.components, default_state(site, record.severity))
    record = msgspec.structs.replace(record, components=states)
    changes = [_new(f"{folder}/{record.id}.md", record_text(record, default))]
    for lang in site.config.languages[1:]:
        first = record.first if lang in record.first.texts else None
        if first or lang in record.titles:
            text = translation_text(first, lang, record.titles.get(lang))
            changes.append(_new(f"{folder}/{record.id}.{lang}.md", text))
    return tuple(changes)


def _new(path: str, text: str) -> Change:
    return Change(path, None, text.encode("utf-8"))


def _folder(record: NewRecord, newest: str | None) -> str:
    """Return where a new record lies: in a folder of its year, where the newest of its kind does."""
    last = newest.rsplit("/", 2)[1] if newest else ""
    year = record.id[:4]
    by_year = len(last) == 4 and last.isdigit() and year.isdigit()
    return f"{CONTENT}/{FOLDERS[record.kind]}" + (f"/{year}" if by_year else "")


def following(root: Path, site: Site, entry: Entry, update: NewUpdate, titles: Mapping[str, str]) -> Iterator[Change]:
    """Yield the changes that add an update to a record and its translations; ``titles`` are of translations.

    Raises UsageError, ContentError when a file cannot be read, and SystemFault.
    """
    path, default = entry.original.path, site.config.default
    states = settled(update.components, default_state(site, entry.original.severity))
    update = msgspec.structs.replace(update, components=states)
    data = _read(root, path)
    yield Change(path, data, append(data, update_text(update, default, fields=True)))
    for lang in (lang for lang in site.config.languages[1:] if lang in update.texts or lang in titles):
        said = update if lang in update.texts else None
        translation = entry.translations.get(lang)
        target = translation.path if translation else f"{path.removesuffix('.md')}.{lang}.md"
        if translation is None and not (root / target).exists():
            yield _new(target, translation_text(said, lang, titles.get(lang)))
        else:
            yield _extended(target, _read(root, target), said, lang, titles.get(lang))


def _extended(path: str, data: bytes, update: NewUpdate | None, lang: str, title: str | None) -> Change:
    record = parse_record((path, data)).record
    new = data
    if title and isinstance(record, Translation) and record.title:
        raise UsageError(f'{path} has the title "{record.title}" already; edit the file to change it')
    if title:
        new = with_title(new, title)
    if update:
        new = append(new, update_text(update, lang, fields=False))
    return Change(path, data, new)


def present(root: Path, entry: Entry) -> Incident:
    """Return a record as its file holds it at this moment; raise ContentError when it cannot be read."""
    path = entry.original.path
    parsed = parse_record((path, _read(root, path)))
    if not isinstance(parsed.record, Incident):
        raise ContentError(parsed.problems)
    return parsed.record


def _read(root: Path, path: str) -> bytes:
    try:
        data = read_bytes(root / path)
    except Refused as refused:
        raise SystemFault(f"{path} {refused.message}; {refused.hint}") from None
    parsed = parse_record((path, data))
    if parsed.record is None:
        raise ContentError(parsed.problems)
    return data


def moment(record: Incident, phase: Phase, at: datetime | None, *, now: datetime) -> datetime:
    """Return the time of the next update: ``at``, or now to the minute, or to the second where that is needed.

    Raises UsageError for a time before the last update, or that of an update with the same status.
    """
    last = record.updates[-1]
    minute = now.replace(second=0, microsecond=0)
    chosen = at or (now if minute < last.at or _is_taken(record, phase, minute) else minute)
    if chosen < last.at:
        told = f"the last update is of {unparse_time(last.at)}, after {unparse_time(chosen)}"
        hint = "updates stand in order of time: give a later time" if at else "give its time yourself"
        raise UsageError(f"{told}; {hint}, such as {unparse_time(last.at + timedelta(minutes=1))}")
    if _is_taken(record, phase, chosen):
        raise UsageError(f'there is an update "{phase} {unparse_time(chosen)}" already; give another time')
    return chosen


def _is_taken(record: Incident, phase: Phase, at: datetime) -> bool:
    return any(update.phase is phase and update.at == at for update in record.updates)


def refuse_ended(record: Incident, phase: Phase, *, reopen: bool) -> None:
    """Raise UsageError where a record has ended, unless it is to be opened again by a status that goes on."""
    last: Update = record.updates[-1]
    if not last.phase.ends:
        return
    if not reopen:
        told = f"{record.id} is {last.phase} since {unparse_time(last.at)}"
        raise UsageError(f"{told}; open it again with --reopen, or write a new incident")
    if phase.ends:
        raise UsageError(f'an update that opens {record.id} again cannot be "{phase}"; use a status that goes on')
