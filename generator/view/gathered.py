"""All that is known of a site at a moment, before anyone puts it into a language: made once, and told in each.

The clock is used here and nowhere later: it becomes facts (open, upcoming, a day's state), never a time stamp.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.model import Site
from generator.terms import Kind
from generator.view import archive, news, similar, status
from generator.view.facts import Clock, History, Known, histories, known, quarter, subject
from generator.view.lessons import Lesson, lessons
from generator.view.lessons import subject as lesson_subject
from generator.view.search import Searchable, searchable
from generator.view.statuspage import Polled, polled
from generator.view.views import ArchiveMonth

Months = Mapping[str, tuple[Known, ...]]
"""Records of one kind by the month that they began in, ``yyyy-mm``; all are newest first."""

Tags = Mapping[str, Mapping[int, tuple[Known, ...]]]
"""Records by tag, in alphabetical order, and by the year that they began in, newest first."""


class Alike(NamedTuple):
    """The records that are like one, and a hash of what is told of them."""

    matches: tuple[similar.Match, ...]
    made_of: bytes


@dataclass(frozen=True)
class Gathered:
    """A site at a moment; ``log`` and ``taught`` are newest first, ``figures`` by component, ``minutes`` by month.

    ``minutes`` are those in which at least one component was affected by an incident that began in the month.
    """

    site: Site
    clock: Clock
    log: tuple[Known, ...]
    months: Mapping[Kind, Months]
    tagged: Tags
    figures: Mapping[str, History]
    newest: Polled
    told: news.News
    days: Mapping[str, ArchiveMonth]
    minutes: Mapping[str, int]
    taught: tuple[Lesson, ...]
    alike: Mapping[similar.Key, Alike]
    searchable: Searchable | None

    @cached_property
    def incidents(self) -> tuple[Known, ...]:
        """Return the incidents, newest first."""
        return tuple(one for one in self.log if one.record.kind is Kind.INCIDENT)

    @cached_property
    def works(self) -> tuple[Known, ...]:
        """Return the maintenance, newest first."""
        return tuple(one for one in self.log if one.record.kind is Kind.MAINTENANCE)

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


def gather(
    site: Site, *, now: datetime, recall: Recall = afresh, remember: similar.Remember = similar.afresh
) -> Gathered:
    """Return what is known of ``site`` at ``now``."""
    clock = recall(Clock, quarter(now), site.config.time_zone)
    log = known(site, now, recall)
    figures = histories(site, log, clock, recall)
    incidents = [one for one in log if one.record.kind is Kind.INCIDENT]
    taught = lessons(site, incidents, recall)
    months = {kind: _by_month(one for one in log if one.record.kind is kind) for kind in Kind}
    severities = [one.id for one in site.config.severities]
    return Gathered(
        site,
        clock,
        log,
        months,
        _tagged(log),
        figures,
        polled(log, figures),
        news.news(log, components=site.components(), severities=severities, recall=recall),
        archive.calendar(incidents, clock, recall),
        {month: recall(_minutes, clock, *ones) for month, ones in months[Kind.INCIDENT].items()},
        taught,
        _alike(recall(similar.likeness, recall, remember, *_subjects(log, taught, recall))),
        searchable(log, taught, clock) if site.config.search else None,
    )


def _by_month(log: Iterable[Known]) -> Months:
    return {month: tuple(ones) for month, ones in groupby(log, lambda one: one.begun.isoformat()[:7])}


def _tagged(log: Iterable[Known]) -> Tags:
    found: dict[str, dict[int, list[Known]]] = {}
    for one in log:
        for tag in one.record.tags:
            found.setdefault(tag, {}).setdefault(one.begun.year, []).append(one)
    return {tag: {year: tuple(ones) for year, ones in found[tag].items()} for tag in sorted(found)}


def _subjects(log: Sequence[Known], taught: Iterable[Lesson], recall: Recall) -> tuple[similar.Subject, ...]:
    """Return what is compared with each other, in its order."""
    found = [*(recall(subject, one) for one in log), *(recall(lesson_subject, one) for one in taught)]
    return similar.in_order(found)


def _alike(found: Mapping[similar.Key, tuple[similar.Match, ...]]) -> Mapping[similar.Key, Alike]:
    return {key: Alike(matches, key_of(matches)) for key, matches in found.items()}


def _minutes(clock: Clock, *ones: Known) -> int:
    spells = [spell for one in ones for parts in one.course.spells.values() for spell in parts]
    whole = status.combined(spells, clock.hour)
    return round(sum(((s.end or s.start) - s.start).total_seconds() for s in whole) / 60)
