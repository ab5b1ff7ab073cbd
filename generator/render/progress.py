"""How far a record has come: the steps of its kind, each with whether and when it was reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from generator.terms import PHASES, WORKING, Phase
from generator.view.record_views import IncidentCard, IncidentView, UpdateView

Moments = dict[Phase, datetime]


class Reach(StrEnum):
    """Whether a step was taken; an end that was reached is done, and nothing is current any more."""

    DONE = "done"
    CURRENT = "current"
    SKIPPED = "skipped"
    AHEAD = "ahead"


class Step(NamedTuple):
    """One phase on a record's way; ``at`` is when it was first reached, None where it was not."""

    phase: Phase
    reach: Reach
    at: datetime | None = None


def steps(incident: IncidentView) -> tuple[Step, ...]:
    """Return the four phases of a record's way, in order.

    A record that was reopened is on its way again: the steps before the present one are those that it ever took, the
    present one is dated by this time, and what lies ahead is not reached yet, even if it was before.
    """
    updates = incident.updates[::-1]
    ever = _implied(incident.card, updates) | _told(updates)
    now = ever | _told(_since_reopened(updates))
    current, way = incident.card.phase, _way(incident.card)
    return tuple(_step(phase, n - way.index(current), ever, now) for n, phase in enumerate(way))


def _way(card: IncidentCard) -> Sequence[Phase]:
    """Return the phases of a kind; of maintenance, one of its two ends."""
    other = Phase.COMPLETED if card.phase is Phase.CANCELLED else Phase.CANCELLED
    return [phase for phase in PHASES[card.kind] if phase is not other]


def _step(phase: Phase, distance: int, ever: Moments, now: Moments) -> Step:
    if distance > 0:
        return Step(phase, Reach.AHEAD)
    if distance == 0:
        return Step(phase, Reach.DONE if phase.ends else Reach.CURRENT, now.get(phase))
    return Step(phase, Reach.DONE, ever[phase]) if phase in ever else Step(phase, Reach.SKIPPED)


def _told(updates: Sequence[UpdateView]) -> Moments:
    """Return when each phase was first declared; ``updates`` are oldest first."""
    return {update.phase: update.at for update in reversed(updates)}


def _since_reopened(updates: Sequence[UpdateView]) -> Sequence[UpdateView]:
    """Return the updates since the record was last opened again, all of them where it never was."""
    pairs = enumerate(pairwise(updates), 1)
    return updates[max((n for n, (one, after) in pairs if one.phase.ends and not after.phase.ends), default=0) :]


def _implied(card: IncidentCard, updates: Sequence[UpdateView]) -> Moments:
    """Return when phases of maintenance began that the clock alone has begun."""
    if card.phase not in (Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED):
        return {}
    found: Moments = {} if card.ended is None else {card.phase: card.ended}
    declared = any(update.phase in WORKING for update in updates)
    if not declared and (card.ended is None or card.started < card.ended):
        found[Phase.IN_PROGRESS] = card.started
    return found
