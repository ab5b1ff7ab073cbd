"""Markdown to a tree of elements: Python-Markdown without what lets a text write HTML, and with bare addresses."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor, ReferenceProcessor
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import (
    BACKTICK_RE,
    IMAGE_LINK_RE,
    LINK_RE,
    BacktickInlineProcessor,
    ImageInlineProcessor,
    ImageReferenceInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.serializers import to_html_string
from markdown.util import AtomicString, code_escape

from generator.render.emphasis import emphasise

_FENCE = re.compile(r"( *)(`{3,}(?=[^`]*$)|~{3,})(.*)")
_QUOTED = re.compile(r"""\\(?=["'])""")
_TICKS = re.compile("`+")
_MARKER = re.compile(r" *(?:[*+-]|\d+\.) +")
# Punctuation that ends a sentence rather than an address, in the languages that have their own.
_TRAILING = frozenset("?!.,:;'\"*_~»”’…。，、；：！？）」』】》،؛؟।")
_BRACKETS = {")": "(", "]": "[", "}": "{"}


class Fence(NamedTuple):
    """A fenced code block: its lines from ``start`` to before ``end``, its indentation, and whether it ends at all.

    ``listed`` is true within a list, where the library wants items indented by four columns each.
    """

    start: int
    end: int
    indent: int
    listed: bool
    closed: bool


def fences(lines: list[str]) -> Iterator[Fence]:
    """Yield the fenced code blocks of ``lines``, as CommonMark has them: one that is not closed runs to the end.

    One that is indented by four columns or more counts only inside a list; elsewhere it is indented code.
    """
    opened, start, listed, lazy = None, 0, False, False
    for index, line in enumerate(lines):
        found = _FENCE.match(line)
        if opened:
            if found and _closes(found, opened):
                yield Fence(start, index + 1, len(opened[1]), listed, closed=True)
                opened, lazy = None, False
        elif found and (len(found[1]) < 4 or listed):
            opened, start, listed = found, index, listed and bool(found[1])
        else:
            listed = (listed and (lazy or not line[:1].strip())) or bool(_MARKER.match(line) and line[:4].strip())
            lazy = bool(line.strip())
    if opened:
        yield Fence(start, len(lines), len(opened[1]), listed, closed=False)


def without(lines: list[str], fences: Iterable[Fence]) -> list[str]:
    """Return ``lines`` with the fenced code blocks blanked out, so that the others keep their numbers."""
    prose = list(lines)
    for fence in fences:
        prose[fence.start : fence.end] = [""] * (fence.end - fence.start)
    return prose


def _closes(fence: re.Match[str], opened: re.Match[str]) -> bool:
    """Return whether a fence ends the block that ``opened``: as long, no more indented than a block may be, bare."""
    return fence[2].startswith(opened[2]) and len(fence[1]) < len(opened[1]) + 4 and not fence[3].strip()


class _Code(BacktickInlineProcessor):
    """Closes a code span with as many backticks as opened it, as CommonMark has it.

    The library tries the longest of the shorter runs too, for which it reads the rest of the text every time.
    """

    def find_code_spans(self, start: int, text: str) -> tuple[int, int | None]:  # type: ignore[override] # stubs differ
        """Return where the code that opens at ``start`` begins and ends; no end when it is not closed."""
        runs = _TICKS.finditer(text, start)
        opening = next(runs)
        closing = (run.start() for run in runs if len(run[0]) == len(opening[0]))
        return opening.end(), next(closing, None)


@lru_cache(maxsize=4)
def _pairs(text: str) -> dict[int, int]:
    """Return where each ``[`` of ``text`` is closed: index after the bracket -> index of its ``]``."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for bracket in re.finditer(r"[\[\]]", text):
        if bracket[0] == "[":
            opened.append(bracket.end())
        elif opened:
            pairs[opened.pop()] = bracket.start()
    return pairs


class _Bracketed(LinkInlineProcessor):
    """Finds the closing bracket by one pass over the text; the library's walks it again for every opening one."""

    ADDRESS = re.compile(
        r"""\(\s*+(?:<([^<>\n]*+)>|((?:[^\s()<>]|\((?:[^\s()]|\([^\s()]*+\))*+\))*+))"""
        r"""(?:\s++("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'))?+\s*+\)"""
    )

    def unescape(self, text: str) -> str:
        """Return ``text`` without placeholders, also those within what a placeholder stands for."""
        while (plain := super().unescape(text)) != text:
            text = plain
        return text

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802 - the library calls it so
        """Return the text up to the closing bracket, the index after it, and whether there is one."""
        end = _pairs(data).get(index)
        return ("", index, False) if end is None else (data[index:end], end + 1, True)

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802 - the library calls it so
        """Return address, title, the index after ``(address "title")``, and whether that stands at ``index``."""
        found = self.ADDRESS.match(data, index)
        if not found:
            return "", None, index, False
        title = " ".join(self.unescape(_QUOTED.sub("", found[3][1:-1])).split()) if found[3] else None
        return self.unescape(found[1] or found[2] or "").strip(), title, found.end(), True


class _Link(_Bracketed, LinkInlineProcessor): ...


class _Image(_Bracketed, ImageInlineProcessor): ...


class _Reference(_Bracketed, ReferenceInlineProcessor): ...


class _ShortReference(_Bracketed, ShortReferenceInlineProcessor): ...


class _ImageReference(_Bracketed, ImageReferenceInlineProcessor): ...


class _ShortImageReference(_Bracketed, ShortImageReferenceInlineProcessor): ...


class _Heading(HashHeaderProcessor):
    """A heading needs a blank after its hashes, so that a line may begin with the number of a ticket."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?P<header>[ ]++[^\s#][^\n]*+)(?:\n|$)")

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Take the heading off ``blocks``, and the hashes that close it off its text."""
        super().run(parent, blocks)
        text = parent[-1].text or ""
        bare = text.rstrip("#")
        parent[-1].text = bare.rstrip() if bare.endswith(" ") else text


class _Definition(ReferenceProcessor):
    """Definitions of link addresses; the library's expression backs up through every address."""

    RE = re.compile(
        r"""^[ ]{0,3}\[([^\[\]]*+)\]:[ ]*+(?:\n[ ]*+)?+(\S++)[ ]*+(?:\n[ ]*+)?(("|')(.*)\4[ ]*+|\((.*)\)[ ]*+)?$""",
        re.MULTILINE,
    )


class _Address(InlineProcessor):
    """``<https://example.org>``, ``<name@example.org>`` and bare ``https://example.org``, outside links.

    The punctuation after a bare one is not part of it. The library knows none that are bare, and obfuscates mail.
    """

    ANCESTOR_EXCLUDES = ("a",)
    ADDRESS = (
        "<(?P<whole>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\\s<>\x02\x03]*+)>"
        "|<(?P<mail>[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}+@[A-Za-z0-9-]++(?:\\.[A-Za-z0-9-]++)++)>"
        '|(?P<bare>(?i:(?<![a-z0-9])https?://(?=[^\\W_]))[^\\s<>"`|\x02\x03]++)'
    )

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002, N802 - the library's signature
        """Return the link and where it stood; its text is not searched for markup."""
        shown = _trimmed(m["bare"]) if m["bare"] else m["whole"] or m["mail"]
        link = Element("a", href=f"mailto:{shown}" if m["mail"] else shown)
        link.text = AtomicString(shown)
        return link, m.start(), m.start() + len(shown) if m["bare"] else m.end()


def _trimmed(address: str) -> str:
    """Return ``address`` without the punctuation and the unpaired closing brackets at its end."""
    surplus = {close: address.count(close) - address.count(opening) for close, opening in _BRACKETS.items()}
    end = len(address)
    while (last := address[end - 1]) in _TRAILING or surplus.get(last, 0) > 0:
        if last in surplus:
            surplus[last] -= 1
        end -= 1
    return address[:end]


class Parsed(NamedTuple):
    """What a text consists of: elements with placeholders for its fenced code, which is apart and escaped.

    ``headings`` are those of level 1 and 2 as they are written, ``definitions`` the addresses that are defined apart.
    """

    root: Element
    codes: tuple[str, ...]
    headings: tuple[tuple[int, str], ...]
    definitions: tuple[str, ...]


class Parser:
    """One configured Python-Markdown, which is costly to make; calls from several threads wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._markdown = markdown = Markdown(extensions=[SaneListExtension(), TableExtension()], output_format="html")
        markdown.preprocessors.deregister("html_block")
        for name in ("html", "entity", "automail", "em_strong"):
            markdown.inlinePatterns.deregister(name)
        blocks, inline = markdown.parser.blockprocessors, markdown.inlinePatterns
        blocks.register(_Heading(markdown.parser), "hashheader", 70)
        blocks.register(_Definition(markdown.parser), "reference", 15)
        inline.register(_Code(BACKTICK_RE), "backtick", 190)
        inline.register(_Reference(LINK_RE, markdown), "reference", 170)
        inline.register(_Link(LINK_RE, markdown), "link", 160)
        inline.register(_Image(IMAGE_LINK_RE, markdown), "image_link", 150)
        inline.register(_ImageReference(IMAGE_LINK_RE, markdown), "image_reference", 140)
        inline.register(_ShortReference(LINK_RE, markdown), "short_reference", 130)
        inline.register(_ShortImageReference(IMAGE_LINK_RE, markdown), "short_image_ref", 125)
        inline.register(_Address(_Address.ADDRESS, markdown), "autolink", 120)

    def parse(self, lines: list[str], fences: Iterable[Fence], *, examine: Callable[[Element], None]) -> Parsed:
        """Return what ``lines`` consist of; ``examine`` may refuse the blocks before the markup in them is parsed."""
        prose, codes = _without_code(lines, fences)
        with self._lock:
            markdown = self._markdown
            markdown.reset()
            markdown.parser.state.clear()
            root = Element("div")
            markdown.parser.parseChunk(root, "\n".join(prose) + "\n\n")
            examine(root)
            headings = tuple((int(e.tag[1]), e.text or "") for e in root.iter() if e.tag in ("h1", "h2"))
            definitions = tuple(address for address, _ in markdown.references.values())
            markdown.treeprocessors["inline"].run(root)
            emphasise(root)
            return Parsed(root, codes, headings, definitions)

    def write(self, root: Element) -> str:
        """Return a tree as HTML."""
        return to_html_string(root)


def _without_code(lines: list[str], fences: Iterable[Fence]) -> tuple[list[str], tuple[str, ...]]:
    """Return ``lines`` with a placeholder for each fenced code block, and the blocks, escaped."""
    kept: list[str] = []
    codes: list[str] = []
    after = 0
    for fence in fences:
        indent = " " * fence.indent
        body = lines[fence.start + 1 : fence.end - fence.closed]
        margin = indent + " " * (-fence.indent % 4) if fence.listed else indent
        kept += [*lines[after : fence.start], "", f"{margin}\x02code:{len(codes)}\x03", ""]
        codes.append(code_escape("".join(f"{line.removeprefix(indent)}\n" for line in body)))
        after = fence.end
    return (kept + lines[after:], tuple(codes)) if codes else (lines, ())
