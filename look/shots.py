"""Screenshots of built sites: which pages, in which colours, on which screens and in which languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from look.serving import serve
from look.sites import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCHEMES = ("light", "dark")
SCREENS = {"phone": (390, 844), "desktop": (1280, 900)}
TALLEST = 12_000
"""Pixels of a page that are shown; what is longer is a list."""


class Shot(NamedTuple):
    """One picture to take: a page of a kind, in a language, in a scheme, on a screen."""

    kind: str
    path: str
    language: str
    scheme: str
    screen: str

    @property
    def file(self) -> str:
        """Return the name of its file."""
        kind = self.kind.replace("/*", "-one").replace(".html", "").replace("*", "one")
        return f"{kind}.{self.language}.{self.scheme}.{self.screen}.png"


def wanted(site: Site, *, languages: Sequence[str] = ()) -> Iterator[Shot]:
    """Yield the pictures that show a site: all of its default language, and the pages that matter of every other.

    For ``languages`` that are named, every kind of page in every scheme and on every screen.
    """
    default = next(iter(site.languages))
    for kind, path in site.kinds.items():
        for language in site.languages:
            full = language in languages if languages else language == default
            if full:
                yield from (Shot(kind, path, language, scheme, screen) for scheme in SCHEMES for screen in SCREENS)
            elif not languages and kind in ("home", "incidents/*") and site.name in ("demonstration", "bad-day"):
                yield Shot(kind, path, language, "light", "phone")
                yield Shot(kind, path, language, "dark", "desktop")


def take(browser: Browser, site: Site, shots: Iterable[Shot], folder: Path) -> list[Shot]:
    """Take pictures into a folder, and return those taken; the clock of the pages is the site's."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    context = browser.new_context(reduced_motion="reduce")
    serve(context, site)
    page = context.new_page()
    page.clock.set_fixed_time(site.now)
    # One page is opened once, and looked at in all its ways.
    for shot in sorted(shots, key=lambda shot: (shot.path, shot.language, shot.screen, shot.scheme)):
        _take(page, site, shot, folder / shot.file)
        taken.append(shot)
    context.close()
    return taken


def _take(page: Page, site: Site, shot: Shot, file: Path) -> None:
    width, height = SCREENS[shot.screen]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if shot.scheme == "dark" else "light", reduced_motion="reduce")
    address = site.address(shot.path, shot.language)
    if page.url != address:
        page.goto(address)
    tall = min(max(height, int(page.evaluate("document.documentElement.scrollHeight"))), TALLEST)
    page.screenshot(
        path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall}, animations="disabled"
    )
