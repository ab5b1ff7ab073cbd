"""Slack's own markup to Markdown: names in the place of ids, links, emphasis, and code as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape

from generator.importers.plain_text import as_markdown

Names = Callable[[str], str]
"""A person's name by their id."""

_BLOCK = re.compile(r"```(.*?)```", re.DOTALL)
_CODE = re.compile(r"(`[^`\n]+`)")
_REFERENCE = re.compile(r"<((?:[@#!]|[A-Za-z][A-Za-z0-9+.-]*:)[^<>|\n]*)(?:\|([^<>\n]*))?>")
_BOLD = re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])")
_STRUCK = re.compile(r"(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])")
_BULLET = re.compile(r"^([ \t]*)[•◦▪][ \t]*", re.MULTILINE)
_QUOTE = re.compile(r"^&gt; ?", re.MULTILINE)
_TOGETHER = re.compile(r"[ \t]*(?:- |> |\d+\. )")
_RUN = re.compile(r"`+")


def to_markdown(text: str, names: Names) -> str:
    """Return a message's text as Markdown that shows the same."""
    parts = _BLOCK.split(text)
    found = []
    for index, part in enumerate(parts):
        if index % 2:
            code = unescape(_REFERENCE.sub(lambda match: _plain(match, names), part)).strip("\n")
            fence = "`" * max(3, 1 + max(map(len, _RUN.findall(code)), default=0))
            found.append(f"{fence}\n{code}\n{fence}")
        elif part.strip():
            found.append(_paragraphs(_inline(part.strip("\n"), names)))
    return "\n\n".join(found)


def _inline(text: str, names: Names) -> str:
    pieces = _CODE.split(text)
    return "".join(
        unescape(_REFERENCE.sub(lambda match: _plain(match, names), piece)) if index % 2 else _words(piece, names)
        for index, piece in enumerate(pieces)
    )


def _words(text: str, names: Names) -> str:
    """Return words between pieces of code; links are set aside, so that nothing is changed in them."""
    links: list[str] = []

    def aside(match: re.Match[str]) -> str:
        links.append(_link(match, names))
        return f"\ue000{len(links) - 1}\ue001"

    text = _REFERENCE.sub(aside, text.replace("\ue000", "").replace("\ue001", ""))
    text = _QUOTE.sub("> ", _BULLET.sub(r"\1- ", text))
    text = _STRUCK.sub(r"~~\1~~", _BOLD.sub(r"**\1**", text))
    text = as_inline(unescape(text))
    return re.sub("\ue000(\\d+)\ue001", lambda match: links[int(match[1])], text)


def as_inline(text: str) -> str:
    """Return ``text`` with what would be a heading or a tag made harmless, and the blanks around it as they were."""
    bare = text.strip()
    if not bare:
        return text
    start = text.index(bare)
    return text[:start] + as_markdown(bare) + text[start + len(bare) :]


def _link(match: re.Match[str], names: Names) -> str:
    """Return a reference to a person, a channel or an address as Markdown."""
    target, label = unescape(match[1]), unescape(match[2] or "")
    if not target.startswith(("http://", "https://")) or not label or label == target:
        return _plain(match, names)
    clean = re.sub(r"[\[\]]", "", as_inline(label)).strip() or target
    address = target.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    return f"[{clean}]({address})"


_GROUPS: Mapping[str, str] = {"!here": "@here", "!channel": "@channel", "!everyone": "@everyone"}


def _plain(match: re.Match[str], names: Names) -> str:
    """Return a reference as the words that people see."""
    target, label = unescape(match[1]), unescape(match[2] or "")
    if target.startswith("@"):
        return f"@{names(target[1:])}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return _GROUPS.get(target.split("^")[0], label or f"@{target[1:]}")
    if target.startswith("mailto:"):
        return label or target[7:]
    return target if not label or label == target else f"{label} ({target})"


def _paragraphs(text: str) -> str:
    """Return lines as paragraphs, since every line end counts there; lists and quotations stay together."""
    lines = [line.rstrip() for line in text.split("\n")]
    found: list[str] = []
    for line in lines:
        together = found and _TOGETHER.match(line) and _TOGETHER.match(found[-1])
        if found and line and found[-1] and not together:
            found.append("")
        found.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(found)).strip()


def of_blocks(blocks: object) -> str:
    """Return the words of a message's blocks in Slack's markup, for messages that have no other text."""
    return "\n".join(text for block in _list(blocks) if (text := "".join(_spoken(block)).strip()))


def _spoken(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _spoken(item)
    elif isinstance(node, dict):
        text, reference = node.get("text"), _REFERENCES.get(str(node.get("type")))
        if reference is not None:
            label = f"|{text}" if isinstance(text, str) else ""
            yield reference[0].format(node.get(reference[1], ""), label)
        elif isinstance(text, str):
            yield text
        else:
            for key in ("text", "fields", "elements", "accessory", "title", "alt_text"):
                value = node.get(key)
                yield value if isinstance(value, str) else "".join(_spoken(value))
            yield "\n"


_REFERENCES: Mapping[str, tuple[str, str]] = {
    "user": ("<@{0}>", "user_id"),
    "channel": ("<#{0}>", "channel_id"),
    "broadcast": ("<!{0}>", "range"),
    "emoji": (":{0}:", "name"),
    "link": ("<{0}{1}>", "url"),
}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
