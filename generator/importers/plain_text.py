"""Plain words of another system as Markdown that shows them as they were."""

from __future__ import annotations

import re

from generator.record.source import visible

_HEADING = re.compile(r"^([ \t]*)(#{1,6}(?:[ \t]|$)|[=-]+[ \t]*$|`{3}|~{3})", re.MULTILINE)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def as_markdown(text: str) -> str:
    """Return ``text`` with what would open a heading, code, a tag or a link made harmless; hidden characters go."""
    lines = visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n").rstrip()
    lines = re.sub(r"\A(?:[ \t]*\n)+", "", lines)
    return _HEADING.sub(r"\1\\\2", _TAG.sub("&lt;", lines)).replace("](", r"]\(")


def one_line(text: str) -> str:
    """Return ``text`` in one line, without hidden characters."""
    return " ".join(visible(text).split())
