"""The flow of data through the house, as one composition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
from generator.publish.memo import Memo
from generator.publish.publish import Published, publish
from generator.reading import MEMO, Reading, languages_of, lasting, likeness, with_times
from generator.record import keys
from generator.record.load import whole
from generator.record.model import Picture, Site
from generator.record.settings import moved
from generator.render import routes
from generator.render.brand import Brand, Image
from generator.render.i18n import Language
from generator.render.pages import pages
from generator.render.routes import Address
from generator.render.theme import Theme, load_theme
from generator.search.files import Found
from generator.search.files import files as search
from generator.terms import Audience
from generator.unmoved import Watched
from generator.view.project import project
from generator.view.views import SiteView

OUTPUT = Path("output", "public")
TEXTS = 4096


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
        reading = Reading(root, recalled, jobs=jobs, progress=progress)
        # One text stands in several documents of a build: what was looked up a moment ago is not looked up again.
        html = lru_cache(TEXTS)(lambda source: reading.texts(source).html)
        with lasting():
            site, warnings = whole(reading.survey(now))
            site = moved(with_times(site, root, parse=reading.parse_many), url)
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
