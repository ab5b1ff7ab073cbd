"""Names of people in public texts: what went wrong is told of roles and systems, and never of persons.

A name is found as a whole word in every script. What comes back stands at its line and column; a file may accept a name
by ``accept: [P101.<id>]`` in its front matter, for its translations too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from generator.errors import Problem, shown
from generator.record.fields import Fields
from generator.record.folder import sources
from generator.record.model import Fact, Mark
from generator.record.parse import FOLDERS
from generator.record.people import People, Person
from generator.record.sections import split
from generator.record.source import Report, decode

NAMED = "P101"

# Scripts that set no space between words: their names stand within a run of letters.
_UNSPACED = ("CJK", "HIRAGANA", "THAI", "LAO", "KHMER", "MYANMAR", "BOPOMOFO")
# Particles follow a Korean name without a space.
_LEFT_ALONE = ("HANGUL",)
# Languages that write the genitive as an s without an apostrophe: "Adas fel".
_GENITIVE = frozenset({"sv", "da", "nb", "nn", "no", "de", "nl", "fo", "lb"})
_APOSTROPHES = "['’ʼ]"


class Finding(Fact, frozen=True):
    """A name in a text: whose, as it stands there, and where it begins, both from 1."""

    person: Person
    text: str
    mark: Mark


class Names:
    """The names of people, looked for in texts."""

    def __init__(self, people: People) -> None:
        self._loose: dict[str, Person] = {}
        self._exact: dict[str, Person] = {}
        for person in people.everyone:
            for spelling, loose in _spellings(person):
                (self._loose if loose else self._exact).setdefault(spelling, person)
        kinds = ((self._loose, re.IGNORECASE), (self._exact, re.NOFLAG))
        self._patterns = [(_pattern(known, flags), known) for known, flags in kinds if known]

    def found(self, text: str, lang: str) -> tuple[Finding, ...]:
        """Return each name in a text in a language, once at each place, in the order of the text."""
        composed = unicodedata.normalize("NFC", text)
        taken: list[tuple[int, int]] = []
        hits: list[tuple[int, int, Person]] = []
        for pattern, known in self._patterns:
            for match in pattern.finditer(composed):
                start, end = match.span(1)
                inside = any(begin < end and start < stop for begin, stop in taken)
                if not inside and _stands_alone(composed, start, end, lang):
                    taken.append((start, end))
                    hits.append((start, end, _owner(match[1], known)))
        return tuple(
            Finding(person, composed[start:end], _place(text, composed, start))
            for start, end, person in sorted(hits, key=lambda hit: hit[0])
        )


def _spellings(person: Person) -> Iterator[tuple[str, bool]]:
    """Yield what names someone, and whether in any case of letters: single words are often words of the language."""
    contacts = [value for channel, value in person.contacts.items() if channel != "pager"]
    for spelling in (person.name, *person.also, *contacts):
        whole = unicodedata.normalize("NFC", " ".join(spelling.split()))
        yield whole, " " in whole or "@" in whole
    for part in () if person.whole else person.name.split():
        word = unicodedata.normalize("NFC", part).strip(".,")
        if len(word) > 1 and not word[0].islower() and word[0].isalpha():
            yield word, False


def _owner(text: str, known: Mapping[str, Person]) -> Person:
    """Return whose one of the known spellings is, as a text has it."""
    return next(person for spelling, person in known.items() if _spelt(spelling).fullmatch(text))


@cache
def _spelt(spelling: str) -> re.Pattern[str]:
    return re.compile(_form(spelling), re.IGNORECASE)


def _form(spelling: str) -> str:
    """Return the pattern of a spelling, however its words are set apart and its apostrophes are written."""
    return re.sub(_APOSTROPHES, lambda _: _APOSTROPHES, re.escape(spelling)).replace(r"\ ", r"\s+")


def _pattern(known: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str]:
    """Return what finds the longest of several spellings at each place, also where two of them overlap."""
    longest_first = sorted(known, key=lambda spelling: (-len(spelling), spelling))
    return re.compile(f"(?=({'|'.join(map(_form, longest_first))}))", flags)


def _stands_alone(text: str, start: int, end: int, lang: str) -> bool:
    """Return whether a name is not merely a part of a longer word or name."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    return _free_before(before, text[start]) and _free_after(after, text[end - 1], lang, handle=text[start] == "@")


def _free_before(before: str, first: str) -> bool:
    if not before or _script(first, _UNSPACED):
        return True
    if before[-1] in "-_" and len(before) > 1 and _in_word(before[0]):
        return False  # the second half of a double name, or of a name in code
    return not _in_word(before[-1]) or (_in_word(first) and _is_apart(before[-1], first))


def _free_after(after: str, last: str, lang: str, *, handle: bool) -> bool:
    if not after or _script(last, (*_UNSPACED, *_LEFT_ALONE)):
        return True
    following = after[1:2]
    if after[0] == "s" and lang.partition("-")[0] in _GENITIVE and not (following and _in_word(following)):
        return True
    if after[0] == "_" and following and _in_word(following):
        return False
    if after[0] in "-." and following and (following.isupper() or (handle and _in_word(following))):
        return after[0] == "." and not handle
    return not _in_word(after[0]) or _is_apart(last, after[0])


def _in_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN"


def _is_apart(one: str, other: str) -> bool:
    """Return whether two letters are of scripts that are never mixed in a word: a Latin name in Japanese, say."""
    return _script(one, _UNSPACED) != _script(other, _UNSPACED)


def _script(letter: str, names: tuple[str, ...]) -> bool:
    return unicodedata.name(letter, "").startswith(names)


def _place(text: str, composed: str, start: int) -> Mark:
    """Return line and column of a place of the composed text in the text as it is written."""
    line = composed.count("\n", 0, start)
    column = start - (composed.rfind("\n", 0, start) + 1)
    if text != composed:
        row = text.split("\n")[line]
        column = next((n for n in range(len(row)) if len(unicodedata.normalize("NFC", row[: n + 1])) > column), column)
    return line + 1, column + 1


def naming(root: Path, people: People, *, default: str) -> Iterator[Problem]:
    """Yield each name in a file of the public record that the file does not accept."""
    names = Names(people)
    texts: dict[str, str] = {}
    for path, data in sources(root, FOLDERS):
        text = decode(data, Report(path))
        if text is not None:
            texts[path] = text
    for path, text in texts.items():
        yield from _naming(path, text, names, texts, default)


def _naming(path: str, text: str, names: Names, texts: Mapping[str, str], default: str) -> Iterator[Problem]:
    lang = path.rpartition("/")[2].removesuffix(".md").partition(".")[2]
    found = names.found(text, lang or default)
    accepted = _accepted(path, texts) if found else frozenset()
    for one in found:
        if not {NAMED, f"{NAMED}.{one.person.id}"} & accepted:
            name = shown(" ".join(one.text.split()))
            hint = f'say "{shown(one.person.role)}", or accept it by `accept: [{NAMED}.{one.person.id}]`'
            yield Problem(path, *one.mark, NAMED, f'"{name}" names a person', hint)


def _accepted(path: str, texts: Mapping[str, str]) -> frozenset[str]:
    """Return what the front matter of a file's original accepts."""
    folder, _, name = path.rpartition("/")
    original = f"{folder}/{name.partition('.')[0]}.md"
    report = Report(original)
    document = split(texts.get(original, ""), report, sections=False)
    return frozenset(Fields(document.front, report).accepted()) if document else frozenset()
