"""A site that was built, answered to a browser under its public address; nothing else on the web is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from look.sites import Site, file_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Route

PATIENCE = 60_000
"""Milliseconds that anything may take: a machine under load is slow, and that is no fault of a page."""

# Given rather than guessed: what a system thinks of a suffix differs from machine to machine.
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ics": "text/calendar; charset=utf-8",
    "xml": "application/xml",
}


def serve(context: BrowserContext, site: Site, *, stranger: Callable[[str], None] = lambda _: None) -> None:
    """Answer a context's requests as the site's host does; call ``stranger`` with addresses that are not its own."""

    def answer(route: Route) -> None:
        url = route.request.url
        if not url.startswith(f"{site.url}/"):
            stranger(url)
            route.abort()
            return
        path = url.removeprefix(f"{site.url}/").partition("?")[0].partition("#")[0]
        file = file_of(site.folder, path)
        found = file.is_file()
        body = (file if found else site.folder / "404.html").read_bytes()
        kind = _TYPES.get(file.suffix.removeprefix(".") if found else "html", "application/octet-stream")
        route.fulfill(status=200 if found else 404, body=body, content_type=kind)

    context.set_default_timeout(PATIENCE)
    context.route("**/*", answer)
