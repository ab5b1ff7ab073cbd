"""Nothing is built where somebody's work lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import UsageError
from generator.publish.manifest import MARKER
from generator.publish.memo import Memo
from generator.publish.place import usable
from generator.publish.publish import publish


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "work" / "site"
    for name in ("content/internal", "themes/default", "locales", "generator", ".git/hooks", "output/public"):
        (root / name).mkdir(parents=True)
    (root / "content/site.yml").write_text("name: x")
    return root


@pytest.mark.parametrize(
    "out",
    [
        ".",
        "..",
        "../..",
        "content",
        "content/internal",
        "content/new/deep",
        "Content",
        "themes/default",
        "locales",
        "generator",
        ".git",
        ".git/hooks",
        ".github/pages",
        ".statique",
        "output",
        "output/public/../../content",
        "../site",
        "file",
        "link",
        "dangling",
        "foreign",
        "marked/inside",
        "badly-marked",
    ],
)
def test_refused_places(site: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    (site / "output/public/.gitkeep").touch()
    (site / "file").touch()
    (site / "link").symlink_to(site / "elsewhere")
    (site / "elsewhere").mkdir()
    (site / "dangling").symlink_to(site / "nowhere")
    (site / "foreign/deep").mkdir(parents=True)
    (site / "marked/inside").mkdir(parents=True)
    (site / "marked" / MARKER).touch()
    (site / "badly-marked").mkdir()
    (site / "badly-marked" / MARKER).symlink_to(site / "file")
    before = sorted(site.rglob("*"))
    with pytest.raises(UsageError, match="cannot build into"):
        publish([], site / out, memo=Memo.none(), site=site)
    monkeypatch.chdir(site)
    with pytest.raises(UsageError):
        publish([], Path(out), memo=Memo.none(), site=Path())
    assert sorted(site.rglob("*")) == before


@pytest.mark.parametrize("out", ["output/public", "output/new", "../elsewhere", "public", "output", "contents"])
def test_usable_places(site: Path, out: str) -> None:
    (site / "output/public").rmdir()
    publish([], site / out, memo=Memo.none(), site=site)
    assert [path.name for path in (site / out).iterdir()] == [MARKER]


def test_home_and_root_are_refused_even_when_empty(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "people" / "me"
    home.mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    for out in (home, home.parent, Path(site.anchor)):
        with pytest.raises(UsageError):
            usable(out, site=site)
    assert usable(home / "public", site=site) == home / "public"


def test_sources_are_known_through_links(site: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (site / "themes/default").rmdir()
    (site / "themes").rmdir()
    (site / "themes").symlink_to(tmp_path / "data")
    with pytest.raises(UsageError, match="sources"):
        usable(tmp_path / "data" / "public", site=site)
    (tmp_path / "alias").symlink_to(site)
    with pytest.raises(UsageError, match="sources"):
        usable(tmp_path / "alias" / "content" / "new", site=site)
    assert usable(tmp_path / "alias" / "public", site=site) == site.resolve() / "public"
