"""The schema of the API's documents and of the JSON feeds: every document there is keeps to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generator.feeds import feeds, schema
from generator.publish.artifact import Artifact
from generator.record.load import load_site
from generator.render.i18n import load_languages
from generator.render.text import to_html
from generator.resources import locales_dir
from generator.view.project import project
from tests.feed_reading import artifacts
from tests.sample_views import URL

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 21, 4, 40, tzinfo=UTC)
SCHEMA: dict[str, Any] = json.loads(schema.write(URL))

KINDS: Mapping[str, str] = {
    "api/incidents.json": "Incidents",
    r"api/incidents/\d{4}-\d\d.json": "IncidentMonth",
    "api/maintenance.json": "Maintenance",
    r"api/maintenance/\d{4}-\d\d.json": "MaintenanceMonth",
    "api/(incidents|maintenance)/[^/]+.json": "One",
    "api/components.json": "Components",
    r"(.*/)?feed.json|feed/\d+.json": "JsonFeed",
}
"""Which kind of document lies where, whatever the language; the first that fits holds."""

OTHERS = r"api/v2/.*|(.*/)?badge.json|api/(front-matter\.)?schema.json"


def kind_of(path: str) -> str | None:
    """Return the kind of a document by its path, None for one of another form."""
    shared = re.sub("^[a-z]{2}(-[A-Z]{2})?/", "", path)
    if re.fullmatch(OTHERS, shared):
        return None
    return next(kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, shared))


def sample() -> Iterator[tuple[str, bytes]]:
    """Yield every document of the sample site."""
    yield from ((path, artifact.make()) for path, artifact in artifacts().items() if path.endswith(".json"))


@cache
def programs() -> tuple[Artifact, ...]:
    """Return all files for programs of the demonstration site."""
    site, _ = load_site(ROOT, now=NOW)
    languages = load_languages(site.config.languages, zone=site.config.time_zone, dirs=[locales_dir()])
    return tuple(feeds(project(site, now=NOW), languages=languages, to_html=to_html))


def demonstration() -> Iterator[tuple[str, bytes]]:
    """Yield every document of the demonstration site."""
    yield from ((artifact.path, artifact.make()) for artifact in programs() if artifact.path.endswith(".json"))


@cache
def validator(kind: str, *, strict: bool = True) -> Draft202012Validator:
    """Return what judges a kind of document; a strict one refuses keys that the schema does not name."""
    described = {name: closed(one) if strict else one for name, one in SCHEMA["$defs"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": described})


def closed(one: dict[str, Any]) -> dict[str, Any]:
    """Return a description that allows no other keys."""
    return {**one, "additionalProperties": False} if "properties" in one else one


@pytest.mark.parametrize("site", [sample, demonstration])
def test_every_document_keeps_to_the_schema_and_has_no_other_keys(site: Any) -> None:
    found: dict[str, int] = {}
    for path, data in site():
        if kind := kind_of(path):
            errors = [
                f"{path}: {error.json_path}: {error.message}" for error in validator(kind).iter_errors(json.loads(data))
            ]
            assert errors == []
            found[kind] = found.get(kind, 0) + 1
    assert found.keys() == set(KINDS.values())


def test_the_whole_schema_takes_each_kind_and_knows_them_apart() -> None:
    whole = Draft202012Validator(SCHEMA)
    kinds = {reference["$ref"].rpartition("/")[2] for reference in SCHEMA["anyOf"]}
    assert kinds == set(KINDS.values())
    for path, data in sample():
        if kind := kind_of(path):
            document = json.loads(data)
            assert whole.is_valid(document)
            assert {name for name in kinds if validator(name, strict=False).is_valid(document)} == {kind}


def test_the_schema_is_one_by_its_draft_and_lies_where_it_says() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"] == f"{URL}/api/schema.json"
    assert "api/schema.json" in artifacts()


def test_every_description_is_used_and_says_what_it_is() -> None:
    used = set(re.findall(r"#/\$defs/(\w+)", json.dumps(SCHEMA)))
    assert used == SCHEMA["$defs"].keys()
    assert all(one.get("description") for one in SCHEMA["$defs"].values())


def test_every_key_of_the_api_is_always_there() -> None:
    optional = {
        name
        for name, one in SCHEMA["$defs"].items()
        if "properties" in one and set(one["required"]) != one["properties"].keys()
    }
    assert optional == {"JsonFeed", "Item", "Extension"}, "JSON Feed leaves keys out, and allows no null"


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("api/incidents.json", {"incidents": None}),
        ("api/incidents.json", {"next": 5}),
        ("api/incidents/2026-02.json", {"month": "February"}),
        ("feed.json", {"next_url": None}),
        ("api/components.json", {"groups": [{"id": "portal"}]}),
    ],
)
def test_what_is_wrong_is_found(path: str, wrong: dict[str, Any]) -> None:
    document = json.loads(dict(sample())[path])
    assert not validator(kind_of(path) or "", strict=False).is_valid({**document, **wrong})
