"""The calendars of planned maintenance: which there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.feeds.entry import ToHtml
from generator.feeds.planned import key
from generator.publish.artifact import Artifact, Rank
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.view.basics import keyed
from generator.view.program_views import CalendarView
from generator.view.views import LanguageView, SiteInfo


def files(view: LanguageView, address: Address, language: Language, to_html: ToHtml) -> Iterator[Artifact]:
    """Yield every calendar of one language."""
    for calendar in view.calendars:
        yield Artifact(
            path=address.file(key(calendar)),
            keyed=keyed("calendar", fingerprint(), language.fingerprint, address, view.info, calendar),
            make=partial(_written, calendar, view.info, address=address, language=language, to_html=to_html),
            rank=Rank.FEED,
            origin=f"the calendar {key(calendar)} ({address.lang})",
        )


def _written(calendar: CalendarView, info: SiteInfo, *, address: Address, language: Language, to_html: ToHtml) -> bytes:
    from generator.feeds.ical import write  # noqa: PLC0415 seldom made, and its library is slow to load

    return write(calendar, info, address=address, language=language, to_html=to_html)
