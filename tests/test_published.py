"""What docs/feeds.md and docs/api.md say of the published documents: each kind, each key, and the figures' table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from bench.sizes import DOCUMENTS
from generator.build import front_matter
from generator.feeds import schema
from tests.sample_views import URL
from tests.test_schema import KINDS, programs

DOCS = Path(__file__).resolve().parent.parent / "docs"
PROGRAMS = ("feeds.md", "api.md", "embed.md")
"""The documents that describe what programs read."""

HOSTS = ("sitemap*.xml", "robots.txt", ".nojekyll", "CNAME")
"""What is for hosts and crawlers, which docs/hosting.md describes."""


@cache
def document(name: str) -> str:
    """Return a document's text."""
    return (DOCS / name).read_text(encoding="utf-8")


def told() -> Iterator[str]:
    """Yield every path in the first cell of a table, with ``*`` for what differs."""
    for name in PROGRAMS:
        for row in re.findall(r"^\| (`[^|]+`) \|", document(name), re.MULTILINE):
            yield from (re.sub(r"<[\w-]+>", "*", path.lstrip("/")) for path in re.findall(r"`([\w./<>*-]+\.\w+)`", row))


@cache
def published() -> frozenset[str]:
    """Return the paths of all files for programs of the demonstration site, those of the default language."""
    return frozenset(path for path in files() if not re.match("[a-z]{2}(-[A-Z]{2})?/", path))


def files() -> Iterator[str]:
    """Yield the paths of all files for programs of the demonstration site."""
    yield from (artifact.path for artifact in programs())
    yield front_matter(URL).path


def test_every_published_document_is_described() -> None:
    patterns = set(told())
    found = {path for path in published() if not any(fnmatchcase(path, host) for host in HOSTS)}
    assert len(found) > 100
    missing = {path for path in found if not any(fnmatchcase(path, pattern) for pattern in patterns)}
    assert missing == set(), f"describe them in a table of one of {', '.join(PROGRAMS)}"


def test_every_described_document_is_published() -> None:
    paths = published()
    assert [pattern for pattern in told() if not any(fnmatchcase(path, pattern) for path in paths)] == []


@pytest.mark.parametrize("name", json.loads(schema.write(URL))["$defs"])
def test_every_key_is_described(name: str) -> None:
    described = json.loads(schema.write(URL))["$defs"][name]
    text = document("feeds.md") + document("api.md")
    assert [key for key in described.get("properties", ()) if f"`{key}`" not in text] == []
    assert [word for word in described.get("enum", ()) if f"`{word}`" not in text] == []


def test_every_kind_of_document_is_named() -> None:
    assert [kind for kind in KINDS.values() if f"`{kind}`" not in document("api.md")] == []


def test_the_table_of_sizes_is_the_one_that_is_printed() -> None:
    rows = re.findall(r"^\| `/([^`]+)`[^|]*\|(?: [\d.]+ / [\d.]+ \|| – \|){3}$", document("api.md"), re.MULTILINE)
    assert rows == [name.partition(",")[0].lstrip("/") for name, _ in DOCUMENTS]


def test_each_subject_has_its_heading() -> None:
    headings = set(re.findall(r"^## (.+)$", document("api.md"), re.MULTILINE))
    assert {"Statuspage API, version 2", "Calendars and badges", "The schema", "What stays", "Polling"} <= headings
    assert {"Calendars", "Badges"} <= set(re.findall(r"^## (.+)$", document("embed.md"), re.MULTILINE))
