"""One cState issue file to an incident, or to the reasons why it cannot be one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from generator.errors import Problem, shown
from generator.importers import cstate_text, hugo
from generator.importers.cstate_timeline import Entry, Step, timeline
from generator.importers.foreign import SourceReport, slug
from generator.record.fields import TITLE_LIMIT, nearest
from generator.record.nodes import Scalar
from generator.record.schema import BODY_LIMIT, COMPONENT_LIMIT, UPDATE_LIMIT
from generator.record.source import Mark, Report
from generator.terms import Phase

SEVERITIES = ("down", "disrupted", "notice")

_MEANINGLESS = frozenset(("section", "type", "layout", "lastmod", "weight"))
"""Keys that only steer Hugo; nothing is lost without them."""

_NO_COUNTERPART = frozenset(("pin", "toc", "automated", "id", "slug", "url", "aliases", "expirydate", "publishdate"))
"""Keys that cState or Hugo knows and that nothing here takes the place of."""

_TAKEN = ("title", "date", "severity", "resolved", "resolvedWhen", "affected", "informational", "draft", "description")
_TAGS = ("tags", "categories", "keywords")


class Named(msgspec.Struct, frozen=True):
    """A system as an issue names it, and where."""

    name: str
    mark: Mark


class Issue(msgspec.Struct, frozen=True):
    """What an issue says; ``end`` is None while it goes on, ``steps`` are in order of time."""

    source: str
    title: str
    severity: str
    start: datetime
    end: datetime | None
    affected: tuple[Named, ...]
    tags: tuple[str, ...]
    draft: bool
    steps: tuple[Step, ...]

    @property
    def started(self) -> datetime:
        """Return when it began: its own date, or its first word where that was earlier."""
        return min(self.start, self.steps[0].at)

    @property
    def last(self) -> datetime:
        """Return the time of its last word or of its end, whichever is later."""
        return max(self.steps[-1].at, self.end or self.start)


def read_issue(
    root: Path, path: str, *, site: str, zone: ZoneInfo | None, now: datetime | None
) -> tuple[Issue | None, tuple[Problem, ...]]:
    """Return what the issue at ``path`` says, None when it cannot be taken over, and all that is wrong with it.

    ``site`` is the address of the site that it stands on, empty when it is unknown.
    """
    report = SourceReport(path)
    page = hugo.read_page(root, path, report)
    if page is None:
        return None, tuple(report.problems)
    keys, document = page
    reader = _Reader(keys, report, site, zone, now)
    issue = reader.read(cstate_text.words(document, report, site))
    note_unknown(keys, report, _TAKEN)
    return (None if report.failed else issue), tuple(report.problems)


class _Reader:
    """Reads the parts of one issue and notes all their faults before it gives up."""

    def __init__(self, keys: hugo.Keys, report: Report, site: str, zone: ZoneInfo | None, now: datetime | None) -> None:
        self.keys, self.report, self.site, self.now = keys, report, site, now
        self.clock = cstate_text.Clock(report, zone)

    def read(self, runs: tuple[str | cstate_text.Track, ...]) -> Issue | None:
        keys = self.keys
        informational = bool(keys.flag("informational"))
        title, severity = self._title(), self._severity(informational=informational)
        start, blocks = self._time(self._required("date", "add a line `date: …`")), cstate_text.blocks(runs)
        entries = [Entry(at, block.text) for block in blocks if (at := self._at(block.track)) is not None]
        end = self._end(start, [entry.at for entry in entries], informational=informational)
        affected = self._affected()
        tags = tuple(dict.fromkeys(slug(tag.text, "") for name in _TAGS for tag in keys.names(name)))
        draft = bool(keys.flag("draft"))
        if start is None or severity is None or len(entries) < len(blocks):
            return None
        texts = self._described(entries or [Entry(start, cstate_text.whole(runs))])
        steps = timeline(texts, start=start, end=end, tracked=bool(blocks))
        if informational and not blocks and start == end:
            steps = (Step(Phase.RESOLVED, start, texts[0].text),)
        self._check_size(steps)
        return Issue(self.report.path, title, severity, start, end, affected, tuple(filter(None, tags)), draft, steps)

    def _title(self) -> str:
        node = self._required("title", "add a line `title: …`")
        title = " ".join(node.text.split()) if node else ""
        if node and len(title) > TITLE_LIMIT:
            message = f"the title has {len(title)} characters, more than {TITLE_LIMIT}"
            self.report.add("I111", node.mark, message, "shorten it and move words into the text")
        return title

    def _severity(self, *, informational: bool) -> str | None:
        if informational:
            node = self.keys.scalar("severity")
            hint = "see whether it should be an incident at all"
            message = 'an informational post became an incident of severity "notice" that affects nothing'
            mark = node.mark if node else self.keys.mark
            self.report.add("I123", mark, message, hint, warning=True)
            return "notice"
        node = self._required("severity", "add a line `severity: down`, disrupted or notice")
        if node is None:
            return None
        word = node.text.strip().casefold()
        if word not in SEVERITIES:
            self.report.add("I109", node.mark, f'unknown severity "{shown(node.text)}"', nearest(word, SEVERITIES))
            return None
        return word

    def _required(self, name: str, hint: str) -> Scalar | None:
        if self.keys.missing(name):
            self.report.add("I106", self.keys.mark, f'key "{name}" is missing or empty', hint)
            return None
        return self.keys.scalar(name)

    def _time(self, node: Scalar | None) -> datetime | None:
        return None if node is None else self._not_ahead(self.clock.read(node.text, node.mark), node.text, node.mark)

    def _at(self, track: cstate_text.Track) -> datetime | None:
        return self._not_ahead(self.clock.read(track.argument, track.mark), track.argument, track.mark)

    def _not_ahead(self, at: datetime | None, text: str, mark: Mark) -> datetime | None:
        if at is not None and self.now is not None and at > self.now + timedelta(days=365):
            self.report.add("I107", mark, f'"{shown(text)}" is more than a year ahead', "correct the year")
            return None
        return at

    def _end(self, start: datetime | None, tracks: list[datetime], *, informational: bool) -> datetime | None:
        """Return when the issue was resolved; None while it is open, or after noting what is wrong."""
        resolved, node = self.keys.flag("resolved"), self.keys.scalar("resolvedWhen")
        if not resolved and not (informational and resolved is None):
            if node is not None and (resolved is False or self.keys.missing("resolved")):
                hint = "say `resolved: true` if it is over"
                message = "resolvedWhen is ignored, as the issue is not resolved"
                self.report.add("I124", node.mark, message, hint, warning=True)
            return None
        known = [*tracks, *([start] if informational and start else [])]
        end = self._time(node) if node else max(known, default=None)
        if node is None and end is None:
            hint = "add a line `resolvedWhen: …`"
            self.report.add("I106", self.keys.mark, "the issue is resolved, but nothing says when", hint)
        if node is not None and start is not None and end is not None and end < start:
            hint = "correct date or resolvedWhen"
            self.report.add("I112", node.mark, f'the end "{shown(node.text)}" is before the start', hint)
        return end

    def _affected(self) -> tuple[Named, ...]:
        names = self.keys.names("affected")
        for node in names:
            if len(node.text) > TITLE_LIMIT:
                message = f"a system's name has {len(node.text)} characters, more than {TITLE_LIMIT}"
                self.report.add("I111", node.mark, message, "name it shorter")
        if len(names) > COMPONENT_LIMIT:
            message = f"{len(names)} systems are affected, more than {COMPONENT_LIMIT}"
            self.report.add("I111", names[COMPONENT_LIMIT].mark, message, "name the main ones")
        return tuple(Named(" ".join(node.text.split()), node.mark) for node in names)

    def _described(self, entries: list[Entry]) -> list[Entry]:
        """Return the entries with the issue's description above the oldest text, unless it says the same."""
        node = self.keys.scalar("description")
        description = cstate_text.passage(node.text, node.mark, self.report, self.site) if node else ""
        oldest = min(range(len(entries)), key=lambda index: entries[index].at)
        entry = entries[oldest]
        if not description or description in entry.text:
            return entries
        return [*entries[:oldest], Entry(entry.at, f"{description}\n\n{entry.text}".rstrip()), *entries[oldest + 1 :]]

    def _check_size(self, steps: tuple[Step, ...]) -> None:
        if len(steps) > UPDATE_LIMIT:
            message = f"{len(steps)} updates, more than {UPDATE_LIMIT}"
            self.report.add("I111", self.keys.mark, message, "divide the issue in two")
        for step in steps:
            size = len(step.text.encode("utf-8"))
            if size > BODY_LIMIT:
                message = f"an update of {size} bytes, more than {BODY_LIMIT}"
                self.report.add("I111", self.keys.mark, message, "shorten the text, or date its parts with track")


def note_unknown(keys: hugo.Keys, report: Report, known: Iterable[str]) -> None:
    """Warn of each key that nobody asked for, unless it only steers Hugo; ``known`` are those that it may stand for."""
    for key in keys.unasked():
        name = key.text.casefold()
        if name in _NO_COUNTERPART:
            message, hint = (
                f'key "{shown(key.text)}" has no counterpart',
                "nothing to do, unless readers should know what it said",
            )
        elif name not in _MEANINGLESS:
            close = nearest(key.text, known)
            hint = close if close.startswith("did") else "write what it said into the imported file"
            message = f'unknown key "{shown(key.text)}" was left out'
        else:
            continue
        report.add("I120", key.mark, message, hint, warning=True)
