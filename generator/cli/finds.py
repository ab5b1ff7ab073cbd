"""What is like a record or a text, found in a site's folder and told as text or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click
import msgspec

from generator.alike import Find, like_record, like_text
from generator.author import names
from generator.cli.terminal import note
from generator.errors import ContentError
from generator.reading import examine, languages_of
from generator.record.model import Entry, PostmortemEntry, Site
from generator.render.i18n import Language
from generator.view.lessons import KIND


def report(root: Path, *, id: str | None, text: str, now: datetime, limit: int, as_json: bool) -> None:
    """Print what is like the record ``id``, or like ``text`` where there is none."""
    found = examine(root, now=now)
    if found.site is None:
        raise ContentError(found.errors)
    site = found.site
    if id is None:
        finds = like_text(site, text, now=now, limit=limit)
    else:
        finds = like_record(site, _entry(site, id), now=now, limit=limit)
    if as_json:
        click.echo(similar_json(finds))
    elif finds:
        click.echo(similar_text(finds, languages_of(root, site.config)[site.config.default]))
    else:
        note("nothing before is like it")


def _entry(site: Site, wanted: str) -> Entry | PostmortemEntry:
    """Return an incident or a maintenance, else a postmortem: one that has its incident's id is asked for by that."""
    entry = names.find(site, wanted) or names.find_postmortem(site, wanted)
    if entry is None:
        ids = [one.original.id for one in site.entries]
        raise names.unknown(wanted, [*ids, *(one.original.id for one in site.postmortems)])
    return entry


def similar_text(finds: Iterable[Find], language: Language) -> str:
    """Return earlier records that are like one as lines for a person, the most similar first."""
    return "\n\n".join("\n".join(_find(find, language)) for find in finds)


def _find(find: Find, language: Language) -> Iterator[str]:
    lasted = "" if find.minutes is None else f", {language.duration(find.minutes)}"
    severity = f", {find.severity}" if find.severity else ""
    yield f"{find.title}  ({find.id})"
    when = language.moment(find.started) if find.started else "undated"
    if find.match.kind == KIND:
        when = f"postmortem, {language.short_date(find.started.date()) if find.started else when}"
    yield f"  {when}{lasted}{severity}"
    match = find.match
    shared = (("tags", match.tags), ("components", match.components), ("words", match.words))
    told = [f"{name}: {', '.join(ones)}" for name, ones in shared if ones]
    yield f"  {'; '.join(told)}"


def similar_json(finds: Iterable[Find]) -> str:
    """Return earlier records that are like one as a JSON array, the most similar first."""
    found = [
        {
            "kind": find.match.kind,
            "id": find.id,
            "title": find.title,
            "started": find.started,
            "minutes": find.minutes,
            "severity": find.severity,
            "impact": find.impact,
            "score": find.match.score,
            "shared": {"tags": find.match.tags, "components": find.match.components, "words": find.match.words},
        }
        for find in finds
    ]
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
