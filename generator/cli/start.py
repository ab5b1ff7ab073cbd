"""The command that begins a site."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from generator.cli.asking import at_terminal
from generator.cli.options import Zone, clock
from generator.errors import UsageError
from generator.reports import counted


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What the page is about: the name of a company or a product.")
@click.option("--url", help="Where the page will be published.")
@click.option("--languages", help="The languages, the default one first, such as en,fr; without it, en.")
@click.option("--time-zone", "zone", type=Zone(), help="The zone that times are shown in; without it, UTC.")
@click.option("--repository", help="The address of the repository, for links to files and their history.")
@click.pass_obj
def init(
    root: Path, folder: Path, name: str | None, url: str | None, languages: str | None, zone: ZoneInfo | None,
    repository: str | None,
) -> None:  # fmt: skip
    """Begin a site in an empty or a new folder. It gets content, workflows, and a README for your team."""
    from generator import __version__
    from generator.author.start import Start, begin, speakable
    from generator.resources import locales_dir, starter_dir

    if name is None or url is None:
        if not at_terminal():
            raise UsageError("a new site needs --name and --url")
        name = name or click.prompt("Name of the company or product", err=True)
        url = url or click.prompt("Address of the status page", default="https://status.example.com", err=True)
        languages = languages or click.prompt("Languages, the default one first", default="en", err=True)
        zone = zone or click.prompt("Time zone", default="UTC", type=Zone(), err=True)
        repository = repository or click.prompt("Address of the repository, if any", "", show_default=False, err=True)
    codes = tuple(dict.fromkeys(code.strip() for code in (languages or "en").split(",") if code.strip()))
    speakable(codes, {path.name.replace("_", "-") for path in locales_dir().iterdir() if path.is_dir()})
    key = zone.key if zone else "UTC"
    start = Start(name.strip(), url.strip(), codes, key, repository or None, clock(None).date())
    target = root / folder
    written = begin(target, start, starter=starter_dir(), version=__version__)
    click.echo(f"{target}: {counted(len(written), 'file')} written")
    click.echo(f"Next: statique -C {target} serve, and put your own services into {target / 'content/components.yml'}")
