"""What of the library is not translated yet, or was translated before the original changed."""

from __future__ import annotations

from collections.abc import Iterator

from generator.author.gap import Gap, beside
from generator.record.ages import Ages, is_stale
from generator.record.model import PostmortemEntry, PostmortemTranslation


def postmortem_gaps(entry: PostmortemEntry, lang: str, ages: Ages) -> Iterator[Gap]:
    """Yield what a postmortem lacks in a language: all of it, a title, sections, actions, or a newer look."""
    original, translation = entry.original, entry.translations.get(lang)
    target = translation.path if translation else beside(original.path, lang)

    def gap(kind: str, line: int, text: str) -> Gap:
        return Gap(lang, kind, original.path, line, text, target, not original.draft)

    title_line = original.marks.get("title", (1, 1))[0]
    if translation is None:
        yield gap("postmortem", title_line, original.title)
        return
    if translation.title is None:
        yield gap("title", title_line, original.title)
    if is_stale(original, translation, ages):
        yield gap("revision", title_line, original.title)
    for line, text in _sections(entry, translation):
        yield gap("section", line, text)
    for action in original.actions[len(translation.actions) :]:
        yield gap("action", original.marks["actions"][0], action.title)


def _sections(entry: PostmortemEntry, translation: PostmortemTranslation) -> Iterator[tuple[int, str]]:
    """Yield line and heading of each section that a translation lacks."""
    original = entry.original
    known = {one.chapter for one in translation.passages if one.chapter and one.body}
    own = sum(one.chapter is None for one in translation.passages)
    if original.lead and not translation.lead:
        yield original.lead_line, "the text before the first section"
    for passage in original.passages:
        own -= passage.chapter is None
        if passage.body and (passage.chapter not in known if passage.chapter else own < 0):
            yield passage.line, passage.heading
