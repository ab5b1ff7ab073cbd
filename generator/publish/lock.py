"""The right to build into one folder, held by one process at a time; the system frees it when a process dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.errors import SystemFault
from generator.publish.files import FOLDER_MODE, exists, is_folder, make_folder, system_faults

STATE = ".statique"  # inside the output while a build runs: lock, staged files, journal
LOCK = "lock"
ATTEMPTS = 1000

_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_lock(descriptor: int) -> None:
        # LK_LOCK gives up after ten tries, one a second.
        while True:
            with suppress(OSError):
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextmanager
def locked(folder: Path, *, waiting: Callable[[str], None] | None = None) -> Iterator[Lock]:
    """Hold the lock of ``folder`` inside the block; folders made for it go again when they stay empty.

    ``waiting`` is told, once, that another build has to end first.
    """
    lock = Lock(folder)
    try:
        with system_faults(f"lock the output folder {folder}"):
            lock.acquire(waiting)
        yield lock
    finally:
        lock.release()


class Lock:
    """The lock files that this process holds; normally one, a second while a new tree takes the folder's place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptors: list[int] = []
        self._made: list[Path] = []

    def acquire(self, waiting: Callable[[str], None] | None) -> None:
        """Wait until the folder is ours alone."""
        missed = 0
        while not self._descriptors:
            try:
                self._make_state()
                descriptor = os.open(self._folder / STATE / LOCK, _OPEN, 0o644)
            except FileNotFoundError:
                # The build that just ended tidied up between the two steps; or no folder can be made there at all.
                missed += 1
                if missed == ATTEMPTS:
                    raise
                continue
            self._descriptors.append(descriptor)
            if not _try_lock(descriptor):
                if waiting:
                    waiting(f"another build writes to {self._folder}: waiting for it to end")
                    waiting = None
                _wait_lock(descriptor)
            if not _is_at(descriptor, self._folder / STATE / LOCK):
                # Its holder removed the file when it ended: the lock that counts is another one now.
                self._descriptors.remove(descriptor)
                os.close(descriptor)

    def extend(self, tree: Path) -> None:
        """Hold the lock of ``tree`` too: it is about to take the folder's place."""
        make_folder(tree / STATE)
        descriptor = os.open(tree / STATE / LOCK, _OPEN, 0o644)
        self._descriptors.append(descriptor)
        _wait_lock(descriptor)

    def loosen(self) -> None:
        """Let go where open files keep folders from being renamed."""
        if sys.platform == "win32":
            self._close()

    def release(self) -> None:
        """Remove the lock file and what is empty around it, then let the next build in."""
        try:
            if self._descriptors and os.name != "nt":
                # While the lock is still held: whoever waits for this file then finds that it is gone.
                with suppress(OSError):
                    (self._folder / STATE / LOCK).unlink(missing_ok=True)
        finally:
            self._close()
        with suppress(OSError):
            if os.name == "nt":
                (self._folder / STATE / LOCK).unlink(missing_ok=True)
            (self._folder / STATE).rmdir()
        for folder in reversed(self._made):
            with suppress(OSError):
                folder.rmdir()

    def _make_state(self) -> None:
        for folder in reversed((self._folder, *self._folder.parents)):
            if not folder.exists():
                with suppress(FileExistsError):
                    make_folder(folder)
                    self._made.append(folder)
        state = self._folder / STATE
        with suppress(FileExistsError):
            state.mkdir(FOLDER_MODE)
        if exists(state) and not is_folder(state):
            raise SystemFault(f"{state} is not a folder of this program; remove it and build again")

    def _close(self) -> None:
        while self._descriptors:
            with suppress(OSError):
                os.close(self._descriptors.pop())


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False
