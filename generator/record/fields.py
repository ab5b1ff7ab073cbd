"""Typed reading of a mapping's values: each reader returns the value, or notes a problem and returns a fallback."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from generator.errors import shown
from generator.record.model import ANY, Mark, Reference, Words
from generator.record.nodes import Mapping, Node, Scalar, Sequence
from generator.record.source import Report

TITLE_LIMIT = 200
ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?\Z")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?"
    r"(?: ?(Z|UTC)| ?([+-])([0-9]{2}):([0-9]{2}))?\Z"
)
_DURATION = re.compile(r"(?:([0-9]{1,3}) d)? ?(?:([0-9]{1,3}) h)? ?(?:([0-9]{1,4}) min)?\Z")

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

ACCEPTABLE = ("P101", "P201", "P202", "P203", "R146")
"""The codes of what a team may knowingly let stand in a record."""


class NotTime(ValueError):
    """A text that is not a time of the accepted forms."""


class NaiveTime(NotTime):
    """A time without its offset from UTC."""


def parse_time(text: str) -> datetime:
    """Return the moment that ``text`` names, in UTC; raise NaiveTime without an offset, else NotTime."""
    match = _TIME.match(text)
    if not match:
        raise NotTime(text)
    year, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups()
    try:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        zone = timezone(offset)
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
        known = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotTime(text) from None
    if not utc and not sign:
        raise NaiveTime(text)
    return known


def unparse_time(moment: datetime) -> str:
    """Return a moment in the form that files use: ``2026-02-22 02:51 UTC``."""
    form = "%Y-%m-%d %H:%M UTC" if moment.second == 0 else "%Y-%m-%d %H:%M:%S UTC"
    return moment.astimezone(UTC).strftime(form)


def parse_minutes(text: str) -> int | None:
    """Return the minutes of a duration such as ``1 h 30 min``; None where the text is none."""
    match = _DURATION.match(text)
    if not match or not any(match.groups()):
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return (days * 24 + hours) * 60 + minutes


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the hint ``did you mean "…"?`` with the most similar known word, or the known words when none is."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known are {', '.join(words[:12])}{' …' if len(words) > 12 else ''}" if words else ""


class Fields:
    """The values of one mapping, read once each; what was not asked for is reported by ``close``."""

    def __init__(self, mapping: Mapping, report: Report) -> None:
        self.report, self.mark = report, mapping.mark
        self._values = {key.text: (key, value) for key, value in mapping.entries}
        self._known: list[str] = []
        self.marks: dict[str, Mark] = {}

    def take(self, name: str, *, required: bool = False) -> Node | None:
        """Return the node of a key; None when it is missing or empty, which is a problem if ``required``."""
        self._known.append(name)
        found = self._values.pop(name, None)
        if found is None:
            if required:
                self.report.add("S102", self.mark, f'key "{name}" is missing', f"add a line `{name}: …`")
            return None
        key, value = found
        self.marks[name] = value.mark if isinstance(value, Scalar) and value.text else key.mark
        if isinstance(value, Scalar) and value.empty:
            if required:
                self.report.add("S102", key.mark, f'key "{name}" has no value', f"write `{name}: …`")
            return None
        return value

    def close(self, internal: Collection[str] = (), home: str = "") -> None:
        """Report the keys that nobody asked for; ``internal`` ones belong into the file ``home``."""
        for name, (key, _) in self._values.items():
            if name in internal:
                message = f'key "{shown(name)}" is internal and must not stand in a public file'
                self.report.add("S112", key.mark, message, f"move it to {home}")
            else:
                self.report.add("S101", key.mark, f'unknown key "{shown(name)}"', nearest(name, self._known))

    def scalar(self, name: str, wanted: str, *, required: bool = False) -> Scalar | None:
        """Return a single value; ``wanted`` says in a problem what was expected."""
        node = self.take(name, required=required)
        if node is None or isinstance(node, Scalar):
            return node
        self.report.add("S103", node.mark, f'"{name}" must be {wanted}', f"write `{name}: …` on one line")
        return None

    def text(self, name: str, *, required: bool = False, limit: int = TITLE_LIMIT) -> str | None:
        """Return a text of one line."""
        node = self.scalar(name, "a text", required=required)
        return None if node is None else self._checked(node, name, limit)

    def _checked(self, node: Scalar, name: str, limit: int) -> str | None:
        text = " ".join(node.text.split())
        if not text or len(text) > limit:
            size = "is empty" if not text else f"has {len(text)} characters, more than {limit}"
            hint = "say it shorter" if text else "say it in a few words"
            self.report.add("S113", node.mark, f'"{name}" {size}', hint)
            return None
        return text

    def words(self, name: str, *, required: bool = False, limit: int = TITLE_LIMIT) -> Words | None:
        """Return a text that is the same in every language, or a map of language to text."""
        node = self.take(name, required=required)
        if node is None:
            return None
        if isinstance(node, Scalar):
            text = self._checked(node, name, limit)
            return None if text is None else Words({ANY: text})
        if isinstance(node, Sequence):
            hint = "write `{en: …, fr: …}`"
            self.report.add("S103", node.mark, f'"{name}" must be a text, or one per language', hint)
            return None
        found: dict[str, str] = {}
        for key, value in node.entries:
            if not LANGUAGE.match(key.text):
                self.report.add("S107", key.mark, f'"{shown(key.text)}" is not a language', "write en, fr, pt-BR …")
            elif not isinstance(value, Scalar):
                self.report.add("S103", value.mark, f'"{name}.{key.text}" must be a text', "write it on one line")
            elif (text := self._checked(value, f"{name}.{key.text}", limit)) is not None:
                found[key.text] = text
                self.marks[f"{name}.{key.text}"] = key.mark
        return Words(found) if found else None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean: ``true`` or ``false``, nothing else."""
        node = self.scalar(name, "true or false")
        if node is None:
            return default
        if not node.plain or node.text not in ("true", "True", "TRUE", "false", "False", "FALSE"):
            hint = f"`{shown(node.text)}` is a text here"
            self.report.add("S121", node.mark, f'"{name}" must be true or false', hint)
            return default
        return node.text.lower() == "true"

    def time(self, name: str, *, required: bool = False) -> datetime | None:
        """Return a moment in UTC."""
        node = self.scalar(name, "a time", required=required)
        return None if node is None else read_time(node.text, node.mark, self.report)

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Return a calendar day."""
        node = self.scalar(name, "a day", required=required)
        return None if node is None else self._day(node)

    def _day(self, node: Scalar) -> date | None:
        try:
            return date.fromisoformat(node.text if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", node.text) else "")
        except ValueError:
            self.report.add("S122", node.mark, f'"{shown(node.text)}" is not a day', "write it as 2026-02-22")
            return None

    def day_or_moment(self, name: str) -> date | None:
        """Return a calendar day: as written, or in UTC that of a moment."""
        node = self.scalar(name, "a day")
        if node is not None and ":" in node.text:
            moment = read_time(node.text, node.mark, self.report)
            return None if moment is None else moment.date()
        return None if node is None else self._day(node)

    def minutes(self, name: str) -> int | None:
        """Return a duration in whole minutes."""
        node = self.scalar(name, "a duration")
        if node is None:
            return None
        minutes = parse_minutes(node.text)
        if minutes is None:
            hint = "write it as 5 min, 1 h, 1 h 30 min or 1 d"
            self.report.add("S120", node.mark, f'"{shown(node.text)}" is not a duration', hint)
        return minutes

    def identity(self, name: str, *, required: bool = False) -> str | None:
        """Return an id: small letters, digits and hyphens."""
        node = self.scalar(name, "an id", required=required)
        return None if node is None else self._identity(node)

    def _identity(self, node: Scalar) -> str | None:
        if ID.match(node.text):
            return node.text
        hint = "use a-z, 0-9 and - between them, at most 100 characters"
        self.report.add("S114", node.mark, f'"{shown(node.text)}" is not an id', hint)
        return None

    def choice(self, name: str, kind: type[E], code: str = "S119", *, required: bool = False) -> E | None:
        """Return the member of ``kind`` that the value names."""
        node = self.scalar(name, "one word", required=required)
        return None if node is None else read_choice(node, kind, name, code, self.report)

    def address(self, name: str, *, required: bool = False) -> str | None:
        """Return an absolute http or https address."""
        node = self.scalar(name, "an address", required=required)
        if node is None:
            return None
        if not is_address(node.text):
            hint = "write https://…"
            self.report.add("S115", node.mark, f'"{shown(node.text)}" is not a web address', hint)
            return None
        return node.text

    def many(self, name: str, read: Callable[[Node], T | None], *, limit: int, wanted: str) -> tuple[T, ...]:
        """Return what ``read`` makes of each item of a list, without those that it refused."""
        node = self.take(name)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.report.add("S103", node.mark, f'"{name}" must be a list of {wanted}', f"write `{name}: [ … ]`")
            return ()
        if len(node.items) > limit:
            self.report.add("S118", node.mark, f'"{name}" has {len(node.items)} items, more than {limit}', "shorten it")
            return ()
        return tuple(value for item in node.items if (value := read(item)) is not None)

    def identities(self, name: str, *, limit: int = 50) -> tuple[str, ...]:
        """Return a list of ids, each once, and mark each as ``name.id``."""

        def read(item: Node) -> str | None:
            if not isinstance(item, Scalar):
                self.report.add("S103", item.mark, f'"{name}" must be a list of ids', f"write `{name}: [one, two]`")
                return None
            value = self._identity(item)
            if value is not None:
                self.marks[f"{name}.{value}"] = item.mark
            return value

        return tuple(dict.fromkeys(self.many(name, read, limit=limit, wanted="ids")))

    def accepted(self) -> tuple[str, ...]:
        """Return what the team lets stand: codes of checks, each for all of the record or, as ``P101.ada``, for one."""

        def read(item: Node) -> str | None:
            code, dot, one = item.text.partition(".") if isinstance(item, Scalar) else ("", "", "")
            if code in ACCEPTABLE and bool(dot) == bool(ID.match(one)):
                return f"{code}{dot}{one}"
            word = shown(item.text) if isinstance(item, Scalar) else "…"
            hint = f"write `accept: [P101.ada]`; known are {', '.join(ACCEPTABLE)}"
            self.report.add("S134", item.mark, f'"{word}" cannot be accepted', hint)
            return None

        return self.many("accept", read, limit=50, wanted="codes of checks")

    def inner(self, item: Node, wanted: str) -> Fields | None:
        """Return the fields of a nested mapping; None after noting that it is something else."""
        if isinstance(item, Mapping):
            return Fields(item, self.report)
        self.report.add("S103", item.mark, f"expected {wanted}", "write `key: value` lines")
        return None

    def references(self, name: str) -> tuple[Reference, ...]:
        """Return a list of named addresses."""

        def read(item: Node) -> Reference | None:
            fields = self.inner(item, "a link with label and url")
            if fields is None:
                return None
            label, url = fields.words("label", required=True), fields.address("url", required=True)
            fields.close()
            return Reference(label, url) if label and url else None

        return self.many(name, read, limit=20, wanted="links")


def read_time(text: str, mark: Mark, report: Report) -> datetime | None:
    """Return the moment in UTC, or None after noting why the text is none."""
    try:
        return parse_time(text)
    except NaiveTime:
        hint = f"write `{text} UTC`, or the offset as in `{text}+01:00`"
        report.add("S109", mark, f'time "{shown(text)}" has no time zone', hint)
    except NotTime:
        report.add("S110", mark, f'"{shown(text)}" is not a time', "write it as 2026-02-22 02:51 UTC")
    return None


def read_choice(node: Scalar, kind: type[E], name: str, code: str, report: Report) -> E | None:
    """Return the member of ``kind`` that a scalar names, or None after noting the known ones."""
    try:
        return kind(node.text)
    except ValueError:
        report.add(code, node.mark, f'unknown {name} "{shown(node.text)}"', nearest(node.text, [str(m) for m in kind]))
        return None


def is_address(text: str) -> bool:
    """Return whether ``text`` is an absolute http or https address with a host and without spaces or credentials."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and not re.search(r"[\s\\<>\"]", text)
            and parts.port != 0
        )
    except ValueError:
        return False
