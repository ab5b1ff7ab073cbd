"""The draft of a postmortem: what the record tells of it, what is printed, and every refusal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from generator import cli
from generator.cli import asking
from generator.record.load import load_site
from generator.record.unanswered import ACTION, QUESTIONS
from generator.terms import Chapter
from tests.cases import small_site, write_files

CLOCK = 1771840800  # 2026-02-23 10:00 UTC
NOW = datetime.fromtimestamp(CLOCK, UTC)
PATH = "content/postmortems/2026/2026-02-22-portal-502.md"
INCIDENT = """\
---
title: "The portal: 502"
severity: P1
components: {portal: major_outage}
started: 2026-02-22 23:47 UTC
tags: [deploy]
---

## investigating 2026-02-22 23:51 UTC

We are *looking*
for the cause.

More soon.

## identified 2026-02-23 00:12 UTC
components: {portal: partial_outage, login: null}

- a list alone

## resolved 2026-02-23 01:00 UTC

Done.
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a small site with an incident that has ended, as the current folder."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(CLOCK))
    small_site(tmp_path, **{"content/incidents/2026/2026-02-22-portal-502.md": INCIDENT})
    (tmp_path / "content/incidents/2026-02-22-portal.md").unlink()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit status, output and messages of a command."""
    status = cli.run(arguments)
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_the_record_writes_what_it_knows(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "postmortem", "2026-02-22")
    assert (status, err) == (0, "")
    text = (site / PATH).read_text(encoding="utf-8")
    assert text.startswith("""\
---
title: 'The portal: 502'
incident: 2026-02-22-portal-502
published: 2026-02-23
severity: sev1
duration: 1 h 13 min
components: [portal, login]
tags: [deploy]
""")
    assert (
        """\
## Impact

- Portal: major outage from 2026-02-22 23:47 UTC to 2026-02-23 00:12 UTC (25 min)
- Portal: partial outage from 2026-02-23 00:12 UTC to 2026-02-23 01:00 UTC (48 min)
- Login: major outage from 2026-02-23 00:12 UTC to 2026-02-23 01:00 UTC (48 min)

*In numbers"""
        in text
    )
    assert (
        """\
All times are in UTC.

- **2026-02-22 23:47** It began.
- **23:51** Investigating: We are *looking* for the cause.
- **2026-02-23 00:12** Identified.
- **01:00** Resolved: Done.
"""
        in text
    )
    assert (
        out
        == f"""\
{PATH}
https://status.acme.example/postmortems/2026-02-22-portal-502/ (not while it is a draft)
Next: answer the questions in it, and delete them; then delete `draft: true`
      statique check
      git add {PATH} && git commit -m 'Postmortem: 2026-02-22-portal-502'
"""
    )


def test_it_is_a_sound_draft_and_sound_without_that_line(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "postmortem", "2026-02-22-portal-502")
    found, warnings = load_site(site, now=NOW)
    (entry,) = found.postmortems
    assert (warnings, entry.original.draft) == ((), True)
    assert [one.chapter for one in entry.original.passages] == list(Chapter) == list(QUESTIONS)
    text = (site / PATH).read_text(encoding="utf-8")
    # The actions that it shows become real ones when the signs in front of them are deleted.
    write_files(site, {PATH: text.replace("draft: true\n", "").replace("\n# ", "\n")})
    (entry,) = load_site(site, now=NOW)[0].postmortems
    assert [action.title for action in entry.original.actions] == ["What will be different afterwards"]
    assert not entry.original.draft


def test_a_question_that_is_published_is_told_at_its_line(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "postmortem", "2026-02-22-portal-502")
    draft = (site / PATH).read_text(encoding="utf-8").replace("\n# ", "\n")
    text = draft.replace("draft: true\n", "")
    write_files(site, {PATH: text})
    lines = text.split("\n")
    found = load_site(site, now=NOW)[1]
    assert {(one.code, one.path, one.warning) for one in found} == {("R146", PATH, True)}
    asked = [f"*{question}*" for question in QUESTIONS.values()]
    assert sorted(one.line for one in found) == sorted(
        [next(n for n, line in enumerate(lines, 1) if ACTION in line), *(lines.index(line) + 1 for line in asked)]
    )
    for said in (draft, text.replace("incident:", "accept: [R146]\nincident:")):
        write_files(site, {PATH: said})
        assert load_site(site, now=NOW)[1] == ()
    answered = text.replace(ACTION, "Memory is bounded")
    for question in QUESTIONS.values():
        answered = answered.replace(f"*{question}*", "It is said.")
    write_files(site, {PATH: answered})
    assert load_site(site, now=NOW)[1] == ()


@pytest.mark.parametrize(
    ("head", "body", "places"),
    [
        ("", "Being on call is paid.\n\nBy the hour: *[say how]*.", [(7, 14)]),
        ("", "Write `*[say how]*`, or:\n\n    *[say how]*\n\n```\n*[say how]*\n```", []),
        ("", "A [link](https://acme.example/), *[a link](https://acme.example/)* and *words*.", []),
        ("accept: [R146]\n", "*[say how]*", []),
        ("draft: true\n", "*[say how]*", []),
    ],
)
def test_a_page_leaves_nothing_to_say(tmp_path: Path, head: str, body: str, places: list[tuple[int, int]]) -> None:
    page = f"---\ntitle: Pay\n{head}---\n\n{body}\n"
    site = small_site(tmp_path, **{"content/pages/pay.md": page})
    found = load_site(site, now=NOW)[1]
    assert [(one.code, one.line, one.column) for one in found] == [("R146", *place) for place in places]


def test_what_is_there_is_never_overwritten(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "postmortem", "2026-02-22-portal-502")
    write_files(site, {PATH: (site / PATH).read_text(encoding="utf-8") + "My words.\n"})
    status, out, err = run(capsys, "postmortem", "2026-02-22-portal-502")
    assert (status, out) == (2, "")
    assert f"has a postmortem, {PATH}; nothing was written" in err
    assert (site / PATH).read_text(encoding="utf-8").endswith("My words.\n")


def test_one_under_another_name_is_found_too(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = "content/postmortems/memory.md"
    write_files(site, {other: "---\ntitle: x\nincident: 2026-02-22-portal-502\n---\n\nWords.\n"})
    status, _, err = run(capsys, "postmortem", "2026-02-22-portal-502")
    assert (status, f"has a postmortem, {other}" in err) == (2, True)
    assert not (site / PATH).exists()


def test_a_broken_file_in_its_place_stays(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: "no front matter"})
    assert run(capsys, "postmortem", "2026-02-22-portal-502")[0] == 2
    assert (site / PATH).read_text(encoding="utf-8") == "no front matter"


def test_an_incident_that_goes_on_can_have_a_draft(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    going = INCIDENT.partition("\n## resolved")[0]
    write_files(site, {"content/incidents/2026/2026-02-22-portal-502.md": going})
    status, _, err = run(capsys, "postmortem", "2026-02-22-portal-502")
    assert (status, "is not resolved yet" in err) == (0, True)
    text = (site / PATH).read_text(encoding="utf-8")
    assert "duration:" not in text
    assert "- Portal: partial outage since 2026-02-23 00:12 UTC\n" in text
    assert [one.code for one in load_site(site, now=NOW)[1]] == []


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("2026-02-22-portal-503", 'there is no incident or maintenance "2026-02-22-portal-503"; did you mean'),
        ("2026-03-01-work", "2026-03-01-work is maintenance; postmortems are about incidents"),
    ],
)
def test_what_has_no_postmortem_is_refused(site: Path, capsys: pytest.CaptureFixture[str], id: str, said: str) -> None:
    work = (
        "---\ntitle: Work\nscheduled: {from: 2026-03-01 10:00 UTC, until: 2026-03-01 11:00 UTC}\n"
        "components: [portal]\n---\n\n## scheduled 2026-02-20 10:00 UTC\n\nSoon.\n"
    )
    write_files(site, {"content/maintenance/2026-03-01-work.md": work})
    status, out, err = run(capsys, "postmortem", id)
    assert (status, out) == (2, "")
    assert said in err


def at_terminal(monkeypatch: pytest.MonkeyPatch, result: str | None) -> None:
    """Let a person at a terminal leave ``result`` in the editor."""
    monkeypatch.setattr(asking, "at_terminal", lambda: True)
    monkeypatch.setattr(click, "edit", lambda text, extension: result and text.replace("x\n", "") + result)


def test_the_editor_goes_on_with_the_draft(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch, "\n## My own\n\nWords.\n")
    assert run(capsys, "postmortem", "2026-02-22-portal-502", "--edit")[0] == 0
    assert (site / PATH).read_text(encoding="utf-8").endswith("## My own\n\nWords.\n")


def test_what_a_build_would_refuse_is_given_back(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch, "\n## Summary\n\nTwice.\n")
    status, _, err = run(capsys, "postmortem", "2026-02-22-portal-502", "--edit")
    assert status == 1
    assert " R140 " in err
    assert "## Summary\n\nTwice." in err
    assert not (site / PATH).exists()


def test_an_editor_that_saves_nothing_writes_nothing(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch, None)
    assert run(capsys, "postmortem", "2026-02-22-portal-502", "--edit")[0] == 2
    assert not (site / PATH).exists()
