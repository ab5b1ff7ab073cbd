"""Pages on paper: light in every scheme, nothing to press, and all that was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.visits import SCHEMES, measured

if TYPE_CHECKING:
    from tests.visits import Visitor

PAPER = {"width": 718, "height": 1000}
"""A4 with the margins that browsers leave, in CSS pixels."""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", ["home", "incidents/*", "uptime", "severity"])
def test_paper_says_what_the_screen_says(visitor: Visitor, kind: str, scheme: str) -> None:
    page = visitor.page("bad-day", visitor.built("bad-day").kinds[kind], viewport=PAPER, color_scheme=scheme)
    said = measured(page, "words", "main h1, main h2, main h3, main .state, main .prose, main time")
    page.emulate_media(media="print", color_scheme="dark" if scheme == "dark" else "light")
    printed = measured(page, "words", "main h1, main h2, main h3, main .state, main .prose, main time")
    assert printed == said
    assert measured(page, "sideways") == []
    assert measured(page, "cut") == []
    assert measured(page, "overlapping") == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_paper_is_white_and_ink_is_dark(visitor: Visitor, scheme: str) -> None:
    page = visitor.page("bad-day", color_scheme=scheme)
    page.emulate_media(media="print", color_scheme="dark" if scheme == "dark" else "light")
    paints = "getComputedStyle(document.body)"
    assert page.evaluate(f"{paints}.backgroundColor") in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    red, green, blue = page.evaluate(f"{paints}.color.match(/\\d+/g).slice(0, 3).map(Number)")
    assert max(red, green, blue) < 90
    assert measured(page, "invisible", "white") == []


def test_what_can_only_be_pressed_is_not_printed(visitor: Visitor) -> None:
    page = visitor.page("demonstration", "subscribe/")
    page.emulate_media(media="print")
    for selector in ("header nav", ".skip", "button"):
        assert measured(page, "words", selector) == [], selector


def test_the_pages_of_paper_are_few(visitor: Visitor) -> None:
    page = visitor.page("bad-day", visitor.built("bad-day").kinds["incidents/*"])
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 4
