"""What programs poll: components in service and the newest records, with when each changed.

Every time comes from the content: what the clock implies has the time that was announced, not that of the build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from generator.terms import Kind, Overall
from generator.view import basics, program_views, record_views, status
from generator.view.facts import Clock, Known
from generator.view.histories import History
from generator.view.lots import Lot, greatest_first
from generator.view.speaker import Speaker

NEWEST = 50
"""How many records a document tells of; more only where more are open."""

# A component must say since when it is known of, also one that nothing has happened to: a day before any record.
_BEFORE_ALL = datetime(1990, 1, 1, tzinfo=UTC)


class Polled(NamedTuple):
    """What programs poll before anyone puts it into a language; records are newest first by their first word.

    ``told`` leaves out what was written down after the fact.
    """

    changed: datetime | None
    incidents: tuple[Known, ...]
    maintenance: tuple[Known, ...]
    told: tuple[Known, ...]


def polled(lots: Iterable[Lot]) -> Polled:
    """Return what programs poll of everything that is known."""
    every = tuple(lots)
    by_kind = {kind: [lot.by_kind[kind] for lot in every if kind in lot.by_kind] for kind in Kind}
    return Polled(
        max((lot.changed for lot in every), default=None),
        tuple(_listed(by_kind[Kind.INCIDENT])),
        tuple(_listed(by_kind[Kind.MAINTENANCE])),
        tuple(islice((one for one in _newest_first(every) if not one.record.backfilled), NEWEST)),
    )


def _newest_first(lots: Iterable[Lot]) -> Iterator[Known]:
    """Yield records in the order of their first words."""
    return greatest_first(lots, attrgetter("told"))


def statuspage(
    polled: Polled,
    groups: Iterable[record_views.GroupView],
    figures: Mapping[str, History],
    *,
    overall: Overall,
    clock: Clock,
    speaker: Speaker,
) -> program_views.StatuspageView:
    """Return it in one language; ``groups`` are the components in service, ``figures`` those of all by id."""
    return program_views.StatuspageView(
        overall,
        polled.changed,
        tuple(_group(group, figures, clock) for group in groups),
        tuple(_report(one, speaker) for one in polled.incidents),
        tuple(_report(one, speaker) for one in polled.maintenance),
    )


def _listed(lots: Sequence[Lot]) -> Iterator[Known]:
    """Yield every open record, and of the others as many as there is room for."""
    still = sum(one.ended is None for lot in lots if lot.over is None for one in lot.ones)
    room = NEWEST - still
    for one in _newest_first(lots):
        if one.ended is None:
            still -= 1
            yield one
        elif room > 0:
            room -= 1
            yield one
        if not still and room <= 0:
            return


def _group(group: record_views.GroupView, figures: Mapping[str, History], clock: Clock) -> program_views.ServiceGroup:
    services = tuple(_service(component, figures[component.id], clock) for component in group.components)
    return program_views.ServiceGroup(group.id, group.name, group.level, services, group.description)


def _service(component: record_views.ComponentView, history: History, clock: Clock) -> program_views.ServiceView:
    since = component.since
    created = status.midnight(since, clock.zone) if since else history.known or _BEFORE_ALL
    return program_views.ServiceView(
        basics.ComponentRef(component.id, component.name), component.level, created,
        max(created, history.moved or created), component.description, since,
    )  # fmt: skip


def _report(one: Known, speaker: Speaker) -> program_views.Report:
    return program_views.Report(speaker.incident(one), tuple(_implied(one.steps)))


def _implied(steps: Iterable[status.Step]) -> Iterator[program_views.Implied]:
    """Yield the steps that the clock implies, none before the update that it follows."""
    number, latest = 0, _BEFORE_ALL
    for step in steps:
        latest = max(latest, step.at)
        if step.update is None:
            yield program_views.Implied(step.phase, latest, number)
        else:
            number = step.update
