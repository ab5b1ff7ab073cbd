"""How far a command is, as the person sees it who waits for it."""

from __future__ import annotations

import os

import pytest

from generator.cli.terminal import Progress


class Clock:
    """A clock that stands until somebody moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr("generator.cli.terminal.time.monotonic", found)
    return found


def walk(clock: Clock) -> None:
    """Go through two phases, the second of which is quick."""
    with Progress() as progress:
        for done in range(1, 41):
            progress.step("render", done, 40)
            clock.now += 0.1
        progress.step("move", 1, 2)
        progress.step("move", 2, 2)


def test_a_phase_of_more_than_a_second_is_a_line(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    walk(clock)
    assert capsys.readouterr() == ("", "render …\n")


def test_on_a_terminal_it_is_a_bar(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    walk(clock)
    shown = capsys.readouterr().err.split("\r\033[K")
    assert shown[1] in {"render: 11 of 40 (11 a second)", "render: 12 of 40 (11 a second)"}
    assert "render: 40 of 40 (10 a second)" in shown


def test_a_worker_tells_nothing(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Progress() as progress:
        progress.step("render", 1, 9)
        clock.now += 5
        monkeypatch.setattr(os, "getpid", lambda: -1)
        progress.step("render", 5, 9)
        assert capsys.readouterr().err == ""
        monkeypatch.undo()
