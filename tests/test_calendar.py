"""Calendars: what a record says, what the clock leaves out, and bytes that strict readers take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import icalendar
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from generator.feeds import calendar, ical
from generator.record.load import load_site
from generator.render import routes
from generator.render.routes import Address
from generator.view.basics import Label, Text
from generator.view.calendar import PAST_WORKS
from generator.view.program_views import CalendarView, PlannedWork
from generator.view.project import project
from generator.view.record_views import Window
from generator.view.views import LanguageView, SiteView
from tests.cases import small_site
from tests.feed_reading import made, replaced
from tests.sample_views import HOSTILE, NAMES, URL, at, sample_html, sample_languages, sample_site

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)

WORK = """\
---
title: New cables
components: [portal]
scheduled: {{from: {start}, until: {end}}}
---

## scheduled 2026-02-01 12:00 UTC

We lay new cables.
"""
ANNOUNCED = WORK.format(start="2026-03-01 01:00 UTC", end="2026-03-01 03:00 UTC")
MOVED = WORK.format(start="2026-03-02 01:00 UTC", end="2026-03-02 03:00 UTC")
LATER = "\n## scheduled 2026-02-20 12:00 UTC\n\nA day later than we said.\n"
OFF = "\n## cancelled 2026-02-21 12:00 UTC\n\nNot this time.\n"


def view(work: str, root: Path, *, now: datetime = NOW, more: Mapping[str, str] | None = None) -> LanguageView:
    """Return what is seen of a small site with this maintenance, and files of more."""
    found = {"content/maintenance/2026-03-01-cables.md": work, **(more or {})}
    return project(load_site(small_site(root, **found), now=now)[0], now=now).languages[0]


def only(work: str, root: Path, *, now: datetime = NOW) -> PlannedWork:
    (found,) = view(work, root, now=now).calendars[0].works
    return found


def unfolded(data: bytes) -> list[str]:
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def events(data: bytes) -> dict[str, Event]:
    return {event.uid or "": event for event in IcsCalendarStream.calendar_from_ics(data.decode()).events}


def written(works: tuple[PlannedWork, ...], *, lang: str = "en") -> bytes:
    """Return a calendar of these works of the sample site."""
    info = sample_site().languages[0].info
    return ical.write(
        CalendarView(works),
        info,
        address=Address(URL, lang, "en"),
        language=sample_languages()[lang],
        to_html=sample_html,
    )


def with_texts(title: str, body: str, component: str) -> PlannedWork:
    work = sample_site().languages[0].calendars[0].works[0]
    named = msgspec.structs.replace(work.components[0], name=Label(component, "en"))
    return msgspec.structs.replace(work, title=Label(title, "en"), newest=Text(body, "en"), components=(named,))


# What the record says


def test_every_word_after_the_announcement_is_a_revision(tmp_path: Path) -> None:
    first = only(ANNOUNCED, tmp_path / "1")
    moved = only(MOVED + LATER, tmp_path / "2")
    off = only(MOVED + LATER + OFF, tmp_path / "3")
    amended = only(MOVED + LATER + OFF.replace("UTC\n", "UTC\namended: 2026-02-21 13:00 UTC\n"), tmp_path / "4")
    assert [work.revision for work in (first, moved, off, amended)] == [0, 1, 2, 3]
    assert [work.cancelled for work in (first, moved, off, amended)] == [False, False, True, True]
    assert (moved.window.start, moved.announced) == (at("2026-03-02", "01:00"), at("2026-02-01", "12:00"))
    assert [work.modified for work in (first, moved, off, amended)] == [
        at("2026-02-01", "12:00"),
        at("2026-02-20", "12:00"),
        at("2026-02-21", "12:00"),
        at("2026-02-21", "13:00"),
    ]


def test_the_clock_changes_nothing_in_a_calendar_as_long_as_it_holds_the_same_work(tmp_path: Path) -> None:
    before = view(ANNOUNCED, tmp_path / "1", now=at("2026-02-28", "00:00")).calendars
    during = view(ANNOUNCED, tmp_path / "2", now=at("2026-03-01", "02:00")).calendars
    after = view(ANNOUNCED, tmp_path / "3", now=at("2026-06-01", "00:00")).calendars
    assert before == during
    assert tuple(one for one in before if not one.alone) == after, "what is over is taken over by nobody"


def test_work_stays_for_a_year_and_then_leaves(tmp_path: Path) -> None:
    assert view(ANNOUNCED, tmp_path / "1", now=at("2027-03-01", "12:00")).calendars[0].works != ()
    assert view(ANNOUNCED, tmp_path / "2", now=at("2027-03-03", "12:00")).calendars[0].works == ()


def test_work_that_overruns_stays_however_old_it_is(tmp_path: Path) -> None:
    begun = "\n## in_progress 2026-03-01 01:05 UTC\n\nIt takes longer.\n"
    assert view(ANNOUNCED + begun, tmp_path, now=at("2027-06-01", "00:00")).calendars[0].works != ()


def test_past_work_has_an_upper_bound_and_work_to_come_has_none(tmp_path: Path) -> None:
    files = {}
    for number in range(PAST_WORKS + 20):
        hour, day = number % 24, NOW - timedelta(days=40 - number // 24)
        past = WORK.format(start=f"{day:%Y-%m-%d} {hour:02}:00 UTC", end=f"{day:%Y-%m-%d} {hour:02}:30 UTC")
        files[f"content/maintenance/past-{number:03}.md"] = past.replace("2026-02-01 12:00", "2026-01-01 12:00")
    ids = [work.id for work in view(ANNOUNCED, tmp_path, more=files).calendars[0].works]
    assert len(ids) == PAST_WORKS + 1
    assert ids[0] == "past-020"
    assert ids[-1] == "2026-03-01-cables"


def test_a_component_has_the_work_that_names_it(tmp_path: Path) -> None:
    site, portal, login, *alone = view(ANNOUNCED, tmp_path).calendars
    assert site.component is None
    assert portal.component is not None
    assert portal.works == site.works
    assert login.works == ()
    assert [one.works for one in alone] == [(work,) for work in site.works]


# What a subscriber reads


PATHS = [
    f"{lang}{folder}calendar.ics"
    for lang in ("", "fr/", "ar/")
    for folder in ("", *(f"components/{id}/" for id in NAMES), "maintenance/2026-03-01-database/")
]


@pytest.mark.parametrize("path", PATHS)
def test_every_calendar_keeps_the_rules(path: str) -> None:
    data = made(path)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    read = icalendar.Calendar.from_ical(data)
    assert [error for part in read.walk() for error in part.errors] == []
    assert read.subcomponents, "a calendar holds one component at least (RFC 5545, section 3.6)"
    assert f"SOURCE;VALUE=URI:{URL}/{path}" in unfolded(data)
    assert list(events(data)) == [str(event["uid"]) for event in read.walk("VEVENT")]


def test_an_event_whole() -> None:
    lines = unfolded(made("calendar.ics"))
    start = lines.index("SUMMARY;LANGUAGE=en:Database upgrade")
    assert sorted(lines[start - 1 : lines.index("END:VEVENT", start) + 1]) == sorted(
        [
            "BEGIN:VEVENT",
            "SUMMARY;LANGUAGE=en:Database upgrade",
            "DTSTART:20260301T010000Z",
            "DTEND:20260301T030000Z",
            "DTSTAMP:20260220T120000Z",
            "UID:2026-03-01-database@status.lumen.example",
            "SEQUENCE:0",
            "CATEGORIES;LANGUAGE=en:Search",
            "CREATED:20260220T120000Z",
            f"DESCRIPTION;LANGUAGE=en:We move the database. Expect two short breaks.\\n\\n"
            f"{URL}/maintenance/2026-03-01-database/",
            "LAST-MODIFIED:20260220T120000Z",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
            f"URL:{URL}/maintenance/2026-03-01-database/",
            "END:VEVENT",
        ]
    )


def test_a_calendar_says_whose_it_is_and_how_often_to_ask() -> None:
    head = unfolded(made("fr/components/search/calendar.ics"))[:11]
    assert "NAME;LANGUAGE=fr:Maintenance: Recherche – État de Lumen" in head
    assert "X-WR-CALNAME:Maintenance: Recherche – État de Lumen" in head
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in head
    assert "X-PUBLISHED-TTL:PT1H" in head
    assert f"URL:{URL}/fr/components/search/" in head


def test_cancelled_work_stays_and_says_so_twice() -> None:
    event = events(made("calendar.ics"))["2026-02-15-index@status.lumen.example"]
    assert (event.status, event.sequence, event.summary) == ("CANCELLED", 1, "Cancelled: Index tidied")


def test_an_event_is_the_same_in_every_language_and_says_which_one_it_speaks() -> None:
    english, french = events(made("calendar.ics")), events(made("fr/calendar.ics"))
    assert list(english) == list(french)
    assert french["2026-03-01-database@status.lumen.example"].summary == "Mise à jour de la base"
    lines = unfolded(made("fr/calendar.ics"))
    assert "SUMMARY;LANGUAGE=fr:Mise à jour de la base" in lines
    assert "SUMMARY;LANGUAGE=en:Switch replaced" in lines


def test_another_domain_changes_no_uid() -> None:
    here, moved = made("calendar.ics"), made("calendar.ics", sample_site(url="https://acme.example/status"))
    assert list(events(here)) == list(events(moved))
    assert "https://acme.example/status/maintenance/2026-03-01-database/" in moved.decode().replace("\r\n ", "")


def test_a_calendar_without_work_is_one_all_the_same() -> None:
    data = made("components/fax/calendar.ics")
    assert events(data) == {}
    assert b"BEGIN:VTIMEZONE" in data


def test_a_long_text_is_cut_and_leads_to_the_rest() -> None:
    (event,) = events(written((with_texts("t", "word " * 1000, "c"),))).values()
    assert event.description is not None
    words, address = event.description.split("\n\n")
    assert words.endswith("word…")
    assert len(words) <= ical.LONGEST
    assert address.startswith(URL)


def test_the_program_s_own_work_is_the_same_each_time() -> None:
    assert made("calendar.ics") == made("calendar.ics")


# Texts that a careless writer would break on

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\\,;:\n\"'nN"), max_size=120)


@given(WORDS, WORDS, WORDS)
def test_whatever_the_texts_say_two_readers_find_them_again(title: str, body: str, component: str) -> None:
    data = written((with_texts(f"x{title}", f"x{body}", f"x{component}"),))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    (event,) = events(data).values()
    other: Any = icalendar.Calendar.from_ical(data).events[0]
    expected = " ".join(f"x{title}".replace("\u2028", " ").replace("\u2029", " ").split("\n")).strip(" ")
    assert _plain(event.summary or "") == _plain(str(other["summary"])) == _plain(expected)
    assert _plain(event.description or "").startswith("x")
    assert _plain(event.description or "") == _plain(str(other["description"]))
    assert len(other["categories"].cats) == 1


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    "text", [HOSTILE, "C:\\New\\network", "a\\", ";,\\;\\,", "BEGIN:VEVENT\r\nUID:1", "x\x7f\x85y"]
)
def test_dangerous_texts_stay_texts(text: str) -> None:
    data = written((with_texts(text, text, text),))
    (event,) = events(data).values()
    assert _plain(event.summary or "") == _plain(text.replace("\x7f", " "))
    assert b"\x7f" not in data


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(-12 * 60, 14 * 60))
def test_times_are_the_same_moments_in_utc(start: int, length: int, offset: int) -> None:
    zone = timezone(timedelta(minutes=offset))
    begins = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=start)).astimezone(zone)
    window = Window(begins, begins + timedelta(minutes=length))
    work = msgspec.structs.replace(with_texts("t", "b", "c"), window=window)
    (event,) = events(written((work,))).values()
    assert (event.dtstart, event.dtend) == (window.start, window.end)


def test_a_change_is_made_for_the_calendars_that_show_it() -> None:
    before, after = keys(sample_site(languages=("en",))), keys(_renamed(sample_site(languages=("en",))))
    changed = {path for path, key in after.items() if before[path] != key}
    works = [one.works[0] for one in sample_site(languages=("en",)).languages[0].calendars if one.alone]
    assert changed == {"calendar.ics", "components/search/calendar.ics", *(routes.event(work.id) for work in works)}


def keys(view: SiteView) -> Mapping[str, bytes]:
    languages = sample_languages()
    return {
        artifact.path: artifact.key
        for site in view.languages
        for artifact in calendar.files(
            site, Address(view.url, site.info.lang, view.default), languages[site.info.lang], sample_html
        )
    }


def _renamed(view: SiteView) -> SiteView:
    def renamed(one: CalendarView) -> CalendarView:
        return msgspec.structs.replace(
            one, works=tuple(msgspec.structs.replace(work, title=Label("Renamed", "en")) for work in one.works)
        )

    return replaced(view, calendars=tuple(map(renamed, view.languages[0].calendars)))


def test_the_sample_has_a_calendar_of_every_component() -> None:
    calendars = sample_site().languages[0].calendars
    assert [one.component and one.component.id for one in calendars if not one.alone] == [None, *NAMES]
