"""Workers: how long one lives, what only one of them does at a time, and what comes of a failure."""

import os
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from generator.publish.memo import Memo
from generator.publish.workers import alone, make_all

pytestmark = pytest.mark.usefixtures("forks")


def made_by(work: Callable[[int], int], tasks: range, *, life: int) -> list[int]:
    return list(make_all(work, tasks, jobs=2, memo=Memo.none(), chunk=1, life=life))


@pytest.mark.parametrize("life", [1, 2, 3])
def test_a_worker_ends_after_its_life_and_another_begins(life: int) -> None:
    lives = Counter(made_by(lambda _: os.getpid(), range(12), life=life))
    assert os.getpid() not in lives
    assert lives.total() == 12
    assert max(lives.values()) <= life


def test_what_a_worker_remembered_the_next_one_knows() -> None:
    def by_whom(what: str) -> str:
        return f"{what} by {os.getpid()}"

    memo = Memo.none()
    asked = memo.remembered("work", by_whom, fingerprint=b"")
    told = list(make_all(lambda _: asked("same"), range(6), jobs=2, memo=memo, chunk=1, life=1))
    assert len(told) == 6
    assert len(set(told)) <= 2, "of the two that begin at once each may be the first"


def test_a_failure_arrives_from_a_later_worker_and_ends_the_work() -> None:
    def fail_at_seven(number: int) -> int:
        if number == 7:
            raise ValueError(str(number))
        return number

    with pytest.raises(ValueError, match=r"^7$"):
        made_by(fail_at_seven, range(100), life=1)


def test_only_one_worker_at_a_time_is_alone(tmp_path: Path) -> None:
    inside, both = tmp_path / "inside", get_context("fork").Barrier(2)

    def enter(_: int) -> int:
        both.wait(10)
        for _ in range(300):
            with alone():
                inside.touch(exist_ok=False)
                inside.unlink()
        return 0

    assert made_by(enter, range(2), life=1) == [0, 0]


def test_who_is_no_worker_is_alone_anyway() -> None:
    with alone(), alone():
        pass
