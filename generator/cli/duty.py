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


@click.command()
@click.argument("id")
@click.option("--action", help="What is being done at the moment.")
@click.option("--eta", help="When it is expected to be over, in words.")
@click.option("--help-needed", "needed", help="What others can do; default: nothing at this time.")
@click.option(
    "--format", "form", type=click.Choice(["text", "slack", "json"]), default="text", show_default=True,
    help="Text for any channel, Slack's blocks as JSON, or the facts as JSON.",
)  # fmt: skip
@click.option("--at", type=Moment(), help="As of this time; default: SOURCE_DATE_EPOCH, else now.")
@INTERNAL
@click.pass_obj
def announce(
    root: Path,
    id: str,
    action: str | None,
    eta: str | None,
    needed: str | None,
    form: str,
    at: datetime | None,
    internal: Path | None,
) -> None:
    """Print the update on an incident for your own company, ready for a channel."""
    import msgspec

    from generator.briefing import Known, as_json, as_text
    from generator.cli.situation import situation_of
    from generator.slack import as_slack

    told = situation_of(root, id, Known(action=action, eta=eta, help=needed), internal=internal, at=clock(at))
    if form == "text":
        click.echo(as_text(told))
    else:
        document = as_slack(told) if form == "slack" else as_json(told)
        click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
