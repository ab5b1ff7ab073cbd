"""All that is known of a site at a moment, before anyone puts it into a language: made once, and told in each.

The clock is used here and nowhere later: it becomes facts (open, upcoming, a day's state), never a time stamp.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from itertools import groupby
from typing import NamedTuple, TypeVar

from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.model import Site
from generator.terms import Kind
from generator.view import archive, news, similar, status
from generator.view.api import Recent, recent
from generator.view.archive import Days
from generator.view.basics import Later
from generator.view.facts import Clock, History, Known, Lot, histories, known, quarter, subject
from generator.view.lessons import KIND, Lesson, lessons, of_incidents
from generator.view.lessons import subject as lesson_subject
from generator.view.likeness import Remember, asked_afresh, likeness
from generator.view.search import Searchable, searchable
from generator.view.statuspage import Polled, polled

T = TypeVar("T")

TAG_RECORDS = 50
"""So many records of a tag are on its first page; where there are more, each year has a page of its own."""

Months = Mapping[str, Lot]
"""Records of one kind by the month that they began in, ``yyyy-mm``; all are newest first."""


class Tagged(NamedTuple):
    """The records of one tag: how many, the newest, and where those are not all of them, all by year, newest first."""

    total: int
    newest: Lot
    years: Mapping[int, Lot]


class Alike(NamedTuple):
    """The records that are like one, and a hash of what is told of them."""

    matches: tuple[similar.Match, ...]
    made_of: bytes


class Began(NamedTuple):
    """All that began in one month, ``yyyy-mm``, and what its pages tell beside.

    ``around`` are the record before and the one after it, of each record of the month by its id; ``beside`` are those
    of them and of what is alike that another month may have, ``lessons`` the postmortems. ``alike`` is a hash of what
    is like what.
    """

    month: str
    lot: Lot
    around: Mapping[str, tuple[Known | None, Known | None]]
    beside: Lot
    lessons: tuple[Lesson, ...]
    alike: bytes


@dataclass(frozen=True)
class Gathered:
    """A site at a moment; ``log`` and ``taught`` are newest first, ``figures`` by component, ``minutes`` by month.

    ``months`` have the records of each kind, ``archive`` has those of both. ``minutes`` are those in which at least one
    component was affected by an incident that began in the month. ``reviews`` are by the incident's id.
    """

    site: Site
    clock: Clock
    log: tuple[Known, ...]
    months: Mapping[Kind, Months]
    archive: tuple[Began, ...]
    tagged: Mapping[str, Tagged]
    figures: Mapping[str, History]
    newest: Polled
    told: news.News
    days: Days
    minutes: Mapping[str, Later[int]]
    recent: Mapping[Kind, Recent]
    taught: tuple[Lesson, ...]
    reviews: Mapping[str, Lesson]
    alike: Mapping[similar.Key, Alike]
    searchable: Searchable | None

    @cached_property
    def works(self) -> tuple[Known, ...]:
        """Return the maintenance, newest first."""
        return tuple(one for lot in self.months[Kind.MAINTENANCE].values() for one in lot.ones)

    @cached_property
    def going(self) -> tuple[Known, ...]:
        """Return what is open, newest first."""
        return tuple(one for one in self.log if one.open)

    @cached_property
    def upcoming(self) -> tuple[Known, ...]:
        """Return what has not begun yet, the next first."""
        return tuple(sorted((one for one in self.log if one.upcoming), key=lambda one: one.started))

    @cached_property
    def renamed(self) -> tuple[Known, ...]:
        """Return the records that had other ids before."""
        return tuple(one for one in self.log if one.record.aliases)

    def one(self, id: str) -> Known:
        """Return a record by its id."""
        return self._by_id[id]

    def lesson(self, id: str) -> Lesson:
        """Return a postmortem by its id."""
        return self._taught_by_id[id]

    @cached_property
    def _by_id(self) -> Mapping[str, Known]:
        return {one.record.id: one for one in self.log}

    @cached_property
    def _taught_by_id(self) -> Mapping[str, Lesson]:
        return {one.record.id: one for one in self.taught}


def gather(site: Site, *, now: datetime, recall: Recall = afresh, remember: Remember = asked_afresh) -> Gathered:
    """Return what is known of ``site`` at ``now``."""
    clock = recall(Clock, quarter(now), site.config.time_zone)
    log = known(site, now, recall)
    figures = histories(site, log, clock, recall)
    by_kind = {kind: [one for one in log if one.record.kind is kind] for kind in Kind}
    incidents = by_kind[Kind.INCIDENT]
    months = {kind: _by_month(ones) for kind, ones in by_kind.items()}
    taught = lessons(site, incidents, recall)
    alike = _alike(recall(likeness, recall, remember, *_subjects(log, taught, recall)))
    reviews = of_incidents(taught)
    severities, graded = [one.id for one in site.config.severities], key_of(site.config.severities)
    return Gathered(
        site,
        clock,
        log,
        months,
        tuple(_archive(log, by_kind.values(), taught, reviews, alike)),
        dict(_tagged(log)),
        figures,
        polled(log, figures),
        news.news(log, components=site.components(), severities=severities, recall=recall),
        archive.calendar(incidents, clock, recall, graded=graded),
        {month: _minutes(lot, clock, recall, graded) for month, lot in months[Kind.INCIDENT].items()},
        {kind: recent(ones, clock) for kind, ones in months.items()},
        taught,
        reviews,
        alike,
        searchable(log, taught, clock) if site.config.search else None,
    )


def _by_month(log: Iterable[Known]) -> Months:
    return {month: Lot(tuple(ones)) for month, ones in groupby(log, _month)}


def _month(one: Known) -> str:
    return one.begun.isoformat()[:7]


def _archive(
    log: Iterable[Known],
    kinds: Iterable[Sequence[Known]],
    taught: Iterable[Lesson],
    reviews: Mapping[str, Lesson],
    alike: Mapping[similar.Key, Alike],
) -> Iterator[Began]:
    """Yield what began in each month; ``log`` has all records, each of ``kinds`` those of one kind, newest first."""
    records, postmortems = {one.record.id: one for one in log}, {one.record.id: one for one in taught}
    around = {one.record.id: (older, newer) for ones in kinds for newer, one, older in neighbours(ones)}
    for month, ones in groupby(log, _month):
        lot = Lot(tuple(ones))
        found = [alike[one.record.kind.value, one.record.id] for one in lot.ones]
        matches = [match for one in found for match in one.matches]
        beside = {match.id: records[match.id] for match in matches if match.kind != KIND}
        told = {match.id: postmortems[match.id] for match in matches if match.kind == KIND}
        pairs = {one.record.id: around[one.record.id] for one in lot.ones}
        beside |= {other.record.id: other for pair in pairs.values() for other in pair if other}
        told |= {review.record.id: review for one in lot.ones if (review := reviews.get(one.record.id))}
        yield Began(
            month, lot, pairs, Lot(tuple(beside.values())), tuple(told.values()), key_of([one.made_of for one in found])
        )  # fmt: skip


def neighbours(items: Sequence[T]) -> Iterable[tuple[T | None, T, T | None]]:
    """Return each item between the one before it and the one after it."""
    return zip((None, *items), items, (*items[1:], None), strict=False)


def _tagged(log: Iterable[Known]) -> Iterator[tuple[str, Tagged]]:
    """Yield the tags in alphabetical order; ``log`` is newest first."""
    found: dict[str, list[Known]] = {}
    for one in log:
        for tag in one.record.tags:
            found.setdefault(tag, []).append(one)
    for tag in sorted(found):
        ones, many = found[tag], len(found[tag]) > TAG_RECORDS
        years = {year: Lot(tuple(told)) for year, told in groupby(ones, lambda one: one.begun.year)} if many else {}
        yield tag, Tagged(len(ones), Lot(tuple(ones[:TAG_RECORDS])), years)


def _subjects(log: Sequence[Known], taught: Iterable[Lesson], recall: Recall) -> tuple[similar.Subject, ...]:
    """Return what is compared with each other, in its order."""
    found = [*(recall(subject, one) for one in log), *(recall(lesson_subject, one) for one in taught)]
    return similar.in_order(found)


def _alike(found: Mapping[similar.Key, tuple[similar.Match, ...]]) -> Mapping[similar.Key, Alike]:
    return {key: Alike(matches, key_of(matches)) for key, matches in found.items()}


def _minutes(lot: Lot, clock: Clock, recall: Recall, graded: bytes) -> Later[int]:
    moving = clock.hour if any(one.open for one in lot.ones) else None
    return Later(key_of(graded, lot.made_of, moving), cache(partial(recall, _affected, clock, *lot.ones)))


def _affected(clock: Clock, *ones: Known) -> int:
    spells = [spell for one in ones for parts in one.course.spells.values() for spell in parts]
    whole = status.combined(spells, clock.hour)
    return round(sum(((s.end or s.start) - s.start).total_seconds() for s in whole) / 60)
