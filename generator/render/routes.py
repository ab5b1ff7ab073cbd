"""Every path and address of the site; nothing else builds one.

A page's key is its path without the language: ``incidents/<id>/``. Keys group translations; ``Address`` turns
a key into a file, a link or an absolute address in one language.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from generator.terms import Kind

HOME = ""
HISTORY = "history/"
MAINTENANCE = "maintenance/"
SEVERITY = "severity/"
UPTIME = "uptime/"
SUBSCRIBE = "subscribe/"
TAGS = "tags/"
POSTMORTEMS = "postmortems/"
ACTIONS = f"{POSTMORTEMS}actions/"
SEARCH = "search/"
SEARCH_RECENT = "search/recent.json"
NOT_FOUND = "404.html"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
NO_JEKYLL = ".nojekyll"
CNAME = "CNAME"
FEEDS = {"json": "feed.json", "rss": "rss.xml", "atom": "atom.xml"}
HISTORY_FEEDS = {"rss": "history.rss", "atom": "history.atom"}
API_RECENT = "api/incidents.json"
API_COMPONENTS = "api/components.json"
API_SCHEMA = "api/schema.json"
API_FRONT_MATTER = "api/front-matter.schema.json"
CALENDAR = "calendar.ics"
ONCALL = "oncall/"
WAR_ROOMS = "war-room/"
TASKS = "actions/"
INSIGHTS = "insights/"
EMBED = "embed/"
EMBED_SCRIPT = "embed.js"
BADGES = {"svg": "badge.svg", "json": "badge.json"}

RESERVED = frozenset(
    [
        "404",
        "actions",
        "api",
        "assets",
        "atom",
        "badge",
        "calendar",
        "components",
        "embed",
        "feed",
        "history",
        "incidents",
        "index",
        "insights",
        "library",
        "maintenance",
        "oncall",
        "postmortems",
        "robots",
        "rss",
        "search",
        "severity",
        "share",
        "sitemap",
        "subscribe",
        "tags",
        "uptime",
        "war-room",
    ]
)
"""First parts of paths that a free page or a language may not take."""

FACETS = {"tag": "tags", "component": "components", "severity": "severities", "year": "years"}
"""The folders of the library's shelves, by what their postmortems share."""

LIBRARY_RESERVED = frozenset(["actions", *FACETS.values()])
"""First parts of the library's paths that a postmortem may not take."""


def postmortem(id: str) -> str:
    """Return the key of a postmortem's page."""
    return f"{POSTMORTEMS}{id}/"


def shelf(facet: str, value: str) -> str:
    """Return the key of the page of the postmortems that share a tag, a component, a severity or a year."""
    return f"{POSTMORTEMS}{FACETS[facet]}/{value}/"


def record(kind: Kind, id: str) -> str:
    """Return the key of an incident's or a maintenance's page."""
    return f"{_folder(kind)}/{id}/"


def update(kind: Kind, id: str, number: int) -> str:
    """Return the key of a record's page with the anchor of one update."""
    return f"{record(kind, id)}#{anchor(number)}"


def anchor(number: int) -> str:
    """Return the element id of a record's update."""
    return f"update-{number}"


def month(month: str) -> str:
    """Return the key of the archive's page of ``yyyy-mm``."""
    return f"{HISTORY}{month[:4]}/{month[5:]}/"


def component(id: str) -> str:
    """Return the key of a component's page."""
    return f"components/{id}/"


def tag(tag: str, year: int | None = None) -> str:
    """Return the key of a tag's page, or of that of one of its years."""
    return f"{TAGS}{tag}/" if year is None else f"{TAGS}{tag}/{year}/"


def volume(name: str) -> str:
    """Return the folder of a volume of the search index."""
    return f"{SEARCH}{name}/"


def page(slug: str) -> str:
    """Return the key of a free page."""
    return f"{slug}/"


def feed(form: str, component_id: str | None = None) -> str:
    """Return the key of a feed in ``form`` ``json``, ``rss`` or ``atom``, of the site or of one component."""
    return feed_in(HOME if component_id is None else component(component_id), form)


def feed_in(folder: str, form: str) -> str:
    """Return the key of the feed in ``form`` of what the folder ``folder`` is about."""
    return folder + FEEDS[form]


def feed_part(number: int) -> str:
    """Return the key of a part of the archive of the site's feed; they count from 1, the oldest."""
    return f"feed/{number}.json"


def severity(id: str) -> str:
    """Return the folder of a severity's feeds."""
    return f"{SEVERITY}{id}/"


def severity_row(id: str) -> str:
    """Return the key of the severities' page with the anchor of one of them."""
    return f"{SEVERITY}#severity-{id}"


def calendar(component_id: str | None = None) -> str:
    """Return the key of a calendar of planned work, of the site or of one component."""
    return CALENDAR if component_id is None else component(component_id) + CALENDAR


def event(id: str) -> str:
    """Return the key of a calendar that holds one maintenance alone."""
    return record(Kind.MAINTENANCE, id) + CALENDAR


def oncall_calendar(rotation_id: str) -> str:
    """Return the key of the calendar of a rotation; the internal site alone has it."""
    return f"{ONCALL}{rotation_id}.ics"


def person_calendar(person_id: str) -> str:
    """Return the key of the calendar of one person's turns; the internal site alone has it."""
    return f"{ONCALL}people/{person_id}.ics"


def war_room(id: str) -> str:
    """Return the key of an incident's war room; the internal site alone has it."""
    return f"{WAR_ROOMS}{id}/"


def badge(form: str, component_id: str | None = None) -> str:
    """Return the key of a badge in ``form`` ``svg`` or ``json``, of the site or of one component."""
    return BADGES[form] if component_id is None else component(component_id) + BADGES[form]


def poster(state: str) -> str:
    """Return the key of the picture of a state that previews of links show."""
    return f"share/{state}.png"


def statuspage(document: str) -> str:
    """Return the key of a document of the Statuspage API: of ``summary``, ``incidents/unresolved``, ..."""
    return f"api/v2/{document}.json"


def api_recent(kind: Kind) -> str:
    """Return the key of the API's document of the last days' incidents or maintenance."""
    return f"api/{_folder(kind)}.json"


def api_month(kind: Kind, month: str) -> str:
    """Return the key of the API's document of the incidents or maintenance of ``yyyy-mm``."""
    return f"api/{_folder(kind)}/{month}.json"


def api_record(kind: Kind, id: str) -> str:
    """Return the key of the API's document of one incident or maintenance; an id never looks like a month."""
    return f"api/{_folder(kind)}/{id}.json"


def _folder(kind: Kind) -> str:
    return "maintenance" if kind is Kind.MAINTENANCE else "incidents"


@lru_cache
def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")


class Address(msgspec.Struct, frozen=True):
    """Where the site is published, seen from one language."""

    url: str
    lang: str
    default: str

    @property
    def base(self) -> str:
        """Return the path that the site is published under, ``""`` at a host's root, else ``/repository``."""
        return _path(self.url)

    @property
    def host(self) -> str:
        """Return the host name of the site."""
        return urlsplit(self.url).hostname or ""

    def local(self, key: str) -> str:
        """Return the path of a key below the site's root: ``fr/incidents/x/``."""
        return key if self.lang == self.default else f"{self.lang}/{key}"

    def file(self, key: str) -> str:
        """Return the output file of a key: folders hold an ``index.html``."""
        path = self.local(key)
        return f"{path}index.html" if path == "" or path.endswith("/") else path

    def href(self, key: str) -> str:
        """Return a link to a key, rooted in the site's base path, so that it holds at any depth."""
        return f"{self.base}/{self.local(key)}"

    def absolute(self, key: str) -> str:
        """Return the full address of a key."""
        return f"{self.url.rstrip('/')}/{self.local(key)}"

    def webcal(self, key: str) -> str:
        """Return the full address of a calendar in the scheme that calendar programs answer to."""
        return f"webcal:{self.absolute(key).partition(':')[2]}"

    def shared(self, path: str) -> str:
        """Return a link to a file that all languages share, such as an asset."""
        return f"{self.base}/{path}"

    def within(self, lang: str) -> Address:
        """Return the same site seen from another language."""
        return Address(self.url, lang, self.default)
