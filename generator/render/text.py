"""The only place that makes HTML from an author's text, and that says what is wrong with one before it is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from html import escape, unescape

import nh3

from generator.render import findings, limits
from generator.render.findings import Places, publishable
from generator.render.fragment import Finding, fit, is_allowed
from generator.render.gfm import GfmParser
from generator.render.limits import Excess
from generator.render.markup import Fence, Parsed, Parser, fences
from generator.render.rendered import Fault, Rendered
from generator.render.secrets import secrets
from generator.terms import Dialect

_SANITISER = nh3.Cleaner(
    tags={
        *("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li"),
        *("h4", "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td"),
    },
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener",
)
_TAG = re.compile(r'</?([a-z0-9]+)[^>"]*+(?:"[^"]*+"[^>"]*+)*+>')
_INLINE = frozenset({"a", "code", "del", "em", "strong"})
_CODE = re.compile(r"<code>[^<]*+</code>")


def render(source: str, dialect: Dialect = Dialect.MARKDOWN) -> Rendered:
    """Return ``source``, Markdown, as HTML that is safe to publish, and its faults: a pure function, worth remembering.

    The HTML has our tags only, and none without end. A text that would be too costly to parse comes back as escaped
    paragraphs, with a fault that says why; those that are warnings are marked, see ``CODES``.
    """
    found = _rendered(source, dialect)
    leaks = (
        Fault(line, "T118", f"this looks like {kind}", "remove it, and replace it wherever it is in use")
        for line, kind in secrets(source.replace("\r\n", "\n").replace("\r", "\n"))
    )
    return Rendered(found.html, tuple(sorted({*found.faults, *leaks})))


def to_html(source: str, dialect: Dialect = Dialect.MARKDOWN) -> str:
    """Return ``source``, Markdown, as a fragment of HTML that is safe to publish; see ``render``."""
    return _rendered(source, dialect).html


def faults(source: str, dialect: Dialect = Dialect.MARKDOWN) -> tuple[Fault, ...]:
    """Return what is wrong with ``source``, Markdown, sorted by line; see ``render``."""
    return render(source, dialect).faults


@cache
def _parser(dialect: Dialect) -> Parser | GfmParser:
    return GfmParser() if dialect is Dialect.GFM else Parser()


@lru_cache(maxsize=128)
def _rendered(source: str, dialect: Dialect = Dialect.MARKDOWN) -> Rendered:
    """Return HTML and the faults of the markup; remembered, since a page asks for the same text more than once."""
    lines = _lines(source)
    blocks = tuple(fences(lines))
    try:
        return _parsed(lines, blocks, _parser(dialect))
    except Excess as excess:
        line = excess.fault.line or Places(lines, blocks).line(excess.near.split("\n", 1)[0]) or 1
        return Rendered(_escaped(lines), (replace(excess.fault, line=line),))
    except RecursionError:
        return Rendered(_escaped(lines), (Fault(1, "T110", "the text is nested too deeply", "nest it less"),))


def _parsed(lines: list[str], blocks: tuple[Fence, ...], parser: Parser | GfmParser) -> Rendered:
    """Return what ``lines`` become, and their faults; raise ``Excess`` when they cost too much."""
    limits.examine_lines(lines, blocks)
    parsed = parser.parse(lines, blocks, examine=limits.examine_blocks)
    links = fit(parsed)
    allowed = limits.output_limit(lines)
    limits.examine_result(parsed.root, allowed)
    html = _sanitised(parser.write(parsed.root))
    if len(html) > allowed:
        raise Excess(limits.too_long(allowed))
    return Rendered(html, tuple(_reported(Places(lines, blocks), blocks, parsed, links, html)))


def _reported(
    places: Places, blocks: tuple[Fence, ...], parsed: Parsed, links: tuple[Finding, ...], html: str
) -> Iterator[Fault]:
    """Yield what is wrong with a text that could be parsed."""
    yield from findings.outranking(parsed.headings, places)
    yield from findings.unclosed(blocks)
    yield from findings.references(places)
    defined = [address for address in parsed.definitions if not is_allowed(unescape(address).strip())]
    known = set(parsed.definitions)
    refused = [*defined, *(link.address for link in links if not link.image and link.address not in known)]
    yield from findings.placed(map(findings.refused, refused), places)
    yield from findings.placed((findings.image(link.address) for link in links if link.image), places)
    yield from findings.placed(findings.raw(_words(_CODE.sub("", html))), places)


def _lines(source: str) -> list[str]:
    """Return the lines of ``source``: tabs expanded, no blanks on empty lines, nothing that must not be published."""
    text = publishable(source.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4))
    return [line if line.strip(" ") else "" for line in text.split("\n")]


def _sanitised(html: str) -> str:
    """Return ``html`` with our tags and attributes only, and without what must not be published."""
    return publishable(_SANITISER.clean(html)).replace("&nbsp;", "\u00a0").strip()


def _escaped(lines: list[str]) -> str:
    """Return ``lines`` as paragraphs without any markup."""
    paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip())
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)


def _words(html: str) -> str:
    """Return the text of ``html``; the ends of blocks are blanks."""
    return unescape(_TAG.sub(lambda tag: "" if tag[1] in _INLINE else " ", html))
