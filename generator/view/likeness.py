"""Likeness of all records, asked for by month: what is told of a month is remembered with all that it depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, groupby
from typing import Protocol, TypeVar

import msgspec

from generator.hashing import key_of
from generator.recall import Recall
from generator.view import similar
from generator.view.similar import Entry, Index, Key, Match, Subject, indexed

R = TypeVar("R")

Traits = tuple[tuple[str, ...], ...]
Matches = tuple[tuple[Match, ...], ...]


class Remember(Protocol):
    """A way to ask a pure function of a hash again: afresh, or from what was kept of its kind."""

    def __call__(self, kind: str, function: Callable[[bytes], R], /, *, returns: type[R]) -> Callable[[bytes], R]: ...


def asked_afresh(_kind: str, function: Callable[[bytes], R], /, *, returns: type[R]) -> Callable[[bytes], R]:  # noqa: ARG001 as all that remember are called
    """Return the function itself."""
    return function


def likeness(recall: Recall, remember: Remember, *subjects: Subject) -> dict[Key, tuple[Match, ...]]:
    """Return for each record those that are like it, by kind and id; ``subjects`` are in order of their beginning.

    Those without one come first.

    Months are asked for one by one, by the hash of the month and of all that lies within its horizon: what was added
    to the newest leaves the others as they were.
    """
    asked = Months(subjects, recall, remember)
    found = remember("likeness", asked.matches, returns=Matches)
    return {
        (subject.kind, subject.id): matches
        for month, key in asked.keys.items()
        for subject, matches in zip(asked.months[month], found(key), strict=True)
    }


class Months:
    """Records by the month of their beginning, each month with the hash of all that decides what is told of it."""

    def __init__(self, subjects: Sequence[Subject], recall: Recall, remember: Remember) -> None:
        self._subjects, self._recall, self._remember = subjects, recall, remember
        self.months = {m: tuple(ones) for m, ones in groupby(subjects, _month)}
        self._starts = dict(zip(self.months, accumulate(map(len, self.months.values()), initial=0), strict=False))
        self._digests = {m: key_of([one.made_of or one for one in ones]) for m, ones in self.months.items()}
        self.keys = dict(self._keys())
        self._asked = {key: month for month, key in self.keys.items()}
        self._index, self._reached = Index(), 0

    def _keys(self) -> Iterator[tuple[str, bytes]]:
        for month, own in self._starts.items():
            start = own if month else len(self._subjects)
            near = [
                m
                for m, first in self._starts.items()
                if m == month or (first <= start and first + len(self.months[m]) > start - similar.HORIZON)
            ]
            # All that the last month is told of is what those without a date are told of, too.
            yield month, key_of(month, *map(self._digests.__getitem__, near))

    def matches(self, key: bytes) -> Matches:
        """Return what is like each record of the month with this key."""
        month = self._asked[key]
        if not month:
            index = self._before(len(self._subjects))
            return tuple(_told(index.best(entry, within=True)) for entry in self._entries(month))
        start = self._starts[month]
        if self._reached != start:
            self._index = self._before(start)
        found = []
        for entry in self._entries(month):
            found.append(_told(self._index.best(entry)))
            self._index.add(entry)
        self._reached = start + len(found)
        return tuple(found)

    def _before(self, start: int) -> Index:
        first = max(0, start - similar.HORIZON)
        near = [m for m, at in self._starts.items() if at < start and at + len(self.months[m]) > first]
        entries = [*chain.from_iterable(map(self._entries, near))]
        skipped = first - self._starts[near[0]] if near else 0
        return self._recall(indexed, *entries[skipped : skipped + start - first]).copy()

    def _entries(self, month: str) -> tuple[Entry, ...]:
        return self._recall(_entries, self._remember, self._digests[month], *self.months[month])


def _entries(remember: Remember, digest: bytes, *subjects: Subject) -> tuple[Entry, ...]:
    """Return the entries of records whose hash is ``digest``."""
    traits = remember("traits", lambda _: tuple(Entry.of(subject).traits for subject in subjects), returns=Traits)
    return tuple(map(Entry, subjects, traits(digest)))


def _told(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(msgspec.structs.replace(match, words=()) for match in matches)


def _month(subject: Subject) -> str:
    """Return the month of a record's beginning, nothing where nobody knows it."""
    return f"{subject.started:%Y-%m}" if subject.started else ""
