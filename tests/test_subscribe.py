"""The page that says which address goes where, and the buttons that take one along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from generator.feeds import feeds
from generator.render.routes import Address
from tests.rendered import site, trees
from tests.sample_views import URL, sample_html, sample_languages, sample_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Route

EDITIONS = ("", "fr/", "ar/")
COPIED = {
    "rss.xml",
    "atom.xml",
    "feed.json",
    "calendar.ics",
    "api/v2/summary.json",
    "api/incidents.json",
    "badge.svg",
    "badge.json",
    "embed/",
}


@cache
def published() -> frozenset[str]:
    """Return the addresses of everything that the site has."""
    documents = feeds(sample_site(), languages=sample_languages(), to_html=sample_html)
    paths = {*site(), *(artifact.path for artifact in documents)}
    return frozenset(f"{URL}/{path.removesuffix('index.html')}" for path in paths)


def snippets(edition: str) -> list[str]:
    return [
        code.text for code in trees()[f"{edition}subscribe/index.html"].xpath("//*[@class[contains(., 'copy')]]//code")
    ]


def addresses(text: str) -> list[str]:
    """Return the site's own addresses in a snippet."""
    return [found for found in re.findall(rf"{re.escape(URL)}/[^\s\"')]*", text) if found != f"{URL}/"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_address_on_the_page_is_one_of_this_language_and_leads_somewhere(edition: str) -> None:
    found = {address for text in snippets(edition) for address in addresses(text)}
    assert found <= published()
    assert {f"{URL}/{edition}{name}" for name in COPIED} | {f"{URL}/embed.js"} <= found


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_link_leads_somewhere(edition: str) -> None:
    page = trees()[f"{edition}subscribe/index.html"]
    for href in page.xpath("//main//a/@href | //main//img/@src"):
        parts = urlsplit(href)
        assert f"{URL}{parts.path}" in published(), href


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_calendar_program_is_asked_for_by_its_scheme(edition: str) -> None:
    page = trees()[f"{edition}subscribe/index.html"]
    assert page.xpath("//a[@class='action']/@href") == [f"webcal://status.lumen.example/{edition}calendar.ics"]


@pytest.mark.parametrize("url", [URL, "http://localhost:8000", "https://acme.github.io/status/"])
def test_an_address_in_the_calendars_scheme_is_the_same_place(url: str) -> None:
    address = Address(url, "en", "en")
    assert address.webcal("calendar.ics") == "webcal:" + address.absolute("calendar.ics").partition(":")[2]


def test_scripts_are_told_how_to_ask_for_changes_only() -> None:
    (curl,) = [text for text in snippets("") if text.startswith("curl ")]
    assert "--etag-compare status.etag --etag-save status.etag" in curl


def test_what_is_to_be_copied_has_a_name_of_its_own() -> None:
    for edition in EDITIONS:
        names = trees()[f"{edition}subscribe/index.html"].xpath("//@data-what")
        assert len(names) == len(snippets(edition))
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("edition", EDITIONS)
def test_calendars_are_announced_where_people_look_for_them(edition: str) -> None:
    announced = {
        path: page.xpath("//link[@rel='alternate'][@type='text/calendar']")
        for path, page in trees().items()
        if path.startswith(edition)
    }
    for path, name in (("", "calendar.ics"), ("maintenance/", "calendar.ics"), ("subscribe/", "calendar.ics")):
        (link,) = announced[f"{edition}{path}index.html"]
        assert link.get("href") == f"{URL}/{edition}{name}"
        assert link.get("title")
    (link,) = announced[f"{edition}components/search/index.html"]
    assert link.get("href") == f"{URL}/{edition}components/search/calendar.ics"


# In a browser


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    found = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    found.route("**/*", _serve)
    yield found
    found.close()


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(f"{URL}/")
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    data = site().get(f"{path}index.html" if path == "" or path.endswith("/") else path)
    if data is None:
        route.fulfill(status=404)
    else:
        route.fulfill(body=data, content_type=kinds.get(path.rpartition(".")[2], "text/html; charset=utf-8"))


@pytest.mark.parametrize(
    ("edition", "button", "told"), [("", "Copy: Atom", "Copied: Atom"), ("fr/", "Copier: Atom", "Copié: Atom")]
)
def test_a_button_takes_the_address_along_and_says_so(
    context: BrowserContext, edition: str, button: str, told: str
) -> None:
    page = context.new_page()
    page.goto(f"{URL}/{edition}subscribe/")
    page.get_by_role("button", name=button, exact=True).press("Enter")
    page.get_by_role("main").get_by_role("status").get_by_text(told).wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{URL}/{edition}atom.xml"
    assert page.get_by_role("button", name=button, exact=True).inner_text() == told.partition(":")[0]


def test_a_snippet_is_taken_whole(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{URL}/subscribe/")
    page.get_by_role("button", name="Copy: Banner").click()
    page.get_by_role("main").get_by_role("status").get_by_text("Copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == f'<script src="{URL}/embed.js" defer></script>'


def test_the_page_breaks_no_rule_of_its_own_policy(context: BrowserContext) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{URL}/")
    page.goto(f"{URL}/subscribe/")
    assert page.get_by_role("main").get_by_role("button").count() == len(snippets(""))
    assert [text for text in said if "404" not in text] == []


def test_without_javascript_there_is_no_button_that_does_nothing(chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.route("**/*", _serve)
    page = context.new_page()
    page.goto(f"{URL}/subscribe/")
    assert page.get_by_role("button").count() == 0
    assert page.get_by_text(f"{URL}/atom.xml", exact=True).is_visible()
    context.close()
