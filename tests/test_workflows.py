"""The workflows: safe by zizmor and by rules of our own, valid by schema, and the check job does what it should."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import __version__
from generator.build import OUTPUT
from generator.connect.issue import LABELS, read_form
from generator.reading import MEMO
from generator.record.load import load_site
from generator.resources import starter_dir
from generator.terms import PHASES, Kind
from tests.cases import INCIDENT, write_files
from tests.repositories import ENVIRONMENT, branch, commit, git, published_site
from tests.test_history import NOW

ROOT = Path(__file__).resolve().parent.parent
OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
STARTERS = sorted((starter_dir() / "dot-github" / "workflows").glob("*.yml"))
FORM = ROOT / ".github" / "ISSUE_TEMPLATE" / "incident.yml"
TOOLS = Path(sys.executable).parent
PINNED = re.compile(r"uses: ([\w-]+/[\w/-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$")


@cache
def workflow(path: Path) -> dict[str, Any]:
    """Return a workflow; YAML takes the key ``on`` for the word true."""
    document: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return {"on" if key is True else key: value for key, value in document.items()}


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = workflow(path)["jobs"]
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(path).values():
        yield from job["steps"]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ})


both = pytest.mark.parametrize("path", [*OURS, *STARTERS], ids=lambda path: "/".join(path.parts[-4:]))


# --- what tools and rules say


def test_there_are_workflows() -> None:
    assert {path.name for path in OURS} == {"check.yml", "ci.yml", "publish.yml", "report.yml"}
    assert {path.name for path in STARTERS} >= {"check.yml", "publish.yml"}


def test_zizmor_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=TOOLS)
    assert zizmor, "pip install -e .[test]"
    done = run(zizmor, "--offline", "--no-progress", "--persona=pedantic", *map(str, OURS))
    assert done.returncode == 0, done.stdout + done.stderr
    done = run(zizmor, "--offline", "--no-progress", *map(str, STARTERS))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "paths"),
    [("vendor.github-workflows", (*OURS, *STARTERS)), ("vendor.github-issue-forms", (FORM,))],
    ids=["workflows", "form"],
)
def test_schemas_are_met(schema: str, paths: tuple[Path, ...]) -> None:
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths))
    assert done.returncode == 0, done.stdout + done.stderr


@both
def test_actions_are_pinned_by_their_commits(path: Path) -> None:
    lines = [line.strip().removeprefix("- ") for line in path.read_text("utf-8").splitlines()]
    assert [line for line in lines if line.startswith("uses:") and not PINNED.match(line)] == []


def test_an_action_has_one_commit_everywhere() -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    for path in (*OURS, *STARTERS):
        for action, sha, version in re.findall(
            r"uses: ([\w-]+/[\w-]+)\S*@([0-9a-f]{40}) # (\S+)", path.read_text("utf-8")
        ):
            pins.setdefault(action, set()).add((sha, version))
    assert {action for action, found in pins.items() if len(found) > 1} == set()


@both
def test_nothing_untrusted_stands_in_a_script(path: Path) -> None:
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


@both
def test_each_job_has_the_least_rights(path: Path) -> None:
    assert workflow(path)["permissions"] == {}
    granted = {name: job["permissions"] for name, job in jobs(path).items()}
    allowed = {
        "deploy": {"pages": "write", "id-token": "write"},
        "open": {"contents": "write", "pull-requests": "write", "issues": "write"},
        "answer": {"issues": "write"},
    }
    assert granted == {name: allowed.get(name, {"contents": "read"}) for name in granted}
    assert all(job["timeout-minutes"] <= 30 for job in jobs(path).values())


@both
def test_no_checkout_keeps_its_token_and_no_secret_is_asked_for(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert "secrets." not in path.read_text("utf-8")
    assert workflow(path)["on"] not in ("pull_request_target", "workflow_run")


@pytest.mark.parametrize("path", [path for path in OURS if path.name != "ci.yml"], ids=lambda path: path.name)
def test_the_program_comes_from_its_release(path: Path) -> None:
    sources = [step["with"] for step in steps(path) if step.get("with", {}).get("path") == ".statique/program"]
    assert sources
    assert all(one["ref"] == f"v{__version__}" and "repository" not in one for one in sources)
    installs = [step["run"] for step in steps(path) if "pip install" in step.get("run", "")]
    assert installs == ["python -m pip install ./.statique/program"] * len(sources)


def test_a_pull_request_may_come_from_anyone() -> None:
    check = ROOT / ".github/workflows/check.yml"
    assert workflow(check)["on"] == "pull_request"
    assert "github.token" not in check.read_text("utf-8")
    assert jobs(check)["check"]["steps"][0]["with"]["fetch-depth"] == 0


def test_publishing_loses_no_push() -> None:
    publish = ROOT / ".github/workflows/publish.yml"
    assert workflow(publish)["concurrency"] == {"group": "publish", "cancel-in-progress": False}
    assert set(workflow(publish)["on"]) == {"push", "schedule", "workflow_dispatch"}
    # A run that waited builds what is there by then, whatever event began it.
    assert jobs(publish)["build"]["steps"][0]["with"]["ref"] == "main"
    upload = next(step for step in steps(publish) if "upload-pages-artifact" in step.get("uses", ""))
    assert upload["with"] == {"path": "output/public", "include-hidden-files": True}
    assert jobs(publish)["deploy"]["needs"] == "build"


@pytest.mark.parametrize("path", [path for path in (*OURS, *STARTERS) if path.name == "publish.yml"])
def test_a_publication_begins_with_what_the_last_one_made_and_believes_no_other(path: Path) -> None:
    cached = next(step for step in jobs(path)["build"]["steps"] if step.get("uses", "").startswith("actions/cache@"))
    assert cached["with"]["path"].split() == [MEMO.as_posix(), OUTPUT.as_posix()]
    names = [step["name"] for step in jobs(path)["build"]["steps"]]
    forgotten = next(step for step in jobs(path)["build"]["steps"] if step["name"] == "Forget what is remembered")
    assert forgotten["run"].split() == ["rm", "-rf", MEMO.parts[0], OUTPUT.parts[0]]
    assert names.index(forgotten["name"]) < names.index(cached["name"]) < names.index("Build the site")


def test_the_program_is_tested_on_three_systems() -> None:
    matrix = jobs(ROOT / ".github/workflows/ci.yml")["test"]["strategy"]["matrix"]
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == ["3.11", "3.14"]


# --- the issue form


def fields() -> list[dict[str, Any]]:
    return [field for field in yaml.safe_load(FORM.read_text("utf-8"))["body"] if field["type"] != "markdown"]


def test_the_form_offers_what_the_content_has() -> None:
    site, _ = load_site(ROOT, now=NOW.replace(year=2027))
    default = site.config.default
    options = {field["attributes"]["label"]: field["attributes"].get("options") for field in fields()}
    assert options["Severity"] == [
        f"{one.id}: {one.name.resolve(default, default)[0]}" for one in site.config.severities
    ]
    assert options["Components"] == [id for id, one in site.components().items() if one.retired is None]
    assert options["Status"] == [str(phase) for phase in PHASES[Kind.INCIDENT]]
    others = site.config.languages[1:]
    translated = {f"{label} ({lang})" for label in ("Title", "What readers should know") for lang in others}
    assert options.keys() == {*LABELS, *translated}


def test_the_program_reads_every_field_of_the_form() -> None:
    labels = [field["attributes"]["label"] for field in fields()]
    found = read_form("\n\n".join(f"### {label}\n\nvalue of {label}" for label in labels))
    assert sorted(found.values()) == sorted(f"value of {label}" for label in labels)


# --- the check job, step by step as written


@dataclass(frozen=True)
class Outcome:
    """How each step of a job ended, what all of them printed, and the job's summary."""

    results: Mapping[str, str]
    printed: str
    summary: str
    folder: Path

    @property
    def annotations(self) -> list[str]:
        return [line for line in self.printed.splitlines() if line.startswith("::")]


def bash() -> str:
    """Return the shell that runners use; on Windows that which comes with git."""
    if os.name == "nt":
        return str(Path(shutil.which("git") or "").parent.parent / "bin" / "bash.exe")
    return "bash"


def carry_out(path: Path, job: str, folder: Path, runner: Path, **github: str) -> Outcome:
    """Run the scripts of a job in a checkout, with the environment that a runner sets.

    Actions are taken as done; the program is the present one, so installing it is left out.
    """
    (runner / "summary").write_text("", encoding="utf-8")
    base = {
        **ENVIRONMENT,
        "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
        "CI": "true",
        "GITHUB_WORKSPACE": str(folder),
        "GITHUB_STEP_SUMMARY": str(runner / "summary"),
        "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
    }
    results: dict[str, str] = {}
    printed = ""
    for step in jobs(path)[job]["steps"]:
        name, failed = step["name"], "failure" in results.values()
        condition = step.get("if")
        assert condition in (None, "${{ !cancelled() }}"), "teach this test the condition"
        if (failed and condition is None) or "run" not in step or step.get("id") == "install":
            results[name] = "skipped" if failed and condition is None else "success"
            continue
        own = {key: filled(value, github) for key, value in step.get("env", {}).items()}
        script = runner / "step.sh"
        script.write_text(step["run"], encoding="utf-8", newline="\n")
        done = subprocess.run(
            [bash(), "--noprofile", "--norc", "-e", str(script)], cwd=folder, env={**base, **own},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        printed += done.stdout
        results[name] = "failure" if done.returncode else "success"
    return Outcome(results, printed, (runner / "summary").read_text("utf-8"), folder)


def filled(value: str, github: Mapping[str, str]) -> str:
    """Return an environment variable's value with the expressions that a job may use filled in."""
    return re.sub(r"\$\{\{ github\.(\w+) \}\}", lambda match: github[match[1]], value)


@pytest.fixture
def pull_request(tmp_path: Path) -> Any:
    """Give a function that turns files into a checked-out pull request, as the action leaves it."""

    def prepare(files: Mapping[str, str]) -> Path:
        site = published_site(tmp_path / "site", **{"content/incidents/2026-02-20-old.md": OLD})
        branch(site, "topic", dict(files))
        git(site, "checkout", "--quiet", "main")
        write_files(site, {"content/incidents/2026-02-21-meanwhile.md": OLD.replace("20 ", "21 ")})
        commit(site, "Published while the pull request was open")
        git(site, "checkout", "--quiet", "-b", "merge")
        git(site, "merge", "--quiet", "--no-edit", "topic")
        folder = tmp_path / "checkout"
        git(tmp_path, "clone", "--quiet", "--no-checkout", site.as_uri(), str(folder))
        git(folder, "checkout", "--quiet", "--detach", "origin/merge")
        return folder

    return prepare


OLD = INCIDENT.replace("2026-02-22", "2026-02-20").replace("The portal is down", "An old one") + (
    "\n## resolved 2026-02-20 03:43 UTC\n\nIt works again.\n"
)
PATH = "content/incidents/2026-02-22-portal.md"
CHECK = ROOT / ".github" / "workflows" / "check.yml"


def test_a_good_pull_request(pull_request: Any, tmp_path: Path) -> None:
    folder = pull_request({PATH: INCIDENT + "\n## resolved 2026-02-22 03:43 UTC\n\nThe portal works again.\n"})
    outcome = carry_out(CHECK, "check", folder, tmp_path, base_ref="main")
    assert set(outcome.results.values()) == {"success"}, outcome.printed
    warnings = [line for line in outcome.annotations if "title=translation" in line]
    owed = [line for line in outcome.annotations if "title=R145" in line]
    assert sorted((*warnings, *owed)) == sorted(outcome.annotations)
    assert any("2026-02-20-old.md" in line for line in owed)
    assert any(f"file={PATH},line=11," in line for line in warnings)
    assert "| Portal | Major outage | Operational |" in outcome.summary
    assert "**resolved**: [The portal is down]" in outcome.summary
    assert "meanwhile" not in outcome.summary
    site = folder / "output" / "public"
    assert (site / "incidents/2026-02-22-portal/index.html").is_file()
    assert (site / ".nojekyll").is_file()


def test_a_bad_pull_request(pull_request: Any, tmp_path: Path) -> None:
    folder = pull_request({
        PATH: INCIDENT.replace("We are looking.", "We were never looking."),
        "content/incidents/2026-02-22-new.md": INCIDENT.replace("[portal]", "[portl]"),
        "content/incidents/2026-02-20-old.md": OLD.partition("\n## resolved")[0],
    })  # fmt: skip
    outcome = carry_out(CHECK, "check", folder, tmp_path, base_ref="main")
    assert [name for name, result in outcome.results.items() if result == "failure"] == [
        "Check the content, and that nothing published was changed", "Say what readers would see",
    ]  # fmt: skip
    assert outcome.results["Build the site"] == outcome.results["Keep the site, to be looked at"] == "skipped"
    errors = [line for line in outcome.annotations if line.startswith("::error")]
    assert [re.sub(r"::(?!error).*", "", line) for line in errors] == [
        "::error file=content/incidents/2026-02-20-old.md,line=7,col=1,title=A105",
        "::error file=content/incidents/2026-02-22-new.md,line=4,col=14,title=S104",
        f"::error file={PATH},line=9,col=4,title=A108",
    ]
    assert '"We are looking." and is now "We were never looking."' in errors[2]
    assert "It works again." in errors[0]
    assert "the site cannot be built" in outcome.summary
    assert 'unknown component "portl"' in outcome.summary


def test_a_published_text_that_changes_is_shown_and_refused(pull_request: Any, tmp_path: Path) -> None:
    folder = pull_request({PATH: INCIDENT.replace("We are looking.", "We were never looking.")})
    outcome = carry_out(CHECK, "check", folder, tmp_path, base_ref="main")
    assert outcome.results["Say what readers would see"] == "success"
    assert "We were never looking" in outcome.summary
    assert [line.partition("title=")[2][:4] for line in outcome.annotations if "::error" in line] == ["A108"]


def test_a_branch_name_is_no_command(pull_request: Any, tmp_path: Path) -> None:
    folder = pull_request({PATH: INCIDENT})
    name = "x;touch${IFS}obeyed;$(touch${IFS}obeyed)"
    outcome = carry_out(CHECK, "check", folder, tmp_path, base_ref=name)
    assert outcome.results["Check the content, and that nothing published was changed"] == "failure"
    assert "git knows no revision" in outcome.printed
    assert not list(tmp_path.rglob("obeyed"))


# --- the report job: from the event's file to the files of the incident


def test_a_report_is_written_without_a_word_reaching_the_shell(tmp_path: Path) -> None:
    report = ROOT / ".github" / "workflows" / "report.yml"
    step = next(step for step in jobs(report)["read"]["steps"] if step.get("id") == "write")
    site = published_site(tmp_path / "site")
    evil = '$(touch obeyed) `touch obeyed`; touch obeyed\n"; touch obeyed #'
    body = "### Title\n\nAll $(touch obeyed)\n\n### Severity\n\nsev1: x\n\n### Components\n\nportal\n\n"
    issue = {"body": f"{body}### What readers should know\n\n{evil}\n", "created_at": "2026-02-22T02:51:07Z"}
    event, output = tmp_path / "event.json", tmp_path / "output"
    event.write_text(json.dumps({"issue": issue}), encoding="utf-8")
    variables = {
        **ENVIRONMENT, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "GITHUB_EVENT_PATH": str(event),
        "GITHUB_OUTPUT": str(output), "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
    }  # fmt: skip
    done = subprocess.run([bash(), "-e", "-c", step["run"]], cwd=site, env=variables, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert output.read_text("utf-8") == "written=true\n"
    shutil.unpack_archive(site / ".statique/report/files.tar", tmp_path / "unpacked", "tar")
    (file,) = [path for path in (tmp_path / "unpacked").rglob("*") if path.is_file()]
    assert file.relative_to(tmp_path / "unpacked").as_posix() == "content/incidents/2026-02-22-all-touch-obeyed.md"
    assert evil in file.read_text("utf-8")
    assert not list(tmp_path.rglob("obeyed"))
