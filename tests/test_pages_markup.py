import base64
import hashlib
import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import msgspec

from generator.feeds.entry import folder_of
from generator.render import routes
from generator.view.record_views import IncidentPage
from tests.laters import incident_pages, lots_of
from tests.rendered import SHIPPED, Element, address_of, changed, lasting, made, one, site, tree, trees, words
from tests.sample_views import HOSTILE, URL, sample_site

STILL = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
CSP = STILL.replace("'none'; style", "'none'; connect-src 'self'; script-src 'self'; style", 1)
SEARCH = frozenset(f"{folder}search/index.html" for folder in ("", "fr/", "ar/"))


def digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


OWN_SCRIPTS = {"search/index.html": ["/assets/search.js"], "postmortems/index.html": ["/assets/library.js"]}


def test_the_head_begins_with_charset_and_policy() -> None:
    for path, page in trees().items():
        assert site()[path].startswith(b"<!doctype html>\n<html lang="), path
        head = list(page.find("head"))
        assert head[0].get("charset") == "utf-8", path
        assert head[1].get("http-equiv") == "Content-Security-Policy", path
        expected = CSP.replace("'; style", "' 'wasm-unsafe-eval'; style", 1) if path in SEARCH else CSP
        for script in page.xpath("//script[@type = 'application/ld+json']"):
            expected = expected.replace("script-src 'self'", f"script-src 'self' 'sha256-{digest(script.text)}'")
        assert head[1].get("content") == (expected if page.xpath("//script") else STILL), path
        assert b"charset" in site()[path][:1024], path


def test_pages_have_one_script_no_style_and_nothing_from_elsewhere() -> None:
    for path, page in trees().items():
        assert page.xpath("//style | //iframe | //base") == [], path
        assert bool(page.xpath("//form")) == (path in SEARCH), path
        sources = [re.sub(r"\.\w{8}\.", ".", src) for src in page.xpath("//script/@src")]
        own = OWN_SCRIPTS.get(path.removeprefix("fr/").removeprefix("ar/"), [])
        assert sources in ([], [*own, "/assets/site.js"]), path
        scripts = page.xpath("//script[not(@type = 'application/ld+json')]")
        assert {script.get("type") for script in scripts if script.get("src")} <= {"module"}, path
        assert [script.text for script in scripts if not script.get("src") or script.text] == [], path
        assert all(src.endswith("/badge.svg") and src.startswith("/") for src in page.xpath("//img/@src")), path
        assert page.xpath("//@*[name() = 'style' or starts-with(name(), 'on')]") == [], path
        fetched = page.xpath("//link[@rel = 'stylesheet' or @rel = 'icon']/@href")
        assert len(fetched) == 2, path
        assert all(href.startswith("/assets/") for href in fetched), path


def test_every_page_says_its_language_and_direction() -> None:
    for path, page in trees().items():
        lang = path[:2] if path[2:3] == "/" else "en"
        assert (page.get("lang"), page.get("dir")) == (lang, "rtl" if lang == "ar" else "ltr"), path


def test_titles_are_unique_within_a_language() -> None:
    titles = Counter((page.get("lang"), page.findtext("head/title")) for page in lasting(trees()).values())
    assert [title for title, count in titles.items() if count > 1] == []
    assert all(title and "  " not in title for _, title in titles)


def test_two_records_of_one_name_and_day_have_titles_of_their_own() -> None:
    view = sample_site(languages=SHIPPED)
    page = incident_pages(view.languages[0])[0]
    titles = {}
    for days in (0, 3):
        card = msgspec.structs.replace(
            page.incident.card, id="again", started=page.incident.card.started + timedelta(days=days)
        )
        again = IncidentPage(msgspec.structs.replace(page.incident, card=card))
        artifacts = made(changed(view, lots=lots_of((page, again))))
        paths = [f"incidents/{id}/index.html" for id in (page.incident.card.id, "again")]
        titles[days] = [tree(artifacts[path].make()).findtext("head/title") for path in paths]
    day = "Feb 22, 2026"
    assert titles[0] == [
        f"Identified · Portal unavailable · {day} · {id} · Lumen Status" for id in (page.incident.card.id, "again")
    ]
    assert titles[3] == [f"Identified · Portal unavailable · {day} · Lumen Status" for day in (day, "Feb 25, 2026")]


def test_every_page_describes_itself_and_its_address() -> None:
    for path, page in lasting(trees()).items():
        metas = {m.get("name") or m.get("property"): m.get("content") for m in page.iter("meta")}
        assert metas["viewport"] == "width=device-width, initial-scale=1", path
        assert metas["description"].strip(), path
        assert page.xpath("//link[@rel = 'canonical']/@href") == [address_of(path)], path
        assert metas["og:url"] == address_of(path), path
        told = re.search(r"(incidents|maintenance)/\d", path) or "article:published_time" in metas
        assert metas["og:type"] == ("article" if told else "website"), path


def test_every_page_lists_itself_and_its_translations() -> None:
    for path, page in lasting(trees()).items():
        bare = re.sub(r"^(fr|ar)/", "", path)
        expected = {lang: address_of(f"{'' if lang == 'en' else lang + '/'}{bare}") for lang in ("en", "fr", "ar")}
        found = {link.get("hreflang"): link.get("href") for link in page.xpath("//link[@rel='alternate'][@hreflang]")}
        assert found == {**expected, "x-default": expected["en"]}, path
        assert {a.get("hreflang") for a in page.xpath("//header//a[@hreflang]")} == {"en", "fr", "ar"}, path


def test_every_page_announces_the_feeds_of_its_language() -> None:
    for path, page in lasting(trees()).items():
        announced = {link.get("href"): link for link in page.xpath("//link[@rel='alternate'][@type]")}
        lang = "" if page.get("lang") == "en" else f"{page.get('lang')}/"
        folders = [f"{URL}/{lang}", *([address_of(path)] if re.match(r"(\w\w/)?components/", path) else [])]
        for folder in folders:
            assert announced[f"{folder}rss.xml"].get("type") == "application/rss+xml", path
            assert announced[f"{folder}atom.xml"].get("type") == "application/atom+xml", path
            assert announced[f"{folder}feed.json"].get("type") == "application/feed+json", path
        assert all(href.startswith(folders[0]) for href in announced), path
        assert len({link.get("title") for link in announced.values()}) == len(announced), path


def test_a_component_without_feeds_announces_none() -> None:
    view = sample_site(languages=SHIPPED)
    page = one(changed(view, feeds=view.languages[0].feeds[:1]), "components/search/index.html")
    feeds = page.xpath("//link[@rel='alternate'][@type != 'text/calendar']/@href")
    assert feeds == [f"{URL}/{name}" for name in ("rss.xml", "atom.xml", "feed.json")]


def test_every_link_within_the_site_leads_somewhere() -> None:
    told = sample_site()
    feeds = {None if f.component is None else f.component.id for f in told.languages[0].feeds}
    programs = {routes.API_RECENT, *routes.HISTORY_FEEDS.values(), *map(routes.calendar, feeds)}
    programs |= {routes.feed_in(folder_of(f), form) for form in routes.FEEDS for f in told.languages[0].feeds}
    programs.add(routes.feed_part(1))
    programs |= {routes.event(work.id) for calendar in told.languages[0].calendars for work in calendar.works}
    programs |= {routes.badge(form, id) for form in routes.BADGES for id in feeds}
    known = {f"/{lang}{name}" for lang in ("", "fr/", "ar/") for name in programs}
    known |= {f"/{path.removesuffix('index.html')}" for path in site()}
    for path, page in trees().items():
        for href in page.xpath("//@href"):
            target = urlsplit(urljoin(address_of(path), href))
            if target.netloc != urlsplit(URL).netloc:
                continue
            assert target.path in known, f"{path}: {href}"
            if target.fragment:
                there = trees()[target.path.lstrip("/") + ("" if target.path.endswith(".html") else "index.html")]
                assert there.xpath("//*[@id = $id]", id=target.fragment), f"{path}: {href}"


def test_every_link_holds_where_the_site_is_published_under_a_path() -> None:
    view = sample_site(url="https://acme.github.example/status")
    for path, artifact in made(view).items():
        if path.endswith(".html"):
            for href in tree(artifact.make()).xpath("//@href"):
                assert not href.startswith("/") or href.startswith("/status/"), f"{path}: {href}"
                assert href.startswith(("/status/", "https://", "webcal://", "#")), f"{path}: {href}"


def test_ids_are_unique_and_headings_in_order() -> None:
    for path, page in trees().items():
        ids = Counter(page.xpath("//@id"))
        assert [id for id, count in ids.items() if count > 1] == [], path
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), path
        for names in page.xpath("//@aria-labelledby"):
            assert names in ids, path


def test_the_first_stop_skips_to_the_content() -> None:
    for path, page in lasting(trees()).items():
        assert page.xpath("(//a)[1]/@href") == ["#main"], path
        assert page.xpath("count(//main[@id = 'main'])") == 1, path


def test_tables_name_their_rows_and_columns() -> None:
    tables = [(path, table) for path, page in trees().items() for table in page.iter("table")]
    assert len(tables) > 20
    for path, table in tables:
        assert all(cell.get("scope") for cell in table.iter("th")), path
        assert table.xpath("thead/tr/th"), path
        assert all(
            row.xpath("th") or row.xpath("preceding-sibling::tr/th[@rowspan]") for row in table.xpath("tbody/tr")
        )
        scrolls = table.getparent()
        assert (scrolls.get("class"), scrolls.get("tabindex")) == ("wide", "0"), path
        assert scrolls.get("aria-label"), path


def test_times_are_read_by_machines_and_name_their_zone() -> None:
    times = [(path, time) for path, page in trees().items() for time in page.iter("time")]
    assert len(times) > 200
    for path, time in times:
        written = time.get("datetime")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\dZ)?", written), path
        if "T" in written:
            assert re.search(r" (CET|CEST)$", words(time)), f"{path}: {words(time)}"


def test_no_value_reaches_a_page_unescaped() -> None:
    page = site()["incidents/2026-02-10-search-slow/index.html"].decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert words(tree(page.encode()).find(".//h1")) == " ".join(HOSTILE.split())


def test_a_text_in_another_language_says_so() -> None:
    page = trees()["fr/incidents/2026-02-22-portal-errors/index.html"]
    updates = {item.get("id"): item for item in page.xpath("//ol[starts-with(@class, 'updates')]/li")}
    assert list(updates) == ["update-3", "update-2", "update-1"]
    english = updates["update-3"].find(".//div[@class='prose']")
    assert (english.get("lang"), english.get("dir")) == ("en", "ltr")
    assert "Pas encore traduit : affiché en anglais" in words(updates["update-3"])
    assert updates["update-2"].find(".//div[@class='prose']").get("lang") is None
    assert "Pas encore traduit" not in words(updates["update-2"])


def test_a_title_in_another_language_says_so() -> None:
    page = trees()["fr/incidents/2026-02-10-search-slow/index.html"]
    assert page.find(".//h1").get("lang") == "en"
    assert "Pas encore traduit : affiché en anglais" in words(page.find(".//article/header"))
    link = trees()["fr/history/2026/02/index.html"].xpath("//a[contains(@href, 'search-slow')]")[0]
    assert link.get("lang") == "en"


def test_the_default_language_needs_no_such_note() -> None:
    english = {path: page for path, page in trees().items() if page.get("lang") == "en"}
    assert [
        path for path, page in english.items() if page.xpath("//main//*[@lang] | //*[@class = 'untranslated']")
    ] == []


def test_no_english_is_passed_off_as_french() -> None:
    def sentences(page: Element) -> set[str]:
        texts = page.xpath("//body//text()[not(ancestor::*[@translate = 'no' or self::code or self::time])]")
        here = page.get("lang")
        mine = (t for t in texts if next(iter(t.getparent().xpath("ancestor-or-self::*/@lang")[::-1])) == here)
        return {" ".join(t.split()) for t in mine if len(re.findall(r"[^\W\d_]{2,}", t)) >= 3}

    for path, page in trees().items():
        if page.get("lang") == "en":
            assert sentences(page) & sentences(trees()[f"fr/{path}"]) == set(), path
