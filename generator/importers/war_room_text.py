"""The parts of an internal record as they stand in its file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from generator.importers.foreign import emit
from generator.importers.foreign_json import Leaf
from generator.importers.plain_text import as_markdown, one_line
from generator.record.fields import unparse_time

VALUE_LIMIT = 500
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Keys that YAML 1.1 takes for something else, so that they would stand in quotes and be no field."""
_KEY = re.compile(r"[^A-Za-z0-9_-]+")


def entry(at: datetime, words: str, text: str, fields: Mapping[str, object] | None = None) -> str:
    """Return an entry of the timeline, the communications or the chat; ``text`` is Markdown."""
    return titled(f"{unparse_time(at)} {one_line(words)}", text, fields)


def titled(heading: str, text: str, fields: Mapping[str, object] | None = None) -> str:
    """Return an entry under any heading; ``text`` is Markdown."""
    lines = f"### {one_line(heading)}\n{emit(fields) if fields else ''}"
    return f"{lines}\n{text}\n" if text else lines


def section(name: str, parts: Sequence[str]) -> str:
    """Return a section with its parts; nothing where there is none."""
    return "\n".join([f"## {name}\n", *parts]) if parts else ""


def items(texts: Iterable[str]) -> str:
    """Return words as the items of a list."""
    return "".join(
        f"- {as_markdown(text)}\n".replace("\n\n", "\n").replace("\n", "\n  ").rstrip() + "\n" for text in texts
    )


def measures(found: Iterable[Leaf]) -> tuple[dict[str, object], list[str]]:
    """Return values as an entry's fields, and those that are too long to be one, as lines of text."""
    fields: dict[str, object] = {}
    longer = []
    for pointer, words in found:
        key = _KEY.sub("_", pointer).lstrip("_-0123456789").rstrip("_-") or "value"
        key = f"{key}_" if key.lower() in _WORDS else key
        value = one_line(words)
        if len(value) > VALUE_LIMIT or not value or len(fields) > 90:
            longer.append(f"{key}: {as_markdown(words)}")
        else:
            number = 2
            free = key
            while free in fields:
                free, number = f"{key}_{number}", number + 1
            fields[free] = bare(value)
    return fields, longer


def bare(words: str) -> object:
    """Return words as YAML writes them without quotes, where they are a number or an answer that stays the same."""
    if words in ("true", "false"):
        return words == "true"
    for kind in (int, float):
        try:
            number = kind(words)
        except ValueError:
            continue
        if str(number) == words and words[-1].isdigit():
            return number
    return words
