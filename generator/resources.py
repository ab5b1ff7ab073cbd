"""Where the program's own themes and catalogues lie, whichever way it was installed, and what identifies it."""

import sys
import zlib
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
    for file in sorted(_PACKAGE.rglob("*.py")):
        digest.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.digest()


def _home() -> Path:
    # A wheel carries both folders inside the package; a checkout, hence an editable installation
    # too, has them beside it.
    packed = _PACKAGE / "_data"
    return packed if packed.is_dir() else _PACKAGE.parent
