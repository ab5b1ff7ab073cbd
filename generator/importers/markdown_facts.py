"""What the front matter of a free postmortem tells, in the keys that people use; the rest is kept as words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from generator.importers.cstate_text import passage
from generator.importers.foreign import EARLIEST, NaiveTime, SourceReport, moment, slug
from generator.record.fields import ID, TITLE_LIMIT, is_address
from generator.record.nodes import Mapping, Node, Scalar, Sequence

PUBLISHED = ("published", "published_at", "source_published_at", "date", "created", "start_time", "started", "start")
STARTED, ENDED = ("start_time", "started", "start"), ("end_time", "ended", "end", "resolved")
TAGS = ("tags", "keywords", "categories", "labels", "topics")
LINKS = {
    "url": "Source",
    "link": "Source",
    "source": "Source",
    "document_url": "Document",
    "archive_url": "Archived copy",
}
MOST_TAGS = 50

_UTC = ZoneInfo("UTC")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
_DURATION = re.compile(
    r"(?:(\d{1,3}) ?d(?:ays?)?)?[ ,]*(?:and )?(?:(\d{1,3}) ?h(?:(?:ou)?rs?)?)?"
    r"[ ,]*(?:and )?(?:(\d{1,4}) ?m(?:in(?:ute)?s?)?)?\.?",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"^[ \t]*(?:[-*+] )?(?:\*\*|__)?(date|duration|severity)(?:\*\*|__)?:(?:\*\*|__)?[ \t]*(\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)


class Known(msgspec.Struct, frozen=True):
    """What a site has names for: incidents, components, and severities with their aliases in small letters."""

    incidents: Collection[str] = ()
    components: Collection[str] = ()
    severities: Collection[str] = ()


class Facts(msgspec.Struct, frozen=True):
    """What is known of a postmortem beside its text; ``others`` are lines of what has no place of its own."""

    title: str
    published: date | None
    severity: str | None
    duration: str | None
    incident: str | None
    components: tuple[str, ...]
    tags: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    summary: str
    draft: bool
    others: tuple[str, ...]


def read_facts(front: Mapping, body: str, known: Known, report: SourceReport) -> Facts:
    """Return the facts of a front matter, and of lines such as ``**Severity**: SEV1`` in the text, which stay there."""
    keys = _Words(front)
    said = {match[1].lower(): match[2].strip("* ") for match in _LINE.finditer(body[:4000])}
    title = " ".join(keys.take("title", "name").split())
    published = _published(keys) or _day(said.get("date", ""))
    summary = keys.take("summary", "description", "abstract")
    return Facts(
        title, published, _severity(keys, said, known), _duration(keys, said),
        keys.one_of(known.incidents, "incident", "incident_id"),
        keys.all_of(known.components, "components", "services"),
        _tags(keys), tuple(_links(keys)), passage(summary, front.mark, report, "") if summary else "",
        keys.take("draft").lower() == "true", tuple(keys.others(report)),
    )  # fmt: skip


class _Words:
    """The values of a front matter as words, each taken once."""

    def __init__(self, front: Mapping) -> None:
        self._values = {key.text.casefold().replace("-", "_"): (key, value) for key, value in front.entries}
        self._mark = front.mark

    def peek(self, name: str) -> str:
        """Return a value without taking it."""
        found = self._values.get(name)
        return found[1].text.strip() if found and isinstance(found[1], Scalar) and not found[1].empty else ""

    def take(self, *names: str) -> str:
        """Return the first of some values that there is, and take it."""
        for name in names:
            if text := self.peek(name):
                del self._values[name]
                return text
        return ""

    def drop(self, *names: str) -> None:
        """Forget values that have been read otherwise."""
        for name in names:
            self._values.pop(name, None)

    def list(self, name: str) -> tuple[str, ...]:
        """Return the words of a list, or of a text with commas, each once, without taking them."""
        node = self._values.get(name, (None, None))[1]
        if isinstance(node, Scalar) and not node.empty:
            return tuple(dict.fromkeys(word.strip() for word in node.text.split(",") if word.strip()))
        items = node.items if isinstance(node, Sequence) else ()
        words = [item.text for item in items if isinstance(item, Scalar)]
        return tuple(dict.fromkeys(words)) if len(words) == len(items) else ()

    def one_of(self, known: Collection[str], *names: str) -> str | None:
        """Return and take a value that is one of ``known``; others stay."""
        name = next((name for name in names if self.peek(name) in known), None)
        return self.take(name) if name else None

    def all_of(self, known: Collection[str], *names: str) -> tuple[str, ...]:
        """Return and take a list of which every word is one of ``known``; others stay."""
        for name in names:
            words = self.list(name)
            if words and all(word in known for word in words):
                self.drop(name)
                return words
        return ()

    def others(self, report: SourceReport) -> Iterator[str]:
        """Yield a line for each value that nobody took, after noting their names."""
        left = [(key, _said(value)) for key, value in self._values.values()]
        kept = [(key, text) for key, text in left if text]
        if kept:
            names = ", ".join(key.text for key, _ in kept)
            message = f"not understood and kept under “Further facts”: {names[:200]}"
            hint = "put what matters into a key or a section of its own, and delete the rest"
            report.add("I135", kept[0][0].mark, message, hint, warning=True)
        for key, text in kept:
            name = key.text.replace("_", " ")
            yield f"{name}: {passage(text, key.mark, report, '').replace(chr(10), ' ')}"


def _said(node: Node) -> str:
    """Return all words of a value, in one line."""
    if isinstance(node, Scalar):
        return "" if node.empty else " ".join(node.text.split())
    if isinstance(node, Sequence):
        return "; ".join(text for item in node.items if (text := _said(item)))
    return ", ".join(f"{key.text} {text}" for key, value in node.entries if (text := _said(value)))


def _published(keys: _Words) -> date | None:
    found = next((day for name in PUBLISHED if (day := _day(keys.peek(name)))), None)
    if found:
        keys.drop(*(name for name in PUBLISHED if name not in STARTED and _day(keys.peek(name)) == found))
    return found


def _day(text: str) -> date | None:
    match = _DAY.match(text)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
    return day if day and day.year >= EARLIEST else None


def _severity(keys: _Words, said: dict[str, str], known: Known) -> str | None:
    for text in (keys.peek("severity"), said.get("severity", "")):
        word = re.split(r"[\s(,]", text.strip(), maxsplit=1)[0]
        if word.casefold() in known.severities:
            keys.drop("severity")
            return word
    return None


def _duration(keys: _Words, said: dict[str, str]) -> str | None:
    for text in (keys.peek("duration"), said.get("duration", "")):
        match = _DURATION.fullmatch(text.strip())
        if match and any(match.groups()):
            keys.drop("duration")
            return _form(sum(int(n or 0) * unit for n, unit in zip(match.groups(), (1440, 60, 1), strict=True)))
    start, end = (next((keys.peek(name) for name in names if keys.peek(name)), "") for names in (STARTED, ENDED))
    try:
        minutes = round((moment(end, _UTC) - moment(start, _UTC)).total_seconds() / 60)
    except (NaiveTime, ValueError, OverflowError):
        return None
    # Longer than this, it was no outage but a state of things, and no duration of ours says it.
    return _form(minutes) if 0 < minutes < 999 * 1440 else None


def _form(minutes: int) -> str | None:
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (rest, "min")) if count]
    return " ".join(parts) if parts and days < 1000 else None


def _tags(keys: _Words) -> tuple[str, ...]:
    found = dict.fromkeys(slug(word, "") for name in TAGS for word in keys.list(name))
    keys.drop(*(name for name in TAGS if keys.list(name)))
    return tuple(tag for tag in found if ID.match(tag))[:MOST_TAGS]


def _links(keys: _Words) -> Iterator[tuple[str, str]]:
    seen = set()
    for name, label in LINKS.items():
        address = keys.peek(name)
        if is_address(address):
            keys.drop(name)
            host = (urlsplit(address).hostname or "").removeprefix("www.")
            if address not in seen:
                seen.add(address)
                yield f"{label}: {host}"[:TITLE_LIMIT], address
