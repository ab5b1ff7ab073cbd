"""Text to front matter nodes and sections, each with its line and column; knows nothing of incidents.

YAML is read as the 1.2 core schema reads it, through the parser's events: strings only, converted later by the
type that a field declares. So ``no`` stays Norwegian, and what could blow up or mislead (tags, anchors, aliases,
merge keys, directives, deep nesting) is refused before anything is built.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import yaml

from generator.errors import Problem, shown

FILE_LIMIT = 512 * 1024
FRONT_LIMIT = 64 * 1024
DEPTH_LIMIT = 12
NODE_LIMIT = 5000
TOO_MUCH = "nested too deep or too many values"

Mark = tuple[int, int]
"""Line and column, both from 1."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# C0 and C1 controls but tab and newline, line and paragraph separators, bidi overrides and isolates, invisible
# joiners that hide text, tag characters, noncharacters, surrogates. Joiners of emoji and scripts are fine.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


def visible(text: str) -> str:
    """Return a text without the characters that no file may hold."""
    return _FORBIDDEN.sub("", text)


class Report:
    """Collects the problems of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def add(self, code: str, mark: Mark, message: str, hint: str = "", *, warning: bool = False) -> None:
        """Note one problem at a line and column of the file."""
        self.problems.append(Problem(self.path, mark[0], mark[1], code, message, hint, warning))


class Scalar(msgspec.Struct, frozen=True):
    """A single value as written; ``plain`` when it stood without quotes."""

    text: str
    plain: bool
    mark: Mark

    @property
    def empty(self) -> bool:
        """Return whether this is YAML's null."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


class Sequence(msgspec.Struct, frozen=True):
    """A list of nodes."""

    items: tuple[Node, ...]
    mark: Mark


class Mapping(msgspec.Struct, frozen=True):
    """Keys and values in the order of the file; keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark


Node = Scalar | Sequence | Mapping


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


class Refused(Exception):
    """A file that must not be read, and why."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


_LINK = ("F101", "is a symbolic link", "put the file itself here")
_UNFOLLOWED = getattr(os, "O_NOFOLLOW", 0)
_OPENED = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(path: Path) -> bytes:
    """Return a regular file's bytes; raise Refused for links, pipes, folders, unreadable and oversized files."""
    if not _UNFOLLOWED and path.is_symlink():
        raise Refused(*_LINK)
    try:
        descriptor = os.open(path, _UNFOLLOWED | _OPENED)
    except OSError as error:
        if path.is_symlink():
            raise Refused(*_LINK) from None
        raise Refused("F102", f"cannot be read: {error.strerror}", "check its permissions") from None
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode) or facts.st_size > FILE_LIMIT:
        os.close(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise Refused("F101", "is not a regular file", "put a file with text here")
        raise Refused("F103", f"has {facts.st_size} bytes, more than {FILE_LIMIT}", "split it or shorten it")
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        return file.read()


def decode(data: bytes, report: Report) -> str | None:
    """Return the text of a file, its lines ended by line feeds, or None after noting why it is no clean UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        report.add("F104", (line, column), f"byte 0x{data[error.start]:02X} is not UTF-8", "save the file as UTF-8")
        return None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    hidden = list(_FORBIDDEN.finditer(text))
    for match in hidden[:20]:
        start = text.rfind("\n", 0, match.start()) + 1
        mark = (text.count("\n", 0, start) + 1, match.start() - start + 1)
        report.add("F105", mark, f"character U+{ord(match[0]):04X} is not allowed", "delete it; it cannot be seen")
    return None if hidden else text


def parse_yaml(text: str, report: Report, *, line: int = 1) -> Mapping | None:
    """Return the mapping that ``text`` holds, or None after noting what is wrong; ``line`` is its first line's."""
    builder = _Builder(report, line)
    if len(text.encode("utf-8")) > FRONT_LIMIT:
        report.add("Y103", (line, 1), f"more than {FRONT_LIMIT} bytes of YAML", "move words into the text")
        return None
    node: Node | None = None
    try:
        node = builder.build(yaml.parse(text, Loader=_LOADER))
    except _Stop:
        builder.failed = True
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line + line, mark.column + 1) if mark else (line, 1)
        problem = error.problem or "it cannot be read"
        if "nesting depth" in problem:  # libyaml's own limit, which its reading ahead meets before our count does
            builder.refuse("Y108", at, TOO_MUCH, "write it flatter")
        else:
            builder.refuse("Y104", at, f"not valid YAML: {shown(problem)}", "check the colons")
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        builder.refuse("Y104", (line, 1), "not valid YAML: it cannot be read", "check colons and quotes")
    if node is None or (isinstance(node, Scalar) and node.empty):
        return None if builder.failed else Mapping((), (line, 1))
    if not isinstance(node, Mapping):
        report.add("Y109", node.mark, "expected lines of the form `key: value`", "write `title: …`")
        return None
    return None if builder.failed else node


class _Stop(Exception):
    """Reading further would be unsafe or pointless."""


class _Builder:
    """Builds nodes from YAML events and notes what the strict subset refuses."""

    def __init__(self, report: Report, line: int) -> None:
        self.report, self.line = report, line
        self.failed, self.count = False, 0

    def _mark(self, event: yaml.Event) -> Mark:
        mark = event.start_mark
        return (mark.line + self.line, mark.column + 1) if mark else (self.line, 1)

    def refuse(self, code: str, mark: Mark, message: str, hint: str) -> None:
        """Note a problem that makes the whole text unusable."""
        self.failed = True
        self.report.add(code, mark, message, hint)

    def build(self, events: Iterator[yaml.Event]) -> Node | None:
        """Return the first document's root node; raise _Stop where the rest cannot be trusted."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if event.version or event.tags:
                    self.refuse("Y110", self._mark(event), "YAML directives are not read", "delete the line")
                if root is not None:
                    self.refuse("Y110", self._mark(event), "a second YAML document begins", "delete the line")
                    raise _Stop
            elif isinstance(event, yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent):
                root = self._node(event, events, 1)
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        self.count += 1
        mark = self._mark(event)
        if depth > DEPTH_LIMIT or self.count > NODE_LIMIT:
            self.refuse("Y108", mark, TOO_MUCH, "write it flatter")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self.refuse("Y107", mark, f"alias *{shown(event.anchor or '')} is not read", "write the value out")
            return Scalar("", plain=False, mark=mark)
        self._check_properties(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, mark, depth)
        return self._mapping(events, mark, depth)

    def _check_properties(self, event: yaml.Event, mark: Mark) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self.refuse("Y107", mark, f"anchor &{shown(anchor)} is not read", "write the value out")
        if tag:
            self.refuse("Y106", mark, f"tag {shown(tag)} is not read", "delete the tag")

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> Scalar:
        hidden = _FORBIDDEN.search(event.value)
        if hidden:
            self.refuse("F105", mark, f"character U+{ord(hidden[0]):04X} is not allowed", "delete the escape")
        return Scalar(event.value, not event.style, mark)

    def _sequence(self, events: Iterator[yaml.Event], mark: Mark, depth: int) -> Sequence:
        items = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, depth + 1))
        return Sequence(tuple(items), mark)

    def _mapping(self, events: Iterator[yaml.Event], mark: Mark, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self.refuse("Y109", key.mark, "a key must be a word", "write `key: value`")
            elif key.plain and key.text == "<<":
                self.refuse("Y107", key.mark, "merge keys are not read", "write the values out")
            elif key.text in entries:
                first = entries[key.text][0].mark[0]
                self.refuse("Y105", key.mark, f'key "{shown(key.text)}" stands twice', f"the first is on line {first}")
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), mark)


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
    front = parse_yaml("\n".join(lines[1:end]), report, line=2)
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
    facts = parse_yaml("\n".join(lines[first:blank]), report, line=first + 1)
    body, skipped = _trim(lines[blank:stop])
    return None if facts is None else Section(heading, start + 1, facts, body, blank + 1 + skipped)


def _trim(lines: list[str]) -> tuple[str, int]:
    """Return the lines without blank ones around them, as one text, and how many were skipped in front."""
    text = "\n".join(lines)
    bare = text.lstrip("\n")
    return bare.rstrip(), len(text) - len(bare)
