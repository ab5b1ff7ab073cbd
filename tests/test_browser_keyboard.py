"""Pages by keyboard alone: everything is reached, in the order of the page, and seen when it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.visits import DESKTOP, PHONE, every_kind, measured, paths_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.visits import Visitor


def walked(page: Page) -> tuple[list[str], list[str]]:
    """Return what the focus comes to, in order, and what is wrong with how it is shown there."""
    reached, wrong = [], []
    # More than there is to reach, so that a trap ends as well.
    for _ in range(len(measured(page, "targets")) + 5):
        page.keyboard.press("Tab")
        found = measured(page, "focused")
        if found is None:
            break
        reached.append(found["name"])
        wrong += [f"{found['name']}: {what}" for what in found["wrong"]]
    return reached, wrong


@pytest.mark.parametrize("kind", every_kind("demonstration"))
def test_the_keyboard_reaches_everything_in_order_and_one_sees_where_it_is(visitor: Visitor, kind: str) -> None:
    site = visitor.built("demonstration")
    page = visitor.context("demonstration", viewport=DESKTOP, reduced_motion="reduce").new_page()
    for path in paths_of(site, kind):
        page.goto(site.address(path))
        targets = measured(page, "targets")
        reached, wrong = walked(page)
        assert reached == targets
        assert wrong == []


@pytest.mark.parametrize("name", ["bad-day", "new"])
def test_the_keyboard_reaches_everything_on_a_phone_too(visitor: Visitor, name: str) -> None:
    page = visitor.page(name, viewport=PHONE, color_scheme="dark", reduced_motion="reduce")
    targets = measured(page, "targets")
    reached, wrong = walked(page)
    assert reached == targets
    assert wrong == []


def test_what_has_the_focus_is_not_under_what_is_told_over_the_page(visitor: Visitor) -> None:
    site = visitor.built("bad-day")
    page = visitor.context("bad-day", viewport=PHONE, reduced_motion="reduce").new_page()
    page.clock.set_fixed_time(site.now + timedelta(days=9))
    page.goto(site.address(""))
    assert page.locator(".notice").inner_text()
    _, wrong = walked(page)
    assert wrong == []


def test_what_is_closed_is_opened_and_closed_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page("bad-day")
    menus = page.locator("summary:visible").all()
    assert len(menus) > 3
    for menu in menus:
        details = menu.locator("xpath=..")
        before = details.evaluate("(details) => details.open")
        for expected in (not before, before):
            menu.focus()
            page.keyboard.press("Enter" if expected else "Space")
            assert details.evaluate("(details) => details.open") is expected


@pytest.mark.parametrize("code", ["", "fr"])
def test_the_first_stop_leads_to_the_content(visitor: Visitor, code: str) -> None:
    page = visitor.page("demonstration", language=code)
    page.keyboard.press("Tab")
    box = page.locator(":focus").bounding_box()
    assert page.locator(":focus").get_attribute("href") == "#main"
    assert box
    assert min(box["x"], box["y"]) >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
