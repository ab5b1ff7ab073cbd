"""The structure of foreign Markdown: what is code or a comment, and its lines as they must stand in a text of ours.

A level-2 heading opens an update here, so an author's headings move down. Code, fenced, indented or in a line, stays
as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

import msgspec


class Kind(Enum):
    """What a piece of Markdown is."""

    TEXT = auto()
    CODE = auto()
    COMMENT = auto()


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a text and where it begins in it."""

    kind: Kind
    text: str
    offset: int


# What may open something that is not plain text, in the order of precedence at one place.
_OPENING = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<fence>^(?P<pad> *)(?P<mark>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*(?:\n|\Z))"
    r"|(?P<indent>(?:(?<=\n\n)|\A)(?= {4}|\t))"
    r"|(?P<comment><!--)"
    r"|(?P<ticks>`+)",
    re.MULTILINE,
)
_INDENTED = re.compile(r"(?:(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t]*\n(?= {4}|\t))+")
# Where a paragraph ends at the latest, and with it a code span: at a blank line or at what begins another block.
_PARAGRAPH_END = re.compile(
    r"\n[ \t]*(?:\n|#{1,6}[ \t\n]|[-*+>]|\d{1,9}[.)][ \t]|`{3}|~{3}|=+[ \t]*$|\Z)", re.MULTILINE
)


def pieces(text: str) -> Iterator[Piece]:
    """Yield ``text`` as runs of plain text, code and comments; joined together they are ``text`` again."""
    scanner = _Scanner(text)
    done = position = 0
    while match := _OPENING.search(text, position):
        kind, position = scanner.close(match)
        if kind is Kind.TEXT:
            continue
        if match.start() > done:
            yield Piece(Kind.TEXT, text[done : match.start()], done)
        yield Piece(kind, match[0] + text[match.end() : position], match.start())
        done = position
    if done < len(text):
        yield Piece(Kind.TEXT, text[done:], done)


class _Scanner:
    """Finds where what was opened ends, each stretch of the text searched once, so that no input takes long."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._paragraph_end = 0
        self._comments = True  # whether a comment can still be closed
        self._read, self._listed = 0, False  # how far lists were looked for, and whether one is open there

    def close(self, match: re.Match[str]) -> tuple[Kind, int]:
        """Return what an opening begins and where that ends; TEXT when it turns out to open nothing."""
        if match["fence"] and (len(match["pad"]) < 4 or self._in_list(match.start())):
            # One deep in a list also ends with the list, at the next line that is not indented.
            outside = r"|^(?=\S)" if len(match["pad"]) >= 4 else ""
            close = re.compile(rf"^ *{match['mark']}{match['mark'][0]}*[ \t]*(?:\n|\Z){outside}", re.MULTILINE)
            found = close.search(self.text, match.end())
            return Kind.CODE, found.end() if found else len(self.text)
        if match["fence"] or match["indent"] is not None:
            return self._indented(match)
        if match["comment"]:
            return self._comment(match.end())
        return self._span(match) if match["ticks"] else (Kind.TEXT, match.end())

    def _indented(self, match: re.Match[str]) -> tuple[Kind, int]:
        """Return indented code to its end; in a list, and under a line of text, the indentation means nothing."""
        start = match.start()
        opens = start == 0 or self.text.endswith("\n\n", 0, start)
        if opens and not self._in_list(start) and (code := _INDENTED.match(self.text, start)):
            return Kind.CODE, code.end()
        return Kind.TEXT, max(match.end(), start + 1)

    def _comment(self, start: int) -> tuple[Kind, int]:
        end = self.text.find("-->", start) if self._comments else -1
        self._comments = end >= 0
        return (Kind.COMMENT, end + 3) if end >= 0 else (Kind.TEXT, start)

    def _span(self, match: re.Match[str]) -> tuple[Kind, int]:
        start = match.end()
        if start > self._paragraph_end:
            end = _PARAGRAPH_END.search(self.text, start)
            self._paragraph_end = end.start() if end else len(self.text)
        close = re.compile(rf"(?<!`){match['ticks']}(?!`)").search(self.text, start, self._paragraph_end)
        return (Kind.CODE, close.end()) if close else (Kind.TEXT, start)

    def _in_list(self, end: int) -> bool:
        """Return whether an indented line at ``end`` continues an item of a list; ``end`` never goes back."""
        while self._read < end:
            newline = self.text.find("\n", self._read, end)
            stop = end if newline < 0 else newline + 1
            line = self.text[self._read : stop].rstrip("\n")
            if _ITEM.match(line):
                self._listed = True
            elif line.strip() and not line.startswith((" ", "\t")):
                self._listed = False
            self._read = stop
        return self._listed


_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_ITEM_AFTER_TEXT = re.compile(r" {0,3}(?:[-*+]|1[.)])[ \t]+\S")

_FENCE = re.compile(r"( *)(`{3,}(?=[^`]*$)|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})((?:[ \t].*)?)$")
_NESTED_ATX = re.compile(r"((?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*)(#{1,6})(?=[ \t]|$)")
_QUOTED_UNDERLINE = re.compile(r"((?: {0,3}>)+)[ \t]*(?:=+|-+)[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE = re.compile(r" {0,3}>")


def top_level(text: str) -> int:
    """Return the highest level (1 is the highest) of the headings in ``text``, or 7 when it has none."""
    return _Lines(0).read(text).highest


def demote(text: str, shift: int) -> str:
    """Return ``text`` with its headings ``shift`` levels further down, underlined ones as ``###`` lines.

    Fences left open are closed, a list that follows a paragraph without a blank line gets one (Python-Markdown
    would else run its items together), and so does a row of dashes that underlines nothing.
    """
    return "\n".join(_Lines(shift).read(text).lines).strip("\n").rstrip()


class _Lines:
    """Reads Markdown line by line as CommonMark does, writing each line as Python-Markdown needs it."""

    def __init__(self, shift: int) -> None:
        self.shift, self.lines, self.highest = shift, list[str](), 7
        self._fence = ""
        self._paragraph: int | None = None  # where the open paragraph of plain text begins
        self._block = False  # whether the line before belongs to any block that goes on
        self._list = False

    def read(self, text: str) -> _Lines:
        """Take all lines in; return self."""
        for line in text.split("\n"):
            self._read(line)
        if self._fence:
            self.lines.append(self._fence)
        return self

    def _read(self, line: str) -> None:
        fence = _FENCE.match(line)
        if self._fence.startswith("    ") and line[:1].strip():
            self._write(self._fence)
            self._fence, self._list = "", False
        if self._fence or (fence and (len(fence[1]) < 4 or self._list)):
            self._code(line, fence)
        elif not line.strip():
            self._blank()
        elif self._paragraph is None and not self._list and line.startswith(("    ", "\t")):
            self._write(line)
        elif (match := _UNDERLINE.match(line)) and self._paragraph is not None:
            self._underlined(1 if match[1][0] == "=" else 2)
        elif match := _ATX.match(line):
            self._heading(len(match[1]), match[2])
        elif RULE.match(line) or _UNDERLINE.match(line):
            self._separate(line)
            self._list = False
        else:
            self._text(line)

    def _code(self, line: str, fence: re.Match[str] | None) -> None:
        if not self._fence and fence:
            self._fence = fence[0]
        elif fence and fence[2].startswith(self._fence.strip()) and not line.strip().strip(fence[2][0]):
            line = self._fence + fence[2][len(self._fence.strip()) :]  # indented alike, or some readers miss it
            self._fence = ""
        self._write(line)

    def _write(self, line: str) -> None:
        self.lines.append(line)
        self._paragraph, self._block = None, False

    def _blank(self) -> None:
        if not self.lines or self.lines[-1] or self._list:
            self.lines.append("")
        self._paragraph, self._block = None, False

    def _heading(self, level: int, rest: str) -> None:
        self.highest, self._list = min(self.highest, level), False
        self._separate("#" * min(6, level + self.shift) + rest)

    def _underlined(self, level: int) -> None:
        words = " ".join(line.strip() for line in self.lines[self._paragraph :])
        del self.lines[self._paragraph :]
        self._heading(level, f" {words}")

    def _separate(self, line: str) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
        self._write(line)

    def _text(self, line: str) -> None:
        item = bool(_ITEM.match(line))
        if self._paragraph is not None and _ITEM_AFTER_TEXT.match(line):
            self._write("")
        if match := _NESTED_ATX.match(line):
            self.highest = min(self.highest, len(match[2]))
            line = f"{match[1]}{'#' * min(6, len(match[2]) + self.shift)}{line[match.end() :]}"
        if self._block and (match := _QUOTED_UNDERLINE.match(line)):
            self.lines.append(match[1])
        elif self._block and not line.strip().strip("=-"):
            self._write("")
        if not self._block:
            self._list = item or (self._list and line.startswith((" ", "\t")))
            self._paragraph = None if item or self._list or _QUOTE.match(line) else len(self.lines)
        elif item:
            self._list = True
        self.lines.append(line)
        self._block = True
