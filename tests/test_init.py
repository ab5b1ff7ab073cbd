"""A new site: it is right at once in whatever languages it begins, and nothing that exists is touched."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import yaml

from generator import __version__, cli
from generator.build import build
from generator.record.load import survey
from generator.record.severities import SEVERITIES
from generator.resources import locales_dir, starter_dir

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
URL = "https://status.acme.example"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = cli.run([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def begun(folder: Path, *options: str, name: str = "Acme") -> Path:
    assert cli.run(["init", str(folder), "--name", name, "--url", URL, *options]) == 0
    return folder


def texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".statique" not in path.parts)
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}


@pytest.mark.parametrize(
    "languages", ["en", "en,fr,es,sv,de,ja,pt-BR,ar", "sv", "fr, en", "en-GB,sv", "ar,pt-BR,de-AT"]
)
def test_a_new_site_checks_clean_and_builds(tmp_path: Path, languages: str) -> None:
    site = begun(tmp_path / "new", "--languages", languages)
    found = survey(site, now=NOW)
    assert found.problems == ()
    assert found.site is not None
    codes = tuple(code.strip() for code in languages.split(","))
    assert found.site.config.languages == codes
    report = build(site, now=NOW)
    assert report.warnings == ()
    for code in codes:
        folder = site / "output/public" / ("" if code == codes[0] else code)
        assert (folder / "about/index.html").is_file()
    # What is ready-made is ready in every language, and in no other.
    assert {tuple(message.texts) for message in found.site.messages} == {codes}
    assert {message.name for message in found.site.messages} == {
        "investigating", "identified", "monitoring", "resolved", "scheduled",
    }  # fmt: skip


def test_what_ships_is_there_in_every_language_of_the_pages(tmp_path: Path) -> None:
    shipped = {path.name.replace("_", "-") for path in locales_dir().iterdir() if path.is_dir()}
    for severity in SEVERITIES:
        assert severity.name.by_language.keys() == severity.meaning.by_language.keys() == shipped
    site = survey(begun(tmp_path / "new", "--languages", ",".join(sorted(shipped))), now=NOW).site
    assert site is not None
    assert {message.title.by_language.keys() == shipped for message in site.messages if message.title} == {True}
    assert {group.name.by_language.keys() == shipped for group in site.groups} == {True}
    assert {lang for page in site.pages for lang in page.translations} == shipped - {site.config.default}


def test_readers_of_a_region_are_given_their_language(tmp_path: Path) -> None:
    site = begun(tmp_path / "new", "--languages", "fr,de-AT")
    build(site, now=NOW)
    page = (site / "output/public/de-AT/severity/index.html").read_text(encoding="utf-8")
    assert '<html lang="de-AT" dir="ltr">' in page
    assert "Schweregrade" in page
    assert '<span class="name" lang="de" dir="ltr">Kritisch</span>' in page


def test_the_form_that_scripts_rely_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, _ = run(
        capsys, "init", "status-site", "--name", "Acme", "--url", URL, "--languages", "en,fr,es,sv",
    )  # fmt: skip
    assert status == 0
    assert re.match(r"status-site: \d+ files written\nNext: statique -C status-site serve", out)
    assert run(capsys, "-C", "status-site", "check")[0] == 0


def test_what_was_said_stands_in_the_settings(tmp_path: Path) -> None:
    name, repository = 'Acme: "the" #1 & Söhne', "https://github.com/acme/status"
    site = begun(tmp_path / "new", "--time-zone", "Europe/Stockholm", "--repository", repository, name=name)
    settings = yaml.safe_load((site / "content/site.yml").read_text(encoding="utf-8"))
    assert settings == {
        "name": name, "url": URL, "languages": ["en"], "time_zone": "Europe/Stockholm", "repository": repository,
    }  # fmt: skip


def test_every_place_for_a_word_is_filled(tmp_path: Path) -> None:
    for path, text in texts(begun(tmp_path / "new")).items():
        assert not re.search(r"%[A-Z]+%", text), path
    assert f"statique=={__version__}" in (tmp_path / "new/.github/workflows/publish.yml").read_text(encoding="utf-8")


def test_all_that_ships_is_written(tmp_path: Path) -> None:
    shipped = {file.relative_to(starter_dir()).as_posix().replace("dot-", ".") for file in starter_dir().rglob("*.*")}
    written = set(texts(begun(tmp_path / "new", "--languages", "en,fr,es,sv")))
    pages = {path for path in shipped if path.startswith("content/pages/")}
    expected = {path for path in shipped - pages if path.count(".") and not path.endswith(".github")}
    assert expected <= written
    spoken = {path.replace(".en.md", ".md") for path in pages if path.split(".")[-2] in ("en", "fr", "es", "sv")}
    assert spoken == {path for path in written if path.startswith("content/pages/")}
    assert "content/components.yml" in written


PROCESS = {"severity-matrix", "triage", "incident-roles", "on-call-policy", "postmortem-policy"}


@pytest.mark.parametrize(("languages", "first"), [("sv,en,de,fr,es", "Hur allvarligt"), ("ja,sv", "How bad")])
def test_process_pages_are_translations_of_each_other(tmp_path: Path, languages: str, first: str) -> None:
    site = begun(tmp_path / "new", "--languages", languages)
    for file in (site / "content/pages").glob("*.md"):
        file.write_text(file.read_text(encoding="utf-8").replace("draft: true\n", ""), encoding="utf-8")
    found = survey(site, now=NOW)
    assert found.site is not None
    pages = {page.original.slug: page for page in found.site.pages}
    assert pages.keys() - {"about"} == PROCESS
    others = set(languages.split(",")[1:])
    assert {frozenset(pages[slug].translations) for slug in PROCESS} == {frozenset(others)}
    assert pages["severity-matrix"].original.title.startswith(first)
    # What only the team can say is left to it, in each language, and told once it is published.
    assert {problem.code for problem in found.problems} == {"R146"}
    assert {problem.path.partition(".")[0] for problem in found.problems} == {"content/pages/on-call-policy"}
    assert len(found.problems) == 1 + len(others)
    for slug in PROCESS:
        page = pages[slug]
        assert {_shape(one.body) for one in page.translations.values()} == {_shape(page.original.body)}
    assert f"({URL}/{languages[-2:]}/severity/)" in pages["triage"].translations[languages[-2:]].body


def _shape(text: str) -> tuple[int, ...]:
    """Return how many headings, items and rows a text has."""
    return tuple(len(re.findall(mark, text, re.MULTILINE)) for mark in (r"^#", r"^(?:-|\d\.)", r"^\|"))


@pytest.mark.parametrize("present", ["README.md", "content/site.yml", ".hidden"])
def test_a_folder_with_anything_in_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], present: str
) -> None:
    file = tmp_path / "new" / present
    file.parent.mkdir(parents=True)
    file.write_text("mine", encoding="utf-8")
    status, _, err = run(capsys, "init", tmp_path / "new", "--name", "Acme", "--url", URL)
    assert status == 2
    assert present.split("/", maxsplit=1)[0] in err
    assert texts(tmp_path / "new") == {present: "mine"}


def test_a_repository_without_files_is_empty(tmp_path: Path) -> None:
    (tmp_path / "new/.git").mkdir(parents=True)
    begun(tmp_path / "new")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--languages", "pl"], 'no texts in "pl" yet; there are ar, de, en, es, fr, ja, pt-BR, sv'),
        (["--languages", "English"], '"English" is not a language'),
        (["--languages", ","], "a site needs a language"),
        (["--url", "status.acme.example"], "is not a web address"),
        (["--url", f"{URL}/?a=b"], "the site's address ends at its path"),
        (["--name", "\x00"], ""),
        (["--name", " "], "name"),
        (["--repository", "acme/status"], "is not a web address"),
        (["--time-zone", "CEST"], "is not a time zone"),
    ],
)
def test_what_is_refused_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    status, _, err = run(capsys, "init", tmp_path / "new", "--name", "Acme", "--url", URL, *options)
    assert status == 2
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "new").exists()


def test_without_a_terminal_nothing_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "init", tmp_path / "new", "--name", "Acme")
    assert (status, err) == (2, "statique: a new site needs --name and --url\n")


def test_at_a_terminal_what_is_missing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["Acme", URL, "sv, en", "Europe/Stockholm", ""])
    monkeypatch.setattr("generator.cli.start.at_terminal", lambda: True)
    monkeypatch.setattr(click.termui, "visible_prompt_func", lambda _: next(answers))
    assert cli.run(["init", str(tmp_path / "new")]) == 0
    found = survey(tmp_path / "new", now=NOW)
    assert found.site is not None
    config = found.site.config
    assert (config.url, config.languages, config.time_zone) == (URL, ("sv", "en"), "Europe/Stockholm")
    assert next(answers, None) is None


def test_the_workflows_give_each_job_no_more_than_it_needs(tmp_path: Path) -> None:
    site = begun(tmp_path / "new")
    for name in ("check", "publish", "report"):
        text = (site / f".github/workflows/{name}.yml").read_text(encoding="utf-8")
        workflow = yaml.safe_load(text)
        assert workflow["permissions"] == {}
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                assert "${{" not in step.get("run", ""), "a value from outside never becomes part of a command"
                if "checkout" in step.get("uses", ""):
                    assert step["with"]["persist-credentials"] is False
        assert "secrets." not in json.dumps(workflow)
    check = yaml.safe_load((site / ".github/workflows/check.yml").read_text(encoding="utf-8"))
    assert check[True] == "pull_request"  # `on` is a boolean to YAML 1.1


@pytest.mark.parametrize("name", ["check", "publish", "report"])
def test_the_workflows_are_those_of_this_repository_with_the_released_program(root: Path, name: str) -> None:
    own = (root / f".github/workflows/{name}.yml").read_text(encoding="utf-8")
    shipped = (starter_dir() / f"dot-github/workflows/{name}.yml").read_text(encoding="utf-8")
    for foreign in (
        r"(?:      # The program that judges.*\n)?      - name: Get the program, as released\n(?:        .*\n)+",
        r"(?<=pip install ).*", r"(?<=statique-)[\d.]+(?=-)",
    ):  # fmt: skip
        own = re.sub(foreign, "", own)
    assert re.sub(r'"statique==%VERSION%"|%VERSION%', "", shipped) == own


@pytest.mark.parametrize(("languages", "labels"), [("en", []), ("sv,fr,en", ["(fr)", "(fr)", "(en)", "(en)"])])
def test_the_form_asks_in_the_languages_of_the_site(tmp_path: Path, languages: str, labels: list[str]) -> None:
    site = begun(tmp_path / "new", "--languages", languages)
    form = yaml.safe_load((site / ".github/ISSUE_TEMPLATE/incident.yml").read_text(encoding="utf-8"))
    fields = {field["attributes"].get("label", ""): field["attributes"] for field in form["body"]}
    assert re.findall(r"\(\w+\)", " ".join(fields)) == labels
    components = yaml.safe_load((site / "content/components.yml").read_text(encoding="utf-8"))
    ids = [one["id"] for group in components["groups"] for one in group["components"]]
    assert fields["Components"]["options"] == ids


def test_the_commands_that_its_readme_names_exist(tmp_path: Path) -> None:
    readme = (begun(tmp_path / "new") / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    statique (\w+)(.*)", readme, re.MULTILINE)
    assert lines
    for name, rest in lines:
        command = cli.cli.commands[name]
        known = {option for param in command.params for option in param.opts}
        assert set(re.findall(r" (--[a-z-]+)", rest.split("#")[0])) <= known, name
