"""Calendars of planned maintenance: where each is, and what it and its events are called."""

from __future__ import annotations

from generator.feeds.document import line
from generator.render import routes
from generator.render.i18n import Language
from generator.terms import Kind
from generator.view.program_views import CalendarView
from generator.view.views import SiteInfo


def key(view: CalendarView) -> str:
    """Return the key of a calendar's address."""
    if view.alone:
        return routes.event(view.works[0].id)
    return routes.calendar(None if view.component is None else view.component.id)


def title(view: CalendarView, info: SiteInfo, language: Language) -> str:
    """Return the name that a calendar has in its subscribers' programs."""
    site = line(info.name.text)
    if view.alone:
        return f"{line(view.works[0].title.text)} – {site}"
    name = site if view.component is None else f"{line(view.component.name.text)} – {site}"
    return language.gettext("Maintenance: %(name)s") % {"name": name}


def uid(id: str, authority: str) -> str:
    """Return an event's permanent id."""
    return f"{id}@{authority.lower()}"


def page(view: CalendarView) -> str:
    """Return the key of the page that tells what is in a calendar."""
    if view.alone:
        return routes.record(Kind.MAINTENANCE, view.works[0].id)
    return routes.MAINTENANCE if view.component is None else routes.component(view.component.id)
