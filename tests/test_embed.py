"""What product pages load: the banner of open incidents, under the strictest policy, and the framed state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from generator.render.embed import with_words
from generator.terms import Overall
from tests.rendered import made, site, trees
from tests.sample_views import URL, sample_languages, sample_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

PRODUCT = "https://product.example"
POLICY = f"default-src 'none'; script-src {URL}; connect-src {URL}"
LIMIT = 3000
WORDS = "Some systems are partly down"


def incident(id: str, name: str, impact: str = "major") -> dict[str, str]:
    return {"id": id, "name": name, "impact": impact, "status": "investigating", "shortlink": f"{URL}/incidents/{id}/"}


def summary(*incidents: dict[str, str], works: tuple[dict[str, str], ...] = ()) -> dict[str, Any]:
    """Return what the banner reads of the Statuspage API's summary."""
    indicator = "major" if incidents else "maintenance" if works else "none"
    status = {"indicator": indicator, "description": "Partial System Outage"}
    return {"status": status, "incidents": list(incidents), "scheduled_maintenances": list(works)}


@dataclass
class Web:
    """A product's site and a status site, as a browser sees them; ``asked`` are the addresses of the latter."""

    context: BrowserContext
    documents: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    words: Any = field(default_factory=lambda: {"message": WORDS})
    attributes: str = ""
    place: str = "head"

    def answer(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(PRODUCT):
            route.fulfill(content_type="text/html; charset=utf-8", body=self.product(url.rpartition("/")[2]))
            return
        self.asked.append(url.removeprefix(URL))
        found = self.documents.get(url.removeprefix(URL), self.words if url.endswith("/badge.json") else None)
        headers = {"Access-Control-Allow-Origin": "*"}
        if url == f"{URL}/embed.js":
            route.fulfill(content_type="text/javascript", body=site()["embed.js"].decode(), headers=headers)
        elif found is None:
            route.fulfill(status=404, body="not found", headers=headers)
        else:
            body = found if isinstance(found, str) else json.dumps(found)
            route.fulfill(content_type="application/json", body=body, headers=headers)

    def product(self, lang: str) -> str:
        script = f'<script src="{URL}/embed.js"{self.attributes}></script>'
        head, body = (script, "") if self.place == "head" else ("", script)
        return (
            f'<!doctype html><html lang="{lang}"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f"<title>Product</title>{head}<body><h1>Product</h1>{body}"
        )

    def open(self, lang: str = "en") -> Page:
        """Open the product's page in a language and wait until the banner knows what to show."""
        page = self.context.new_page()
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        with page.expect_response(f"{URL}/**/summary.json"):
            page.goto(f"{PRODUCT}/{lang}")
        return page

    console: list[str] = field(default_factory=list)


@pytest.fixture
def web(chromium: Browser) -> Iterator[Web]:
    context = chromium.new_context()
    found = Web(context, {"/api/v2/summary.json": summary()})
    context.route("**/*", found.answer)
    yield found
    context.close()


def banner(page: Page) -> Any:
    return page.get_by_role("status")


def settled(page: Page) -> None:
    """Wait until everything that an answer set in motion has happened."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def test_while_all_is_well_nothing_is_shown(web: Web) -> None:
    page = web.open()
    settled(page)
    assert banner(page).inner_text() == ""
    assert page.get_by_role("heading").bounding_box() == _without_banner(web)
    assert web.console == []


def _without_banner(web: Web) -> Any:
    page = web.context.new_page()
    page.route(f"{URL}/embed.js", lambda route: route.abort())
    page.goto(f"{PRODUCT}/en")
    return page.get_by_role("heading").bounding_box()


@pytest.mark.parametrize(("attributes", "place"), [("", "head"), (" defer", "head"), (" async", "head"), ("", "body")])
def test_an_open_incident_is_shown_wherever_the_script_stands(web: Web, attributes: str, place: str) -> None:
    web.attributes, web.place = attributes, place
    web.documents["/api/v2/summary.json"] = summary(incident("a", "Logins fail"))
    page = web.open()
    link = banner(page).get_by_role("link", name="Logins fail")
    link.wait_for()
    assert banner(page).inner_text().startswith(f"{WORDS} · Logins fail")
    assert link.get_attribute("href") == f"{URL}/incidents/a/"
    assert banner(page).get_by_role("link").first.get_attribute("href") == f"{URL}/"
    assert web.console == []


def test_the_strictest_policy_allows_its_colours(web: Web) -> None:
    web.documents["/api/v2/summary.json"] = summary(incident("a", "Logins fail"))
    page = web.open()
    banner(page).get_by_role("link").first.wait_for()
    assert (
        page.evaluate(
            "() => getComputedStyle(document.querySelector('div').shadowRoot.querySelector('p')).backgroundColor"
        )
        == "rgb(173, 66, 0)"
    )
    assert web.console == []


def test_what_was_dismissed_stays_away_until_something_new_happens(web: Web) -> None:
    web.documents["/api/v2/summary.json"] = summary(incident("a", "Logins fail"))
    page = web.open()
    button = banner(page).get_by_role("button", name="Dismiss")
    button.focus()
    page.keyboard.press("Enter")
    assert banner(page).inner_text() == ""
    again = web.open()
    settled(again)
    assert banner(again).inner_text() == ""
    web.documents["/api/v2/summary.json"] = summary(incident("a", "Logins fail"), incident("b", "Search is slow"))
    later = web.open()
    banner(later).get_by_role("link", name="Search is slow").wait_for()
    assert "Logins fail" not in banner(later).inner_text()


def test_without_storage_it_works_until_the_page_is_left(web: Web) -> None:
    web.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('not allowed') } })"
    )
    web.documents["/api/v2/summary.json"] = summary(incident("a", "Logins fail"))
    page = web.open()
    banner(page).get_by_role("button").click()
    assert banner(page).inner_text() == ""
    assert web.console == []


@pytest.mark.parametrize("stored", ["{", "null", "5", '"a"', "{}"])
def test_a_damaged_memory_hides_nothing(web: Web, stored: str) -> None:
    web.context.add_init_script(f"localStorage['status {URL}/'] = {json.dumps(stored)}")
    web.documents["/api/v2/summary.json"] = summary(incident("b", "Search is slow"))
    banner(web.open()).get_by_role("link", name="Search is slow").wait_for()


@pytest.mark.parametrize(
    ("lang", "document", "word"),
    [
        ("fr", "/fr/api/v2/summary.json", "Fermer"),
        ("FR-ca", "/fr/api/v2/summary.json", "Fermer"),
        ("de", "/api/v2/summary.json", "Dismiss"),
        ("", "/api/v2/summary.json", "Dismiss"),
    ],
)
def test_it_speaks_the_language_of_the_page_where_the_site_does(web: Web, lang: str, document: str, word: str) -> None:
    web.documents = {document: summary(incident("a", "Panne", "critical"))}
    page = web.open(lang)
    banner(page).get_by_role("button", name=word).wait_for()
    assert [path for path in web.asked if path.endswith("summary.json")] == [document]


def test_work_is_shown_where_the_page_asks_for_it(web: Web) -> None:
    going = incident("w", "New cables", "maintenance") | {"status": "in_progress"}
    coming = incident("x", "Newer cables", "maintenance") | {"status": "scheduled"}
    web.documents["/api/v2/summary.json"] = summary(works=(coming, going))
    page = web.open()
    settled(page)
    assert banner(page).inner_text() == ""
    web.attributes = " data-maintenance"
    asked = web.open()
    banner(asked).get_by_role("link", name="New cables").wait_for()
    assert "Newer" not in banner(asked).inner_text()


def test_texts_are_texts_and_addresses_are_addresses(web: Web) -> None:
    attack = incident("a", "<img src=x onerror=document.title='lost'>") | {"shortlink": "javascript:alert(1)"}
    web.documents["/api/v2/summary.json"] = summary(attack)
    web.words = {"message": "<b>bold</b>"}
    page = web.open()
    links = banner(page).get_by_role("link")
    links.first.wait_for()
    assert [links.nth(at).inner_text() for at in (0, 1)] == ["<b>bold</b>", attack["name"]]
    assert links.nth(1).get_attribute("href") == f"{URL}/"
    assert page.title() == "Product"


@pytest.mark.parametrize("document", [None, "<!doctype html>", "[]", "{}", '{"status": null, "incidents": null}'])
def test_a_status_site_in_trouble_does_not_trouble_the_product(web: Web, document: str | None) -> None:
    web.documents = {} if document is None else {"/api/v2/summary.json": document}
    page = web.open()
    settled(page)
    assert banner(page).inner_text() == ""
    assert [text for text in web.console if "404" not in text] == []


@pytest.mark.parametrize("words", [None, "<!doctype html>", {}])
def test_without_the_readers_own_words_the_apis_do(web: Web, words: Any) -> None:
    web.words = words
    web.documents["/api/v2/summary.json"] = summary(incident("a", "Logins fail"))
    page = web.open()
    banner(page).get_by_role("link", name="Logins fail").wait_for()
    assert banner(page).inner_text().startswith("Partial System Outage · ")


def test_many_incidents_do_not_fill_the_page(web: Web) -> None:
    web.documents["/api/v2/summary.json"] = summary(*(incident(f"i{n}", f"Trouble {n}") for n in range(9)))
    page = web.open()
    banner(page).get_by_role("link").first.wait_for()
    assert banner(page).get_by_role("link").count() == 4


def test_the_focus_is_seen(web: Web) -> None:
    web.documents["/api/v2/summary.json"] = summary(incident("a", "Logins fail"))
    page = web.open()
    banner(page).get_by_role("link").first.wait_for()
    for _ in range(3):
        page.keyboard.press("Tab")
        focused = "() => getComputedStyle(document.activeElement.shadowRoot.activeElement).outlineWidth"
        assert page.evaluate(focused) == "3px"
    assert page.evaluate("() => document.activeElement.shadowRoot.activeElement.tagName") == "BUTTON"


def test_with_less_motion_nothing_moves_and_anyway_nothing_does() -> None:
    assert b"animation" not in site()["embed.js"]
    assert b"transition" not in site()["embed.js"]


# The file


def test_the_script_is_small_and_ascii_and_at_its_address_only() -> None:
    data = site()["embed.js"]
    assert len(data) < LIMIT
    data.decode("ascii")
    assert not [path for path in site() if path.startswith("assets/embed")]
    assert b"\n//" not in data


def test_it_makes_no_style_and_no_html_of_what_it_reads() -> None:
    text = site()["embed.js"].decode()
    for unsafe in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", ".style", "<style"):
        assert unsafe not in text


def test_the_words_of_a_language_cannot_leave_their_place() -> None:
    class Odd:
        code = "en"

        @staticmethod
        def gettext(_message: str) -> str:
            return "</script>\u2028\"'Fermé"

    (line,) = with_words(b'x = "@dismiss";', [Odd()]).splitlines()  # type: ignore[list-item] # what it needs of one
    assert line == b'x = {"en":"\\u003c/script>\\u2028\\"\'Ferm\\u00e9"};'


def test_a_theme_s_script_without_the_place_is_left_as_it_is() -> None:
    languages = sample_languages().values()
    assert with_words(b"f();\n", languages) == b"f();\n"


def test_the_script_changes_with_the_site_s_languages() -> None:
    both, one = (made(sample_site(languages=codes))["embed.js"] for codes in (("en", "fr"), ("en",)))
    assert both.key != one.key
    assert b"Fermer" in both.make()
    assert b"Fermer" not in one.make()


# The framed page


@pytest.mark.parametrize("lang", ["", "fr/", "ar/"])
def test_the_framed_page_leads_out_of_its_frame(lang: str) -> None:
    page = trees()[f"{lang}embed/index.html"]
    (link,) = page.xpath("//a")
    assert link.get("href") == f"/{lang}"
    assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert page.xpath("//script") == []
    assert page.xpath("string(//h1)").strip()


@pytest.mark.parametrize("overall", Overall)
def test_it_fits_into_its_frame(chromium: Browser, overall: Overall) -> None:
    view = sample_site(languages=("en", "fr"))
    shown = msgspec.structs.replace(
        view,
        languages=tuple(
            msgspec.structs.replace(one, home=msgspec.structs.replace(one.home, overall=overall))
            for one in view.languages
        ),
    )
    files = {
        artifact.path: artifact.make()
        for artifact in made(shown).values()
        if artifact.path.startswith("assets/") or "embed/" in artifact.path
    }
    page = chromium.new_page(viewport={"width": 200, "height": 40})
    page.route("**/*", lambda route: _serve(route, files))
    for edition in ("", "fr/"):
        page.goto(f"{URL}/{edition}embed/")
        size = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [200, 40]
    page.close()


def _serve(route: Route, files: dict[str, bytes]) -> None:
    path = route.request.url.removeprefix(f"{URL}/")
    route.fulfill(
        body=files[f"{path}index.html" if path.endswith("/") else path],
        content_type={"css": "text/css", "svg": "image/svg+xml"}.get(path.rpartition(".")[2], "text/html"),
    )
