"""What programs that others wrote for the Statuspage API make of a site, in every state that it can be in.

The site is served on a loopback port; the programs are pointed at it and otherwise as their authors made
them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import whadup
from flightdeck.panels.base import Ctx
from flightdeck.panels.status import Status as StatusPanel
from whadup.core import GithubStatus

from generator.live.serve import server
from generator.live.session import Session
from generator.preview import Preview
from tests.cases import COMPONENTS, INCIDENT, small_site

PORTAL = "content/incidents/2026-02-22-portal.md"
WORK = "content/maintenance/2026-03-01-move.md"
MOVE = """\
---
title: The login moves
components: [login]
scheduled: {from: 2026-03-01 01:00 UTC, until: 2026-03-01 03:00 UTC}
---

## scheduled 2026-02-20 12:00 UTC

We move.
"""
RESOLVED = """
## resolved 2026-02-22 03:43 UTC

All is **well**. See [our guide](https://help.acme.example/).
"""
WATCHED = """
## monitoring 2026-02-22 03:20 UTC
components: {portal: operational}

Up again.
"""
GROUP = 1  # programs count the group among the components


class Case(NamedTuple):
    """A moment of a site, and what is true of it then."""

    now: str
    files: dict[str, str]
    indicator: str
    description: str
    states: tuple[str, str]
    incidents: tuple[tuple[str, str], ...] = ()
    works: tuple[str, ...] = ()


def incident(severity: str, *, components: str = "[portal]") -> dict[str, str]:
    """Return the files of an open incident."""
    return {PORTAL: INCIDENT.replace("sev1", severity).replace("[portal]", components)}


MORNING = "2026-02-22 04:30"
FILES = {PORTAL: INCIDENT + RESOLVED}
CASES = {
    "calm": Case(MORNING, FILES, "none", "All Systems Operational", ("operational", "operational")),
    "critical": Case(
        MORNING, incident("sev1"), "critical", "Major Service Outage", ("major_outage", "operational"),
        (("investigating", "critical"),),
    ),
    "major": Case(
        MORNING, incident("sev2"), "major", "Partial System Outage", ("partial_outage", "operational"),
        (("investigating", "major"),),
    ),
    "minor": Case(
        MORNING, incident("sev3"), "minor", "Partially Degraded Service", ("degraded_performance", "operational"),
        (("investigating", "minor"),),
    ),
    "minor, nothing named": Case(
        MORNING, incident("sev3", components="[]"), "minor", "Minor Service Outage", ("operational", "operational"),
        (("investigating", "minor"),),
    ),
    "no impact": Case(
        MORNING, incident("sev4"), "none", "All Systems Operational", ("operational", "operational"),
        (("investigating", "none"),),
    ),
    "watched": Case(
        MORNING, {PORTAL: INCIDENT + WATCHED},
        "none", "All Systems Operational", ("operational", "operational"), (("monitoring", "critical"),),
    ),
    "work ahead": Case(
        MORNING, {**FILES, WORK: MOVE}, "none", "All Systems Operational", ("operational", "operational"),
        works=("scheduled",),
    ),
    "work begun by the clock": Case(
        "2026-03-01 02:00", {**FILES, WORK: MOVE}, "maintenance", "Service Under Maintenance",
        ("operational", "under_maintenance"), works=("in_progress",),
    ),
    "work being verified": Case(
        "2026-03-01 02:00", {**FILES, WORK: MOVE + "\n## verifying 2026-03-01 01:50 UTC\n\nWe look.\n"},
        "maintenance", "Service Under Maintenance", ("operational", "under_maintenance"), works=("verifying",),
    ),
    "work ended by the clock": Case(
        "2026-03-01 03:00", {**FILES, WORK: MOVE}, "none", "All Systems Operational", ("operational", "operational"),
    ),
    "work called off": Case(
        MORNING, {**FILES, WORK: MOVE + "\n## cancelled 2026-02-21 12:00 UTC\n\nNot now.\n"},
        "none", "All Systems Operational", ("operational", "operational"),
    ),
    "an outage during work": Case(
        "2026-03-01 02:00", {**incident("sev2"), WORK: MOVE}, "major", "Partial System Outage",
        ("partial_outage", "under_maintenance"), (("investigating", "major"),), ("in_progress",),
    ),
}  # fmt: skip


@contextmanager
def served(root: Path, case: Case) -> Iterator[str]:
    """Serve a site; give the address of its home page on this machine."""
    components = COMPONENTS.replace("name: Login", "name: Login, description: Signing in")
    site = small_site(root / "site", **{"content/components.yml": components, **case.files})
    session = Session(Preview(site), lambda: datetime.fromisoformat(case.now).replace(tzinfo=UTC))
    assert session.look() == ()
    with server(session, port=0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}"
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    """Return each state of a site."""
    return CASES[request.param]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, case: Case) -> Iterator[str]:
    """Give the address of a site in that state."""
    with served(tmp_path_factory.mktemp("site"), case) as address:
        yield address


def exported(address: str, root: Path, monkeypatch: pytest.MonkeyPatch, *, lang: str = "") -> dict[str, Any]:
    """Return what the exporter for Prometheus makes of a site; it keeps its cache in the working directory."""
    monkeypatch.chdir(root)
    from statuspage_prometheus_exporter.service_checker import check_service_status

    url = f"{address}{lang}/api/v2/summary.json"
    found: dict[str, Any] = check_service_status("acme", {"name": "Acme", "url": url})
    assert found["success"], found
    return found


def test_the_exporter_sees_every_state(home: str, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = exported(home, tmp_path, monkeypatch)
    assert [one["status"] for one in found["component_metadata"]][GROUP:] == list(case.states)
    assert [(one["status"], one["impact"]) for one in found["incident_metadata"]] == list(case.incidents)
    assert [one["status"] for one in found["maintenance_metadata"]] == list(case.works)
    if not case.works:
        assert found["status_text"] != "Unknown"
    for one in (*found["incident_metadata"], *found["maintenance_metadata"]):
        assert all(value not in ("unknown", "Unknown", "", None) for value in one.values()), one


def test_the_exporter_names_what_is_affected_and_where_to_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(tmp_path, CASES["an outage during work"]) as address:
        found = exported(address, tmp_path, monkeypatch, lang="/fr")
    (incident,), (work,) = found["incident_metadata"], found["maintenance_metadata"]
    assert incident["affected_components"] == ["Portail"]
    assert incident["started_at"] == "2026-02-22T02:51:00.000Z"
    assert incident["shortlink"] == "https://status.acme.example/fr/incidents/2026-02-22-portal/"
    assert (work["name"], work["affected_components"]) == ("The login moves", ["Login"])
    assert (work["scheduled_start"], work["scheduled_end"]) == ("2026-03-01T01:00:00.000Z", "2026-03-01T03:00:00.000Z")


def test_the_exporter_knows_an_incident_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A poller that sees new ids for what it knows raises the alarm anew."""
    more = "\n## identified 2026-02-22 03:12 UTC\n\nWe know.\n"
    seen = []
    for name, text in (("a", INCIDENT), ("b", INCIDENT + more)):
        with served(tmp_path / name, CASES["critical"]._replace(files={PORTAL: text})) as address:
            (found,) = exported(address, tmp_path, monkeypatch)["incident_metadata"]
            seen.append((found["id"], found["name"], found["started_at"], found["status"]))
    assert [one[:3] for one in seen] == [seen[0][:3]] * 2
    assert [one[3] for one in seen] == ["investigating", "identified"]


def test_every_call_of_a_wrapper_is_answered(home: str, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whadup, "API_BASE_URL", f"{home}/api/")
    client = GithubStatus()
    summary = client.summary()
    assert client.status()["status"] == summary["status"]
    assert summary["status"] == {"indicator": case.indicator, "description": case.description}
    assert client.components()["components"] == summary["components"]
    unresolved: Any = client.Incidents.unresolved()
    assert [(one["status"], one["impact"]) for one in unresolved["incidents"]] == list(case.incidents)
    everything: Any = client.Incidents()
    assert len(everything["incidents"]) == 1
    upcoming: Any = client.Maintenances.upcoming()
    active: Any = client.Maintenances.active()
    works = [*active["scheduled_maintenances"], *upcoming["scheduled_maintenances"]]
    assert [one["status"] for one in works] == list(case.works)
    all_works: Any = client.Maintenances()
    assert len(all_works["scheduled_maintenances"]) == (WORK in case.files)


def test_a_wrapper_reads_a_resolved_incident_as_plain_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(tmp_path, CASES["calm"]) as address:
        monkeypatch.setattr(whadup, "API_BASE_URL", f"{address}/api/")
        everything: Any = GithubStatus().Incidents()
    (incident,) = everything["incidents"]
    assert (incident["status"], incident["resolved_at"]) == ("resolved", "2026-02-22T03:43:00.000Z")
    assert incident["incident_updates"][0]["body"] == "All is well. See our guide (https://help.acme.example/)."


def test_a_dashboard_shows_the_site_by_its_address_alone(home: str, case: Case) -> None:
    services = [{"label": "Acme", "url": home}]
    (shown,) = StatusPanel(Ctx(config=None, opts={"services": services}, now=None)).render()
    colours = {"none": "🟢", "minor": "🟡", "major": "🟠", "critical": "🔴", "maintenance": "🔵"}
    titles = "; ".join("The portal is down" for _ in case.incidents) or "all operational"
    assert shown == f"- [Acme]({home}): {colours[case.indicator]} {case.indicator} — {titles}"
