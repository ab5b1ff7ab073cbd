"""Where a site may be built: a folder of its own, never one that holds somebody's work."""

from __future__ import annotations

import os
from pathlib import Path

from generator.errors import UsageError
from generator.publish.files import is_file, system_faults
from generator.publish.lock import LOCK, STATE
from generator.publish.manifest import MARKER

# What a site folder holds beside outputs; nothing is built into these.
SOURCES = frozenset({"content", "themes", "locales", "generator", ".git", ".github", ".statique"})

_Identity = tuple[int, int]


def usable(out: Path, *, site: Path) -> Path:
    """Return ``out`` as an absolute path; raise UsageError when nothing may be built there."""
    with system_faults(f"look at the output folder {out}"):
        folder = out.parent.resolve() / out.name if out.name not in {"", ".", ".."} else out.resolve()
        if folder.is_symlink():
            raise _refusal(folder, "is a link; name the folder that it points to")
        if folder.exists() and not folder.is_dir():
            raise _refusal(folder, "is not a folder")
        _refuse_sources(folder, site.resolve())
        _refuse_homes(folder)
        if any((parent / MARKER).is_file() for parent in folder.parents):
            raise _refusal(folder, "lies inside another output")
        if not (folder / STATE / LOCK).exists():
            refuse_foreign(folder)
    return folder


def refuse_foreign(folder: Path) -> None:
    """Raise UsageError when ``folder`` holds files and no marker that proves it to be an output of ours."""
    names = set(os.listdir(folder)) - {STATE} if folder.exists() else set()  # noqa: PTH208 - names are enough
    if names and MARKER not in names:
        raise _refusal(folder, f'holds files that this program did not write, such as "{min(names)}"')
    if MARKER in names and not is_file(folder / MARKER):
        raise _refusal(folder, f"has a {MARKER} that is not a file of this program")


def _refuse_sources(folder: Path, site: Path) -> None:
    if folder.exists() and _identity(folder) in {_identity(path) for path in (site, *site.parents)}:
        raise _refusal(folder, "is the site folder or holds it")
    above = [path for path in (folder, *folder.parents) if path.exists()]
    sources = {_identity(site / name) for name in SOURCES if (site / name).exists()}
    if any(_identity(path) in sources for path in above):
        raise _refusal(folder, "lies in the site's sources")
    if site in folder.parents and folder.relative_to(site).parts[0].casefold() in SOURCES:
        raise _refusal(folder, "has a name that the site's sources use")


def _refuse_homes(folder: Path) -> None:
    if folder == Path(folder.anchor):
        raise _refusal(folder, "is the root of the file system")
    try:
        home = Path.home().resolve()
    except RuntimeError:  # a system account may have none
        return
    if folder in (home, *home.parents):
        raise _refusal(folder, "is your home folder or holds it")


def _identity(path: Path) -> _Identity:
    status = path.stat()
    return status.st_dev, status.st_ino


def _refusal(folder: Path, reason: str) -> UsageError:
    return UsageError(f"cannot build into {folder}: it {reason}; choose an empty folder, or one that does not exist")
