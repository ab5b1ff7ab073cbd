"""What is found in an author's text: the faults, and the lines where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from html import unescape
from itertools import islice
from typing import NamedTuple

from generator.errors import shown
from generator.render.markup import Fence, without
from generator.render.rendered import Fault


class Found(NamedTuple):
    """Something to report, and the words by which its line can be found: the first that occur there."""

    words: tuple[str, ...]
    code: str
    message: str
    hint: str
    warning: bool = False


# Characters that must not be published, though XML 1.0 allows some: controls, marks that turn or hide text, tag
# characters, noncharacters. A text may also hold them as references (`&#31;`), which a parser of HTML resolves.
_PLANES = range(0x1FFFE, 0x110000, 0x10000)
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f" + "".join(chr(plane) + chr(plane + 1) for plane in _PLANES) + "]"
)
_SEPARATORS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_RAW = re.compile(r"(<(?:[A-Za-z][A-Za-z0-9-]*+(?=[\s/>])|![A-Za-z]|\?[a-z]))[^<>]*+>|<!--")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_CODE_SPAN = re.compile(r"(?<!`)(`++)(?!`)(?:[^`\n]|\n(?!\n))*+\1(?!`)")
_HEADING = re.compile(r"[\s>*+.0-9-]*#{1,2}\s")
_UNDERLINE = re.compile(r"[\s>]*(?:=+|-+) *")
# Each has its line looked up; nobody reads more of a kind.
_MOST = 50


class Places:
    """The lines of a text, where words are looked up: outside code if they occur there, each time further down."""

    def __init__(self, lines: list[str], fences: Iterable[Fence]) -> None:
        self._prose = without(lines, fences)
        self._last: dict[str, int] = {}

    @cached_property
    def masked(self) -> list[str]:
        """Return the lines with all code blanked out."""
        masked = _CODE_SPAN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), "\n".join(self._prose))
        return masked.split("\n")

    def mentions(self, words: str) -> bool:
        """Return whether ``words`` stand anywhere but in fenced code."""
        return any(words in line for line in self._prose)

    def line(self, words: str) -> int:
        """Return the number of the next line that holds ``words``, of the last one when there is no more, or 0."""
        after = self._last.get(words, 0)
        for lines in (self.masked, self._prose):
            for number in range(after + 1, len(lines) + 1):
                if words in lines[number - 1]:
                    self._last[words] = number
                    return number
        return after

    def heading(self, words: str) -> int:
        """Return the number of the next line that is a heading of level 1 or 2 with ``words``, or 0."""
        lines = self._prose
        for number in range(self._last.get(f"#{words}", 0) + 1, len(lines) + 1):
            line, below = lines[number - 1], lines[number] if number < len(lines) else ""
            if words in line and (_HEADING.match(line) or _UNDERLINE.fullmatch(below)):
                self._last[f"#{words}"] = number
                return number
        return self.line(words)


def outranking(headings: Iterable[tuple[int, str]], places: Places) -> Iterator[Fault]:
    """Yield the headings, level and words, that only the page may have."""
    for level, words in islice(headings, _MOST):
        hint = "begin it with ###; put a blank line above a line of dashes that is a rule"
        yield Fault(places.heading(words) or 1, "T115", f"a heading of level {level} in a text", hint)


def placed(found: Iterable[Found], places: Places) -> Iterator[Fault]:
    """Yield what was found at its line; what is written with character references only is not raw HTML."""
    for words, code, message, hint, warning in islice(found, _MOST):
        line = next((line for word in words if (line := places.line(word))), 0)
        if line or code not in ("T111", "T112"):
            yield Fault(line or 1, code, message, hint, warning)


def refused(address: str) -> Found:
    """Return what to say of a link that leads to ``address``."""
    plain = shown(unescape(address))
    hint = "write a whole address: https://, http:// or mailto:"
    return Found((address, unescape(address)), "T113", f'a link leads to "{plain}"', hint)


def image(address: str) -> Found:
    """Return what to say of an image at ``address``."""
    message = f'the image "{shown(address)}" is shown as a link'
    hint = "pages fetch nothing from elsewhere; say what it shows"
    return Found((address, "!["), "T114", message, hint, warning=True)


def raw(words: str) -> Iterator[Found]:
    """Yield the HTML comments and tags that readers of ``words``, a text without its code, would see."""
    for tag in _RAW.finditer(words):
        first = tag[0].split("\n", 1)[0]
        if tag[1]:
            message = f'the HTML tag "{shown(first)}" is shown as text'
            yield Found((first, tag[1]), "T112", message, "use Markdown, or put it in `backticks`", warning=True)
        else:
            yield Found((first,), "T111", "an HTML comment would be published", "remove it")


def unclosed(fences: Iterable[Fence]) -> Iterator[Fault]:
    """Yield the fenced code block that has no end."""
    for fence in fences:
        if not fence.closed:
            hint = "end it with as many backticks or tildes as began it"
            yield Fault(fence.start + 1, "T117", "a fenced code block is not closed", hint)


def references(places: Places) -> Iterator[Fault]:
    """Yield the character references, outside code, to what must not be published."""
    for number, line in enumerate(places.masked, 1) if places.mentions("&") else ():
        for reference in _REFERENCE.finditer(line):
            character = unescape(reference[0])
            if character in ("", "\ufffd") or _UNFIT.search(character):
                message = f'"{reference[0]}" stands for a character that must not be published'
                yield Fault(number, "T116", message, "remove it")


def publishable(text: str) -> str:
    """Return ``text`` without the characters that must not be published; those that separate words become blanks."""
    if text.replace("\n", "").isprintable():  # none of them is, and asking is far cheaper than looking for each
        return text
    return _UNFIT.sub("", _SEPARATORS.sub(" ", text))
