"""From internal views to pages and calendars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from jinja2 import Environment

from generator.feeds import oncall
from generator.hashing import key_of
from generator.publish.artifact import Artifact, Rank
from generator.render import routes
from generator.render.environment import environment_of, render
from generator.render.i18n import Language
from generator.render.inside import Inside
from generator.render.mentions import Mentions
from generator.render.pages import Sheet
from generator.render.routes import Address
from generator.render.theme import Theme
from generator.resources import fingerprint
from generator.view.basics import keyed, ready
from generator.view.oncall_views import DutyCalendar
from generator.view.war_room_views import InnerSite


def inside_of(site: InnerSite) -> Inside:
    """Return what pages of an internal site know of it."""
    return Inside(tuple(room.card.room.id for room in site.rooms), site.oncall is not None)


def pages(
    site: InnerSite, address: Address, theme: Theme, *, language: Language, to_html: Callable[[str], str]
) -> Iterator[Artifact]:
    """Yield every internal page."""
    inside = inside_of(site)
    environment = environment_of(theme, language, address, info=site.info, to_html=to_html, inside=inside)
    environment.filters["chatted"] = Mentions(to_html, language)
    constant = key_of("inner", fingerprint(), theme.fingerprint, language.fingerprint, site.info, address, inside)
    for sheet in _sheets(site):
        yield Artifact(
            path=address.file(sheet.key),
            keyed=keyed(constant, sheet),
            make=partial(_make, environment, sheet),
            rank=Rank.PAGE,
            origin=f"the internal page {address.local(sheet.key)}",
        )


def _sheets(site: InnerSite) -> Iterator[Sheet]:
    yield Sheet("war_rooms.html", routes.WAR_ROOMS, ready(site.list))
    for room in site.rooms:
        yield Sheet("war_room.html", routes.war_room(room.card.room.id), ready(room))
    yield Sheet("tasks.html", routes.TASKS, ready(site.tasks))
    yield Sheet("insights.html", routes.INSIGHTS, ready(site.insights))
    if site.oncall is not None:
        yield Sheet("oncall.html", routes.ONCALL, ready(site.oncall))


def _make(environment: Environment, sheet: Sheet) -> bytes:
    page = render(
        environment, sheet.template, key=sheet.key, page=sheet.page.make(), mark="", feeds=False, sharing=None
    )
    return page.encode()


def calendars(
    views: Iterable[DutyCalendar], authority: str, address: Address, *, language: Language
) -> Iterator[Artifact]:
    """Yield the calendar of each rotation and of each person."""
    for view in views:
        yield Artifact(
            path=oncall.key(view),
            keyed=keyed("duty", fingerprint(), language.fingerprint, authority, address, view),
            make=partial(oncall.write, view, authority=authority, address=address, language=language),
            rank=Rank.FEED,
            origin=f"the calendar {oncall.key(view)}",
        )
