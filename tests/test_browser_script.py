"""What the script adds to a page: how long ago things were, the reader's own clock, and work that begins on time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.visits import measured, paused

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.visits import Visitor


def opened(visitor: Visitor, name: str, path: str = "", *, at: datetime, language: str = "", **options: Any) -> Page:
    """Return a page at a moment; time passes only when a test says so."""
    page = visitor.context(name, **options).new_page()
    paused(page, at)
    page.goto(visitor.built(name).address(path, language))
    return page


def test_it_is_said_how_long_ago_the_newest_word_was(visitor: Visitor) -> None:
    site = visitor.built("bad-day")
    page = opened(visitor, "bad-day", at=site.now)
    newest = page.locator("main time[data-ago] + .ago").first
    assert newest.inner_text() == "(12 minutes ago)"
    page.clock.run_for(5 * 60_000)
    assert newest.inner_text() == "(17 minutes ago)"
    page.clock.fast_forward(3 * 3_600_000)
    assert newest.inner_text() == "(3 hours ago)"


def test_it_is_said_in_the_page_s_language(visitor: Visitor) -> None:
    site = visitor.built("bad-day")
    page = opened(visitor, "bad-day", at=site.now, language="fr")
    assert page.locator("main time[data-ago] + .ago").first.inner_text() == "(il y a 12 minutes)"


def test_the_reader_s_own_clock_is_told_where_it_differs(visitor: Visitor) -> None:
    site = visitor.built("bad-day")
    page = opened(visitor, "bad-day", at=site.now, timezone_id="America/New_York")
    notes = measured(page, "words", ".yours")
    assert any("4:50" in words for words in notes), notes
    there = opened(visitor, "bad-day", at=site.now, timezone_id="Europe/Stockholm")
    assert measured(there, "words", ".yours") == []


def test_what_is_added_is_added_and_replaces_nothing(visitor: Visitor) -> None:
    site = visitor.built("bad-day")
    for code in site.languages:
        page = opened(visitor, "bad-day", at=site.now, language=code, timezone_id="Asia/Tokyo")
        with_notes = page.locator("main time").all_inner_texts()
        without = visitor.page("bad-day", language=code, java_script_enabled=False)
        assert with_notes == without.locator("main time").all_inner_texts()


WORK = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""When work on the card network begins; the page was built nine days before, and nobody built it since."""


def work(page: Page) -> Any:
    """Return what the page says of the work, of the whole site, and of a component that is worked on."""
    return measured(page, "words", "[data-from] strong, .statement h1, [data-id=checkout] .state")


def test_work_begins_and_ends_on_time_though_nobody_built_the_page_anew(visitor: Visitor) -> None:
    page = opened(visitor, "quiet", at=WORK - timedelta(seconds=20))
    before = work(page)
    page.clock.run_for(30_000)
    during = work(page)
    page.clock.fast_forward(3_600_000)
    assert work(page) == during
    page.clock.fast_forward(3_600_000)
    after = work(page)
    words = {name: page.locator(".notice").get_attribute(f"data-{name}") for name in ("working", "over", "level")}
    statement = page.locator(".statement").get_attribute("data-working")
    assert during[:2] == [statement, words["working"]]
    assert during[-1] == words["level"]
    assert before[0] == after[0] != during[0]
    assert before[-1] == after[-1] != during[-1]
    assert after[1] == words["over"]
    assert before[2:-1] == during[2:-1] == after[2:-1]


def test_other_components_are_not_touched_by_work(visitor: Visitor) -> None:
    page = opened(visitor, "quiet", at=WORK + timedelta(minutes=5))
    states = measured(page, "words", "[data-id=reports] .state")
    without = visitor.page("quiet", java_script_enabled=False)
    assert states == measured(without, "words", "[data-id=reports] .state")
