"""From records to views: what each language is told, and what nobody is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from generator.record.load import load_site
from generator.terms import Kind, Level, Overall, Phase
from generator.view.basics import Text
from generator.view.gathered import TAG_RECORDS
from generator.view.project import project
from generator.view.views import LanguageView, SiteView, TagYear
from tests.cases import COMPONENTS, INCIDENT, SITE, small_site
from tests.laters import incident_pages, made, whole

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)

FRENCH = """\
---
title: Le portail est en panne
---

## investigating 2026-02-22 02:51 UTC

Nous cherchons.
"""

PORTAL = "content/incidents/2026-02-22-portal.md"
RESOLVED = """
## resolved 2026-02-22 03:43 UTC

All is well.
"""


def seen(root: Path, files: Mapping[str, str] = MappingProxyType({}), *, now: datetime = NOW) -> SiteView:
    """Return the views of a small site."""
    return project(load_site(small_site(root, **files), now=now)[0], now=now)


def english(root: Path, files: Mapping[str, str] = MappingProxyType({}), *, now: datetime = NOW) -> LanguageView:
    """Return the views of a small site in its default language."""
    return seen(root, files, now=now).languages[0]


def test_an_open_incident_is_told_in_every_language(tmp_path: Path) -> None:
    for view in seen(tmp_path).languages:
        assert view.home.overall is Overall.CRITICAL  # one of two components is down
        assert [one.card.id for one in view.home.open] == ["2026-02-22-portal"]
        assert view.home.groups[0].components[0].level is Level.MAJOR_OUTAGE


def test_what_is_not_translated_is_told_in_the_default_language(tmp_path: Path) -> None:
    files = {"content/incidents/2026-02-22-portal.md": INCIDENT + RESOLVED}
    files["content/incidents/2026-02-22-portal.fr.md"] = FRENCH
    french = seen(tmp_path, files).languages[1]
    incident = incident_pages(french)[0].incident
    assert (incident.card.title.text, incident.card.title.lang) == ("Le portail est en panne", "fr")
    assert [update.body for update in incident.updates] == [Text("All is well.", "en"), Text("Nous cherchons.", "fr")]
    assert incident.card.components[0].name.text == "Portail"


def test_a_translation_is_no_part_of_another_language(tmp_path: Path) -> None:
    before = seen(tmp_path / "a").languages[0]
    after = seen(tmp_path / "b", {"content/incidents/2026-02-22-portal.fr.md": FRENCH}).languages[0]
    assert whole(before) == whole(after)


def test_a_minute_later_nothing_is_different(tmp_path: Path) -> None:
    first = whole(seen(tmp_path))
    assert whole(seen(tmp_path, now=NOW + timedelta(minutes=29))) == first
    assert whole(seen(tmp_path, now=NOW + timedelta(days=1))) != first


def test_drafts_are_nowhere(tmp_path: Path) -> None:
    draft = INCIDENT.replace("components:", "tags: [canary]\naliases: [canary-old]\ndraft: true\ncomponents:")
    page = "---\ntitle: Canary\ndraft: true\n---\n\nCanary.\n"
    view = seen(tmp_path, {
        "content/incidents/canary.md": draft.replace("The portal", "Canary"),
        "content/pages/canary.md": page,
    })  # fmt: skip
    assert b"anary" not in whole(view)
    assert b"2026-02-22-portal" in whole(view)


def test_days_and_months_are_those_of_the_sites_zone(tmp_path: Path) -> None:
    late = INCIDENT.replace("2026-02-22 02:51", "2026-01-31 23:30") + RESOLVED
    view = english(tmp_path, {"content/incidents/2026-02-22-portal.md": late})
    assert [*view.months] == ["2026-02"]
    days = {day.day: day for day in view.home.groups[0].components[0].days}
    assert days[date(2026, 1, 31)].level is Level.OPERATIONAL
    assert days[date(2026, 2, 1)].level is Level.MAJOR_OUTAGE
    assert [one.id for one in days[date(2026, 2, 1)].incidents] == ["2026-02-22-portal"]


def test_uptime_counts_from_the_components_first_day(tmp_path: Path) -> None:
    components = COMPONENTS.replace("2024-01-01", "2026-02-21")
    view = english(tmp_path, {
        "content/incidents/2026-02-22-portal.md": INCIDENT + RESOLVED.replace("03:43", "02:52"),
        "content/components.yml": components,
    })  # fmt: skip
    ninety = next(u for u in view.home.groups[0].components[0].uptime if u.days == 90)
    assert ninety.share == 1 - 1 / (2 * 24 * 60)


def test_an_incident_without_components_still_counts(tmp_path: Path) -> None:
    text = INCIDENT.replace("[portal]", "[]")
    assert english(tmp_path, {"content/incidents/2026-02-22-portal.md": text}).home.overall is Overall.CRITICAL


def test_a_retired_component_leaves_the_home_page_and_keeps_its_own(tmp_path: Path) -> None:
    components = COMPONENTS.replace("since: 2024-01-01", "since: 2024-01-01, retired: 2026-02-22")
    view = english(tmp_path, {"content/components.yml": components})
    assert [c.id for group in view.home.groups for c in group.components] == ["login"]
    assert [page.component.id for page in view.components] == ["portal", "login"]
    assert view.home.overall is Overall.CRITICAL


WORK = """\
---
title: A new database
scheduled: {from: 2026-02-22 22:00 UTC, until: 2026-02-22 23:30 UTC}
components: [login]
---

## scheduled 2026-02-20 10:00 UTC

Login will be slow.
"""


def test_maintenance_follows_the_clock(tmp_path: Path) -> None:
    files = {
        "content/maintenance/2026-02-22-db.md": WORK,
        "content/incidents/2026-02-22-portal.md": INCIDENT + RESOLVED,
    }
    before = english(tmp_path, files).home
    assert [card.id for card in before.maintenance_next] == ["2026-02-22-db"]
    assert before.overall is Overall.NONE
    during = english(tmp_path, files, now=datetime(2026, 2, 22, 22, 0, tzinfo=UTC)).home
    assert [one.card.phase for one in during.maintenance_now] == [Phase.IN_PROGRESS]
    assert during.overall is Overall.MAINTENANCE
    after = english(tmp_path, files, now=datetime(2026, 2, 22, 23, 30, tzinfo=UTC))
    assert not after.home.maintenance_now
    assert not after.home.maintenance_next
    assert [card.phase for card in after.maintenance.past] == [Phase.COMPLETED]
    assert after.home.groups[0].components[1].uptime[0].share == 1.0


def test_source_links_take_the_forges_form(tmp_path: Path) -> None:
    path = "content/incidents/2026-02-22-portal.md"
    for repository, wanted in (
        ("https://github.com/acme/status", f"https://github.com/acme/status/commits/main/{path}"),
        ("https://gitlab.com/acme/status/", f"https://gitlab.com/acme/status/-/commits/main/{path}"),
        ("https://codeberg.org/acme/status", f"https://codeberg.org/acme/status/commits/branch/main/{path}"),
    ):
        view = english(tmp_path, {"content/site.yml": f"{SITE}repository: {repository}\n"})
        assert incident_pages(view)[0].incident.source_url == wanted


def test_neighbours_are_of_the_same_kind(tmp_path: Path) -> None:
    files = {"content/maintenance/2026-02-22-db.md": WORK}
    files["content/incidents/2026-02-21-x.md"] = INCIDENT.replace("2026-02-22", "2026-02-21") + RESOLVED
    pages = {page.incident.card.id: page for page in incident_pages(english(tmp_path, files))}
    assert pages["2026-02-22-db"].older is None
    older = pages["2026-02-22-portal"].older
    assert older is not None
    assert (older.id, older.kind) == ("2026-02-21-x", Kind.INCIDENT)


def tagged(count: int) -> dict[str, str]:
    """Return so many incidents with one tag, two on each day, the last of them in another year."""
    days = [date(2026, 1, 20) - timedelta(days=number // 2) for number in range(count)]
    return {
        f"content/incidents/{day}-n{number:02}.md": (INCIDENT + RESOLVED)
        .replace("2026-02-22", f"{day}").replace("severity:", "tags: [deploy]\nseverity:")
        for number, day in enumerate(days)
    }  # fmt: skip


def test_a_tag_of_many_incidents_shows_the_newest_and_has_a_page_of_each_year(tmp_path: Path) -> None:
    few = made(english(tmp_path / "few", tagged(TAG_RECORDS)).tagged)
    assert [*few] == [("deploy", None)]
    assert (len(few["deploy", None].incidents), few["deploy", None].years) == (TAG_RECORDS, ())
    many = made(english(tmp_path / "many", tagged(TAG_RECORDS + 1)).tagged)
    years = (TagYear(2026, 40), TagYear(2025, TAG_RECORDS - 39))
    assert {key: (len(page.incidents), page.total, page.years) for key, page in many.items()} == {
        ("deploy", None): (TAG_RECORDS, TAG_RECORDS + 1, years),
        ("deploy", 2026): (40, 40, years),
        ("deploy", 2025): (TAG_RECORDS - 39, TAG_RECORDS - 39, years),
    }


def test_an_incident_that_ends_at_midnight_is_no_part_of_the_next_day(tmp_path: Path) -> None:
    late = (INCIDENT + RESOLVED).replace("2026-02-22 02:51", "2026-02-20 21:00").replace("02-22 03:43", "02-20 23:00")
    view = english(tmp_path, {"content/incidents/2026-02-22-portal.md": late})
    days = {day.day.day: day for day in view.home.groups[0].components[0].days[-3:]}
    assert [one.id for one in days[20].incidents] == ["2026-02-22-portal"]
    assert days[21].incidents == ()
    assert days[21].level is Level.OPERATIONAL


def test_what_ended_this_hour_counts_at_once(tmp_path: Path) -> None:
    short = INCIDENT.replace("02:51", "04:05") + RESOLVED.replace("03:43", "04:20")
    view = english(tmp_path, {"content/incidents/2026-02-22-portal.md": short})
    today = view.home.groups[0].components[0].days[-1]
    assert (today.level, today.minutes) == (Level.MAJOR_OUTAGE, 15)


OPEN = INCIDENT.replace("severity:", "tags: [deploy]\nseverity:")
SAID = "\n## investigating 2026-02-22 03:10 UTC\n\nWe are still looking.\n"


def test_a_list_stays_as_it_is_while_an_update_changes_nothing_that_it_shows(tmp_path: Path) -> None:
    before = seen(tmp_path / "before", {PORTAL: OPEN}).languages
    after = seen(tmp_path / "after", {PORTAL: OPEN + SAID}).languages
    for one, other in zip(before, after, strict=True):
        assert one.tagged["deploy", None].made_of == other.tagged["deploy", None].made_of
        assert made(one.tagged) == made(other.tagged)
        assert one.home != other.home


@pytest.mark.parametrize(
    "files",
    [
        {PORTAL: OPEN.replace("The portal is down", "The portal is slow")},
        {PORTAL: OPEN.replace("tags: [deploy]", "tags: [deploy, memory]")},
        {PORTAL: OPEN.replace("severity: sev1", "severity: sev2")},
        {PORTAL: OPEN.replace("[portal]", "[login]")},
        {PORTAL: OPEN + SAID.replace("investigating", "identified")},
        {PORTAL: OPEN + SAID.replace("UTC\n", "UTC\ncomponents: {login: partial_outage}\n")},
        {PORTAL: OPEN + RESOLVED},
        {PORTAL: OPEN, "content/incidents/2026-02-22-portal.fr.md": FRENCH},
    ],
    ids=["title", "tags", "severity", "component", "phase", "another component", "end", "translation"],
)
def test_a_list_is_known_to_change_by_all_that_it_shows(tmp_path: Path, files: Mapping[str, str]) -> None:
    before, after = seen(tmp_path / "before", {PORTAL: OPEN}), seen(tmp_path / "after", files)
    pages = [[language.tagged["deploy", None] for language in view.languages] for view in (before, after)]
    assert [page.make() for page in pages[0]] != [page.make() for page in pages[1]]
    assert all(one.made_of != other.made_of for one, other in zip(*pages, strict=True))
