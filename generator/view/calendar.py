"""Maintenance as calendars hold it: the announced times, and how often what was said about them has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from generator.terms import Phase
from generator.view import program_views, record_views, status
from generator.view.facts import Clock, Known
from generator.view.speaker import Speaker

PAST_DAYS = 365
PAST_WORKS = 200


def calendars(
    speaker: Speaker, log: Sequence[Known], components: Iterable[str], clock: Clock
) -> Iterator[program_views.CalendarView]:
    """Yield the site's calendar and one of each component, in order of the announced times, and one of each work ahead.

    They hold all work that is to come or going on, and of what is over, at most ``PAST_WORKS`` windows that ended
    within the last ``PAST_DAYS`` days: what a subscriber's program polls does not grow with the archive. ``log`` is
    newest first.
    """
    since = status.midnights(clock.today, PAST_DAYS + 1, clock.zone)[0]
    works = [
        _work(speaker, one, record_views.Window(*one.record.window))
        for one in log
        if one.record.window is not None and (one.ended is None or one.record.window[1] >= since)
    ]
    ahead = {one.record.id for one in log if one.ended is None}
    chosen = _chosen(works, ahead)
    yield program_views.CalendarView(chosen)
    for id in components:
        component = speaker.component(id)
        yield program_views.CalendarView(
            _chosen([work for work in works if component in work.components], ahead), component
        )
    for work in chosen:
        if work.id in ahead:
            yield program_views.CalendarView((work,), alone=True)


def _chosen(works: Sequence[program_views.PlannedWork], ahead: set[str]) -> tuple[program_views.PlannedWork, ...]:
    past = islice((work for work in works if work.id not in ahead), PAST_WORKS)
    found = (*(work for work in works if work.id in ahead), *past)
    return tuple(sorted(found, key=lambda work: (work.window.start, work.id)))


def _work(speaker: Speaker, one: Known, window: record_views.Window) -> program_views.PlannedWork:
    updates = one.record.updates
    return program_views.PlannedWork(
        id=one.record.id,
        title=speaker.title(one),
        window=window,
        cancelled=one.phase is Phase.CANCELLED,
        revision=len(updates) - 1 + sum(update.amended is not None for update in updates),
        announced=updates[0].at,
        modified=max(update.amended or update.at for update in updates),
        newest=speaker.update(one, len(updates)).body,
        components=tuple(speaker.component(id) for id in one.components),
    )
