"""A build that would change nothing reads nothing, and any change at all makes it read."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator import build as flow
from generator import reading
from generator.build import Report, build
from generator.errors import ContentError
from generator.publish import look
from generator.record import load
from generator.view.gathered import gather
from tests.cases import INCIDENT, SITE, small_site, write_files
from tests.repositories import commit, published_site

NOW = datetime(2026, 2, 22, 4, 31, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
WINDOW = """---
title: New disks
components: [portal]
scheduled: {from: 2026-02-22 04:36 UTC, until: 2026-02-22 05:00 UTC}
---

## scheduled 2026-02-20 10:00 UTC

We change disks.
"""


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files for settled as soon as they are written."""
    monkeypatch.setattr(look, "REST", 0)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a site that was built."""
    site = small_site(tmp_path / "site")
    (site / "locales").mkdir()
    build(site, now=NOW)
    return site


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Give the sites that were read."""
    found: list[Path] = []
    really = load.survey

    def noted(root: Path, **others: object) -> object:
        found.append(root)
        return really(root, **others)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(reading, "survey", noted)
    return found


def page(site: Path) -> Path:
    return site / "output/public/index.html"


def test_nothing_is_read_and_the_report_is_the_same(site: Path, reads: list[Path]) -> None:
    first = build(site, now=NOW, clean=True)
    again = build(site, now=NOW)
    assert reads == [site]
    assert again.warnings == first.warnings
    assert again.published.size == first.published.size
    assert again.published.unchanged == first.published.unchanged + len(first.published.written)
    assert (again.published.written, again.published.removed, again.published.rendered) == ((), (), 0)


def test_warnings_are_told_again(site: Path, reads: list[Path]) -> None:
    write_files(site, {PATH: INCIDENT + "\nLook: ![a picture](https://acme.example/a.png)\n"})
    told = build(site, now=NOW).warnings
    assert told
    assert build(site, now=NOW).warnings == told
    assert len(reads) == 1


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file": lambda site: write_files(site, {PATH: INCIDENT.replace("is down", "was down")}),
    "a file of the same size and time": lambda site: _exchanged(site / PATH),
    "a new file": lambda site: write_files(site, {"content/incidents/2026-02-23-b.md": INCIDENT}),
    "a file that is gone": lambda site: (site / PATH).unlink(),
    "a file of another name": lambda site: (site / PATH).rename(site / PATH.replace("portal", "other")),
    "the settings": lambda site: write_files(site, {"content/site.yml": SITE.replace("Acme", "Acme B")}),
    "a template": lambda site: write_files(site, {"themes/default/templates/404.html": "gone"}),
    "a catalogue": lambda site: write_files(site, {"locales/fr/LC_MESSAGES/messages.po": 'msgid ""\nmsgstr ""\n'}),
    "a page that somebody edited": lambda site: page(site).write_text("mine"),
    "a page of the same size": lambda site: page(site).write_bytes(bytes(page(site).stat().st_size)),
    "a page that is gone": lambda site: page(site).unlink(),
    "a page that is a link": lambda site: _linked(page(site)),
    "the marker": lambda site: (site / "output/public/.statique-manifest").write_text("{}"),
    "an unfinished build": lambda site: (site / "output/public/.statique").mkdir(),
    "a source that is a link": lambda site: _linked(site / PATH),
}


def _exchanged(file: Path) -> None:
    status = file.stat()
    file.write_bytes(file.read_bytes().replace(b"is down", b"is gone"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def _linked(file: Path) -> None:
    other = file.with_name(f"{file.name}.other")
    file.rename(other)
    file.symlink_to(other)


@pytest.mark.parametrize("jobs", [1, 2])
def test_by_another_process_nothing_is_read_either(site: Path, reads: list[Path], jobs: int) -> None:
    assert build(site, now=NOW, jobs=jobs).published.written == ()
    assert reads == []


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen(site: Path, reads: list[Path], change: str, jobs: int) -> None:
    CHANGES[change](site)
    try:
        build(site, now=NOW, jobs=jobs)
    except ContentError as error:
        assert error.problems  # noqa: PT017 some changes are refused, which is reading too
    assert reads == [site]


def moved(site: Path, later: timedelta) -> Report:
    return build(site, now=NOW + later)


@pytest.mark.parametrize(("minutes", "read"), [(0, False), (13, False), (14, True), (-1, True), (24 * 60, True)])
def test_the_clock_counts_in_quarters(site: Path, reads: list[Path], minutes: int, read: bool) -> None:
    moved(site, timedelta(minutes=minutes))
    assert bool(reads) is read


@pytest.mark.parametrize(("minutes", "read"), [(4, False), (5, True)])
def test_a_window_that_opens_is_seen(tmp_path: Path, reads: list[Path], minutes: int, read: bool) -> None:
    site = small_site(tmp_path / "site", **{"content/maintenance/2026-02-22-disks.md": WINDOW})
    build(site, now=NOW)
    reads.clear()
    moved(site, timedelta(minutes=minutes))
    assert bool(reads) is read


def test_a_commit_counts_where_its_times_are_shown(tmp_path: Path, reads: list[Path]) -> None:
    settings = SITE + "git_times: true\n"
    site = published_site(tmp_path / "site", **{"content/site.yml": settings, ".gitignore": ".statique\noutput\n"})
    build(site, now=NOW)
    build(site, now=NOW)
    commit(site)
    build(site, now=NOW)
    assert len(reads) == 2


def test_a_commit_made_during_a_build_counts_for_the_next(
    tmp_path: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = SITE + "git_times: true\n"
    site = published_site(tmp_path / "site", **{"content/site.yml": settings, ".gitignore": ".statique\noutput\n"})

    def committed(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(flow, "gather", gather)
        commit(site)
        return gather(*given, **named)

    monkeypatch.setattr(flow, "gather", committed)
    build(site, now=NOW)
    build(site, now=NOW)
    assert len(reads) == 2


def test_git_that_can_tell_at_last_is_asked(tmp_path: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    settings = SITE + "git_times: true\n"
    site = published_site(tmp_path / "site", **{"content/site.yml": settings, ".gitignore": ".statique\noutput\n"})
    with monkeypatch.context() as patch:
        patch.setattr(reading, "whole_head", lambda _: None)
        build(site, now=NOW)
    build(site, now=NOW)
    assert len(reads) == 2


def test_what_changed_just_now_proves_nothing(site: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "REST", 10**12)
    build(site, now=NOW)
    assert reads == [site]


def test_another_output_is_another_build(site: Path, reads: list[Path], tmp_path: Path) -> None:
    build(site, now=NOW, out=tmp_path / "other")
    build(site, now=NOW, out=tmp_path / "other")
    assert reads == [site]
