"""What counts as a change, and when a burst of changes is over: with an injected queue and clock, without waiting."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from queue import Empty, Queue

import pytest
from watchdog.events import (
    DirCreatedEvent,
    DirModifiedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileClosedNoWriteEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)

from generator.live.watch import IDLE, PATIENCE, QUIET, bursts, told, watching
from tests.cases import small_site

ROOT = Path("/site")
FILE = "content/incidents/2026/a.md"


class Script:
    """A queue and a clock of their own: each change comes so many seconds after the one before."""

    def __init__(self, *changes: tuple[float, str]) -> None:
        self.now = 0.0
        self._changes = list(changes)

    def clock(self) -> float:
        return self.now

    def get(self, *, timeout: float) -> str:
        wait, path = self._changes[0] if self._changes else (float("inf"), "")
        if wait > timeout:
            self.now += timeout
            if self._changes:
                self._changes[0] = (wait - timeout, path)
            raise Empty
        self.now += wait
        del self._changes[0]
        return path


def heard(script: Script, number: int) -> list[tuple[str, ...]]:
    return list(islice(bursts(script, script.clock), number))


def test_a_burst_is_told_once_when_it_is_over() -> None:
    script = Script((5, "b"), (QUIET / 2, "a"), (QUIET / 2, "b"), (1, "c"))
    assert heard(script, 2) == [("a", "b"), ("c",)]


def test_a_burst_is_told_as_soon_as_it_is_quiet() -> None:
    script = Script((5, "a"))
    heard(script, 1)
    assert script.now == pytest.approx(5 + QUIET)


def test_changes_without_end_are_told_all_the_same() -> None:
    script = Script(*((QUIET / 2, "a") for _ in range(1000)))
    assert heard(script, 1) == [("a",)]
    assert script.now <= PATIENCE + QUIET


def test_when_nothing_changes_the_clock_is_told() -> None:
    script = Script((2.5 * IDLE, "a"))
    assert heard(script, 3) == [(), (), ("a",)]


def path(name: str) -> str:
    return str(ROOT / name)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (FileModifiedEvent(path(FILE)), [FILE]),
        (FileCreatedEvent(path(FILE)), [FILE]),
        (FileDeletedEvent(path(FILE)), [FILE]),
        (FileClosedEvent(path(FILE)), [FILE]),
        (FileModifiedEvent(path("themes/own/static/style.css")), ["themes/own/static/style.css"]),
        (FileModifiedEvent(path("locales/de/LC_MESSAGES/messages.po")), ["locales/de/LC_MESSAGES/messages.po"]),
        # Reading is no change, and our own reading must not go round in a circle.
        (FileOpenedEvent(path(FILE)), []),
        (FileClosedNoWriteEvent(path(FILE)), []),
        # An atomic save: a temporary file is moved over the real one.
        (FileMovedEvent(path("content/incidents/.a.md.x1"), path(FILE)), [FILE]),
        (FileMovedEvent(path(FILE), path(f"{FILE}~")), [FILE]),
        (FileMovedEvent(path(FILE), path("content/incidents/2026/b.md")), [FILE, "content/incidents/2026/b.md"]),
        # A folder's own time changes with every file in it.
        (DirModifiedEvent(path("content/incidents")), []),
        (DirCreatedEvent(path("content")), ["content"]),
        (DirMovedEvent(path("content/incidents/2025"), path("content/incidents/2026")),
         ["content/incidents/2025", "content/incidents/2026"]),
        # What does not belong to the site.
        (FileModifiedEvent(path("output/public/index.html")), []),
        (FileModifiedEvent(path("README.md")), []),
        (FileModifiedEvent("/elsewhere/content/a.md"), []),
        (FileModifiedEvent(str(ROOT)), []),
    ],
)  # fmt: skip
def test_what_an_event_tells(event: FileSystemEvent, expected: list[str]) -> None:
    assert list(told(event, ROOT)) == expected


@pytest.mark.parametrize(
    "name",
    [
        ".a.md.swp", ".a.md.swx", "a.md~", "4913", "#a.md#", ".#a.md", "a.md.bak", "a.md.orig", "a.md.tmp",
        "a.md___jb_tmp___", "a.md___jb_old___", ".goutputstream-1X2Y3Z", ".DS_Store", "a.md.crdownload",
    ],
)  # fmt: skip
def test_what_editors_leave_is_no_change(name: str) -> None:
    assert list(told(FileCreatedEvent(path(f"content/incidents/{name}")), ROOT)) == []


def test_a_real_folder_is_watched_and_one_that_comes_later(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    with watching(site) as changes:
        (site / "content/incidents/2026-02-22-portal.md").write_text("---\n", encoding="utf-8")
        assert changes.get(timeout=30) == "content/incidents/2026-02-22-portal.md"
        (site / "themes").mkdir()
        assert until(changes, "themes")
        (site / "themes" / "own").mkdir()
        assert until(changes, "themes/own")


def test_a_folder_beside_the_site_is_watched_under_its_name(tmp_path: Path) -> None:
    site, beside = small_site(tmp_path / "site"), tmp_path / "war-room"
    (beside / "incidents").mkdir(parents=True)
    with watching(site, also=beside) as changes:
        (beside / "incidents/2026-02-22-portal.md").write_text("---\n---\n", encoding="utf-8")
        assert changes.get(timeout=30) == "war-room/incidents/2026-02-22-portal.md"
        (beside / "later").mkdir()
        assert until(changes, "war-room/later")


def until(changes: object, expected: str) -> bool:
    assert isinstance(changes, Queue)
    while changes.get(timeout=30) != expected:
        pass
    return True
