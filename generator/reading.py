"""A site folder as it is read, with what earlier looks remember: the beginning of every command's flow."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from generator.publish.draft import Progress
from generator.publish.look import Look
from generator.publish.memo import Kept, Memo, Remembered
from generator.publish.workers import make_all
from generator.recall import Recall, Recollection, afresh
from generator.record.dates import Times, dated, published_times, whole_head
from generator.record.folder import CONTENT, Lot, walked
from generator.record.history import rewritten
from generator.record.load import LOCALES, READING, Settings, Survey, Understood, dialect_of, survey, whole
from generator.record.model import Catalogue, Config, Site
from generator.record.parse import Parse, Parsed, Said, Source, parse_record
from generator.record.process import actions, overdue, promised
from generator.record.texts import renderer, text_problems
from generator.render.i18n import Language, load_languages
from generator.render.rendered import Rendered
from generator.resources import fingerprint, locales_dir
from generator.sources import Sources
from generator.terms import Dialect
from generator.view.gathered import gather
from generator.view.likeness import Remember
from generator.view.project import spoken
from generator.view.views import LanguageView

R = TypeVar("R")

MEMO = Path(".statique", "memo.sqlite3")
CLOCK = Path(".statique", "clock")


class Reading:
    """One look at a site folder by ``jobs`` processes; ``texts`` renders authors' texts, as all is, from ``memo``.

    ``progress`` is told "read" and how many files were; ``look`` is a look at the folder that began already.
    """

    def __init__(
        self, root: Path, memo: Memo, *, look: Look | None = None, jobs: int = 1, progress: Progress | None = None
    ) -> None:
        self._progress, self._taken = progress, 0
        self._root, self._recall = root, Recollection()  # so that the settings are read once
        self._settings = understanding(memo)
        dialect = dialect_of(root, self._recall, self._settings)
        spread = partial(make_all, jobs=jobs, memo=memo)
        self.texts = rendering(memo, dialect)
        parse = parsing(memo, dialect, self.texts)
        self.parse_many: Parse = partial(parse.many, spread=spread)
        self._look = look or look_at(root)
        self._sources = Sources(memo, parse, look=self._look, spread=spread)
        self._sound = sound(memo)

    def survey(self, now: datetime) -> Survey:
        """Return what the folder says, and all that is wrong with it."""
        walk = partial(walked, listing=self._look.entries)
        found = survey(
            self._root, now=now, take=self._take, walk=walk, recall=self._recall, sound=self._sound,
            settings=self._settings,
        )  # fmt: skip
        self._look.end()
        self._recall.forget()  # nobody will ask again
        return found

    def _take(self, lots: Sequence[Lot]) -> list[Said]:
        said = self._sources.take(lots)
        self._taken += sum(len(lot.names) for lot in lots)
        if self._progress:
            self._progress("read", self._taken, 0)
        return said


def look_at(root: Path) -> Look:
    """Return a look at a site folder; at one without content no file is trusted, and nothing is written."""
    return Look(root / CLOCK if (root / CONTENT).is_dir() else None)


@contextmanager
def lasting() -> Iterator[None]:
    """Keep the collector of garbage away from what is made within: values that refer to none of their owners.

    It would look at all of them again and again, and find nothing to collect.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def head_of(site: Site, root: Path) -> str | None:
    """Return the commit whose times the site shows, None where its settings ask for none or git cannot tell."""
    return whole_head(root) if site.config.git_times else None


def with_times(site: Site, root: Path, head: str | None, *, parse: Parse, recall: Recall = afresh) -> Site:
    """Return the site with the times that git knows at the commit ``head``, as it is without one."""
    return dated(site, recall(_times, root, head, parse), recall) if head else site


def _times(root: Path, head: str, parse: Parse) -> Times:
    return published_times(root, head, parse=parse)


def examine(root: Path, *, now: datetime, base: str | None = None) -> Survey:
    """Return everything that is wrong with the site in ``root``, and the site where it can be read.

    With ``base``, a revision of git, that includes what was changed in the record that was published there; raises
    UsageError where git cannot tell.
    """
    with Memo.at(root / MEMO) as memo:
        reading = Reading(root, memo)
        with lasting():
            found = reading.survey(now)
        config = found.site.config if found.site else None
        more = [*overdue(found.site, now), *actions(promised(found.site), now.date())] if found.site else []
        if base is not None:
            more += rewritten(root, base, now=now, config=config, parse=reading.parse_many)
        return Survey(found.site, tuple(sorted((*found.problems, *more))))


def current(root: Path, *, now: datetime) -> tuple[LanguageView, Language]:
    """Return what readers of the default language see at ``now``; raise ContentError when the site has problems."""
    with Memo.at(root / MEMO) as memo:
        site, _ = whole(Reading(root, memo).survey(now))
        view = spoken(gather(site, now=now, remember=likeness(memo)), site.config.default)
    return view, languages_of(root, site.config)[site.config.default]


def likeness(memo: Memo) -> Remember:
    """Return the way in which likeness between records is remembered: by month, for what it depends on."""

    def remember(kind: str, function: Callable[[bytes], R], /, *, returns: type[R]) -> Callable[[bytes], R]:
        return memo.remembered(kind, function, fingerprint=fingerprint(), returns=returns)

    return remember


def sound(memo: Memo) -> Kept[object, int]:
    """Return the place where it is remembered which records had nothing wrong with them."""
    return memo.kept("sound", fingerprint=fingerprint(), returns=int)


def understanding(memo: Memo) -> Settings:
    """Return the reading of the settings' files, remembered by their bytes."""
    key = fingerprint()
    return Settings(
        memo.remembered("site.yml", READING.config, fingerprint=key, returns=Understood[Config]),
        memo.remembered("components.yml", READING.catalogue, fingerprint=key, returns=Understood[Catalogue]),
    )


def rendering(memo: Memo, dialect: Dialect) -> Remembered[str, Rendered]:
    """Return the rendering of authors' texts in a dialect, remembered by the texts."""
    return memo.remembered(f"text {dialect}", renderer(dialect), fingerprint=fingerprint(), returns=Rendered)


def parsing(memo: Memo, dialect: Dialect, texts: Callable[[str], Rendered]) -> Remembered[Source, Parsed]:
    """Return the parsing of source files, remembered by their paths and bytes; ``texts`` renders those in a dialect."""
    parse = partial(parse_record, examine=partial(text_problems, render=texts))
    return memo.remembered(f"record {dialect}", parse, fingerprint=fingerprint(), returns=Parsed)


def languages_of(root: Path, config: Config) -> dict[str, Language]:
    """Return the site's languages; its own catalogues go before the program's."""
    places = (locales_dir(), root / LOCALES)
    return load_languages(config.languages, zone=config.time_zone, dirs=places)
