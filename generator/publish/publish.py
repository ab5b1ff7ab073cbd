"""The only writer of an output: all is made and staged first, then what changed moves into place.

Until the journal is written the output is untouched; from then on the next build finishes what this one cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.errors import UsageError
from generator.publish import exchange, journal, manifest
from generator.publish.artifact import Artifact, Bundle, Strand, is_safe
from generator.publish.draft import LIMIT, Draft, Progress
from generator.publish.drafting import drafted
from generator.publish.facts import Intact
from generator.publish.files import digest, system_faults
from generator.publish.journal import MANIFEST, Journal
from generator.publish.lock import Lock, locked
from generator.publish.manifest import LOOSE, MARKER, Manifest, Part
from generator.publish.memo import Memo
from generator.publish.place import refuse_foreign, usable
from generator.publish.seen import facts_of, keep_facts
from generator.publish.staging import Staging
from generator.publish.standing import Standing, recognised

WARNING = 0.8
"""The share of the limit from which on a site's size is warned of."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a build did: the paths it wrote and removed, sorted, and how many files it left alone and made.

    ``size`` is that of the whole output in bytes, ``marker`` the hash of its marker; ``warnings`` are sentences for the
    person who builds.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    rendered: int
    size: int
    marker: bytes
    warnings: tuple[str, ...]


def publish(
    artifacts: Iterable[Artifact | Bundle],
    out: Path,
    *,
    strands: Sequence[Strand] = (),
    memo: Memo,
    site: Path,
    label: str = "",
    clean: bool = False,
    atomic: bool = False,
    jobs: int = 1,
    limit: int = LIMIT,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
    looked: Callable[[], Intact] | None = None,
) -> Published:
    """Make the folder ``out`` hold ``artifacts``, its marker and what others put there; return what that changed.

    It holds those of ``strands`` too, which are found out beside each other where little may have changed.
    An artifact whose key is the one in the marker, and whose file is still what was written, is not made.
    ``clean`` makes all and reads every file. ``site`` is the folder whose sources must not be overwritten;
    ``label`` names the kind of site, and an output of another kind is refused. ``atomic`` replaces the whole
    tree in one step, for those who serve the folder itself.
    ``limit`` is how many bytes the site may have. ``progress`` is told "render" or "move", how many are done and of
    how many (0 when unknown); ``waiting`` that another build has to end first. ``looked`` returns what another process
    has found of the folder meanwhile.

    Raises PathError for unsafe or clashing paths, UsageError for a folder that is not ours to build into,
    SystemFault for what the system refuses, and whatever an artifact's maker raises.
    """
    folder = usable(out, site=site)
    with system_faults(f"restore {folder}"):
        exchange.restore(folder)
    with locked(folder, waiting=waiting) as lock:
        _tidy(folder)
        standing, marker, warnings = _standing(folder, memo, label=label, clean=clean, looked=looked)
        try:
            staging = Staging(standing)
            staging.open()
            draft = drafted(
                artifacts, strands, standing, staging=staging, memo=memo, jobs=jobs, progress=progress, limit=limit
            )
            # Nothing is looked up while files move: others may write to the memo.
            memo.rest()
            steps = _steps(draft, standing)
            new = Manifest.of(label, draft.parts).encode()
            same = new == marker
            made = standing.facts.marker if standing.proved and same else digest(new)
            if not same:
                staging.write(MANIFEST, new, durable=True)
            del new, marker  # as large as all that is kept of the files
            if not same or steps.moves or steps.clear or steps.drop:
                _put(folder, steps, draft, lock=lock if atomic else None, progress=progress)
        finally:
            with suppress(OSError):
                journal.sweep(folder)
    keep_facts(memo, folder, label, made, draft)
    return _published(draft, steps, made, warnings)


def _tidy(folder: Path) -> None:
    with system_faults(f"finish what an earlier build left in {folder}"):
        journal.recover(folder)
        exchange.clear_trees(folder)
        refuse_foreign(folder)


def _standing(
    folder: Path, memo: Memo, *, label: str, clean: bool, looked: Callable[[], Intact] | None
) -> tuple[Standing, bytes, tuple[str, ...]]:
    facts = facts_of(memo, folder, label)
    known, marker, proved = manifest.read(folder, known=facts.marker)
    if known is None:
        reason = "was damaged, or is another version's"
        warning = f"{folder / MARKER} {reason}; pages that no longer exist may be left in the folder"
        lost = {LOOSE: Part.of(b"", recognised(folder, facts.every()))}
        return Standing(folder, lost, facts, trusting=not clean, adopting=True), marker, (warning,)
    if marker and known.label != label:
        raise UsageError(f'{folder} holds another site ("{known.label}", not "{label}"); choose another folder')
    return Standing(folder, known.parts, facts, proved=proved, trusting=not clean, looked=looked), marker, ()


def _steps(draft: Draft, standing: Standing) -> Journal:
    old = {path for name, part in standing.parts.items() if name not in draft.kept for path in part.entries()}
    # A marker that somebody edited must not lead outside the folder.
    gone = [path for path in sorted(old.difference(draft.paths(made=True)) if old else ()) if is_safe(path)]
    return Journal.of([*draft.moves.in_order()], gone, fresh=draft.fresh)


def _put(folder: Path, steps: Journal, draft: Draft, *, lock: Lock | None, progress: Progress | None) -> None:
    def step(done: int, total: int) -> None:
        if progress:
            progress("move", done, total)

    with system_faults(f"write to {folder}"):
        journal.check(folder, steps)
        if lock:
            moved = {path for _, path in steps.moves}
            exchange.replace_tree(folder, steps, [path for path in draft.paths() if path not in moved], lock=lock)
        else:
            journal.write(folder, steps)
            journal.apply(folder, steps, step=step)


def _published(draft: Draft, steps: Journal, marker: bytes, warnings: tuple[str, ...]) -> Published:
    if draft.size > WARNING * draft.limit:
        whose = "GitHub Pages accepts" if draft.limit == LIMIT else "the limit is"
        warnings = (*warnings, f"the site has {draft.size // 10**6} MB; {whose} {draft.limit // 10**6} MB")
    return Published(
        written=tuple(sorted(path for _, path in steps.moves)),
        removed=tuple(sorted((*steps.clear, *steps.drop))),
        unchanged=draft.files - len(steps.moves),
        rendered=draft.rendered,
        size=draft.size,
        marker=marker,
        warnings=warnings,
    )
