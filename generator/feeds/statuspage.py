"""The public documents of the Statuspage API (version 2), so that programs written for it work unchanged.

Where our records and the original's differ, clients that take it at its word decide:

- An incident's status is its newest update's. Where the clock alone has opened or closed a maintenance window, there
  is an update that says so at the announced time, as the original posts when it moves work on by itself.
- There is no status for work that was called off: it is ``completed``, and its last update tells why.
- Work has ``started_at`` of its announcement; ``scheduled_for`` and ``scheduled_until`` are its times.
- An update's body is text without markup, with blank lines between paragraphs.
- Components that are no longer in service are not listed; updates of the past still name them.
- The indicator is the site's own statement. Its description is one of the original's, in English in every language,
  since clients tell them apart by these words.
- Ids are derived from ours, and equal in all languages. Page and components change when a record changes them.

Source: the ``/api`` page of any site that the service hosts, and what its documents hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from generator.feeds.document import json_bytes, line
from generator.feeds.entry import ToHtml
from generator.feeds.statuspage_form import Component, Incident, Page, Status, code, stamp
from generator.feeds.statuspage_record import Scope, incident
from generator.publish.artifact import Artifact, Rank
from generator.recall import each_once
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.terms import WORKING, Level, Overall, Phase
from generator.view.basics import Label, keyed
from generator.view.program_views import Report, ServiceGroup, ServiceView, StatuspageView
from generator.view.views import LanguageView, SiteInfo

Wanted = Callable[[Report], bool]


def _all(_report: Report) -> bool:
    return True


def _open(report: Report) -> bool:
    return report.incident.card.ended is None


def _upcoming(report: Report) -> bool:
    return report.incident.card.phase is Phase.SCHEDULED


def _active(report: Report) -> bool:
    return report.incident.card.phase in WORKING


class Contents(NamedTuple):
    """What a document holds beside the page: which incidents and which maintenance, where it has any."""

    incidents: Wanted | None = None
    maintenance: Wanted | None = None
    components: bool = False
    status: bool = False


DOCUMENTS: Mapping[str, Contents] = MappingProxyType(
    {
        "summary": Contents(_open, _open, components=True, status=True),
        "status": Contents(status=True),
        "components": Contents(components=True),
        "incidents": Contents(incidents=_all),
        "incidents/unresolved": Contents(incidents=_open),
        "scheduled-maintenances": Contents(maintenance=_all),
        "scheduled-maintenances/upcoming": Contents(maintenance=_upcoming),
        "scheduled-maintenances/active": Contents(maintenance=_active),
    }
)

_DESCRIPTIONS: Mapping[Overall, str] = MappingProxyType(
    {
        Overall.NONE: "All Systems Operational",
        Overall.MAINTENANCE: "Service Under Maintenance",
        Overall.MINOR: "Minor Service Outage",
        Overall.MAJOR: "Partial System Outage",
        Overall.CRITICAL: "Major Service Outage",
    }
)
_DEGRADED = "Partially Degraded Service"

# A page must say when it changed, also one that has nothing to tell yet; the time of the build would change the
# documents at each build.
_NOTHING_YET = "2000-01-01T00:00:00.000Z"


def files(site: LanguageView, address: Address, language: Language, to_html: ToHtml) -> Iterator[Artifact]:
    """Yield the eight documents of one language."""
    documents = _Documents(site.statuspage, site.info, address, language, to_html)
    for name, contents in DOCUMENTS.items():
        view = _within(site.statuspage, contents)
        yield Artifact(
            path=address.file(routes.statuspage(name)),
            keyed=keyed("statuspage", name, fingerprint(), language.fingerprint, address.default, site.info, view),
            make=partial(documents.write, contents, view),
            rank=Rank.FEED,
            origin=f"the Statuspage document {name} ({address.lang})",
        )


class _Documents:
    """What documents of one language have in common, each record's form among it: made when somebody asks, and once."""

    def __init__(
        self, view: StatuspageView, info: SiteInfo, address: Address, language: Language, to_html: ToHtml
    ) -> None:
        self._view, self._info, self._address = view, info, address
        self._language, self._to_html = language, to_html

    def write(self, contents: Contents, told: StatuspageView) -> bytes:
        """Return a document as JSON, telling of the records in ``told``."""
        parts: dict[str, object] = {"page": self._page}
        if contents.components:
            parts["components"] = [each for group, services in self._groups for each in (group, *services.values())]
        if contents.incidents:
            parts["incidents"] = list(map(self._incident, told.incidents))
        if contents.maintenance:
            parts["scheduled_maintenances"] = list(map(self._incident, told.maintenance))
        if contents.status:
            parts["status"] = _status(self._view)
        return json_bytes(parts)

    @each_once()
    def _incident(self, report: Report) -> Incident:
        return incident(report, self._scope)

    @cached_property
    def _page(self) -> Page:
        return _page(self._view, self._info, self._address)

    @cached_property
    def _groups(self) -> tuple[tuple[Component, dict[str, Component]], ...]:
        return tuple(_groups(self._view, self._page.id, self._info.authority))

    @cached_property
    def _scope(self) -> Scope:
        services = {id: component for _, services in self._groups for id, component in services.items()}
        return Scope(self._info.authority, self._page.id, services, self._address, self._language, self._to_html)


def _within(view: StatuspageView, contents: Contents) -> StatuspageView:
    """Return of ``view`` what a document tells; work that lies ahead is in the order in which it comes."""
    wanted = contents.maintenance
    works = [report for report in view.maintenance if wanted is not None and wanted(report)]
    if wanted is not _all:
        works.sort(key=lambda report: report.incident.card.started)
    incidents = contents.incidents
    told = tuple(report for report in view.incidents if incidents is not None and incidents(report))
    return replace(view, incidents=told, maintenance=tuple(works))


def _page(view: StatuspageView, info: SiteInfo, address: Address) -> Page:
    return Page(
        id=code(info.authority, "page"),
        name=line(info.name.text),
        url=address.absolute(routes.HOME).rstrip("/"),
        time_zone=info.time_zone,
        updated_at=_NOTHING_YET if view.changed is None else stamp(view.changed),
    )


def _status(view: StatuspageView) -> Status:
    levels = {service.level for group in view.groups for service in group.services}
    degraded = view.overall is Overall.MINOR and Level.DEGRADED_PERFORMANCE in levels
    return Status(view.overall, _DEGRADED if degraded else _DESCRIPTIONS[view.overall])


def _groups(view: StatuspageView, page_id: str, authority: str) -> Iterator[tuple[Component, dict[str, Component]]]:
    """Yield each group and its components by our ids."""
    for position, group in enumerate(view.groups, 1):
        id = code(authority, "group", group.id)
        services = {
            service.component.id: _component(service, authority, page_id, place, id)
            for place, service in enumerate(group.services, 1)
        }
        yield _group(group, id, page_id, position, tuple(one.id for one in services.values())), services


def _group(group: ServiceGroup, id: str, page_id: str, position: int, children: tuple[str, ...]) -> Component:
    return Component(
        id=id,
        name=line(group.name.text),
        status=group.level,
        created_at=stamp(min(service.created for service in group.services)),
        updated_at=stamp(max(service.changed for service in group.services)),
        position=position,
        description=_description(group.description),
        showcase=False,
        start_date=None,
        group_id=None,
        page_id=page_id,
        group=True,
        only_show_if_degraded=False,
        components=children,
    )


def _component(service: ServiceView, authority: str, page_id: str, position: int, group_id: str) -> Component:
    return Component(
        id=code(authority, "component", service.component.id),
        name=line(service.component.name.text),
        status=service.level,
        created_at=stamp(service.created),
        updated_at=stamp(service.changed),
        position=position,
        description=_description(service.description),
        showcase=True,
        start_date=None if service.since is None else service.since.isoformat(),
        group_id=group_id,
        page_id=page_id,
        group=False,
        only_show_if_degraded=False,
    )


def _description(label: Label | None) -> str | None:
    return None if label is None else line(label.text) or None
