"""The flow of data through the house, as one composition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from generator.colour import on_dark
from generator.errors import Problem
from generator.feeds import feeds_in, shared
from generator.feeds.document import pretty_bytes
from generator.feeds.hosting import places
from generator.publish.artifact import Artifact, Bundle, Rank, Strand
from generator.publish.draft import LIMIT, Progress
from generator.publish.memo import Memo
from generator.publish.place import usable
from generator.publish.publish import Published, publish
from generator.publish.seen import intact_parts
from generator.publish.workers import NotBesideError, ahead, beside, make_all
from generator.reading import MEMO, Reading, head_of, languages_of, lasting, likeness, look_at, with_times
from generator.record import keys
from generator.record.load import whole
from generator.record.model import Config, Picture, Site
from generator.record.settings import moved
from generator.render import routes
from generator.render.brand import Brand, Image
from generator.render.i18n import Language
from generator.render.inside import Inside
from generator.render.pages import assets, pages_in, pictures
from generator.render.routes import Address
from generator.render.theme import Theme, load_theme
from generator.search.files import files as search
from generator.terms import Audience
from generator.unmoved import Watched
from generator.view.basics import keyed
from generator.view.gathered import gather
from generator.view.likeness import Remember
from generator.view.project import spoken
from generator.view.views import LanguageView

OUTPUT = Path("output", "public")
TEXTS = 4096


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, and the warnings about the content."""

    published: Published
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A site that is read: all that its files are made from.

    ``view`` returns the site in one language; what it returned for one is let go when another is asked for, so that
    a site in many languages takes the room of one. ``search`` yields the files of a language's search.
    """

    site: Site
    theme: Theme
    languages: dict[str, Language]
    view: Callable[[str], LanguageView]
    to_html: Callable[[str], str]
    search: Callable[[LanguageView], Iterable[Artifact | Bundle]]


@dataclass(frozen=True, slots=True)
class Composed:
    """The files of a site, those of each language as a strand, and warnings beyond those of the public content."""

    artifacts: Iterable[Artifact]
    strands: tuple[Strand, ...]
    warnings: tuple[Problem, ...] = ()


def public(whole: Whole) -> Composed:
    """Return the files of the public site."""
    return Composed(files(whole), strands(whole))


def files(whole: Whole, inside: Inside | None = None) -> Iterator[Artifact]:
    """Yield the files of no language; ``inside`` is what pages of an internal site know of it."""
    config = whole.site.config
    yield from assets(whole.theme, config.languages, whole.languages, inside=inside is not None)
    yield from in_common(whole.view(config.default), config, whole.theme.brand)


def in_common(site: LanguageView, config: Config, brand: Brand) -> Iterator[Artifact]:
    """Yield the files of no language but the theme's; ``site`` is told in the default one."""
    yield from pictures(site, brand)
    # Languages differ in words, not in pages: where those of one are known, no other has to be told for it.
    addresses = (Address(config.url, code, config.default) for code in config.languages)
    yield from shared(config.url, [found for address in addresses for found in places(site, address)])
    yield front_matter(config.url)


def strands(whole: Whole, inside: Inside | None = None) -> tuple[Strand, ...]:
    """Return the files of each language."""
    return tuple(Strand(code, partial(_in_language, whole, code, inside)) for code in whole.site.config.languages)


def _in_language(whole: Whole, code: str, inside: Inside | None) -> Iterator[Artifact | Bundle]:
    config, site, language = whole.site.config, whole.view(code), whole.languages[code]
    address = Address(config.url, code, config.default)
    yield from whole.search(site)
    yield from pages_in(site, address, whole.theme, language=language, to_html=whole.to_html, inside=inside)
    yield from feeds_in(site, address, language=language, to_html=whole.to_html)


def build(
    root: Path,
    *,
    now: datetime,
    out: Path | None = None,
    compose: Callable[[Whole], Composed] = public,
    label: str = Audience.PUBLIC,
    url: str | None = None,
    clean: bool = False,
    atomic: bool = False,
    jobs: int = 1,
    limit: int = LIMIT,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Report:
    """Build the site in ``root`` into ``out``; leave the output untouched unless all of it could be made.

    ``compose`` says which files the site has, ``label`` what kind of site it is: an output of another is refused;
    ``url`` where it stands, if that is not where the settings say.
    Raises ContentError with every problem of the content, ThemeError, UsageError and SystemFault.
    """
    target = out or root / OUTPUT
    memo = Memo.at(root / MEMO)
    output = partial(intact_parts, memo, usable(target, site=root), label)
    # While the sources are looked at and read, another process looks at what stands.
    with memo, ahead(output, jobs=1 if clean else jobs, memo=memo) as looked:
        with lasting():
            look = look_at(root)
            watched = Watched.of(root, target, look, limit=limit) if label == Audience.PUBLIC else None
            stamp = watched.standing(memo, now, looked) if watched and not clean else None
        if stamp:
            unmoved = Published((), (), stamp.files, 0, stamp.size, stamp.marker, stamp.warnings)
            return Report(unmoved, stamp.problems)
        recalled = Memo.none() if clean else memo
        reading = Reading(root, recalled, look=look, jobs=jobs, progress=progress)
        # One text stands in several documents of a build: what was looked up a moment ago is not looked up again.
        html = lru_cache(TEXTS)(lambda source: reading.texts(source).html)
        with lasting():
            site, warnings = whole(reading.survey(now))
            head = head_of(site, root)
            site = moved(with_times(site, root, head, parse=reading.parse_many), url)
            theme = theme_of(root, site.config, *site.pictures)
            languages = languages_of(root, site.config)
        searches = _Searches(languages, to_html=html, memo=recalled, jobs=jobs, progress=progress)
        telling = _Spoken(site, now, likeness(recalled))
        composed = compose(Whole(site, theme, languages, telling.view, html, searches.files))
        published = publish(
            composed.artifacts, target, strands=composed.strands, memo=memo, site=root, label=label, clean=clean,
            atomic=atomic, jobs=jobs, limit=limit, progress=progress, waiting=waiting, looked=looked,
        )  # fmt: skip
        unmade = dict.fromkeys((*published.warnings, *searches.warnings))
        report = Report(replace(published, warnings=tuple(unmade)), (*warnings, *composed.warnings))
        if watched:
            watched.keep(memo, site, head=head, now=now, published=report.published, problems=report.warnings)
    return report


class _Spoken:
    """A site in one language at a time; what all languages share is made once."""

    def __init__(self, site: Site, now: datetime, remember: Remember) -> None:
        with lasting():
            self._known = gather(site, now=now, remember=remember)
        self._latest: LanguageView | None = None

    def view(self, lang: str) -> LanguageView:
        """Return the site in a language."""
        if self._latest is None or self._latest.info.lang != lang:
            self._latest = None
            with lasting():
                self._latest = spoken(self._known, lang)
        return self._latest


class _Searches:
    """The search of each language that is asked for; ``warnings`` say why there is none where there is none."""

    def __init__(
        self,
        languages: Mapping[str, Language],
        *,
        to_html: Callable[[str], str],
        memo: Memo,
        jobs: int,
        progress: Progress | None,
    ) -> None:
        self._languages, self._to_html, self._memo, self._progress = languages, to_html, memo, progress
        # An index takes a second, and each is made from other records.
        self._spread = partial(make_all, jobs=jobs, memo=memo, chunk=1, life=2)
        self._done = 0
        self.warnings: list[str] = []

    def files(self, site: LanguageView) -> Iterable[Artifact | Bundle]:
        """Return the files of the search in the language of ``site``."""
        if self._progress:
            self._progress("index", self._done, len(self._languages))
        language = self._languages[site.info.lang]
        address = Address(site.info.url, site.info.lang, site.info.languages[0])
        found = search(site, address, language=language, to_html=self._to_html, memo=self._memo, spread=self._spread)
        self._done += 1
        if found.warnings and beside():
            raise NotBesideError  # what a worker knows of warnings goes with it
        self.warnings += found.warnings
        return found.artifacts


def front_matter(url: str) -> Artifact:
    """Return the schema of the content's keys: the one thing of the record itself that is published."""
    data = pretty_bytes(keys.schema(Address(url, "", "").absolute(routes.API_FRONT_MATTER)))
    key, make = keyed("front matter", data), partial(bytes, data)
    return Artifact(routes.API_FRONT_MATTER, key, make, Rank.FEED, "the schema of the content's keys")


def theme_of(root: Path, config: Config, *pictures: Picture) -> Theme:
    """Return a site's theme, with what the settings say of the brand, which may have ``pictures``."""
    branding, images = config.branding, {picture.path: _image(picture) for picture in pictures}
    logo, accent = branding.logo, branding.accent
    brand = Brand(
        logo=images[logo.light] if logo else None,
        dark_logo=images[logo.dark] if logo and logo.dark != logo.light else None,
        icon=images[branding.icon] if branding.icon else None,
        accent=(accent.light, accent.dark or on_dark(accent.light)) if accent else None,
    )
    return load_theme(root, config.theme, brand=brand)


def _image(picture: Picture) -> Image:
    ending = picture.path[picture.path.rindex(".") :]
    return Image(picture.type, ending, picture.data, picture.width, picture.height)
