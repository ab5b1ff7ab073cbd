"""A whole new tree in place of the old one, in one step: for those who serve the output folder itself."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from generator.errors import SystemFault
from generator.publish.files import Folders, copy_new, exists, is_folder, make_folder, walk
from generator.publish.journal import MANIFEST, Journal
from generator.publish.lock import STATE, Lock
from generator.publish.manifest import MARKER
from generator.publish.staging import STAGED

_HERE = -100  # AT_FDCWD, from fcntl.h
_EXCHANGE = 2  # RENAME_EXCHANGE, from linux/fs.h


def restore(folder: Path) -> None:
    """Put the old tree back where a build was killed between the two renames that replace an exchange."""
    if not folder.exists() and is_folder(_retired(folder) / STATE):
        _retired(folder).rename(folder)


def clear_trees(folder: Path) -> None:
    """Remove the trees that a killed build left beside ``folder``, known by their names and what they hold."""
    for tree in (_coming(folder), _retired(folder)):
        if is_folder(tree / STATE) or (is_folder(tree) and not any(tree.iterdir())):
            _discard(tree)
        elif exists(tree):
            raise SystemFault(f"{tree} is where the new tree would be built; move it elsewhere")


def replace_tree(folder: Path, journal: Journal, unchanged: Collection[str], *, lock: Lock) -> None:
    """Build the tree that ``journal`` leads to beside ``folder``, and let it take the folder's place."""
    tree = _coming(folder)
    make_folder(tree)
    try:
        lock.extend(tree)
        _assemble(folder, tree, journal, unchanged)
        old = _swap(tree, folder, lock)
    except BaseException:
        with suppress(OSError):
            _discard(tree)
        raise
    with suppress(OSError):  # the next build removes what is left
        _discard(old)


def _assemble(folder: Path, tree: Path, journal: Journal, unchanged: Collection[str]) -> None:
    folders = Folders(tree)
    staged = folder / STATE / STAGED
    for name, path in journal.moves:
        (staged / name).replace(folders.hold(path))
    for path in unchanged:
        copy_new(folder / path, Path(folders.hold(path)))
    ours = {*unchanged, *journal.clear, *journal.drop, *(path for _, path in journal.moves), MARKER}
    for path in walk(folder):
        if path not in ours and not path.startswith(f"{STATE}/"):
            # Not ours, but not ours to lose either.
            shutil.copy2(folder / path, folders.hold(path), follow_symlinks=False)
    marker = staged / MANIFEST
    if marker.exists():
        marker.replace(tree / MARKER)
    else:
        copy_new(folder / MARKER, tree / MARKER)


def _swap(tree: Path, folder: Path, lock: Lock) -> Path:
    """Exchange the two and return where the old tree is now."""
    if _exchange(tree, folder):
        return tree
    lock.loosen()
    folder.rename(_retired(folder))
    try:
        tree.rename(folder)
    except BaseException:
        _retired(folder).rename(folder)
        raise
    return _retired(folder)


def _exchange(first: Path, second: Path) -> bool:
    """Return whether the system could exchange the two names in one step."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0


def _discard(tree: Path) -> None:
    # The folder that proves the tree ours goes last, so that a kill in between leaves it recognisable.
    for child in tree.iterdir():
        if child.name == STATE:
            continue
        if is_folder(child):
            shutil.rmtree(child)
        else:
            child.unlink()
    with suppress(FileNotFoundError):
        shutil.rmtree(tree / STATE)
    tree.rmdir()


def _coming(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.statique-new")


def _retired(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.statique-old")
