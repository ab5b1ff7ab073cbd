"""A text that is not translated, and where its translation belongs."""

from __future__ import annotations

import msgspec


class Gap(msgspec.Struct, frozen=True):
    """A text that one language lacks: where the original stands, and the file that the translation belongs in.

    ``kind`` is ``title``, ``update``, ``page``, ``message`` or ``name``; of the library also ``postmortem``,
    ``section``, ``action``, and ``revision`` where the original changed since. ``published`` is false for drafts, and
    for messages, which nobody reads before they are sent.
    """

    language: str
    kind: str
    path: str
    line: int
    text: str
    target: str
    published: bool


def beside(path: str, lang: str) -> str:
    """Return the path of the translation of a file that has none yet."""
    return f"{path.removesuffix('.md')}.{lang}.md"
