"""What readers can search: records at rest in volumes that keep still, so that an update costs no index, and the rest.

A record is at rest when it ended, and was last told of, before yesterday. What comes after that (an amendment, a
translation) makes the volume anew that it lies in, and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from generator.hashing import key_of
from generator.terms import Kind
from generator.view import basics, program_views, views
from generator.view.facts import Clock, Known, Lot
from generator.view.lessons import Lesson
from generator.view.speaker import Speaker
from generator.view.volumes import volumes

VOLUME = 1000
"""The most records of a volume, where a month has no more: readers load few, and none takes long to make."""


class Searchable(NamedTuple):
    """What can be searched, newest first, before anyone puts it into a language, and what it can be narrowed to.

    ``recent`` are the records that may still change, ``volumes`` by name those at rest; the others are the kinds of
    records, years, ids of components and severities, and tags, of records and of postmortems.
    """

    recent: tuple[Known, ...]
    volumes: Mapping[str, Lot]
    kinds: frozenset[Kind]
    years: frozenset[int]
    components: frozenset[str]
    severities: frozenset[str]
    tags: frozenset[str]


def searchable(log: Sequence[Known], taught: Sequence[Lesson], clock: Clock) -> Searchable:
    """Return what can be searched; ``log`` is newest first."""
    resting: list[Known] = []
    recent: list[Known] = []
    for one in log:
        (resting if _rests(one, clock) else recent).append(one)
    all_of: tuple[Known | Lesson, ...] = (*log, *taught)
    published = (one.record.published for one in taught)
    return Searchable(
        tuple(recent),
        {
            name: Lot(ones)
            for name, ones in volumes(resting, attrgetter("begun"), present=clock.today.year, most=VOLUME)
        },
        frozenset(one.record.kind for one in log),
        frozenset((*(one.begun.year for one in log), *(day.year for day in published if day))),
        frozenset(chain.from_iterable(one.components for one in all_of)),
        frozenset(one.severity.id for one in all_of if one.severity),
        frozenset((*chain.from_iterable(one.record.tags for one in log), *chain.from_iterable(o.tags for o in taught))),
    )


def search(found: Searchable, speaker: Speaker, *, severities: Sequence[str], pages: bool) -> views.SearchView:
    """Return it in one language; ``severities`` are the ids of all, worst first."""
    components = map(speaker.component, found.components)
    page = views.SearchPage(
        kinds=tuple(kind for kind in Kind if kind in found.kinds),
        years=tuple(sorted(found.years, reverse=True)),
        components=tuple(sorted(components, key=lambda ref: (ref.name.text.casefold(), ref.id))),
        severities=tuple(speaker.severity(id) for id in severities if id in found.severities),
        tags=tuple(sorted(found.tags)),
        pages=pages,
    )
    at_rest = {
        name: basics.Later(key_of("volume", speaker.lot_key(lot)), partial(_volume, lot.ones, speaker))
        for name, lot in found.volumes.items()
    }
    return views.SearchView(page, _volume(found.recent, speaker).records, at_rest)


def _rests(one: Known, clock: Clock) -> bool:
    if one.ended is None:
        return False
    return clock.day(max(one.ended, one.updated)) < clock.today - timedelta(days=1)


def _volume(records: Iterable[Known], speaker: Speaker) -> program_views.Volume:
    return program_views.Volume(tuple(_record(one, speaker) for one in records))


def _record(one: Known, speaker: Speaker) -> program_views.SearchRecord:
    numbers = range(1, len(one.record.updates) + 1)
    texts = tuple(speaker.update(one, number).body for number in numbers)
    return program_views.SearchRecord(speaker.card(one), one.begun.year, texts)
