"""What a page gets on its way to the browser, and in no output: the script that listens for news, and leave for it."""

from __future__ import annotations

import re
from html import escape, unescape

STYLE, SCRIPT, EVENTS = "/.statique/live.css", "/.statique/live.js", "/.statique/events"

_HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)
_META = re.compile(rb"""<meta\b[^>]*\bhttp-equiv\s*=\s*["']?content-security-policy\b[^>]*>""", re.IGNORECASE)
_CONTENT = re.compile(rb"""(\bcontent\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NEEDED = ("script-src", "style-src", "connect-src")


def injected(page: bytes, tag: str) -> bytes:
    """Return an HTML page with our script, which knows the page by ``tag``, and a policy that lets it run."""
    ours = f'<link rel="stylesheet" href="{STYLE}">\n<script src="{SCRIPT}" data-tag="{tag}" defer></script>\n'.encode()
    page = _META.sub(lambda meta: _CONTENT.sub(_allowing, meta[0]), page)
    end = _HEAD_END.search(page)
    return page[: end.start()] + ours + page[end.start() :] if end else page + ours


def _allowing(content: re.Match[bytes]) -> bytes:
    value = content[2] if content[2] is not None else content[3]
    policy = escape(allowing(unescape(value.decode("utf-8", "replace"))))
    return content[1] + b'"' + policy.encode() + b'"'


def allowing(policy: str) -> str:
    """Return a Content-Security-Policy that also allows scripts, styles and events from the page's own address.

    Source: CSP level 3; where a directive is missing, ``default-src`` holds.
    """
    found = [directive.split() for directive in policy.split(";") if directive.strip()]
    rules = {name.lower(): sources for name, *sources in reversed(found)}  # of two alike, the first one counts
    for name in _NEEDED:
        sources = rules.get(name, rules.get("default-src"))
        if sources is not None and "'self'" not in sources:
            rules[name] = [*(one for one in sources if one.lower() != "'none'"), "'self'"]
    order = dict.fromkeys([*(name.lower() for name, *_ in found), *rules])
    return "; ".join(" ".join((name, *rules[name])) for name in order)
