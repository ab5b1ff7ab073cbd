"""Read all of a site folder and put it together: a Site, or all that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import msgspec

from generator.errors import ContentError, Problem
from generator.recall import Recall, afresh
from generator.record.check import Sound, check
from generator.record.fields import nearest
from generator.record.folder import (
    CONTENT,
    Read,
    Take,
    Walk,
    entries,
    read_file,
    stranger,
    taken,
    taking,
    walked,
)
from generator.record.group import Grouped, grouped
from generator.record.model import (
    Catalogue,
    Config,
    Site,
)
from generator.record.nodes import Mapping
from generator.record.parse import FOLDERS, parser
from generator.record.picture import read_pictures
from generator.record.settings import read_catalogue, read_config
from generator.record.source import Refused, Report, decode, read_bytes
from generator.terms import Dialect

SETTINGS = ("site.yml", "components.yml")
BRAND = "brand"
INTERNAL = "internal"
THEMES = "themes"
LOCALES = "locales"
LOOKS = (THEMES, LOCALES)
"""The folders beside the content that decide what pages look like."""
DEFAULT_THEME = "default"
T = TypeVar("T")


class Understood(msgspec.Struct, Generic[T], frozen=True):
    """What a file of settings says, None where it cannot be read, and what is wrong with it."""

    value: T | None
    problems: tuple[Problem, ...]


class Settings(NamedTuple):
    """Pure functions that return what the bytes of each file of settings say."""

    config: Callable[[bytes], Understood[Config]]
    catalogue: Callable[[bytes], Understood[Catalogue]]


def _config(data: bytes) -> Understood[Config]:
    return _set("site.yml", read_config, data)


def _catalogue(data: bytes) -> Understood[Catalogue]:
    return _set("components.yml", read_catalogue, data)


def _set(name: str, make: Callable[[Mapping, Report], T | None], data: bytes) -> Understood[T]:
    report = Report(f"{CONTENT}/{name}")
    text = decode(data, report)
    if text is None:
        return Understood(None, tuple(report.problems))
    from generator.record.syntax import parse_yaml  # noqa: PLC0415 what is remembered needs no parser

    front = parse_yaml(text, report)
    value = None if front is None else make(front, report)
    return Understood(value, tuple(report.problems))


READING = Settings(_config, _catalogue)
"""Reads the files."""


class Survey(msgspec.Struct, frozen=True):
    """All that a look at ``content/`` tells; ``site`` is None while the settings cannot be read."""

    site: Site | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stop a build."""
        return tuple(problem for problem in self.problems if not problem.warning)


def dialect_of(root: Path, recall: Recall = afresh, settings: Settings = READING) -> Dialect:
    """Return the dialect that the settings of the site in ``root`` choose, the usual one where they tell none."""
    config = _settings(root, "site.yml", settings.config, [], recall)
    return config.markdown if config else Dialect.MARKDOWN


def load_site(root: Path, *, now: datetime, take: Take | None = None) -> tuple[Site, tuple[Problem, ...]]:
    """Return the site in ``root`` and the warnings about it; raise ContentError with every problem otherwise."""
    return whole(survey(root, now=now, take=take))


def whole(found: Survey) -> tuple[Site, tuple[Problem, ...]]:
    """Return a site that was surveyed and the warnings about it; raise ContentError when it cannot be built."""
    if found.errors or found.site is None:
        raise ContentError(found.problems)
    return found.site, found.problems


def survey(
    root: Path,
    *,
    now: datetime,
    take: Take | None = None,
    read: Read = read_file,
    walk: Walk = walked,
    recall: Recall = afresh,
    sound: Sound | None = None,
    settings: Settings = READING,
) -> Survey:
    """Return what ``root/content`` says and everything that is wrong with it, sorted by place.

    ``take`` is how the records' files are read, ``walk`` how they are found, ``read`` how all others are read,
    ``sound`` what is known of records that nothing was wrong with, ``settings`` how the settings are understood.
    """
    problems: list[Problem] = []
    config = _settings(root, "site.yml", settings.config, problems, recall)
    take = take or taking(partial(map, parser(config.markdown if config else Dialect.MARKDOWN)))
    catalogue = _settings(root, "components.yml", settings.catalogue, problems, recall)
    _check_theme(root, config, problems)
    _refuse_strangers(root, problems)
    files = walk(root)
    said = tuple(taken(files.lots, take))
    problems += [*files.problems, *(problem for one in said for problem in one.problems)]
    found = grouped(files, said, config, recall) if config is not None else Grouped()
    problems += found.problems
    site = None
    if config is not None and catalogue is not None:
        pictures, faults = read_pictures(root, config, read=read, recall=recall)
        site = Site(
            config, catalogue.groups, found.entries, found.pages, catalogue.marks, found.messages, pictures,
            found.library,
        )  # fmt: skip
        problems += [*faults, *check(site, now, sound, recall)]
    return Survey(site, tuple(sorted(problems)))


def _settings(
    root: Path, name: str, understand: Callable[[bytes], Understood[T]], problems: list[Problem], recall: Recall
) -> T | None:
    try:
        data = read_bytes(root / CONTENT / name)
    except Refused as refused:
        missing = not (root / CONTENT / name).exists()
        hint = "run statique in a site's folder, or name it with -C DIR" if missing else refused.hint
        problems.append(Problem(f"{CONTENT}/{name}", 1, 1, refused.code, refused.message, hint))
        return None
    found = recall(understand, data)
    problems += found.problems
    return found.value


def _check_theme(root: Path, config: Config | None, problems: list[Problem]) -> None:
    if config is None or config.theme == DEFAULT_THEME or (root / THEMES / config.theme).is_dir():
        return
    line, column = config.marks["theme"]
    own = [entry.name for entry in entries(root / THEMES, problems, THEMES) if entry.is_dir()]
    message = f'unknown theme "{config.theme}"'
    problems.append(
        Problem(f"{CONTENT}/site.yml", line, column, "S125", message, nearest(config.theme, [*own, DEFAULT_THEME]))
    )


def _refuse_strangers(root: Path, problems: list[Problem]) -> None:
    """Report what lies in ``content/`` and is none of its parts; the internal record is never opened."""
    known = {*FOLDERS, *SETTINGS, BRAND, INTERNAL}
    for entry in entries(root / CONTENT, problems, CONTENT):
        if entry.name not in known:
            stranger(f"{CONTENT}/{entry.name}", problems, nearest(entry.name, known))
