import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from generator.render.theme import load_theme
from tests.rendered import address_of, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route


@cache
def stylesheet() -> str:
    assets = {asset.name: asset.data for asset in load_theme(Path()).assets}
    return assets["style.css"].decode()


def colours(*, dark: bool) -> dict[str, str]:
    tokens = stylesheet().partition("}")[0]
    colour = "#([0-9a-f]{6}|[0-9a-f]{3})"
    both = re.findall(rf"--([\w-]+): light-dark\({colour}, {colour}\);", tokens)
    return dict(re.findall(rf"--([\w-]+): {colour};", tokens)) | {name: found[dark] for name, *found in both}


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours' relative luminances, as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        full = colour if len(colour) == 6 else "".join(2 * c for c in colour)
        parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colours_can_be_told_apart(dark: bool) -> None:
    c = colours(dark=dark)
    states = ("operational", "under-maintenance", "degraded-performance", "partial-outage", "major-outage")
    tints = ("tint-operational", "tint-maintenance", "tint-minor", "tint-major", "tint-critical")
    text = [(front, back) for front in ("text", "soft", "accent", *states) for back in ("page", "raised")]
    text += [("soft", tint) for tint in tints] + [("text", tint) for tint in tints]
    text += [(states[0], tints[0]), (states[2], "tint-minor"), (states[3], "tint-major"), (states[4], "tint-critical")]
    bars = ("bar", "bar-maintenance", "bar-degraded", "bar-partial", "bar-major")
    shapes = [(front, back) for front in bars for back in ("page", "raised")]
    said = [("all-none", "fff"), ("all-maintenance", "fff"), ("all-minor", "221a00"), ("all-major", "fff")]
    assert [pair for pair in (*said, ("all-critical", "fff")) if contrast(c[pair[0]], pair[1]) < 4.5] == []
    assert [pair for pair in text if contrast(c[pair[0]], c[pair[1]]) < 4.5] == []
    assert [pair for pair in shapes if contrast(c[pair[0]], c[pair[1]]) < 3] == []


def test_nothing_in_the_stylesheet_loads_anything_or_names_a_side() -> None:
    assert "url(" not in stylesheet()
    assert "@import" not in stylesheet()
    assert (
        re.findall(
            r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)|[\s;{](?:left|right|width|height):",
            stylesheet(),
        )
        == []
    )


LOOKED_AT = (
    "index.html",
    "ar/index.html",
    "search/index.html",
    "ar/search/index.html",
    "fr/subscribe/index.html",
    "severity/index.html",
    "fr/uptime/index.html",
    "ar/incidents/2026-02-22-portal-errors/index.html",
    "fr/history/index.html",
    "fr/components/portal-api/index.html",
)


def test_no_page_scrolls_sideways_on_a_small_phone(chromium: "Browser", tmp_path: Path) -> None:
    for path, data in site().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    page = chromium.new_page(viewport={"width": 320, "height": 800})
    page.route("**/*", lambda route: _answer(route, tmp_path))
    for path in LOOKED_AT:
        page.goto(address_of(path))
        assert page.evaluate("document.styleSheets.length") == 1, path
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320, path
        small = page.evaluate(
            "[...document.querySelectorAll('nav a, .index a, .title a, footer li a')].filter(a => {"
            "const box = a.getBoundingClientRect(); return box.width < 24 || box.height < 24 }).map(a => a.outerHTML)"
        )
        assert small == [], path
    page.close()


def _answer(route: "Route", folder: Path) -> None:
    file = folder / within(route.request.url)
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404, body="")


def within(url: str) -> str:
    path = urlsplit(url).path.lstrip("/")
    return f"{path}index.html" if path == "" or path.endswith("/") else path
