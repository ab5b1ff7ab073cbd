"""The synthetic sites of the benchmark are repeatable, complete in every language, and the table says ratios."""

import json
import re
import sys
from pathlib import Path

import pytest

from bench import cost, limit, run, servers, synthetic, yardstick
from bench.cost import Cost, measure, timed
from bench.phrases import COMPONENT_IDS, PHRASES, STATUSES, SYMPTOMS
from generator.record.load import load_site


def _bytes(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_same_arguments_give_the_same_site(tmp_path: Path) -> None:
    one, two, other = (
        _bytes(synthetic.write_site(tmp_path / str(n), incidents=25, languages=3, seed=seed))
        for n, seed in enumerate((7, 7, 8))
    )
    assert one == two
    assert one != other
    assert len([path for path in one if "/incidents/" in path]) == 25 * 3


def test_every_incident_has_five_updates_before_now_and_only_the_last_is_open() -> None:
    incidents = list(synthetic.make_incidents(300, seed=3))
    assert len({incident.id for incident in incidents}) == 300
    assert all(len(incident.updates) == 5 for incident in incidents)
    assert max(update.at for incident in incidents for update in incident.updates) < synthetic.NOW
    assert [i.id for i in incidents if i.updates[-1].status != "resolved"] == [incidents[-1].id]


@pytest.mark.parametrize("language", PHRASES)
def test_every_language_can_say_everything(language: str) -> None:
    words, english = PHRASES[language], PHRASES["en"]
    assert list(map(len, words)) == list(map(len, english))
    assert len(words.components) == len(COMPONENT_IDS) == 20
    assert len(words.titles) == len(SYMPTOMS)
    assert set(words.openings) == set(STATUSES)
    for said, meant in zip(words.titles + words.steps, english.titles + english.steps, strict=True):
        assert set(re.findall(r"\{\w+\}", said)) == set(re.findall(r"\{\w+\}", meant))


def test_an_update_is_appended_in_every_language(tmp_path: Path) -> None:
    root = synthetic.write_site(tmp_path / "site", incidents=30, languages=2)
    before = _bytes(root)
    original = synthetic.add_update(root, number=2)
    changed = {path: text for path, text in _bytes(root).items() if before[path] != text}
    assert set(changed) == {
        f"content/incidents/{original.parent.name}/{original.stem}{end}" for end in (".md", ".fr.md")
    }
    for path, text in changed.items():
        assert text.startswith(before[path])
        assert text[len(before[path]) :].count(b"\n## monitoring 2026-03-01 11:32 UTC\n") == 1


def test_the_table_compares_with_both_clean_builds() -> None:
    rows = [
        run.Row(run.CLEAN, Cost(10, 8, 1 << 27, 2)),
        run.Row(run.HUGO, Cost(5, 4, 1 << 29, 3)),
        run.Row("check", Cost(1, 0.4, 1 << 26)),
    ]
    assert run.table(rows).splitlines()[-1] == (
        "| check | 1.00 s | 400 ms | – | 64 MiB | 0.100 | 0.050 | 0.200 | 0.100 |"
    )
    assert run.table(rows[::2]).splitlines()[-1].endswith("| 0.100 | 0.050 | – | – |")


def test_what_runs_more_than_once_stands_in_one_row_where_it_ran_first() -> None:
    costs = iter([Cost(1, 1, 1), Cost(9, 9, 9), Cost(3, 3, 3), Cost(2, 2, 2)])
    plan = [run.Case(name, lambda: next(costs)) for name in ("ours", "theirs", "ours", "ours")]
    assert run.measured(iter(plan)) == [run.Row("ours", Cost(2, 2, 2)), run.Row("theirs", Cost(9, 9, 9))]


def test_memory_is_looked_at_in_a_run_of_its_own() -> None:
    costs = iter([Cost(1, 1, 1), Cost(9, 9, 1), Cost(3, 3, 1), Cost(8, 8, 5)])
    assert run.measured(iter([run.Case("often", lambda: next(costs), 3)])) == [run.Row("often", Cost(3, 3, 5))]
    bare = iter([Cost(1, 1, 0)] * 3)
    assert run.measured(iter([run.Case("loop", lambda: next(bare), 3)])) == [run.Row("loop", Cost(1, 1, 0))]


def test_a_new_incident_is_there_in_every_language(tmp_path: Path) -> None:
    root = synthetic.write_site(tmp_path / "site", incidents=30, languages=2)
    before = _bytes(root)
    original = synthetic.add_incident(root, number=1)
    changed = _bytes(root).keys() - before.keys()
    assert changed == {f"content/incidents/{original.parent.name}/{original.stem}{end}" for end in (".md", ".fr.md")}
    site, problems = load_site(root, now=synthetic.NOW)
    assert not problems
    assert original.stem in {entry.original.id for entry in site.entries}


def test_saving_changes_one_file_of_each_site(tmp_path: Path) -> None:
    ours = synthetic.write_site(tmp_path / "ours", incidents=10, languages=2)
    theirs = yardstick.write_site(tmp_path / "theirs", incidents=10, languages=2)
    before = _bytes(tmp_path)
    synthetic.save(synthetic.newest(ours), number=7)
    yardstick.save(yardstick.newest(theirs), number=7)
    changed = [text for path, text in _bytes(tmp_path).items() if before[path] != text]
    assert [b"Save 7." in text for text in changed] == [True, True]


def test_the_limit_writes_what_was_built_and_leaves_nothing(tmp_path: Path) -> None:
    built = synthetic.write_site(tmp_path / "site", incidents=3, languages=1)
    assert limit.writing(built).wall > 0
    assert limit.reading(built).wall > 0
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_server_that_never_comes_up_ends_the_measurement_with_its_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('the port is taken')"]
    with pytest.raises(SystemExit, match="the port is taken"):
        servers.rebuilt(command, folder=tmp_path, ready="up", done="rebuilt", save=lambda _: None, repeat=1)


def test_a_command_that_fails_ends_the_measurement_with_its_words() -> None:
    with pytest.raises(SystemExit, match="no such site"):
        measure([sys.executable, "-c", "raise SystemExit('no such site')"])


def test_hugo_is_told_of_the_same_incidents(tmp_path: Path) -> None:
    ours = synthetic.write_site(tmp_path / "ours", incidents=20, languages=2)
    site = yardstick.write_site(tmp_path / "hugo", incidents=20, languages=2)
    stems = {path.stem.removesuffix(".fr") for path in (ours / "content/incidents").rglob("*.md")}
    assert {path.stem.removesuffix(".en") for path in (site / "content/incidents").rglob("*.en.md")} == stems
    learned = list((ours / "content/postmortems").rglob("*.md"))
    assert len(learned) == len(list((site / "content/postmortems").rglob("*.md"))) > 0
    changed = yardstick.add_update(site)
    assert len(json.loads(changed.read_text("utf-8"))["updates"]) == 6


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of several processes")
def test_what_a_command_starts_counts_too() -> None:
    child = "import time; kept = bytearray(60_000_000); time.sleep(0.3)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert measure([sys.executable, "-c", code]).memory > 60_000_000


def test_nobody_looks_at_what_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "_Watch", None)
    with timed():
        assert measure([sys.executable, "-c", ""]).wall > 0
