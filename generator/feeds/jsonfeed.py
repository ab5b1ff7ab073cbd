"""JSON Feed 1.1 (jsonfeed.org/version/1.1), and the size that it sets for all forms of a feed."""

from __future__ import annotations

import msgspec

from generator.feeds.document import instant, json_bytes, line
from generator.feeds.entry import Entry, Feed
from generator.render import routes
from generator.terms import Impact, Kind, Level, Phase

VERSION = "https://jsonfeed.org/version/1.1"
LIMIT = 100_000
"""The most bytes that a feed should have: the specification calls less than 100 KB ideal."""


class Author(msgspec.Struct, frozen=True):
    """Who publishes the feed."""

    name: str
    url: str


class State(msgspec.Struct, frozen=True):
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
    components: tuple[State, ...]
    started: str
    severity: str | None = None
    resolved: str | None = None


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One update; ``language`` only where it is not the feed's."""

    id: str
    url: str
    title: str
    content_html: str
    date_published: str
    extension: Extension = msgspec.field(name="_statique")
    date_modified: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None


class Document(msgspec.Struct, frozen=True):
    """The whole feed, in the order of the specification."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    description: str
    language: str
    authors: tuple[Author, ...]
    items: tuple[Item, ...]


def write(feed: Feed) -> bytes:
    """Return the feed as JSON."""
    return json_bytes(_document(feed, tuple(_item(entry, feed) for entry in feed.entries)))


def within(feed: Feed, limit: int = LIMIT) -> Feed:
    """Return the feed with as many of its newest entries as ``limit`` bytes of JSON hold, but at least one.

    All forms are cut alike, so that they tell the same story.
    """
    size = len(msgspec.json.encode(_document(feed, ())))
    for count, entry in enumerate(feed.entries):
        size += len(msgspec.json.encode(_item(entry, feed))) + 1
        if size > limit and count:
            return msgspec.structs.replace(feed, entries=feed.entries[:count])
    return feed


def _document(feed: Feed, items: tuple[Item, ...]) -> Document:
    return Document(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.home,
        feed_url=feed.url("json"),
        description=feed.description,
        language=feed.lang,
        authors=(Author(feed.author, feed.address.absolute(routes.HOME)),),
        items=items,
    )


def _item(entry: Entry, feed: Feed) -> Item:
    return Item(
        id=entry.id,
        url=entry.url,
        title=entry.title,
        content_html=entry.html,
        date_published=instant(entry.published),
        date_modified=None if entry.amended is None else instant(entry.updated),
        tags=tuple(term.label for term in entry.terms),
        language=None if entry.lang == feed.lang else entry.lang,
        extension=_extension(entry),
    )


def _extension(entry: Entry) -> Extension:
    card, update, states = entry.view.card, entry.view.update, entry.view.states
    return Extension(
        incident=card.id,
        kind=card.kind,
        status=update.phase,
        impact=card.impact,
        components=tuple(State(c.id, line(c.name.text), s) for c, s in zip(card.components, states, strict=True)),
        started=instant(card.started),
        severity=None if card.severity is None else card.severity.id,
        resolved=None if card.ended is None else instant(card.ended),
    )
