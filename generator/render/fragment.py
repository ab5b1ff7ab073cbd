"""The elements of an author's text made fit for a page: addresses vetted, images made links, headings ranked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from generator.render.markup import Parsed

_ALLOWED = re.compile(r"(?i:https?://[^\s/\\?#@]|mailto:[^\s@/\\:]+@[^\s@/\\]+)")
_CODE = re.compile("\x02code:(\\d+)\x03")
_ESCAPE = re.compile("\x02(\\d+)\x03")
# Text that nobody can see or hear: blanks, soft hyphens, joiners and marks of direction.
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]*+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIGHEST, _LOWEST = 4, 6


class Finding(NamedTuple):
    """An address that was refused, or that of an image whose description is shown instead."""

    address: str
    image: bool


def is_allowed(address: str) -> bool:
    """Return whether a link may lead to ``address``: a whole http or https address, or one of mail."""
    if not _ALLOWED.match(address):
        return False
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def fit(parsed: Parsed) -> tuple[Finding, ...]:
    """Change the elements of ``parsed`` into those of a page; return what an author should know of.

    Headings are h4 at the highest, and never skip a level. A link without text shows its address; one within
    another, or with an address that is not allowed, is text only (``span``, which the sanitiser takes off).
    """
    findings: list[Finding] = []
    level = _HIGHEST - 1
    for element in parsed.root.iter():
        _restore(element, parsed.codes)
        if element.tag == "a":
            findings += _fit_link(element)
        elif element.tag == "img":
            findings += _fit_image(element)
        elif element.tag in _HEADINGS:
            level = min(max(int(element.tag[1]) + 1, _HIGHEST), level + 1, _LOWEST)
            element.tag = f"h{level}" if _seen("".join(element.itertext())) else "p"
        elif element.tag == "ol" and not _is_number(element.get("start", "1")):
            del element.attrib["start"]
    for child in parsed.root:
        child.tail = child.tail or "\n"
    return tuple(findings)


def _restore(element: Element, codes: tuple[str, ...]) -> None:
    """Put back what the parser took out of the text: escaped characters and fenced code."""
    text, tail = element.text, element.tail
    if text and "\x02" in text:
        fenced = _CODE.fullmatch(text)
        if fenced and element.tag == "p":
            element.tag, element.text = "pre", None
            SubElement(element, "code").text = AtomicString(codes[int(fenced[1])])
        else:
            element.text = _restored(text, codes)
    if tail and "\x02" in tail:
        element.tail = _restored(tail, codes)
    for key, value in element.items():
        if "\x02" in value:
            element.set(key, _restored(value, codes))


def _restored(text: str, codes: tuple[str, ...]) -> str:
    return _CODE.sub(lambda m: codes[int(m[1])], _ESCAPE.sub(lambda m: chr(int(m[1])), text))


def _fit_link(link: Element) -> Iterator[Finding]:
    address = link.get("href", "")
    plain = unescape(address).strip()
    if not is_allowed(plain):
        yield Finding(address, image=False)
        if link.text == address and not address.startswith("http"):
            link.text = f"<{address}>"
        link.tag = "span"
        link.attrib.clear()
        return
    for inner in link.iter():
        if inner.tag in ("a", "img") and inner is not link:
            if inner.tag == "img":
                yield Finding(inner.get("src", ""), image=True)
                inner.text = inner.get("alt")
            inner.tag = "span"
            inner.attrib.clear()
    _name(link, address)


def _fit_image(image: Element) -> Iterator[Finding]:
    """Make of an image a link that shows its alternative text, or only the text when its address is not allowed."""
    address, title = image.get("src", ""), image.get("title")
    allowed = is_allowed(unescape(address).strip())
    yield Finding(address, image=allowed)
    image.text = image.get("alt") or title
    image.attrib.clear()
    if allowed:
        image.tag = "a"
        _name(image, address)
        if title and title != image.text:
            image.set("title", title)
    else:
        image.tag = "span"
        image.text = image.text or address


def _name(link: Element, address: str) -> None:
    """Set the address of ``link``, blanks encoded, and give it a text when it has none that can be seen."""
    link.set("href", "%20".join(address.split()))
    if not _seen("".join(link.itertext())):
        link.text = address.removeprefix("mailto:")


def _seen(text: str) -> bool:
    return not _UNSEEN.fullmatch(unescape(text))


def _is_number(start: str) -> bool:
    return start.isascii() and len(start) < 10
