"""What source files say, known by what the system tells of them: where nothing of a month changed, nothing is read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from generator.publish.look import Look
from generator.publish.memo import Kept, Memo, Remembered, Spread
from generator.record.folder import Lot, read_source, spoken
from generator.record.parse import Parsed, Said, Source


class Sources:
    """The files of one site, known by lots, those of a month mostly.

    Where none of a lot was touched, what all of it said is one value, and so it is where all were written anew with
    the same bytes, as a checkout does. Else each file is known by its bytes: ``parse`` remembers what they said.
    """

    def __init__(self, memo: Memo, parse: Remembered[Source, Parsed], *, look: Look, spread: Spread = map) -> None:
        self._parse, self._look, self._spread = parse, look, spread
        self._read: Kept[object, bytes] = memo.kept("lot of files", fingerprint=parse.salt, returns=bytes)
        self._said: Kept[object, Said] = memo.kept("lot", fingerprint=parse.salt, returns=Said)

    def take(self, lots: Sequence[Lot]) -> list[Said]:
        """Return what the files of each of some lots say."""
        seen = {lot: key for lot in lots if (key := self._seen(lot))}
        read = self._read.known(seen.values())
        keys = {lot: read[key] for lot, key in seen.items() if key in read}
        said = self._known(keys)
        if unknown := [lot for lot in lots if lot not in said]:
            sources = {lot: [read_source(place) for place in lot.places()] for lot in unknown}
            keys = {lot: self._said.key(found) for lot, found in sources.items()}
            said |= self._known(keys)
            said |= self._parsed({lot: found for lot, found in sources.items() if lot not in said}, keys)
            for lot in unknown:
                if lot in seen:
                    self._read.keep(seen[lot], keys[lot])
        return [said[lot] for lot in lots]

    def _seen(self, lot: Lot) -> bytes | None:
        """Return a key of what the system tells of a lot's files, None where that proves nothing."""
        traits = self._look.traits(lot.folder, lot.names)
        return self._read.key((lot.path, traits)) if traits else None

    def _known(self, keys: dict[Lot, bytes]) -> dict[Lot, Said]:
        found = self._said.known(keys.values())
        return {lot: found[key] for lot, key in keys.items() if key in found}

    def _parsed(self, sources: dict[Lot, list[Source | Parsed]], keys: dict[Lot, bytes]) -> dict[Lot, Said]:
        """Return what the files of some lots say, parsed by as many processes as there are."""
        found = spoken(list(sources.values()), partial(self._parse.many, spread=self._spread))
        return {lot: self._said.keep(keys[lot], said) for lot, said in zip(sources, found, strict=True)}
