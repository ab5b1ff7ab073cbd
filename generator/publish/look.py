"""A look at source files: what the system tells of them, where that proves that none has changed, reading none of them.

Whoever changes a file cannot keep its change time, which is the system's. A file that changed just before it was looked
at may change once more within the same tick of that clock; so nothing is told until it has been at rest for a while.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

Traits = tuple[int, int, int, int]

REST = 2 * 10**9
"""Nanoseconds that a source must have been at rest: the coarsest clock of a file system ticks every two seconds."""


class Look:
    """One look at files: each folder is listed once, and what the system tells of each file is asked once.

    The file ``clock`` is touched, to learn what time it is for the file system; without one no file is trusted.
    """

    def __init__(self, clock: Path | None) -> None:
        self._before = 0
        with suppress(OSError):
            self._before = _now(clock) - REST if clock else 0
        self._folders: dict[str, list[os.DirEntry[str]]] = {}
        self._entries: dict[str, os.DirEntry[str]] = {}

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """Return what lies in a folder, in the order of names; raise OSError."""
        if folder not in self._folders:
            with os.scandir(folder) as found:
                self._folders[folder] = listed = sorted(found, key=lambda entry: entry.name)
            self._entries |= {entry.path: entry for entry in listed}
        return self._folders[folder]

    def traits(self, file: str) -> Traits | None:
        """Return what no change of a file leaves as it was; None where that proves nothing.

        That is so of all but regular files, and of those that were not at rest when the look began.
        """
        entry = self._entries.get(file)
        try:
            facts = entry.stat(follow_symlinks=False) if entry else os.lstat(file)
        except OSError:
            return None
        if not stat.S_ISREG(facts.st_mode) or facts.st_ctime_ns > self._before or facts.st_mtime_ns > self._before:
            return None
        return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino

    def end(self) -> None:
        """Let go of what was seen; what is asked after that is looked at anew."""
        self._folders.clear()
        self._entries.clear()

    def whole(self, folders: Iterable[Path], *, unseen: Container[Path] = ()) -> bytes | None:
        """Return a hash of the paths and traits of all files in ``folders``; None where they may not tell all.

        Folders that are ``unseen``, and hidden names, are not opened.
        """
        found = blake2b(digest_size=16)
        try:
            told = all(self._within(str(folder), unseen, found) for folder in folders)
        except OSError:
            return None
        return found.digest() if told else None

    def _within(self, folder: str, unseen: Container[Path], found: blake2b) -> bool:
        """Take in what lies in a folder; return whether its times can be trusted."""
        try:
            listed = [entry for entry in self.entries(folder) if not entry.name.startswith(".")]
        except FileNotFoundError:
            found.update(f"{folder} none\n".encode(errors="surrogateescape"))
            return True
        told: list[str] = []
        for entry in listed:
            if entry.is_dir(follow_symlinks=False):
                if Path(entry.path) not in unseen and not self._within(entry.path, unseen, found):
                    return False
            elif known := self.traits(entry.path):
                told.append(f"{entry.name} {known}")
            else:
                return False
        found.update("\n".join((folder, *told, "\n")).encode(errors="surrogateescape"))
        return True


def _now(clock: Path) -> int:
    clock.parent.mkdir(parents=True, exist_ok=True)
    clock.touch()
    return clock.stat().st_mtime_ns
