"""What is known of an output's files beside their content: the times and sizes that they had when they were written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.publish.files import Fact, stands


class Facts:
    """The facts of an output's files, in the parts of the manifest whose bytes have the hash ``marker``.

    ``names`` are those of the parts; ``read`` returns what is kept of one, None where there is nothing.
    """

    def __init__(
        self, marker: bytes = b"", names: tuple[str, ...] = (), read: Callable[[str], bytes | None] = lambda _: None
    ) -> None:
        self.marker, self.names, self.read = marker, names, read

    def part(self, name: str) -> dict[str, Fact]:
        """Return the facts of one part, by path; none where there is no such part."""
        encoded = self.read(name)
        try:
            return msgspec.msgpack.decode(encoded, type=dict[str, Fact]) if encoded else {}
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return {}

    def every(self) -> dict[str, Fact]:
        """Return the facts of all files, by path."""
        return {path: fact for name in self.names for path, fact in self.part(name).items()}


class Sum(NamedTuple):
    """How many files there are, and how many bytes they have."""

    files: int
    size: int


class Intact(NamedTuple):
    """The parts of which every file was found as it was written, by the facts of the ``marker`` with this hash.

    ``whole`` is whether these are all parts.
    """

    marker: bytes
    parts: Mapping[str, Sum]
    whole: bool


def intact(folder: Path, facts: Facts, name: str) -> Sum | None:
    """Return the sum of a part's files, None where one of those in ``folder`` is not as it was written."""
    found, root = facts.part(name), f"{folder}/"
    try:
        if not all(stands(root + path, fact) for path, fact in found.items()):
            return None
    except OSError:
        return None
    return Sum(len(found), sum(size for _, size, _ in found.values()))


def encoded(facts: Mapping[str, Fact]) -> bytes:
    """Return the facts of one part as they are kept."""
    return msgspec.msgpack.encode(facts, order="sorted")
