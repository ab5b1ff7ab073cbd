"""``_``, ``ngettext`` and ``pgettext`` as templates know them: a text of the catalogue as HTML, what it names escaped.

Jinja's own ask on each call where they stand; these are plain functions, and remember the texts that name nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from markupsafe import Markup

from generator.render.i18n import Language
from generator.render.lean import mark

_REMEMBERED = 1 << 12


def texts(language: Language, escaped: Callable[[object], str]) -> dict[str, Callable[..., Markup]]:
    """Return the functions by name, as Jinja's extension has them: each text is a format, in which ``%%`` is ``%``.

    Each raises what formatting raises where a text asks for a value that the template does not name.
    """

    @lru_cache(_REMEMBERED)
    def alone(message: str) -> Markup:
        return _filled(language.gettext(message), {}, escaped)

    def gettext(message: str, /, **values: object) -> Markup:
        return _filled(language.gettext(message), values, escaped) if values else alone(message)

    def ngettext(singular: str, plural: str, number: int, /, **values: object) -> Markup:
        return _filled(language.ngettext(singular, plural, number), {"num": number} | values, escaped)

    def pgettext(context: str, message: str, /, **values: object) -> Markup:
        return _filled(language.pgettext(context, message), {"context": context} | values, escaped)

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext, "pgettext": pgettext}


def _filled(text: str, values: Mapping[str, object], escaped: Callable[[object], str]) -> Markup:
    # Numbers stay as they are, for ``%(num)d``.
    return mark(text % {name: value if type(value) is int else escaped(value) for name, value in values.items()})
