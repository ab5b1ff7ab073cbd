"""News: which updates each feed holds, in which order, and how the archive is cut into parts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from generator.record.load import load_site
from generator.terms import Kind, Level, Phase
from generator.view.news import FEED_ENTRIES
from generator.view.program_views import PART_ENTRIES, EntryView, FeedView
from generator.view.project import project
from generator.view.views import LanguageView
from tests.cases import INCIDENT, SITE, small_site
from tests.laters import made

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
RESOLVED = "\n## resolved 2026-02-22 03:43 UTC\n\nAll is well.\n"
WORK = """\
---
title: New switch
scheduled: {from: 2026-02-22 21:00 UTC, until: 2026-02-22 23:00 UTC}
components: [login]
---

## scheduled 2026-02-20 09:00 UTC

We replace a switch.

## in_progress 2026-02-22 21:05 UTC

Work has begun.

## completed 2026-02-22 22:30 UTC

Done.
"""


def english(root: Path, files: Mapping[str, str] = MappingProxyType({}), *, now: datetime = NOW) -> LanguageView:
    """Return the views of a small site in its default language."""
    return project(load_site(small_site(root, **files), now=now)[0], now=now).languages[0]


def incident(day: str, *, severity: str = "sev1", updates: int = 1, rest: str = "") -> str:
    """Return an incident of a day with as many updates, a minute apart."""
    text = INCIDENT.replace("2026-02-22 02:51", f"{day} 00:00").replace("sev1", severity) + rest
    more = (timedelta(minutes=minute) for minute in range(1, updates))
    return text + "".join(f"\n## monitoring {day} {str(t)[:-3].zfill(5)} UTC\n\nStill.\n" for t in more)


def numbers(entries: tuple[EntryView, ...]) -> list[tuple[str, int]]:
    """Return what entries are about: the record and the update's number."""
    return [(entry.card.id, entry.update.number) for entry in entries]


def test_an_entry_does_not_change_when_an_update_follows(tmp_path: Path) -> None:
    first = english(tmp_path / "a", {PATH: INCIDENT})
    second = english(tmp_path / "b", {PATH: INCIDENT + RESOLVED})
    told = {"portal", "sev1", "sev2", "sev3", "sev4", ""}
    for before, after in zip(first.feeds, second.feeds, strict=True):
        assert after.entries.make()[1:] == before.entries.make()
        assert len(after.entries.make()) == (2 if about(after) in told else 0)
    assert second.feeds[0].entries.make()[0].states == (Level.OPERATIONAL,)
    assert first.feeds[0].entries.make()[0].states == (Level.MAJOR_OUTAGE,)


def about(feed: FeedView) -> str:
    """Return what a feed is about, nothing for the whole site."""
    if feed.component:
        return feed.component.id
    return feed.severity.id if feed.severity else feed.kind or ""


def test_an_entry_names_the_components_that_were_known_then_in_the_order_of_their_naming(tmp_path: Path) -> None:
    update = "\n## identified 2026-02-22 03:00 UTC\ncomponents: {zeta: partial_outage, alpha: operational}\n\nMore.\n"
    named = ", ".join(f"{{id: {id}, name: {id}}}" for id in ("alpha", "portal", "zeta"))
    components = f"groups: [{{id: all, name: All, components: [{named}]}}]\n"
    view = english(tmp_path, {PATH: INCIDENT + update, "content/components.yml": components})
    newer, older = view.feeds[0].entries.make()
    assert [component.id for component in newer.card.components] == ["portal", "zeta", "alpha"]
    assert newer.states == (Level.MAJOR_OUTAGE, Level.PARTIAL_OUTAGE, Level.OPERATIONAL)
    assert [component.id for component in older.card.components] == ["portal"]


def test_an_entry_about_maintenance_says_when_work_began_once_it_did(tmp_path: Path) -> None:
    view = english(tmp_path, {"content/maintenance/2026-02-22-switch.md": WORK}, now=NOW + timedelta(days=1))
    works = next(feed for feed in view.feeds if feed.kind is Kind.MAINTENANCE)
    begun = datetime(2026, 2, 22, 21, 5, tzinfo=UTC)
    assert [(e.card.phase, e.card.started, e.card.ended) for e in works.entries.make()] == [
        (Phase.COMPLETED, begun, datetime(2026, 2, 22, 22, 30, tzinfo=UTC)),
        (Phase.IN_PROGRESS, begun, None),
        (Phase.SCHEDULED, datetime(2026, 2, 22, 21, 0, tzinfo=UTC), None),
    ]


def test_feeds_hold_the_newest_updates_but_no_backfilled_ones(tmp_path: Path) -> None:
    old = INCIDENT.replace("components:", "backfilled: true\ncomponents:").replace("The portal", "Long ago")
    view = english(tmp_path, {
        PATH: incident("2026-02-22", updates=61),
        "content/incidents/2026-02-22-late.md": old,
    })  # fmt: skip
    site = view.feeds[0]
    assert [entry.update.number for entry in site.entries.make()] == list(range(61, 61 - FEED_ENTRIES, -1))
    assert site.total == 61
    assert len([*view.records()]) == 2


def test_there_is_a_feed_of_each_component_and_severity_and_of_maintenance(tmp_path: Path) -> None:
    files = {
        PATH: incident("2026-02-22", severity="sev2"),
        "content/incidents/2026-01-05-small.md": incident("2026-01-05", severity="P4"),
        "content/maintenance/2026-02-22-switch.md": WORK,
    }
    found = {about(feed): [id for id, _ in numbers(feed.entries.make())] for feed in english(tmp_path, files).feeds[1:]}
    portal, small = "2026-02-22-portal", "2026-01-05-small"
    assert found == {
        "portal": [portal, small],
        "login": ["2026-02-22-switch"] * 3,
        "sev1": [],
        "sev2": [portal],
        "sev3": [portal],
        "sev4": [portal, small],
        "maintenance": ["2026-02-22-switch"] * 3,
    }


@pytest.mark.parametrize("updates", [1, 49, 50, 51, 130])
def test_the_parts_of_the_archive_hold_every_update_once_oldest_part_first(tmp_path: Path, updates: int) -> None:
    view = english(tmp_path, {PATH: incident("2026-02-22", updates=updates)})
    parts = made(view.parts)
    assert [*parts] == [part.number for part in parts.values()] == list(range(1, (updates - 1) // PART_ENTRIES + 2))
    assert [len(part.entries) for part in [*parts.values()][:-1]] == [PART_ENTRIES] * (len(parts) - 1)
    newest_first = [n for part in reversed(parts.values()) for _, n in numbers(part.entries)]
    assert newest_first == list(range(updates, 0, -1))


def test_a_new_update_changes_the_newest_part_only(tmp_path: Path) -> None:
    before = english(tmp_path / "a", {PATH: incident("2026-02-22", updates=130)}).parts
    after = english(tmp_path / "b", {PATH: incident("2026-02-22", updates=131)}).parts
    assert [after[number].make() for number in (1, 2)] == [before[number].make() for number in (1, 2)]
    assert after[3].make().entries[1:] == before[3].make().entries


def test_a_site_without_news_has_empty_feeds_and_no_archive(tmp_path: Path) -> None:
    view = english(tmp_path, {PATH: INCIDENT.replace("severity:", "draft: true\nseverity:")})
    assert [(feed.entries.make(), feed.total) for feed in view.feeds] == [((), 0)] * len(view.feeds)
    assert view.parts == {}


def test_each_part_is_announced_once_by_the_month_in_which_it_begins(tmp_path: Path) -> None:
    files = {
        "content/incidents/2025-12-30-first.md": incident("2025-12-30", updates=60),
        PATH: incident("2026-02-22", updates=200),
    }
    view = english(tmp_path, files)
    assert {month: page.parts for month, page in made(view.months).items()} == {
        "2026-02": (3, 4, 5, 6),
        "2025-12": (1, 2),
    }
    assert view.history.parts == ()


def test_a_part_that_begins_in_a_month_without_incidents_is_announced_by_the_nearest(tmp_path: Path) -> None:
    files = {PATH: INCIDENT, "content/maintenance/2026-02-22-switch.md": WORK.replace("2026-02-20", "2026-01-20")}
    view = english(tmp_path, files, now=NOW + timedelta(days=1))
    assert {month: page.parts for month, page in made(view.months).items()} == {"2026-02": (1,)}


def test_without_incidents_the_history_announces_all_parts(tmp_path: Path) -> None:
    files = {
        PATH: INCIDENT.replace("severity:", "draft: true\nseverity:"),
        "content/maintenance/2026-02-22-switch.md": WORK,
    }
    view = english(tmp_path, files, now=NOW + timedelta(days=1))
    assert (view.months, view.history.parts) == ({}, (1,))


def test_a_hub_is_told_to_every_page_and_feed(tmp_path: Path) -> None:
    hub = "https://hub.acme.example/"
    assert english(tmp_path / "a", {"content/site.yml": f"{SITE}hub: {hub}\n"}).info.hub == hub
    assert english(tmp_path / "b").info.hub is None
