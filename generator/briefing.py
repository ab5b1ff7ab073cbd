"""The update that responders send to the others in their company: one situation, as text, as Slack blocks, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from generator.record.duty import watches
from generator.record.fields import unparse_time
from generator.record.model import Fact, Incident, Severity, Site, Update
from generator.record.oncall import Oncall
from generator.record.people import People
from generator.record.process import due
from generator.terms import Level

UNKNOWN = "not known yet"
NO_HELP = "none at this time"


class Known(Fact, frozen=True):
    """What responders know beyond the public record; None and empty where nobody has said it.

    People are named by any of the words that ``people.yml`` has for them.
    """

    status: str | None = None
    impact: tuple[str, ...] = ()
    action: str | None = None
    eta: str | None = None
    help: str | None = None
    commander: str | None = None
    roles: tuple[tuple[str, str], ...] = ()
    channel: str | None = None


class Situation(Fact, frozen=True):
    """An incident at one moment, each value as it is told; times are moments in UTC."""

    id: str
    title: str
    url: str
    at: datetime
    started: datetime
    ended: datetime | None
    status: str
    severity: str
    impact: tuple[str, ...]
    action: str | None
    eta: str | None
    next: datetime | None
    details: str
    help: str | None
    commander: str | None
    roles: tuple[tuple[str, str], ...]
    channel: str | None
    zone: str

    @property
    def elapsed(self) -> str:
        """Return how long it has gone on, or went on: ``T+46 min``."""
        return since(self.started, self.ended or self.at)

    @property
    def upcoming(self) -> str:
        """Return when the next update comes, by T and by the clock."""
        if self.ended is not None:
            return "none, it is over"
        if self.next is None:
            return UNKNOWN
        late = ", overdue" if self.next < self.at else ""
        return f"{since(self.started, self.next)} ({clock(self.next, self.zone)}{late}) or when resolved"

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield what is told, with its label, in the order in which it is told."""
        yield "Status", self.status
        yield "Severity", self.severity
        yield "Impact", "; ".join(self.impact) or "none now"
        if self.ended is None:
            yield "Current action", self.action or UNKNOWN
            yield "ETA", self.eta or UNKNOWN
        yield "Next update", self.upcoming
        yield "Help needed", self.help or NO_HELP
        yield "Commander", self.commander or "nobody yet"
        yield from self.roles
        if self.channel:
            yield "Channel", self.channel


def since(start: datetime, moment: datetime) -> str:
    """Return a time after the start as responders count it: ``T+25 min``, ``T+1 h 12 min``, ``T+2 d 3 h``."""
    minutes = max(int((moment - start).total_seconds() // 60), 0)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes and not days)
    return f"T+{' '.join(parts) or '0 min'}"


def clock(moment: datetime, zone: str) -> str:
    """Return a moment in UTC, and by the site's clock where that shows another time."""
    local = moment.astimezone(ZoneInfo(zone))
    here = f", {local:%H:%M} {local.tzname()}" if local.utcoffset() else ""
    return f"{unparse_time(moment)}{here}"


def situation(
    site: Site,
    record: Incident,
    url: str,
    known: Known,
    *,
    at: datetime,
    people: People | None = None,
    oncall: Oncall | None = None,
) -> Situation:
    """Return what is to be told of an incident at ``at``: its updates until then, and what responders know."""
    said = [update for update in record.updates if update.at <= at] or [record.updates[0]]
    last, severity = said[-1], site.config.severity(record.severity or "")
    until = Incident(
        record.kind, record.id, record.path, record.title, record.components, tuple(said), record.severity,
        record.started, record.window,
    )  # fmt: skip
    roles = [(role, named(who, people)) for role, who in known.roles]
    roles += _on_duty(oncall, people, at) if not last.phase.ends else []
    return Situation(
        id=record.id, title=record.title, url=url, at=at, started=record.begins,
        ended=_end(said) if last.phase.ends else None,
        status=known.status if known.status and not last.phase.ends else _words(last.phase),
        severity=_severity(severity, site.config.default) or "maintenance",
        impact=(*_affected(site, until, severity), *known.impact),
        action=known.action, eta=known.eta,
        next=due(until, severity.update if severity else None),
        details=last.body, help=known.help,
        commander=named(known.commander, people) if known.commander else None,
        roles=tuple(roles), channel=known.channel, zone=site.config.time_zone,
    )  # fmt: skip


def _end(said: list[Update]) -> datetime:
    ended = said[-1].at
    for update in reversed(said):
        if not update.phase.ends:
            break
        ended = update.at
    return ended


def _words(name: str) -> str:
    return name.replace("_", " ")


def _severity(severity: Severity | None, lang: str) -> str:
    return f"{severity.name.resolve(lang, lang)[0]} ({severity.id})" if severity else ""


def _affected(site: Site, record: Incident, severity: Severity | None) -> Iterator[str]:
    """Yield each component that is affected after the last update, with its state."""
    usual = severity.state if severity else Level.UNDER_MAINTENANCE
    states: dict[str, Level | None] = dict(record.components)
    for update in record.updates:
        states |= update.components or {}
        if update.phase.ends:
            states = dict.fromkeys(states, Level.OPERATIONAL)
    names, lang = site.components(), site.config.default
    for id, state in states.items():
        level = state or usual
        if level is not Level.OPERATIONAL:
            name = names[id].name.resolve(lang, lang)[0] if id in names else id
            yield f"{name}: {_words(level)}"


def named(word: str, people: People | None) -> str:
    """Return someone's name, with the handle that a channel calls them by."""
    person = people.find(word) if people else None
    if person is None:
        return word
    chat = person.contacts.get("chat", "")
    return f"{person.name} {chat}".strip()


def _on_duty(oncall: Oncall | None, people: People | None, at: datetime) -> Iterator[tuple[str, str]]:
    """Yield who is first on call for each rotation."""
    for watch in watches(oncall, at) if oncall else ():
        if watch.now is not None and watch.layer == watch.rotation.layers[0]:
            yield f"On call, {watch.rotation.name}", named(watch.now.person, people)


def as_json(one: Situation) -> Mapping[str, object]:
    """Return a situation as a JSON object; what is not known is null."""
    return {
        "id": one.id, "title": one.title, "url": one.url, "at": one.at, "elapsed": one.elapsed,
        "started": one.started, "ended": one.ended, "status": one.status, "severity": one.severity,
        "impact": list(one.impact), "action": one.action, "eta": one.eta, "next": one.next,
        "next_elapsed": since(one.started, one.next) if one.next else None, "details": one.details,
        "help_needed": one.help, "commander": one.commander,
        "roles": [{"role": role, "name": name} for role, name in one.roles], "channel": one.channel,
    }  # fmt: skip


def as_text(one: Situation) -> str:
    """Return a situation as plain lines, for any channel."""
    return "\n".join(_text(one.title, one.elapsed, one.lines(), one.details, one.url))


def _text(title: str, elapsed: str, lines: Iterable[tuple[str, str]], details: str, url: str) -> Iterator[str]:
    yield f"INCIDENT UPDATE, {elapsed}: {title}"
    for label, value in lines:
        yield f"{label}: {value}"
        if label == "Next update":
            yield f"Details: {' '.join(details.split())}"
    yield url
