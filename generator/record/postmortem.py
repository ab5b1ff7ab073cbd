"""Nodes to postmortems and their translations: strict, all problems at once, each with line and column."""

from __future__ import annotations

from generator.errors import shown
from generator.record.chapters import chapter_of
from generator.record.fields import TITLE_LIMIT, Fields
from generator.record.model import MARKS, PASSAGES, Action, Mark, Passage, Postmortem, PostmortemTranslation
from generator.record.nodes import Node, Scalar
from generator.record.schema import BODY_LIMIT, INTERNAL_KEYS
from generator.record.sections import Document
from generator.record.source import Report
from generator.terms import Chapter, Effort, Progress

SECTION_LIMIT = 60
ACTION_LIMIT = 100
WORD_LIMIT = 60

_PUBLIC = INTERNAL_KEYS - {"actions", "owner"}


def read_postmortem(document: Document, id: str, report: Report) -> Postmortem | None:
    """Return the postmortem that a file holds, or None after noting what makes that impossible."""
    fields = Fields(document.front, report)
    title, incident = fields.text("title", required=True), fields.identity("incident")
    published, severity = fields.day_or_moment("published"), fields.text("severity")
    minutes, components = fields.minutes("duration"), fields.identities("components", limit=100)
    tags, actions = fields.identities("tags"), _actions(fields)
    aliases, links, draft = fields.identities("aliases"), fields.references("links"), fields.flag("draft")
    accept = fields.accepted()
    fields.close(_PUBLIC, f"content/internal/incidents/{incident or id}.md")
    passages = _passages(document, report)
    if title is None:
        return None
    if not passages and not document.lead:
        hint = "add a heading like `## summary` and a text"
        report.add("S140", (document.lead_line, 1), "the postmortem has no text", hint)
    return Postmortem(
        id, report.path, title, PASSAGES.fold(passages), document.lead, document.lead_line, incident, published,
        severity, minutes, components, tags, actions, aliases, links, draft, MARKS.fold(fields.marks), accept,
    )  # fmt: skip


def read_postmortem_translation(document: Document, id: str, lang: str, report: Report) -> PostmortemTranslation:
    """Return a postmortem's words in another language."""
    fields = Fields(document.front, report)
    title, translated = fields.text("title"), fields.day("translated")
    actions = fields.many("actions", lambda item: _action_title(item, fields), limit=ACTION_LIMIT, wanted="titles")
    fields.close(_PUBLIC, f"content/internal/incidents/{id}.md")
    folded = PASSAGES.fold(_passages(document, report))
    return PostmortemTranslation(
        id,
        lang,
        report.path,
        title,
        folded,
        document.lead,
        document.lead_line,
        actions,
        translated,
        MARKS.fold(fields.marks),
    )


def _action_title(item: Node, fields: Fields) -> str | None:
    if isinstance(item, Scalar) and 0 < len(item.text) <= TITLE_LIMIT:
        return " ".join(item.text.split())
    hint = "write the translated titles, in the order of the original's actions"
    fields.report.add("S103", item.mark, '"actions" of a translation must be a list of titles', hint)
    return None


def _actions(fields: Fields) -> tuple[Action, ...]:
    def read(item: Node) -> Action | None:
        inner = fields.inner(item, "an action with a title")
        return None if inner is None else _action(inner)

    return fields.many("actions", read, limit=ACTION_LIMIT, wanted="actions")


def _action(fields: Fields) -> Action | None:
    title = fields.text("title", required=True)
    owner, priority = fields.text("owner", limit=WORD_LIMIT), fields.text("priority", limit=WORD_LIMIT)
    due = fields.day("due")
    effort = fields.choice("type", Effort)
    progress = fields.choice("status", Progress) or Progress.OPEN
    fields.close()
    return None if title is None else Action(title, owner, priority, due, effort, progress, fields.mark)


def _passages(document: Document, report: Report) -> tuple[Passage, ...]:
    """Return the sections in their order; note known ones that stand twice, and what is too much."""
    if len(document.sections) > SECTION_LIMIT:
        mark = (document.sections[SECTION_LIMIT].line, 1)
        report.add(
            "S118", mark, f"more than {SECTION_LIMIT} sections", "make some of them headings that begin with ###"
        )
        return ()
    seen: dict[Chapter, int] = {}
    found = []
    for section in document.sections:
        heading = " ".join(section.heading.split())
        chapter = chapter_of(heading)
        _check(heading, section.body, (section.line, 1), report)
        if chapter is not None and chapter in seen:
            message, hint = f'section "{chapter}" stands twice', f"the first is on line {seen[chapter]}; merge the two"
            report.add("R140", (section.line, 1), message, hint)
        if chapter is not None:
            seen.setdefault(chapter, section.line)
        found.append(Passage(heading, chapter, section.body, section.line, section.body_line))
    return tuple(found)


def _check(heading: str, body: str, mark: Mark, report: Report) -> None:
    if not heading or len(heading) > TITLE_LIMIT:
        said = "is empty" if not heading else f"has {len(heading)} characters, more than {TITLE_LIMIT}"
        report.add("S113", mark, f"the heading {said}", "say it in a few words")
    size = len(body.encode("utf-8"))
    if size > BODY_LIMIT:
        message = f'section "{shown(heading)}" has {size} bytes, more than {BODY_LIMIT}'
        report.add("S118", mark, message, "shorten it")
