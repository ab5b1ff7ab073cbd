"""Visits to built sites in a real browser: what every test of pages asks for, and what no page may do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.publish.lock import locked
from look.serving import serve
from look.sites import Site, made

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")

WIDTHS = (320, 360, 768, 1440)
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
SCHEMES = ("light", "dark")


HARD = ("home", "incidents/*", "maintenance/*", "components/*", "history")
"""The kinds of page that the worst day makes harder; the others are the same as on any other."""


OTHERS = "others"
"""The kinds of page that nobody has named here yet: they are looked at together."""


@cache
def every_kind(name: str) -> tuple[str, ...]:
    """Return the kinds of page that a site must at least have, so that a test names what it looks at."""
    common = ("404.html", "components/*", "history", "home", "maintenance", "severity", "subscribe", "tags", "uptime")
    more = {
        "demonstration": (
            *("about", "history/*/*", "incidents/*", "maintenance/*", "policy", "tags/*"),
            *("postmortems", "postmortems/*", "postmortems/*/*", OTHERS),
        ),
        "calm": ("history/*/*", "incidents/*", "tags/*"),
        "bad-day": ("history/*/*", "incidents/*", "maintenance/*", "tags/*"),
        "new": ("about",),
    }
    return tuple(sorted((*common, *more[name])))


def paths_of(site: Site, kind: str) -> list[str]:
    """Return the pages that show a kind: one, but of the kinds that are not named any number."""
    if kind != OTHERS:
        return [site.kinds[kind]]
    return [path for found, path in site.kinds.items() if found not in every_kind(site.name)]


@dataclass
class Visitor:
    """Opens pages, and notes everything that a page must not do: speak to the console, fail, or ask elsewhere."""

    browser: Browser
    built: Callable[[str], Site]
    trouble: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def context(self, name: str, **options: Any) -> BrowserContext:
        """Return a context in which the site called ``name`` is on the web."""
        context = self.browser.new_context(**options)
        self.contexts.append(context)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.trouble.append(f"error: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        serve(context, self.built(name), stranger=lambda url: self.trouble.append(f"asked elsewhere: {url}"))
        # A page is looked at when it was built, unless a test says otherwise; later it would tell that it is old.
        context.clock.set_fixed_time(self.built(name).now)
        return context

    def page(self, name: str, path: str = "", language: str = "", **options: Any) -> Page:
        """Return a page of a site, opened in a context of its own."""
        page = self.context(name, **options).new_page()
        page.goto(self.built(name).address(path, language))
        return page

    def forgive(self, address: str) -> None:
        """Let requests for an address fail, as a test means them to."""
        self.forgiven.append(address)

    def unforgiven(self) -> list[str]:
        """Return the trouble that nothing explains."""
        return [said for said in self.trouble if not any(address in said for address in self.forgiven)]

    def close(self) -> None:
        """Leave all pages."""
        for context in self.contexts:
            context.close()

    def _said(self, message: ConsoleMessage) -> None:
        # The browser itself says so of a page for missing ones, which is answered with this status on purpose.
        if not (message.type == "error" and "404.html" in message.location["url"]):
            self.trouble.append(f"console: {message.text} ({message.location['url']})")

    def _failed(self, request: Request) -> None:
        # What a page still asks for when it is left is no fault of it.
        if request.failure != "net::ERR_ABORTED":
            self.trouble.append(f"failed: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.trouble.append(f"{response.status}: {response.url}")


class Builder:
    """Builds each site once in a run, when the first test of any process asks for it; no test changes one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[str, Site] = {}

    def __call__(self, name: str) -> Site:
        if name not in self.found:
            self.found[name] = self._shared(name)
        return self.found[name]

    def _shared(self, name: str) -> Site:
        told = self.folder / f"{name}.json"
        with locked(self.folder / f"{name}.lock"):
            if not told.exists():
                site = made(name, self.folder)
                told.write_text(json.dumps([site.url, str(site.folder), site.now.isoformat()]), encoding="utf-8")
        url, folder, now = json.loads(told.read_text(encoding="utf-8"))
        return Site(name, url, Path(folder), datetime.fromisoformat(now))


def paused(page: Page, at: datetime) -> None:
    """Let a page that is opened next find this moment on its clock, and no time pass but what a test lets pass."""
    page.clock.install(time=at - timedelta(seconds=1))
    page.clock.pause_at(at)


def measured(page: Page, measure: str, *arguments: object) -> Any:
    """Return what one of the functions of ``measures.js`` says of a page."""
    return page.evaluate(f"([measure, given]) => ({MEASURES})[measure](...given)", [measure, list(arguments)])
