"""What an author's text becomes, and what is said against it, whoever wrote it."""

import re
import threading
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.render import text
from generator.render.fragment import is_allowed
from generator.render.rendered import CODES, Fault
from generator.render.text import faults, to_html
from tests.cases import read_case, settle
from tests.fragments import FAULTS, PIECES, assert_safe, codes, parse, said

CASES = sorted((Path(__file__).parent / "corpus" / "text").glob("*.case"))
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)


# What comes out


def test_there_are_cases() -> None:
    assert len(CASES) > 10


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_text_becomes_what_its_case_says(path: Path) -> None:
    source = read_case(path)["text"]
    kinds = {False: "error", True: "warning"}
    said = [f"{f.line}: {f.code} {kinds[f.warning]}: {f.message}; {f.hint}\n" for f in faults(source)]
    found = "".join([to_html(source), "\n\n", *said])
    assert found == settle(path, "comes out", found), "renew with STATIQUE_RENEW=1 if this is better"


@given(SOUP)
@example("[a](https://a.b)" * 3)
@example("*[a *b](https://a.b) c* d*")
@example("![[![]()]()]()")
@example("- [ ](https://a.b)\n\n   ```\n   x\n")
@example("\x02code:0\x03\n```\n<b>\n```\n")
@example("[<https://a.b>](https://c.d) [https://a.b](https://c.d)")
def test_any_text_becomes_safe_html(source: str) -> None:
    html = to_html(source)
    assert_safe(html)
    assert text._sanitised(html) == html
    assert "klzzwxh" in source or "klzzwxh" not in html
    assert "code:0" in source or "code:0" not in html


@given(st.text())
def test_any_characters_become_safe_html(source: str) -> None:
    html = to_html(source)
    assert_safe(html)
    assert text._sanitised(html) == html


@given(SOUP)
def test_faults_are_at_lines_of_the_text_and_have_codes(source: str) -> None:
    lines = re.split("\r\n?|\n", source)
    found = faults(source)
    assert list(found) == sorted(found)
    for fault in found:
        assert 1 <= fault.line <= len(lines)
        assert fault.code in CODES
        assert fault.message.isprintable()
        assert fault.warning == (fault.code in {"T112", "T114"})


WORD = st.text(st.characters(categories=["L"]), min_size=1, max_size=12)


@given(st.lists(WORD, min_size=1))
def test_words_of_prose_survive(words: list[str]) -> None:
    assert said(to_html(" ".join(words))) == " ".join(words)
    assert said(to_html("\n\n".join(words))) == " ".join(words)
    assert faults(" ".join(words)) == ()


@given(
    st.lists(st.sampled_from(["x", "é", "1", " ", "\n", "*", "**", "_", "~~", "`", "``", "(", ")", "!", "<", "[a]"]))
)
@example(["x", "*", "x", "**", "x", "*", "1"])
def test_no_letter_is_lost_between_marks(parts: list[str]) -> None:
    source = "".join(parts)
    assert list(filter(str.isalnum, said(to_html(source)))) == list(filter(str.isalnum, source))


@given(st.from_regex(r"</?[a-z]{1,9}( [a-z]{1,5}=\"[a-z(); ]{0,9}\")?/?>", fullmatch=True), WORD)
def test_raw_html_is_text(tag: str, word: str) -> None:
    shown = " ".join(f"{tag}{word}".split())
    assert said(to_html(f"{tag}{word}")) == shown
    assert not parse(to_html(f"{tag}{word}")).xpath("//*[not(self::div or self::p)]")


def test_the_ends_of_lines_do_not_matter() -> None:
    lines = ["# a", "", "- b", "- c", "", "<!-- d", "```", "e", "```"]
    unix, dos, mac = (end.join(lines) for end in ("\n", "\r\n", "\r"))
    assert to_html(unix) == to_html(dos) == to_html(mac)
    assert faults(unix) == faults(dos) == faults(mac)


def test_nothing_becomes_nothing() -> None:
    assert (to_html(""), to_html(" \n\t\n"), faults("\n")) == ("", "", ())


def test_one_text_leaves_nothing_behind_for_the_next() -> None:
    assert to_html("[a]: https://e.example/secret\n\n[a]") != to_html("[a]") == "<p>[a]</p>"
    assert to_html("```\none\n```\n") != to_html("x\n\n    code:0")


def test_several_threads_may_ask_at_once() -> None:
    sources = [f"[a] *{n}* `{n}`\n\n[a]: https://e.example/{n}" for n in range(200)]
    alone = [text._rendered.__wrapped__(source).html for source in sources]
    together = ["" for _ in sources]

    def render(start: int) -> None:
        for n in range(start, len(sources), 4):
            together[n] = text._rendered.__wrapped__(sources[n]).html

    threads = [threading.Thread(target=render, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


# What is said against it


def test_code_is_never_at_fault() -> None:
    inner = "# a\n<!-- b -->\n<b>\n[c](javascript:d)\n![e](f)\n&#31;\n" + "> " * 40 + "[" * 900 + "<" * 3000
    assert codes(f"```\n{inner}\n```") == []
    assert codes("text `<!-- a --> <b> [c](d) ![e](f) &#31;` text") == []


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [*FAULTS, ("a\n\n- # b", 3, "T115"), ("a\n- ~~~~\n~~~~\nb\n~~~", 3, "T117")],
)
def test_a_fault_has_its_line(source: str, line: int, code: str) -> None:
    assert [(fault.line, fault.code) for fault in faults(source)] == [(line, code)]


def test_the_same_fault_is_said_for_each_line() -> None:
    assert [fault.line for fault in faults("[a](b)\n\nc\n\n[a](b)")] == [1, 5]


def test_no_more_is_said_than_anybody_reads() -> None:
    assert len(faults("\n\n".join(f"[a](b{n})" for n in range(1000)))) == 50


def test_a_message_shows_little_of_a_long_value_and_nothing_that_cannot_be_printed() -> None:
    (fault,) = faults(f"[a](<\u00a0{'x' * 500}>)")
    assert fault.message == f'a link leads to "{"x" * 59}…"'
    (fault,) = faults("[a](b&#x200f;c)")
    assert fault.message == 'a link leads to "bU+200Fc"'


def test_faults_are_values() -> None:
    assert Fault(1, "T111", "a") == Fault(1, "T111", "a", "", warning=False)
    with pytest.raises(AttributeError):
        Fault(1, "T111", "a").line = 2  # type: ignore[misc]  # that it is frozen is what is tested


def test_codes_are_told_in_order_and_in_sentences() -> None:
    assert list(CODES) == [f"T{number}" for number in range(101, 101 + len(CODES))]
    assert all(re.fullmatch(r"[A-Z].*\.", meaning) for meaning in CODES.values())


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://e.example", True),
        ("HTTP://e.example:8080/a?b#c", True),
        ("https://[::1]/", True),
        ("mailto:a@e.example?subject=Hello", True),
        ("mailto:", False),
        ("mailto:a", False),
        ("https:", False),
        ("https://", False),
        ("https:///e.example", False),
        ("https:/e.example", False),
        ("https:e.example", False),
        ("https:\\\\e.example", False),
        ("https://\\e.example", False),
        ("//e.example", False),
        ("/\\e.example", False),
        (" https://e.example", False),
        ("\thttps://e.example", False),
        ("ht\ntps://e.example", False),
        ("https://e.example:99999", False),
        ("https://[e.example", False),
        ("javascript:https://e.example", False),
        ("data:text/html,x", False),
        ("ftp://e.example", False),
        ("e.example", False),
        ("#a", False),
        ("", False),
    ],
)
def test_only_whole_addresses_of_the_web_and_of_mail_are_links(address: str, *, allowed: bool) -> None:
    assert is_allowed(address) is allowed
