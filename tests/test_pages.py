from collections import Counter
from pathlib import Path

import msgspec
import pytest

from generator.errors import ThemeError
from generator.publish.artifact import Rank
from generator.terms import Overall
from generator.view.basics import Label
from tests.rendered import SHIPPED, changed, made, site
from tests.sample_views import sample_site


def test_every_view_has_its_page_in_every_language() -> None:
    english = {path for path in site() if not path.startswith(("fr/", "ar/", "assets/", "share/", "embed.js"))}
    assert english == {
        "404.html",
        "about/index.html",
        *(f"components/{id}/index.html" for id in ("fax", "portal-api", "portal-web", "search")),
        "embed/index.html",
        "history/2025/12/index.html",
        "history/2026/01/index.html",
        "history/2026/02/index.html",
        "history/index.html",
        "imprint/index.html",
        "incidents/2025-12-31-wrong-year/index.html",
        "incidents/2026-01-15-sign-in/index.html",
        "incidents/2026-02-10-search-slow/index.html",
        "incidents/2026-02-22-portal-errors/index.html",
        "incidents/portal-errors/index.html",
        "index.html",
        "maintenance/2026-02-01-switch/index.html",
        "maintenance/2026-02-15-index/index.html",
        "maintenance/2026-02-22-certificates/index.html",
        "maintenance/2026-03-01-database/index.html",
        "maintenance/index.html",
        "postmortems/actions/index.html",
        "postmortems/components/portal-api/index.html",
        "postmortems/elsewhere/index.html",
        "postmortems/index.html",
        "postmortems/portal-memory-2/index.html",
        "postmortems/portal-memory/index.html",
        "postmortems/tags/deploy/index.html",
        "postmortems/years/2026/index.html",
        "search/index.html",
        "severity/index.html",
        "subscribe/index.html",
        "tags/deploy/index.html",
        "tags/index.html",
        "tags/memory/index.html",
        "uptime/index.html",
    }
    for lang in ("fr", "ar"):
        assert {path.removeprefix(f"{lang}/") for path in site() if path.startswith(f"{lang}/")} == english
    assert {path.partition(".")[0] for path in site() if path.startswith("assets/")} == {
        "assets/style",
        "assets/library",
        "assets/search",
        "assets/favicon",
        "assets/site",
        *(f"assets/icons/{overall}" for overall in Overall),
    }


def test_assets_go_first_and_home_pages_last() -> None:
    artifacts = made(sample_site())
    ranks = {path: artifact.rank for path, artifact in artifacts.items()}
    assert {path for path, rank in ranks.items() if rank is Rank.HOME} == {
        "index.html",
        "fr/index.html",
        "ar/index.html",
    }
    assert {path for path, rank in ranks.items() if rank is Rank.ASSET} == {
        path for path in ranks if path.startswith(("assets/", "share/")) or path == "embed.js"
    }
    assert all(artifact.origin for artifact in artifacts.values())


def test_nothing_is_rendered_before_it_is_asked_for() -> None:
    def refuse(_: str) -> str:
        raise AssertionError

    artifacts = made(sample_site(), to_html=refuse)
    assert artifacts["severity/index.html"].make()
    with pytest.raises(AssertionError):
        artifacts["index.html"].make()


def test_equal_arguments_give_equal_keys_and_bytes() -> None:
    first, second = made(sample_site()), made(sample_site())
    assert {path: a.key for path, a in first.items()} == {path: a.key for path, a in second.items()}
    assert {path: a.make() for path, a in first.items()} == {path: a.make() for path, a in second.items()}


def test_all_keys_differ() -> None:
    counts = Counter(artifact.key for artifact in made(sample_site()).values())
    assert max(counts.values()) == 1


def test_a_key_changes_exactly_where_what_is_shown_changes() -> None:
    view = sample_site()
    before = made(view)
    first = view.languages[0]
    severity = msgspec.structs.replace(first.severity, severities=first.severity.severities[1:])
    after = made(changed(view, severity=severity))
    assert [path for path in before if before[path].key != after[path].key] == ["severity/index.html"]
    info = msgspec.structs.replace(first.info, name=Label("Other", "en"))
    renamed = made(changed(view, info=info))
    moved = {path for path in before if before[path].key != renamed[path].key}
    assert moved == {path for path in before if not path.startswith(("fr/", "ar/", "assets/", "embed.js"))}


def test_a_key_changes_with_the_texts_of_its_language_only(tmp_path: Path) -> None:
    own = tmp_path / "locales/fr/LC_MESSAGES/messages.po"
    own.parent.mkdir(parents=True)
    own.write_text('msgid ""\nmsgstr ""\n\nmsgid "Resolved"\nmsgstr "Regle"\n', encoding="utf-8")
    view = sample_site(languages=SHIPPED)
    before, after = made(view), made(view, root=tmp_path)
    moved = {path for path in before if before[path].key != after[path].key}
    assert moved == {path for path in before if path.startswith("fr/")} | {"embed.js"}


def test_a_fault_in_a_template_names_file_and_line(tmp_path: Path) -> None:
    broken = tmp_path / "themes/ours/templates/tags.html"
    broken.parent.mkdir(parents=True)
    broken.write_text("a\n{{ page.internal }}", encoding="utf-8")
    page = made(sample_site(languages=("en",)), root=tmp_path, theme="ours")["tags/index.html"]
    with pytest.raises(ThemeError, match=r"^themes/ours/templates/tags\.html:2: .*internal"):
        page.make()
