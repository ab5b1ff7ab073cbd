"""What the disk asks for, whatever a generator does: bare loops that write the same files, and read the sources."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.cost import Cost


class _Clock:
    """Adds up what blocks of this process take."""

    def __init__(self) -> None:
        self.cost = Cost(0, 0, 0)

    @contextmanager
    def runs(self) -> Iterator[None]:
        wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        yield
        after = resource.getrusage(resource.RUSAGE_SELF)
        kernel = after.ru_stime - before.ru_stime
        cpu = after.ru_utime - before.ru_utime + kernel
        so_far = self.cost
        self.cost = Cost(so_far.wall + time.perf_counter() - wall, so_far.cpu + cpu, 0, so_far.kernel + kernel)


def writing(built: Path) -> Cost:
    """Write the files of a built site into a new folder; what it takes to read them first does not count."""
    target, clock = built.with_name("bare"), _Clock()
    shutil.rmtree(target, ignore_errors=True)
    for folder, _, names in os.walk(built):
        beside = target / Path(folder).relative_to(built)
        files = [(beside / name, Path(folder, name).read_bytes()) for name in names]
        with clock.runs():
            beside.mkdir()
            for path, data in files:
                path.write_bytes(data)
    shutil.rmtree(target)
    return clock.cost


def reading(site: Path) -> Cost:
    """Read and hash the sources of a site."""
    clock = _Clock()
    with clock.runs():
        for path in (site / "content").rglob("*.md"):
            hashlib.blake2b(path.read_bytes()).digest()
    return clock.cost
