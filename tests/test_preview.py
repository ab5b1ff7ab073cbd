"""The preview: what it shows is what a build writes, and what did not change is not made again."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.build import build
from generator.errors import ContentError
from generator.holding import MANY
from generator.preview import Preview
from generator.recall import SPARE, Recall, Recollection, afresh
from generator.record.folder import read_file
from generator.render.compiled import _codes
from generator.render.lean import LeanEnvironment
from generator.view.gathered import Gathered
from generator.view.project import spoken
from generator.view.views import LanguageView
from tests.cases import INCIDENT, small_site, write_files

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
PAGE = "incidents/2026-02-22-portal/index.html"
WORK = """\
---
title: The login moves
components: [login]
scheduled: {from: 2026-02-22 05:00 UTC, until: 2026-02-22 06:00 UTC}
---

## scheduled 2026-02-20 12:00 UTC

We move.
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a site with an incident, its translation and maintenance."""
    translation = "---\ntitle: Le portail est en panne\n---\n\n## investigating 2026-02-22 02:51 UTC\n\nOn regarde.\n"
    return small_site(
        tmp_path / "site",
        **{PATH.replace(".md", ".fr.md"): translation, "content/maintenance/2026-02-22-move.md": WORK},
    )


def built(site: Path, now: datetime) -> dict[str, bytes]:
    out = site.parent / f"out-{now:%H%M%S}"
    build(site, now=now, out=out)
    files = {file.relative_to(out).as_posix(): file.read_bytes() for file in out.rglob("*") if file.is_file()}
    return {path: data for path, data in files.items() if not path.startswith(".statique")}


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_it_shows_what_a_build_writes_after_each_change(site: Path, *, told: bool) -> None:
    before: dict[str, bytes] | None = None
    with Preview(site) as preview:
        for now in changing(site):
            after = sources(site)
            changed = None if before is None or not told else {path for path, _ in before.items() ^ after.items()}
            edition, expected = preview.look(now=now, changed=changed), built(site, now)
            assert {path: edition.file(path) for path in expected} == expected
            assert edition.file("nothing/index.html") is None
            preview.settle()
            before = after


def sources(site: Path) -> dict[str, bytes]:
    files = {file.relative_to(site).as_posix(): file for file in site.rglob("*") if file.is_file()}
    return {path: file.read_bytes() for path, file in files.items() if not path.startswith((".statique", "output"))}


def changing(site: Path) -> Iterator[datetime]:
    """Change one thing after the other; yield the time after each."""
    yield NOW
    text = INCIDENT + "\n## resolved 2026-02-22 04:00 UTC\n\nIt works.\n"
    write_files(site, {PATH: text})
    yield NOW + timedelta(seconds=1)
    write_files(site, {PATH: text.replace("severity: sev1", "severity: sev3")})
    yield NOW + timedelta(minutes=31)  # the window has opened
    write_files(site, {"content/site.yml": (site / "content/site.yml").read_text().replace("Acme", "Acme Ltd")})
    yield NOW + timedelta(minutes=95)  # and closed
    components = site / "content/components.yml"
    write_files(site, {"content/components.yml": components.read_text().replace("name: Login", "name: Sign-in")})
    yield NOW + timedelta(days=1)
    write_files(site, {"themes/default/static/style.css": "body { color: red }\n"})
    yield NOW + timedelta(days=1, seconds=1)
    moved = site / "content/incidents/2026/2026-02-22-portal.md"
    moved.parent.mkdir()
    (site / PATH).rename(moved)  # now apart from its translation
    yield NOW + timedelta(days=1, seconds=2)
    write_files(site, {"content/maintenance/2026-02-22-move.fr.md": "---\ntitle: On déménage\n---\n"})
    yield NOW + timedelta(days=1, seconds=3)
    moved.unlink()
    (site / PATH.replace(".md", ".fr.md")).unlink()
    yield NOW + timedelta(days=1, seconds=4)


def test_what_did_not_change_is_neither_read_nor_parsed_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def reading(path: str) -> bytes:
        read.append(Path(path).name)
        return read_file(path)

    monkeypatch.setattr("generator.holding.read_file", reading)
    with Preview(site) as preview:
        first = preview.look(now=NOW)
        assert len(read) == 3
        preview.settle()
        read.clear()
        write_files(site, {PATH: INCIDENT.replace("looking", "still looking")})
        second = preview.look(now=NOW)
        assert read == ["2026-02-22-portal.md"]
    old, new = ({one.original.id: one for one in edition.site.entries} for edition in (first, second))
    assert new["2026-02-22-move"] is old["2026-02-22-move"]
    assert new["2026-02-22-portal"] is not old["2026-02-22-portal"]
    assert second.languages["fr"] is first.languages["fr"]


def test_a_folder_stands_for_everything_in_it(site: Path) -> None:
    with Preview(site) as preview:
        first = preview.look(now=NOW)
        write_files(site, {PATH: INCIDENT.replace("looking", "still looking")})
        # What nobody tells of is not looked at, until everything is.
        assert preview.look(now=NOW, changed=["content/pages/about.md"]).file(PAGE) == first.file(PAGE)
        assert b"still looking" in (preview.look(now=NOW, changed=["content/incidents"]).file(PAGE) or b"")


def test_so_many_changes_at_once_are_a_look_at_everything(site: Path) -> None:
    with Preview(site) as preview:
        preview.look(now=NOW)
        write_files(site, {PATH: INCIDENT.replace("looking", "still looking")})
        many = [f"content/incidents/{number}.md" for number in range(MANY + 1)]
        assert b"still looking" in (preview.look(now=NOW, changed=many).file(PAGE) or b"")


def test_what_is_wrong_is_told_until_its_file_changes(site: Path) -> None:
    with Preview(site) as preview:
        preview.look(now=NOW)
        write_files(site, {PATH: INCIDENT.replace("[portal]", "[portl]")})
        for changed in ([PATH], ["content/incidents/2026-02-22-other.md"], [PATH]):
            with pytest.raises(ContentError, match="portl"):
                preview.look(now=NOW, changed=changed)
        write_files(site, {PATH: INCIDENT})
        assert preview.look(now=NOW, changed=[PATH]).file(PAGE)


def test_templates_are_compiled_for_the_first_look_alone(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled before"))
    compiled: list[str] = []
    compile_template = LeanEnvironment.compile

    def compiling(self: LeanEnvironment, source: str, name: str, *rest: Any, **named: Any) -> Any:
        compiled.append(name)
        return compile_template(self, source, name, *rest, **named)

    monkeypatch.setattr(LeanEnvironment, "compile", compiling)
    _codes.cache_clear()
    with Preview(site) as preview:
        assert preview.look(now=NOW).file(PAGE)
        assert compiled
        compiled.clear()
        write_files(site, {PATH: INCIDENT.replace("looking", "still looking")})
        edition = preview.look(now=NOW)
        assert edition.file(PAGE)
        assert edition.file(f"fr/{PAGE}")
        assert compiled == []
        write_files(site, {"themes/default/templates/incident.html": '{% extends "default/incident.html" %}\n'})
        assert preview.look(now=NOW).file(PAGE)
        assert "incident.html" in compiled


def test_problems_are_raised_and_do_not_stay(site: Path) -> None:
    with Preview(site) as preview:
        preview.look(now=NOW)
        write_files(site, {PATH: INCIDENT.replace("[portal]", "[portl]")})
        with pytest.raises(ContentError) as caught:
            preview.look(now=NOW)
        assert [problem.code for problem in caught.value.problems] == ["S104"]
        write_files(site, {PATH: INCIDENT})
        assert preview.look(now=NOW).file(PAGE) is not None


def test_a_language_is_not_projected_before_it_is_looked_at(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def telling(known: Gathered, lang: str, recall: Recall) -> LanguageView:
        told.append(lang)
        return spoken(known, lang, recall)

    monkeypatch.setattr("generator.preview.spoken", telling)
    with Preview(site) as preview:
        edition = preview.look(now=NOW)
        edition.file("index.html")
        edition.file("incidents/none/index.html")
        assert told == ["en"]
        edition.file("fr/index.html")
        assert told == ["en", "fr"]
        edition.file("sitemap.xml")
        assert told == ["en", "fr"]


def test_a_recollection_knows_values_by_what_they_are_and_things_by_which() -> None:
    calls: list[tuple[str, object]] = []

    def call(name: str, thing: object) -> object:
        calls.append((name, thing))
        return object()

    recall = Recollection()
    thing, alike = [1], [1]
    first = recall(call, "a", thing)
    assert recall(call, chr(97), thing) is first
    assert recall(call, "a", alike) is not first
    assert recall(call, "b", thing) is not first
    assert len(calls) == 3
    assert afresh(call, "a", thing) is not first


def test_a_recollection_forgets_what_is_out_of_use_where_much_is_new() -> None:
    recall = Recollection()
    made, other = recall(new, "a"), recall(new, "b")
    for turn in range(3):
        recall.turn()
        assert recall(new, "a") is made
        for number in range(4 * SPARE):
            recall(new, f"{turn} {number}")
    recall.turn()
    assert recall(new, "a") is made
    assert recall(new, "b") is not other


def test_a_recollection_keeps_all_where_little_is_new() -> None:
    recall = Recollection()
    made = recall(new, "a")
    for turn in range(10):
        recall(new, f"b {turn}")
        recall.turn()
    assert recall(new, "a") is made


def test_a_recollection_that_forgets_lets_all_go_at_once() -> None:
    recall = Recollection()

    def within(recall: Recollection, thing: object) -> object:
        return recall(new, "a"), thing

    held = weakref.ref(thing := {1})
    recall(within, recall, thing)
    del thing
    assert held() is not None
    gc.disable()
    try:
        recall.forget()
        assert held() is None
    finally:
        gc.enable()


def new(_: str) -> object:
    return object()
