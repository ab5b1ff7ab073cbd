"""Compiled templates: one code for all languages of a process; that of shipped ones is kept beside Python's own."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from generator.hashing import key_of
from generator.render.theme import Template, Theme
from generator.resources import fingerprint

_SEAL = 16


class Compiled(BytecodeCache):
    """Code compiled for one language and one build, for all others of this process.

    That of templates which are shipped is found again by later processes. It lies where Python keeps what it compiled
    of the program itself, so that nobody can change it who could not change the program.
    """

    def __init__(self, theme: Theme) -> None:
        self._templates = theme.templates
        self._known = _codes(theme.fingerprint)

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 jinja2 passes it
        """Return the name of a template, which stands for one file of its theme."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket its template's code where that is known."""
        if bucket.key not in self._known and self._templates[bucket.key].shipped:
            code = _read(_file(bucket.key), _salt(bucket.key, self._templates))
            if code is not None:
                self._known[bucket.key] = code
        bucket.code = self._known.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket's template."""
        if bucket.code is not None:
            self._known[bucket.key] = bucket.code
            if self._templates[bucket.key].shipped and not sys.dont_write_bytecode:
                with suppress(OSError):
                    _write(_file(bucket.key), _salt(bucket.key, self._templates), bucket.code)


@lru_cache(maxsize=4)
def _codes(_theme: bytes) -> dict[str, CodeType]:
    """Return the code of the templates of the theme with a fingerprint, as far as this process knows it."""
    return {}


def _salt(name: str, templates: Mapping[str, Template]) -> bytes:
    """Return a hash of all that decides what a template's code is."""
    return key_of(fingerprint(), name, templates[name].file, templates[name].source)


def _file(name: str) -> Path:
    return Path(cache_from_source(str(Path(__file__).with_name(f"template-{name.replace('/', '-')}.py"))))


def _read(file: Path, salt: bytes) -> CodeType | None:
    """Return the code in a file, None where there is none, or none that was written whole and for this template."""
    try:
        sealed = file.read_bytes()
        seal, encoded = sealed[:_SEAL], sealed[_SEAL:]
        code = marshal.loads(encoded) if seal == _seal(encoded, salt) else None  # noqa: S302 as trusted as the program
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return code if isinstance(code, CodeType) else None


def _write(file: Path, salt: bytes, code: CodeType) -> None:
    encoded = marshal.dumps(code)
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix=f"{file.name}.", delete=False) as coming:
        coming.write(_seal(encoded, salt) + encoded)
    Path(coming.name).replace(file)


def _seal(encoded: bytes, salt: bytes) -> bytes:
    return blake2b(encoded, digest_size=_SEAL, key=salt).digest()
