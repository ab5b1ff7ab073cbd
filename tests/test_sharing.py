"""What a link to a page tells elsewhere: words, a picture, and structured data."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from generator.render.linked import script
from generator.render.sharing import locale, posters
from generator.terms import Overall
from generator.view.basics import Label
from tests.laters import incident_pages, lots_of
from tests.rendered import Element, address_of, changed, lasting, made, one, site, tree, trees
from tests.sample_views import URL, sample_site

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def metas(page: Element) -> dict[str, str]:
    return {m.get("property") or m.get("name"): m.get("content") for m in page.xpath("//meta[@property or @name]")}


def data(page: Element) -> dict[str, Any]:
    (text,) = page.xpath("//script[@type = 'application/ld+json']/text()")
    found: dict[str, Any] = json.loads(text)
    return found


def things(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from things(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from things(inner)


def test_every_page_has_what_programs_ask_for() -> None:
    for path, page in lasting(trees()).items():
        found = metas(page)
        assert found["og:title"].strip(), path
        assert found["og:description"].strip(), path
        assert found["og:site_name"], path
        assert found["twitter:card"] == "summary_large_image", path
        assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630"), path
        assert found["og:image:alt"], path
        assert found["og:locale"] == {"en": "en_US", "fr": "fr_FR", "ar": "ar_EG"}[page.get("lang")], path
        others = page.xpath("//meta[@property = 'og:locale:alternate']/@content")
        assert sorted([found["og:locale"], *others]) == ["ar_EG", "en_US", "fr_FR"], path


def test_every_picture_that_is_named_is_there() -> None:
    named = {metas(page)["og:image"] for page in trees().values() if "og:image" in metas(page)}
    assert len(named) > 5
    for address in named:
        assert site()[address.removeprefix(f"{URL}/")].startswith(b"\x89PNG"), address


def test_a_picture_stays_where_it_is_when_the_state_changes() -> None:
    view = sample_site()
    names = set(posters(view.languages[0]))
    assert {str(overall) for overall in Overall} <= names
    assert {name.replace("-open", "-ended") for name in names if "-open" in name} <= names
    assert not [name for name in names if re.search(r"\d{4}", name)]


def test_the_home_page_tells_the_state_first_then_what_is_affected_since_when() -> None:
    found = metas(trees()["index.html"])
    assert found["og:title"] == "Some systems are down · Lumen Status"
    assert found["og:image"] == f"{URL}/share/critical.png"
    assert found["og:image:alt"] == "Some systems are down"
    assert re.match(r"Portal unavailable · .*Portal.* · Since Feb 22, 2026, .* CET", found["og:description"])
    french = metas(trees()["fr/index.html"])
    assert french["og:title"].startswith("Certains systèmes sont en panne · ")
    assert french["og:image"] == found["og:image"]


def test_a_calm_home_page_tells_what_the_site_is_about() -> None:
    view = sample_site(languages=("en",))
    home = msgspec.structs.replace(view.languages[0].home, overall=Overall.NONE, open=(), maintenance_now=())
    found = metas(one(changed(view, home=home), "index.html"))
    assert found["og:title"] == "All systems operational · Lumen Status"
    assert found["og:description"] == found["description"]
    assert found["og:image"] == f"{URL}/share/none.png"


@pytest.mark.parametrize(
    ("path", "title", "picture"),
    [
        ("incidents/2026-02-22-portal-errors", "Identified · Portal unavailable · ", "incident-critical-open"),
        ("incidents/2026-01-15-sign-in", "Resolved · ", "incident-major-ended"),
        ("maintenance/2026-03-01-database", "Scheduled · ", "maintenance-planned"),
        ("components/portal-api", "Partial outage · Portal API · ", "major"),
        ("history", "Incident history", "default"),
    ],
)
def test_a_page_about_a_state_names_and_shows_it(path: str, title: str, picture: str) -> None:
    found = metas(trees()[f"{path}/index.html"])
    assert found["og:title"].startswith(title)
    assert found["og:image"] == f"{URL}/share/{picture}.png"


def test_a_record_tells_when_it_was_first_told_and_last_changed() -> None:
    view = sample_site()
    for page in incident_pages(view.languages[0]):
        card = page.incident.card
        found = metas(trees()[f"{'incidents' if card.kind == 'incident' else 'maintenance'}/{card.id}/index.html"])
        assert found["article:published_time"] == f"{page.incident.updates[-1].at:%Y-%m-%dT%H:%MZ}"
        assert found["article:modified_time"] == f"{page.incident.updated:%Y-%m-%dT%H:%MZ}"
    assert "article:published_time" not in metas(trees()["index.html"])


def test_a_postmortem_is_an_article_of_its_day() -> None:
    page = trees()["postmortems/portal-memory-2/index.html"]
    found, article = metas(page), data(page)["mainEntity"]
    assert (found["og:type"], found["article:published_time"]) == ("article", "2026-02-24")
    assert "article:modified_time" not in found
    assert (article["@type"], article["datePublished"]) == ("Article", "2026-02-24")
    steps = data(page)["breadcrumb"]["itemListElement"]
    assert [step["item"] for step in steps] == [f"{URL}/", f"{URL}/postmortems/", f"{URL}/postmortems/portal-memory-2/"]


def test_pages_for_no_address_have_none() -> None:
    found = metas(trees()["404.html"])
    assert "og:url" not in found
    assert trees()["404.html"].xpath("//script[@type = 'application/ld+json']") == []


# --- structured data


def test_structured_data_is_about_its_page() -> None:
    for path, page in lasting(trees()).items():
        found = data(page)
        assert found["@context"] == "https://schema.org", path
        assert found["url"] == address_of(path), path
        assert found["inLanguage"] == page.get("lang"), path
        assert all(thing.get("@type") for thing in things(found)), path
        assert all(value not in (None, "", []) for thing in things(found) for value in thing.values()), path


def test_structured_data_names_a_page_as_its_title_does() -> None:
    view = sample_site()
    page = incident_pages(view.languages[0])[0]
    title = Label("Mail <b> & 'co'", "en")
    card = msgspec.structs.replace(page.incident.card, title=title)
    told = msgspec.structs.replace(page, incident=msgspec.structs.replace(page.incident, card=card))
    shown = one(changed(view, lots=lots_of((told,))), f"incidents/{card.id}/index.html")
    assert title.text in data(shown)["name"]
    assert shown.findtext("head/title").startswith(data(shown)["name"])


def test_the_way_to_a_page_leads_from_the_home_page_to_it() -> None:
    for path, page in lasting(trees()).items():
        found = data(page)
        if re.fullmatch(r"(\w\w/)?index\.html", path):
            assert found["@type"] == "WebSite", path
            continue
        steps = found["breadcrumb"]["itemListElement"]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1)), path
        assert steps[0]["item"] == found["isPartOf"]["@id"], path
        assert steps[-1]["item"] == address_of(path), path
        for step in steps:
            assert step["item"].removeprefix(f"{URL}/") + "index.html" in trees(), path


def test_an_incident_is_told_while_it_lasts() -> None:
    record = data(trees()["incidents/2026-02-22-portal-errors/index.html"])["mainEntity"]
    assert record["@type"] == "LiveBlogPosting"
    assert "coverageEndTime" not in record
    assert {thing["name"] for thing in record["about"]} >= {"Portal API"}
    ended = data(trees()["incidents/2026-01-15-sign-in/index.html"])["mainEntity"]
    assert ended["coverageStartTime"] < ended["coverageEndTime"]
    assert ended["datePublished"] <= ended["dateModified"]


def test_maintenance_is_an_event_with_its_planned_times() -> None:
    view = sample_site()
    works = {page.incident.card.id: page.incident.card for page in incident_pages(view.languages[0])}
    event = data(trees()["maintenance/2026-03-01-database/index.html"])["mainEntity"]
    window = works["2026-03-01-database"].window
    assert window is not None
    assert event["@type"] == "Event"
    assert (event["startDate"], event["endDate"]) == tuple(
        f"{when:%Y-%m-%dT%H:%M:%SZ}" for when in (window.start, window.end)
    )
    assert event["eventStatus"].endswith("/EventScheduled")
    cancelled = [id for id, card in works.items() if card.phase == "cancelled"]
    for id in cancelled:
        assert data(trees()[f"maintenance/{id}/index.html"])["mainEntity"]["eventStatus"].endswith("/EventCancelled")


def test_nothing_ends_the_element_that_holds_the_data() -> None:
    hostile = "</script><script>alert(1)</script><!-- & \u2028\u2029"
    text = str(script({"name": hostile}))
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"name": hostile}
    view = sample_site(languages=("en",))
    info = msgspec.structs.replace(view.languages[0].info, name=Label(hostile, "en"))
    page = made(changed(view, info=info))["index.html"].make()
    assert b"<script>alert" not in page
    assert data(tree(page))["name"] == hostile


def test_the_head_is_small() -> None:
    page = site()["incidents/2026-02-22-portal-errors/index.html"]
    assert len(gzip.compress(page)) < 6 * 1024
    assert len(gzip.compress(site()["index.html"])) < 14 * 1024


@pytest.mark.parametrize(
    ("code", "told"), [("en", "en_US"), ("pt-BR", "pt_BR"), ("zh-Hant", "zh_TW"), ("sv", "sv_SE"), ("es-419", "es_419")]
)
def test_a_locale_has_its_region(code: str, told: str) -> None:
    from generator.render.i18n import load_languages
    from generator.resources import locales_dir

    language = load_languages(["en"], zone="UTC", dirs=[locales_dir()])["en"]
    assert locale(code, language) == told


def test_a_browser_runs_and_blocks_none_of_it(chromium: Browser, tmp_path: Path) -> None:
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    asked: list[str] = []

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(f"{URL}/")
        asked.append(path)
        body = site().get(f"{path}index.html" if path == "" or path.endswith("/") else path)
        kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
        kind = kinds.get(path.rpartition(".")[2], "text/html; charset=utf-8")
        route.fulfill(status=200 if body else 404, body=body or b"", content_type=kind)

    page.route("**/*", answer)
    page.goto(f"{URL}/")
    assert page.evaluate("JSON.parse(document.querySelector('script[type]').textContent)['@type']") == "WebSite"
    assert said == []
    assert len(asked) <= 4
    page.close()
