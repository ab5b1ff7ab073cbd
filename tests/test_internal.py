"""The war-room record: what it may say, what is told when it is wrong, and that none of it becomes public."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cli import run
from generator.errors import ContentError, Problem
from generator.importers.war_room_text import entry
from generator.record.fields import parse_time
from generator.record.internal import load_internal, parse_internal, survey_internal
from generator.record.internal_check import internal_problems
from generator.record.internal_fields import COUNT, MONEY, PERCENT, Unit, parse_figure, unparse_figure
from generator.record.internal_leaks import Marks, PublicText, Sieve, leaks, private_runs
from generator.record.internal_model import Bound, EventKind, Figure, Hit, InternalRecord, Pair, Prose, Stage
from generator.record.internal_sections import READERS
from generator.record.load import survey
from generator.record.model import Reference, Words
from generator.record.schema import INTERNAL_KEYS
from generator.terms import Effort, Progress
from tests.cases import COMPONENTS, INCIDENT, SITE, read_case, settle, small_site, write_files

FORMS = {"error_rate": "{} %", "users_share": "{} %", "latency_p99": "{} ms", "revenue": "{} USD"}
WORDS = {"url": "https://{}.example"}
PLAIN: dict[Any, Any] = {"severity": "sev1", datetime: "2026-02-22 02:51:13 UTC", bool: True, int: "46 min"}
PROSE = {name.replace(" ", "_").replace("contributing_factors", "factors") for name in READERS}
OWN = {"id", "path", "marks"}
CORPUS = Path(__file__).parent / "corpus" / "internal"
CASES = sorted(CORPUS.glob("*.case"))
NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
PATH = "content/internal/incidents/2026-02-22-portal.md"
RECORD = """\
---
number: INC-7
severity: P1
commander: Dana
responders: [Bob Lee, Carol]
participants: {Dana: DevOps, Bob Lee: Frontend}
---

## timeline

### 2026-02-22 02:58 UTC investigation by Carol
heap: 180 MB

The pod restarts.

#### Its log

    OOMKilled

### 2026-02-22T02:47Z detection by PagerDuty

5xx above the threshold.

## chat

### 2026-02-22 03:53+01:00 Dana
reactions: {eyes: [Bob Lee, Carol]}

@bob lee and @Carol, join; @Priya is off, and mail@acme.example is no mention.

### 2026-02-22 02:47:30 UTC PagerDuty (bot)

On call: Dana.

## actions

### Go back to v2.4.0
owner: Carol
status: done
"""


def problems_of(root: Path, **options: Any) -> tuple[Problem, ...]:
    """Return what ``check`` says of the internal record of a site."""
    site = survey(root, now=NOW).site
    return tuple(sorted(internal_problems(site, survey_internal(root, site, now=NOW, **options))))


def read(text: str) -> InternalRecord:
    """Return the record that a text is."""
    parsed = parse_internal((PATH, text.encode()))
    assert parsed.problems == ()
    assert parsed.record is not None
    return parsed.record


# --- reading


def test_entries_are_in_order_of_time_whatever_their_order_in_the_file() -> None:
    record = read(RECORD)
    assert [(one.at.isoformat(), one.kind, one.actor) for one in record.timeline] == [
        ("2026-02-22T02:47:00+00:00", EventKind.DETECTION, "PagerDuty"),
        ("2026-02-22T02:58:00+00:00", EventKind.INVESTIGATION, "Carol"),
    ]
    assert record.timeline[1].measures == (Pair("heap", "180 MB"),)
    assert record.timeline[1].text == "The pod restarts.\n\n#### Its log\n\n    OOMKilled"
    assert [(one.author, one.bot) for one in record.chat] == [("PagerDuty", True), ("Dana", False)]


def test_mentions_are_names_of_people_and_words_that_nobody_is_called() -> None:
    dana = read(RECORD).chat[1]
    assert dana.mentions == ("Bob Lee", "Carol", "Priya")
    assert [(one.sign, one.people) for one in dana.reactions] == [("eyes", ("Bob Lee", "Carol"))]


def test_an_action_without_a_status_is_open() -> None:
    (done,) = read(RECORD).actions
    (opened,) = read("---\n---\n\n## actions\n\n### Look\n").actions
    assert (done.title, done.owner, done.status) == ("Go back to v2.4.0", "Carol", Progress.DONE)
    assert (opened.status, opened.type) == (Progress.OPEN, None)


def test_lists_may_be_numbered_and_their_items_long() -> None:
    record = read("---\n---\n\n## Contributing  Factors\n\n- One\n  and more\n\n  a paragraph\n- Two\n")
    assert record.factors == (Prose("One\nand more\n\na paragraph", 6), Prose("Two", 10))
    assert [one.text for one in read("---\n---\n\n## mitigation\n\n1. One\n2. Two\n").mitigation] == ["One", "Two"]


@pytest.mark.parametrize(
    ("text", "unit", "value", "bound"),
    [
        ("2400", COUNT, "2400", Bound.EXACT),
        ("~2,400", COUNT, "2400", Bound.ABOUT),
        ("12 500+", COUNT, "12500", Bound.AT_LEAST),
        ("23.5 %", PERCENT, "23.5", Bound.EXACT),
        ("62", PERCENT, "62", Bound.EXACT),
        ("~ 28500 USD", MONEY, "28500", Bound.ABOUT),
    ],
)
def test_figures_are_as_exact_as_people_know_them(text: str, unit: Unit, value: str, bound: Bound) -> None:
    found = parse_figure(text, unit)
    assert found is not None
    assert (str(found.value), found.bound) == (value, bound)
    assert parse_figure(unparse_figure(found), unit) == found


@pytest.mark.parametrize(
    ("text", "unit"),
    [("", COUNT), ("many", COUNT), ("~1+", COUNT), ("1,2", COUNT), ("5 %", COUNT), ("28500", MONEY), ("5 usd", MONEY)],
)
def test_what_is_no_figure(text: str, unit: Unit) -> None:
    assert parse_figure(text, unit) is None


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    parsed = parse_internal((PATH, b"---\nnumber: 1\n---\n\n## chat\n\n### 2026-02-22 02:51 UTC Dana\n" + data))
    assert parsed.problems or parsed.record is not None


_TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"]), min_size=1, max_size=80)
_AUTHORS = _TEXTS.map(lambda text: " ".join(text.split())).filter(
    lambda text: bool(text) and not text.endswith("(bot)") and not text.endswith("#")
)


@given(st.lists(st.tuples(st.integers(700_000_000, 1_900_000_000), _AUTHORS, _TEXTS), max_size=5))
def test_what_is_written_as_entries_is_read_back(given: list[tuple[int, str, str]]) -> None:
    said = [
        (datetime.fromtimestamp(at, UTC), author, f"x {' '.join(text.split())}".rstrip()) for at, author, text in given
    ]
    text = "---\n---\n\n## chat\n\n" + "\n".join(entry(*one) for one in said)
    found = parse_internal((PATH, text.encode())).record
    assert found is not None
    assert [(one.at, one.author, one.text) for one in found.chat] == sorted(said, key=lambda one: one[0])


# --- problems


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_problems_are_told_exactly(path: Path, tmp_path: Path) -> None:
    files = {name: text for name, text in read_case(path).items() if name != "problems"}
    base = {"content/site.yml": SITE, "content/components.yml": COMPONENTS}
    write_files(tmp_path, base | {"content/incidents/2026-02-22-portal.md": INCIDENT} | files)
    found = "".join(f"{problem}\n" for problem in problems_of(tmp_path))
    assert found
    assert found == settle(path, "problems", found), "renew with STATIQUE_RENEW=1 if this is better"


def test_no_message_repeats_what_leaked() -> None:
    told = read_case(CORPUS / "leaks.case")["problems"]
    assert "R163" in told
    assert not re.search("night shift|#inc-portal|dana@|twenty", told, re.IGNORECASE)


def test_what_no_public_text_says_is_not_kept() -> None:
    told = "They failed, because nobody had thought that the night shift would be away."
    record = read(
        RECORD + f"\n## notes\n\nSaid in private: {told}\n\n" + "Of this nobody outside ever heard a word. " * 90
    )
    assert private_runs([record], Sieve([])) == {}
    kept = private_runs([record], Sieve(["because nobody had thought that the night shift"]))
    assert set(kept) == {"because nobody had thought that the night shift"}
    public = PublicText("page.md", 3, f"Yes.\n\n{told}")
    assert [(one.path, one.line, one.code) for one in leaks([public], [record])] == [("page.md", 5, "R163")]


NAMES = st.text(alphabet="ab#-.@é", min_size=6, max_size=9)


@given(st.lists(NAMES, max_size=8), st.text(alphabet="ab#-.@é", max_size=60))
def test_every_name_within_a_text_is_found(names: list[str], text: str) -> None:
    record = read(RECORD)
    known = dict.fromkeys(names, record)
    found = sorted(place for place, _ in Marks(known).within(text))
    assert found == sorted(text.find(name) for name in known if name in text)


def test_a_sound_record_has_no_problems(tmp_path: Path) -> None:
    site = small_site(tmp_path, **{PATH: RECORD})
    assert problems_of(site) == ()
    whole = survey(site, now=NOW).site
    assert whole is not None
    assert [record.number for record in load_internal(site, whole, now=NOW)] == ["INC-7"]


def test_loading_stops_with_all_problems(tmp_path: Path) -> None:
    site = small_site(tmp_path, **{PATH: RECORD.replace("P1", "P9").replace("done", "finished")})
    whole = survey(site, now=NOW).site
    assert whole is not None
    with pytest.raises(ContentError) as caught:
        load_internal(site, whole, now=NOW)
    assert [problem.code for problem in caught.value.problems] == ["S105", "S119"]


def test_check_reads_an_overlay_outside_the_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "site")
    overlay = tmp_path / "war"
    write_files(overlay, {"incidents/2026-02-22-portal.md": RECORD.replace("P1", "P9")})
    assert run(["-C", str(site), "check", "--now", "2026-11-21T04:30Z"]) == 0
    assert run(["-C", str(site), "check", "--now", "2026-11-21T04:30Z", "--internal", str(overlay)]) == 1
    assert (
        f'{overlay.as_posix()}/incidents/2026-02-22-portal.md:3:11: S105 unknown severity "P9"'
        in capsys.readouterr().out
    )


def test_check_finds_a_fault_in_the_folder_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path, **{PATH: RECORD.replace("commander", "comander")})
    assert run(["-C", str(site), "check", "--now", "2026-11-21T04:30Z", "--format", "json"]) == 1
    (problem,) = (one for one in json.loads(capsys.readouterr().out) if not one["warning"])
    assert (problem["path"], problem["line"], problem["hint"]) == (PATH, 4, 'did you mean "commander"?')


# --- the wall


def test_each_internal_key_is_known_to_public_files() -> None:
    shared = {"title", "severity", "started", "links"}
    assert set(InternalRecord.__struct_fields__) - PROSE - OWN - shared <= INTERNAL_KEYS


class Canaries:
    """Makes values that are found again wherever they come out: a word of its own for each field."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self) -> str:
        """Return a new word that stands nowhere else."""
        self.words.append(f"kanariefugel{len(self.words):03d}x")
        return self.words[-1]

    def number(self) -> str:
        """Return a new number that stands nowhere else."""
        self.words.append(f"7361{len(self.words):05d}9")
        return self.words[-1]


def front(cls: type[msgspec.Struct], canaries: Canaries) -> dict[str, Any]:
    """Return a value for each field of a type that stands in the front matter."""
    hints = get_type_hints(cls)
    left_out = OWN | PROSE if cls is InternalRecord else frozenset()
    return {name: value(name, hints[name], canaries) for name in cls.__struct_fields__ if name not in left_out}


def value(name: str, hint: Any, canaries: Canaries) -> Any:
    """Return a value of a field's type, with a canary where it can hold one."""
    kind = hint if get_origin(hint) in (tuple, None) else next(one for one in get_args(hint) if one is not type(None))
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return {canaries.word(): canaries.word()} if inner is Pair else [value(name, inner, canaries)]
    if kind is Figure:
        return FORMS.get(name, "{}").format(canaries.number())
    if kind in PLAIN or name in PLAIN:
        return PLAIN.get(kind, PLAIN.get(name))
    if kind is str:
        return WORDS.get(name, "{}").format(canaries.word())
    if kind is Reference:
        return {"label": canaries.word(), "url": f"https://{canaries.word()}.example"}
    if issubclass(kind, StrEnum):
        return list(kind)[-1].value
    assert issubclass(kind, msgspec.Struct), f"say here what a {kind} looks like in a file"
    return front(kind, canaries)


def body(canaries: Canaries) -> str:
    """Return every section with a canary in each of its parts."""
    special = {
        "timeline": (
            f"### 2026-02-22 02:51 UTC note by {canaries.word()}\n"
            f"{canaries.word()}: {canaries.word()}\n\n{canaries.word()}\n"
        ),
        "communications": (
            f"### 2026-02-22 02:51 UTC {canaries.word()} to {canaries.word()}\n"
            f"by: {canaries.word()}\n\n{canaries.word()}\n"
        ),
        "chat": (
            f"### 2026-02-22 02:51 UTC {canaries.word()} (bot)\nid: {canaries.word()}\nthread: {canaries.word()}\n"
            f"edited: 2026-02-22 02:52 UTC\nmentions: [{canaries.word()}]\n"
            f"reactions: {{{canaries.word()}: [{canaries.word()}]}}\n\n{canaries.word()}\n"
        ),
        "actions": (
            f"### {canaries.word()}\nowner: {canaries.word()}\npriority: {canaries.word()}\nstatus: done\n"
            f"type: process\ndue: 2026-03-01\n\n{canaries.word()}\n"
        ),
    }
    parts = {name: special.get(name) or f"- {canaries.word()}\n" for name in READERS}
    return "".join(f"\n## {name}\n\n{text}" for name, text in parts.items())


def unset(found: object, path: str = "") -> Iterator[str]:
    """Yield the fields, at any depth, that hold nothing."""
    if found is None or (isinstance(found, str | tuple | dict) and not found):
        yield path
    elif isinstance(found, tuple):
        for item in found:
            yield from unset(item, f"{path}[]")
    elif isinstance(found, msgspec.Struct) and not isinstance(found, Words | Figure):
        for name in found.__struct_fields__:
            yield from unset(getattr(found, name), f"{path}.{name}")


@pytest.fixture(scope="module")
def full() -> tuple[str, Canaries]:
    """Return a record with something in every field, and the canaries in it."""
    canaries = Canaries()
    return f"---\n{json.dumps(front(InternalRecord, canaries), indent=1)}\n---\n{body(canaries)}", canaries


def test_the_canaries_are_in_every_field(full: tuple[str, Canaries], tmp_path: Path) -> None:
    text, canaries = full
    record = read(text)
    assert list(unset(record)) == [], "a new field needs a reader, and a canary in this test"
    said = repr(record)
    assert [word for word in canaries.words if word not in said] == []
    assert len(canaries.words) > 60
    site = small_site(tmp_path, **{PATH: text})
    assert problems_of(site) == ()


BUILD = """\
import sys
from datetime import UTC, datetime
from pathlib import Path

def watch(event, arguments):
    if event in ("open", "os.scandir", "os.listdir", "os.readlink") and "/content/internal" in str(arguments[0]):
        raise SystemExit(f"{event} {arguments[0]}")

from generator.build import build
sys.addaudithook(watch)
build(Path(sys.argv[1]), now=datetime(2026, 11, 21, 4, 30, tzinfo=UTC), out=Path(sys.argv[2]))
"""


def public(site: Path, out: Path) -> dict[str, bytes]:
    """Return the files of a public build in a process that ends when it looks at the internal record."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(site), str(out)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_a_public_build_is_the_same_whatever_the_responders_know(full: tuple[str, Canaries], tmp_path: Path) -> None:
    text, canaries = full
    outputs = []
    for name in ("absent", "present", "linked", "unreadable", "no folder"):
        site = small_site(tmp_path / name / "site")
        internal = site / "content" / "internal"
        if name == "present":
            write_files(site, {PATH: text, f"content/internal/{canaries.words[0]}.yml": canaries.words[1]})
        elif name == "linked":
            write_files(tmp_path / "elsewhere", {"incidents/2026-02-22-portal.md": text})
            internal.symlink_to(tmp_path / "elsewhere")
        elif name == "unreadable":
            internal.mkdir(mode=0)
        elif name == "no folder":
            internal.symlink_to("/nowhere")
        outputs.append(public(site, tmp_path / name / "out"))
    assert outputs[0]
    assert all(output == outputs[0] for output in outputs)
    whole = b"\0".join(path.encode() + b"\0" + data for path, data in outputs[1].items()).lower()
    assert not [word for word in canaries.words if word.encode() in whole]


def test_the_watch_sees_who_looks(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", **{PATH: RECORD})
    spying = BUILD.replace(
        "\nbuild(", "\nPath(sys.argv[1], 'content/internal/incidents/2026-02-22-portal.md').read_text()\nbuild("
    )
    done = subprocess.run(
        [sys.executable, "-c", spying, str(site), str(tmp_path / "out")], cwd=Path(__file__).parent.parent,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"open" in done.stderr


def test_the_demonstration_shows_every_kind_of_thing(root: Path) -> None:
    found = survey_internal(root, survey(root, now=NOW).site, now=NOW)
    assert found.problems == ()
    assert len(found.records) == 2
    payment, portal = found.records
    assert (portal.number, portal.duration, portal.status) == ("INC-2847", 46, Stage.RESOLVED)
    assert [system.state for system in portal.systems] == [Hit.AFFECTED, Hit.UNAFFECTED, Hit.UNAFFECTED]
    assert [one.what for one in portal.changes] == ["v2.4.1 deploy"]
    assert portal.postmortem_at == parse_time("2026-02-23 09:00 UTC")
    assert portal.chat[0].bot
    assert payment.impact is not None
    assert payment.impact.revenue == Figure(Decimal(28500), "USD")
    assert {action.type for action in payment.actions} == {
        Effort.DETECTION,
        Effort.PREVENTION,
        Effort.PROCESS,
    }
    assert payment.actions[0].due == date(2024, 1, 22)
