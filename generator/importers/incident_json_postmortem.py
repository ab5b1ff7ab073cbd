"""The postmortem that a JSON document of an incident becomes: a draft, and of roles instead of people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from generator.importers.foreign import front
from generator.importers.foreign_json import Foreign
from generator.importers.incident_json_record import TEXT_LIMIT, Told, day, figures, status, word
from generator.importers.plain_text import as_markdown
from generator.importers.war_room_text import items
from generator.record.fields import unparse_time
from generator.terms import Effort

OPEN = "Not discussed yet."


def postmortem(document: Foreign, told: Told) -> str:
    """Return the text of a postmortem's file; nothing of the document counts as taken."""
    roles = _roles(document.look())
    values: dict[str, object] = {"title": told.title, "incident": told.id, "severity": told.severity}
    if told.resolved and told.resolved > told.started:
        values["duration"] = _duration(round((told.resolved - told.started).total_seconds() / 60))
    values["components"] = list(told.components)
    values["draft"] = True
    actions = [_action(one, roles) for one in document.look().children("action_items") if one]
    if actions:
        values["actions"] = actions
    chapters = [(name, text) for name, text in _chapters(document.look(), told, roles) if text]
    return "\n".join([front(values), *(f"## {name}\n\n{text.rstrip()}\n" for name, text in chapters)])


def _chapters(document: Foreign, told: Told, roles: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    resolution = document.child("resolution")
    until = f" until {unparse_time(told.resolved)}" if told.resolved else ""
    yield "Summary", f"{as_markdown(told.title)}: from {unparse_time(told.started)}{until}."
    yield "Impact", items(f"{name}: {value}" for name, value in figures(document))
    yield "Timeline", items(_line(one, roles) for one in document.children("events") if one)
    yield "Root cause", as_markdown(resolution.text("root_cause", limit=TEXT_LIMIT) or OPEN)
    yield "Contributing factors", items(resolution.texts("contributing_factors", limit=TEXT_LIMIT)) or OPEN
    yield "Mitigation", items(resolution.texts("mitigation_steps", limit=TEXT_LIMIT))
    yield "What went well", OPEN
    yield "What went wrong", OPEN
    yield "Permanent fix", as_markdown(resolution.text("permanent_fix", limit=TEXT_LIMIT) or "")
    yield "Lessons", OPEN


def _line(event: Foreign, roles: Mapping[str, str]) -> str:
    at = event.time("timestamp")
    when = unparse_time(at) if at else "At a time that is not known"
    actor = event.text("actor")
    who = f", {blameless(actor, roles)}" if actor else ""
    text = blameless(event.text("description", limit=TEXT_LIMIT) or "", roles)
    return f"{when} ({event.text('type') or 'note'}{who}): {text}"


def _roles(document: Foreign) -> dict[str, str]:
    """Return what people do by their names, and what channels are, longest names first."""
    incident = document.child("incident")
    found = {one.text("name") or "": f"the {one.text('role')}" for one in document.children("participants")
             if one.look().text("role")}  # fmt: skip
    commander = incident.text("commander")
    if commander:
        found.setdefault(commander, "the incident commander")
    channels = (event.child("metadata").text("channel") or "" for event in document.children("events"))
    found |= {channel: "the incident channel" for channel in channels if channel.startswith("#")}
    return {name: found[name] for name in sorted(found, key=len, reverse=True) if name}


def blameless(text: str, roles: Mapping[str, str]) -> str:
    """Return a text with roles in the place of the people and channels that it names."""
    for name, role in roles.items():
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", role.replace("\\", r"\\"), text, flags=re.IGNORECASE)
    return text


def _action(one: Foreign, roles: Mapping[str, str]) -> dict[str, object]:
    owner = _owner(one.text("owner") or "", roles)
    values = {
        "title": blameless(one.text("title") or "An action without a title", roles),
        "owner": owner,
        "priority": one.text("priority", limit=60),
        "due": day(one),
        "type": word(one, "type", Effort),
        "status": status(one),
    }
    return {key: value for key, value in values.items() if value is not None}


def _owner(owner: str, roles: Mapping[str, str]) -> str | None:
    """Return the role of an owner, who is named or known by the address that begins with the first name."""
    local = re.split(r"[@.+_-]", owner.casefold(), maxsplit=1)[0]
    first = {name.casefold().split()[0]: role for name, role in roles.items() if name.split()}
    role = roles.get(owner) or first.get(local)
    return role.removeprefix("the ") if role else None


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"
