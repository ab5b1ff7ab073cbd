"""News: every published update with its record as it stood then, and the feeds and parts of an archive that hold it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain, count, islice, repeat
from typing import NamedTuple

from generator.hashing import key_of
from generator.recall import Recall, afresh, each_once
from generator.terms import WORKING, Kind, Level
from generator.view import basics, program_views, record_views
from generator.view.facts import Clock, Known
from generator.view.lots import Lot
from generator.view.speaker import Speaker

FEED_ENTRIES = 50
"""The most updates that a feed is made from."""


class Told(NamedTuple):
    """When an update was published, the id of its record, its number there, and the record: in the order of news."""

    at: datetime
    id: str
    number: int
    known: Known


class _Month(NamedTuple):
    """The updates of one month, newest first, and lots that all of them are from, with others perhaps."""

    told: tuple[Told, ...]
    lots: tuple[Lot, ...]


class Stage(NamedTuple):
    """When a record had begun as of one of its updates, and the states by component."""

    started: datetime
    states: Mapping[str, Level]


class Scope(NamedTuple):
    """What a feed is about, nothing for the whole site, and the places in the news of the updates that it holds."""

    component: str | None
    severity: str | None
    kind: Kind | None
    places: tuple[int, ...]


class Part(NamedTuple):
    """A part of the archive: the places of its updates in the news, newest first, and the records that they are of.

    ``made_of`` is a hash of which updates those are.
    """

    places: range
    lot: Lot
    made_of: bytes


class News(NamedTuple):
    """Every update that was published as it happened, newest first, and what each feed chooses of them.

    ``parts`` are those of the archive, from the oldest one on.
    """

    told: tuple[Told, ...]
    scopes: tuple[Scope, ...]
    parts: tuple[Part, ...]


def news(
    lots: Iterable[Lot], *, components: Iterable[str], severities: tuple[str, ...], recall: Recall = afresh
) -> News:
    """Return the news of all records, which are newest first; what was written down after the fact is none.

    There is a feed of each of ``components``, and of each of ``severities``, which are worst first.
    """
    found: dict[tuple[int, int], list[tuple[tuple[Told, ...], Lot]]] = {}
    for lot in lots:
        for month, told in recall(_told, lot).items():
            found.setdefault(month, []).append((told, lot))
    newest_first = [found[month] for month in sorted(found, reverse=True)]
    months = [
        _Month(recall(_ordered, *(told for told, _ in ones)), tuple(lot for _, lot in ones)) for ones in newest_first
    ]
    told = tuple(chain.from_iterable(month.told for month in months))
    return News(told, tuple(_scopes(months, components, severities, recall)), tuple(_parts(told, recall)))


def _told(lot: Lot) -> Mapping[tuple[int, int], tuple[Told, ...]]:
    """Return the updates of some records by the month in which they were published."""
    found: defaultdict[tuple[int, int], list[Told]] = defaultdict(list)
    for known in lot.ones:
        if known.record.backfilled:
            continue
        moments, id = [update.at for update in known.record.updates], known.record.id
        told = map(Told, moments, repeat(id), count(1), repeat(known))
        first, last = moments[0], moments[-1]  # as updates stand
        if (first.year, first.month) == (last.year, last.month):
            found[first.year, first.month] += told
        else:
            for one in told:
                found[one.at.year, one.at.month].append(one)
    return {month: tuple(told) for month, told in found.items()}


def _ordered(*told: tuple[Told, ...]) -> tuple[Told, ...]:
    return tuple(sorted(chain.from_iterable(told), reverse=True))


def _parts(told: Sequence[Told], recall: Recall) -> Iterator[Part]:
    for end in range(len(told), 0, -program_views.PART_ENTRIES):
        start = max(0, end - program_views.PART_ENTRIES)
        lot, made_of = recall(_part, *told[start:end])
        yield Part(range(start, end), lot, made_of)


def _part(*told: Told) -> tuple[Lot, bytes]:
    records = {one.id: one.known for one in told}
    return Lot(tuple(records.values())), key_of([(one.id, one.number) for one in told])


class SpokenNews:
    """The news in one language, each entry made when somebody asks for it; what a later update says changes none."""

    def __init__(self, news: News, speaker: Speaker) -> None:
        self._news, self._speaker = news, speaker

    def feeds(self) -> Iterator[program_views.FeedView]:
        """Yield the site's feed and all others."""
        for component, severity, kind, places in self._news.scopes:
            told = [self._news.told[place] for place in places]
            yield program_views.FeedView(
                basics.Later(partial(self._key, told), partial(self._entries, told)),
                None if component is None else self._speaker.component(component),
                None if severity is None else self._speaker.severity(severity),
                kind,
                len(self._news.told) if component is severity is kind is None else 0,
            )

    def parts(self) -> Mapping[int, basics.Later[program_views.FeedPart]]:
        """Return the parts of the archive of the site's feed by their number, the oldest first."""
        return {
            number: basics.Later(
                partial(self._speaker.key_of, part.made_of, part.lot), partial(self._part, number, part.places)
            )
            for number, part in enumerate(self._news.parts, 1)
        }

    def _key(self, told: Iterable[Told]) -> bytes:
        return key_of([(self._speaker.key(one.known), one.number) for one in told])

    def _entries(self, told: Iterable[Told]) -> tuple[program_views.EntryView, ...]:
        return tuple(map(self._entry, told))

    def _part(self, number: int, places: Iterable[int]) -> program_views.FeedPart:
        return program_views.FeedPart(number, tuple(_entry(self._news.told[place], self._speaker) for place in places))

    @each_once()
    def _entry(self, told: Told) -> program_views.EntryView:
        """Return one of the newest, which stand in several feeds."""
        return _entry(told, self._speaker)


def announced(months: Sequence[str], news: News, clock: Clock) -> Mapping[str | None, tuple[int, ...]]:
    """Return the parts of the archive that each of the ``months`` announces, which are newest first.

    A part is announced once, where it begins: by that month, or the nearest one before it that has a page, or else
    by the oldest; under None where there is none.
    """
    found: dict[str | None, tuple[int, ...]] = {}
    for number, part in enumerate(news.parts, 1):
        begun = clock.month(news.told[part.places[-1]].at)
        place = next((month for month in months if month <= begun), months[-1] if months else None)
        found[place] = (*found.get(place, ()), number)
    return found


def _stages(known: Known) -> Iterator[Stage]:
    """Yield a record as it was with each of its updates, the first one first."""
    record = known.record
    states = dict.fromkeys(record.components, Level.OPERATIONAL)
    started, waiting = (known.started, False) if record.window is None else (record.window[0], True)
    for number, update in enumerate(record.updates, 1):
        if waiting and update.phase in WORKING:
            started, waiting = update.at, False
        fresh = {id: Level.OPERATIONAL for id in update.components or {} if id not in states}
        moved = {id: after for id, (_, after) in known.course.changes.get(number, {}).items()}
        # Most updates move nothing: what stands then is one value.
        states = {**states, **fresh, **moved} if fresh or moved else states
        yield Stage(started, states)


def _entry(told: Told, speaker: Speaker) -> program_views.EntryView:
    record = speaker.incident(told.known)
    card, update = record.card, record.updates[-told.number]
    started, states = next(islice(_stages(told.known), told.number - 1, None))
    then = record_views.IncidentCard(
        card.kind, card.id, card.title, update.phase, card.impact, started,
        told.at if update.phase.ends else None, tuple(map(speaker.component, states)),
        card.severity, card.window, card.tags, card.backfilled,
    )  # fmt: skip
    return program_views.EntryView(then, update, tuple(states.values()))


def _scopes(
    months: Iterable[_Month], components: Iterable[str], severities: tuple[str, ...], recall: Recall
) -> Iterator[Scope]:
    abouts = [_About(), *map(_About, components), *(_About(severity=id) for id in severities)]
    abouts.append(_About(kind=Kind.MAINTENANCE))
    found: dict[_About, list[int]] = {about: [] for about in abouts}
    start = 0
    for told, lots in months:
        room = {about: FEED_ENTRIES - len(places) for about, places in found.items() if len(places) < FEED_ENTRIES}
        # Of an old month hardly any feed has room for more.
        if any(not room.keys().isdisjoint(_abouts_within(lot, severities)) for lot in lots):
            for about, places in recall(_places, severities, told).items():
                found[about] += [start + place for place in places[: room.get(about, 0)]]
        start += len(told)
    yield from (Scope(*about, tuple(places)) for about, places in found.items())


class _About(NamedTuple):
    """What a feed is about, nothing for the whole site."""

    component: str | None = None
    severity: str | None = None
    kind: Kind | None = None


def _abouts_of(known: Known, severities: tuple[str, ...]) -> Iterator[_About]:
    graded = (known.severity.id,) if known.severity else ()
    return _abouts(known.components, graded, (known.record.kind,), severities)


def _abouts_within(lot: Lot, severities: tuple[str, ...]) -> Iterator[_About]:
    return _abouts(lot.by_component, lot.severities, lot.by_kind, severities)


def _abouts(
    components: Iterable[str], graded: Collection[str], kinds: Container[Kind], severities: tuple[str, ...]
) -> Iterator[_About]:
    """Yield what the feeds are about that hold the news of such records; ``severities`` are worst first."""
    yield _About()
    yield from map(_About, components)
    if graded:
        # An incident is in the feeds of its own severity and of all below it in the matrix.
        yield from (_About(severity=id) for id in severities[min(map(severities.index, graded)) :])
    if Kind.MAINTENANCE in kinds:
        yield _About(kind=Kind.MAINTENANCE)


def _places(severities: tuple[str, ...], told: Sequence[Told]) -> Mapping[_About, tuple[int, ...]]:
    """Return the places of the first updates of those that each feed holds."""
    found: dict[_About, list[int]] = {}
    for place, one in enumerate(told):
        for about in _abouts_of(one.known, severities):
            found.setdefault(about, []).append(place)
    return {about: tuple(places[:FEED_ENTRIES]) for about, places in found.items()}
