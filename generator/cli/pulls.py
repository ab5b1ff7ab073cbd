"""The commands of pull requests: what a change shows to readers, and an incident from an issue's form."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli.options import NOW, clock


@click.command()
@NOW
@click.option("--base", metavar="REV", required=True, help="The revision that is published, such as origin/main.")
@click.pass_obj
def preview(root: Path, now: datetime | None, base: str) -> None:
    """Say in Markdown what readers would see changed. It compares with what is published at a revision."""
    from generator.difference import difference
    from generator.digest import markdown, refused
    from generator.errors import ContentError

    try:
        click.echo(markdown(difference(root, base, now=clock(now))), nl=False)
    except ContentError as error:
        click.echo(refused([problem for problem in error.problems if not problem.warning]), nl=False)
        raise SystemExit(error.exit_code) from None


@click.command(name="from-issue")
@NOW
@click.argument("event", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def from_issue(root: Path, event: Path, now: datetime | None) -> None:
    """Write the incident that an issue's form describes. EVENT is the file that GITHUB_EVENT_PATH names."""
    from generator.author.changes import write
    from generator.cli.terminal import note
    from generator.connect.issue import incident, read_event

    reported = read_event(event)
    if reported is None:
        note("this issue was not written with the form; nothing was written")
        return
    _, changes = incident(root, reported, now=clock(now))
    write(root, changes)
    for change in changes:
        click.echo(change.path)
