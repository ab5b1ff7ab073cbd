"""Who is on duty when: exact around handoffs, changes of clocks and overrides, and every fault of a plan told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator import cli
from generator.errors import Problem
from generator.record.duty import gaps, handoff, slot_at, turns, watches
from generator.record.oncall import Layer, Oncall, Override, Rotation
from generator.record.roster import load_roster
from tests.cases import small_site
from tests.rosters import FAULTS, NOW, ONCALL, PEOPLE, codes, override, roster, sound

MARKS = dict.fromkeys(("rotation", "layer", "who", "for", "from", "until"), (1, 1))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(oncall: Oncall, at: str, layer: str = "primary") -> str | None:
    """Return who has a layer of the first rotation at a moment in UTC."""
    (watch,) = [one for one in watches(oncall, utc(at)) if one.layer.id == layer][:1]
    return watch.now.person if watch.now else None


# Handoffs


def test_the_one_who_takes_over_has_the_moment_of_the_handoff(tmp_path: Path) -> None:
    oncall, _ = sound(tmp_path, now=NOW)
    assert on(oncall, "2026-01-05T07:59:59") is None
    assert on(oncall, "2026-01-05T08:00:00") == "ada"
    assert on(oncall, "2026-01-12T07:59:59") == "ada"
    assert on(oncall, "2026-01-12T08:00:00") == "bo"
    assert on(oncall, "2026-01-12T08:00:00", "secondary") == "cyd"
    assert on(oncall, "2026-01-26T08:00:00") == "ada"


def test_a_handoff_stays_at_its_hour_when_the_clocks_change(tmp_path: Path) -> None:
    oncall, _ = sound(tmp_path, now=NOW)
    rotation = oncall.rotations[0]
    hours = {handoff(rotation, n).astimezone(ZoneInfo("Europe/Stockholm")).time() for n in range(120)}
    assert hours == {time(9)}
    # The clocks go forward on 29 March 2026 and back on 25 October: these turns are an hour shorter, and longer.
    lengths = [handoff(rotation, n + 1) - handoff(rotation, n) for n in (10, 11, 12, 41, 42)]
    assert [round(one.total_seconds() / 3600) for one in lengths] == [168, 167, 168, 169, 168]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("02:30", "2026-03-29T01:30:00"), ("03:00", "2026-03-29T01:00:00"), ("01:59", "2026-03-29T00:59:00")],
)
def test_a_handoff_in_the_hour_that_is_skipped_takes_place_once(tmp_path: Path, clock: str, expected: str) -> None:
    text = ONCALL.replace("2026-01-05", "2026-03-28").replace("monday 09:00", clock).replace("weekly", "daily")
    oncall, _ = sound(tmp_path, text, now=utc("2026-03-29T12:00:00"))
    assert handoff(oncall.rotations[0], 1) == utc(expected)
    assert on(oncall, expected) == "bo"


def test_a_handoff_in_the_hour_that_comes_twice_takes_place_at_its_first(tmp_path: Path) -> None:
    text = ONCALL.replace("2026-01-05", "2026-10-24").replace("monday 09:00", "02:30").replace("weekly", "daily")
    oncall, _ = sound(tmp_path, text, now=utc("2026-10-25T12:00:00"))
    assert handoff(oncall.rotations[0], 1) == utc("2026-10-25T00:30:00")
    assert (on(oncall, "2026-10-25T00:29:59"), on(oncall, "2026-10-25T01:30:00")) == ("ada", "bo")


def test_turns_of_two_weeks_and_of_three_days(tmp_path: Path) -> None:
    two, _ = sound(tmp_path / "2", ONCALL.replace("weekly", "14 d"), now=NOW)
    assert [on(two, f"2026-01-{day}T12:00:00") for day in ("12", "18", "19", "20")] == ["ada", "ada", "bo", "bo"]
    three, _ = sound(tmp_path / "3", ONCALL.replace("weekly", "3 d").replace("monday ", ""), now=NOW)
    assert [on(three, f"2026-01-0{day}T12:00:00") for day in (5, 7, 8)] == ["ada", "ada", "bo"]


# Overrides


NESTED = (
    ONCALL
    + """\
overrides:
  - {rotation: platform, who: bo, for: ada, from: 2026-04-06 12:00 UTC, until: 2026-04-10 12:00 UTC}
  - {rotation: platform, who: cyd, for: bo, from: 2026-04-07 12:00 UTC, until: 2026-04-08 12:00 UTC}
"""
)


def test_an_override_within_another_stands_in_for_it(tmp_path: Path) -> None:
    text = NESTED.replace("ada, bo, cyd], secondary: [bo, cyd, ada]", "ada, bo, cyd]")
    found = roster(tmp_path, text.replace("for: ada, ", "").replace("for: bo, ", ""), now=NOW)
    assert found.oncall is not None
    assert codes(found.problems) == []
    rotation = found.oncall.rotations[0]
    there = turns(found.oncall, rotation, rotation.layers[0], utc("2026-04-06T08:00:00"), utc("2026-04-13T07:00:00"))
    assert [(turn.person, turn.override is not None) for turn in there] == [
        ("bo", False), ("bo", True), ("cyd", True), ("bo", True), ("bo", False),
    ]  # fmt: skip
    assert [turn.start for turn in there][1:] == [
        utc("2026-04-06T12:00:00"), utc("2026-04-07T12:00:00"), utc("2026-04-08T12:00:00"), utc("2026-04-10T12:00:00"),
    ]  # fmt: skip


def test_an_override_over_a_handoff_is_one_turn(tmp_path: Path) -> None:
    more = "overrides: [{rotation: platform, who: cyd, from: 2026-04-01 12:00 UTC, until: 2026-04-20 12:00 UTC}]\n"
    found = roster(tmp_path, ONCALL + more, now=NOW)
    assert found.oncall is not None
    (first, _) = watches(found.oncall, utc("2026-04-10T00:00:00"))
    assert first.now is not None
    assert first.next is not None
    assert (first.now.start, first.now.end) == (utc("2026-04-01T12:00:00"), utc("2026-04-20T12:00:00"))
    assert (first.next.person, first.next.start) == ("ada", utc("2026-04-20T12:00:00"))


# Properties: whatever the plan, each moment belongs to one turn of a layer, or to a gap


PEOPLE_IDS = ("ada", "bo", "cyd", "dee")
ZONES = ("UTC", "Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns")
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@st.composite
def plans(draw: st.DrawFn) -> Oncall:
    """Return any plan of one rotation of one layer."""
    start = draw(st.dates(date(2025, 6, 1), date(2027, 6, 1)))
    end = draw(st.none() | st.integers(1, 500).map(lambda days: start + timedelta(days=days)))
    people = tuple(draw(st.lists(st.sampled_from(PEOPLE_IDS), min_size=1, max_size=4)))
    clock = time(draw(st.integers(0, 23)), draw(st.sampled_from((0, 30, 59))))
    zone = draw(st.sampled_from(ZONES))
    rotation = Rotation("r", "R", zone, start, clock, draw(st.integers(1, 15)), (Layer("primary", people, {}),), end)
    spans = draw(st.lists(st.tuples(MOMENTS, st.integers(1, 60 * 24 * 20), st.sampled_from(PEOPLE_IDS)), max_size=5))
    overrides = tuple(Override("r", None, who, at, at + timedelta(minutes=length), MARKS) for at, length, who in spans)
    return Oncall("oncall.yml", (rotation,), overrides)


@given(plans(), MOMENTS, st.integers(1, 100))
def test_each_moment_is_covered_once_or_lies_in_a_gap(oncall: Oncall, start: datetime, days: int) -> None:
    rotation, end = oncall.rotations[0], start + timedelta(days=days)
    found = turns(oncall, rotation, rotation.layers[0], start, end)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(turn.start < turn.end for turn in found)
    held = sum((min(t.end, end) - max(t.start, start) for t in found), timedelta())
    free = sum((until - since for since, until in gaps(found, start, end)), timedelta())
    assert held + free == end - start


@given(plans(), MOMENTS)
def test_a_moment_is_whose_the_rules_say(oncall: Oncall, at: datetime) -> None:
    """Compare with the plainest reading: the override that began last, the shortest of those, else the order."""
    rotation = oncall.rotations[0]
    over = [one for one in oncall.overrides if one.start <= at < one.end]
    latest = max((one.start for one in over), default=None)
    winners = [one for one in over if one.start == latest]
    assume(len({one.end for one in winners}) == len(winners))
    local = at.astimezone(ZoneInfo(rotation.time_zone))
    began = [
        number
        for number in range((local.date() - rotation.start).days // rotation.days + 3)
        if handoff(rotation, number) <= at
    ]
    ended = rotation.end and at >= datetime.combine(rotation.end, rotation.at, ZoneInfo(rotation.time_zone))
    own = None if not began or ended else rotation.layers[0].people[began[-1] % len(rotation.layers[0].people)]
    expected = min(winners, key=lambda one: one.end).who if winners else own
    (watch,) = watches(oncall, at)
    assert (watch.now.person if watch.now else None) == expected
    if watch.now:
        assert watch.now.start <= at < watch.now.end


@given(plans(), MOMENTS)
def test_the_next_turn_follows_and_is_the_same_however_one_looks(oncall: Oncall, at: datetime) -> None:
    (watch,) = watches(oncall, at)
    if watch.next is None:
        assert oncall.rotations[0].end is not None
        return
    assert watch.next.start > at
    assert watch.now is None or watch.next.start >= watch.now.end
    (then,) = watches(oncall, watch.next.start)
    assert then.now == watch.next


@given(plans(), MOMENTS)
def test_a_slot_is_found_from_any_moment(oncall: Oncall, at: datetime) -> None:
    rotation = oncall.rotations[0]
    number = slot_at(rotation, at)
    assert handoff(rotation, number) <= at < handoff(rotation, number + 1)


# What is wrong with a plan


def told(root: Path, oncall: str = ONCALL, people: str = PEOPLE, *, now: datetime = NOW) -> list[str]:
    return [str(problem) for problem in roster(root, oncall, people, now=now).problems]


def test_a_sound_plan_has_no_problems(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    oncall, people, expected = FAULTS[name]
    assert told(tmp_path, oncall, people) == [f"content/{line}" for line in expected]


def test_first_for_two_rotations_at_once_is_a_warning(tmp_path: Path) -> None:
    second = ONCALL.removeprefix("rotations:\n").replace("id: platform", "id: shop")
    found = roster(tmp_path, ONCALL + second, now=NOW).problems
    assert codes(found) == ["P108"]
    assert found[0].warning
    assert "first" not in found[0].message
    assert found[0].line == 9


def test_an_end_leaves_a_gap_that_an_override_fills(tmp_path: Path) -> None:
    text = ONCALL.replace("    handoff", "    end: 2026-05-11\n    handoff").replace(", secondary: [bo, cyd, ada]", "")
    found = roster(tmp_path / "1", text, now=NOW).problems
    assert codes(found) == ["P104"]
    assert "from 2026-05-11 07:00 UTC until 2026-05-19 12:00 UTC" in found[0].message
    more = "overrides: [{rotation: platform, who: bo, from: 2026-05-11 07:00 UTC, until: 2026-06-11 07:00 UTC}]\n"
    assert codes(roster(tmp_path / "2", text + more, now=NOW).problems) == []


def test_a_holiday_that_someone_stands_in_for_is_fine(tmp_path: Path) -> None:
    text = ONCALL + (
        "overrides: [{rotation: platform, layer: primary, who: bo, for: cyd, from: 2026-04-14 12:00 UTC, "
        "until: 2026-04-16 12:00 UTC}]\n"
        "holidays: [{person: cyd, from: 2026-04-15}, {person: all, from: 2026-04-05, name: Easter}]\n"
    )
    assert told(tmp_path, text) == []


def test_faults_that_are_over_are_not_told(tmp_path: Path) -> None:
    text = override(
        "  - {rotation: platform, who: ada, for: cyd, from: 2026-02-01 09:00 UTC, until: 2026-02-03 09:00 UTC}\n"
        "  - {rotation: platform, who: cyd, from: 2026-02-02 09:00 UTC, until: 2026-02-04 09:00 UTC}\n"
    )
    assert told(tmp_path, text + "holidays: [{person: cyd, from: 2026-02-02}]\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "", "rotations: x", "rotations: [x]", "rotations: [{}]", "- a", "rotations: [{layers: [a]}]", "a: &b c",
        "rotations:\n - {id: r, name: R, time_zone: Mars, start: 9999-12-31, handoff: 25:00, length: 999 d}",
        "rotations: []\noverrides: [{rotation: r, who: a, from: 9998-01-01 00:00 UTC, until: 9999-12-31 23:59-05:00}]",
        "rotations: []\nholidays: [{person: all, from: 9999-12-31}, {person: a, from: 2026-01-02, until: 2026-01-01}]",
    ],
)  # fmt: skip
def test_broken_files_are_problems_and_no_more(tmp_path: Path, text: str) -> None:
    found = roster(tmp_path, text, text.replace("rotations", "people"), now=NOW)
    assert found.problems
    assert {problem.path for problem in found.problems} <= {
        "content/internal/people.yml",
        "content/internal/oncall.yml",
    }


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "secret.yml").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "folder/people.yml").symlink_to(tmp_path / "secret.yml")
    found = load_roster(tmp_path / "folder", now=NOW, shown_as="internal")
    assert [str(one) for one in found.problems] == [
        "internal/people.yml:1:1: F101 is a symbolic link; put the file itself here"
    ]


# The commands


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = cli.run([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def site(root: Path, oncall: str = ONCALL) -> Path:
    return small_site(
        root, **{"content/internal/people.yml": PEOPLE, "content/internal/oncall.yml": oncall}
    )  # fmt: skip


def test_the_command_says_who_how_and_until_when(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "-C", site(tmp_path), "oncall", "--at", "2026-03-28T12:00Z")
    assert (status, err) == (0, "")
    assert out == (
        "Platform  (platform)\n"
        "  primary   Cyd O'Hara, the network on-call, until Mon 2026-03-30 09:00 +02:00\n"
        "            email cyd@acme.example\n"
        "            then Ada Lindqvist, the platform on-call, from Mon 2026-03-30 09:00 +02:00\n"
        "  secondary Ada Lindqvist, the platform on-call, until Mon 2026-03-30 09:00 +02:00\n"
        "            phone +46 70 123 45 67\n"
        "            then Bo Ek, the database on-call, from Mon 2026-03-30 09:00 +02:00\n"
    )


def test_scripts_get_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(
        capsys, "-C", site(tmp_path), "oncall", "--json", "--rotation", "platform", "--at", "2026-03-28T12:00Z"
    )  # fmt: skip
    first = json.loads(out)["layers"][0]
    assert first["now"] == {
        "person": "cyd", "name": "Cyd O'Hara", "role": "the network on-call", "contacts": {"email": "cyd@acme.example"},
        "from": "2026-03-23T08:00:00Z", "until": "2026-03-30T07:00:00Z", "override": False, "for": None,
    }  # fmt: skip
    assert first["next"]["person"] == "ada"


def test_nobody_on_duty_is_an_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "-C", site(tmp_path), "oncall", "--at", "2025-12-31T12:00Z")
    assert status == 1
    assert "primary   nobody\n            then Ada Lindqvist" in out


def test_a_faulty_plan_still_answers_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = ONCALL.replace("[ada, bo, cyd]", "[ada, bo, cyd, dee]")
    status, out, err = run(capsys, "-C", site(tmp_path, broken), "oncall", "--at", "2026-01-07T12:00Z")
    assert status == 0
    assert "primary   Ada Lindqvist" in out
    assert 'P103 unknown person "dee"' in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rotation", "shop"], 'there is no "shop"; known are platform'),
        (["--at", "1995-01-01T00:00Z"], "turns are counted from 2000 to 2099"),
        (["--at", "yesterday"], "is not a time"),
        (["--internal", "/nowhere"], "does not exist"),
    ],
)
def test_wrong_usage_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str) -> None:
    status, _, err = run(capsys, "-C", site(tmp_path), "oncall", *options)
    assert status == 2
    assert said in err


def test_without_a_plan_it_says_where_one_belongs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "-C", small_site(tmp_path), "oncall")
    assert status == 2
    assert "content/internal/oncall.yml" in err


def test_check_reports_the_plan_here_and_in_an_overlay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = site(tmp_path / "site", ONCALL.replace("ada, bo, cyd]", "ada, bo, dee]"))
    status, out, _ = run(capsys, "-C", here, "check", "--now", "2026-03-24T12:00Z")
    assert status == 1
    assert 'content/internal/oncall.yml:8:33: P103 unknown person "dee"' in out
    overlay = tmp_path / "private"
    overlay.mkdir()
    (overlay / "people.yml").write_text("people: [{}]\n", encoding="utf-8")
    status, out, _ = run(capsys, "-C", small_site(tmp_path / "2"), "check", "--internal", overlay)
    assert status == 1
    assert f"{overlay.as_posix()}/people.yml:1:10: S102" in out


def test_the_demonstration_is_sound_for_a_year(root: Path) -> None:
    begin = datetime(2026, 11, 24, tzinfo=UTC)
    faults: set[Problem] = set()
    for week in range(54):
        found = load_roster(root / "content/internal", now=begin + timedelta(weeks=week), shown_as="internal")
        assert found.oncall is not None
        assert len(found.oncall.rotations) == 2
        faults |= set(found.problems)
    assert faults == set()
