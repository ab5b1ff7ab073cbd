"""What an author's text may cost: work grows with its length only, and what would cost too much is not parsed."""

import re
import sys
from collections.abc import Callable
from html import escape
from types import FrameType
from typing import Any

import markdown
import pytest

from generator.render import limits, text
from generator.render.text import faults, to_html
from tests.fragments import PIECES, assert_safe, codes, said


def work(render: Callable[[str], object], source: str) -> int:
    """Return how many lines of Python run: the measure of what is not one pass of a regular expression."""
    count = 0

    def trace(_frame: FrameType, _event: str, _argument: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        render(source)
    finally:
        sys.settrace(before)
    return count


# The dearest text there is, a table of cells of one character, needs 250; prose needs 15.
MOST = 400


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("paragraph", [1000, 6000])
def test_work_grows_with_the_length_only(piece: str, paragraph: int) -> None:
    source = (piece * (paragraph // len(piece)) + "\n\n") * (6000 // paragraph)
    assert work(text._rendered.__wrapped__, source) <= MOST * len(source)


def test_the_measure_sees_work_that_grows_with_the_square() -> None:
    assert work(markdown.markdown, "[" * 400) > MOST * 400


def table(columns: int, rows: int) -> str:
    return "\n".join(["|".join("a" * columns), "|".join("-" * columns), *["a"] * rows])


@pytest.mark.parametrize(
    ("code", "fine", "excessive"),
    [
        ("T101", "word " * 100_000, "word " * 105_000),
        ("T102", "[" * 632, "[" * 633),
        ("T102", ("[" * 600 + "\n\n") * 22, ("[" * 600 + "\n\n") * 23),
        ("T103", "<" * 2000, "<" * 2001),
        ("T104", "1. " * 20 + "x", "1. " * 21 + "x"),
        ("T104", "- + * 1. " * 5 + "x", "- + * 1. " * 5 + "- x"),
        ("T105", "> " * 30 + "x", "> " * 31 + "x"),
        ("T105", ">" * 30 + "x", ">" * 31 + "x"),
        ("T106", " " * 120 + "x", " " * 121 + "x"),
        ("T106", "\t" * 30 + "- x", "\t" * 31 + "- x"),
        ("T107", "### a\n" * 400, "### a\n" * 420),
        ("T107", "***\n" * 490, "***\n" * 510),
        ("T107", "[a]:\nhttps://e.example\n" * 200, "[a]:\nhttps://e.example\n" * 220),
        ("T108", table(10, 2000), table(10, 2300)),
        ("T109", table(60, 30), table(100, 100)),
        (
            "T109",
            "[a]\n\n" * 100 + "[a]: https://e.example/" + "x" * 50,
            "[a]\n\n" * 500 + "[a]: https://e.example/" + "x" * 5000,
        ),
        ("T110", "*a _b " * 95 + "b_ c*" * 95, "*a _b " * 105 + "b_ c*" * 105),
    ],
)
def test_what_costs_too_much_is_said_and_shown_without_markup(code: str, fine: str, excessive: str) -> None:
    assert code not in codes(fine)
    assert codes(excessive) == [code]
    html = to_html(excessive)
    assert re.fullmatch(r"(<p>[^<]*</p>\n?)+", html)
    assert said(to_html(excessive)).split() == excessive.split()
    assert len(html) <= 20 * len(excessive) + 20 * 1024


def test_every_limit_has_its_line() -> None:
    before = "fine\n\n```\n" + "> " * 50 + "\n```\n\n"
    for excess in ("[" * 700, "<" * 2100, "1. " * 30, "> " * 40, " " * 130 + "x", "### a\n" * 500, table(10, 2300)):
        assert [fault.line for fault in faults(before + excess)] == [7], excess[:20]


@pytest.mark.parametrize(
    "source",
    [
        "\n\n".join("> " * (depth + 1) + "1. " * (depth % 20) + "a" for depth in range(30)),
        "\n".join(" " * 4 * depth + "- a" for depth in range(31)),
        "\n\n".join("> " * 15 + " " * 4 * depth + "- " * 5 + "a" for depth in range(23)),
        "*a _b " * 95 + "x" + "b_ c*" * 95,
        "**(_(" * 100 + "x" + ")_)**" * 100,
        "> " * 30 + "- " * 20 + "x",
    ],
)
def test_what_is_nested_as_deeply_as_it_may_be_is_rendered(source: str) -> None:
    assert codes(source) == []
    assert_safe(to_html(source))


def test_nesting_that_no_limit_foresees_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MARKERS", 10_000)
    monkeypatch.setattr(limits, "INDENT", 10_000)
    source = "1. " * 2000 + "<b>"
    rendered = text._rendered.__wrapped__(source)
    assert [fault.code for fault in rendered.faults] == ["T110"]
    assert rendered.html == f"<p>{escape(source)}</p>"
    assert text._rendered.__wrapped__("- a").html == "<ul><li>a</li></ul>"
