"""Rules over what the settings and the ready-made updates say, and in which languages."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.record.fields import nearest
from generator.record.messages import placeholders
from generator.record.model import ANY, Mark, Message, Site, Words


def languages(site: Site) -> Iterator[Problem]:
    """Find texts of the settings in languages that the site does not have, or without the default one."""
    config = site.config
    for path, marks, field, words in _settings_words(site):
        line, column = marks[field]
        for lang in sorted(words.by_language.keys() - {ANY, *config.languages}):
            line, column = marks.get(f"{field}.{lang}", marks[field])
            message = f'"{lang}" is not a language of this site'
            yield Problem(path, line, column, "S107", message, nearest(lang, config.languages))
        if ANY not in words.by_language and config.default not in words.by_language:
            message = f"a text is missing in the default language, {config.default}"
            yield Problem(path, line, column, "S102", message, f"add `{config.default}: …`")


def _settings_words(site: Site) -> Iterator[tuple[str, dict[str, Mark], str, Words]]:
    """Yield each text of the settings with its file, the places there, and the name of its own place.

    What the program ships stands at no place, and is left out.
    """
    config, marks = site.config, site.config.marks
    found = [("name", config.name), ("description", config.description)]
    found += [("links", link.label) for link in config.links]
    found += [("severities", words) for one in config.severities for words in (one.name, one.meaning)]
    for field, words in found:
        if words is not None and field in marks:
            yield "content/site.yml", marks, field, words
    for group in site.groups:
        texts = [(f"groups.{group.id}", group.name), (f"groups.{group.id}", group.description)]
        texts += [(one.id, words) for one in group.components for words in (one.name, one.description)]
        for key, words in texts:
            if words is not None:
                yield "content/components.yml", site.catalogue_marks, key, words


def messages(site: Site) -> Iterator[Problem]:
    """Find ready-made texts in foreign languages, without the default one, or asking for what that does not name."""
    config = site.config
    for message in site.messages:
        titles = message.title.by_language if message.title else {}
        places = [(lang, message.marks[lang]) for lang in message.texts]
        places += [(lang, message.marks[f"title.{lang}"]) for lang in titles if lang != ANY]
        for lang, (line, column) in places:
            if lang not in config.languages:
                text = f'"{lang}" is not a language of this site'
                yield Problem(message.path, line, column, "S107", text, nearest(lang, config.languages))
        if config.default not in message.texts:
            text = f"a text is missing in the default language, {config.default}"
            yield Problem(message.path, 1, 1, "S102", text, f"add a heading `## {config.default}`")
        else:
            yield from _strange_placeholders(message, config.default)


def _strange_placeholders(message: Message, default: str) -> Iterator[Problem]:
    """Yield the placeholders that a translation has and the default language has not: most are misspelt."""
    title = message.title.resolve(default, default)[0] if message.title else ""
    known = {*placeholders(message.texts[default]), *placeholders(title)}
    texts = [(message.marks[f"text.{lang}"], text) for lang, text in message.texts.items()]
    if message.title:
        titles = message.title.by_language
        texts += [(message.marks[f"title.{lang}" if lang else "title"], text) for lang, text in titles.items()]
    for (line, _), text in texts:
        for number, row in enumerate(text.split("\n")):
            for name in placeholders(row):
                if name not in known:
                    found = f'placeholder "${name}" is not in the default language, {default}'
                    yield Problem(message.path, line + number, 1, "R131", found, nearest(name, known) or "remove it")
