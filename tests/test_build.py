"""The whole flow: what a build writes, what it leaves alone, and what it never lets out."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.build import Report, build
from generator.errors import ContentError, ThemeError
from generator.publish import look
from generator.view.speaker import Speaker
from tests.cases import INCIDENT, SITE, small_site, write_files

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
RESOLVED = "\n## resolved 2026-02-22 03:43 UTC\n\nAll is well.\n"


def older(day: int) -> str:
    """Return a resolved incident of a day in January."""
    return (INCIDENT + RESOLVED).replace("2026-02-22", f"2026-01-{day:02}").replace("[portal]", "[login]")


def built(site: Path, out: Path | None = None, *, now: datetime = NOW, jobs: int = 1) -> Report:
    """Build a site."""
    return build(site, now=now, out=out, jobs=jobs)


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder with their bytes."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def fresh(site: Path, out: Path, *, now: datetime = NOW) -> dict[str, bytes]:
    """Return what a build without memo and output makes."""
    memo = site / ".statique"
    kept = site / ".kept"
    if memo.exists():
        memo.rename(kept)
    built(site, out, now=now)
    for file in memo.rglob("*"):
        file.unlink()
    memo.rmdir()
    if kept.exists():
        kept.rename(memo)
    return tree(out)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a site with an open incident and two old ones."""
    files = {f"content/incidents/2026-01-{day:02}-old.md": older(day) for day in (3, 9)}
    return small_site(tmp_path / "site", **files)


def test_a_second_build_renders_nothing(site: Path) -> None:
    assert built(site).published.rendered > 50
    again = built(site).published
    assert (again.rendered, again.written, again.removed) == (0, (), ())
    assert built(site, now=NOW + timedelta(minutes=20)).published.rendered == 0


def test_every_phase_is_told_of(site: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(site, now=NOW, progress=lambda *step: told.append(step))
    assert {phase for phase, _, _ in told} == {"read", "index", "render", "move"}
    assert told[0] == ("read", 3, 0)
    assert told[-1][0] == "move"


def test_one_update_touches_only_what_shows_it(site: Path) -> None:
    built(site)
    write_files(site, {PATH: INCIDENT + RESOLVED})
    done = built(site).published
    assert "index.html" in done.written
    assert "fr/incidents/2026-02-22-portal/index.html" in done.written
    assert "components/portal/feed.json" in done.written
    untouched = {"incidents/2026-01-03-old/", "history/2026/01/", "components/login/", "subscribe/", "assets/"}
    assert not [path for path in done.written if any(part in path for part in untouched)]
    assert done.unchanged > len(done.written) / 2


def test_a_translation_touches_only_its_language(site: Path) -> None:
    built(site)
    french = "---\ntitle: Panne\n---\n\n## investigating 2026-02-22 02:51 UTC\n\nNous cherchons.\n"
    write_files(site, {PATH.replace(".md", ".fr.md"): french})
    written = built(site).published.written
    assert written
    assert all(path.startswith("fr/") or path == ".statique-manifest" for path in written)


EDITS = st.lists(
    st.sampled_from(
        ["resolve", "retitle", "translate", "untranslate", "add", "remove", "rename", "component", "site", "theme",
         "catalogue", "day", "page", "postmortem", "dialect", "severity", "repository", "zone", "work", "lose",
         "damage", "kill"]
    ),
    min_size=20,
    max_size=20,
)  # fmt: skip


CATALOGUE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "History"\nmsgstr "H{}"\n'
WORK = """\
---
title: Work
scheduled: {{from: 2026-02-24 21:00 UTC, until: 2026-02-24 23:{:02} UTC}}
components: [login]
---

## scheduled 2026-02-20 09:00 UTC

A switch.
"""
MATRIX = """\
severities:
  - {{id: sev1, name: Grave {}, meaning: {{en: Bad, fr: Mauvais}}, state: major_outage, impact: {}}}
"""


def written(step: str, number: int) -> dict[str, str]:
    """Return the files that a step of editing writes."""
    day, impact = 10 + number % 18, ("critical", "minor")[number % 2]
    settings = "content/site.yml"
    files = {
        "resolve": {PATH: INCIDENT + RESOLVED},
        "retitle": {PATH: INCIDENT.replace("is down", f"is down {number}")},
        "translate": {PATH.replace(".md", ".fr.md"): f"---\ntitle: Panne {number}\n---\n"},
        "add": {f"content/incidents/2026-01-{day}-new.md": older(day)},
        "site": {settings: SITE.replace("Acme", f"Acme {number}")},
        "severity": {settings: SITE + MATRIX.format(number, impact)},
        "repository": {settings: f"{SITE}repository: https://github.com/acme/status-{number}\n"},
        "zone": {settings: SITE.replace("Europe/Stockholm", ("Asia/Tokyo", "America/Lima")[number % 2])},
        "dialect": {settings: SITE + f"markdown: {('gfm', 'markdown')[number % 2]}\n"},
        "work": {"content/maintenance/2026-02-24-work.md": WORK.format(number)},
        "theme": {"themes/default/static/extra.css": f"/* {number} */"},
        "catalogue": {"locales/fr/LC_MESSAGES/messages.po": CATALOGUE.format(number)},
        "page": {"content/pages/about.md": f"---\ntitle: About\n---\n\nWords {number}.\n"},
        "postmortem": {
            "content/postmortems/2026-02-22-portal.md": (
                f"---\ntitle: Why {number}\nincident: 2026-02-22-portal\n---\n\n## Summary\n\nBecause.\n"
            )
        },
    }
    return files.get(step, {})


def edit(site: Path, step: str, number: int) -> None:
    """Make one of the changes that people make to a site."""
    write_files(site, written(step, number))
    old, memo = site / "content/incidents/2026-01-03-old.md", site / ".statique/memo.sqlite3"
    if step == "untranslate":
        (site / PATH.replace(".md", ".fr.md")).unlink(missing_ok=True)
    elif step == "remove":
        old.unlink(missing_ok=True)
    elif step == "rename" and old.exists():
        old.rename(old.with_name("2026-01-03-renamed.md"))
    elif step == "component":
        file = site / "content/components.yml"
        file.write_text(file.read_text("utf-8").replace("name: Login", f"name: Login {number}"), "utf-8")
    elif step == "lose":
        memo.unlink(missing_ok=True)
    elif step == "damage" and memo.exists():
        data = bytearray(memo.read_bytes())
        data[len(data) * number // 20 :: 97] = bytes(len(data[len(data) * number // 20 :: 97]))
        memo.write_bytes(data)


def killed(site: Path, out: Path, now: datetime, after: int) -> None:
    """Begin a build in a process that dies at once when it has opened or moved so many files."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    left = after

    def mortal(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(9)
            return call(*arguments, **named)

        return called

    os.open, os.replace, os.rename = mortal(os.open), mortal(os.replace), mortal(os.rename)
    try:
        built(site, out, now=now)
    finally:
        os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a build is killed in a process of its own")
@settings(
    max_examples=5, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EDITS, st.integers(0, 400))
def test_incremental_equals_clean_over_a_hundred_edits(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], after: int
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    site, out = small_site(folder / "site", **{"content/incidents/2026-01-03-old.md": older(3)}), folder / "out"
    now = NOW
    with pytest.MonkeyPatch.context() as patch:
        # What has just been written is trusted, as it will be a moment later; and several jobs are several processes.
        patch.setattr(look, "REST", 0)
        patch.setattr("generator.publish.workers.can_fork", lambda: True)
        for number, step in enumerate(steps):
            edit(site, step, number)
            now += timedelta(days=step == "day")
            if step == "kill":
                killed(site, out, now, after)
            built(site, out, now=now, jobs=1 + number % 2)
            if number % 10 == 9:
                assert tree(out) == fresh(site, folder / f"clean{number}", now=now), steps[: number + 1]


def test_the_bytes_depend_on_content_and_clock_alone(site: Path, tmp_path: Path) -> None:
    outs = []
    for seed, zone, jobs in (("1", "UTC", "1"), ("2", "Asia/Tokyo", "2")):
        out = tmp_path / f"out{seed}"
        environment = os.environ | {
            "PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": "1771734600", "LC_ALL": "C",
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "generator.cli", "-C", site, "build", "--clean", "--out", out, "--jobs", jobs],
            check=True, env=environment, cwd=Path(__file__).parent.parent, capture_output=True,
        )  # fmt: skip
        outs.append(tree(out))
    assert outs[0] == outs[1]


def test_a_checkout_beside_what_was_made_before_makes_what_changed(site: Path, tmp_path: Path) -> None:
    write_files(site, {f"content/incidents/2025-12-{day:02}-older.md": older(day) for day in range(1, 29)})
    build(site, now=NOW)
    kept = tmp_path / "kept"
    for name in (".statique", "output"):
        shutil.move(site / name, kept / name)
    files = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in (site / "content").rglob("*.*")}
    shutil.rmtree(site)
    write_files(site, {path: text for path, text in files.items() if path != PATH} | {PATH: INCIDENT + RESOLVED})
    for name in (".statique", "output"):
        shutil.copytree(kept / name, site / name)
    done = build(site, now=NOW).published
    assert done.rendered < done.unchanged / 2
    assert not [path for path in done.written if "older" in path]
    assert tree(site / "output/public") == fresh(site, tmp_path / "clean")


def test_no_language_is_kept_when_others_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[weakref.ref[Speaker]] = []
    alive: list[int] = []

    class Counted(Speaker):
        def __init__(self, *settings: Any) -> None:
            alive.append(sum(one() is not None for one in spoken))
            super().__init__(*settings)
            spoken.append(weakref.ref(self))

    monkeypatch.setattr("generator.view.project.Speaker", Counted)
    site = small_site(tmp_path / "site", **{"content/site.yml": SITE.replace("[en, fr]", "[en, fr, es, sv]")})
    gc.disable()  # what is let go is gone at once, however seldom garbage is collected
    try:
        built(site)
    finally:
        gc.enable()
    assert alive == [0, 0, 0, 0]  # each is let go before the next is told


def test_a_broken_file_leaves_the_output_as_it_was(site: Path) -> None:
    built(site)
    before = tree(site / "output")
    write_files(site, {PATH: INCIDENT.replace("sev1", "sev9"), "content/incidents/x.md": "no front matter"})
    with pytest.raises(ContentError) as caught:
        built(site)
    errors = [problem.code for problem in caught.value.problems if not problem.warning]
    assert errors == ["S105", "Y101"]
    assert tree(site / "output") == before


def test_a_template_that_asks_for_what_is_not_there_fails_with_its_place(site: Path) -> None:
    built(site)
    before = tree(site / "output")
    template = "{% extends 'base.html' %}\n\n{% block main %}{{ page.commander }}{% endblock %}\n"
    write_files(site, {"themes/default/templates/severity.html": template})
    with pytest.raises(ThemeError, match=r"themes/default/templates/severity\.html:3: .*commander"):
        built(site)
    assert tree(site / "output") == before


def test_a_sub_path_is_respected_everywhere(tmp_path: Path) -> None:
    text = SITE.replace("https://status.acme.example", "https://acme.github.io/status")
    site = small_site(tmp_path, **{"content/site.yml": text})
    built(site)
    from lxml import html

    for file in (site / "output/public").rglob("*.html"):
        for element in html.fromstring(file.read_bytes()).iter("a", "link", "script", "img"):
            address = element.get("href") or element.get("src")
            if address is None and element.tag == "script":
                continue
            assert address is not None
            assert address.startswith(("/status/", "https://", "#", "mailto:", "webcal:")), (file, address)
    assert not (site / "output/public/CNAME").exists()


CANARY = "canary-7f3a"


def test_what_is_not_public_reaches_no_output(site: Path) -> None:
    draft = f"""---
title: Draft {CANARY}
severity: sev1
components: {{portal: major_outage}}
tags: [{CANARY}]
aliases: [{CANARY}-old]
links: [{{label: {CANARY}, url: https://{CANARY}.example/}}]
draft: true
---

## investigating 2026-02-22 02:51 UTC

Words {CANARY}.
"""
    words = f"---\ntitle: {CANARY}\n---\n\n## investigating 2026-02-22 02:51 UTC\n\n{CANARY}\n"
    work = draft.replace("severity: sev1", "scheduled: {from: 2026-03-01 22:00 UTC, until: 2026-03-01 23:00 UTC}")
    write_files(site, {
        f"content/incidents/{CANARY}.md": draft,
        f"content/incidents/{CANARY}.fr.md": words,
        f"content/maintenance/{CANARY}-work.md": work.replace("investigating", "scheduled").replace("-old", "-older"),
        f"content/pages/{CANARY}.md": f"---\ntitle: {CANARY}\ndescription: {CANARY}\ndraft: true\n---\n\n{CANARY}\n",
        f"content/internal/incidents/{CANARY}.md": f"---\ncommander: {CANARY}\n---\n{CANARY}\n",
        "content/internal/incidents/2026-02-22-portal.md": f"---\ncommander: {CANARY}\n---\n{CANARY}\n",
        "content/internal/people.yml": f"{CANARY}: {CANARY}\n",
        PATH: INCIDENT.replace("severity:", f"# {CANARY}\nseverity:"),
    })  # fmt: skip
    built(site)
    for name, data in tree(site / "output/public").items():
        assert CANARY not in name
        assert CANARY.encode() not in data, name


def test_every_incident_has_a_page_in_every_language(site: Path) -> None:
    built(site)
    for lang in ("", "fr/"):
        for id in ("2026-02-22-portal", "2026-01-03-old", "2026-01-09-old"):
            assert (site / f"output/public/{lang}incidents/{id}/index.html").is_file()
