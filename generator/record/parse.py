"""What one file of ``content/`` says: a pure function of its path and bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import msgspec

from generator.errors import Problem
from generator.hashing import key_of
from generator.record.messages import read_message
from generator.record.model import (
    Incident,
    Message,
    Page,
    Postmortem,
    PostmortemTranslation,
    Translation,
)
from generator.record.postmortem import read_postmortem, read_postmortem_translation
from generator.record.schema import read_incident, read_page, read_translation
from generator.record.sections import split
from generator.record.source import Report, decode
from generator.record.texts import renderer, text_problems
from generator.terms import Dialect, Kind

FOLDERS = {
    "incidents": Kind.INCIDENT, "maintenance": Kind.MAINTENANCE, "pages": None, "messages": None, "postmortems": None,
}  # fmt: skip
LIBRARY = "postmortems"
Record = Incident | Translation | Page | Message | Postmortem | PostmortemTranslation


class Parsed(msgspec.Struct, frozen=True):
    """What one file says, and what is wrong with it; a record of None could not be read at all."""

    record: Record | None
    problems: tuple[Problem, ...]


class Said(msgspec.Struct, frozen=True):
    """What the files of one lot say: the records that could be read, in the order of their files, and what is wrong."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


def together(*parsed: Parsed) -> Said:
    """Return what several files say as one."""
    return Said(
        tuple(one.record for one in parsed if one.record is not None),
        tuple(problem for one in parsed for problem in one.problems),
    )


Source = tuple[str, bytes]
"""A file's path in the site folder, with slashes, and its bytes."""
Parse = Callable[[Iterable[Source]], Iterable[Parsed]]


def parse_record(source: Source, examine: Callable[[Record], Iterator[Problem]] = text_problems) -> Parsed:
    """Return what a file of ``content/`` says; a pure function of its path and bytes.

    ``examine`` says what is wrong with the texts of a record.
    """
    path, data = source
    report = Report(path)
    folder, name = path.split("/")[1], path.rsplit("/", 1)[1]
    id, _, lang = name.removesuffix(".md").partition(".")
    text = decode(data, report)
    document = None if text is None else split(text, report, sections=folder != "pages", fields=folder != LIBRARY)
    record: Record | None = None
    if document is not None:
        kind = FOLDERS[folder]
        if folder == "messages":
            record = read_message(document, id, report)
        elif folder == LIBRARY and lang:
            record = read_postmortem_translation(document, id, lang, report)
        elif folder == LIBRARY:
            record = read_postmortem(document, id, report)
        elif kind is None:
            record = read_page(document, id, lang or None, report)
        elif lang:
            record = read_translation(document, kind, id, lang, report)
        else:
            record = read_incident(document, kind, id, report)
    problems = [*report.problems, *(examine(record) if record else ())]
    if isinstance(record, Incident | Translation | Postmortem | PostmortemTranslation):
        record = msgspec.structs.replace(record, made_of=key_of(record))
    return Parsed(record, tuple(problems))


def parser(dialect: Dialect) -> Callable[[Source], Parsed]:
    """Return ``parse_record`` for a site whose texts are in one dialect."""
    return partial(parse_record, examine=partial(text_problems, render=renderer(dialect)))


def parse_records(sources: Iterable[Source]) -> Iterable[Parsed]:
    """Return what each file says, in their order."""
    return map(parse_record, sources)
