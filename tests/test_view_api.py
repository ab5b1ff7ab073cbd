"""What the site's own documents tell: which records of the last days, and how months lead on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from generator.record.load import load_site
from generator.terms import Kind
from generator.view.program_views import ApiMonth, ApiRecent, ApiView
from generator.view.project import project
from tests.cases import COMPONENTS, INCIDENT, small_site

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
PORTAL = "2026-02-22-portal"
WORK = """\
---
title: New switch
scheduled: {from: 2025-10-05 21:00 UTC, until: 2025-10-05 23:00 UTC}
components: [login]
---

## scheduled 2025-10-01 09:00 UTC

We replace a switch.

## completed 2025-10-05 22:30 UTC

Done.
"""


def documents(root: Path, files: Mapping[str, str] = MappingProxyType({})) -> ApiView:
    """Return what programs may poll of a small site."""
    return project(load_site(small_site(root, **files), now=NOW)[0], now=NOW).languages[0].api


def recent(api: ApiView, kind: Kind = Kind.INCIDENT) -> ApiRecent:
    """Return the document of the last days."""
    (found,) = (one for one in api.recent if one.kind is kind)
    return found


def by_month(api: ApiView, kind: Kind = Kind.INCIDENT) -> dict[str, ApiMonth]:
    """Return the documents of the months."""
    return {month: page.make() for (one, month), page in api.months.items() if one is kind}


def resolved(day: str, *, more: str = "") -> str:
    """Return an incident of one day."""
    text = INCIDENT.replace("2026-02-22 02:51", f"{day} 12:00")
    return f"{text}\n## resolved {day} 13:00 UTC\n{more}\nAll is well.\n"


def test_the_months_lead_on_without_a_gap(tmp_path: Path) -> None:
    days = ("2026-02-01", "2026-01-26", "2026-01-20", "2025-11-02")
    api = documents(tmp_path, {f"content/incidents/{day}-x.md": resolved(day) for day in days})
    newest, months = recent(api), by_month(api)
    reached, following = [one.card.id for one in newest.records], newest.next
    assert reached == [PORTAL, "2026-02-01-x", "2026-01-26-x"]
    assert following == "2026-01"
    while following is not None:
        reached += [one.card.id for one in months[following].records]
        following = months[following].next
    assert dict.fromkeys(reached).keys() == {PORTAL, *(f"{day}-x" for day in days)}
    assert list(months) == ["2026-02", "2026-01", "2025-11"]


def test_an_old_record_is_recent_again_when_it_is_amended(tmp_path: Path) -> None:
    path = "content/incidents/2025-11-02-x.md"
    kept = {recent(documents(tmp_path / name, {path: text})).records[-1].card.id for name, text in (
        ("plain", resolved("2025-11-02")),
        ("amended", resolved("2025-11-02", more="amended: 2026-02-20 09:00 UTC\n")),
    )}  # fmt: skip
    assert kept == {PORTAL, "2025-11-02-x"}


def test_a_record_is_as_new_as_its_newest_update_or_amendment(tmp_path: Path) -> None:
    amended = "## investigating 2026-02-22 02:51 UTC\namended: 2026-02-22 04:00 UTC\n"
    text = INCIDENT.replace("## investigating 2026-02-22 02:51 UTC\n", amended)
    text += "\n## identified 2026-02-22 03:10 UTC\n\nFound.\n"
    api = documents(tmp_path, {f"content/incidents/{PORTAL}.md": text})
    at = datetime(2026, 2, 22, 4, 0, tzinfo=UTC)
    assert [one.updated for one in recent(api).records] == [at]
    assert [one.updated for one in by_month(api)["2026-02"].records] == [at]


def test_maintenance_to_come_is_recent_however_far_away_and_past_work_is_in_its_month(tmp_path: Path) -> None:
    files = {
        "content/maintenance/2025-10-05-switch.md": WORK,
        "content/maintenance/2027-01-05-later.md": WORK.partition("\n## completed")[0]
        .replace("2025-10-05", "2027-01-05")
        .replace("2025-10-01", "2026-02-21"),
    }
    api = documents(tmp_path, files)
    assert [one.card.id for one in recent(api, Kind.MAINTENANCE).records] == ["2027-01-05-later"]
    assert recent(api, Kind.MAINTENANCE).next == "2025-10"
    assert list(by_month(api, Kind.MAINTENANCE)) == ["2027-01", "2025-10"]
    assert [one.card.id for one in recent(api).records] == [PORTAL]


def test_components_out_of_service_are_told_of_too(tmp_path: Path) -> None:
    retired = COMPONENTS.replace("{id: login, name: Login}", "{id: login, name: Login, retired: 2026-01-31}")
    (group,) = documents(tmp_path, {"content/components.yml": retired}).groups
    assert [component.id for component in group.components] == ["portal", "login"]


def test_the_window_of_thirty_days_begins_at_midnight(tmp_path: Path) -> None:
    first = datetime(2026, 1, 24, tzinfo=UTC) - timedelta(hours=1)  # midnight in Stockholm
    day, hour = first.strftime("%Y-%m-%d"), first.strftime("%H:%M")
    text = INCIDENT.replace("2026-02-22 02:51", f"{day} 20:00")
    kept = [
        [one.card.id for one in recent(documents(tmp_path / time[:2], {"content/incidents/x.md": told})).records]
        for time in (hour, "22:59")
        if (told := f"{text}\n## resolved {day} {time} UTC\n\nWell.\n")
    ]
    assert kept == [[PORTAL, "x"], [PORTAL]]
