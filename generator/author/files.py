"""The only place that creates and replaces content files."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import SystemFault
from generator.record.source import Refused, read_bytes

if sys.platform != "win32":
    import fcntl

_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def create(path: Path, text: str) -> bool:
    """Write a new file whole, with the folders it needs; return False and leave what is there if there is one.

    The text appears under its name in one step: nobody sees half of it. Raises SystemFault.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _beside(path, text.encode("utf-8"), mode=0o644) as whole:
            os.link(whole, path)
    except FileExistsError:
        return False
    except OSError as error:
        raise SystemFault(f"cannot write {path}: {error.strerror}") from None
    return True


def replace(path: Path, old: bytes, new: bytes) -> bool:
    """Put ``new`` in the place of a file that still holds ``old``; return False and leave it if it does not.

    Readers see the one or the other, never a mixture; the file keeps its mode. Two programs that replace the same
    file this way take turns, so that the second finds that it has changed. Raises SystemFault.
    """
    try:
        with _turn(path):
            if read_bytes(path) != old:
                return False
            with _beside(path, new, mode=path.stat().st_mode & 0o777) as whole:
                whole.replace(path)
    except Refused:
        return False
    except OSError as error:
        raise SystemFault(f"cannot write {path}: {error.strerror}") from None
    return True


@contextmanager
def _beside(path: Path, data: bytes, *, mode: int) -> Iterator[Path]:
    """Give a file in the same folder that holds ``data``; it is gone afterwards, unless it was moved."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    whole = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        whole.chmod(mode)
        yield whole
    finally:
        whole.unlink(missing_ok=True)


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Hold the file against others that replace it; whoever waited for its turn then reads the newer file."""
    if sys.platform == "win32":
        yield  # a file that is open cannot be replaced there, so it cannot be held either
        return
    try:
        descriptor = os.open(path, _OPEN)
    except OSError:
        raise Refused("F102", "cannot be read", "") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
