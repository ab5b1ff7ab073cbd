"""The order of words in each language: which letters are letters of their own, and which are others with a mark.

Python sorts by code point, which puts "Ärende" after "Zon" in German, and the libraries that do better either bring a
C library along or know no language's own rules. The few rules are those of CLDR's collation charts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

SortKey = tuple[tuple[tuple[bool, str, int], ...], tuple[str, ...], str]

_NORDIC = {"z": "æøå"}
_WEST_SLAVIC = {"c": "č", "r": "ř", "s": "š", "z": "ž"}
_SOUTH_SLAVIC = {"c": "čć", "d": "đ", "s": "š", "z": "ž"}
# Of each language: the letter that others follow, and these in their order.
_LETTERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "cs": _WEST_SLAVIC,
        "da": _NORDIC,
        "es": {"n": "ñ"},
        "fi": {"z": "åäö"},
        "hr": _SOUTH_SLAVIC,
        "nb": _NORDIC,
        "nn": _NORDIC,
        "no": _NORDIC,
        "pl": {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "źż"},
        "ro": {"a": "ăâ", "i": "î", "s": "ș", "t": "ț"},
        "sk": _WEST_SLAVIC,
        "sl": _SOUTH_SLAVIC,
        "sv": {"z": "åäö"},
        "tr": {"c": "ç", "g": "ğ", "h": "ı", "o": "ö", "s": "ş", "u": "ü"},
    }
)
# Languages that put their own script before the Latin one.
_OWN_SCRIPTS: Mapping[str, str] = MappingProxyType(
    {"ar": "ARABIC", "el": "GREEK", "fa": "ARABIC", "he": "HEBREW", "ru": "CYRILLIC", "uk": "CYRILLIC", "ur": "ARABIC"}
)
_KATAKANA = range(0x30A1, 0x30F7)
_TO_HIRAGANA = -0x60


def sort_key(text: str, code: str) -> SortKey:
    """Return what puts a text in its place among others, for readers of the language ``code``.

    Letters decide, whatever their case, width and marks; then the marks do, and last the text itself.
    """
    language = code.partition("-")[0]
    ranks = _ranks(language)
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = tuple((not _own(char, language), base, rank) for char in folded for base, rank in _weights(char, ranks))
    return letters, tuple(folded), text


def _ranks(language: str) -> Mapping[str, tuple[str, int]]:
    found = _LETTERS.get(language, {})
    return {letter: (base, place + 1) for base, letters in found.items() for place, letter in enumerate(letters)}


def _weights(char: str, ranks: Mapping[str, tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the letters that a character is, each with its rank among those that follow the same one."""
    if char in ranks:
        return [ranks[char]]
    bare = (part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))
    return [(chr(ord(part) + _TO_HIRAGANA) if ord(part) in _KATAKANA else part, 0) for part in bare]


def _own(char: str, language: str) -> bool:
    return language not in _OWN_SCRIPTS or unicodedata.name(char, "").startswith(_OWN_SCRIPTS[language])
