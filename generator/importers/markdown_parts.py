"""The sections of a free postmortem: by headings of any level, by lines that only name one, and by runs of times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from generator.importers import prose
from generator.importers.foreign import SourceReport
from generator.record.chapters import chapter_of
from generator.record.fields import TITLE_LIMIT
from generator.terms import Chapter

INNER_LEVEL = 3
"""Headings within a section begin at this level."""

RUN = 3
"""So many lines in a row that begin with a time are a timeline, wherever they stand."""

_ATX = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_NAME = re.compile(r"(?:\*\*|__)?([A-Z][A-Za-z ,/&'’-]{3,60}?)(?:\*\*|__)?:?(?:\*\*|__)?[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TIMED = re.compile(
    r"[ \t]*(?:[-*+] )?[\[(*]*(?:\d{4}-\d\d-\d\d[T ,]*)?(?:[01]?\d|2[0-3]):[0-5]\d(?::\d\d)?(?!\d)", re.IGNORECASE
)
_FACT = re.compile(r"[ \t]*(?:\*\*|__)[^*_\n]{1,60}(?:\*\*:|__:|:\*\*|:__)")
_LISTED = re.compile(r"[ \t]*[-*+] ")


class Part(msgspec.Struct, frozen=True):
    """A section: its heading, empty for what stands before the first one, what it is, and its text."""

    heading: str
    chapter: Chapter | None
    text: str


class _Open:
    """The section that lines are being added to."""

    def __init__(self, heading: str, chapter: Chapter | None) -> None:
        self.heading, self.chapter, self.lines = heading, chapter, list[str]()


def parts_of(body: str, report: SourceReport) -> tuple[Part, ...]:
    """Return the sections of a text whose headings are lines of ``#``; no line of it is lost."""
    found = [_Open("", None)]
    lines = body.split("\n")
    level = min((len(match[1]) for line in _plain(lines) if (match := _ATX.match(line))), default=7)
    fence = ""
    for number, line in enumerate(lines):
        fence = _fence(line, fence)
        heading = None if fence else _opens(lines, number, level, found)
        if heading is None:
            found[-1].lines.append(line)
        else:
            _begin(heading, found, report)
    return tuple(_closed(found))


def _plain(lines: Sequence[str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        fence = _fence(line, fence)
        if not fence:
            yield line


def _fence(line: str, fence: str) -> str:
    """Return the fence that is open after a line, empty where none is."""
    match = _FENCE.match(line)
    if not match:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) and not line.strip().strip(fence[0]) else fence


def _opens(lines: Sequence[str], number: int, level: int, found: Sequence[_Open]) -> str | None:
    """Return the heading of the section that a line opens, None where it opens none."""
    line = lines[number]
    if match := _ATX.match(line):
        heading = " ".join(match[2].strip("*_ ").rstrip(":").split())
        chapter = chapter_of(heading)
        new = chapter is not None and all(one.chapter is not chapter for one in found)
        return heading if heading and len(heading) <= TITLE_LIMIT and (len(match[1]) == level or new) else None
    # A line that only names a section was meant as its heading.
    match = _NAME.match(line)
    alone = (number == 0 or not lines[number - 1].strip()) or line.rstrip().endswith(":")
    marked = line.rstrip().endswith((":", "**", "__"))
    if match and alone and marked and chapter_of(match[1]) is not None:
        return " ".join(match[1].split())
    return None


def _begin(heading: str, found: list[_Open], report: SourceReport) -> None:
    chapter = chapter_of(heading)
    if chapter is None or all(one.chapter is not chapter for one in found):
        found.append(_Open(heading, chapter))
        return
    # A second section of the kind stays where it is, under its own words, as a part of what it follows.
    message = f'the section "{heading[:60]}" is the second of its kind and was kept inside the one before it'
    report.add("I134", (1, 1), message, "merge the two in the imported file", warning=True)
    found[-1].lines += ["", f"{'#' * INNER_LEVEL} {heading}", ""]


def _closed(found: Sequence[_Open]) -> Iterator[Part]:
    known = {one.chapter for one in found}
    for one in found:
        lines = _with_items(one.lines)
        if Chapter.TIMELINE in known:
            yield from _part(one.heading, one.chapter, lines)
            continue
        start = _run(lines)
        if start is None or one.heading:
            yield from _part(one.heading, one.chapter, lines)
        else:
            yield from _part(one.heading, one.chapter, lines[:start])
            yield from _part("Timeline", Chapter.TIMELINE, lines[start:])


def _part(heading: str, chapter: Chapter | None, lines: Sequence[str]) -> Iterator[Part]:
    text = "\n".join(lines).strip("\n").rstrip()
    if heading or text:
        yield Part(heading, chapter, prose.demote(text, max(0, INNER_LEVEL - prose.top_level(text))))


def _run(lines: Sequence[str]) -> int | None:
    """Return where so many lines in a row begin with a time that they are a timeline."""
    length = 0
    for number, line in enumerate(lines):
        length = length + 1 if _TIMED.match(line) else length if not line.strip() else 0
        if length == RUN:
            return next(n for n in range(number + 1) if _timed(lines, n, number))
    return None


def _timed(lines: Sequence[str], start: int, end: int) -> bool:
    return all(_TIMED.match(line) or not line.strip() for line in lines[start : end + 1]) and bool(lines[start].strip())


def _with_items(lines: Sequence[str]) -> list[str]:
    """Return the lines with rows of times, and of bold words with what they stand for, as the items of lists."""
    found, fence = list(lines), ""
    for number, line in enumerate(lines):
        fence = _fence(line, fence)
        kind = next((kind for kind in (_TIMED, _FACT) if kind.match(line)), None)
        near = [lines[other] for other in (number - 1, number + 1) if 0 <= other < len(lines)]
        if kind and not fence and not _LISTED.match(line) and any(map(kind.match, near)):
            found[number] = f"- {line.strip()}"
    return found
