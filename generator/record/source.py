"""Files as texts: what may be read, what a text may hold, and the problems of one file, each with line and column."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from generator.errors import Problem

FILE_LIMIT = 512 * 1024
Mark = tuple[int, int]
"""Line and column, both from 1."""
# C0 and C1 controls but tab and newline, line and paragraph separators, bidi overrides and isolates, invisible
# joiners that hide text, tag characters, noncharacters, surrogates. Joiners of emoji and scripts are fine.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


def visible(text: str) -> str:
    """Return a text without the characters that no file may hold."""
    return FORBIDDEN.sub("", text)


class Report:
    """Collects the problems of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def add(self, code: str, mark: Mark, message: str, hint: str = "", *, warning: bool = False) -> None:
        """Note one problem at a line and column of the file."""
        self.problems.append(Problem(self.path, mark[0], mark[1], code, message, hint, warning))


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
    hidden = list(FORBIDDEN.finditer(text))
    for match in hidden[:20]:
        start = text.rfind("\n", 0, match.start()) + 1
        mark = (text.count("\n", 0, start) + 1, match.start() - start + 1)
        report.add("F105", mark, f"character U+{ord(match[0]):04X} is not allowed", "delete it; it cannot be seen")
    return None if hidden else text
