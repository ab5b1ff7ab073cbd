"""The command that finds what happened before: earlier records that are like one, or like words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.cli.options import NOW, clock
from generator.errors import UsageError


@click.command()
@NOW
@click.argument("id", required=False)
@click.option("--text", help="Words to look for, such as an error's, in place of a record.")
@click.option("--limit", type=click.IntRange(1, 50), default=3, show_default=True, help="How many to show at most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_obj
def similar(root: Path, now: datetime | None, id: str | None, text: str | None, limit: int, as_json: bool) -> None:
    """Show what is like an incident and happened before it. Its ID may be shortened, as long as it stays clear."""
    if (id is None) == (text is None):
        raise UsageError("name a record, or give words with --text, one of the two")

    from generator.cli.finds import report

    report(root, id=id, text=text or "", now=clock(now), limit=limit, as_json=as_json)
