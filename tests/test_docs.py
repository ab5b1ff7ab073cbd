"""What the documents say is what the program does: commands, keys, codes, messages, links and examples."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
import yaml

from generator.build import build
from generator.cli import cli
from generator.errors import Problem
from generator.importers.cstate import read_cstate
from generator.record.blameless import naming
from generator.record.internal import survey_internal
from generator.record.internal_check import internal_problems
from generator.record.internal_fields import Facts
from generator.record.internal_model import Context, EventKind, InternalRecord, Stage
from generator.record.internal_sections import READERS
from generator.record.load import survey
from generator.record.model import Site
from generator.record.process import Owed, actions, overdue
from generator.render import routes
from generator.reports import plain
from generator.resources import themes_dir
from tests.cases import COMPONENTS, INCIDENT, SITE, read_case, small_site, write_files
from tests.rosters import FAULTS, ONCALL, PEOPLE, roster
from tests.rosters import NOW as DUTY

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DOCUMENTS = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
RECORD = ROOT / "generator" / "record"
NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)

_FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"^\*\*([\w./-]+/[\w.-]+)\*\*\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)

# Which section of content.md describes the keys that a reader of the record asks for.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("read_config", "_site_address", "_languages", "_zone", "_windows", "_weights", "_severities", "_folder"),
        ("Settings: `site.yml`",),
    ),
    **dict.fromkeys(("read_branding", "_logo", "_accent"), ("Branding",)),
    "_severity": ("Severities",),
    **dict.fromkeys(("read_catalogue", "_group", "_component"), ("Components: `components.yml`",)),
    "read_incident": ("Incidents", "Maintenance"),
    "_components": ("Incidents", "Updates", "Maintenance"),
    "_window": ("Maintenance",),
    "_update": ("Updates",),
    "references": ("Settings: `site.yml`", "Incidents"),
    "read_postmortem": ("Postmortems",),
    **dict.fromkeys(("_action", "_actions"), ("Postmortems",)),
    "read_postmortem_translation": ("Postmortems",),
    "read_translation": ("Translations of incidents and maintenance",),
    "read_message": ("Ready-made updates",),
    "read_page": ("Free pages",),
    "accepted": ("Incidents", "Maintenance", "Free pages", "Ready-made updates"),
    **dict.fromkeys(
        ("read_people", "_person", "read_zone", "_spellings", "_contacts"), ("People: `internal/people.yml`",)
    ),
    **dict.fromkeys(
        ("read_oncall", "_rotation", "_length", "_handoff", "_layers", "_override", "_holiday"),
        ("On call: `internal/oncall.yml`",),
    ),
}


@cache
def document(name: str) -> str:
    """Return a document's text."""
    return (DOCS / name).read_text(encoding="utf-8")


def prose(text: str) -> str:
    """Return a text without its fenced blocks."""
    return _FENCE.sub("", text)


@cache
def sections(name: str, level: str = "##") -> Mapping[str, str]:
    """Return the sections of a document by their headings; deeper headings belong to them."""
    parts = re.split(rf"^{level} (.+)\n", prose(document(name)), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def cells(section: str, header: str = "") -> Iterator[str]:
    """Yield the words in backticks of each first cell, of tables whose header begins with ``header``."""
    for table in re.findall(rf"^\| {header}.*\n\|[-|]+\n((?:\|.*\n)+)", section, re.MULTILINE):
        for row in table.splitlines():
            yield from re.findall(r"`([^`]+)`", row.split(" | ")[0])


# --- commands


def commands(group: click.Group, name: str = "statique") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, by its whole name."""
    yield name, group
    for word, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from ((found, one) for found, one in commands(command, f"{name} {word}") if one is not command)
        else:
            yield f"{name} {word}", command


def options(command: click.Command) -> set[str]:
    """Return all spellings of a command's options."""
    return {one for param in command.params if isinstance(param, click.Option) for one in param.opts}


@pytest.mark.parametrize(
    ("name", "command"), list(commands(cli)), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    section = sections("commands.md").get(f"`{name}`", "")
    assert section, f"give `{name}` a section in docs/commands.md"
    told = {cell.split(" ")[0] for cell in cells(section) if cell.startswith("-")}
    assert told - {"-h", "--help", "--version"} == options(command) - {"--version"}
    for argument in (param for param in command.params if isinstance(param, click.Argument)):
        assert argument.human_readable_name in set(cells(section))


def test_the_table_of_commands_is_whole() -> None:
    told = set(cells(document("commands.md"), header="command"))
    assert told == {name for name, _ in commands(cli) if name != "statique"}


def called() -> Iterator[tuple[str, str]]:
    """Yield each command line that a document shows."""
    for path in DOCUMENTS:
        for line in re.findall(r"^(?: {4}|.*?run: )(statique (?!\[).+)$", path.read_text("utf-8"), re.MULTILINE):
            yield path.name, line


@pytest.mark.parametrize(("path", "line"), list(called()))
def test_commands_that_are_shown_can_be_called(path: str, line: str) -> None:
    command: click.Command = cli
    for word in shlex.split(line, comments=True)[1:]:
        if word.startswith("-"):
            assert word in options(command), f"{path}: {line}"
        elif isinstance(command, click.Group):
            command = command.commands.get(word, command)
    assert not isinstance(command, click.Group), f"{path}: {line}"


# --- the content format


def asked(node: ast.FunctionDef) -> set[str]:
    """Return the keys that a function asks for by name, in functions within it too."""
    readers = {
        name
        for name, method in inspect.getmembers(Facts, inspect.isfunction)
        if "name" in inspect.signature(method).parameters and not name.startswith("_")
    }
    return {
        call.args[0].value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in readers
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


@cache
def keys(*rooms: str) -> Mapping[str, set[str]]:
    """Return the keys that each function of the record, or of some of its rooms, asks for."""
    rooms = rooms or ("fields", "settings", "branding", "schema", "messages", "postmortem", "people", "oncall")
    trees = (ast.parse((RECORD / f"{name}.py").read_text("utf-8")) for name in rooms)
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    nested = {inner for node in functions for inner in ast.walk(node) if inner is not node}
    return {node.name: found for node in functions if node not in nested and (found := asked(node))}


def test_every_reader_has_its_section() -> None:
    assert keys().keys() == SECTIONS.keys(), "say in SECTIONS where docs/content.md describes what it reads"


@pytest.mark.parametrize("reader", SECTIONS)
def test_every_key_is_documented(reader: str) -> None:
    for heading in SECTIONS[reader]:
        section = sections("content.md")[heading]
        assert not {key for key in keys()[reader] if f"`{key}`" not in section}, heading


def test_no_key_is_documented_that_nobody_reads() -> None:
    told = {*cells(document("content.md"), header="key"), *cells(document("content.md"), header="field")}
    assert told
    assert told <= set().union(*keys().values())


def internal_keys() -> set[str]:
    """Return the keys that the readers of the internal record ask for."""
    rooms = ("internal_fields", "internal_facts", "internal_sections")
    facts = set(InternalRecord.__struct_fields__) - {
        "id",
        "path",
        "marks",
        *(name.replace(" ", "_") for name in READERS),
    }
    return set().union(*keys(*rooms).values(), facts - {"factors"}, Context.__struct_fields__)


def test_the_internal_record_is_documented_key_by_key() -> None:
    told = {cell for header in ("key", "section") for cell in cells(document("internal.md"), header=header)}
    mentioned = set(re.findall(r"`(\w+)`", document("internal.md")))
    assert internal_keys()
    assert not internal_keys() - mentioned
    assert told - READERS.keys() - {"signals", "impact"} <= internal_keys()
    assert not {*READERS, *EventKind, *Stage} - set(re.findall(r"`([\w ]+)`", document("internal.md")))


def test_the_example_of_the_internal_record_is_valid(tmp_path: Path) -> None:
    (path,) = named("internal.md")
    incident = path.replace("content/internal/", "content/")
    text = INCIDENT.replace("sev1", "high").replace("[portal]", f"[{_first_component()}]")
    write_files(tmp_path, {**named("content.md"), **named("internal.md"), incident: text})
    site = survey(tmp_path, now=NOW).site
    assert site is not None
    assert [plain(problem) for problem in internal_problems(site, survey_internal(tmp_path, site, now=NOW))] == []


def _first_component() -> str:
    found = yaml.safe_load(named("content.md")["content/components.yml"])
    return str(found["groups"][0]["components"][0]["id"])


def named(name: str) -> dict[str, str]:
    """Return the files that a document shows, by their paths."""
    return {path: text for path, _, text in _NAMED.findall(document(name))}


def test_the_examples_of_the_content_are_valid(tmp_path: Path) -> None:
    files = named("content.md")
    shown = [kind for _, kind, _ in _FENCE.findall(document("content.md"))]
    assert len(files) == len(shown) > 5, "name the file above each example"
    write_files(tmp_path, files)
    found = survey(tmp_path, now=NOW)
    assert [plain(problem) for problem in found.problems] == []
    assert found.site is not None
    assert len(found.site.entries) == 2
    assert found.site.config.severity("p1") is not None


def test_the_examples_of_the_theme_are_built(tmp_path: Path) -> None:
    files = named("content.md") | named("theming.md")
    files["content/site.yml"] = files["content/site.yml"].replace("theme: default", "theme: lumen")
    write_files(tmp_path, files)
    build(tmp_path, now=NOW)
    page = (tmp_path / "output/public/fr/subscribe/index.html").read_text(encoding="utf-8")
    assert "<h2>Par téléphone</h2>" in page
    assert "; font-src 'self'\"" in page
    (sheet,) = (tmp_path / "output/public/assets").glob("style.*.css")
    assert "--page: light-dark(#f5f6f8, #0d1117);" in sheet.read_text(encoding="utf-8")
    assert sheet.read_text(encoding="utf-8").endswith(files["themes/lumen/static/tokens.css"])
    incident = (tmp_path / "output/public/incidents/2026-02-22-portal-502/index.html").read_text(encoding="utf-8")
    assert '<p class="badges"><strong>Resolved</strong> · Critical impact</p>' in incident
    assert '<ul class="badges">' not in incident
    assert '<span class="state major_outage">' in incident


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_example_in_yaml_can_be_read(path: Path) -> None:
    for _, kind, text in _FENCE.findall(path.read_text(encoding="utf-8")):
        if kind == "yaml":
            assert isinstance(yaml.safe_load(text), dict)


# --- codes


def codes() -> set[str]:
    """Return every code that the program can report."""
    files = (
        file
        for room in ("record", "render", "importers", "author")
        for file in (ROOT / "generator" / room).glob("*.py")
    )
    return {code for file in files for code in re.findall(r'"([AFPYSRTI]\d{3})"', file.read_text("utf-8"))}


def test_every_code_has_its_heading_and_no_other() -> None:
    headings = re.findall(r"^### (.+)$", document("checks.md"), re.MULTILINE)
    assert headings == sorted(codes())


@cache
def reported() -> Mapping[str, set[str]]:
    """Return the lines that are printed, by code, for the corpus, for the old site, and for the examples of texts."""
    found: dict[str, set[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        problems = [problem for site in _sites(Path(folder)) for problem in survey(site, now=NOW).problems]
        problems += [
            problem
            for root in _rooms(Path(folder))
            for site in (read_site(root),)
            for problem in internal_problems(site, survey_internal(root, site, now=NOW))
        ]
    problems += promises()
    harbour = Path(__file__).parent / "fixtures" / "cstate" / "harbour"
    problems += read_cstate(harbour, zone=ZoneInfo("Europe/Berlin"), now=NOW).problems
    for problem in problems:
        found.setdefault(problem.code, set()).add(plain(problem))
    return found


def promises() -> Iterator[Problem]:
    """Yield what is told of faulty plans and teams, of names in texts, and of what is late."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, (oncall, people, _) in FAULTS.items():
            yield from roster(root / name, oncall, people, now=DUTY).problems
        second = ONCALL + ONCALL.removeprefix("rotations:\n").replace("id: platform", "id: shop")
        yield from roster(root, second, now=DUTY).problems
        text = INCIDENT.replace("We are looking.", "We are looking.\nAda restarts it.")
        site = small_site(root / "site", **{"content/incidents/2026-02-22-portal.md": text})
        found = survey(site, now=NOW).site
        assert found is not None
        team = roster(root, ONCALL, PEOPLE, now=DUTY).people
        assert team is not None
        yield from naming(site, team, default="en")
        yield from overdue(found, NOW)
        path = "content/internal/incidents/2026-02-22-portal.md"
        late = Owed("Fix the leak", None, date(2026, 2, 25), done=False, path=path, mark=(12, 1))
        yield from actions([late], NOW.date())


def _sites(folder: Path) -> Iterator[Path]:
    """Write a site for each case of the corpus and for each text of checks.md, and yield its folder."""
    for path in sorted((Path(__file__).parent / "corpus" / "problems").glob("*.case")):
        yield small_settings(folder / path.stem, read_case(path))
    for number, (_, _, text) in enumerate(_FENCE.findall(document("checks.md"))):
        yield small_settings(folder / f"text-{number}", {"content/pages/about.md": f"---\ntitle: About\n---\n\n{text}"})


def _rooms(folder: Path) -> Iterator[Path]:
    """Write a site for each case of an internal record, and yield its folder."""
    for path in sorted((Path(__file__).parent / "corpus" / "internal").glob("*.case")):
        files = {"content/incidents/2026-02-22-portal.md": INCIDENT, **read_case(path)}
        yield small_settings(folder / f"internal-{path.stem}", files)


def read_site(root: Path) -> Site | None:
    """Return the site in a folder."""
    return survey(root, now=NOW).site


def small_settings(site: Path, files: Mapping[str, str]) -> Path:
    """Write the settings of a small site, overlaid with ``files``, and return its folder."""
    settings = {"content/site.yml": SITE, "content/components.yml": COMPONENTS}
    write_files(site, {**settings, **files})
    return site


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_shows_a_real_message(code: str) -> None:
    section = sections("checks.md", "###")[code]
    (example,) = re.findall(r"^ {4}(\S.*)$", section, re.MULTILINE)
    assert re.match(rf"[\w./-]+:\d+:\d+: (?:warning )?{code} .+; .", example)
    assert example in reported().get(code, {example})
    assert (f" warning {code} " in example) == section.lstrip().startswith("Warning. ")


def test_texts_show_what_is_wrong_with_them() -> None:
    shown = {code for code, section in _with_fences().items() if "```" in section}
    assert {"T111", "T112", "T113", "T114", "T115", "T116", "T117", "T118"} <= shown <= reported().keys()


def _with_fences() -> Mapping[str, str]:
    parts = re.split(r"^### (\w\d{3})\n", document("checks.md"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_names_that_pages_may_not_have_are_listed() -> None:
    told = re.findall(r"`([\w-]+)`", sections("checks.md", "###")["F108"].rpartition("Pages cannot be called")[2])
    assert told == sorted(routes.RESERVED)


# --- what lies in the output, and in the theme


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of the examples and return its output."""
    site = tmp_path_factory.mktemp("site")
    write_files(site, named("content.md"))
    build(site, now=NOW)
    return site / "output" / "public"


def told_paths() -> list[str]:
    """Return the paths of the table of hosting.md as patterns; folders end in a slash."""
    told = cells(sections("hosting.md")["What lies in the output"], header="path")
    return [re.sub(r"<[\w-]+>", "*", path) for path in told]


def test_every_file_of_the_output_is_documented(output: Path) -> None:
    files = {path.relative_to(output).as_posix().removeprefix("fr/") for path in output.rglob("*") if path.is_file()}
    # The pattern of free pages would cover every folder.
    patterns = ["about/*" if path == "*/" else f"{path}*" if path.endswith("/") else path for path in told_paths()]
    missing = {file for file in files if not any(fnmatchcase(file, pattern) for pattern in patterns)}
    assert not missing, "say in the table of docs/hosting.md what these are"


def test_every_documented_path_is_in_the_output(output: Path) -> None:
    assert not [path for path in told_paths() if not list(output.glob(path))]


def test_every_template_and_asset_of_the_theme_is_documented() -> None:
    theme = themes_dir() / "default"
    files = [path.name for folder in ("templates", "static") for path in (theme / folder).iterdir()]
    assert files
    assert not [name for name in files if f"`{name}`" not in document("theming.md")]


# --- links


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as forges make them."""
    headings = re.findall(r"^#{1,6} (.+)$", prose(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_table_of_contents_is_whole() -> None:
    told = set(re.findall(r"\]\((\w+\.md)\)", document("README.md")))
    assert told == {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    assert "](docs/" in (ROOT / "README.md").read_text(encoding="utf-8")
