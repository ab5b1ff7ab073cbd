"""Links to a file's history and to the forge's editor, in the form of each kind of forge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from generator.build import build
from generator.record.load import load_site, survey
from generator.view.project import project
from generator.view.views import LanguageView
from tests.cases import INCIDENT, SITE, small_site
from tests.laters import incident_pages

NOW = datetime(2026, 2, 22, 6, 0, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
FRENCH = "content/incidents/2026-02-22-portal.fr.md"
TRANSLATED = "---\ntitle: Le portail\n---\n"
RESOLVED = "\n## resolved 2026-02-22 03:43 UTC\n\nIt works.\n"


def view(root: Path, settings: str, **files: str) -> LanguageView:
    small_site(root, **{"content/site.yml": f"{SITE}{settings}", **files})
    site, _ = load_site(root, now=NOW)
    return project(site, now=NOW).languages[-1]


@pytest.mark.parametrize(
    ("settings", "history", "edit"),
    [
        ("https://github.com/acme/status", "/commits/main/", "/edit/main/"),
        ("https://gitlab.com/acme/status/", "/-/commits/main/", "/-/edit/main/"),
        ("https://codeberg.org/acme/status", "/commits/branch/main/", "/_edit/main/"),
        ("https://bitbucket.org/acme/status", "/history-node/main/", "/src/main/"),
        ("https://git.sr.ht/~acme/status", "/log/main/item/", None),
        ("https://git.acme.example/acme/status\nforge: gitlab", "/-/commits/main/", "/-/edit/main/"),
        ("https://github.com/acme/status\nfolder: ops/the status/", "/commits/main/ops/the%20status/", None),
        ("https://github.com/acme/status\nbranch: live/a b", "/commits/live/a%20b/", "/edit/live/a%20b/"),
    ],
)
def test_addresses_take_the_forges_form(tmp_path: Path, settings: str, history: str, edit: str | None) -> None:
    record = incident_pages(view(tmp_path, f"repository: {settings}\n"))[0].incident
    base = settings.partition("\n")[0].rstrip("/")
    assert record.source_url == f"{base}{history}{PATH}"
    if edit:
        mode = "?mode=edit" if "bitbucket" in base else ""
        assert record.edit_url == record.update_url == f"{base}{edit}{PATH}{mode}"
    elif "git.sr.ht" in base:
        assert record.edit_url is record.update_url is None


def test_without_a_repository_there_are_no_links(tmp_path: Path) -> None:
    record = incident_pages(view(tmp_path, ""))[0].incident
    assert record.source_url is record.edit_url is record.update_url is None


def test_each_language_edits_its_own_file_and_updates_go_to_the_original(tmp_path: Path) -> None:
    site = view(tmp_path, "repository: https://github.com/acme/status\n", **{FRENCH: TRANSLATED})
    record = incident_pages(site)[0].incident
    assert record.edit_url == f"https://github.com/acme/status/edit/main/{FRENCH}"
    assert record.update_url == f"https://github.com/acme/status/edit/main/{PATH}"


def test_what_is_over_asks_for_no_update(tmp_path: Path) -> None:
    settings = "repository: https://github.com/acme/status\n"
    record = incident_pages(view(tmp_path, settings, **{PATH: INCIDENT + RESOLVED}))[0].incident
    assert record.update_url is None
    assert record.edit_url is not None


@pytest.mark.parametrize("folder", ["../x", "a//b", "a/./b"])
def test_a_folder_outside_the_repository_is_refused(tmp_path: Path, folder: str) -> None:
    found = survey(small_site(tmp_path, **{"content/site.yml": f"{SITE}folder: {folder}\n"}), now=NOW)
    assert [(problem.code, problem.line) for problem in found.problems] == [("S115", 5)]


def test_pages_show_the_links(tmp_path: Path) -> None:
    files = {
        "content/site.yml": f"{SITE}repository: https://github.com/acme/status\n",
        "content/pages/about.md": "---\ntitle: About\n---\n\nUs.\n",
    }
    build(small_site(tmp_path, **files), now=NOW)
    output = tmp_path / "output/public"
    page = html.fromstring((output / "incidents/2026-02-22-portal/index.html").read_text("utf-8"))
    edit = f"https://github.com/acme/status/edit/main/{PATH}"
    assert page.xpath("//a[text() = 'Add an update']/@href") == [edit]
    assert page.xpath("//a[text() = 'Edit the source']/@href") == [edit]
    about = html.fromstring((output / "about/index.html").read_text("utf-8"))
    assert about.xpath("//a[text() = 'Edit the source']/@href") == [
        "https://github.com/acme/status/edit/main/content/pages/about.md"
    ]
