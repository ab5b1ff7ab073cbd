"""A Slack channel's export to the entries of a chat: who said what when, with names instead of ids.

The export is a folder with a file for each day (``2026-02-22.json``) and ``users.json`` in it or beside it, or one
file with the messages. Entries are told apart by Slack's own time stamp, so that a second import adds what is new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from generator.errors import Problem, UsageError
from generator.importers.foreign import SourceReport
from generator.importers.foreign_json import Foreign, read_json
from generator.importers.plain_text import as_markdown, one_line
from generator.importers.slack_text import Names, of_blocks, to_markdown
from generator.importers.war_room_text import VALUE_LIMIT, entry
from generator.record.fields import unparse_time
from generator.record.internal_sections import BOT
from generator.record.source import Report

TEXT_LIMIT = 60_000
_STAMP = re.compile(r"([0-9]{9,11})(?:\.([0-9]{1,6}))?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.json\Z")
_NOISE = frozenset(
    ["channel_join", "channel_leave", "group_join", "group_leave", "bot_add", "bot_remove", "pinned_item",
     "unpinned_item", "channel_archive", "channel_unarchive", "channel_convert_to_private", "tombstone",
     "reminder_add", "app_conversation_join", "huddle_thread"]
)  # fmt: skip
"""Messages that nobody wrote."""


class Said(msgspec.Struct, frozen=True):
    """An entry of the chat: Slack's stamp, and the text as it stands in the file."""

    id: str
    text: str


class Export(msgspec.Struct, frozen=True):
    """A channel's messages in order of time, what was left out by kind, and what could not be read."""

    channel: str
    entries: tuple[Said, ...]
    left_out: Mapping[str, int]
    problems: tuple[Problem, ...]


class _People:
    """Names by id; counts the ids that nobody knows."""

    def __init__(self, users: object) -> None:
        self._names: dict[str, str] = {}
        self._bots: set[str] = set()
        self.unknown: dict[str, None] = {}
        for user in Foreign({"users": users}).children("users"):
            self.add(user)

    def add(self, user: Foreign) -> None:
        """Note a person of ``users.json``."""
        id, profile = user.text("id"), user.child("profile")
        names = (profile.text("real_name"), user.text("real_name"), profile.text("display_name"), user.text("name"))
        name = next((said for name in names if (said := _speakable(name))), None)
        if id and name:
            self._names[id] = name
        if id and user.flag("is_bot"):
            self._bots.add(id)

    def name(self, id: str) -> str:
        """Return a person's name, or the id where nobody knows it."""
        if id not in self._names:
            self.unknown[id] = None
        return self._names.get(id, id)

    def author(self, message: Foreign) -> tuple[str, bool]:
        """Return who wrote a message, and whether that is a bot."""
        id, profile = message.text("user"), message.child("user_profile")
        if id and id not in self._names and (real := profile.text("real_name") or profile.text("display_name")):
            self._names[id] = _speakable(real) or id
        bot = message.text("bot_id") is not None or message.text("subtype") == "bot_message"
        if id and id in self._names:
            return self._names[id], id in self._bots
        name = message.text("username") or message.child("bot_profile").text("name")
        return _speakable(name) or self.name(_speakable(id or message.text("bot_id")) or "unknown"), bot


def _speakable(name: str | None) -> str:
    """Return a name as a heading can end with it: in one line, without what marks a bot or closes a heading."""
    said = one_line(name or "")
    while (bare := re.sub(r"(?:^|\s)#+$|\(bot\)$", "", said).strip()) != said:
        said = bare
    return said


def read_slack(path: Path) -> Export:
    """Return what was said in the channel that ``path`` is an export of; raise UsageError for what is none."""
    report = SourceReport(path.as_posix())
    files, users = _files(path)
    people = _People(read_json(users, SourceReport(users.as_posix())) if users else None)
    messages: dict[str, Foreign] = {}
    left_out: Counter[str] = Counter()
    for file in files:
        data = read_json(file, inner := SourceReport(file.as_posix()))
        report.problems += inner.problems
        if isinstance(data, dict):
            for user in Foreign(data).children("users"):
                people.add(user)
            data = data.get("messages")
        for message in Foreign({"messages": data}).children("messages"):
            _sort(message, messages, left_out, report)
    ordered = sorted(messages.items(), key=lambda item: _moment(item[0]))
    authors = {people.author(message)[0] for _, message in ordered}
    entries = tuple(Said(stamp, _entry(stamp, message, people, authors)) for stamp, message in ordered)
    if people.unknown:
        names = ", ".join(one_line(id) for id in list(people.unknown)[:10])
        hint = "put users.json of the export beside the channel's folder"
        report.add("I162", (1, 1), f"nobody knows who this is: {names}", hint, warning=True)
    return Export(path.stem if path.is_file() else path.resolve().name, entries, left_out, tuple(report.problems))


def _files(path: Path) -> tuple[list[Path], Path | None]:
    """Return the files with messages, in order, and that with people."""
    if path.is_file():
        beside = path.parent / "users.json"
        return [path], beside if beside.is_file() else None
    days = sorted(file for file in path.iterdir() if _DAY.match(file.name))
    if not days:
        channels = sorted(inner.name for inner in path.iterdir() if inner.is_dir() and any(inner.glob("*-*-*.json")))
        hint = f": name one of its channels, {', '.join(channels[:20])}" if channels else ""
        raise UsageError(f"{path} has no days such as 2026-02-22.json{hint}")
    users = next((file for file in (path / "users.json", path.resolve().parent / "users.json") if file.is_file()), None)
    return days, users


def _sort(message: Foreign, messages: dict[str, Foreign], left_out: Counter[str], report: Report) -> None:
    """Put a message among those that are kept, or count why it is not."""
    subtype = message.text("subtype") or ""
    stamp = message.text("ts") or ""
    if subtype in _NOISE or (message.text("type") or "message") != "message":
        left_out[subtype or message.text("type") or "other"] += 1
    elif not _STAMP.match(stamp):
        report.add("I161", (1, 1), "a message without a time", "its `ts` must be a number of seconds", warning=True)
        left_out["without a time"] += 1
    elif stamp in messages:
        left_out["repeated"] += 1
    else:
        messages[stamp] = message


def _moment(stamp: str) -> tuple[int, int]:
    match = _STAMP.match(stamp)
    return (int(match[1]), int((match[2] or "").ljust(6, "0"))) if match else (0, 0)


def _at(stamp: str) -> datetime:
    return datetime.fromtimestamp(_moment(stamp)[0], UTC)


def _entry(stamp: str, message: Foreign, people: _People, authors: Collection[str]) -> str:
    """Return a message as an entry; who is mentioned and never wrote is named, as the text alone tells no names."""
    author, bot = people.author(message)
    fields: dict[str, object] = {"id": stamp}
    thread, edited = message.text("thread_ts"), message.child("edited").text("ts")
    if thread and thread != stamp:
        fields["thread"] = thread
    if edited and _STAMP.match(edited):
        fields["edited"] = unparse_time(_at(edited))
    reactions = {name: people_of for one in message.children("reactions") for name, people_of in _reaction(one, people)}
    if reactions:
        fields["reactions"] = reactions
    mentioned: dict[str, None] = {}

    def name(id: str) -> str:
        mentioned[people.name(id)] = None
        return people.name(id)

    text = _text(message, name)
    silent = [one for one in mentioned if one not in authors]
    if silent:
        fields["mentions"] = silent
    return entry(_at(stamp), f"{author}{f' {BOT}' if bot else ''}", text, fields)


def _reaction(one: Foreign, people: _People) -> list[tuple[str, str]]:
    name, count = one.text("name"), one.text("count") or "0"
    users = [people.name(id) for id in one.texts("users")]
    more = int(count) - len(users) if count.isdigit() else 0
    told = ", ".join([*users, *([f"{more} more"] if more > 0 else [])])
    return (
        [(name, told if len(told) <= VALUE_LIMIT else f"{len(users) + max(more, 0)} people")] if name and told else []
    )


def _text(message: Foreign, names: Names) -> str:
    """Return everything that a message shows, as Markdown."""
    said = message.text("text", limit=TEXT_LIMIT) or of_blocks(message.raw("blocks"))
    parts = [to_markdown(said, names)] if said else []
    parts += [text for one in message.children("attachments") if (text := _attachment(one, names))]
    parts += [_file(one) for one in message.children("files") if one]
    return "\n\n".join(part for part in parts if part.strip()) or "No text."


def _attachment(one: Foreign, names: Names) -> str:
    """Return an attachment as a quotation."""
    title, link = one.text("title", limit=TEXT_LIMIT), one.text("title_link", limit=TEXT_LIMIT)
    lines = [one.text("pretext", limit=TEXT_LIMIT), f"<{link}|{title}>" if title and link else title or link]
    lines.append(one.text("text", limit=TEXT_LIMIT) or of_blocks(one.raw("blocks")))
    lines += [": ".join(field.text(key, limit=TEXT_LIMIT) or "" for key in ("title", "value"))
              for field in one.children("fields")]  # fmt: skip
    said = "\n".join(line for line in lines if line) or one.text("fallback", limit=TEXT_LIMIT) or ""
    address = one.text("from_url", limit=TEXT_LIMIT) or one.text("image_url", limit=TEXT_LIMIT)
    if address and address not in said:
        said = f"{said}\n<{address}>".strip()
    quoted = to_markdown(said, names)
    return "\n".join(f"> {line}".rstrip() for line in quoted.split("\n")) if quoted else ""


def _file(one: Foreign) -> str:
    """Return a file as words: what it is called, its kind and size, and where it lies."""
    name = one.text("title", limit=TEXT_LIMIT) or one.text("name", limit=TEXT_LIMIT) or one.text("id") or "a file"
    facts = ", ".join(filter(None, [one.text("mimetype"), _size(one.text("size"))]))
    address = one.text("permalink", limit=TEXT_LIMIT) or one.text("url_private", limit=TEXT_LIMIT) or ""
    where = f" {address}" if address.startswith(("http://", "https://")) else ""
    return f"File: {as_markdown(one_line(name))}{f' ({facts})' if facts else ''}{where}"


def _size(words: str | None) -> str:
    if words is None or not words.isdigit():
        return ""
    size = int(words)
    return f"{size} B" if size < 1000 else f"{size // 1000} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
