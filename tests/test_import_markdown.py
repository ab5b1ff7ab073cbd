"""Free postmortems into the library: what is found, what is kept, what is reported, and that all of it can be built."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import cli
from generator.importers.foreign import Imported
from generator.importers.markdown import read_markdown
from generator.importers.markdown_facts import Known
from generator.record.load import load_site
from generator.record.model import Postmortem
from generator.record.parse import parse_record
from generator.terms import Chapter
from tests.cases import small_site, write_files

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
KNOWN = Known(["2026-02-22-portal"], ["portal", "login"], ["sev1", "p1"])


def read(folder: Path, **files: str) -> Imported:
    """Return what an import makes of files."""
    write_files(folder, files)
    return read_markdown(folder, known=KNOWN)


def one(folder: Path, text: str, *, name: str = "outage.md") -> Postmortem:
    """Return what comes of one file."""
    (file,) = read(folder, **{name: text}).files
    parsed = parse_record((file.path, file.text.encode()))
    assert parsed.problems == (), file.text
    assert isinstance(parsed.record, Postmortem)
    return parsed.record


def said(record: Postmortem) -> list[tuple[str, Chapter | None]]:
    """Return the headings of a postmortem and what they are."""
    return [(passage.heading, passage.chapter) for passage in record.passages]


HTML = """\
<h1>POSTMORTEM</h1>

<h3>Issue Summary:</h3>

Duration of Outage: two hours.

<h3>Timeline:</h3>

12:05 PM UTC - The alarm rang.
12:10 PM UTC - Someone answered.
2:00 PM UTC - It worked again.
Root Cause and Resolution:

An input <b>broke</b> it.

Tasks:

Test it.

Corrective Measures

Watch it.
"""


def test_headings_of_html_and_lines_that_only_name_a_section(tmp_path: Path) -> None:
    record = one(tmp_path, HTML, name="the-long-outage.txt")
    assert (record.id, record.title) == ("the-long-outage", "The long outage")
    assert said(record) == [
        ("Issue Summary", Chapter.SUMMARY), ("Timeline", Chapter.TIMELINE),
        ("Root Cause and Resolution", Chapter.ROOT_CAUSE), ("Tasks", Chapter.ACTIONS),
    ]  # fmt: skip
    assert record.passages[1].body.split("\n")[0] == "- 12:05 PM UTC - The alarm rang."
    assert record.passages[2].body == "An input **broke** it."
    assert "Corrective Measures\n\nWatch it." in record.passages[3].body


FULL = """\
# Incident Postmortem: [2026-02-17] `Database` *exhausted*

**Date**: 2026-02-17
**Duration**: 1 hour 23 minutes
**Severity**: SEV1
**Impact**: everything

## Summary

It failed.

### In detail

More.

## Timeline (all times UTC)

| Time | Event |
|---|---|
| 14:28 | full |

## What Our Partners Saw

Nothing.

## Action Items

- test

## Next steps

- test again

```
## Lessons
```
"""


def test_markdown_with_its_facts_in_the_text(tmp_path: Path) -> None:
    found = read(tmp_path, **{"db.md": FULL})
    record = one(tmp_path, FULL, name="db.md")
    assert record.title == "Database exhausted"
    assert (str(record.published), record.severity, record.minutes) == ("2026-02-17", "SEV1", 83)
    assert record.path == "content/postmortems/2026/db.md"
    assert record.lead.split("\n")[0] == "- **Date**: 2026-02-17"
    assert said(record) == [
        ("Summary", Chapter.SUMMARY), ("Timeline (all times UTC)", Chapter.TIMELINE),
        ("What Our Partners Saw", None), ("Action Items", Chapter.ACTIONS),
    ]  # fmt: skip
    assert "### In detail" in record.passages[0].body
    assert "### Next steps\n\n- test again" in record.passages[3].body
    assert "## Lessons" in record.passages[3].body
    assert [problem.code for problem in found.problems] == ["I134"]


FRONT = """\
---
uuid: 01494547-7ee9-4169-a0c0-d921fa309d83
title: Fetching failed
incident: 2026-02-22-portal
url: https://www.example.com/message/65649/
start_time: 2026-02-22T10:00:00Z
end_time: 2026-02-22T12:30:00Z
published: 2026-02-24T08:00:00Z
keywords: [Power loss, DNS, DNS]
categories: [cloud]
components: [portal]
severity: P1
company: Acme
team: {name: Ops, size: 3}
empty:
summary: It failed <em>twice</em>.
---

Nobody could fetch.

10:00 it began
10:05 the alarm rang
12:30 it was over

Since then all is well.
"""


def test_front_matter_in_other_words(tmp_path: Path) -> None:
    found = read(tmp_path, **{"01494547-7ee9-4169-a0c0-d921fa309d83.md": FRONT})
    record = one(tmp_path, FRONT, name="01494547-7ee9-4169-a0c0-d921fa309d83.md")
    assert record.id == "2026-02-24-fetching-failed"
    assert (record.incident, record.severity, record.minutes) == ("2026-02-22-portal", "P1", 150)
    assert (record.components, record.tags) == (("portal",), ("power-loss", "dns", "cloud"))
    assert [link.url for link in record.links] == ["https://www.example.com/message/65649/"]
    assert said(record) == [
        ("Summary", Chapter.SUMMARY), ("What happened", None), ("Timeline", Chapter.TIMELINE), ("Further facts", None),
    ]  # fmt: skip
    assert record.passages[0].body == "It failed *twice*."
    assert "Since then all is well." in record.passages[2].body
    facts = record.passages[3].body.split("\n")
    assert facts[0] == "- uuid: 01494547-7ee9-4169-a0c0-d921fa309d83"
    assert facts[-2:] == ["- company: Acme", "- team: name Ops, size 3"]
    (problem,) = found.problems
    assert (problem.code, problem.warning) == ("I135", True)
    assert problem.message.endswith("uuid, start_time, end_time, company, team")


def test_what_the_site_has_no_name_for_is_kept_as_words(tmp_path: Path) -> None:
    record = one(tmp_path, "---\ntitle: x\nseverity: huge\ncomponents: [cart]\nincident: other\n---\nWords.\n")
    assert (record.severity, record.components, record.incident) == (None, (), None)
    assert record.passages[-1].body == "- severity: huge\n- components: cart\n- incident: other"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Just words. And more.", "Outage"),
        ("# Postmortem\n\nWords.", "Outage"),
        ("# The great flood\n\nWords.", "The great flood"),
        ("Words\n=====\n\nMore.", "Words"),
        ("---\n\nA rule, and no front matter.", "Outage"),
    ],
)
def test_titles(tmp_path: Path, text: str, title: str) -> None:
    assert one(tmp_path, text).title == title


def test_a_name_that_says_nothing_gives_way_to_the_first_sentence(tmp_path: Path) -> None:
    record = one(tmp_path, "The *disk* was full. Then it was not.", name="2024_01.md")
    assert (record.id, record.title) == ("the-disk-was-full", "The disk was full")


def test_every_file_gets_an_id_of_its_own_and_the_library_s_addresses_stay_free(tmp_path: Path) -> None:
    texts = dict.fromkeys(("a/x.md", "b/X.md", "c/tags.md", ".git/x.md"), "Words.")
    found = read(tmp_path, **texts)
    assert [file.path.rsplit("/", 1)[1] for file in found.files] == ["tags-2.md", "x-2.md", "x.md"]


def test_what_is_no_postmortem_is_left_out_and_named(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        **{"README.md": "Words.", "LICENSE": "Words.", "a.png": "x", "b.md": "---\na: [\n---\nx", "c.md": "# Title\n"},
    )
    assert found.files == ()
    assert [(one.path, one.code, one.warning) for one in found.problems] == [
        ("LICENSE", "I131", True), ("README.md", "I131", True), ("a.png", "I131", True), ("b.md", "Y104", False),
        ("c.md", "I131", True),
    ]  # fmt: skip


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Words.", encoding="utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").symlink_to(tmp_path / "secret")
    found = read_markdown(tmp_path / "in", known=KNOWN)
    assert (found.files, [one.code for one in found.problems]) == ((), ["F101"])


HOSTILE = (
    "# <script>alert(1)</script> {{ 7 * 7 }}\n\n<!-- a secret -->\n<img src=x onerror=alert(1)>\n\n"
    "Impact\n---\n\n![x](http://a.example/b.png) [y](javascript:z)\n\n## \n\n####### seven\n\n```\nopen"
)


def test_what_comes_in_can_be_built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "site")
    texts = {"html.txt": HTML, "full.md": FULL, "hostile.md": HOSTILE, "bare.md": "10:00 a\n10:01 b\n10:02 c\n"}
    write_files(tmp_path / "old", {**texts, "front.md": FRONT.replace("P1", "P2")})
    assert cli.run(["-C", str(site), "import", "markdown", str(tmp_path / "old")]) == 0
    assert "5 files written, 0 left as they were, 0 problems" in capsys.readouterr().out
    found, problems = load_site(site, now=NOW)
    assert (len(found.postmortems), problems) == (5, ())
    assert cli.run(["-C", str(site), "build", "--now", "2026-11-21T04:30Z"]) == 0
    page = (site / "output/public/postmortems/hostile/index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "a secret" not in page


def test_a_second_import_leaves_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "site")
    write_files(tmp_path / "old", {"full.md": FULL})
    cli.run(["-C", str(site), "import", "markdown", str(tmp_path / "old" / "full.md")])
    path = site / "content/postmortems/2026/full.md"
    path.write_text(path.read_text(encoding="utf-8") + "My words.\n", encoding="utf-8")
    capsys.readouterr()
    assert cli.run(["-C", str(site), "import", "markdown", str(tmp_path / "old")]) == 1
    assert "0 files written, 1 left as they were, 0 problems" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8").endswith("My words.\n")


def test_without_a_site_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(tmp_path / "old", {"full.md": FULL})
    (tmp_path / "site").mkdir()
    assert cli.run(["-C", str(tmp_path / "site"), "import", "markdown", str(tmp_path / "old")]) == 2
    assert "begin one with `statique init`" in capsys.readouterr().err
    assert not list((tmp_path / "site").iterdir())
