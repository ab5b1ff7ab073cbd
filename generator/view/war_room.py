"""Internal records to views: the second door in the wall, for the internal site alone.

The clock becomes facts here, as at the first door: what is overdue, by how many days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec

from generator.record import internal_model as model
from generator.record.internal_fields import unparse_figure
from generator.record.model import Site
from generator.record.oncall import Oncall
from generator.record.people import People
from generator.terms import Kind, Progress
from generator.view import war_room_views as views
from generator.view.basics import Label, Link, Text
from generator.view.oncall import weeks
from generator.view.record_views import IncidentView
from generator.view.response import OUTSIDE, causes, responses, started, trends
from generator.view.views import LanguageView

WEEKS = 6
"""How far ahead the page of those on call looks."""


def inner(
    site: Site,
    shown: LanguageView,
    records: Iterable[model.InternalRecord],
    *,
    people: People | None,
    oncall: Oncall | None,
    now: datetime,
) -> views.InnerSite:
    """Return what responders may see beyond the public site, in its default language."""
    zone = ZoneInfo(site.config.time_zone)
    known = {record.id: record for record in records}
    teller = _Teller(site, now.astimezone(zone).date())
    log = [record.view.make() for record in shown.records() if record.kind is Kind.INCIDENT]
    rooms = tuple(teller.room(known[one.card.id], one) for one in log if one.card.id in known)
    measured = [(one, teller.responses(known.get(one.card.id), one)) for one in log]
    found = tuple(trends(measured, site.config.severities, zone))
    quarters = sorted({point.quarter for trend in found for point in trend.points})
    return views.InnerSite(
        msgspec.structs.replace(shown.info, languages=(site.config.default,)),
        views.RoomsPage(tuple(room.card for room in rooms)),
        rooms,
        _tasks(rooms, teller.today),
        views.InsightsPage(tuple(quarters), found, causes(measured)),
        weeks(oncall, people, WEEKS, now=now) if oncall else None,
    )


def _tasks(rooms: Iterable[views.WarRoom], today: date) -> views.TasksPage:
    every = [views.OwedTask(task, room.card.room) for room in rooms for task in room.tasks]
    still = [one for one in every if one.task.status != Progress.DONE]
    still.sort(key=lambda one: (-one.task.overdue, one.task.due or date.max, one.task.priority or "~", one.task.title))
    return views.TasksPage(today, tuple(still), len(every) - len(still))


class _Teller:
    """Turns what a record says into views, in the site's default language."""

    def __init__(self, site: Site, today: date) -> None:
        self.config, self.today = site.config, today

    def text(self, source: str) -> Text:
        return Text(source, self.config.default)

    def prose(self, prose: model.Prose | None) -> Text | None:
        return None if prose is None else self.text(prose.text)

    def responses(self, record: model.InternalRecord | None, shown: IncidentView) -> tuple[views.Response, ...]:
        """Return how fast the response to an incident was."""
        said = record.severity if record and record.severity else None
        ref = shown.card.severity
        return responses(record, shown, self.config.severity(said or (ref.id if ref else "")))

    def card(self, record: model.InternalRecord, shown: IncidentView) -> views.RoomCard:
        """Return a room as the list of them shows it."""
        card = shown.card
        title = Label(record.title, self.config.default) if record.title else card.title
        return views.RoomCard(
            views.RoomRef(record.id, title, record.number),
            card.impact, started(record, shown), record.resolved or card.ended, card.severity,
            record.status, record.commander, sum(one.status is not Progress.DONE for one in record.actions),
            self.responses(record, shown),
        )  # fmt: skip

    def room(self, record: model.InternalRecord, shown: IncidentView) -> views.WarRoom:
        """Return the war room of an incident."""
        card = self.card(record, shown)
        return views.WarRoom(
            card=card, path=record.path, minutes=_minutes(record, card),
            declared=record.declared, acknowledged=record.acknowledged, mitigated=record.mitigated,
            resolved=record.resolved, postmortem_at=record.postmortem_at,
            public_title=shown.card.title, severity=record.severity,
            responders=record.responders, roles=_named(record.roles), participants=_named(record.participants),
            oncall=_named(record.oncall), channel=record.channel, bridge=record.bridge,
            detection=_detection(record.detection), changes=tuple(map(_change, record.changes)),
            service=record.service, services=record.services, dependents=record.dependents,
            endpoints=record.endpoints, regions=record.regions,
            systems=tuple(views.SystemView(one.name, one.state, one.note) for one in record.systems),
            signals=_signals(record.signals), impact=_impact(record.impact),
            risks=_risks(record.risks), context=_context(record.context),
            links=tuple(self._links(record)),
            summary=self.prose(record.summary), root_cause=self.prose(record.root_cause),
            factors=tuple(self.text(one.text) for one in record.factors),
            mitigation=tuple(self.text(one.text) for one in record.mitigation),
            permanent_fix=self.prose(record.permanent_fix), workaround=self.prose(record.workaround),
            notes=self.prose(record.notes),
            moments=tuple(self._moments(record)), kinds=_kinds(record), messages=len(record.chat),
            communications=tuple(map(self._communication, record.communications)),
            tasks=tuple(map(self._task, record.actions)),
        )  # fmt: skip

    def _links(self, record: model.InternalRecord) -> Iterator[Link]:
        default = self.config.default
        for one in record.links:
            text, lang = one.label.resolve(default, default)
            yield Link(Label(text, lang), one.url)

    def _moments(self, record: model.InternalRecord) -> Iterator[views.Moment]:
        """Yield each minute in which something happened or was said, in order."""
        said = [(one.at, self._message(record, number, one)) for number, one in enumerate(record.chat, 1)]
        done = [(one.at, self._event(one)) for one in record.timeline]
        every = sorted([*done, *said], key=lambda pair: pair[0])
        zone, before = ZoneInfo(self.config.time_zone), None
        for at, pairs in groupby(every, key=lambda pair: pair[0].replace(second=0, microsecond=0)):
            entries = [entry for _, entry in pairs]
            day = at.astimezone(zone).date()
            yield views.Moment(
                at,
                tuple(one for one in entries if isinstance(one, views.EventView)),
                tuple(one for one in entries if isinstance(one, views.MessageView)),
                day != before,
            )
            before = day

    def _event(self, event: model.Event) -> views.EventView:
        return views.EventView(event.kind, event.actor, self.text(event.text), _named(event.measures))

    def _message(self, record: model.InternalRecord, number: int, one: model.ChatMessage) -> views.MessageView:
        known = {said.id: (at, said.author) for at, said in enumerate(record.chat, 1) if said.id}
        reply_to = known.get(one.thread) if one.thread and one.thread != one.id else None
        reactions = tuple(views.ReactionView(sign.sign, sign.people) for sign in one.reactions)
        return views.MessageView(
            number, one.author, one.bot, self.text(one.text), one.mentions, reactions, one.id, one.thread, reply_to,
            one.edited,
        )  # fmt: skip

    def _communication(self, one: model.Communication) -> views.CommunicationView:
        public = (one.audience or "").casefold() in OUTSIDE
        return views.CommunicationView(one.at, one.channel, one.audience, one.author, self.text(one.text), public)

    def _task(self, one: model.Action) -> views.TaskView:
        late = one.due is not None and one.status is not Progress.DONE and one.due < self.today
        overdue = (self.today - one.due).days if late and one.due else 0
        return views.TaskView(
            one.title, one.status, one.owner, one.type, one.priority, one.due, self.text(one.text), overdue
        )


def _minutes(record: model.InternalRecord, card: views.RoomCard) -> int | None:
    """Return how long customers suffered: as the record says, else until it was mitigated or over."""
    if record.duration is not None:
        return record.duration
    end = record.mitigated or card.ended
    return None if end is None else max(int((end - card.started).total_seconds() // 60), 0)


def _named(pairs: Iterable[model.Pair]) -> tuple[views.Named, ...]:
    return tuple(views.Named(pair.name, pair.value) for pair in pairs)


def _figure(figure: model.Figure | None) -> str | None:
    return None if figure is None else unparse_figure(figure)


def _change(one: model.Change) -> views.ChangeView:
    return views.ChangeView(one.id, one.what, one.service, one.version, one.at, one.url)


def _detection(one: model.Detection | None) -> views.DetectionView | None:
    return None if one is None else views.DetectionView(one.source, one.at, one.alert)


def _signals(one: model.Signals | None) -> views.SignalsView | None:
    if one is None:
        return None
    return views.SignalsView(
        _figure(one.error_rate), _figure(one.latency_p99), _figure(one.alerts), _figure(one.customer_reports),
        _named(one.measures),
    )  # fmt: skip


def _impact(one: model.Impact | None) -> views.ImpactView | None:
    if one is None:
        return None
    return views.ImpactView(
        one.customer_facing, one.degradation, _figure(one.users), _figure(one.users_share),
        _figure(one.failed_transactions), _figure(one.revenue), one.revenue_impact, one.data_loss, one.workaround,
    )  # fmt: skip


def _risks(one: model.Risks | None) -> views.RisksView | None:
    return None if one is None else views.RisksView(one.data_integrity, one.security_breach, one.others)


def _context(one: model.Context | None) -> views.ContextView | None:
    if one is None:
        return None
    return views.ContextView(tuple(map(_change, one.deployments)), one.incidents, one.maintenance)


def _kinds(record: model.InternalRecord) -> tuple[str, ...]:
    """Return the kinds that a timeline has, in the order in which they are known."""
    present = {one.kind for one in record.timeline}
    return tuple(kind.value for kind in model.EventKind if kind in present)
