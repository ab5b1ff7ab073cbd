"""Compiled templates: one code for all languages of a process; that of shipped ones is kept for later processes."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from functools import lru_cache
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from generator import beside
from generator.hashing import key_of
from generator.render.theme import Template, Theme
from generator.resources import fingerprint


class Compiled(BytecodeCache):
    """Code compiled for one language and one build, for all others."""

    def __init__(self, theme: Theme) -> None:
        self._templates = theme.templates
        self._known = _codes(theme.fingerprint)

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 jinja2 passes it
        """Return the name of a template, which stands for one file of its theme."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket its template's code where that is known."""
        name = bucket.key
        if name not in self._known and self._templates[name].shipped:
            data = beside.kept(_kept(name), _made_of(name, self._templates))
            if data is not None:
                self._known[name] = marshal.loads(data)  # noqa: S302 as trusted as the program
        bucket.code = self._known.get(name)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket's template."""
        name = bucket.key
        if bucket.code is not None:
            self._known[name] = bucket.code
            if self._templates[name].shipped:
                beside.keep(_kept(name), _made_of(name, self._templates), marshal.dumps(bucket.code))


@lru_cache(maxsize=4)
def _codes(_theme: bytes) -> dict[str, CodeType]:
    """Return the code of the templates of the theme with a fingerprint, as far as this process knows it."""
    return {}


def _kept(name: str) -> str:
    return f"template-{name}"


def _made_of(name: str, templates: Mapping[str, Template]) -> bytes:
    """Return a hash of all that decides what a template's code is."""
    return key_of(fingerprint(), name, templates[name].file, templates[name].source)
