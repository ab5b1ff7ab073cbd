"""Strands: what is found out beside what else there is, and comes to the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from generator.errors import SystemFault
from generator.publish import drafting
from generator.publish.artifact import Artifact, Bundle, PathError, Rank, Strand
from generator.publish.memo import Memo
from generator.publish.publish import Published, publish
from generator.publish.seen import intact_parts
from generator.publish.workers import beside
from generator.view.basics import keyed
from tests.test_publish import Site, Tree, artifact, tree

pytestmark = pytest.mark.usefixtures("forks")

PLAIN = {
    lang: {f"{lang}/{name}": f"{lang} {name}" for name in ("index.html", "feed.json", "may/a.html", "may/b.html")}
    for lang in ("en", "fr", "ja")
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


class Strands:
    """Files by strand, those of May in a bundle; ``opened`` are the strands that this process found out."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts
        self.opened: list[str] = []

    def strands(self) -> list[Strand]:
        return [Strand(name, partial(self._open, name, texts)) for name, texts in self._texts.items()]

    def _open(self, name: str, texts: Mapping[str, str]) -> Iterator[Artifact | Bundle]:
        self.opened.append(name)
        may = {path: text for path, text in texts.items() if "/may/" in path}
        yield Bundle(f"{name} may", keyed(may), lambda: [artifact(*item) for item in may.items()])
        yield from (artifact(*item) for item in texts.items() if item[0] not in may)


def changed(others: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return all texts, but for ``others``, by their paths."""
    return {
        lang: texts | {path: text for path, text in others.items() if path.startswith(lang)}
        for lang, texts in PLAIN.items()
    }


LOOSE = [artifact("app.css", "css")]


def begin(site: Site, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Publish where nothing stands."""
    with Memo.at(site.memo) as memo:
        publish(LOOSE, site.out, strands=Strands(texts).strands(), memo=memo, site=site.root, label="public")


def again(site: Site, strands: list[Strand], *, atomic: bool = False) -> Published:
    """Publish beside what stands, as a build does."""
    with Memo.at(site.memo) as memo:
        return publish(
            LOOSE, site.out, strands=strands, memo=memo, site=site.root, label="public", jobs=2, atomic=atomic,
            looked=partial(intact_parts, memo, site.out, "public"),
        )  # fmt: skip


def first(site: Site, texts: Mapping[str, Mapping[str, str]]) -> Tree:
    """Return the tree of a first build elsewhere."""
    other = Site(site.root.parent / "other")
    begin(other, texts)
    return tree(other.out)


@pytest.mark.parametrize("atomic", [False, True])
def test_strands_are_found_out_beside_each_other(site: Site, atomic: bool) -> None:
    begin(site, PLAIN)
    texts = changed({"en/feed.json": "new", "fr/may/b.html": "new", "ja/more.html": "new"})
    del texts["ja"]["ja/may/a.html"]
    strands = Strands(texts)
    built = again(site, strands.strands(), atomic=atomic)
    assert strands.opened == []
    assert built.written == ("en/feed.json", "fr/may/b.html", "ja/more.html")
    assert (built.removed, built.unchanged, built.rendered) == (("ja/may/a.html",), 10, 3)
    assert tree(site.out) == first(site, texts)
    assert again(site, Strands(texts).strands(), atomic=atomic).written == ()


def test_a_first_build_finds_them_out_one_after_another(site: Site) -> None:
    strands = Strands(PLAIN)
    assert len(again(site, strands.strands()).written) == 13
    assert strands.opened == ["en", "fr", "ja"]


def test_much_to_make_is_for_all_workers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "FEW", 3)
    begin(site, PLAIN)
    texts = changed(dict.fromkeys([*PLAIN["fr"], "en/feed.json"], "new"))
    strands = Strands(texts)
    built = again(site, strands.strands())
    assert strands.opened == ["fr"]
    assert (len(built.written), built.rendered) == (5, 5)
    assert tree(site.out) == first(site, texts)


class OddError(Exception):
    pass


def failing(raised: Callable[[], bytes]) -> list[Strand]:
    """Return two strands; the second has a file that cannot be made."""
    bad = Artifact("fr/new.html", keyed("new"), raised, Rank.PAGE, "fr")
    return [Strand("en", lambda: [artifact("en/index.html", "new")]), Strand("fr", lambda: [bad])]


def test_what_fails_in_a_strand_arrives_as_itself(site: Site) -> None:
    def raised() -> bytes:
        raise OddError

    begin(site, PLAIN)
    before = tree(site.out)
    with pytest.raises(OddError):
        again(site, failing(raised))
    assert tree(site.out) == before


def test_a_worker_that_dies_over_a_strand_is_a_plain_error(site: Site) -> None:
    def died() -> bytes:
        assert beside()
        os._exit(7)

    begin(site, PLAIN)
    before = tree(site.out)
    with pytest.raises(SystemFault, match="7"):
        again(site, failing(died))
    assert tree(site.out) == before


def test_a_file_may_move_from_one_strand_to_another_but_have_one_alone(site: Site) -> None:
    begin(site, PLAIN)
    moved = {**PLAIN, "en": {}, "fr": PLAIN["fr"] | PLAIN["en"]}
    built = again(site, Strands(moved).strands())
    assert (built.written, built.removed) == ((), ())
    assert tree(site.out) == first(site, moved)
    with pytest.raises(PathError, match=r"en/feed\.json"):
        again(site, Strands(moved | {"en": {"en/feed.json": "en feed.json"}}).strands())


def test_two_strands_may_not_have_bundles_of_one_name(site: Site) -> None:
    twice = [Strand(name, lambda: [Bundle("may", keyed("may"), list)]) for name in ("en", "fr")]
    with pytest.raises(ValueError, match="may"):
        again(site, twice)
