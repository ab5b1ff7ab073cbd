"""Turns of those on call as iCalendar (RFC 5545), one calendar a rotation and one a person; for the internal site.

An event's UID is made of rotation, layer and the moment at which the turn begins: it is the same in every calendar that
holds it, and it stays while that turn begins then. Its SEQUENCE is the number of overrides that touch the turn. All
times are UTC, and none is the build's: DTSTAMP is the day on which the rotation's plan begins.
"""

from __future__ import annotations

from icalendar import Calendar, Event

from generator.feeds.document import line
from generator.feeds.ical import REFRESH, moment, proved, text, utc
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.view.oncall_views import DutyCalendar, PersonRef, Shift

PRODUCT = "-//statique//On call//EN"


def write(view: DutyCalendar, *, authority: str, address: Address, language: Language) -> bytes:
    """Return the calendar of a rotation or a person; without turns it holds a time zone alone."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = language.gettext("On call: %(name)s") % {"name": line(view.name)}
    calendar.add("name", text(name), parameters={"LANGUAGE": language.code})
    calendar.add("x-wr-calname", text(name))
    calendar.add("source", address.absolute(key(view)), parameters={"VALUE": "URI"})
    calendar.add("url", address.absolute(routes.ONCALL))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for shift in view.shifts:
        calendar.add_component(_event(shift, view, authority, address, language))
    if not view.shifts:
        calendar.add_component(utc())
    return proved(calendar.to_ical(), [uid(shift, authority) for shift in view.shifts])


def key(view: DutyCalendar) -> str:
    """Return the key of a calendar's address."""
    return routes.person_calendar(view.id) if view.person else routes.oncall_calendar(view.id)


def uid(shift: Shift, authority: str) -> str:
    """Return a turn's permanent id."""
    return f"oncall-{shift.rotation}-{shift.layer}-{moment(shift.start):%Y%m%dT%H%M%SZ}@{authority.lower()}"


def _event(shift: Shift, view: DutyCalendar, authority: str, address: Address, language: Language) -> Event:
    event = Event()
    event.add("uid", uid(shift, authority))
    event.add("sequence", shift.revision)
    event.add("dtstamp", moment(view.since))
    event.add("dtstart", moment(shift.start))
    event.add("dtend", moment(shift.end))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", text(_summary(shift, view, language)), parameters={"LANGUAGE": language.code})
    event.add("description", text(_description(shift, language)), parameters={"LANGUAGE": language.code})
    event.add("url", address.absolute(routes.ONCALL))
    event.add("categories", text(line(shift.rotation_name)))
    return event


def _summary(shift: Shift, view: DutyCalendar, language: Language) -> str:
    who = line(shift.rotation_name if view.person else shift.person.name)
    return f"{who} ({layer_name(shift.layer, language)})"


def layer_name(layer: str, language: Language) -> str:
    """Return a layer in the language's words."""
    return {"primary": language.gettext("first on call"), "secondary": language.gettext("second on call")}[layer]


def _description(shift: Shift, language: Language) -> str:
    """Return who it is and how they are reached, a line each."""
    lines = [_named(shift.person)]
    if shift.instead is not None:
        lines.append(language.gettext("In place of %(name)s") % {"name": line(shift.instead.name)})
    lines += [f"{channel}: {line(value)}" for channel, value in shift.person.contacts]
    return "\n".join(lines)


def _named(person: PersonRef) -> str:
    return line(f"{person.name}, {person.role}" if person.role else person.name)
