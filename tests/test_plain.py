"""An author's words without markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.feeds import plain as module
from generator.feeds.plain import plain
from generator.render.text import to_html

CASES = (
    ("One.\n\nTwo\nlines.", "One.\n\nTwo lines."),
    ("One  \ntwo", "One\ntwo"),
    ("**Bold**, *italic*, ~~gone~~ and `code`", "Bold, italic, gone and code"),
    ("- one\n- two **bold**\n\nafter", "- one\n- two bold\n\nafter"),
    ("* [the guide](https://help.example/)\n* `a  <b>`\n", "- the guide (https://help.example/)\n- a <b>"),
    ("- a\n  b\n- \n- c &amp;", "- a b\n- \n- c &"),
    ("3. three\n4. four", "3. three\n4. four"),
    ("1. one\n\n    more\n\n2. two", "1. one\n   more\n2. two"),
    ("- a\n    - b\n- c", "- a\n  - b\n- c"),
    ("[the guide](https://help.example/?a=1&b=2)", "the guide (https://help.example/?a=1&b=2)"),
    ("<https://help.example/>", "https://help.example/"),
    ("[write](mailto:a@b.example)", "write (a@b.example)"),
    ("```\nyear = 1970\n  now\n```", "year = 1970\n  now"),
    ("> said\n\nand done", "said\n\nand done"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
    ("### Head\n\ntext\n\n---\n\nend", "Head\n\ntext\n\nend"),
    ("a < b & c > d \\*", "a < b & c > d *"),
    ("10\u00a0000 users", "10\u00a0000 users"),
    ("---", ""),
)


@pytest.mark.parametrize(("source", "words"), CASES)
def test_markup_becomes_words(source: str, words: str) -> None:
    assert plain(to_html(source)) == words


def test_words_beside_paragraphs_are_a_paragraph() -> None:
    assert plain("one <em>two</em><p>three</p>four") == "one two\n\nthree\n\nfour"


@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=60))
def test_no_word_is_lost(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain(f"<p>{escaped}</p>") == words
    assert plain(f"<ul><li>{escaped}</li></ul>") == f"- {words}"


@given(st.lists(st.text("ab <&\n*-`~\u00a0", max_size=40), max_size=4))
def test_the_fast_way_says_what_the_tree_says(texts: list[str]) -> None:
    html = to_html("\n\n".join(texts))
    assert plain(html) == "\n\n".join(module._paragraphs(module._parsed(html)))
