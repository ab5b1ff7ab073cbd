"""What responders know of an incident, from their record of it, as the internal update tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from generator.briefing import Known
from generator.record.internal_fields import unparse_figure
from generator.record.internal_model import Degradation, EventKind, Impact, InternalRecord, Stage
from generator.terms import Progress

_DOING = frozenset({EventKind.MITIGATION, EventKind.DECISION})
_EASED = frozenset({Stage.MITIGATED, Stage.MONITORING})
_OVER = frozenset({Stage.RESOLVED, Stage.CLOSED})


def known_from(record: InternalRecord, at: datetime) -> Known:
    """Return what a war-room record knows at a moment: who leads, what is being done, what it means for customers."""
    return Known(
        status=_status(record, at),
        impact=tuple(_impact(record.impact)) if record.impact else (),
        action=_action(record, at),
        commander=record.commander,
        roles=tuple((pair.name.replace("_", " ").capitalize(), pair.value) for pair in record.roles),
        channel=record.channel,
    )


def _status(record: InternalRecord, at: datetime) -> str | None:
    """Return how far the responders are; None where what the record says was true only later, or the public has it."""
    stage, mitigated = record.status, record.mitigated
    if stage is None or stage in _OVER or (stage in _EASED and mitigated is not None and mitigated > at):
        return None
    return stage.value


def _impact(impact: Impact) -> Iterator[str]:
    if impact.degradation not in (None, Degradation.NONE):
        yield f"{impact.degradation} degradation"
    share = unparse_figure(impact.users_share) if impact.users_share else None
    if impact.users:
        yield f"{unparse_figure(impact.users)} users" + (f" ({share})" if share else "")
    elif share:
        yield f"{share} of users"
    if impact.failed_transactions:
        yield f"{unparse_figure(impact.failed_transactions)} failed transactions"
    if impact.revenue:
        yield f"{unparse_figure(impact.revenue)} of revenue"
    if impact.workaround is not None:
        yield "there is a way around it" if impact.workaround else "there is no way around it"


def _action(record: InternalRecord, at: datetime) -> str | None:
    """Return what is being done: an action in progress, else the last decision or mitigation of the timeline."""
    # What is in progress after the end is what was learnt, and not what ends it.
    for action in record.actions if record.resolved is None else ():
        if action.status is Progress.IN_PROGRESS:
            return action.title
    done = [event for event in record.timeline if event.kind in _DOING and event.at <= at]
    return " ".join(done[-1].text.split()) if done else None
