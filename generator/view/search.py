"""What readers can search: records at rest in volumes that keep still, so that an update costs no index, and the rest.

A record is at rest when it ended, and was last told of, before yesterday. What comes after that (an amendment, a
translation) makes the volume anew that it lies in, and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain, groupby

from generator.recall import Recall
from generator.terms import Kind
from generator.view import views
from generator.view.facts import Clock, Known

VOLUME = 2000
"""Whole years go into one volume up to so many records: readers load few volumes, and none takes long to make."""


def search(
    log: Sequence[Known],
    shown: dict[str, views.IncidentView],
    clock: Clock,
    *,
    severities: Sequence[str],
    pages: bool,
    recall: Recall,
) -> views.SearchView:
    """Return what can be searched; ``log`` is newest first, ``severities`` are the ids of all, worst first."""
    resting: list[views.SearchRecord] = []
    recent: list[views.SearchRecord] = []
    for one in log:
        view = shown[one.record.id]
        (resting if _rests(one, view, clock) else recent).append(recall(_record, view, clock.day(one.started).year))
    page = _page((*recent, *resting), severities, pages=pages)
    return views.SearchView(page, tuple(recent), tuple(_volumes(resting, clock.today.year)))


def _rests(one: Known, view: views.IncidentView, clock: Clock) -> bool:
    if one.ended is None:
        return False
    return clock.day(max(one.ended, view.updated)) < clock.today - timedelta(days=1)


def _record(view: views.IncidentView, year: int) -> views.SearchRecord:
    return views.SearchRecord(view.card, year, tuple(update.body for update in reversed(view.updates)))


def _volumes(records: Iterable[views.SearchRecord], present: int) -> Iterator[views.Volume]:
    """Yield the volumes, newest first; only the present year's, to which records still come, never has another's."""
    by_year = [(year, list(ones)) for year, ones in groupby(records, lambda record: record.year)]
    years: list[int] = []
    kept: list[views.SearchRecord] = []
    full: list[views.Volume] = []
    # From the oldest year on, so that the years that are over are put together as they always were.
    for year, ones in reversed(by_year):
        if kept and (year >= present or len(kept) + len(ones) > VOLUME):
            full.append(_volume(years, kept))
            years, kept = [], []
        years, kept = [*years, year], [*ones, *kept]
    if kept:
        full.append(_volume(years, kept))
    yield from reversed(full)


def _volume(years: Sequence[int], records: Iterable[views.SearchRecord]) -> views.Volume:
    name = f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return views.Volume(name, tuple(records))


def _page(records: Sequence[views.SearchRecord], severities: Sequence[str], *, pages: bool) -> views.SearchPage:
    cards = [record.card for record in records]
    named = {ref.id: ref for card in cards for ref in card.components}
    met = {card.severity.id: card.severity for card in cards if card.severity}
    kinds = {card.kind for card in cards}
    return views.SearchPage(
        kinds=tuple(kind for kind in Kind if kind in kinds),
        years=tuple(sorted({record.year for record in records}, reverse=True)),
        components=tuple(sorted(named.values(), key=lambda ref: (ref.name.text.casefold(), ref.id))),
        severities=tuple(met[id] for id in severities if id in met),
        tags=tuple(sorted(set(chain.from_iterable(card.tags for card in cards)))),
        pages=pages,
    )
