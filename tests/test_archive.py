"""The archive's calendar: every day of the last year, how bad it was, and how many incidents it had."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from generator.terms import Level
from generator.view.views import ArchiveDay, ArchiveMonth
from tests.cases import COMPONENTS, INCIDENT
from tests.laters import made
from tests.test_project import RESOLVED, english

PATH = "content/incidents/2026-02-22-portal.md"


def on(months: tuple[ArchiveMonth, ...], day: date) -> ArchiveDay:
    return next(one for month in months for one in month.days if one.day == day)


def ended(began: str, end: str) -> str:
    return INCIDENT.replace("2026-02-22 02:51", began) + RESOLVED.replace("2026-02-22 03:43", end)


def test_days_are_those_of_the_sites_zone_and_each_that_an_incident_lasts_counts(tmp_path: Path) -> None:
    files = {PATH: ended("2026-01-30 23:30", "2026-02-01 12:00")}
    history = english(tmp_path, files).history.calendar
    assert [month.month for month in history] == ["2026-01", "2026-02"]
    assert len(history[0].days) == 31
    days = [on(history, day) for day in (date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2))]
    assert [day.incidents for day in days] == [0, 1, 1, 0]
    assert [day.level for day in days] == [Level.OPERATIONAL, Level.MAJOR_OUTAGE, Level.MAJOR_OUTAGE, Level.OPERATIONAL]


def test_an_open_incident_counts_up_to_today_and_days_to_come_have_no_state(tmp_path: Path) -> None:
    history = english(tmp_path, {PATH: INCIDENT.replace("02-22", "02-20")}).history.calendar
    assert [on(history, date(2026, 2, n)).incidents for n in (19, 20, 21, 22, 23)] == [0, 1, 1, 1, 0]
    assert [on(history, date(2026, 2, n)).level for n in (22, 23)] == [Level.MAJOR_OUTAGE, None]


def test_a_component_that_recovered_leaves_the_day_to_what_is_left(tmp_path: Path) -> None:
    back = "\n## monitoring 2026-02-20 12:00 UTC\ncomponents: {portal: degraded_performance}\n\nSlow.\n"
    text = INCIDENT.replace("02-22", "02-20") + back + RESOLVED
    history = english(tmp_path, {PATH: text}).history.calendar
    assert [on(history, date(2026, 2, n)).level for n in (20, 21)] == [Level.MAJOR_OUTAGE, Level.DEGRADED_PERFORMANCE]


def test_an_incident_without_components_counts_by_its_impact(tmp_path: Path) -> None:
    text = ended("2026-02-10 10:00", "2026-02-10 11:00").replace("[portal]", "[]").replace("sev1", "sev2")
    day = on(english(tmp_path, {PATH: text}).history.calendar, date(2026, 2, 10))
    assert (day.level, day.incidents) == (Level.PARTIAL_OUTAGE, 1)


def test_the_calendar_has_a_year_and_a_months_page_its_own_month(tmp_path: Path) -> None:
    old = ended("2024-06-01 10:00", "2024-06-01 11:00")
    view = english(tmp_path, {"content/incidents/2024-06-01-old.md": old}, now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    months = [month.month for month in view.history.calendar]
    assert (len(months), months[0], months[-1]) == (12, "2025-04", "2026-03")
    calendars = {month: page.calendar for month, page in made(view.months).items()}
    assert list(calendars) == ["2026-02", "2024-06"]
    june = calendars["2024-06"]
    assert june is not None
    assert june.month == "2024-06"
    assert on((june,), date(2024, 6, 1)).incidents == 1


def test_maintenance_and_a_site_without_incidents_have_no_calendar(tmp_path: Path) -> None:
    draft = INCIDENT.replace("severity:", "draft: true\nseverity:")
    assert english(tmp_path, {PATH: draft}).history.calendar == ()


def test_days_out_of_service_are_told_unless_something_happened(tmp_path: Path) -> None:
    components = COMPONENTS.replace("2024-01-01", "2026-02-10, retired: 2026-02-20")
    text = ended("2026-02-05 10:00", "2026-02-05 11:00")
    view = english(tmp_path, {"content/components.yml": components, PATH: text})
    days = {day.day.isoformat(): day for day in view.components[0].component.days}
    told = ("2026-02-04", "2026-02-05", "2026-02-09", "2026-02-10", "2026-02-19", "2026-02-20", "2026-02-22")
    assert [days[day].in_service for day in told] == [False, True, False, True, True, False, False]
    assert all(day.in_service for day in view.components[1].component.days)
