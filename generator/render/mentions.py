"""A message of a chat as HTML, the people whom it means marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from markupsafe import Markup

from generator.render.i18n import Language
from generator.view.basics import Text

_PARTS = re.compile(r"(<code>.*?</code>|<[^>]+>)", re.DOTALL)


class Mentions:
    """The filter of templates that makes HTML of a message and marks who is mentioned in it."""

    def __init__(self, to_html: Callable[[str], str], language: Language) -> None:
        self._to_html, self._language = to_html, language

    def __call__(self, text: Text, names: Iterable[str]) -> Markup:
        """Return the safe HTML of a message."""
        return Markup(marked(self._to_html(text.source), names))  # noqa: S704 sanitised, and only marks were added


def marked(html: str, names: Iterable[str]) -> str:
    """Return ``html`` with each ``@Name`` in its text as a marked one; code and tags are left alone."""
    wanted = sorted({escape(name.removeprefix("@"), quote=False) for name in names if name.strip("@ ")}, key=len)
    if not wanted:
        return html
    found = re.compile(rf"@(?:{'|'.join(map(re.escape, reversed(wanted)))})(?!\w)")
    parts = _PARTS.split(html)
    # Every second part is a tag or code.
    parts[::2] = [found.sub(r'<b class="mention">\g<0></b>', part) for part in parts[::2]]
    return "".join(parts)
