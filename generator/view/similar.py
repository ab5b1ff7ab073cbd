"""Likeness between records: which earlier ones share tags, components and rare words with one.

A record is compared with those alone that began before it, and a word is as rare as it was until then: what is told
of a record never changes through a later one. Of what has no date nobody knows what was before: it comes before all
that has one, and is itself compared with everything.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from heapq import nlargest
from itertools import chain
from math import log

import msgspec

from generator.view.words import words

BEST = 3
"""How many a page shows."""
HORIZON = 2000
"""How many records before one it is compared with."""
LEAST_SHARE, LEAST_WORDS, LEAST_WEIGHT = 0.2, 0.4, 12.0
"""What makes an earlier record like one: this share of what the one could share, where it is words alone the second
share, and in any case so much weight that it is no chance."""
_RAREST = 24  # traits that candidates are looked for by
_POSTINGS = 40  # records, the latest ones, that are remembered to have a trait
_FINALISTS = 12  # candidates that are compared in full
_BESIDE = 0.6  # the share of the best one's score that is asked of the others
_SHORT = 60  # traits from which on a text counts as a long one
_WORDS, _TELLING = 8, 1.0  # words that are named as shared, and how much each has to weigh
# No word begins so.
_TAG, _COMPONENT = _MARKS = "#", "@"
_WORTH = {_TAG: (3.0, 4.0), _COMPONENT: (2.0, 2.0)}  # factor of the rarity, and what is added to it


class Subject(msgspec.Struct, frozen=True, gc=False):
    """What of a record its likeness to others is judged by, of whatever kind it is.

    ``started`` is None where nobody knows. ``of`` is the id of the record that it tells of, where it is not one in its
    own right: neither of the two is a find of the other, and of both at most one is a find of a third. ``texts``
    returns what it says, ``made_of`` is a hash of all this.
    """

    kind: str
    id: str
    started: datetime | None
    tags: tuple[str, ...]
    components: tuple[str, ...]
    texts: Callable[[], tuple[str, ...]]
    made_of: bytes
    of: str = ""


class Match(msgspec.Struct, frozen=True, gc=False):
    """An earlier record and what it shares with one: the score from 0 to 1, and words, the rarest first.

    No page tells the words, so that of a whole archive's they are not kept.
    """

    kind: str
    id: str
    score: float
    tags: tuple[str, ...]
    components: tuple[str, ...]
    words: tuple[str, ...] = ()


def in_order(subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    """Return records in order of their beginning, those without one first."""
    first = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(subjects, key=lambda one: (one.started or first, one.id, one.kind)))


Key = tuple[str, str]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A record with what it may have in common with others: tags and components first, then words."""

    subject: Subject
    traits: tuple[str, ...]

    @classmethod
    def of(cls, subject: Subject) -> Entry:
        """Return the entry of a record."""
        marked = chain((_TAG + tag for tag in subject.tags), (_COMPONENT + id for id in subject.components))
        return cls(subject, (*dict.fromkeys(marked), *words(subject.texts())))


Having = tuple[tuple[str, int, tuple[int, ...]], ...]
"""What records have, how many of them, and the latest of these by their places among all."""


def _nothing(place: int) -> Entry:
    raise IndexError(place)


class Index:
    """The latest records before one, by what they have.

    ``many`` are known by what they have, as ``having`` returned it, and each is asked of ``earlier`` where it matters.
    """

    def __init__(self, many: int = 0, having: Having = (), earlier: Callable[[int], Entry] = _nothing) -> None:
        self._entries: dict[int, Entry] = {}
        self._earlier = earlier
        self._postings: defaultdict[str, deque[int]] = defaultdict(partial(deque, maxlen=_POSTINGS))
        self._postings.update((trait, deque(latest, maxlen=_POSTINGS)) for trait, _, latest in having)
        self._counts = Counter({trait: count for trait, count, _ in having})
        self._first, self._next = 0, many

    def having(self) -> Having:
        """Return what the records have; the first of them has the place 0."""
        first = self._first
        return tuple(
            (trait, self._counts[trait], tuple(place - first for place in latest))
            for trait, latest in self._postings.items()
        )

    def add(self, entry: Entry) -> None:
        """Take in the next record; the one before the horizon is forgotten."""
        self._entries[self._next] = entry
        self._counts.update(entry.traits)
        for trait in entry.traits:
            self._postings[trait].append(self._next)
        self._next += 1
        if self._next - self._first > HORIZON:
            self._forget(self._first)
            self._first += 1

    def _entry(self, number: int) -> Entry:
        return self._entries.get(number) or self._earlier(number)

    def _forget(self, number: int) -> None:
        for trait in (self._entries.pop(number, None) or self._earlier(number)).traits:
            self._counts[trait] -= 1
            postings = self._postings[trait]
            if postings[0] == number:
                postings.popleft()
            if not postings:
                del self._postings[trait], self._counts[trait]

    def best(
        self, asked: Entry, limit: int = BEST, *, least: float = LEAST_WEIGHT, within: bool = False
    ) -> tuple[Match, ...]:
        """Return the records that are most like the one asked for, the most similar first, of equals the latest.

        ``within`` says that the one asked for is itself among those that were taken in.
        """
        weights = self._weights(asked.traits, own=int(within))
        total = sum(weights.values())
        # Two long texts about one thing tell much else besides, each for itself.
        asking = total * min(1.0, (_SHORT / max(1, len(weights))) ** 0.5)
        found = []
        for number in self._candidates(weights, max(4 * limit, _FINALISTS)):
            entry = self._entry(number)
            shared = [trait for trait in entry.traits if trait in weights]
            weight = sum(map(weights.__getitem__, shared))
            if weight >= max(least, _share(shared) * asking) and not _same(entry.subject, asked.subject):
                # A long text has much in common with everything.
                damping = min(1.0, (len(weights) / len(entry.traits)) ** 0.25)
                found.append((weight / total * damping, number, shared))
        found.sort(key=lambda one: (-one[0], -one[1]))
        best: dict[str, Match] = {}
        for score, number, shared in found:
            subject = self._entry(number).subject
            # Beside a true likeness a chance one would only distract.
            if score < _BESIDE * found[0][0]:
                break
            if len(best) < limit and (subject.of or subject.id) not in best:
                best[subject.of or subject.id] = _match(subject, score, shared, weights)
        return tuple(best.values())

    def _weights(self, traits: Iterable[str], *, own: int) -> dict[str, float]:
        """Return what each trait is worth that another record has too: the more, the fewer have it."""
        found, counts, many = {}, self._counts, self._next - self._first + 1 - own
        for trait in traits:
            if (having := counts.get(trait, 0) - own) > 0:
                rarity = log(many / (having + 0.5)) ** 2
                factor, base = _WORTH.get(trait[0], (1.0, 0.0))
                found[trait] = factor * rarity + base
        return found

    def _candidates(self, weights: Mapping[str, float], limit: int) -> list[int]:
        """Return the records that share most of the rarest traits, as far as they are remembered to have them."""
        rarest = sorted(((weight, trait) for trait, weight in weights.items()), reverse=True)[:_RAREST]
        points: defaultdict[int, float] = defaultdict(float)
        for weight, trait in rarest:
            for number in self._postings[trait]:
                points[number] += weight
        return [number for _, number in nlargest(limit, zip(points.values(), points, strict=True))]


def _same(one: Subject, other: Subject) -> bool:
    return one.id in (other.id, other.of) or (bool(one.of) and one.of == other.id)


def _share(shared: Sequence[str]) -> float:
    """Return the share that is asked for; what is no word comes first among traits."""
    return LEAST_SHARE if shared and shared[0][0] in _MARKS else LEAST_WORDS


def _match(subject: Subject, score: float, shared: Iterable[str], weights: Mapping[str, float]) -> Match:
    told: dict[str, list[str]] = {mark: [] for mark in ("", *_MARKS)}
    for trait in sorted(shared, key=lambda trait: (-weights[trait], trait)):
        mark = trait[0] if trait[0] in _MARKS else ""
        if mark or weights[trait] >= _TELLING:
            told[mark].append(trait.removeprefix(mark))
    tags, components = tuple(told[_TAG]), tuple(told[_COMPONENT])
    return Match(subject.kind, subject.id, round(score, 3), tags, components, tuple(told[""][:_WORDS]))


def indexed(*entries: Entry) -> Index:
    """Return an index of some records, which are in order of their beginning."""
    index = Index()
    for entry in entries:
        index.add(entry)
    return index
