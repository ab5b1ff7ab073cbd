"""The commands: the only place that prints, exits, and reads the clock."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from generator import __version__
from generator.errors import ContentError, StatiqueError, UsageError
from generator.reports import counted, github, plain, problems_json, state_json, state_text

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Moment(click.ParamType[datetime]):
    """A time with its offset, as in the content."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment in UTC."""
        from generator.record.fields import NotTime, parse_time

        try:
            return value if isinstance(value, datetime) else parse_time(str(value))
        except NotTime:
            self.fail(f"{value!r} is not a time with an offset; write it as 2026-02-22T02:51Z", param, ctx)


class Zone(click.ParamType[ZoneInfo]):
    """The name of a time zone."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """Return the zone."""
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
        except (ValueError, OSError, ZoneInfoNotFoundError):
            self.fail(f"{value!r} is not a time zone; write it as Europe/Berlin or UTC", param, ctx)


NOW = click.option("--now", type=Moment(), help="Build as of this time; default: SOURCE_DATE_EPOCH, else the clock.")
OUT = click.option("--out", type=click.Path(path_type=Path), help="The root of the site to write.")
JOBS = click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that render.")


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="statique", message="%(prog)s %(version)s")
@click.option(
    "-C",
    "root",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The site's folder; default: this one.",
)
@click.pass_context
def cli(ctx: click.Context, root: Path) -> None:
    """Turn a folder of Markdown incidents into a multilingual status site with feeds."""
    ctx.obj = root
    if os.environ.get("NO_COLOR"):
        ctx.color = False


@cli.command()
@NOW
@OUT
@JOBS
@click.option("--clean", is_flag=True, help="Make every file anew and trust nothing that was remembered.")
@click.option("--atomic", is_flag=True, help="Replace the whole output in one step, for those who serve the folder.")
@click.pass_obj
def build(root: Path, now: datetime | None, out: Path | None, jobs: int, clean: bool, atomic: bool) -> None:
    """Check the content and build the public site (default: output/public)."""
    _build(root, now, out, jobs=jobs, clean=clean, atomic=atomic)


def _build(
    root: Path, now: datetime | None, out: Path | None, *, jobs: int = 1, clean: bool = False, atomic: bool = False
) -> Path:
    from generator.build import OUTPUT
    from generator.build import build as make

    began = time.monotonic()
    target = out or root / OUTPUT
    with Progress() as progress:
        report = make(
            root,
            now=clock(now),
            out=target,
            clean=clean,
            atomic=atomic,
            jobs=jobs,
            progress=progress.step,
            waiting=note,
        )
    for problem in report.warnings:
        click.echo(plain(problem), err=True)
    done = report.published
    for warning in done.warnings:
        note(f"warning: {warning}")
    seconds = time.monotonic() - began
    click.echo(
        f"{target}: {counted(len(done.written), 'file')} written, {done.unchanged} unchanged, "
        f"{len(done.removed)} removed; {done.rendered} rendered, in {seconds:.2f} s"
    )
    return target


@cli.command()
@NOW
@click.option(
    "--format", "form", type=click.Choice(["text", "github", "json"]), default="text", show_default=True,
    help="Text for people, annotations for GitHub's pull requests, or JSON.",
)  # fmt: skip
@click.pass_obj
def check(root: Path, now: datetime | None, form: str) -> None:
    """Report everything that is wrong with the content; exit with 1 when something stops a build."""
    from generator.build import examine

    found = examine(root, now=clock(now))
    if form == "json":
        click.echo(problems_json(found.problems))
    else:
        for problem in found.problems:
            click.echo(github(problem) if form == "github" else plain(problem))
    if form == "text":
        warnings = len(found.problems) - len(found.errors)
        click.echo(f"{counted(len(found.errors), 'problem')}, {counted(warnings, 'warning')}", err=True)
    if found.errors:
        raise SystemExit(1)


@cli.command()
@NOW
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(root: Path, now: datetime | None, as_json: bool) -> None:
    """Say what works now, what does not, and what is planned."""
    from generator.build import current

    view, language = current(root, now=clock(now))
    click.echo(state_json(view) if as_json else state_text(view, language))


@cli.command()
@NOW
@OUT
@JOBS
@click.option("--port", type=click.IntRange(1, 65000), default=8000, show_default=True, help="The first port to try.")
@click.pass_obj
def serve(root: Path, now: datetime | None, out: Path | None, jobs: int, port: int) -> None:
    """Build the site and show it on this machine, as GitHub Pages would serve it."""
    from urllib.parse import urlsplit

    from generator.build import current
    from generator.live.serve import server

    target = _build(root, now, out, jobs=jobs)
    base = urlsplit(current(root, now=clock(now))[0].info.url).path.rstrip("/")
    with server(target.resolve(), base, port=port) as serving:
        click.echo(f"http://127.0.0.1:{serving.server_address[1]}{base}/  (Ctrl-C ends)")
        serving.serve_forever()


@cli.group(name="import")
def import_() -> None:
    """Bring in the history of another status page."""


@import_.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--time-zone", "zone", type=Zone(), help="The zone of times that do not name one.")
@click.pass_obj
def cstate(root: Path, path: Path, zone: ZoneInfo | None) -> None:
    """Import a cState site: its incidents, systems and settings. Nothing that exists is overwritten."""
    from generator.author.files import create
    from generator.importers.cstate import read_cstate

    found = read_cstate(path, zone=zone, now=clock(None))
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


class Progress:
    """A bar on a terminal, one line per phase elsewhere, both only for what takes longer than a second."""

    def __init__(self) -> None:
        self._began, self._phase, self._told = time.monotonic(), "", 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._told and sys.stderr.isatty():
            click.echo("\r\033[K", err=True, nl=False)

    def step(self, phase: str, done: int, total: int) -> None:
        """Show how far a phase is: ``done`` of ``total``, 0 where that is not known yet."""
        if phase != self._phase:
            self._phase, self._began, self._told = phase, time.monotonic(), 0.0
        now = time.monotonic()
        if now - self._began < 1 or (self._told and (now - self._told < 0.1 or not sys.stderr.isatty())):
            return
        self._told = now
        rate = done / (now - self._began)
        amount = f"{done} of {total}" if total else f"{done}"
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{phase}: {amount} ({rate:.0f} a second)", err=True, nl=False)
        else:
            note(f"{phase} …")


def note(text: str) -> None:
    """Print a line beside the result."""
    click.echo(text, err=True)


def clock(now: datetime | None) -> datetime:
    """Return the time to build as of: the one asked for, SOURCE_DATE_EPOCH, or the present, to the second."""
    if now is not None:
        return now
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH={epoch!r} is not a number of seconds") from None


def _terminate(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 fine, 1 content, 2 usage, 3 files and system, 130 and 143 on signals."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    try:
        cli.main(arguments, prog_name="statique", standalone_mode=False)
    except ContentError as error:
        for problem in error.problems:
            note(plain(problem))
        count = sum(not problem.warning for problem in error.problems)
        note(f"{counted(count, 'problem')}; nothing was written")
        return error.exit_code
    except StatiqueError as error:
        note(f"statique: {error}")
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        note("stopped")
        return 130
    except BrokenPipeError:
        # Nobody reads on, and the interpreter still flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    return 0


if __name__ == "__main__":
    main()
