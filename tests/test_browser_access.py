"""Pages for everyone: the rules of WCAG as axe-core checks them, forced colours, less motion, no script, and paper."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.visits import DESKTOP, HARD, PHONE, SCHEMES, every_kind, measured, paths_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.visits import Visitor

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
EVERYWHERE = [
    *(("demonstration", kind) for kind in every_kind("demonstration")),
    *(("bad-day", kind) for kind in HARD),
    *[("calm", "home"), ("new", "home"), ("new", "history")],
]


def violations(page: Page) -> list[str]:
    """Return what breaks a rule: the rule, where, and why."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize(("name", "kind"), EVERYWHERE)
def test_no_rule_of_accessibility_is_broken(visitor: Visitor, name: str, kind: str) -> None:
    site = visitor.built(name)
    page = visitor.context(name).new_page()
    # Colours differ between the schemes, places between the screens: two looks see both.
    looks = (("light", PHONE), ("dark", DESKTOP))
    for path, (scheme, size) in product(paths_of(site, kind), looks):
        page.goto(site.address(path))
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert violations(page) == [], (scheme, size)


@pytest.mark.parametrize(("begin", "name", "scheme"), [(0, "demonstration", "light"), (1, "bad-day", "dark")])
def test_the_home_page_breaks_no_rule_in_any_language(visitor: Visitor, begin: int, name: str, scheme: str) -> None:
    site = visitor.built(name)
    page = visitor.context(name, viewport=PHONE, color_scheme=scheme).new_page()
    # Every other language on the one site, those between them on the other.
    for code in sorted(site.languages)[begin::2]:
        page.goto(site.address("", code))
        assert violations(page) == [], code


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", ["home", "incidents/*", "components/*", "uptime"])
def test_nothing_disappears_when_the_system_chooses_the_colours(visitor: Visitor, kind: str, scheme: str) -> None:
    page = visitor.page(
        "bad-day", visitor.built("bad-day").kinds[kind], forced_colors="active", color_scheme=scheme
    )  # fmt: skip
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert measured(page, "invisible", paper) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert measured(page, "focused")["wrong"] == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["demonstration", "bad-day"])
def test_every_shape_can_be_seen_in_both_schemes(visitor: Visitor, name: str, scheme: str) -> None:
    page = visitor.page(name, color_scheme=scheme)
    assert measured(page, "invisible", page.evaluate("getComputedStyle(document.body).backgroundColor")) == []


@pytest.mark.parametrize("kind", HARD)
def test_nothing_moves_when_less_motion_is_asked_for(visitor: Visitor, kind: str) -> None:
    page = visitor.page("bad-day", visitor.built("bad-day").kinds[kind], reduced_motion="reduce")
    assert measured(page, "moving") == []


SAID = "h1, h2, h3, h4, .state, main a[href], main p, main li, main td, main th"


@pytest.mark.parametrize(("name", "kind"), EVERYWHERE)
def test_without_script_the_same_words_are_there(visitor: Visitor, name: str, kind: str) -> None:
    site = visitor.built(name)
    without = visitor.context(name, java_script_enabled=False).new_page()
    page = visitor.context(name).new_page()
    for path in paths_of(site, kind):
        without.goto(site.address(path))
        page.goto(site.address(path))
        said = measured(without, "words", SAID)
        measured(page, "bare")
        shown = " ".join(measured(page, "words", "body"))
        assert said
        assert [words for words in said if words not in shown] == []
