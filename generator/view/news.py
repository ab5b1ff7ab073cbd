"""News: every published update with its record as it stood then, and the feeds and parts of an archive that hold it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.terms import WORKING, Kind, Level
from generator.view import basics, program_views, record_views
from generator.view.facts import Clock, Known, Lot
from generator.view.speaker import Speaker

FEED_ENTRIES = 50
"""The most updates that a feed is made from."""


class Told(NamedTuple):
    """An update of a record by its number, and when it was published."""

    known: Known
    number: int
    at: datetime


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
    log: Iterable[Known], *, components: Iterable[str], severities: Iterable[str], recall: Recall = afresh
) -> News:
    """Return the news of a log; what was written down after the fact is none.

    There is a feed of each of ``components``, and of each of ``severities``, which are worst first.
    """
    told = [one for known in log if not known.record.backfilled for one in recall(_told, known)]
    told.sort(key=lambda one: (one.at, one.known.record.id, one.number), reverse=True)
    return News(tuple(told), tuple(_scopes(told, tuple(components), tuple(severities))), tuple(_parts(told)))


def _parts(told: Sequence[Told]) -> Iterator[Part]:
    for end in range(len(told), 0, -program_views.PART_ENTRIES):
        places = range(max(0, end - program_views.PART_ENTRIES), end)
        ones = [told[place] for place in places]
        records = {one.known.record.id: one.known for one in ones}
        yield Part(places, Lot(tuple(records.values())), key_of([(one.known.record.id, one.number) for one in ones]))


class SpokenNews:
    """The news in one language, each entry made when somebody asks for it; what a later update says changes none."""

    def __init__(self, news: News, speaker: Speaker) -> None:
        self._news, self._speaker = news, speaker
        self._entries: dict[int, program_views.EntryView] = {}

    def feeds(self) -> Iterator[program_views.FeedView]:
        """Yield the site's feed and all others."""
        for component, severity, kind, places in self._news.scopes:
            yield program_views.FeedView(
                tuple(map(self._entry, places)),
                None if component is None else self._speaker.component(component),
                None if severity is None else self._speaker.severity(severity),
                kind,
                len(self._news.told) if component is severity is kind is None else 0,
            )

    def parts(self) -> Mapping[int, basics.Later[program_views.FeedPart]]:
        """Return the parts of the archive of the site's feed by their number, the oldest first."""
        return {
            number: basics.Later(
                key_of(part.made_of, self._speaker.lot_key(part.lot)), partial(self._part, number, part.places)
            )
            for number, part in enumerate(self._news.parts, 1)
        }

    def _part(self, number: int, places: Iterable[int]) -> program_views.FeedPart:
        return program_views.FeedPart(number, tuple(_entry(self._news.told[place], self._speaker) for place in places))

    def _entry(self, place: int) -> program_views.EntryView:
        # The newest stand in several feeds.
        if place not in self._entries:
            self._entries[place] = _entry(self._news.told[place], self._speaker)
        return self._entries[place]


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


def _told(known: Known) -> tuple[Told, ...]:
    return tuple(Told(known, number, update.at) for number, update in enumerate(known.record.updates, 1))


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


def _scopes(news: Sequence[Told], components: tuple[str, ...], severities: tuple[str, ...]) -> Iterator[Scope]:
    yield Scope(None, None, None, tuple(range(min(len(news), FEED_ENTRIES))))
    touching: dict[str, list[int]] = {id: [] for id in components}
    grave: dict[str, list[int]] = {id: [] for id in severities}
    works: list[int] = []
    # An incident is in the feeds of its own severity and of all below it in the matrix.
    reached = {id: severities[place:] for place, id in enumerate(severities)}
    for place, one in enumerate(news):
        known = one.known
        for id in known.components:
            touching[id].append(place)
        for id in reached[known.severity.id] if known.severity else ():
            grave[id].append(place)
        if known.record.kind is Kind.MAINTENANCE:
            works.append(place)
    yield from (Scope(id, None, None, tuple(places[:FEED_ENTRIES])) for id, places in touching.items())
    yield from (Scope(None, id, None, tuple(places[:FEED_ENTRIES])) for id, places in grave.items())
    yield Scope(None, None, Kind.MAINTENANCE, tuple(works[:FEED_ENTRIES]))
