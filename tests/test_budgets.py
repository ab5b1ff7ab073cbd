"""What a page may weigh on the way to a phone in a tunnel: bytes as they are sent, and requests."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

from look.sites import file_of, shipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from look.sites import Site
    from tests.visits import Visitor

KILOBYTE = 1024
SITE = "bad-day"
"""A home page of 20 components, two open incidents and every language that there is."""


def sent(site: Site, path: str) -> int:
    """Return the bytes that a host sends for a path."""
    return len(gzip.compress(file_of(site.folder, path).read_bytes(), 9, mtime=0))


def loaded(site: Site, pattern: str) -> list[str]:
    """Return the paths of what the home page loads, by a pattern of how it is named there."""
    return re.findall(pattern, file_of(site.folder, "").read_text("utf-8"))


def test_the_home_page_that_is_weighed_is_a_full_one(built: Callable[[str], Site]) -> None:
    site = built(SITE)
    text = file_of(site.folder, "").read_text("utf-8")
    components = {file.parent.name for file in site.folder.glob("components/*/index.html")}
    assert len(components) == 20
    assert all(f'href="/components/{id}/"' in text for id in components)
    assert set(site.languages) == set(shipped())
    assert all(
        text.count(f'href="/incidents/{id}/"') for id in ("2026-11-20-signing-in-fails", "2026-11-20-webhooks-late")
    )


def test_the_home_page_is_light(built: Callable[[str], Site]) -> None:
    site = built(SITE)
    assert max(sent(site, prefix) for prefix in site.languages.values()) < 14 * KILOBYTE


def test_a_record_s_page_is_light(built: Callable[[str], Site]) -> None:
    for name in ("bad-day", "demonstration"):
        site = built(name)
        paths = [
            f"{file.parent.relative_to(site.folder).as_posix()}/"
            for kind in ("incidents", "maintenance")
            for file in site.folder.rglob(f"{kind}/*/index.html")
        ]
        assert paths
        assert [path for path in paths if sent(site, path) >= 6 * KILOBYTE] == []


def test_styles_and_scripts_are_light(built: Callable[[str], Site]) -> None:
    site = built(SITE)
    styles = loaded(site, r'<link rel="stylesheet" href="/([^"]+)"')
    scripts = loaded(site, r'<script[^>]* src="/([^"]+)"')
    assert styles
    assert scripts
    assert sum(sent(site, path) for path in styles) < 8 * KILOBYTE
    assert sum(sent(site, path) for path in scripts) < 4 * KILOBYTE


def test_the_home_page_is_whole_after_four_requests(visitor: Visitor) -> None:
    context = visitor.context(SITE)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(visitor.built(SITE).address(""), wait_until="networkidle")
    assert 2 <= len(asked) <= 4, asked
