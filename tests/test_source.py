"""Reading text: whatever comes in, what comes out is a document or problems with places, never an exception."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.record.fields import NaiveTime, NotTime, is_address, parse_time, unparse_time
from generator.record.nodes import Mapping, Scalar, Sequence
from generator.record.parse import parse_record
from generator.record.sections import split
from generator.record.source import Report, decode
from generator.record.syntax import parse_yaml


def yaml_of(text: str) -> tuple[Mapping | None, list[str]]:
    """Return the mapping in a text and the codes of its problems."""
    report = Report("x.yml")
    return parse_yaml(text, report), [problem.code for problem in report.problems]


@pytest.mark.parametrize(
    "text",
    ["no", "yes", "on", "0777", "1:30", "2026-02-22", "0x1F", "1_000", "null?", ".inf", "3.10"],
)
def test_values_stay_the_text_that_was_written(text: str) -> None:
    found, _ = yaml_of(f"key: {text}\n")
    assert found is not None
    (pair,) = found.entries
    assert isinstance(pair[1], Scalar)
    assert pair[1].text == text
    assert not pair[1].empty


def test_marks_are_lines_and_columns_from_one() -> None:
    found, _ = yaml_of("a: 1\nbé: [x, {y: z}]\n")
    assert found is not None
    key, value = found.entries[1]
    assert (key.mark, value.mark) == ((2, 1), (2, 5))
    assert isinstance(value, Sequence)
    inner = value.items[1]
    assert isinstance(inner, Mapping)
    assert inner.entries[0][1].mark == (2, 13)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: " + "[" * 30_000, "Y108"),
        ("a: " + "{x: " * 10_000, "Y108"),
        ("a: &x [1]\nb: *x\n", "Y107"),
        ("a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9)), "Y107"),
        ("base: {a: b}\nx:\n  <<: {c: d}\n", "Y107"),
        ("a: !!python/name:os.system x\n", "Y106"),
        ("? [a]\n: b\n", "Y109"),
        ("a: \x01\n", "Y104"),
        ("a: 'x\n", "Y104"),
        ("- - -\n", "Y109"),
        ("x" * 70_000 + ": y\n", "Y103"),
    ],
)
def test_hostile_yaml_is_refused(text: str, code: str) -> None:
    found, codes = yaml_of(text)
    assert found is None
    assert code in codes


@given(st.text(max_size=300) | st.text("{}[]&*!|>'\"%@`#,:-? \nab", max_size=300))
def test_no_yaml_raises(text: str) -> None:
    found, codes = yaml_of(text)
    assert (found is None) == bool(codes)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"---\n{text}".encode("utf-8", "replace")))
def test_no_file_raises(data: bytes) -> None:
    for name in ("incidents/x.md", "incidents/x.fr.md", "maintenance/x.md", "pages/x.md"):
        parsed = parse_record((f"content/{name}", data))
        assert parsed.problems or parsed.record is not None


LINES = ("## investigating 2026-02-22 02:51 UTC", "```", "~~~~", "words", "", "# x", "next: 1")


@given(st.lists(st.sampled_from(LINES)))
def test_every_line_of_a_text_is_kept_or_told(lines: list[str]) -> None:
    report = Report("x.md")
    document = split("\n".join(["---", "a: b", "---", *lines]), report, sections=True)
    assert document is not None
    if report.problems:
        return
    kept = document.lead + "".join(s.heading + s.body + str(s.fields.entries) for s in document.sections)
    assert kept.count("words") == lines.count("words")


HIDDEN = ("\0", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u200b", "\ufeff", "\U000e0041")


@pytest.mark.parametrize("character", HIDDEN)
def test_hidden_characters_are_told_with_their_place(character: str) -> None:
    report = Report("x.md")
    assert decode(f"fine\nno{character}t fine".encode(), report) is None
    assert [(p.line, p.column, p.code) for p in report.problems] == [(2, 3, "F105")]


@pytest.mark.parametrize("text", ["👩‍👩‍👧", "می‌خواهم", "क्‍ष", "tab\there", "é"])
def test_joiners_of_emoji_and_scripts_are_fine(text: str) -> None:
    report = Report("x.md")
    assert decode(text.encode(), report) == text
    assert report.problems == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-22 02:51 UTC",
        "2026-02-22T02:51Z",
        "2026-02-22 03:51+01:00",
        "2026-02-22 03:51 +01:00",
        "2026-02-21T21:51:00-05:00",
        "2026-02-22T02:51:00.000Z",
    ],
)
def test_times_carry_their_offset(text: str) -> None:
    assert parse_time(text) == datetime(2026, 2, 22, 2, 51, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-02-22 02:51", "2026-02-22T02:51:00"])
def test_naive_times_are_told_apart(text: str) -> None:
    with pytest.raises(NaiveTime):
        parse_time(text)


@pytest.mark.parametrize(
    "text",
    ["", "2026-02-22", "2026-13-22 02:51 UTC", "2026-02-22 24:00 UTC", "٢٠٢٦-02-22 02:51 UTC", "2026-02-22 02:51 CET",
     "0001-01-01 00:00+14:00", "9999-12-31 23:59:59-05:00", "2026-02-22 02:51+99:00", "2026-02-22 02:51 UTC\n"],
)  # fmt: skip
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NotTime) as caught:
        parse_time(text)
    assert not isinstance(caught.value, NaiveTime)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 hypothesis takes naive bounds
    st.integers(-14 * 60, 14 * 60),
)
def test_times_survive_writing_and_reading(naive: datetime, offset: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    assert parse_time(unparse_time(moment)) == moment


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("https://status.acme.example/a?b=c#d", True),
        ("http://127.0.0.1:8000", True),
        ("javascript:alert(1)", False),
        ("//acme.example", False),
        ("https://", False),
        ("https://user:pass@acme.example", False),
        ("https://acme.example/a b", False),
        ("https://acme.example:99999", False),
        ("https://[::1", False),
        ("mailto:a@acme.example", False),
    ],
)
def test_addresses_are_absolute_and_of_the_web(text: str, fine: bool) -> None:
    assert is_address(text) is fine
