"""The Statuspage API's documents."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from generator.build import build
from generator.feeds.statuspage_form import code, stamp
from generator.terms import Kind, Level, Overall, Phase
from generator.view.basics import Label, Text
from generator.view.program_views import Report, StatuspageView
from generator.view.record_views import IncidentView
from generator.view.views import LanguageView, SiteView
from tests.feed_reading import artifacts, replaced
from tests.sample_views import HOSTILE, LANGUAGES, URL, sample_site
from tests.statuspage_reading import Read, paths, read

ROOT = Path(__file__).resolve().parent.parent
PAGE = "d38whiu2gncb"


def files(view: SiteView | None = None) -> dict[str, bytes]:
    """Return the documents of all languages by path."""
    return {path: artifact.make() for path, artifact in artifacts(view).items() if "api/v2/" in path}


def sample(lang: str = "") -> Read:
    """Return the sample's documents in one language, read strictly."""
    return read(files(), lang)


def changed(**fields: object) -> SiteView:
    """Return the sample in English with other fields in what programs poll."""
    site = sample_site(languages=("en",))
    view: StatuspageView = replace(site.languages[0].statuspage, **fields)
    return replaced(site, statuspage=view)


def report(id: str, site: LanguageView) -> Report:
    """Return a record of the sample."""
    reports = (*site.statuspage.incidents, *site.statuspage.maintenance)
    return next(one for one in reports if one.incident.card.id == id)


def test_each_language_has_the_eight_documents() -> None:
    assert sorted(files()) == sorted(path for lang in ("", *LANGUAGES[1:]) for path in paths(lang))


@pytest.mark.parametrize("lang", ["", *LANGUAGES[1:]])
def test_every_document_has_every_key_and_no_other(lang: str) -> None:
    found = read(files(), lang)
    assert found.incidents.incidents
    assert found.maintenances.scheduled_maintenances


def test_lists_are_never_null_and_nothing_is_left_out_where_there_is_nothing() -> None:
    found = read(files(changed(changed=None, groups=(), incidents=(), maintenance=(), overall=Overall.NONE)))
    assert msgspec.to_builtins(found.summary) == {
        "page": {
            "id": PAGE,
            "name": "Lumen Status",
            "url": URL,
            "time_zone": "Europe/Stockholm",
            "updated_at": "2000-01-01T00:00:00.000Z",
        },
        "components": [],
        "incidents": [],
        "scheduled_maintenances": [],
        "status": {"indicator": "none", "description": "All Systems Operational"},
    }


def test_the_page_is_that_of_the_language() -> None:
    page = sample("fr").status.page
    assert (page.name, page.url, page.updated_at) == ("État de Lumen", f"{URL}/fr", "2026-02-22T03:40:00.000Z")


@pytest.mark.parametrize(
    ("overall", "level", "description"),
    [
        (Overall.NONE, Level.OPERATIONAL, "All Systems Operational"),
        (Overall.MINOR, Level.DEGRADED_PERFORMANCE, "Partially Degraded Service"),
        (Overall.MINOR, Level.OPERATIONAL, "Minor Service Outage"),
        (Overall.MAJOR, Level.PARTIAL_OUTAGE, "Partial System Outage"),
        (Overall.MAJOR, Level.DEGRADED_PERFORMANCE, "Partial System Outage"),
        (Overall.CRITICAL, Level.MAJOR_OUTAGE, "Major Service Outage"),
        (Overall.MAINTENANCE, Level.UNDER_MAINTENANCE, "Service Under Maintenance"),
    ],
)
def test_the_one_statement_in_the_words_of_the_original(overall: Overall, level: Level, description: str) -> None:
    (group, *_) = sample_site(languages=("en",)).languages[0].statuspage.groups
    groups = (replace(group, services=tuple(replace(one, level=level) for one in group.services)),)
    status = read(files(changed(overall=overall, groups=groups, incidents=(), maintenance=()))).status.status
    assert (status.indicator, status.description) == (overall.value, description)


def test_a_group_and_its_components() -> None:
    portal, api, web, data, search = sample().components.components
    assert msgspec.to_builtins(portal) == {
        "id": code("status.lumen.example", "group", "portal"),
        "name": "Portal",
        "status": "partial_outage",
        "created_at": "2023-12-31T23:00:00.000Z",
        "updated_at": "2026-02-22T03:40:00.000Z",
        "position": 1,
        "description": "What customers log in to.",
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": PAGE,
        "group": True,
        "only_show_if_degraded": False,
        "components": [api.id, web.id],
    }
    assert msgspec.to_builtins(web) == {
        "id": code("status.lumen.example", "component", "portal-web"),
        "name": "Portal & <Web>",
        "status": "operational",
        "created_at": "2023-12-31T23:00:00.000Z",
        "updated_at": "2026-02-22T03:40:00.000Z",
        "position": 2,
        "description": "Also used by the *mobile* app.",
        "showcase": True,
        "start_date": "2024-01-01",
        "group_id": portal.id,
        "page_id": PAGE,
        "group": False,
        "only_show_if_degraded": False,
    }
    assert (data.position, data.components, search.status) == (2, [search.id], "under_maintenance")


def test_an_incident_whole() -> None:
    (incident,) = sample("fr").unresolved.incidents
    newest, _, oldest = incident.incident_updates
    api, web = (code("status.lumen.example", "component", id) for id in ("portal-api", "portal-web"))
    fields = msgspec.to_builtins(incident)
    assert [one["id"] for one in fields.pop("components")] == [api, web]
    assert [one["id"] for one in fields.pop("incident_updates")] == [
        code("status.lumen.example", "incident", "2026-02-22-portal-errors", number) for number in "321"
    ]
    assert fields == {
        "id": code("status.lumen.example", "incident", "2026-02-22-portal-errors"),
        "name": "Portail indisponible",
        "status": "identified",
        "created_at": "2026-02-22T02:51:00.000Z",
        "updated_at": "2026-02-22T03:40:00.000Z",
        "monitoring_at": None,
        "resolved_at": None,
        "impact": "critical",
        "shortlink": f"{URL}/fr/incidents/2026-02-22-portal-errors/",
        "started_at": "2026-02-22T02:45:00.000Z",
        "page_id": PAGE,
    }
    assert oldest.body == "Le portail répond par l’erreur 503."
    assert msgspec.to_builtins(newest) == {
        "id": newest.id,
        "status": "identified",
        "body": "The web front is back. The API still returns errors for **one request in ten**.",
        "incident_id": incident.id,
        "created_at": "2026-02-22T03:40:00.000Z",
        "updated_at": "2026-02-22T03:40:00.000Z",
        "display_at": "2026-02-22T03:40:00.000Z",
        "affected_components": [
            {"code": api, "name": "Portal API", "old_status": "major_outage", "new_status": "partial_outage"},
            {"code": web, "name": "Portail & <Web>", "old_status": "major_outage", "new_status": "operational"},
        ],
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def test_an_update_that_changes_nothing_still_names_what_is_affected() -> None:
    (incident,) = sample().unresolved.incidents
    moves = [[(one.old_status, one.new_status) for one in update.affected_components]
             for update in incident.incident_updates[1:]]  # fmt: skip
    assert moves == [[("major_outage", "major_outage")] * 2, [("operational", "major_outage")] * 2]


def test_a_resolved_incident_says_when() -> None:
    found = {one.id: one for one in sample().incidents.incidents}
    resolved = found[code("status.lumen.example", "incident", "2026-02-10-search-slow")]
    assert (resolved.status, resolved.impact) == ("resolved", "minor")
    assert resolved.monitoring_at == "2026-02-10T10:30:00.000Z"
    assert resolved.resolved_at == "2026-02-10T11:00:00.000Z"


def test_an_amended_update_says_when() -> None:
    found = {one.id: one for one in sample().incidents.incidents}
    amended = found[code("status.lumen.example", "incident", "2026-02-10-search-slow")]
    _, update, _ = amended.incident_updates
    assert (update.display_at, update.updated_at) == ("2026-02-10T10:30:00.000Z", "2026-02-11T09:00:00.000Z")
    assert amended.updated_at == "2026-02-11T09:00:00.000Z"


def test_hostile_texts_are_texts() -> None:
    found = {one.id: one for one in sample().incidents.incidents}
    hostile = found[code("status.lumen.example", "incident", "2026-02-10-search-slow")]
    assert (hostile.name, hostile.incident_updates[1].body) == (HOSTILE, HOSTILE)


def test_what_was_written_down_later_notifies_nobody() -> None:
    found = {one.id: one for one in sample().incidents.incidents}
    late = found[code("status.lumen.example", "incident", "2026-01-15-sign-in")]
    assert {update.deliver_notifications for update in late.incident_updates} == {False}


def test_where_the_clock_began_work_an_update_says_so() -> None:
    (work,) = sample().active.scheduled_maintenances
    begun, told = work.incident_updates
    assert (work.status, begun.status, told.status) == ("in_progress", "in_progress", "scheduled")
    assert begun.display_at == work.scheduled_for == "2026-02-22T03:30:00.000Z"
    assert begun.body == "Maintenance has begun as planned."
    assert [(one.old_status, one.new_status) for one in begun.affected_components] == [
        ("operational", "under_maintenance")
    ]
    assert begun.id == code("status.lumen.example", "maintenance", "2026-02-22-certificates", "in_progress")
    assert work.started_at == work.created_at == told.display_at


def test_work_that_is_called_off_is_completed_and_says_why() -> None:
    found = {one.id: one for one in sample().maintenances.scheduled_maintenances}
    off = found[code("status.lumen.example", "maintenance", "2026-02-15-index")]
    assert (off.status, off.resolved_at) == ("completed", "2026-02-14T16:00:00.000Z")
    assert (off.incident_updates[0].status, off.incident_updates[0].body) == ("completed", "We do this later.")


def test_ids_are_the_same_in_every_language_and_clash_nowhere() -> None:
    found = files()

    def ids(lang: str) -> list[str]:
        data = b"".join(found[path] for path in paths(lang))
        return re.findall(r'"(?:id|incident_id|page_id|group_id|code)":"([^"]*)"', data.decode())

    assert ids("") == ids("fr") == ids("ar")
    names = [f"{kind} {id}" for kind in ("incident", "maintenance", "component", "group") for id in ("a", "b")]
    names += [f"{name} {number}" for name in names for number in ("1", "2")]
    codes = [code(site, *name.split()) for site in ("a.example", "b.example") for name in ("page", *names)]
    assert len(set(codes)) == len(codes)
    assert code("A.example", "page") == code("a.example", "page")


def test_ids_never_change() -> None:
    assert sample().status.page.id == PAGE
    assert code("status.lumen.example", "incident", "2026-02-22-portal-errors", "3") == "ps911bsjzsmf"


def test_a_component_out_of_service_is_named_by_updates_only() -> None:
    site = sample_site(languages=("en",)).languages[0]
    found = read(files(changed(groups=site.statuspage.groups[1:])))
    (incident,) = found.unresolved.incidents
    assert [one.name for one in found.components.components] == ["Data", "Search"]
    assert incident.components == []
    assert [one.name for one in incident.incident_updates[0].affected_components] == ["Portal API", "Portal & <Web>"]


def test_work_that_lies_ahead_is_in_the_order_in_which_it_comes() -> None:
    site = sample_site(languages=("en",)).languages[0]
    soon = report("2026-03-01-database", site)
    card = soon.incident.card
    later = replace(soon, incident=_shifted(soon.incident, "2026-03-09-later", started=datetime(2026, 3, 9)))  # noqa: DTZ001 compared only with its like
    sooner = replace(soon, incident=replace(soon.incident, card=replace(card, started=datetime(2026, 3, 1))))  # noqa: DTZ001 likewise
    found = read(files(changed(maintenance=(later, sooner))))
    assert [one.shortlink for one in found.upcoming.scheduled_maintenances] == [
        f"{URL}/maintenance/2026-03-01-database/",
        f"{URL}/maintenance/2026-03-09-later/",
    ]


def test_an_update_without_words_says_its_status() -> None:
    site = sample_site(languages=("en",)).languages[0]
    one = report("2026-02-22-portal-errors", site)
    silent = replace(one.incident.updates[0], body=Text("\x00", "en"))
    changes = changed(incidents=(replace(one, incident=replace(one.incident, updates=(silent,))),))
    assert read(files(changes)).unresolved.incidents[0].incident_updates[0].body == "Identified"


def test_a_resolved_incident_changes_no_document_that_does_not_tell_of_it() -> None:
    old = artifacts(sample_site(languages=("en",)))
    site = sample_site(languages=("en",)).languages[0]
    reports = tuple(
        replace(one, incident=_titled(one.incident, "Otherwise"))
        if one.incident.card.id == "2026-02-10-search-slow" else one
        for one in site.statuspage.incidents
    )  # fmt: skip
    new = artifacts(changed(incidents=reports))
    assert {path for path in old if old[path].key != new[path].key} == {"api/v2/incidents.json"}


def test_times_have_milliseconds() -> None:
    assert stamp(datetime.fromisoformat("2026-02-22T03:51:00.5+01:00")) == "2026-02-22T02:51:00.500Z"


def test_the_demonstration_site_is_cheap_to_poll(tmp_path: Path) -> None:
    now = datetime.fromisoformat("2026-11-21T04:40:00+00:00")
    built: Any = build(_copy(tmp_path), now=now, out=tmp_path / "out")
    assert built.published
    for lang in ("", "fr", "es", "sv", "de", "ja", "pt-BR", "ar"):
        found = {path: (tmp_path / "out" / path).read_bytes() for path in paths(lang)}
        assert read(found, lang).unresolved.incidents
        assert len(gzip.compress(found[paths(lang)[0]])) < 8 * 1024


def _copy(root: Path) -> Path:
    (root / "site").mkdir()
    (root / "site" / "content").symlink_to(ROOT / "content", target_is_directory=True)
    return root / "site"


def _titled(record: IncidentView, title: str) -> IncidentView:
    return replace(record, card=replace(record.card, title=Label(title, "en")))


def _shifted(record: IncidentView, id: str, *, started: datetime) -> IncidentView:
    assert record.card.kind is Kind.MAINTENANCE
    assert record.card.phase is Phase.SCHEDULED
    return replace(record, card=replace(record.card, id=id, started=started))
