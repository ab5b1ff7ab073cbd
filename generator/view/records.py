"""The records of a month in one language, none of them told before somebody asks, and what is like one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from generator.hashing import NOTHING
from generator.view import basics, record_views, similar
from generator.view.facts import Known
from generator.view.gathered import Gathered
from generator.view.lessons import KIND
from generator.view.library import Alike, PostmortemRef, SimilarPostmortem
from generator.view.reviews import similar_postmortem
from generator.view.speaker import Speaker


def of_month(known: Gathered, month: str, speaker: Speaker) -> record_views.RecordLot:
    """Return the records of a month, none of them told yet."""
    found = known.archive[month]

    def records() -> tuple[record_views.Record, ...]:
        return tuple(_records(known, month, speaker))

    return record_views.RecordLot(
        month,
        basics.Later(partial(speaker.key_of, found), records),
        basics.Later(partial(_pages_key, known, month, speaker), records),
        found.places,
        found.impacts,
    )


def _pages_key(known: Gathered, month: str, speaker: Speaker) -> bytes:
    """Return a hash that differs where a page of one of a month's records does."""
    beside = known.began(month).beside
    return speaker.key_of(known.archive[month], *beside)


def _records(known: Gathered, month: str, speaker: Speaker) -> Iterator[record_views.Record]:
    around = known.began(month).around
    for one in known.archive[month].ones:
        kind, id = one.record.kind, one.record.id
        older, newer = around[id]
        lesson, alike = known.reviews.get(id), like(known, speaker, (kind, id), one.started)
        postmortem = speaker.postmortem(lesson) if lesson else None
        view = basics.Later(partial(speaker.key, one), partial(speaker.incident, one))
        before, after = (speaker.link_key(other) if other else NOTHING for other in (older, newer))
        page = basics.Later(
            basics.keyed(view, before, after, alike, postmortem),
            partial(_page, speaker, one, (older, newer), alike, postmortem),
        )
        yield record_views.Record(kind, id, speaker.title(one), one.begun, one.impact, one.updated, view, page)


def _page(
    speaker: Speaker,
    one: Known,
    around: tuple[Known | None, Known | None],
    like: basics.Later[Alike],
    postmortem: PostmortemRef | None,
) -> record_views.IncidentPage:
    older, newer = (speaker.neighbour(other) if other else None for other in around)
    return record_views.IncidentPage(speaker.incident(one), older, newer, like.make(), postmortem)


def like(known: Gathered, speaker: Speaker, key: similar.Key, started: datetime | None) -> basics.Later[Alike]:
    """Return the earlier records that are like one."""
    return basics.Later(
        partial(_like_key, known, speaker, key, started),
        lambda: tuple(_ref(known, speaker, match) for match in known.alike.of(key, started).matches),
    )


def _like_key(known: Gathered, speaker: Speaker, key: similar.Key, started: datetime | None) -> bytes:
    found = known.alike.of(key, started)
    keys = [
        speaker.lesson_key(known.lesson(match.id)) if match.kind == KIND else speaker.key(known.one(match.id))
        for match in found.matches
    ]
    return b"".join((found.made_of, *keys))


def _ref(known: Gathered, speaker: Speaker, match: similar.Match) -> basics.SimilarRef | SimilarPostmortem:
    if match.kind == KIND:
        return similar_postmortem(known.lesson(match.id), match, speaker)
    return speaker.similar(known.one(match.id), match)
