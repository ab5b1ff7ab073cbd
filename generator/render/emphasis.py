"""Emphasis in a parsed text: the library's own loses words (of ``a*b**c*d`` it drops the last) and is not linear.

The delimiters are paired as CommonMark's appendix "Phase 2: inline structure" has it, over text with elements in it.
As in Python-Markdown, an asterisk need not stand at the edge of a word; that is how languages without blanks need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

_RUN = re.compile(r"\*+|_+|~~(?!~)")
_SIGNS = re.compile(r"[*_~]")
_INLINE = frozenset({"a", "code", "img", "span"})
_TAGS = {("*", 1): "em", ("*", 2): "strong", ("_", 1): "em", ("_", 2): "strong", ("~", 2): "del"}


@dataclass(slots=True)
class _Run:
    """Delimiters in a row: which are still text, and which elements end and begin there."""

    sign: str
    left: int
    opens: bool
    closes: bool
    size: int = field(init=False)
    ended: int = 0
    begun: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.size = self.left

    def pairs_with(self, closer: _Run) -> bool:
        """Return whether this may open what ``closer`` closes; the sizes decide where both could do either."""
        if self.sign != closer.sign:
            return False
        either = self.closes or closer.opens
        return not either or (self.size + closer.size) % 3 != 0 or (self.size % 3 == 0 and closer.size % 3 == 0)


def emphasise(root: Element) -> None:
    """Put ``em``, ``strong`` and ``del`` into the elements of ``root``; text that is atomic, as in code, stays."""
    for element in list(root.iter()):
        if element.tag not in ("code", "pre") and _has_signs(element):
            parts = list(_parts(element))
            _pair(parts)
            _rebuild(element, parts)


def _has_signs(element: Element) -> bool:
    text = element.text
    if text and not isinstance(text, AtomicString) and _SIGNS.search(text):
        return True
    return any(child.tail and _SIGNS.search(child.tail) for child in element)


def _parts(element: Element) -> Iterator[str | Element | _Run]:
    """Yield what is in ``element``: text, the elements, and the runs of delimiters."""
    text = element.text or ""
    before, children = "", list(element)
    for index in range(len(children) + 1):
        after = _edge(children[index]) if index < len(children) else ""
        if isinstance(text, AtomicString):
            yield text
        else:
            yield from _split(text, before, after)
        if index < len(children):
            child = children[index]
            yield child
            text, before = child.tail or "", _edge(child)


def _edge(element: Element) -> str:
    """Return the character that an element counts as for a delimiter next to it."""
    return "." if element.tag in _INLINE else ""


def _split(text: str, before: str, after: str) -> Iterator[str | _Run]:
    """Yield the runs of delimiters in ``text`` and what is between, given the characters around it."""
    end = 0
    for run in _RUN.finditer(text):
        if run.start() > end:
            yield text[end : run.start()]
        end = run.end()
        previous = text[run.start() - 1] if run.start() else before
        following = text[end] if end < len(text) else after
        opens, closes = bool(following.strip()), bool(previous.strip())
        if run[0][0] == "_":
            opens, closes = opens and not _is_word(previous), closes and not _is_word(following)
        yield _Run(run[0][0], len(run[0]), opens, closes)
    if end < len(text):
        yield text[end:]


def _is_word(character: str) -> bool:
    return character.isalnum()


def _pair(parts: list[str | Element | _Run]) -> None:
    """Note on the runs in ``parts`` which elements begin and end there; none goes past an element of block level."""
    opened: list[_Run] = []
    bottoms: dict[tuple[str, bool, int], int] = {}  # below which no opener is left for a kind of closer
    for part in parts:
        if isinstance(part, _Run):
            if part.closes:
                _close(part, opened, bottoms)
            if part.opens and part.left:
                opened.append(part)
        elif isinstance(part, Element) and part.tag not in _INLINE and part.tag != "br":
            opened.clear()
            bottoms.clear()


def _close(closer: _Run, opened: list[_Run], bottoms: dict[tuple[str, bool, int], int]) -> None:
    """Pair ``closer`` with the nearest openers, and forget those between."""
    kind = (closer.sign, closer.opens, closer.size % 3)
    while closer.left:
        bottom = bottoms.get(kind, 0)
        found = next((n for n in range(len(opened) - 1, bottom - 1, -1) if opened[n].pairs_with(closer)), None)
        if found is None:
            bottoms[kind] = len(opened)
            return
        opener = opened[found]
        size = min(2, opener.left, closer.left)
        opener.begun.append(_TAGS[opener.sign, size])
        closer.ended += 1
        opener.left -= size
        closer.left -= size
        del opened[found + bool(opener.left) :]
        for other, value in bottoms.items():
            bottoms[other] = min(value, len(opened))


def _rebuild(element: Element, parts: list[str | Element | _Run]) -> None:
    """Make ``parts`` the content of ``element``, with the elements that begin and end in them."""
    element[:] = []
    element.text = None
    stack, pieces = [element], list[str]()

    def settle() -> None:
        text = "".join(pieces)
        pieces.clear()
        if len(stack[-1]):
            stack[-1][-1].tail = text
        else:
            stack[-1].text = text

    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        elif isinstance(part, _Run):
            for _ in range(part.ended):
                settle()
                stack.pop()
            pieces.append(part.sign * part.left)
            for tag in reversed(part.begun):
                settle()
                inner = Element(tag)
                stack[-1].append(inner)
                stack.append(inner)
        else:
            settle()
            part.tail = None
            stack[-1].append(part)
    settle()
