"""Pages on every kind of screen: nothing scrolls sideways, is cut off, lies on something else or is too small."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from look.sites import SITES
from tests.visits import DESKTOP, HARD, OTHERS, PHONE, WIDTHS, every_kind, measured, paths_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from look.sites import Site
    from tests.visits import Visitor

# One site whole; of the others what the worst day makes harder, and what emptiness may break.
PAGES = [
    *(("demonstration", kind) for kind in every_kind("demonstration")),
    *(("bad-day", kind) for kind in HARD),
    *[("calm", "home"), *(("new", kind) for kind in ("home", "history", "maintenance", "tags", "uptime"))],
]
# In every language; of the other kinds of page in one, a different one from kind to kind.
IN_EVERY_LANGUAGE = {"demonstration": ("home", "subscribe", "uptime"), "bad-day": ("home", "incidents/*")}


def troubles(page: Page) -> list[str]:
    """Return all that is wrong with where things lie."""
    return [
        f"{measure}: {found}"
        for measure in ("sideways", "cut", "overlapping", "small")
        for found in measured(page, measure)
    ]


def test_the_sites_have_pages_of_every_kind(built: Callable[[str], Site]) -> None:
    for name in SITES:
        assert set(every_kind(name)) - {OTHERS} <= set(built(name).kinds)


@pytest.mark.parametrize(("name", "kind"), PAGES)
def test_a_page_fits_every_screen(visitor: Visitor, name: str, kind: str) -> None:
    site = visitor.built(name)
    codes = list(site.languages)
    chosen = codes if kind in IN_EVERY_LANGUAGE.get(name, ()) else [codes[PAGES.index((name, kind)) % len(codes)]]
    page = visitor.context(name).new_page()
    for path, code in product(paths_of(site, kind), chosen):
        page.goto(site.address(path, code))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert troubles(page) == [], f"{page.url} at {width} px"


@pytest.mark.parametrize(("name", "kind"), [("demonstration", "home"), ("bad-day", "home"), ("bad-day", "incidents/*")])
def test_a_page_fits_when_it_is_zoomed(visitor: Visitor, name: str, kind: str) -> None:
    site = visitor.built(name)
    for width, height, scale in ((640, 480, 2), (320, 240, 4)):
        size = {"width": width, "height": height}
        page = visitor.page(name, site.kinds[kind], viewport=size, device_scale_factor=scale)
        assert troubles(page) == [], scale


SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }
"""


@pytest.mark.parametrize("kind", every_kind("bad-day"))
def test_texts_have_room_for_wider_spacing(visitor: Visitor, kind: str) -> None:
    path = visitor.built("bad-day").kinds[kind]
    page = visitor.page("bad-day", path, viewport=PHONE, bypass_csp=True)
    page.add_style_tag(content=SPACED)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert troubles(page) == []


def test_the_words_are_there_without_any_style(visitor: Visitor) -> None:
    page = visitor.context("bad-day").new_page()
    page.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto(visitor.built("bad-day").address(""))
    assert all(measured(page, "words", "h1, h2, h3"))
    # No picture fills the screen when nothing says how large it is.
    boxes = [box for box in (svg.bounding_box() for svg in page.locator("svg").all()) if box]
    assert max(box["height"] for box in boxes) < 128
