"""What a person at a terminal is asked for, and the texts that come by a pipe or from an editor."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import click

from generator.cli.terminal import note
from generator.errors import UsageError
from generator.record.model import Component, Message, Severity, Site
from generator.terms import Level

LIMIT = 1 << 20
T = TypeVar("T")

Option = tuple[str, str]
"""What can be chosen, and what it means."""


def at_terminal() -> bool:
    """Return whether there is someone who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def is_piped() -> bool:
    """Return whether a text may come by a pipe or from a file."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return not at_terminal()  # a stream of the program that called this one: it ends
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def standard_input() -> str | None:
    """Return all of the standard input as text, None where it is empty; raise UsageError where it is none."""
    stream = getattr(sys.stdin, "buffer", None)
    try:
        text = stream.read(LIMIT).decode("utf-8-sig") if stream else sys.stdin.read(LIMIT)
    except UnicodeDecodeError:
        raise UsageError("the standard input is not UTF-8") from None
    except OSError:
        return None
    return text if text.strip() else None


def edited(text: str) -> str:
    """Return what a person makes of a text in their editor; raise UsageError when it was not saved."""
    if not at_terminal():
        raise UsageError("an editor needs a terminal; give the text with --text")
    found = click.edit(text, extension=".md")
    if found is None or not found.strip():
        raise UsageError("the text was not saved in the editor; nothing was written")
    return found


def ask(question: str, read: Callable[[str], T]) -> T:
    """Return what ``read`` makes of an answer; ask again while it raises UsageError."""

    def convert(answer: str) -> T:
        try:
            return read(answer.strip())
        except UsageError as error:
            raise click.UsageError(str(error)) from None

    found: T = click.prompt(question, value_proc=convert, default="", show_default=False, err=True)
    return found


def ask_text(question: str) -> str:
    """Return an answer that is not empty."""
    return ask(question, lambda answer: answer or _again("write a few words"))


def choose(question: str, options: Sequence[Option], *, empty: str | None = None) -> str:
    """Return one of ``options`` by its number or name; an empty answer is ``empty`` where that is given."""
    _list(options)
    return ask(question, lambda answer: empty if not answer and empty is not None else _pick(answer, options))


def ask_components(site: Site, read: Callable[[Sequence[str]], T]) -> T:
    """Return what ``read`` makes of components as flags name them: ids, some with ``=STATE``."""
    options = [(id, one.name.resolve(site.config.default, site.config.default)[0]) for id, one in _current(site)]
    _list(options)
    note(f"  states: {', '.join(Level)}")

    def convert(answer: str) -> T:
        words = answer.replace(",", " ").split()
        if not words:
            _again("name at least one")
        pairs = [word.partition("=") for word in words]
        return read([f"{_pick(name, options)}{sign}{state}" for name, sign, state in pairs])

    return ask("Components (numbers or ids, =STATE where it is not the severity's)", convert)


def _current(site: Site) -> list[tuple[str, Component]]:
    return [(id, one) for id, one in site.components().items() if one.retired is None]


def severity_options(severities: Sequence[Severity], lang: str) -> list[Option]:
    """Return the severities with what they mean."""
    return [(s.id, f"{s.name.resolve(lang, lang)[0]}: {s.meaning.resolve(lang, lang)[0]}") for s in severities]


def message_options(messages: Sequence[Message], lang: str) -> list[Option]:
    """Return ready-made updates with the beginnings of their texts."""
    return [(one.name, f"{one.phase}: {_short(one.texts[lang])}") for one in messages]


def ask_values(message: Message, names: Sequence[str]) -> Mapping[str, str]:
    """Return an answer for each placeholder."""
    return {name: ask_text(f"${name} in the message {message.name}") for name in names}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:69]}…"


def _list(options: Sequence[Option]) -> None:
    width = max((len(name) for name, _ in options), default=0)
    for number, (name, meaning) in enumerate(options, 1):
        note(f"  {number:>2}  {name:<{width}}  {meaning}".rstrip())


def _pick(answer: str, options: Sequence[Option]) -> str:
    names = [name for name, _ in options]
    if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(names) and answer not in names:
        return names[int(answer) - 1]
    return answer if answer in names else _again(f"choose a number from 1 to {len(names)}, or write a name")


def _again(message: str) -> str:
    raise UsageError(message)
