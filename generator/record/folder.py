"""The files of a site folder: which of them are read, in lots, and what those are told that are not."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, groupby, islice
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
Read = Callable[[str], bytes]
Listing = Callable[[str], list[os.DirEntry[str]]]


class Place(NamedTuple):
    """Where a file lies, and its path in the site folder, with slashes."""

    file: str
    path: str

    @property
    def lot(self) -> str:
        """Return its folder, and the beginning of its name: that is a month, where a name begins with a day."""
        return self.path[: self.path.rindex("/") + 8]


Lot = tuple[Place, ...]
"""The places of files that belong together: of one folder, and mostly of one month."""
Take = Callable[[Sequence[Lot]], Iterable[Said]]
"""Returns what the files of each of some lots say, in their order; of one that cannot be read, why."""


class Walked(NamedTuple):
    """The files of records in a site folder in lots, and what is wrong with their places.

    ``library`` are the names of all files of postmortems, ``others`` those of all others.
    """

    lots: tuple[Lot, ...]
    others: frozenset[str]
    library: frozenset[str]
    problems: tuple[Problem, ...]


Walk = Callable[[Path], Walked]


def read_file(path: str) -> bytes:
    """Return a file's bytes; raise Refused for what is not read."""
    return read_bytes(Path(path))


def taking(parse: Parse = parse_records, read: Read = read_file) -> Take:
    """Return a way to take what files say: each is read, then all are parsed."""
    return partial(_taken, parse, read)


def _taken(parse: Parse, read: Read, lots: Sequence[Lot]) -> Iterable[Said]:
    sources = [[read_source(place, read) for place in lot] for lot in lots]
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


def stranger(path: str, problems: list[Problem], hint: str) -> None:
    """Report a file that is none of a site's."""
    problems.append(Problem(shown(path), 1, 1, "F106", "nothing reads this file", hint))


def listed(folder: str) -> list[os.DirEntry[str]]:
    """Return what lies in a folder, in the order of names; raise OSError."""
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def entries(
    folder: Path | str, problems: list[Problem], path: str, listing: Listing = listed
) -> list[os.DirEntry[str]]:
    """Return a folder's entries by name, without hidden files and what editors leave behind."""
    try:
        return [entry for entry in listing(str(folder)) if not _is_litter(entry.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(Problem(path, 1, 1, "F102", f"cannot be read: {error.strerror}", "check its permissions"))
        return []


def _is_litter(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith(("~", ".swp", ".swo", ".orig", ".bak", ".tmp"))


def _files(
    folder: Path | str, path: str, problems: list[Problem], listing: Listing = listed, depth: int = 1
) -> Iterator[tuple[str, str]]:
    """Yield each Markdown file below a folder with its path in the site folder; report everything else."""
    for entry in entries(folder, problems, path, listing):
        inner = f"{path}/{entry.name}"
        if entry.name.endswith(".md"):
            yield entry.path, inner
        elif entry.is_dir(follow_symlinks=False):
            if depth == DEPTH_LIMIT:
                problems.append(Problem(inner, 1, 1, "F109", f"a folder more than {DEPTH_LIMIT} deep", "move it up"))
            else:
                yield from _files(entry.path, inner, problems, listing, depth + 1)
        else:
            lower = entry.name.lower().endswith((".md", ".markdown"))
            stranger(inner, problems, "end its name in .md" if lower else "move it out of this folder")


def sources(root: Path, folders: Iterable[str], present: set[str]) -> Iterator[Source]:
    """Yield the files of some folders of ``content/`` that can be read; note the name of each in ``present``."""
    for folder in folders:
        for place in places(root, folder, [], present):
            if not isinstance(source := read_source(place), Parsed):
                yield source


def folder_sources(folder: Path, path: str, problems: list[Problem], *, read: Read = read_file) -> Iterator[Source]:
    """Yield the files of any folder that are named and can be read like records, by the paths that messages show.

    Files are in the order of their names; a name with a language is none, for what has no translations.
    """
    for file, inner in _files(folder, path, problems):
        name = inner.rsplit("/", 1)[1].removesuffix(".md")
        if not ID.match(name):
            hint = "use a-z, 0-9 and - between them, at most 100 characters"
            problems.append(Problem(shown(inner), 1, 1, "F107", f'"{shown(name)}" is not an id', hint))
            continue
        source = read_source(Place(file, inner), read)
        if isinstance(source, Parsed):
            problems += source.problems
        else:
            yield source


def is_record(path: str) -> bool:
    """Return whether a file at this path in the site folder is read, as far as its path tells."""
    parts = path.split("/")
    usual = path.endswith(".md") and 3 <= len(parts) <= DEPTH_LIMIT + 2 and parts[1] in FOLDERS
    return usual and not any(_is_litter(part) for part in parts[2:]) and _check_name(path, [])


def places(
    root: Path, folder: str, problems: list[Problem], present: set[str], listing: Listing = listed
) -> Iterator[Place]:
    """Yield the files of one folder of records that are named like one; note each file's name in ``present``."""
    usual = _ORIGINAL if folder == MESSAGES else _USUAL
    for file, path in _files(root / CONTENT / folder, f"{CONTENT}/{folder}", problems, listing):
        name = path[path.rindex("/") + 1 :]
        if usual.fullmatch(name) or _check_name(path, problems):
            present.add(name)
            yield Place(file, path)


def walked(root: Path, *, listing: Listing = listed) -> Walked:
    """Return the files of records in a site folder."""
    problems: list[Problem] = []
    present: dict[str, set[str]] = {folder: set() for folder in FOLDERS}
    found = (place for folder in FOLDERS for place in places(root, folder, problems, present[folder], listing))
    lots = tuple(tuple(ones) for _, ones in groupby(found, lambda place: place.lot))
    others = frozenset(name for folder, names in present.items() if folder != LIBRARY for name in names)
    return Walked(lots, others, frozenset(present[LIBRARY]), tuple(problems))


def taken(lots: Iterable[Lot], take: Take) -> Iterator[Said]:
    """Yield what the files of each lot say, taken as many lots at a time as are worth several processes."""
    batch, count = list[Lot](), 0
    for lot in lots:
        batch.append(lot)
        count += len(lot)
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
    if lang and path.split("/")[1] == MESSAGES:
        hint = f"write it in {id}.md, under `## {lang}`"
        problems.append(Problem(shown(path), 1, 1, "F106", "nothing reads this file", hint))
        return False
    if lang and not LANGUAGE.match(lang):
        hint = "name translations <id>.<language>.md"
        problems.append(Problem(shown(path), 1, 1, "S107", f'"{shown(lang)}" is not a language', hint))
        return False
    return True
