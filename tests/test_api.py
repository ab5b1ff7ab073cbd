"""The site's own documents for programs."""

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.feeds import api, api_form
from generator.feeds.document import clean, line
from generator.render.routes import Address
from generator.terms import Kind
from generator.view.basics import Label, Text
from generator.view.program_views import ApiRecent
from generator.view.record_views import IncidentView
from tests.feed_reading import RFC3339, artifacts, made
from tests.sample_views import (
    HOSTILE,
    LANGUAGES,
    URL,
    outage,
    past_work,
    sample_info,
    sample_site,
    slow_search,
)

MONTHS = ("2026-02", "2026-01", "2025-12")
WORK_MONTHS = ("2026-03", "2026-02")
TIMES = ("started", "resolved", "at", "amended", "next", "start", "end", "updated")
ADDRESS = Address(URL, "en", "en")


def read(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(made(path))
    return found


def of(*records: IncidentView, lang: str = "en") -> list[dict[str, Any]]:
    address = Address(URL, lang, "en")
    data = api.newest(ApiRecent(Kind.INCIDENT, records, None), api.whose(sample_info(lang), address), address)
    found: list[dict[str, Any]] = json.loads(data)["incidents"]
    return found


def test_each_language_has_its_documents() -> None:
    prefixes = tuple(f"{'' if lang == 'en' else lang + '/'}api/" for lang in LANGUAGES)
    paths = {path for path in artifacts() if path.startswith(prefixes) and "/v2/" not in path} - {"api/schema.json"}
    english = sample_site().languages[0]
    names = {"api/incidents.json", "api/maintenance.json", "api/components.json"}
    names |= {f"api/incidents/{month}.json" for month in MONTHS}
    names |= {f"api/maintenance/{month}.json" for month in WORK_MONTHS}
    for record in english.records():
        folder = "incidents" if record.kind is Kind.INCIDENT else "maintenance"
        names.add(f"api/{folder}/{record.id}.json")
    assert paths == {f"{'' if lang == 'en' else lang + '/'}{name}" for lang in LANGUAGES for name in names}


def test_documents_lead_from_the_last_thirty_days_back_to_the_first_month() -> None:
    seen, path = [], "fr/api/incidents.json"
    while path:
        document = read(path)
        seen.append((document.get("month"), [incident["id"] for incident in document["incidents"]]))
        path = (document["next"] or "").removeprefix(f"{URL}/")
    assert seen == [
        (None, ["2026-02-22-portal-errors", "2026-02-10-search-slow"]),
        ("2026-01", ["2026-01-15-sign-in"]),
        ("2025-12", ["2025-12-31-wrong-year"]),
    ]


def test_a_document_says_whose_it_is() -> None:
    assert read("fr/api/incidents/2026-01.json")["site"] == {
        "name": "État de Lumen",
        "url": f"{URL}/fr/",
        "language": "fr",
    }
    assert list(read("api/incidents.json")) == ["site", "incidents", "next"]
    assert list(read("api/incidents/2026-01.json")) == ["site", "month", "incidents", "next"]
    assert list(read("api/maintenance.json")) == ["site", "maintenance", "next"]
    assert list(read("api/maintenance/2026-02.json")) == ["site", "month", "maintenance", "next"]
    assert list(read("api/incidents/2026-01-15-sign-in.json")) == ["site", "record"]
    assert list(read("api/components.json")) == ["site", "groups"]


def test_an_incident_whole() -> None:
    (incident,) = of(outage("fr"), lang="fr")
    updates = incident.pop("updates")
    page = f"{URL}/fr/incidents/2026-02-22-portal-errors/"
    assert incident == {
        "id": "2026-02-22-portal-errors",
        "kind": "incident",
        "title": "Portail indisponible",
        "language": "fr",
        "status": "identified",
        "severity": {"id": "sev1", "name": "Critique"},
        "impact": "critical",
        "started": "2026-02-22T02:45:00Z",
        "resolved": None,
        "scheduled": None,
        "backfilled": False,
        "updated": "2026-02-22T03:40:00Z",
        "url": page,
        "document": f"{URL}/fr/api/incidents/2026-02-22-portal-errors.json",
        "components": [
            {"id": "portal-api", "name": "Portal API", "state": "partial_outage", "worst": "major_outage"},
            {"id": "portal-web", "name": "Portail & <Web>", "state": "operational", "worst": "major_outage"},
        ],
        "tags": ["deploy", "memory"],
    }
    assert [update["number"] for update in updates] == [3, 2, 1]
    assert updates[0] == {
        "number": 3,
        "status": "identified",
        "at": "2026-02-22T03:40:00Z",
        "amended": None,
        "next": "2026-02-22T04:10:00Z",
        "language": "en",
        "text": "The web front is back. The API still returns errors for **one request in ten**.",
        "changes": [
            {"id": "portal-web", "name": "Portail & <Web>", "before": "major_outage", "after": "operational"},
            {"id": "portal-api", "name": "Portal API", "before": "major_outage", "after": "partial_outage"},
        ],
        "url": f"{page}#update-3",
    }


def test_maintenance_has_its_times_and_no_severity() -> None:
    (work,) = of(past_work("en"))
    assert (work["kind"], work["severity"], work["status"]) == (Kind.MAINTENANCE, None, "completed")
    assert work["scheduled"] == {"start": "2026-02-01T01:00:00Z", "end": "2026-02-01T04:00:00Z"}
    assert work["url"] == f"{URL}/maintenance/2026-02-01-switch/"


def test_a_record_says_when_it_last_changed() -> None:
    (amended,) = of(slow_search("en"))
    assert amended["updated"] == "2026-02-11T09:00:00Z"
    assert amended["updates"][0]["at"] < amended["updated"]


def test_one_record_has_one_form_wherever_it_is_told() -> None:
    (recent, *_) = read("api/incidents.json")["incidents"]
    assert read("api/incidents/2026-02-22-portal-errors.json")["record"] == recent
    outline = read("api/incidents/2026-02.json")["incidents"][0]
    assert outline == {key: value for key, value in recent.items() if key != "updates"}
    work = read("api/maintenance.json")["maintenance"][0]
    assert read(f"api/maintenance/{work['id']}.json")["record"] == work
    assert work["document"] == f"{URL}/api/maintenance/{work['id']}.json"


def test_every_record_and_update_has_the_same_keys() -> None:
    documents = [read(path) for path in artifacts() if "api/incidents" in path or "api/maintenance" in path]
    records = [
        record
        for document in documents
        for record in (*document.get("incidents", ()), *document.get("maintenance", ()), document.get("record"))
        if record
    ]
    updates = [update for record in records for update in record.get("updates", ())]
    assert {tuple(record) for record in records} == {
        api_form.Outline.__struct_fields__,
        api_form.Record.__struct_fields__,
    }
    assert {tuple(update) for update in updates} == {api_form.Update.__struct_fields__}


def test_components_are_told_with_their_days_and_uptime() -> None:
    portal, data = read("fr/api/components.json")["groups"]
    assert (portal["name"], portal["state"]) == ("Portail", "partial_outage")
    api_component, web = portal["components"]
    days = web.pop("days")
    assert web == {
        "id": "portal-web",
        "name": "Portail & <Web>",
        "description": "Sert aussi au mobile.",
        "state": "operational",
        "since": "2024-01-01",
        "retired": None,
        "url": f"{URL}/fr/components/portal-web/",
        "uptime": [{"days": span, "share": 0.9979} for span in (30, 90, 365)],
    }
    assert len(days) == 90
    assert days[-1] == {
        "day": "2026-02-22",
        "state": "major_outage",
        "minutes": 55,
        "records": [{"kind": "incident", "id": "2026-02-22-portal-errors"}],
    }
    assert days[0] == {"day": "2025-11-25", "state": "operational", "minutes": 0, "records": []}
    assert api_component["state"] == "partial_outage"
    assert [(one["id"], one["retired"]) for one in data["components"]] == [("search", None), ("fax", "2026-01-31")]


@pytest.mark.parametrize("path", [f"{lang}api/incidents/{month}.json" for lang in ("", "fr/") for month in MONTHS])
def test_all_times_are_utc(path: str) -> None:
    for key, value in walk(read(path)):
        if key in TIMES and value is not None and not str(value).startswith("https:"):
            assert RFC3339.fullmatch(str(value)), (key, value)


def test_an_amended_update_says_when() -> None:
    assert [update["amended"] for update in of(slow_search("en"))[0]["updates"]] == [None, "2026-02-11T09:00:00Z", None]


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_comes_back(text: str) -> None:
    (incident,) = of(_with_body(slow_search("en"), Text(text, "en"), title=text))
    assert incident["title"] == line(text)
    assert incident["updates"][0]["text"] == clean(text)


def test_hostile_texts_are_texts() -> None:
    (incident,) = of(slow_search("en"))
    assert incident["title"] == HOSTILE
    assert incident["updates"][1]["text"] == HOSTILE


def test_a_text_is_no_larger_for_having_been_written() -> None:
    # An encoded text keeps its other form beside it for as long as it lives.
    text = "日本" * 500
    size = sys.getsizeof(text)
    assert of(_with_body(slow_search("en"), Text(text, "ja")))[0]["updates"][0]["text"] == text
    assert sys.getsizeof(text) == size


def test_a_key_changes_with_its_document_only() -> None:
    site = sample_site(languages=("en",))
    old = artifacts(site)
    (english,) = site.languages
    recent, works = english.api.recent
    fewer = replace(english.api, recent=(replace(recent, records=()), works))
    new = artifacts(replace(site, languages=(replace(english, api=fewer),)))
    assert {path for path in old if old[path].key != new[path].key} == {"api/incidents.json"}


def _with_body(record: IncidentView, body: Text, *, title: str = "x") -> IncidentView:
    newest = replace(record.updates[0], body=body)
    card = replace(record.card, title=Label(title, "en"))
    return replace(record, card=card, updates=(newest, *record.updates[1:]))


def walk(value: object, name: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in walk(inner, key)]
    if isinstance(value, list):
        return [pair for inner in value for pair in walk(inner, name)]
    return [(name, value)]
