"""An incident as one JSON document to a public incident, its war-room record and its postmortem, with no value lost.

The form has ``incident``, ``events``, ``communications``, ``impact``, ``signals``, ``context``, ``resolution``,
``action_items`` and ``participants``. What has no place of its own ends up in the notes of the war-room record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from generator.importers.foreign import Imported, ImportedFile, SourceReport, front, slug
from generator.importers.foreign_json import Foreign, read_json
from generator.importers.incident_json_postmortem import postmortem
from generator.importers.incident_json_record import Told, record
from generator.importers.plain_text import as_markdown, one_line
from generator.record.fields import ID, nearest, unparse_time
from generator.record.source import Report
from generator.terms import PHASES, Kind, Phase

_TOP = (1, 1)
_PARTS = frozenset({"incident", "events", "communications"})
_INSIDE = frozenset({"internal", "executives", "exec", "engineering", "team", "private"})


class Known(msgspec.Struct, frozen=True):
    """What the site there offers: severities with their aliases, and components by id and by name."""

    severities: Mapping[str, str] = {}
    components: Mapping[str, str] = {}


class Wanted(msgspec.Struct, frozen=True):
    """How the import is to be done: another id, components for foreign names, and where the record goes."""

    id: str | None = None
    components: Mapping[str, str] = {}
    internal: str = "content/internal"


def read_incident_json(path: Path, *, known: Known | None, wanted: Wanted) -> Imported:
    """Return the three files that a document becomes, and all that could not be taken over as it was.

    ``known`` is None where there is no site yet. With a problem there are no files.
    """
    report = SourceReport(path.as_posix())
    data = read_json(path, report)
    if not isinstance(data, dict) or not _PARTS & data.keys():
        if not report.problems:
            hint = "it needs the keys incident, events and communications"
            report.add("I151", _TOP, "this is no incident", hint)
        return Imported((), tuple(report.problems))
    document = Foreign(data)
    told = _told(document, known, wanted, report)
    files = _files(document, told, wanted, path.as_posix(), report)
    return Imported(() if report.failed else files, tuple(report.problems))


def _files(document: Foreign, told: Told, wanted: Wanted, source: str, report: Report) -> tuple[ImportedFile, ...]:
    updates = _updates(document, told, report)
    public = _public(told, updates)
    internal = record(document, report)
    year = f"{told.started:%Y}"
    files = (
        ImportedFile(f"content/incidents/{year}/{told.id}.md", public, source),
        ImportedFile(f"{wanted.internal}/incidents/{told.id}.md", internal, source),
        ImportedFile(f"content/postmortems/{told.id}.md", postmortem(document, told), source),
    )
    return tuple(sorted(files, key=lambda file: file.path))


def _told(document: Foreign, known: Known | None, wanted: Wanted, report: Report) -> Told:
    """Return what the three files share."""
    incident = document.look().child("incident")
    title = incident.text("title") or incident.text("id") or "Imported incident"
    moments = sorted(moment for event in document.look().children("events") if (moment := event.time("timestamp")))
    started = min([*moments, *(m for m in [incident.time("declared_at")] if m)], default=None)
    if started is None:
        report.add("I152", _TOP, "nothing says when it began", "write `incident.declared_at` with its offset")
        started = datetime.fromisoformat("1990-01-01T00:00:00+00:00")
    resolved = incident.time("resolved_at")
    id = wanted.id or f"{started:%Y-%m-%d}-{slug(title, 'incident')}"[:100].strip("-")
    if not ID.match(id):
        report.add("I152", _TOP, f'"{id}" is not an id', "use a-z, 0-9 and - between them")
    return Told(
        id,
        one_line(title),
        _severity(incident, known, report),
        _components(incident, known, wanted, report),
        started,
        resolved,
    )


def _severity(incident: Foreign, known: Known | None, report: Report) -> str:
    name = incident.text("severity") or ""
    if known is None:
        return slug(name, "sev1")
    found = known.severities.get(name.casefold())
    if found is None:
        hint = f"add it to `severities` of site.yml, as an alias; {nearest(name, known.severities)}"
        report.add("I153", _TOP, f'the site has no severity "{one_line(name)[:60]}"', hint)
    return found or "sev1"


def _components(incident: Foreign, known: Known | None, wanted: Wanted, report: Report) -> tuple[str, ...]:
    """Return the ids of the affected components; note each that the site lacks, with the line that adds it."""
    found: dict[str, None] = {}
    for name in dict.fromkeys([*filter(None, [incident.text("service")]), *incident.texts("affected_services")]):
        id = wanted.components.get(name) or slug(name, "service")
        if known is not None:
            id = known.components.get(id.casefold()) or known.components.get(name.casefold()) or id
            if id not in known.components.values():
                line = f"- {{id: {id}, name: {one_line(name)}}}"
                hint = f"add `{line}` to a group of components.yml, or give --component {one_line(name)}=ID"
                report.add("I154", _TOP, f'the site has no component "{one_line(name)[:60]}"', hint)
        found[id] = None
    if not found:
        report.add("I154", _TOP, "nothing says what is affected", "write `incident.service`")
    return tuple(found)


class _Update(msgspec.Struct, frozen=True):
    phase: Phase
    at: datetime
    text: str


def _updates(document: Foreign, told: Told, report: Report) -> tuple[_Update, ...]:
    """Return what was told on the status page, in order of time; its values are not taken here."""
    whole = document.look()
    states = _states(whole.children("events"))
    found: list[_Update] = []
    posts = [(at, one) for one in whole.children("communications") if _is_public(one) and (at := one.time("timestamp"))]
    for at, one in sorted(posts, key=lambda post: post[0]):
        phase, text = _parted(one.text("message", limit=64 * 1024) or "")
        phase = phase or states.get(at) or (found[-1].phase if found else Phase.INVESTIGATING)
        if text:
            found.append(_Update(phase, at, as_markdown(text)))
    if not found:
        message = "nothing was told on the status page: the incident is a draft"
        report.add("I155", _TOP, message, "write its updates, and drop the line `draft: true`", warning=True)
        found = [_Update(Phase.INVESTIGATING, told.started, as_markdown(told.title))]
    elif told.resolved and not found[-1].phase.ends:
        hint = "add an update `## resolved …`, else the incident stays open"
        report.add("I155", _TOP, "the status page was never told that it is over", hint, warning=True)
    return tuple(found)


def _is_public(post: Foreign) -> bool:
    channel = (post.text("channel") or "").casefold().replace("_", "").replace("-", "").replace(" ", "")
    return channel == "statuspage" and (post.text("audience") or "").casefold() not in _INSIDE


def _states(events: Sequence[Foreign]) -> dict[datetime, Phase]:
    """Return the states that events of their moment name."""
    states = {}
    for event in events:
        at, state = event.time("timestamp"), event.child("metadata").text("status")
        if at is not None and state in PHASES[Kind.INCIDENT]:
            states[at] = Phase(state)
    return states


def _parted(message: str) -> tuple[Phase | None, str]:
    """Return the state that a message begins with, and its words."""
    for mark in (" - ", ": ", " – ", " — "):
        word, found, text = message.partition(mark)
        phase = next((one for one in PHASES[Kind.INCIDENT] if one == word.strip().casefold()), None)
        if found and phase:
            return phase, text.strip()
    return None, message


def _public(told: Told, updates: Sequence[_Update]) -> str:
    """Return the text of the public incident's file."""
    first = updates[0]
    values: dict[str, object] = {"title": told.title, "severity": told.severity, "components": list(told.components)}
    values["started"] = unparse_time(min(told.started, first.at))
    if first.text == as_markdown(told.title):
        values["draft"] = True
    values["backfilled"] = True
    parts = [front(values)]
    latest = first.at
    for update in updates:
        at = max(latest, update.at)
        while any(part.startswith(f"## {update.phase} {unparse_time(at)}\n") for part in parts):
            at += timedelta(seconds=1)
        parts.append(f"## {update.phase} {unparse_time(at)}\n\n{update.text}\n")
        latest = at
    return "\n".join(parts)
