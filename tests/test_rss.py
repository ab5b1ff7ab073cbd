"""RSS 2.0; what all forms have in common is in test_jsonfeed."""

import locale
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.feeds.document import leaf, xml_bytes
from generator.feeds.rss import date
from tests.feed_reading import accepts, feed_paths, made, read_rss, rfc822, visible, with_texts
from tests.sample_views import HOSTILE, URL


@pytest.mark.parametrize("path", feed_paths("rss.xml"))
def test_every_feed_keeps_the_rules(path: str) -> None:
    data = made(path)
    feed = read_rss(data)
    accepts(data, "rss")
    assert feed.own == f"{URL}/{path}"
    assert feed.language == (path[:2] if path[:3] in {"fr/", "ar/"} else "en")


def test_an_item_whole() -> None:
    item = ET.fromstring(made("rss.xml")).findall("channel/item")[0]
    assert ET.tostring(item, encoding="unicode").strip() == (
        '<item xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        "      <title>Portal unavailable – Identified</title>\n"
        f"      <link>{URL}/incidents/2026-02-22-portal-errors/#update-3</link>\n"
        '      <guid isPermaLink="false">tag:status.lumen.example,2026:incidents/2026-02-22-portal-errors/3</guid>\n'
        "      <pubDate>Sun, 22 Feb 2026 03:40:00 +0000</pubDate>\n"
        "      <dc:creator>Lumen Status</dc:creator>\n"
        "      <category>Portal API</category>\n"
        "      <category>Portal &amp; &lt;Web&gt;</category>\n"
        "      <category>deploy</category>\n"
        "      <category>memory</category>\n"
        "      <description>&lt;p&gt;The web front is back. The API still returns errors for **one request in ten**."
        "&lt;/p&gt;\n&lt;ul&gt;&lt;li&gt;Portal &amp;amp; &amp;lt;Web&amp;gt; – Operational&lt;/li&gt;&lt;li&gt;"
        "Portal API – Partial outage&lt;/li&gt;&lt;/ul&gt;\n&lt;p&gt;Next update due by "
        "Feb 22, 2026, 5:10\u202fAM CET&lt;/p&gt;</description>\n"
        "    </item>"
    )


def test_the_build_date_is_the_newest_entry_s_and_absent_without_entries() -> None:
    assert ET.fromstring(made("rss.xml")).findtext("channel/lastBuildDate") == "Sun, 22 Feb 2026 03:40:00 +0000"
    assert b"lastBuildDate" not in made("components/fax/rss.xml")
    # An amendment is a change too: the newest update of the switch's component is older than it.
    search = ET.fromstring(made("components/search/rss.xml")).findtext("channel/lastBuildDate")
    assert search == "Fri, 20 Feb 2026 12:00:00 +0000"


def test_only_an_amended_item_says_when_it_was_amended() -> None:
    amended = [item.id for item in read_rss(made("rss.xml")).items if item.modified]
    assert amended == ["tag:status.lumen.example,2026:incidents/2026-02-10-search-slow/2"]


def test_prefixes_are_the_usual_ones() -> None:
    assert b"<atom:link " in made("rss.xml")
    assert b"<dc:creator>" in made("rss.xml")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 zoned below
def test_a_date_is_english_utc_with_the_right_day_of_the_week(local: datetime, hours: int) -> None:
    moment = local.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert rfc822(date(moment)) == moment


def test_a_date_is_english_in_any_locale() -> None:
    before = locale.setlocale(locale.LC_TIME)
    names = [name for name in ("fr_FR.UTF-8", "sv_SE.UTF-8", "de_DE.UTF-8", "C.UTF-8") if _known(name)]
    try:
        for name in names:
            locale.setlocale(locale.LC_TIME, name)
            assert date(datetime(2026, 2, 22, 2, 51, tzinfo=UTC)) == "Sun, 22 Feb 2026 02:51:00 +0000"
    finally:
        locale.setlocale(locale.LC_TIME, before)


def _known(name: str) -> bool:
    before = locale.setlocale(locale.LC_TIME)
    try:
        locale.setlocale(locale.LC_TIME, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_TIME, before)
    return True


def test_hostile_texts_are_texts() -> None:
    (item,) = read_rss(made("rss.xml", with_texts(HOSTILE, HOSTILE))).items
    assert (item.title, visible(item.html)) == (f"{HOSTILE} – Identified", HOSTILE)


def test_an_undeclared_prefix_is_found_before_it_leaves() -> None:
    root = ET.Element("rss")
    leaf(root, "media:title", "x")
    with pytest.raises(ExpatError, match="unbound prefix"):
        xml_bytes(root)
