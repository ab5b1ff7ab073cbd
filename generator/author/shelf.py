"""The part of a site that a command needs to read: an update must not wait for ten thousand old incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from generator.errors import ContentError
from generator.record.folder import taking
from generator.record.load import Survey, dialect_of, survey
from generator.record.model import Site
from generator.record.parse import FOLDERS, LIBRARY, Parsed, Source, parser
from generator.terms import Kind

Wanted = Callable[[Source], bool]


class Shelf(msgspec.Struct, frozen=True):
    """What was read of a site, and the paths of all its incidents, maintenance and translations, in their order."""

    found: Survey
    site: Site
    paths: tuple[str, ...]

    def originals(self, kind: Kind | None = None) -> dict[str, str]:
        """Return the paths of records by their ids, of one kind or of both, in order of the ids."""
        stems = {path: path.rsplit("/", 1)[1].removesuffix(".md") for path in self.paths}
        kinds = {path: FOLDERS[path.split("/")[1]] for path in self.paths}
        every = {stem: path for path, stem in stems.items() if "." not in stem and kind in (None, kinds[path])}
        return dict(sorted(every.items()))

    def is_taken(self, id: str) -> bool:
        """Return whether an id is, or was, that of a record; files that cannot be read count."""
        return id in self.originals() or any(id in entry.original.aliases for entry in self.site.entries)


def read(root: Path, wanted: Wanted, *, now: datetime) -> Shelf:
    """Return the settings, the ready-made updates, and the records that are wanted.

    Raises ContentError when the settings cannot be read.
    """
    paths: list[str] = []
    read = parser(dialect_of(root))

    def parse(sources: Iterable[Source]) -> Iterator[Parsed]:
        for source in sources:
            kind = FOLDERS[source[0].split("/")[1]]
            if kind is not None:
                paths.append(source[0])
            folder = source[0].split("/")[1]
            needed = folder == "messages" or ((kind is not None or folder == LIBRARY) and wanted(source))
            yield read(source) if needed else Parsed(None, ())

    found = survey(root, now=now, take=taking(parse))
    if found.site is None:
        raise ContentError(found.errors)
    return Shelf(found, found.site, tuple(paths))


def for_new(kind: Kind) -> Wanted:
    """Want what a new record may collide with: former ids, and for maintenance other windows."""

    def wanted(source: Source) -> bool:
        path, data = source
        planned = kind is Kind.MAINTENANCE and FOLDERS[path.split("/")[1]] is kind
        return "." not in path.removesuffix(".md") and (planned or b"aliases" in data)

    return wanted


def for_id(name: str) -> Wanted:
    """Want the records whose ids begin with ``name``, or that were called so, with their translations."""
    former = name.encode("utf-8", "replace")

    def wanted(source: Source) -> bool:
        path, data = source
        stem = path.rsplit("/", 1)[1]
        if path.split("/")[1] == LIBRARY:
            return former in data
        return stem.startswith(name) or (stem.count(".") == 1 and b"aliases" in data and former in data)

    return wanted


def everything(_: Source) -> bool:
    """Want all records."""
    return True
