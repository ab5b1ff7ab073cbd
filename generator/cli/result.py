"""What a writing command leaves its caller with: the files, the page's address, and the commands that come next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from generator.author import names
from generator.author.changes import Change
from generator.author.form import NewUpdate
from generator.cli.terminal import note
from generator.record.model import Site
from generator.render.routes import Address
from generator.render.routes import record as page_of
from generator.terms import Kind


def tell(
    root: Path,
    site: Site,
    kind: Kind,
    id: str,
    title: str,
    update: NewUpdate,
    changes: Sequence[Change],
    *,
    draft: bool,
) -> None:
    """Print the files, the page's address, and the commands that come next."""
    for change in changes:
        click.echo(change.path)
    config = site.config
    address = Address(config.url, config.default, config.default).absolute(page_of(kind, id))
    click.echo(f"{address} (not while it is a draft)" if draft else address)
    lacking = [lang for lang in config.languages if lang not in update.texts]
    if lacking:
        note(f"not in {', '.join(lacking)} yet; `statique translations` lists what is missing")
    here = root == Path()
    folder = "" if here else f" -C {shlex.quote(str(root))}"
    files = " ".join(shlex.quote(path) for path in _gathered([change.path for change in changes]))
    subject = shlex.quote(f"{title}: {update.phase}")
    click.echo(f"Next: statique{folder} check")
    click.echo(f"      git{folder} add {files} && git{folder} commit -m {subject}")


def _gathered(paths: Sequence[str]) -> Sequence[str]:
    """Return the files of a record as one pattern for git, where they lie side by side."""
    stems = {path.rpartition("/")[0] + "/" + names.named(path) for path in paths}
    return [f"{stem}.*" for stem in stems] if len(paths) > 1 == len(stems) else paths
