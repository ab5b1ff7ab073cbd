"""Earlier records that are like one, or like words that a person gives: for who asks during an outage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from generator.record.model import Entry, PostmortemEntry, Site
from generator.terms import Impact, Kind
from generator.view.facts import Known, subject
from generator.view.lessons import KIND, Lesson, lessons
from generator.view.lessons import subject as lesson_subject
from generator.view.lots import Lot, known
from generator.view.similar import HORIZON, Key, Match, Subject, in_order, indexed
from generator.view.similar import Entry as Traits
from generator.view.words import words


class Find(msgspec.Struct, frozen=True):
    """An earlier record, what it shares, and how it went; ``minutes`` are None while it lasts.

    A postmortem may leave everything else open too; ``started`` is then when it was published.
    """

    id: str
    title: str
    started: datetime | None
    minutes: int | None
    severity: str | None
    impact: Impact | None
    match: Match


def like_record(site: Site, entry: Entry | PostmortemEntry, *, now: datetime, limit: int) -> tuple[Find, ...]:
    """Return the records that are like one and began before it, a draft too: as its page shows them."""
    sources = _sources(_published(site, entry), now)
    kind = entry.original.kind.value if isinstance(entry, Entry) else KIND
    log = in_order(map(_subject, sources.values()))
    place = next(n for n, one in enumerate(log) if (one.kind, one.id) == (kind, entry.original.id))
    undated = log[place].started is None
    index = indexed(*map(Traits.of, (log if undated else log[:place])[-HORIZON:]))
    return _finds(sources, index.best(Traits.of(log[place]), limit, within=undated))


def like_text(site: Site, text: str, *, now: datetime, limit: int) -> tuple[Find, ...]:
    """Return the records that are like a text; a word that is a tag or a component's id counts as such."""
    sources = _sources(site, now)
    log = [one for one in in_order(map(_subject, sources.values())) if one.started is None or one.started <= now]
    said = set(text.casefold().split()) | set(words((text,)))
    tags = sorted(said & {tag for one in log for tag in one.tags})
    asked = Subject("", "", now, tuple(tags), tuple(id for id in site.components() if id in said), lambda: (text,), b"")
    return _finds(sources, indexed(*map(Traits.of, log[-HORIZON:])).best(Traits.of(asked), limit, least=0.0))


def _published(site: Site, entry: Entry | PostmortemEntry) -> Site:
    """Return the site with a record that is no draft any more."""
    replace = msgspec.structs.replace
    if isinstance(entry, Entry):
        shown = replace(entry, original=replace(entry.original, draft=False))
        return replace(site, entries=tuple(shown if one is entry else one for one in site.entries))
    lesson = replace(entry, original=replace(entry.original, draft=False))
    return replace(site, postmortems=tuple(lesson if one is entry else one for one in site.postmortems))


def _sources(site: Site, now: datetime) -> dict[Key, Known | Lesson]:
    log = known(site, now)
    found: dict[Key, Known | Lesson] = {(one.record.kind.value, one.record.id): one for one in log}
    taught = lessons(site, [Lot(tuple(one for one in log if one.record.kind is Kind.INCIDENT))])
    return found | {(KIND, one.record.id): one for one in taught}


def _subject(one: Known | Lesson) -> Subject:
    return subject(one) if isinstance(one, Known) else lesson_subject(one)


def _finds(sources: Mapping[Key, Known | Lesson], matches: Iterable[Match]) -> tuple[Find, ...]:
    return tuple(_find(sources[match.kind, match.id], match) for match in matches)


def _find(one: Known | Lesson, match: Match) -> Find:
    severity = one.severity.id if one.severity else None
    if isinstance(one, Lesson):
        impact = one.severity.impact if one.severity else None
        return Find(one.record.id, one.record.title, one.started, one.minutes, severity, impact, match)
    lasted = (one.ended - one.started) // timedelta(minutes=1) if one.ended else None
    return Find(one.record.id, one.record.title, one.started, lasted, severity, one.impact, match)
