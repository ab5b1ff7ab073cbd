"""Incidents and maintenance as the Statuspage API tells of them; see ``statuspage`` for what was decided and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from generator.feeds.document import clean, line
from generator.feeds.entry import ToHtml, absolute_links
from generator.feeds.plain import plain
from generator.feeds.statuspage_form import Affected, Component, Incident, Maintenance, Update, code, stamp
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.terms import Kind, Level, Phase
from generator.view.program_views import Implied, Report
from generator.view.record_views import Change, IncidentView, UpdateView


class Scope(NamedTuple):
    """What all records of a language share; ``components`` are those in service, by our ids."""

    authority: str
    page_id: str
    components: Mapping[str, Component]
    address: Address
    language: Language
    to_html: ToHtml


def incident(report: Report, scope: Scope) -> Incident:
    """Return an incident or, with its announced times, a maintenance."""
    view = report.incident
    card, window = view.card, view.card.window
    updates = tuple(_updates(report, scope))[::-1]
    told = updates[-1].created_at
    found = Incident(
        id=_id(view, scope),
        name=line(card.title.text),
        status=updates[0].status,
        created_at=told,
        updated_at=max(update.updated_at for update in updates),
        monitoring_at=next((one.created_at for one in updates if one.status == Phase.MONITORING), None),
        resolved_at=None if card.ended is None else stamp(card.ended),
        impact=card.impact if card.kind is Kind.INCIDENT else "maintenance",
        shortlink=scope.address.absolute(routes.record(card.kind, card.id)),
        started_at=stamp(card.started) if window is None else told,
        page_id=scope.page_id,
        incident_updates=updates,
        components=tuple(scope.components[ref.id] for ref in card.components if ref.id in scope.components),
    )
    if window is None:
        return found
    same = msgspec.structs.asdict(found)
    return Maintenance(**same, scheduled_for=stamp(window.start), scheduled_until=stamp(window.end))


def _id(view: IncidentView, scope: Scope, *rest: str) -> str:
    """Return the id of a record, or of something in it."""
    return code(scope.authority, view.card.kind, view.card.id, *rest)


def _updates(report: Report, scope: Scope) -> Iterator[Update]:
    """Yield all updates, oldest first, each with the states of every component that was touched until then."""
    view = report.incident
    states: dict[str, Affected] = {}
    for step in _steps(report):
        states = {id: msgspec.structs.replace(was, old_status=was.new_status) for id, was in states.items()}
        states |= {change.component.id: _affected(change, scope) for change in _changes(step, view)}
        amended = step.amended if isinstance(step, UpdateView) else None
        told = stamp(step.at)
        yield Update(
            id=_id(view, scope, str(step.number) if isinstance(step, UpdateView) else step.phase),
            status=Phase.COMPLETED if step.phase is Phase.CANCELLED else step.phase,
            body=_body(step, view, scope),
            incident_id=_id(view, scope),
            created_at=told,
            updated_at=told if amended is None else stamp(max(amended, step.at)),
            display_at=told,
            affected_components=tuple(states.values()),
            deliver_notifications=not view.card.backfilled,
        )


def _steps(report: Report) -> Iterator[UpdateView | Implied]:
    """Yield what was told and what the clock implied, oldest first."""
    for update in reversed(report.incident.updates):
        yield update
        yield from (one for one in report.implied if one.after == update.number)


def _changes(step: UpdateView | Implied, view: IncidentView) -> tuple[Change, ...]:
    return step.changes if isinstance(step, UpdateView) else tuple(_changed_at(step.at, view))


def _changed_at(moment: datetime, view: IncidentView) -> Iterator[Change]:
    """Yield how components changed when no update said so: by the spells that end and begin at that moment."""
    for affected in view.affected:
        before = [spell.level for spell in affected.spells if spell.end == moment]
        after = [spell.level for spell in affected.spells if spell.start == moment]
        if before or after:
            yield Change(affected.component, *(before or [Level.OPERATIONAL]), *(after or [Level.OPERATIONAL]))


def _affected(change: Change, scope: Scope) -> Affected:
    component = change.component
    id = code(scope.authority, "component", component.id)
    return Affected(id, line(component.name.text), change.before, change.after)


def _body(step: UpdateView | Implied, view: IncidentView, scope: Scope) -> str:
    """Return what a step says; an update without words says its status."""
    if isinstance(step, Implied):
        _ = scope.language.gettext
        return _("Maintenance has ended as planned.") if step.phase.ends else _("Maintenance has begun as planned.")
    page = scope.address.absolute(routes.update(view.card.kind, view.card.id, step.number))
    words = plain(absolute_links(scope.to_html(clean(step.body.source)), page))
    return clean(words) or scope.language.phase(step.phase)
