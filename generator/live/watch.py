"""Which files changed, told in one piece: editors save in bursts, through temporary files and by renaming."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

SOURCES = ("content", "themes", "locales")
QUIET = 0.02  # seconds without a change that end a burst
PATIENCE = 0.5  # seconds after which a burst that does not end is told all the same
IDLE = 60.0  # seconds after which nothing at all is told: the clock has moved

_TELLING = frozenset({"created", "modified", "moved", "deleted", "closed", "attrib"})

# What editors write for themselves: hidden and backup files, the number by which Vim tries whether it may write, the
# copies of JetBrains' editors; and what is still being downloaded.
_LITTER = re.compile(
    r"[.#].*|.*(?:~|\.(?:sw[a-z]|orig|bak|tmp|temp|part|crdownload))|4913|.*___jb_(?:tmp|old)___|__pycache__",
    re.IGNORECASE,
)


class Changes(Protocol):
    """A queue of paths."""

    def get(self, *, timeout: float) -> str:
        """Return the next path; raise queue.Empty when none comes within ``timeout`` seconds."""


def bursts(changes: Changes, clock: Callable[[], float]) -> Iterator[tuple[str, ...]]:
    """Yield the paths of each burst of changes, sorted, and none when nothing changed for a minute; without end.

    ``clock`` returns seconds that never go back.
    """
    while True:
        try:
            found = {changes.get(timeout=IDLE)}
        except Empty:
            yield ()
            continue
        end = clock() + PATIENCE
        while (left := min(QUIET, end - clock())) > 0:
            try:
                found.add(changes.get(timeout=left))
            except Empty:
                break
        yield tuple(sorted(found))


def told(event: FileSystemEvent, root: Path, *, sources: tuple[str, ...] = SOURCES) -> Iterator[str]:
    """Yield the paths below ``root``, with slashes, that an event says have changed; none for what editors leave.

    Only those in one of the folders ``sources`` count, unless there are none of these.
    Of a rename both names count, so that a file moved into place is seen under its new one.
    """
    if event.event_type not in _TELLING or (event.is_directory and event.event_type == "modified"):
        return
    for name in (event.src_path, event.dest_path):
        path = Path(os.fsdecode(name))
        if name and path.is_relative_to(root):
            parts = path.relative_to(root).parts
            if parts and (not sources or parts[0] in sources) and not any(map(_LITTER.fullmatch, parts)):
                yield "/".join(parts)


class _Teller(FileSystemEventHandler):
    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._watcher.take(event)


class Watcher:
    """Watches a site's sources, those too that come into being later."""

    def __init__(self, root: Path, observer: BaseObserver, also: Path | None = None) -> None:
        self.changes: Queue[str] = Queue()
        self._root, self._observer, self._teller = root, observer, _Teller(self)
        self._watches: dict[str, ObservedWatch] = {}
        # Not all of the folder: what may lie beside the sources is large, such as an environment for Python.
        observer.schedule(self._teller, str(root))
        for name in SOURCES:
            self._follow(name)
        self._also = also
        if also is not None:
            observer.schedule(self._teller, str(also), recursive=True)

    def take(self, event: FileSystemEvent) -> None:
        """Pass on what an event tells."""
        for path in told(event, self._root):
            if event.is_directory and path in SOURCES:
                self._follow(path)
            self.changes.put(path)
        if self._also is not None:
            for path in told(event, self._also, sources=()):
                self.changes.put(f"{self._also.name}/{path}")

    def _follow(self, name: str) -> None:
        # A folder that was replaced, as by a checkout, is another one under the same name.
        if watch := self._watches.pop(name, None):
            self._observer.unschedule(watch)
        if (self._root / name).is_dir():
            self._watches[name] = self._observer.schedule(self._teller, str(self._root / name), recursive=True)


@contextmanager
def watching(root: Path, *, also: Path | None = None) -> Iterator[Changes]:
    """Give the changes of the sources in ``root``, and of all in the folder ``also``, while the block runs.

    Where the system watches no more folders, they are looked at once a second instead.
    """
    folder = root.resolve()
    # The library says that a thread was still busy when it was stopped: nothing that a person should read.
    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    observer: BaseObserver = Observer()
    try:
        changes = Watcher(folder, observer, also).changes
        observer.start()
    except OSError:
        observer = PollingObserver(timeout=1)
        changes = Watcher(folder, observer, also).changes
        observer.start()
    try:
        yield changes
    finally:
        observer.stop()
        observer.join()
