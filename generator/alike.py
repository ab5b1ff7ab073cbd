"""Earlier records that are like one, or like words that a person gives: for who asks during an outage."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from generator.record.model import Entry, Site
from generator.terms import Impact
from generator.view.facts import Known, known, subject
from generator.view.similar import HORIZON, Index, Match, Subject
from generator.view.similar import Entry as Traits
from generator.view.words import words


class Find(msgspec.Struct, frozen=True):
    """An earlier record, what it shares, and how it went; ``minutes`` are None while it lasts."""

    id: str
    title: str
    started: datetime
    minutes: int | None
    severity: str | None
    impact: Impact
    match: Match


def like_record(site: Site, entry: Entry, *, now: datetime, limit: int) -> tuple[Find, ...]:
    """Return the records that are like one and began before it, a draft too: as its page shows them."""
    shown = Entry(msgspec.structs.replace(entry.original, draft=False), entry.translations)
    entries = tuple(shown if one is entry else one for one in site.entries)
    log = known(msgspec.structs.replace(site, entries=entries), now)[::-1]
    place = next(n for n, one in enumerate(log) if one.entry is shown)
    return _best(log[:place], subject(log[place]), limit)


def like_text(site: Site, text: str, *, now: datetime, limit: int) -> tuple[Find, ...]:
    """Return the records that are like a text; a word that is a tag or a component's id counts as such."""
    log = [one for one in reversed(known(site, now)) if one.started <= now]
    said = set(text.casefold().split()) | set(words((text,)))
    tags = sorted(said & {tag for one in log for tag in one.record.tags})
    asked = Subject("", "", now, tuple(tags), tuple(id for id in site.components() if id in said), (text,))
    return _best(log, asked, limit, least=0.0)


def _best(log: Iterable[Known], asked: Subject, limit: int, **flags: float) -> tuple[Find, ...]:
    before = {(one.record.kind.value, one.record.id): one for one in [*log][-HORIZON:]}
    index = Index()
    for one in before.values():
        index.add(Traits.of(subject(one)))
    return tuple(_find(before[match.kind, match.id], match) for match in index.best(Traits.of(asked), limit, **flags))


def _find(one: Known, match: Match) -> Find:
    lasted = (one.ended - one.started) // timedelta(minutes=1) if one.ended else None
    severity = one.severity.id if one.severity else None
    return Find(one.record.id, one.record.title, one.started, lasted, severity, one.impact, match)
