"""What is known of many records, in lots by months: each lot is known by a hash, and by bounds of what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, groupby
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.lots import lots_of
from generator.record.model import Config, Entry, Site
from generator.terms import Impact, Kind
from generator.view.facts import Known, known_of

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Hashed(Protocol):
    """What has a hash of how it is written in the default language, and one of how it is in all."""

    @property
    def made_of(self) -> bytes: ...
    @property
    def worded(self) -> bytes: ...


H = TypeVar("H", bound=Hashed)


class Together(msgspec.Struct, Generic[H], frozen=True, dict=True):
    """What is told together, newest first, and known together to be as it was.

    What is asked of each of them for itself is asked of all of them once.
    """

    ones: tuple[H, ...]

    @cached_property
    def made_of(self) -> bytes:
        """Return a hash that differs where one of them does, in whatever language, or their order."""
        return key_of([one.worded for one in self.ones])

    @cached_property
    def originals(self) -> bytes:
        """Return a hash that differs where one of them does, as written in the default language, or their order."""
        return key_of([one.made_of for one in self.ones])


class Lot(Together[Known], frozen=True, dict=True):
    """Records that are told together."""

    @cached_property
    def listed(self) -> bytes:
        """Return a hash that differs where a list of them does, in whatever language."""
        return key_of([one.listed for one in self.ones])

    @cached_property
    def open(self) -> tuple[Known, ...]:
        """Return those that are going on."""
        return tuple(one for one in self.ones if one.open)

    @cached_property
    def places(self) -> tuple[tuple[Kind, str, datetime], ...]:
        """Return the kind and id of each, and when it was last changed."""
        return tuple((one.record.kind, one.record.id, one.updated) for one in self.ones)

    @cached_property
    def over(self) -> datetime | None:
        """Return a moment after which none of them affected anything any more, None while one is open or to come."""
        moments = [one.over for one in self.ones]
        return None if None in moments else max(moment for moment in moments if moment)

    @cached_property
    def heard(self) -> datetime:
        """Return when one of them was first heard of."""
        return min([one.heard for one in self.ones])

    @cached_property
    def told(self) -> tuple[datetime, str]:
        """Return when the last of them was told of for the first time, and its id."""
        return max([one.told for one in self.ones])

    @cached_property
    def changed(self) -> datetime:
        """Return when one of them last changed."""
        return max([one.changed for one in self.ones])

    @cached_property
    def severities(self) -> frozenset[str]:
        """Return the ids of the severities that there are any of."""
        return frozenset(one.severity.id for one in self.ones if one.severity)

    @cached_property
    def impacts(self) -> frozenset[tuple[Kind, Impact]]:
        """Return the kinds and impacts that there are any of."""
        return frozenset((one.record.kind, one.impact) for one in self.ones)

    @cached_property
    def by_id(self) -> Mapping[str, Known]:
        """Return them by their ids."""
        return {one.record.id: one for one in self.ones}

    @cached_property
    def by_kind(self) -> Mapping[Kind, Lot]:
        """Return those of each kind that there are any of."""
        found = {kind: tuple(one for one in self.ones if one.record.kind is kind) for kind in Kind}
        return {kind: self if len(ones) == len(self.ones) else Lot(ones) for kind, ones in found.items() if ones}

    @cached_property
    def by_component(self) -> Mapping[str, Lot]:
        """Return those that name a component, by its id."""
        return _by(self.ones, lambda one: one.components)

    @cached_property
    def by_tag(self) -> Mapping[str, Lot]:
        """Return those that carry a tag, by the tag."""
        return _by(self.ones, lambda one: one.record.tags)


def _by(ones: Iterable[Known], names: Callable[[Known], Iterable[str]]) -> Mapping[str, Lot]:
    found: dict[str, list[Known]] = {}
    for one in ones:
        for name in names(one):
            found.setdefault(name, []).append(one)
    return {name: Lot(tuple(named)) for name, named in found.items()}


def joined(*lots: Lot) -> Lot:
    """Return several lots as one, in the order in which they come."""
    return lots[0] if len(lots) == 1 else Lot(tuple(chain.from_iterable(lot.ones for lot in lots)))


def greatest_first(lots: Iterable[Lot], key: Callable[[Known | Lot], Any]) -> Iterator[Known]:
    """Yield the records of some lots by a key, with no look at lots that nobody gets to.

    The ``key`` of a lot is the greatest of its records'.
    """
    coming = sorted(lots, key=key)
    waiting: list[Known] = []
    while coming or waiting:
        waiting += coming.pop().ones if coming else ()
        waiting.sort(key=key)
        while waiting and not (coming and key(waiting[-1]) < key(coming[-1])):
            yield waiting.pop()


Months = Mapping[str, Lot]
"""Records by the month that they began in, ``yyyy-mm``; all are newest first."""


def known(site: Site, now: datetime) -> tuple[Known, ...]:
    """Return the published incidents and maintenance of a site, newest start first."""
    return tuple(chain.from_iterable(lot.ones for lot in by_month(site, now).values()))


def by_month(site: Site, now: datetime, recall: Recall = afresh) -> Months:
    """Return the published incidents and maintenance of a site by month."""
    found: dict[str, list[Lot]] = {}
    for lot in lots_of(site.entries):
        # The clock moves maintenance only, and only where a window opens or closes.
        moment = max((moment for moment in recall(_windows, *lot) if moment <= now), default=_BEFORE_ALL)
        for month, part in recall(_by_month, recall, site.config, moment, *lot).items():
            found.setdefault(month, []).append(part)
    return {month: recall(_merged, *found[month]) for month in sorted(found, reverse=True)}


def _windows(*entries: Entry) -> tuple[datetime, ...]:
    return tuple(moment for entry in entries for moment in entry.original.window or ())


def _by_month(recall: Recall, config: Config, moment: datetime, *entries: Entry) -> Months:
    published = (entry for entry in entries if not entry.original.draft)
    ones = [recall(known_of, config, entry, moment if entry.original.window else None) for entry in published]
    return {
        month: Lot(tuple(told)) for month, told in groupby(_newest_first(ones), lambda one: one.begun.isoformat()[:7])
    }


def _merged(*lots: Lot) -> Lot:
    return lots[0] if len(lots) == 1 else Lot(_newest_first(chain.from_iterable(lot.ones for lot in lots)))


def _newest_first(ones: Iterable[Known]) -> tuple[Known, ...]:
    return tuple(sorted(ones, key=lambda one: (one.started, one.record.id), reverse=True))
