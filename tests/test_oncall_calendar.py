"""The plan as days for a page and as calendars for subscribers: complete, permanent ids, and what readers take."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from generator.feeds import oncall as feed
from generator.render import routes
from generator.render.i18n import load_languages
from generator.render.routes import Address
from generator.resources import locales_dir
from generator.view.oncall import calendars, month, weeks
from generator.view.oncall_views import DutyCalendar, OncallPage
from tests.rosters import ONCALL, PEOPLE, roster, sound
from tests.sample_views import sample_languages

NOW = datetime(2026, 4, 8, 12, tzinfo=UTC)
URL = "https://war-room.acme.example"
MORE = """\
overrides:
  - {rotation: platform, who: cyd, for: bo, from: 2026-04-08 07:00 UTC, until: 2026-04-09 07:00 UTC}
holidays:
  - {person: ada, from: 2026-04-10, until: 2026-04-11, name: Easter with family}
  - {person: all, from: 2026-04-06, name: Easter Monday}
"""
PLAN = (ONCALL + MORE).replace("secondary: [bo, cyd, ada]", "secondary: [cyd, ada, bo]")


def april(root: Path, plan: str = PLAN) -> OncallPage:
    found = roster(root, plan, now=NOW)
    assert found.oncall is not None
    return month(found.oncall, found.people, date(2026, 4, 17), now=NOW)


# Days


def test_a_month_has_all_its_days_and_every_layer_on_each(tmp_path: Path) -> None:
    page = april(tmp_path)
    assert (page.first, page.last) == (date(2026, 4, 1), date(2026, 4, 30))
    (rotation,) = page.rotations
    assert [day.day.day for day in rotation.days] == list(range(1, 31))
    assert all([cell.layer for cell in day.cells] == ["primary", "secondary"] for day in rotation.days)
    assert [day.day for day in rotation.days if day.today] == [date(2026, 4, 8)]
    assert [person.id for person in page.people] == ["ada", "bo", "cyd"]


def test_a_day_of_a_handoff_has_both_and_says_when(tmp_path: Path) -> None:
    monday = april(tmp_path).rotations[0].days[5]
    assert [shift.person.id for shift in monday.cells[0].shifts] == ["ada", "bo"]
    assert [(one.layer, one.before and one.before.id, one.after and one.after.id) for one in monday.handoffs] == [
        ("primary", "ada", "bo"), ("secondary", "cyd", "ada"),
    ]  # fmt: skip
    assert {one.at for one in monday.handoffs} == {datetime(2026, 4, 6, 7, tzinfo=UTC)}


def test_an_override_is_shown_with_whose_turn_it_was(tmp_path: Path) -> None:
    days = april(tmp_path).rotations[0].days
    (_, over) = days[7].cells[0].shifts
    assert (over.person.id, over.override, over.instead and over.instead.id) == ("cyd", True, "bo")
    assert [shift.person.id for shift in days[8].cells[0].shifts] == ["cyd", "bo"]


def test_who_is_away_stands_at_the_day(tmp_path: Path) -> None:
    days = april(tmp_path).rotations[0].days
    assert [(one.person, one.name) for one in days[5].leaves] == [(None, "Easter Monday")]
    assert [[one.person and one.person.id for one in days[n].leaves] for n in (8, 9, 10, 11)] == [
        [], ["ada"], ["ada"], [],
    ]  # fmt: skip


def test_now_and_next_stand_at_the_rotation(tmp_path: Path) -> None:
    first, second = april(tmp_path).rotations[0].posts
    assert (first.layer, first.now and first.now.person.id, first.next and first.next.person.id) == (
        "primary", "cyd", "bo",
    )  # fmt: skip
    assert (second.now and second.now.person.id, second.next and second.next.person.id) == ("ada", "bo")


def test_a_gap_is_an_empty_cell_between_two_handoffs(tmp_path: Path) -> None:
    days = april(tmp_path, ONCALL.replace("    handoff", "    end: 2026-04-20\n    handoff")).rotations[0].days
    assert days[20].cells[0].shifts == ()
    assert [(one.before and one.before.id, one.after) for one in days[19].handoffs] == [("cyd", None), ("ada", None)]


def test_a_day_is_parted_into_turns_and_gaps(tmp_path: Path) -> None:
    plan = PLAN.replace("    handoff", "    end: 2026-04-20\n    handoff")
    days = april(tmp_path, plan).rotations[0].days

    def parts(day: int) -> list[tuple[str | None, bool]]:
        return [(one.shift.person.id if one.shift else None, one.named) for one in days[day - 1].cells[0].stretches]

    assert parts(6) == [("ada", False), ("bo", True)]
    assert parts(7) == [("bo", False)]
    assert parts(8) == [("bo", False), ("cyd", True)]
    assert parts(20) == [("cyd", False), (None, True)]
    assert parts(15) == [("cyd", True)]  # the first day of each week of the page says who is on
    assert parts(21) == [(None, True)]


def test_weeks_begin_on_this_monday(tmp_path: Path) -> None:
    oncall, people = sound(tmp_path, now=NOW)
    page = weeks(oncall, people, 3, now=NOW)
    assert (page.first, page.last) == (date(2026, 4, 6), date(2026, 4, 26))


def test_a_day_without_its_full_hours_is_whole(tmp_path: Path) -> None:
    oncall, people = sound(tmp_path, ONCALL.replace("monday 09:00", "00:00").replace("weekly", "daily"), now=NOW)
    page = month(oncall, people, date(2026, 3, 1), now=NOW)
    assert all(len(day.cells[0].shifts) == len(day.handoffs) / 2 == 1 for day in page.rotations[0].days)


# Calendars


def written(view: DutyCalendar) -> bytes:
    address = Address(URL, "en", "en")
    return feed.write(view, authority="Status.ACME.example", address=address, language=sample_languages()["en"])


def made(root: Path, plan: str = PLAN, *, now: datetime = NOW) -> dict[str, bytes]:
    found = roster(root, plan, now=now)
    assert found.oncall is not None
    return {feed.key(one): written(one) for one in calendars(found.oncall, found.people, now=now)}


def events(data: bytes) -> dict[str, Event]:
    return {event.uid or "": event for event in IcsCalendarStream.calendar_from_ics(data.decode()).events}


def test_there_is_one_for_each_rotation_and_each_person(tmp_path: Path) -> None:
    assert list(made(tmp_path)) == [
        "oncall/platform.ics", "oncall/people/ada.ics", "oncall/people/bo.ics", "oncall/people/cyd.ics",
    ]  # fmt: skip
    assert routes.ONCALL == "oncall/"


def test_every_calendar_keeps_the_rules(tmp_path: Path) -> None:
    for path, data in made(tmp_path).items():
        assert data.endswith(b"END:VCALENDAR\r\n")
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))
        read = icalendar.Calendar.from_ical(data)
        assert [error for part in read.walk() for error in part.errors] == []
        uids = [str(event["uid"]) for event in read.walk("VEVENT")]
        assert len(uids) == len(set(uids)) > 5
        assert f"SOURCE;VALUE=URI:{URL}/{path}" in data.decode().replace("\r\n ", "")


def test_an_event_says_who_and_how_to_reach_them(tmp_path: Path) -> None:
    found = events(made(tmp_path)["oncall/platform.ics"])
    event = found["oncall-platform-primary-20260408T070000Z@status.acme.example"]
    assert event.summary == "Cyd O'Hara (first on call)"
    assert event.description == "Cyd O'Hara, the network on-call\nIn place of Bo Ek\nemail: cyd@acme.example"
    assert (event.dtstart, event.dtend) == (
        datetime(2026, 4, 8, 7, tzinfo=UTC), datetime(2026, 4, 9, 7, tzinfo=UTC),
    )  # fmt: skip
    assert event.sequence == 1


def test_a_person_has_all_and_only_their_turns(tmp_path: Path) -> None:
    data = made(tmp_path)
    whole = events(data["oncall/platform.ics"])
    parts = [events(data[f"oncall/people/{id}.ics"]) for id in ("ada", "bo", "cyd")]
    assert sum(map(len, parts)) == len(whole)
    assert {uid for part in parts for uid in part} == whole.keys()
    assert {event.summary for event in parts[0].values()} == {"Platform (first on call)", "Platform (second on call)"}


def test_turns_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    found = [one for uid, one in events(made(tmp_path)["oncall/platform.ics"]).items() if "-primary-" in uid]
    assert [one.dtend for one in found[:-1]] == [one.dtstart for one in found[1:]]


def test_a_turn_keeps_its_id_and_times_while_the_clock_goes_on(tmp_path: Path) -> None:
    before, after = (
        events(made(tmp_path / str(days), now=NOW + timedelta(days=days))["oncall/platform.ics"]) for days in (0, 21)
    )
    shared = before.keys() & after.keys()
    assert len(shared) > 30
    assert all(before[uid] == after[uid] for uid in shared)
    same_week = made(tmp_path / "w", now=NOW + timedelta(days=2))
    assert same_week == made(tmp_path / "v")


def test_a_new_override_raises_the_revision_of_what_it_touches(tmp_path: Path) -> None:
    plain = ONCALL.replace("secondary: [bo, cyd, ada]", "secondary: [cyd, ada, bo]")
    before = events(made(tmp_path / "1", plain)["oncall/platform.ics"])
    after = events(made(tmp_path / "2")["oncall/platform.ics"])
    uid = "oncall-platform-primary-20260406T070000Z@status.acme.example"
    assert (before[uid].sequence, after[uid].sequence) == (0, 1)
    assert (before[uid].dtend, after[uid].dtend) == (
        datetime(2026, 4, 13, 7, tzinfo=UTC), datetime(2026, 4, 8, 7, tzinfo=UTC),
    )  # fmt: skip
    untouched = "oncall-platform-primary-20260420T070000Z@status.acme.example"
    assert before[untouched] == after[untouched]


def test_a_calendar_without_turns_is_one_all_the_same(tmp_path: Path) -> None:
    data = made(tmp_path, ONCALL.replace("2026-01-05", "2027-01-04"))["oncall/platform.ics"]
    assert events(data) == {}
    assert b"BEGIN:VTIMEZONE" in data


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "first on call"), ("fr", "premier d’astreinte"), ("es", "primera guardia"), ("sv", "förstajour")],
)
def test_a_language_has_its_own_words(tmp_path: Path, lang: str, words: str) -> None:
    oncall, people = sound(tmp_path, now=NOW)
    language = load_languages([lang], zone="UTC", dirs=[locales_dir()])[lang]
    address = Address(URL, lang, "en")
    data = feed.write(
        next(calendars(oncall, people, now=NOW)), authority="a.example", address=address, language=language
    )
    assert f"LANGUAGE={lang}:Ada Lindqvist ({words})" in data.decode().replace("\r\n ", "")


def test_dangerous_names_stay_texts(tmp_path: Path) -> None:
    people = PEOPLE.replace("Bo Ek", '"B;o, \\\\N END:VEVENT"')
    found = roster(tmp_path, ONCALL, people, now=NOW)
    assert found.oncall is not None
    data = written(next(calendars(found.oncall, found.people, now=NOW)))
    assert "B;o, \\N END:VEVENT (first on call)" in {event.summary for event in events(data).values()}
