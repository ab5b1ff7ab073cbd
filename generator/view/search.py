"""What readers can search: records at rest in volumes that keep still, so that an update costs no index, and the rest.

A record is at rest when it ended, and was last told of, before yesterday. What comes after that (an amendment, a
translation) makes the volume anew that it lies in, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from generator.recall import Recall, afresh
from generator.terms import Kind
from generator.view import basics, program_views, views
from generator.view.facts import Clock, Known
from generator.view.lessons import Lesson, Lessons
from generator.view.library import PostmortemView
from generator.view.lots import Lot
from generator.view.speaker import Speaker
from generator.view.volumes import volumes

VOLUME = 1000
"""The most records of a volume, where a month has no more: readers load few, and none takes long to make."""
LESSONS = 400
"""The most postmortems of a volume, likewise: they are much longer than records."""


class Narrowing(NamedTuple):
    """What a search can be narrowed to: kinds of records, years, ids of components and severities, and tags."""

    kinds: frozenset[Kind] = frozenset()
    years: frozenset[int] = frozenset()
    components: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()


class Shelved(NamedTuple):
    """The records that may still change, newest first, and by name the volumes of those at rest, and of postmortems.

    Postmortems without a date are a volume without a name.
    """

    recent: tuple[Known, ...]
    volumes: Mapping[str, Lot]
    lessons: Mapping[str, Lessons]


class Searchable(NamedTuple):
    """What can be searched before anyone puts it into a language, and what it can be narrowed to."""

    narrowing: Narrowing
    shelved: Callable[[], Shelved]


def searchable(lots: Collection[Lot], taught: tuple[Lesson, ...], clock: Clock, recall: Recall = afresh) -> Searchable:
    """Return what can be searched; records are newest first."""
    parts = [recall(_of_records, lot) for lot in lots] + [recall(_of_lessons, taught)]
    narrowing = Narrowing(*(frozenset(chain.from_iterable(found)) for found in zip(*parts, strict=True)))
    return Searchable(narrowing, cache(partial(_shelved, lots, taught, clock)))


def _of_records(lot: Lot) -> Narrowing:
    return Narrowing(
        frozenset(lot.by_kind),
        frozenset(one.begun.year for one in lot.ones),
        frozenset(lot.by_component),
        lot.severities,
        frozenset(lot.by_tag),
    )


def _of_lessons(taught: tuple[Lesson, ...]) -> Narrowing:
    return Narrowing(
        years=frozenset(one.record.published.year for one in taught if one.record.published),
        components=frozenset(chain.from_iterable(one.components for one in taught)),
        severities=frozenset(one.severity.id for one in taught if one.severity),
        tags=frozenset(chain.from_iterable(one.tags for one in taught)),
    )


def _shelved(lots: Iterable[Lot], taught: Iterable[Lesson], clock: Clock) -> Shelved:
    resting: list[Known] = []
    recent: list[Known] = []
    for lot in lots:
        if lot.over and _at_rest(max(lot.over, lot.changed), clock):
            resting += lot.ones
        else:
            for one in lot.ones:
                (resting if _rests(one, clock) else recent).append(one)
    present = clock.today.year
    found = volumes(resting, attrgetter("begun"), present=present, most=VOLUME)
    dated = [one for one in taught if one.record.published]
    learned = [*volumes(dated, lambda one: one.record.published or date.min, present=present, most=LESSONS)]
    if undated := tuple(one for one in taught if not one.record.published):
        learned.append(("", undated))
    return Shelved(
        tuple(recent), {name: Lot(ones) for name, ones in found}, {name: Lessons(ones) for name, ones in learned}
    )


def search(
    found: Searchable,
    speaker: Speaker,
    tell: Callable[[Lesson], PostmortemView],
    *,
    severities: Sequence[str],
    pages: bool,
) -> views.SearchView:
    """Return it in one language, in which ``tell`` tells postmortems; ``severities`` are ids, the worst one first."""
    narrowing = found.narrowing
    components = map(speaker.component, narrowing.components)
    page = views.SearchPage(
        kinds=tuple(kind for kind in Kind if kind in narrowing.kinds),
        years=tuple(sorted(narrowing.years, reverse=True)),
        components=tuple(sorted(components, key=lambda ref: (ref.name.text.casefold(), ref.id))),
        severities=tuple(speaker.severity(id) for id in severities if id in narrowing.severities),
        tags=tuple(sorted(narrowing.tags)),
        pages=pages,
    )
    return views.SearchView(page, cache(partial(_archive, found, speaker, tell)))


def _archive(found: Searchable, speaker: Speaker, tell: Callable[[Lesson], PostmortemView]) -> views.SearchArchive:
    recent, at_rest, lessons = found.shelved()
    told = {
        name: basics.Later(partial(speaker.own_key, lot), partial(_volume, lot.ones, speaker))
        for name, lot in at_rest.items()
    }
    learned = {
        name: basics.Later(partial(speaker.own_key, lot), partial(_learned, lot.ones, tell))
        for name, lot in lessons.items()
    }
    return views.SearchArchive(_volume(recent, speaker).records, told, learned)


def _learned(lessons: Iterable[Lesson], tell: Callable[[Lesson], PostmortemView]) -> tuple[PostmortemView, ...]:
    return tuple(map(tell, lessons))


def _rests(one: Known, clock: Clock) -> bool:
    return one.ended is not None and _at_rest(max(one.ended, one.updated), clock)


def _at_rest(last: datetime, clock: Clock) -> bool:
    return clock.day(last) < clock.today - timedelta(days=1)


def _volume(records: Iterable[Known], speaker: Speaker) -> program_views.Volume:
    return program_views.Volume(tuple(_record(one, speaker) for one in records))


def _record(one: Known, speaker: Speaker) -> program_views.SearchRecord:
    numbers = range(1, len(one.record.updates) + 1)
    texts = tuple(speaker.update(one, number).body for number in numbers)
    return program_views.SearchRecord(speaker.card(one), one.begun.year, texts)
