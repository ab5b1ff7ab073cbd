"""What an output will hold, before any of it moves into place."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from generator.errors import StatiqueError
from generator.publish.artifact import Rank
from generator.publish.manifest import Part

LIMIT = 1_000_000_000
"""The most bytes that GitHub Pages accepts of a site."""

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Moves:
    """Staged files that have to move: by rank, the paths that they move to and the numbers that name them."""

    paths: dict[Rank, list[str]] = field(default_factory=lambda: {rank: [] for rank in Rank})
    numbers: dict[Rank, array[int]] = field(default_factory=lambda: {rank: array("Q") for rank in Rank})

    def add(self, rank: Rank, path: str, number: int) -> None:
        """Take in one staged file."""
        self.paths[rank].append(path)
        self.numbers[rank].append(number)

    def join(self, other: Moves) -> None:
        """Take in what was staged beside this."""
        for rank in Rank:
            self.paths[rank] += other.paths[rank]
            self.numbers[rank] += other.numbers[rank]

    def in_order(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the path of each, by rank and path."""
        for rank in Rank:
            for path, number in sorted(zip(self.paths[rank], self.numbers[rank], strict=True)):
                yield str(number), path


@dataclass(slots=True)
class Draft:
    """What the output will hold, of how many bytes at most, and which staged files have to move for that.

    ``names`` are those of all parts, ``kept`` of those of which every file stands; ``facts`` are what is to be kept of
    the others. ``fresh`` are paths where none of ours stood, ``rendered`` is how many files were made.
    """

    limit: int
    names: set[str] = field(default_factory=set)
    parts: dict[str, Part] = field(default_factory=dict)
    facts: dict[str, bytes] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    moves: Moves = field(default_factory=Moves)
    fresh: list[str] = field(default_factory=list)
    files: int = 0
    rendered: int = 0
    size: int = 0

    def keep(self, name: str, files: int, size: int) -> None:
        """Take in a part of which every file stands; raise like ``name`` and ``grow``."""
        self.name(name)
        self.kept.add(name)
        self.grow(files, size)

    def grow(self, files: int, size: int) -> None:
        """Count files; raise StatiqueError when they have more bytes than are allowed."""
        self.files += files
        self.size += size
        if self.size > self.limit:
            told = "more than GitHub Pages accepts" if self.limit == LIMIT else "the limit"
            raise StatiqueError(
                f"the site is larger than {self.limit // 10**6} MB, {told}; for another host, say --max-size"
            )

    def join(self, other: Draft) -> None:
        """Take in what was drafted beside this; raise StatiqueError likewise, and ValueError for one name twice."""
        for name in other.names:
            self.name(name)
        self.parts |= other.parts
        self.facts |= other.facts
        self.kept |= other.kept
        self.moves.join(other.moves)
        self.fresh += other.fresh
        self.rendered += other.rendered
        self.grow(other.files, other.size)

    def name(self, name: str) -> None:
        """Begin a part; raise ValueError where another has its name."""
        if name in self.names:
            raise ValueError(f'two bundles have the name "{name}"')
        self.names.add(name)

    def paths(self, *, made: bool = False) -> Iterator[str]:
        """Yield the paths of all files, or of those in parts that were ``made`` anew, by part."""
        for name, part in self.parts.items():
            if not (made and name in self.kept):
                yield from part.entries()
