"""What source files say, known by what the system tells of the files: what is unchanged is neither read nor parsed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from generator.publish.memo import Kept, Memo, Remembered, Spread
from generator.publish.seen import Traits, settled, traits
from generator.record.load import Parsed, Place, Source, lots, read_source

Known = dict[str, tuple[Traits, bytes]]
"""By a file's path in the site folder: its traits when it was read, and the key of what it said."""

Lot = tuple[Place, ...]


class Sources:
    """The files of one site; what they said is remembered by ``parse``, and by which traits in ``memo``.

    Files are known by lots, those of a month mostly: where none of a lot was touched, what all of it said is one value.
    """

    def __init__(
        self, memo: Memo, parse: Remembered[Source, Parsed], *, clock: Path | None, spread: Spread = map
    ) -> None:
        self._memo, self._parse, self._spread = memo, parse, spread
        self._lots: Kept[object, tuple[Parsed, ...]]
        self._lots = memo.kept("lot", fingerprint=parse.salt, returns=tuple[Parsed, ...])
        self._before = 0  # where there is no clock, no file is trusted
        with suppress(OSError):
            self._before = settled(clock) if clock else 0

    def take(self, places: Sequence[Place]) -> list[Parsed]:
        """Return what the files at ``places`` say, in their order."""
        found, parts = {place: self._traits(place) for place in places}, tuple(lots(places))
        keys = {lot: key for lot in parts if (key := self._lot_key(lot, found))}
        known = self._lots.known(keys.values())
        unknown = [lot for lot in parts if keys.get(lot) not in known]
        said = self._of_files(unknown, found)
        for lot in unknown:
            if lot in keys:
                self._lots.keep(keys[lot], tuple(said[place] for place in lot))
        told = (known.get(keys.get(lot, b"")) or [said[place] for place in lot] for lot in parts)
        return [*chain.from_iterable(told)]

    def _lot_key(self, lot: Lot, found: Mapping[Place, Traits | None]) -> bytes | None:
        facts = tuple((place.path, found[place]) for place in lot)
        return None if any(known is None for _, known in facts) else self._lots.key(facts)

    def _of_files(self, lots: Iterable[Lot], found: Mapping[Place, Traits | None]) -> dict[Place, Parsed]:
        """Return what the files of some lots say; remember each file for itself."""
        former = {lot: self._memo.note(self._name(lot), Known) or {} for lot in lots}
        keys = {
            place: known[1]
            for lot, files in former.items()
            for place in lot
            if (known := files.get(place.path)) and known[0] == found[place]
        }
        said = self._parse.known(keys.values())
        there = {place: said[key] for place, key in keys.items() if key in said}
        read = self._read([place for lot in former for place in lot if place not in there])
        for lot, files in former.items():
            latter = {
                place.path: (facts, key)
                for place in lot
                if (facts := found[place]) and (key := keys[place] if place in there else read[place][1])
            }
            if latter != files:
                self._memo.keep_note(self._name(lot), latter)
        return there | {place: one for place, (one, _) in read.items()}

    def _read(self, places: Sequence[Place]) -> dict[Place, tuple[Parsed, bytes | None]]:
        """Return what files say, each with the key of that, None for one that cannot be read."""
        read = {place: read_source(place) for place in places}
        sources = {place: source for place, source in read.items() if not isinstance(source, Parsed)}
        parsed = dict(zip(sources, self._parse.many(sources.values(), self._spread), strict=True))
        return {
            place: (one, None) if isinstance(one, Parsed) else (parsed[place], self._parse.key(one))
            for place, one in read.items()
        }

    def _name(self, lot: Lot) -> str:
        return f"sources {self._parse.salt.hex()} {lot[0].lot}"

    def _traits(self, place: Place) -> Traits | None:
        try:
            return traits(os.lstat(place.file), self._before)
        except OSError:
            return None
