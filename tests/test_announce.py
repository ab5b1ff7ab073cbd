"""The update for one's own company: what it says, from where it knows it, and that Slack takes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import cli
from generator.briefing import Situation, since
from generator.slack import FIELD, FIELDS, HEADER, SECTION, as_slack, escaped, mrkdwn
from tests.cases import INCIDENT, small_site
from tests.rosters import ONCALL, PEOPLE

START = datetime(2026, 2, 22, 2, 47, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
PUBLIC = (
    INCIDENT.replace("components: [portal]", "components: [portal, login]\nstarted: 2026-02-22 02:47 UTC")
    + """
## identified 2026-02-22 03:12 UTC
components: {login: operational, portal: partial_outage}
next: 2026-02-22 03:35 UTC

Memory runs out. We go back to **v2.4.0**.

- [Notes](https://help.acme.example/)
"""
)
WAR_ROOM = """\
---
status: mitigating
commander: "@ada"
roles: {tech lead: Bo Ek, scribe: Dee}
channel: "#inc-portal"
impact: {users: ~2400, users_share: 62 %, workaround: false}
---

## timeline

### 2026-02-22 03:12 UTC decision by Ada

Roll back all pods.

### 2026-02-22 03:24 UTC mitigation by Bo

Watch the pods.
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = cli.run([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def site(root: Path, *, inside: bool = True) -> Path:
    files = {PATH: PUBLIC}
    if inside:
        files |= {
            "content/internal/incidents/2026-02-22-portal.md": WAR_ROOM,
            "content/internal/people.yml": PEOPLE,
            "content/internal/oncall.yml": ONCALL,
        }
    return small_site(root, **files)


def test_all_that_is_known_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--eta", "5-10 minutes", "--at", "2026-02-22T03:15Z"]
    assert run(capsys, "-C", site(tmp_path), "announce", "2026-02-22", *options) == (
        0,
        """\
INCIDENT UPDATE, T+28 min: The portal is down
Status: mitigating
Severity: Critical (sev1)
Impact: Portal: partial outage; ~2400 users (62 %); there is no way around it
Current action: Roll back all pods.
ETA: 5-10 minutes
Next update: T+48 min (2026-02-22 03:35 UTC, 04:35 CET) or when resolved
Details: Memory runs out. We go back to **v2.4.0**. - [Notes](https://help.acme.example/)
Help needed: none at this time
Commander: Ada Lindqvist
Tech lead: Bo Ek @bo
Scribe: Dee
On call, Platform: Ada Lindqvist
Channel: #inc-portal
https://status.acme.example/incidents/2026-02-22-portal/
""",
        "",
    )


def test_without_a_record_of_the_responders_the_public_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--action", "Rolling back v2.5.1", "--help-needed", "Someone from payments", "--at", "2026-02-22T02:55Z"]
    status, out, _ = run(capsys, "-C", site(tmp_path, inside=False), "announce", "2026-02-22-portal", *options)
    assert status == 0
    assert out.splitlines() == [
        "INCIDENT UPDATE, T+8 min: The portal is down",
        "Status: investigating",
        "Severity: Critical (sev1)",
        "Impact: Portal: major outage; Login: major outage",
        "Current action: Rolling back v2.5.1",
        "ETA: not known yet",
        "Next update: T+34 min (2026-02-22 03:21 UTC, 04:21 CET) or when resolved",
        "Details: We are looking.",
        "Help needed: Someone from payments",
        "Commander: nobody yet",
        "https://status.acme.example/incidents/2026-02-22-portal/",
    ]


def test_what_is_asked_for_goes_before_what_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--action", "Draining pods", "--at", "2026-02-22T04:00Z"]
    _, out, _ = run(capsys, "-C", site(tmp_path), "announce", "2026-02-22-portal", *options)
    assert "Current action: Draining pods\n" in out
    assert "Next update: T+48 min (2026-02-22 03:35 UTC, 04:35 CET, overdue)" in out


def test_the_newest_decision_is_what_is_being_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "-C", site(tmp_path), "announce", "2026-02-22-portal", "--at", "2026-02-22T03:30Z")
    assert "Current action: Watch the pods.\n" in out


@pytest.mark.parametrize(
    ("facts", "status", "action"),
    [
        ("status: mitigating", "mitigating", "Watch the pods"),
        ("status: mitigated\nmitigated: 2026-02-22 03:33 UTC", "identified", "Watch the pods"),
        ("status: mitigated\nmitigated: 2026-02-22 03:12 UTC", "mitigated", "Watch the pods"),
        ("status: closed\nresolved: 2026-02-22 03:43 UTC", "identified", "Roll back all pods."),
    ],
)
def test_what_came_later_is_not_told_of_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], facts: str, status: str, action: str
) -> None:
    folder = site(tmp_path)
    record = WAR_ROOM.replace("status: mitigating", facts) + "\n## actions\n\n### Watch the pods\nstatus: in_progress\n"
    (folder / "content/internal/incidents/2026-02-22-portal.md").write_text(record, encoding="utf-8")
    _, out, _ = run(capsys, "-C", folder, "announce", "2026-02-22-portal", "--at", "2026-02-22T03:15Z")
    assert f"\nStatus: {status}\n" in out
    assert f"\nCurrent action: {action}\n" in out


def test_what_is_over_asks_for_nothing_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"{PUBLIC}\n## resolved 2026-02-22 03:43 UTC\n\nIt is over.\n"
    folder = small_site(tmp_path, **{PATH: text})
    _, out, _ = run(capsys, "-C", folder, "announce", "2026-02-22-portal", "--at", "2026-02-22T09:00Z")
    assert out.startswith("INCIDENT UPDATE, T+56 min: The portal is down\nStatus: resolved\n")
    assert "Impact: none now\nNext update: none, it is over\n" in out
    assert "ETA" not in out


def test_facts_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--format", "json", "--at", "2026-02-22T03:15Z"]
    _, out, _ = run(capsys, "-C", site(tmp_path), "announce", "2026-02-22-portal", *options)
    facts = json.loads(out)
    assert (facts["elapsed"], facts["next"], facts["next_elapsed"]) == ("T+28 min", "2026-02-22T03:35:00Z", "T+48 min")
    assert (facts["commander"], facts["eta"], facts["help_needed"]) == ("Ada Lindqvist", None, None)
    assert {"role": "Tech lead", "name": "Bo Ek @bo"} in facts["roles"]


@pytest.mark.parametrize(
    ("id", "status", "said"),
    [
        ("2026-02-23", 2, 'there is no incident or maintenance "2026-02-23"'),
        ("2026-02-22-prtal", 2, 'did you mean "2026-02-22-portal"?'),
    ],
)
def test_an_id_that_nothing_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], id: str, status: int, said: str
) -> None:
    code, _, err = run(capsys, "-C", site(tmp_path), "announce", id)
    assert code == status
    assert said in err


def test_a_broken_record_of_the_responders_is_told_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = site(tmp_path)
    (folder / "content/internal/incidents/2026-02-22-portal.md").write_text("---\ncommander: [\n---\n", "utf-8")
    status, out, err = run(capsys, "-C", folder, "announce", "2026-02-22-portal", "--at", "2026-02-22T03:15Z")
    assert status == 0
    assert "Commander: nobody yet" in out
    assert "content/internal/incidents/2026-02-22-portal.md:" in err


# Slack


def accepted(message: dict[str, Any]) -> bool:
    """Return whether a message keeps Slack's rules for the blocks that it has."""
    assert set(message) == {"text", "blocks"}
    assert len(message["blocks"]) <= 50
    for block in message["blocks"]:
        if block["type"] == "header":
            assert block["text"]["type"] == "plain_text"
            assert 0 < len(block["text"]["text"]) <= HEADER
        elif block["type"] == "section":
            texts = block.get("fields") or [block["text"]]
            assert 0 < len(texts) <= FIELDS
            limit = FIELD if "fields" in block else SECTION
            assert all(text["type"] == "mrkdwn" and 0 < len(text["text"]) <= limit for text in texts)
        else:
            assert block["type"] == "context"
            assert 0 < len(block["elements"]) <= 10
            assert all(0 < len(text["text"]) <= FIELD for text in block["elements"])
    return True


def test_slack_gets_header_fields_and_context(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--format", "slack", "--at", "2026-02-22T03:15Z"]
    _, out, _ = run(capsys, "-C", site(tmp_path), "announce", "2026-02-22-portal", *options)
    message = json.loads(out)
    assert accepted(message)
    assert [block["type"] for block in message["blocks"]] == [
        "header", "section", "section", "section", "context", "context",
    ]  # fmt: skip
    assert message["text"] == "T+28 min: The portal is down (mitigating)"
    texts = [field["text"] for block in message["blocks"] for field in block.get("fields", ())]
    assert "*Commander*\nAda Lindqvist" in texts
    assert "*Current action*\nRoll back all pods." in texts
    assert message["blocks"][2]["text"]["text"] == (
        "*Details*\nMemory runs out. We go back to *v2.4.0*.\n\n• <https://help.acme.example/|Notes>"
    )


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=400)


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=14), st.integers(1, 30))
def test_whatever_the_texts_say_slack_takes_them(
    title: str, details: str, roles: list[tuple[str, str]], many: int
) -> None:
    one = Situation(
        "x", title, "https://x.example/", START, START, None, "s", "sev1", (details,), title, None, None,
        f"{details}<!channel> <@U1>&" * many, None, None, tuple(roles), None, "UTC",
    )  # fmt: skip
    message = as_slack(one)
    assert accepted(message)
    sent = json.dumps(message)
    assert "<!channel>" not in sent
    assert "<@U1>" not in sent


def test_markdown_becomes_slack_s_own() -> None:
    assert mrkdwn("### What\n**a** & __b__ [c](https://d.example/?e=1&f=2)\n* g\n- h") == (
        "*What*\n*a* &amp; *b* <https://d.example/?e=1&amp;f=2|c>\n• g\n• h"
    )
    assert mrkdwn("[x](javascript:y) <!here>") == "[x](javascript:y) &lt;!here&gt;"
    assert escaped("<a&b>") == "&lt;a&amp;b&gt;"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(0, "T+0 min"), (-5, "T+0 min"), (25, "T+25 min"), (60, "T+1 h"), (72, "T+1 h 12 min"), (1440, "T+1 d"),
     (3 * 1440 + 245, "T+3 d 4 h")],
)  # fmt: skip
def test_time_since_the_start(minutes: int, told: str) -> None:
    assert since(START, START + timedelta(minutes=minutes)) == told
