"""Rules over the postmortems of a site, and over the incidents that owe one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from generator.errors import Problem, shown
from generator.recall import Recall, afresh
from generator.record.fields import nearest, unparse_time
from generator.record.lots import lots_of
from generator.record.model import (
    Config,
    Entry,
    Incident,
    Mark,
    Postmortem,
    PostmortemEntry,
    PostmortemTranslation,
    Site,
)
from generator.render import routes
from generator.terms import Kind

GRACE = timedelta(hours=48)
"""How long after its end an incident may be without the postmortem that it owes."""


def _at(record: Postmortem, mark: Mark, code: str, message: str, hint: str) -> Problem:
    return Problem(record.path, mark[0], mark[1], code, message, hint)


def references(site: Site) -> Iterator[Problem]:
    """Find incidents that are not there, and a second postmortem of one incident."""
    told = [entry.original for entry in site.postmortems if entry.original.incident is not None]
    incidents = {entry.original.id for entry in site.entries if entry.original.kind is Kind.INCIDENT} if told else set()
    former = {alias: entry.original.id for entry in site.entries for alias in entry.original.aliases} if told else {}
    reviewed = dict[str, Postmortem]()
    for record in told:
        of = record.incident or ""
        if of not in incidents:
            hint = nearest(former.get(of, of), incidents) or "leave the line out"
            yield _at(record, record.marks["incident"], "R141", f'there is no incident "{shown(of)}"', hint)
        elif (other := reviewed.setdefault(of, record)) is not record:
            message = f'the incident "{of}" has a postmortem already, {other.path}'
            yield _at(record, record.marks["incident"], "R142", message, "merge the two")


def settings(site: Site) -> Iterator[Problem]:
    """Find components and severities that are not there."""
    components = site.components().keys()
    for record in (entry.original for entry in site.postmortems):
        marks = record.marks
        for name in record.components:
            if name not in components:
                mark, message = marks[f"components.{name}"], f'unknown component "{shown(name)}"'
                yield _at(record, mark, "S104", message, nearest(name, components))
        if record.severity is not None and site.config.severity(record.severity) is None:
            hint = f"known are {', '.join(severity.id for severity in site.config.severities)}"
            message = f'unknown severity "{shown(record.severity)}"'
            yield _at(record, marks["severity"], "S105", message, hint)


def names(site: Site) -> Iterator[Problem]:
    """Find ids that are addresses of the library itself, and aliases that are taken."""
    owners = {entry.original.id: entry.original for entry in site.postmortems}
    aliases: dict[str, Postmortem] = {}
    for record in owners.values():
        if record.id in routes.LIBRARY_RESERVED:
            message = f'"{record.id}" is an address of the library itself'
            yield _at(record, (1, 1), "F108", message, "rename the file")
        for alias in record.aliases:
            mark, other = record.marks[f"aliases.{alias}"], owners.get(alias) or aliases.get(alias)
            if other is not None:
                message = f'alias "{alias}" is taken by {other.path}'
                yield _at(record, mark, "R106", message, "an old id leads to one page only")
            elif alias in routes.LIBRARY_RESERVED:
                yield _at(record, mark, "F108", f'"{alias}" is an address of the library itself', "delete it")
            aliases.setdefault(alias, record)


def translations(site: Site) -> Iterator[Problem]:
    """Find translated sections and actions that match none of the original."""
    for entry in site.postmortems:
        for translation in entry.translations.values():
            yield from _sections(entry, translation)
            said, written = len(translation.actions), len(entry.original.actions)
            if said > written:
                message = f"{said} titles of actions, and the original has {written}"
                hint = "write one for each action, in the order of the original"
                line, column = translation.marks["actions"]
                yield Problem(translation.path, line, column, "R144", message, hint)


def _sections(entry: PostmortemEntry, translation: PostmortemTranslation) -> Iterator[Problem]:
    original = entry.original
    chapters = {one.chapter for one in original.passages}
    own = sum(one.chapter is None for one in original.passages)
    if translation.lead and not original.lead:
        message, hint = f"text before the first section, which {original.path} has not", "put it under a heading"
        yield Problem(translation.path, translation.lead_line, 1, "R143", message, hint)
    for passage in translation.passages:
        own -= passage.chapter is None
        if passage.chapter not in chapters or (passage.chapter is None and own < 0):
            message = f'section "{shown(passage.heading)}" matches none of {original.path}'
            hint = nearest(passage.heading, [one.heading for one in original.passages])
            yield Problem(translation.path, passage.line, 1, "R143", message, hint)


def deadlines(site: Site) -> Iterator[datetime]:
    """Yield when each postmortem that is owed has to be there."""
    yield from (done + GRACE for _, done in _owing(site))


def owed(site: Site, now: datetime, recall: Recall = afresh) -> Iterator[Problem]:
    """Warn of incidents whose severity owes a postmortem, and which have ended and have none."""
    reviewed = {entry.original.incident: entry.original for entry in site.postmortems if entry.original.incident}
    for record, done in _owing(site, recall):
        found = reviewed.get(record.id)
        if now - done <= GRACE or (found and not found.draft):
            continue
        since = f"it ended {unparse_time(done)}"
        if found:
            message, hint = f"the postmortem that it owes is still a draft; {since}", f"publish {found.path}"
        else:
            message = f"the postmortem that its severity owes is missing; {since}"
            hint = f"run `statique postmortem {record.id}`, or say with `no_postmortem: …` why there is none"
        line, column = record.marks["severity"]
        yield Problem(record.path, line, column, "R145", message, hint, warning=True)


def _owing(site: Site, recall: Recall = afresh) -> Iterator[tuple[Incident, datetime]]:
    """Yield the incidents that owe a postmortem, whether there is one or not, and when they ended."""
    return chain.from_iterable(recall(_owing_in, site.config, *lot) for lot in lots_of(site.entries))


def _owing_in(config: Config, *lot: Entry) -> tuple[tuple[Incident, datetime], ...]:
    owing = [entry.original for entry in lot if _owes(entry.original, config)]
    return tuple((record, done) for record in owing if (done := _end(record)) is not None)


def _owes(record: Incident, config: Config) -> bool:
    severity = config.severity(record.severity or "")
    return severity is not None and severity.postmortem and not record.draft and record.no_postmortem is None


def _end(record: Incident) -> datetime | None:
    """Return when an incident ended: the first of the ending updates that nothing followed."""
    ended = None
    for update in reversed(record.updates):
        if not update.phase.ends:
            break
        ended = update.at
    return ended
