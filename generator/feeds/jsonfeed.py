"""JSON Feed 1.1 (jsonfeed.org/version/1.1), and the size that it sets for all forms of a feed."""

from __future__ import annotations

import gzip
from bisect import bisect_left

import msgspec
from msgspec import UNSET, UnsetType

from generator.feeds.api_form import Time, Url
from generator.feeds.document import instant, json_bytes, line
from generator.feeds.entry import Entry, Feed
from generator.render import routes
from generator.terms import Impact, Kind, Level, Phase

VERSION = "https://jsonfeed.org/version/1.1"
LIMIT = 100_000
"""The most bytes that a feed should have: the specification calls less than 100 KB ideal."""

GZIPPED = 25_000
"""The most bytes of it that go over the wire, as hosts compress that do it fastest."""


class Author(msgspec.Struct, frozen=True):
    """Who publishes the feed."""

    name: str
    url: Url


class StateThen(msgspec.Struct, frozen=True):
    """A component of the record, and its state from the update on."""

    id: str
    name: str
    state: Level


class Extension(msgspec.Struct, frozen=True, omit_defaults=True):
    """The facts of a record for programs, as of the update; times are RFC 3339 in UTC."""

    incident: str
    kind: Kind
    status: Phase
    impact: Impact
    components: tuple[StateThen, ...]
    started: Time
    severity: str | UnsetType = UNSET
    resolved: Time | UnsetType = UNSET


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One update; ``language`` only where it is not the feed's."""

    id: str
    url: Url
    title: str
    content_html: str
    date_published: Time
    extension: Extension = msgspec.field(name="_statique")
    date_modified: Time | UnsetType = UNSET
    tags: tuple[str, ...] = ()
    language: str | UnsetType = UNSET


class Hub(msgspec.Struct, frozen=True):
    """Where a program subscribes to be told of changes at once."""

    type: str
    url: Url


class JsonFeed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """``/feed.json`` and its like: a JSON Feed, in the order of its specification, its items newest first."""

    version: str
    title: str
    home_page_url: Url
    feed_url: Url
    description: str
    next_url: Url | UnsetType = UNSET
    language: str
    authors: tuple[Author, ...]
    hubs: tuple[Hub, ...] = ()
    items: tuple[Item, ...]


def write(feed: Feed) -> bytes:
    """Return the feed as JSON."""
    return json_bytes(_document(feed, _items(feed)))


def within(feed: Feed, limit: int = LIMIT, *, gzipped: int = GZIPPED) -> Feed:
    """Return the feed with as many of its newest entries as the limits of its JSON's size hold, but at least one.

    All forms are cut alike, so that they tell the same story.
    """
    items = _items(feed)

    def exceeds(count: int) -> bool:
        data = json_bytes(_document(_cut(feed, count), items[:count]))
        return len(data) > limit or len(gzip.compress(data, compresslevel=1, mtime=0)) > gzipped

    if not exceeds(len(feed.entries)):
        return feed
    return _cut(feed, max(1, bisect_left(range(1, len(feed.entries)), x=True, key=exceeds)))


def _cut(feed: Feed, count: int) -> Feed:
    return msgspec.structs.replace(feed, entries=feed.entries[:count])


def _document(feed: Feed, items: tuple[Item, ...]) -> JsonFeed:
    return JsonFeed(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.home,
        feed_url=feed.url("json"),
        description=feed.description,
        next_url=UNSET if feed.older is None else feed.address.absolute(routes.feed_part(feed.older)),
        language=feed.lang,
        authors=(Author(feed.author, feed.address.absolute(routes.HOME)),),
        hubs=() if feed.hub is None else (Hub("WebSub", feed.hub),),
        items=items,
    )


def _items(feed: Feed) -> tuple[Item, ...]:
    return tuple(_item(entry, feed) for entry in feed.entries)


def _item(entry: Entry, feed: Feed) -> Item:
    return Item(
        id=entry.id,
        url=entry.url,
        title=entry.title,
        content_html=entry.html,
        date_published=instant(entry.published),
        date_modified=UNSET if entry.amended is None else instant(entry.updated),
        tags=tuple(term.label for term in entry.terms),
        language=UNSET if entry.lang == feed.lang else entry.lang,
        extension=_extension(entry),
    )


def _extension(entry: Entry) -> Extension:
    card, update, states = entry.view.card, entry.view.update, entry.view.states
    return Extension(
        incident=card.id,
        kind=card.kind,
        status=update.phase,
        impact=card.impact,
        components=tuple(StateThen(c.id, line(c.name.text), s) for c, s in zip(card.components, states, strict=True)),
        started=instant(card.started),
        severity=UNSET if card.severity is None else card.severity.id,
        resolved=UNSET if card.ended is None else instant(card.ended),
    )
