"""A site folder that is looked at again and again: what its files said is held until one of them may have changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.record.folder import CONTENT, Lot, Place, Walked, read_file, read_source, walked
from generator.record.parse import Parsed, Said, Source, together
from generator.terms import Dialect

MANY = 1000
"""So many changes at once are worth a look at everything; the system may have left out some of them."""


@dataclass(slots=True)
class _Bytes:
    """A file's bytes, what the system told of it then, and the number of the look at everything that they are of."""

    look: int
    traits: tuple[int, int, int]
    data: bytes


@dataclass(slots=True)
class _Spoken:
    """What the files of a lot said, each and together."""

    look: int
    dialect: Dialect
    lot: Lot
    parsed: tuple[Parsed, ...]
    said: Said


class Holding:
    """The files of one site folder as they were last read; values of files that did not change are the same values."""

    def __init__(self, root: Path, parse: Mapping[Dialect, Callable[[Source], Parsed]]) -> None:
        self._root, self._parse = root, parse
        self._look = 0
        self._walked: Walked | None = None
        self._lots: dict[str, Lot] = {}
        self._bytes: dict[str, _Bytes] = {}
        self._parsed: dict[str, tuple[Dialect, bytes, Parsed]] = {}
        self._spoken: dict[str, _Spoken] = {}

    def doubt(self, changed: Collection[str] | None) -> None:
        """Take in which files may have changed, by their paths in the site folder with slashes: all, where it is None.

        One that came or went counts as changed, and a folder stands for everything.
        """
        if changed is None or len(changed) > MANY or any((self._root / path).is_dir() for path in changed):
            self._look += 1
            self._walked = None
            return
        for path in changed:
            if held := self._bytes.get(str(self._root / path)):
                held.look = -1
            lot = self._lots.get(path)
            if lot is not None and (spoken := self._spoken.get(lot.name)):
                spoken.look = -1
            if path.startswith(f"{CONTENT}/") and (lot is None or not (self._root / path).is_file()):
                self._walked = None

    def walk(self, root: Path) -> Walked:
        """Return the files of records in ``root``, which is the site folder."""
        if self._walked is None:
            self._walked = walked(root)
            self._lots = {place.path: lot for lot in self._walked.lots for place in lot.places()}
            self._parsed = {path: one for path, one in self._parsed.items() if path in self._lots}
        return self._walked

    def take(self, dialect: Dialect, lots: Sequence[Lot]) -> list[Said]:
        """Return what the files of each of some lots say."""
        return [self._said(dialect, lot) for lot in lots]

    def read(self, file: str) -> bytes:
        """Return a file's bytes; raise Refused for what is not read."""
        held = self._bytes.get(file)
        if held is not None and held.look == self._look:
            return held.data
        try:
            facts = os.lstat(file)
        except OSError:
            return read_file(file)
        traits = (facts.st_mtime_ns, facts.st_size, facts.st_ino)
        if held is None or held.traits != traits:
            data = read_file(file)
            held = _Bytes(self._look, traits, held.data if held is not None and held.data == data else data)
            self._bytes[file] = held
        held.look = self._look
        return held.data

    def _said(self, dialect: Dialect, lot: Lot) -> Said:
        held = self._spoken.get(lot.name)
        same = held if held is not None and held.dialect is dialect and held.lot == lot else None
        if same is not None and same.look == self._look:
            return same.said
        parsed = tuple(self._one(dialect, place) for place in lot.places())
        if same is not None and all(one is other for one, other in zip(same.parsed, parsed, strict=True)):
            same.look = self._look
            return same.said
        made = _Spoken(self._look, dialect, lot, parsed, together(*parsed))
        self._spoken[lot.name] = made
        return made.said

    def _one(self, dialect: Dialect, place: Place) -> Parsed:
        source = read_source(place, self.read)
        if isinstance(source, Parsed):
            return source
        held = self._parsed.get(place.path)
        if held is None or held[0] is not dialect or held[1] is not source[1]:
            held = (dialect, source[1], self._parse[dialect](source))
            self._parsed[place.path] = held
        return held[2]
