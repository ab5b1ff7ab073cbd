"""What a pull request changes for readers, as its summary says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import cli
from generator.digest import escaped
from tests.cases import COMPONENTS, INCIDENT, SITE, small_site, write_files
from tests.repositories import commit, git, published_site, repository

NOW = "2026-02-22T06:00Z"
PATH = "content/incidents/2026-02-22-portal.md"
RESOLVED = "\n## resolved 2026-02-22 03:43 UTC\n\nIt works again.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a site that is published with one open incident."""
    return published_site(tmp_path / "site")


def preview(site: Path, capsys: pytest.CaptureFixture[str], *, base: str = "main", status: int = 0) -> str:
    assert cli.run(["-C", str(site), "preview", "--base", base, "--now", NOW]) == status
    return capsys.readouterr().out


def test_nothing_changes(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = preview(site, capsys)
    assert "| **Overall** | Some systems are down | Some systems are down |" in out
    assert "No incident or maintenance changes." in out
    assert "### Pages: 0 new, 0 changed, 0 gone" in out


def test_an_incident_is_resolved(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: INCIDENT + RESOLVED})
    out = preview(site, capsys)
    assert "| **Overall** | Some systems are down | All systems operational |" in out
    assert "| Portal | Major outage | Operational |" in out
    assert "| Login |" not in out
    address = "https://status.acme.example/incidents/2026-02-22-portal/"
    assert f"- **resolved**: [The portal is down]({address}) (Resolved, Critical)" in out
    assert ": It works again\\. *(not in fr yet)*" in out
    assert "We are looking" not in out
    pages = out.partition("### Pages")[2]
    assert "- /\n" in pages
    assert "- /fr/incidents/2026\\-02\\-22\\-portal/\n" in pages
    assert "- /severity/\n" not in pages


def test_what_happens_to_each_record(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    older = INCIDENT.replace("2026-02-22", "2026-02-21").replace("The portal is down", "Older")
    write_files(site, {
        "content/incidents/2026-02-20-ended.md": older + RESOLVED.replace("2026-02-22", "2026-02-21"),
        "content/incidents/2026-02-21-gone.md": older.replace("Older", "Goes"),
        "content/incidents/2026-02-21-amended.md": older.replace("Older", "Amended"),
        "content/incidents/2026-02-21-title.md": older.replace("Older", "Title"),
    })  # fmt: skip
    commit(site)
    (site / "content/incidents/2026-02-21-gone.md").unlink()
    ended = older + RESOLVED.replace("2026-02-22", "2026-02-21")
    amended = older.replace("Older", "Amended").replace("02:51 UTC\n", "02:51 UTC\namended: 2026-02-22 05:00 UTC\n")
    write_files(site, {
        "content/incidents/2026-02-20-ended.md": f"{ended}\n## monitoring 2026-02-22 04:00 UTC\n\nBack.\n",
        "content/incidents/2026-02-21-amended.md": amended,
        "content/incidents/2026-02-21-title.md": older.replace("Older", "New title"),
        "content/incidents/2026-02-22-new.md": INCIDENT.replace("The portal is down", "New"),
        "content/incidents/2026-02-19-past.md": (INCIDENT + RESOLVED).replace("The portal is down", "Past"),
        PATH: INCIDENT + "\n## identified 2026-02-22 03:12 UTC\n\nFound.\n",
    })  # fmt: skip
    out = preview(site, capsys)
    verbs = {
        line.partition("[")[2].partition("]")[0]: line.split("**")[1] for line in out.splitlines() if "**: [" in line
    }
    assert verbs == {
        "Older": "reopened", "Amended": "amended", "New title": "changed", "New": "opened", "Past": "added",
        "The portal is down": "updated",
    }  # fmt: skip
    assert "- **gone**: Goes (2026\\-02\\-21\\-gone)" in out


def test_content_that_is_broken_is_told_instead(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: INCIDENT.replace("[portal]", "[portl]")})
    out = preview(site, capsys, status=1)
    assert "Nothing yet: the site cannot be built." in out
    assert 'S104 unknown component "portl"' in out


def test_a_published_site_that_is_broken_is_no_hindrance(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: INCIDENT.replace("[portal]", "[portl]")})
    commit(site)
    write_files(site, {PATH: INCIDENT})
    out = preview(site, capsys)
    assert "**Some systems are down** (there is no published site to compare with)" in out


def test_components_come_and_go(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {"content/components.yml": COMPONENTS.replace("id: login, name: Login", "id: app, name: App")})
    out = preview(site, capsys)
    assert "| App | – | Operational |" in out
    assert "| Login | Operational | – |" in out


def test_a_theme_changes_every_page(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {"themes/own/templates/404.html": "{% extends 'base.html' %}", "themes/own/static/x.css": ""})
    write_files(site, {"content/site.yml": f"{SITE}theme: own\n"})
    commit(site)
    assert "0 new, 0 changed" in preview(site, capsys)
    write_files(site, {"themes/own/templates/404.html": "{% extends 'base.html' %}{# #}"})
    assert "0 new, 0 changed" not in preview(site, capsys)


def test_content_that_is_a_repository_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "site")
    repository(site / "content")
    commit(site / "content")
    write_files(site, {PATH: INCIDENT + RESOLVED})
    git(repository(site), "config", "core.bare", "false")
    assert "**resolved**" in preview(site, capsys)


def test_content_of_its_own_below_no_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "site")
    commit(repository(site / "content"))
    write_files(site, {PATH: INCIDENT + RESOLVED})
    assert "**resolved**" in preview(site, capsys)


def test_a_published_site_without_its_theme_is_no_hindrance(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {"content/site.yml": f"{SITE}theme: own\n"})
    commit(site)
    write_files(site, {"themes/own/templates/404.html": "{% extends 'base.html' %}", "themes/own/static/x.css": ""})
    out = preview(site, capsys)
    assert "**Some systems are down** (there is no published site to compare with)" in out


def test_components_go_in_the_order_they_had(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = ["mail", "app", "web", "zoo", "chat", "pay", "news", "docs", "auth"]
    added = "".join(f"      - {{id: {id}, name: {id}}}\n" for id in ids)
    write_files(site, {"content/components.yml": COMPONENTS + added})
    commit(site)
    write_files(site, {"content/components.yml": COMPONENTS})
    lines = [line for line in preview(site, capsys).splitlines() if line.endswith("| – |")]
    assert lines == [f"| {id} | Operational | – |" for id in ids]


def test_another_forge_changes_no_record(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forge = "repository: https://github.com/acme/status\n"
    write_files(site, {"content/site.yml": SITE + forge})
    out = preview(site, capsys)
    assert "No incident or maintenance changes." in out
    assert "- /incidents/2026\\-02\\-22\\-portal/\n" in out
    write_files(site, {PATH: INCIDENT.replace("The portal", "All")})
    assert "**changed**: [All is down]" in preview(site, capsys)


def test_authors_write_no_markup_into_the_summary(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "</details><script> | [x](javascript:y) ##[error] @all `z`"
    title = INCIDENT.replace("The portal is down", f"'{evil}'")
    write_files(site, {PATH: INCIDENT.replace("We are looking.", "::error::no\n\n##[error] `[x](y)` |")})
    write_files(site, {"content/incidents/2026-02-22-b.md": title})
    out = preview(site, capsys)
    assert "&lt;script&gt;" in out
    assert "<script>" not in out
    assert "[x](" not in out
    assert "##[" not in out
    assert not any(line.startswith("::") for line in out.splitlines())


def test_texts_are_escaped() -> None:
    assert escaped("a *b*\n_c_ <d> & 1. e|f") == "a \\*b\\* \\_c\\_ &lt;d&gt; &amp; 1\\. e\\|f"
