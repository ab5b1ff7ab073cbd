"""Texts as GitHub reads them: as safe as all others, and different only where the documentation says so."""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.build import build
from generator.cli import run
from generator.errors import ContentError
from generator.preview import Preview
from generator.reading import examine
from generator.render import text
from generator.render.gfm import _comrak
from generator.render.rendered import CODES
from generator.render.text import faults, render, to_html
from generator.terms import Dialect
from tests.cases import INCIDENT, RENEW, SITE, read_case, small_site, write_files
from tests.fragments import FAULTS, PIECES, assert_safe, said

HERE = Path(__file__).parent
CASES = sorted((HERE / "corpus" / "text").glob("*.case"))
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)
NOW = datetime(2026, 2, 22, 4, 31, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
GFM = SITE + "markdown: gfm\n"


def as_github(source: str) -> str:
    return to_html(source, Dialect.GFM)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_text_becomes_what_its_case_says(path: Path) -> None:
    made = render(read_case(path)["text"], Dialect.GFM)
    kinds = {False: "error", True: "warning"}
    said = [f"{f.line}: {f.code} {kinds[f.warning]}: {f.message}; {f.hint}\n" for f in made.faults]
    found, expected = "".join([made.html, "\n\n", *said]), HERE / "corpus" / "gfm" / f"{path.stem}.txt"
    if os.environ.get(RENEW):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8"), "renew with STATIQUE_RENEW=1 if this is better"


@given(SOUP)
@example("[a](https://a.b)" * 3)
@example("![[![]()]()]()")
@example("<div>\n\n*a*\n\n</div>\n- <b>\n")
@example("\x02code:0\x03\n```\n<b>\n```\n")
def test_any_text_becomes_safe_html(source: str) -> None:
    made = render(source, Dialect.GFM)
    assert_safe(made.html)
    assert text._sanitised(made.html) == made.html
    lines = re.split("\r\n?|\n", source)
    assert all(1 <= fault.line <= len(lines) and fault.code in CODES for fault in made.faults)


@given(st.text())
def test_any_characters_become_safe_html(source: str) -> None:
    assert_safe(as_github(source))


@pytest.mark.parametrize(
    "excessive",
    ["[" * 700, "<" * 2100, "1. " * 30, "> " * 40, " " * 130 + "x", "*a _b " * 105 + "b_ c*" * 105, "a" * 600_000,
     "*" * 100_000, "[a](" * 50_000, "`" * 100_000, "a|" * 15_000 + "\n" + "-|" * 15_000, "![" * 50_000, "&" * 200_000],
)  # fmt: skip
def test_what_is_excessive_is_rendered_or_refused_and_does_not_hang(excessive: str) -> None:
    made = render(excessive, Dialect.GFM)
    assert len(made.html) <= 20 * len(excessive) + 20 * 1024
    assert "<script" not in made.html


@pytest.mark.parametrize(("source", "line", "code"), FAULTS)
def test_a_fault_has_its_line(source: str, line: int, code: str) -> None:
    assert [(fault.line, fault.code) for fault in faults(source, Dialect.GFM)] == [(line, code)]


def test_what_is_code_stays_as_it_is_written() -> None:
    assert as_github("`&amp; <b>`") == "<p><code>&amp;amp; &lt;b&gt;</code></p>"
    assert as_github("```\n&lt; \\* **a**\n```") == "<pre><code>&amp;lt; \\* **a**\n</code></pre>"


# What the documentation says


def rows() -> list[tuple[str, str, str]]:
    """Return the table of the documentation: what is written, and what becomes of it in either dialect."""
    page = (HERE.parent / "docs" / "content.md").read_text(encoding="utf-8")
    table = page[page.index("## Two dialects") :].split("\n## ")[0]
    found = re.findall(r"^\| `` ?(.+?) ?`` \| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    return [(one.replace("⏎", "\n").replace("\\|", "|"), other, third) for one, other, third in found]


SHOWN = {
    "text": r"<p>[^<]*</p>",
    "a link": r"<p><a href=.*</a></p>",
    "a list": r"<p>[^<]*</p>\n?<[uo]l.*</[uo]l>|<[uo]l.*</[uo]l>",
    "two lists": r"<ul>.*</ul>\s*<ol>.*</ol>",
    "a list in a list": r"<ul>.*<li>.*<ul>.*</ul>.*</li>.*</ul>",
    "one list": r"<ul>(?!.*<[uo]l).*</ul>",
    "a box that is ticked": r"<ul>\s*<li>☑ .*</li>\s*</ul>",
    "the text `[x]`": r"<ul><li>\[x\] .*</li></ul>",
    "a table": r"<p>[^<]*</p>\s*<table>.*</table>",
    "a line break": r"<p>[^<]*<br>\s*[^<]*</p>",
    "bold": r"<p><strong>.*</strong>.*</p>",
    "an item of two paragraphs": r"<ol>\s*<li>\s*<p>.*</p>\s*<p>.*</p>\s*</li>\s*</ol>",
    "an item, and a paragraph after the list": r"<ol>\s*<li>[^<]*</li>\s*</ol>\s*<p>.*</p>",
}


def test_the_table_has_rows() -> None:
    assert len(rows()) >= 10


@pytest.mark.parametrize(("source", "usual", "github"), rows())
def test_the_dialects_differ_as_the_documentation_says(source: str, usual: str, github: str) -> None:
    assert re.fullmatch(SHOWN[usual], to_html(source), re.DOTALL), to_html(source)
    assert re.fullmatch(SHOWN[github], as_github(source), re.DOTALL), as_github(source)
    assert usual != github


@pytest.mark.parametrize(
    "source",
    ["**b** *i* `c` ~~d~~", "one\ntwo", "a\n\n> q", "- a\n- b", "1. a\n2. b", "[a](https://e.example)", "### h",
     "```\nx\n```", "https://e.example/a_b, and", "snake_case and #12", "a & b < c", "| a | b |\n|---|---|\n| 1 | 2 |"],
)  # fmt: skip
def test_what_incident_authors_mostly_write_is_the_same_in_both(source: str) -> None:
    assert said(to_html(source)) == said(as_github(source))
    tags = [re.findall(r"</?[a-z0-9]+", html) for html in (to_html(source), as_github(source))]
    assert tags[0] == tags[1]


# The whole way


def page(site: Path) -> str:
    return (site / "output/public/incidents/2026-02-22-portal/index.html").read_text("utf-8")


def test_a_site_chooses_and_a_change_of_mind_reaches_every_page(tmp_path: Path) -> None:
    site = small_site(tmp_path, **{PATH: INCIDENT + "\nSteps:\n- one\n"})
    build(site, now=NOW)
    assert "<li>one</li>" not in page(site)
    write_files(site, {"content/site.yml": GFM})
    build(site, now=NOW)
    assert "<li>one</li>" in page(site)
    assert "<li>one</li>" in (site / "output/public/feed.json").read_text("utf-8").replace("\\n", "")
    write_files(site, {"content/site.yml": SITE})
    build(site, now=NOW)
    assert "<li>one</li>" not in page(site)


def test_the_preview_shows_it_too(tmp_path: Path) -> None:
    site = small_site(tmp_path, **{PATH: INCIDENT + "\nSteps:\n- one\n", "content/site.yml": GFM})
    with Preview(site) as preview:
        shown = preview.look(now=NOW).file("incidents/2026-02-22-portal/index.html")
        assert shown is not None
        assert b"<li>one</li>" in shown
        write_files(site, {"content/site.yml": SITE})
        shown = preview.look(now=NOW).file("incidents/2026-02-22-portal/index.html")
        assert shown is not None
        assert b"<li>one</li>" not in shown


def test_a_check_reads_texts_in_the_dialect(tmp_path: Path) -> None:
    # Only to GitHub is that a list, whose item has a heading.
    site = small_site(tmp_path, **{PATH: INCIDENT + "\nSteps:\n- # a\n"})
    assert examine(site, now=NOW).errors == ()
    write_files(site, {"content/site.yml": GFM})
    assert [one.code for one in examine(site, now=NOW).errors] == ["T115"]


def test_another_word_is_refused_with_its_place(tmp_path: Path) -> None:
    site = small_site(tmp_path, **{"content/site.yml": SITE + "markdown: github\n"})
    with pytest.raises(ContentError) as caught:
        build(site, now=NOW)
    (problem,) = caught.value.problems
    assert str(problem).startswith('content/site.yml:5:11: S119 unknown markdown "github"; known are gfm, markdown')


def test_a_site_whose_reader_is_not_installed_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small_site(
        tmp_path / "site", **{"content/site.yml": GFM, PATH: INCIDENT + "\nWords that nobody read yet.\n"}
    )
    monkeypatch.setitem(sys.modules, "comrak", None)
    _comrak.cache_clear()
    for command in ("check", "build"):
        assert run(["-C", str(site), command]) == 1
        assert "`markdown: gfm` needs the package comrak; install it beside statique" in capsys.readouterr().err
    _comrak.cache_clear()
