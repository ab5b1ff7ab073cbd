"""The chat of an internal record follows the channel that it came from, without touching a byte of what others wrote.

An entry that was imported bears a mark of what it said then: so it is known whether somebody has changed it since.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise

import msgspec

from generator.author.form import append
from generator.errors import ContentError, Problem, UsageError
from generator.record.internal import parse_internal
from generator.record.internal_model import InternalRecord
from generator.record.sections import split
from generator.record.source import Report, decode
from generator.terms import Dialect

CHAT = "chat"
EMPTY = b"---\n---\n"
"""A record of which nothing is known yet."""

_MARK = re.compile(r"^imported: (\w+)$", re.MULTILINE)


class Followed(msgspec.Struct, frozen=True):
    """A record as the channel has it now: what is new and what was edited there, and edits that it could not take."""

    data: bytes
    added: int
    changed: int
    problems: tuple[Problem, ...]


def follow(path: str, data: bytes, entries: Mapping[str, str], *, dialect: Dialect) -> Followed:
    """Return a record with the messages of a channel, by their ids: new ones added, edited ones as they are now.

    An entry that was changed by hand and in the channel stays as it is, and is a warning.
    Raises ContentError when the record cannot be read, and UsageError where the entries would not be read back.
    """
    record, new, changed, problems = _read(path, data, dialect), data, 0, []
    known = {one.id: one.line for one in record.chat if one.id}
    ends = b"\r\n" if b"\r\n" in data else b"\n"
    for id, start, end in reversed([*_spans(path, data, record)]):
        there, here = entries.get(id), data[start:end].decode()
        if there is None or _settled(here) == _settled(there):
            continue
        head = _settled(here, marked=True).partition("\n\n")[0]
        mark = found[1] if (found := _MARK.search(head)) else None
        if mark == _print(here):
            rest = data[start + len(data[start:end].rstrip()) : end]
            new = new[:start] + marked(there).rstrip().encode().replace(b"\n", ends) + rest + new[end:]
            changed += 1
        elif mark != _print(there):
            hint = f"take over what it says there, and write `imported: {_print(there)}`; or delete the entry and "
            hand = "the entry by hand" if mark else "perhaps the entry by hand"
            message = f"message {id} was edited in the channel, and {hand}; the entry was left as it is"
            problems.append(Problem(path, known[id], 1, "I163", message, f"{hint}import again", warning=True))
    if len(_read(path, new, dialect).chat) != len(record.chat):
        raise UsageError(f"an edited message makes text of the headings after it in {path}; close its code block")
    added = [marked(text) for id, text in entries.items() if id not in known]
    whole = with_chat(path, new, added, dialect=dialect) if added else new
    return Followed(whole, len(added), changed, tuple(sorted(problems)))


def marked(entry: str) -> str:
    """Return an entry with the mark of what it says."""
    heading, _, rest = entry.partition("\n")
    return f"{heading}\nimported: {_print(entry)}\n{rest}"


def _print(entry: str) -> str:
    return blake2b(_settled(entry).encode(), digest_size=4).hexdigest()


def _settled(entry: str, *, marked: bool = False) -> str:
    """Return an entry whatever its line ends, blank ends and, unless ``marked``, its mark are."""
    lines = "\n".join(line.rstrip() for line in entry.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    head, blank, body = lines.partition("\n\n")
    return lines if marked else _MARK.sub("", head).replace("\n\n", "\n").rstrip("\n") + blank + body


def _spans(path: str, data: bytes, record: InternalRecord) -> Iterator[tuple[str, int, int]]:
    """Yield the id of each entry of the chat that has one, and where its bytes begin and end, in the file's order."""
    document = split(decode(data, Report(path)) or "", Report(path), sections=True)
    sections = [section.line for section in document.sections] if document else []
    ids = {one.line: one.id for one in record.chat}
    offsets = [*_offsets(data), len(data)]
    for line, after in pairwise([*sorted({*ids, *sections}), len(offsets)]):
        if id := ids.get(line):
            yield id, offsets[line - 1], offsets[after - 1]


def with_chat(path: str, data: bytes, entries: Sequence[str], *, dialect: Dialect) -> bytes:
    """Return a record with entries at the end of its chat, which is made where there is none.

    Raises ContentError when the record cannot be read, and UsageError where the entries would not be read back.
    """
    before = _read(path, data, dialect)
    text = "\n".join(entries)
    document = split(decode(data, Report(path)) or "", Report(path), sections=True)
    sections = document.sections if document else ()
    index = next((n for n, one in enumerate(sections) if one.heading.casefold().strip() == CHAT), None)
    if index is None:
        new = append(data, f"## {CHAT}\n\n{text}")
    elif index == len(sections) - 1:
        new = append(data, text)
    else:
        cut = [*_offsets(data)][sections[index + 1].line - 1]
        new = append(data[:cut], f"{text}\n") + data[cut:]
    after = _read(path, new, dialect)
    if len(after.chat) != len(before.chat) + len(entries):
        raise UsageError(f"the end of the chat in {path} makes text of a new heading; close the code block there")
    return new


def _read(path: str, data: bytes, dialect: Dialect) -> InternalRecord:
    parsed = parse_internal((path, data), dialect)
    if parsed.record is None or any(not problem.warning for problem in parsed.problems):
        raise ContentError(parsed.problems)
    return parsed.record


def _offsets(data: bytes) -> Iterator[int]:
    """Yield where each line begins, whatever its file ends lines with."""
    offset = 0
    for one in data.replace(b"\r\n", b"\0\n").replace(b"\r", b"\n").split(b"\n"):
        yield offset
        offset += len(one) + 1
