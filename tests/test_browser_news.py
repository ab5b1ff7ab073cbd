"""A page that stays open: it asks for what is new, offers it, and says when it may be wrong; nothing else moves."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.visits import PHONE, paused

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from look.sites import Site
    from tests.visits import Visitor

POLLED = "api/v2/status.json"
FIRST, AGAIN = 11_000, 76_000
"""Milliseconds after which a page has asked first, and once more."""


@dataclass
class News:
    """What the site answers to a page that asks for its present state, and how often it was asked."""

    body: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        self.asked.append(route.request.url)
        if self.body == "gone":
            route.abort("internetdisconnected")
        elif self.body == "broken":
            route.fulfill(status=503, body="no")
        else:
            route.fulfill(content_type="application/json", body=self.body)


@dataclass
class Reader:
    """One who has a page open, with the clock in our hands."""

    page: Page
    news: News

    def wait(self, milliseconds: int) -> None:
        """Let time pass until the page has asked once and has been answered."""
        with self.page.expect_event("requestfailed" if self.news.body == "gone" else "requestfinished", _is_poll):
            self.page.clock.run_for(milliseconds)
        settled(self.page)

    def notice(self) -> str:
        return self.page.locator(".notice").text_content() or ""

    def word(self, name: str) -> str:
        """Return a text that the page has ready, up to where a value goes."""
        found = self.page.locator(".notice").get_attribute(f"data-{name}")
        assert found
        return found.partition("{")[0].strip()


def _is_poll(request: Any) -> bool:
    return bool(request.url.endswith(POLLED))


def settled(page: Page) -> None:
    """Wait until everything that an answer set in motion has happened; the page's own timers stand still."""
    page.evaluate("() => fetch(location.href).then((answer) => answer.text())")


@pytest.fixture
def reader(visitor: Visitor) -> Callable[..., Reader]:
    """Return a function that opens a home page, a minute after it was built."""

    def opened(name: str = "bad-day", language: str = "", **options: Any) -> Reader:
        site = visitor.built(name)
        news = News(body=present(site))
        page = visitor.context(name, viewport=PHONE, **options).new_page()
        page.route(f"**/{POLLED}", news.answer)
        paused(page, site.now + timedelta(minutes=1))
        page.goto(site.address("", language))
        return Reader(page, news)

    return opened


def present(site: Site, *, later: timedelta = timedelta()) -> str:
    """Return the document of the present state as it was published, or as it is after something new."""
    document = json.loads((site.folder / POLLED).read_text("utf-8"))
    if later:
        document["page"]["updated_at"] = (site.now + later).isoformat()
    return json.dumps(document)


def test_a_page_asks_soon_and_then_every_minute_and_says_nothing_of_nothing(reader: Callable[..., Reader]) -> None:
    found = reader()
    found.wait(FIRST)
    found.wait(AGAIN)
    found.wait(AGAIN)
    assert len(found.news.asked) == 3
    assert found.notice() == ""


def test_what_is_new_is_offered_in_the_page_s_language(visitor: Visitor, reader: Callable[..., Reader]) -> None:
    site = visitor.built("bad-day")
    for code in list(site.languages)[::3]:
        found = reader(language=code)
        found.news.body = present(site, later=timedelta(minutes=1))
        found.wait(FIRST)
        assert found.word("changed") in found.notice()
        assert found.page.get_by_role("button", name=found.word("show")).is_visible()


def test_an_offer_moves_nothing_and_leaves_the_focus(visitor: Visitor, reader: Callable[..., Reader]) -> None:
    found = reader()
    link = found.page.locator("main h3 a").first
    link.focus()
    where = (
        "[scrollX, scrollY, document.activeElement.href, document.querySelector('main').getBoundingClientRect().top]"
    )
    before = found.page.evaluate(where)
    found.news.body = present(visitor.built("bad-day"), later=timedelta(minutes=1))
    found.wait(FIRST)
    assert found.notice()
    assert found.page.evaluate(where) == before


def test_what_was_offered_comes_when_it_is_asked_for(visitor: Visitor, reader: Callable[..., Reader]) -> None:
    found = reader()
    found.news.body = present(visitor.built("bad-day"), later=timedelta(minutes=1))
    found.wait(FIRST)
    button = found.page.get_by_role("button", name=found.word("show"))
    button.focus()
    with found.page.expect_navigation() as gone:
        found.page.keyboard.press("Enter")
    assert gone.value.url == visitor.built("bad-day").address("")


def test_once_something_is_offered_nobody_is_asked_again(visitor: Visitor, reader: Callable[..., Reader]) -> None:
    found = reader()
    found.news.body = present(visitor.built("bad-day"), later=timedelta(minutes=1))
    found.wait(FIRST)
    found.page.clock.run_for(10 * AGAIN)
    settled(found.page)
    assert len(found.news.asked) == 1


LOOK = """(hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_page_that_nobody_looks_at_asks_nothing(reader: Callable[..., Reader]) -> None:
    found = reader()
    found.page.evaluate(LOOK, True)
    found.page.clock.run_for(20 * AGAIN)
    settled(found.page)
    assert found.news.asked == []
    with found.page.expect_event("requestfinished", _is_poll):
        found.page.evaluate(LOOK, False)


def test_without_a_connection_it_says_so_until_there_is_one(visitor: Visitor, reader: Callable[..., Reader]) -> None:
    visitor.forgive(POLLED)
    found = reader()
    found.wait(FIRST)
    found.news.body, before = "gone", found.news.body
    found.wait(AGAIN)
    assert found.notice().startswith(found.word("offline"))
    found.news.body = before
    found.wait(AGAIN)
    assert found.notice() == ""


@pytest.mark.parametrize("body", ["broken", "{}", "[]", "null", '{"page": {"updated_at": "soon"}}'])
def test_an_answer_that_is_none_offers_nothing(visitor: Visitor, reader: Callable[..., Reader], body: str) -> None:
    visitor.forgive(POLLED)
    found = reader()
    found.news.body = body
    found.wait(FIRST)
    assert found.word("changed") not in found.notice()
    found.news.body = present(visitor.built("bad-day"), later=timedelta(minutes=1))
    found.wait(AGAIN)
    assert found.word("changed") in found.notice()


@pytest.mark.parametrize(("hours", "old"), [(47, False), (49, True), (24 * 400, True)])
def test_a_page_of_a_day_long_over_says_so(visitor: Visitor, hours: int, old: bool) -> None:
    site = visitor.built("bad-day")
    page = visitor.context("bad-day").new_page()
    page.clock.set_fixed_time(site.now.replace(hour=0, minute=0) + timedelta(hours=hours))
    page.goto(site.address(""))
    assert bool(page.locator(".notice").text_content()) is old


def test_the_place_for_news_is_there_and_empty_before_any_script(visitor: Visitor) -> None:
    page = visitor.page("bad-day", java_script_enabled=False)
    assert page.locator(".notice[role=status]").text_content() == ""
