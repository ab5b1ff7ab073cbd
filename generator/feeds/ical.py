"""Planned maintenance as iCalendar (RFC 5545, with the properties of RFC 7986), for people to subscribe to.

An event's UID is the maintenance's id at the site's authority, the same in every language and in every calendar that
holds it: it is the same event. Its SEQUENCE is the number of updates and amendments after the announcement: nothing
about it changes without one of them, and their number never falls. All times are UTC, which is right in every zone,
and none of them is the build's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard
from icalendar.prop import vText

from generator.feeds.document import clean, line, shortened
from generator.feeds.entry import ToHtml, absolute_links
from generator.feeds.plain import plain
from generator.feeds.planned import key, page, title, uid
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.terms import Kind
from generator.view.program_views import CalendarView, PlannedWork
from generator.view.views import SiteInfo

PRODUCT = "-//statique//Planned maintenance//EN"
REFRESH = timedelta(hours=1)
LONGEST = 1000
# DEL, C1 controls and the two separators, which programs take for the end of a line; the rest is gone after `clean`.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029]")
_ESCAPED = re.compile(r"[\\;,\n]")


class _Text(vText):
    """TEXT (RFC 5545, section 3.3.11); the library's own way takes a backslash before an N for a line break."""

    def to_ical(self) -> bytes:
        return _ESCAPED.sub(lambda found: r"\n" if found[0] == "\n" else f"\\{found[0]}", self).encode()


def write(view: CalendarView, info: SiteInfo, *, address: Address, language: Language, to_html: ToHtml) -> bytes:
    """Return a calendar; without work it holds a time zone alone, since a calendar must hold something."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = title(view, info, language)
    calendar.add("name", text(name), parameters={"LANGUAGE": language.code})
    calendar.add("x-wr-calname", text(name))
    calendar.add("source", address.absolute(key(view)), parameters={"VALUE": "URI"})
    calendar.add("url", address.absolute(page(view)))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if view.works:
        calendar.add("last-modified", moment(max(work.modified for work in view.works)))
    for work in view.works:
        calendar.add_component(_event(work, info, address, language, to_html))
    if not view.works:
        calendar.add_component(utc())
    return proved(calendar.to_ical(), [uid(work.id, info.authority) for work in view.works])


def _event(work: PlannedWork, info: SiteInfo, address: Address, language: Language, to_html: ToHtml) -> Event:
    url = address.absolute(routes.record(Kind.MAINTENANCE, work.id))
    words = shortened(plain(absolute_links(to_html(clean(work.newest.source)), url)), LONGEST)
    event = Event()
    event.add("uid", uid(work.id, info.authority))
    event.add("sequence", work.revision)
    event.add("dtstamp", moment(work.modified))
    event.add("created", moment(work.announced))
    event.add("last-modified", moment(work.modified))
    event.add("dtstart", moment(work.window.start))
    event.add("dtend", moment(work.window.end))
    event.add("status", "CANCELLED" if work.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", text(_summary(work, language)), parameters={"LANGUAGE": work.title.lang})
    event.add("description", text(f"{words}\n\n{url}".strip()), parameters={"LANGUAGE": work.newest.lang})
    event.add("url", url)
    for component in work.components:
        name = component.name
        event.add("categories", text(line(name.text)), parameters={"LANGUAGE": name.lang})
    return event


def _summary(work: PlannedWork, language: Language) -> str:
    # Programs that know no STATUS would still say that the work takes place.
    words = line(work.title.text)
    return language.gettext("Cancelled: %(title)s") % {"title": words} if work.cancelled else words


def text(words: str) -> vText:
    """Return a TEXT value that two readers find again as it is."""
    return _Text(_UNSAFE.sub(" ", clean(words)).replace("\t", " "))


def moment(when: datetime) -> datetime:
    """Return a moment as calendars hold it: in UTC, to the second."""
    return when.astimezone(UTC).replace(microsecond=0)


def utc() -> Timezone:
    """Return the definition of UTC, which a calendar without events holds."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 a zone's own definition begins in local time
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    standard.add("tzname", "UTC")
    zone.add_component(standard)
    return zone


def proved(data: bytes, uids: list[str]) -> bytes:
    """Return the bytes of a calendar in which a reader found no fault and these events."""
    read = Calendar.from_ical(data)
    broken = [error for part in read.walk() for error in part.errors]
    if broken or [str(event["uid"]) for event in read.walk("VEVENT")] != uids:
        raise ValueError(f"the calendar cannot be read back: {broken or uids}")
    return data
