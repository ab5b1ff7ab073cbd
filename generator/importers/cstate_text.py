"""The text of a cState file: ``track`` shortcodes cut it into dated blocks, all else becomes Markdown of ours."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from urllib.parse import unquote, urljoin
from zoneinfo import ZoneInfo

import msgspec

from generator.errors import shown
from generator.importers import prose, tags
from generator.importers.foreign import NaiveTime, moment, slug
from generator.record.fields import is_address
from generator.record.nodes import Mapping
from generator.record.sections import Document
from generator.record.source import Mark, Report

FIRST_LEVEL = 3
"""Headings of an author's text begin at this level; those above belong to the page."""


class Track(msgspec.Struct, frozen=True):
    """A ``track`` shortcode: the time it names, as written, and where it stands."""

    argument: str
    mark: Mark


class Clock:
    """Reads the times of one file; of those without an offset only the first is reported, as all share the cause."""

    def __init__(self, report: Report, zone: ZoneInfo | None) -> None:
        self._report, self._zone = report, zone
        self._naive = False

    def read(self, text: str, mark: Mark) -> datetime | None:
        """Return the moment in UTC, or None after noting why the text is none."""
        try:
            return moment(text, self._zone)
        except NaiveTime:
            if not self._naive:
                hint = "pass --time-zone with the zone it was written in, such as --time-zone UTC"
                self._report.add("I108", mark, f'time "{shown(text)}" has no offset from UTC', hint)
            self._naive = True
        except (ValueError, OverflowError):
            hint = "write it as 2026-02-22 02:51:00 or 2026-02-22T02:51:00+01:00"
            self._report.add("I107", mark, f'"{shown(text)}" is not a time', hint)
        return None


_SHORTCODE = re.compile(r"\{\{([<%])\s{0,9}(/?[\w./-]{1,80})([^\n{}]{0,300}?)/?[>%]\}\}")
_BROKEN_TRACK = re.compile(r"\{\{[<%]\s*track\b")
_QUOTES = "\"'`“”„«»"


def resolver(site: str) -> Callable[[str], str | None]:
    """Return the function that finds the whole address of a link; ``site`` is the old site's, empty when unknown.

    Addresses of issues, systems and pages become those that they will have here.
    """

    def resolve(address: str) -> str | None:
        if is_address(address) or re.match(r"mailto:[^\s@]+@[^\s@]+\Z", address, re.IGNORECASE):
            return _moved(address, site)
        if not site or not address or address.startswith(("#", "//", "\\")) or _SCHEME.match(address):
            return None
        joined = urljoin(f"{site}/", address.lstrip("/"))
        return _moved(joined, site) if is_address(joined) else None

    return resolve


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FOLDERS = {"issues": "incidents/", "affected": "components/", "pages": ""}


def _moved(address: str, site: str) -> str:
    inner = address.removeprefix(f"{site}/") if site else address
    match = re.match(r"(issues|affected|pages)/([^/?#]+)/?(?=[?#]|\Z)", inner) if inner != address else None
    name = slug(unquote(match[2]), "") if match else ""
    return f"{site}/{_FOLDERS[match[1]]}{name}/{inner[match.end() :]}" if match and name else address


def words(document: Document, report: Report, site: str) -> tuple[str | Track, ...]:
    """Return a file's text as runs of our Markdown between its tracks; note comments and other shortcodes.

    ``site`` is the address that the file's links are relative to, empty when it is unknown.
    """
    body = document.lead
    starts = [0, *(match.end() for match in re.finditer("\n", body))]

    def place(offset: int) -> Mark:
        line = bisect_right(starts, offset) - 1
        return document.lead_line + line, offset - starts[line] + 1

    rewriter = tags.Rewriter(resolver(site))
    found: list[str | Track] = []
    for piece in prose.pieces(body):
        if piece.kind is prose.Kind.CODE:
            found.append(piece.text)
        elif piece.kind is prose.Kind.COMMENT:
            _note_comment(piece.text, place(piece.offset), report)
        else:
            found.extend(_plain(piece, place, rewriter, report))
    return (*found, rewriter.finish())


def _note_comment(comment: str, mark: Mark, report: Report) -> None:
    inner = " ".join(comment.removeprefix("<!--").removesuffix("-->").split())
    message = f'the HTML comment "{shown(inner)}" was left out, as no reader saw it'
    report.add("I121", mark, message, "write it out in the imported file if it was meant to be read", warning=True)


def _plain(
    piece: prose.Piece, place: Callable[[int], Mark], rewriter: tags.Rewriter, report: Report
) -> Iterator[str | Track]:
    end = 0
    for match in _SHORTCODE.finditer(piece.text):
        mark = place(piece.offset + match.start())
        yield from _between(piece.text[end : match.start()], piece.offset + end, place, rewriter, report)
        end = match.end()
        if match[2] == "track":
            yield Track(match[3].strip().strip(_QUOTES).strip(), mark)
        else:
            message = f'the shortcode "{shown(match[2])}" has no counterpart and was left as text'
            report.add("I122", mark, message, "replace it in the imported file by what it showed", warning=True)
            yield rewriter.rewrite(match[0])
    yield from _between(piece.text[end:], piece.offset + end, place, rewriter, report)


def _between(
    text: str, offset: int, place: Callable[[int], Mark], rewriter: tags.Rewriter, report: Report
) -> Iterator[str]:
    for match in _BROKEN_TRACK.finditer(text):
        hint = 'write {{< track "2026-02-22 02:51:00" >}}'
        report.add("I110", place(offset + match.start()), "the track shortcode is not closed", hint)
    yield rewriter.rewrite(text)


class Block(msgspec.Struct, frozen=True):
    """The text that one track dates."""

    track: Track
    text: str


def blocks(runs: Sequence[str | Track]) -> tuple[Block, ...]:
    """Return the dated blocks in the order of the file; none when there is no track.

    A track stands below its text, as cState's own examples have it; where a file begins with a track and ends with
    text, it stands above. What is left over after the last track belongs to the last block.
    """
    texts = [""]
    tracks: list[Track] = []
    for run in runs:
        if isinstance(run, Track):
            tracks.append(run)
            texts.append("")
        else:
            texts[-1] += run
    if not tracks:
        return ()
    if not texts[0].strip() and texts[-1].strip():
        del texts[0]
    else:
        texts[-2:] = [f"{texts[-2].rstrip()}\n\n{texts[-1]}" if texts[-1].strip() else texts[-2]]
    tidy = tidied(texts)
    return tuple(Block(track, text) for track, text in zip(tracks, tidy, strict=True))


def whole(runs: Sequence[str | Track]) -> str:
    """Return all of a text that no track divides."""
    return tidied(["".join(run for run in runs if isinstance(run, str))])[0]


def passage(text: str, mark: Mark, report: Report, site: str) -> str:
    """Return a text that stood in a field, as Markdown of ours."""
    return whole(words(Document(Mapping((), mark), text.strip(), mark[0], ()), report, site))


def tidied(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts with their headings below the page's own, without rules that only separated them.

    Each gets the link definitions of the others that it refers to, since it will be rendered on its own.
    """
    highest = min(prose.top_level(text) for text in texts)
    shift = max(0, FIRST_LEVEL - highest)
    if len(texts) > 1:
        texts = _with_definitions([_without_rules(text) for text in texts])
    return tuple(prose.demote(text, shift) for text in texts)


def _without_rules(text: str) -> str:
    lines = text.split("\n")
    while lines and (not lines[0].strip() or prose.RULE.match(lines[0])):
        del lines[0]
    # Right under a text, a row of hyphens would make that text a heading.
    while len(lines) > 1 and (not lines[-1].strip() or (prose.RULE.match(lines[-1]) and not lines[-2].strip())):
        del lines[-1]
    return "\n".join(lines)


_DEFINITION = re.compile(r"^ {0,3}\[([^\]^\n][^\]\n]{0,200})\]:[ \t]+\S[^\n]*$", re.MULTILINE)
_LABEL = re.compile(r"\[([^\[\]\n]{1,200})\]")


def _with_definitions(texts: Sequence[str]) -> list[str]:
    definitions = {match[1].casefold(): match[0] for text in texts for match in _DEFINITION.finditer(text)}
    found = []
    for text in texts:
        own = {match[1].casefold() for match in _DEFINITION.finditer(text)}
        used = {match[1].casefold() for match in _LABEL.finditer(text)} - own if definitions else set()
        missing = [definition for label, definition in definitions.items() if label in used]
        found.append("\n\n".join([text.rstrip(), "\n".join(missing)]) if missing else text)
    return found
