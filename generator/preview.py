"""The site as it is now, each file made when it is asked for: the flow of a build, kept warm between two saves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from generator.build import in_common, theme_of
from generator.errors import ContentError
from generator.feeds import feeds_in
from generator.holding import Holding
from generator.publish.artifact import Artifact, Bundle, unbundled
from generator.publish.memo import Memo
from generator.reading import MEMO, head_of, languages_of, likeness, parsing, rendering, with_times
from generator.recall import Recollection
from generator.record.load import LOOKS, dialect_of, survey
from generator.record.model import Config, Picture, Site
from generator.render import routes
from generator.render.i18n import Language
from generator.render.inside import Inside
from generator.render.pages import assets, pages_in
from generator.render.routes import Address
from generator.render.text import to_html
from generator.render.theme import Theme
from generator.search.files import files as search
from generator.terms import Dialect
from generator.view.gathered import gather
from generator.view.likeness import Remember
from generator.view.project import spoken
from generator.view.views import LanguageView

TEXTS = 8192  # an author's texts whose HTML is kept
ASKED = 8192  # months, and few records at a time, of which it is kept what is like what

R = TypeVar("R")
ToHtml = Callable[[str], str]


class Edition:
    """The site at one moment; nothing of it is projected or rendered before it is asked for, and nothing twice.

    Not for several threads at a time.
    """

    def __init__(
        self,
        site: Site,
        theme: Theme,
        languages: dict[str, Language],
        *,
        now: datetime,
        to_html: ToHtml,
        recall: Recollection,
        remember: Remember,
        indexes: Memo,
    ) -> None:
        self.site, self.theme, self.languages = site, theme, languages
        self._to_html, self._indexes, self._recall = to_html, indexes, recall
        self._gather = partial(gather, site, now=now, recall=recall, remember=remember)
        self._shelves = {code: Shelf(unbundled(self._of_language(code))) for code in languages}
        self._searches = {code: Shelf(unbundled(self._of_search(code))) for code in languages}
        self._made: dict[str, bytes] = {}

    @property
    def base(self) -> str:
        """Return the path that the site is published under."""
        return Address(self.site.config.url, "", "").base

    def holds(self, path: str) -> bool:
        """Return whether a build would write a file ``path``."""
        return self._find(path) is not None

    def file(self, path: str) -> bytes | None:
        """Return what a build would write to ``path``, None where it writes nothing; raise ThemeError as it would."""
        if path not in self._made:
            artifact = self._find(path)
            if artifact is None:
                return None
            self._made[path] = artifact.make()
        return self._made[path]

    def _find(self, path: str) -> Artifact | None:
        first = path.partition("/")[0]
        config = self.site.config
        lang = first if first in config.languages[1:] else config.default
        found = self._assets.find(path) or self._shelves[lang].find(path)
        if not found and path.startswith(Address(config.url, lang, config.default).local(routes.SEARCH)):
            found = self._searches[lang].find(path)  # no other missing file has the archive indexed
        # Files of no language lie at the root: no other missing page has them looked through.
        name = path.removeprefix("api/").removeprefix("share/")
        return found or (self._shared.find(path) if "/" not in name else None)

    @cached_property
    def _view_in(self) -> Callable[[str], LanguageView]:
        return cache(partial(spoken, self._gather(), recall=self._recall))

    def _address(self, code: str) -> Address:
        return Address(self.site.config.url, code, self.site.config.default)

    def _of_language(self, code: str) -> Iterator[Artifact | Bundle]:
        site, language, address = self._view_in(code), self.languages[code], self._address(code)
        yield from pages_in(site, address, self.theme, language=language, to_html=self._to_html, inside=self._inside)
        yield from feeds_in(site, address, language=language, to_html=self._to_html)

    def _of_search(self, code: str) -> Iterator[Artifact | Bundle]:
        site, language, address = self._view_in(code), self.languages[code], self._address(code)
        yield from search(site, address, language=language, to_html=self._to_html, memo=self._indexes).artifacts

    @cached_property
    def _inside(self) -> Inside | None:
        """What pages of an internal site know of it; a public one has none."""
        return None

    @cached_property
    def _assets(self) -> Shelf:
        return Shelf(assets(self.theme, self.languages, self.languages, inside=self._inside is not None))

    @cached_property
    def _shared(self) -> Shelf:
        return Shelf(self._for_all())

    def _for_all(self) -> Iterator[Artifact]:
        """Yield the files of no language but the theme's."""
        config = self.site.config
        yield from in_common(self._view_in(config.default), config, self.theme.brand)


class Shelf:
    """Artifacts by path, taken from where they come from no sooner than one of them is looked for."""

    def __init__(self, coming: Iterator[Artifact]) -> None:
        self._coming = coming
        self._here: dict[str, Artifact] = {}

    def find(self, path: str) -> Artifact | None:
        """Return the artifact of a path, None where there is none."""
        while path not in self._here:
            artifact = next(self._coming, None)
            if artifact is None:
                return None
            self._here[artifact.path] = artifact
        return self._here[path]


class Preview:
    """Looks at a site folder again and again; what is unchanged is neither read nor made again.

    A context manager, which saves what was remembered on the way out.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._memo = Memo.at(root / MEMO)
        parse = {one: parsing(self._memo, one, rendering(self._memo, one)) for one in Dialect}
        self._held = Holding(root, parse)
        # Values, by which results are recalled.
        self._parse_many = {one: function.many for one, function in parse.items()}
        self._likeness = at_hand(likeness(self._memo))  # one value too
        self._recall = Recollection()
        self._to_html = {one: lru_cache(TEXTS)(partial(to_html, dialect=one)) for one in Dialect}
        self._indexes = Memo.none()  # of the search: few and large, and made in an instant for most sites
        self._latest: Edition | None = None
        self._designs = 0  # counts the looks at themes and catalogues

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._memo.__exit__(kind, error, trace)

    def look(self, *, now: datetime, changed: Collection[str] | None = None) -> Edition:
        """Return the site as it is now; raise ContentError with every problem, ThemeError and SystemFault.

        ``changed`` are the paths in the site folder of what came, changed or went since the last look, None where
        nobody knows.
        """
        self._held.doubt(changed)
        if changed is None or any(path.split("/")[0] in LOOKS for path in changed):
            self._designs += 1
        try:
            return self._look(now)
        finally:
            self._memo.rest()  # between two looks nothing stays open

    def _look(self, now: datetime) -> Edition:
        dialect = dialect_of(self._root, self._recall)
        found = survey(
            self._root,
            now=now,
            take=partial(self._held.take, dialect),
            walk=self._held.walk,
            read=self._held.read,
            recall=self._recall,
        )
        if found.errors or found.site is None:
            raise ContentError(found.problems)
        config = found.site.config
        theme = self._recall(self._theme, self._designs, config, *found.site.pictures)
        languages = self._recall(self._languages, self._designs, config)
        if self._latest is not None:
            languages = _kept_languages(languages, self._latest.languages)
        head = head_of(found.site, self._root)
        site = with_times(found.site, self._root, head, parse=self._parse_many[dialect], recall=self._recall)
        self._latest = self._edition(site, theme, languages, now=now)
        return self._latest

    def _edition(self, site: Site, theme: Theme, languages: dict[str, Language], *, now: datetime) -> Edition:
        return Edition(
            site,
            theme,
            languages,
            now=now,
            to_html=self._to_html[site.config.markdown],
            recall=self._recall,
            remember=self._likeness,
            indexes=self._indexes,
        )

    def _theme(self, _design: int, config: Config, *pictures: Picture) -> Theme:
        return theme_of(self._root, config, *pictures)

    def _languages(self, _design: int, config: Config) -> dict[str, Language]:
        return languages_of(self._root, config)

    def settle(self) -> None:
        """Save what is worth it and forget what went out of use: what nobody has to wait for."""
        self._recall.turn()
        self._memo.save()


def at_hand(remember: Remember) -> Remember:
    """Return a way to remember that has at hand what was asked before."""
    known: dict[tuple[str, bytes], Any] = {}

    def again(kind: str, function: Callable[[bytes], R], /, *, returns: type[R]) -> Callable[[bytes], R]:
        kept = remember(kind, function, returns=returns)

        def ask(key: bytes) -> R:
            if (kind, key) not in known:
                if len(known) == ASKED:
                    known.clear()
                known[kind, key] = kept(key)
            found: R = known[kind, key]
            return found

        return ask

    return again


def _kept_languages(languages: dict[str, Language], former: dict[str, Language]) -> dict[str, Language]:
    """Return the languages, those that are the same with all that they have formatted already."""
    return {
        code: former[code] if code in former and former[code].fingerprint == one.fingerprint else one
        for code, one in languages.items()
    }
