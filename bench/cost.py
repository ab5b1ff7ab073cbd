"""What a command costs, with all the processes that it starts: time, time on any core, and memory at its peak."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")


class Cost(NamedTuple):
    """Seconds, seconds on any core, and bytes of memory, of all processes of one command together.

    ``kernel`` is that part of ``cpu`` which the system spent, mostly on making files: it depends on the disk.
    """

    wall: float
    cpu: float
    memory: int
    kernel: float = 0


_LOOKING = ContextVar("_LOOKING", default=True)


@contextmanager
def timed() -> Iterator[None]:
    """Measure without a look at memory within, of which only the largest process's is told: looks hold up."""
    token = _LOOKING.set(False)
    try:
        yield
    finally:
        _LOOKING.reset(token)


def measure(command: Sequence[str], *, folder: Path | None = None) -> Cost:
    """Run a command and return its cost; stop everything, showing what it said, if it fails."""
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        watch = _Watch(process.pid) if _LOOKING.get() else None
        if watch:
            watch.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        peak = watch.stop() if watch else 0
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}\n{said.read().decode('utf-8', 'replace')[-4000:]}")
    # Linux counts in KiB, macOS in bytes; there only the largest process is known.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, max(peak, used.ru_maxrss * unit), used.ru_stime)


def median(costs: Iterable[Cost]) -> Cost:
    """Return the median of each figure."""
    wall, cpu, memory, kernel = zip(*costs, strict=True)
    return Cost(
        statistics.median(wall), statistics.median(cpu), int(statistics.median(memory)), statistics.median(kernel)
    )


class _Watch(threading.Thread):
    """Looks at the memory of a process and of all that it started, up to fifty times a second; Linux alone tells.

    A look holds up the one that is looked at, the longer the more memory it has: so it looks a twentieth of the time.
    Who was not there at the last look is not counted yet: until it runs a program of its own it may be told to have
    all of its parent's memory once more.
    """

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._over = threading.Event()
        self._peak = 0

    def run(self) -> None:
        pause, before = 0.02, {self._root}
        while (PROC / "self").exists() and not self._over.wait(pause):
            begun = time.perf_counter()
            family = {*_family(self._root)}
            self._peak = max(self._peak, sum(map(_proportional, family & before)))
            before = family
            pause = max(0.02, 20 * (time.perf_counter() - begun))

    def stop(self) -> int:
        """Look no more, and return the most bytes that were seen."""
        self._over.set()
        self.join()
        return self._peak


def _family(root: int) -> Iterator[int]:
    yield root
    for task in (PROC / str(root) / "task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _proportional(process: int) -> int:
    """Return the bytes that a process takes; what several share counts once, each having its part."""
    try:
        lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
