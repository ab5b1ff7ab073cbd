"""The commands that write incidents, maintenance and their updates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.cli.options import Moment

F = TypeVar("F", bound=Callable[..., Any])


class Upcoming(Moment):
    """A time with its offset, or a duration from the update on."""

    name = "time"

    def convert(  # type: ignore[override]  # wider than a moment, and read by one caller alone
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | timedelta:
        """Return the moment, or the time until then."""
        from generator.record.fields import parse_minutes

        minutes = parse_minutes(str(value))
        return super().convert(value, param, ctx) if minutes is None else timedelta(minutes=minutes)


def _together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return one decorator for several options, which help lists in their order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_WORDS = _together(
    click.option("--message", metavar="NAME", help="A ready-made text of content/messages, in all its languages."),
    click.option("--set", "settings", multiple=True, metavar="NAME[.LANG]=VALUE", help="A placeholder's value."),
    click.option("--text", help="The text, in the default language; - reads the standard input."),
    click.option("--text-in", "texts", multiple=True, metavar="LANG=TEXT", help="The text in another language."),
    click.option("--title-in", "titles", multiple=True, metavar="LANG=TEXT", help="The title in another language."),
    click.option("--edit", is_flag=True, help="Write the text, or change it, in your editor."),
    click.option("--at", type=Moment(), help="When the update was made; default: now."),
    click.option("--next", "upcoming", type=Upcoming(), help="When the next update is due: a time, or `30 min`."),
)
_COMPONENT = click.option(
    "--component", "components", multiple=True, metavar="ID[=STATE]", help="What is affected; may be repeated."
)
_STATUS = click.option("--status", help="The status; default: that of the message.")
_RECORD = _together(
    click.option("--title", help="What does not work, in the default language."),
    _COMPONENT,
    _STATUS,
    click.option("--tag", "tags", multiple=True, metavar="TAG", help="A word that groups records; may be repeated."),
    click.option("--link", "links", multiple=True, metavar="LABEL=ADDRESS", help="A named link; may be repeated."),
    click.option("--id", "id", help="The id; default: the day and the words of the title."),
    click.option("--draft", is_flag=True, help="Keep it out of everything that is published."),
    click.option("--backfilled", is_flag=True, help="Publish it, but announce it in no feed."),
)


@click.command()
@_RECORD
@click.option("--severity", help="The id or an alias of a severity.")
@click.option("--started", type=Moment(), help="When it began; default: the time of the update.")
@_WORDS
@click.pass_obj
def new(root: Path, /, **flags: Any) -> None:
    """Open an incident: write its file and first update. Asks at a terminal for what is missing."""
    from generator.cli.wish import Wish
    from generator.cli.writing import open_record
    from generator.terms import Kind

    open_record(root, Kind.INCIDENT, Wish(**flags))


@click.command()
@_RECORD
@click.option("--from", "start", type=Moment(), help="When the work begins.")
@click.option("--until", "end", type=Moment(), help="When it ends.")
@_WORDS
@click.pass_obj
def maintain(root: Path, /, **flags: Any) -> None:
    """Announce maintenance: write its file and first update. Asks at a terminal for what is missing."""
    from generator.cli.wish import Wish
    from generator.cli.writing import open_record
    from generator.terms import Kind

    open_record(root, Kind.MAINTENANCE, Wish(**flags))


@click.command()
@click.argument("id", required=False)
@_STATUS
@_COMPONENT
@click.option("--reopen", is_flag=True, help="Open again what has ended.")
@_WORDS
@click.pass_obj
def update(root: Path, /, **flags: Any) -> None:
    """Add an update to an incident or maintenance. Its id may be shortened, as long as it stays clear."""
    from generator.cli.wish import Wish
    from generator.cli.writing import add_update

    add_update(root, Wish(**flags))


@click.command()
@click.argument("id")
@click.option("--edit", is_flag=True, help="Go on with the draft in your editor before it is written.")
@click.pass_obj
def postmortem(root: Path, id: str, *, edit: bool) -> None:
    """Begin the postmortem of an incident: a draft with all that the record tells. Nothing is overwritten."""
    from generator.cli.reviewing import begin

    begin(root, id, edit=edit)


@click.command()
@click.option("--language", "only", help="Report on this language alone.")
@click.option(
    "--format", "form", type=click.Choice(["text", "github", "json"]), default="text", show_default=True,
    help="Text for people, annotations for GitHub's pull requests, or JSON.",
)  # fmt: skip
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when something is missing.")
@click.pass_obj
def translations(root: Path, only: str | None, form: str, exit_zero: bool) -> None:
    """List what is not translated yet. Exits with 1 when something that is published is missing."""
    from generator.cli.missing import report

    report(root, only=only, form=form, exit_zero=exit_zero)
