"""Entries added to the chat of an internal record, without touching a byte of what others wrote."""

from __future__ import annotations

from collections.abc import Sequence

from generator.author.form import append
from generator.errors import ContentError, UsageError
from generator.record.internal import parse_internal
from generator.record.internal_model import InternalRecord
from generator.record.source import Report, decode, split

CHAT = "chat"
EMPTY = b"---\n---\n"
"""A record of which nothing is known yet."""


def known_ids(path: str, data: bytes) -> frozenset[str]:
    """Return the ids of the messages that a record has; raise ContentError when it cannot be read."""
    return frozenset(one.id for one in _read(path, data).chat if one.id)


def with_chat(path: str, data: bytes, entries: Sequence[str]) -> bytes:
    """Return a record with entries at the end of its chat, which is made where there is none.

    Raises ContentError when the record cannot be read, and UsageError where the entries would not be read back.
    """
    before = _read(path, data)
    text = "\n".join(entries)
    document = split(decode(data, Report(path)) or "", Report(path), sections=True)
    sections = document.sections if document else ()
    index = next((n for n, one in enumerate(sections) if one.heading.casefold().strip() == CHAT), None)
    if index is None:
        new = append(data, f"## {CHAT}\n\n{text}")
    elif index == len(sections) - 1:
        new = append(data, text)
    else:
        cut = _offset(data, sections[index + 1].line)
        new = append(data[:cut], f"{text}\n") + data[cut:]
    after = _read(path, new)
    if len(after.chat) != len(before.chat) + len(entries):
        raise UsageError(f"the end of the chat in {path} makes text of a new heading; close the code block there")
    return new


def _read(path: str, data: bytes) -> InternalRecord:
    parsed = parse_internal((path, data))
    if parsed.record is None or any(not problem.warning for problem in parsed.problems):
        raise ContentError(parsed.problems)
    return parsed.record


def _offset(data: bytes, line: int) -> int:
    """Return where a line begins, whatever its file ends lines with."""
    offset = 0
    for one in data.replace(b"\r\n", b"\0\n").replace(b"\r", b"\n").split(b"\n")[: line - 1]:
        offset += len(one) + 1
    return offset
