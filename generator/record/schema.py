"""Nodes to model: strict, all problems at once, each with line and column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from generator.errors import shown
from generator.record.fields import Fields, nearest, read_choice, read_time
from generator.record.model import MARKS, UPDATES, Incident, Page, TranslatedUpdate, Translation, Update
from generator.record.nodes import Mapping, Node, Scalar, Sequence
from generator.record.sections import Document, Section
from generator.record.source import Mark, Report
from generator.terms import PHASES, Kind, Level, Phase

UPDATE_LIMIT = 500
BODY_LIMIT = 64 * 1024
COMPONENT_LIMIT = 100

INTERNAL_KEYS = frozenset(
    [
        "acknowledged",
        "action_items",
        "actions",
        "affected_services",
        "affected_systems",
        "affected_users",
        "alerts",
        "bridge",
        "change",
        "changes",
        "channel",
        "chat",
        "commander",
        "communications",
        "context",
        "contributing_factors",
        "customer_impact",
        "dashboard",
        "declared",
        "dependents",
        "detected",
        "detection",
        "duration",
        "endpoints",
        "escalation",
        "events",
        "factors",
        "failed_transactions",
        "impact",
        "incident_commander",
        "mitigated",
        "mitigation",
        "mitigation_steps",
        "number",
        "on_call",
        "oncall",
        "owner",
        "participants",
        "people",
        "permanent_fix",
        "postmortem_at",
        "regions",
        "related_change",
        "resolved",
        "responders",
        "revenue",
        "revenue_impact",
        "risk",
        "risks",
        "roles",
        "root_cause",
        "runbook",
        "scribe",
        "service",
        "services",
        "signals",
        "slack",
        "status",
        "systems",
        "timeline",
        "war_room",
        "workaround",
    ]
)
"""Keys of the internal record of an incident, which a public file must not hold."""


def read_incident(document: Document, kind: Kind, id: str, report: Report) -> Incident | None:
    """Return the incident or maintenance that a file holds, or None after noting what makes that impossible."""
    fields = Fields(document.front, report)
    title = fields.text("title", required=True)
    severity = fields.text("severity", required=True) if kind is Kind.INCIDENT else None
    started = fields.time("started") if kind is Kind.INCIDENT else None
    window = _window(fields) if kind is Kind.MAINTENANCE else None
    components, component_marks = _components(fields, required=True)
    tags, aliases, links = fields.identities("tags"), fields.identities("aliases"), fields.references("links")
    draft, backfilled, accept = fields.flag("draft"), fields.flag("backfilled"), fields.accepted()
    excused = fields.text("no_postmortem") if kind is Kind.INCIDENT else None
    fields.close(INTERNAL_KEYS, f"content/internal/incidents/{id}.md")
    updates = _updates(document, kind, report)
    if title is None or (kind is Kind.INCIDENT and severity is None) or (kind is Kind.MAINTENANCE and window is None):
        return None
    if not updates or components is None:
        return None
    return Incident(
        kind, id, report.path, title, components, updates, severity, started, window, tags, aliases, links,
        draft, backfilled, MARKS.fold({**fields.marks, **component_marks}), excused, accept,
    )  # fmt: skip


def _window(fields: Fields) -> tuple[datetime, datetime] | None:
    node = fields.take("scheduled", required=True)
    if node is None:
        return None
    inner = fields.inner(node, "the window's two times, `{from: …, until: …}`")
    if inner is None:
        return None
    start, end = inner.time("from", required=True), inner.time("until", required=True)
    inner.close()
    if start is None or end is None:
        return None
    if end <= start:
        inner.report.add("R105", inner.marks["until"], "the window ends before it begins", "swap or correct the times")
        return None
    return start, end


def _components(fields: Fields, *, required: bool = False) -> tuple[dict[str, Level | None] | None, dict[str, Mark]]:
    """Return component ids with their states, None for the severity's default, and where each stands."""
    node = fields.take("components", required=required)
    if node is None:
        return None, {}
    pairs: list[tuple[Scalar, Level | None]] = []
    if isinstance(node, Sequence):
        pairs = [(item, None) for item in _ids(node, fields.report)]
    elif isinstance(node, Mapping):
        pairs = [(key, _level(value, fields.report)) for key, value in node.entries]
    else:
        hint = "write `components: [one, two]` or `components: {one: partial_outage}`"
        fields.report.add("S103", node.mark, '"components" must be a list or a map of states', hint)
    if len(pairs) > COMPONENT_LIMIT:
        fields.report.add("S118", node.mark, f"more than {COMPONENT_LIMIT} components", "name the groups' main ones")
        return None, {}
    marks = {f"components.{key.text}": key.mark for key, _ in pairs}
    return {key.text: level for key, level in pairs}, marks


def _ids(node: Sequence, report: Report) -> Iterator[Scalar]:
    for item in node.items:
        if isinstance(item, Scalar):
            yield item
        else:
            report.add("S103", item.mark, '"components" must list ids', "write `components: [one, two]`")


def _level(value: Node, report: Report) -> Level | None:
    if not isinstance(value, Scalar):
        report.add("S103", value.mark, "a component's state must be one word", nearest("", list(Level)))
        return None
    return None if value.empty else read_choice(value, Level, "state", "S108", report)


def _updates(document: Document, kind: Kind, report: Report) -> tuple[Update, ...]:
    _refuse_lead(document, report)
    if len(document.sections) > UPDATE_LIMIT:
        mark = (document.sections[UPDATE_LIMIT].line, 1)
        report.add("S118", mark, f"more than {UPDATE_LIMIT} updates", "open a second incident that links this one")
        return ()
    if not document.sections:
        hint = f"add a heading like `## {PHASES[kind][0]} 2026-02-22 02:51 UTC` and a text"
        report.add("R108", (document.lead_line, 1), "there is no update", hint)
    updates = [_update(section, kind, report) for section in document.sections]
    return tuple(update for update in updates if update is not None)


def _refuse_lead(document: Document, report: Report) -> None:
    if document.lead:
        hint = "put it under a heading like `## investigating 2026-02-22 02:51 UTC`"
        report.add("S117", (document.lead_line, 1), "text before the first update", hint)


def _update(section: Section, kind: Kind, report: Report) -> Update | None:
    fields = Fields(section.fields, report)
    components, marks = _components(fields)
    upcoming, amended = fields.time("next"), fields.time("amended")
    fields.close(INTERNAL_KEYS, "the internal record")
    _check_body(section, report)
    heading = read_heading(section.heading, section.line, kind, report)
    if heading is None:
        return None
    phase, at = heading
    line = section.line
    if phase.ends and any(level is not Level.OPERATIONAL for level in (components or {}).values()):
        hint = "reopen with another status, or drop the line"
        report.add("R116", fields.marks["components"], f'"{phase}" leaves no component affected', hint)
    if upcoming is not None and upcoming <= at:
        report.add("R109", fields.marks["next"], '"next" is not after the update', "write when the next word comes")
    if amended is not None and amended < at:
        report.add("R109", fields.marks["amended"], '"amended" is before the update', "write when it was changed")
    marked = MARKS.fold({**fields.marks, **marks})
    return Update(phase, at, section.body, line, section.body_line, components, upcoming, amended, marked)


def _check_body(section: Section, report: Report) -> None:
    size = len(section.body.encode("utf-8"))
    if size > BODY_LIMIT:
        report.add("S118", (section.body_line, 1), f"an update of {size} bytes, more than {BODY_LIMIT}", "shorten it")


def read_heading(heading: str, line: int, kind: Kind, report: Report) -> tuple[Phase, datetime] | None:
    """Return status and time of an update's heading, or None after noting which of the two is wrong."""
    word, _, rest = heading.partition(" ")
    column = 4
    known = PHASES[kind]
    phase = next((p for p in known if p == word), None)
    if not rest.strip() or (phase is None and not rest.strip()[0].isdigit()):
        hint = f"write `## {known[0]} 2026-02-22 02:51 UTC`; deeper headings begin with ###"
        report.add("S116", (line, 1), "a heading of level 2 must be a status and a time", hint)
        return None
    if phase is None:
        report.add("S106", (line, column), f'unknown status "{shown(word)}"', nearest(word, [str(p) for p in known]))
    at = read_time(rest.strip(), (line, column + len(word) + 1), report)
    return None if phase is None or at is None else (phase, at)


def read_translation(document: Document, kind: Kind, id: str, lang: str, report: Report) -> Translation:
    """Return an incident's words in another language; sections that cannot be read are noted and left out."""
    fields = Fields(document.front, report)
    title = fields.text("title")
    fields.close(INTERNAL_KEYS, f"content/internal/incidents/{id}.md")
    _refuse_lead(document, report)
    updates = []
    for section in document.sections:
        if section.fields.entries:
            hint = "put a blank line under the heading; facts stand in the original only"
            report.add("S101", section.fields.mark, "a translated update has no fields", hint)
        _check_body(section, report)
        heading = read_heading(section.heading, section.line, kind, report)
        if heading:
            updates.append(TranslatedUpdate(*heading, section.body, section.line, section.body_line))
    return Translation(id, lang, report.path, title, UPDATES.fold(tuple(updates)))


def read_page(document: Document, slug: str, lang: str | None, report: Report) -> Page | None:
    """Return a free page, or None after noting what is missing."""
    fields = Fields(document.front, report)
    title = fields.text("title", required=True)
    description = fields.text("description", limit=300)
    menu, draft = (fields.flag("menu", default=True), fields.flag("draft")) if lang is None else (True, False)
    accept = fields.accepted() if lang is None else ()
    fields.close()
    if title is None:
        return None
    return Page(slug, lang, report.path, title, document.lead, document.lead_line, description, menu, draft, accept)
