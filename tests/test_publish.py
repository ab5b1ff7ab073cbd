"""What a build leaves in the output folder, and that it does no more than it must."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import StatiqueError, SystemFault, UsageError
from generator.publish import drafting, exchange, seen, workers
from generator.publish.artifact import Artifact, Bundle, PathError, Paths, Rank
from generator.publish.draft import LIMIT
from generator.publish.manifest import MARKER, Manifest, Part
from generator.publish.memo import Memo
from generator.publish.publish import Published, publish
from generator.view.basics import keyed

pytestmark = pytest.mark.usefixtures("forks")

Tree = dict[str, bytes | None]

ONE: Mapping[str, str] = {"index.html": "home", "a/index.html": "a", "b/index.html": "b", "app.css": "css"}
TWO: Mapping[str, str] = {"index.html": "home 2", "a/index.html": "a", "c/d/index.html": "c", "app.css": "css"}


def artifact(path: str, text: str, *, rank: Rank = Rank.PAGE) -> Artifact:
    return Artifact(path, keyed(path, text), text.encode, rank, f"source of {path}")


def unmakeable(path: str, text: str) -> Artifact:
    def fail() -> NoReturn:
        raise AssertionError(path)

    return Artifact(path, keyed(path, text), fail, Rank.PAGE, f"source of {path}")


def tree(folder: Path) -> Tree:
    """Return everything below ``folder`` by path: bytes of files, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() and not path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
    }


class Site:
    """A site folder with an output, built from texts by path."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.out = root / "output" / "public"
        self.memo = root / ".statique" / "memo.sqlite3"
        root.mkdir(exist_ok=True)
        (root / "content").mkdir()

    def publish(
        self,
        artifacts: Iterable[Artifact | Bundle],
        *,
        clean: bool = False,
        atomic: bool = False,
        jobs: int = 1,
        limit: int = LIMIT,
        label: str = "public",
    ) -> Published:
        with Memo.at(self.memo) as memo:
            return publish(
                artifacts,
                self.out,
                memo=memo,
                site=self.root,
                label=label,
                clean=clean,
                atomic=atomic,
                jobs=jobs,
                limit=limit,
            )

    def build(self, texts: Mapping[str, str], *, clean: bool = False, atomic: bool = False) -> Published:
        return self.publish([artifact(*item) for item in texts.items()], clean=clean, atomic=atomic)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


def expected(texts: Mapping[str, str]) -> Tree:
    """Return the tree of a first build of ``texts`` elsewhere."""
    return first(artifact(*item) for item in texts.items())


def first(artifacts: Iterable[Artifact | Bundle]) -> Tree:
    """Return the tree of a first build of ``artifacts`` elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        other = Site(Path(folder) / "site")
        other.publish(artifacts)
        return tree(other.out)


def test_a_first_build_writes_all_and_nothing_else(site: Site) -> None:
    built = site.build(ONE)
    assert (built.written, built.removed, built.unchanged, built.rendered) == (tuple(sorted(ONE)), (), 0, 4)
    assert built.size == sum(map(len, ONE.values()))
    found = tree(site.out)
    assert found.pop(MARKER)
    assert found == {"a": None, "b": None} | {path: text.encode() for path, text in ONE.items()}
    assert sorted(path.name for path in site.root.iterdir()) == [".statique", "content", "output"]
    assert list(site.out.parent.iterdir()) == [site.out]


def test_a_second_build_makes_nothing_and_touches_nothing(site: Site) -> None:
    site.build(ONE)
    before = {path: path.stat() for path in site.out.rglob("*")}
    built = site.publish([unmakeable(*item) for item in ONE.items()])
    assert (built.written, built.removed, built.unchanged, built.rendered) == ((), (), 4, 0)
    for path, status in before.items():
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == (status.st_mtime_ns, status.st_ino)


def test_only_what_changed_is_made_moved_and_removed(site: Site) -> None:
    site.build(ONE)
    kept = (site.out / "a/index.html").stat()
    built = site.build(TWO)
    assert built.written == ("c/d/index.html", "index.html")
    assert built.removed == ("b/index.html",)
    assert (built.unchanged, built.rendered) == (2, 2)
    assert tree(site.out) == expected(TWO)
    assert (site.out / "a/index.html").stat().st_mtime_ns == kept.st_mtime_ns


def test_a_new_key_with_equal_bytes_leaves_the_file(site: Site) -> None:
    site.build(ONE)
    before = (site.out / "app.css").stat()
    changed = [artifact(path, text) for path, text in ONE.items() if path != "app.css"]
    built = site.publish(
        [*changed, Artifact("app.css", keyed("other key"), b"css".__add__(b"").strip, Rank.ASSET, "theme")]
    )
    assert (built.written, built.rendered) == ((), 1)
    after = (site.out / "app.css").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert site.publish([*changed, Artifact("app.css", keyed("other key"), bytes, Rank.ASSET, "theme")]).rendered == 0


def test_without_a_memo_files_are_compared_by_content(site: Site) -> None:
    site.build(ONE)
    site.memo.unlink()
    assert site.publish([unmakeable(*item) for item in ONE.items()]).rendered == 0


def test_clean_makes_all_and_still_keeps_equal_files(site: Site) -> None:
    site.build(ONE)
    before = (site.out / "app.css").stat().st_mtime_ns
    built = site.build(ONE, clean=True)
    assert (built.written, built.rendered) == ((), 4)
    assert (site.out / "app.css").stat().st_mtime_ns == before


def test_clean_sees_a_change_that_hides_behind_size_and_time(site: Site) -> None:
    site.build(ONE)
    target = site.out / "index.html"
    status = target.stat()
    target.write_bytes(b"evil")
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert site.build(ONE, clean=True).written == ("index.html",)
    assert tree(site.out) == expected(ONE)


def test_others_may_remember_while_files_move(site: Site) -> None:
    with Memo.at(site.memo) as memo:
        memo.remembered("length", len, fingerprint=b"1", returns=int)("a")

    def write(what: str, _done: int, _total: int) -> None:
        if what == "move":
            with closing(sqlite3.connect(site.memo, timeout=0)) as other:
                other.execute("BEGIN EXCLUSIVE")

    with Memo.at(site.memo) as memo:
        length = memo.remembered("length", len, fingerprint=b"1", returns=int)
        page = Artifact("a", keyed(), lambda: b"a" * length("a"), Rank.PAGE, "a page")
        assert publish([page], site.out, memo=memo, site=site.root, progress=write).written == ("a",)


# Bundles


class Lots:
    """Bundles by a name and the texts of their files; ``opened`` are the names of those that were looked into."""

    def __init__(self, **lots: Mapping[str, str]) -> None:
        self._lots = lots
        self.opened: list[str] = []

    def __iter__(self) -> Iterator[Artifact | Bundle]:
        yield artifact("index.html", "home")
        for name, texts in self._lots.items():
            yield Bundle(name, keyed(name, texts), partial(self._open, name, texts))

    def _open(self, name: str, texts: Mapping[str, str]) -> Iterator[Artifact]:
        self.opened.append(name)
        return (artifact(*item) for item in texts.items())


MAY = {"may/a.html": "a", "may/b.html": "b"}
JUNE = {"june/a.html": "a"}


def test_a_bundle_that_stands_is_not_looked_into(site: Site) -> None:
    site.publish(Lots(may=MAY, june=JUNE))
    again = Lots(may=MAY, june=JUNE | {"june/c.html": "c"})
    built = site.publish(again)
    assert (again.opened, built.written, built.unchanged, built.rendered) == (["june"], ("june/c.html",), 4, 1)
    assert tree(site.out) == first(again)
    gone = Lots(may=MAY)
    assert site.publish(gone).removed == ("june/a.html", "june/c.html")
    assert gone.opened == []
    assert tree(site.out) == first(Lots(may=MAY))


@pytest.mark.parametrize("atomic", [False, True])
def test_a_file_may_move_from_one_bundle_to_another(site: Site, atomic: bool) -> None:
    site.publish(Lots(may=MAY, june=JUNE))
    moved = Lots(may={"may/a.html": "a"}, june=JUNE | {"may/b.html": "other"})
    built = site.publish(moved, atomic=atomic)
    assert (built.written, built.removed) == (("may/b.html",), ())
    loose = [artifact("may/b.html", "other"), *Lots(may={"may/a.html": "a"}, june=JUNE)]
    built = site.publish(loose, atomic=atomic)
    assert (built.written, built.removed, built.rendered) == ((), (), 0)
    assert tree(site.out) == first(loose)


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_marker_does_not_tell_who_made_what_when(site: Site, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "BATCH", 256)
    many = {f"m{month}": {f"{month}/{page}.html": f"{page}" for page in range(40)} for month in range(20)}
    site.publish(Lots(**{name: texts for name, texts in many.items() if name != "m7"}))
    site.publish(Lots(**many), jobs=jobs)
    assert tree(site.out) == first(Lots(**many))


def test_two_bundles_of_one_name_are_a_fault_of_the_program(site: Site) -> None:
    with pytest.raises(ValueError, match="may"):
        site.publish([*Lots(may=MAY), *Lots(may=JUNE)][1::2])


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"other")], ids=["gone", "changed"])
def test_a_spoilt_file_of_a_bundle_is_mended(site: Site, spoil: Callable[[Path], None]) -> None:
    site.publish(Lots(may=MAY, june=JUNE))
    spoil(site.out / "may/b.html")
    again = Lots(may=MAY, june=JUNE)
    assert site.publish(again).written == ("may/b.html",)
    assert again.opened == ["may"]


def test_what_is_known_of_bundles_is_of_no_worth_beside_another_marker(site: Site) -> None:
    site.publish(Lots(may=MAY))
    with Memo.none() as elsewhere:
        publish(Lots(may=MAY | {"may/a.html": "other"}), site.out, memo=elsewhere, site=site.root, label="public")
    again = Lots(may=MAY)
    assert site.publish(again).written == ("may/a.html",)
    assert again.opened == ["may"]


def test_what_is_known_of_all_parts_is_kept_anew_at_times(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "RENEWED", 2)
    kept: list[str] = []
    keep = Memo.keep_note

    def watched(self: Memo, name: str, value: object) -> None:
        kept.append(name.rpartition("\0")[2])
        keep(self, name, value)

    monkeypatch.setattr(Memo, "keep_note", watched)
    told = []
    for number in range(4):
        site.publish(Lots(may=MAY, june={"june/a.html": f"{number}"}))
        told.append(("may" in kept, "june" in kept))
        kept.clear()
    assert told == [(True, True), (False, True), (True, True), (False, True)]
    site.publish(Lots(may=MAY, june={"june/a.html": "3"}))
    assert kept == []


def test_clean_and_a_lost_memo_look_into_all_bundles(site: Site) -> None:
    site.publish(Lots(may=MAY, june=JUNE))
    cleaned = Lots(may=MAY, june=JUNE)
    assert site.publish(cleaned, clean=True).rendered == 4
    site.memo.unlink()
    lost = Lots(may=MAY, june=JUNE)
    assert site.publish(lost).rendered == 0
    assert cleaned.opened == lost.opened == ["may", "june"]


@pytest.mark.parametrize("path", ["may/a.html", "MAY/a.html", "may", "may/b.html/c"])
def test_what_clashes_with_a_bundle_that_stands_is_refused(site: Site, path: str) -> None:
    site.publish(Lots(may=MAY))
    for found in ([*Lots(may=MAY), artifact(path, "x")], [artifact(path, "x"), *Lots(may=MAY)]):
        with pytest.raises(PathError):
            site.publish(found)


def cut(path: Path) -> None:
    path.write_bytes(b"")


def edit(path: Path) -> None:
    path.write_bytes(b"somebody else's")


def to_link(path: Path) -> None:
    target = path.rename(path.with_name("elsewhere"))
    path.symlink_to(target)


def to_folder(path: Path) -> None:
    path.unlink()
    (path / "empty").mkdir(parents=True)


@pytest.mark.parametrize("spoil", [Path.unlink, cut, edit, to_link, to_folder])
@pytest.mark.parametrize("atomic", [False, True])
def test_a_spoilt_file_is_mended(site: Site, spoil: Callable[[Path], None], *, atomic: bool) -> None:
    site.build(ONE)
    spoil(site.out / "b/index.html")
    assert site.build(ONE, atomic=atomic).written == ("b/index.html",)
    found = tree(site.out)
    found.pop("b/elsewhere", None)
    assert found == expected(ONE)
    assert not (site.out / "b/index.html").is_symlink()


def test_files_move_in_the_order_of_their_ranks(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    replace = os.replace

    def watched(source: Path, target: Path) -> None:
        replace(source, target)
        if ".statique/" not in str(target):
            moved.append(Path(target).name)

    monkeypatch.setattr(os, "replace", watched)
    ranks = {"home": Rank.HOME, "feed": Rank.FEED, "b-page": Rank.PAGE, "a-page": Rank.PAGE, "z-asset": Rank.ASSET}
    site.publish([artifact(name, "x", rank=rank) for name, rank in ranks.items()])
    assert moved == ["z-asset", "a-page", "b-page", "feed", "home", MARKER]


@pytest.mark.parametrize("atomic", [False, True])
def test_modes_do_not_depend_on_the_umask(site: Site, *, atomic: bool) -> None:
    old = os.umask(0o077)
    try:
        site.build(ONE)
        site.build(TWO, atomic=atomic)
    finally:
        os.umask(old)
    for path in (site.out.parent, site.out, *site.out.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


def test_clashing_paths_leave_the_output_untouched(site: Site) -> None:
    site.build(ONE)
    before = tree(site.out)
    with pytest.raises(PathError, match=r"source of new.*source of NEW"):
        site.publish([artifact("new", "1"), artifact("NEW", "2")])
    assert tree(site.out) == before


def test_a_failing_maker_leaves_no_output_at_all(site: Site) -> None:
    def fail() -> NoReturn:
        raise KeyError("not found")

    with pytest.raises(KeyError):
        site.publish([artifact("a", "1"), Artifact("b", keyed(), fail, Rank.PAGE, "b")])
    assert not site.out.parent.exists()


def test_artifacts_may_come_one_by_one(site: Site) -> None:
    assert site.publish(artifact(*item) for item in ONE.items()).written == tuple(sorted(ONE))
    assert tree(site.out) == expected(ONE)


def test_progress_says_what_is_done(site: Site) -> None:
    told: list[tuple[str, int, int]] = []
    artifacts = [artifact(*item) for item in ONE.items()]
    publish(artifacts, site.out, memo=Memo.none(), site=site.root, progress=lambda *step: told.append(step))
    assert told[0] == ("render", 1, 4)
    assert ("render", 4, 4) in told
    assert told[-1] == ("move", 4, 4)


def test_files_of_others_stay(site: Site) -> None:
    site.build(ONE)
    (site.out / "b/notes.txt").write_text("mine")
    (site.out / "own").mkdir()
    (site.out / "own/link").symlink_to(site.root)
    for atomic in (False, True, False):
        for texts in (TWO, ONE, {}):
            site.build(texts, atomic=atomic)
            assert (site.out / "b/notes.txt").read_text() == "mine"
            assert (site.out / "own/link").is_symlink()


@pytest.mark.parametrize("atomic", [False, True])
@pytest.mark.parametrize("path", ["c/d/index.html", "c/d", "c", "c/d/index.html/mine.txt"])
def test_a_file_of_others_in_the_way_is_an_error_that_names_it(site: Site, path: str, *, atomic: bool) -> None:
    site.build(ONE)
    (site.out / path).parent.mkdir(parents=True, exist_ok=True)
    (site.out / path).write_text("mine")
    before = tree(site.out)
    with pytest.raises(SystemFault, match=path):
        site.build(TWO, atomic=atomic)
    assert tree(site.out) == before


@pytest.mark.parametrize("atomic", [False, True])
def test_nothing_is_written_or_removed_through_a_link(site: Site, tmp_path: Path, *, atomic: bool) -> None:
    site.build(ONE)
    elsewhere = (site.out / "b").rename(tmp_path / "elsewhere")
    (site.out / "b").symlink_to(elsewhere)
    with pytest.raises(SystemFault, match="public/b"):
        site.build({**ONE, "b/index.html": "new"}, atomic=atomic)
    site.build(TWO)
    assert tree(elsewhere) == {"index.html": b"b"}


def test_another_kind_of_site_is_refused(site: Site) -> None:
    site.build(ONE)
    before = tree(site.out)
    with pytest.raises(UsageError, match="public"):
        site.publish([artifact("index.html", "secret")], label="internal")
    assert tree(site.out) == before


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b'{"label":1}',
        b"\xff\xfe",
        b'{"label":"public","parts":{},"format":99}',
        b'{"label":"public","parts":{"":{"key":"","files":{"paths":" index.html","hashes":""}}},"format":3}',
        b'{"label":"public","parts":{"":{"key":"","files":{"index.html":1}}},"format":3}',
    ],
)
def test_a_damaged_marker_is_mended_with_what_the_memo_knows(site: Site, damage: bytes) -> None:
    site.build(ONE)
    (site.out / MARKER).write_bytes(damage)
    built = site.build(TWO)
    if damage:
        assert "damaged" in built.warnings[0]
    assert tree(site.out) == expected(TWO)
    assert site.build(TWO).warnings == ()


def test_a_damaged_marker_without_memo_never_costs_a_file(site: Site) -> None:
    site.build(ONE)
    (site.out / MARKER).write_bytes(b"{")
    site.memo.unlink()
    before = tree(site.out)
    with pytest.raises(SystemFault, match=r"index\.html"):
        site.build(TWO)
    assert tree(site.out) == before
    assert site.build(ONE).written == ()
    assert tree(site.out) == expected(ONE)


def test_a_marker_cannot_lead_outside(site: Site) -> None:
    site.build(ONE)
    marker = site.out / MARKER
    found = msgspec.json.decode(marker.read_bytes(), type=Manifest)
    led = {"../../content/x.md" if path == "b/index.html" else path: e for path, e in found.parts[""].entries().items()}
    marker.write_bytes(Manifest.of(found.label, {"": Part.of(b"", led)}).encode())
    (site.root / "content/x.md").write_text("mine")
    with pytest.raises(SystemFault, match=r"b/index\.html"):
        site.build(ONE)
    site.build({path: text for path, text in ONE.items() if path[0] != "b"})
    assert (site.root / "content/x.md").read_text() == "mine"


def test_a_site_that_is_too_large_is_refused_and_a_large_one_reported(site: Site) -> None:
    assert site.publish([artifact("a", "x" * 16)], limit=20).warnings == ()
    assert "the limit is 0 MB" in site.publish([artifact("a", "x" * 17)], limit=20).warnings[0]
    before = tree(site.out)
    with pytest.raises(StatiqueError, match="larger than 0 MB, the limit; for another host, say --max-size"):
        site.publish([artifact("a", "x" * 11), artifact("b", "y" * 10)], limit=20)
    assert tree(site.out) == before


@pytest.mark.parametrize("swap", ["exchange", "two renames"])
def test_atomic_replaces_the_folder_as_a_whole(site: Site, monkeypatch: pytest.MonkeyPatch, swap: str) -> None:
    if swap == "two renames":
        monkeypatch.setattr(exchange, "_exchange", lambda *_: False)
    site.build(ONE)
    kept = (site.out / "a/index.html").stat()
    folder = site.out.stat().st_ino
    built = site.build(TWO, atomic=True)
    assert built.written == ("c/d/index.html", "index.html")
    assert built.removed == ("b/index.html",)
    assert tree(site.out) == expected(TWO)
    assert site.out.stat().st_ino != folder
    after = (site.out / "a/index.html").stat()
    assert (after.st_mtime_ns, after.st_nlink) == (kept.st_mtime_ns, 1)
    assert list(site.out.parent.iterdir()) == [site.out]
    assert site.publish([unmakeable(*item) for item in TWO.items()], atomic=True).rendered == 0
    assert site.out.stat().st_ino != folder


def encoded(work: Callable[[str], str], text: str) -> bytes:
    return work(text).encode()


def exclaimed(text: str) -> str:
    return text + "!"


def test_workers_change_nothing_but_the_time(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "BATCH", 64)
    texts = {f"page-{number}/index.html": f"{number}" * 50 for number in range(150)}
    parent = os.getpid()

    def in_worker(text: str) -> str:
        assert os.getpid() != parent
        return exclaimed(text)

    def artifacts(memo: Memo) -> Iterator[Artifact]:
        work = memo.remembered("work", in_worker, fingerprint=b"")
        for path, text in texts.items():
            yield Artifact(path, keyed(text), partial(encoded, work, text), Rank.PAGE, path)

    with Memo.at(site.memo) as memo:
        # The first of a batch is made here, and the last batch is too small to be worth a fork: they are in the memo.
        here = [text for number, text in enumerate(texts.values()) if number in {0, 64} or number >= 128]
        memo.remembered("work", exclaimed, fingerprint=b"").many(here)
        publish(artifacts(memo), site.out, memo=memo, site=site.root, jobs=3)
    other = Site(tmp_path / "other")
    with Memo.at(site.memo) as memo:
        # What the workers computed is remembered, so that this process needs no worker.
        publish(artifacts(memo), other.out, memo=memo, site=other.root)
    assert tree(site.out) == tree(other.out)


def test_an_error_in_a_worker_arrives_as_itself_and_the_first_counts(site: Site) -> None:
    reader, writer = os.pipe()

    class OddError(Exception):
        def __init__(self, first: str, second: int) -> None:
            super().__init__(f"{first} at {second}")
            self.second = second

    def maker(number: int) -> Callable[[], bytes]:
        def make() -> bytes:
            if number == 70:
                os.read(reader, 1)  # fails only after a later one has
            if number == 90:
                os.write(writer, b"xx")  # for the worker, and for this process when it meets the error again
            if number in {70, 71, 90, 190}:
                raise OddError("failed", number)
            return b"x"

        return make

    site.build(ONE)
    before = tree(site.out)
    artifacts = [Artifact(f"page-{n}", keyed(n), maker(n), Rank.PAGE, str(n)) for n in range(200)]
    with pytest.raises(OddError) as caught:
        site.publish(artifacts, jobs=2)
    os.close(reader)
    os.close(writer)
    assert caught.value.second == 70
    assert tree(site.out) == before


def test_a_worker_that_dies_is_a_plain_error(site: Site) -> None:
    parent = os.getpid()

    def die() -> bytes:
        if os.getpid() != parent:
            os._exit(7)
        return b"x"

    artifacts = [Artifact(f"page-{n}", keyed(), die, Rank.PAGE, str(n)) for n in range(2 * workers.CHUNK + 1)]
    with pytest.raises(SystemFault, match="7"):
        site.publish(artifacts, jobs=2)
    assert not site.out.exists()


PATHS = ("a", "a/b", "a/b/c", "a/d", "A", "A/b", "index.html", "e/f/g", "e/f", "cafe\u0301", "caf\u00e9", "x" * 200)
SETS = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(["", "1", "22", "two"]), max_size=7)


def without_clashes(texts: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for path, text in texts.items():
        paths = Paths()
        try:
            for one in (*kept, path):
                paths.claim(one, one)
            paths.check()
        except PathError:
            continue
        kept[path] = text
    return kept


@settings(max_examples=60, deadline=None, database=None)
@given(steps=st.lists(st.tuples(SETS, st.sampled_from(["", "clean", "atomic", "forget"])), min_size=1, max_size=5))
def test_incremental_equals_clean(steps: list[tuple[dict[str, str], str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "site")
        for drawn, how in steps:
            texts = without_clashes(drawn)
            if how == "forget":
                site.memo.unlink(missing_ok=True)
            site.build(texts, clean=how == "clean", atomic=how == "atomic")
            assert tree(site.out) == expected(texts)
            assert list(site.out.parent.iterdir()) == [site.out]


def test_paths_that_differ_in_composition_only_replace_each_other(site: Site) -> None:
    composed = {"caf\u00e9/index.html": "1"}
    site.build(composed)
    built = site.build({unicodedata.normalize("NFD", path): text for path, text in composed.items()})
    assert len(built.written) == len(built.removed) == 1


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1),
        st.binary(min_size=32, max_size=32),
    )
)
def test_a_marker_tells_all_paths_with_their_hashes(files: dict[str, bytes]) -> None:
    entries = {path: (hashes[:16], hashes[16:]) for path, hashes in files.items()}
    assert Part.of(b"key", entries).entries() == entries
