"""An issue that was written with the form "report an incident" becomes the files of an incident.

The form's fields reach this module as data, in the event that GitHub writes to a file; what is made of them passes
the same parser and the same checks as what people write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from generator.author import compose, names, shelf
from generator.author.changes import Change, examine
from generator.author.form import NewRecord, NewUpdate, States
from generator.author.words import tidy
from generator.errors import SystemFault, UsageError, shown
from generator.record.fields import TITLE_LIMIT, NotTime, nearest, parse_minutes, parse_time
from generator.record.model import Site
from generator.record.source import Refused, read_bytes
from generator.terms import PHASES, Kind, Level, Phase

LABELS = {
    "Title": "title",
    "Severity": "severity",
    "Components": "components",
    "Status": "status",
    "Started": "started",
    "Next update": "next",
    "What readers should know": "text",
}
"""The labels of the form's fields; a title and a text in another language have it behind, as in ``Title (fr)``."""

_HEADING = re.compile(r"### (.+?)(?: \(([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\))?[ \t]*$")
_EMPTY = "_No response_"

Key = tuple[str, str]
"""The name of a field, and the language it is in, empty for the default one."""


class Reported(msgspec.Struct, frozen=True):
    """The issue's form as it was filled in."""

    fields: Mapping[Key, str]
    at: datetime


def read_event(path: Path) -> Reported | None:
    """Return what the issue of a GitHub event says, None where it was not written with the form.

    Raises UsageError for a file that holds no such event, and SystemFault. Source of the event's form: GitHub's
    documentation of the webhook event "issues".
    """
    try:
        event = msgspec.json.decode(read_bytes(path))
    except Refused as refused:
        raise SystemFault(f"{path} {refused.message}; {refused.hint}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UsageError(f"{path} is not JSON") from None
    issue = event.get("issue") if isinstance(event, dict) else None
    if not isinstance(issue, dict) or not isinstance(issue.get("created_at"), str):
        raise UsageError(f"{path} is not the event of an issue")
    body = issue.get("body")
    fields = read_form(body) if isinstance(body, str) else {}
    return Reported(fields, _time("created_at", issue["created_at"])) if ("title", "") in fields else None


def read_form(body: str) -> Mapping[Key, str]:
    """Return the fields of an issue's body: a label as a heading of level 3, then what was filled in.

    The first of each label counts, so that no text can take another field's place.
    """
    found: dict[Key, list[str]] = {}
    lines: list[str] = []
    for line in body.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        match = _HEADING.match(line)
        key = (LABELS.get(match[1], ""), match[2] or "") if match else ("", "")
        if key[0] and key not in found:
            lines = found[key] = []
        else:
            lines.append(line)
    texts = {key: "\n".join(lines).strip() for key, lines in found.items()}
    return {key: "" if text == _EMPTY else text for key, text in texts.items()}


def incident(root: Path, reported: Reported, *, now: datetime) -> tuple[str, tuple[Change, ...]]:
    """Return the id of a new incident and its files, as the form says and as a build would accept them.

    Raises UsageError that names the field, and ContentError.
    """
    known = shelf.read(root, shelf.for_new(Kind.INCIDENT), now=now)
    site, fields = known.site, reported.fields
    at = reported.at.replace(second=0)
    record = NewRecord(
        Kind.INCIDENT,
        "",
        _words(site, fields, "title", _title),
        _components(site, fields.get(("components", ""), "")),
        NewUpdate(_phase(fields), at, _words(site, fields, "text", tidy), next=_next(fields, at)),
        _severity(site, fields.get(("severity", ""), "")),
        started=_time("Started", fields["started", ""]) if fields.get(("started", "")) else None,
    )
    day = at.astimezone(ZoneInfo(site.config.time_zone)).date()
    id = names.new_id(Kind.INCIDENT, record.titles[site.config.default], day, taken=known.is_taken)
    newest = next(reversed(known.originals(Kind.INCIDENT).values()), None)
    changes = compose.opening(site, msgspec.structs.replace(record, id=id), newest=newest)
    examine(known.found, changes, now=now)
    return id, changes


def _label(name: str) -> str:
    return next(label for label, field in LABELS.items() if field == name)


def _words(site: Site, fields: Mapping[Key, str], name: str, read: Callable[[str], str]) -> dict[str, str]:
    """Return a field's texts by language; the default one must be there."""
    default = site.config.default
    texts = {lang or default: text for (field, lang), text in fields.items() if field == name and text}
    for lang in texts:
        if lang not in site.config.languages:
            raise UsageError(f'{_label(name)}: "{shown(lang)}" is not a language of this site')
    if default not in texts:
        raise UsageError(f'"{_label(name)}" is empty')
    return {lang: read(texts[lang]) for lang in site.config.languages if lang in texts}


def _title(text: str) -> str:
    title = " ".join(text.split())
    if len(title) > TITLE_LIMIT:
        raise UsageError(f"Title: {len(title)} characters, more than {TITLE_LIMIT}")
    return title


def _severity(site: Site, text: str) -> str:
    """Return the severity that a choice begins with, as in ``sev1: everything is down``."""
    name = re.split(r"[:\s]", text, maxsplit=1)[0]
    severity = site.config.severity(name)
    if severity is None:
        hint = nearest(name, [one.id for one in site.config.severities])
        raise UsageError(f'Severity: there is no "{shown(name)}"; {hint}')
    return severity.id


def _components(site: Site, text: str) -> States:
    """Return components with their states, from ids between commas, spaces or lines; ``id=state`` names the state."""
    found: dict[str, Level | None] = {}
    known = site.components()
    for word in re.split(r"[,\s]+", text.strip()) if text.strip() else []:
        id, sign, state = word.partition("=")
        if id not in known:
            raise UsageError(f'Components: there is no "{shown(id)}"; {nearest(id, known)}')
        if sign and state not in list(Level):
            raise UsageError(f'Components: "{shown(state)}" is not a state; {nearest(state, list(Level))}')
        found[id] = Level(state) if sign else None
    if not found:
        raise UsageError('"Components" is empty')
    return found


def _phase(fields: Mapping[Key, str]) -> Phase:
    phases = PHASES[Kind.INCIDENT]
    name = fields.get(("status", ""), "") or phases[0]
    if name not in phases:
        raise UsageError(f'Status: there is no "{shown(name)}"; {nearest(name, phases)}')
    return Phase(name)


def _next(fields: Mapping[Key, str], at: datetime) -> datetime | None:
    text = fields.get(("next", ""), "")
    minutes = parse_minutes(text)
    if minutes is not None:
        return at + timedelta(minutes=minutes)
    return _time("Next update", text) if text else None


def _time(label: str, text: str) -> datetime:
    try:
        return parse_time(text)
    except NotTime:
        raise UsageError(f'{label}: "{shown(text)}" is not a time with an offset; write 2026-02-22 02:51 UTC') from None
