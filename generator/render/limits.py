"""What an author's text may cost: bounds that hold before it is parsed, because parsing is not linear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from generator.render.markup import Fence, without
from generator.render.rendered import Fault

LENGTH = 512 * 1024
MARKERS = 20
QUOTES = 30
INDENT = 120
CELLS = 20_000
DEPTH = 200  # of elements; the parser of XML that most feed readers use stops at 256
# Each is a count times the length of the paragraph that it was counted in: work that grows with the square.
BRACKETS = 400_000
ANGLES = 4_000_000
PIECES = 1_000_000
# A text may be as costly as this many of its costliest paragraphs.
PARAGRAPHS = 20

_SPLIT = "split it, or put it in fenced code"
_STARTS = frozenset(" >*+-0123456789")
_PREFIX = re.compile(r"(?: *+(?:>|(?:[*+-]|\d+\.) ))*+ *+")
_TOKEN = re.compile(r"[*+>-]|\d+\.")
_PIECE = re.compile(r"^[ >]*+(?:#{1,6} |[=*_-][=*_ -]*$|\[[^\]\n]*\]: *$|[\"'(])", re.MULTILINE)


class Excess(Exception):
    """A text would cost more than it may; carries the fault, and the words it was found in when its line is 0."""

    def __init__(self, fault: Fault, near: str = "") -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.near = near


def output_limit(lines: list[str]) -> int:
    """Return how many characters of HTML ``lines`` may become."""
    return 20 * _length(lines) + 20 * 1024


def examine_lines(lines: list[str], fences: Iterable[Fence]) -> None:
    """Raise ``Excess`` for lines, code apart, that must not reach the parser of blocks."""
    if (length := _length(lines)) > LENGTH:
        raise Excess(Fault(1, "T101", f"the text has {length} characters; at most {LENGTH}", "shorten or split it"))
    prose = without(lines, fences)
    for number, line in enumerate(prose, 1):
        if line[:1] in _STARTS:
            _examine_prefix(number, line)
    left = PIECES * PARAGRAPHS
    for number, block in _blocks(prose):
        left -= _examine_block(number, block, left=left)


def examine_result(root: Element, allowed: int) -> None:
    """Raise ``Excess`` when ``root``, ready to be written, is nested too deeply or longer than ``allowed``."""
    depth, level = 0, [root]
    while level:
        depth, level = depth + 1, [child for element in level for child in element]
    if depth > DEPTH:
        raise Excess(Fault(1, "T110", f"the text is nested more than {DEPTH} deep", "nest less"))
    if sum(map(_size, root.iter())) > allowed:
        raise Excess(too_long(allowed))


def too_long(allowed: int) -> Fault:
    """Return what to say of a text whose HTML is longer than ``allowed``."""
    return Fault(1, "T109", f"the HTML would be longer than {allowed} characters", "repeat less")


def _size(element: Element) -> int:
    attributes = sum(len(key) + len(value) for key, value in element.items()) if element.attrib else 0
    return 2 * len(element.tag) + 5 + len(element.text or "") + len(element.tail or "") + attributes


def _length(lines: list[str]) -> int:
    return sum(map(len, lines)) + len(lines)


def _examine_prefix(number: int, line: str) -> None:
    prefix = line[: _PREFIX.match(line).end()]  # type: ignore[union-attr]  # it matches nothing, too
    tokens = _TOKEN.findall(prefix)
    quotes = tokens.count(">")
    if prefix.count(" ") - len(tokens) > INDENT:
        raise Excess(Fault(number, "T106", f"the line is indented by more than {INDENT} columns", "use fenced code"))
    if len(tokens) - quotes > MARKERS:
        raise Excess(Fault(number, "T104", f"the line begins with more than {MARKERS} list markers", "remove some"))
    if quotes > QUOTES:
        raise Excess(Fault(number, "T105", f"the quotation is more than {QUOTES} deep", "quote less"))


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the runs of lines between blank ones, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _examine_block(number: int, block: list[str], *, left: int) -> int:
    """Return the cost of ``block``, which may be ``left`` at most, in pieces times characters."""
    if len(block) == 1:
        return 0
    text = "\n".join(block)
    if "|" in text and max(line.count("|") for line in block) * len(block) > CELLS:
        raise Excess(Fault(number, "T108", f"the table has more than {CELLS} cells", "split it"))
    cost = sum(1 for _ in _PIECE.finditer(text)) * len(text)
    if cost > min(PIECES, left):
        hint = "put blank lines around headings, rules and definitions"
        raise Excess(Fault(number, "T107", "too many headings, rules or definitions without a blank line", hint))
    return cost


def examine_blocks(root: Element) -> None:
    """Raise ``Excess`` where the markup within a paragraph, item or cell of ``root`` would be too costly to parse."""
    total = 0
    for text in (text for element in root.iter() for text in (element.text, element.tail) if text):
        brackets = (text.count("[") + text.count("]")) * len(text)
        total += brackets
        if brackets > BRACKETS or total > BRACKETS * PARAGRAPHS:
            raise Excess(Fault(0, "T102", "too many square brackets for a paragraph", _SPLIT), text)
        if text.count("<") * len(text) > ANGLES:
            raise Excess(Fault(0, "T103", "too many < signs for a paragraph", _SPLIT), text)
