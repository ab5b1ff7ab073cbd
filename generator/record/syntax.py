"""YAML to nodes, each with its line and column; knows nothing of incidents.

YAML is read as the 1.2 core schema reads it, through the parser's events: strings only, converted later by the
type that a field declares. So ``no`` stays Norwegian, and what could blow up or mislead (tags, anchors, aliases,
merge keys, directives, deep nesting) is refused before anything is built.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from generator.errors import shown
from generator.record.nodes import Mapping, Node, Scalar, Sequence
from generator.record.source import FORBIDDEN, Mark, Report

FRONT_LIMIT = 64 * 1024
DEPTH_LIMIT = 12
NODE_LIMIT = 5000
TOO_MUCH = "nested too deep or too many values"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str, report: Report, *, line: int = 1) -> Mapping | None:
    """Return the mapping that ``text`` holds, or None after noting what is wrong; ``line`` is its first line's."""
    builder = _Builder(report, line)
    if len(text.encode("utf-8")) > FRONT_LIMIT:
        report.add("Y103", (line, 1), f"more than {FRONT_LIMIT} bytes of YAML", "move words into the text")
        return None
    node: Node | None = None
    try:
        node = builder.build(yaml.parse(text, Loader=_LOADER))
    except _Stop:
        builder.failed = True
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line + line, mark.column + 1) if mark else (line, 1)
        problem = error.problem or "it cannot be read"
        if "nesting depth" in problem:  # libyaml's own limit, which its reading ahead meets before our count does
            builder.refuse("Y108", at, TOO_MUCH, "write it flatter")
        else:
            builder.refuse("Y104", at, f"not valid YAML: {shown(problem)}", "check the colons")
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        builder.refuse("Y104", (line, 1), "not valid YAML: it cannot be read", "check colons and quotes")
    if node is None or (isinstance(node, Scalar) and node.empty):
        return None if builder.failed else Mapping((), (line, 1))
    if not isinstance(node, Mapping):
        report.add("Y109", node.mark, "expected lines of the form `key: value`", "write `title: …`")
        return None
    return None if builder.failed else node


class _Stop(Exception):
    """Reading further would be unsafe or pointless."""


class _Builder:
    """Builds nodes from YAML events and notes what the strict subset refuses."""

    def __init__(self, report: Report, line: int) -> None:
        self.report, self.line = report, line
        self.failed, self.count = False, 0

    def _mark(self, event: yaml.Event) -> Mark:
        mark = event.start_mark
        return (mark.line + self.line, mark.column + 1) if mark else (self.line, 1)

    def refuse(self, code: str, mark: Mark, message: str, hint: str) -> None:
        """Note a problem that makes the whole text unusable."""
        self.failed = True
        self.report.add(code, mark, message, hint)

    def build(self, events: Iterator[yaml.Event]) -> Node | None:
        """Return the first document's root node; raise _Stop where the rest cannot be trusted."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if event.version or event.tags:
                    self.refuse("Y110", self._mark(event), "YAML directives are not read", "delete the line")
                if root is not None:
                    self.refuse("Y110", self._mark(event), "a second YAML document begins", "delete the line")
                    raise _Stop
            elif isinstance(event, yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent):
                root = self._node(event, events, 1)
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        self.count += 1
        mark = self._mark(event)
        if depth > DEPTH_LIMIT or self.count > NODE_LIMIT:
            self.refuse("Y108", mark, TOO_MUCH, "write it flatter")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self.refuse("Y107", mark, f"alias *{shown(event.anchor or '')} is not read", "write the value out")
            return Scalar("", plain=False, mark=mark)
        self._check_properties(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, mark, depth)
        return self._mapping(events, mark, depth)

    def _check_properties(self, event: yaml.Event, mark: Mark) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self.refuse("Y107", mark, f"anchor &{shown(anchor)} is not read", "write the value out")
        if tag:
            self.refuse("Y106", mark, f"tag {shown(tag)} is not read", "delete the tag")

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> Scalar:
        hidden = FORBIDDEN.search(event.value)
        if hidden:
            self.refuse("F105", mark, f"character U+{ord(hidden[0]):04X} is not allowed", "delete the escape")
        return Scalar(event.value, not event.style, mark)

    def _sequence(self, events: Iterator[yaml.Event], mark: Mark, depth: int) -> Sequence:
        items = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, depth + 1))
        return Sequence(tuple(items), mark)

    def _mapping(self, events: Iterator[yaml.Event], mark: Mark, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self.refuse("Y109", key.mark, "a key must be a word", "write `key: value`")
            elif key.plain and key.text == "<<":
                self.refuse("Y107", key.mark, "merge keys are not read", "write the values out")
            elif key.text in entries:
                first = entries[key.text][0].mark[0]
                self.refuse("Y105", key.mark, f'key "{shown(key.text)}" stands twice', f"the first is on line {first}")
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), mark)
