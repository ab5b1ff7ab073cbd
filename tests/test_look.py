"""Sheets of screenshots: what is on them, where they go, and what is said where nothing can be drawn."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import dev
from look import chromium as system
from look import pictures
from look import sheet as sheets
from look.shots import SCHEMES, SCREENS, wanted
from look.sites import SITES, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from look.sites import Site


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "home"),
        ("history/", "history"),
        ("history/2026/11/", "history/*/*"),
        ("incidents/2026-02-22-portal-502/", "incidents/*"),
        ("404.html", "404.html"),
        ("about/", "about"),
    ],
)
def test_a_path_tells_the_kind_of_its_page(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_a_site_is_shown_whole_in_its_first_language_and_at_its_most_important_in_every_other(
    built: Callable[[str], Site],
) -> None:
    site = built("bad-day")
    shots = list(wanted(site))
    for kind in site.kinds:
        for scheme in SCHEMES:
            for screen in SCREENS:
                assert [s.language for s in shots if (s.kind, s.scheme, s.screen) == (kind, scheme, screen)][:1] == [
                    "en"
                ]
    assert {shot.language for shot in shots if shot.kind == "home"} == set(site.languages)
    assert len({shot.file for shot in shots}) == len(shots)


def test_a_language_that_is_asked_for_is_shown_whole(built: Callable[[str], Site]) -> None:
    site = built("new")
    shots = list(wanted(site, languages=["fr"]))
    assert {shot.language for shot in shots} == {"fr"}
    assert len(shots) == len(site.kinds) * len(SCHEMES) * len(SCREENS)


def test_the_sheets_are_drawn(chromium: Browser, tmp_path: Path) -> None:
    *drawn, index = sheets.sheet(chromium, tmp_path, ["new"], [])
    assert {path.name.split(".")[2] for path in drawn} == set(SCHEMES)
    for path in drawn:
        picture = Image.open(path)
        assert picture.width > 600
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 50
    shown = index.read_text("utf-8")
    shots = list((tmp_path / "new").glob("*.png"))
    assert shots
    assert all(f'src="new/{file.name}"' in shown for file in shots)
    assert not list(tmp_path.glob("*.png.html"))


def test_the_pictures_of_the_readme_are_small_and_the_same_each_time(chromium: Browser, tmp_path: Path) -> None:
    found = []
    for attempt in ("one", "two"):
        (tmp_path / attempt).mkdir()
        found.append([path.read_bytes() for path in pictures.draw(chromium, tmp_path / attempt)])
    assert found[0] == found[1]
    assert [Image.open(io.BytesIO(data)).size[0] for data in found[0]] == [
        picture.width for picture in pictures.PICTURES
    ]
    assert max(map(len, found[0])) < 150_000


def test_without_a_browser_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "program", lambda: None)
    assert sheets.main([str(tmp_path)]) == 3
    assert "the package `chromium`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_site_is_answered_with_the_sites_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        sheets.main(["--site", "none"])
    assert leaving.value.code == 2
    assert all(name in capsys.readouterr().err for name in SITES[:1])


def test_the_sheets_go_where_git_does_not_look(root: Path) -> None:
    assert sheets.FOLDER.is_relative_to(root / "output")
    assert "/output/" in (root / ".gitignore").read_text("utf-8").splitlines()
    assert dev.COMMANDS["sheet"] is dev.sheet
