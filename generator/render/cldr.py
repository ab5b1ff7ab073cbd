"""What CLDR says and Babel alone does not find: forms that a language takes over from another of its forms.

Where a form is the same as a more general one, CLDR's data leaves it out, and Babel then shows the name of the unit
(``3 duration-day``) or says an item twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

# Of a language without words for a unit, as CLDR's root has them.
_SYMBOLS = {"duration-day": "d", "duration-hour": "h", "duration-minute": "min"}
_LIST_STYLES: tuple[Literal["unit-narrow", "unit-short", "unit"], ...] = ("unit-narrow", "unit-short", "unit")


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
