"""Strict readers of the three forms of a feed: each checks its specification's rules and gives the same facts."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import feedparser
import msgspec
from lxml import etree, html

from generator.feeds import feeds
from generator.publish.artifact import Artifact
from generator.view.basics import Label, Text, ready
from generator.view.program_views import EntryView
from generator.view.views import LanguageView, SiteView
from tests.sample_views import LANGUAGES, sample_html, sample_languages, sample_site

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
RFC822 = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}:[a-z0-9/-]+")


class Item(NamedTuple):
    """What an entry says in each form; ``modified`` is None unless the form says that the text was amended."""

    id: str
    url: str
    title: str
    published: datetime
    modified: datetime | None
    labels: tuple[str, ...]
    html: str


class Read(NamedTuple):
    """What a feed says in each form."""

    title: str
    description: str
    home: str
    own: str
    language: str
    items: tuple[Item, ...]


def artifacts(view: SiteView | None = None, *, to_html: Callable[[str], str] = sample_html) -> dict[str, Artifact]:
    """Return everything that the room makes of a view, by path; no two have one path."""
    found = list(feeds(view or sample_site(), languages=sample_languages(), to_html=to_html))
    made = {artifact.path: artifact for artifact in found}
    assert len(made) == len(found)
    return made


def made(path: str, view: SiteView | None = None, *, to_html: Callable[[str], str] = sample_html) -> bytes:
    """Return the bytes of one path."""
    return artifacts(view, to_html=to_html)[path].make()


def feed_paths(name: str) -> list[str]:
    """Return the paths of all of the sample's feeds of one form, by its file name."""
    folders = ["", *(f"components/{c}/" for c in ("portal-api", "portal-web", "search", "fax"))]
    folders += [*(f"severity/sev{n}/" for n in (1, 2, 3, 4)), "maintenance/"]
    return [f"{'' if lang == 'en' else lang + '/'}{folder}{name}" for lang in LANGUAGES for folder in folders]


def with_entries(entries: Iterable[EntryView], *, lang: str = "en") -> SiteView:
    """Return the sample, in one language, with a site's feed of these entries and no other feed."""
    site = sample_site(languages=(lang,))
    feed = msgspec.structs.replace(site.languages[0].feeds[0], entries=ready(tuple(entries)))
    return replaced(site, feeds=(feed,))


def with_texts(title: str, body: str, *, lang: str = "en") -> SiteView:
    """Return the sample, in one language, with a feed of one entry that has these texts."""
    entry = sample_site(languages=(lang,)).languages[0].feeds[0].entries.make()[0]
    card = msgspec.structs.replace(entry.card, title=Label(title, lang))
    update = msgspec.structs.replace(entry.update, body=Text(body, lang), changes=(), next=None)
    return with_entries([EntryView(card, update, entry.states)], lang=lang)


def replaced(site: SiteView, **fields: object) -> SiteView:
    """Return a site of one language with other fields in that language."""
    (only,) = site.languages
    changed: LanguageView = msgspec.structs.replace(only, **fields)
    return msgspec.structs.replace(site, languages=(changed,))


def visible(fragment: str) -> str:
    """Return the text that a browser shows of an HTML fragment, line ends and all."""
    return str(html.fragment_fromstring(fragment, create_parent="div").text_content())


def read_json(data: bytes) -> Read:
    """Read a JSON Feed by version 1.1, as this program writes it."""
    feed = json.loads(data)
    assert next(iter(feed.items())) == ("version", "https://jsonfeed.org/version/1.1")
    assert feed.keys() <= {
        "version",
        "title",
        "home_page_url",
        "feed_url",
        "description",
        "next_url",
        "language",
        "authors",
        "hubs",
        "items",
    }
    if "next_url" in feed:
        assert absolute(feed["next_url"]) != feed["feed_url"]
    assert all(hub["type"] == "WebSub" and absolute(hub["url"]) for hub in feed.get("hubs", ()))
    assert all(author["name"] and absolute(author["url"]) for author in feed["authors"])
    assert feed["authors"]
    _no_nulls(feed)
    items = tuple(map(_json_item, feed["items"]))
    assert len({item.id for item in items}) == len(items)
    return Read(
        feed["title"], feed["description"], absolute(feed["home_page_url"]), feed["feed_url"], feed["language"], items
    )


def read_rss(data: bytes) -> Read:
    """Read RSS 2.0, as this program writes it."""
    root = etree.fromstring(data)
    assert data.startswith(b"<?xml ")
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    own, *hubs = channel.findall(f"{ATOM}link")
    assert all(hub.get("rel") == "hub" and absolute(hub.get("href") or "") for hub in hubs)
    assert (own.get("rel"), own.get("type")) == ("self", "application/rss+xml")
    assert one(channel, "ttl").isdigit()
    items = tuple(map(_rss_item, channel.findall("item")))
    assert len({item.id for item in items}) == len(items)
    newest = max((item.modified or item.published for item in items), default=None)
    built = channel.findtext("lastBuildDate")
    assert (built and rfc822(built)) == newest
    head = [one(channel, name) for name in ("title", "description", "link", "language")]
    return Read(head[0], head[1], absolute(head[2]), own.get("href") or "", head[3], items)


def read_atom(data: bytes) -> Read:
    """Read Atom by RFC 4287, as this program writes it."""
    root = etree.fromstring(data)
    assert root.tag == f"{ATOM}feed"
    links = {link.get("rel") or "": link for link in root.findall(f"{ATOM}link")}
    assert {rel: link.get("type") for rel, link in links.items() if rel != "hub"} == {
        "self": "application/atom+xml",
        "alternate": "text/html",
    }
    assert TAG.fullmatch(one(root, f"{ATOM}id"))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    entries = root.findall(f"{ATOM}entry")
    items = tuple(map(_atom_item, entries))
    assert len({one(root, f"{ATOM}id"), *(item.id for item in items)}) == len(items) + 1
    newest = max((rfc3339(one(entry, f"{ATOM}updated")) for entry in entries), default=datetime(2000, 1, 1, tzinfo=UTC))
    assert rfc3339(one(root, f"{ATOM}updated")) == newest
    return Read(
        one(root, f"{ATOM}title"),
        one(root, f"{ATOM}subtitle"),
        absolute(links["alternate"].get("href") or ""),
        links["self"].get("href") or "",
        root.get(LANG) or "",
        items,
    )


def accepts(data: bytes, kind: str) -> None:
    """Assert that feedparser reads a feed without complaint and sees in every entry what it needs."""
    found = feedparser.parse(data, response_headers={"content-type": f"application/{kind}+xml; charset=utf-8"})
    assert not found.bozo, found.get("bozo_exception")
    assert found.feed.language
    for entry in found.entries:
        assert entry.id
        assert entry.title
        assert entry.link
        assert entry.published_parsed
        assert entry.get("summary") or entry.get("content")


def rfc3339(text: str) -> datetime:
    """Read a time of RFC 3339 in UTC."""
    assert RFC3339.fullmatch(text), text
    return datetime.fromisoformat(text)


def rfc822(text: str) -> datetime:
    """Read a time of RFC 822 with a numeric zone; a wrong day of the week does not pass."""
    assert RFC822.fullmatch(text), text
    moment = datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %z")
    assert text.startswith(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]), text
    return moment


def absolute(url: str) -> str:
    """Return an address, having seen that it holds anywhere."""
    parts = urlsplit(url)
    assert parts.scheme == "https", url
    assert parts.netloc, url
    return url


def one(parent: etree._Element, name: str) -> str:
    """Return the text of the only child of a name."""
    (child,) = parent.findall(name)
    assert child.text
    return child.text


def _json_item(item: dict[str, str]) -> Item:
    assert item.keys() <= {
        *("id", "url", "title", "content_html", "date_published", "date_modified", "tags", "language", "_statique"),
    }
    modified = item.get("date_modified")
    assert TAG.fullmatch(item["id"])
    return Item(
        item["id"],
        absolute(item["url"]),
        item["title"],
        rfc3339(item["date_published"]),
        rfc3339(modified) if modified else None,
        tuple(item.get("tags", ())),
        _self_contained(item["content_html"]),
    )


def _rss_item(item: etree._Element) -> Item:
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    assert TAG.fullmatch(guid.text or "")
    assert one(item, f"{DC}creator")
    modified = item.findtext(f"{ATOM}updated")
    return Item(
        guid.text or "",
        absolute(one(item, "link")),
        one(item, "title"),
        rfc822(one(item, "pubDate")),
        rfc3339(modified) if modified else None,
        tuple(child.text or "" for child in item.findall("category")),
        _self_contained(one(item, "description")),
    )


def _atom_item(entry: etree._Element) -> Item:
    (link,) = entry.findall(f"{ATOM}link")
    (content,) = entry.findall(f"{ATOM}content")
    published, updated = (rfc3339(one(entry, f"{ATOM}{name}")) for name in ("published", "updated"))
    assert (link.get("rel"), content.get("type"), len(content)) == ("alternate", "html", 0)
    assert updated >= published
    assert all(child.get("term") for child in entry.findall(f"{ATOM}category"))
    assert TAG.fullmatch(one(entry, f"{ATOM}id"))
    return Item(
        one(entry, f"{ATOM}id"),
        absolute(link.get("href") or ""),
        one(entry, f"{ATOM}title"),
        published,
        updated if updated != published else None,
        tuple(child.get("label") or "" for child in entry.findall(f"{ATOM}category")),
        _self_contained(content.text or ""),
    )


def _self_contained(fragment: str) -> str:
    for element in html.fragment_fromstring(fragment, create_parent="div").iter():
        assert element.tag in {"div", "span", "p", "ul", "li", "strong", "a", "em", "small", "br"}, element.tag
        assert not element.get("href") or urlsplit(element.get("href") or "").scheme
    return fragment


def _no_nulls(value: object) -> None:
    assert value is not None
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _no_nulls(inner)
