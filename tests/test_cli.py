"""The commands as a person or a workflow runs them: what they print, and how they exit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator import cli
from generator.cli.options import processors
from tests.cases import INCIDENT, small_site, write_files

PATH = "content/incidents/2026-02-22-portal.md"
NOW = "2026-02-22T04:30Z"
# Before the next update is due.
EARLY = "2026-02-22T03:00Z"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a small site."""
    return small_site(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Return exit status, output and messages of a command."""
    status = cli.run([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_check_of_a_sound_site(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "-C", site, "check", "--now", EARLY) == (0, "", "0 problems, 0 warnings\n")


def test_check_prints_places_and_exits_with_one(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: INCIDENT.replace("[portal]", "[portl]")})
    status, out, err = run(capsys, "-C", site, "check", "--now", EARLY)
    assert (status, err) == (1, "1 problem, 0 warnings\n")
    assert out == f'{PATH}:4:14: S104 unknown component "portl"; did you mean "portal"?\n'


def test_check_marks_warnings_and_passes(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: INCIDENT.replace("[portal]", "[]")})
    status, out, _ = run(capsys, "-C", site, "check", "--now", NOW)
    assert status == 0
    assert out.startswith(f"{PATH}:4:1: warning R114 an open incident")


def test_annotations_cannot_be_forged(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "x%0A::set-env name=A::b ##[command]y"
    write_files(site, {PATH: INCIDENT.replace("severity: sev1", f'severity: "{evil}"')})
    status, out, _ = run(capsys, "-C", site, "check", "--now", NOW, "--format", "github")
    assert status == 1
    (line,) = out.splitlines()
    assert line.startswith(f"::error file={PATH},line=3,col=11,title=S105::unknown severity")
    assert "%250A" in line
    assert "##[" not in line
    _, plain, _ = run(capsys, "-C", site, "check", "--now", NOW)
    assert "##[" not in plain


def test_check_as_json(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: INCIDENT.replace("[portal]", "[portl]")})
    _, out, _ = run(capsys, "-C", site, "check", "--now", EARLY, "--format", "json")
    assert json.loads(out) == [
        {
            "path": PATH, "line": 4, "column": 14, "code": "S104", "message": 'unknown component "portl"',
            "hint": 'did you mean "portal"?', "warning": False,
        }
    ]  # fmt: skip


def test_build_says_what_it_did(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "-C", site, "build", "--now", NOW)
    assert status == 0
    assert " files written, 0 unchanged, 0 removed; " in out
    _, out, _ = run(capsys, "-C", site, "build", "--now", NOW)
    assert ": 0 files written, " in out
    assert "; 0 rendered, in " in out


def test_build_of_broken_content_says_so_and_writes_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: "nothing"})
    status, out, err = run(capsys, "-C", site, "build", "--now", NOW)
    assert (status, out) == (1, "")
    assert err.endswith("begin it with a line `---`\n1 problem; nothing was written\n")
    assert not (site / "output").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["build", "--now", "yesterday"], 2, "is not a time with an offset"),
        (["build", "--nope"], 2, "No such option"),
        (["nope"], 2, "No such command"),
        (["build", "--out", "{site}/content"], 2, "content"),
        (["build", "--out", "{site}/content/site.yml/x"], 2, "site.yml"),
        (["import", "cstate", "{site}/nowhere"], 2, "does not exist"),
        (["import", "cstate", "{site}", "--time-zone", "Mars/Base"], 2, "is not a time zone"),
    ],
)
def test_wrong_usage_exits_with_two(
    site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, message: str
) -> None:
    found, _, err = run(capsys, "-C", site, *(argument.format(site=site) for argument in arguments))
    assert (found, message in err) == (status, True), err


def test_a_wrong_epoch_is_told(site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    message = "statique: SOURCE_DATE_EPOCH='soon' is not a number of seconds\n"
    assert run(capsys, "-C", site, "check") == (2, "", message)


def test_the_epoch_is_the_clock(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    status, out, _ = run(capsys, "-C", site, "check")
    assert status == 1
    assert "S111" in out


def test_status_for_a_person(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "-C", site, "status", "--now", NOW)
    assert status == 0
    assert "The portal is down  (2026-02-22-portal)" in out
    assert "We are looking." in out
    assert "Portal" in out


def test_status_for_a_program(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "-C", site, "status", "--now", NOW, "--json")
    state = json.loads(out)
    assert state["overall"] == "critical"
    assert state["components"] == {"portal": "major_outage", "login": "operational"}
    assert [one["id"] for one in state["incidents"]] == ["2026-02-22-portal"]
    assert state["maintenance"] == []


def test_an_interrupt_exits_with_130(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.reading.examine", interrupted)
    assert run(capsys, "-C", site, "check") == (130, "", "\nstopped\n")


def test_import_writes_a_site_that_builds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    write_files(old, {
        "config.yml": "title: Old\nbaseURL: https://old.example/\nlanguageCode: en\n"
        "params:\n  categories: [{name: All}]\n  systems: [{name: api, category: All}]\n",
        "content/issues/2024-01-02-down.md": "---\ntitle: Down\ndate: 2024-01-02 10:00:00\nresolved: true\n"
        "resolvedWhen: 2024-01-02 11:00:00\nseverity: down\naffected: [api]\nsection: issue\n---\n\nAll words.\n",
    })  # fmt: skip
    status, _, err = run(capsys, "-C", new, "import", "cstate", old)
    assert status == 1
    assert "--time-zone" in err
    status, _, err = run(capsys, "-C", new, "import", "cstate", old, "--time-zone", "UTC")
    assert status == 1, "the settings of the first run exist"
    assert "exists and was left as it is" in err
    misfit = small_site(tmp_path / "misfit")
    status, _, err = run(capsys, "-C", misfit, "import", "cstate", old, "--time-zone", "UTC")
    assert status == 2
    assert "lacks the severities down and the components api, which the incidents name; nothing was written" in err
    assert len(list((misfit / "content/incidents").iterdir())) == 1
    assert run(capsys, "-C", new, "check", "--now", NOW)[0] == 0
    assert run(capsys, "-C", new, "build", "--now", NOW)[0] == 0
    pages = list((new / "output/public/incidents").iterdir())
    assert len(pages) == 1
    assert "All words." in (pages[0] / "index.html").read_text("utf-8")


def test_help_is_complete() -> None:
    def commands(group: object, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        found = getattr(group, "commands", {})
        return [(*prefix, name) for name in found] + [
            deeper for name, inner in found.items() for deeper in commands(inner, (*prefix, name))
        ]

    for command in commands(cli.cli):
        result = CliRunner().invoke(cli.cli, [*command, "--help"])
        assert result.exit_code == 0
        assert len(result.output.splitlines()) > 4


def test_a_full_disk_behind_the_output_is_told(site: Path) -> None:
    program = [sys.executable, "-m", "generator.cli", "-C", str(site), "status", "--now", NOW]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "statique: cannot write the output: No space left on device\n")


def test_an_output_where_no_folder_can_be_made_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "-C", site, "build", "--out", "/proc/statique")
    assert status == 3
    assert "/proc/statique" in err


@pytest.mark.parametrize(
    ("system", "available", "expected"), [("linux", 1, 1), ("linux", 2, 2), ("linux", 64, 4), ("darwin", 8, 1)]
)
def test_a_process_for_each_processor_works_where_nobody_says(
    monkeypatch: pytest.MonkeyPatch, system: str, available: int, expected: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(available)), raising=False)
    monkeypatch.setattr(sys, "platform", system)
    assert processors() == expected
