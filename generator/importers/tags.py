"""Raw HTML, pictures and links in foreign Markdown to what ours shows, without losing a word.

Ours renders no raw HTML, loads no pictures, and links to whole web addresses only.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# An address or a mailbox in angle brackets, else a tag: slash, name, attributes.
_ANGLED = re.compile(
    r"<(?:https?://[^\s<>]+|mailto:[^\s<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>"
    r"|<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[\s/][^<>]*)?)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_STRAY = re.compile(r"<(?=[A-Za-z/!?])")
_LINKED_PICTURE = re.compile(r"\[!\[([^\]]{0,500})\]\(\s{0,9}<?([^\s()<>]{1,2000})>?[^()\n]{0,500}\)\]")
_PICTURE = re.compile(r"!\[([^\]]{0,500})\](?=\(\s{0,9}<?([^\s()<>]{1,2000}))")
_TARGET = re.compile(r"\]\(\s{0,9}(<[^<>\n]{0,2000}>|(?:[^\s()<>]|\([^\s()<>]{0,500}\)){0,2000})(?=[\s)])")
_DEFINITION = re.compile(r"^( {0,3})(\[[^\]^\n][^\]\n]{0,200}\]:[ \t]*)<?([^\s<>]{1,2000})>?", re.MULTILINE)
_NAMED_PICTURE = re.compile(r"!(?=\[[^\]]{1,500}\]\[[^\]]{0,500}\])")

_MARKUP = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`", "kbd": "`", "br": "  \n",
    "p": "\n\n", "div": "\n\n", "section": "\n\n", "details": "\n\n", "summary": "\n\n", "center": "\n\n",
    "pre": "\n\n", "ul": "\n\n", "ol": "\n\n", "blockquote": "\n\n", "table": "\n\n", "tr": "\n\n", "hr": "\n\n---\n\n",
    "thead": "", "tbody": "", "td": " ", "th": " ", "span": "", "small": "", "u": "", "sub": "", "sup": "",
    "ins": "", "del": "", "s": "", "mark": "", "font": "",
}  # fmt: skip
"""What opening and closing tags of HTML turn into; all others, and what only looks like a tag, stay visible."""

_LOOKS = frozenset(
    (
        *("align", "border", "cellpadding", "cellspacing", "class", "color", "colspan", "dir", "height", "id", "lang"),
        *("loading", "rel", "role", "rowspan", "size", "style", "target", "valign", "width"),
    )
)
"""Attributes that say nothing to a reader; a tag with any other stays visible."""

_OPENING_MARKUP = {"li": "\n- ", **{f"h{level}": f"\n\n{'#' * level} " for level in range(1, 7)}}
_CLOSING_MARKUP = {"li": "", **{f"h{level}": "\n\n" for level in range(1, 7)}}


class Rewriter:
    """Turns raw HTML and pictures of consecutive plain texts into Markdown; remembers the links that are open.

    ``resolve`` returns the whole web address that a link's address stands for, or None where there is none: then the
    address is shown as text.
    """

    def __init__(self, resolve: Callable[[str], str | None]) -> None:
        self._resolve = resolve
        self._links: list[str] = []

    def rewrite(self, text: str) -> str:
        """Return plain ``text`` with the same words, tags turned into Markdown or made visible."""
        text = _LINKED_PICTURE.sub(self._linked_picture, text)
        text = _PICTURE.sub(lambda m: f"[{m[1] or _last(m[2])}]", text)
        text = _NAMED_PICTURE.sub("", text)
        text = _DEFINITION.sub(self._definition, _TARGET.sub(self._target, text))
        parts: list[str] = []
        end = 0
        for match in _ANGLED.finditer(text):
            parts.append(_STRAY.sub("&lt;", text[end : match.start()]))
            parts.append(match[0] if match[2] is None else self._tag(match))
            end = match.end() + (parts[-1] == "  \n" and text.startswith("\n", match.end()))
        return "".join([*parts, _STRAY.sub("&lt;", text[end:])])

    def finish(self) -> str:
        """Return what closes the links that are still open."""
        return "".join(f"\n{self._closed()}" for _ in tuple(self._links))

    def _linked_picture(self, match: re.Match[str]) -> str:
        found = self._resolve(match[2])
        return f"{f'<{found}>' if found else match[2]} [{match[1] or _last(match[2])}]"

    def _target(self, match: re.Match[str]) -> str:
        address = match[1].strip("<>")
        found = self._resolve(address)
        if found == address:
            return match[0]
        return f"] ({address}" if found is None else f"]({found}"

    def _definition(self, match: re.Match[str]) -> str:
        found = self._resolve(match[3])
        # Without an address to lead to, it is a line of text.
        return f"{match[1]}\\{match[2]}{match[3]}" if found is None else f"{match[1]}{match[2]}{found}"

    def _closed(self) -> str:
        return f"]{self._led(self._links.pop())}"

    def _led(self, address: str) -> str:
        found = self._resolve(address)
        return f" ({address})" if found is None else f"({found})"

    def _tag(self, match: re.Match[str]) -> str:
        closing, name, attributes = bool(match[1]), match[2].lower(), _attributes(match[3])
        if attributes is None:
            return _visible(match[0])
        if name == "img" and not closing:
            return self._picture(attributes) or _visible(match[0])
        if name == "a" and attributes.keys() - _LOOKS <= {"href"}:
            return self._link(attributes.get("href", ""), match[0], closing=closing)
        special = _CLOSING_MARKUP if closing else _OPENING_MARKUP
        markup = special.get(name, _MARKUP.get(name))
        return _visible(match[0]) if markup is None or attributes.keys() - _LOOKS else markup

    def _picture(self, attributes: dict[str, str]) -> str:
        source = attributes.get("src", "")
        if not source or re.search(r"[\s()<>]", source) or attributes.keys() - _LOOKS - {"src", "alt"}:
            return ""
        return f"[{attributes.get('alt') or _last(source)}]{self._led(source)}"

    def _link(self, address: str, tag: str, *, closing: bool) -> str:
        if closing:
            return self._closed() if self._links else _visible(tag)
        if not address or re.search(r"[\s()<>]", address):
            return _visible(tag)
        self._links.append(address)
        return "["


def _visible(tag: str) -> str:
    return "&lt;" + tag[1:]


def _last(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2] or address


def _attributes(rest: str) -> dict[str, str] | None:
    """Return a tag's attributes; None when something else stands there too, so that it is no tag but words."""
    if _ATTRIBUTE.sub("", rest).strip("/ \t\n"):
        return None
    return {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(rest)}
