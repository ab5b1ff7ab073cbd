"""The files that the search page reads in one language: a Pagefind index for each volume, and what is too new for it.

A volume is made once and remembered: what is unchanged is neither made nor read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

import cbor2
import msgspec

from generator.feeds.document import json_bytes
from generator.hashing import key_of
from generator.publish.artifact import Artifact, Bundle, Rank
from generator.publish.files import digest
from generator.publish.memo import Kept, Memo, Spread
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.search.canonical import ENTRY, SCRIPTS, canonical
from generator.search.documents import Entry, ToHtml, document, of_page, of_postmortem, of_record, told
from generator.search.program import NoIndex, edition, indexed
from generator.terms import Dialect
from generator.view.basics import Later, keyed
from generator.view.library import PostmortemView
from generator.view.program_views import Volume
from generator.view.views import LanguageView, SearchArchive

PAGES = "pages"
"""The name of the volume of all that is no record."""
POSTMORTEMS = "postmortems"
"""The name of the volume of what has no date in the library, and the beginning of those of all others there."""

Index = tuple[tuple[str, bytes], ...]
"""An index: the paths of its files, in order, and what is in them; or the hashes of that."""


class Lot(NamedTuple):
    """What one volume is made of: a hash of it, and its entries once they are asked for."""

    name: str
    made_of: bytes
    entries: Callable[[], Iterable[Entry]]


class Found(NamedTuple):
    """The files of the search in one language, and why there is no index where there is none."""

    artifacts: tuple[Artifact | Bundle, ...]
    warnings: tuple[str, ...]


class _Indexer:
    """The volumes of one language: what files each has, and those files when one of them is asked for."""

    def __init__(
        self, lots: Iterable[Lot], language: Language, dialect: Dialect, to_html: ToHtml, *, memo: Memo, spread: Spread
    ) -> None:
        self._spread = spread
        self._lots = {lot.made_of: lot for lot in lots}
        known = key_of(fingerprint(), language.fingerprint, edition(), dialect)
        # No method of this object's: what refers to itself would stay, with all the files that it holds.
        make = partial(_index, self._lots, language.code, to_html)
        self._remembered = memo.remembered("search volume", make, fingerprint=known, returns=Index)
        self._listed: Kept[bytes, Index] = memo.kept("search files", fingerprint=known, returns=Index)
        self._open: dict[bytes, dict[str, bytes]] = {}

    def files(self) -> Mapping[bytes, Index]:
        """Return the paths and hashes of each volume's files; raise NoIndex where one cannot be made."""
        keys = {made_of: self._listed.key(made_of) for made_of in self._lots}
        known = self._listed.known(keys.values())
        # The newest volumes come last: they are small, and what is made last has all other processes wait.
        unknown = [made_of for made_of, key in reversed(keys.items()) if key not in known]
        for made_of, files in zip(unknown, self._remembered.many(unknown, self._spread), strict=True):
            self._open[made_of] = dict(files)
            known[keys[made_of]] = listed = tuple((path, digest(data)) for path, data in files)
            self._listed.keep(keys[made_of], listed)
        return {made_of: known[key] for made_of, key in keys.items()}

    def file(self, lot: Lot, path: str) -> bytes:
        """Return one file of a volume."""
        if lot.made_of not in self._open:
            self._open[lot.made_of] = dict(self._remembered(lot.made_of))
        return self._open[lot.made_of][path]


def _index(lots: Mapping[bytes, Lot], lang: str, to_html: ToHtml, made_of: bytes) -> Index:
    entries = lots[made_of].entries()
    return _checked(indexed(document(entry, lang, to_html) for entry in entries))


def files(
    site: LanguageView, address: Address, *, language: Language, to_html: ToHtml, memo: Memo, spread: Spread = map
) -> Found:
    """Return the files of the search in one language; without its index where the program that makes it is missing.

    ``spread`` applies a function to volumes, perhaps in several processes.
    """
    if site.search is None:
        return Found((), ())
    lots = tuple(_lots(site.search.archive(), site, language))
    indexer = _Indexer(lots, language, site.info.markdown, to_html, memo=memo, spread=spread)
    try:
        listed = indexer.files()
    except NoIndex as error:
        recent = _recent((), site, address, language, to_html)
        return Found((recent,), (f"{error}; readers can search what is recent",))
    volumes = [_volume(lot, listed[lot.made_of], address, indexer) for lot in lots]
    names = tuple(lot.name for lot in lots)
    return Found((*volumes, _recent(names, site, address, language, to_html)), ())


def _checked(made: Mapping[str, bytes]) -> Index:
    try:
        return tuple(canonical(made).items())
    except (LookupError, TypeError, ValueError, OSError, cbor2.CBORError) as error:
        raise NoIndex(f"Pagefind {edition()} made a search index of an unknown form: {error!r}") from error


def _lots(search: SearchArchive, site: LanguageView, language: Language) -> Iterator[Lot]:
    for name, volume in search.volumes.items():
        yield Lot(name, volume.made_of, partial(_of_records, volume, language))
    if site.pages:
        yield Lot(PAGES, key_of(PAGES, site.pages), partial(map, partial(of_page, language=language), site.pages))
    for years, learned in search.postmortems.items():
        name = f"{POSTMORTEMS}-{years}" if years else POSTMORTEMS
        yield Lot(name, learned.made_of, partial(_of_postmortems, learned, language))


def _of_records(volume: Later[Volume], language: Language) -> Iterator[Entry]:
    return (of_record(record, language) for record in volume.make().records)


def _of_postmortems(learned: Later[tuple[PostmortemView, ...]], language: Language) -> Iterator[Entry]:
    return (of_postmortem(view, language) for view in learned.make())


def _volume(lot: Lot, listed: Index, address: Address, indexer: _Indexer) -> Bundle:
    return Bundle(
        f"search {address.lang} {lot.name}",
        keyed("volume", lot.name, address, listed),
        partial(_listed, lot, listed, address, indexer),
    )


def _listed(lot: Lot, listed: Index, address: Address, indexer: _Indexer) -> Iterator[Artifact]:
    folder, origin = routes.volume(lot.name), f"the search index ({address.lang})"
    for path, made_of in listed:
        yield Artifact(
            path=address.file(folder + path),
            keyed=keyed("search", made_of),
            make=partial(indexer.file, lot, path),
            # What names other files comes after them.
            rank=Rank.PAGE if path in {ENTRY, *SCRIPTS} else Rank.ASSET,
            origin=origin,
        )


def _recent(
    names: tuple[str, ...], site: LanguageView, address: Address, language: Language, to_html: ToHtml
) -> Artifact:
    recent = site.search.archive().recent if site.search else ()
    volumes, entries = [f"{name}/" for name in names], tuple(of_record(record, language) for record in recent)
    return Artifact(
        path=address.file(routes.SEARCH_RECENT),
        keyed=keyed("search recent", fingerprint(), site.info.markdown, volumes, entries),
        make=partial(_written, volumes, entries, to_html),
        rank=Rank.FEED,
        origin=f"what is too new for the search index ({address.lang})",
    )


def _written(volumes: list[str], entries: Iterable[Entry], to_html: ToHtml) -> bytes:
    records = [told(entry, to_html) for entry in entries]
    return json_bytes({"volumes": volumes, "records": msgspec.to_builtins(records)})
