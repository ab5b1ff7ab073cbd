"""RSS 2.0 (rssboard.org/rss-specification), with Atom's self link and Dublin Core's creator."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element

from generator.feeds.document import instant, leaf, xml_bytes
from generator.feeds.entry import Entry, Feed

_SPACES = {"xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}
_MINUTES = "10"  # how long a reader may keep its copy: as long as common hosts let browsers keep theirs


def write(feed: Feed) -> bytes:
    """Return the feed as RSS."""
    root = Element("rss", {"version": "2.0", **_SPACES})
    channel = leaf(root, "channel")
    leaf(channel, "title", feed.title)
    leaf(channel, "link", feed.home)
    leaf(channel, "description", feed.description)
    leaf(channel, "language", feed.lang)
    if feed.updated:
        leaf(channel, "lastBuildDate", date(feed.updated))
    leaf(channel, "generator", "statique")
    leaf(channel, "ttl", _MINUTES)
    leaf(channel, "atom:link", href=feed.url("rss"), rel="self", type="application/rss+xml")
    if feed.hub:
        leaf(channel, "atom:link", href=feed.hub, rel="hub")
    for entry in feed.entries:
        _item(channel, entry, feed.author)
    return xml_bytes(root)


def date(moment: datetime) -> str:
    """Return a moment as RFC 822 writes it, in English whatever the locale: ``Sun, 22 Feb 2026 02:51:00 +0000``."""
    return format_datetime(moment.astimezone(UTC))


def _item(channel: Element, entry: Entry, author: str) -> None:
    item = leaf(channel, "item")
    leaf(item, "title", entry.title)
    leaf(item, "link", entry.url)
    leaf(item, "guid", entry.id, isPermaLink="false")
    leaf(item, "pubDate", date(entry.published))
    if entry.amended:
        leaf(item, "atom:updated", instant(entry.updated))
    leaf(item, "dc:creator", author)
    for term in entry.terms:
        leaf(item, "category", term.label)
    leaf(item, "description", entry.html)
