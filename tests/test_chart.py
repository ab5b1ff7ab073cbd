"""The drawing of states over time: places on an axis, its ticks in the site's zone, and no clock."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from generator.render.chart import FADE, WIDTH, Chart, chart
from generator.terms import Level
from generator.view.basics import Text
from generator.view.record_views import IncidentView, Spell, UpdateView
from tests import sample_views
from tests.rendered import site, trees

ZONE = ZoneInfo("Europe/Stockholm")
OPEN, PAST = "incidents/2026-02-22-portal-errors/index.html", "incidents/2026-02-10-search-slow/index.html"


def drawn(incident: IncidentView) -> Chart:
    found = chart(incident, ZONE)
    assert found is not None
    return found


def lasting(span: timedelta, *, start: datetime = datetime(2026, 2, 22, 2, 45, tzinfo=UTC)) -> IncidentView:
    """Return a record with one spell of this length."""
    past = sample_views.slow_search("en")
    affected = msgspec.structs.replace(past.affected[0], spells=(Spell(start, start + span, Level.MAJOR_OUTAGE),))
    card = msgspec.structs.replace(past.card, started=start, ended=start + span)
    update = UpdateView(1, past.updates[0].phase, start + span, Text("", "en"))
    return msgspec.structs.replace(past, card=card, affected=(affected,), updates=(update,))


def test_what_ended_fills_the_axis() -> None:
    found = drawn(sample_views.slow_search("en"))
    ((bar,),) = (row.bars for row in found.rows)
    assert (bar.x, bar.width, bar.level, bar.fades) == (0, WIDTH, Level.DEGRADED_PERFORMANCE, None)
    assert [(mark.number, mark.x) for mark in found.marks] == [(1, 0), (2, 500), (3, WIDTH)]


def test_the_axis_goes_on_until_the_record_ended() -> None:
    past = sample_views.slow_search("en")
    spells = (Spell(past.card.started, sample_views.at("2026-02-10", "10:30"), Level.DEGRADED_PERFORMANCE),)
    affected = (msgspec.structs.replace(past.affected[0], spells=spells),)
    found = drawn(msgspec.structs.replace(past, affected=affected))
    assert found.end == past.card.ended
    assert found.rows[0].bars[0].width == WIDTH // 2
    assert found.marks[-1].x == WIDTH


def test_what_lasts_reaches_the_last_word_and_fades() -> None:
    found = drawn(sample_views.outage("en"))
    assert (found.start, found.end) == (sample_views.at("2026-02-22", "02:45"), sample_views.at("2026-02-22", "03:40"))
    down, part = found.rows[0].bars
    edge = WIDTH - FADE
    assert (down.x, down.width, down.fades) == (0, edge, None)
    assert (part.level, part.fades) == (Level.PARTIAL_OUTAGE, edge)
    assert [bar.fades for bar in found.rows[1].bars] == [None]
    assert [mark.number for mark in found.marks] == [1, 2, 3]


def test_a_record_that_affects_nothing_has_no_drawing() -> None:
    assert chart(sample_views.new_year("en"), ZONE) is None
    assert chart(sample_views.upcoming("en"), ZONE) is None


def test_the_announcement_of_work_is_no_part_of_its_axis() -> None:
    found = drawn(sample_views.past_work("en"))
    assert [mark.number for mark in found.marks] == [2, 3]
    assert [mark.x for mark in found.marks] == [0, WIDTH]


@pytest.mark.parametrize(
    ("span", "times"),
    [
        (timedelta(minutes=22), ["03:45", "03:50", "03:55", "04:00", "04:05"]),
        (timedelta(minutes=70), ["03:45", "04:00", "04:15", "04:30", "04:45"]),
        (timedelta(hours=4), ["04:00", "05:00", "06:00", "07:00"]),
        (timedelta(hours=25), ["06:00", "12:00", "18:00", "00:00"]),
    ],
)
def test_ticks_are_round_times_of_the_sites_zone(span: timedelta, times: list[str]) -> None:
    ticks = drawn(lasting(span)).ticks
    assert [f"{tick.at.astimezone(ZONE):%H:%M}" for tick in ticks] == times
    assert not any(tick.whole for tick in ticks)


def test_long_records_have_days_for_ticks() -> None:
    ticks = drawn(lasting(timedelta(days=4))).ticks
    assert [f"{tick.at.astimezone(ZONE):%d %H:%M}" for tick in ticks] == [f"{n} 00:00" for n in (23, 24, 25, 26)]
    assert all(tick.whole for tick in ticks)
    assert len(drawn(lasting(timedelta(days=1500))).ticks) <= 6


def test_ticks_stay_in_order_when_the_clocks_change() -> None:
    night = drawn(lasting(timedelta(hours=6), start=datetime(2026, 3, 28, 23, 30, tzinfo=UTC)))
    places = [tick.x for tick in night.ticks]
    assert places == sorted(set(places))
    assert [f"{tick.at.astimezone(ZONE):%H}" for tick in night.ticks] == ["02", "04", "06"] or len(places) >= 2


def test_a_moment_can_be_seen() -> None:
    found = drawn(lasting(timedelta(seconds=1)))
    assert found.rows[0].bars[0].width > 0


def test_the_page_draws_it_beside_the_table_and_within_its_size() -> None:
    page = trees()[OPEN]
    (drawing,) = page.xpath("//div[@class = 'chart']")
    assert len(drawing.xpath(".//svg[@class = 'course']")) == 2
    assert all(one.get("aria-hidden") == "true" for one in drawing.xpath("./svg"))
    assert page.xpath("//details//table[@class = 'spells']")
    assert not page.xpath("//*[@style]")
    assert len(drawing.xpath(".//rect[@fill-opacity]")) == 3
    assert not trees()[PAST].xpath("//rect[@fill-opacity]")
    assert all(len(gzip.compress(site()[path])) < 6 * 1024 for path in (OPEN, PAST))


def test_labels_are_times_of_the_language() -> None:
    labels = [text.text for text in trees()[OPEN].xpath("//svg[@class = 'axis']/text")]
    assert labels == ["3:45\u202fAM", "4:00\u202fAM", "4:15\u202fAM", "4:30\u202fAM"]
    french = [text.text for text in trees()[f"fr/{OPEN}"].xpath("//svg[@class = 'axis']/text")]
    assert french == ["03:45", "04:00", "04:15", "04:30"]
