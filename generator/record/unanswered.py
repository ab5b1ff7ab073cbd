"""The questions that a new file asks its author, and where one of them is published unanswered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.errors import Problem, shown
from generator.record.model import Postmortem, PostmortemTranslation, Site
from generator.terms import Chapter

UNANSWERED = "R146"

QUESTIONS: Mapping[Chapter, str] = {
    Chapter.SUMMARY: "In three sentences, for someone who was not there: what failed, for whom, and what ended it.",
    Chapter.IMPACT: "In numbers: how many people, requests or payments, and what they could not do.",
    Chapter.TIMELINE: "Add what the updates leave out: first signs, the alarm, decisions, what was tried in vain.",
    Chapter.ROOT_CAUSE: "What in the system made it possible? Ask why until you can change the answer.",
    Chapter.FACTORS: "What made it likelier, larger or longer: tests, limits, tools, how the change was released?",
    Chapter.WENT_WELL: "What helped, and should stay so?",
    Chapter.WENT_WRONG: "What was slow, unclear or missing? Name systems and roles, never people.",
    Chapter.LUCKY: "What could have made it worse, and did not by chance only?",
    Chapter.ACTIONS: "List them in the front matter, each with an owner and a day; say here what they add up to.",
    Chapter.LESSONS: "What should everyone who builds something similar know?",
}
"""What each section of a postmortem asks its author; whoever has answered deletes the question."""

ACTION = "What will be different afterwards"
"""The title of the action that a new postmortem shows."""

_BLANK = r"\*\[[^\]\n]+\]\*"
"""What a file leaves for its author to say: words in brackets, in italics."""
# Not compiled here: hardly any text has anything of it, and every command would wait for that.
_ASKED = "|".join((_BLANK, *map(re.escape, QUESTIONS.values())))
_TELLTALES = ("*[", *QUESTIONS.values())  # without which nothing is asked
_CODE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)|^(?: {4}|\t).*?$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def unanswered(site: Site) -> Iterator[Problem]:
    """Warn of published postmortems in which a question of the file's template stands."""
    for reviewed in site.postmortems:
        original = reviewed.original
        if not original.draft and UNANSWERED not in original.accept:
            yield from _of_postmortem(original)
            for translation in reviewed.translations.values():
                yield from _of_postmortem(translation)


def unanswered_pages(site: Site) -> Iterator[Problem]:
    """Warn of published pages in which such a question stands."""
    for page in site.pages:
        if not page.original.draft and UNANSWERED not in page.original.accept:
            for one in (page.original, *page.translations.values()):
                yield from _asked(one.path, one.body_line, one.body)


def _of_postmortem(record: Postmortem | PostmortemTranslation) -> Iterator[Problem]:
    for action in record.actions:
        title, mark = (action, record.marks["actions"]) if isinstance(action, str) else (action.title, action.mark)
        if title == ACTION:
            yield _problem(record.path, mark[0], mark[1], title)
    yield from _asked(record.path, record.lead_line, record.lead)
    for passage in record.passages:
        yield from _asked(record.path, passage.body_line, passage.body)


def _asked(path: str, line: int, text: str) -> Iterator[Problem]:
    if not any(telltale in text for telltale in _TELLTALES):
        return
    prose = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    for found in re.finditer(_ASKED, prose):
        column = found.start() - prose.rfind("\n", 0, found.start())
        yield _problem(path, line + prose.count("\n", 0, found.start()), column, found[0].strip("*[]"))


def _problem(path: str, line: int, column: int, question: str) -> Problem:
    message = f'published with a question that nobody has answered, "{shown(question)}"'
    hint = f"answer it and delete it, or let it stand by `accept: [{UNANSWERED}]`"
    return Problem(path, line, column, UNANSWERED, message, hint, warning=True)
