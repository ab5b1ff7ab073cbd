"""A small site, whole: what every document says, byte for byte, and what every page says, as an outline.

The outline keeps words, links, times, headings and languages and leaves out looks, so that it changes when a page
says something else. Renew with STATIQUE_RENEW=1 and read the difference.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from generator.build import build
from tests.cases import RENEW, read_case

SITES = sorted((Path(__file__).parent / "sites").iterdir())
NOW = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)
INDEX = re.compile(r"(?:^|/)search/[^/]+/")  # what another program makes is no text
SHOWN = {"href": "→", "datetime": "@", "lang": "lang", "id": "#", "aria-label": "says", "content": "is"}


def outline(element: html.HtmlElement, depth: int = 0) -> Iterator[str]:
    """Yield a line for each element that says or marks something."""
    if not isinstance(element.tag, str) or (element.tag == "link" and "stylesheet" in element.get("rel", "")):
        return
    marks = [f"{sign} {element.get(name)}" for name, sign in SHOWN.items() if element.get(name)]
    text = " ".join((element.text or "").split())
    if marks or text or element.tag in ("ul", "ol", "table", "main", "nav", "header", "footer", "tr"):
        yield " ".join(["  " * depth + element.tag, *marks, text]).rstrip()
        depth += 1
    for child in element:
        yield from outline(child, depth)
        tail = " ".join((child.tail or "").split())
        if tail:
            yield "  " * depth + f"… {tail}"


def told(folder: Path) -> str:
    """Return all that an output says, one part for each file but assets."""
    parts = []
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if not file.is_file() or path.startswith(("assets/", "share/", ".statique")) or INDEX.search(path):
            continue
        if path.endswith(".html"):
            lines = "\n".join(outline(html.fromstring(file.read_bytes())))
        else:
            lines = file.read_text("utf-8").rstrip("\n")
        parts.append(f"=== {path}\n{lines}\n")
    return "".join(parts)


@pytest.mark.parametrize("case", SITES, ids=lambda case: case.name)
def test_a_whole_site(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case / "in", tmp_path / "site")
    build(tmp_path / "site", now=NOW, out=tmp_path / "out")
    found = told(tmp_path / "out")
    golden = case / "out.txt"
    if os.environ.get(RENEW):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text("utf-8"), "renew with STATIQUE_RENEW=1 if this is better"
    assert len(read_case(golden)) > 50
