"""A strict reader of the Statuspage API's documents: it wants every key, knows no other, and each has its type.

Where the documents contradict each other or themselves, it says so too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]{12}$")]
Stamp = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
Url = Annotated[str, msgspec.Meta(pattern=r"^https://[^/]+(/[A-Za-z0-9/-]*)?$")]
Words = Annotated[str, msgspec.Meta(min_length=1)]
State = Literal["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]
Indicator = Literal["none", "minor", "major", "critical", "maintenance"]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all that is read."""


class Page(Strict, frozen=True):
    id: Id
    name: Words
    url: Url
    time_zone: Words
    updated_at: Stamp


class Status(Strict, frozen=True):
    indicator: Indicator
    description: Literal[
        "All Systems Operational",
        "Partially Degraded Service",
        "Minor Service Outage",
        "Partial System Outage",
        "Major Service Outage",
        "Service Under Maintenance",
    ]


class Component(Strict, frozen=True):
    id: Id
    name: Words
    status: State
    created_at: Stamp
    updated_at: Stamp
    position: int
    description: Words | None
    showcase: bool
    start_date: Day | None
    group_id: Id | None
    page_id: Id
    group: bool
    only_show_if_degraded: bool
    components: list[Id] | msgspec.UnsetType = msgspec.UNSET


class Affected(Strict, frozen=True):
    code: Id
    name: Words
    old_status: State
    new_status: State


class IncidentUpdate(Strict, frozen=True):
    id: Id
    status: Literal["investigating", "identified", "monitoring", "resolved"]
    body: Words
    incident_id: Id
    created_at: Stamp
    updated_at: Stamp
    display_at: Stamp
    affected_components: list[Affected]
    deliver_notifications: bool
    custom_tweet: None
    tweet_id: None


class MaintenanceUpdate(IncidentUpdate, frozen=True):
    status: Literal["scheduled", "in_progress", "verifying", "completed"]  # type: ignore[assignment]  # its own words


class Incident(Strict, frozen=True):
    id: Id
    name: Words
    status: Literal["investigating", "identified", "monitoring", "resolved"]
    created_at: Stamp
    updated_at: Stamp
    monitoring_at: Stamp | None
    resolved_at: Stamp | None
    impact: Literal["none", "minor", "major", "critical"]
    shortlink: Url
    started_at: Stamp
    page_id: Id
    incident_updates: list[IncidentUpdate]
    components: list[Component]


class Maintenance(Incident, frozen=True):
    status: Literal["scheduled", "in_progress", "verifying", "completed"]  # type: ignore[assignment]  # its own words
    impact: Literal["maintenance"]  # type: ignore[assignment]  # likewise
    monitoring_at: None
    incident_updates: list[MaintenanceUpdate]  # type: ignore[assignment]  # likewise
    scheduled_for: Stamp
    scheduled_until: Stamp


class Summary(Strict, frozen=True):
    page: Page
    components: list[Component]
    incidents: list[Incident]
    scheduled_maintenances: list[Maintenance]
    status: Status


class StatusOnly(Strict, frozen=True):
    page: Page
    status: Status


class Components(Strict, frozen=True):
    page: Page
    components: list[Component]


class Incidents(Strict, frozen=True):
    page: Page
    incidents: list[Incident]


class Maintenances(Strict, frozen=True):
    page: Page
    scheduled_maintenances: list[Maintenance]


class Read(msgspec.Struct, frozen=True):
    """All eight documents of one language."""

    summary: Summary
    status: StatusOnly
    components: Components
    incidents: Incidents
    unresolved: Incidents
    maintenances: Maintenances
    upcoming: Maintenances
    active: Maintenances


PATHS: dict[str, tuple[str, type[Strict]]] = {
    "summary": ("summary", Summary),
    "status": ("status", StatusOnly),
    "components": ("components", Components),
    "incidents": ("incidents", Incidents),
    "unresolved": ("incidents/unresolved", Incidents),
    "maintenances": ("scheduled-maintenances", Maintenances),
    "upcoming": ("scheduled-maintenances/upcoming", Maintenances),
    "active": ("scheduled-maintenances/active", Maintenances),
}


def paths(lang: str = "") -> list[str]:
    """Return the paths of a language's documents, of the default one without its code."""
    return [f"{f'{lang}/' if lang else ''}api/v2/{name}.json" for name, _ in PATHS.values()]


def read(files: dict[str, bytes], lang: str = "") -> Read:
    """Read the documents of a language strictly, and compare them with each other."""
    kinds = (kind for _, kind in PATHS.values())
    found = {
        field: msgspec.json.decode(files[path], type=kind)
        for field, path, kind in zip(PATHS, paths(lang), kinds, strict=True)
    }
    documents = msgspec.convert({name: msgspec.to_builtins(one) for name, one in found.items()}, Read)
    _agree(documents)
    return documents


def _agree(read: Read) -> None:
    found = [getattr(read, field) for field in PATHS]
    assert len({document.page for document in found}) == 1
    assert read.summary.status == read.status.status
    assert read.summary.components == read.components.components
    _components(read.components.components, read.status.page)
    for one in (*read.incidents.incidents, *read.maintenances.scheduled_maintenances):
        _record(one, {component.id: component for component in read.components.components})
    listed = [one for one in read.incidents.incidents if one.status != "resolved"]
    assert read.unresolved.incidents == read.summary.incidents == listed
    works = read.maintenances.scheduled_maintenances
    going = [one for one in works if one.status in {"in_progress", "verifying"}]
    coming = [one for one in works if one.status == "scheduled"]
    assert _by_id(read.active.scheduled_maintenances) == _by_id(going)
    assert _by_id(read.upcoming.scheduled_maintenances) == _by_id(coming)
    assert _by_id(read.summary.scheduled_maintenances) == _by_id([*going, *coming])
    for records in (read.incidents.incidents, works):
        made = [one.created_at for one in records]
        assert made == sorted(made, reverse=True), "newest first"


def _components(components: list[Component], page: Page) -> None:
    ids = [component.id for component in components]
    assert len(set(ids)) == len(ids)
    children: dict[str, list[str]] = {one.id: [] for one in components if one.group}
    for one in components:
        assert one.group is (one.components is not msgspec.UNSET) is (one.group_id is None)
        assert one.page_id == page.id
        assert one.created_at <= one.updated_at
        if one.group_id:
            children[one.group_id].append(one.id)
    assert children == {one.id: one.components for one in components if one.group}


def _record(record: Incident, components: dict[str, Component]) -> None:
    updates = record.incident_updates
    assert updates[0].status == record.status
    assert all(update.incident_id == record.id for update in updates)
    assert len({update.id for update in updates}) == len(updates)
    shown = [update.display_at for update in updates]
    assert shown == sorted(shown, reverse=True), "newest first"
    assert record.created_at == shown[-1]
    assert record.updated_at == max(update.updated_at for update in updates)
    assert (record.resolved_at is not None) is (record.status in {"resolved", "completed"})
    assert all(components[one.id] == one for one in record.components)
    if isinstance(record, Maintenance):
        assert datetime.fromisoformat(record.scheduled_for) < datetime.fromisoformat(record.scheduled_until)


def _by_id(records: list[Maintenance]) -> dict[str, Maintenance]:
    return {record.id: record for record in records}
