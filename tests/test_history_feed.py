"""The feeds of whole incidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from generator.feeds import rss
from generator.feeds.history import history
from generator.record.load import load_site
from generator.render.routes import Address
from generator.render.text import to_html
from generator.view.basics import Text
from generator.view.project import project
from generator.view.record_views import IncidentView
from tests.cases import INCIDENT, small_site
from tests.feed_reading import Read, accepts, artifacts, made, read_atom, read_rss, replaced, visible
from tests.sample_views import (
    HOSTILE,
    LANGUAGES,
    URL,
    outage,
    sample_html,
    sample_info,
    sample_languages,
    sample_site,
    slow_search,
    upcoming,
)

READERS: dict[str, Callable[[bytes], Read]] = {"history.rss": read_rss, "history.atom": read_atom}
PATHS = [f"{'' if lang == 'en' else lang + '/'}{name}" for lang in LANGUAGES for name in READERS]


def sample(path: str = "history.rss") -> Read:
    """Return one of the sample's feeds."""
    return READERS[path.rpartition("/")[2]](made(path))


def html_of(record: IncidentView, *, lang: str = "en", render: Callable[[str], str] = to_html) -> str:
    """Return the text of a feed's only entry."""
    address, language = Address(URL, lang, "en"), sample_languages()[lang]
    data = rss.write(history((record,), sample_info(lang), address, language, render))
    return read_rss(data).items[0].html


def with_body(record: IncidentView, body: Text) -> IncidentView:
    """Return a record with one update, which says ``body``."""
    return replace(record, updates=(replace(record.updates[-1], body=body),))


@pytest.mark.parametrize("path", PATHS)
def test_every_feed_keeps_the_rules(path: str) -> None:
    lang = path[:2] if path[2] == "/" else "en"
    feed = sample(path)
    accepts(made(path), path.rpartition(".")[2])
    region = {"en": "en-US", "fr": "fr-FR", "ar": "ar-EG"}[lang]
    assert (feed.own, feed.language) == (f"{URL}/{path}", region)
    assert feed.home == f"{URL}/{'' if lang == 'en' else lang + '/'}history/"
    assert feed.title == {"en": "Lumen Status", "fr": "État de Lumen", "ar": "حالة لومن"}[lang] + " – Incident history"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_forms_tell_the_same(lang: str) -> None:
    rss, atom = (sample(path) for path in (f"{'' if lang == 'en' else lang + '/'}{name}" for name in READERS))
    assert rss.items == atom.items
    assert rss[:3] == atom[:3]


def test_there_is_one_entry_for_each_record_newest_first_and_none_for_what_is_no_news() -> None:
    assert [item.url.removeprefix(f"{URL}/") for item in sample().items] == [
        "incidents/2026-02-22-portal-errors/",
        "maintenance/2026-03-01-database/",
        "maintenance/2026-02-22-certificates/",
        "maintenance/2026-02-15-index/",
        "incidents/2026-02-10-search-slow/",
        "maintenance/2026-02-01-switch/",
        "incidents/2025-12-31-wrong-year/",
    ]


def test_an_entry_is_that_of_the_first_word_and_says_when_the_last_one_came() -> None:
    (item, *_) = sample("fr/history.atom").items
    assert item.id == "tag:status.lumen.example,2026:history/incidents/2026-02-22-portal-errors/fr"
    assert item.title == "Portail indisponible"
    assert item.published == datetime(2026, 2, 22, 2, 51, tzinfo=UTC)
    assert item.modified == datetime(2026, 2, 22, 3, 40, tzinfo=UTC)
    assert item.labels == ("Portal API", "Portail & <Web>", "deploy", "memory")


def test_ids_are_permanent_and_no_other_feed_has_them() -> None:
    ids = {item.id for path in PATHS for item in sample(path).items}
    assert len(ids) == 7 * len(LANGUAGES)
    assert ids.isdisjoint({item.id for item in read_rss(made("rss.xml")).items})
    assert "tag:status.lumen.example,2025:history/incidents/2025-12-31-wrong-year" in ids


def test_a_later_update_changes_an_entry_and_adds_none(tmp_path: Path) -> None:
    first, later = (
        _built(tmp_path / name, INCIDENT + more)
        for name, more in (("a", ""), ("b", "\n## resolved 2026-02-22 03:43 UTC\n\nAll is well.\n"))
    )
    assert [item[:4] for item in first.items] == [item[:4] for item in later.items]
    assert first.items[0].modified is None
    assert later.items[0].modified == datetime(2026, 2, 22, 3, 43, tzinfo=UTC)
    assert later.items[0].html.endswith(first.items[0].html)


def _built(root: Path, text: str) -> Read:
    now = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
    site = load_site(small_site(root, **{"content/incidents/2026-02-22-portal.md": text}), now=now)[0]
    view = project(site, now=now).languages[0]
    return read_rss(
        rss.write(history(view.chronicle, view.info, Address(URL, "en", "en"), sample_languages()["en"], to_html))
    )


def test_an_entry_tells_all_updates_newest_first_in_the_form_of_the_original() -> None:
    found = html_of(slow_search("fr"), lang="fr")
    newest, *_, oldest = [line for line in found.split("\n") if "<small>" in line]
    day = "<p><small>10 févr. 2026"
    assert newest == f"{day}, 12:00 CET</small><br><strong>Résolu</strong> - La recherche est de nouveau rapide.</p>"
    assert oldest == f"{day}, 11:00 CET</small><br><strong>Enquête</strong> - Les recherches sont lentes.</p>"


def test_the_first_paragraph_stands_beside_the_status_and_the_rest_below() -> None:
    found = html_of(with_body(outage("en"), Text("One *two*.\n\nThree.\n\n- four", "en")))
    head, rest = found.split("\n", 1)
    assert head.endswith("<strong>Investigating</strong> - One <em>two</em>.</p>")
    assert rest == "<p>Three.</p>\n<ul><li>four</li></ul>"


def test_a_text_that_begins_with_no_paragraph_stands_below() -> None:
    found = html_of(with_body(outage("en"), Text("- one\n- two", "en")))
    assert found.endswith("<strong>Investigating</strong></p>\n<ul><li>one</li><li>two</li></ul>")


def test_what_is_not_translated_says_its_language() -> None:
    found = html_of(with_body(outage("fr"), Text("One.\n\nTwo.", "en")), lang="fr")
    assert ' - <span lang="en">One.</span></p>\n<div lang="en"><p>Two.</p></div>' in found


def test_arabic_is_read_from_right_to_left() -> None:
    found = html_of(outage("ar"), lang="ar")
    assert found.startswith('<div lang="ar" dir="rtl">')
    assert '<span lang="en" dir="ltr">The web front is back.' in found


def test_planned_work_says_when() -> None:
    found = visible(html_of(upcoming("en")))
    assert found.startswith("Planned Mar 1, 2026, 2:00")
    assert "Scheduled - We move the database." in found


def test_an_amended_update_says_when() -> None:
    assert "Amended Feb 11, 2026" in visible(html_of(slow_search("en")))


def test_links_hold_anywhere() -> None:
    found = html_of(with_body(outage("en"), Text("See [that](../2026-02-10-search-slow/).", "en")), render=sample_html)
    assert f'href="{URL}/incidents/2026-02-10-search-slow/"' in found


def test_hostile_texts_are_texts() -> None:
    item = next(item for item in sample().items if "search-slow" in item.url)
    assert item.title == HOSTILE
    assert HOSTILE in visible(item.html)


def test_a_site_that_has_nothing_to_tell_has_feeds_all_the_same() -> None:
    view = replaced(sample_site(languages=("en",)), chronicle=())
    for name, reader in READERS.items():
        assert reader(made(name, view)).items == ()


def test_a_key_changes_with_what_is_told_only() -> None:
    site = sample_site(languages=("en",))
    old, new = artifacts(site), artifacts(replaced(site, chronicle=site.languages[0].chronicle[1:]))
    assert {path for path in old if old[path].key != new[path].key} == set(READERS)
