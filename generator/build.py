"""The flow of data through the house, as one composition."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

from generator.errors import Problem
from generator.feeds import feeds
from generator.feeds.document import pretty_bytes
from generator.publish.artifact import Artifact, Rank, key_of
from generator.publish.draft import LIMIT, Progress
from generator.publish.memo import Memo, Remembered
from generator.publish.publish import Published, publish
from generator.publish.workers import make_all
from generator.recall import Recall, afresh
from generator.record import keys
from generator.record.dates import Times, dated, published_times, whole_head
from generator.record.history import rewritten
from generator.record.load import Parse, Parsed, Source, Survey, dialect_of, load_site, parse_record, survey
from generator.record.model import Config, Picture, Site
from generator.record.process import actions, overdue, promised
from generator.record.settings import moved
from generator.record.texts import text_problems
from generator.render import routes
from generator.render.brand import Brand, Image
from generator.render.i18n import Language, load_languages
from generator.render.pages import pages
from generator.render.routes import Address
from generator.render.text import Rendered, render
from generator.render.theme import Theme, load_theme
from generator.resources import fingerprint, locales_dir
from generator.search.files import Found
from generator.search.files import files as search
from generator.sources import Sources
from generator.terms import Audience, Dialect
from generator.unmoved import CLOCK, Watched
from generator.view.project import project
from generator.view.similar import Matches, Remember
from generator.view.views import LanguageView, SiteView

OUTPUT = Path("output", "public")
TEXTS = 4096
MEMO = Path(".statique", "memo.sqlite3")


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, and the warnings about the content."""

    published: Published
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A site that is read and projected: all that its files are made from, and the index of its search."""

    site: Site
    theme: Theme
    languages: dict[str, Language]
    view: SiteView
    to_html: Callable[[str], str]
    indexes: tuple[Artifact, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """The files of a site, and warnings beyond those of the public content."""

    artifacts: Iterable[Artifact]
    warnings: tuple[Problem, ...] = ()


def public(whole: Whole) -> Composed:
    """Return the files of the public site."""
    return Composed(
        chain(
            pages(whole.view, whole.theme, languages=whole.languages, to_html=whole.to_html),
            feeds(whole.view, languages=whole.languages, to_html=whole.to_html),
            [front_matter(whole.view.url)],
            whole.indexes,
        )
    )


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
    with Memo.at(root / MEMO) as memo:
        watched = Watched.of(root, target, limit=limit) if label == Audience.PUBLIC else None
        if watched and not clean and (stamp := watched.standing(memo, now)):
            unmoved = Published((), (), stamp.files, 0, stamp.size, stamp.warnings)
            return Report(unmoved, stamp.problems)
        recalled = Memo.none() if clean else memo
        dialect = dialect_of(root)
        texts = rendering(recalled, dialect)
        spread = partial(make_all, jobs=jobs, memo=recalled)
        parse = parsing(recalled, dialect, texts)
        sources = Sources(recalled, parse, clock=root / CLOCK, spread=spread)
        # One text stands in several documents of a build: what was looked up a moment ago is not looked up again.
        html = lru_cache(TEXTS)(lambda source: texts(source).html)
        with lasting():
            site, warnings = load_site(root, now=now, take=sources.take)
            sources.keep()
            site = moved(with_times(site, root, parse=partial(parse.many, spread=spread)), url)
            theme = theme_of(root, site)
            languages = languages_of(root, site.config)
            view = project(site, now=now, remember=likeness(recalled))
        searched = tuple(_searches(view, languages, to_html=html, memo=recalled, progress=progress))
        indexes = tuple(chain.from_iterable(found.artifacts for found in searched))
        composed = compose(Whole(site, theme, languages, view, html, indexes))
        published = publish(
            composed.artifacts, target, memo=memo, site=root, label=label, clean=clean, atomic=atomic,
            jobs=jobs, limit=limit, progress=progress, waiting=waiting,
        )  # fmt: skip
        unmade = dict.fromkeys(chain(published.warnings, *(found.warnings for found in searched)))
        report = Report(replace(published, warnings=tuple(unmade)), (*warnings, *composed.warnings))
        if watched:
            watched.keep(memo, site, now, report.published, report.warnings)
    return report


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


def _searches(
    view: SiteView,
    languages: dict[str, Language],
    *,
    to_html: Callable[[str], str],
    memo: Memo,
    progress: Progress | None,
) -> Iterator[Found]:
    """Yield the files of the search in each language."""
    for done, one in enumerate(view.languages):
        if progress:
            progress("index", done, len(view.languages))
        lang = one.info.lang
        yield search(one, Address(view.url, lang, view.default), language=languages[lang], to_html=to_html, memo=memo)


def front_matter(url: str) -> Artifact:
    """Return the schema of the content's keys: the one thing of the record itself that is published."""
    data = pretty_bytes(keys.schema(Address(url, "", "").absolute(routes.API_FRONT_MATTER)))
    key, make = key_of("front matter", data), partial(bytes, data)
    return Artifact(routes.API_FRONT_MATTER, key, make, Rank.FEED, "the schema of the content's keys")


def with_times(site: Site, root: Path, *, parse: Parse, recall: Recall = afresh) -> Site:
    """Return the site with the times that git knows, if its settings ask for them."""
    head = whole_head(root) if site.config.git_times else None
    return dated(site, recall(_times, root, head, parse), recall) if head else site


def _times(root: Path, head: str, parse: Parse) -> Times:
    return published_times(root, head, parse=parse)


def examine(root: Path, *, now: datetime, base: str | None = None) -> Survey:
    """Return everything that is wrong with the site in ``root``, and the site where it can be read.

    With ``base``, a revision of git, that includes what was changed in the record that was published there; raises
    UsageError where git cannot tell.
    """
    with Memo.at(root / MEMO) as memo:
        dialect = dialect_of(root)
        parse = parsing(memo, dialect, rendering(memo, dialect))
        sources = Sources(memo, parse, clock=root / CLOCK)
        with lasting():
            found = survey(root, now=now, take=sources.take)
        sources.keep()
        config = found.site.config if found.site else None
        more = [*overdue(found.site, now), *actions(promised(found.site), now.date())] if found.site else []
        if base is not None:
            more += rewritten(root, base, now=now, config=config, parse=parse.many)
        return Survey(found.site, tuple(sorted((*found.problems, *more))))


def current(root: Path, *, now: datetime) -> tuple[LanguageView, Language]:
    """Return what readers of the default language see at ``now``; raise ContentError when the site has problems."""
    with Memo.at(root / MEMO) as memo:
        dialect = dialect_of(root)
        sources = Sources(memo, parsing(memo, dialect, rendering(memo, dialect)), clock=root / CLOCK)
        site, _ = load_site(root, now=now, take=sources.take)
        sources.keep()
        view = project(site, now=now, languages=(site.config.default,), remember=likeness(memo))
    return view.languages[0], languages_of(root, site.config)[site.config.default]


def likeness(memo: Memo) -> Remember:
    """Return the way in which likeness between records is remembered: by month, for what it depends on."""
    return partial(memo.remembered, "likeness", fingerprint=fingerprint(), returns=Matches)


def rendering(memo: Memo, dialect: Dialect) -> Remembered[str, Rendered]:
    """Return the rendering of authors' texts in a dialect, remembered by the texts."""
    made = partial(render, dialect=dialect)
    return memo.remembered(f"text {dialect}", made, fingerprint=fingerprint(), returns=Rendered)


def parsing(memo: Memo, dialect: Dialect, texts: Callable[[str], Rendered]) -> Remembered[Source, Parsed]:
    """Return the parsing of source files, remembered by their paths and bytes; ``texts`` renders those in a dialect."""
    parse = partial(parse_record, examine=partial(text_problems, render=texts))
    return memo.remembered(f"record {dialect}", parse, fingerprint=fingerprint(), returns=Parsed)


def theme_of(root: Path, site: Site) -> Theme:
    """Return the site's theme, with what the settings say of the brand."""
    branding, pictures = site.config.branding, {picture.path: _image(picture) for picture in site.pictures}
    logo, accent = branding.logo, branding.accent
    brand = Brand(
        logo=pictures[logo.light] if logo else None,
        dark_logo=pictures[logo.dark] if logo and logo.dark != logo.light else None,
        icon=pictures[branding.icon] if branding.icon else None,
        accent=(accent.light, accent.dark) if accent else None,
    )
    return load_theme(root, site.config.theme, brand=brand)


def _image(picture: Picture) -> Image:
    ending = picture.path[picture.path.rindex(".") :]
    return Image(picture.type, ending, picture.data, picture.width, picture.height)


def languages_of(root: Path, config: Config) -> dict[str, Language]:
    """Return the site's languages; its own catalogues go before the program's."""
    places = (locales_dir(), root / "locales")
    return load_languages(config.languages, zone=config.time_zone, dirs=places)
