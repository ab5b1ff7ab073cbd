"""The incidents and maintenance of synthetic sites, as files in every language that there are words for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.phrases import COMPONENT_IDS, PHRASES, Phrases


class Update(NamedTuple):
    """One update: the opening of its status says the rest; ``extra`` follows it in the original."""

    status: str
    at: datetime
    fields: str = ""
    extra: str = ""


class Record(NamedTuple):
    """One incident or maintenance; ``front`` are the lines of its front matter below the title."""

    path: str
    titles: Mapping[str, str]
    front: str
    about: str
    updates: tuple[Update, ...]


def write_record(content: Path, record: Record, languages: tuple[str, ...]) -> None:
    """Write the original in English, and a translation for each language that the title has."""
    for language in languages:
        original = language == "en"
        if language not in record.titles:
            continue
        file = content / (f"{record.path}.md" if original else f"{record.path}.{language}.md")
        file.parent.mkdir(parents=True, exist_ok=True)
        front = f"{record.front.strip()}\n" if original else ""
        title = f'title: "{record.titles[language]}"\n'
        sections = "".join(_sections(record, PHRASES.get(language), original=original))
        file.write_text(f"---\n{title}{front}---\n{sections}", encoding="utf-8")


def _sections(record: Record, phrases: Phrases | None, *, original: bool) -> Iterator[str]:
    """Yield the updates; a language without phrases has none of them, so that pages show both languages."""
    for number, update in enumerate(record.updates):
        if phrases is None:
            return
        fields = f"{update.fields}\n" if original and update.fields else ""
        extra = f"\n{update.extra}" if original and update.extra else ""
        text = _text(phrases, record, update, number)
        yield f"\n## {update.status} {update.at:%Y-%m-%d %H:%M} UTC\n{fields}\n{text}\n{extra}"


def _text(phrases: Phrases, record: Record, update: Update, number: int) -> str:
    # Maintenance has no openings of its own: a detail is as good.
    detail = phrases.details[number % len(phrases.details)]
    said = (phrases.openings[update.status][number % 2], detail) if update.status in phrases.openings else (detail,)
    return " ".join(said).format(
        component=phrases.components[COMPONENT_IDS.index(record.about)],
        cause=phrases.causes[number % len(phrases.causes)],
        time=f"{update.at - timedelta(minutes=5):%H:%M} UTC",
        percent=73 - 13 * number,
        version=f"v2.{number}.0",
    )


def past(begun: datetime, about: str, *, severity: str, state: str, minutes: int, symptom: int) -> Record:
    """Return an incident of one component that began and ended long ago."""
    half = begun + timedelta(minutes=minutes // 2)
    end = begun + timedelta(minutes=minutes)
    titles = {
        code: phrases.titles[symptom].format(component=phrases.components[COMPONENT_IDS.index(about)])
        for code, phrases in PHRASES.items()
    }
    return Record(
        f"incidents/{begun:%Y}/{begun:%Y-%m-%d}-{about}",
        titles,
        f"severity: {severity}\ncomponents: {{{about}: {state}}}\ntags: [{about}, capacity]",
        about,
        (Update("investigating", begun), Update("identified", half), Update("resolved", end)),
    )
