"""Likeness of all records, asked for by month: what is told of a month is remembered with all that it depends on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from itertools import accumulate, chain, groupby
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from generator.hashing import key_of
from generator.recall import Recall
from generator.view import similar
from generator.view.similar import Entry, Having, Index, Key, Match, Subject, indexed

R = TypeVar("R")

FEW = 8
"""So many records of a month are remembered together."""

Traits = tuple[tuple[str, ...], ...]
Matches = tuple[tuple[Match, ...], ...]


class Remember(Protocol):
    """A way to ask a pure function of a hash again: afresh, or from what was kept of its kind."""

    def __call__(self, kind: str, function: Callable[[bytes], R], /, *, returns: type[R]) -> Callable[[bytes], R]: ...


def asked_afresh(_kind: str, function: Callable[[bytes], R], /, *, returns: type[R]) -> Callable[[bytes], R]:  # noqa: ARG001 as all that remember are called
    """Return the function itself."""
    return function


ByMonth = Mapping[str, tuple[Subject, ...]]
"""Records by the month of their beginning, ``yyyy-mm`` or nothing, all in the order of that."""


def in_months(subjects: Iterable[Subject]) -> ByMonth:
    """Return records, which are in the order of their beginning, by month."""
    months = groupby(subjects, lambda one: (one.started.year, one.started.month) if one.started else None)
    alike = (tuple(ones) for _, ones in months)
    return {month_of(ones[0].started): ones for ones in alike}


def month_of(started: datetime | None) -> str:
    """Return the month of a beginning in the zone that it is told in, nothing where nobody knows it."""
    return started.isoformat()[:7] if started else ""


class Alike(NamedTuple):
    """The records that are like one, and a hash of what is told of them."""

    matches: tuple[Match, ...]
    made_of: bytes


class Likeness:
    """For each of some records those that are like it, found out by month when somebody asks.

    Months are asked for by the hash of the month and of all that lies within its horizon: what was added to the newest
    leaves the others as they were.
    """

    def __init__(self, months: ByMonth, recall: Recall, remember: Remember) -> None:
        self._months, self._recall = months, recall
        asked = Months(months, recall, remember)
        self._keys, self._matches = asked.keys, remember("likeness", asked.matches, returns=Matches)
        self._found: dict[str, Matches] = {}
        self._by_record: dict[str, Mapping[Key, Alike]] = {}

    def of(self, key: Key, started: datetime | None) -> Alike:
        """Return those that are like the record of a kind and an id, which began then."""
        month = month_of(started)
        if month not in self._by_record:
            self._by_record[month] = self._recall(_alike, self._months[month], self.within(month))
        return self._by_record[month][key]

    def within(self, month: str) -> Matches:
        """Return those that are like each record of a month."""
        if month not in self._found:
            # A month that nobody remembers is found out most easily right after the one before it.
            for one in [one for one in self._months if one <= month and one not in self._found]:
                self._found[one] = self._matches(self._keys[one])
        return self._found[month]


def _alike(subjects: tuple[Subject, ...], found: Matches) -> Mapping[Key, Alike]:
    return {
        (subject.kind, subject.id): Alike(matches, key_of(matches))
        for subject, matches in zip(subjects, found, strict=True)
    }


class Months:
    """Records by the month of their beginning, each month with the hash of all that decides what is told of it.

    Within a month a few at a time are remembered: what changed leaves those before it as they were.
    """

    def __init__(self, months: ByMonth, recall: Recall, remember: Remember) -> None:
        self.months, self._recall, self._remember = months, recall, remember
        self._starts = dict(zip(months, accumulate(map(len, months.values()), initial=0), strict=False))
        self._begun = [*self._starts.items()]
        self._count = sum(map(len, months.values()))
        self._digests = {m: recall(_digest, ones) for m, ones in months.items()}
        self.keys = {m: key_of(m, self._near(m), self._digests[m]) for m in months}
        self._asked = {key: month for month, key in self.keys.items()}
        self._few = remember("likeness of a few", self._matches, returns=Matches)
        self._places: dict[bytes, tuple[str, int]] = {}
        self._having = remember("what records have", self._found, returns=Having)
        self._starts_by_key: dict[bytes, int] = {}
        self._index, self._reached = Index(), 0

    def _near(self, month: str) -> list[bytes]:
        """Return the hashes of the other months that decide what is told of one."""
        # All that the last month is told of is what those without a date are told of, too.
        start = self._starts[month] if month else self._count
        return [self._digests[m] for m in self._within(start) if m != month]

    def _within(self, start: int) -> list[str]:
        """Return the months of the records that one which comes at ``start`` is compared with."""
        first = start - similar.HORIZON
        return [m for m, at in self._starts.items() if at < start and at + len(self.months[m]) > first]

    def matches(self, key: bytes) -> Matches:
        """Return what is like each record of the month with this key."""
        month = self._asked[key]
        if not month:
            index = self._before(self._count)
            return tuple(_told(index.best(entry, within=True)) for entry in self._entries(month))
        return tuple(chain.from_iterable(map(self._few, self._portions(month))))

    def _portions(self, month: str) -> Iterator[bytes]:
        """Yield a hash for each few records of a month: of all that decides what is told of these."""
        near, subjects = self._near(month), self.months[month]
        for first in range(0, len(subjects), FEW):
            key = key_of(near, _digest(subjects[: first + FEW]))
            self._places[key] = (month, first)
            yield key

    def _matches(self, key: bytes) -> Matches:
        """Return what is like each of a few records."""
        month, first = self._places[key]
        entries, start = self._entries(month), self._starts[month] + first
        if self._reached != start:
            self._index = self._before(self._starts[month])
            for entry in entries[:first]:
                self._index.add(entry)
        elif start + len(entries) == self._count:
            self._having(self._key(start))  # the newest month is asked for again and again
        found = []
        for entry in entries[first : first + FEW]:
            found.append(_told(self._index.best(entry)))
            self._index.add(entry)
        self._reached = start + len(found)
        if self._reached == self._count:
            self._index, self._reached = Index(), 0  # nothing comes after it
        return tuple(found)

    def _before(self, start: int) -> Index:
        """Return an index of the records that the one at a place is compared with."""
        having = self._having(self._key(start))
        span = _span(start)
        return Index(len(span), having, partial(self._entry, cache(self._entries), span.start))

    def _key(self, start: int) -> bytes:
        """Return a hash of the records that the one at a place is compared with."""
        near, span = self._within(start), _span(start)
        skipped = span.start - self._starts[near[0]] if near else 0
        key = key_of([self._digests[month] for month in near], skipped, len(span))
        self._starts_by_key[key] = start
        return key

    def _found(self, key: bytes) -> Having:
        """Return what the records have that a key stands for."""
        start = self._starts_by_key[key]
        if start == self._reached:
            return self._index.having()
        return indexed(*map(partial(self._entry, cache(self._entries), 0), _span(start))).having()

    def _entry(self, entries: Callable[[str], tuple[Entry, ...]], first: int, place: int) -> Entry:
        """Return the record at a place after the ``first`` one; ``entries`` returns those of a month."""
        month, start = self._begun[bisect_right(self._begun, first + place, key=itemgetter(1)) - 1]
        return entries(month)[first + place - start]

    def _entries(self, month: str) -> tuple[Entry, ...]:
        return self._recall(_entries, self._recall, self._remember, self._digests[month], self.months[month])


def _span(start: int) -> range:
    """Return the places of the records that the one at a place is compared with."""
    return range(max(0, start - similar.HORIZON), start)


def _digest(subjects: tuple[Subject, ...]) -> bytes:
    return key_of([one.made_of for one in subjects])


def _entries(recall: Recall, remember: Remember, digest: bytes, subjects: tuple[Subject, ...]) -> tuple[Entry, ...]:
    """Return the entries of records whose hash is ``digest``."""

    def found(_: bytes) -> Traits:
        return tuple(recall(Entry.of, subject).traits for subject in subjects)

    return tuple(map(Entry, subjects, remember("traits", found, returns=Traits)(digest)))


def _told(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(msgspec.structs.replace(match, words=()) for match in matches)
