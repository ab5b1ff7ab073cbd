"""What the site's own documents for programs tell: the last days whole, every month in outline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from generator.terms import Kind
from generator.view import status, views
from generator.view.facts import Clock, Known

RECENT_DAYS = 30


def api(
    log: Sequence[Known], shown: Mapping[str, views.IncidentView], groups: tuple[views.GroupView, ...], clock: Clock
) -> views.ApiView:
    """Return the documents of both kinds of records; ``log`` is newest first, ``shown`` the same in one language."""
    kinds = {kind: [one for one in log if one.record.kind is kind] for kind in Kind}
    return views.ApiView(
        tuple(_recent(kind, ones, shown, clock) for kind, ones in kinds.items()),
        tuple(month for kind, ones in kinds.items() for month in _months(kind, ones, shown, clock)),
        groups,
    )


def _recent(kind: Kind, log: Iterable[Known], shown: Mapping[str, views.IncidentView], clock: Clock) -> views.ApiRecent:
    """Return the document of the last days; it leads to the newest month that holds a record which it leaves out."""
    since = status.midnights(clock.today, RECENT_DAYS, clock.zone)[0]
    kept: list[views.IncidentView] = []
    beyond: str | None = None
    for one in log:
        record = shown[one.record.id]
        if one.ended is None or max(one.ended, record.updated) >= since:
            kept.append(record)
        elif beyond is None:
            beyond = clock.month(one.started)
    return views.ApiRecent(kind, tuple(kept), beyond)


def _months(
    kind: Kind, log: Iterable[Known], shown: Mapping[str, views.IncidentView], clock: Clock
) -> Iterator[views.ApiMonth]:
    found = [(month, list(ones)) for month, ones in groupby(log, lambda one: clock.month(one.started))]
    older = [*(month for month, _ in found[1:]), None]
    for (month, ones), before in zip(found, older, strict=False):
        records = (shown[one.record.id] for one in ones)
        outlines = tuple(views.ApiRecord(record.card, record.affected, record.updated) for record in records)
        yield views.ApiMonth(kind, month, outlines, before)
