"""Records and updates in the form of their files, and what is added to a file without touching the rest of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
import yaml

from generator.record.fields import unparse_time
from generator.terms import Kind, Level, Phase

States = Mapping[str, Level | None]
"""Component ids with their states; None is the state that the severity says."""


class NewUpdate(msgspec.Struct, frozen=True):
    """An update to be written: its texts by language, the default one among them."""

    phase: Phase
    at: datetime
    texts: Mapping[str, str]
    components: States = {}
    next: datetime | None = None


class NewRecord(msgspec.Struct, frozen=True):
    """An incident or maintenance to be written: its titles by language, the default one among them."""

    kind: Kind
    id: str
    titles: Mapping[str, str]
    components: States
    first: NewUpdate
    severity: str | None = None
    window: tuple[datetime, datetime] | None = None
    started: datetime | None = None
    tags: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    draft: bool = False
    backfilled: bool = False


def heading(update: NewUpdate) -> str:
    """Return the heading that opens an update and its translations."""
    return f"## {update.phase} {unparse_time(update.at)}"


def update_text(update: NewUpdate, lang: str, *, fields: bool) -> str:
    """Return an update in one language; ``fields`` stand in the original only."""
    lines = [heading(update)]
    if fields and update.components:
        lines.append(f"components: {_flow(update.components)}")
    if fields and update.next:
        lines.append(f"next: {unparse_time(update.next)}")
    return "\n".join(lines) + f"\n\n{update.texts[lang]}\n"


def record_text(record: NewRecord, lang: str) -> str:
    """Return the file of a record in its default language."""
    lines = [line("title", record.titles[lang])]
    if record.severity:
        lines.append(line("severity", record.severity))
    if record.window:
        start, end = map(unparse_time, record.window)
        lines.append(f"scheduled: {{from: {start}, until: {end}}}")
    lines.append(_components(record.components))
    if record.started:
        lines.append(f"started: {unparse_time(record.started)}")
    if record.tags:
        lines.append(f"tags: [{', '.join(record.tags)}]")
    if record.links:
        lines.append("links:")
        lines += [f"  - {line('label', label)}\n    {line('url', url)}" for label, url in record.links]
    lines += [f"{name}: true" for name in ("draft", "backfilled") if getattr(record, name)]
    return "\n".join(["---", *lines, "---", "", ""]) + update_text(record.first, lang, fields=True)


def translation_text(update: NewUpdate | None, lang: str, title: str | None) -> str:
    """Return a new translation, of a title, of one update, or of both."""
    front = "\n".join(["---", *([line("title", title)] if title else []), "---", ""])
    return front if update is None else f"{front}\n{update_text(update, lang, fields=False)}"


def append(data: bytes, text: str) -> bytes:
    """Return a file with a section added at its end: every byte of it stays, and its kind of line ends goes on."""
    end = _line_end(data)
    written = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    last = written.rsplit("\n", 2)
    blank = "" if not last[-1].strip() and (len(last) < 2 or not last[-2].strip()) else "\n"
    open_line = "" if not last[-1] else "\n"
    return data + f"{open_line}{blank}{text}".replace("\n", end).encode("utf-8")


def with_title(data: bytes, title: str) -> bytes:
    """Return a file whose front matter begins with a title; every other byte stays."""
    end = _line_end(data)
    first, mark, rest = data.partition(end.encode())
    return first + mark + f"{line('title', title)}{end}".encode() + rest


def _line_end(data: bytes) -> str:
    pairs = data.count(b"\r\n")
    counts = {"\r\n": pairs, "\n": data.count(b"\n") - pairs, "\r": data.count(b"\r") - pairs}
    most = max(counts, key=lambda end: counts[end])
    return most if counts[most] else "\n"


def line(key: str, value: str) -> str:
    """Return a key and a text as a line of YAML."""
    # The emitter alone knows when a value needs quotes.
    line = yaml.safe_dump({key: value}, allow_unicode=True, width=float("inf"))
    return str(line).rstrip("\n")


def _components(states: States) -> str:
    if all(level is None for level in states.values()):
        return f"components: {_flow(states)}"
    return "\n".join(["components:", *(f"  {_pair(id, level)}" for id, level in states.items())])


def _flow(states: States) -> str:
    if all(level is None for level in states.values()):
        return f"[{', '.join(states)}]"
    return f"{{{', '.join(_pair(id, level) for id, level in states.items())}}}"


def _pair(id: str, level: Level | None) -> str:
    return f"{id}: {level or 'null'}"
