"""The sections of an internal record: prose, lists, and entries that stand at level-3 headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from generator.errors import shown
from generator.record.fields import nearest, read_time
from generator.record.internal_fields import Facts, open_pairs
from generator.record.internal_model import (
    Action,
    ChatMessage,
    Communication,
    Event,
    EventKind,
    InternalRecord,
    Prose,
    Reaction,
)
from generator.record.sections import Document, Section, entries
from generator.record.source import Report
from generator.terms import Effort, Progress

ENTRY_LIMIT = 5000
BODY_LIMIT = 64 * 1024
BOT = "(bot)"

_WHEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?: ?(?:Z|UTC)(?!\S)| ?[+-][0-9]{2}:[0-9]{2})?)(?:[ \t]+(.*))?\Z"
)
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,3}[.)])[ \t]+(.*)")

E = TypeVar("E", bound=Event | Communication | ChatMessage)


def with_sections(record: InternalRecord, document: Document, report: Report) -> InternalRecord:
    """Return a record with what its sections say; what cannot be read is noted and left out."""
    if document.lead:
        hint = "put it under `## summary`, `## notes` or another heading"
        report.add("S117", (document.lead_line, 1), "text before the first section", hint)
    found: dict[str, Section] = {}
    for section in document.sections:
        name = " ".join(section.heading.casefold().split())
        if name not in READERS:
            message = f'unknown section "{shown(section.heading)}"'
            report.add("S152", (section.line, 4), message, nearest(name, READERS))
        elif name in found:
            message = f'the section "{name}" stands twice'
            report.add("S153", (section.line, 4), message, f"the first is on line {found[name].line}; join the two")
        else:
            found[name] = section
    values = {name.replace(" ", "_"): READERS[name](section, report) for name, section in found.items()}
    values["factors"] = values.pop("contributing_factors", ())
    return with_mentions(msgspec.structs.replace(record, **values))


def _refuse_fields(section: Section, report: Report) -> None:
    if section.fields.entries:
        hint = "put a blank line under the heading"
        report.add("S101", section.fields.mark, f'the section "{section.heading}" has no fields', hint)


def _prose(section: Section, report: Report) -> Prose | None:
    _refuse_fields(section, report)
    _check_size(section, report)
    return Prose(section.body, section.body_line) if section.body else None


def _items(section: Section, report: Report) -> tuple[Prose, ...]:
    """Return the items of a section that is one list."""
    _refuse_fields(section, report)
    _check_size(section, report)
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(section.body.split("\n") if section.body else (), section.body_line):
        if item := _ITEM.match(line):
            found.append((number, [item[1]]))
        elif found and (not line.strip() or line.startswith((" ", "\t"))):
            found[-1][1].append(line.strip())
        else:
            hint = "begin each item with `- `, and indent the lines that belong to it"
            report.add("S154", (number, 1), f'"{section.heading}" must be a list', hint)
            break
    return tuple(Prose("\n".join(lines).strip(), number) for number, lines in found)


def _check_size(section: Section, report: Report) -> None:
    size = len(section.body.encode("utf-8"))
    if size > BODY_LIMIT:
        report.add("S118", (section.body_line, 1), f"a text of {size} bytes, more than {BODY_LIMIT}", "shorten it")


def _entries(section: Section, report: Report, read: Callable[[Section, Report], E | None]) -> tuple[E, ...]:
    """Return the entries of a section in order of time."""
    found = [one for entry in _parts(section, report) if (one := read(entry, report)) is not None]
    return tuple(sorted(found, key=lambda one: one.at))


def _parts(section: Section, report: Report) -> tuple[Section, ...]:
    _refuse_fields(section, report)
    lead, line, parts = entries(section, report)
    if lead:
        example = EXAMPLES[" ".join(section.heading.casefold().split())]
        report.add("S117", (line, 1), "text before the first entry", f"put it under a heading like `### {example}`")
    if len(parts) > ENTRY_LIMIT:
        report.add("S118", (parts[ENTRY_LIMIT].line, 1), f"more than {ENTRY_LIMIT} entries", "leave some out")
    for part in parts:
        _check_size(part, report)
    return parts[:ENTRY_LIMIT]


def _when(entry: Section, report: Report, *, section: str) -> tuple[datetime, str, int] | None:
    """Return an entry's time, the words after it, and the column where they begin."""
    match = _WHEN.match(entry.heading)
    if not match:
        message = "the heading of an entry begins with a time"
        report.add("S155", (entry.line, 1), message, f"write `### {EXAMPLES[section]}`")
        return None
    at = read_time(match[1], (entry.line, 5), report)
    words = (match[2] or "").strip()
    if not entry.body:
        report.add("S156", (entry.line, 1), "the entry has no text", "write what happened under a blank line")
    return None if at is None else (at, words, 5 + (match.start(2) if match[2] else len(match[1])))


def _event(entry: Section, report: Report) -> Event | None:
    when = _when(entry, report, section="timeline")
    measures = open_pairs(entry.fields, "timeline", report)
    if when is None:
        return None
    at, words, column = when
    word, _, actor = words.partition(" ")
    kind = next((one for one in EventKind if one == word), None)
    if kind is None:
        message = f'unknown kind of entry "{shown(word)}"' if word else "the kind of the entry is missing"
        report.add("S157", (entry.line, column), message, nearest(word, [str(one) for one in EventKind]))
        return None
    if actor and not actor.startswith("by "):
        column += len(word) + 1
        hint = f"write `### {EXAMPLES['timeline']}`"
        report.add("S155", (entry.line, column), f'"{shown(actor)}" after the kind must begin with "by"', hint)
        return None
    return Event(at, kind, actor.removeprefix("by ").strip() or None, entry.body, measures, entry.line, entry.body_line)


def _communication(entry: Section, report: Report) -> Communication | None:
    when = _when(entry, report, section="communications")
    fields = Facts(entry.fields, report)
    author = fields.text("by")
    fields.close()
    if when is None:
        return None
    at, words, column = when
    channel, _, audience = words.partition(" to ")
    if not channel:
        message, hint = "the channel is missing", f"write `### {EXAMPLES['communications']}`"
        report.add("S155", (entry.line, column), message, hint)
        return None
    return Communication(at, channel.strip(), audience.strip() or None, author, entry.body, entry.line, entry.body_line)


def _message(entry: Section, report: Report) -> ChatMessage | None:
    when = _when(entry, report, section="chat")
    fields = Facts(entry.fields, report)
    id, thread = fields.text("id"), fields.text("thread")
    reactions = tuple(
        Reaction(one.name, tuple(one.value.split(", "))) for one in fields.pairs("reactions", "eyes: [Dana, Bob]")
    )
    edited, mentions = fields.time("edited"), fields.names("mentions")
    fields.text("imported")  # of the import alone
    fields.close()
    if when is None:
        return None
    at, words, column = when
    author = words.removesuffix(BOT).strip()
    if not author:
        report.add("S155", (entry.line, column), "the author is missing", f"write `### {EXAMPLES['chat']}`")
        return None
    bot, line, text_line = words.endswith(BOT), entry.line, entry.body_line
    return ChatMessage(at, author, bot, entry.body, mentions, line, text_line, id, thread, reactions, edited)


def _actions(section: Section, report: Report) -> tuple[Action, ...]:
    return tuple(one for entry in _parts(section, report) if (one := _action(entry, report)) is not None)


def _action(entry: Section, report: Report) -> Action | None:
    fields = Facts(entry.fields, report)
    status = fields.choice("status", Progress) or Progress.OPEN
    owner, kind = fields.text("owner"), fields.choice("type", Effort)
    priority, due = fields.text("priority"), fields.day("due")
    fields.close()
    if not entry.heading:
        report.add("S155", (entry.line, 1), "an action without a title", f"write `### {EXAMPLES['actions']}`")
        return None
    line, text_line = entry.line, entry.body_line
    return Action(entry.heading, status, owner, kind, priority, due, entry.body, line, text_line)


EXAMPLES: Mapping[str, str] = {
    "timeline": "2026-02-22 02:51 UTC investigation by Dana",
    "communications": "2026-02-22 02:51 UTC status page to external",
    "chat": "2026-02-22 02:51 UTC Dana",
    "actions": "Go back to the release before",
}

READERS: Mapping[str, Callable[[Section, Report], Any]] = {
    "summary": _prose,
    "timeline": lambda section, report: _entries(section, report, _event),
    "communications": lambda section, report: _entries(section, report, _communication),
    "chat": lambda section, report: _entries(section, report, _message),
    "actions": _actions,
    "root cause": _prose,
    "contributing factors": _items,
    "mitigation": _items,
    "permanent fix": _prose,
    "workaround": _prose,
    "notes": _prose,
}
"""The sections of an internal record, in the order in which people read them."""


def people(record: InternalRecord) -> tuple[str, ...]:
    """Return everyone whom a record names, each once, longest names first."""
    named = [record.commander, *record.responders, *(one.author for one in record.chat)]
    named += [one.value for one in record.roles] + [one.name for one in record.participants]
    named += [name for one in record.chat for name in one.mentions]
    return tuple(sorted({name for name in named if name}, key=lambda name: (-len(name), name)))


def with_mentions(record: InternalRecord) -> InternalRecord:
    """Return a record whose chat messages know whom they mention, by the longest name that fits."""
    known = people(record)
    names = "|".join(re.escape(name) for name in known)
    pattern = re.compile(rf"(?<![\w@/.])@(?:({names})(?!\w)|(\w[\w.-]*\w|\w))" if known else r"(?!)", re.IGNORECASE)
    spelling = {name.casefold(): name for name in known}
    chat = tuple(msgspec.structs.replace(one, mentions=_mentioned(one, pattern, spelling)) for one in record.chat)
    return msgspec.structs.replace(record, chat=chat)


def _mentioned(one: ChatMessage, pattern: re.Pattern[str], spelling: Mapping[str, str]) -> tuple[str, ...]:
    found = (spelling[match[1].casefold()] if match[1] else match[2] for match in pattern.finditer(one.text))
    return tuple(dict.fromkeys([*one.mentions, *found]))
