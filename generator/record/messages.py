"""Ready-made updates: their sections by language, and the ``$placeholders`` in them."""

from __future__ import annotations

from string import Template

from generator.errors import shown
from generator.record.fields import LANGUAGE, Fields
from generator.record.model import Message
from generator.record.sections import Document, Section
from generator.record.source import Mark, Report
from generator.terms import Phase


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of the placeholders in a text, each once."""
    return tuple(Template(text).get_identifiers())


def read_message(document: Document, name: str, report: Report) -> Message | None:
    """Return a ready-made update, or None after noting that it has no status."""
    fields = Fields(document.front, report)
    phase = fields.choice("status", Phase, "S106", required=True)
    title = fields.words("title")
    fields.accepted()
    fields.close()
    marks = dict(fields.marks)
    for lang, words in title.by_language.items() if title else ():
        _check_placeholders(words, marks[f"title.{lang}" if lang else "title"], report)
    if document.lead:
        report.add("S117", (document.lead_line, 1), "text before the first language", "put it under `## en`, `## fr` …")
    texts: dict[str, str] = {}
    for section in document.sections:
        _read_section(section, texts, marks, report)
    return None if phase is None else Message(name, report.path, phase, texts, title, marks)


def _read_section(section: Section, texts: dict[str, str], marks: dict[str, Mark], report: Report) -> None:
    lang, mark = section.heading, (section.line, 4)
    if section.fields.entries:
        report.add("S101", section.fields.mark, "a ready-made text has no fields", "put a blank line under the heading")
    if not LANGUAGE.match(lang):
        report.add("S107", mark, f'"{shown(lang)}" is not a language', "write `## en`, `## fr` …")
    elif lang in texts:
        message = f'the language "{lang}" stands twice'
        report.add("S131", mark, message, f"the first is on line {marks[lang][0]}; keep one of the two")
    else:
        texts[lang], marks[lang] = section.body, mark
        marks[f"text.{lang}"] = (section.body_line, 1)
        if not section.body:
            report.add("S133", mark, f'the text in "{lang}" is empty', "write it, or delete the heading")
        for number, line in enumerate(section.body.split("\n")):
            _check_placeholders(line, (section.body_line + number, 1), report)


def _check_placeholders(text: str, mark: Mark, report: Report) -> None:
    """Note each dollar sign that begins no placeholder; columns count from that of ``mark``."""
    for match in Template.pattern.finditer(text):
        if match["invalid"] is not None:
            at = (mark[0], mark[1] + match.start())
            sign = shown(text[match.start() :].split(maxsplit=1)[0])
            report.add("S132", at, f'"{sign}" is not a placeholder', "write $name, or $$ for a dollar sign")
