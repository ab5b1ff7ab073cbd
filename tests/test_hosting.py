"""The files for hosts and crawlers."""

from collections import ChainMap
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.feeds import hosting
from generator.publish.artifact import Artifact
from generator.render.routes import Address
from generator.view.views import SiteView
from tests.feed_reading import RFC3339
from tests.sample_views import URL, sample_site

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ENGLISH = {
    "": None,
    "history/": None,
    "history/2026/02/": None,
    "history/2026/01/": None,
    "history/2025/12/": None,
    "maintenance/": None,
    **dict.fromkeys(
        f"postmortems/{path}"
        for path in (
            "",
            "actions/",
            "components/portal-api/",
            "elsewhere/",
            "portal-memory-2/",
            "tags/deploy/",
            "years/2026/",
        )
    ),
    "severity/": None,
    "uptime/": None,
    "subscribe/": None,
    "tags/": None,
    "tags/deploy/": None,
    "tags/memory/": None,
    "about/": None,
    "imprint/": None,
    "components/portal-api/": None,
    "components/portal-web/": None,
    "components/search/": None,
    "components/fax/": None,
    "incidents/2026-02-22-portal-errors/": "2026-02-22T03:40:00Z",
    "incidents/2026-02-10-search-slow/": "2026-02-11T09:00:00Z",
    "incidents/2026-01-15-sign-in/": "2026-01-15T09:30:00Z",
    "incidents/2025-12-31-wrong-year/": "2026-01-01T00:20:00Z",
    "maintenance/2026-03-01-database/": "2026-02-20T12:00:00Z",
    "maintenance/2026-02-22-certificates/": "2026-02-19T08:00:00Z",
    "maintenance/2026-02-01-switch/": "2026-02-01T02:30:00Z",
    "maintenance/2026-02-15-index/": "2026-02-14T16:00:00Z",
}


def files(**site: Any) -> dict[str, Artifact]:
    return made_of(sample_site(**site))


def made_of(view: SiteView) -> dict[str, Artifact]:
    told = [
        place for one in view.languages for place in hosting.places(one, Address(view.url, one.info.lang, view.default))
    ]
    return {artifact.path: artifact for artifact in hosting.files(view.url, tuple(told))}


def listed(data: bytes, name: str = "url") -> dict[str, str | None]:
    root = ET.fromstring(data)
    found = {entry.findtext(f"{SPACE}loc") or "": entry.findtext(f"{SPACE}lastmod") for entry in root}
    assert len(found) == len(root)
    assert {entry.tag for entry in root} <= {f"{SPACE}{name}"}
    return found


def test_the_sitemap_lists_every_page_of_every_language_and_no_other() -> None:
    expected = {
        f"{URL}/{prefix}{page}": modified for prefix in ("", "fr/", "ar/") for page, modified in ENGLISH.items()
    }
    assert listed(files()["sitemap.xml"].make()) == expected


def test_neither_redirects_nor_the_page_for_lost_readers_are_listed() -> None:
    text = files()["sitemap.xml"].make().decode()
    assert "/incidents/portal-errors/" not in text
    assert "404" not in text


def test_under_a_path_the_addresses_are_whole() -> None:
    made = files(url="https://acme.github.io/status/")
    assert "https://acme.github.io/status/fr/about/" in listed(made["sitemap.xml"].make())
    assert made["robots.txt"].make().endswith(b"\nSitemap: https://acme.github.io/status/sitemap.xml\n")


def test_a_large_site_has_a_sitemap_of_sitemaps(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = listed(files()["sitemap.xml"].make())
    monkeypatch.setattr(hosting, "ALONE", 98)
    monkeypatch.setattr(hosting, "MOST", 20)
    made = files()
    parts = ("-1", "-2"), ("-2026", "-2025")
    names = [f"sitemap-{lang}{part}.xml" for some in parts for lang in ("en", "fr", "ar") for part in some]
    assert listed(made["sitemap.xml"].make(), "sitemap") == {f"{URL}/{name}": None for name in names}
    found = [listed(made[name].make()) for name in names]
    assert max(map(len, found)) == 20
    assert dict(ChainMap(*found)) == whole


def test_an_update_changes_the_sitemap_of_its_year_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "ALONE", 98)
    view = sample_site()
    [newest, *older] = view.languages[0].lots
    kind, id, at = newest.places[0]
    changed = replace(newest, places=((kind, id, at + timedelta(1)), *newest.places[1:]))
    told = replace(view, languages=(replace(view.languages[0], lots=(changed, *older)), *view.languages[1:]))
    before, after = made_of(view), made_of(told)
    differing = {path for path, one in after.items() if one.key != before[path].key}
    assert differing == {f"sitemap-en-{newest.month[:4]}.xml"}


def test_the_sitemap_does_not_depend_on_the_clock() -> None:
    assert files()["sitemap.xml"].key == files()["sitemap.xml"].key
    assert files()["sitemap.xml"].key != files(languages=("en", "fr"))["sitemap.xml"].key


def test_crawlers_may_read_everything() -> None:
    assert (
        files()["robots.txt"].make()
        == b"User-agent: *\nAllow: /\n\nSitemap: https://status.lumen.example/sitemap.xml\n"
    )


def test_pages_hosts_are_told_not_to_filter() -> None:
    assert files()[".nojekyll"].make() == b""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://status.lumen.example", "status.lumen.example"),
        ("https://Status.Lumen.example/", "status.lumen.example"),
        ("https://lumen.example/status", None),
        ("https://acme.github.io", None),
        ("https://acme.gitlab.io/", None),
        ("http://localhost", None),
        ("http://localhost:8000", None),
        ("https://status.lumen.example:8443", None),
        ("http://127.0.0.1", None),
        ("http://[::1]/", None),
    ],
)
def test_a_domain_of_its_own_is_claimed(url: str, host: str | None) -> None:
    assert hosting.own_host(url) == host
    made = files(url=url)
    assert (made["CNAME"].make() if "CNAME" in made else None) == (f"{host}\n".encode() if host else None)


@given(st.lists(st.integers(0, 10**9), max_size=5))
def test_every_time_is_one_that_crawlers_read(seconds: list[int]) -> None:
    start = datetime(1990, 1, 1, tzinfo=UTC)
    places = tuple((f"{URL}/{at}/", start + timedelta(seconds=at)) for at in set(seconds))
    assert all(RFC3339.fullmatch(time or "") for time in listed(hosting.sitemap(places)).values())
