"""When each update was published, as git has it: the first time that the branch had it in a file that is no draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path

import msgspec

from generator.errors import StatiqueError
from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.folder import CONTENT, is_record
from generator.record.history import LOGS, repository_of
from generator.record.model import Entry, Incident, Site
from generator.record.parse import Parse, parse_records
from generator.record.promises import Key, key

Times = Mapping[str, Mapping[Key, datetime]]
"""Moments by the id of the record and by what tells its updates apart."""

BATCH = 1000


def whole_head(root: Path) -> str | None:
    """Return the commit that is checked out; None where git is missing, or does not have the whole history.

    A clone without its whole history gives the time of its oldest commit for all that is older.
    """
    try:
        repository = repository_of(root)
        return None if repository.is_shallow else repository.head()
    except StatiqueError:
        return None


def published_times(root: Path, commit: str, *, parse: Parse = parse_records) -> Times:
    """Return when each update came to the history of a commit; nothing at all where git cannot tell."""
    found: dict[str, dict[Key, datetime]] = {}
    try:
        repository = repository_of(root)
        versions = iter([one for one in repository.versions(commit, LOGS) if _is_original(f"{CONTENT}/{one.path}")])
        while batch := list(islice(versions, BATCH)):
            contents = repository.read(version.blob for version in batch)
            sources = [(f"{CONTENT}/{one.path}", data) for one, data in zip(batch, contents, strict=True)]
            for version, parsed in zip(batch, parse(sources), strict=True):
                if isinstance(parsed.record, Incident) and not parsed.record.draft:
                    known = found.setdefault(parsed.record.id, {})
                    for update in parsed.record.updates:
                        known.setdefault(key(update), version.at)
    except StatiqueError:
        return {}
    return found


def _is_original(path: str) -> bool:
    return is_record(path) and "." not in path.rsplit("/", 1)[1].removesuffix(".md")


def dated(site: Site, times: Times, recall: Recall = afresh) -> Site:
    """Return the site with the times of publication that are known; what is not committed yet has none."""
    return msgspec.structs.replace(site, entries=tuple(recall(_dated, entry, times) for entry in site.entries))


def _dated(entry: Entry, times: Times) -> Entry:
    record = entry.original
    known: dict[Key, datetime] = {}
    for id in (record.id, *record.aliases):
        for mark, at in times.get(id, {}).items():
            known[mark] = min(at, known.get(mark, at))
    if not known:
        return entry
    updates = tuple(msgspec.structs.replace(update, published=known.get(key(update))) for update in record.updates)
    made_of = key_of(record.made_of, tuple(update.published for update in updates))
    return msgspec.structs.replace(entry, original=msgspec.structs.replace(record, updates=updates, made_of=made_of))
