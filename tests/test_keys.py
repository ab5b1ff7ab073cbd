"""The schema of the content's keys: what the readers ask for is in it, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from generator.build import front_matter
from generator.record import keys
from generator.record.fields import Fields
from generator.record.load import survey
from generator.record.nodes import Node
from tests.cases import INCIDENT, small_site

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 21, 4, 40, tzinfo=UTC)
URL = "https://status.acme.example/api/front-matter.schema.json"
SCHEMA = keys.schema(URL)

COMPLETE = {
    "content/site.yml": """\
name: Acme
url: https://status.acme.example
languages: [en, fr]
time_zone: Europe/Stockholm
links: [{label: Acme, url: https://acme.example/}]
branding:
  logo: {light: content/brand/logo.svg, dark: content/brand/logo.svg}
  icon: content/brand/logo.svg
  accent: {light: "#0b57b4", dark: "#82b7ff"}
severities: [{id: sev1, name: Critical, meaning: All is down, state: major_outage, impact: critical}]
""",
    "content/maintenance/2026-02-22-db.md": """\
---
title: New disks
scheduled: {from: 2026-02-22 21:00 UTC, until: 2026-02-22 23:00 UTC}
components: [portal]
---

## scheduled 2026-02-20 09:00 UTC

We replace disks.
""",
    "content/brand/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "content/incidents/2026-02-22-portal.fr.md": "---\ntitle: Le portail\n---\n",
    "content/postmortems/2026-02-22-portal.md": """\
---
title: What the portal taught us
actions: [{title: Test it}]
---

## Summary

It was down.
""",
    "content/postmortems/2026-02-22-portal.fr.md": "---\ntitle: Leçons\n---\n",
    "content/pages/about.md": "---\ntitle: About\n---\nWords.\n",
    "content/messages/down.md": "---\nstatus: investigating\n---\n## en\n\nWe look.\n",
}
"""Files of every kind, with every kind of mapping in them."""


def read(monkeypatch: pytest.MonkeyPatch, root: Path) -> set[tuple[frozenset[str], frozenset[str]]]:
    """Return for each mapping of a complete site the keys that its reader asked for, and those that it requires."""
    asked: list[tuple[Fields, set[str], set[str]]] = []
    take = Fields.take

    def taken(fields: Fields, name: str, *, required: bool = False) -> Node | None:
        known = next((entry for entry in asked if entry[0] is fields), None)
        if known is None:
            known = (fields, set(), set())
            asked.append(known)
        known[1].add(name)
        if required:
            known[2].add(name)
        return take(fields, name, required=required)

    monkeypatch.setattr(Fields, "take", taken)
    assert survey(small_site(root, **COMPLETE), now=NOW).site is not None
    return {(frozenset(every), frozenset(required)) for _, every, required in asked}


def test_every_key_that_is_read_is_in_the_schema_and_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = {frozenset(key.name for key in shape.keys) for shape in keys.SHAPES.values()}
    assert {every for every, _ in read(monkeypatch, tmp_path)} == told


# These are required too, though their readers say so in words of their own.
ELSEWHERE = {"site": {"languages"}, "components": {"groups"}}


def test_required_are_the_keys_that_a_reader_misses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    required = {
        frozenset(key.name for key in shape.keys): {key.name for key in shape.keys if key.required}
        - ELSEWHERE.get(name, set())
        for name, shape in keys.SHAPES.items()
    }
    assert dict(read(monkeypatch, tmp_path)) == required


@pytest.mark.parametrize(
    ("path", "key", "text"),
    [
        ("content/site.yml", "languages", COMPLETE["content/site.yml"].replace("languages: [en, fr]\n", "")),
        ("content/components.yml", "groups", "{}\n"),
    ],
)
def test_what_is_required_in_other_words_is_missed_too(tmp_path: Path, path: str, key: str, text: str) -> None:
    problems = survey(small_site(tmp_path, **{path: text}), now=NOW).problems
    assert f'key "{key}" is missing' in {problem.message for problem in problems}


def test_the_schema_is_one_and_every_part_of_it_is_reached() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == URL
    reached = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(SCHEMA)))
    assert SCHEMA["$defs"].keys() - reached == {"update"}, "an update is no file, but a reader of one"


def test_it_is_published_with_the_address_that_it_has() -> None:
    artifact = front_matter("https://acme.github.io/status")
    assert artifact.path == "api/front-matter.schema.json"
    assert json.loads(artifact.make())["$id"] == f"https://acme.github.io/status/{artifact.path}"


def test_every_key_says_what_it_is_for() -> None:
    for shape in keys.SHAPES.values():
        assert len({key.name for key in shape.keys}) == len(shape.keys)
        assert all(key.about.endswith(".") for key in shape.keys)


def files() -> Iterator[tuple[str, str]]:
    """Yield path and kind of each file of the demonstration site."""
    content = ROOT / "content"
    folders = {
        "incidents": "incident",
        "maintenance": "maintenance",
        "pages": "page",
        "messages": "message",
        "postmortems": "postmortem",
    }
    for path in sorted(content.rglob("*.md")):
        folder = path.relative_to(content).parts[0]
        translated = "." in path.stem and folder in {"incidents", "maintenance"}
        if folder == "postmortems" and "." in path.stem:
            yield str(path.relative_to(ROOT)), "postmortem_translation"
        elif folder in folders:
            yield str(path.relative_to(ROOT)), "translation" if translated else folders[folder]
    yield "content/site.yml", "site"
    yield "content/components.yml", "components"


@pytest.mark.parametrize(("path", "kind"), list(files()))
def test_the_demonstration_site_is_valid(path: str, kind: str) -> None:
    front = front_of(ROOT / path)
    assert errors(kind, front) == []
    assert validator("").is_valid(front)


def front_of(path: Path) -> Any:
    """Return the mapping of a file as an editor sees it: times and days are texts."""
    text = path.read_text(encoding="utf-8")
    source = text.split("\n---\n")[0].removeprefix("---\n") if path.suffix == ".md" else text
    return yaml.load(source, Loader=Plain)


class Plain(yaml.SafeLoader):
    """YAML as version 1.2 has it, which editors go by: times are texts, and only true and false are flags."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool")) or first in "tf"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def errors(kind: str, value: object) -> list[str]:
    """Return what a kind of mapping finds wrong with a value."""
    return [error.message for error in validator(kind).iter_errors(value)]


@cache
def validator(kind: str) -> Draft202012Validator:
    """Return what judges one kind of mapping, or every kind of file."""
    return Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": f"#/$defs/{kind}"}]} if kind else SCHEMA)


FRONT: Mapping[str, Any] = {"title": "x", "severity": "sev1", "components": ["portal"]}


@pytest.mark.parametrize(
    "good",
    [
        {"title": 503},
        {"components": {"portal": "major_outage", "login": None}},
        {"started": "2026-02-22T03:51+01:00"},
        {"tags": ["memory", 2026]},
        {"links": [{"label": {"en": "Help", "pt-BR": "Ajuda"}, "url": "https://acme.example/?a=1#b"}]},
    ],
)
def test_what_the_program_takes_is_valid(good: Mapping[str, Any]) -> None:
    assert errors("incident", {**FRONT, **good}) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"titel": "x"},
        {"title": ""},
        {"title": "x" * 201},
        {"components": ["Portal API"]},
        {"components": {"portal": "down"}},
        {"started": "2026-02-22 03:51"},
        {"draft": "yes"},
        {"tags": "memory"},
        {"links": [{"url": "https://acme.example/"}]},
        {"links": [{"label": "x", "url": "ftp://acme.example/"}]},
        {"root_cause": "x"},
    ],
)
def test_what_the_program_refuses_is_not(tmp_path: Path, bad: Mapping[str, Any]) -> None:
    assert errors("incident", {**FRONT, **bad})
    front = yaml.safe_dump({**FRONT, **bad}, allow_unicode=True)
    text = f"---\n{front}---\n{INCIDENT.split('---', 2)[2]}"
    site = small_site(tmp_path, **{"content/incidents/2026-02-22-portal.md": text})
    assert [problem for problem in survey(site, now=NOW).problems if not problem.warning]


@pytest.mark.parametrize("text", ["5 min", "1 h", "1 h 30 min", "2 d", "1 d 2 h 3 min"])
def test_durations_are_those_of_the_program(text: str) -> None:
    assert errors("severity", severity(respond=text)) == []


@pytest.mark.parametrize("text", ["", " ", "5", "5 minutes", "min", "1 h, 30 min"])
def test_other_durations_are_not(text: str) -> None:
    assert errors("severity", severity(respond=text))


def severity(**more: str) -> dict[str, str]:
    """Return a severity as site.yml has it."""
    return {"id": "a", "name": "A", "meaning": "Bad", "state": "major_outage", "impact": "major", **more}
