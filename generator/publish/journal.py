"""The moves that turn the old output into the new one, written down first so that the next build can finish them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from generator.errors import SystemFault
from generator.publish.artifact import fold, is_safe
from generator.publish.files import Folders, exists, is_file, is_folder, remove, remove_empty_tree, walk, write_new
from generator.publish.lock import STATE
from generator.publish.manifest import MARKER
from generator.publish.staging import STAGED

JOURNAL = "journal"
UNFINISHED = "journal.part"
MANIFEST = "manifest"  # the name of the staged manifest

Step = Callable[[int, int], None]


class Journal(msgspec.Struct, frozen=True):
    """What is left to do once all is staged: ``clear`` what stands in the way, move, ``drop`` what is gone.

    ``fresh`` are the paths where nothing of ours stood before: what is found there is somebody else's.
    """

    clear: tuple[str, ...]
    moves: tuple[tuple[str, str], ...]  # staged name, path
    drop: tuple[str, ...]
    fresh: frozenset[str]

    @classmethod
    def of(cls, moves: Collection[tuple[str, str]], gone: Collection[str], *, fresh: Iterable[str]) -> Journal:
        """Return the journal that makes ``moves`` in their order and removes ``gone``.

        A file whose name becomes a folder, or whose folder becomes a file, goes before the moves; so does one
        whose new name differs in case or composition only, which on some systems is the same file.
        """
        files = {fold(path) for _, path in moves}
        folders = {parent for file in files for parent in parents(file)}
        clear = frozenset(path for path in gone if _is_in_the_way(fold(path), files, folders))
        return cls(
            clear=tuple(path for path in gone if path in clear),
            moves=tuple(moves),
            drop=tuple(path for path in gone if path not in clear),
            fresh=frozenset(fresh),
        )


def write(folder: Path, journal: Journal) -> None:
    """Write ``journal`` durably; from now on the next build finishes what this one cannot."""
    state = folder / STATE
    write_new(state / UNFINISHED, msgspec.json.encode(journal, order="deterministic"), durable=True)
    (state / UNFINISHED).replace(state / JOURNAL)
    _flush(state)


def check(folder: Path, journal: Journal) -> None:
    """Raise SystemFault when a move that is still to be made would meet what the program did not write."""
    staged = folder / STATE / STAGED
    cleared = {fold(path) for path in journal.clear}
    # Below a name that is not there nothing can be in the way, as of all files of a first build.
    held = {fold(name) for name in os.listdir(folder)}  # noqa: PTH208 names are enough
    real: set[str] = set()
    for name, path in journal.moves:
        if fold(path.partition("/")[0]) not in held or not is_file(f"{staged}/{name}"):
            continue
        for parent in parents(path):
            if parent not in real and fold(parent) not in cleared:
                _refuse_other_than_folder(f"{folder}/{parent}", path)
            real.add(parent)
        if is_folder(f"{folder}/{path}") or (path in journal.fresh and fold(path) not in cleared):
            _refuse_foreign(folder, path, journal.clear)


def apply(folder: Path, journal: Journal, *, step: Step | None = None) -> None:
    """Do what ``journal`` says, or the rest of it, and forget it; the manifest comes last."""
    staged = folder / STATE / STAGED
    if not journal.moves or is_file(staged / journal.moves[0][0]):
        # Once something has moved, the names that were cleared may be those of new files.
        remove(folder, journal.clear)
    folders, coming = Folders(folder), f"{staged}/"
    for done, (name, path) in enumerate(journal.moves, 1):
        if is_file(coming + name):
            _move(coming + name, folders.hold(path))
        if step:
            step(done, len(journal.moves))
    remove(folder, journal.drop)
    if is_file(staged / MANIFEST):
        (staged / MANIFEST).replace(folder / MARKER)
    (folder / STATE / JOURNAL).unlink()


def recover(folder: Path) -> None:
    """Finish what a killed build began to move, then remove what it left staged."""
    path = folder / STATE / JOURNAL
    if is_file(path):
        journal = _read(path)
        if journal is None:
            path.unlink()
        else:
            check(folder, journal)
            apply(folder, journal)
    sweep(folder)


def sweep(folder: Path) -> None:
    """Remove what a build staged in ``folder``, unless a journal says that it is still needed."""
    state = folder / STATE
    if not is_file(state / JOURNAL):
        (state / UNFINISHED).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            shutil.rmtree(state / STAGED)


def parents(path: str) -> Iterator[str]:
    """Yield the folders that the posix ``path`` lies in, innermost first."""
    while path := path.rpartition("/")[0]:
        yield path


def _read(path: Path) -> Journal | None:
    try:
        journal = msgspec.json.decode(path.read_bytes(), type=Journal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    names = [*journal.clear, *journal.drop, *(name for move in journal.moves for name in move)]
    return journal if all(map(is_safe, names)) else None


def _is_in_the_way(path: str, files: Collection[str], folders: Collection[str]) -> bool:
    return path in files or path in folders or any(parent in files for parent in parents(path))


def _refuse_other_than_folder(place: str, path: str) -> None:
    if exists(place) and not is_folder(place):
        raise _in_the_way(place, path)


def _refuse_foreign(folder: Path, path: str, clear: Collection[str]) -> None:
    target = f"{folder}/{path}"
    if not is_folder(target):
        if exists(target):
            raise _in_the_way(target, path)
        return
    for below in walk(folder / path):
        if f"{path}/{below}" not in clear:
            raise _in_the_way(f"{target}/{below}", path)


def _in_the_way(found: str, path: str) -> SystemFault:
    return SystemFault(f'{found} is in the way of "{path}", and this program did not write it; move it elsewhere')


def _move(source: str, target: str) -> None:
    try:
        os.replace(source, target)  # noqa: PTH105 objects for the paths of all files would take a quarter of the time
    except (IsADirectoryError, PermissionError):
        if not is_folder(target):
            raise
        remove_empty_tree(Path(target))
        Path(source).replace(target)


def _flush(folder: Path) -> None:
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
