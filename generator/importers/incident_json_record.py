"""The war-room record that a JSON document of an incident becomes; whatever has no place of its own is noted."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from generator.importers.foreign import front
from generator.importers.foreign_json import Foreign, Leaf
from generator.importers.plain_text import as_markdown, one_line
from generator.importers.war_room_text import bare, entry, items, measures, section, titled
from generator.record.fields import unparse_time
from generator.record.internal_fields import COUNT, LATENCY, MONEY, PERCENT, Unit, parse_figure
from generator.record.internal_model import Degradation, EventKind, Stage, Weight
from generator.record.source import Report
from generator.terms import Effort, Progress

TEXT_LIMIT = 60_000

_KINDS = {
    "alert": EventKind.DETECTION, "acknowledge": EventKind.ACKNOWLEDGEMENT, "ack": EventKind.ACKNOWLEDGEMENT,
    "acknowledged": EventKind.ACKNOWLEDGEMENT, "comms": EventKind.COMMUNICATION, "diagnosis": EventKind.INVESTIGATION,
    "recovered": EventKind.RECOVERY, "resolved": EventKind.RESOLUTION, "update": EventKind.NOTE,
}  # fmt: skip
_STATUS = {
    "todo": Progress.OPEN, "to do": Progress.OPEN, "new": Progress.OPEN, "closed": Progress.DONE,
    "completed": Progress.DONE, "complete": Progress.DONE, "in progress": Progress.IN_PROGRESS,
}  # fmt: skip


class Told(msgspec.Struct, frozen=True):
    """What the public incident, the record and the postmortem have in common."""

    id: str
    title: str
    severity: str
    components: tuple[str, ...]
    started: datetime
    resolved: datetime | None


def record(document: Foreign, report: Report) -> str:
    """Return the text of a record's file; warn of each value that went to its notes."""
    events = document.children("events")
    values = _facts(document, events)
    resolution = document.child("resolution")
    cause, fix = (resolution.text(key, limit=TEXT_LIMIT) for key in ("root_cause", "permanent_fix"))
    factors, steps = (resolution.texts(key, limit=TEXT_LIMIT) for key in ("contributing_factors", "mitigation_steps"))
    sections = [
        section("timeline", [text for one in events if (text := _event(one))]),
        section(
            "communications", [text for one in document.children("communications") if (text := _communication(one))]
        ),
        section("actions", [_action(one) for one in document.children("action_items") if one]),
        section("root cause", [f"{as_markdown(cause)}\n"] if cause else []),
        section("contributing factors", [items(factors)] if factors else []),
        section("mitigation", [items(steps)] if steps else []),
        section("permanent fix", [f"{as_markdown(fix)}\n"] if fix else []),
    ]
    rest = document.pairs()
    for pointer, _ in rest:
        hint = "it stands under `## notes` of the internal record"
        message = f'"{one_line(pointer)[:60]}" has no place of its own'
        report.add("I156", (1, 1), message, hint, warning=True)
    sections.append(section("notes", [_notes(rest)] if rest else []))
    return "\n".join([front(values), *filter(None, sections)])


def _notes(rest: list[Leaf]) -> str:
    return items(f"{pointer}: {words}" for pointer, words in rest)


def _facts(document: Foreign, events: list[Foreign]) -> dict[str, object]:
    """Return the front matter, without what is not told."""
    incident = document.child("incident")
    impact, signals, context = (document.child(key) for key in ("impact", "signals", "context"))
    customers = document.child("resolution").child("customer_impact")
    values: dict[str, object] = {
        "number": incident.text("id"),
        "title": incident.text("title"),
        "severity": incident.text("severity"),
        "status": word(incident, "status", Stage),
        "started": _earliest(events),
        "declared": _moment(incident, "declared_at"),
        "resolved": _moment(incident, "resolved_at"),
        "postmortem_at": _postmortem_at(events),
        "commander": incident.text("commander"),
        "participants": _participants(document.children("participants")),
        "oncall": dict(context.child("on_call").pairs()),
        "channel": _channel(events),
        "detection": _detection(events),
        "service": incident.text("service"),
        "services": incident.texts("affected_services"),
        "dependents": signals.texts("dependent_services"),
        "endpoints": signals.texts("affected_endpoints"),
        "regions": impact.texts("affected_regions"),
        "signals": _signals(signals),
        "impact": _impact(impact, customers),
        "risks": _told_only(
            {
                "data_integrity": impact.flag("data_integrity_risk"),
                "security_breach": impact.flag("security_breach"),
            }
        ),
        "context": _told_only(
            {
                "deployments": [_deployment(one) for one in context.children("recent_deployments") if one],
                "incidents": context.texts("ongoing_incidents"),
                "maintenance": context.texts("maintenance_windows"),
            }
        ),
    }
    return _told_only(values)


def _signals(signals: Foreign) -> dict[str, object]:
    return _told_only(
        {
            "error_rate": _figure(signals, "error_rate_percentage", PERCENT, " %"),
            "latency_p99": _figure(signals, "latency_p99_ms", LATENCY, " ms"),
            "alerts": _figure(signals, "alert_count", COUNT),
            "customer_reports": _figure(signals, "customer_reports", COUNT),
        }
    )


def _impact(impact: Foreign, customers: Foreign) -> dict[str, object]:
    return _told_only(
        {
            "customer_facing": impact.flag("customer_facing"),
            "degradation": word(impact, "degradation_type", Degradation),
            "users": _figure(customers, "affected_users", COUNT),
            "users_share": _figure(impact, "affected_users_percentage", PERCENT, " %"),
            "failed_transactions": _figure(customers, "failed_transactions", COUNT),
            "revenue": _figure(customers, "revenue_impact_usd", MONEY, " USD"),
            "revenue_impact": word(impact, "revenue_impact", Weight),
            "data_loss": customers.flag("data_loss"),
            "workaround": impact.flag("workaround_available"),
        }
    )


_PUBLIC_FIGURES = {
    "users": "People affected", "users_share": "Share of people affected", "failed_transactions": "Failed transactions",
    "data_loss": "Data lost", "workaround": "There was a way around it",
}  # fmt: skip


def figures(document: Foreign) -> list[Leaf]:
    """Return what a postmortem tells of the impact; money is for the record alone."""
    found = _impact(document.child("impact"), document.child("resolution").child("customer_impact"))
    return [(name, _answer(found[key])) for key, name in _PUBLIC_FIGURES.items() if key in found]


def _answer(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _told_only(values: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None and value not in ({}, [], "")}


def _moment(fields: Foreign, key: str) -> str | None:
    moment = fields.time(key)
    return None if moment is None else unparse_time(moment)


def word(fields: Foreign, key: str, kind: type[StrEnum]) -> str | None:
    """Return a word that the record has, too; another one is not taken."""
    said = fields.look().text(key)
    if said is None or said.casefold() not in list(kind):
        return None
    return (fields.text(key) or "").casefold()


def _figure(fields: Foreign, key: str, unit: Unit, written: str = "") -> object | None:
    """Return a figure in the form of files; what is none is not taken."""
    words = fields.look().text(key)
    if words is None or parse_figure(f"{words}{written}", unit) is None:
        return None
    found = fields.text(key)
    return bare(found) if found and not written else f"{found}{written}"


def _earliest(events: list[Foreign]) -> str | None:
    moments = [moment for event in events if (moment := event.look().time("timestamp"))]
    return unparse_time(min(moments)) if moments else None


def _of(events: list[Foreign], kind: str) -> Foreign:
    """Return the first event of a kind, to look at; nothing of it is taken."""
    found = (event for event in events if event.look().text("type") == kind)
    return next(found, Foreign(None)).look()


def _postmortem_at(events: list[Foreign]) -> str | None:
    return _moment(_of(events, "resolution").child("metadata"), "postmortem_scheduled")


def _channel(events: list[Foreign]) -> str | None:
    return _of(events, "declaration").child("metadata").text("channel")


def _detection(events: list[Foreign]) -> dict[str, object]:
    event = _of(events, "detection")
    facts = event.child("metadata")
    source = facts.text("source") or event.text("actor")
    if source is None:
        return {}
    return _told_only({"source": source, "at": _moment(event, "timestamp"), "alert": facts.text("alert_id")})


def _participants(people: list[Foreign]) -> dict[str, object]:
    """Return names with what their people do; of a name that stands twice the second stays where it was."""
    found: dict[str, object] = {}
    for person in people:
        name = person.look().text("name")
        role = person.look().text("role")
        if name and role and name not in found:
            found[person.text("name") or name] = person.text("role")
    return found


def _deployment(one: Foreign) -> dict[str, object]:
    return _told_only(
        {
            "what": one.text("changes", limit=500),
            "service": one.text("service"),
            "version": one.text("version"),
            "at": _moment(one, "deployed_at"),
        }
    )


def _event(one: Foreign) -> str:
    """Return an entry of the timeline, with everything that the event says."""
    at = one.time("timestamp")
    if at is None:
        return ""
    word = (one.text("type") or "").casefold()
    kind = next((known for known in EventKind if known == word), _KINDS.get(word))
    actor = one.text("actor")
    text = one.text("description", limit=TEXT_LIMIT) or ""
    fields, longer = measures(one.child("metadata").pairs() + ([("type", word)] if word and kind != word else []))
    more, further = measures(one.pairs())
    fields |= {key: value for key, value in more.items() if key not in fields}
    longer += [*further, *(f"{key}: {value}" for key, value in more.items() if fields[key] != value)]
    words = f"{kind or EventKind.NOTE}{f' by {actor}' if actor else ''}"
    return entry(at, words, "\n\n".join(filter(None, [as_markdown(text), *longer])) or "No description.", fields)


def _communication(one: Foreign) -> str:
    at = one.time("timestamp")
    if at is None:
        return ""
    channel, audience = one.text("channel") or "unknown", one.text("audience")
    author = one.text("author") or one.text("sender")
    text = one.text("message", limit=TEXT_LIMIT) or ""
    words = f"{channel}{f' to {audience}' if audience else ''}"
    return entry(at, words, as_markdown(text) or "No text.", {"by": author} if author else None)


def _action(one: Foreign) -> str:
    title = one.text("title") or "An action without a title"
    fields = _told_only(
        {
            "owner": one.text("owner"),
            "priority": one.text("priority"),
            "due": day(one),
            "type": word(one, "type", Effort),
            "status": status(one),
        }
    )
    return titled(title, as_markdown(one.text("description", limit=TEXT_LIMIT) or ""), fields)


def status(one: Foreign) -> str | None:
    """Return how far an action is, in our words; others are not taken."""
    said = (one.look().text("status") or "").casefold()
    known = next((value for value in Progress if value == said.replace(" ", "_")), _STATUS.get(said))
    if known is not None:
        one.text("status")
    return known.value if known else None


def day(one: Foreign) -> str | None:
    """Return the day that an action is due; what is no day is not taken."""
    for key in ("deadline", "due"):
        moment = one.look().time(key)
        if moment is None:
            try:
                date.fromisoformat(one.look().text(key) or "")
            except ValueError:
                continue
            return one.text(key)
        one.time(key)
        return f"{moment:%Y-%m-%d}"
    return None
