"""The internal site as one composition: the public site's files, marked, and those that responders have beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from generator.build import Composed, Report, Whole
from generator.build import build as build_public
from generator.build import files as all_files
from generator.build import strands as all_strands
from generator.errors import ContentError, Problem
from generator.inner.pages import calendars, inside_of
from generator.inner.pages import pages as inner_pages
from generator.publish.artifact import Artifact, Rank
from generator.publish.draft import LIMIT, Progress
from generator.record.inside import roster_of
from generator.record.internal import survey_internal
from generator.record.internal_model import InternalRecord
from generator.record.model import Site
from generator.record.roster import Roster
from generator.render import routes
from generator.render.i18n import Language
from generator.render.inside import Inside
from generator.render.routes import Address
from generator.render.theme import Theme
from generator.terms import Audience
from generator.view.basics import keyed
from generator.view.oncall import calendars as duty_calendars
from generator.view.views import LanguageView
from generator.view.war_room import inner
from generator.view.war_room_views import InnerSite

OUTPUT = Path("output", "internal")

CLOSED = b"User-agent: *\nDisallow: /\n"
"""What the internal site tells crawlers, should one ever reach it."""


def build(
    root: Path,
    *,
    now: datetime,
    out: Path | None = None,
    internal: Path | None = None,
    url: str | None = None,
    clean: bool = False,
    atomic: bool = False,
    jobs: int = 1,
    limit: int = LIMIT,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Report:
    """Build the internal site into ``out``; what only responders know is read from ``internal``, else from the site.

    ``url`` is where it stands, if that is not where the public one does.

    Raises ContentError with every problem of the records, and what a public build raises.
    """
    return build_public(
        root, now=now, out=out or root / OUTPUT, compose=partial(_composed, root, now, internal),
        label=Audience.INTERNAL, url=url, clean=clean, atomic=atomic, jobs=jobs, limit=limit, progress=progress,
        waiting=waiting,
    )  # fmt: skip


def _composed(root: Path, now: datetime, internal: Path | None, whole: Whole) -> Composed:
    known = read(root, whole.site, internal, now=now)
    site = known.view(whole.site, whole.view(whole.site.config.default), now=now)
    inside = inside_of(site)
    return Composed(files(known, site, whole, inside, now=now), all_strands(whole, inside), known.problems)


class Known:
    """What the internal folder says, and the warnings about it."""

    def __init__(self, records: tuple[InternalRecord, ...], roster: Roster, problems: tuple[Problem, ...]) -> None:
        self.records, self.roster, self.problems = records, roster, problems

    def view(self, site: Site, shown: LanguageView, *, now: datetime) -> InnerSite:
        """Return what responders may see."""
        return inner(site, shown, self.records, people=self.roster.people, oncall=self.roster.oncall, now=now)


def read(root: Path, site: Site, internal: Path | None, *, now: datetime) -> Known:
    """Return what the internal folder says; raise ContentError with all that is wrong with it.

    A hole in the plan is a warning here: who looks for the war room gets it, and the page shows the hole.
    """
    survey, roster = survey_internal(root, site, internal, now=now), roster_of(root, internal, now=now)
    plan = (replace(problem, warning=True) if problem in roster.gaps else problem for problem in roster.problems)
    problems = tuple(sorted((*survey.problems, *plan)))
    if any(not problem.warning for problem in problems):
        raise ContentError(problems)
    return Known(survey.records, roster, problems)


def files(known: Known, site: InnerSite, whole: Whole, inside: Inside, *, now: datetime) -> Iterator[Artifact]:
    """Yield every file of the internal site that is of no language, or that no public site has."""
    yield from closed(all_files(whole, inside))
    yield from own(known, site, whole.site, whole.theme, whole.languages, to_html=whole.to_html, now=now)


def own(
    known: Known,
    view: InnerSite,
    site: Site,
    theme: Theme,
    languages: dict[str, Language],
    *,
    to_html: Callable[[str], str],
    now: datetime,
) -> Iterator[Artifact]:
    """Yield the files that no public site has."""
    default = site.config.default
    address, language = Address(site.config.url, default, default), languages[default]
    yield from inner_pages(view, address, theme, language=language, to_html=to_html)
    if known.roster.oncall is not None:
        found = duty_calendars(known.roster.oncall, known.roster.people, now=now)
        yield from calendars(found, site.config.authority, address, language=language)


def closed(artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
    """Yield files for programs without those that bring crawlers, or claim the public site's name at a host."""
    yield from (artifact for artifact in artifacts if not _inviting(artifact.path))
    key = keyed("closed", CLOSED)
    yield Artifact(routes.ROBOTS, key, partial(bytes, CLOSED), Rank.ASSET, "the file that keeps crawlers out")


def _inviting(path: str) -> bool:
    return path in (routes.ROBOTS, routes.CNAME) or (path.startswith("sitemap") and "/" not in path)
