"""A memo saves work when it can and changes nothing when it cannot."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from generator.publish import memo as memo_module
from generator.publish import store
from generator.publish.memo import Memo, Remembered


class Record(msgspec.Struct, frozen=True):
    title: str
    when: datetime
    tags: tuple[str, ...] = ()


class Counted:
    """A pure function that counts its calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, text: str) -> str:
        self.calls.append(text)
        return text.upper()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".statique" / "memo.sqlite3"


def upper(memo: Memo, function: Callable[[str], str], fingerprint: bytes = b"1") -> Remembered[str, str]:
    return memo.remembered("upper", function, fingerprint=fingerprint)


def run(path: Path, *texts: str, fingerprint: bytes = b"1") -> tuple[list[str], list[str]]:
    """Return the results for ``texts`` in a run of its own, and the texts for which the function was called."""
    counted = Counted()
    with Memo.at(path) as memo:
        function = upper(memo, counted, fingerprint)
        results = [function(text) for text in texts]
    return results, counted.calls


def test_a_second_run_computes_only_what_is_new(path: Path) -> None:
    assert run(path, "a", "b", "a") == (["A", "B", "A"], ["a", "b"])
    assert run(path, "b", "c", "a") == (["B", "C", "A"], ["c"])
    assert [file.name for file in path.parent.iterdir()] == ["memo.sqlite3"]


def test_what_was_kept_is_as_it_will_be_asked_for(path: Path) -> None:
    with Memo.at(path) as memo:
        kept = memo.kept("record", fingerprint=b"", returns=Record)
        given = Record("日本", datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1))))
        back = kept.keep(b"key", given)
        assert back == given
        assert repr(back) == repr(kept.known([b"key"])[b"key"])


def test_a_text_is_no_larger_for_having_been_asked_for_or_kept(path: Path) -> None:
    # An encoded text keeps its other form beside it for as long as it lives.
    text = "日本" * 500
    size = sys.getsizeof(text)
    with Memo.at(path) as memo:
        upper(memo, str.upper)(text)
        assert sys.getsizeof(text) == size
        kept = memo.kept("record", fingerprint=b"", returns=Record).keep(b"key", Record(text, datetime.now(UTC)))
    assert sys.getsizeof(kept.title) == size


def test_another_kind_or_fingerprint_is_another_function(path: Path) -> None:
    run(path, "a")
    assert run(path, "a", fingerprint=b"2")[1] == ["a"]
    with Memo.at(path) as memo:
        assert memo.remembered("lower", str.lower, fingerprint=b"1")("a") == "a"


def test_nothing_is_written_when_nothing_is_new(path: Path) -> None:
    with Memo.at(path):
        pass
    assert not path.parent.exists()
    run(path, "a")
    before = path.read_bytes()
    run(path, "a")
    assert path.read_bytes() == before


def test_many_keeps_the_order_and_computes_what_is_missing(path: Path) -> None:
    run(path, *(str(number) for number in range(0, 1300, 2)))
    counted = Counted()
    with Memo.at(path) as memo:
        texts = [str(number) for number in range(1300)]
        assert upper(memo, counted).many(texts) == texts
    assert counted.calls == [str(number) for number in range(1, 1300, 2)]


def test_records_come_back_typed_and_the_first_run_sees_what_later_ones_see(path: Path) -> None:
    odd = timezone(timedelta(hours=1))

    def parse(source: bytes) -> Record:
        return Record(source.decode(), datetime(2026, 1, 1, 1, tzinfo=odd), ("x",))

    seen: list[Record] = []
    for _ in range(2):
        with Memo.at(path) as memo:
            seen.append(memo.remembered("record", parse, fingerprint=b"", returns=Record)(b"title"))
    assert seen[0] == seen[1] == Record("title", datetime(2026, 1, 1, tzinfo=UTC), ("x",))
    assert repr(seen[0]) == repr(seen[1])


def test_a_result_of_another_shape_is_computed_again(path: Path) -> None:
    with Memo.at(path) as memo:
        memo.remembered("shape", len, fingerprint=b"", returns=int)("abc")
    with Memo.at(path) as memo:
        assert upper(memo, str.upper)("abc") == "ABC"
        assert memo.remembered("shape", str.upper, fingerprint=b"", returns=str)("abc") == "ABC"


def test_errors_pass_and_are_not_kept(path: Path) -> None:
    def fail(text: str) -> str:
        raise KeyError(text)

    for _ in range(2):
        with pytest.raises(KeyError), Memo.at(path) as memo:
            memo.remembered("fail", fail, fingerprint=b"")("a")


def test_what_was_computed_before_a_failure_is_kept(path: Path) -> None:
    def failing_run() -> None:
        with Memo.at(path) as memo:
            upper(memo, str.upper)("a")
            raise KeyError

    with pytest.raises(KeyError):
        failing_run()
    assert run(path, "a")[1] == []


def test_without_a_file_it_remembers_while_it_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    counted = Counted()
    with Memo.none() as memo:
        function = upper(memo, counted)
        assert [function("a"), function("a")] == ["A", "A"]
    assert counted.calls == ["a"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", [True, False])
def test_a_full_memory_is_emptied_and_nothing_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, folder: bool
) -> None:
    monkeypatch.setattr(memo_module, "PENDING_LIMIT", 50)
    counted = Counted()
    texts = [f"text {number}" for number in range(40)]
    with Memo.at(path) if folder else Memo.none() as memo:
        function = upper(memo, counted)
        assert [function(text) for text in texts] == [text.upper() for text in texts]
    if folder:
        assert run(path, *texts)[1] == []


def damage_header(path: Path) -> None:
    path.write_bytes(b"not a database, whatever its name may say" * 100)


def damage_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(byte ^ 0x5A for byte in data[4096:])
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_value(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE result SET value = replace(value, 'A', 'X')")
    database.close()


def swap_values(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE result SET value = (SELECT min(value) FROM result)")
    database.close()


def retype(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE result SET value = 'text', generation = 'text'")
    database.close()


def lose_counter(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM build")
    database.close()


def other_version(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


def other_application(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE result (something TEXT)")
    database.close()


@pytest.mark.parametrize(
    "damage",
    [
        damage_header,
        damage_pages,
        truncate,
        empty,
        flip_value,
        swap_values,
        retype,
        lose_counter,
        other_version,
        other_application,
    ],
)
def test_damage_costs_one_run(path: Path, damage: Callable[[Path], None]) -> None:
    texts = [f"a{number}" for number in range(300)]
    run(path, *texts)
    damage(path)
    expected = [text.upper() for text in texts]
    results, calls = run(path, *texts)
    assert results == expected
    assert calls
    assert run(path, *texts) == (expected, [])


def test_a_folder_in_its_place_is_left_alone(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "precious").touch()
    for _ in range(2):
        assert run(path, "a") == (["A"], ["a"])
    assert (path / "precious").exists()


def test_a_file_where_its_folder_would_be_is_left_alone(path: Path) -> None:
    path.parent.write_text("precious")
    assert run(path, "a") == (["A"], ["a"])
    assert path.parent.read_text() == "precious"


def test_a_locked_file_is_waited_for_once_and_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "READ_PATIENCE", 0.0)
    monkeypatch.setattr(store, "WRITE_PATIENCE", 0.0)
    run(path, "a")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert run(path, "a", "b") == (["A", "B"], ["a", "b"])
    other.execute("COMMIT")
    other.close()
    assert run(path, "a")[1] == []


def test_a_file_that_cannot_be_written_is_still_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(path, "a")
    before = path.read_bytes()
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    def read_only(database: Path, *rest: float, **options: object) -> sqlite3.Connection:
        return connect(f"{database.as_uri()}?mode=ro", *rest, uri=True, **options)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    assert run(path, "a", "b") == (["A", "B"], ["b"])
    assert path.read_bytes() == before


def test_two_runs_at_once_both_count(path: Path) -> None:
    with Memo.at(path) as first, Memo.at(path) as second:
        assert upper(first, str.upper)("a") == "A"
        assert upper(second, str.upper)("b") == "B"
    assert run(path, "a", "b")[1] == []


def test_long_unused_entries_go_and_used_ones_stay(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LIFETIME", 12)
    monkeypatch.setattr(store, "REFRESH", 3)
    monkeypatch.setattr(store, "SWEEP_EVERY", 4)
    monkeypatch.setattr(store, "SWEEP_ABOVE", 0)
    run(path, "used", "unused")
    for number in range(30):
        assert run(path, "used", f"new {number}")[1] == [f"new {number}"]
    assert run(path, "used", "unused")[1] == ["unused"]
    with sqlite3.connect(path) as database:
        (rows,) = database.execute("SELECT count(*) FROM result").fetchone()
    database.close()
    assert rows < 20


def test_what_is_old_is_found_without_a_look_at_all(path: Path) -> None:
    run(path, "a")
    with sqlite3.connect(path) as database:
        plan = database.execute("EXPLAIN QUERY PLAN DELETE FROM result WHERE generation < 1").fetchall()
    database.close()
    assert "USING COVERING INDEX result_age" in plan[0][-1] or "USING INDEX result_age" in plan[0][-1]


def test_a_small_file_is_not_swept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LIFETIME", 2)
    monkeypatch.setattr(store, "SWEEP_EVERY", 1)
    run(path, "unused")
    for number in range(6):
        run(path, f"new {number}")
    assert run(path, "unused")[1] == []


def test_notes_are_kept_by_name(path: Path) -> None:
    note = {"a/b.html": (1_700_000_000_123_456_789, 12, b"x" * 16)}
    kind = dict[str, tuple[int, int, bytes]]
    with Memo.at(path) as memo:
        memo.keep_note("/site/public", note)
        assert memo.note("/site/public", kind) == note
    with Memo.at(path) as memo:
        assert memo.note("/site/public", kind) == note
        assert memo.note("/site/public", list[str]) is None
        assert memo.note("/site/internal", kind) is None
        memo.keep_note("/site/public", {})
    with Memo.at(path) as memo:
        assert memo.note("/site/public", kind) == {}


def test_a_forked_process_hands_over_what_it_computed(path: Path) -> None:
    run(path, "a")
    counted = Counted()
    with Memo.at(path) as memo:
        function = upper(memo, counted)
        function("a")
        memo.rest()
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            function("a")
            function("b")
            os.write(writer, msgspec.msgpack.encode((memo.harvest(), counted.calls)))
            os._exit(0)
        os.waitpid(child, 0)
        results, calls = msgspec.msgpack.decode(os.read(reader, 10_000), type=tuple[dict[bytes, bytes], list[str]])
        os.close(reader)
        os.close(writer)
        assert calls == ["b"]
        memo.absorb(results)
        assert function("b") == "B"
    assert counted.calls == []
    assert run(path, "a", "b")[1] == []
