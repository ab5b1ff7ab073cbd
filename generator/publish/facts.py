"""What is known of an output's files beside their content: the times and sizes that they had when they were written."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from generator.publish.files import Fact


class Facts(msgspec.Struct, frozen=True):
    """The facts of an output's files, in the parts of the manifest whose bytes have the hash ``marker``."""

    marker: bytes = b""
    parts: dict[str, msgspec.Raw] = {}

    def part(self, name: str) -> dict[str, Fact]:
        """Return the facts of one part, by path; none where there is no such part."""
        encoded = self.parts.get(name)
        try:
            return msgspec.msgpack.decode(encoded, type=dict[str, Fact]) if encoded else {}
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return {}

    def every(self) -> dict[str, Fact]:
        """Return the facts of all files, by path."""
        return {path: fact for name in self.parts for path, fact in self.part(name).items()}


def encoded(facts: Mapping[str, Fact]) -> msgspec.Raw:
    """Return the facts of one part as they are kept."""
    return msgspec.Raw(msgspec.msgpack.encode(facts, order="sorted"))
