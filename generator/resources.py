"""Where the program's own themes and catalogues lie, whichever way it was installed, and what identifies it."""

import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def themes_dir() -> Path:
    """Return the folder that holds one folder per theme shipped with the program."""
    return _home() / "themes"


def locales_dir() -> Path:
    """Return the folder that holds ``<lang>/LC_MESSAGES/messages.po`` for each language shipped."""
    return _home() / "locales"


def starter_dir() -> Path:
    """Return the folder with the files that every new site begins with."""
    return _PACKAGE / "starter"


@cache
def fingerprint() -> bytes:
    """Return 16 bytes that differ whenever the program, or a library that decides what it makes, differs."""
    digest = blake2b(digest_size=16)
    digest.update(f"python {sys.version_info[:2]} zlib {zlib.ZLIB_RUNTIME_VERSION}\n".encode())
    for name in ("markdown", "nh3", "jinja2", "babel", "msgspec", "pyyaml", "icalendar", "tzdata", "pillow"):
        digest.update(f"{name} {version(name)}\n".encode())
    with suppress(PackageNotFoundError):
        digest.update(f"comrak {version('comrak')}\n".encode())
    for file in _sources(str(_PACKAGE)):
        digest.update(file.removeprefix(str(_PACKAGE)).replace(os.sep, "/").encode() + b"\0")
        with open(file, "rb", buffering=0) as source:  # noqa: PTH123 hundreds of files at every start
            digest.update(source.read())
    return digest.digest()


def _sources(folder: str) -> Iterator[str]:
    """Yield the program's files, in the order of their paths."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(".py"):
            yield entry.path
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _sources(entry.path)


def _home() -> Path:
    # A wheel carries both folders inside the package; a checkout, hence an editable installation
    # too, has them beside it.
    packed = _PACKAGE / "_data"
    return packed if packed.is_dir() else _PACKAGE.parent
