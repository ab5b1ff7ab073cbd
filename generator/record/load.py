"""Walk ``content/``, read every file, group translations with their originals: a Site, or all that is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from generator.errors import ContentError, Problem, shown
from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.check import check
from generator.record.fields import ID, LANGUAGE, nearest
from generator.record.messages import read_message
from generator.record.model import (
    Catalogue,
    Config,
    Entry,
    Incident,
    Message,
    Page,
    PageEntry,
    Postmortem,
    PostmortemEntry,
    PostmortemTranslation,
    Site,
    Translation,
)
from generator.record.picture import read_pictures
from generator.record.postmortem import read_postmortem, read_postmortem_translation
from generator.record.schema import read_incident, read_page, read_translation
from generator.record.settings import read_catalogue, read_config
from generator.record.source import Mapping, Refused, Report, decode, parse_yaml, read_bytes, split
from generator.record.texts import rendering, text_problems
from generator.terms import Dialect, Kind

DEPTH_LIMIT = 8
BATCH = 1000
CONTENT = "content"
FOLDERS = {
    "incidents": Kind.INCIDENT, "maintenance": Kind.MAINTENANCE, "pages": None, "messages": None, "postmortems": None,
}  # fmt: skip
LIBRARY = "postmortems"
SETTINGS = ("site.yml", "components.yml")
BRAND = "brand"
INTERNAL = "internal"
THEMES = "themes"
DEFAULT_THEME = "default"

Record = Incident | Translation | Page | Message | Postmortem | PostmortemTranslation
T = TypeVar("T")
R = TypeVar("R", bound=Record)
Set = tuple[T | None, tuple[Problem, ...]]


class Parsed(msgspec.Struct, frozen=True):
    """What one file says, and what is wrong with it; a record of None could not be read at all."""

    record: Record | None
    problems: tuple[Problem, ...]


Source = tuple[str, bytes]
"""A file's path in the site folder, with slashes, and its bytes."""

Parse = Callable[[Iterable[Source]], Iterable[Parsed]]
Read = Callable[[str], bytes]


class Place(NamedTuple):
    """Where a file lies, and its path in the site folder, with slashes."""

    file: str
    path: str

    @property
    def lot(self) -> str:
        """Return its folder, and the beginning of its name: that is a month, where a name begins with a day."""
        folder, _, name = self.path.rpartition("/")
        return f"{folder}/{name[:7]}"


Lot = tuple[Place, ...]
"""The places of files that belong together: of one folder, and mostly of one month."""

Take = Callable[[Sequence[Lot]], Iterable[Parsed]]
"""Returns what the files of some lots say, in their order; one that cannot be read says why."""


class Survey(msgspec.Struct, frozen=True):
    """All that a look at ``content/`` tells; ``site`` is None while the settings cannot be read."""

    site: Site | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stop a build."""
        return tuple(problem for problem in self.problems if not problem.warning)


def parse_record(source: Source, examine: Callable[[Record], Iterator[Problem]] = text_problems) -> Parsed:
    """Return what a file of ``content/`` says; a pure function of its path and bytes.

    ``examine`` says what is wrong with the texts of a record.
    """
    path, data = source
    report = Report(path)
    folder, name = path.split("/")[1], path.rsplit("/", 1)[1]
    id, _, lang = name.removesuffix(".md").partition(".")
    text = decode(data, report)
    document = None if text is None else split(text, report, sections=folder != "pages", fields=folder != LIBRARY)
    record: Record | None = None
    if document is not None:
        kind = FOLDERS[folder]
        if folder == "messages":
            record = read_message(document, id, report)
        elif folder == LIBRARY and lang:
            record = read_postmortem_translation(document, id, lang, report)
        elif folder == LIBRARY:
            record = read_postmortem(document, id, report)
        elif kind is None:
            record = read_page(document, id, lang or None, report)
        elif lang:
            record = read_translation(document, kind, id, lang, report)
        else:
            record = read_incident(document, kind, id, report)
    problems = [*report.problems, *(examine(record) if record else ())]
    if isinstance(record, Incident | Translation | Postmortem | PostmortemTranslation):
        record = msgspec.structs.replace(record, made_of=key_of(record))
    return Parsed(record, tuple(problems))


def parser(dialect: Dialect) -> Callable[[Source], Parsed]:
    """Return ``parse_record`` for a site whose texts are in one dialect."""
    return partial(parse_record, examine=partial(text_problems, render=rendering(dialect)))


def parse_records(sources: Iterable[Source]) -> Iterable[Parsed]:
    """Return what each file says, in their order."""
    return map(parse_record, sources)


def dialect_of(root: Path, recall: Recall = afresh) -> Dialect:
    """Return the dialect that the settings of the site in ``root`` choose, the usual one where they tell none."""
    config = _settings(root, "site.yml", _config, [], recall)
    return config.markdown if config else Dialect.MARKDOWN


def read_file(path: str) -> bytes:
    """Return a file's bytes; raise Refused for what is not read."""
    return read_bytes(Path(path))


def taking(parse: Parse = parse_records, read: Read = read_file) -> Take:
    """Return a way to take what files say: each is read, then all are parsed."""
    return partial(_taken, parse, read)


def _taken(parse: Parse, read: Read, lots: Sequence[Lot]) -> Iterable[Parsed]:
    sources = [read_source(place, read) for lot in lots for place in lot]
    said = iter(parse([source for source in sources if not isinstance(source, Parsed)]))
    return [source if isinstance(source, Parsed) else next(said) for source in sources]


def read_source(place: Place, read: Read = read_file) -> Source | Parsed:
    """Return a file's path and bytes, or, for one that is not read, why."""
    try:
        return place.path, read(place.file)
    except Refused as refused:
        return Parsed(None, (Problem(place.path, 1, 1, refused.code, refused.message, refused.hint),))


def load_site(root: Path, *, now: datetime, take: Take | None = None) -> tuple[Site, tuple[Problem, ...]]:
    """Return the site in ``root`` and the warnings about it; raise ContentError with every problem otherwise."""
    return whole(survey(root, now=now, take=take))


def whole(found: Survey) -> tuple[Site, tuple[Problem, ...]]:
    """Return a site that was surveyed and the warnings about it; raise ContentError when it cannot be built."""
    if found.errors or found.site is None:
        raise ContentError(found.problems)
    return found.site, found.problems


def survey(
    root: Path, *, now: datetime, take: Take | None = None, read: Read = read_file, recall: Recall = afresh
) -> Survey:
    """Return what ``root/content`` says and everything that is wrong with it, sorted by place.

    ``take`` is how the records' files are read, ``read`` how all others are.
    """
    problems: list[Problem] = []
    config = _settings(root, "site.yml", _config, problems, recall)
    take = take or taking(partial(map, parser(config.markdown if config else Dialect.MARKDOWN)))
    catalogue = _settings(root, "components.yml", _catalogue, problems, recall)
    _check_theme(root, config, problems)
    _refuse_strangers(root, problems)
    present: dict[str, set[str]] = {folder: set() for folder in FOLDERS}
    places = (place for folder in FOLDERS for place in _places(root, folder, problems, present[folder]))
    records = list(_records(places, take, problems))
    _check_languages(records, config, problems)
    site = None
    if config is not None and catalogue is not None:
        others = {name for folder in FOLDERS if folder != LIBRARY for name in present[folder]}
        entries, pages = _group(records, others, problems, recall)
        library = _library(records, present[LIBRARY], problems, recall)
        messages = _messages(records, problems)
        pictures, faults = read_pictures(root, config, read=read, recall=recall)
        site = Site(config, catalogue.groups, entries, pages, catalogue.marks, messages, pictures, library)
        problems += [*faults, *check(site, now)]
    return Survey(site, tuple(sorted(problems)))


def _settings(
    root: Path, name: str, understand: Callable[[bytes], Set[T]], problems: list[Problem], recall: Recall
) -> T | None:
    try:
        data = read_bytes(root / CONTENT / name)
    except Refused as refused:
        missing = not (root / CONTENT / name).exists()
        hint = "run statique in a site's folder, or name it with -C DIR" if missing else refused.hint
        problems.append(Problem(f"{CONTENT}/{name}", 1, 1, refused.code, refused.message, hint))
        return None
    value, found = recall(understand, data)
    problems += found
    return value


def _config(data: bytes) -> Set[Config]:
    return _set("site.yml", read_config, data)


def _catalogue(data: bytes) -> Set[Catalogue]:
    return _set("components.yml", read_catalogue, data)


def _set(name: str, make: Callable[[Mapping, Report], T | None], data: bytes) -> Set[T]:
    report = Report(f"{CONTENT}/{name}")
    text = decode(data, report)
    front = None if text is None else parse_yaml(text, report)
    value = None if front is None else make(front, report)
    return value, tuple(report.problems)


def _check_theme(root: Path, config: Config | None, problems: list[Problem]) -> None:
    if config is None or config.theme == DEFAULT_THEME or (root / THEMES / config.theme).is_dir():
        return
    line, column = config.marks["theme"]
    own = [entry.name for entry in _entries(root / THEMES, problems, THEMES) if entry.is_dir()]
    message = f'unknown theme "{config.theme}"'
    problems.append(
        Problem(f"{CONTENT}/site.yml", line, column, "S125", message, nearest(config.theme, [*own, DEFAULT_THEME]))
    )


def _refuse_strangers(root: Path, problems: list[Problem]) -> None:
    """Report what lies in ``content/`` and is none of its parts; the internal record is never opened."""
    known = {*FOLDERS, *SETTINGS, BRAND, INTERNAL}
    for entry in _entries(root / CONTENT, problems, CONTENT):
        if entry.name not in known:
            _stranger(f"{CONTENT}/{entry.name}", problems, nearest(entry.name, known))


def _stranger(path: str, problems: list[Problem], hint: str) -> None:
    problems.append(Problem(shown(path), 1, 1, "F106", "nothing reads this file", hint))


def _entries(folder: Path | str, problems: list[Problem], path: str) -> list[os.DirEntry[str]]:
    """Return a folder's entries by name, without hidden files and what editors leave behind."""
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if not _is_litter(entry.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(Problem(path, 1, 1, "F102", f"cannot be read: {error.strerror}", "check its permissions"))
        return []
    return sorted(entries, key=lambda entry: entry.name)


def _is_litter(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith(("~", ".swp", ".swo", ".orig", ".bak", ".tmp"))


def _files(folder: Path | str, path: str, problems: list[Problem], depth: int = 1) -> Iterator[tuple[str, str]]:
    """Yield each Markdown file below a folder with its path in the site folder; report everything else."""
    for entry in _entries(folder, problems, path):
        inner = f"{path}/{entry.name}"
        if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".md"):
            if depth == DEPTH_LIMIT:
                problems.append(Problem(inner, 1, 1, "F109", f"a folder more than {DEPTH_LIMIT} deep", "move it up"))
            else:
                yield from _files(entry.path, inner, problems, depth + 1)
        elif entry.name.endswith(".md"):
            yield entry.path, inner
        else:
            lower = entry.name.lower().endswith((".md", ".markdown"))
            _stranger(inner, problems, "end its name in .md" if lower else "move it out of this folder")


def sources(root: Path, folders: Iterable[str], present: set[str]) -> Iterator[Source]:
    """Yield the files of some folders of ``content/`` that can be read; note the name of each in ``present``."""
    for folder in folders:
        for place in _places(root, folder, [], present):
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


def _places(root: Path, folder: str, problems: list[Problem], present: set[str]) -> Iterator[Place]:
    """Yield the files of one folder of records that are named like one; note each file's name in ``present``."""
    for file, path in _files(root / CONTENT / folder, f"{CONTENT}/{folder}", problems):
        if _check_name(path, problems):
            present.add(path.rsplit("/", 1)[1])
            yield Place(file, path)


def _batches(places: Iterable[Place]) -> Iterator[list[Lot]]:
    """Yield lots, as many at a time as are worth several processes."""
    batch, count = list[Lot](), 0
    for _, ones in groupby(places, lambda place: place.lot):
        lot = tuple(ones)
        batch.append(lot)
        count += len(lot)
        if count >= BATCH:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def _records(places: Iterable[Place], take: Take, problems: list[Problem]) -> Iterator[Record]:
    for batch in _batches(places):
        for parsed in take(batch):
            problems += parsed.problems
            if parsed.record is not None:
                yield parsed.record


def _check_name(path: str, problems: list[Problem]) -> bool:
    """Return whether a file's name is an id, with a language where it is a translation."""
    id, _, lang = path.rsplit("/", 1)[1].removesuffix(".md").partition(".")
    if not ID.match(id):
        hint = "use a-z, 0-9 and - between them, at most 100 characters"
        problems.append(Problem(shown(path), 1, 1, "F107", f'"{shown(id)}" is not an id', hint))
        return False
    if lang and path.split("/")[1] == "messages":
        hint = f"write it in {id}.md, under `## {lang}`"
        problems.append(Problem(shown(path), 1, 1, "F106", "nothing reads this file", hint))
        return False
    if lang and not LANGUAGE.match(lang):
        hint = "name translations <id>.<language>.md"
        problems.append(Problem(shown(path), 1, 1, "S107", f'"{shown(lang)}" is not a language', hint))
        return False
    return True


def _check_languages(records: list[Record], config: Config | None, problems: list[Problem]) -> None:
    if config is None:
        return
    for record in records:
        lang = getattr(record, "lang", None)
        if lang == config.default:
            hint = f"the original is in {lang}: edit that file"
            problems.append(Problem(record.path, 1, 1, "S107", f'"{lang}" is the default language', hint))
        elif lang is not None and lang not in config.languages:
            hint = nearest(lang, config.languages)
            problems.append(Problem(record.path, 1, 1, "S107", f'"{lang}" is not a language of this site', hint))


def _group(
    records: list[Record], present: set[str], problems: list[Problem], recall: Recall
) -> tuple[tuple[Entry, ...], tuple[PageEntry, ...]]:
    """Return originals with their translations; report ids that stand twice and translations of nothing."""
    originals: dict[str, Incident] = {}
    pages: dict[str, Page] = {}
    for record in records:
        if isinstance(record, Incident):
            _claim(originals, record.id, record, problems)
        elif isinstance(record, Page) and record.lang is None:
            _claim(pages, record.slug, record, problems)
    words: dict[str, dict[str, Translation]] = {id: {} for id in originals}
    page_words: dict[str, dict[str, Page]] = {slug: {} for slug in pages}
    for record in records:
        if isinstance(record, Translation):
            _attach(words.get(record.id), record.lang, record, present, problems)
        elif isinstance(record, Page) and record.lang is not None:
            _attach(page_words.get(record.slug), record.lang, record, present, problems)
    entries = tuple(recall(_entry, originals[id], *words[id].values()) for id in sorted(originals))
    return entries, tuple(PageEntry(pages[slug], page_words[slug]) for slug in sorted(pages))


def _entry(original: Incident, *translations: Translation) -> Entry:
    return Entry(original, {one.lang: one for one in translations})


def _library(
    records: list[Record], present: set[str], problems: list[Problem], recall: Recall
) -> tuple[PostmortemEntry, ...]:
    """Return postmortems with their translations; their ids are their own, as they go by those of incidents."""
    originals: dict[str, Postmortem] = {}
    for record in records:
        if isinstance(record, Postmortem):
            _claim(originals, record.id, record, problems)
    words: dict[str, dict[str, PostmortemTranslation]] = {id: {} for id in originals}
    for record in records:
        if isinstance(record, PostmortemTranslation):
            _attach(words.get(record.id), record.lang, record, present, problems)
    return tuple(recall(_reviewed, originals[id], *words[id].values()) for id in sorted(originals))


def _reviewed(original: Postmortem, *translations: PostmortemTranslation) -> PostmortemEntry:
    return PostmortemEntry(original, {one.lang: one for one in translations})


def _messages(records: list[Record], problems: list[Problem]) -> tuple[Message, ...]:
    """Return the ready-made updates by name; report names that stand twice."""
    found: dict[str, Message] = {}
    for record in records:
        if isinstance(record, Message):
            _claim(found, record.name, record, problems)
    return tuple(found[name] for name in sorted(found))


def _claim(found: dict[str, R], id: str, record: R, problems: list[Problem]) -> None:
    if id in found:
        message = f'id "{id}" is taken by {found[id].path}'
        problems.append(Problem(record.path, 1, 1, "R103", message, "rename the newer of the two files"))
    else:
        found[id] = record


def _attach(found: dict[str, R] | None, lang: str, record: R, present: set[str], problems: list[Problem]) -> None:
    if found is None:
        if record.path.rsplit("/", 1)[1].partition(".")[0] + ".md" in present:
            return  # the original is there and cannot be read, which is a problem of its own
        hint = "name it after the original: <id>.<language>.md"
        problems.append(Problem(record.path, 1, 1, "R104", "a translation whose original is missing", hint))
    elif lang in found:
        message = f"a second translation into {lang}, beside {found[lang].path}"
        problems.append(Problem(record.path, 1, 1, "R103", message, "delete one of the two"))
    else:
        found[lang] = record
