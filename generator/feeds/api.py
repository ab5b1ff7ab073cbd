"""The site's own documents for programs: records of the last 30 days, of each month, one by one; and components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from generator.feeds import api_form as form
from generator.feeds.document import clean, copied, instant, json_bytes, line
from generator.hashing import key_of
from generator.publish.artifact import Artifact, Bundle, Rank
from generator.render import routes
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.terms import Kind
from generator.view.basics import Label, SeverityRef, keyed
from generator.view.program_views import ApiMonth, ApiRecent, ApiRecord
from generator.view.record_views import (
    Affected,
    Change,
    ComponentView,
    Day,
    GroupView,
    IncidentView,
    Record,
    UpdateView,
)
from generator.view.views import LanguageView, SiteInfo


def files(view: LanguageView, address: Address) -> Iterator[Artifact | Bundle]:
    """Yield the documents of one language."""
    site = whose(view.info, address)
    known = key_of("api", fingerprint(), site, address)
    for recent in view.api.recent:
        yield Artifact(
            path=address.file(routes.api_recent(recent.kind)),
            keyed=keyed("recent", known, recent),
            make=partial(newest, recent, site, address),
            rank=Rank.FEED,
            origin=f"the API's document of the last days' {recent.kind} ({address.lang})",
        )
    for (kind, name), page in view.api.months.items():
        yield Artifact(
            path=address.file(routes.api_month(kind, name)),
            keyed=keyed("month", known, kind, name, page),
            make=page.into(partial(month, site=site, address=address)),
            rank=Rank.FEED,
            origin=f"the API's document of the {kind} of {name} ({address.lang})",
        )
    for lot in view.lots:
        key = keyed("ones", known, lot.records)
        yield Bundle(f"api {address.lang} {lot.month}", key, lot.records.into(partial(_single, known, site, address)))
    yield Artifact(
        path=address.file(routes.API_COMPONENTS),
        keyed=keyed("components", known, view.api.groups),
        make=partial(components, view.api.groups, site, address),
        rank=Rank.FEED,
        origin=f"the API's document of components ({address.lang})",
    )


def _single(known: bytes, site: form.Site, address: Address, records: Iterable[Record]) -> Iterator[Artifact]:
    """Yield each record's own document."""
    write, origin = partial(one, site=site, address=address), f"the API's documents of records ({address.lang})"
    for record in records:
        yield Artifact(
            path=address.file(routes.api_record(record.kind, record.id)),
            keyed=keyed("one", known, record.view),
            make=record.view.into(write),
            rank=Rank.FEED,
            origin=origin,
        )


def whose(info: SiteInfo, address: Address) -> form.Site:
    """Return what every document says of the site."""
    return form.Site(line(info.name.text), address.absolute(routes.HOME), address.lang)


def newest(view: ApiRecent, site: form.Site, address: Address) -> bytes:
    """Return the document of the last days, as JSON."""
    records = tuple(_record(record, address) for record in view.records)
    further = _further(view, address)
    if view.kind is Kind.MAINTENANCE:
        return json_bytes(form.Maintenance(site, records, further))
    return json_bytes(form.Incidents(site, records, further))


def month(view: ApiMonth, site: form.Site, address: Address) -> bytes:
    """Return the document of a month, as JSON."""
    outlines = tuple(_outline(record, address) for record in view.records)
    further = _further(view, address)
    if view.kind is Kind.MAINTENANCE:
        return json_bytes(form.MaintenanceMonth(site, view.month, outlines, further))
    return json_bytes(form.IncidentMonth(site, view.month, outlines, further))


def one(view: IncidentView, site: form.Site, address: Address) -> bytes:
    """Return the document of one record, as JSON."""
    return json_bytes(form.One(site, _record(view, address)))


def components(groups: tuple[GroupView, ...], site: form.Site, address: Address) -> bytes:
    """Return the document of all components, as JSON."""
    return json_bytes(form.Components(site, tuple(_group(group, address) for group in groups)))


def _further(view: ApiRecent | ApiMonth, address: Address) -> str | None:
    return None if view.next is None else address.absolute(routes.api_month(view.kind, view.next))


def _outline(view: ApiRecord | IncidentView, address: Address) -> form.Outline:
    card = view.card
    window = card.window
    return form.Outline(
        id=card.id,
        kind=card.kind,
        title=line(card.title.text),
        language=card.title.lang,
        status=card.phase,
        severity=_severity(card.severity),
        impact=card.impact,
        started=instant(card.started),
        resolved=None if card.ended is None else instant(card.ended),
        scheduled=None if window is None else form.Period(instant(window.start), instant(window.end)),
        backfilled=card.backfilled,
        updated=instant(view.updated),
        url=address.absolute(routes.record(card.kind, card.id)),
        document=address.absolute(routes.api_record(card.kind, card.id)),
        components=tuple(map(_affected, view.affected)),
        tags=card.tags,
    )


def _record(view: IncidentView, address: Address) -> form.Record:
    facts = msgspec.structs.asdict(_outline(view, address))
    return form.Record(**facts, updates=tuple(_update(update, view, address) for update in view.updates))


def _severity(severity: SeverityRef | None) -> form.Severity | None:
    return None if severity is None else form.Severity(severity.id, line(severity.name.text))


def _affected(affected: Affected) -> form.Affected:
    component = affected.component
    return form.Affected(component.id, line(component.name.text), affected.now, affected.worst)


def _update(update: UpdateView, record: IncidentView, address: Address) -> form.Update:
    return form.Update(
        number=update.number,
        status=update.phase,
        at=instant(update.at),
        amended=None if update.amended is None else instant(update.amended),
        next=None if update.next is None else instant(update.next),
        language=update.body.lang,
        text=copied(clean(update.body.source)),
        changes=tuple(map(_move, update.changes)),
        url=address.absolute(routes.update(record.card.kind, record.card.id, update.number)),
    )


def _move(change: Change) -> form.Move:
    return form.Move(change.component.id, line(change.component.name.text), change.before, change.after)


def _group(group: GroupView, address: Address) -> form.Group:
    return form.Group(
        id=group.id,
        name=line(group.name.text),
        description=_said(group.description),
        state=group.level,
        components=tuple(_component(component, address) for component in group.components),
    )


def _component(component: ComponentView, address: Address) -> form.Component:
    return form.Component(
        id=component.id,
        name=line(component.name.text),
        description=_said(component.description),
        state=component.level,
        since=None if component.since is None else component.since.isoformat(),
        retired=None if component.retired is None else component.retired.isoformat(),
        url=address.absolute(routes.component(component.id)),
        uptime=tuple(form.Uptime(uptime.days, round(uptime.share, 6)) for uptime in component.uptime),
        days=tuple(map(_day, component.days)),
    )


def _day(day: Day) -> form.DayState:
    named = tuple(form.Named(record.kind, record.id) for record in day.incidents)
    return form.DayState(day.day.isoformat(), day.level, day.minutes, named)


def _said(label: Label | None) -> str | None:
    return None if label is None else line(label.text)
