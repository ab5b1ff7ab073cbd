"""What a reader chooses is remembered on their own machine: light or dark, and the language; it works without, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.visits import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.visits import Visitor

FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('not allowed') } })"
ON_THE_SITE = "if (location.protocol === 'https:')"
PAPER = "getComputedStyle(document.body).backgroundColor"


def chosen(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-scheme")


def test_the_colours_go_round_and_are_remembered(visitor: Visitor) -> None:
    context = visitor.context("demonstration", color_scheme="light")
    page = context.new_page()
    page.goto(visitor.built("demonstration").address(""))
    button = page.locator("button.scheme")
    seen = {}
    for scheme in ("light", "dark"):
        button.press("Enter")
        assert chosen(page) == scheme
        assert button.get_attribute("aria-label") == button.get_attribute(f"data-{scheme}")
        seen[scheme] = page.evaluate(PAPER)
    assert seen["light"] != seen["dark"]
    page.goto(visitor.built("demonstration").address("history/"))
    assert page.evaluate(PAPER) == seen["dark"]
    page.locator("button.scheme").click()
    assert chosen(page) is None
    page.reload()
    assert page.evaluate(PAPER) == seen["light"]


def test_the_colours_are_right_from_the_first_moment(visitor: Visitor) -> None:
    context = visitor.context("demonstration", color_scheme="light")
    context.add_init_script(f"{ON_THE_SITE} localStorage.scheme = 'dark'")
    page = context.new_page()
    page.goto(visitor.built("demonstration").address(""))
    # Nothing is painted before the script ran that knows of the choice.
    assert page.locator("script[src*='/site.']").get_attribute("blocking") == "render"
    red, green, blue = page.evaluate(f"{PAPER}.match(/\\d+/g).slice(0, 3).map(Number)")
    assert max(red, green, blue) < 60


def test_a_language_is_chosen_and_remembered(visitor: Visitor) -> None:
    site = visitor.built("demonstration")
    context = visitor.context("demonstration")
    page = context.new_page()
    page.goto(site.address(""))
    page.locator(".languages summary").press("Enter")
    page.locator(".languages a[hreflang=fr]").click()
    page.wait_for_url(site.address("", "fr"))
    page.close()
    again = context.new_page()
    again.goto(site.address(""))
    again.wait_for_url(site.address("", "fr"))
    again.goto(site.address("uptime/"))
    again.wait_for_url(site.address("uptime/", "fr"))


def test_a_language_can_be_left_again(visitor: Visitor) -> None:
    site = visitor.built("demonstration")
    context = visitor.context("demonstration")
    page = context.new_page()
    page.goto(site.address("", "fr"))
    default = next(iter(site.languages))
    for code in ("fr", default):
        page.locator(".languages summary").press("Enter")
        page.locator(f".languages a[hreflang={code}]").click()
        page.wait_for_url(site.address("", code))
    again = context.new_page()
    again.goto(site.address(""))
    assert again.url == site.address("")


def test_an_address_that_names_a_language_is_answered_in_it(visitor: Visitor) -> None:
    site = visitor.built("demonstration")
    context = visitor.context("demonstration")
    context.add_init_script(f"{ON_THE_SITE} localStorage.lang = 'fr'")
    page = context.new_page()
    page.goto(site.address("", "sv"))
    page.locator(".languages summary").click()
    assert page.url == site.address("", "sv")


@pytest.mark.parametrize("stored", ["", "xx", "__proto__", "javascript:alert(1)"])
def test_a_damaged_memory_changes_nothing(visitor: Visitor, stored: str) -> None:
    site = visitor.built("demonstration")
    context = visitor.context("demonstration")
    context.add_init_script(f"{ON_THE_SITE} localStorage.lang = localStorage.scheme = {stored!r}")
    page = context.new_page()
    page.goto(site.address(""))
    page.locator("button.scheme").click()
    assert page.url == site.address("")


def test_without_storage_everything_works_until_the_page_is_left(visitor: Visitor) -> None:
    site = visitor.built("demonstration")
    context = visitor.context("demonstration", color_scheme="light")
    context.add_init_script(FORBIDDEN)
    page = context.new_page()
    page.goto(site.address(""))
    for scheme in ("light", "dark"):
        page.locator("button.scheme").click()
        assert chosen(page) == scheme
    page.locator(".languages summary").click()
    page.locator(".languages a[hreflang=fr]").click()
    page.wait_for_url(site.address("", "fr"))


def test_a_menu_closes_when_it_is_left(visitor: Visitor) -> None:
    page = visitor.page("demonstration", viewport=PHONE)
    summary, menu = page.locator(".languages summary"), page.locator(".languages details")
    summary.press("Enter")
    page.locator(".languages a").first.focus()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert summary.evaluate("(summary) => summary === document.activeElement")
    summary.click()
    assert menu.get_attribute("open") is not None
    page.locator("main").click(position={"x": 5, "y": 400})
    assert menu.get_attribute("open") is None


def test_what_needs_the_script_is_not_shown_without_it(visitor: Visitor) -> None:
    page = visitor.page("demonstration", java_script_enabled=False)
    assert page.locator("button:visible").count() == 0
    page.locator(".languages summary").click()
    page.locator(".languages a[hreflang=fr]").click()
    page.wait_for_url(visitor.built("demonstration").address("", "fr"))
