"""What is to be told of an incident: its public record, the responders' own where there is one, and who is on call."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from generator.author import names
from generator.author.shelf import for_id, read
from generator.briefing import Known, Situation, situation
from generator.cli.terminal import note
from generator.errors import ContentError, Problem, UsageError
from generator.insight import known_from
from generator.record.folder import folder_sources
from generator.record.inside import folder_of, roster_of
from generator.record.internal import RECORDS, parse_internal
from generator.record.internal_model import InternalRecord
from generator.render.routes import Address
from generator.render.routes import record as page_of
from generator.reports import plain
from generator.terms import Dialect, Kind


def situation_of(root: Path, id: str, asked: Known, *, internal: Path | None, at: datetime) -> Situation:
    """Return the situation of an incident; what was asked for goes before what the records say.

    Raises UsageError for an id that nothing has, ContentError for a record that cannot be read.
    """
    shelf = read(root, for_id(names.named(id)), now=at)
    entry = names.find(shelf.site, id)
    if entry is None:
        broken = [problem for problem in shelf.found.errors if names.named(problem.path) == names.named(id)]
        raise ContentError(broken) if broken else names.unknown(id, shelf.originals())
    record, config = entry.original, shelf.site.config
    if record.kind is not Kind.INCIDENT:
        raise UsageError(f'"{record.id}" is maintenance; what is announced is an incident')
    roster, inside = roster_of(root, internal, now=at), _inside(folder_of(root, internal), record.id, config.markdown)
    for problem in roster.problems:
        note(plain(problem))
    known = known_from(inside, at) if inside else Known()
    url = Address(config.url, config.default, config.default).absolute(page_of(record.kind, record.id))
    return situation(
        shelf.site, record, url, _joined(asked, known), at=at, people=roster.people, oncall=roster.oncall
    )  # fmt: skip


def _joined(asked: Known, known: Known) -> Known:
    said = {name: value for name in asked.__struct_fields__ if (value := getattr(asked, name))}
    return msgspec.structs.replace(known, **said)


def _inside(folder: Path, id: str, dialect: Dialect) -> InternalRecord | None:
    """Return the responders' record of an incident; None where there is none, or after saying that it is broken."""
    problems: list[Problem] = []
    for path, data in folder_sources(folder / RECORDS, f"{folder.as_posix()}/{RECORDS}", problems):
        if names.named(path) == id:
            parsed = parse_internal((path, data), dialect)
            for problem in parsed.problems:
                note(plain(problem))
            return parsed.record
    return None
