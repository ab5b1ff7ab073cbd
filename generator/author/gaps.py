"""What is not translated yet, language by language."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from generator.author.gap import Gap, beside
from generator.author.unread import postmortem_gaps
from generator.record.ages import Ages
from generator.record.fields import unparse_time
from generator.record.model import ANY, Entry, Mark, Message, PageEntry, Site, Words

SETTINGS = "content/site.yml"
CATALOGUE = "content/components.yml"


def gaps(site: Site, lang: str, ages: Ages = MappingProxyType({})) -> tuple[Gap, ...]:
    """Return what ``lang`` lacks: names first, then records from the newest, then the library, pages and messages.

    ``ages`` say when the library's files last changed, where that is known.
    """
    found = [*_names(site, lang)]
    for entry in sorted(site.entries, key=lambda entry: entry.original.begins, reverse=True):
        found += _record(entry, lang)
    for postmortem in site.postmortems:
        found += postmortem_gaps(postmortem, lang, ages)
    for page in site.pages:
        found += _page(page, lang)
    for message in site.messages:
        found += _message(message, lang)
    return tuple(found)


def _names(site: Site, lang: str) -> Iterator[Gap]:
    config, marks = site.config, site.catalogue_marks
    top: Mark = (1, 1)
    texts: list[tuple[str, Mark, str, Words | None]] = [
        (SETTINGS, config.marks.get("name", top), "the site's name", config.name),
        (SETTINGS, config.marks.get("description", top), "the site's description", config.description),
    ]
    # A site that settles no severities of its own has those of the program, and nothing to translate.
    for severity in config.severities if "severities" in config.marks else ():
        mark = config.marks["severities"]
        texts.append((SETTINGS, mark, f"the name of {severity.id}", severity.name))
        texts.append((SETTINGS, mark, f"the meaning of {severity.id}", severity.meaning))
    for group in site.groups:
        texts.append((CATALOGUE, top, f"the name of the group {group.id}", group.name))
        texts.append((CATALOGUE, top, f"the description of the group {group.id}", group.description))
        for component in group.components:
            mark = marks.get(component.id, top)
            texts.append((CATALOGUE, mark, f"the name of {component.id}", component.name))
            texts.append((CATALOGUE, mark, f"the description of {component.id}", component.description))
    for path, (line, _), text, words in texts:
        if words is not None and not words.by_language.keys() & {ANY, lang}:
            yield Gap(lang, "name", path, line, text, path, published=True)


def _record(entry: Entry, lang: str) -> Iterator[Gap]:
    original, translation = entry.original, entry.translations.get(lang)
    target = translation.path if translation else beside(original.path, lang)
    published = not original.draft
    if translation is None or translation.title is None:
        line = original.marks.get("title", (1, 1))[0]
        yield Gap(lang, "title", original.path, line, original.title, target, published)
    translated = {(update.phase, update.at) for update in translation.updates} if translation else set()
    for update in original.updates:
        if (update.phase, update.at) not in translated:
            text = f"{update.phase} {unparse_time(update.at)}"
            yield Gap(lang, "update", original.path, update.line, text, target, published)


def _page(page: PageEntry, lang: str) -> Iterator[Gap]:
    original = page.original
    if lang not in page.translations:
        target = beside(original.path, lang)
        yield Gap(lang, "page", original.path, 1, original.title, target, not original.draft)


def _message(message: Message, lang: str) -> Iterator[Gap]:
    titles = message.title.by_language if message.title else {}
    if lang not in message.texts:
        yield Gap(lang, "message", message.path, 1, message.name, message.path, published=False)
    elif titles and not titles.keys() & {ANY, lang}:
        text = f"the title of {message.name}"
        yield Gap(lang, "message", message.path, message.marks["title"][0], text, message.path, published=False)
