"""An author's words for programs that show text only: paragraphs and lists as lines, without any markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from types import MappingProxyType
from typing import NamedTuple

_VOID = frozenset({"br", "hr"})
_BLANKS = re.compile("[ \t\n\r\f]+")  # not the blanks that an author wants unbroken
_EDGES = re.compile(" *\n *")
# Most updates are paragraphs and plain lists without links: their words are found many times faster than by a tree.
_WORDS = r"(?:[^<]++|</?(?:strong|em|code|del)>)*+"
_BLOCK = rf"<p>{_WORDS}</p>\s*+|<ul>\s*+(?:<li>{_WORDS}</li>\s*+)++</ul>\s*+"
_PROSE, _BLOCKS_OF_PROSE = re.compile(rf"(?:{_BLOCK})*+"), re.compile(_BLOCK)
_MARKS = re.compile(r"<[^>]*+>")


class _Element(NamedTuple):
    tag: str
    attributes: Mapping[str, str]
    content: list[_Element | str]


def plain(html: str) -> str:
    """Return the words of rendered HTML: a blank line between paragraphs, ``- `` or a number before a list's items.

    A link is followed by its address, unless the address is what it says.
    """
    if _PROSE.fullmatch(html):
        return "\n\n".join(filter(None, map(_block, _BLOCKS_OF_PROSE.findall(html))))
    return "\n\n".join(_paragraphs(_parsed(html)))


def _block(html: str) -> str:
    if html.startswith("<p>"):
        return _prose(html)
    return "\n".join(f"- {_prose(item)}" for item in html.split("</li>")[:-1])


def _prose(html: str) -> str:
    return _BLANKS.sub(" ", unescape(_MARKS.sub("", html))).strip(" ")


class _Reader(HTMLParser):
    """Builds the tree of rendered HTML, in which every tag but the void ones has its end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Element("", {}, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs}, [])
        self.open[-1].content.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def _parsed(html: str) -> _Element:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


def _paragraphs(element: _Element) -> Iterator[str]:
    """Yield the paragraphs of an element; words that stand beside paragraphs are one themselves."""
    loose: list[_Element | str] = []
    for part in (*element.content, _Element("hr", {}, [])):
        if isinstance(part, str) or part.tag not in _BLOCKS:
            loose.append(part)
            continue
        if words := _line(_Element("p", {}, loose)):
            yield words
        loose = []
        yield from filter(None, _BLOCKS[part.tag](part))


def _line(element: _Element) -> str:
    """Return the words of an element on one line, or on more where it has line breaks."""
    return _EDGES.sub("\n", "".join(map(_inline, element.content))).strip(" \n")


def _inline(part: _Element | str) -> str:
    if isinstance(part, str):
        return _BLANKS.sub(" ", part)
    if part.tag == "br":
        return "\n"
    words = "".join(map(_inline, part.content))
    address = part.attributes.get("href", "").removeprefix("mailto:")
    return f"{words} ({address})" if address and words.strip() != address else words


def _text(element: _Element) -> str:
    return "".join(part if isinstance(part, str) else _text(part) for part in element.content)


def _one(element: _Element) -> Iterator[str]:
    yield _line(element)


def _kept(element: _Element) -> Iterator[str]:
    yield _text(element).strip("\n")


def _list(element: _Element) -> Iterator[str]:
    number = int(element.attributes.get("start") or 1)
    items = [part for part in element.content if isinstance(part, _Element)]
    marks = [f"{number + count}. " if element.tag == "ol" else "- " for count in range(len(items))]
    yield "\n".join(
        mark + "\n".join(_paragraphs(item)).replace("\n", f"\n{' ' * len(mark)}")
        for mark, item in zip(marks, items, strict=True)
    )


def _table(element: _Element) -> Iterator[str]:
    rows = [part for body in element.content if isinstance(body, _Element) for part in body.content]
    lines = (" | ".join(_line(cell) for cell in row.content if isinstance(cell, _Element))
             for row in rows if isinstance(row, _Element))  # fmt: skip
    yield "\n".join(lines)


def _none(_element: _Element) -> Iterator[str]:
    return iter(())


_BLOCKS: Mapping[str, Callable[[_Element], Iterator[str]]] = MappingProxyType(
    {
        **dict.fromkeys(("p", "h4", "h5", "h6"), _one),
        **dict.fromkeys(("blockquote", "div"), _paragraphs),
        **dict.fromkeys(("ul", "ol"), _list),
        "pre": _kept,
        "table": _table,
        "hr": _none,
    }
)
"""Yields the paragraphs of each element that holds or parts any."""
