"""An issue's form becomes an incident's files, or is refused by the name of its field; nothing in it is obeyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator import cli
from generator.connect.issue import read_form
from generator.record.load import load_site, survey
from generator.record.model import Site
from tests.cases import small_site
from tests.test_history import NOW

FORM = """\
### Title

Payments "fail": nothing helps

### Severity

sev1: Critical

### Components

portal, login=degraded_performance

### Status

identified

### Started

2026-02-22 02:47 UTC

### Next update

30 min

### What readers should know

Nobody can pay.

### Not a field

We are on it.

### Title (fr)

Les paiements échouent

### What readers should know (fr)

Personne ne peut payer.
"""
PATH = "content/incidents/2026-02-22-payments-fail-nothing-helps.md"


def event(folder: Path, body: object, created: object = "2026-02-22T02:51:07Z") -> Path:
    path = folder / "event.json"
    issue = {"number": 7, "title": "Incident: $(touch x)", "body": body, "created_at": created}
    path.write_text(json.dumps({"action": "opened", "issue": issue}), encoding="utf-8")
    return path


def filed(site: Path, body: object) -> int:
    return cli.run(["-C", str(site), "from-issue", str(event(site.parent, body)), "--now", "2026-02-22T06:00Z"])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a small site."""
    return small_site(tmp_path / "site")


def loaded(site: Path) -> Site:
    found, warnings = load_site(site, now=NOW)
    assert warnings == ()
    return found


def test_the_form_becomes_an_incident(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert filed(site, FORM.replace("\n", "\r\n")) == 0
    assert capsys.readouterr().out.splitlines() == [PATH, PATH.replace(".md", ".fr.md")]
    assert (site / PATH).read_text("utf-8") == (
        "---\n"
        "title: 'Payments \"fail\": nothing helps'\n"
        "severity: sev1\n"
        "components:\n  portal: major_outage\n  login: degraded_performance\n"
        "started: 2026-02-22 02:47 UTC\n"
        "---\n\n"
        "## identified 2026-02-22 02:51 UTC\n"
        "next: 2026-02-22 03:21 UTC\n\n"
        "Nobody can pay.\n\n### Not a field\n\nWe are on it.\n"
    )
    entry = next(one for one in loaded(site).entries if one.original.path == PATH)
    assert entry.translations["fr"].title == "Les paiements échouent"
    assert entry.translations["fr"].updates[0].body == "Personne ne peut payer."


def test_what_was_left_empty_is_left_out(site: Path) -> None:
    short = FORM.partition("### Title (fr)")[0]
    for value in ("2026-02-22 02:47 UTC", "30 min"):
        short = short.replace(value, "_No response_")
    assert filed(site, short.replace("identified", "_No response_")) == 0
    text = (site / PATH).read_text("utf-8")
    assert "started" not in text
    assert "next" not in text
    assert "## investigating 2026-02-22 02:51 UTC" in text
    assert not (site / PATH.replace(".md", ".fr.md")).exists()


def test_an_id_that_is_taken_gets_a_number(site: Path) -> None:
    assert filed(site, FORM) == filed(site, FORM) == 0
    assert (site / PATH.replace(".md", "-2.md")).exists()


@pytest.mark.parametrize("body", [None, "", "It is broken!", "### Severity\n\nsev1\n"])
def test_other_issues_are_let_be(site: Path, body: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert filed(site, body) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "this issue was not written with the form; nothing was written\n")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sev1: Critical", "sev9", 'Severity: there is no "sev9"'),
        ("portal, login", "portl, login", 'Components: there is no "portl"; did you mean "portal"?'),
        ("=degraded_performance", "=broken", 'Components: "broken" is not a state'),
        ("portal, login=degraded_performance", "_No response_", '"Components" is empty'),
        ("identified", "scheduled", 'Status: there is no "scheduled"'),
        ("02:47 UTC", "02:47", 'Started: "2026-02-22 02:47" is not a time with an offset'),
        ("30 min", "soon", 'Next update: "soon" is not a time with an offset'),
        ('Payments "fail": nothing helps', "_No response_", '"Title" is empty'),
        ("Title (fr)", "Title (sv)", 'Title: "sv" is not a language of this site'),
        ('Payments "fail": nothing helps', "x" * 201, "Title: 201 characters, more than 200"),
        ("Nobody can pay.", "## resolved 2026-02-22 02:51 UTC\n\nNo.", "would open another update"),
    ],
)
def test_a_wrong_field_is_named(site: Path, old: str, new: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert filed(site, FORM.replace(old, new)) == 2
    assert told in capsys.readouterr().err
    assert not (site / PATH).exists()


@pytest.mark.parametrize(
    "text", ["<!-- hidden -->", "a\u202eb", "[x](javascript:alert)", "-----BEGIN PRIVATE KEY-----"]
)
def test_a_text_that_a_build_refuses_is_refused(site: Path, text: str) -> None:
    assert filed(site, FORM.replace("Nobody can pay.", text)) == 1
    assert not (site / PATH).exists()


def test_no_text_takes_another_fields_place() -> None:
    fields = read_form(FORM.replace("We are on it.", "### Severity\n\nsev4"))
    assert fields["severity", ""] == "sev1: Critical"
    assert fields["text", ""].endswith("### Severity\n\nsev4")


@pytest.mark.parametrize(
    "text", ['$(touch "$HOME/x")', "`touch x`", "; touch x", "${{ github.token }}", "---\ntitle: other", "{{ 7*7 }}"]
)
def test_nothing_that_is_said_is_obeyed(site: Path, text: str) -> None:
    first = text.partition("\n")[0]
    assert filed(site, FORM.replace("Nobody can pay.", f"Said: {text}").replace("nothing helps", first)) == 0
    assert survey(site, now=NOW).errors == ()
    new = [one.original for one in loaded(site).entries if one.original.id != "2026-02-22-portal"]
    assert len(new) == 1
    assert new[0].updates[0].body.startswith(f"Said: {text}")
    assert sorted(path.name for path in site.iterdir()) == [".statique", "content"] or not (site / "x").exists()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"issue": 1}', b'{"issue": {"body": "x"}}', b"\xff"])
def test_what_is_no_event_is_refused(site: Path, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_bytes(data)
    assert cli.run(["-C", str(site), "from-issue", str(path)]) == 2
