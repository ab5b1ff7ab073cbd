"""Views that are made later, made now; and views that are there already, as a site holds them."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TypeVar

import msgspec

from generator.hashing import key_of
from generator.terms import Kind
from generator.view.basics import Later, View, ready
from generator.view.library import PostmortemPage, PostmortemRecord
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
    return [record.page.make() for record in view.library.postmortems] if view.library else []


def made(laters: Mapping[K, Later[V]]) -> dict[K, V]:
    """Return all views by what they go by."""
    return {key: later.make() for key, later in laters.items()}


def whole(view: View) -> bytes:
    """Return the encoding of a view with all that is made later."""
    return msgspec.msgpack.encode(view, enc_hook=lambda make: make())


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
        Later(key_of([one.view.made_of for one in records]), lambda: records),
        key_of([one.page.made_of for one in records]),
        tuple((one.kind, one.id, one.updated) for one in records),
        frozenset((one.kind, one.impact) for one in records),
    )


def postmortem_of(page: PostmortemPage) -> PostmortemRecord:
    """Return a postmortem with the page that it has."""
    return PostmortemRecord(page.postmortem.card, ready(page.postmortem), ready(page))
