"""The coming output, gathered artifact by artifact: unchanged ones known by key, the others made and staged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from contextlib import closing
from dataclasses import dataclass, field

from generator.errors import StatiqueError
from generator.publish.artifact import Artifact, Paths, Rank
from generator.publish.manifest import Entry
from generator.publish.memo import Fact, Memo
from generator.publish.staging import Made, Staging, Task
from generator.publish.standing import Standing
from generator.publish.workers import make_all

LIMIT = 1_000_000_000
"""The most bytes that GitHub Pages accepts of a site."""
BATCH = 4096  # artifacts that wait for one round of workers

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Draft:
    """What the output will hold, of how many bytes at most, and which staged files have to move for that."""

    limit: int
    entries: dict[str, Entry] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    moves: list[tuple[Rank, str, str]] = field(default_factory=list)  # rank, path, staged name
    rendered: int = 0
    size: int = 0

    def add(self, artifact: Artifact, fact: Fact) -> None:
        """Take in an artifact whose file stands already."""
        self.entries[artifact.path] = (artifact.key, fact[2])
        self.facts[artifact.path] = fact
        self.size += fact[1]
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
    artifacts: Iterable[Artifact],
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
    draft = Draft(limit)
    paths = Paths()
    total = len(artifacts) if isinstance(artifacts, Sized) else 0
    batch = BATCH if jobs > 1 else 1
    number = 0
    tasks: list[Task] = []

    def make_tasks() -> None:
        makers = dict(tasks)
        # Closed at once when something fails: no worker may write after that.
        with closing(make_all(staging.make, tasks, jobs=jobs, memo=memo)) as results:
            for made in results:
                draft.add_made(makers[made.number], made)
                if progress:
                    progress("render", len(draft.entries), total)
        tasks.clear()

    for artifact in artifacts:
        paths.claim(artifact.path, artifact.origin)
        if fact := standing.unchanged(artifact.path, artifact.key):
            draft.add(artifact, fact)
            continue
        tasks.append((number, artifact))
        number += 1
        if len(tasks) == batch:
            make_tasks()
    make_tasks()
    if progress:
        progress("render", len(draft.entries), total)
    return draft
