"""The steps of a record: what was reached, what was left out, what lies ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from generator.render.progress import Reach, Step, steps
from generator.terms import Phase
from generator.view.basics import Text
from generator.view.record_views import IncidentView, UpdateView
from tests import sample_views
from tests.laters import incident_pages
from tests.test_project import WORK, english


def hour(number: int) -> datetime:
    return datetime(2026, 2, 22, number, tzinfo=UTC)


def record(*phases: Phase, like: IncidentView | None = None) -> IncidentView:
    """Return a record with an update an hour for each phase."""
    like = like or sample_views.outage("en")
    updates = [UpdateView(n, phase, hour(n), Text("", "en")) for n, phase in enumerate(phases, 1)]
    ended = hour(len(phases)) if phases[-1].ends else None
    card = msgspec.structs.replace(like.card, phase=phases[-1], ended=ended, started=hour(1))
    return msgspec.structs.replace(like, card=card, updates=tuple(reversed(updates)))


INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED, *_ = Phase
DONE, CURRENT, SKIPPED, AHEAD = Reach


@pytest.mark.parametrize(
    ("phases", "reached", "hours"),
    [
        ((INVESTIGATING,), (CURRENT, AHEAD, AHEAD, AHEAD), (1, 0, 0, 0)),
        ((INVESTIGATING, IDENTIFIED, IDENTIFIED), (DONE, CURRENT, AHEAD, AHEAD), (1, 2, 0, 0)),
        ((INVESTIGATING, MONITORING), (DONE, SKIPPED, CURRENT, AHEAD), (1, 0, 2, 0)),
        ((IDENTIFIED, RESOLVED, RESOLVED), (SKIPPED, DONE, SKIPPED, DONE), (0, 1, 0, 2)),
        # back by a step: what lies ahead is ahead again
        ((INVESTIGATING, MONITORING, INVESTIGATING), (CURRENT, AHEAD, AHEAD, AHEAD), (1, 0, 0, 0)),
        # reopened: the present step is dated by this time, those before it by the first
        ((INVESTIGATING, RESOLVED, INVESTIGATING), (CURRENT, AHEAD, AHEAD, AHEAD), (3, 0, 0, 0)),
        ((INVESTIGATING, IDENTIFIED, RESOLVED, MONITORING), (DONE, DONE, CURRENT, AHEAD), (1, 2, 4, 0)),
        ((INVESTIGATING, RESOLVED, MONITORING, RESOLVED), (DONE, SKIPPED, DONE, DONE), (1, 0, 3, 4)),
    ],
)
def test_the_steps_of_an_incident(
    phases: tuple[Phase, ...], reached: tuple[Reach, ...], hours: tuple[int, ...]
) -> None:
    found = steps(record(*phases))
    assert [step.phase for step in found] == [INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED]
    assert tuple(step.reach for step in found) == reached
    assert tuple(step.at.hour if step.at else 0 for step in found) == hours


def test_the_steps_of_maintenance_end_with_its_own_end() -> None:
    done = steps(sample_views.past_work("en"))
    assert [step.phase for step in done] == [Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED]
    assert [step.reach for step in done] == [DONE, DONE, SKIPPED, DONE]
    cancelled = steps(sample_views.cancelled_work("en"))
    assert [step.phase for step in cancelled][-1] is Phase.CANCELLED
    assert [step.reach for step in cancelled] == [DONE, SKIPPED, SKIPPED, DONE]
    coming = steps(sample_views.upcoming("en"))
    assert [step.reach for step in coming] == [CURRENT, AHEAD, AHEAD, AHEAD]
    assert coming[-1].phase is Phase.COMPLETED


def test_what_the_clock_began_is_a_step_too(tmp_path: Path) -> None:
    def at(hours: int, minutes: int) -> list[Step]:
        now = datetime(2026, 2, 22, hours, minutes, tzinfo=UTC)
        view = english(tmp_path, {"content/maintenance/2026-02-22-db.md": WORK}, now=now)
        return list(steps(incident_pages(view)[-1].incident))

    begun = at(22, 30)
    assert [step.reach for step in begun] == [DONE, CURRENT, AHEAD, AHEAD]
    assert begun[1].at == datetime(2026, 2, 22, 22, 0, tzinfo=UTC)
    over = at(23, 45)
    assert [step.reach for step in over] == [DONE, DONE, SKIPPED, DONE]
    assert over[3].at == datetime(2026, 2, 22, 23, 30, tzinfo=UTC)
