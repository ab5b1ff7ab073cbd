"""The commands that check, build and show a site."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import click

from generator.cli.options import AUDIENCE, INTERNAL, JOBS, NOW, OUT, URL, clock, refuse_overlay, workspace_folder
from generator.cli.terminal import Progress, note
from generator.reports import counted, github, plain, problems_json, state_json, state_text


@click.command()
@NOW
@AUDIENCE
@INTERNAL
@URL
@OUT
@JOBS
@click.option("--clean", is_flag=True, help="Make every file anew and trust nothing that was remembered.")
@click.option(
    "--max-size", type=click.IntRange(1), default=1000, show_default=True, metavar="MB",
    help="The most that the host accepts of a site; GitHub Pages takes 1000.",
)  # fmt: skip
@click.option("--atomic", is_flag=True, help="Replace the whole output in one step, for those who serve the folder.")
@click.pass_obj
def build(
    root: Path,
    now: datetime | None,
    audience: str,
    internal: Path | None,
    url: str | None,
    out: Path | None,
    jobs: int,
    clean: bool,
    max_size: int,
    atomic: bool,
) -> None:
    """Check the content and build the site. It goes to output/public or output/internal unless --out says else."""
    from generator.terms import Audience

    refuse_overlay(audience, internal, url)
    began = time.monotonic()
    with Progress() as progress:
        if audience == Audience.INTERNAL:
            from generator.inner.build import OUTPUT as INNER
            from generator.inner.build import build as make_inner

            target = out or root / INNER
            report = make_inner(
                root, now=clock(now), out=target, internal=internal, url=url, clean=clean, atomic=atomic, jobs=jobs,
                limit=max_size * 10**6, progress=progress.step, waiting=note,
            )  # fmt: skip
        else:
            from generator.build import OUTPUT
            from generator.build import build as make

            target = out or root / OUTPUT
            report = make(
                root, now=clock(now), out=target, clean=clean, atomic=atomic, jobs=jobs, limit=max_size * 10**6,
                progress=progress.step, waiting=note,
            )  # fmt: skip
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


@click.command()
@NOW
@click.option(
    "--format", "form", type=click.Choice(["text", "github", "json"]), default="text", show_default=True,
    help="Text for people, annotations for GitHub's pull requests, or JSON.",
)  # fmt: skip
@click.option("--base", metavar="REV", help="Also report what was changed in the record as published at this revision.")
@INTERNAL
@click.pass_obj
def check(root: Path, now: datetime | None, form: str, base: str | None, internal: Path | None) -> None:
    """Report everything that is wrong with the content. Exits with 1 when something stops a build."""
    from generator.reading import examine
    from generator.record.inside import inside
    from generator.record.internal import survey_internal
    from generator.record.internal_check import internal_problems
    from generator.record.load import Survey

    moment, folder = clock(now), workspace_folder(root)
    found = examine(root, now=moment, base=base)
    known = survey_internal(root, found.site, internal, now=moment)
    responders = [*internal_problems(found.site, known)]
    responders += inside(root, found.site, internal, known.records, now=moment)
    found = Survey(found.site, tuple(sorted((*found.problems, *responders))))
    if form == "json":
        click.echo(problems_json(found.problems))
    else:
        for problem in found.problems:
            click.echo(github(problem, folder=folder) if form == "github" else plain(problem))
    if form == "text":
        warnings = len(found.problems) - len(found.errors)
        click.echo(f"{counted(len(found.errors), 'problem')}, {counted(warnings, 'warning')}", err=True)
    if found.errors:
        raise SystemExit(1)


@click.command()
@NOW
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(root: Path, now: datetime | None, as_json: bool) -> None:
    """Say what works now, what does not, and what is planned."""
    from generator.reading import current

    view, language = current(root, now=clock(now))
    click.echo(state_json(view) if as_json else state_text(view, language))
