"""What every importer gives back and needs: files with their sources, ids from names, times, YAML that reads back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import msgspec
import yaml

from generator.errors import Problem
from generator.record.source import Report
from generator.terms import Impact, Level

ID_LIMIT = 100
EARLIEST = 1990
"""Times before this year are faults of their files."""

RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10))]
)
"""Names that Windows keeps for devices; no file may have them."""


class ImportedFile(msgspec.Struct, frozen=True):
    """A file to write: its path below the site folder, its whole text, and the foreign file it came from."""

    path: str
    text: str
    source: str


class Imported(msgspec.Struct, frozen=True):
    """What an import yields: files in the order of their paths, and all that could not be taken over as it was."""

    files: tuple[ImportedFile, ...]
    problems: tuple[Problem, ...]


class SourceReport(Report):
    """Collects the problems of one foreign file, whose path it makes printable."""

    def __init__(self, path: str) -> None:
        super().__init__("".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in path))

    @property
    def failed(self) -> bool:
        """Return whether a problem was noted that keeps the file out, which a warning does not."""
        return any(not problem.warning for problem in self.problems)


class ForeignSeverity(msgspec.Struct, frozen=True):
    """A row of ``site.yml``'s matrix in a foreign system's own words."""

    id: str
    name: str
    meaning: str
    respond: str
    update: str | None
    state: Level
    impact: Impact


def slug(text: str, fallback: str) -> str:
    """Return ``text`` as an id: words of a-z and 0-9 joined by hyphens; ``fallback`` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:ID_LIMIT].strip("-") or fallback


def unique(wanted: str, taken: Collection[str]) -> str:
    """Return ``wanted``, with the first free number behind it when it is taken or reserved."""
    if wanted not in taken and wanted not in RESERVED:
        return wanted
    number = 2
    while (candidate := f"{wanted[: ID_LIMIT - 6].rstrip('-')}-{number}") in taken:
        number += 1
    return candidate


class NaiveTime(ValueError):
    """A time without its offset, where no time zone was given."""


# ISO 8601 as people type it: hours of one digit, no seconds, no time at all, a zone with or without colon.
_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ ]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?[ ]*(?:([Zz]|UTC|GMT)|([+-])(\d{1,2}):?(\d{2})?)?)?\Z",
    re.ASCII,
)


def moment(text: str, zone: ZoneInfo | None) -> datetime:
    """Return the time that a foreign text names, in UTC and whole seconds; a date alone is its midnight.

    ``zone`` is where times without an offset were written. Raise NaiveTime when it is needed and missing, and
    ValueError for what is no time or lies before 1990.
    """
    match = _TIME.match(text.strip())
    if not match:
        raise ValueError(text)
    year, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups()
    naive = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001 - the zone follows below
    if not EARLIEST <= naive.year < 9999:
        raise ValueError(text)
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        return naive.replace(tzinfo=timezone(offset)).astimezone(UTC)
    if utc:
        return naive.replace(tzinfo=UTC)
    if zone is None:
        raise NaiveTime(text)
    return naive.replace(tzinfo=zone).astimezone(UTC)


class _Emitter(yaml.SafeDumper):
    """Writes what both YAML 1.1 and 1.2 read back as the same text, and dates as plain words."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the library's signature
        # Lists stand deeper than their key, as people write them.
        super().increase_indent(flow=flow, indentless=False)


_Emitter.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
_Emitter.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"0o[0-7]+\Z"), ["0"])  # octal in 1.2 only


def emit(values: Mapping[str, object]) -> str:
    """Return ``values`` as YAML in their order; every text reads back as itself, whatever it looks like."""
    return yaml.dump(dict(values), Dumper=_Emitter, allow_unicode=True, sort_keys=False, width=float("inf"))


def front(values: Mapping[str, object]) -> str:
    """Return ``values`` as the front matter of a Markdown file, fences included."""
    return f"---\n{emit(values)}---\n"


def stem(path: str) -> str:
    """Return the name that a content file goes by: its own, or its folder's when it is that folder's index."""
    pure = PurePosixPath(path)
    return pure.parent.name if pure.stem == "index" else pure.stem
