"""What the site's own documents for programs tell: the last days whole, every month in outline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import pairwise

from generator.hashing import key_of
from generator.terms import Kind
from generator.view import basics, program_views, record_views, status
from generator.view.facts import Clock, Known
from generator.view.speaker import Speaker

RECENT_DAYS = 30

Months = Mapping[str, tuple[Known, ...]]


def api(
    months: Mapping[Kind, Months], groups: tuple[record_views.GroupView, ...], clock: Clock, speaker: Speaker
) -> program_views.ApiView:
    """Return the documents of both kinds of records in one language; ``months`` are newest first."""
    return program_views.ApiView(
        tuple(_recent(kind, ones, clock, speaker) for kind, ones in months.items()),
        {key: month for kind, ones in months.items() for key, month in _months(kind, ones, speaker)},
        groups,
    )


def _recent(kind: Kind, months: Months, clock: Clock, speaker: Speaker) -> program_views.ApiRecent:
    """Return the document of the last days; it leads to the newest month that holds a record which it leaves out."""
    since = status.midnights(clock.today, RECENT_DAYS, clock.zone)[0]
    kept = [one for ones in months.values() for one in ones if _is_recent(one, since)]
    beyond = (month for month, ones in months.items() if not all(_is_recent(one, since) for one in ones))
    return program_views.ApiRecent(kind, tuple(map(speaker.incident, kept)), next(beyond, None))


def _is_recent(one: Known, since: datetime) -> bool:
    return one.ended is None or max(one.ended, one.updated) >= since


def _months(
    kind: Kind, months: Months, speaker: Speaker
) -> Iterator[tuple[tuple[Kind, str], basics.Later[program_views.ApiMonth]]]:
    for month, older in pairwise((*months, None)):
        if month is not None:
            ones = months[month]
            key = key_of("outlines", *map(speaker.key, ones), older)
            yield (kind, month), basics.Later(key, partial(_month, kind, month, ones, older, speaker))


def _month(
    kind: Kind, month: str, records: Iterable[Known], older: str | None, speaker: Speaker
) -> program_views.ApiMonth:
    shown = map(speaker.incident, records)
    outlines = tuple(program_views.ApiRecord(record.card, record.affected, record.updated) for record in shown)
    return program_views.ApiMonth(kind, month, outlines, older)
