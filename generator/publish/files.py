"""The few things done to files: written anew, compared, removed, with the same modes under any umask."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b, file_digest
from itertools import takewhile
from pathlib import Path

from generator.errors import StatiqueError, SystemFault

Fact = tuple[int, int, bytes]  # a file's modification time in nanoseconds, its size, the hash of its content

FILE_MODE = 0o644
FOLDER_MODE = 0o755

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_ADVICE = {
    errno.ENOSPC: "free some space and build again",
    errno.EDQUOT: "free some space and build again",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "check the permissions",
    errno.EPERM: "check the permissions",
}


@contextmanager
def system_faults(action: str) -> Iterator[None]:
    """Turn the system's refusals inside the block into a SystemFault that says ``action`` failed, and why."""
    try:
        yield
    except StatiqueError:
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        where = f" ({error.filename})" if error.filename else ""
        advice = f"; {_ADVICE[error.errno]}" if error.errno in _ADVICE else ""
        raise SystemFault(f"cannot {action}: {reason}{where}{advice}") from error


def digest(data: bytes) -> bytes:
    """Return the 16 bytes that stand for the content ``data``."""
    return blake2b(data, digest_size=16).digest()


def digest_of(path: Path) -> bytes:
    """Return the digest of the content of the file ``path``."""
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=16)).digest()


def stands(file: str, fact: Fact) -> bool:
    """Return whether a regular file has the time and the size that are known of it; raise OSError."""
    status = os.lstat(file)
    return status.st_mtime_ns == fact[0] and status.st_size == fact[1] and stat.S_ISREG(status.st_mode)


def write_new(path: Path, data: bytes, *, durable: bool = False) -> Fact:
    """Write ``data`` to ``path``, which must not exist, and return the facts of the file.

    A ``durable`` file is on the disk when the function returns.
    """
    descriptor = os.open(path, _NEW, FILE_MODE)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, FILE_MODE)
        if durable:
            os.fsync(descriptor)
        status = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return status.st_mtime_ns, status.st_size, digest(data)


def copy_new(source: Path, target: Path) -> None:
    """Copy one file of ours with its modification time, which is part of its facts."""
    shutil.copyfile(source, target, follow_symlinks=False)
    target.chmod(FILE_MODE)
    status = source.lstat()
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def make_folder(path: Path) -> None:
    """Make one folder that everybody may enter."""
    path.mkdir()
    path.chmod(FOLDER_MODE)


class Folders:
    """The folders below ``root``, made on demand, each looked at once."""

    def __init__(self, root: Path) -> None:
        self._root = f"{root}/"
        self._held = {""}

    def hold(self, path: str) -> str:
        """Return the place of the file ``path``, whose folders exist."""
        self._hold_folder(path.rpartition("/")[0])
        return self._root + path

    def _hold_folder(self, folder: str) -> None:
        if folder in self._held:
            return
        self._hold_folder(folder.rpartition("/")[0])
        if not is_folder(self._root + folder):
            make_folder(Path(self._root + folder))
        self._held.add(folder)


def is_folder(path: Path | str) -> bool:
    """Return whether ``path`` is a folder itself, not a link to one."""
    return stat.S_ISDIR(_mode(path))


def is_file(path: Path | str) -> bool:
    """Return whether ``path`` is a regular file itself, not a link to one."""
    return stat.S_ISREG(_mode(path))


def exists(path: Path | str) -> bool:
    """Return whether there is anything at ``path``, be it a link that leads nowhere."""
    return _mode(path) != 0


def _mode(path: Path | str) -> int:
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def walk(root: Path) -> Iterator[str]:
    """Yield the posix path, relative to ``root``, of everything below it that is not a folder."""
    with os.scandir(root) as entries:
        names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for name, folder in names:
        if folder:
            yield from (f"{name}/{below}" for below in walk(root / name))
        else:
            yield name


def remove(root: Path, paths: Iterable[str]) -> None:
    """Remove the files ``paths`` below ``root`` and the folders that this empties; what is gone stays gone.

    Nothing is removed through a link: behind it lies somebody else's folder.
    """
    for path in paths:
        parents = [root.joinpath(*parts) for parts in _prefixes(path)]
        real = list(takewhile(is_folder, parents))
        if len(real) == len(parents) and not is_folder(root / path):
            (root / path).unlink(missing_ok=True)
        _remove_empty(reversed(real))


def remove_empty_tree(folder: Path) -> None:
    """Remove ``folder``, which may hold folders but no files."""
    for child in folder.iterdir():
        remove_empty_tree(child)
    folder.rmdir()


def _prefixes(path: str) -> Iterator[tuple[str, ...]]:
    parts = path.split("/")
    return (tuple(parts[:length]) for length in range(1, len(parts)))


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
            return
