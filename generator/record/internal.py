"""Walk the internal folder and read each war-room record: for responders alone, and never in a public build."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import msgspec

from generator.errors import ContentError, Problem, shown
from generator.record.check import AHEAD, EARLIEST
from generator.record.fields import nearest, unparse_time
from generator.record.folder import CONTENT, folder_sources
from generator.record.internal_facts import read_facts
from generator.record.internal_model import InternalRecord
from generator.record.internal_sections import with_sections
from generator.record.load import INTERNAL, dialect_of
from generator.record.model import Site
from generator.record.parse import Source
from generator.record.sections import split
from generator.record.source import Report, decode
from generator.render.text import faults
from generator.terms import Dialect, Kind

RECORDS = "incidents"


class ParsedInternal(msgspec.Struct, frozen=True):
    """What one internal file says, and what is wrong with it; a record of None could not be read at all."""

    record: InternalRecord | None
    problems: tuple[Problem, ...]


class InternalSurvey(msgspec.Struct, frozen=True):
    """Every war-room record in order of its id, and all that is wrong with them."""

    records: tuple[InternalRecord, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stop an internal build."""
        return tuple(problem for problem in self.problems if not problem.warning)


def load_internal(
    root: Path, site: Site, internal_dir: Path | None = None, *, now: datetime
) -> tuple[InternalRecord, ...]:
    """Return the war-room records of a site; raise ContentError with every problem otherwise.

    They lie in ``content/internal`` unless ``internal_dir`` names another folder.
    """
    found = survey_internal(root, site, internal_dir, now=now)
    if found.errors:
        raise ContentError(found.problems)
    return found.records


def survey_internal(
    root: Path, site: Site | None, internal_dir: Path | None = None, *, now: datetime
) -> InternalSurvey:
    """Return the war-room records and everything that is wrong with them, sorted by place.

    Without a ``site``, what they say of it cannot be compared and is not.
    """
    folder = internal_dir or root / CONTENT / INTERNAL
    path = internal_dir.as_posix() if internal_dir else f"{CONTENT}/{INTERNAL}"
    dialect = site.config.markdown if site else dialect_of(root)
    problems: list[Problem] = []
    records: dict[str, InternalRecord] = {}
    for source in folder_sources(folder / RECORDS, f"{path}/{RECORDS}", problems):
        parsed = parse_internal(source, dialect)
        problems += parsed.problems
        if parsed.record is None:
            continue
        if parsed.record.id in records:
            message = f'the record of "{parsed.record.id}" is in {records[parsed.record.id].path} already'
            problems.append(Problem(parsed.record.path, 1, 1, "R103", message, "join the two files"))
        else:
            records[parsed.record.id] = parsed.record
    ordered = tuple(records[id] for id in sorted(records))
    incidents = _incidents(site) if site else {}
    for record in ordered:
        problems += _check(record, site, incidents, now)
    return InternalSurvey(ordered, tuple(sorted(problems)))


def parse_internal(source: Source, dialect: Dialect = Dialect.MARKDOWN) -> ParsedInternal:
    """Return what an internal file says; a pure function of its path and bytes, and of the dialect of its texts."""
    path, data = source
    report = Report(path)
    text = decode(data, report)
    document = None if text is None else split(text, report, sections=True)
    if document is None:
        return ParsedInternal(None, tuple(report.problems))
    id = path.rsplit("/", 1)[1].removesuffix(".md")
    record = with_sections(read_facts(document, id, report), document, report)
    return ParsedInternal(record, (*report.problems, *_text_problems(record, dialect)))


def texts(record: InternalRecord) -> Iterator[tuple[str, int]]:
    """Yield each of a record's Markdown texts and the line that it begins at."""
    prose = (record.summary, record.root_cause, *record.factors, *record.mitigation)
    for one in (*prose, record.permanent_fix, record.workaround, record.notes):
        if one is not None:
            yield one.text, one.line
    for entries in (record.timeline, record.communications, record.chat, record.actions):
        yield from ((entry.text, entry.text_line) for entry in entries)


def _text_problems(record: InternalRecord, dialect: Dialect) -> Iterator[Problem]:
    """Yield what keeps a text out of a page; what a page shows otherwise than it was meant is left to those who see."""
    for text, line in texts(record):
        for fault in faults(text, dialect):
            if not fault.warning:
                yield Problem(record.path, line + fault.line - 1, 1, fault.code, fault.message, fault.hint)


def _incidents(site: Site) -> dict[str, None]:
    """Return the ids of the public incidents, in their order."""
    return {entry.original.id: None for entry in site.entries if entry.original.kind is Kind.INCIDENT}


def _check(record: InternalRecord, site: Site | None, incidents: Collection[str], now: datetime) -> Iterator[Problem]:
    yield from _order(record)
    yield from _range(record, now)
    if site is not None:
        yield from _of_the_site(record, site, incidents)


def _of_the_site(record: InternalRecord, site: Site, incidents: Collection[str]) -> Iterator[Problem]:
    if record.id not in incidents:
        message = f'there is no public incident "{shown(record.id)}"'
        hint = nearest(record.id, [*incidents][-200:]) if incidents else "write the public incident first"
        yield Problem(record.path, 1, 1, "R161", message, hint)
    if record.severity is not None and site.config.severity(record.severity) is None:
        line, column = record.marks["severity"]
        hint = f"known are {', '.join(one.id for one in site.config.severities)}"
        yield Problem(record.path, line, column, "S105", f'unknown severity "{shown(record.severity)}"', hint)


_COURSE = ("started", "declared", "mitigated", "resolved")


def _order(record: InternalRecord) -> Iterator[Problem]:
    """Find moments that come before what must have gone before them."""
    known = [(name, moment) for name in _COURSE if (moment := getattr(record, name)) is not None]
    for (before, earlier), (after, later) in pairwise(known):
        if later < earlier:
            line, column = record.marks[after]
            message = f'"{after}" is before "{before}", {unparse_time(earlier)}'
            yield Problem(record.path, line, column, "R162", message, "correct one of the two")


def _range(record: InternalRecord, now: datetime) -> Iterator[Problem]:
    latest = now + AHEAD[Kind.INCIDENT]
    named = ((name, getattr(record, name)) for name in (*_COURSE, "acknowledged", "postmortem_at"))
    stamps = [(record.marks[name], moment) for name, moment in named if moment is not None]
    for entries in (record.timeline, record.communications, record.chat):
        stamps += [((entry.line, 1), entry.at) for entry in entries]
    for (line, column), moment in stamps:
        if not EARLIEST <= moment <= latest:
            message, hint = f"{unparse_time(moment)} is out of range", f"times lie between 1990 and {latest:%Y-%m-%d}"
            yield Problem(record.path, line, column, "S111", message, hint)
