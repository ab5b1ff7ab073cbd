"""What source files say, known by what the system tells of the files: what is unchanged is neither read nor parsed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from generator.publish.memo import Memo, Remembered, Spread
from generator.publish.seen import Traits, settled, traits
from generator.record.load import Parsed, Place, Source, read_source

Known = dict[str, tuple[Traits, bytes]]
"""By a file's path in the site folder: its traits when it was read, and the key of what it said."""


class Sources:
    """The files of one site; what they said is remembered by ``parse``, and by which traits in ``memo``."""

    def __init__(
        self, memo: Memo, parse: Remembered[Source, Parsed], *, clock: Path | None, spread: Spread = map
    ) -> None:
        self._memo, self._parse, self._spread = memo, parse, spread
        self._name = f"sources {parse.salt.hex()}"
        self._before = 0  # where there is no clock, no file is trusted
        with suppress(OSError):
            self._before = settled(clock) if clock else 0
        self._former = memo.note(self._name, Known) or {}
        self._latter: Known = {}

    def take(self, places: Sequence[Place]) -> list[Parsed]:
        """Return what the files at ``places`` say, in their order."""
        found = {place: self._traits(place) for place in places}
        keys = {place: key for place in places if (key := self._key(place, found[place]))}
        known = self._parse.known(keys.values())
        unread = [place for place in places if keys.get(place) not in known]
        said = dict(zip(unread, self._read(unread, found), strict=True))
        self._latter |= {place.path: self._former[place.path] for place in places if place not in said}
        return [said[place] if place in said else known[keys[place]] for place in places]

    def keep(self) -> None:
        """Remember what was taken, in place of what was known before."""
        if self._latter != self._former:
            self._memo.keep_note(self._name, self._latter)

    def _key(self, place: Place, found: Traits | None) -> bytes | None:
        known = self._former.get(place.path)
        return known[1] if known and known[0] == found else None

    def _read(self, places: Sequence[Place], found: dict[Place, Traits | None]) -> list[Parsed]:
        read = [read_source(place) for place in places]
        sources = [source for source in read if not isinstance(source, Parsed)]
        said = dict(zip((path for path, _ in sources), self._parse.many(sources, self._spread), strict=True))
        for place, source in zip(places, read, strict=True):
            facts = found[place]
            if facts and not isinstance(source, Parsed):
                self._latter[place.path] = (facts, self._parse.key(source))
        return [source if isinstance(source, Parsed) else said[source[0]] for source in read]

    def _traits(self, place: Place) -> Traits | None:
        try:
            return traits(os.lstat(place.file), self._before)
        except OSError:
            return None
