"""Ids: those of new records, made of a day and a title, and the record that a person means by a part of one."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from generator.errors import UsageError, shown
from generator.record.fields import ID
from generator.record.model import Entry, PostmortemEntry, Site
from generator.terms import Kind

WORDS_LIMIT = 60
E = TypeVar("E", Entry, PostmortemEntry)
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "", "'": ""}
)


def slug(title: str) -> str:
    """Return a title as words of an id, at most ``WORDS_LIMIT`` characters; empty where no letter can be written so."""
    bare = unicodedata.normalize("NFKD", title.lower().translate(_LETTERS))
    words = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in bare if not unicodedata.combining(c))).strip("-")
    if len(words) <= WORDS_LIMIT:
        return words
    return words[: WORDS_LIMIT + 1].rpartition("-")[0] or words[:WORDS_LIMIT]


def new_id(kind: Kind, title: str, day: date, *, taken: Callable[[str], bool]) -> str:
    """Return the first id of day and title that is not taken: ``2026-11-21-login-is-slow``, then with ``-2`` …"""
    stem = f"{day.isoformat()}-{slug(title) or kind}"
    number, id = 1, stem
    while taken(id):
        number += 1
        id = f"{stem}-{number}"
    return id


def chosen_id(id: str, *, taken: Callable[[str], bool]) -> str:
    """Return an id that a person chose; raise UsageError when it is none, or is another record's."""
    if not ID.match(id):
        raise UsageError(f'"{shown(id)}" is not an id; use a-z, 0-9 and - between them, at most 100 characters')
    if taken(id):
        raise UsageError(f'the id "{id}" is taken; choose another, or leave it out')
    return id


def unfinished(site: Site) -> tuple[Entry, ...]:
    """Return the records that still go on or are still to come, newest first."""
    going = [entry for entry in site.entries if not entry.original.updates[-1].phase.ends]
    return tuple(sorted(going, key=lambda entry: (entry.original.begins, entry.original.id), reverse=True))


def named(wanted: str) -> str:
    """Return the id, or the part of one, that a person gave, perhaps as a file."""
    return re.split(r"[/\\]", wanted)[-1].partition(".")[0]


def find(site: Site, wanted: str) -> Entry | None:
    """Return the record with this id, former id, file name, or beginning of an id; None where there is none.

    Raises UsageError when several ids begin like this.
    """
    return _found(site.entries, named(wanted))


def find_postmortem(site: Site, wanted: str) -> PostmortemEntry | None:
    """Return the postmortem that a person means, as ``find`` does a record."""
    return _found(site.postmortems, named(wanted))


def _found(every: Iterable[E], name: str) -> E | None:
    every = tuple(every)
    entries = {entry.original.id: entry for entry in every}
    former = {alias: entry for entry in every for alias in entry.original.aliases}
    if name in entries or name in former:
        return entries.get(name) or former[name]
    alike = [id for id in entries if name and id.startswith(name)]
    if len(alike) > 1:
        rest = f" and {len(alike) - 10} more" if len(alike) > 10 else ""
        raise UsageError(f'several ids begin with "{shown(name)}": {", ".join(alike[-10:])}{rest}')
    return entries[alike[0]] if alike else None


def unknown(wanted: str, ids: Iterable[str]) -> UsageError:
    """Return the error for an id that nothing has, with the nearest one."""
    near = difflib.get_close_matches(wanted, list(ids), n=1, cutoff=0.6)
    hint = f'did you mean "{near[0]}"?' if near else "statique update alone lists what is open"
    return UsageError(f'there is no incident or maintenance "{shown(wanted)}"; {hint}')


def listed(entries: Iterable[Entry]) -> str:
    """Return open records as the lines of a message."""
    lines = [f"  {e.original.id}  {e.original.title} ({e.original.updates[-1].phase})" for e in entries]
    return "\n".join(["open are:", *lines]) if lines else "none is open"
