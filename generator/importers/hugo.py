"""Hugo's files as positioned nodes: front matter and configuration in YAML or TOML, keys in any case of letters."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict, deque
from datetime import datetime
from pathlib import Path

from generator.errors import shown
from generator.record.nodes import Mapping, Node, Scalar, Sequence
from generator.record.sections import Document, split
from generator.record.source import Refused, Report, decode, read_bytes
from generator.record.syntax import parse_yaml

_TRUE = frozenset(("true", "yes", "on", "y", "1"))
_FALSE = frozenset(("false", "no", "off", "n", "0"))
_CONFIGS = tuple(
    f"{folder}{name}.{ending}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for ending in ("yml", "yaml", "toml")
)
_TOML_KEY = re.compile(r'\s*(?:\[+\s*)?(?:[\w"-]+\.)*"?([\w-]+)"?\s*(?:=|\])')


def find_config(root: Path) -> str | None:
    """Return the path below ``root`` of the configuration that Hugo would read, or None when there is none."""
    return next((name for name in _CONFIGS if (root / name).is_file()), None)


def read_text(root: Path, path: str, report: Report) -> str | None:
    """Return a file's text with bare newlines, or None after noting why it must not be read."""
    try:
        return decode(read_bytes(root / path), report)
    except Refused as refused:
        report.add(refused.code, (1, 1), refused.message, refused.hint)
        return None


def read_config(root: Path, path: str, report: Report) -> Keys | None:
    """Return the top level of a configuration, or None after noting why it cannot be read."""
    text = read_text(root, path, report)
    if text is None:
        return None
    tree = parse_toml(text, report) if path.endswith(".toml") else parse_yaml(text, report)
    return None if tree is None else Keys(tree, report)


def read_page(root: Path, path: str, report: Report) -> tuple[Keys, Document] | None:
    """Return a content file's front matter and text, or None after noting what is wrong with it."""
    text = read_text(root, path, report)
    if text is None:
        return None
    document = _split_toml(text, report) if text.startswith("+++\n") else split(text, report, sections=False)
    return None if document is None else (Keys(document.front, report), document)


def _split_toml(text: str, report: Report) -> Document | None:
    head, closed, body = text[4:].partition("\n+++\n") if text.count("\n+++\n") else text[4:].partition("\n+++")
    if not closed:
        report.add("Y102", (1, 1), "the front matter is not closed", "end it with a line `+++`")
        return None
    tree = parse_toml(head, report, line=2)
    bare = body.lstrip("\n")
    line = head.count("\n") + 4 + len(body) - len(bare)
    return None if tree is None else Document(tree, bare.rstrip(), line, ())


def parse_toml(text: str, report: Report, *, line: int = 1) -> Mapping | None:
    """Return the table that ``text`` holds as nodes, or None after noting what is wrong; ``line`` is its first line's.

    TOML's reader keeps no positions: a key's node gets the line of the key's next appearance, in the file's order.
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"line (\d+), column (\d+)", str(error))
        mark = (int(at[1]) + line - 1, int(at[2])) if at else (line, 1)
        report.add("I104", mark, f"not valid TOML: {shown(str(error).partition(' (at')[0])}", "check quotes, brackets")
        return None
    lines: dict[str, deque[int]] = defaultdict(deque)
    for number, content in enumerate(text.split("\n"), line):
        if match := _TOML_KEY.match(content):
            lines[match[1]].append(number)
    return _table(table, line, lines)


def _table(table: dict[str, object], line: int, lines: dict[str, deque[int]]) -> Mapping:
    entries: list[tuple[Scalar, Node]] = []
    for key, value in table.items():
        at = lines[key].popleft() if lines[key] else line
        entries.append((Scalar(key, plain=True, mark=(at, 1)), _value(value, key, at, lines)))
    return Mapping(tuple(entries), (line, 1))


def _value(value: object, key: str, line: int, lines: dict[str, deque[int]]) -> Node:
    if isinstance(value, dict):
        return _table(value, line, lines)
    if isinstance(value, list):
        return Sequence(tuple(_item(item, index, key, line, lines) for index, item in enumerate(value)), (line, 1))
    if isinstance(value, bool):
        return Scalar(str(value).lower(), plain=True, mark=(line, 1))
    if isinstance(value, datetime):
        return Scalar(value.isoformat(" "), plain=True, mark=(line, 1))
    return Scalar(str(value), plain=not isinstance(value, str), mark=(line, 1))


def _item(item: object, index: int, key: str, line: int, lines: dict[str, deque[int]]) -> Node:
    """Return an item of a list; each further table of an array of tables has a line with the key of its own."""
    further = index > 0 and isinstance(item, dict) and bool(lines[key])
    return _value(item, key, lines[key].popleft() if further else line, lines)


class Keys:
    """One mapping's values, found by name in any case of letters as Hugo does; remembers what was asked for."""

    def __init__(self, mapping: Mapping, report: Report) -> None:
        self.report, self.mark = report, mapping.mark
        self._values = {key.text.casefold(): (key, value) for key, value in mapping.entries}
        self._asked: set[str] = set()

    def node(self, name: str) -> Node | None:
        """Return the value of a key, or None when it is missing or null."""
        self._asked.add(name.casefold())
        found = self._values.get(name.casefold())
        if found is None or (isinstance(found[1], Scalar) and found[1].empty):
            return None
        return found[1]

    def missing(self, name: str) -> bool:
        """Return whether a key is missing or says nothing."""
        node = self.node(name)
        return node is None or (isinstance(node, Scalar) and not node.text.strip())

    def scalar(self, name: str) -> Scalar | None:
        """Return a single value; None when it is missing, or after noting that it is a list or a map."""
        node = self.node(name)
        if node is None or isinstance(node, Scalar):
            return node
        self.report.add("I105", node.mark, f'"{name}" must be one value', f"write `{name}: …` on one line")
        return None

    def text(self, name: str) -> str:
        """Return a single value's text without the space around it; empty when there is none."""
        node = self.scalar(name)
        return node.text.strip() if node else ""

    def flag(self, name: str) -> bool | None:
        """Return a boolean as YAML 1.1 reads it, ``yes`` too; None when it is missing, or noted as something else."""
        node = self.scalar(name)
        word = node.text.strip().casefold() if node else ""
        if node is None or word in _TRUE | _FALSE:
            return None if node is None else word in _TRUE
        self.report.add("I105", node.mark, f'"{name}" is "{shown(node.text)}"', f"write `{name}: true` or false")
        return None

    def names(self, name: str) -> tuple[Scalar, ...]:
        """Return the texts of a list, or of the one text that stands in its place."""
        node = self.node(name)
        if isinstance(node, Scalar):
            return (node,)
        items = node.items if isinstance(node, Sequence) else ()
        words = tuple(item for item in items if isinstance(item, Scalar) and not item.empty and item.text.strip())
        if isinstance(node, Mapping) or len(words) < len(items):
            mark = next((i.mark for i in items if i not in words), node.mark) if node else self.mark
            self.report.add("I105", mark, f'"{name}" must be a list of names', f"write `{name}: [one, two]`")
        return words

    def tables(self, name: str) -> tuple[Keys, ...]:
        """Return the maps of a list; what is none of them is noted."""
        node = self.node(name)
        if node is None:
            return ()
        items = node.items if isinstance(node, Sequence) else (node,)
        for item in items:
            if not isinstance(item, Mapping):
                self.report.add("I105", item.mark, f'"{name}" must be a list of maps', "write `- name: …` items")
        return tuple(Keys(item, self.report) for item in items if isinstance(item, Mapping))

    def inner(self, name: str) -> Keys:
        """Return the map under a key; an empty one when it is missing, or after noting that it is none."""
        node = self.node(name)
        if isinstance(node, Mapping):
            return Keys(node, self.report)
        if node is not None:
            self.report.add("I105", node.mark, f'"{name}" must be a map', f"write `{name}:` and `key: value` lines")
        return Keys(Mapping((), self.mark), self.report)

    def names_of_map(self, name: str) -> frozenset[str]:
        """Return the keys of the map under a key."""
        node = self.node(name)
        return frozenset(key.text for key, _ in node.entries) if isinstance(node, Mapping) else frozenset()

    def unasked(self) -> tuple[Scalar, ...]:
        """Return the keys that nobody asked for, in the order of the file."""
        return tuple(key for name, (key, _) in self._values.items() if name not in self._asked)
