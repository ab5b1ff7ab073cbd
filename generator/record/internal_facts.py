"""The front matter of an internal record: its facts, read strictly, with every problem at its line and column."""

from __future__ import annotations

from generator.record.internal_fields import COUNT, LATENCY, MONEY, PERCENT, Facts
from generator.record.internal_model import (
    Change,
    Context,
    Degradation,
    Detection,
    Hit,
    Impact,
    InternalRecord,
    Risks,
    Signals,
    Stage,
    System,
    Weight,
)
from generator.record.nodes import Node, Scalar
from generator.record.sections import Document
from generator.record.source import Report

LIST_LIMIT = 100
NOTE_LIMIT = 500


def read_facts(document: Document, id: str, report: Report) -> InternalRecord:
    """Return a record with its facts and no sections; what cannot be read is noted and left out."""
    fields = Facts(document.front, report)
    record = InternalRecord(
        id,
        report.path,
        number=fields.text("number"),
        title=fields.text("title"),
        severity=fields.text("severity"),
        status=fields.choice("status", Stage),
        started=fields.time("started"),
        declared=fields.time("declared"),
        acknowledged=fields.time("acknowledged"),
        mitigated=fields.time("mitigated"),
        resolved=fields.time("resolved"),
        postmortem_at=fields.time("postmortem_at"),
        duration=fields.minutes("duration"),
        commander=fields.text("commander"),
        responders=fields.names("responders"),
        roles=fields.pairs("roles", "scribe: Dana"),
        participants=fields.pairs("participants", "Dana: Database SME"),
        oncall=fields.pairs("oncall", "primary: Dana"),
        channel=fields.place("channel"),
        bridge=fields.place("bridge"),
        detection=_detection(fields),
        changes=_changes(fields, "changes"),
        service=fields.text("service"),
        services=fields.names("services", "services"),
        dependents=fields.names("dependents", "services"),
        endpoints=fields.names("endpoints", "paths"),
        regions=fields.names("regions", "regions"),
        systems=fields.many("systems", lambda item: _system(fields, item), limit=LIST_LIMIT, wanted="systems"),
        signals=_signals(fields),
        impact=_impact(fields),
        risks=_risks(fields),
        context=_context(fields),
        links=fields.references("links"),
        marks=fields.marks,
    )
    fields.close()
    return record


def _detection(fields: Facts) -> Detection | None:
    node = fields.take("detection")
    if node is None:
        return None
    if isinstance(node, Scalar):
        return Detection(" ".join(node.text.split()))
    inner = fields.inner(node, "how it was noticed, a text or `{source: …, at: …}`")
    if inner is None:
        return None
    source = inner.text("source", required=True)
    at, alert = inner.time("at"), inner.text("alert")
    inner.close()
    return None if source is None else Detection(source, at, alert)


def _changes(fields: Facts, name: str) -> tuple[Change, ...]:
    return fields.many(name, lambda item: _change(fields, item), limit=LIST_LIMIT, wanted="changes")


def _change(fields: Facts, item: Node) -> Change | None:
    if isinstance(item, Scalar) and not item.empty:
        return Change(" ".join(item.text.split()))
    inner = fields.inner(item, "a change, its number or `{id: …, what: …}`")
    if inner is None:
        return None
    change = Change(
        inner.text("id"),
        inner.text("what", limit=NOTE_LIMIT),
        inner.text("service"),
        inner.text("version"),
        inner.time("at"),
        inner.address("url"),
    )
    inner.close()
    return change


def _system(fields: Facts, item: Node) -> System | None:
    inner = fields.inner(item, "a system with name and state")
    if inner is None:
        return None
    name, state = inner.text("name", required=True), inner.choice("state", Hit, required=True)
    note = inner.text("note", limit=NOTE_LIMIT)
    inner.close()
    return None if name is None or state is None else System(name, state, note)


def _signals(fields: Facts) -> Signals | None:
    inner = _map(fields, "signals", "what the instruments showed")
    if inner is None:
        return None
    signals = Signals(
        inner.figure("error_rate", PERCENT),
        inner.figure("latency_p99", LATENCY),
        inner.figure("alerts", COUNT),
        inner.figure("customer_reports", COUNT),
        inner.pairs("measures", "heap: 180 MB"),
    )
    inner.close()
    return signals


def _impact(fields: Facts) -> Impact | None:
    inner = _map(fields, "impact", "what it meant for customers")
    if inner is None:
        return None
    impact = Impact(
        inner.answer("customer_facing"),
        inner.choice("degradation", Degradation),
        inner.figure("users", COUNT),
        inner.figure("users_share", PERCENT),
        inner.figure("failed_transactions", COUNT),
        inner.figure("revenue", MONEY),
        inner.choice("revenue_impact", Weight),
        inner.answer("data_loss"),
        inner.answer("workaround"),
    )
    inner.close()
    return impact


def _risks(fields: Facts) -> Risks | None:
    inner = _map(fields, "risks", "what could become worse")
    if inner is None:
        return None
    risks = Risks(inner.answer("data_integrity"), inner.answer("security_breach"), inner.names("others", "risks"))
    inner.close()
    return risks


def _context(fields: Facts) -> Context | None:
    inner = _map(fields, "context", "what else was going on")
    if inner is None:
        return None
    context = Context(
        _changes(inner, "deployments"),
        inner.names("incidents", "incidents"),
        inner.names("maintenance", "maintenance windows"),
    )
    inner.close()
    return context


def _map(fields: Facts, name: str, wanted: str) -> Facts | None:
    node = fields.take(name)
    return None if node is None else fields.inner(node, wanted)
