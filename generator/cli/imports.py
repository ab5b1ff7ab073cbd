"""The commands that bring in what other status pages kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from generator.cli.options import INTERNAL, Zone, clock
from generator.cli.terminal import note
from generator.errors import UsageError
from generator.importers.foreign import Imported
from generator.record.model import Component, Site
from generator.reports import counted, plain


@click.group(name="import")
def import_() -> None:
    """Bring in the history of another status page."""


@import_.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--time-zone", "zone", type=Zone(), help="The zone of times that do not name one.")
@click.pass_obj
def cstate(root: Path, path: Path, zone: ZoneInfo | None) -> None:
    """Import a cState site: its incidents, systems and settings. Nothing that exists is overwritten."""
    from generator.importers.cstate import read_cstate

    found = read_cstate(path, zone=zone, now=clock(None))
    _refuse_misfits(root, found)
    _write(root, found)


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
    _write(root, read_incident_json(file, known=known, wanted=wanted))


def _names(id: str, component: Component) -> Iterator[str]:
    yield from (id, *(name.casefold() for name in component.name.by_language.values()))


def _mapped(pair: str) -> tuple[str, str]:
    name, sign, id = pair.rpartition("=")
    if not sign or not name or not id:
        raise UsageError(f"--component {pair}: write NAME=ID")
    return name, id


def _write(root: Path, found: Imported) -> None:
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
    from generator.build import examine

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
