"""What CLDR says and Babel alone does not find, or not soon: forms that a language takes over from another of its own.

Where a form is the same as a more general one, CLDR's data leaves it out, and Babel then shows the name of the unit
(``3 duration-day``) or says an item twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from generator import beside
from generator.hashing import key_of
from generator.resources import fingerprint

# Of a language without words for a unit, as CLDR's root has them.
_SYMBOLS = {"duration-day": "d", "duration-hour": "h", "duration-minute": "min"}
_LIST_STYLES: tuple[Literal["unit-narrow", "unit-short", "unit"], ...] = ("unit-narrow", "unit-short", "unit")


class Native(NamedTuple):
    """A language's own name for itself, as a list of languages shows it, and its direction, ``ltr`` or ``rtl``."""

    name: str
    direction: str


@cache
def native(code: str) -> Native:
    """Return what a site in one language tells of another: kept, as all that is known of a language is slow to load."""
    made_of = key_of(fingerprint(), code)
    known = beside.kept(f"language-{code}", made_of)
    if known is None:
        locale = Locale.parse(code, sep="-")
        name = locale.get_display_name() or code
        known = f"{locale.text_direction} {name[:1].upper()}{name[1:]}".encode()
        beside.keep(f"language-{code}", made_of, known)
    direction, _, name = known.decode().partition(" ")
    return Native(name, direction)


def amount(number: int, unit: str, locale: Locale) -> str:
    """Return an amount of ``duration-day``, ``duration-hour`` or ``duration-minute`` in words: ``3 days``.

    A long form that is missing is the same as the short one (UTS 35, "Unit Elements").
    """
    found = (format_unit(number, unit, length, locale=locale) for length in ("long", "short"))
    words = next((words for words in found if unit not in words), "")
    words = words or f"{format_decimal(number, locale=locale)} {_SYMBOLS[unit]}"
    # As Japanese is written: the data has a space between number and unit, people do not.
    return words.replace(" ", "") if locale.language == "ja" else words


def amounts(parts: Sequence[str], locale: Locale) -> str:
    """Return at most two amounts as one: ``1 hour 12 minutes``.

    Where a language has no words for two units of its own, they are joined as any two things are (UTS 35, "List
    Patterns").
    """
    own = next((style for style in _LIST_STYLES if "2" in locale.list_patterns.get(style, ())), None)
    return format_list(parts, style=own or "standard", locale=locale)
