"""What the site's own documents for programs tell: the last days whole, every month in outline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from generator.terms import Kind
from generator.view import basics, program_views, record_views, status
from generator.view.facts import Clock, Known
from generator.view.lots import Months
from generator.view.speaker import Speaker

RECENT_DAYS = 30


class Recent(NamedTuple):
    """The records of the last days, and the newest month that holds one which is not among them."""

    ones: tuple[Known, ...]
    beyond: str | None


def recent(months: Months, clock: Clock) -> Recent:
    """Return the records of the last days; ``months`` are newest first."""
    since = status.midnights(clock.today, RECENT_DAYS, clock.zone)[0]
    # What ended before its last change is as old as that.
    lots = (lot for lot in months.values() if lot.over is None or lot.changed >= since)
    kept = tuple(one for lot in lots for one in lot.ones if _is_recent(one, since))
    beyond = (month for month, lot in months.items() if not all(_is_recent(one, since) for one in lot.ones))
    return Recent(kept, next(beyond, None))


def api(
    months: Mapping[Kind, Months],
    newest: Mapping[Kind, Recent],
    groups: tuple[record_views.GroupView, ...],
    speaker: Speaker,
) -> program_views.ApiView:
    """Return the documents of both kinds of records in one language; ``months`` are newest first."""
    return program_views.ApiView(
        tuple(
            program_views.ApiRecent(kind, tuple(map(speaker.incident, ones)), beyond)
            for kind, (ones, beyond) in newest.items()
        ),
        {key: month for kind, ones in months.items() for key, month in _months(kind, ones, speaker)},
        groups,
    )


def _is_recent(one: Known, since: datetime) -> bool:
    return one.ended is None or max(one.ended, one.updated) >= since


def _months(
    kind: Kind, months: Months, speaker: Speaker
) -> Iterator[tuple[tuple[Kind, str], basics.Later[program_views.ApiMonth]]]:
    for month, older in pairwise((*months, None)):
        if month is not None:
            lot = months[month]
            made_of = partial(speaker.key_of, "outlines", lot, older)
            yield (kind, month), basics.Later(made_of, partial(_month, kind, month, lot.ones, older, speaker))


def _month(
    kind: Kind, month: str, records: Iterable[Known], older: str | None, speaker: Speaker
) -> program_views.ApiMonth:
    shown = map(speaker.incident, records)
    outlines = tuple(program_views.ApiRecord(record.card, record.affected, record.updated) for record in shown)
    return program_views.ApiMonth(kind, month, outlines, older)
