"""What a text in YAML says: values, lists and mappings, each with its line and column, all of them strings."""

from __future__ import annotations

import msgspec

from generator.record.source import Mark


class Scalar(msgspec.Struct, frozen=True):
    """A single value as written; ``plain`` when it stood without quotes."""

    text: str
    plain: bool
    mark: Mark

    @property
    def empty(self) -> bool:
        """Return whether this is YAML's null."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


class Sequence(msgspec.Struct, frozen=True):
    """A list of nodes."""

    items: tuple[Node, ...]
    mark: Mark


class Mapping(msgspec.Struct, frozen=True):
    """Keys and values in the order of the file; keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark


Node = Scalar | Sequence | Mapping
