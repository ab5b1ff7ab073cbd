"""Records by what they are: translations with their originals, each id once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

from generator.errors import Problem
from generator.recall import Recall
from generator.record.fields import nearest
from generator.record.folder import Lot, Walked
from generator.record.model import (
    Config,
    Entry,
    Incident,
    Message,
    Page,
    PageEntry,
    Postmortem,
    PostmortemEntry,
    PostmortemTranslation,
    Translation,
)
from generator.record.parse import FOLDERS, Record, Said

R = TypeVar("R", bound=Record)


class Grouped(NamedTuple):
    """All records of a site by what they are, each in the order of its ids, and what is wrong with them together."""

    entries: tuple[Entry, ...] = ()
    pages: tuple[PageEntry, ...] = ()
    library: tuple[PostmortemEntry, ...] = ()
    messages: tuple[Message, ...] = ()
    problems: tuple[Problem, ...] = ()


def grouped(files: Walked, said: Iterable[Said], config: Config, recall: Recall) -> Grouped:
    """Return what was ``said`` in each lot of some files as records with their translations."""
    shelves: dict[tuple[str, str], list[Said]] = {}
    for lot, one in zip(files.lots, said, strict=True):
        shelves.setdefault(_shelf(lot), []).append(one)
    # No id is on two shelves, and shelves are in the order of their ids.
    found = [recall(_grouped, recall, config, files, *shelves[shelf]) for shelf in sorted(shelves)]
    return Grouped(*(tuple(chain.from_iterable(parts)) for parts in zip(Grouped(), *found, strict=True)))


def _shelf(lot: Lot) -> tuple[str, str]:
    """Return what all lots have in common whose files may have one id: ids of both logs are of one kind."""
    return ("" if FOLDERS[lot.kind] else lot.kind), lot.names[0].partition(".")[0][:7]


def _grouped(recall: Recall, config: Config, files: Walked, *said: Said) -> Grouped:
    problems: list[Problem] = []
    records = [record for one in said for record in one.records]
    _check_languages(records, config, problems)
    entries, pages = _logs(records, files, problems, recall)
    lessons = _library(records, files, problems, recall)
    return Grouped(entries, pages, lessons, _messages(records, problems), tuple(problems))


def _check_languages(records: Iterable[Record], config: Config, problems: list[Problem]) -> None:
    """Report what is in a language that the site does not have, or in its default one beside the original."""
    for record in records:
        lang = getattr(record, "lang", None)
        if lang == config.default:
            hint = f"the original is in {lang}: edit that file"
            problems.append(Problem(record.path, 1, 1, "S107", f'"{lang}" is the default language', hint))
        elif lang is not None and lang not in config.languages:
            hint = nearest(lang, config.languages)
            problems.append(Problem(record.path, 1, 1, "S107", f'"{lang}" is not a language of this site', hint))


def _logs(
    records: Sequence[Record], files: Walked, problems: list[Problem], recall: Recall
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
            _attach(words.get(record.id), record.lang, record, files, problems)
        elif isinstance(record, Page) and record.lang is not None:
            _attach(page_words.get(record.slug), record.lang, record, files, problems)
    entries = tuple(recall(_entry, originals[id], *words[id].values()) for id in sorted(originals))
    return entries, tuple(PageEntry(pages[slug], page_words[slug]) for slug in sorted(pages))


def _entry(original: Incident, *translations: Translation) -> Entry:
    return Entry(original, {one.lang: one for one in translations})


def _library(
    records: Sequence[Record], files: Walked, problems: list[Problem], recall: Recall
) -> tuple[PostmortemEntry, ...]:
    """Return postmortems with their translations; their ids are their own, as they go by those of incidents."""
    originals: dict[str, Postmortem] = {}
    for record in records:
        if isinstance(record, Postmortem):
            _claim(originals, record.id, record, problems)
    words: dict[str, dict[str, PostmortemTranslation]] = {id: {} for id in originals}
    for record in records:
        if isinstance(record, PostmortemTranslation):
            _attach(words.get(record.id), record.lang, record, files, problems)
    return tuple(recall(_reviewed, originals[id], *words[id].values()) for id in sorted(originals))


def _reviewed(original: Postmortem, *translations: PostmortemTranslation) -> PostmortemEntry:
    return PostmortemEntry(original, {one.lang: one for one in translations})


def _messages(records: Iterable[Record], problems: list[Problem]) -> tuple[Message, ...]:
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


def _attach(found: dict[str, R] | None, lang: str, record: R, files: Walked, problems: list[Problem]) -> None:
    if found is None:
        if files.has_original(record.path):
            return  # the original is there and cannot be read, which is a problem of its own
        hint = "name it after the original: <id>.<language>.md"
        problems.append(Problem(record.path, 1, 1, "R104", "a translation whose original is missing", hint))
    elif lang in found:
        message = f"a second translation into {lang}, beside {found[lang].path}"
        problems.append(Problem(record.path, 1, 1, "R103", message, "delete one of the two"))
    else:
        found[lang] = record
