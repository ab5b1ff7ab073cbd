"""The files that hosts and crawlers look for: sitemap, robots.txt, .nojekyll and CNAME."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from html import escape
from ipaddress import ip_address
from urllib.parse import urlsplit

from generator.feeds.document import clean, instant, proved
from generator.hashing import key_of
from generator.publish.artifact import Artifact, Rank
from generator.render import routes
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.view.views import LanguageView

MOST = 50_000
"""The most addresses that one sitemap may list (sitemaps.org/protocol.html)."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SHARED_HOSTS = (".github.io", ".gitlab.io")  # a CNAME there would take the address from its owner

Place = tuple[str, datetime | None]
"""An address or a page's key, and when what it shows last changed, where that is known."""


def files(url: str, places: tuple[Place, ...]) -> Iterator[Artifact]:
    """Yield the files for hosts and crawlers of a site at ``url``, whose pages are at ``places``."""
    yield from _sitemaps(url, places)
    yield _file(routes.ROBOTS, robots(url))
    yield _file(routes.NO_JEKYLL, b"")
    if host := own_host(url):
        yield _file(routes.CNAME, f"{host}\n".encode())


def places(site: LanguageView, address: Address) -> Iterator[Place]:
    """Yield the pages of one language as the sitemap lists them: neither redirects nor the page for lost readers."""
    return ((address.absolute(page), modified) for page, modified in pages(site))


def pages(view: LanguageView) -> Iterator[Place]:
    """Yield the keys of one language's pages, with the time of the newest update where one is about one record."""
    fixed = (routes.HOME, routes.HISTORY, routes.MAINTENANCE, routes.SEVERITY, routes.UPTIME, routes.SUBSCRIBE)
    yield from ((key, None) for key in (*fixed, routes.TAGS))
    yield from ((routes.page(page.slug), None) for page in view.pages)
    yield from ((routes.component(page.component.id), None) for page in view.components)
    yield from ((routes.month(month), None) for month in view.months)
    yield from ((routes.tag(tag, year), None) for tag, year in view.tagged)
    if view.library is not None:
        yield from ((key, None) for key in (routes.POSTMORTEMS, routes.ACTIONS))
        yield from ((routes.postmortem(record.card.id), None) for record in view.library.postmortems)
        yield from ((routes.shelf(shelf.facet, shelf.value), None) for shelf in view.library.shelves)
    yield from ((routes.record(record.kind, record.id), record.updated) for record in view.records)


def sitemap(places: tuple[Place, ...]) -> bytes:
    """Return a sitemap of addresses."""
    return _listing("urlset", "url", places)


def index(sitemaps: tuple[str, ...]) -> bytes:
    """Return a sitemap of sitemaps."""
    return _listing("sitemapindex", "sitemap", tuple((url, None) for url in sitemaps))


def robots(url: str) -> bytes:
    """Return the robots.txt of a site at ``url``, which is open to all."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {_root(url).absolute(routes.SITEMAP)}\n".encode()


def own_host(url: str) -> str | None:
    """Return the host that a CNAME file should claim, or None where ``url`` is not a domain of the site's own."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    whole = parts.path in {"", "/"} and parts.port is None
    return host if whole and "." in host and not host.endswith(_SHARED_HOSTS) and not _is_ip(host) else None


def _sitemaps(url: str, found: tuple[Place, ...]) -> Iterator[Artifact]:
    if len(found) <= MOST:
        yield _made(routes.SITEMAP, partial(sitemap, found), found)
        return
    root, stem = _root(url), routes.SITEMAP.removesuffix(".xml")
    parts = {f"{stem}-{at // MOST + 1}.xml": found[at : at + MOST] for at in range(0, len(found), MOST)}
    addresses = tuple(root.absolute(path) for path in parts)
    yield _made(routes.SITEMAP, partial(index, addresses), addresses)
    for path, part in parts.items():
        yield _made(path, partial(sitemap, part), part)


def _made(path: str, make: partial[bytes], value: object) -> Artifact:
    return Artifact(path, key_of("hosting", fingerprint(), make.func.__name__, value), make, Rank.FEED, "the sitemap")


def _file(path: str, data: bytes) -> Artifact:
    return Artifact(path, key_of("hosting", data), partial(bytes, data), Rank.ASSET, "the files for hosts")


def _listing(root: str, item: str, places: tuple[Place, ...]) -> bytes:
    # Tens of thousands of lines, all alike: each is written as it is, and a parser reads what came of it.
    lines = "".join(
        f"  <{item}>\n    <loc>{escape(clean(url))}</loc>\n"
        + (f"    <lastmod>{instant(modified)}</lastmod>\n" if modified else "")
        + f"  </{item}>\n"
        for url, modified in places
    )
    return proved(f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{_SPACE}">\n{lines}</{root}>\n'.encode())


def _root(url: str) -> Address:
    return Address(url, "", "")


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
