"""Views that are made later, made now; and views that are there already, as a site holds them."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import TypeVar

import msgspec

from generator.terms import Kind
from generator.view.basics import Later, View, keyed, ready
from generator.view.library import PostmortemLot, PostmortemPage, PostmortemRecord
from generator.view.record_views import IncidentPage, Record, RecordLot
from generator.view.views import LanguageView

K = TypeVar("K")
V = TypeVar("V")


def incident_pages(view: LanguageView) -> list[IncidentPage]:
    """Return the pages of all records, those of incidents first."""
    records = sorted(view.records(), key=lambda one: one.kind is not Kind.INCIDENT)
    return [record.page.make() for record in records]


def postmortem_pages(view: LanguageView) -> list[PostmortemPage]:
    """Return the pages of all postmortems."""
    return [record.page.make() for lot in view.library.lots for record in lot.pages.make()] if view.library else []


def made(laters: Mapping[K, Later[V]]) -> dict[K, V]:
    """Return all views by what they go by."""
    return {key: later.make() for key, later in laters.items()}


def _told(later: Later[object] | Callable[[], object]) -> object:
    return later.make() if isinstance(later, Later) else later()


def whole(view: View) -> bytes:
    """Return the encoding of a view with all that is made later."""
    return msgspec.msgpack.encode(view, enc_hook=_told)


def record_of(page: IncidentPage) -> Record:
    """Return a record with the page that it has."""
    view, card = page.incident, page.incident.card
    return Record(
        card.kind, card.id, card.title, card.started.date(), card.impact, view.updated, ready(view), ready(page)
    )


def lots_of(pages: Iterable[IncidentPage]) -> tuple[RecordLot, ...]:
    """Return the months of records, from their pages."""
    records = sorted(map(record_of, pages), key=lambda one: one.begun, reverse=True)
    return tuple(_lot(month, tuple(ones)) for month, ones in groupby(records, lambda one: f"{one.begun:%Y-%m}"))


def _lot(month: str, records: tuple[Record, ...]) -> RecordLot:
    return RecordLot(
        month,
        Later(keyed(*(one.view for one in records)), lambda: records),
        Later(keyed(*(one.page for one in records)), lambda: records),
        tuple((one.kind, one.id, one.updated) for one in records),
        frozenset((one.kind, one.impact) for one in records),
    )


def postmortem_lots(pages: Iterable[PostmortemPage]) -> tuple[PostmortemLot, ...]:
    """Return the months of postmortems, from their pages, which are newest first."""
    return tuple(_of_month(month, tuple(ones)) for month, ones in groupby(pages, _month))


def _month(page: PostmortemPage) -> str:
    published = page.postmortem.card.published
    return f"{published:%Y-%m}" if published else ""


def _of_month(month: str, pages: tuple[PostmortemPage, ...]) -> PostmortemLot:
    records = tuple(PostmortemRecord(page.postmortem.card.id, ready(page)) for page in pages)
    return PostmortemLot(month, tuple(one.id for one in records), Later(keyed(*pages), lambda: records))
