"""Atom (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from generator.feeds.document import instant, leaf, xml_bytes
from generator.feeds.entry import Entry, Feed
from generator.render import routes

# A feed must say when it changed, also one that has no entry yet; the time of the build would change the file at
# each build, so it is a date before that of any entry.
_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


def write(feed: Feed) -> bytes:
    """Return the feed as Atom."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.lang})
    leaf(root, "id", feed.id)
    leaf(root, "title", feed.title)
    leaf(root, "subtitle", feed.description)
    leaf(root, "updated", instant(feed.updated or _BEFORE_ALL))
    author = leaf(root, "author")
    leaf(author, "name", feed.author)
    leaf(author, "uri", feed.address.absolute(routes.HOME))
    leaf(root, "link", rel="self", type="application/atom+xml", href=feed.url("atom"))
    leaf(root, "link", rel="alternate", type="text/html", hreflang=feed.address.lang, href=feed.home)
    if feed.hub:
        leaf(root, "link", rel="hub", href=feed.hub)
    leaf(root, "generator", "statique")
    for entry in feed.entries:
        _entry(root, entry, feed.address.lang)
    return xml_bytes(root)


def _entry(root: Element, entry: Entry, lang: str) -> None:
    item = leaf(root, "entry")
    leaf(item, "id", entry.id)
    leaf(item, "title", entry.title, **({} if entry.title_lang == lang else {"xml__lang": entry.title_lang}))
    leaf(item, "link", rel="alternate", type="text/html", hreflang=lang, href=entry.url)
    leaf(item, "published", instant(entry.published))
    leaf(item, "updated", instant(entry.updated))
    for term in entry.terms:
        leaf(item, "category", term=term.id, label=term.label)
    # Which part of it is in which language, its own markup says.
    leaf(item, "content", entry.html, type="html")
