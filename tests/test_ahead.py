"""What another process finds out ahead: told where it can, found out here where it cannot, never of another time."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from generator.hashing import key_of
from generator.publish.facts import Facts, Intact, Sum, encoded
from generator.publish.files import digest, write_new
from generator.publish.manifest import Part
from generator.publish.memo import Memo
from generator.publish.standing import Standing
from generator.publish.workers import ahead

HERE = os.getpid()


def found_out(work: Callable[[], int], jobs: int = 2) -> int:
    with ahead(work, jobs=jobs, memo=Memo.none()) as told:
        assert told
        return told()


@pytest.mark.usefixtures("forks")
def test_another_process_tells_and_is_asked_once() -> None:
    with ahead(os.getpid, jobs=2, memo=Memo.none()) as told:
        assert told
        assert told() == told() != os.getpid()


def end() -> int:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return 7


def fail() -> int:
    if os.getpid() != HERE:
        raise ValueError
    return 7


@pytest.mark.usefixtures("forks")
@pytest.mark.parametrize("work", [end, fail])
def test_what_it_cannot_tell_is_found_out_here(work: Callable[[], int], capfd: pytest.CaptureFixture[str]) -> None:
    assert found_out(work) == 7
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("forks")
def test_what_fails_here_too_is_told() -> None:
    def refuse() -> NoReturn:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        found_out(refuse)


@pytest.mark.usefixtures("forks")
def test_nobody_waits_for_what_is_not_asked_for() -> None:
    with ahead(threading.Event().wait, jobs=2, memo=Memo.none()) as told:
        assert told


def test_there_is_none_for_one_process_nor_beside_threads() -> None:
    with ahead(os.getpid, jobs=1, memo=Memo.none()) as told:
        assert told is None
    over = threading.Event()
    beside = threading.Thread(target=over.wait)
    beside.start()
    with ahead(os.getpid, jobs=2, memo=Memo.none()) as told:
        assert told is None
    over.set()
    beside.join()


def test_what_was_found_of_another_build_counts_for_nothing(tmp_path: Path) -> None:
    key, data = key_of("key"), b"a"
    fact = write_new(tmp_path / "a", data)
    parts, facts = (
        {"x": Part.of(key, {"a": (key, digest(data))})},
        Facts(b"marker", ("x",), {"x": encoded({"a": fact})}.get),
    )

    def standing(looked: Intact) -> Sum | None:
        return Standing(tmp_path, parts, facts, proved=True, looked=lambda: looked).bundle("x", key)

    assert standing(Intact(b"marker", {"x": Sum(5, 5)}, whole=True)) == Sum(5, 5)
    assert standing(Intact(b"another", {"x": Sum(5, 5)}, whole=True)) == Sum(1, 1)
    assert standing(Intact(b"marker", {}, whole=False)) == Sum(1, 1)
    (tmp_path / "a").unlink()
    assert standing(Intact(b"another", {"x": Sum(5, 5)}, whole=True)) is None
