"""The files of a site folder: which of them are read, in lots, and what those are told that are not."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from generator.errors import Problem, shown
from generator.record.fields import ID, LANGUAGE
from generator.record.parse import FOLDERS, LIBRARY, Parse, Parsed, Said, Source, parse_records, together
from generator.record.source import Refused, read_bytes

DEPTH_LIMIT = 8
BATCH = 1000
CONTENT = "content"
MESSAGES = "messages"

_ID, _LANGUAGE = (pattern.pattern.removesuffix(r"\Z") for pattern in (ID, LANGUAGE))
_ORIGINAL = re.compile(rf"(?:{_ID})\.md")
_USUAL = re.compile(rf"(?:{_ID})(?:\.(?:{_LANGUAGE}))?\.md")
_BEGINNING = itemgetter(slice(7))
_HIDING = (".", "#")  # what names of hidden files, and of those that editors leave behind, begin with
Read = Callable[[str], bytes]
Listing = Callable[[str], list[os.DirEntry[str]]]


def kind_of(path: str) -> str:
    """Return the folder of ``content/`` in which a path in the site folder lies."""
    return path.split("/")[1]


class Place(NamedTuple):
    """Where a file lies, and its path in the site folder, with slashes."""

    file: str
    path: str


class Lot(NamedTuple):
    """Files that belong together: names in one folder that begin alike, which is a month where they begin with a day.

    ``path`` is the folder's path in the site folder, with slashes.
    """

    folder: str
    path: str
    names: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Return the folder of ``content/`` that it is in."""
        return kind_of(self.path)

    @property
    def name(self) -> str:
        """Return the path of its first file, which is in no other lot."""
        return f"{self.path}/{self.names[0]}"

    def places(self) -> Iterator[Place]:
        """Yield where its files lie."""
        beginning = os.path.join(self.folder, "")  # noqa: PTH118 thousands of files
        return (Place(beginning + name, f"{self.path}/{name}") for name in self.names)


Take = Callable[[Sequence[Lot]], Iterable[Said]]
"""Returns what the files of each of some lots say, in their order; of one that cannot be read, why."""


@dataclass(frozen=True, eq=False)
class Walked:
    """The files of records in a site folder in lots, and what is wrong with their places."""

    lots: tuple[Lot, ...]
    problems: tuple[Problem, ...]

    def has_original(self, translation: str) -> bool:
        """Return whether the original of the translation at a path is there, wherever files of its kind may lie."""
        name = translation.rsplit("/", 1)[1].partition(".")[0] + ".md"
        return name in self._names[kind_of(translation) == LIBRARY]

    @cached_property
    def _names(self) -> Mapping[bool, frozenset[str]]:
        """The names of postmortems' files, and of all others."""
        return {
            library: frozenset(name for lot in self.lots if (lot.kind == LIBRARY) is library for name in lot.names)
            for library in (True, False)
        }


Walk = Callable[[Path], Walked]


def read_file(path: str) -> bytes:
    """Return a file's bytes; raise Refused for what is not read."""
    return read_bytes(Path(path))


def taking(parse: Parse = parse_records, read: Read = read_file) -> Take:
    """Return a way to take what files say: each is read, then all are parsed."""
    return partial(_taken, parse, read)


def _taken(parse: Parse, read: Read, lots: Sequence[Lot]) -> Iterable[Said]:
    sources = [[read_source(place, read) for place in lot.places()] for lot in lots]
    return spoken(sources, parse)


def spoken(lots: Sequence[Sequence[Source | Parsed]], parse: Parse) -> list[Said]:
    """Return what each of several lots of files says."""
    found = iter(parsed([*chain.from_iterable(lots)], parse))
    return [together(*islice(found, len(lot))) for lot in lots]


def parsed(files: Sequence[Source | Parsed], parse: Parse) -> list[Parsed]:
    """Return what each of several files says; some have told already why they cannot be read."""
    coming = iter(parse([one for one in files if not isinstance(one, Parsed)]))
    return [one if isinstance(one, Parsed) else next(coming) for one in files]


def read_source(place: Place, read: Read = read_file) -> Source | Parsed:
    """Return a file's path and bytes, or, for one that is not read, why."""
    try:
        return place.path, read(place.file)
    except Refused as refused:
        return Parsed(None, (Problem(place.path, 1, 1, refused.code, refused.message, refused.hint),))


def stranger(path: str, problems: list[Problem], hint: str, what: str = "file") -> None:
    """Report a file, or ``what`` it is, that is none of a site's."""
    problems.append(Problem(shown(path), 1, 1, "F106", f"nothing reads this {what}", hint))


def listed(folder: str) -> list[os.DirEntry[str]]:
    """Return what lies in a folder, in the order of names; raise OSError."""
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def entries(
    folder: Path | str, problems: list[Problem], path: str, listing: Listing = listed
) -> list[os.DirEntry[str]]:
    """Return a folder's entries by name, without hidden files and what editors leave behind."""
    return [entry for entry in _listed(folder, problems, path, listing) if not _is_litter(entry.name)]


def _listed(folder: Path | str, problems: list[Problem], path: str, listing: Listing) -> list[os.DirEntry[str]]:
    try:
        return listing(str(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(Problem(path, 1, 1, "F102", f"cannot be read: {error.strerror}", "check its permissions"))
        return []


def _is_text(name: str) -> bool:
    """Return whether a name is text: some systems have others, too."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_litter(name: str) -> bool:
    return name.startswith(_HIDING) or name.endswith(("~", ".swp", ".swo", ".orig", ".bak", ".tmp"))


def _runs(
    folder: str, path: str, problems: list[Problem], listing: Listing = listed, depth: int = 1
) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the Markdown files below a folder: folders, their paths in the site folder, and names in their order.

    A folder comes as often as others lie between its files. Everything else is reported.
    """
    run: list[str] = []
    for entry in _listed(folder, problems, path, listing):
        name = entry.name
        if name.endswith(".md") and name[0] not in _HIDING:
            run.append(name)
        elif not _is_litter(name) and entry.is_dir(follow_symlinks=False):
            yield folder, path, run
            run = []
            if not _is_text(name):
                stranger(f"{path}/{name}", problems, "give it a name in UTF-8", "folder")
            elif depth == DEPTH_LIMIT:
                hint = "move it up"
                problems.append(Problem(f"{path}/{name}", 1, 1, "F109", f"a folder more than {DEPTH_LIMIT} deep", hint))
            else:
                yield from _runs(entry.path, f"{path}/{name}", problems, listing, depth + 1)
        elif not _is_litter(name):
            lower = name.lower().endswith((".md", ".markdown"))
            stranger(f"{path}/{name}", problems, "end its name in .md" if lower else "move it out of this folder")
    yield folder, path, run


def sources(root: Path, folders: Iterable[str]) -> Iterator[Source]:
    """Yield the files of some folders of ``content/`` that can be read."""
    for place in places(root, folders):
        if not isinstance(source := read_source(place), Parsed):
            yield source


def folder_sources(folder: Path, path: str, problems: list[Problem], *, read: Read = read_file) -> Iterator[Source]:
    """Yield the files of any folder that are named and can be read like records, by the paths that messages show.

    Files are in the order of their names; a name with a language is none, for what has no translations.
    """
    runs = _runs(str(folder), path, problems)
    for place in chain.from_iterable(Lot(inner, at, tuple(names)).places() for inner, at, names in runs):
        name = place.path.rsplit("/", 1)[1].removesuffix(".md")
        if not ID.match(name):
            hint = "use a-z, 0-9 and - between them, at most 100 characters"
            problems.append(Problem(shown(place.path), 1, 1, "F107", f'"{shown(name)}" is not an id', hint))
            continue
        source = read_source(place, read)
        if isinstance(source, Parsed):
            problems += source.problems
        else:
            yield source


def is_record(path: str) -> bool:
    """Return whether a file at this path in the site folder is read, as far as its path tells."""
    parts = path.split("/")
    usual = path.endswith(".md") and 3 <= len(parts) <= DEPTH_LIMIT + 2 and parts[1] in FOLDERS
    return usual and not any(_is_litter(part) for part in parts[2:]) and _check_name(path, [])


def places(root: Path, folders: Iterable[str]) -> Iterator[Place]:
    """Yield the files of some folders of records that are named like one."""
    return chain.from_iterable(lot.places() for folder in folders for lot in _lots(root, folder, []))


def walked(root: Path, *, listing: Listing = listed) -> Walked:
    """Return the files of records in a site folder."""
    problems: list[Problem] = []
    lots = tuple(chain.from_iterable(_lots(root, folder, problems, listing) for folder in FOLDERS))
    return Walked(lots, tuple(problems))


def _lots(root: Path, folder: str, problems: list[Problem], listing: Listing = listed) -> Iterator[Lot]:
    """Yield the files of one folder of records that are named like one."""
    usual = (_ORIGINAL if folder == MESSAGES else _USUAL).fullmatch
    for inner, path, run in _runs(str(root / CONTENT / folder), f"{CONTENT}/{folder}", problems, listing):
        names = [name for name in run if usual(name) or _check_name(f"{path}/{name}", problems)]
        for _, alike in groupby(names, _BEGINNING):
            yield Lot(inner, path, tuple(alike))


def taken(lots: Iterable[Lot], take: Take) -> Iterator[Said]:
    """Yield what the files of each lot say, taken as many lots at a time as are worth several processes."""
    batch, count = list[Lot](), 0
    for lot in lots:
        batch.append(lot)
        count += len(lot.names)
        if count >= BATCH:
            yield from take(batch)
            batch, count = [], 0
    if batch:
        yield from take(batch)


def _check_name(path: str, problems: list[Problem]) -> bool:
    """Return whether a file's name is an id, with a language where it is a translation."""
    id, _, lang = path.rsplit("/", 1)[1].removesuffix(".md").partition(".")
    if not ID.match(id):
        hint = "use a-z, 0-9 and - between them, at most 100 characters"
        problems.append(Problem(shown(path), 1, 1, "F107", f'"{shown(id)}" is not an id', hint))
        return False
    if lang and kind_of(path) == MESSAGES:
        hint = f"write it in {id}.md, under `## {lang}`"
        problems.append(Problem(shown(path), 1, 1, "F106", "nothing reads this file", hint))
        return False
    if lang and not LANGUAGE.match(lang):
        hint = "name translations <id>.<language>.md"
        problems.append(Problem(shown(path), 1, 1, "S107", f'"{shown(lang)}" is not a language', hint))
        return False
    return True
