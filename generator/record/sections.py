"""A Markdown file taken apart: its front matter, and its text at the headings, each section with its own fields."""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec

from generator.record.nodes import Mapping
from generator.record.source import Report


class Section(msgspec.Struct, frozen=True):
    """A heading and what stands under it."""

    heading: str
    line: int
    fields: Mapping
    body: str
    body_line: int


class Document(msgspec.Struct, frozen=True):
    """A file taken apart; ``lead`` is the text before the first section, or all of it where sections were not asked."""

    front: Mapping
    lead: str
    lead_line: int
    sections: tuple[Section, ...]


_HEADINGS = {
    len(sign): re.compile(rf" {{0,3}}{sign}(?!#)(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$") for sign in ("##", "###")
}
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*:(?:\s|$)")


def split(text: str, report: Report, *, sections: bool, fields: bool = True) -> Document | None:
    """Return a Markdown file's front matter and text, at its level-2 headings where ``sections`` is set.

    Without ``fields`` the lines right under a heading are text, whatever they look like. None comes back after noting
    a front matter that is missing, not closed or broken. Headings inside fenced code are text.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        report.add("Y101", (1, 1), "the file does not begin with front matter", "begin it with a line `---`")
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        report.add("Y102", (1, 1), "the front matter is not closed", "end it with a line `---`")
        return None
    front = _facts(lines[1:end], report, line=2)
    parted = _parted(lines, end + 1, 2 if sections else None, report, fields=fields)
    return None if front is None else Document(front, *parted)


def entries(section: Section, report: Report) -> tuple[str, int, tuple[Section, ...]]:
    """Return a section's text before its first level-3 heading, the line of that text, and what follows as sections.

    What holds for level-2 headings holds here: fields right under them, and headings inside fenced code are text.
    """
    start = section.body_line - 1
    return _parted([*[""] * start, *section.body.split("\n")], start, 3, report, fields=True)


def _parted(
    lines: list[str], start: int, level: int | None, report: Report, *, fields: bool
) -> tuple[str, int, tuple[Section, ...]]:
    """Return the text before the first heading of a level, its line, and the sections at those headings."""
    starts = [] if level is None else _headings(lines, start, level)
    lead, skipped = _trim(lines[start : starts[0] if starts else len(lines)])
    ends = pairwise([*starts, len(lines)])
    parts = [_section(lines, first, stop, level or 2, report, fields=fields) for first, stop in ends]
    return lead, start + 1 + skipped, tuple(part for part in parts if part is not None)


def _headings(lines: list[str], start: int, level: int) -> list[int]:
    """Return the indexes of the lines that are headings of a level."""
    found: list[int] = []
    fence = ""
    for index in range(start, len(lines)):
        line = lines[index]
        if match := _FENCE.match(line):
            if not fence:
                fence = match[1]
            elif match[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif not fence and _HEADINGS[level].match(line):
            found.append(index)
    return found


def _section(lines: list[str], start: int, stop: int, level: int, report: Report, *, fields: bool) -> Section | None:
    """Return the section from a heading to the next; None after noting that its fields cannot be read."""
    match = _HEADINGS[level].match(lines[start])
    heading = (match[1] or "") if match else ""
    first, blank = start + 1, start + 1
    if fields and first < stop and _FIELD.match(lines[first]):
        blank = next((n for n in range(first, stop) if not lines[n].strip()), stop)
    facts = _facts(lines[first:blank], report, line=first + 1)
    body, skipped = _trim(lines[blank:stop])
    return None if facts is None else Section(heading, start + 1, facts, body, blank + 1 + skipped)


def _facts(lines: list[str], report: Report, *, line: int) -> Mapping | None:
    """Return what lines of YAML say, None after noting what is wrong; ``line`` is the first one's."""
    if not lines:
        return Mapping((), (line, 1))
    from generator.record.syntax import parse_yaml  # noqa: PLC0415 what is remembered needs no parser

    return parse_yaml("\n".join(lines), report, line=line)


def _trim(lines: list[str]) -> tuple[str, int]:
    """Return the lines without blank ones around them, as one text, and how many were skipped in front."""
    text = "\n".join(lines)
    bare = text.lstrip("\n")
    return bare.rstrip(), len(text) - len(bare)
