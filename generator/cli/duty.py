"""The commands of those who respond: who is on call, and the update that goes to the others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli.options import INTERNAL, Moment, clock
from generator.cli.terminal import note


@click.command()
@click.option("--at", type=Moment(), help="At this time; default: SOURCE_DATE_EPOCH, else now.")
@click.option("--rotation", "only", metavar="ID", help="This rotation alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@INTERNAL
@click.pass_obj
def oncall(root: Path, at: datetime | None, only: str | None, as_json: bool, internal: Path | None) -> None:
    """Say who is on call, until when, how to reach them, and who is next. Exits with 1 when it is nobody."""
    from generator.errors import ContentError, UsageError, shown
    from generator.record.duty import watches
    from generator.record.fields import nearest
    from generator.record.inside import folder_of, roster_of
    from generator.record.oncall import YEARS
    from generator.reports import plain
    from generator.watchlist import watch_json, watch_text

    moment = clock(at)
    if moment.year not in YEARS:
        raise UsageError(f"--at: turns are counted from {YEARS.start} to {YEARS.stop - 1}")
    roster = roster_of(root, internal, now=moment)
    if roster.oncall is None:
        if roster.problems:
            raise ContentError(roster.problems)
        raise UsageError(f"there is no {(folder_of(root, internal) / 'oncall.yml').as_posix()}; docs/oncall.md has one")
    if only is not None and roster.oncall.rotation(only) is None:
        ids = [one.id for one in roster.oncall.rotations]
        raise UsageError(f'--rotation: there is no "{shown(only)}"; {nearest(only, ids)}')
    # At three in the morning an answer with remarks is better than none.
    for problem in roster.problems:
        note(plain(problem))
    found = [one for one in watches(roster.oncall, moment) if only in (None, one.rotation.id)]
    click.echo(watch_json(found, roster.people, moment) if as_json else watch_text(found, roster.people))
    if any(one.now is None for one in found):
        raise SystemExit(1)
