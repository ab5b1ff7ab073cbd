"""Paths that may be written, clashes that name both sides, keys that any process computes alike."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.hashing import key_of
from generator.publish.artifact import PathError, Paths, Rank, fold, is_safe, quoted

ROOT = Path(__file__).resolve().parent.parent


class Point(msgspec.Struct, frozen=True):
    x: int
    when: datetime


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "incidents/2026-02-22-portal-502/index.html",
        ".nojekyll",
        ".well-known/security.txt",
        "CNAME",
        "tags/déploiement/index.html",
        "a b/c.html",
        "console/auxiliary.html",
        "x" * 255,
    ],
)
def test_good_paths_are_taken(path: str) -> None:
    Paths().claim(path, "the test")
    assert is_safe(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "a//b",
        "a/",
        ".",
        "..",
        "a/../../b",
        "./a",
        ".git/config",
        ".statique-manifest",
        ".statique/lock",
        "a\\b",
        "C:/x",
        "a\nb",
        "a\x00b",
        "a\u202eb",
        "a\ud800b",
        "a|b",
        "a?",
        "con",
        "CON.txt",
        "x/nul.tar.gz",
        "com1",
        "COM¹.html",
        "lpt9/index.html",
        "trailing.",
        "trailing ",
        "x" * 256,
        "é" * 128,
        "a/" * 600 + "a",
    ],
)
def test_bad_paths_are_refused_with_their_origin(path: str) -> None:
    with pytest.raises(PathError, match=r"^incident x: the output path ") as caught:
        Paths().claim(path, "incident x")
    assert str(caught.value).isprintable()
    assert not is_safe(path)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a/index.html", "a/index.html"),
        ("a/Index.html", "A/index.html"),
        ("caf\u00e9.html", "cafe\u0301.html"),
        ("stra\u00dfe.html", "STRASSE.html"),
        ("a", "a/b"),
        ("a/b/c", "a"),
        ("A", "a/b/c"),
        ("x/y/z", "x/Y"),
    ],
)
def test_clashes_name_both_origins(first: str, second: str) -> None:
    paths = Paths()
    paths.claim(first, "incident one (fr)")
    paths.claim("elsewhere/index.html", "page two")
    paths.claim(second, "page three")
    with pytest.raises(PathError) as caught:
        paths.check()
    assert "incident one (fr)" in str(caught.value)
    assert "page three" in str(caught.value)
    assert "page two" not in str(caught.value)


def test_siblings_do_not_clash() -> None:
    paths = Paths()
    for path in ("a/b", "a/c", "ab", "a.b", "b/a", "a/d/e"):
        paths.claim(path, path)
    paths.check()


@given(st.lists(st.lists(st.sampled_from(["a", "A", "b", "a-b", "a.b", "ab"]), min_size=1, max_size=3).map("/".join)))
def test_paths_clash_where_two_of_them_do(paths: list[str]) -> None:
    claims = Paths()
    for path in paths:
        claims.claim(path, "the test")
    folded = [path.lower() for path in paths]
    pairs = [(one, other) for n, one in enumerate(folded) for other in folded[:n]]
    if any(one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/") for one, other in pairs):
        with pytest.raises(PathError):
            claims.check()
    else:
        claims.check()


@given(st.text(min_size=1, max_size=20))
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(fold(text.upper()))


def test_ranks_put_assets_first_and_home_last() -> None:
    assert sorted(Rank) == [Rank.ASSET, Rank.PAGE, Rank.FEED, Rank.HOME]


def test_keys_depend_on_every_part_and_only_on_values() -> None:
    when = datetime(2026, 2, 22, 2, 47, tzinfo=UTC)
    key = key_of("page", Point(1, when), b"theme", ("en", 3))
    assert len(key) == 16
    assert key == key_of("page", Point(1, when), b"theme", ("en", 3))
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    others = [
        key_of("page", Point(2, when), b"theme", ("en", 3)),
        key_of("page", Point(1, when), b"Theme", ("en", 3)),
        key_of("page", Point(1, when), b"theme", ("fr", 3)),
        key_of("page", Point(1, when), b"theme", "en", 3),
        key_of("feed", Point(1, when), b"theme", ("en", 3)),
    ]
    assert len({key, *others}) == 6
    assert key_of("ab", "c") != key_of("a", "bc")


def test_keys_are_the_same_under_any_hash_seed() -> None:
    code = "from generator.hashing import key_of; print(key_of(frozenset('abcdef'), {'b': 1, 'a': 2}).hex())"
    keys = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(keys) == 1


def test_quoted_values_are_short_and_printable() -> None:
    assert quoted("a\n::error::b") == '"aU+000A::error::b"'
    assert len(quoted("x" * 500)) == 62
