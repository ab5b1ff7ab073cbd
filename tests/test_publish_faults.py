"""Killed, interrupted or refused at any step: the output is the old one or the new one, or the next build's."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from generator.errors import SystemFault
from generator.publish import exchange, journal
from generator.publish.artifact import Artifact, Rank
from generator.publish.lock import LOCK, STATE
from generator.publish.manifest import MARKER
from generator.publish.memo import Memo
from generator.publish.publish import publish
from generator.view.basics import keyed

Tree = dict[str, bytes | None]

STEPS = ("open", "write", "fsync", "mkdir", "rmdir", "unlink", "rename", "replace", "chmod", "fchmod", "utime")
FOREIGN = {"notes.txt": b"mine", "a/notes.txt": b"mine too"}

OLD: Mapping[str, str] = {
    "index.html": "home",
    "a/index.html": "a",
    "b/c/index.html": "c",
    "becomes-folder": "x",
    "becomes-file/index.html": "y",
    "Case.css": "css",
    "same.txt": "same",
}
NEW: Mapping[str, str] = {
    "index.html": "home 2",
    "a/index.html": "a",
    "d/e/index.html": "e",
    "becomes-folder/index.html": "x",
    "becomes-file": "y",
    "case.css": "css",
    "same.txt": "same",
}


def build(site: Path, texts: Mapping[str, str], *, atomic: bool = False) -> None:
    artifacts = [
        Artifact(path, keyed(path, text), text.encode, Rank.PAGE, f"source of {path}") for path, text in texts.items()
    ]
    with Memo.at(site / ".statique/memo.sqlite3") as memo:
        publish(artifacts, site / "public", memo=memo, site=site, atomic=atomic)


def tree(folder: Path) -> Tree:
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")
    }


def without_state(found: Tree) -> Tree:
    return {path: data for path, data in found.items() if path.partition("/")[0] != STATE}


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that the system has; only a power cut would, which no test can make."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a site with an output of OLD and files of somebody else in it."""
    site = tmp_path / "base"
    site.mkdir()
    build(site, OLD)
    for path, data in FOREIGN.items():
        (site / "public" / path).write_bytes(data)
    return site


@pytest.fixture
def trees(base: Path, tmp_path: Path) -> tuple[Tree, Tree]:
    """Return the whole old output and the whole new one."""
    old = tree(base / "public")
    site = shutil.copytree(base, tmp_path / "wanted")
    build(site, NEW)
    return old, tree(site / "public")


@contextmanager
def stopped_at(number: int, stop: Callable[[], object]) -> Iterator[list[int]]:
    """Call ``stop`` in place of the step ``number`` of all that changes files; yield the count so far."""
    count = [0]

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            count[0] += 1
            if count[0] == number:
                stop()
            return function(*arguments, **options)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, counted(getattr(os, name)))
        patch.setattr(exchange, "_exchange", counted(exchange._exchange))
        yield count


def is_killed_at(number: int, action: Callable[[], None]) -> bool:
    """Return whether a process that does ``action`` died at its step ``number``."""
    if (child := os.fork()) == 0:
        status = 1
        try:
            with stopped_at(number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                action()
            status = 0
        finally:
            os._exit(status)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def assert_whole(site: Path, trees: tuple[Tree, Tree]) -> None:
    """Assert that what a stopped build left is one of ``trees``, or will be finished."""
    out = site / "public"
    found = without_state(tree(out)) if out.exists() else {}
    for path, data in FOREIGN.items():
        if found:
            assert found[path] == data
    if not (out / STATE / journal.JOURNAL).exists() and found:
        assert found in trees


def assert_tidy(site: Path, wanted: Tree) -> None:
    assert tree(site / "public") == wanted
    assert sorted(path.name for path in site.iterdir()) == [".statique", "public"]


@pytest.mark.parametrize(
    ("swap", "after"),
    [("moves", "the same"), ("moves", "the old"), ("exchange", "the same"), ("two renames", "the old")],
)
def test_killed_at_any_step(base: Path, tmp_path: Path, trees: tuple[Tree, Tree], swap: str, after: str) -> None:
    texts, wanted = (NEW, trees[1]) if after == "the same" else (OLD, trees[0])
    site = tmp_path / "site"

    def action() -> None:
        with pytest.MonkeyPatch.context() as patch:
            if swap == "two renames":
                patch.setattr(exchange, "_exchange", lambda *_: False)
            build(site, NEW, atomic=swap != "moves")

    for number in range(1, 1000):
        shutil.copytree(base, site)
        killed = is_killed_at(number, action)
        assert_whole(site, trees)
        build(site, texts)
        assert_tidy(site, wanted)
        shutil.rmtree(site)
        if not killed:
            assert number > 40
            return
    raise AssertionError("never finished")


def test_killed_twice(base: Path, tmp_path: Path, trees: tuple[Tree, Tree]) -> None:
    site, broken = tmp_path / "site", tmp_path / "broken"
    shutil.copytree(base, broken)

    def journal_stands() -> bool:
        return (broken / "public" / STATE / journal.JOURNAL).exists()

    number = 0
    while not journal_stands():
        number += 1
        assert is_killed_at(number, lambda: build(broken, NEW))
    assert is_killed_at(6, lambda: build(broken, NEW))
    assert journal_stands()
    for again in range(1, 1000):
        shutil.copytree(broken, site)
        killed = is_killed_at(again, lambda: build(site, NEW))
        assert_whole(site, trees)
        build(site, NEW)
        assert_tidy(site, trees[1])
        shutil.rmtree(site)
        if not killed:
            return
    raise AssertionError("never finished")


def test_a_first_build_killed_at_any_step_leaves_an_output_that_is_ours(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for number in range(1, 1000):
        site.mkdir()
        killed = is_killed_at(number, lambda: build(site, NEW))
        build(site, OLD)
        assert sorted(path for path, data in tree(site / "public").items() if data is not None) == sorted(
            [*OLD, MARKER]
        )
        shutil.rmtree(site)
        if not killed:
            return
    raise AssertionError("never finished")


def refuse() -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt() -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("stop", "error"), [(refuse, SystemFault), (interrupt, KeyboardInterrupt)])
@pytest.mark.parametrize("atomic", [False, True])
def test_refused_or_interrupted_at_any_step(
    base: Path,
    tmp_path: Path,
    trees: tuple[Tree, Tree],
    stop: Callable[[], object],
    error: type[BaseException],
    *,
    atomic: bool,
) -> None:
    site = tmp_path / "site"
    failures = 0
    for number in range(1, 1000):
        shutil.copytree(base, site)
        with stopped_at(number, stop) as count:
            try:
                build(site, NEW, atomic=atomic)
            except error:
                failures += 1
        assert_whole(site, trees)
        build(site, NEW)
        assert_tidy(site, trees[1])
        shutil.rmtree(site)
        if count[0] < number:
            assert failures > 25
            return
    raise AssertionError("never finished")


def test_a_failure_before_the_moves_leaves_no_trace(base: Path, trees: tuple[Tree, Tree]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", lambda *_: refuse())
        with pytest.raises(SystemFault, match=r"no space left on device.*free some space"):
            build(base, NEW)
    assert_tidy(base, trees[0])


def test_ctrl_c_in_a_maker_leaves_no_trace(base: Path, trees: tuple[Tree, Tree]) -> None:
    artifacts = [
        Artifact("x", keyed(), b"x".strip, Rank.PAGE, "x"),
        Artifact("y", keyed(), interrupt, Rank.PAGE, "y"),
    ]
    with pytest.raises(KeyboardInterrupt):
        publish(artifacts, base / "public", memo=Memo.none(), site=base)
    assert_tidy(base, trees[0])


@pytest.mark.parametrize(
    "text", ["", "{", '{"clear":["../x"],"moves":[],"drop":["../../x"],"fresh":[]}', '{"moves":[["../../x","a"]]}']
)
def test_a_spoilt_journal_is_not_followed(base: Path, tmp_path: Path, trees: tuple[Tree, Tree], text: str) -> None:
    (tmp_path / "x").write_text("mine")
    (base / "x").write_text("mine")
    (base / "public" / STATE / "staged").mkdir(parents=True)
    (base / "public" / STATE / journal.JOURNAL).write_text(text)
    build(base, NEW)
    assert tree(base / "public") == trees[1]
    assert (tmp_path / "x").read_text() == (base / "x").read_text() == "mine"


def test_finishing_does_not_clear_what_has_moved_since(base: Path) -> None:
    # As on a system that takes both names for one: the old name was cleared, the new file stands under it.
    out = base / "public"
    (out / STATE / "staged").mkdir(parents=True)
    steps = journal.Journal(clear=("same.txt",), moves=(("0", "same.txt"),), drop=(), fresh=frozenset())
    journal.write(out, steps)
    journal.recover(out)
    assert (out / "same.txt").read_text() == "same"
    assert not (out / STATE / journal.JOURNAL).exists()


def test_a_file_to_be_cleared_is_no_strangers_under_its_other_name(base: Path) -> None:
    staged = base / "public" / STATE / "staged"
    staged.mkdir(parents=True)
    (staged / "0").touch()
    journal.check(base / "public", journal.Journal.of([("0", "same.txt")], ["Same.txt"], fresh=[]))
    with pytest.raises(SystemFault):
        journal.check(base / "public", journal.Journal.of([("0", "same.txt")], [], fresh=["same.txt"]))


def test_what_is_in_the_way_is_met_where_its_folder_has_another_name(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a system that takes both names for one.
    for name in ("exists", "is_folder"):
        look = getattr(journal, name)
        monkeypatch.setattr(journal, name, lambda path, look=look: look(str(path).replace("/mine", "/Mine")))
    out = base / "public"
    staged = out / STATE / "staged"
    for folder in (staged, out / "Mine"):
        folder.mkdir(parents=True)
    for file in (staged / "0", out / "Mine/a.txt"):
        file.touch()
    with pytest.raises(SystemFault, match=r"mine/a\.txt"):
        journal.check(out, journal.Journal.of([("0", "mine/a.txt")], [], fresh=["mine/a.txt"]))


def test_finishing_does_not_overwrite_what_came_in_between(base: Path) -> None:
    out = base / "public"
    number = 0
    while not (out / STATE / journal.JOURNAL).exists():
        number += 1
        assert is_killed_at(number, lambda: build(base, NEW))
    (out / "d/e").mkdir(parents=True)
    (out / "d/e/index.html").write_text("mine")
    with pytest.raises(SystemFault, match=r"d/e/index\.html"):
        build(base, NEW)
    assert (out / "d/e/index.html").read_text() == "mine"


def test_a_foreign_tree_beside_the_output_is_not_removed(base: Path) -> None:
    beside = base / ".public.statique-new"
    beside.mkdir()
    (beside / "precious").touch()
    with pytest.raises(SystemFault, match=r"\.public\.statique-new"):
        build(base, NEW)
    assert (beside / "precious").exists()


class Child:
    """A forked process that builds one page, and two pipes to talk with it."""

    def __init__(self, site: Path, text: str, *, held: bool, atomic: bool = False) -> None:
        self._told, telling = os.pipe()
        letting, self._let = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(telling)
            os.close(letting)
            return
        status = 1
        try:
            os.close(self._told)
            os.close(self._let)

            def make() -> bytes:
                if held:
                    os.write(telling, b"made")
                    os.read(letting, 1)
                return text.encode()

            def tell(message: str) -> None:
                os.write(telling, message.encode()[:20])

            artifacts = [Artifact("index.html", keyed(text), make, Rank.PAGE, "x")]
            publish(
                artifacts,
                site / "public",
                memo=Memo.none(),
                site=site,
                atomic=atomic,
                waiting=tell,
            )
            status = 0
        finally:
            os._exit(status)

    def hears(self) -> bytes:
        """Return what the process says next, empty when it has ended."""
        return os.read(self._told, 100)

    def go(self) -> None:
        """Let the maker return."""
        os.write(self._let, b"x")

    def end(self) -> int:
        """Return the exit status."""
        os.close(self._told)
        os.close(self._let)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.mark.parametrize("atomic", [False, True])
def test_the_second_of_two_builds_waits_and_says_so(tmp_path: Path, *, atomic: bool) -> None:
    first = Child(tmp_path, "first", held=True, atomic=atomic)
    assert first.hears() == b"made"
    second = Child(tmp_path, "second", held=False)
    assert second.hears() == b"another build writes"
    assert (tmp_path / "public" / STATE / LOCK).exists()
    first.go()
    assert first.end() == 0
    assert second.hears() == b""
    assert second.end() == 0
    assert tree(tmp_path / "public").keys() == {"index.html", MARKER}
    assert (tmp_path / "public/index.html").read_text() == "second"


def test_a_killed_holder_does_not_block(tmp_path: Path) -> None:
    first = Child(tmp_path, "first", held=True)
    assert first.hears() == b"made"
    os.kill(first.pid, signal.SIGKILL)
    assert first.end() == -signal.SIGKILL
    second = Child(tmp_path, "second", held=False)
    assert second.hears() == b""
    assert second.end() == 0
    assert tree(tmp_path / "public").keys() == {"index.html", MARKER}
