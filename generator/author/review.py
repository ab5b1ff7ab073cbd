"""The file of a postmortem, as far as the record of its incident can write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec

from generator.author.form import line
from generator.record.fields import unparse_time
from generator.record.model import Incident, Update
from generator.record.unanswered import ACTION, QUESTIONS
from generator.terms import Chapter, Level

EXCERPT_LIMIT = 300

_ACTIONS = f"""\
# actions:
#   - title: {ACTION}
#     owner: Operations  # a role, never a person
#     priority: P1
#     due: {{day}}
#     type: prevention  # or detection, mitigation, process
#     status: open  # or in_progress, done
"""


class Outage(msgspec.Struct, frozen=True):
    """A span in which a component was in one state; ``end`` is None while it lasts."""

    component: str
    level: Level
    start: datetime
    end: datetime | None


class Facts(msgspec.Struct, frozen=True):
    """What the record of an incident tells of it; ``components`` are all that it ever named."""

    record: Incident
    severity: str | None
    components: tuple[str, ...]
    started: datetime
    ended: datetime | None
    outages: tuple[Outage, ...]


def postmortem_path(record: Incident) -> str:
    """Return where the postmortem of an incident lies: in a folder of the same name, under the same name."""
    return record.path.replace("/incidents/", "/postmortems/", 1)


def postmortem_text(facts: Facts, *, day: date) -> str:
    """Return the draft of a postmortem: what the record tells, and a question where it tells nothing."""
    parts = ["\n".join(["---", *_front(facts, day)]), _ACTIONS.format(day=day).rstrip(), "draft: true\n---"]
    known = {Chapter.IMPACT: _impact(facts), Chapter.TIMELINE: _timeline(facts)}
    sections = [
        "\n\n".join(part for part in (f"## {chapter.capitalize()}", known.get(chapter), f"*{prompt}*") if part)
        for chapter, prompt in QUESTIONS.items()
    ]
    return "\n".join(parts) + "\n\n" + "\n\n".join(sections) + "\n"


def _front(facts: Facts, day: date) -> Iterator[str]:
    record = facts.record
    yield line("title", record.title)
    yield f"incident: {record.id}"
    yield f"published: {day}"
    if facts.severity:
        yield line("severity", facts.severity)
    if facts.ended and (minutes := _minutes(facts.started, facts.ended)):
        yield f"duration: {_duration(minutes)}"
    yield f"components: [{', '.join(facts.components)}]"
    if record.tags:
        yield f"tags: [{', '.join(record.tags)}]"


def _impact(facts: Facts) -> str:
    return "\n".join(map(_outage, facts.outages))


def _outage(outage: Outage) -> str:
    words = outage.level.replace("_", " ")
    if outage.end is None:
        return f"- {outage.component}: {words} since {unparse_time(outage.start)}"
    length = _duration(_minutes(outage.start, outage.end))
    return f"- {outage.component}: {words} from {unparse_time(outage.start)} to {unparse_time(outage.end)} ({length})"


def _timeline(facts: Facts) -> str:
    """Return a line for the beginning and for each update; a day is said where it begins."""
    first = facts.record.updates[0].at
    steps = [(facts.started, "It began.")] if facts.started < first else []
    steps += [(update.at, _told(update)) for update in facts.record.updates]
    lines, day = ["All times are in UTC.\n"], None
    for at, words in steps:
        moment = at.astimezone(UTC)
        stamp = f"{moment:%H:%M}" if moment.date() == day else f"{moment:%Y-%m-%d %H:%M}"
        day = moment.date()
        lines.append(f"- **{stamp}** {words}")
    return "\n".join(lines)


def _told(update: Update) -> str:
    """Return status and first words of an update, in one line."""
    status = update.phase.replace("_", " ").capitalize()
    words = next((one for one in re.split(r"\n\s*\n", update.body) if re.match(r"[^\W_]", one)), "")
    whole = " ".join(words.split())
    if len(whole) <= EXCERPT_LIMIT:
        return f"{status}: {whole}" if whole else f"{status}."
    # Cut between sentences, where no markup is likely to be open.
    end = whole.rfind(". ", 0, EXCERPT_LIMIT)
    return f"{status}: {whole[: end + 1]} …" if end > 0 else f"{status}."


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)


def _duration(minutes: int) -> str:
    """Return a duration as front matter has it."""
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (rest, "min")) if count]
    return " ".join(parts) or "0 min"
