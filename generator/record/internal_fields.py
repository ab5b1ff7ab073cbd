"""Values that only the internal record has: figures as people know them in an outage, open maps, answers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from generator.errors import shown
from generator.record.fields import Fields
from generator.record.internal_model import Bound, Figure, Pair
from generator.record.nodes import Mapping, Node, Scalar, Sequence
from generator.record.source import Report

PAIR_LIMIT = 100
VALUE_LIMIT = 500

_FIGURE = re.compile(r"(~ ?)?([0-9]{1,3}(?:[,_ ][0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,6})?(\+)? ?([^\s0-9+~.,]{1,8})?\Z")


class Unit(NamedTuple):
    """The units that a figure may be in; the first is meant where none is written, if that is ``optional``."""

    known: tuple[str, ...]
    example: str
    optional: bool = True


COUNT = Unit(("",), "2400, ~2400 or 2400+")
PERCENT = Unit(("%",), "23.5 %, ~60 % or 90+ %")
LATENCY = Unit(("ms", "s", "min"), "8500 ms, ~9 s or 2+ min")
MONEY = Unit((), "28500 USD, ~30000 EUR or 1000+ SEK", optional=False)
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


def parse_figure(text: str, unit: Unit) -> Figure | None:
    """Return the figure that a text is, or None; thousands may be parted by a comma, a blank or an underscore."""
    match = _FIGURE.match(text)
    if not match:
        return None
    about, whole, fraction, more, written = match.groups()
    if about and more:
        return None
    if written is None:
        if not unit.optional:
            return None
        written = unit.known[0]
    elif written not in unit.known and not (unit is MONEY and _CURRENCY.match(written)):
        return None
    bound = Bound.ABOUT if about else Bound.AT_LEAST if more else Bound.EXACT
    return Figure(Decimal(re.sub("[,_ ]", "", whole) + (fraction or "")), written, bound)


def unparse_figure(figure: Figure) -> str:
    """Return a figure in the form that files use."""
    about = "~" if figure.bound is Bound.ABOUT else ""
    more = "+" if figure.bound is Bound.AT_LEAST else ""
    return f"{about}{figure.value:f}{more}{f' {figure.unit}' if figure.unit else ''}"


class Facts(Fields):
    """The values of one mapping of an internal record."""

    def inner(self, item: Node, wanted: str) -> Facts | None:
        """Return the values of a nested mapping; None after noting that it is something else."""
        found = super().inner(item, wanted)
        return Facts(item, self.report) if found and isinstance(item, Mapping) else None

    def answer(self, name: str) -> bool | None:
        """Return yes, no, or None where nobody has answered."""
        value = self.flag(name)
        return value if name in self.marks else None

    def figure(self, name: str, unit: Unit) -> Figure | None:
        """Return a figure in one of the unit's forms."""
        node = self.scalar(name, "a figure")
        if node is None:
            return None
        found = parse_figure(node.text, unit)
        if found is None:
            self.report.add("S151", node.mark, f'"{name}" is not a figure', f"write it as {unit.example}")
        return found

    def place(self, name: str) -> str | None:
        """Return a text that often begins with a number sign, which YAML takes for a comment unless it is quoted."""
        key, value = self._values.get(name, (None, None))
        if key is not None and isinstance(value, Scalar) and value.empty:
            _report_empty(key, self.report)
        return self.text(name, limit=VALUE_LIMIT)

    def names(self, name: str, wanted: str = "names") -> tuple[str, ...]:
        """Return a list of short texts; a single text is a list of one."""
        _, node = self._values.get(name, (None, None))
        if isinstance(node, Scalar) and not node.empty:
            text = self.text(name, limit=VALUE_LIMIT)
            return () if text is None else (text,)
        return self.many(name, lambda item: self._item(item, name, wanted), limit=PAIR_LIMIT, wanted=wanted)

    def _item(self, item: Node, name: str, wanted: str) -> str | None:
        if isinstance(item, Scalar):
            return self._checked(item, name, VALUE_LIMIT)
        self.report.add("S103", item.mark, f'"{name}" must be a list of {wanted}', f"write `{name}: [one, two]`")
        return None

    def pairs(self, name: str, example: str) -> tuple[Pair, ...]:
        """Return a map of your own keys to short texts."""
        node = self.take(name)
        if node is None:
            return ()
        if not isinstance(node, Mapping):
            self.report.add("S103", node.mark, f'"{name}" must be a map', f"write `{name}: {{{example}}}`")
            return ()
        return open_pairs(node, name, self.report)


def open_pairs(node: Mapping, name: str, report: Report) -> tuple[Pair, ...]:
    """Return what a map of keys that nobody prescribes says; a list in it becomes one text."""
    if len(node.entries) > PAIR_LIMIT:
        report.add("S118", node.mark, f'"{name}" has more than {PAIR_LIMIT} keys', "write them in the text")
        return ()
    found = []
    for key, value in node.entries:
        text = _plain(value)
        if text is None:
            message = f'"{shown(key.text)}" must be a text of at most {VALUE_LIMIT} characters'
            report.add("S103", value.mark, message, "write `key: value` on one line, or a list of texts")
        elif not text:
            _report_empty(key, report)
        else:
            found.append(Pair(key.text, text))
    return tuple(found)


def _report_empty(key: Scalar, report: Report) -> None:
    name = shown(key.text)
    hint = f'write one; quote what begins with a number sign: `{name}: "#inc-portal"`'
    report.add("S102", key.mark, f'key "{name}" has no value', hint)


def _plain(value: Node) -> str | None:
    """Return a value or a list of values as one text; None where it is neither, or too long."""
    items = value.items if isinstance(value, Sequence) else (value,)
    texts = [" ".join(item.text.split()) for item in items if isinstance(item, Scalar)]
    text = ", ".join(texts)
    return text if len(texts) == len(items) and len(text) <= VALUE_LIMIT else None
