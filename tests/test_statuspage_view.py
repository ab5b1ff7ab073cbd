"""What programs poll, from the record: the newest, the open, what the clock implies, and when each changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator.record.load import load_site
from generator.terms import Level, Overall, Phase
from generator.view import status
from generator.view.histories import _moved
from generator.view.program_views import Implied, ServiceView, StatuspageView
from generator.view.project import project
from generator.view.record_views import Spell
from generator.view.statuspage import NEWEST
from generator.view.views import LanguageView
from tests.cases import COMPONENTS, INCIDENT, small_site

NONE: Mapping[str, str] = MappingProxyType({})
NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
PORTAL = "content/incidents/2026-02-22-portal.md"
WORK = "content/maintenance/2026-03-01-move.md"
MOVE = """\
---
title: The portal moves
components: [portal]
scheduled: {from: 2026-03-01 01:00 UTC, until: 2026-03-01 03:00 UTC}
---

## scheduled 2026-02-20 12:00 UTC

We move.
"""


def english(root: Path, files: Mapping[str, str] = NONE, *, now: datetime = NOW) -> LanguageView:
    """Return the views of a small site in its default language."""
    return project(load_site(small_site(root, **files), now=now)[0], now=now).languages[0]


def polled(root: Path, files: Mapping[str, str] = NONE, *, now: datetime = NOW) -> StatuspageView:
    """Return what programs poll of a small site."""
    return english(root, files, now=now).statuspage


def service(view: StatuspageView, id: str) -> ServiceView:
    """Return a component."""
    return next(one for group in view.groups for one in group.services if one.component.id == id)


def at(text: str) -> datetime:
    """Return a time of ``yyyy-mm-dd hh:mm`` in UTC."""
    return datetime.fromisoformat(f"{text}+00:00")


def implied(root: Path, now: str, *, more: str = "") -> tuple[Implied, ...]:
    """Return what the clock has made of the move at ``now``."""
    (report,) = polled(root, {WORK: MOVE + more}, now=at(now)).maintenance
    return report.implied


def test_the_clock_opens_and_closes_a_window_at_its_times(tmp_path: Path) -> None:
    opened = Implied(Phase.IN_PROGRESS, at("2026-03-01 01:00"), 1)
    closed = Implied(Phase.COMPLETED, at("2026-03-01 03:00"), 1)
    assert implied(tmp_path, "2026-03-01 00:59") == ()
    assert implied(tmp_path, "2026-03-01 01:00") == implied(tmp_path, "2026-03-01 02:59") == (opened,)
    assert implied(tmp_path, "2026-03-01 03:00") == implied(tmp_path, "2026-04-01 03:00") == (opened, closed)


def test_where_an_update_speaks_the_clock_is_silent(tmp_path: Path) -> None:
    begun = "\n## in_progress 2026-03-01 01:02 UTC\n\nBegun.\n"
    assert implied(tmp_path, "2026-03-01 09:00", more=begun) == ()
    off = "\n## cancelled 2026-02-28 09:00 UTC\n\nNot now.\n"
    assert implied(tmp_path, "2026-03-01 02:00", more=off) == ()


def test_work_that_is_declared_done_had_begun(tmp_path: Path) -> None:
    done = "\n## completed 2026-03-01 02:10 UTC\n\nDone.\n"
    opened = (Implied(Phase.IN_PROGRESS, at("2026-03-01 01:00"), 1),)
    assert implied(tmp_path, "2026-03-01 09:00", more=done) == opened


def test_a_notice_within_the_window_does_not_come_after_its_opening(tmp_path: Path) -> None:
    notice = "\n## scheduled 2026-03-01 01:30 UTC\n\nStill to come.\n"
    assert implied(tmp_path, "2026-03-01 02:00", more=notice) == (
        Implied(Phase.IN_PROGRESS, at("2026-03-01 01:30"), 2),
    )


def test_the_page_changes_with_what_is_told_and_not_with_the_clock(tmp_path: Path) -> None:
    first = polled(tmp_path)
    assert first.changed == at("2026-02-22 02:51")
    assert polled(tmp_path, now=NOW + timedelta(days=9)) == first
    assert polled(tmp_path, {WORK: MOVE}, now=at("2026-03-01 00:59")).changed == at("2026-02-22 02:51")
    assert polled(tmp_path, {WORK: MOVE}, now=at("2026-03-01 02:00")).changed == at("2026-03-01 01:00")
    assert polled(tmp_path, {WORK: MOVE}, now=at("2026-03-01 09:00")).changed == at("2026-03-01 03:00")


def test_an_amendment_changes_the_page(tmp_path: Path) -> None:
    amended = INCIDENT.replace("02:51 UTC\n", "02:51 UTC\namended: 2026-02-22 04:00 UTC\n")
    assert polled(tmp_path, {PORTAL: amended}).changed == at("2026-02-22 04:00")


def test_a_site_without_records_has_never_changed(tmp_path: Path) -> None:
    view = polled(tmp_path, {PORTAL: INCIDENT.replace("components:", "draft: true\ncomponents:")})
    assert (view.changed, view.overall, view.incidents, view.maintenance) == (None, Overall.NONE, (), ())
    portal, login = service(view, "portal"), service(view, "login")
    midnight = at("2023-12-31 23:00")  # in Stockholm
    assert (portal.created, portal.changed) == (midnight, midnight)
    assert login.created == login.changed < midnight


def test_a_component_changes_with_its_state(tmp_path: Path) -> None:
    partly = "\n## identified 2026-02-22 03:10 UTC\ncomponents: {portal: partial_outage}\n\nBetter.\n"
    silent = "\n## monitoring 2026-02-22 03:20 UTC\n\nWe watch.\n"
    resolved = "\n## resolved 2026-02-22 03:43 UTC\n\nAll is well.\n"
    seen = [
        service(polled(tmp_path, {PORTAL: INCIDENT + more}), "portal")
        for more in ("", partly, partly + silent, partly + silent + resolved)
    ]
    assert [(one.level, one.changed) for one in seen] == [
        (Level.MAJOR_OUTAGE, at("2026-02-22 02:51")),
        (Level.PARTIAL_OUTAGE, at("2026-02-22 03:10")),
        (Level.PARTIAL_OUTAGE, at("2026-02-22 03:10")),
        (Level.OPERATIONAL, at("2026-02-22 03:43")),
    ]


def test_a_component_is_known_since_its_first_day_or_its_first_record(tmp_path: Path) -> None:
    view = polled(tmp_path, {PORTAL: INCIDENT.replace("[portal]", "[portal, login]")})
    assert service(view, "portal").created == at("2023-12-31 23:00")
    assert service(view, "login").created == at("2026-02-22 02:51")


def test_a_retired_component_is_not_polled(tmp_path: Path) -> None:
    components = COMPONENTS.replace("since: 2024-01-01", "since: 2024-01-01, retired: 2026-02-22")
    view = polled(tmp_path, {"content/components.yml": components})
    assert [one.component.id for group in view.groups for one in group.services] == ["login"]


def test_the_newest_are_listed_and_whatever_is_open(tmp_path: Path) -> None:
    files = {PORTAL: INCIDENT.replace("2026-02-22 02:51", "2025-12-31 02:51")}
    for number in range(NEWEST + 2):
        day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        files[f"content/incidents/n{number:02}.md"] = (
            INCIDENT.replace("2026-02-22 02:51", f"{day:%Y-%m-%d %H}:00")
            + f"\n## resolved {day:%Y-%m-%d %H}:30 UTC\n\nDone.\n"
        )
    view = english(tmp_path, files)
    ids = [report.incident.card.id for report in view.statuspage.incidents]
    assert ids == [*(f"n{number:02}" for number in range(NEWEST + 1, 2, -1)), "2026-02-22-portal"]
    assert [record.card.id for record in view.chronicle] == [f"n{n:02}" for n in range(NEWEST + 1, 1, -1)]


def test_what_was_written_down_later_is_polled_and_no_news(tmp_path: Path) -> None:
    late = INCIDENT.replace("components:", "backfilled: true\ncomponents:")
    view = english(tmp_path, {PORTAL: late})
    assert [report.incident.card.id for report in view.statuspage.incidents] == ["2026-02-22-portal"]
    assert view.chronicle == ()


Drawn = tuple[int, int | None, Level]
SPELLS = st.lists(
    st.tuples(
        st.integers(0, 50), st.none() | st.integers(1, 20), st.sampled_from([Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE])
    ),
    max_size=3,
)


@given(st.lists(st.lists(SPELLS, min_size=1, max_size=3), max_size=4))
def test_a_state_last_changed_where_all_spells_together_say_so(lots: list[list[list[Drawn]]]) -> None:
    logs, never = [[affecting(spells) for spells in each] for each in lots], datetime.max.replace(tzinfo=UTC)
    log = [one for ones in logs for one in ones]
    every = status.combined((spell for one in log for spell in one.course.spells["api"]), never)
    expected = [one.start if one.end == never else one.end for one in every[-1:]]
    assert [_moved("api", [lot(ones) for ones in logs])] == (expected or [None])


def lot(ones: list[Any]) -> Any:
    """Return such records as a lot."""
    ends = [one.over for one in ones]
    return SimpleNamespace(ones=ones, over=None if None in ends else max(ends))


def affecting(spells: list[Drawn]) -> Any:
    """Return a record of which only the spells of one component are known, and when it was over."""
    told = [
        Spell(NOW + timedelta(start), None if length is None else NOW + timedelta(start + length), level)
        for start, length, level in spells
    ]
    ends = [spell.end for spell in told]
    over = None if None in ends else max((end for end in ends if end), default=NOW)
    return SimpleNamespace(over=over, course=SimpleNamespace(spells={"api": tuple(told)}))
