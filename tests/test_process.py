"""What a team has promised itself: overdue updates, and actions without an owner or past their day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator import cli
from generator.record.load import survey
from generator.record.process import Owed, actions, overdue
from generator.view.project import project
from tests.cases import INCIDENT, small_site

PATH = "content/incidents/2026-02-22-portal.md"
FIRST = "## investigating 2026-02-22 02:51 UTC\n"


def told(root: Path, text: str, at: str) -> list[str]:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    site = survey(small_site(root, **{PATH: text}), now=now).site
    assert site is not None
    return [str(problem) for problem in overdue(site, now)]


def test_the_severity_s_pace_is_kept(tmp_path: Path) -> None:
    assert told(tmp_path / "1", INCIDENT, "2026-02-22T03:21:00") == []
    assert told(tmp_path / "2", INCIDENT, "2026-02-22T03:22:00") == [
        f'{PATH}:7:1: P201 an update was due by 2026-02-22 03:21 UTC, by the pace of "sev1"; '
        "`statique update 2026-02-22-portal`, if only to say when the next word comes"
    ]


def test_what_an_update_promises_goes_before_the_pace(tmp_path: Path) -> None:
    text = INCIDENT.replace(FIRST, f"{FIRST}next: 2026-02-22 06:00 UTC\n")
    assert told(tmp_path / "1", text, "2026-02-22T05:59:00") == []
    assert told(tmp_path / "2", text, "2026-02-22T06:01:00") == [
        f"{PATH}:8:7: P201 an update was due by 2026-02-22 06:00 UTC, by its `next`; "
        "`statique update 2026-02-22-portal`, if only to say when the next word comes"
    ]


@pytest.mark.parametrize(
    "text",
    [
        INCIDENT + "\n## resolved 2026-02-22 03:00 UTC\n\nOver.\n",
        INCIDENT.replace("---\n\n", "draft: true\n---\n\n", 1),
        INCIDENT.replace("---\n\n", "accept: [P201]\n---\n\n", 1),
        INCIDENT.replace("sev1", "sev4"),
    ],
    ids=["over", "draft", "accepted", "no pace"],
)
def test_nothing_more_is_due(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text, "2026-03-22T03:00:00") == []


def test_check_warns_of_it_and_a_build_does_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = str(small_site(tmp_path))
    assert cli.run(["-C", site, "check", "--now", "2026-02-22T04:00Z"]) == 0
    assert f"{PATH}:7:1: warning P201 " in capsys.readouterr().out
    assert cli.run(["-C", site, "build", "--now", "2026-02-22T04:00Z"]) == 0
    assert "P201" not in capsys.readouterr().err


def owed(**more: object) -> Owed:
    known = {"title": "Fix the leak", "owner": "bo", "due": date(2026, 3, 1), "done": False, "path": "x.md"}
    return Owed(**{**known, "mark": (9, 1), **more})  # type: ignore[arg-type]  # what a test sets is of its type


def lines(*found: Owed) -> list[str]:
    return [str(problem) for problem in actions(found, date(2026, 3, 2))]


def test_actions_have_an_owner_and_keep_their_day() -> None:
    assert lines(owed(due=date(2026, 3, 2)), owed(due=None), owed(done=True, owner=None)) == []
    assert lines(owed(owner=" ", due=None)) == [
        'x.md:9:1: P202 nobody owns the action "Fix the leak"; name who sees to it'
    ]
    assert lines(owed()) == [
        'x.md:9:1: P203 the action "Fix the leak" was due on 2026-03-01; do it, drop it, or agree on another day'
    ]
    assert lines(owed(accept=("P202", "P203"), owner=None)) == []


WAR_ROOM = """\
---
commander: Ada
---

## actions

### Fix the leak
due: 2026-02-25

### Roll back
owner: bo
status: done
"""


def test_the_actions_of_responders_are_looked_at_by_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"content/internal/incidents/2026-02-22-portal.md": WAR_ROOM}
    assert cli.run(["-C", str(small_site(tmp_path, **files)), "check", "--now", "2026-03-01T04:00Z"]) == 0
    out = capsys.readouterr().out
    place = "content/internal/incidents/2026-02-22-portal.md:7:1: warning"
    assert f'{place} P202 nobody owns the action "Fix the leak"' in out
    assert f'{place} P203 the action "Fix the leak" was due on 2026-02-25' in out
    assert "Roll back" not in out


LESSON = """---
title: The cache had no bound
published: 2026-02-25
actions:
  - {title: Bound the cache, owner: Platform team, due: 2026-03-01}
  - {title: Alert on memory, status: in_progress}
  - {title: Test at scale, owner: Platform team, due: 2026-02-26, status: done}
---

## summary

Ada kept it whole in memory.
"""
LESSON_PATH = "content/postmortems/2026-02-25-cache.md"


def checked(root: Path, text: str, capsys: pytest.CaptureFixture[str], **files: str) -> list[str]:
    resolved = INCIDENT + "\n## resolved 2026-02-22 03:00 UTC\n\nOver.\n"
    site = small_site(root, **{PATH: resolved.replace("sev1", "sev4"), LESSON_PATH: text, **files})
    cli.run(["-C", str(site), "check", "--now", "2026-03-02T12:00Z"])
    return [line for line in capsys.readouterr().out.splitlines() if "postmortems" in line]


def test_the_actions_of_postmortems_are_promises_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(tmp_path / "1", LESSON, capsys) == [
        f'{LESSON_PATH}:5:5: warning P203 the action "Bound the cache" was due on 2026-03-01; '
        "do it, drop it, or agree on another day",
        f'{LESSON_PATH}:6:5: warning P202 nobody owns the action "Alert on memory"; name who sees to it',
    ]
    accepted = LESSON.replace("actions:", "accept: [P202, P203]\nactions:")
    assert checked(tmp_path / "2", accepted, capsys) == []
    assert checked(tmp_path / "3", LESSON.replace("actions:", "draft: true\nactions:"), capsys) == []
    wrong = checked(tmp_path / "4", LESSON.replace("actions:", "accept: [P999]\nactions:"), capsys)
    assert any("S134" in line for line in wrong)


def test_what_is_overdue_comes_first_and_once(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    site = survey(small_site(tmp_path, **{LESSON_PATH: LESSON}), now=now).site
    assert site is not None
    library = project(site, now=now).languages[0].library
    assert library is not None
    actions = library.actions.make()
    groups = (actions.late, actions.open, actions.in_progress, actions.done)
    assert [[task.action.title.text for task in tasks] for tasks in groups] == [
        ["Bound the cache"],
        [],
        ["Alert on memory"],
        ["Test at scale"],
    ]
    page = library.page.make()
    assert (page.late, page.open) == (1, 0)
    before = project(site, now=datetime(2026, 3, 1, 12, tzinfo=UTC)).languages[0].library
    assert before is not None
    earlier = before.page.make()
    assert (earlier.late, earlier.open) == (0, 1), "on its day it is in time"
    assert before.page.made_of != library.page.made_of
    assert before.actions.made_of != library.actions.made_of
