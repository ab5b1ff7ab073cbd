"""Markup in pieces, and what must hold of any HTML made from an author's text, for the tests of texts."""

import re
from typing import Any

from lxml import etree

from generator.feeds.plain import plain
from generator.render.text import faults

BLOCKS = frozenset({"p", "pre", "blockquote", "ul", "ol", "li", "h4", "h5", "h6", "table", "thead", "tbody", "tr"})
TAGS = BLOCKS | {"br", "hr", "strong", "em", "del", "code", "a", "th", "td"}
ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}}

# Each fault with the line that it is told at, whatever the dialect.
FAULTS = (
    ("a\n\n`<!-- b -->`\n\n<!-- c -->", 5, "T111"),
    ("```\n<i>\n```\n\n`<i>` and <i>", 5, "T112"),
    ("a\n[b](javascript:c)", 2, "T113"),
    ("[a]\n\n[a]: b.html", 3, "T113"),
    ("a\n\n![b](https://e.example/c.png)", 3, "T114"),
    ("```\n# a\n```\n# a", 4, "T115"),
    ("a\n\nb\n-", 3, "T115"),
    ("a\n&#x202e;", 2, "T116"),
    ("a\n```\nb", 2, "T117"),
)

# Pieces of markup that mean something to the parser, or once did to an attacker.
PIECES = (
    *("[", "]", "](", "](a", '](a "', "![", "[a]", "[a][b]", "[a](b)", "![a](b)", "*[a](b)", "[![a](b)](c)"),
    *("[a]: b\n", "[a]:\nb\n", '[a]: b\n"t"\n', "(", ")", '"', "'", "<", ">", "<a@", "<a:b>", "<b>", "</b>", "<!--"),
    *("<script>", "javascript:", "http://", "https://a.b ", "https://a)", "mailto:a@b.c", "&", "&#31;", "&lt;", "\\"),
    *("*", "**", "***", "*a ", "**a ", "_a ", "*a*", "*_", "__", "~~", "~~a ", "`", "``a`", "`a ", "```\n", "~~~ x\n"),
    *("- ", "1. ", "> ", ">", "#", "# a\n", "### a\n", "a\n---\n", "a\n===\n", "---\n", "* * ", "- a\n", "- a\n\n"),
    *("    - a\n", "    a\n", "> a\n", ">> a\n\n", "|", "a|b\n-|-\n", "|`", "  \n", "\n", "\n\n", "\n ", "    ", "\t"),
    *("a", "é ", "日本", "\u202e", "\x00", "\x02", "\x03", "\x02code:0\x03", "\x02klzzwxh:0000\x03", "\xa0", "\ud800"),
)


def codes(source: str) -> list[str]:
    return [fault.code for fault in faults(source)]


def parse(html: str) -> Any:
    """Return the elements of a fragment, which must be well-formed even as XML but for the two void elements."""
    closed = html.replace("<br>", "<br/>").replace("<hr>", "<hr/>")
    return etree.fromstring(f"<div>{closed}</div>")


def assert_safe(html: str) -> None:
    for element in parse(html).iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
        if element.tag == "a" and "href" in element.attrib:
            assert re.match(r"(?i)https?://[^\s/\\?#]|mailto:[^\s@]+@", element.get("href"))
            assert element.get("rel") == "noopener"
        if element.tag == "a":
            assert element.find(".//a") is None
            assert "".join(element.itertext()).strip()
        assert element.get("start", "1").isascii()
        assert element.get("start", "1").isdigit()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]", html)


def said(html: str) -> str:
    """Return what a fragment says, in one line."""
    return " ".join(plain(html).split())
