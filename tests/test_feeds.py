"""All feeds of a site: what each is about, where it is announced, how the archive leads on; no text breaks one."""

from __future__ import annotations

import gzip
import json
import random
import re
import string
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import msgspec
import pytest
import yaml
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from lxml import etree

from generator.errors import ContentError
from generator.feeds import feeds
from generator.feeds.document import clean, line
from generator.feeds.entry import LONG, beginning
from generator.publish.artifact import Artifact
from generator.record.load import load_site
from generator.record.model import Site
from generator.render.i18n import Language, load_languages
from generator.render.text import to_html
from generator.resources import locales_dir
from generator.view.basics import Text, ready
from generator.view.program_views import PART_ENTRIES, EntryView
from generator.view.project import project
from generator.view.views import SiteView
from tests import rendered
from tests.cases import INCIDENT, SITE, small_site
from tests.feed_reading import ATOM, artifacts, made, read_atom, read_json, read_rss, replaced, visible, with_entries
from tests.sample_views import URL, sample_site

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
ACME = "https://status.acme.example/"
FORMS = {"feed.json": read_json, "rss.xml": read_rss, "atom.xml": read_atom}
HUB = "https://hub.acme.example/?a=1&b=2"


@cache
def languages() -> dict[str, Language]:
    """Return the interface's languages, as they ship."""
    return load_languages(("en", "fr"), zone="Europe/Stockholm", dirs=[locales_dir()])


def built(root: Path, files: Mapping[str, str], *, html: Callable[[str], str] = to_html) -> dict[str, Artifact]:
    """Return the files for programs of a small site."""
    return of(load_site(small_site(root, **files), now=NOW)[0], html=html)


def of(site: Site, *, html: Callable[[str], str] = to_html) -> dict[str, Artifact]:
    """Return the files for programs of a site."""
    return {one.path: one for one in feeds(project(site, now=NOW), languages=languages(), to_html=html)}


def updates(count: int) -> str:
    """Return an incident with as many updates, a minute apart."""
    more = (f"\n## monitoring 2026-02-22 {3 + at // 60:02}:{at % 60:02} UTC\n\nWord {at}.\n" for at in range(count - 1))
    return INCIDENT + "".join(more)


def walked(files: Mapping[str, bytes], path: str, *, url: str = ACME) -> list[list[str]]:
    """Return the ids in a JSON feed and in each part that it leads to."""
    pages = []
    while path:
        feed = json.loads(files[path])
        pages.append([item["id"] for item in feed["items"]])
        path = feed.get("next_url", "").removeprefix(url)
    return pages


@pytest.mark.parametrize("count", [1, 50, 51, 100, 130])
def test_every_update_is_reached_from_the_feed(tmp_path: Path, count: int) -> None:
    files = {path: one.make() for path, one in built(tmp_path, {PATH: updates(count)}).items()}
    for lang in ("", "fr/"):
        pages = walked(files, f"{lang}feed.json")
        numbers = {int(re.findall(r"portal/(\d+)", id)[0]) for page in pages for id in page}
        assert numbers == set(range(1, count + 1))
        assert all(a[-1] != b[-1] for a, b in pairwise(pages)), "each page leads further"
        assert len(pages) == 1 + (max(count - PART_ENTRIES, 0) + PART_ENTRIES - 1) // PART_ENTRIES


def test_a_new_update_changes_the_feeds_and_the_newest_part_only(tmp_path: Path) -> None:
    before = built(tmp_path / "a", {PATH: updates(130)})
    after = built(tmp_path / "b", {PATH: updates(131)})
    changed = {path for path in before if path.startswith("feed") and before[path].make() != after[path].make()}
    assert changed == {"feed.json", "feed/3.json"}
    assert {path for path in after if path.startswith("feed/")} == {"feed/1.json", "feed/2.json", "feed/3.json"}


def test_parts_keep_the_rules_of_a_feed(tmp_path: Path) -> None:
    files = built(tmp_path, {PATH: updates(60)})
    for number, size in ((1, 50), (2, 10)):
        part = read_json(files[f"feed/{number}.json"].make())
        assert (part.own, part.home, len(part.items)) == (f"{ACME}feed/{number}.json", ACME, size)


def noise(size: int, seed: int) -> str:
    """Return words that no program can make much smaller."""
    chosen = random.Random(seed)
    letters = string.ascii_letters + string.digits + "éßøåäñçžабвгдежзийклмнопрст"
    return " ".join("".join(chosen.choices(letters, k=40)) for _ in range(size // 41))


def long_feed(count: int, size: int) -> SiteView:
    """Return a site whose feed has long texts, as has the first part of its archive."""
    entry = sample_site(languages=("en",)).languages[0].feeds[0].entries.make()[0]
    made_up = [
        EntryView(
            entry.card,
            msgspec.structs.replace(entry.update, number=count - at, body=Text(noise(size, at), "en")),
            entry.states,
        )
        for at in range(count)
    ]
    site = with_entries(made_up)
    (english,) = site.languages
    feed = msgspec.structs.replace(english.feeds[0], total=count)
    part = msgspec.structs.replace(english.parts[1].make(), entries=tuple(made_up))
    return replaced(site, feeds=(feed,), parts={1: ready(part)})


@pytest.mark.parametrize("size", [300, 2_000, 7_000, 60_000])
def test_a_feed_is_small_however_long_its_texts(size: int) -> None:
    view = long_feed(50, size)
    data = made("feed.json", view)
    assert len(data) <= 100_000
    assert max(len(gzip.compress(data, level)) for level in (1, 6, 9)) < 25_000
    kept = len(json.loads(data)["items"])
    assert 1 <= kept <= 50
    pages = walked({path: made(path, view) for path in ("feed.json", "feed/1.json")}, "feed.json", url=f"{URL}/")
    assert (len(pages) == 2) == (kept < 50), "what is left out is in the archive"
    assert len({id for page in pages for id in page}) == 50


def test_a_long_update_is_cut_after_a_paragraph_and_leads_to_the_rest() -> None:
    paragraphs = "\n\n".join(noise(900, seed) for seed in range(20))
    entry = sample_site(languages=("en",)).languages[0].feeds[0].entries.make()[0]
    update = msgspec.structs.replace(entry.update, body=Text(paragraphs, "en"), changes=(), next=None)
    (item,) = read_json(made("feed.json", with_entries([EntryView(entry.card, update, entry.states)]))).items
    shown, rest = item.html.rsplit("<p>", 1)
    assert paragraphs.startswith(visible(shown).strip())
    assert 4_000 < len(visible(shown)) <= LONG
    assert rest == f'<a href="{item.url}">Read the whole update</a></p>'


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.integers(1, 2 * LONG))
def test_a_text_is_whole_or_begins_alike_and_ends_its_code(text: str, times: int) -> None:
    source = (text * times)[: 2 * LONG]
    found = beginning(source)
    assert source.startswith(found.removesuffix("\n```"))
    assert len(found.removesuffix("\n```").encode()) <= LONG
    assert found == source or len(source.encode()) > LONG
    assert found == source or len(re.findall("^```", found, re.MULTILINE)) % 2 == 0


# --- what each feed is about


@pytest.mark.parametrize(
    ("folder", "title", "home", "id"),
    [
        ("severity/sev2/", "Severity Major or worse – Lumen Status", "severity/#severity-sev2", "severity/sev2/feed"),
        ("maintenance/", "Maintenance – Lumen Status", "maintenance/", "maintenance/feed"),
        ("components/search/", "Search – Lumen Status", "components/search/", "feed/search"),
        ("", "Lumen Status", "", "feed"),
    ],
)
def test_a_feed_says_what_it_is_about(folder: str, title: str, home: str, id: str) -> None:
    for name, read in FORMS.items():
        feed = read(made(f"{folder}{name}"))
        assert (feed.title, feed.home, feed.own) == (title, f"{URL}/{home}", f"{URL}/{folder}{name}")
    found = etree.fromstring(made(f"{folder}atom.xml")).findtext(f"{ATOM}id")
    assert found == f"tag:status.lumen.example,2026:{id}"


def test_a_severity_s_feed_has_what_is_so_severe_or_worse() -> None:
    counts = [len(read_json(made(f"severity/sev{n}/feed.json")).items) for n in (1, 2, 3, 4)]
    assert counts == [3, 3, 6, 8]
    assert {item.url.split("/")[3] for item in read_json(made("maintenance/feed.json")).items} == {"maintenance"}


# --- hubs


def test_a_hub_is_named_by_every_feed_but_the_parts(tmp_path: Path) -> None:
    files = built(tmp_path, {"content/site.yml": f"{SITE}hub: {HUB}\n", PATH: INCIDENT})
    for path, artifact in files.items():
        if path.endswith("feed.json"):
            assert json.loads(artifact.make())["hubs"] == [{"type": "WebSub", "url": HUB}]
        elif path.endswith(("rss.xml", "history.rss", "atom.xml", "history.atom")):
            found = etree.fromstring(artifact.make()).iter(f"{ATOM}link")
            assert [one.get("href") for one in found if one.get("rel") == "hub"] == [HUB]
    assert "hubs" not in json.loads(files["feed/1.json"].make())


def test_without_a_hub_none_is_named(tmp_path: Path) -> None:
    for path, artifact in built(tmp_path, {PATH: INCIDENT}).items():
        if path.endswith(("feed.json", "rss.xml", "atom.xml")):
            assert b"hub" not in artifact.make()


# --- discovery


def feed_type(path: str, data: bytes) -> str | None:
    """Return the media type of a feed, None for what is none."""
    if path.endswith(".json"):
        return "application/feed+json" if b"jsonfeed.org/version" in data else None
    if not path.endswith((".xml", ".rss", ".atom")):
        return None
    root = etree.QName(etree.fromstring(data).tag).localname
    return {"rss": "application/rss+xml", "feed": "application/atom+xml"}.get(root)


def announced() -> dict[str, set[str]]:
    """Return the types under which pages announce each address; titles on one page are distinct."""
    found: dict[str, set[str]] = {}
    for path, tree in rendered.trees().items():
        titles = Counter[str]()
        for link in tree.xpath("//link[@rel='alternate'][@type]"):
            assert link.get("title"), path
            titles[link.get("title")] += 1
            found.setdefault(urljoin(f"{URL}/{path}", link.get("href")), set()).add(link.get("type"))
        assert not [title for title, times in titles.items() if times > 1], path
    return found


def test_every_feed_is_announced_by_a_page_with_its_type_and_a_title_of_its_own() -> None:
    links = announced()
    kinds = {path: kind for path, one in artifacts().items() if (kind := feed_type(path, one.make()))}
    assert {path: links.get(f"{URL}/{path}") for path in kinds} == {path: {kind} for path, kind in kinds.items()}
    assert len(kinds) > 90


# --- any text that may be published


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cn", "Zl", "Zp"]), min_size=1, max_size=40
)
AWKWARD = st.sampled_from(
    ["]]>", "<![CDATA[", "&amp;", "<b>", "\U0001f525", "שלום", "\u202f", "{{ 7 }}", "%(x)s", "\\u0000"]
)
TEXTS = st.lists(WORDS | AWKWARD, min_size=1, max_size=4).map("".join)


def written(title: str, body: str, name: str) -> dict[str, str]:
    """Return the files of a site with these texts."""
    front = yaml.safe_dump({"title": title, "severity": "sev1", "components": ["portal"]}, allow_unicode=True)
    component = {"id": "portal", "name": name}
    groups = {"groups": [{"id": "all", "name": "All", "components": [component]}]}
    return {
        PATH: f"---\n{front}---\n\n## investigating 2026-02-22 02:51 UTC\n\n{body}\n",
        "content/components.yml": yaml.safe_dump(groups, allow_unicode=True),
    }


def paragraph(source: str) -> str:
    """Return HTML that shows the source itself."""
    return f"<p>{escape(source, quote=False)}</p>"


def published(title: str, body: str, name: str) -> Site:
    """Return the site with these texts; drop the example if they may not be published."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return load_site(small_site(Path(folder), **written(title, body, name)), now=NOW)[0]
        except ContentError:
            reject()


@settings(max_examples=60, deadline=None)
@given(title=TEXTS, body=TEXTS, name=TEXTS)
def test_whatever_may_be_published_comes_back_from_every_form(title: str, body: str, name: str) -> None:
    site = published(title, body, name)
    record = site.entries[0].original
    label = site.components()["portal"].name.resolve("en", "en")[0]
    files = of(site, html=paragraph)
    for path, read in FORMS.items():
        (item,) = read(files[path].make()).items
        assert item.title == f"{line(record.title)} – Investigating"
        assert visible(item.html.partition("\n<ul>")[0]) == clean(record.updates[0].body)
        assert item.labels == (line(label),)
        assert read(files[f"components/portal/{path}"].make()).title == f"{line(label)} – Acme"
    told = json.loads(files["api/incidents.json"].make())["incidents"][0]
    assert (told["title"], told["updates"][0]["text"]) == (line(record.title), clean(record.updates[0].body))


@settings(max_examples=60, deadline=None)
@given(body=st.lists(WORDS | st.sampled_from(["`", "*", "_", "[a](b)", "<", ">", "&", "# ", "\n", "\n\n", "|", "- "])))
def test_markdown_of_any_kind_gives_the_same_entry_in_every_form(body: list[str]) -> None:
    files = of(published("x", "".join(body), "Portal"))
    items = json.loads(files["feed.json"].make())["items"]
    rss = etree.fromstring(files["rss.xml"].make()).findall("channel/item/description")
    atom = etree.fromstring(files["atom.xml"].make()).findall(f"{ATOM}entry/{ATOM}content")
    assert [item["content_html"] for item in items] == [one.text for one in rss] == [one.text for one in atom]
