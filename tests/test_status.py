"""The rules of the domain: what a component's state was at any moment, and what that comes to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from generator.terms import Level, Overall, Phase
from generator.view import status
from generator.view.record_views import Spell
from generator.view.status import Step

DEGRADED, PARTIAL, MAJOR = Level.DEGRADED_PERFORMANCE, Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE
WORK = Level.UNDER_MAINTENANCE
START = datetime(2026, 2, 22, 0, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def spell(start: float, end: float | None, level: Level) -> Spell:
    return Spell(at(start), None if end is None else at(end), level)


def step(minutes: float, phase: Phase, number: int | None = None, **states: Level) -> Step:
    return Step(at(minutes), phase, states, number)


def test_partial_recovery_is_a_fact() -> None:
    found = status.course(
        at(0),
        {"api": MAJOR},
        [
            step(4, Phase.INVESTIGATING, 1),
            step(25, Phase.IDENTIFIED, 2, api=PARTIAL, site=DEGRADED),
            step(40, Phase.MONITORING, 3, site=Level.OPERATIONAL),
            step(56, Phase.RESOLVED, 4),
        ],
    )
    assert found.spells == {
        "api": (spell(0, 25, MAJOR), spell(25, 56, PARTIAL)),
        "site": (spell(25, 40, DEGRADED),),
    }
    assert found.changes == {
        1: {"api": (Level.OPERATIONAL, MAJOR)},
        2: {"api": (MAJOR, PARTIAL), "site": (Level.OPERATIONAL, DEGRADED)},
        3: {"site": (DEGRADED, Level.OPERATIONAL)},
        4: {"api": (PARTIAL, Level.OPERATIONAL)},
    }
    assert found.now == {"api": Level.OPERATIONAL, "site": Level.OPERATIONAL}


def test_an_open_record_lasts() -> None:
    found = status.course(at(0), {"api": MAJOR}, [step(1, Phase.INVESTIGATING, 1)])
    assert found.spells == {"api": (spell(0, None, MAJOR),)}


def test_reopening_brings_back_what_was_affected() -> None:
    steps = [
        step(1, Phase.INVESTIGATING, 1),
        step(10, Phase.RESOLVED, 2),
        step(11, Phase.RESOLVED, 3),
        step(20, Phase.INVESTIGATING, 4),
        step(30, Phase.RESOLVED, 5),
    ]
    assert status.course(at(0), {"api": MAJOR}, steps).spells["api"] == (spell(0, 10, MAJOR), spell(20, 30, MAJOR))


def test_reopening_with_states_brings_back_those_alone() -> None:
    steps = [step(10, Phase.RESOLVED, 1), step(20, Phase.IDENTIFIED, 2, site=DEGRADED)]
    found = status.course(at(0), {"api": MAJOR}, steps)
    assert found.spells == {"api": (spell(0, 10, MAJOR),), "site": (spell(20, None, DEGRADED),)}


def test_two_updates_of_one_moment_leave_no_empty_spell() -> None:
    steps = [step(5, Phase.IDENTIFIED, 1, api=PARTIAL), step(5, Phase.MONITORING, 2, api=DEGRADED)]
    assert status.course(at(0), {"api": MAJOR}, steps).spells["api"] == (spell(0, 5, MAJOR), spell(5, None, DEGRADED))


WINDOW = (at(60), at(120))
PLANNED = (step(0, Phase.SCHEDULED, 1),)


def works(now: float, *steps: Step) -> list[tuple[Phase, datetime]]:
    found = status.clocked(WINDOW, steps or PLANNED, {"db": WORK}, at(now))
    return [(one.phase, one.at) for one in found]


def test_the_clock_opens_and_closes_a_window() -> None:
    assert works(59) == [(Phase.SCHEDULED, at(0))]
    assert works(60) == [(Phase.SCHEDULED, at(0)), (Phase.IN_PROGRESS, at(60))]
    assert works(120)[-1] == (Phase.COMPLETED, at(120))


def test_declared_work_overruns_until_it_is_declared_done() -> None:
    begun = (*PLANNED, step(70, Phase.IN_PROGRESS, 2))
    assert works(500, *begun)[-1] == (Phase.IN_PROGRESS, at(70))
    assert works(500, *begun, step(130, Phase.COMPLETED, 3))[-1] == (Phase.COMPLETED, at(130))


def test_completed_without_a_beginning_began_with_the_window() -> None:
    found = status.clocked(WINDOW, (*PLANNED, step(90, Phase.COMPLETED, 2)), {"db": WORK}, at(500))
    assert status.course(at(0), {}, found).spells == {"db": (spell(60, 90, WORK),)}


def test_cancelled_work_never_began() -> None:
    assert [phase for phase, _ in works(500, *PLANNED, step(30, Phase.CANCELLED, 2))] == ["scheduled", "cancelled"]


def test_declared_work_has_the_states_of_the_front_matter() -> None:
    steps = status.clocked(WINDOW, (*PLANNED, step(70, Phase.IN_PROGRESS, 2, site=DEGRADED)), {"db": WORK}, at(80))
    assert status.course(at(0), {}, steps).now == {"db": WORK, "site": DEGRADED}


def test_combined_takes_the_worst_of_overlapping_spells() -> None:
    found = status.combined([spell(0, 60, DEGRADED), spell(10, 20, MAJOR), spell(55, None, PARTIAL)], at(90))
    assert found == (
        spell(0, 10, DEGRADED),
        spell(10, 20, MAJOR),
        spell(20, 55, DEGRADED),
        spell(55, 90, PARTIAL),
    )


SPELLS = st.lists(
    st.builds(
        lambda start, length, level: spell(start, None if length is None else start + length, level),
        st.integers(0, 3000),
        st.none() | st.integers(0, 900),
        st.sampled_from([level for level in Level if level is not Level.OPERATIONAL]),
    ),
    max_size=12,
)


@given(SPELLS, st.integers(0, 4000))
def test_combined_agrees_with_asking_minute_by_minute(spells: list[Spell], until: int) -> None:
    found = status.combined(spells, at(until))
    assert all(a.end is not None and a.end <= b.start for a, b in pairwise(found))
    for minute in range(0, 4000, 37):
        moment = at(minute + 0.5)

        def level(among: list[Spell] | tuple[Spell, ...], moment: datetime = moment) -> Level:
            hits = [s.level for s in among if s.start <= moment < (s.end or at(until)) and moment < at(until)]
            return status.worst(hits)

        assert level(found) is level(spells)


def test_uptime_weighs_levels() -> None:
    spells = (spell(0, 30, MAJOR), spell(60, 160, PARTIAL), spell(160, 200, WORK))
    weights = {MAJOR: 1.0, PARTIAL: 0.3}
    assert status.uptime(spells, at(0), at(600), weights=weights) == 1 - (30 + 30) / 600
    assert status.uptime(spells, at(600), at(1200), weights=weights) == 1.0
    assert status.uptime((), at(0), at(0), weights=weights) == 1.0


@given(SPELLS)
def test_uptime_is_a_share(spells: list[Spell]) -> None:
    whole = status.combined(spells, at(2000))
    share = status.uptime(whole, at(100), at(1900), weights=dict.fromkeys(Level, 1.0))
    assert 0.0 <= share <= 1.0


def test_days_have_their_own_length_when_clocks_change() -> None:
    bounds = status.midnights(date(2026, 3, 30), 3, ZoneInfo("Europe/Stockholm"))
    assert [(b - a) / timedelta(hours=1) for a, b in pairwise(bounds)] == [24, 23, 24]
    autumn = status.midnights(date(2026, 10, 26), 3, ZoneInfo("Europe/Stockholm"))
    assert [(b - a) / timedelta(hours=1) for a, b in pairwise(autumn)] == [24, 25, 24]


def test_an_outage_across_the_lost_hour_counts_what_passed() -> None:
    zone = ZoneInfo("Europe/Stockholm")
    bounds = status.midnights(date(2026, 3, 29), 2, zone)
    night = Spell(datetime(2026, 3, 28, 23, 30, tzinfo=zone), datetime(2026, 3, 29, 4, 0, tzinfo=zone), MAJOR)
    utc = Spell(night.start.astimezone(UTC), (night.end or night.start).astimezone(UTC), MAJOR)
    found = status.buckets((utc,), bounds, date(2026, 3, 29))
    assert [(b.day.day, b.minutes, b.level) for b in found] == [(28, 30, MAJOR), (29, 180, MAJOR)]


def test_a_day_counts_maintenance_only_when_nothing_worse_happened() -> None:
    bounds = (at(0), at(1440))
    day = date(2026, 2, 22)
    assert status.buckets((spell(0, 60, WORK),), bounds, day) == ((day, WORK, 60),)
    assert status.buckets((spell(0, 60, WORK), spell(60, 70, DEGRADED)), bounds, day) == ((day, DEGRADED, 10),)


@given(SPELLS)
def test_days_add_up(spells: list[Spell]) -> None:
    whole = status.combined([s for s in spells if s.level is not WORK and (s.end or s.start) <= at(2880)], at(2880))
    bounds = (at(0), at(1440), at(2880))
    minutes = sum(bucket.minutes for bucket in status.buckets(whole, bounds, date(2026, 2, 23)))
    assert minutes == sum(((s.end or s.start) - s.start) / timedelta(minutes=1) for s in whole)


def test_overall_says_the_worst_and_never_less() -> None:
    calm = [Level.OPERATIONAL] * 4
    assert status.overall(calm, []) is Overall.NONE
    assert status.overall([], []) is Overall.NONE
    assert status.overall([*calm, WORK], []) is Overall.MAINTENANCE
    assert status.overall([*calm, WORK, DEGRADED], []) is Overall.MINOR
    assert status.overall([*calm, MAJOR], []) is Overall.MAJOR
    assert status.overall([MAJOR, MAJOR, *calm[:2]], []) is Overall.CRITICAL
    assert status.overall(calm, [Overall.CRITICAL]) is Overall.CRITICAL


def test_cancelled_work_that_goes_on_after_all_affects_what_was_announced() -> None:
    steps = (*PLANNED, step(10, Phase.CANCELLED, 2), step(70, Phase.IN_PROGRESS, 3))
    assert status.course(at(0), {}, status.clocked(WINDOW, steps, {"db": WORK}, at(80))).now == {"db": WORK}


def test_work_that_is_announced_anew_follows_the_clock_again() -> None:
    steps = (*PLANNED, step(10, Phase.CANCELLED, 2), step(20, Phase.SCHEDULED, 3))
    assert works(61, *steps)[-1] == (Phase.IN_PROGRESS, at(60))


def test_only_what_lasts_is_cut_at_the_hour() -> None:
    assert status.combined([spell(5, 20, MAJOR), spell(50, None, DEGRADED)], at(0)) == (spell(5, 20, MAJOR),)
