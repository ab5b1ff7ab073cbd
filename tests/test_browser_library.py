"""The library of postmortems in a real browser: its ways in narrow it down at once, and an address keeps how."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.visits import Visitor


def standing(page: Page, *keys: str) -> set[str]:
    """Return the titles of the postmortems that stand on all these shelves, as the page has it without a script."""
    cards = page.locator("[data-shelves]").all()
    held = [(one, (one.get_attribute("data-shelves") or "").split()) for one in cards]
    return {one.locator(".title").text_content() or "" for one, shelves in held if set(keys) <= set(shelves)}


def shown(page: Page) -> set[str]:
    return set(page.locator("[data-shelves]:visible .title").all_text_contents())


def test_shelves_narrow_the_library_down_together_and_a_link_keeps_them(visitor: Visitor) -> None:
    page = visitor.page("demonstration", "postmortems/")
    everything = standing(page)
    year, tag = (page.locator(f"[data-shelf^='{facet}/']").first for facet in ("year", "tag"))
    keys = [one.get_attribute("data-shelf") or "" for one in (year, tag)]
    assert standing(page, *keys) < everything, "the demonstration has a postmortem that does not stand on both"
    year.click()
    tag.press("Enter")
    assert shown(page) == standing(page, *keys)
    assert parse_qs(urlsplit(page.url).query) == {key.split("/")[0]: [key.split("/")[1]] for key in keys}
    status = page.get_by_role("main").get_by_role("status")
    assert status.text_content() == f"Showing {len(shown(page))} of {len(everything)}"
    again = page.context.new_page()
    again.goto(page.url)
    assert shown(again) == shown(page)
    assert again.locator("[data-shelf][aria-current]").count() == 2
    again.get_by_role("button", name="Show all").click()
    assert shown(again) == everything
    assert urlsplit(again.url).query == ""
    year.click()
    tag.click()
    assert shown(page) == everything, "what is chosen twice is chosen no more"


def test_without_a_script_the_shelves_are_pages(visitor: Visitor) -> None:
    page = visitor.page("demonstration", "postmortems/", java_script_enabled=False)
    way = page.locator("[data-shelf^='tag/']").first
    expected = standing(page, way.get_attribute("data-shelf") or "")
    way.click()
    assert set(page.locator(".card.postmortem .title").all_text_contents()) == expected
