"""What the flags of the writing commands say, read against the site: each wrong word is refused by its flag."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from generator.author.words import Values
from generator.errors import ContentError, UsageError, shown
from generator.record.fields import ID, is_address, nearest
from generator.record.load import Survey
from generator.record.model import ANY, Message, Severity, Site
from generator.terms import PHASES, Kind, Level, Phase

States = dict[str, Level | None]


class Wish(msgspec.Struct, frozen=True):
    """The flags of ``new``, ``maintain`` and ``update`` as they were given."""

    title: str | None = None
    titles: tuple[str, ...] = ()
    severity: str | None = None
    components: tuple[str, ...] = ()
    status: str | None = None
    at: datetime | None = None
    started: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    upcoming: datetime | timedelta | None = None
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    message: str | None = None
    settings: tuple[str, ...] = ()
    text: str | None = None
    texts: tuple[str, ...] = ()
    edit: bool = False
    id: str | None = None
    draft: bool = False
    backfilled: bool = False
    reopen: bool = False

    def next_after(self, at: datetime) -> datetime | None:
        """Return when the next update is due."""
        return at + self.upcoming if isinstance(self.upcoming, timedelta) else self.upcoming


def severity(site: Site, name: str) -> Severity:
    """Return the severity with this id or alias."""
    found = site.config.severity(name)
    if found is None:
        ids = [one.id for one in site.config.severities]
        raise UsageError(f'--severity: there is no "{shown(name)}"; {nearest(name, ids)}')
    return found


def states(site: Site, given: Iterable[str]) -> States:
    """Return components with their states, from ``ID`` or ``ID=STATE``."""
    found: States = {}
    known = site.components()
    for word in given:
        id, sign, state = word.partition("=")
        if id not in known:
            raise UsageError(f'--component: there is no "{shown(id)}"; {nearest(id, known)}')
        if id in found:
            raise UsageError(f'--component: "{id}" is named twice')
        if sign and state not in list(Level):
            raise UsageError(f'--component: "{shown(state)}" is not a state; {nearest(state, list(Level))}')
        found[id] = Level(state) if sign else None
    return found


def phase(kind: Kind, name: str) -> Phase:
    """Return a status that records of this kind can have."""
    known = PHASES[kind]
    found = next((one for one in known if one == name.replace("-", "_")), None)
    if found is None:
        hint = f"{nearest(name, known)}" if name not in list(Phase) else f"known are {', '.join(known)}"
        raise UsageError(f'--status: {_a(kind)} cannot be "{shown(name)}"; {hint}')
    return found


def _a(kind: Kind) -> str:
    return "an incident" if kind is Kind.INCIDENT else "a maintenance"


def message(found: Survey, site: Site, kind: Kind, name: str) -> Message:
    """Return the ready-made update of this name; raise ContentError when its file has problems."""
    path = f"/{name}.md"
    wrong = [p for p in found.errors if p.path.startswith("content/messages/") and p.path.endswith(path)]
    if wrong:
        raise ContentError(wrong)
    one = next((one for one in site.messages if one.name == name), None)
    if one is None:
        names = [one.name for one in suitable(site, kind)]
        hint = nearest(name, names) or "content/messages has none"
        raise UsageError(f'--message: there is no "{shown(name)}"; {hint}')
    if one.phase not in PHASES[kind]:
        raise UsageError(f'--message: "{name}" says "{one.phase}", which {_a(kind)} cannot be')
    return one


def suitable(site: Site, kind: Kind) -> tuple[Message, ...]:
    """Return the ready-made updates for records of this kind."""
    default = site.config.default
    return tuple(one for one in site.messages if one.phase in PHASES[kind] and default in one.texts)


def by_language(site: Site, flag: str, given: Sequence[str]) -> dict[str, str]:
    """Return texts by language from ``LANG=TEXT``; the default language has a flag of its own."""
    found: dict[str, str] = {}
    languages = site.config.languages[1:]
    for word in given:
        lang, sign, text = word.partition("=")
        if not sign:
            raise UsageError(f'{flag}: "{shown(word)}" is not LANG=TEXT, such as fr=…')
        if lang not in languages:
            hint = nearest(lang, languages) or "it has only one"
            raise UsageError(f'{flag}: "{shown(lang)}" is not another language of this site; {hint}')
        if lang in found:
            raise UsageError(f'{flag}: "{lang}" is given twice')
        found[lang] = text
    return found


def values(site: Site, given: Sequence[str]) -> Values:
    """Return placeholders with their values by language, from ``NAME=VALUE`` or ``NAME.LANG=VALUE``."""
    found: dict[str, dict[str, str]] = {}
    for word in given:
        key, sign, value = word.partition("=")
        name, dot, lang = key.partition(".")
        if not sign or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise UsageError(f'--set: "{shown(word)}" is not NAME=VALUE, such as service=Login')
        if dot and lang not in site.config.languages:
            hint = nearest(lang, site.config.languages)
            raise UsageError(f'--set: "{shown(lang)}" is not a language of this site; {hint}')
        found.setdefault(name, {})[lang if dot else ANY] = value
    return found


def tags(given: Sequence[str]) -> tuple[str, ...]:
    """Return tags, each once."""
    for tag in given:
        if not ID.match(tag):
            raise UsageError(f'--tag: "{shown(tag)}" is not an id; use a-z, 0-9 and - between them')
    return tuple(dict.fromkeys(given))


def links(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return labels and addresses, from ``LABEL=ADDRESS``."""
    found = []
    for word in given:
        label, sign, url = re.sub(r"=(?=https?://)", "\0", word, count=1).partition("\0")
        if not sign or not label.strip() or not is_address(url):
            raise UsageError(f'--link: "{shown(word)}" is not LABEL=ADDRESS, such as "Release notes=https://…"')
        found.append((" ".join(label.split()), url))
    return tuple(found)


def one_line(flag: str, text: str, limit: int) -> str:
    """Return a title without needless blanks."""
    line = " ".join(text.split())
    if not line or len(line) > limit:
        raise UsageError(f"{flag}: {'is empty' if not line else f'has {len(line)} characters, more than {limit}'}")
    return line


def needed(missing: Mapping[str, bool]) -> None:
    """Raise UsageError that names every flag that is missing; ``missing`` maps flags to whether they are."""
    flags = [flag for flag, lacks in missing.items() if lacks]
    if flags:
        raise UsageError(f"missing: {', '.join(flags)}")
