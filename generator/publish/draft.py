"""The coming output, gathered artifact by artifact: unchanged ones known by key, the others made and staged."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence, Sized
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import msgspec

from generator.errors import StatiqueError
from generator.publish.artifact import Artifact, Bundle, Paths, Rank
from generator.publish.facts import encoded
from generator.publish.files import Fact
from generator.publish.manifest import LOOSE, Entry, Part
from generator.publish.memo import Memo
from generator.publish.staging import Made, Staging, Task
from generator.publish.standing import Standing
from generator.publish.workers import make_all

LIMIT = 1_000_000_000
"""The most bytes that GitHub Pages accepts of a site."""
BATCH = 4096  # artifacts that wait for one round of workers

Progress = Callable[[str, int, int], None]
Make = Callable[[Sequence[Task]], Generator[Made, None, None]]


@dataclass(slots=True)
class Moves:
    """Staged files that have to move: by rank, the paths that they move to and the numbers that name them."""

    paths: dict[Rank, list[str]] = field(default_factory=lambda: {rank: [] for rank in Rank})
    numbers: dict[Rank, array[int]] = field(default_factory=lambda: {rank: array("L") for rank in Rank})

    def add(self, rank: Rank, path: str, number: int) -> None:
        """Take in one staged file."""
        self.paths[rank].append(path)
        self.numbers[rank].append(number)

    def in_order(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the path of each, by rank and path."""
        for rank in Rank:
            for path, number in sorted(zip(self.paths[rank], self.numbers[rank], strict=True)):
                yield str(number), path


@dataclass(slots=True)
class Draft:
    """What the output will hold, of how many bytes at most, and which staged files have to move for that.

    ``kept`` are the names of the parts of which every file stands; ``fresh`` are paths where none of ours stood.
    """

    limit: int
    parts: dict[str, Part] = field(default_factory=dict)
    facts: dict[str, msgspec.Raw] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    moves: Moves = field(default_factory=Moves)
    fresh: list[str] = field(default_factory=list)
    files: int = 0
    rendered: int = 0
    size: int = 0

    def grow(self, files: int, size: int) -> None:
        """Count files; raise StatiqueError when they have more bytes than are allowed."""
        self.files += files
        self.size += size
        if self.size > self.limit:
            told = "more than GitHub Pages accepts" if self.limit == LIMIT else "the limit"
            raise StatiqueError(
                f"the site is larger than {self.limit // 10**6} MB, {told}; for another host, say --max-size"
            )

    def paths(self, *, made: bool = False) -> Iterator[str]:
        """Yield the paths of all files, or of those in parts that were ``made`` anew, by part."""
        for name, part in self.parts.items():
            if not (made and name in self.kept):
                yield from part.entries()


@dataclass(slots=True)
class _Part:
    """A part while it is put together; ``key`` is that of its bundle."""

    key: bytes
    entries: dict[str, Entry] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)


def drafted(
    artifacts: Iterable[Artifact | Bundle],
    standing: Standing,
    *,
    staging: Staging,
    memo: Memo,
    jobs: int,
    progress: Progress | None,
    limit: int = LIMIT,
) -> Draft:
    """Return the draft of an output of ``artifacts``; all that differs from what stands is staged.

    Raises StatiqueError when they have more than ``limit`` bytes.
    """
    total = len(artifacts) if isinstance(artifacts, Sized) else 0
    make = partial(make_all, staging.make, jobs=jobs, memo=memo)
    drafting = _Drafting(Draft(limit), standing, make=make, batch=BATCH if jobs > 1 else 1, step=_step(progress, total))
    for one in artifacts:
        if isinstance(one, Bundle):
            drafting.take_bundle(one)
        else:
            drafting.take(one, LOOSE)
    return drafting.done()


def _step(progress: Progress | None, total: int) -> Callable[[int], None]:
    return (lambda done: progress("render", done, total)) if progress else (lambda _: None)


class _Drafting:
    """A draft that takes in artifacts one after another; those that have to be made wait for the others of a batch."""

    def __init__(
        self, draft: Draft, standing: Standing, *, make: Make, batch: int, step: Callable[[int], None]
    ) -> None:
        self._draft, self._standing, self._make, self._batch, self._step = draft, standing, make, batch, step
        self._paths, self._number = Paths(), 0
        self._moved = False  # whether a path is new, or was one of another part's
        self._open = {LOOSE: _Part(b"")}
        self._tasks: list[Task] = []

    def take(self, artifact: Artifact, part: str) -> None:
        """Take in an artifact."""
        self._paths.claim(artifact.path, artifact.origin)
        self._moved = self._moved or artifact.path not in self._standing.part(part)
        if fact := self._standing.unchanged(artifact.path, artifact.key, part):
            self._add(artifact, fact, part)
            return
        self._tasks.append(Task(self._number, artifact, part))
        self._number += 1
        if len(self._tasks) == self._batch:
            self._make_tasks(part)

    def take_bundle(self, bundle: Bundle) -> None:
        """Take in a bundle, without a look at its artifacts where all of their files stand."""
        name = bundle.name
        if name in self._open or name in self._draft.parts:
            raise ValueError(f'two bundles have the name "{name}"')
        standing = self._standing.bundle(name, bundle.key)
        if standing is not None:
            self._draft.kept.add(name)
            self._draft.parts[name] = self._standing.parts[name]
            self._draft.facts[name] = self._standing.facts.parts[name]
            self._draft.grow(*standing)
            return
        self._open[name] = _Part(bundle.key)
        for artifact in bundle.artifacts():
            self.take(artifact, name)
        if not self._tasks:
            self._close(name)

    def done(self) -> Draft:
        """Return the draft of all that was taken in."""
        self._make_tasks(LOOSE)
        self._close(LOOSE)
        if self._moved:
            # What stands was claimed by one build before, and is claimed again for what is new.
            for name in self._draft.kept:
                self._paths.take([*self._draft.parts[name].entries()], "an earlier build")
        self._paths.check()
        self._step(self._draft.files)
        return self._draft

    def _make_tasks(self, current: str) -> None:
        """Make what waits: then all parts are complete but the ``current`` one, and what is of no bundle."""
        tasks_by_number = {task.number: task for task in self._tasks}
        # The first alone, in this process: what all of them load is loaded once, and inherited.
        for tasks in (self._tasks[:1], self._tasks[1:]):
            # Closed at once when something fails: no worker may write after that.
            with closing(self._make(tasks)) as results:
                for made in results:
                    self._add_made(tasks_by_number[made.number], made)
                    self._step(self._draft.files)
        self._tasks.clear()
        for name in self._open.keys() - {LOOSE, current}:
            self._close(name)

    def _add_made(self, task: Task, made: Made) -> None:
        """Take in an artifact that was made, and staged if it differs from what stands."""
        self._add(task.artifact, made.fact, task.part)
        self._draft.rendered += 1
        if made.staged:
            path = task.artifact.path
            self._draft.moves.add(task.artifact.rank, path, made.number)
            if self._standing.entry(path, task.part) is None:
                self._draft.fresh.append(path)

    def _add(self, artifact: Artifact, fact: Fact, part: str) -> None:
        self._open[part].entries[artifact.path] = (artifact.key, fact[2])
        self._open[part].facts[artifact.path] = fact
        self._draft.grow(1, fact[1])

    def _close(self, name: str) -> None:
        part = self._open.pop(name)
        self._draft.parts[name] = Part.of(part.key, part.entries)
        self._draft.facts[name] = encoded(part.facts)
