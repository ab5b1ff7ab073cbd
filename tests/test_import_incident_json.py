"""An incident as one JSON document: where each of its values goes, and what is said when one has no place."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli import run
from generator.importers.foreign import Imported
from generator.importers.foreign_json import leaves
from generator.importers.incident_json import Known, Wanted, read_incident_json
from generator.record.fields import unparse_time
from generator.record.internal import parse_internal, survey_internal
from generator.record.internal_model import EventKind, InternalRecord, Pair
from generator.record.load import survey
from generator.record.model import Incident
from generator.record.parse import parse_record
from generator.terms import Phase, Progress
from tests.cases import small_site

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
FIXTURE = Path(__file__).parent / "fixtures" / "incident.json"
KNOWN = Known({"sev2": "sev2", "p2": "sev2"}, {"portal": "portal", "login": "login", "sign-in": "login"})
ID = "2025-05-06-sign-in-refuses-everyone"
INTERNAL = f"content/internal/incidents/{ID}.md"
POSTMORTEM = f"content/postmortems/{ID}.md"
PUBLIC = f"content/incidents/2025/{ID}.md"


def document() -> dict[str, Any]:
    """Return the fixture."""
    found: dict[str, Any] = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return found


def imported(tmp_path: Path, data: object, *, known: Known | None = KNOWN, wanted: Wanted | None = None) -> Imported:
    """Return what a document becomes."""
    file = tmp_path / "incident.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return read_incident_json(file, known=known, wanted=wanted or Wanted())


def texts(found: Imported) -> dict[str, str]:
    """Return the files by their paths."""
    return {file.path: file.text for file in found.files}


def record(found: Imported) -> InternalRecord:
    """Return the internal record, which must have no faults."""
    parsed = parse_internal((INTERNAL, texts(found)[INTERNAL].encode()))
    assert parsed.problems == ()
    assert parsed.record is not None
    return parsed.record


def forms(words: str) -> set[str]:
    """Return the ways in which a value may stand in a file."""
    found = {words, words.casefold(), words.replace(" ", "_")}
    if len(words) > 18 and words.endswith("Z"):
        moment = datetime.fromisoformat(words)
        found |= {unparse_time(moment), unparse_time(moment).split(" ")[0]}
    return found


def test_no_value_is_lost(tmp_path: Path) -> None:
    whole = texts(imported(tmp_path, document()))
    lost = []
    for pointer, words in leaves(document()):
        places = [path for path, text in whole.items() if any(form in text for form in forms(words))]
        if INTERNAL not in places:
            lost.append((pointer, words))
    assert lost == []


PLACES = {
    "incident.id": "number: {}",
    "incident.title": "title: {}",
    "incident.severity": "severity: {}",
    "incident.status": "status: {}",
    "incident.commander": "commander: {}",
    "incident.service": "service: {}",
    "impact.revenue_impact": "revenue_impact: {}",
    "impact.affected_users_percentage": "users_share: {} %",
    "impact.data_integrity_risk": "data_integrity: {}",
    "impact.security_breach": "security_breach: {}",
    "impact.customer_facing": "customer_facing: {}",
    "impact.degradation_type": "degradation: {}",
    "impact.workaround_available": "workaround: {}",
    "signals.error_rate_percentage": "error_rate: {} %",
    "signals.latency_p99_ms": "latency_p99: {} ms",
    "signals.alert_count": "alerts: {}",
    "signals.customer_reports": "customer_reports: {}",
    "context.on_call.primary": "primary: {}",
    "context.recent_deployments[0].service": "service: {}",
    "context.recent_deployments[0].version": "version: '{}'",
    "resolution.customer_impact.affected_users": "users: {}",
    "resolution.customer_impact.failed_transactions": "failed_transactions: {}",
    "resolution.customer_impact.revenue_impact_usd": "revenue: {} USD",
    "resolution.customer_impact.data_loss": "data_loss: {}",
    "resolution.root_cause": "## root cause\n\n{}\n",
    "resolution.permanent_fix": "## permanent fix\n\n{}\n",
    "resolution.contributing_factors[0]": "## contributing factors\n\n- {}\n",
    "resolution.mitigation_steps[0]": "## mitigation\n\n- {}\n",
    "events[0].metadata.open_sessions": "open_sessions: {}",
    "events[2].actor": " declaration by {}\n",
    "communications[1].channel": " UTC {} to internal\n",
    "action_items[0].title": "### {}\n",
    "action_items[0].owner": "owner: {}",
    "extra.pager_budget": "extra.pager_budget: {}",
    "incident.moon": "incident.moon: {}",
}


def test_values_stand_where_they_belong(tmp_path: Path) -> None:
    text = texts(imported(tmp_path, document()))[INTERNAL]
    values = dict(leaves(document()))
    assert {pointer for pointer in PLACES if PLACES[pointer].format(values[pointer]) not in text} == set()


def test_the_record_is_what_the_document_says(tmp_path: Path) -> None:
    found = record(imported(tmp_path, document()))
    assert [event.kind for event in found.timeline] == [
        EventKind.TRIGGER, EventKind.DETECTION, EventKind.DECLARATION, EventKind.COMMUNICATION, EventKind.NOTE,
        EventKind.RESOLUTION,
    ]  # fmt: skip
    assert found.timeline[4].measures == (
        Pair("steps_0_name", "drain"),
        Pair("steps_1_name", "restart"),
        Pair("type", "handover"),
    )
    assert found.participants == (Pair("Mika Roth", "Incident Commander"), Pair("Ana Sol", "Identity lead"))
    assert found.channel == "#inc-signin"
    assert found.detection is not None
    assert (found.detection.source, found.detection.alert) == ("prometheus", "A-17")
    assert [(action.title, action.status) for action in found.actions] == [
        ("Test the expiry of sessions", Progress.IN_PROGRESS), ("Alert on empty session stores", Progress.OPEN),
    ]  # fmt: skip
    assert found.notes is not None
    assert found.notes.text.split("\n") == [
        "- incident.moon: full", "- action_items[1].status: somewhat", "- extra.pager_budget: 3",
    ]  # fmt: skip


def test_what_has_no_place_is_told(tmp_path: Path) -> None:
    found = imported(tmp_path, document())
    assert [problem.message for problem in found.problems if problem.code == "I156"] == [
        '"incident.moon" has no place of its own',
        '"action_items[1].status" has no place of its own',
        '"extra.pager_budget" has no place of its own',
    ]  # fmt: skip
    assert all(problem.warning for problem in found.problems)


def test_updates_are_what_the_status_page_said(tmp_path: Path) -> None:
    parsed = parse_record((PUBLIC, texts(imported(tmp_path, document()))[PUBLIC].encode()))
    assert parsed.problems == ()
    assert isinstance(parsed.record, Incident)
    assert [(update.phase, update.body) for update in parsed.record.updates] == [
        (Phase.INVESTIGATING, "Nobody can sign in. We are looking."),
        (Phase.RESOLVED, "Signing in works again."),
    ]
    assert parsed.record.severity == "sev2"
    assert parsed.record.components == {"login": None, "portal": None}
    assert parsed.record.backfilled
    assert not parsed.record.draft


def test_a_postmortem_names_roles_and_no_person(tmp_path: Path) -> None:
    text = texts(imported(tmp_path, document()))[POSTMORTEM]
    assert "the Incident Commander" in text
    assert not any(word in text for word in ("Mika", "Roth", "Ana Sol", "@signin.example", "#inc-signin"))
    values = yaml.safe_load(text.split("---\n")[1])
    assert values["draft"] is True
    assert values["incident"] == ID
    assert values["duration"] == "1 h 20 min"
    assert [(one["title"], one.get("owner"), one.get("status")) for one in values["actions"]] == [
        ("Test the expiry of sessions", "Identity lead", "in_progress"), ("Alert on empty session stores", None, None),
    ]  # fmt: skip
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "Summary", "Impact", "Timeline", "Root cause", "Contributing factors", "Mitigation", "What went well",
        "What went wrong", "Permanent fix", "Lessons",
    ]  # fmt: skip


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    data = document()
    data["incident"]["title"] = "--- a: [b] #c {d"
    data["communications"][0]["message"] = (
        "Investigating - ok\n## resolved 2025-05-06 10:00 UTC\n<script>\u200b```\n[x](javascript:y)"
    )
    data["events"][0]["description"] = "### 2025-05-06 10:00 UTC note\n## actions\n---\n```"
    data["events"][0]["metadata"] = {"no": "#x", "a b": {"c": [1, None, ""]}, "yes": "y" * 600}
    data["events"][0]["actor"] = "Eve\n## chat"
    data["resolution"]["contributing_factors"] = ["one\n\n## chat\n- two"]
    found = imported(tmp_path, data, wanted=Wanted(id=ID))
    parsed = parse_record((PUBLIC, texts(found)[PUBLIC].encode()))
    assert [p for p in parsed.problems if not p.warning] == []
    assert isinstance(parsed.record, Incident)
    assert (parsed.record.title, len(parsed.record.updates)) == ("--- a: [b] #c {d", 2)
    internal = record(found)
    assert (len(internal.timeline), internal.chat, len(internal.factors)) == (6, (), 1)
    assert internal.timeline[0].actor == "Eve ## chat"
    assert internal.timeline[0].measures == (Pair("no_", "#x"), Pair("a_b_c_0", "1"))
    assert "y" * 600 in internal.timeline[0].text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: I150 not valid JSON: Expecting value; export it once more"),
        ('{"incident": NaN}', "1:1: I150 not valid JSON: it cannot be read; export it once more"),
        ("[" * 100_000, "1:1: I150 not valid JSON: it cannot be read; export it once more"),
        ("[1]", "1:1: I151 this is no incident; it needs the keys incident, events and communications"),
        ('{"events": []}', "1:1: I152 nothing says when it began; write `incident.declared_at` with its offset"),
    ],
)
def test_what_cannot_be_imported(tmp_path: Path, text: str, message: str) -> None:
    found = imported(tmp_path, text, known=None)
    assert found.files == ()
    assert f"{(tmp_path / 'incident.json').as_posix()}:{message}" in [str(problem) for problem in found.problems]


def test_a_component_that_the_site_lacks_is_mapped_or_told(tmp_path: Path) -> None:
    data = document()
    data["incident"]["affected_services"] = ["Mail Relay"]
    found = imported(tmp_path, data)
    assert found.files == ()
    (problem,) = [problem for problem in found.problems if not problem.warning]
    assert problem.code == "I154"
    assert problem.hint == (
        "add `- {id: mail-relay, name: Mail Relay}` to a group of components.yml, or give --component Mail Relay=ID"
    )
    mapped = imported(tmp_path, data, wanted=Wanted(components={"Mail Relay": "portal"}))
    assert "components:\n  - login\n  - portal\n" in texts(mapped)[PUBLIC]


def test_a_severity_that_the_site_lacks_is_told(tmp_path: Path) -> None:
    data = document()
    data["incident"]["severity"] = "BLUE"
    assert [problem.code for problem in imported(tmp_path, data).problems if not problem.warning] == ["I153"]


def test_without_a_public_word_it_is_a_draft(tmp_path: Path) -> None:
    data = document()
    data["communications"] = data["communications"][1:2]
    found = imported(tmp_path, data)
    assert "draft: true\n" in texts(found)[PUBLIC]
    assert "I155" in [problem.code for problem in found.problems]


def test_the_command_writes_once_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "site")
    command = ["-C", str(site), "import", "incident-json", str(FIXTURE), "--component", "sign-in=login"]
    assert run(command) == 0
    assert "3 files written" in capsys.readouterr().out
    whole = survey(site, now=NOW).site
    assert whole is not None
    assert ID in [entry.original.id for entry in whole.entries]
    assert survey_internal(site, whole, now=NOW).problems == ()
    before = (site / INTERNAL).read_bytes()
    assert run(command) == 1
    assert "3 left as they were" in capsys.readouterr().out
    assert (site / INTERNAL).read_bytes() == before


def test_the_command_writes_into_an_overlay(tmp_path: Path) -> None:
    site, overlay = small_site(tmp_path / "site"), tmp_path / "war"
    overlay.mkdir()
    asked = ["--component", "sign-in=login", "--internal", str(overlay), "--id", "2025-05-06-x"]
    assert run(["-C", str(site), "import", "incident-json", str(FIXTURE), *asked]) == 0
    assert (overlay / "incidents/2025-05-06-x.md").is_file()
    assert not (site / "content/internal").exists()


def test_a_component_without_an_id_is_wrong_usage(tmp_path: Path) -> None:
    assert run(["-C", str(tmp_path), "import", "incident-json", str(FIXTURE), "--component", "x"]) == 2
