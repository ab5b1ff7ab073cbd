"""The command that shows a site while it is being written."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.options import AUDIENCE, INTERNAL, NOW, URL, clock, refuse_overlay
from generator.cli.terminal import note
from generator.reports import counted, plain

if TYPE_CHECKING:
    from generator.errors import Problem
    from generator.live.session import Session
    from generator.preview import Preview


@click.command()
@NOW
@AUDIENCE
@INTERNAL
@URL
@click.option("--port", type=click.IntRange(1, 65000), default=8000, show_default=True, help="The first port to try.")
@click.option("--open", "show", is_flag=True, help="Open the site in the browser.")
@click.option("--no-watch", "still", is_flag=True, help="Show the files as they are now, whatever is saved later.")
@click.pass_obj
def serve(
    root: Path,
    now: datetime | None,
    audience: str,
    internal: Path | None,
    url: str | None,
    port: int,
    show: bool,
    still: bool,
) -> None:
    """Show the site on this machine, anew at every save. It answers as GitHub Pages would."""
    from threading import Thread

    from generator.live.serve import server
    from generator.live.session import Session

    refuse_overlay(audience, internal, url)
    with _preview(root, audience, internal, url) as preview:
        session = Session(preview, lambda: clock(now))
        with server(session, port=port) as serving:
            problems = _look(session)
            address = f"http://127.0.0.1:{serving.server_address[1]}{session.base}/"
            Thread(target=serving.serve_forever, daemon=True).start()
            click.echo(f"{address}  (Ctrl-C ends)")
            if show:
                click.launch(address)
            try:
                _follow(root, session, problems, still=still, also=_beside(root, audience, internal))
            finally:
                session.close()
                serving.shutdown()


def _preview(root: Path, audience: str, internal: Path | None, url: str | None) -> Preview:
    """Return what looks at the site for its audience; what only responders know is imported for them alone."""
    from generator.preview import Preview
    from generator.terms import Audience

    if audience != Audience.INTERNAL:
        return Preview(root)
    from generator.inner.preview import InnerPreview

    return InnerPreview(root, internal, url)


def _beside(root: Path, audience: str, internal: Path | None) -> Path | None:
    """Return the folder of the internal record where it lies elsewhere than in the site's sources."""
    from generator.record.inside import folder_of
    from generator.terms import Audience

    folder = folder_of(root, internal).resolve()
    inside = folder.is_relative_to((root / "content").resolve())
    return folder if audience == Audience.INTERNAL and folder.is_dir() and not inside else None


def _follow(
    root: Path, session: Session, problems: Sequence[Problem], *, still: bool, also: Path | None = None
) -> None:
    """Look again when files were saved, and each minute, for the clock moves on too."""
    import gc
    from queue import Queue

    from generator.live.watch import bursts, watching

    # What is known of the site by now stays: no later look has to wait for a walk through all of it.
    gc.collect()
    gc.freeze()
    with nullcontext(Queue[str]()) if still else watching(root, also=also) as changes:
        for changed in bursts(changes, time.monotonic):
            if changed or not still:
                problems = _look(session, changed, before=problems)


def _look(session: Session, changed: Sequence[str] = (), before: Sequence[Problem] = ()) -> Sequence[Problem]:
    """Look at the files, say in a line what came of it, and below it what is new of what is wrong with them."""
    begun = time.monotonic()
    problems = session.look(changed or None)
    spent = f"{1000 * (time.monotonic() - begun):.0f} ms"
    if changed:
        files = changed[0] if len(changed) == 1 else f"{changed[0]} and {len(changed) - 1} more"
        outcome = f"{counted(len(problems), 'problem')}, the last good site stays" if problems else "shown"
        click.echo(f"{time.strftime('%H:%M:%S')}  {files}: {outcome}, in {spent}")
    for problem in problems:
        if problem not in before:
            note(plain(problem) if problem.path else problem.message)
    session.settle()
    return problems
