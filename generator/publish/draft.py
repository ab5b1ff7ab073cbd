"""The coming output, gathered artifact by artifact: unchanged ones known by key, the others made and staged."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence, Sized
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

from generator.errors import StatiqueError
from generator.publish.artifact import Artifact, Bundle, Paths, Rank
from generator.publish.manifest import Entry
from generator.publish.memo import Fact, Memo
from generator.publish.staging import Made, Staging, Task
from generator.publish.standing import Standing
from generator.publish.workers import make_all

LIMIT = 1_000_000_000
"""The most bytes that GitHub Pages accepts of a site."""
BATCH = 4096  # artifacts that wait for one round of workers

Progress = Callable[[str, int, int], None]
Make = Callable[[Sequence[Task]], Generator[Made, None, None]]


@dataclass(slots=True)
class Draft:
    """What the output will hold, of how many bytes at most, and which staged files have to move for that."""

    limit: int
    entries: dict[str, Entry] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    bundles: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    moves: list[tuple[Rank, str, str]] = field(default_factory=list)  # rank, path, staged name
    rendered: int = 0
    size: int = 0

    def add(self, artifact: Artifact, fact: Fact) -> None:
        """Take in an artifact whose file stands already."""
        self.entries[artifact.path] = (artifact.key, fact[2])
        self.facts[artifact.path] = fact
        self._grow(fact[1])

    def add_bundle(self, key: bytes, facts: Mapping[str, Fact], files: Mapping[str, Entry]) -> None:
        """Take in a bundle whose files all stand already; ``files`` are their entries in the manifest."""
        self.bundles[key] = tuple(facts)
        self.entries |= {path: files[path] for path in facts}
        self.facts |= facts
        self._grow(sum(size for _, size, _ in facts.values()))

    def _grow(self, size: int) -> None:
        self.size += size
        if self.size > self.limit:
            told = "more than GitHub Pages accepts" if self.limit == LIMIT else "the limit"
            raise StatiqueError(
                f"the site is larger than {self.limit // 10**6} MB, {told}; for another host, say --max-size"
            )

    def add_made(self, artifact: Artifact, made: Made) -> None:
        """Take in an artifact that was made, and staged if it differs from what stands."""
        self.add(artifact, made.fact)
        self.rendered += 1
        if made.staged:
            self.moves.append((artifact.rank, artifact.path, str(made.number)))


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
            drafting.take(one)
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
        self._tasks: list[Task] = []

    def take(self, artifact: Artifact) -> None:
        """Take in an artifact."""
        self._paths.claim(artifact.path, artifact.origin)
        if fact := self._standing.unchanged(artifact.path, artifact.key):
            self._draft.add(artifact, fact)
            return
        self._tasks.append((self._number, artifact))
        self._number += 1
        if len(self._tasks) == self._batch:
            self._make_tasks()

    def take_bundle(self, bundle: Bundle) -> None:
        """Take in a bundle, without a look at its artifacts where all of their files stand."""
        if facts := self._standing.bundle(bundle.key):
            self._paths.claim_all(tuple(facts), "an earlier build")
            self._draft.add_bundle(bundle.key, facts, self._standing.files)
            return
        paths = []
        for artifact in bundle.artifacts():
            self.take(artifact)
            paths.append(artifact.path)
        self._draft.bundles[bundle.key] = tuple(paths)

    def done(self) -> Draft:
        """Return the draft of all that was taken in."""
        self._make_tasks()
        self._step(len(self._draft.entries))
        return self._draft

    def _make_tasks(self) -> None:
        makers = dict(self._tasks)
        # The first alone, in this process: what all of them load is loaded once, and inherited.
        for tasks in (self._tasks[:1], self._tasks[1:]):
            # Closed at once when something fails: no worker may write after that.
            with closing(self._make(tasks)) as results:
                for made in results:
                    self._draft.add_made(makers[made.number], made)
                    self._step(len(self._draft.entries))
        self._tasks.clear()
