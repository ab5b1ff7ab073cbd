"""The report on what is not translated, as text, annotations or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click
import msgspec

from generator.author.gap import Gap
from generator.author.gaps import gaps
from generator.cli.options import clock, workspace_folder
from generator.cli.terminal import note
from generator.errors import ContentError, Problem, UsageError, shown
from generator.reading import examine
from generator.record.ages import library_ages
from generator.record.fields import nearest
from generator.record.model import Site
from generator.reports import counted, github

_WORDS = {
    "title": "the title is not translated",
    "update": "the update is not translated",
    "page": "the page is not translated",
    "message": "the ready-made text is not translated",
    "name": "a text is not translated",
    "postmortem": "the postmortem is not translated",
    "section": "the section is not translated",
    "action": "the action is not translated",
    "revision": "the original changed after it was translated",
}


def report(root: Path, *, only: str | None, form: str, exit_zero: bool) -> None:
    """Print what is missing; exit with 1 when something of it is published."""
    found = examine(root, now=clock(None))
    if found.site is None:
        raise ContentError(found.errors)
    ages = library_ages(root, now=clock(None))
    missing = {lang: gaps(found.site, lang, ages) for lang in _languages(found.site, only)}
    every = [gap for one in missing.values() for gap in one]
    if form == "json":
        click.echo(_json(missing))
    elif form == "github":
        for gap in every:
            click.echo(github(_problem(gap), folder=workspace_folder(root)))
    else:
        for lang, one in missing.items():
            _print(lang, one)
    published = sum(gap.published for gap in every)
    if form != "json":
        count = len([one for one in missing.values() if one])
        told = f"{counted(len(every), 'text')} missing in {counted(count, 'language')}, {published} of them published"
        note(told if every else "nothing is missing")
    if published and not exit_zero:
        raise SystemExit(1)


def _languages(site: Site, only: str | None) -> Sequence[str]:
    languages = site.config.languages[1:]
    if only is None:
        return languages
    if only == site.config.default:
        raise UsageError(f"--language: {only} is the default language, in which everything is written")
    if only not in languages:
        raise UsageError(f'--language: "{shown(only)}" is not a language of this site; {nearest(only, languages)}')
    return (only,)


def _print(lang: str, missing: Sequence[Gap]) -> None:
    if not missing:
        click.echo(f"{lang}: complete")
        return
    kinds = groupby(sorted(gap.kind for gap in missing))
    counts = ", ".join(counted(len([*group]), kind) for kind, group in kinds)
    click.echo(f"{lang}: {len(missing)} missing ({counts})")
    for target, group in groupby(missing, key=lambda gap: gap.target):
        click.echo(f"  {target}")
        for gap in group:
            draft = "" if gap.published or gap.kind == "message" else " (draft)"
            click.echo(f"    {gap.kind} {shown(gap.text)}{draft}")


def _problem(gap: Gap) -> Problem:
    message = f"{_WORDS[gap.kind]} into {gap.language}: {shown(gap.text)}"
    return Problem(gap.path, gap.line, 1, "translation", message, f"write it in {gap.target}", warning=True)


def _json(missing: dict[str, tuple[Gap, ...]]) -> str:
    document = {
        "languages": {
            lang: {"missing": len(one), "published": sum(gap.published for gap in one)} for lang, one in missing.items()
        },
        "missing": [gap for one in missing.values() for gap in one],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
