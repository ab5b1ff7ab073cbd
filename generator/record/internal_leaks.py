"""The gate between the two records: what stands in the internal one alone must not stand in a public text.

Compared are runs of words, so that a copied sentence is found whatever its line ends and emphasis; channels, bridges
and addresses of people are found as they are. What was told outside, as the record itself says, is public.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from generator.errors import Problem
from generator.record.internal_model import Communication, Event, EventKind, InternalRecord
from generator.record.model import ANY, Entry, Postmortem, PostmortemEntry, PostmortemTranslation, Site

WORDS = 8
"""So many words in a row are no chance."""
LETTERS = 36
MARK_LIMIT = 6
SIEVE_BITS = 26
"""The archive's runs of words are looked up in so many bits to the power of two: 8 MB."""
OUTSIDE = frozenset({"external", "public", "customers", "everyone"})
"""Audiences that are the public."""

LEARNING = frozenset(
    ["actions", "factors", "mitigation", "permanent_fix", "root_cause", "summary", "timeline", "workaround"]
)
"""What a published postmortem is written from, and may therefore say."""

_SIEVE = (1 << SIEVE_BITS) - 1
_OWN = frozenset({"id", "path", "title", "marks"})
_ALWAYS = datetime.min.replace(tzinfo=UTC)
_WORD = re.compile(r"\w+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELLING = re.compile(r"[#@/:.0-9_-]")


class PublicText(NamedTuple):
    """A text that readers see: where it stands, when it was said, and whether it is of the learning library."""

    path: str
    line: int
    text: str
    at: datetime | None = None
    learning: bool = False


class Private(NamedTuple):
    """Where a run of words stands: the record, since when, and whether a postmortem may say it."""

    record: InternalRecord
    since: datetime
    learning: bool


def public_texts(site: Site) -> Iterator[PublicText]:
    """Yield everything that a site tells its readers in words of its authors."""
    for entry in site.entries:
        yield from _told(entry)
    for reviewed in site.postmortems:
        yield from _learned(reviewed)
    for page in site.pages:
        for one in (page.original, *page.translations.values()):
            yield PublicText(one.path, 1, one.title)
            yield PublicText(one.path, one.body_line, one.body)
    for message in site.messages:
        for lang, text in message.texts.items():
            yield PublicText(message.path, message.marks[f"text.{lang}"][0], text)
        for lang, title in (message.title.by_language if message.title else {}).items():
            yield PublicText(message.path, message.marks["title" if lang == ANY else f"title.{lang}"][0], title)


def _told(entry: Entry) -> Iterator[PublicText]:
    original = entry.original
    yield PublicText(original.path, original.marks.get("title", (1, 1))[0], original.title)
    for update in original.updates:
        yield PublicText(original.path, update.body_line, update.body, update.at)
    for translation in entry.translations.values():
        yield PublicText(translation.path, 1, translation.title or "")
        for words in translation.updates:
            yield PublicText(translation.path, words.body_line, words.body, words.at)


def _learned(entry: PostmortemEntry) -> Iterator[PublicText]:
    original = entry.original
    for action in original.actions:
        yield PublicText(original.path, original.marks.get("actions", (1, 1))[0], action.title, learning=True)
    yield from _reviewed(original)
    for translation in entry.translations.values():
        for title in translation.actions:
            line = translation.marks.get("actions", (1, 1))[0]
            yield PublicText(translation.path, line, title, learning=True)
        yield from _reviewed(translation)


def _reviewed(one: Postmortem | PostmortemTranslation) -> Iterator[PublicText]:
    yield PublicText(one.path, 1, one.title or "", learning=True)
    yield PublicText(one.path, one.lead_line, one.lead, learning=True)
    for passage in one.passages:
        yield PublicText(one.path, passage.body_line, passage.body, learning=True)


def leaks(texts: Iterable[PublicText], records: Iterable[InternalRecord]) -> Iterator[Problem]:
    """Yield a problem for each place where a public text says what only an internal record says.

    The words themselves are in no message. An internal entry that was written after the public text quotes it.
    """
    known = tuple(records)
    if not known:
        return
    told = tuple(texts)
    runs = private_runs(known, Sieve(run for public in told for run, _ in _runs(public.text)))
    marks = Marks({mark: record for record in known for mark in _marks(record)})
    for public in told:
        yield from _copied(public, runs)
        yield from _named(public, marks)


class Sieve:
    """A set of texts that takes a fixed room, whatever their number: it holds all of them, and a few others too."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._bits = bits = bytearray(1 << (SIEVE_BITS - 3))
        for text in texts:
            place = hash(text) & _SIEVE
            bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, text: str) -> bool:
        place = hash(text) & _SIEVE
        return bool(self._bits[place >> 3] & 1 << (place & 7))


def private_runs(records: Iterable[InternalRecord], told: Sieve) -> dict[str, Private]:
    """Return the runs of words that the public was not told and that may stand in a public text all the same."""
    runs: dict[str, Private] = {}
    for record in records:
        outside = {run for text in _outside(record) for run, _ in _runs(text)}
        for private, text in _inside(record):
            for run, _ in _runs(text):
                if run in told and run not in outside:
                    runs[run] = _joined(runs.get(run), private)
    return runs


def _joined(known: Private | None, other: Private) -> Private:
    """Return what holds for words that stand in several places: the earliest counts, and any that may be told."""
    if known is None:
        return other
    return Private(known.record, min(known.since, other.since), known.learning or other.learning)


def _outside(record: InternalRecord) -> Iterator[str]:
    """Yield the texts that a record says were told to the public."""
    yield record.title or ""
    for one in record.communications:
        if (one.audience or "").casefold() in OUTSIDE:
            yield one.text


def _inside(record: InternalRecord) -> Iterator[tuple[Private, str]]:
    """Yield every text of a record that the public was not told."""
    for field in record.__struct_fields__:
        if field not in _OWN:
            for at, text in _words(getattr(record, field)):
                yield Private(record, at, field in LEARNING), text


def _words(value: object, at: datetime = _ALWAYS) -> Iterator[tuple[datetime, str]]:
    """Yield each text below a value, with the time of the entry that it stands in."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _words(item, at)
    elif isinstance(value, msgspec.Struct) and not _is_public(value):
        moment = getattr(value, "at", None) if hasattr(value, "line") else None
        for field in value.__struct_fields__:
            yield from _words(getattr(value, field), moment or at)


def _is_public(value: object) -> bool:
    outside = isinstance(value, Communication) and (value.audience or "").casefold() in OUTSIDE
    return outside or (isinstance(value, Event) and value.kind is EventKind.COMMUNICATION)


def _runs(text: str) -> Iterator[tuple[str, int]]:
    """Yield each run of words with the place of its first one."""
    words = [(match[0].casefold(), match.start()) for match in _WORD.finditer(text)]
    for start in range(len(words) - WORDS + 1):
        run = " ".join(word for word, _ in words[start : start + WORDS])
        if len(run) >= LETTERS:
            yield run, words[start][1]


def _copied(public: PublicText, runs: dict[str, Private]) -> Iterator[Problem]:
    """Yield the places where a passage begins that is an internal one."""
    found = [
        (place, private.record)
        for run, place in _runs(public.text)
        if (private := runs.get(run)) and not _may_stand(public, private)
    ]
    begun: tuple[int, InternalRecord | None] = (0, None)
    for place, record in found:
        if record is not begun[1] or "\n\n" in public.text[begun[0] : place]:
            hint = "say it in other words; what was told outside belongs under `## communications`, `to external`"
            yield _leak(public, place, f'a passage of the internal record of "{record.id}"', hint)
        begun = (place, record)


def _may_stand(public: PublicText, private: Private) -> bool:
    quotes = public.at is not None and private.since > public.at
    return quotes or (public.learning and private.learning)


def _marks(record: InternalRecord) -> Iterator[str]:
    """Yield what is recognised as it stands: channels, bridges, and addresses of people."""
    told = {record.channel, record.bridge, *(one.value for one in record.oncall)}
    told |= {mail for field in record.__struct_fields__ if field not in _OWN
             for _, text in _words(getattr(record, field)) if "@" in text for mail in _MAIL.findall(text)}  # fmt: skip
    for mark in told:
        if mark and len(mark) >= MARK_LIMIT and _TELLING.search(mark):
            yield mark.casefold()


class Marks:
    """Names from internal records, found in a text without looking for each of them.

    Each is known by a few of its letters that the fewest others have: only where these stand it is looked for.
    """

    def __init__(self, records: Mapping[str, InternalRecord]) -> None:
        common = Counter(piece for mark in records for piece in _pieces(mark))
        self._records = records
        self._by_piece: dict[str, list[str]] = {}
        for mark in records:
            self._by_piece.setdefault(min(_pieces(mark), key=lambda piece: (common[piece], piece)), []).append(mark)

    def within(self, text: str) -> Iterator[tuple[int, InternalRecord]]:
        """Yield where names begin in a text without capitals, and whose records they are from."""
        for piece in sorted(self._by_piece.keys() & _pieces(text)) if self._by_piece else ():
            for mark in self._by_piece[piece]:
                if (place := text.find(mark)) >= 0:
                    yield place, self._records[mark]


def _pieces(text: str) -> set[str]:
    return {text[start : start + MARK_LIMIT] for start in range(len(text) - MARK_LIMIT + 1)}


def _named(public: PublicText, marks: Marks) -> Iterator[Problem]:
    for place, record in marks.within(public.text.casefold()):
        hint = "take it out: readers need no channel, bridge or person"
        yield _leak(public, place, f'a name from the internal record of "{record.id}"', hint)


def _leak(public: PublicText, place: int, message: str, hint: str) -> Problem:
    line = public.line + public.text.count("\n", 0, place)
    return Problem(public.path, line, 1, "R163", message, hint)
