"""What the program made of its own files, kept where Python keeps what it compiled of the program itself.

So nobody can change it who could not change the program, and it goes where the program goes.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path

_SEAL = 16


def kept(name: str, made_of: bytes) -> bytes | None:
    """Return what was kept under ``name``; None where there is nothing, or what is not whole or of something else."""
    try:
        sealed = _file(name).read_bytes()
    except OSError:
        return None
    data = sealed[_SEAL:]
    return data if sealed[:_SEAL] == _seal(data, made_of) else None


def keep(name: str, made_of: bytes, data: bytes) -> None:
    """Keep ``data`` under ``name`` where Python keeps its own; ``made_of`` is a hash of all that decides what it is."""
    if sys.dont_write_bytecode:
        return
    file = _file(name)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_seal(data, made_of) + data)  # half of it reads as nothing


def _file(name: str) -> Path:
    return Path(cache_from_source(str(Path(__file__).with_name(f"{name.replace('/', '-')}.py"))))


def _seal(data: bytes, made_of: bytes) -> bytes:
    return blake2b(data, digest_size=_SEAL, key=made_of).digest()
