"""The words of an update: an author's text as a file will hold it, and ready-made texts filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import Template

import msgspec
from babel import Locale, UnknownLocaleError
from babel.lists import format_list

from generator.errors import UsageError, shown
from generator.record.messages import placeholders
from generator.record.model import ANY, Message, Site
from generator.record.sections import split
from generator.record.source import Report

SERVICE = "service"
"""The placeholder that means the affected components, by their names in each language, unless it is set."""

Values = Mapping[str, Mapping[str, str]]
"""Placeholders with their values by language; the language ``ANY`` stands for all that are not named."""


class Filled(msgspec.Struct, frozen=True):
    """What a ready-made update says, by language."""

    texts: Mapping[str, str]
    titles: Mapping[str, str]


def tidy(text: str) -> str:
    """Return a text as it will be read back: line feeds, no blank lines around it; raise UsageError if it cannot be."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError("the text is not UTF-8") from None
    lines = re.sub(r"\A(?:[ \t]*\n)+", "", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip()
    if not lines:
        raise UsageError("the text is empty")
    found = split(f"---\n---\n{lines}", Report(""), sections=True)
    if found and found.sections:
        first = found.sections[0]
        message = f'line {first.line - 2} of the text, "## {shown(first.heading)}", would open another update'
        raise UsageError(f"{message}; begin headings in a text with ###")
    return lines


def named(site: Site, components: Iterable[str], lang: str) -> str:
    """Return the names of components in one language, joined as that language does."""
    known, default = site.components(), site.config.default
    names = [known[id].name.resolve(lang, default)[0] for id in components if id in known]
    try:
        return format_list(names, locale=Locale.parse(lang, sep="-"))
    except (UnknownLocaleError, ValueError):
        return ", ".join(names)


def wanted(message: Message) -> tuple[str, ...]:
    """Return the placeholders of a ready-made update, in order, each once."""
    texts = [*message.texts.values(), *(message.title.by_language.values() if message.title else ())]
    return tuple(dict.fromkeys(name for text in texts for name in placeholders(text)))


def fill(message: Message, values: Values, *, site: Site, components: Iterable[str]) -> Filled:
    """Return a ready-made update with its placeholders filled in, in every language of the site that it has.

    Raises UsageError that lists the placeholders without a value, or the values without a placeholder.
    """
    known, affected = wanted(message), tuple(components)
    _refuse_unknown(message, values, known)
    titles = message.title.by_language if message.title else {}
    missing: dict[str, None] = {}
    texts: dict[str, str] = {}
    filled: dict[str, str] = {}
    for lang in site.config.languages:
        given = {name: found for name in known if (found := _value(values, name, lang)) is not None}
        if affected:
            given.setdefault(SERVICE, named(site, affected, lang))
        title = titles.get(lang, titles.get(ANY))
        for text, into in ((message.texts.get(lang), texts), (title, filled)):
            if text is not None:
                missing |= dict.fromkeys(name for name in placeholders(text) if name not in given)
                into[lang] = Template(text).safe_substitute(given)
    if missing:
        hint = " ".join(f"--set {name}=…" for name in missing)
        names = ", ".join(f"${name}" for name in missing)
        raise UsageError(f'the message "{message.name}" needs a value for {names}; add {hint}')
    return Filled(texts, filled)


def _value(values: Values, name: str, lang: str) -> str | None:
    found = values.get(name, {})
    return found.get(lang, found.get(ANY))


def _refuse_unknown(message: Message, values: Values, known: tuple[str, ...]) -> None:
    unknown = [f"${shown(name)}" for name in values if name not in known]
    if unknown:
        has = f"it has {', '.join(f'${name}' for name in known)}" if known else "it has none"
        raise UsageError(f'the message "{message.name}" has no placeholder {", ".join(unknown)}; {has}')
