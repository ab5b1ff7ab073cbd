"""What can go wrong, said so that a person can mend it: problems in content, and errors that end a command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import msgspec


class Problem(msgspec.Struct, frozen=True, order=True):
    """One fault at one place; ``warning`` marks those that do not stop a build."""

    path: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    warning: bool = False

    def __str__(self) -> str:
        """Return ``path:line:column: code message; hint``, the form that editors and terminals link."""
        tail = f"; {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.message}{tail}"


class StatiqueError(Exception):
    """Base of all errors that a user can cause; ``exit_code`` is the process's exit status."""

    exit_code: ClassVar[int] = 1


class ContentError(StatiqueError):
    """The content has problems; carries all of them, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class ThemeError(StatiqueError):
    """A template or an asset of the theme is wrong; the message names file and line."""


class UsageError(StatiqueError, ValueError):
    """The command was called in a way that cannot work."""

    exit_code: ClassVar[int] = 2


class SystemFault(StatiqueError, OSError):
    """The system refused: a file that cannot be read or written, a full disk, a lock."""

    exit_code: ClassVar[int] = 3


def shown(value: str) -> str:
    """Return ``value`` as messages quote it: at most 60 characters, unprintable ones as U+XXXX."""
    clipped = value if len(value) <= 60 else value[:59] + "…"
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in clipped)
