"""The flow of data through the house, as one composition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from generator.errors import Problem
from generator.feeds import feeds
from generator.publish.draft import Progress
from generator.publish.memo import Memo
from generator.publish.publish import Published, publish
from generator.record.load import Parse, Parsed, Survey, load_site, parse_record, survey
from generator.record.model import Config
from generator.render.i18n import Language, load_languages
from generator.render.pages import pages
from generator.render.text import to_html
from generator.render.theme import load_theme
from generator.resources import fingerprint, locales_dir
from generator.view.project import project
from generator.view.views import LanguageView

OUTPUT = Path("output", "public")
MEMO = Path(".statique", "memo.sqlite3")


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, and the warnings about the content."""

    published: Published
    warnings: tuple[Problem, ...]


def build(
    root: Path,
    *,
    now: datetime,
    out: Path | None = None,
    clean: bool = False,
    atomic: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Report:
    """Build the site in ``root`` into ``out``; leave the output untouched unless all of it could be made.

    Raises ContentError with every problem of the content, ThemeError, UsageError and SystemFault.
    """
    with Memo.at(root / MEMO) as memo:
        recalled = Memo.none() if clean else memo
        html = recalled.remembered("html", to_html, fingerprint=fingerprint())
        site, warnings = load_site(root, now=now, parse=_parse(recalled))
        theme = load_theme(root, site.config.theme)
        languages = _languages(root, site.config)
        view = project(site, now=now)
        artifacts = chain(
            pages(view, theme, languages=languages, to_html=html), feeds(view, languages=languages, to_html=html)
        )
        published = publish(
            artifacts, out or root / OUTPUT, memo=memo, site=root, label="public", clean=clean, atomic=atomic,
            jobs=jobs, progress=progress, waiting=waiting,
        )  # fmt: skip
    return Report(published, warnings)


def examine(root: Path, *, now: datetime) -> Survey:
    """Return everything that is wrong with the site in ``root``, and the site where it can be read."""
    with Memo.at(root / MEMO) as memo:
        return survey(root, now=now, parse=_parse(memo))


def current(root: Path, *, now: datetime) -> tuple[LanguageView, Language]:
    """Return what readers of the default language see at ``now``; raise ContentError when the site has problems."""
    with Memo.at(root / MEMO) as memo:
        site, _ = load_site(root, now=now, parse=_parse(memo))
    return project(site, now=now).languages[0], _languages(root, site.config)[site.config.default]


def _parse(memo: Memo) -> Parse:
    """Return the reading of source files, remembered by their paths and bytes."""
    return memo.remembered("record", parse_record, fingerprint=fingerprint(), returns=Parsed).many


def _languages(root: Path, config: Config) -> dict[str, Language]:
    places = (locales_dir(), root / "locales")
    return load_languages(config.languages, zone=config.time_zone, dirs=places)
