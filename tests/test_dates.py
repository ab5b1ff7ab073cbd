"""When updates were published, as git has it: shown where it is certain, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from generator.build import build
from generator.record.dates import dated, published_times, whole_head
from generator.record.load import load_site
from tests.cases import INCIDENT, SITE, small_site, write_files
from tests.repositories import commit, git, repository

NOW = datetime(2026, 2, 22, 12, 0, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
SETTINGS = {"content/site.yml": f"{SITE}git_times: true\n"}
SECOND = "\n## identified 2026-02-22 03:12 UTC\n\nIt is the release.\n"
THIRD = "\n## resolved 2026-02-22 03:43 UTC\n\nIt works.\n"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, 22, hour, minute, tzinfo=UTC)


def told(site: Path, root: Path, text: str, when: datetime) -> None:
    write_files(site, {PATH: text})
    commit(root, at=when.isoformat())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a site whose incident came in three commits."""
    site = small_site(repository(tmp_path / "site"), **SETTINGS)
    told(site, site, INCIDENT, at(2, 52))
    told(site, site, INCIDENT + SECOND, at(3, 14))
    told(site, site, INCIDENT + SECOND + THIRD, at(3, 50))
    return site


def published(site: Path) -> list[datetime | None]:
    """Return the times of the one incident's updates."""
    found, _ = load_site(site, now=NOW)
    head = whole_head(site)
    assert head
    (entry,) = dated(found, published_times(site, head)).entries
    return [update.published for update in entry.original.updates]


def test_each_update_has_the_time_of_the_commit_that_brought_it(site: Path) -> None:
    assert published(site) == [at(2, 52), at(3, 14), at(3, 50)]


def test_changes_moves_and_renames_keep_the_time(site: Path) -> None:
    told(site, site, (INCIDENT + SECOND + THIRD).replace("looking.", "looking. \r\n"), at(5))
    (site / "content/incidents/2026").mkdir()
    moved = site / "content/incidents/2026" / Path(PATH).name
    (site / PATH).rename(moved)
    commit(site, at=at(6).isoformat())
    assert published(site) == [at(2, 52), at(3, 14), at(3, 50)]
    text = moved.read_text("utf-8").replace("severity:", "aliases: [2026-02-22-portal]\nseverity:")
    moved.unlink()
    write_files(site, {"content/incidents/2026-02-22-portal-502.md": text})
    commit(site, at=at(7).isoformat())
    assert published(site) == [at(2, 52), at(3, 14), at(3, 50)]


def test_what_is_not_committed_has_none(site: Path) -> None:
    write_files(site, {PATH: INCIDENT + SECOND + THIRD + "\n## monitoring 2026-02-22 05:00 UTC\n\nAgain.\n"})
    assert published(site) == [at(2, 52), at(3, 14), at(3, 50), None]


def test_a_draft_is_published_when_it_is_none_any_more(tmp_path: Path) -> None:
    site = small_site(repository(tmp_path / "site"), **SETTINGS)
    told(site, site, INCIDENT.replace("severity:", "draft: true\nseverity:"), at(2, 52))
    told(site, site, INCIDENT, at(4))
    assert published(site) == [at(4)]


def test_a_branch_counts_from_its_merge_on(site: Path) -> None:
    git(site, "checkout", "--quiet", "-b", "topic")
    told(site, site, INCIDENT + SECOND + THIRD + "\n## monitoring 2026-02-22 05:00 UTC\n\nAgain.\n", at(5, 1))
    git(site, "checkout", "--quiet", "main")
    git(site, "merge", "--quiet", "--no-ff", "--no-edit", "topic", at=at(5, 20).isoformat())
    assert published(site)[-1] == at(5, 20)


def test_a_site_below_the_root(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    site = small_site(top / "ops" / "status", **SETTINGS)
    told(site, top, INCIDENT, at(2, 52))
    assert published(site) == [at(2, 52)]


def test_a_shallow_clone_tells_nothing(site: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", site.as_uri(), str(tmp_path / "shallow"))
    assert whole_head(tmp_path / "shallow") is None
    assert whole_head(site) is not None


def shown(site: Path) -> list[str]:
    """Return the times that the incident's page names as git's."""
    build(site, now=NOW)
    page = html.fromstring((site / "output/public/incidents/2026-02-22-portal/index.html").read_text("utf-8"))
    found = page.xpath("//p[contains(@class, 'recorded')]/time/@datetime")
    assert isinstance(found, list)
    return [str(time) for time in found]


def test_the_page_shows_them_where_the_settings_ask(site: Path) -> None:
    assert shown(site) == ["2026-02-22T03:50Z", "2026-02-22T03:14Z", "2026-02-22T02:52Z"]
    write_files(site, {"content/site.yml": SITE})
    assert shown(site) == []


def test_a_build_without_a_whole_history_is_a_build(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", site.as_uri(), str(tmp_path / "shallow"))
    assert shown(tmp_path / "shallow") == []
    assert shown(small_site(tmp_path / "plain", **SETTINGS)) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shown(site) == []


def test_many_versions_are_read_in_batches(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.record.dates.BATCH", 2)
    assert published(site) == [at(2, 52), at(3, 14), at(3, 14) + timedelta(minutes=36)]
