"""All that is known of a site at a moment, before anyone puts it into a language: made once, and told in each.

The clock is used here and nowhere later: it becomes facts (open, upcoming, a day's state), never a time stamp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from itertools import chain
from typing import NamedTuple, TypeVar

from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.model import Config, Site
from generator.terms import Kind
from generator.view import archive, news, similar, status
from generator.view.api import Recent, recent
from generator.view.archive import Days
from generator.view.basics import Later, keyed
from generator.view.facts import Clock, Known, quarter, subject
from generator.view.histories import History, histories
from generator.view.lessons import KIND, Lesson, Lessons, Shelves, by_issue, lessons, of_incidents, on_shelves
from generator.view.lessons import subject as lesson_subject
from generator.view.likeness import ByMonth, Likeness, Remember, asked_afresh, in_months, month_of
from generator.view.lots import Lot, Months, by_month, joined
from generator.view.search import Searchable, searchable
from generator.view.statuspage import Polled, polled

T = TypeVar("T")

TAG_RECORDS = 50
"""So many records of a tag are on its first page; where there are more, each year has a page of its own."""


class Tagged(NamedTuple):
    """The records of one tag: how many, the newest, and where those are not all of them, all by year, newest first."""

    total: int
    newest: Lot
    years: Mapping[int, Lot]


Parts = tuple[Lot | Lessons | bytes, ...]
"""What pages tell beside their own, each part a hash or with one: it may be more than they show."""


class Began(NamedTuple):
    """What the pages of all that began in one month tell beside it.

    ``around`` are the record before and the one after it, of each record of the month by its id.
    """

    around: Mapping[str, tuple[Known | None, Known | None]]
    beside: Parts


@dataclass(frozen=True)
class Gathered:
    """A site at a moment; ``figures`` are by component, ``minutes`` by month.

    ``archive`` has the records of both kinds, ``months`` those of each. ``minutes`` are those in which at least one
    component was affected by an incident that began in the month. ``taught`` are the postmortems, newest first,
    ``issues`` the same by the month that they were published in, ``reviews`` by the incident's id.
    """

    site: Site
    clock: Clock
    archive: Months
    months: Mapping[Kind, Months]
    tagged: Mapping[str, Tagged]
    figures: Mapping[str, History]
    newest: Polled
    told: news.News
    days: Days
    minutes: Mapping[str, Later[int]]
    recent: Mapping[Kind, Recent]
    taught: tuple[Lesson, ...]
    issues: Mapping[str, Lessons]
    reviews: Mapping[str, Lesson]
    shelves: Shelves
    alike: Likeness
    searchable: Searchable | None

    @cached_property
    def log(self) -> tuple[Known, ...]:
        """Return all records, newest first."""
        return tuple(chain.from_iterable(lot.ones for lot in self.archive.values()))

    @cached_property
    def works(self) -> tuple[Known, ...]:
        """Return the maintenance, newest first."""
        return tuple(one for lot in self.months[Kind.MAINTENANCE].values() for one in lot.ones)

    @cached_property
    def going(self) -> tuple[Known, ...]:
        """Return what is open, newest first."""
        return tuple(one for lot in self.archive.values() for one in lot.open)

    @cached_property
    def upcoming(self) -> tuple[Known, ...]:
        """Return what has not begun yet, the next first."""
        return tuple(sorted((one for one in self.works if one.upcoming), key=lambda one: one.started))

    @cached_property
    def renamed(self) -> tuple[Known, ...]:
        """Return the records that had other ids before."""
        return tuple(one for one in self.log if one.record.aliases)

    @cached_property
    def began(self) -> Callable[[str], Began]:
        """Return what tells of a month what its pages tell beside it."""
        return cache(partial(_began, self))

    @cached_property
    def resembled(self) -> Callable[[str], Parts]:
        """Return what is like anything that began in a month."""
        return cache(partial(_resembled, self))

    @cached_property
    def issued(self) -> Callable[[str], Parts]:
        """Return what the pages of the postmortems that were published in a month tell beside it."""
        return cache(partial(_issued, self))

    def one(self, id: str) -> Known:
        """Return a record by its id."""
        return self._by_id[id]

    def lesson(self, id: str) -> Lesson:
        """Return a postmortem by its id."""
        return self._taught_by_id[id]

    @cached_property
    def around(self) -> Mapping[str, tuple[Lesson | None, Lesson | None]]:
        """Return the next postmortem and the one before, of each by its id."""
        return {one.record.id: (newer, older) for newer, one, older in neighbours(self.taught)}

    @cached_property
    def _by_id(self) -> Mapping[str, Known]:
        return {id: one for lot in self.archive.values() for id, one in lot.by_id.items()}

    @cached_property
    def _taught_by_id(self) -> Mapping[str, Lesson]:
        return {one.record.id: one for one in self.taught}


def gather(site: Site, *, now: datetime, recall: Recall = afresh, remember: Remember = asked_afresh) -> Gathered:
    """Return what is known of ``site`` at ``now``."""
    clock = recall(Clock, quarter(now), site.config.time_zone)
    all_months = by_month(site, now, recall)
    lots = all_months.values()
    figures = histories(site, lots, clock, recall)
    months = {
        kind: {month: lot.by_kind[kind] for month, lot in all_months.items() if kind in lot.by_kind} for kind in Kind
    }
    incidents = months[Kind.INCIDENT]
    taught = lessons(site, incidents.values(), recall)
    graded = recall(key_of, site.config.severities)
    return Gathered(
        site,
        clock,
        all_months,
        months,
        dict(_tagged(lots, recall)),
        figures,
        polled(lots),
        news.news(lots, components=site.components(), severities=recall(_ids, site.config), recall=recall),
        archive.calendar(incidents.values(), clock, recall, graded=graded),
        {month: _minutes(lot, clock, recall, graded) for month, lot in incidents.items()},
        {kind: recent(ones, clock) for kind, ones in months.items()},
        taught,
        recall(by_issue, recall, taught),
        recall(of_incidents, taught),
        recall(on_shelves, taught),
        Likeness(_subjects(lots, taught, recall), recall, remember),
        searchable(lots, taught, clock, recall) if site.config.search else None,
    )


def _ids(config: Config) -> tuple[str, ...]:
    """Return the ids of severities, worst first."""
    return tuple(severity.id for severity in config.severities)


def _began(known: Gathered, month: str) -> Began:
    lot, kinds = known.archive[month], known.months.values()
    around = {id: pair for months in kinds if month in months for id, pair in _around(months, month)}
    others = {other.record.id: other for pair in around.values() for other in pair if other}
    reviews = [review for one in lot.ones if (review := known.reviews.get(one.record.id))]
    # Months of likeness begin at other hours: all of those two tell more than enough.
    alike = _alike(known, (lot.ones[-1].started, lot.ones[0].started))
    return Began(around, (*alike, Lot(tuple(others.values())), Lessons(tuple(reviews))))


def _issued(known: Gathered, month: str) -> Parts:
    lessons = known.issues[month].ones
    newer, older = known.around[lessons[0].record.id][0], known.around[lessons[-1].record.id][1]
    ends = Lessons(tuple(other for other in (newer, older) if other))
    return (*_alike(known, [one.started for one in lessons]), ends)


def _alike(known: Gathered, started: Iterable[datetime | None]) -> Parts:
    """Return what is like anything of the months in which something started."""
    return tuple(chain.from_iterable(map(known.resembled, dict.fromkeys(map(month_of, started)))))


def _resembled(known: Gathered, month: str) -> Parts:
    """Return all that is like one of a month's, of both kinds, and a hash of what is like what."""
    alike = known.alike.within(month)
    matches = {(match.kind == KIND, match.id) for found in alike for match in found}
    records = [known.one(id) for review, id in sorted(matches) if not review]
    lessons = [known.lesson(id) for review, id in sorted(matches) if review]
    return Lot(tuple(records)), Lessons(tuple(lessons)), key_of(alike)


def _around(months: Months, month: str) -> Iterable[tuple[str, tuple[Known | None, Known | None]]]:
    """Yield the id of each record of a month and the ones of its kind before and after it."""
    newer, older = next((newer, older) for newer, one, older in neighbours(tuple(months)) if one == month)
    after = months[newer].ones[-1:] if newer else ()
    before = months[older].ones[:1] if older else ()
    for second, one, first in neighbours((*after, *months[month].ones, *before)):
        if one.record.id in months[month].by_id:
            yield one.record.id, (first, second)


def neighbours(items: Sequence[T]) -> Iterable[tuple[T | None, T, T | None]]:
    """Return each item between the one before it and the one after it."""
    return zip((None, *items), items, (*items[1:], None), strict=False)


def _tagged(lots: Iterable[Lot], recall: Recall) -> Iterable[tuple[str, Tagged]]:
    """Yield the tags in alphabetical order; records are newest first."""
    found: dict[str, list[Lot]] = {}
    for lot in lots:
        for tag, ones in lot.by_tag.items():
            found.setdefault(tag, []).append(ones)
    for tag in sorted(found):
        yield tag, recall(_of_tag, *found[tag])


def _of_tag(*lots: Lot) -> Tagged:
    all_of = joined(*lots)
    if len(all_of.ones) <= TAG_RECORDS:
        return Tagged(len(all_of.ones), all_of, {})
    years: dict[int, list[Lot]] = {}
    for lot in lots:
        years.setdefault(lot.ones[0].begun.year, []).append(lot)
    by_year = {year: joined(*ones) for year, ones in years.items()}
    return Tagged(len(all_of.ones), Lot(all_of.ones[:TAG_RECORDS]), by_year)


def _subjects(lots: Iterable[Lot], taught: tuple[Lesson, ...], recall: Recall) -> ByMonth:
    """Return what is compared with each other."""
    found: dict[str, list[tuple[similar.Subject, ...]]] = {}
    for lot in lots:
        for month, subjects in recall(_of_records, recall, lot).items():
            found.setdefault(month, []).append(subjects)
    told: dict[str, list[Lesson]] = {}
    for one in taught:
        told.setdefault(month_of(one.started), []).append(one)
    for month, ones in told.items():
        found.setdefault(month, []).append(recall(_of_lessons, recall, *ones))
    return {month: recall(_in_order, *found[month]) for month in sorted(found)}


def _of_records(recall: Recall, lot: Lot) -> ByMonth:
    return in_months(similar.in_order(recall(subject, one) for one in lot.ones))


def _of_lessons(recall: Recall, *lessons: Lesson) -> tuple[similar.Subject, ...]:
    return similar.in_order(recall(lesson_subject, one) for one in lessons)


def _in_order(*subjects: tuple[similar.Subject, ...]) -> tuple[similar.Subject, ...]:
    return subjects[0] if len(subjects) == 1 else similar.in_order(chain.from_iterable(subjects))


def _minutes(lot: Lot, clock: Clock, recall: Recall, graded: bytes) -> Later[int]:
    moving = clock.hour if lot.open else None
    return Later(keyed(graded, lot, moving), cache(partial(recall, _affected, clock, lot)))


def _affected(clock: Clock, lot: Lot) -> int:
    spells = [spell for one in lot.ones for parts in one.course.spells.values() for spell in parts]
    whole = status.combined(spells, clock.hour)
    return round(sum(((s.end or s.start) - s.start).total_seconds() for s in whole) / 60)
