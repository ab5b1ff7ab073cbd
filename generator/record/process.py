"""What a team has promised itself: the next word in time, and actions with an owner and a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from generator.errors import Problem, shown
from generator.record.fields import unparse_time
from generator.record.model import Fact, Incident, Mark, Site
from generator.terms import Kind, Progress

OVERDUE, UNOWNED, LATE = "P201", "P202", "P203"


class Owed(Fact, frozen=True):
    """An action as a record holds it: what, who, until when, and where it stands."""

    title: str
    owner: str | None
    due: date | None
    done: bool
    path: str
    mark: Mark
    accept: tuple[str, ...] = ()


def due(record: Incident, cadence: int | None) -> datetime | None:
    """Return when the next word of an open incident is due: as promised, else by the severity's minutes."""
    last = record.updates[-1]
    if last.phase.ends:
        return None
    if last.next is not None:
        return last.next
    return None if cadence is None else last.at + timedelta(minutes=cadence)


def overdue(site: Site, now: datetime) -> Iterator[Problem]:
    """Warn of open incidents whose readers have waited for the next word longer than they were told."""
    for record in (entry.original for entry in site.entries):
        severity = site.config.severity(record.severity or "")
        if record.kind is not Kind.INCIDENT or record.draft or OVERDUE in record.accept:
            continue
        promised, last = due(record, severity.update if severity else None), record.updates[-1]
        if promised is not None and promised < now:
            line, column = last.marks.get("next", (last.line, 1))
            why = "its `next`" if last.next is not None else f'the pace of "{severity.id if severity else ""}"'
            message = f"an update was due by {unparse_time(promised)}, by {why}"
            hint = f"`statique update {record.id}`, if only to say when the next word comes"
            yield Problem(record.path, line, column, OVERDUE, message, hint, warning=True)


def promised(site: Site) -> Iterator[Owed]:
    """Yield the actions of the published postmortems, as the team owes them."""
    for record in (entry.original for entry in site.postmortems):
        for one in () if record.draft else record.actions:
            done = one.progress is Progress.DONE
            yield Owed(one.title, one.owner, one.due, done, record.path, one.mark, record.accept)


def actions(found: Iterable[Owed], today: date) -> Iterator[Problem]:
    """Warn of actions that are not done and that nobody owns, or whose day is past."""
    for one in found:
        if one.done:
            continue
        if not (one.owner or "").strip() and UNOWNED not in one.accept:
            message = f'nobody owns the action "{shown(one.title)}"'
            yield Problem(one.path, *one.mark, UNOWNED, message, "name who sees to it", warning=True)
        if one.due is not None and one.due < today and LATE not in one.accept:
            message = f'the action "{shown(one.title)}" was due on {one.due}'
            hint = "do it, drop it, or agree on another day"
            yield Problem(one.path, *one.mark, LATE, message, hint, warning=True)
