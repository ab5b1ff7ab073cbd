"""A situation as Slack's Block Kit: within the limits that Slack refuses to exceed, and nothing in it that it obeys."""

from __future__ import annotations

import re
from typing import Any

from generator.briefing import Situation
from generator.record.fields import unparse_time

# https://docs.slack.dev/reference/block-kit/blocks: of a header, a section, one of its fields, their number.
HEADER, SECTION, FIELD, FIELDS = 150, 3000, 2000, 10

_LINK = re.compile(r"(?<!!)\[([^\[\]]+)\]\((https?://[^\s()]+)\)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_ITEM = re.compile(r"^(\s*)[-*+] +", re.MULTILINE)


def as_slack(one: Situation) -> dict[str, Any]:
    """Return a message as ``chat.postMessage`` and webhooks take it: ``text`` for notifications, and ``blocks``."""
    told = [(label, value) for label, value in one.lines() if label != "Commander" and label not in dict(one.roles)]
    people = [("Commander", one.commander or "nobody yet"), *one.roles]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(one.title, HEADER), "emoji": False}},
        *_fields(told),
        {"type": "section", "text": _mrkdwn(f"*Details*\n{mrkdwn(one.details) or '–'}", SECTION)},
        *_fields(people),
        {"type": "context", "elements": [_mrkdwn(f"{one.elapsed}, as of {unparse_time(one.at)}", FIELD)]},
        {"type": "context", "elements": [_mrkdwn(f"<{one.url}|{escaped(one.id)}>", FIELD)]},
    ]
    return {"text": _cut(escaped(f"{one.elapsed}: {one.title} ({one.status})"), SECTION), "blocks": blocks}


def _fields(pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return sections with a field for each pair, as many as a section holds."""
    fields = [_mrkdwn(f"*{escaped(label)}*\n{escaped(value)}", FIELD) for label, value in pairs]
    return [{"type": "section", "fields": fields[n : n + FIELDS]} for n in range(0, len(fields), FIELDS)]


def _mrkdwn(text: str, limit: int) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": _cut(text, limit), "verbatim": True}


def _cut(text: str, limit: int) -> str:
    """Return the text in at most so many characters, never ending within an entity."""
    if len(text) <= limit:
        return text
    return re.sub(r"&[a-z]{0,4}\Z", "", text[: limit - 1]) + "…"


def escaped(text: str) -> str:
    """Return a text in which Slack finds no mention, channel or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(markdown: str) -> str:
    """Return an author's Markdown in Slack's own dialect: links, strong words, headings and lists."""
    text = _LINK.sub(r"<\2|\1>", escaped(markdown))
    text = _BOLD.sub(lambda found: f"*{found[1] or found[2]}*", text)
    return _ITEM.sub(r"\1• ", _HEADING.sub(r"*\1*", text))
