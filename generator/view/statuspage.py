"""What programs poll: components in service and the newest records, with when each changed.

Every time comes from the content: what the clock implies has the time that was announced, not that of the build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from generator.recall import Recall, afresh
from generator.terms import Kind, Overall
from generator.view import basics, program_views, record_views, status
from generator.view.facts import Clock, Known, Lot
from generator.view.histories import History
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


class _Newest(NamedTuple):
    """What of some records may be among the newest of all, each newest first, and when one of them last changed."""

    changed: datetime
    listed: Mapping[Kind, tuple[Known, ...]]
    told: tuple[Known, ...]


def polled(lots: Iterable[Lot], recall: Recall = afresh) -> Polled:
    """Return what programs poll of everything that is known."""
    found = [recall(_newest, lot) for lot in lots]
    listed = {kind: _newest_first(chain.from_iterable(one.listed.get(kind, ()) for one in found)) for kind in Kind}
    told = _newest_first(chain.from_iterable(one.told for one in found))
    return Polled(
        max((one.changed for one in found), default=None),
        tuple(_listed(listed[Kind.INCIDENT])),
        tuple(_listed(listed[Kind.MAINTENANCE])),
        told[:NEWEST],
    )


def _newest(lot: Lot) -> _Newest:
    told = [one for one in _newest_first(lot.ones) if not one.record.backfilled]
    listed = {kind: tuple(_listed(_newest_first(ones.ones))) for kind, ones in lot.by_kind.items()}
    return _Newest(max(map(_changed, lot.ones)), listed, tuple(told[:NEWEST]))


def _newest_first(ones: Iterable[Known]) -> tuple[Known, ...]:
    """Return records in the order of their first words."""
    return tuple(sorted(ones, key=lambda one: (one.record.updates[0].at, one.record.id), reverse=True))


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


def _changed(one: Known) -> datetime:
    """Return when a record last changed: by an update, by its amendment, or by the clock."""
    amended = (update.amended for update in one.record.updates if update.amended)
    return max([*(step.at for step in one.steps), *amended])


def _listed(newest: Sequence[Known]) -> Iterator[Known]:
    """Yield every open record, and of the others as many as there is room for."""
    room = NEWEST - sum(one.ended is None for one in newest)
    for one in newest:
        if one.ended is None:
            yield one
        elif room > 0:
            room -= 1
            yield one


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
