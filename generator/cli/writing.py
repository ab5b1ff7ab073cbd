"""From flags and answers to files: what ``new``, ``maintain`` and ``update`` have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from generator.author import compose, names
from generator.author.changes import Change, examine, write
from generator.author.form import NewRecord, NewUpdate
from generator.author.shelf import Shelf, everything, for_id, for_new, read
from generator.author.words import SERVICE, fill, tidy, wanted
from generator.cli import asking, wish
from generator.cli.options import Moment, clock
from generator.cli.result import tell
from generator.cli.terminal import note
from generator.cli.wish import States, Wish
from generator.errors import ContentError, StatiqueError, UsageError
from generator.record.fields import TITLE_LIMIT
from generator.record.load import Survey
from generator.record.model import Entry, Incident, Message, Site
from generator.reports import plain
from generator.terms import PHASES, Kind, Phase


class Said(msgspec.Struct, frozen=True):
    """The words of an update by language, and the titles that came with them."""

    texts: Mapping[str, str]
    titles: Mapping[str, str]
    typed: bool = False


def open_record(root: Path, kind: Kind, asked: Wish) -> None:
    """Write a new record, and print what comes next."""
    now = clock(None)
    shelf = read(root, for_new(kind), now=now)
    site = shelf.site
    message = wish.message(shelf.found, site, kind, asked.message) if asked.message else None
    _refuse_missing(kind, asked, message)
    asked = _with_piped(asked)
    titles = _given_titles(site, asked)
    if asked.title is None and not (message and message.title):
        titles[site.config.default] = asking.ask_text("Title (what does not work, as readers notice it)")
    severity = _severity(site, asked) if kind is Kind.INCIDENT else None
    window = _window(asked) if kind is Kind.MAINTENANCE else None
    states = _states(site, asked)
    if _lacks_text(asked):
        message = _chosen_message(site, kind, None)
    phase = _phase(kind, asked, message) or PHASES[kind][0]
    said = _said(site, asked, message, tuple(states))
    titles = {**said.titles, **titles}
    titles = {lang: wish.one_line(f"the title in {lang}", text, TITLE_LIMIT) for lang, text in titles.items()}
    title = titles[site.config.default]
    at = asked.at or now.replace(second=0, microsecond=0)
    with _kept(said, site):
        record = NewRecord(
            kind, _id(shelf, kind, asked, title, window[0] if window else at), titles, states,
            NewUpdate(phase, at, said.texts, next=asked.next_after(at)), severity, window, asked.started,
            wish.tags(asked.tags), wish.links(asked.links), asked.draft, asked.backfilled,
        )  # fmt: skip
        newest = next(reversed(shelf.originals(kind).values()), None)
        changes = compose.opening(site, record, newest=newest)
        _write(root, shelf.found, changes, now)
    tell(root, site, kind, record.id, title, record.first, changes, draft=asked.draft)


def add_update(root: Path, asked: Wish) -> None:
    """Write the next update of a record, and print what comes next."""
    now = clock(None)
    shelf, entry = _entry(root, asked, now)
    site, record = shelf.site, compose.present(root, entry)
    kind = record.kind
    message = wish.message(shelf.found, site, kind, asked.message) if asked.message else None
    if not asking.at_terminal():
        wish.needed({"--status": not (asked.status or message), _TEXT: _lacks_text(asked) and not asking.is_piped()})
    asked = _with_piped(asked)
    phase = _phase(kind, asked, message)
    compose.refuse_ended(record, phase or PHASES[kind][0], reopen=asked.reopen)
    phase = phase or _asked_phase(kind, record)
    states = wish.states(site, asked.components)
    if _lacks_text(asked):
        message = _chosen_message(site, kind, phase)
    said = _said(site, asked, message, tuple(states or record.components))
    # A title belongs to a record: from a message it is taken when the record is opened, and never later.
    titles = {lang: text for lang, text in _given_titles(site, asked).items() if lang != site.config.default}
    with _kept(said, site):
        record = compose.present(root, entry)
        compose.refuse_ended(record, phase, reopen=asked.reopen)
        at = compose.moment(record, phase, asked.at, now=now)
        following = NewUpdate(phase, at, said.texts, states, asked.next_after(at))
        changes = tuple(compose.following(root, site, entry, following, titles))
        _write(root, shelf.found, changes, now)
    tell(root, site, kind, record.id, record.title, following, changes, draft=record.draft)


_TEXT = "--text (or --message, --edit, or a text on the standard input)"


def _with_piped(asked: Wish) -> Wish:
    """Return the wish with its text from the standard input, where that is meant."""
    if asked.text is not None and asked.message:
        raise UsageError("give --text or --message, not both; --edit changes the text of a message")
    if asked.text == "-" or (_lacks_text(asked) and not asking.at_terminal()):
        text = asking.standard_input()
        if text is None and asked.text == "-":
            raise UsageError("--text -: the standard input is empty")
        wish.needed({_TEXT: text is None})
        return msgspec.structs.replace(asked, text=text)
    return asked


def _lacks_text(asked: Wish) -> bool:
    return asked.text is None and asked.message is None and not asked.edit


def _refuse_missing(kind: Kind, asked: Wish, message: Message | None) -> None:
    if asking.at_terminal():
        return
    incident = kind is Kind.INCIDENT
    wish.needed(
        {
            "--title": asked.title is None and not (message and message.title),
            "--severity": incident and asked.severity is None,
            "--from": not incident and asked.start is None,
            "--until": not incident and asked.end is None,
            "--component": not asked.components,
            _TEXT: _lacks_text(asked) and not asking.is_piped(),
        }
    )


def _given_titles(site: Site, asked: Wish) -> dict[str, str]:
    given = wish.by_language(site, "--title-in", asked.titles)
    titles = {lang: wish.one_line(f"--title-in {lang}", text, TITLE_LIMIT) for lang, text in given.items()}
    if asked.title is not None:
        titles[site.config.default] = wish.one_line("--title", asked.title, TITLE_LIMIT)
    return titles


def _severity(site: Site, asked: Wish) -> str:
    if asked.severity is not None:
        return wish.severity(site, asked.severity).id
    note("Severity:")
    return asking.choose("Severity", asking.severity_options(site.config.severities, site.config.default))


def _states(site: Site, asked: Wish) -> States:
    if asked.components:
        return wish.states(site, asked.components)
    note("Components:")
    return asking.ask_components(site, lambda given: wish.states(site, given))


def _window(asked: Wish) -> tuple[datetime, datetime]:
    start = asked.start or click.prompt("From (as in 2026-12-02 22:00 UTC)", type=Moment(), err=True)
    end = asked.end or click.prompt("Until (as in 2026-12-03 01:00 UTC)", type=Moment(), err=True)
    if end <= start:
        raise UsageError("--until: the window ends before it begins")
    return start, end


def _phase(kind: Kind, asked: Wish, message: Message | None) -> Phase | None:
    return wish.phase(kind, asked.status) if asked.status else message.phase if message else None


def _asked_phase(kind: Kind, record: Incident) -> Phase:
    note(f"{record.title}: {record.updates[-1].phase}")
    return Phase(asking.choose("Status", [(phase, "") for phase in PHASES[kind]]))


def _chosen_message(site: Site, kind: Kind, phase: Phase | None) -> Message | None:
    known = [one for one in wish.suitable(site, kind) if phase in (None, one.phase)]
    if not known:
        return None
    note("Messages:")
    options = asking.message_options(known, site.config.default)
    name = asking.choose("Message (empty to write your own text)", options, empty="")
    return next((one for one in known if one.name == name), None)


def _said(site: Site, asked: Wish, message: Message | None, components: Sequence[str]) -> Said:
    """Return the words in every language that there are words in."""
    default, typed = site.config.default, False
    texts: dict[str, str] = {}
    titles: dict[str, str] = {}
    if message:
        filled = fill(message, _values(site, asked, message, components), site=site, components=components)
        texts, titles = dict(filled.texts), dict(filled.titles)
    elif asked.settings:
        raise UsageError("--set: there are placeholders in a --message only")
    elif asked.text is not None:
        texts[default] = asked.text
    elif not asked.edit:
        texts[default], typed = asking.ask("Text (empty opens the editor)", str), True
    if asked.edit or (typed and not texts[default]):
        texts[default], typed = asking.edited(texts.get(default, "")), True
        if message and len(texts) > 1:
            note(
                f"the other languages say what the message says: {', '.join(lang for lang in texts if lang != default)}"
            )
    texts |= wish.by_language(site, "--text-in", asked.texts)
    return Said({lang: tidy(text) for lang, text in texts.items()}, titles, typed)


def _values(site: Site, asked: Wish, message: Message, components: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    values = wish.values(site, asked.settings)
    known = {*values, SERVICE} if components else {*values}
    if not asking.at_terminal():
        return values
    lacking = [name for name in wanted(message) if name not in known]
    return {**values, **{name: {"": value} for name, value in asking.ask_values(message, lacking).items()}}


def _id(shelf: Shelf, kind: Kind, asked: Wish, title: str, begins: datetime) -> str:
    if asked.id is not None:
        return names.chosen_id(asked.id, taken=shelf.is_taken)
    day = begins.astimezone(ZoneInfo(shelf.site.config.time_zone)).date()
    return names.new_id(kind, title, day, taken=shelf.is_taken)


def _entry(root: Path, asked: Wish, now: datetime) -> tuple[Shelf, Entry]:
    """Return the record to update, and what was read to find it."""
    if asked.id is None:
        return _open_entry(root, now)
    shelf = read(root, for_id(names.named(asked.id)), now=now)
    entry = names.find(shelf.site, asked.id)
    if entry is None:
        broken = [p for p in shelf.found.errors if names.named(p.path) == names.named(asked.id)]
        raise ContentError(broken) if broken else names.unknown(asked.id, shelf.originals())
    return shelf, entry


def _open_entry(root: Path, now: datetime) -> tuple[Shelf, Entry]:
    shelf = read(root, everything, now=now)
    going = names.unfinished(shelf.site)
    if not asking.at_terminal() or not going:
        raise UsageError(f"missing: ID, the incident or maintenance to update; {names.listed(going)}")
    note("Open:")
    options = [(e.original.id, f"{e.original.title} ({e.original.updates[-1].phase})") for e in going]
    id = asking.choose("Update", options)
    return shelf, next(entry for entry in going if entry.original.id == id)


@contextmanager
def _kept(said: Said, site: Site) -> Iterator[None]:
    """Give a typed text back to its author when it could not be written."""
    try:
        yield
    except StatiqueError:
        if said.typed:
            note(f"Your text was not written; here it is:\n\n{said.texts[site.config.default]}\n")
        raise


def _write(root: Path, found: Survey, changes: Sequence[Change], now: datetime) -> None:
    for problem in examine(found, changes, now=now):
        note(plain(problem))
    write(root, changes)
