"""The files that hosts and crawlers look for: sitemap, robots.txt, .nojekyll and CNAME."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from html import escape
from ipaddress import ip_address
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlsplit

from generator.feeds.document import clean, instant, proved
from generator.publish.artifact import Artifact, Rank
from generator.render import routes
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.terms import Kind
from generator.view.basics import Later, keyed
from generator.view.views import LanguageView

MOST = 50_000
"""The most addresses that one sitemap may list (sitemaps.org/protocol.html)."""

ALONE = 2_000
"""Up to so many addresses are in one sitemap; more have several, so that an update changes those of its year alone."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SHARED_HOSTS = (".github.io", ".gitlab.io")  # a CNAME there would take the address from its owner

Place = tuple[str, datetime | None]
"""An address or a page's key, and when what it shows last changed, where that is known."""


class Places(NamedTuple):
    """The addresses of pages that a sitemap lists together: how many there are, and a hash of them."""

    name: str
    size: int
    listed: Later[tuple[Place, ...]]


def files(url: str, places: Sequence[Places]) -> Iterator[Artifact]:
    """Yield the files for hosts and crawlers of a site at ``url``, whose pages are at ``places``."""
    yield from _sitemaps(url, places)
    yield _file(routes.ROBOTS, robots(url))
    yield _file(routes.NO_JEKYLL, b"")
    if host := own_host(url):
        yield _file(routes.CNAME, f"{host}\n".encode())


def places(site: LanguageView, address: Address) -> Iterator[Places]:
    """Yield the pages of one language as sitemaps list them: neither redirects nor the page for lost readers.

    Those of records are by the year that they began in, with the time of the newest update.
    """
    fixed = tuple((address.absolute(key), None) for key in pages(site))
    yield Places(address.lang, len(fixed), Later(keyed(fixed), lambda: fixed))
    for year, ones in groupby(site.lots, lambda lot: lot.month[:4]):
        # The places alone: a sitemap of all languages is made last, and no language is kept for it.
        told = [lot.places for lot in ones]
        listed = Later(keyed(address, told), partial(_of_records, told, address))
        yield Places(f"{address.lang}-{year}", sum(map(len, told)), listed)


def _of_records(lots: Iterable[Iterable[tuple[Kind, str, datetime]]], address: Address) -> tuple[Place, ...]:
    return tuple((address.absolute(routes.record(kind, id)), at) for lot in lots for kind, id, at in lot)


def pages(view: LanguageView) -> Iterator[str]:
    """Yield the keys of one language's pages, but those of single records."""
    yield from (routes.HOME, routes.HISTORY, routes.MAINTENANCE, routes.SEVERITY, routes.UPTIME, routes.SUBSCRIBE)
    yield routes.TAGS
    yield from (routes.page(page.slug) for page in view.pages)
    yield from (routes.component(page.component.id) for page in view.components)
    yield from map(routes.month, view.months)
    yield from (routes.tag(tag, year) for tag, year in view.tagged)
    if view.library is not None:
        yield from (routes.POSTMORTEMS, routes.ACTIONS)
        yield from (routes.postmortem(id) for lot in view.library.lots for id in lot.ids)
        yield from (routes.shelf(shelf.ref.facet, shelf.ref.value) for shelf in view.library.shelves)


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


def _sitemaps(url: str, found: Sequence[Places]) -> Iterator[Artifact]:
    if sum(places.size for places in found) <= ALONE:
        made_of = [places.listed.made_of for places in found]
        yield _made(routes.SITEMAP, made_of, lambda: sitemap(tuple(_all(found))))
        return
    parts = [(name, part) for places in found for name, part in _cut(places)]
    addresses = tuple(_root(url).absolute(_part(name)) for name, _ in parts)
    yield _made(routes.SITEMAP, addresses, partial(index, addresses))
    for name, part in parts:
        yield _made(_part(name), part.made_of, part.into(sitemap))


def _all(found: Iterable[Places]) -> Iterator[Place]:
    return chain.from_iterable(places.listed.make() for places in found)


def _cut(places: Places) -> Iterator[tuple[str, Later[tuple[Place, ...]]]]:
    """Yield what one sitemap may list, by names."""
    if places.size <= MOST:
        yield places.name, places.listed
        return
    for number, at in enumerate(range(0, places.size, MOST), 1):
        cut = places.listed.into(itemgetter(slice(at, at + MOST)))
        yield f"{places.name}-{number}", Later(keyed(places.listed, at), cut)


def _part(name: str) -> str:
    return routes.SITEMAP.replace(".", f"-{name}.")


def _made(path: str, made_of: object, make: Callable[[], bytes]) -> Artifact:
    return Artifact(path, keyed("sitemap", fingerprint(), made_of), make, Rank.FEED, "the sitemap")


def _file(path: str, data: bytes) -> Artifact:
    return Artifact(path, keyed("hosting", data), partial(bytes, data), Rank.ASSET, "the files for hosts")


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
