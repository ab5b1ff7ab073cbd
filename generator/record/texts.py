"""What is wrong with a record's texts, each at its line of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from generator.errors import Problem
from generator.record.model import Incident, Message, Page, Postmortem, PostmortemTranslation, Translation
from generator.render.rendered import Rendered
from generator.terms import Dialect

Record = Incident | Translation | Page | Message | Postmortem | PostmortemTranslation
Render = Callable[[str], Rendered]


def renderer(dialect: Dialect) -> Render:
    """Return the function of ``generator.render.text`` for texts in one dialect."""
    return partial(_rendered, dialect=dialect)


def _rendered(source: str, dialect: Dialect = Dialect.MARKDOWN) -> Rendered:
    from generator.render.text import render  # noqa: PLC0415 most texts are remembered, and need no parser

    return render(source, dialect)


def text_problems(record: Record, *, render: Render = _rendered) -> Iterator[Problem]:
    """Yield what is wrong with a record's texts, each at its line of the file.

    ``render`` is the function of ``generator.render.text``, or one that remembers what that returned.
    """
    for body, line in _texts(record):
        for fault in render(body).faults:
            at = line + fault.line - 1
            yield Problem(record.path, at, 1, fault.code, fault.message, fault.hint, fault.warning)


def _texts(record: Record) -> Iterator[tuple[str, int]]:
    if isinstance(record, Page):
        yield record.body, record.body_line
    elif isinstance(record, Message):
        yield from ((text, record.marks[f"text.{lang}"][0]) for lang, text in record.texts.items())
    elif isinstance(record, Postmortem | PostmortemTranslation):
        yield record.lead, record.lead_line
        yield from ((passage.body, passage.body_line) for passage in record.passages)
    else:
        yield from ((update.body, update.body_line) for update in record.updates)
