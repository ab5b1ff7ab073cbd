"""Atom; what all forms have in common is in test_jsonfeed."""

from xml.etree import ElementTree as ET

import pytest

from tests.feed_reading import ATOM, LANG, accepts, feed_paths, made, read_atom, visible, with_texts
from tests.sample_views import HOSTILE, URL


@pytest.mark.parametrize("path", feed_paths("atom.xml"))
def test_every_feed_keeps_the_rules(path: str) -> None:
    data = made(path)
    feed = read_atom(data)
    accepts(data, "atom")
    assert feed.own == f"{URL}/{path}"
    assert feed.language == (path[:2] if path[:3] in {"fr/", "ar/"} else "en")


def test_feeds_have_ids_of_their_own() -> None:
    ids = [ET.fromstring(made(path)).findtext(f"{ATOM}id") for path in feed_paths("atom.xml")]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "tag:status.lumen.example,2026:feed"
    assert "tag:status.lumen.example,2026:feed/search/fr" in ids


def test_an_entry_whole() -> None:
    root = ET.fromstring(made("atom.xml"))
    entry = next(entry for entry in root.iter(f"{ATOM}entry") if "search-slow/2" in (entry.findtext(f"{ATOM}id") or ""))
    assert [(child.tag.removeprefix(ATOM), child.attrib) for child in entry] == [
        ("id", {}),
        ("title", {}),
        (
            "link",
            {
                "rel": "alternate",
                "type": "text/html",
                "hreflang": "en",
                "href": f"{URL}/incidents/2026-02-10-search-slow/#update-2",
            },
        ),
        ("published", {}),
        ("updated", {}),
        ("category", {"term": "search", "label": "Search"}),
        ("category", {"term": "deploy", "label": "deploy"}),
        ("content", {"type": "html"}),
    ]
    assert [entry.findtext(f"{ATOM}{name}") for name in ("published", "updated")] == [
        "2026-02-10T10:30:00Z",
        "2026-02-11T09:00:00Z",
    ]


def test_updated_is_the_newest_change_s_and_never_the_clock_s() -> None:
    assert ET.fromstring(made("atom.xml")).findtext(f"{ATOM}updated") == "2026-02-22T03:40:00Z"
    assert ET.fromstring(made("components/fax/atom.xml")).findtext(f"{ATOM}updated") == "2000-01-01T00:00:00Z"


def test_a_fallback_title_says_its_language() -> None:
    titles = {title.text: title.get(LANG) for title in ET.fromstring(made("fr/atom.xml")).iter(f"{ATOM}title")}
    assert titles["Portail indisponible – Enquête"] is None
    assert titles["Switch replaced – Terminé"] == "en"


def test_hostile_texts_are_texts() -> None:
    (item,) = read_atom(made("atom.xml", with_texts(HOSTILE, HOSTILE))).items
    assert (item.title, visible(item.html)) == (f"{HOSTILE} – Identified", HOSTILE)
