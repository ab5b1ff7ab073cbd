"""The words of a text by which records are compared: in no script's own grammar, but alike for all of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

CHARACTERS = 20_000
"""How much of a record's texts is looked at."""

# These two are compiled when they are asked for: many commands compare nothing, and many texts are ASCII.
_MARKS = "[\u0300-\u036f\u064b-\u065f\u3099\u309a]"
# Scripts that put no blanks between words: Han, kana, Thai, Lao, Burmese, Khmer.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANKS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
# Vowel signs of the scripts of India stand within words, though they are no letters.
_TOKEN = rf"([{_UNSPACED}]+)|((?:[^\W_{_UNSPACED}]|[\u0900-\u0dff])+)"
# A short number at a word's end is part of it (`ipv6`), and three digits are a word, for the sake of codes of errors.
# What else has digits in it names one thing alone: a version, a commit, a date.
_WORD = re.compile(r"\D{2,}\d{0,2}|\d{3}")


def words(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct words of ``texts`` without case, accents and plural endings, sorted.

    Scripts without blanks between words give pairs of neighbouring characters.
    """
    text = "\n".join(texts)[:CHARACTERS].casefold()
    found = {*map(_singular, set(text.translate(_BLANKS).split()) if text.isascii() else _tokens(text))}
    found.discard("")
    return tuple(sorted(found))


def _tokens(text: str) -> Iterator[str]:
    plain = re.sub(_MARKS, "", unicodedata.normalize("NFD", text))
    for unspaced, word in set(re.findall(_TOKEN, plain)):
        if unspaced:
            yield from (unspaced[n : n + 2] for n in range(max(1, len(unspaced) - 1)))
        else:
            yield word


@lru_cache(20_000)
def _singular(word: str) -> str:
    """Return a word without the plural's ending, nothing for what is none."""
    if not _WORD.fullmatch(word):
        return ""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]
