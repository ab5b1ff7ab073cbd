"""The commands that bring in what other status pages kept, and postmortems from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from generator.cli.options import INTERNAL, Zone, clock
from generator.cli.terminal import note
from generator.errors import SystemFault, UsageError
from generator.reports import counted, plain
from generator.terms import Kind

if TYPE_CHECKING:
    from generator.importers.foreign import Imported
    from generator.record.model import Component, Site


@click.group(name="import")
def import_() -> None:
    """Bring in the history of another status page, or postmortems."""


@import_.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--time-zone", "zone", type=Zone(), help="The zone of times that do not name one.")
@click.pass_obj
def cstate(root: Path, path: Path, zone: ZoneInfo | None) -> None:
    """Import a cState site: its incidents, systems and settings. Nothing that exists is overwritten."""
    from generator.importers.cstate import read_cstate

    found = read_cstate(path, zone=zone, now=clock(None))
    _refuse_misfits(root, found)
    _bring_in(root, found)


@import_.command(name="incident-json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--id", "id", help="The id of the incident; default: its day and the words of its title.")
@click.option(
    "--component", "components", multiple=True, metavar="NAME=ID",
    help="The component that a service of the document is; may be repeated.",
)  # fmt: skip
@INTERNAL
@click.pass_obj
def incident_json(root: Path, file: Path, id: str | None, components: tuple[str, ...], internal: Path | None) -> None:
    """Import an incident from one JSON document: the public incident, its internal record, a draft postmortem."""
    from generator.importers.incident_json import Known, Wanted, read_incident_json

    site = _site(root)
    known = None
    if site is not None:
        severities = {name.casefold(): one.id for one in site.config.severities for name in (one.id, *one.aliases)}
        known = Known(severities, {name: id for id, one in site.components().items() for name in _names(id, one)})
    place = internal.resolve().as_posix() if internal else "content/internal"
    wanted = Wanted(id, dict(_mapped(pair) for pair in components), place)
    _bring_in(root, read_incident_json(file, known=known, wanted=wanted))


def _names(id: str, component: Component) -> Iterator[str]:
    yield from (id, *(name.casefold() for name in component.name.by_language.values()))


def _mapped(pair: str) -> tuple[str, str]:
    name, sign, id = pair.rpartition("=")
    if not sign or not name or not id:
        raise UsageError(f"--component {pair}: write NAME=ID")
    return name, id


def _bring_in(root: Path, found: Imported) -> None:
    """Write what was imported, tell what was not, and exit with 1 where something is missing."""
    from generator.author.files import create

    written = 0
    for file in found.files:
        if create(root / file.path, file.text):
            written += 1
        else:
            note(f"{file.path}: exists and was left as it is; {file.source} was not imported")
    for problem in found.problems:
        click.echo(plain(problem), err=True)
    left = len(found.files) - written
    faults = [problem for problem in found.problems if not problem.warning]
    click.echo(f"{counted(written, 'file')} written, {left} left as they were, {counted(len(faults), 'problem')}")
    click.echo(f"Next: statique -C {root} check")
    if faults or left:
        raise SystemExit(1)


def _site(root: Path) -> Site | None:
    """Return the site that is there already, if it can be read."""
    from generator.reading import examine

    return examine(root, now=clock(None)).site if (root / "content").exists() else None


def _refuse_misfits(root: Path, found: Imported) -> None:
    """Raise UsageError, before anything is written, where the site there lacks what the records name."""
    from generator.author.adopt import lacking

    site = _site(root)
    if site is None:
        return
    records = ((file.path, file.text.encode()) for file in found.files if file.path.startswith("content/incidents/"))
    severities, components = lacking(site, records)
    lacks = [
        f"the {name} {', '.join(ids)}" for name, ids in (("severities", severities), ("components", components)) if ids
    ]
    if lacks:
        message = f"the site in {root} lacks {' and '.join(lacks)}, which the incidents name; nothing was written"
        raise UsageError(f"{message}: add them to its settings, or import into an empty folder")


@import_.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def markdown(root: Path, path: Path) -> None:
    """Import postmortems: a Markdown file, or a folder of them. Nothing that exists is overwritten."""
    from generator.importers.markdown import read_markdown
    from generator.importers.markdown_facts import Known
    from generator.reading import examine
    from generator.terms import Kind

    site = examine(root, now=clock(None)).site
    if site is None:
        raise UsageError(f"there is no site in {root} whose settings can be read; begin one with `statique init`")
    severities = [word.casefold() for one in site.config.severities for word in (one.id, *one.aliases)]
    incidents = [entry.original.id for entry in site.entries if entry.original.kind is Kind.INCIDENT]
    reviewed = {entry.original.incident for entry in site.postmortems}
    free = [id for id in incidents if id not in reviewed]
    _bring_in(root, read_markdown(path, known=Known(free, [*site.components()], severities)))


@import_.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--incident", "id", help="The incident that was talked about; its id may be shortened.")
@INTERNAL
@click.pass_obj
def slack(root: Path, path: Path, id: str | None, internal: Path | None) -> None:
    """Add a Slack channel's export to the chat of an internal record, and follow what was edited there since."""
    from generator.author.changes import Change, write
    from generator.author.chat import EMPTY, follow
    from generator.importers.slack import read_slack
    from generator.record.load import dialect_of

    found = read_slack(path)
    for problem in found.problems:
        click.echo(plain(problem), err=True)
    folder = internal.resolve() if internal else Path("content/internal")
    target = (folder / "incidents" / f"{_talked_about(root, id, found.channel, internal)}.md").as_posix()
    old = _bytes(root / target)
    entries = {one.id: one.text for one in found.entries}
    followed = follow(target, old or EMPTY, entries, dialect=dialect_of(root))
    if followed.added or followed.changed:
        write(root, (Change(target, old, followed.data),))
    for problem in followed.problems:
        click.echo(plain(problem), err=True)
    left = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(found.left_out.items()))
    there = len(found.entries) - followed.added - followed.changed
    edited = f"{followed.changed} edited, " if followed.changed else ""
    click.echo(f"{target}: {counted(followed.added, 'message')} added, {edited}{there} there already")
    if left:
        click.echo(f"Left out: {left}")
    if any(not problem.warning for problem in found.problems):
        raise SystemExit(1)


def _bytes(path: Path) -> bytes | None:
    from generator.record.source import Refused, read_bytes

    if not path.exists() and not path.is_symlink():
        return None
    try:
        return read_bytes(path)
    except Refused as refused:
        raise SystemFault(f"{path} {refused.message}; {refused.hint}") from None


def _talked_about(root: Path, id: str | None, channel: str, internal: Path | None) -> str:
    """Return the id of the incident: the one asked for, the one whose record has the channel, or the only open one."""
    from generator.record.internal import survey_internal

    site = _site(root)
    if site is None:
        raise UsageError(f"the site in {root} cannot be read; run statique check there")
    incidents = [one.original for one in site.entries if one.original.kind is Kind.INCIDENT]
    if id is not None:
        found = [one.id for one in incidents if one.id == id] or [one.id for one in incidents if id in one.id]
    else:
        records = survey_internal(root, site, internal, now=clock(None)).records
        found = [one.id for one in records if channel == (one.channel or "").lstrip("#")]
        found = found or [one.id for one in incidents if not one.updates[-1].phase.ends]
    if len(found) == 1:
        return found[0]
    said = f'"{id}" is no incident' if id and not found else "it is not clear which incident this was"
    told = f": {', '.join(found[:9])}" if found else ""
    raise UsageError(f"{said}; name it with --incident{told}")
