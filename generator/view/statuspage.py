"""What programs poll: components in service and the newest records, with when each changed.

Every time comes from the content: what the clock implies has the time that was announced, not that of the build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from generator.terms import Kind, Overall
from generator.view import basics, program_views, record_views, status
from generator.view.facts import Clock, History, Known
from generator.view.record_views import Spell
from generator.view.speaker import Speaker

NEWEST = 50
"""How many records a document tells of; more only where more are open."""

# A component must say since when it is known of, also one that nothing has happened to: a day before any record.
_BEFORE_ALL = datetime(1990, 1, 1, tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


class Times(NamedTuple):
    """When a component was first heard of, and when its state last changed; None where nothing ever happened."""

    known: datetime | None
    moved: datetime | None


class Polled(NamedTuple):
    """What programs poll before anyone puts it into a language; records are newest first by their first word.

    ``told`` leaves out what was written down after the fact.
    """

    changed: datetime | None
    incidents: tuple[Known, ...]
    maintenance: tuple[Known, ...]
    told: tuple[Known, ...]
    times: Mapping[str, Times]


def polled(log: Sequence[Known], figures: Mapping[str, History]) -> Polled:
    """Return what programs poll of everything that is known."""
    newest = sorted(log, key=lambda one: (one.record.updates[0].at, one.record.id), reverse=True)
    return Polled(
        max(map(_changed, log), default=None),
        tuple(_listed(one for one in newest if one.record.kind is Kind.INCIDENT)),
        tuple(_listed(one for one in newest if one.record.kind is Kind.MAINTENANCE)),
        tuple(one for one in newest if not one.record.backfilled)[:NEWEST],
        dict(_times(log, figures)),
    )


def statuspage(
    polled: Polled, groups: Iterable[record_views.GroupView], overall: Overall, clock: Clock, speaker: Speaker
) -> program_views.StatuspageView:
    """Return it in one language; ``groups`` are the components in service."""
    return program_views.StatuspageView(
        overall,
        polled.changed,
        tuple(_group(group, polled.times, clock) for group in groups),
        tuple(_report(one, speaker) for one in polled.incidents),
        tuple(_report(one, speaker) for one in polled.maintenance),
    )


def _changed(one: Known) -> datetime:
    """Return when a record last changed: by an update, by its amendment, or by the clock."""
    amended = (update.amended for update in one.record.updates if update.amended)
    return max([*(step.at for step in one.steps), *amended])


def _listed(newest: Iterable[Known]) -> Iterator[Known]:
    """Yield every open record, and of the others as many as there is room for."""
    found = list(newest)
    room = NEWEST - sum(one.ended is None for one in found)
    for one in found:
        if one.ended is None:
            yield one
        elif room > 0:
            room -= 1
            yield one


def _times(log: Iterable[Known], components: Iterable[str]) -> Iterator[tuple[str, Times]]:
    touching: dict[str, list[Known]] = {id: [] for id in components}
    for one in sorted(log, key=lambda one: one.over or _NEVER, reverse=True):
        for id in one.components:
            touching[id].append(one)
    for id, ones in touching.items():
        known = min((one.steps[0].at for one in ones), default=None)
        last = status.combined(_last_spells(id, ones), _NEVER)[-1:]
        yield id, Times(known, next((one.start if one.end == _NEVER else one.end for one in last), None))


def _last_spells(id: str, records: Iterable[Known]) -> Iterator[Spell]:
    """Yield the spells of a component since the last time that nothing affected it; what was over last comes first."""
    first = _NEVER
    for one in records:
        if one.over is not None and one.over < first < _NEVER:
            return
        for spell in one.course.spells.get(id, ()):
            first = min(first, spell.start)
            yield spell


def _group(group: record_views.GroupView, times: Mapping[str, Times], clock: Clock) -> program_views.ServiceGroup:
    services = tuple(_service(component, times[component.id], clock) for component in group.components)
    return program_views.ServiceGroup(group.id, group.name, group.level, services, group.description)


def _service(component: record_views.ComponentView, times: Times, clock: Clock) -> program_views.ServiceView:
    since = component.since
    created = status.midnight(since, clock.zone) if since else times.known or _BEFORE_ALL
    return program_views.ServiceView(
        basics.ComponentRef(component.id, component.name), component.level, created,
        max(created, times.moved or created), component.description, since,
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
