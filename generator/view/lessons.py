"""What a postmortem and its incident say together, before anyone puts it into a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from itertools import groupby

import msgspec

from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.model import Action, Config, Postmortem, PostmortemEntry, Severity, Site
from generator.terms import Facet, Progress
from generator.view.facts import Known
from generator.view.lots import Lot, Together
from generator.view.similar import Subject

KIND = "postmortem"
"""What tells a postmortem from incidents and maintenance among what is alike."""


class Lesson(msgspec.Struct, frozen=True, dict=True):
    """A published postmortem; what it leaves out its incident says, where that is published too."""

    entry: PostmortemEntry
    incident: Known | None
    severity: Severity | None
    minutes: int | None
    components: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def record(self) -> Postmortem:
        """Return the postmortem as written in the default language."""
        return self.entry.original

    @property
    def started(self) -> datetime | None:
        """Return from when on it could be read: else when its incident began, None where nothing tells."""
        if self.record.published:
            return datetime.combine(self.record.published, time(), UTC)
        return self.incident.started if self.incident else None

    @cached_property
    def made_of(self) -> bytes:
        """Return a hash that differs where the postmortem, or what its incident adds to it, does."""
        graded = self.severity.id if self.severity else None
        return key_of(self.record.made_of, graded, self.minutes, self.components, self.tags)

    @cached_property
    def worded(self) -> bytes:
        """Return a hash that differs where ``made_of`` does, or what it or a link to its incident says anywhere."""
        said = [words.made_of for words in self.entry.translations.values()]
        return key_of(self.made_of, said, self.incident and self.incident.named)

    def late(self, today: date) -> list[int]:
        """Return the places of its actions that are late."""
        return [place for place, action in enumerate(self.record.actions) if is_late(action, today)]


class Lessons(Together[Lesson], frozen=True, dict=True):
    """Postmortems that are told together."""

    def late(self, today: date) -> list[list[int]]:
        """Return the places of the actions of each that are late."""
        return [one.late(today) for one in self.ones]


def is_late(action: Action, today: date) -> bool:
    """Return whether something was due before today and is not done."""
    return action.due is not None and action.due < today and action.progress is not Progress.DONE


Shelves = Mapping[tuple[Facet, str], Lessons]
"""Postmortems by what they share."""


def lessons(site: Site, lots: Iterable[Lot], recall: Recall = afresh) -> tuple[Lesson, ...]:
    """Return the published postmortems of a site, newest first, and undated ones last; ``lots`` have its incidents."""
    incidents = {id: one for lot in lots for id, one in lot.by_id.items()} if site.postmortems else {}
    found = [
        recall(lesson, site.config, entry, incidents.get(entry.original.incident or ""))
        for entry in site.postmortems
        if not entry.original.draft
    ]
    return recall(_newest_first, *found)


def _newest_first(*found: Lesson) -> tuple[Lesson, ...]:
    return tuple(sorted(found, key=lambda one: (one.record.published or date.min, one.record.id), reverse=True))


def by_issue(recall: Recall, lessons: Iterable[Lesson]) -> Mapping[str, Lessons]:
    """Return postmortems, which are newest first, by the month that they were published in, ``yyyy-mm`` or nothing."""
    return {month: recall(_together, *ones) for month, ones in groupby(lessons, _month)}


def _month(one: Lesson) -> str:
    return one.record.published.isoformat()[:7] if one.record.published else ""


def _together(*ones: Lesson) -> Lessons:
    return Lessons(ones)


def of_incidents(lessons: Iterable[Lesson]) -> Mapping[str, Lesson]:
    """Return the postmortem of each incident that has one, by the incident's id."""
    # Of several the oldest one, which comes last.
    return {one.incident.record.id: one for one in lessons if one.incident}


def on_shelves(lessons: Iterable[Lesson]) -> Shelves:
    """Return the postmortems that each shelf holds, in their order."""
    held: dict[tuple[Facet, str], list[Lesson]] = {}
    for lesson in lessons:
        for facet in Facet:
            for value in _values(lesson, facet):
                held.setdefault((facet, value), []).append(lesson)
    return {shelf: Lessons(tuple(ones)) for shelf, ones in held.items()}


def _values(lesson: Lesson, facet: Facet) -> tuple[str, ...]:
    if facet is Facet.TAG:
        return lesson.tags
    if facet is Facet.COMPONENT:
        return lesson.components
    if facet is Facet.SEVERITY:
        return (lesson.severity.id,) if lesson.severity else ()
    return (str(lesson.record.published.year),) if lesson.record.published else ()


def lesson(config: Config, entry: PostmortemEntry, incident: Known | None) -> Lesson:
    """Return a postmortem with what its incident adds to it."""
    record = entry.original
    own = config.severity(record.severity) if record.severity else None
    severity = own or (incident.severity if incident else None)
    minutes = record.minutes
    if minutes is None and incident and incident.ended:
        minutes = round((incident.ended - incident.started) / timedelta(minutes=1))
    components = record.components or (incident.components if incident else ())
    tags = record.tags or (incident.record.tags if incident else ())
    return Lesson(entry, incident, severity, minutes, components, tags)


def subject(one: Lesson) -> Subject:
    """Return what of a postmortem its likeness to others is judged by, in the words of the default language."""
    record, texts = one.record, partial(_texts, one.record)
    made_of = key_of(record.made_of, one.started, one.tags, one.components)
    return Subject(KIND, record.id, one.started, one.tags, one.components, texts, made_of, record.incident or "")


def _texts(record: Postmortem) -> tuple[str, ...]:
    # What went wrong beneath the surface is often told in the middle of a long text, and that is what is alike.
    return (record.title, record.lead, *(passage.body for passage in record.passages))
