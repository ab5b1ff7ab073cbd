"""The commands that bring in what other status pages kept, and postmortems from anywhere."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from generator.cli.options import Zone, clock
from generator.cli.terminal import note
from generator.errors import UsageError
from generator.importers.foreign import Imported
from generator.reports import counted, plain


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


def _bring_in(root: Path, found: Imported) -> None:
    """Write the files that are not there yet, and say what came of it; exit with 1 where something stayed out."""
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


def _refuse_misfits(root: Path, found: Imported) -> None:
    """Raise UsageError, before anything is written, where the site there lacks what the records name."""
    from generator.author.adopt import lacking
    from generator.build import examine

    site = examine(root, now=clock(None)).site if (root / "content").exists() else None
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
    from generator.build import examine
    from generator.importers.markdown import read_markdown
    from generator.importers.markdown_facts import Known
    from generator.terms import Kind

    site = examine(root, now=clock(None)).site
    if site is None:
        raise UsageError(f"there is no site in {root} whose settings can be read; begin one with `statique init`")
    severities = [word.casefold() for one in site.config.severities for word in (one.id, *one.aliases)]
    incidents = [entry.original.id for entry in site.entries if entry.original.kind is Kind.INCIDENT]
    reviewed = {entry.original.incident for entry in site.postmortems}
    free = [id for id in incidents if id not in reviewed]
    _bring_in(root, read_markdown(path, known=Known(free, [*site.components()], severities)))
