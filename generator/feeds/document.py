"""JSON and XML documents as bytes, free of characters that break a reader; XML is parsed back before it leaves."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers import expat

import msgspec

# What XML 1.0 allows (section 2.2, production Char). Lone surrogates are outside of it, so UTF-8 can hold the rest.
# Seldom met: it is compiled where it is.
_FORBIDDEN = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_NEWLINE = re.compile("\r\n?")
_BREAK = re.compile("[\t\n]+")


def clean(text: str) -> str:
    """Return the text without characters that XML 1.0 forbids, its lines ended as XML parsers end them."""
    # What can be printed is allowed, and there is mostly nothing else; some of the rest is too, spaces above all.
    return text if text.replace("\n", "").isprintable() else _NEWLINE.sub("\n", re.sub(_FORBIDDEN, "", text))


def line(text: str) -> str:
    """Return the text, cleaned, on one line, as a title or a name must be."""
    return (text if text.isprintable() else _BREAK.sub(" ", clean(text))).strip(" ")


def shortened(text: str, limit: int) -> str:
    """Return the text, cut before a word and with an ellipsis where it has more than ``limit`` characters."""
    if len(text) <= limit:
        return text
    start = text[: limit - 1]
    whole = re.sub(r"\s*\S*$", "", start) if not text[limit - 1].isspace() else start
    return f"{(whole if len(whole) > limit // 2 else start).rstrip()}…"


def copied(text: str) -> str:
    """Return an equal text that nobody else holds: one that was encoded has twice its size for as long as it lives."""
    return text.encode().decode()


def instant(moment: datetime) -> str:
    """Return a moment as RFC 3339 writes it, in UTC: ``2026-02-22T02:51:00Z``."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def leaf(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Return a new child of ``parent``. An attribute with ``__`` in its name stands for one with a colon."""
    child = ET.SubElement(parent, name, {key.replace("__", ":"): value for key, value in attributes.items()})
    child.text = text
    return child


def json_bytes(value: object) -> bytes:
    """Return the JSON of a value, in UTF-8."""
    return msgspec.json.encode(value)


def pretty_bytes(value: object) -> bytes:
    """Return the JSON of a value that people read too, in UTF-8: indented, with a line end."""
    return msgspec.json.format(json_bytes(value), indent=2) + b"\n"


def xml_bytes(root: ET.Element) -> bytes:
    """Return the XML of an element, in UTF-8, with its declaration.

    Prefixes are written into names (``atom:link``) and declared as attributes of the root: the library's own way
    would change a table that all of the process shares, and it would look each name up there. Parsing back proves
    that each prefix is declared.
    """
    return proved(f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, chr(10))}\n'.encode())


def proved(data: bytes) -> bytes:
    """Return an XML document that a parser with namespaces reads; raise ExpatError for what it does not."""
    expat.ParserCreate(namespace_separator=" ").ParseFile(BytesIO(data))
    return data


def _element(element: ET.Element, margin: str) -> str:
    """Return an element, its children on lines of their own; ``margin`` is a line end, and how far it is indented."""
    name, text = element.tag, escape(element.text or "", quote=False)
    attributes = (f' {key}="{_attribute(value)}"' for key, value in element.items())
    opened = f"<{name}{''.join(attributes)}"
    if len(element):
        inner = margin + "  "
        text += f"{''.join(inner + _element(child, inner) for child in element)}{margin}"
    return f"{opened}>{text}</{name}>" if text else f"{opened} />"


def _attribute(value: str) -> str:
    """Return an attribute's value, in which a parser would read a line end or a tab as a space."""
    escaped = escape(value, quote=False).replace('"', "&quot;")
    return escaped if value.isprintable() else escaped.replace("\n", "&#10;").replace("\t", "&#09;")
