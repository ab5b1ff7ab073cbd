"""A foreign JSON document that knows which of its values were taken over, so that none is lost unseen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from generator.importers.foreign import moment
from generator.record.fields import TITLE_LIMIT
from generator.record.source import Refused, Report, decode, read_bytes

Leaf = tuple[str, str]
"""Where a value stands, as in ``events[3].actor``, and what it is, in words."""


def read_json(path: Path, report: Report) -> object | None:
    """Return what a file of JSON holds, or None after noting why it cannot be read."""
    try:
        text = decode(read_bytes(path), report)
    except Refused as refused:
        report.add(refused.code, (1, 1), refused.message, refused.hint)
        return None
    if text is None:
        return None
    try:
        found: object = json.loads(text, parse_constant=_refuse, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        report.add("I150", (error.lineno, error.colno), f"not valid JSON: {error.msg}", "export it once more")
    except (ValueError, RecursionError):
        report.add("I150", (1, 1), "not valid JSON: it cannot be read", "export it once more")
    else:
        return found
    return None


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def shown_value(value: object) -> str:
    """Return a single value in words; numbers are as they were written."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


class Foreign:
    """One object of the document; whatever is asked for and can be used counts as taken."""

    def __init__(self, value: object, pointer: str = "", taken: set[str] | None = None) -> None:
        self._values: dict[str, Any] = value if isinstance(value, dict) else {}
        self._whole = value
        self.pointer = pointer
        self._taken: set[str] = set() if taken is None else taken

    def __bool__(self) -> bool:
        return bool(self._values)

    def look(self) -> Foreign:
        """Return the same object to look at: nothing that is read there counts as taken."""
        return Foreign(self._whole)

    def _at(self, key: str) -> str:
        return f"{self.pointer}.{key}" if self.pointer else key

    def _take(self, key: str) -> None:
        self._taken.add(self._at(key))

    def text(self, key: str, *, limit: int = TITLE_LIMIT) -> str | None:
        """Return a single value in words; what is too long for its place, or no single value, is not taken."""
        value = self._values.get(key)
        if value is None or isinstance(value, dict | list):
            return None
        words = shown_value(value)
        words = words.strip() if limit > TITLE_LIMIT else " ".join(words.split())
        if not words or len(words) > limit:
            return None
        self._take(key)
        return words

    def raw(self, key: str) -> object:
        """Return a value as it is; it is not taken."""
        return self._values.get(key)

    def flag(self, key: str) -> bool | None:
        """Return a boolean, of which there are two."""
        value = self._values.get(key)
        if not isinstance(value, bool):
            return None
        self._take(key)
        return value

    def time(self, key: str) -> datetime | None:
        """Return a time with its offset."""
        value = self._values.get(key)
        try:
            found = moment(value, None) if isinstance(value, str) else None
        except ValueError:
            return None
        if found is not None:
            self._take(key)
        return found

    def child(self, key: str) -> Foreign:
        """Return a nested object, an empty one where there is none."""
        return Foreign(self._values.get(key), self._at(key), self._taken)

    def children(self, key: str) -> list[Foreign]:
        """Return the objects of a list."""
        found = self._values.get(key)
        items = found if isinstance(found, list) else []
        return [Foreign(item, f"{self._at(key)}[{index}]", self._taken) for index, item in enumerate(items)]

    def texts(self, key: str, *, limit: int = 500) -> list[str]:
        """Return the single values of a list, or one that stands alone, in words."""
        found = self._values.get(key)
        words = []
        for index, item in enumerate(found if isinstance(found, list) else []):
            if not isinstance(item, dict | list) and item is not None and 0 < len(shown_value(item).strip()) <= limit:
                words.append(shown_value(item).strip())
                self._taken.add(f"{self._at(key)}[{index}]")
        return words

    def pairs(self) -> list[Leaf]:
        """Return every value below this object with the way to it from here, all of them taken."""
        found = [(pointer, words) for pointer, words in leaves(self._whole, self.pointer) if pointer not in self._taken]
        self._taken.update(pointer for pointer, _ in found)
        return [(pointer[len(self.pointer) :].lstrip("."), words) for pointer, words in found]


def leaves(value: object, pointer: str = "") -> Iterator[Leaf]:
    """Yield each single value of a document; nothing (``null``) is none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{pointer}.{key}" if pointer else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{pointer}[{index}]")
    elif value is not None and shown_value(value) != "":
        yield pointer, shown_value(value)
