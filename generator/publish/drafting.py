"""The coming output, gathered artifact by artifact: unchanged ones known by key, the others made and staged."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence, Sized
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from generator.publish.artifact import Artifact, Bundle, Paths, Strand
from generator.publish.draft import LIMIT, Draft, Progress
from generator.publish.facts import encoded
from generator.publish.files import Fact
from generator.publish.manifest import LOOSE, Entry, Part
from generator.publish.memo import Memo
from generator.publish.staging import Made, Staging, Task
from generator.publish.standing import Standing
from generator.publish.workers import NotBesideError, make_all

BATCH = 2048  # artifacts that wait for one round of workers
FEW = 256  # artifacts that a worker makes of its strand: more are worth all workers
NUMBERS = 1 << 32  # staged files that a strand may have

Make = Callable[[Sequence[Task]], Generator[Made, None, None]]


def drafted(
    artifacts: Iterable[Artifact | Bundle],
    strands: Sequence[Strand],
    standing: Standing,
    *,
    staging: Staging,
    memo: Memo,
    jobs: int,
    progress: Progress | None,
    limit: int = LIMIT,
) -> Draft:
    """Return the draft of an output of ``artifacts`` and of ``strands``; all that differs from what stands is staged.

    Where little may have changed each strand is found out, and made, by one of the workers.
    Raises StatiqueError when they have more than ``limit`` bytes.
    """
    total = len(artifacts) if isinstance(artifacts, Sized) else 0
    spread = partial(_first_alone, partial(make_all, staging.make, jobs=jobs, memo=memo))
    batch = BATCH if jobs > 1 else 1
    whole = _Drafting(Draft(limit), standing, make=spread, batch=batch, step=_step(progress, total))
    loose = partial(whole.take, Strand(LOOSE, lambda: artifacts))
    left = []
    if jobs > 1 and len(strands) > 1 and standing.settled():
        beside = partial(_beside, limit, standing, partial(_few, staging.make))
        numbered = [*enumerate(strands)]
        for number, piece in make_all(beside, numbered, jobs=jobs, memo=memo, chunk=1, meanwhile=loose):
            if piece is None:
                left.append(strands[number])
            else:
                whole.join(piece)
    else:
        loose()
        left += strands
    for strand in left:
        whole.take(strand)
    return whole.done()


def _step(progress: Progress | None, total: int) -> Callable[[int], None]:
    return (lambda done: progress("render", done, total)) if progress else (lambda _: None)


def _first_alone(make: Make, tasks: Sequence[Task]) -> Generator[Made, None, None]:
    """Yield what is made, first of the first alone, in this process: what all of them load is loaded and inherited."""
    for some in (tasks[:1], tasks[1:]):
        yield from make(some)


def _few(make: Callable[[Task], Made], tasks: Sequence[Task]) -> Generator[Made, None, None]:
    if len(tasks) > FEW:
        raise NotBesideError
    yield from map(make, tasks)


@dataclass(slots=True)
class _Part:
    """A part while it is put together; ``key`` is that of its bundle."""

    key: bytes
    entries: dict[str, Entry] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)


class _Piece(NamedTuple):
    """The draft of a strand, and the paths that it claims; ``moved`` is whether one is new to its part."""

    draft: Draft
    paths: Paths
    moved: bool


def _beside(limit: int, standing: Standing, make: Make, numbered: tuple[int, Strand]) -> tuple[int, _Piece | None]:
    """Return a strand's number, and what is drafted of it; None where much has to be made, or something fails."""
    number, strand = numbered
    first = (number + 1) * NUMBERS
    drafting = _Drafting(Draft(limit), standing, make=make, batch=FEW + 1, step=lambda _: None, first=first)
    try:
        drafting.take(strand)
        return number, drafting.piece()
    except Exception:  # noqa: BLE001 the process that began meets the same error again
        return number, None


class _Drafting:
    """A draft that takes in artifacts one after another; those that have to be made wait for the others of a batch.

    ``first`` is the number of the first file that is staged.
    """

    def __init__(
        self,
        draft: Draft,
        standing: Standing,
        *,
        make: Make,
        batch: int,
        step: Callable[[int], None],
        first: int = 0,
    ) -> None:
        self._draft, self._standing = draft, standing
        self._make, self._batch, self._step, self._number = make, batch, step, first
        self._paths = Paths()
        self._moved = False  # whether a path is new, or was one of another part's
        self._strands: set[str] = set()
        self._open: dict[str, _Part] = {}
        self._tasks: list[Task] = []

    def take(self, strand: Strand) -> None:
        """Take in a strand."""
        self._strands.add(strand.name)
        self._begin(strand.name, b"")
        for one in strand.artifacts():
            if isinstance(one, Bundle):
                self._take_bundle(one)
            else:
                self._take(one, strand.name)

    def join(self, piece: _Piece) -> None:
        """Take in what was drafted of another strand."""
        self._draft.join(piece.draft)
        self._paths.join(piece.paths)
        self._moved = self._moved or piece.moved
        self._step(self._draft.files)

    def piece(self) -> _Piece:
        """Return what was drafted of all that was taken in."""
        self._make_tasks("")
        for name in self._strands:
            self._close(name)
        return _Piece(self._draft, self._paths, self._moved)

    def done(self) -> Draft:
        """Return the draft of a whole output, which is all that was taken in."""
        draft, paths, moved = self.piece()
        for name in draft.kept:
            draft.parts[name] = self._standing.parts[name]
            if moved:
                # What stands was claimed by one build before, and is claimed again for what is new.
                paths.take([*draft.parts[name].entries()], "an earlier build")
        paths.check()
        self._step(draft.files)
        return draft

    def _begin(self, name: str, key: bytes) -> None:
        self._draft.name(name)
        self._open[name] = _Part(key)

    def _take(self, artifact: Artifact, part: str) -> None:
        self._paths.claim(artifact.path, artifact.origin)
        self._moved = self._moved or artifact.path not in self._standing.part(part)
        if fact := self._standing.unchanged(artifact.path, artifact.key, part):
            self._add(artifact, fact, part)
            return
        self._tasks.append(Task(self._number, artifact, part))
        self._number += 1
        if len(self._tasks) == self._batch:
            self._make_tasks(part)

    def _take_bundle(self, bundle: Bundle) -> None:
        """Take in a bundle, without a look at its artifacts where all of their files stand."""
        name = bundle.name
        standing = self._standing.bundle(name, bundle.key)
        if standing is not None:
            self._draft.keep(name, *standing)
            return
        self._begin(name, bundle.key)
        for artifact in bundle.artifacts():
            self._take(artifact, name)
        if not self._tasks:
            self._close(name)

    def _make_tasks(self, current: str) -> None:
        """Make what waits: then all bundles are complete but the ``current`` one."""
        tasks_by_number = {task.number: task for task in self._tasks}
        # Closed at once when something fails: no worker may write after that.
        with closing(self._make(self._tasks)) as results:
            for made in results:
                self._add_made(tasks_by_number[made.number], made)
                self._step(self._draft.files)
        self._tasks.clear()
        for name in self._open.keys() - self._strands - {current}:
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
