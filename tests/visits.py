"""Visits to built sites in a real browser: what every test of pages asks for, and what no page may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


@cache
def every_kind(name: str) -> tuple[str, ...]:
    """Return the kinds of page that a site must at least have, so that a test names what it looks at."""
    common = ("404.html", "components/*", "history", "home", "maintenance", "severity", "subscribe", "tags", "uptime")
    more = {
        "demonstration": ("about", "history/*/*", "incidents/*", "maintenance/*", "policy", "tags/*"),
        "calm": ("history/*/*", "incidents/*", "tags/*"),
        "bad-day": ("history/*/*", "incidents/*", "maintenance/*", "tags/*"),
        "new": ("about",),
    }
    return tuple(sorted((*common, *more[name])))


@dataclass
class Visitor:
    """Opens pages, and notes everything that a page must not do: speak to the console, fail, or ask elsewhere."""

    browser: Browser
    built: Callable[[str], Site]
    trouble: list[str] = field(default_factory=list)
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
        return context

    def page(self, name: str, path: str = "", language: str = "", **options: Any) -> Page:
        """Return a page of a site, opened in a context of its own."""
        page = self.context(name, **options).new_page()
        page.goto(self.built(name).address(path, language))
        return page

    def close(self) -> None:
        """Leave all pages."""
        for context in self.contexts:
            context.close()

    def _said(self, message: ConsoleMessage) -> None:
        # The browser itself says so of a page for missing ones, which is answered with this status on purpose.
        if not (message.type == "error" and "404.html" in message.location["url"]):
            self.trouble.append(f"console: {message.text} ({message.location['url']})")

    def _failed(self, request: Request) -> None:
        self.trouble.append(f"failed: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.trouble.append(f"{response.status}: {response.url}")


class Builder:
    """Builds each site once in a run, when the first test asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[str, Site] = {}

    def __call__(self, name: str) -> Site:
        if name not in self.found:
            self.found[name] = made(name, self.folder)
        return self.found[name]


def measured(page: Page, measure: str, *arguments: object) -> Any:
    """Return what one of the functions of ``measures.js`` says of a page."""
    return page.evaluate(f"([measure, given]) => ({MEASURES})[measure](...given)", [measure, list(arguments)])
