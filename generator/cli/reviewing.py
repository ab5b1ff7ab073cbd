"""The command that begins a postmortem from the record of its incident."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from generator.author import names
from generator.author.changes import Change, examine, write
from generator.author.review import Facts, Outage, postmortem_path, postmortem_text
from generator.author.shelf import Shelf, for_id, read
from generator.cli import asking
from generator.cli.options import clock
from generator.cli.terminal import note
from generator.errors import ContentError, UsageError
from generator.record.model import Entry, Site
from generator.render.routes import Address
from generator.render.routes import postmortem as page_of
from generator.reports import plain
from generator.terms import Kind, Level
from generator.view.facts import Known
from generator.view.lots import known


def begin(root: Path, id: str, *, edit: bool) -> None:
    """Write the draft of a postmortem, and print what comes next."""
    now = clock(None)
    shelf = read(root, for_id(names.named(id)), now=now)
    entry = _incident(shelf, id)
    path = _path(root, shelf.site, entry)
    facts = _facts(shelf.site, entry, now)
    day = now.astimezone(ZoneInfo(shelf.site.config.time_zone)).date()
    text = postmortem_text(facts, day=day)
    if edit:
        text = asking.edited(text)
    changes = [Change(path, None, text.encode("utf-8"))]
    try:
        for problem in examine(shelf.found, changes, now=now):
            note(plain(problem))
        write(root, changes)
    except (ContentError, UsageError):
        if edit:
            note(f"Your text was not written; here it is:\n\n{text}\n")
        raise
    _tell(root, shelf.site, entry, path, ended=facts.ended is not None)


def _incident(shelf: Shelf, id: str) -> Entry:
    entry = names.find(shelf.site, id)
    if entry is None:
        broken = [p for p in shelf.found.errors if names.named(p.path) == names.named(id)]
        raise ContentError(broken) if broken else names.unknown(id, shelf.originals(Kind.INCIDENT))
    if entry.original.kind is not Kind.INCIDENT:
        raise UsageError(f"{entry.original.id} is maintenance; postmortems are about incidents")
    return entry


def _path(root: Path, site: Site, entry: Entry) -> str:
    """Return where the postmortem will lie; raise UsageError where there is one."""
    id = entry.original.id
    written = [one.original for one in site.postmortems if id in (one.original.incident, one.original.id)]
    path = written[0].path if written else postmortem_path(entry.original)
    if written or (root / path).exists():
        raise UsageError(f"{id} has a postmortem, {path}; nothing was written")
    return path


def _facts(site: Site, entry: Entry, now: datetime) -> Facts:
    """Return what the record tells, drafts included, in the words of the default language."""
    published = msgspec.structs.replace(entry.original, draft=False)
    alone = msgspec.structs.replace(site, entries=(msgspec.structs.replace(entry, original=published),))
    (one,) = known(alone, now)
    severity = one.severity.id if one.severity else None
    outages = tuple(_outages(site, one))
    return Facts(entry.original, severity, one.components, one.started, one.ended, outages)


def _outages(site: Site, one: Known) -> Iterator[Outage]:
    default = site.config.default
    for id, component in site.components().items():
        for spell in one.course.spells.get(id, ()):
            if spell.level is not Level.OPERATIONAL:
                yield Outage(component.name.resolve(default, default)[0], spell.level, spell.start, spell.end)


def _tell(root: Path, site: Site, entry: Entry, path: str, *, ended: bool) -> None:
    config, id = site.config, entry.original.id
    click.echo(path)
    address = Address(config.url, config.default, config.default).absolute(page_of(id))
    click.echo(f"{address} (not while it is a draft)")
    if not ended:
        note(f"{id} is not resolved yet: its end and the rest of its timeline are yours to add")
    folder = "" if root == Path() else f" -C {shlex.quote(str(root))}"
    click.echo("Next: answer the questions in it, and delete them; then delete `draft: true`")
    click.echo(f"      statique{folder} check")
    click.echo(f"      git{folder} add {shlex.quote(path)} && git{folder} commit -m {shlex.quote(f'Postmortem: {id}')}")
