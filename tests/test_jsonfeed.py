"""JSON Feed 1.1, and what the three forms of a feed have in common."""

import json
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.feeds import FORMS, jsonfeed
from generator.feeds.document import clean, instant, line
from generator.feeds.entry import absolute_links, compose
from generator.render.routes import Address
from generator.terms import Level, Phase
from generator.view.basics import ComponentRef, Label, ready
from generator.view.program_views import EntryView, FeedView
from generator.view.views import SiteView
from tests.feed_reading import (
    Read,
    artifacts,
    feed_paths,
    made,
    read_atom,
    read_json,
    read_rss,
    replaced,
    visible,
    with_entries,
    with_texts,
)
from tests.sample_views import HOSTILE, URL, as_of, at, outage, sample_html, sample_languages, sample_site

AMENDED = "tag:status.lumen.example,2026:incidents/2026-02-10-search-slow/2"
PREFIXES = {"en": "", "fr": "fr/", "ar": "ar/"}


def entries(lang: str = "en") -> tuple[EntryView, ...]:
    return sample_site(languages=(lang,)).languages[0].feeds[0].entries.make()


def items(view: SiteView | None = None, path: str = "feed.json") -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(made(path, view))["items"]
    return found


@pytest.mark.parametrize("path", feed_paths("feed.json"))
def test_every_feed_keeps_the_rules(path: str) -> None:
    feed = read_json(made(path))
    assert feed.own == f"{URL}/{path}"
    assert feed.language == (path[:2] if path[:3] in {"fr/", "ar/"} else "en")


def test_what_the_site_s_feed_says_of_itself() -> None:
    assert json.loads(made("fr/feed.json")) | {"items": []} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "État de Lumen",
        "home_page_url": f"{URL}/fr/",
        "feed_url": f"{URL}/fr/feed.json",
        "description": "L’état des services de Lumen.",
        "language": "fr",
        "authors": [{"name": "État de Lumen", "url": f"{URL}/fr/"}],
        "items": [],
    }


def test_a_component_s_feed_names_it_and_leads_to_its_page() -> None:
    feed = read_json(made("fr/components/search/feed.json"))
    assert (feed.title, feed.home) == ("Recherche – État de Lumen", f"{URL}/fr/components/search/")
    assert {item.url.split("/")[5] for item in feed.items} > {"2026-02-10-search-slow", "2026-03-01-database"}


def test_an_item_is_an_update_with_its_facts() -> None:
    assert items()[0] == {
        "id": "tag:status.lumen.example,2026:incidents/2026-02-22-portal-errors/3",
        "url": f"{URL}/incidents/2026-02-22-portal-errors/#update-3",
        "title": "Portal unavailable – Identified",
        "content_html": (
            "<p>The web front is back. The API still returns errors for **one request in ten**.</p>\n"
            "<ul><li>Portal &amp; &lt;Web&gt; – Operational</li><li>Portal API – Partial outage</li></ul>\n"
            "<p>Next update due by Feb 22, 2026, 5:10\u202fAM CET</p>"
        ),
        "date_published": "2026-02-22T03:40:00Z",
        "tags": ["Portal API", "Portal & <Web>", "deploy", "memory"],
        "_statique": {
            "incident": "2026-02-22-portal-errors",
            "kind": "incident",
            "status": "identified",
            "severity": "sev1",
            "impact": "critical",
            "components": [
                {"id": "portal-api", "name": "Portal API", "state": "partial_outage"},
                {"id": "portal-web", "name": "Portal & <Web>", "state": "operational"},
            ],
            "started": "2026-02-22T02:45:00Z",
        },
    }


def test_an_update_that_ends_a_record_says_when_and_that_all_is_well() -> None:
    last = next(item["_statique"] for item in items() if str(item["id"]).endswith("2026-02-10-search-slow/3"))
    first = next(item["_statique"] for item in items() if str(item["id"]).endswith("2026-02-10-search-slow/1"))
    assert isinstance(last, dict)
    assert isinstance(first, dict)
    assert (last["status"], last["resolved"]) == ("resolved", "2026-02-10T11:00:00Z")
    assert [component["state"] for component in last["components"]] == [Level.OPERATIONAL]
    assert (first["status"], "resolved" in first) == ("investigating", False)


def test_cancelled_work_leaves_its_components_operational() -> None:
    cancelled = next(item["_statique"] for item in items() if str(item["id"]).endswith("2026-02-15-index/2"))
    assert isinstance(cancelled, dict)
    assert cancelled["components"] == [{"id": "search", "name": "Search", "state": "operational"}]
    assert "severity" not in cancelled


def test_an_amended_update_says_when() -> None:
    modified = {item["id"]: item["date_modified"] for item in items() if "date_modified" in item}
    assert modified == {AMENDED: "2026-02-11T09:00:00Z"}
    amended = next(item for item in items() if item["id"] == AMENDED)
    assert "<p>Amended Feb 11, 2026, 10:00\u202fAM CET" in str(amended["content_html"])


def test_announced_work_says_when_it_is() -> None:
    announced = next(item for item in items() if str(item["id"]).endswith("2026-03-01-database/1"))
    assert "<p><strong>Planned</strong> Mar 1, 2026, 2:00\u202fAM CET – Mar 1, 2026, 4:00\u202fAM CET" in str(
        announced["content_html"]
    )
    done = next(item for item in items() if str(item["id"]).endswith("2026-02-01-switch/3"))
    assert "Planned" not in str(done["content_html"])


def test_a_fallback_text_says_its_language() -> None:
    french = {str(item["id"]).split(":")[2]: item for item in items(path="fr/feed.json")}
    missing = french["incidents/2026-02-22-portal-errors/3/fr"]
    present = french["incidents/2026-02-22-portal-errors/2/fr"]
    assert missing["language"] == "en"
    assert str(missing["content_html"]).startswith('<div lang="en"><p>The web front is back.')
    assert '<span lang="en">Portal API</span> – Panne partielle' in str(missing["content_html"])
    assert "language" not in present
    assert present["content_html"] == "<p>Nous cherchons encore.</p>"
    assert present["title"] == "Portail indisponible – Enquête"


def test_a_feed_that_runs_from_right_to_left_says_so_in_every_item() -> None:
    for item in items(path="ar/feed.json"):
        assert str(item["content_html"]).startswith('<div lang="ar" dir="rtl">')
        assert ("language" in item) == ('<div lang="en" dir="ltr">' in str(item["content_html"]))


def test_an_empty_feed_is_a_feed() -> None:
    assert read_json(made("components/fax/feed.json")).items == ()


def test_backfilled_records_are_no_news() -> None:
    assert "sign-in" not in made("feed.json").decode()


@pytest.mark.parametrize("lang", PREFIXES)
@pytest.mark.parametrize("folder", ["", "components/portal-api/", "components/search/", "components/fax/"])
def test_siblings_tell_the_same_story(lang: str, folder: str) -> None:
    stem = f"{PREFIXES[lang]}{folder}"
    first, *others = (
        read(made(f"{stem}{name}"))
        for read, name in ((read_json, "feed.json"), (read_rss, "rss.xml"), (read_atom, "atom.xml"))
    )
    for other in others:
        assert other._replace(own="") == first._replace(own="")


def test_newest_first() -> None:
    published = [item.published for item in read_json(made("feed.json")).items]
    assert published == sorted(published, reverse=True)


def test_ids_stay_when_updates_are_added_and_texts_change() -> None:
    record = outage("en")
    before = items(with_entries(as_of(record, update) for update in record.updates))
    title = Label("Everything is down", "en")
    card = msgspec.structs.replace(record.card, title=title, started=at("2025-12-31", "23:00"), severity=None)
    resolved = msgspec.structs.replace(record.updates[0], number=4, phase=Phase.RESOLVED, at=at("2026-02-22", "05:00"))
    later = msgspec.structs.replace(record, card=card, updates=(resolved, *record.updates))
    after = items(with_entries(as_of(later, update) for update in later.updates))
    assert [item["id"] for item in after[1:]] == [item["id"] for item in before]
    assert [item["url"] for item in after[1:]] == [item["url"] for item in before]


def test_ids_survive_a_move_to_another_address() -> None:
    here, there = items(), items(sample_site(url="https://acme.github.io/status"))
    assert [item["id"] for item in there] == [item["id"] for item in here]
    assert there[0]["url"] == "https://acme.github.io/status/incidents/2026-02-22-portal-errors/#update-3"


def test_one_update_has_one_id_in_the_feeds_of_one_language_and_another_in_each_other() -> None:
    site, component, french = (
        {item.id for item in read_json(made(path)).items}
        for path in ("feed.json", "components/search/feed.json", "fr/feed.json")
    )
    assert component < site
    assert not site & french


def test_an_authority_s_case_does_not_matter() -> None:
    site = sample_site(languages=("en",))
    loud = replaced(site, info=msgspec.structs.replace(site.languages[0].info, authority="Status.LUMEN.example"))
    assert [item["id"] for item in items(loud)] == [item["id"] for item in items(site)]


def test_a_label_occurs_once() -> None:
    entry = entries()[0]
    names = (ComponentRef("search", Label("Search", "en")), ComponentRef("find", Label("Search", "en")))
    card = msgspec.structs.replace(entry.card, components=names, tags=("search", "memory"))
    assert items(with_entries([EntryView(card, entry.update, entry.states)]))[0]["tags"] == ["Search", "memory"]


def test_a_site_without_description_has_one_all_the_same() -> None:
    site = sample_site(languages=("en",))
    bare = replaced(site, info=msgspec.structs.replace(site.languages[0].info, description=None))
    assert json.loads(made("feed.json", bare))["description"] == "Incidents and maintenance"
    assert read_rss(made("rss.xml", bare)).description == "Incidents and maintenance"


def long_feed(count: int, size: int) -> SiteView:
    entry = entries()[0]
    made_up = (
        msgspec.structs.replace(
            entry.update,
            number=count - at,
            body=msgspec.structs.replace(entry.update.body, source="é" * (size // 2)),
        )
        for at in range(count)
    )
    return with_entries(EntryView(entry.card, update, entry.states) for update in made_up)


def test_a_feed_is_cut_from_the_end_in_all_forms_alike() -> None:
    view = long_feed(50, 4000)
    data = made("feed.json", view)
    ids = [item.id for item in read_json(data).items]
    assert 90_000 < len(data) <= jsonfeed.LIMIT
    assert [id.split("/")[-1] for id in ids] == [str(50 - at) for at in range(len(ids))]
    assert [item.id for item in read_rss(made("rss.xml", view)).items] == ids
    assert [item.id for item in read_atom(made("atom.xml", view)).items] == ids


def test_the_limit_is_exact_and_keeps_the_newest_entry() -> None:
    info = sample_site(languages=("en",)).languages[0].info
    address = Address(URL, "en", "en")
    feed = compose(FeedView(ready(entries())), info, address, sample_languages(["en"])["en"], sample_html)
    size = len(jsonfeed.write(feed))
    assert jsonfeed.within(feed, size + 1) == feed
    assert len(jsonfeed.within(feed, size - 2).entries) == len(feed.entries) - 1
    assert len(jsonfeed.within(feed, 1).entries) == 1


def test_a_key_changes_with_what_is_shown_and_with_nothing_else() -> None:
    site = sample_site(languages=("en",))
    (english,) = site.languages
    old = artifacts(site)
    search = english.feeds[3]
    fewer = msgspec.structs.replace(search, entries=ready(search.entries.make()[1:]))
    new = artifacts(replaced(site, feeds=(*english.feeds[:3], fewer, *english.feeds[4:])))
    assert {path for path in old if old[path].key != new[path].key} == {
        f"components/search/{name}" for name in ("feed.json", "rss.xml", "atom.xml")
    }
    assert len({artifact.key for artifact in old.values()}) == len(old)


def test_links_hold_wherever_the_html_is_read() -> None:
    page = "https://status.lumen.example/fr/incidents/x/#update-1"
    given_html = (
        '<p>href="no" <a title="a > b href=" href="../y/?a=1&amp;b=2">y</a> <a href="#update-2">2</a>'
        '<a href="/about/">a</a> <a href="https://e.example/">e</a> <a href="mailto:a@e.example">m</a>'
        '<a href="//[">?</a> <a>bare</a></p>'
    )
    assert absolute_links(given_html, page) == (
        '<p>href="no" <a title="a > b href=" href="https://status.lumen.example/fr/incidents/y/?a=1&amp;b=2">y</a>'
        ' <a href="https://status.lumen.example/fr/incidents/x/#update-2">2</a>'
        '<a href="https://status.lumen.example/about/">a</a> <a href="https://e.example/">e</a>'
        ' <a href="mailto:a@e.example">m</a><a href="https://status.lumen.example/fr/incidents/x/#update-1">?</a>'
        " <a>bare</a></p>"
    )


def test_hostile_texts_are_texts() -> None:
    item = next(item for item in read_json(made("feed.json")).items if item.id == AMENDED)
    assert item.title == f"{HOSTILE} – Monitoring"
    assert HOSTILE in visible(item.html)


ANY = st.text(st.characters(exclude_categories=()), max_size=60)


@given(title=ANY, body=ANY)
def test_any_text_comes_back_from_every_form(title: str, body: str) -> None:
    view = with_texts(title, body)
    for form in readings(view):
        (item,) = form.items
        assert item.title == f"{line(title)} – Identified"
        assert visible(item.html) == clean(body)


def readings(view: SiteView) -> list[Read]:
    """Read the three forms of the site's feed; keys are not asked for, as lone surrogates have none."""
    (site,) = view.languages
    address = Address(view.url, site.info.lang, view.default)
    feed = compose(site.feeds[0], site.info, address, sample_languages(["en"])["en"], sample_html)
    return [read(FORMS[form](feed)) for form, read in (("json", read_json), ("rss", read_rss), ("atom", read_atom))]


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\x1fb\ud800c\ufffed\x00", "abcd"),
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("\U0001f525 א\u202e\x85", "\U0001f525 א\u202e\x85"),
    ],
)
def test_what_no_document_may_hold_is_dropped(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_a_title_is_one_line_and_keeps_spaces_that_do_not_break() -> None:
    assert line(" Panne\u00a0: \r\n\tle portail \x08") == "Panne\u00a0:  le portail"


def test_times_are_written_in_utc() -> None:
    assert instant(datetime.fromisoformat("2026-02-22T03:51:00+01:00")) == "2026-02-22T02:51:00Z"
