"""Rules over a whole site: each a function that yields what it finds wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from typing import Protocol

from generator.errors import Problem, shown
from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record import reviews, wording
from generator.record.fields import nearest, unparse_time
from generator.record.lots import lots_of
from generator.record.model import (
    Config,
    Entry,
    Group,
    Incident,
    Mark,
    PostmortemEntry,
    Site,
    Translation,
)
from generator.record.reviews import owed
from generator.record.unanswered import unanswered, unanswered_pages
from generator.render import routes
from generator.terms import Kind, Level, Phase

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = {Kind.INCIDENT: timedelta(days=366), Kind.MAINTENANCE: timedelta(days=3 * 366)}

_TOP = (1, 1)
# Names that a file system of Windows reserves: a site must be checked out and served there too.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})

# The API has a document of each month beside those of the records.
_MONTH = re.compile("[0-9]{4}-[0-9]{2}")

Rule = Callable[[Site], Iterator[Problem]]


class Sound(Protocol):
    """Remembers how many records were sound together, by a hash of them and of the settings."""

    def known(self, keys: Iterable[bytes], /) -> Mapping[bytes, int]:
        """Return what is remembered of some hashes."""
        ...

    def keep(self, key: bytes, result: int, /) -> object:
        """Remember a hash."""
        ...


def check(site: Site, now: datetime, sound: Sound | None = None, recall: Recall = afresh) -> list[Problem]:
    """Return everything that is wrong with a site as a whole, in no particular order.

    Records that were ``sound`` under the same settings are only looked at for what another record may make wrong.
    """
    return [
        *(problem for rule in RULES for problem in rule(site)),
        *each(site, sound, recall),
        *times(site, now, recall),
        *owed(site, now, recall),
    ]


def each(site: Site, sound: Sound | None, recall: Recall = afresh) -> Iterator[Problem]:
    """Find what is wrong with single records under the site's settings, by rules that look at one after another."""
    lots: list[tuple[Entry | PostmortemEntry, ...]] = [*lots_of(site.entries), *lots_of(site.postmortems)]
    if sound is None:
        yield from chain.from_iterable(recall(_faults, site.config, site.groups, *lot) for lot in lots)
        return
    settings = key_of(site.config, site.groups)
    keys = [key_of(settings, _made_of(lot)) for lot in lots]
    known = sound.known(keys)
    for key, lot in zip(keys, lots, strict=True):
        if key not in known:
            found = recall(_faults, site.config, site.groups, *lot)
            yield from found
            if not found:
                sound.keep(key, len(lot))


def _faults(config: Config, groups: tuple[Group, ...], *lot: Entry | PostmortemEntry) -> tuple[Problem, ...]:
    entries = tuple(one for one in lot if isinstance(one, Entry))
    postmortems = tuple(one for one in lot if isinstance(one, PostmortemEntry))
    site = Site(config, groups, entries, (), postmortems=postmortems)
    return tuple(problem for rule in EACH for problem in rule(site))


def _made_of(lot: Iterable[Entry | PostmortemEntry]) -> list[list[bytes]]:
    return [[one.original.made_of, *(words.made_of for words in one.translations.values())] for one in lot]


def _at(entry: Incident, mark: Mark, code: str, message: str, hint: str, *, warning: bool = False) -> Problem:
    return Problem(entry.path, mark[0], mark[1], code, message, hint, warning)


def components(site: Site) -> Iterator[Problem]:
    """Find components that nobody has defined."""
    known = site.components().keys()
    for entry in site.entries:
        original = entry.original
        places = [(original.components, original.marks)]
        places += [(update.components or {}, update.marks) for update in original.updates]
        for names, marks in places:
            for name in names.keys() - known:
                mark = marks[f"components.{name}"]
                yield _at(original, mark, "S104", f'unknown component "{shown(name)}"', nearest(name, known))


def severities(site: Site) -> Iterator[Problem]:
    """Find severities that are not in the matrix."""
    known = [severity.id for severity in site.config.severities]
    for entry in site.entries:
        name = entry.original.severity
        if name is not None and site.config.severity(name) is None:
            mark = entry.original.marks["severity"]
            hint = f"known are {', '.join(known)}"
            yield _at(entry.original, mark, "S105", f'unknown severity "{shown(name)}"', hint)


def order(site: Site) -> Iterator[Problem]:
    """Find updates that stand before an earlier one, or twice."""
    for entry in site.entries:
        for before, after in pairwise(entry.original.updates):
            if after.at < before.at:
                message = f"the update of {unparse_time(after.at)} stands below a later one"
                hint = f"the one above is of {unparse_time(before.at)}; updates stand oldest first"
                yield _at(entry.original, (after.line, 1), "R101", message, hint)
        seen: set[tuple[str, datetime]] = set()
        for update in entry.original.updates:
            key = (update.phase, update.at)
            if key in seen:
                message = f'"{update.phase} {unparse_time(update.at)}" stands twice'
                yield _at(entry.original, (update.line, 1), "R110", message, "correct the time of one of them")
            seen.add(key)


def starts(site: Site) -> Iterator[Problem]:
    """Find starts after the first word."""
    for original in (entry.original for entry in site.entries):
        if original.started and original.started > original.updates[0].at:
            message = f'"started" is after the first update of {unparse_time(original.updates[0].at)}'
            yield _at(original, original.marks["started"], "R115", message, "write when it began, or drop the line")


def times(site: Site, now: datetime, recall: Recall = afresh) -> Iterator[Problem]:
    """Find times that cannot be: long ago, far ahead, windows out of range."""
    for lot in lots_of(site.entries):
        first, last = recall(_span, *lot)
        if first < EARLIEST or last > now + min(AHEAD.values()):
            for entry in lot:
                yield from _out_of_range(entry.original, now + AHEAD[entry.original.kind])


def _out_of_range(original: Incident, latest: datetime) -> Iterator[Problem]:
    for mark, moment in _stamps(original):
        if not EARLIEST <= moment <= latest:
            message = f"{unparse_time(moment)} is out of range"
            hint = f"times lie between 1990 and {latest:%Y-%m-%d}"
            yield _at(original, mark, "S111", message, hint)


def _span(*lot: Entry) -> tuple[datetime, datetime]:
    moments = [update.at for entry in lot for update in entry.original.updates]
    moments += [entry.original.started for entry in lot if entry.original.started]
    moments += [moment for entry in lot for moment in entry.original.window or ()]
    return min(moments), max(moments)


def _stamps(original: Incident) -> Iterator[tuple[Mark, datetime]]:
    """Yield every time that a record tells, and where."""
    yield from (((update.line, 1), update.at) for update in original.updates)
    if original.started:
        yield original.marks["started"], original.started
    yield from ((original.marks["scheduled"], moment) for moment in original.window or ())


def translations(site: Site) -> Iterator[Problem]:
    """Find translated updates whose heading matches none of the original, or the same one twice."""
    for entry in site.entries:
        for translation in entry.translations.values():
            yield from _matches(entry, translation)


def _matches(entry: Entry, translation: Translation) -> Iterator[Problem]:
    headings = {(update.phase, update.at) for update in entry.original.updates}
    seen: set[tuple[Phase, datetime]] = set()
    for update in translation.updates:
        heading = (update.phase, update.at)
        if heading not in headings:
            message = f'heading "{_heading(*heading)}" matches no update of {entry.original.path}'
            hint = nearest(_heading(*heading), [_heading(*one) for one in headings])
            yield Problem(translation.path, update.line, 1, "R102", message, hint)
        elif heading in seen:
            message = f'heading "{_heading(*heading)}" stands twice'
            yield Problem(translation.path, update.line, 1, "R110", message, "keep one of them")
        seen.add(heading)


def _heading(phase: Phase, at: datetime) -> str:
    return f"{phase} {unparse_time(at)}"


def names(site: Site) -> Iterator[Problem]:
    """Find aliases that are taken."""
    renamed = [entry.original for entry in site.entries if entry.original.aliases]
    owners = {entry.original.id: entry.original for entry in site.entries} if renamed else {}
    aliases: dict[str, Incident] = {}
    for original in renamed:
        for alias in original.aliases:
            other = owners.get(alias) or aliases.get(alias)
            if other is not None:
                message = f'alias "{alias}" is taken by {other.path}'
                mark = original.marks[f"aliases.{alias}"]
                yield _at(original, mark, "R106", message, "an old id leads to one page only")
            aliases.setdefault(alias, original)


def addresses(site: Site) -> Iterator[Problem]:
    """Find names in the settings and of pages whose address is taken: by the site itself, or a language."""
    reserved = {*routes.RESERVED, *site.config.languages}
    for page in (page.original for page in site.pages):
        if page.slug in reserved:
            message = f'"{page.slug}" is an address of the site itself'
            yield Problem(page.path, 1, 1, "F108", message, "rename the file")
        yield from _device(page.path, page.slug)
    for id in site.components():
        yield from _device("content/components.yml", id, site.catalogue_marks.get(id, _TOP))
    for severity in site.config.severities:
        yield from _device("content/site.yml", severity.id, site.config.marks.get("severities", _TOP))


def ids(site: Site) -> Iterator[Problem]:
    """Find ids of records whose address is taken, by a month or a device of some systems."""
    for original in (entry.original for entry in site.entries):
        if _MONTH.fullmatch(original.id):
            message = f'"{original.id}" is the address of a month'
            yield Problem(original.path, 1, 1, "F108", message, "rename the file, with the day and a word")
        yield from _device(original.path, original.id)
    for entry in site.postmortems:
        yield from _device(entry.original.path, entry.original.id)


def _device(path: str, id: str, mark: Mark = _TOP) -> Iterator[Problem]:
    if id in _DEVICES:
        yield Problem(path, *mark, "F108", f'"{id}" is a name that some systems reserve', "choose another")


def overlaps(site: Site) -> Iterator[Problem]:
    """Warn of two maintenance windows that share a component and a moment."""
    planned = [e.original for e in site.entries if e.original.window and not e.original.draft]
    planned = [m for m in planned if not m.updates[-1].phase.ends]
    planned.sort(key=lambda m: m.window or (EARLIEST, EARLIEST))
    for index, first in enumerate(planned):
        for second in planned[index + 1 :]:
            if first.window is None or second.window is None or second.window[0] >= first.window[1]:
                break
            shared = sorted(first.components.keys() & second.components.keys())
            if shared:
                message = f"overlaps {first.path} on {', '.join(shared)}"
                mark = second.marks["scheduled"]
                yield _at(second, mark, "R107", message, "move one of them, or merge the two", warning=True)


def calm(site: Site) -> Iterator[Problem]:
    """Warn of an open incident that affects nothing, which the site would show as all well."""
    for entry in site.entries:
        original = entry.original
        severity = site.config.severity(original.severity or "")
        if original.kind is not Kind.INCIDENT or original.updates[-1].phase.ends or severity is None:
            continue
        states = [state or severity.state for state in original.components.values()]
        if severity.state is not Level.OPERATIONAL and all(state is Level.OPERATIONAL for state in states):
            mark = original.marks["components"]
            hint = "name the components and their states"
            yield _at(original, mark, "R114", "an open incident that affects no component", hint, warning=True)


RULES: tuple[Rule, ...] = (
    names, addresses, wording.languages, wording.messages, overlaps, unanswered_pages,
    reviews.references, reviews.names,
)  # fmt: skip
EACH: tuple[Rule, ...] = (
    components, severities, order, starts, translations, ids, calm, unanswered, reviews.settings, reviews.translations,
)  # fmt: skip
