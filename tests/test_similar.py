"""Likeness: what two records share, told of the later one, and never changed by what comes after."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.build import build
from generator.hashing import key_of
from generator.publish.memo import Memo
from generator.recall import afresh
from generator.record.load import load_site
from generator.view import likeness, similar
from generator.view.basics import SimilarRef
from generator.view.library import SimilarPostmortem
from generator.view.likeness import Likeness, Months, Remember, asked_afresh, in_months
from generator.view.project import project
from generator.view.similar import BEST, Entry, Index, Match, Subject
from generator.view.words import words
from tests.cases import INCIDENT, small_site, write_files
from tests.laters import incident_pages, postmortem_pages
from tests.test_cli import NOW, PATH, run
from tests.test_project import NOW as MORNING
from tests.test_project import RESOLVED

R = TypeVar("R")

START = datetime(2024, 1, 1, tzinfo=UTC)
TOPICS = (
    "certificate expired handshake refused",
    "database connections exhausted pool",
    "queue backlog webhooks delivered late",
    "search index stale cache rebuilt",
    "invoices layout logo crooked printer",
)


def subject(number: int, text: str = "", *, tags: tuple[str, ...] = (), components: tuple[str, ...] = ()) -> Subject:
    words = text or f"{TOPICS[number % 5]} words that all of them have"
    return told("incident", f"r{number:04}", START + timedelta(days=number), tags, components, words)


def told(
    kind: str,
    id: str,
    started: datetime | None,
    tags: tuple[str, ...],
    components: tuple[str, ...],
    text: str,
    of: str = "",
) -> Subject:
    made_of = key_of(kind, id, started, tags, components, text, of)
    return Subject(kind, id, started, tags, components, lambda: (text,), made_of, of)


ARCHIVE = tuple(subject(n, tags=(f"topic-{n % 5}",), components=(f"part-{n % 7}",)) for n in range(60))


def ids(matches: Sequence[Match]) -> list[str]:
    return [match.id for match in matches]


def found(*subjects: Subject) -> dict[similar.Key, tuple[Match, ...]]:
    return found_by(asked_afresh, *subjects)


def found_by(remember: Remember, *subjects: Subject) -> dict[similar.Key, tuple[Match, ...]]:
    asked = Likeness(in_months(subjects), afresh, remember)
    return {(one.kind, one.id): asked.of((one.kind, one.id), one.started).matches for one in subjects}


def test_case_accents_plurals_and_names_of_one_thing_do_not_count() -> None:
    assert words(["Certificates, CAFÉS! Queries; status of v2.4.1 a3f9c1 on 2026-02-22 (ipv6) 502"]) == (
        "502", "cafe", "certificate", "ipv6", "of", "on", "query", "status",
    )  # fmt: skip


def test_scripts_without_blanks_give_pairs_and_others_whole_words() -> None:
    assert words(["登録できない"]) == ("きな", "てき", "ない", "登録", "録て")  # the mark of で is an accent
    assert words(["डेटाबेस की त्रुटि"]) == ("की", "डेटाबेस", "त्रुटि")
    assert words(["خِدْمَة"]) == words(["خدمة"])


def test_a_record_is_like_the_earlier_ones_that_share_what_is_rare() -> None:
    matches = found(*ARCHIVE)[("incident", "r0057")]
    assert len(matches) == BEST
    assert {int(match.id[1:]) % 5 for match in matches} == {57 % 5}
    assert all(match.id < "r0057" for match in matches)
    first = matches[0]
    assert first.id == "r0022", "the latest that shares the component too"
    assert (first.tags, first.components) == (("topic-2",), ("part-1",))
    assert first.words == (), "no page tells them"
    told = similar.indexed(*map(Entry.of, ARCHIVE[:57])).best(Entry.of(ARCHIVE[57]))[0].words
    assert {"webhook", "backlog"} <= set(told)
    assert not {"word", "all", "have"} & set(told)


def test_what_shares_only_what_all_have_is_no_find() -> None:
    other = subject(99, "words that all of them have, of a wholly different matter", components=("part-9",))
    assert found(*ARCHIVE, other)[("incident", "r0099")] == ()


def test_a_later_record_changes_nothing_that_was_told_before() -> None:
    before = found(*ARCHIVE)
    after = found(*ARCHIVE, *(subject(n, tags=("topic-1",)) for n in range(60, 80)))
    assert {key: after[key] for key in before} == before
    assert any(before.values())


def test_what_a_record_tells_of_is_no_find() -> None:
    (text,) = ARCHIVE[57].texts()
    lesson = told("postmortem", "lesson", START + timedelta(days=70), ("topic-2",), (), text, of="r0057")
    later = subject(80, TOPICS[2], tags=("topic-2",))
    matches = found(*ARCHIVE, lesson, later)
    assert "r0057" not in ids(matches["postmortem", "lesson"])
    assert matches["postmortem", "lesson"]
    assert "lesson" in ids(matches["incident", "r0080"])


def test_only_the_horizon_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "HORIZON", 20)
    old = subject(0, "zeppelin moored wrongly hangar", tags=("zeppelin",), components=("airfield",))
    late = subject(90, "zeppelin moored wrongly hangar", tags=("zeppelin",), components=("airfield",))
    assert ids(found(old, *ARCHIVE[1:15], late)["incident", "r0090"]) == ["r0000"]
    assert ids(found(old, *ARCHIVE[1:50], late)["incident", "r0090"]) == []


def test_a_months_answers_do_not_depend_on_which_months_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "HORIZON", 20)
    whole = Months(in_months(ARCHIVE), afresh, asked_afresh)
    every = {month: whole.matches(key) for month, key in whole.keys.items()}
    assert len(every) == 2
    for month, key in whole.keys.items():
        assert Months(in_months(ARCHIVE), afresh, asked_afresh).matches(key) == every[month]


YEAR = tuple(subject(n * 6, TOPICS[n % 5], tags=(f"topic-{n % 5}",)) for n in range(60))
LATE = told("postmortem", "undated", None, ("topic-1",), (), TOPICS[1])


@given(order=st.lists(st.integers(0, 12), max_size=8), undated=st.booleans())
def test_months_may_be_asked_in_any_order(order: list[int], *, undated: bool) -> None:
    months = in_months((LATE, *YEAR) if undated else YEAR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similar, "HORIZON", 20)
        whole, asked = Months(months, afresh, asked_afresh), Months(months, afresh, asked_afresh)
        every = [whole.matches(key) for key in whole.keys.values()]
        keys = list(asked.keys.values())
        for number in order:
            place = number % len(keys)
            assert asked.matches(keys[place]) == every[place]


def test_what_is_asked_for_finds_no_more_than_there_is() -> None:
    assert Index().best(Entry.of(subject(1))) == ()
    assert found() == {}


class Counted:
    """A way to remember that counts what had to be computed, by kind."""

    def __init__(self, memo: Memo) -> None:
        self.memo, self.calls = memo, Counter[str]()

    def __call__(self, kind: str, function: Callable[[bytes], R], /, *, returns: type[R]) -> Callable[[bytes], R]:
        def counted(key: bytes) -> R:
            self.calls[kind] += 1
            return function(key)

        return self.memo.remembered(kind, counted, fingerprint=b"1", returns=returns)


def test_an_update_asks_for_its_own_month_alone(tmp_path: Path) -> None:
    years = tuple(subject(n * 10, TOPICS[n % 5], tags=(f"topic-{n % 5}",)) for n in range(60))
    changed = (*years[:-1], subject(590, f"{TOPICS[4]} again", tags=("topic-4",)))
    with Memo.at(tmp_path / "memo.sqlite3") as memo:
        first = Counted(memo)
        found_by(first, *years)
        second = Counted(memo)
        assert found_by(second, *years) == found(*years)
        third = Counted(memo)
        assert found_by(third, *changed) == found(*changed)
    assert first.calls == {"likeness": 20, "likeness of a few": 20, "traits": 20, "what records have": 1}
    assert second.calls == {}
    assert third.calls == {"likeness": 1, "likeness of a few": 1, "traits": 1}


@settings(max_examples=20)
@given(number=st.integers(0, 59), other=st.integers(0, 59))
def test_a_change_asks_for_no_more_than_it_may_change(number: int, other: int) -> None:
    year = tuple(subject(n, TOPICS[n % 5], tags=(f"topic-{n % 5}",)) for n in range(60))
    changed = list(year)
    for place in (number, other):
        changed[place] = subject(place, f"{TOPICS[place % 5]} again", tags=("topic-1",))
    with pytest.MonkeyPatch.context() as patch, Memo.none() as memo:
        patch.setattr(similar, "HORIZON", 20)
        patch.setattr(likeness, "FEW", 3)
        found_by(Counted(memo), *year)
        again = Counted(memo)
        assert found_by(again, *changed) == found(*changed)
        assert again.calls["likeness of a few"] <= len(year[min(number, other) :]) // 3 + 2


def twins(root: Path) -> Path:
    """Return a site with two incidents of the same words, the later of them in French as well."""
    small_site(root)
    tagged = INCIDENT.replace("components:", "tags: [memory]\ncomponents:") + RESOLVED
    early = tagged.replace("2026-02-22", "2026-01-10")
    fillers = {
        f"content/incidents/2025-0{n}-01-{name}.md": INCIDENT.replace("2026-02-22", f"2025-0{n}-01")
        .replace("The portal is down", f"The {name} of the harbour is {name}ish")
        .replace("[portal]", "[login]")
        .replace("We are looking.", f"Nobody has {name}s today.") + RESOLVED.replace("2026-02-22", f"2025-0{n}-01")
        for n, name in enumerate(("anchor", "beacon", "crane", "dock", "engine", "ferry"), 1)
    }  # fmt: skip
    french = "---\ntitle: Le portail est en panne\n---\n\n## investigating 2026-01-10 02:51 UTC\n\nNous cherchons.\n"
    write_files(root, {PATH: tagged, "content/incidents/2026-01-10-early.md": early, **fillers})
    write_files(root, {"content/incidents/2026-01-10-early.fr.md": french})
    return root


def test_every_language_shows_the_same_ones_in_its_own_words(tmp_path: Path) -> None:
    site = load_site(twins(tmp_path), now=MORNING)[0]
    for view in project(site, now=MORNING).languages:
        pages = {page.incident.card.id: page for page in incident_pages(view)}
        (ref,) = pages["2026-02-22-portal"].similar
        assert isinstance(ref, SimilarRef)
        assert (ref.record.id, ref.tags, [one.id for one in ref.components]) == (
            "2026-01-10-early",
            ("memory",),
            ["portal"],
        )
        assert (ref.minutes, ref.started) == (52, datetime(2026, 1, 10, 2, 51, tzinfo=UTC))
        assert ref.record.title.lang == view.info.lang
        assert pages["2026-01-10-early"].similar == ()


def test_a_build_that_remembers_and_one_that_does_not_are_equal(tmp_path: Path) -> None:
    root, now = twins(tmp_path / "site"), datetime(2026, 2, 23, tzinfo=UTC)
    build(root, now=now, out=tmp_path / "a")
    again = build(root, now=now, out=tmp_path / "a")
    assert not again.published.written
    build(root, now=now, out=tmp_path / "b", clean=True)
    assert not build(root, now=now, out=tmp_path / "b").published.written


def test_the_command_tells_what_is_shared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = twins(tmp_path)
    status, out, err = run(capsys, "-C", site, "similar", "2026-02-22", "--now", NOW)
    assert (status, err) == (0, "")
    assert out.replace("\u202f", " ").splitlines()[:2] == [
        "The portal is down  (2026-01-10-early)",
        "  Jan 10, 2026, 3:51 AM CET, 52 minutes, sev1",
    ]
    assert "tags: memory; components: portal; words: " in out
    status, out, _ = run(capsys, "-C", site, "similar", "2026-02-22", "--json", "--now", NOW)
    (one,) = json.loads(out)
    assert (one["id"], one["minutes"], one["shared"]["tags"]) == ("2026-01-10-early", 52, ["memory"])


def test_the_command_takes_words_and_a_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = twins(tmp_path)
    _, out, _ = run(capsys, "-C", site, "similar", "--text", "Beacons", "--json", "--now", NOW)
    assert [one["id"] for one in json.loads(out)] == ["2025-02-01-beacon"]
    _, out, _ = run(capsys, "-C", site, "similar", "--text", "portal", "--json", "--now", NOW)
    assert [one["id"] for one in json.loads(out)] == ["2026-02-22-portal", "2026-01-10-early"]
    _, out, _ = run(capsys, "-C", site, "similar", "--text", "portal", "--limit", "1", "--json", "--now", NOW)
    assert [one["shared"]["components"] for one in json.loads(out)] == [["portal"]]
    assert run(capsys, "-C", site, "similar", "--text", "zeppelin", "--now", NOW) == (
        0,
        "",
        "nothing before is like it\n",
    )


def test_a_draft_is_asked_for_and_never_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = twins(tmp_path)
    text = (site / PATH).read_text().replace("severity:", "draft: true\nseverity:")
    write_files(site, {PATH: text})
    _, out, _ = run(capsys, "-C", site, "similar", "2026-02-22", "--json", "--now", NOW)
    assert [one["id"] for one in json.loads(out)] == ["2026-01-10-early"]
    _, out, _ = run(capsys, "-C", site, "similar", "--text", "portal", "--json", "--now", NOW)
    assert [one["id"] for one in json.loads(out)] == ["2026-01-10-early"]


LESSON = """---
title: A leap second in the memory of the gateway
published: 2026-01-20
tags: [memory, gateway]
components: [portal]
---

## summary

The portal is down, and we are looking.
"""


def with_lessons(root: Path) -> Path:
    """Return the site of the twins with two postmortems from elsewhere, and one of an incident."""
    site = twins(root)
    own = LESSON.replace("published: 2026-01-20", "published: 2026-02-28\nincident: 2026-02-22-portal")
    write_files(
        site,
        {
            "content/postmortems/2026-01-20-gateway.md": LESSON,
            "content/postmortems/gateway-of-old.md": LESSON.replace("published: 2026-01-20\n", "")
            .replace("A leap second", "An older leap second"),
            "content/postmortems/2026-02-28-own.md": own,
            "content/postmortems/2026-02-28-own.fr.md": "---\ntitle: Les leçons\n---\n",
        },
    )  # fmt: skip
    return site


def shown(ref: SimilarRef | SimilarPostmortem) -> str:
    return ref.record.id if isinstance(ref, SimilarRef) else ref.postmortem.id


def test_postmortems_and_incidents_find_each_other_but_never_their_own(tmp_path: Path) -> None:
    site = load_site(with_lessons(tmp_path), now=MORNING)[0]
    view = project(site, now=MORNING).languages[0]
    incident = next(page for page in incident_pages(view) if page.incident.card.id == "2026-02-22-portal")
    assert {*map(shown, incident.similar)} == {"2026-01-10-early", "2026-01-20-gateway", "gateway-of-old"}
    assert view.library
    lessons = {page.postmortem.card.id: [*map(shown, page.similar)] for page in postmortem_pages(view)}
    assert "2026-02-22-portal" not in lessons["2026-02-28-own"]
    assert {"2026-01-20-gateway", "gateway-of-old"} <= {*lessons["2026-02-28-own"]}
    assert lessons["2026-01-20-gateway"][0] == "gateway-of-old", "what has no date comes before all that has one"
    assert "2026-01-20-gateway" in lessons["gateway-of-old"], "and is compared with all"


def test_of_an_incident_and_its_postmortem_one_is_shown() -> None:
    text = "zeppelin moored wrongly hangar"
    fillers = ARCHIVE[:40]
    happened = subject(50, text, tags=("zeppelin",))
    lesson = told("postmortem", "lesson", START + timedelta(days=55), ("zeppelin",), (), text, of="r0050")
    matches = found(*fillers, happened, lesson, subject(70, text, tags=("zeppelin",)))["incident", "r0070"]
    assert ids(matches) == ["lesson"]


def test_pages_show_what_a_postmortem_is_like(tmp_path: Path) -> None:
    build(with_lessons(tmp_path / "site"), now=datetime(2026, 3, 1, tzinfo=UTC), out=tmp_path / "out")
    page = (tmp_path / "out/postmortems/2026-02-28-own/index.html").read_text(encoding="utf-8")
    assert 'id="similar"' in page
    assert 'href="/postmortems/2026-01-20-gateway/"' in page.partition('id="similar"')[2]
    incident = (tmp_path / "out/incidents/2026-02-22-portal/index.html").read_text(encoding="utf-8")
    assert 'href="/postmortems/gateway-of-old/"' in incident.partition('id="similar"')[2]


def test_the_command_finds_postmortems_and_what_is_like_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = with_lessons(tmp_path)
    _, out, _ = run(capsys, "-C", site, "similar", "2026-02-28-own", "--json", "--now", NOW)
    told = json.loads(out)
    assert [one["kind"] for one in told if one["id"] == "2026-01-20-gateway"] == ["postmortem"]
    assert "2026-02-22-portal" not in [one["id"] for one in told]
    _, out, _ = run(capsys, "-C", site, "similar", "gateway-of", "--now", NOW)
    assert "  postmortem, Jan 20, 2026" in out
    _, out, _ = run(capsys, "-C", site, "similar", "--text", "older leap", "--limit", "1", "--now", NOW)
    assert out.splitlines()[:2] == [
        "An older leap second in the memory of the gateway  (gateway-of-old)",
        "  postmortem, undated",
    ]


def test_a_long_text_need_share_less_of_itself() -> None:
    def some(seed: str, count: int) -> str:
        return " ".join(f"{seed}{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(count))

    else_said = [some(f"topic{chr(97 + n)}", 21).replace("topic", "saying") for n in range(10)]
    scattered = [subject(100 + n, text) for n, text in enumerate(else_said)]
    like = subject(120, some("hangar", 40), tags=("zeppelin",))
    long = subject(130, " ".join((*else_said, some("hangar", 40))), tags=("zeppelin",))
    assert ids(found(*ARCHIVE, *scattered, like, long)["incident", "r0130"]) == ["r0120"]


def test_the_command_wants_one_of_the_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path)
    for arguments in ((), ("2026", "--text", "x")):
        status, _, err = run(capsys, "-C", site, "similar", *arguments)
        assert (status, err) == (2, "statique: name a record, or give words with --text, one of the two\n")
    status, _, err = run(capsys, "-C", site, "similar", "2026-02-22-portl", "--now", NOW)
    assert status == 2
    assert 'did you mean "2026-02-22-portal"?' in err
