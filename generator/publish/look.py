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
from operator import attrgetter
from pathlib import Path

import msgspec

Traits = tuple[str | bytes, int, int, int, int]
"""What no change of a file leaves as it was: its name, size, times and number."""

REST = 2 * 10**9
"""Nanoseconds that a source must have been at rest: the coarsest clock of a file system ticks every two seconds."""

_ENCODER = msgspec.msgpack.Encoder()


class Look:
    """One look at files: each folder is listed once, and what the system tells of each file is asked once.

    The file ``clock`` is touched, to learn what time it is for the file system; without one no file is trusted.
    """

    def __init__(self, clock: Path | None) -> None:
        self._before = 0
        with suppress(OSError):
            self._before = _now(clock) - REST if clock else 0
        self._folders: dict[str, list[os.DirEntry[str]]] = {}
        self._traits: dict[str, dict[str, Traits]] = {}

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """Return what lies in a folder, in the order of names; raise OSError."""
        if folder not in self._folders:
            with os.scandir(folder) as found:
                self._folders[folder] = sorted(found, key=attrgetter("name"))
        return self._folders[folder]

    def traits(self, folder: str, names: Iterable[str]) -> list[Traits] | None:
        """Return what no change of some files of a folder leaves as it was; None where that proves nothing.

        That is so of all but regular files, and of those that were not at rest when the look began.
        """
        known = self._traits.get(folder)
        if known is None:
            known = self._traits[folder] = self._of(folder)
        try:
            return [known[name] for name in names]
        except KeyError:
            return None

    def end(self) -> None:
        """Let go of what was seen; what is asked after that is looked at anew."""
        self._folders.clear()
        self._traits.clear()

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
            found.update(_ENCODER.encode((_plain(folder), None)))
            return True
        files = []
        for entry in listed:
            if not entry.is_dir(follow_symlinks=False):
                files.append(entry.name)
            elif Path(entry.path) not in unseen and not self._within(entry.path, unseen, found):
                return False
        traits = self.traits(folder, files)
        if traits is not None:
            found.update(_ENCODER.encode((_plain(folder), traits)))
        return traits is not None

    def _of(self, folder: str) -> dict[str, Traits]:
        """Return the traits of those files in a folder of which they prove something."""
        try:
            entries, before = self.entries(folder), self._before
        except OSError:
            return {}
        known = {}
        for entry in entries:
            try:
                facts = os.lstat(entry.path)  # an entry would keep what it told
            except OSError:
                continue
            changed, written = facts.st_ctime_ns, facts.st_mtime_ns
            if changed <= before and written <= before and stat.S_ISREG(facts.st_mode):
                name = entry.name
                known[name] = (_plain(name), facts.st_size, written, changed, facts.st_ino)
        return known


def _plain(name: str) -> str | bytes:
    """Return a name as what any encoder takes: what is not text in the system's encoding as its bytes."""
    return name if name.isascii() else os.fsencode(name)


def _now(clock: Path) -> int:
    clock.parent.mkdir(parents=True, exist_ok=True)
    clock.touch()
    return clock.stat().st_mtime_ns
