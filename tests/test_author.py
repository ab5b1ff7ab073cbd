"""Writing content: what is added is what was said, and everything else stays, byte for byte."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.author import compose, files, form, names, shelf, words
from generator.author.changes import Change, examine, write
from generator.author.form import NewRecord, NewUpdate
from generator.author.gaps import gaps
from generator.errors import ContentError, SystemFault, UsageError
from generator.record.load import Survey, survey
from generator.record.model import Incident, Message, Site, Words
from generator.record.parse import Parsed, Source, parse_record
from generator.terms import Kind, Level, Phase
from tests.cases import INCIDENT, small_site

PATH = "content/incidents/2026-02-22-portal.md"
NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
AT = datetime(2026, 2, 22, 3, 12, tzinfo=UTC)
FRENCH = (
    "---\n# à relire\ntitle: Le portail est en panne\n---\n\n## investigating 2026-02-22 02:51 UTC\n\nNous cherchons.\n"
)


def load(root: Path, **files: str) -> tuple[Survey, Site]:
    """Return what a small site says."""
    found = survey(small_site(root, **files), now=NOW)
    assert found.site is not None, found.problems
    return found, found.site


def update(text: str = "We know it.", **more: Any) -> NewUpdate:
    """Return an update in the default language."""
    return NewUpdate(Phase.IDENTIFIED, AT, {"en": text}, **more)


def the(data: bytes) -> Incident:
    """Return the incident that a file's bytes hold."""
    parsed = parse_record((PATH, data))
    assert isinstance(parsed.record, Incident), parsed.problems
    return parsed.record


# --- texts

# What the rules of all texts forbid is told by `check`; here it is only about words and line ends.
LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp", "Cn", "Co", "Cs")), max_size=40
)
TEXTS = st.lists(LINES, min_size=1, max_size=8).map("\n".join).filter(lambda text: text.strip(" \t\n") != "")
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def said(text: str) -> str | None:
    """Return a text as it will be read back, None where it would open another update."""
    try:
        return words.tidy(text)
    except UsageError:
        return None


@given(text=TEXTS, end=ENDS, tail=st.sampled_from(["", "\n", "\n\n", "\n\n\n", "\n  ", "\n  \n"]))
def test_any_text_comes_back_as_the_body_and_every_byte_stays(text: str, end: str, tail: str) -> None:
    body = said(text)
    if body is None:
        return
    before = f"\ufeff{INCIDENT.rstrip()}{tail}".replace("\n", end).encode()
    after = form.append(before, form.update_text(update(body), "en", fields=True))
    assert after.startswith(before)
    old, new = the(before), the(after)
    assert new.updates[:-1] == old.updates
    assert (new.updates[-1].body, new.updates[-1].phase, new.updates[-1].at) == (body, Phase.IDENTIFIED, AT)
    assert (after.count(b"\r") > 0, after.count(b"\n") > 0) == ("\r" in end, "\n" in end)
    if end == "\r\n":
        assert after.count(b"\r\n") == after.count(b"\n") == after.count(b"\r")


@given(text=TEXTS)
def test_any_title_and_text_make_a_record_that_says_them(text: str) -> None:
    body, title = said(text), " ".join(text.split())[:200].strip()
    if body is None or not title:
        return
    record = NewRecord(Kind.INCIDENT, "x", {"en": title}, {"portal": None}, update(body), severity="sev1")
    found = the(form.record_text(record, "en").encode())
    assert (found.title, found.updates[0].body, found.components) == (title, body, {"portal": None})


@pytest.mark.parametrize(
    "title", ["no", "null", "1e3", "- x", "a: b # c", "'", '"q" \\', "[x]", "{x", "& *", "2026-01-01", "🚢"]
)
def test_titles_are_quoted_where_yaml_needs_it(title: str) -> None:
    record = NewRecord(Kind.INCIDENT, "x", {"en": title}, {"portal": None}, update(), severity="sev1")
    assert the(form.record_text(record, "en").encode()).title == title


def test_an_update_has_its_fields_right_under_the_heading() -> None:
    states = {"portal": Level.PARTIAL_OUTAGE, "login": Level.OPERATIONAL}
    one = update("Words.", components=states, next=AT + timedelta(minutes=30))
    assert form.update_text(one, "en", fields=True) == (
        "## identified 2026-02-22 03:12 UTC\n"
        "components: {portal: partial_outage, login: operational}\n"
        "next: 2026-02-22 03:42 UTC\n\nWords.\n"
    )
    assert form.update_text(one, "en", fields=False) == "## identified 2026-02-22 03:12 UTC\n\nWords.\n"


def test_a_record_has_its_keys_in_the_order_in_which_people_write_them() -> None:
    record = NewRecord(
        Kind.INCIDENT, "x", {"en": "Down: all"}, {"portal": None, "login": None}, update(), severity="sev1",
        started=AT - timedelta(minutes=5), tags=("deploy", "memory"), links=(("Notes", "https://acme.example/n"),),
        draft=True, backfilled=True,
    )  # fmt: skip
    assert form.record_text(record, "en") == (
        "---\ntitle: 'Down: all'\nseverity: sev1\ncomponents: [portal, login]\nstarted: 2026-02-22 03:07 UTC\n"
        "tags: [deploy, memory]\nlinks:\n  - label: Notes\n    url: https://acme.example/n\ndraft: true\n"
        "backfilled: true\n---\n\n## identified 2026-02-22 03:12 UTC\n\nWe know it.\n"
    )


def test_a_title_is_added_in_front_and_the_rest_stays() -> None:
    for end in ("\n", "\r\n"):
        data = "---\n# of the night\n---\n\n## resolved 2026-02-22 03:00 UTC\n\nFini.\n".replace("\n", end).encode()
        titled = form.with_title(data, "C’est : fini")
        assert titled == data.replace(f"---{end}#".encode(), f"---{end}title: 'C’est : fini'{end}#".encode(), 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  \n\t\n", "the text is empty"),
        ("\udcff", "the text is not UTF-8"),
        (
            "It is over.\n\n## resolved 2026-02-22 03:00 UTC\n\nReally.",
            'line 3 of the text, "## resolved 2026-02-22 03:00 UTC", would open another update; '
            "begin headings in a text with ###",
        ),
    ],
)
def test_texts_that_cannot_be_an_update_are_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        words.tidy(text)
    assert str(refused.value) == message


def test_a_text_loses_only_the_blank_lines_around_it() -> None:
    assert words.tidy(" \n\n    code\r\n\rwords  \n\n") == "    code\n\nwords"
    assert words.tidy("```\n## resolved 2026-02-22 03:00 UTC\n```") == "```\n## resolved 2026-02-22 03:00 UTC\n```"


# --- ready-made texts

MESSAGE = Message(
    "slow", "content/messages/slow.md", Phase.INVESTIGATING,
    {"en": "$service is slow: $cause, $$5.", "fr": "Lenteur de ${service}."}, Words({"en": "Slow $service"}),
)  # fmt: skip


def test_placeholders_are_filled_in_every_language(tmp_path: Path) -> None:
    _, site = load(tmp_path)
    filled = words.fill(MESSAGE, {"cause": {"": "disk"}}, site=site, components=["portal", "login"])
    assert filled.texts == {"en": "Portal and Login is slow: disk, $5.", "fr": "Lenteur de Portail et Login."}
    assert filled.titles == {"en": "Slow Portal and Login"}
    values = {"cause": {"en": "$service"}, "service": {"": "Mail", "fr": "Courrier"}}
    filled = words.fill(MESSAGE, values, site=site, components=["portal"])
    assert filled.texts == {"en": "Mail is slow: $service, $5.", "fr": "Lenteur de Courrier."}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, 'the message "slow" needs a value for $service, $cause; add --set service=… --set cause=…'),
        ({"cause": {"": "x"}}, 'the message "slow" needs a value for $service; add --set service=…'),
        ({"cuase": {"": "x"}, "who": {"": "y"}},
         'the message "slow" has no placeholder $cuase, $who; it has $service, $cause'),
    ],
)  # fmt: skip
def test_placeholders_that_do_not_fit_are_listed(tmp_path: Path, values: words.Values, message: str) -> None:
    _, site = load(tmp_path)
    with pytest.raises(UsageError) as refused:
        words.fill(MESSAGE, values, site=site, components=[])
    assert str(refused.value) == message


# --- ids


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Login is slow", "login-is-slow"),
        ("  L’été à Årsta: 100 % (œuf) ", "lete-a-arsta-100-oeuf"),
        ("Straße & Łódź", "strasse-lodz"),
        ("ログイン", ""),
        ("a" * 80, "a" * 60),
        ("word " * 20, "-".join(["word"] * 12)),
    ],
)
def test_titles_become_words_of_ids(title: str, slug: str) -> None:
    assert names.slug(title) == slug


def test_new_ids_are_free() -> None:
    taken = {"2026-02-22-login", "2026-02-22-login-2"}.__contains__
    day = date(2026, 2, 22)
    assert names.new_id(Kind.INCIDENT, "Login", day, taken=taken) == "2026-02-22-login-3"
    assert names.new_id(Kind.MAINTENANCE, "工事", day, taken=taken) == "2026-02-22-maintenance"
    for id, message in (
        ("Login", '"Login" is not an id; use a-z, 0-9 and - between them, at most 100 characters'),
        ("2026-02-22-login", 'the id "2026-02-22-login" is taken; choose another, or leave it out'),
    ):
        with pytest.raises(UsageError) as refused:
            names.chosen_id(id, taken=taken)
        assert str(refused.value) == message


@given(title=st.text(max_size=120))
def test_every_title_makes_an_id(title: str) -> None:
    id = names.new_id(Kind.INCIDENT, title, date(2026, 2, 22), taken=lambda _: False)
    assert names.chosen_id(id, taken=lambda _: False) == id


def test_records_are_found_by_parts_of_their_ids(tmp_path: Path) -> None:
    former = INCIDENT.replace("severity", "aliases: [old-name]\nseverity")
    _, site = load(tmp_path, **{PATH: former, "content/incidents/2026-02-21-mail.md": INCIDENT})

    def found(wanted: str) -> str | None:
        entry = names.find(site, wanted)
        return entry.original.id if entry else None

    for wanted in ("2026-02-22-portal", "2026-02-22", "old-name", PATH, "2026-02-22-portal.fr.md", r"x\2026-02-22"):
        assert found(wanted) == "2026-02-22-portal"
    assert found("portal") is None
    assert found("") is None
    with pytest.raises(UsageError) as refused:
        found("2026-02")
    assert str(refused.value) == 'several ids begin with "2026-02": 2026-02-21-mail, 2026-02-22-portal'
    told = 'there is no incident or maintenance "2026-02-22-potal"; did you mean "2026-02-22-portal"?'
    assert str(names.unknown("2026-02-22-potal", ["2026-02-22-portal"])) == told
    assert str(names.unknown("zzz", ["2026-02-22-portal"])).endswith('"zzz"; statique update alone lists what is open')
    assert names.listed(names.unfinished(site)) == (
        "open are:\n  2026-02-22-portal  The portal is down (investigating)\n"
        "  2026-02-21-mail  The portal is down (investigating)"
    )


# --- times


def record(*updates: tuple[Phase, int]) -> Incident:
    """Return an incident with updates so many minutes after three."""
    heads = [f"## {phase} 2026-02-22 03:{minute:02} UTC\n\nWords.\n" for phase, minute in updates]
    return the((INCIDENT.partition("## ")[0] + "\n".join(heads)).encode())


def test_the_next_update_is_of_this_minute_or_second() -> None:
    last = record((Phase.INVESTIGATING, 12))
    assert compose.moment(last, Phase.IDENTIFIED, None, now=AT + timedelta(seconds=30)) == AT
    exact = AT + timedelta(seconds=30)
    assert compose.moment(last, Phase.INVESTIGATING, None, now=exact) == exact
    assert compose.moment(last, Phase.IDENTIFIED, AT, now=NOW) == AT
    for phase, at, now, message in (
        (Phase.IDENTIFIED, AT - timedelta(minutes=2), NOW,
         "the last update is of 2026-02-22 03:12 UTC, after 2026-02-22 03:10 UTC; "
         "updates stand in order of time: give a later time, such as 2026-02-22 03:13 UTC"),
        (Phase.IDENTIFIED, None, AT - timedelta(minutes=2),
         "the last update is of 2026-02-22 03:12 UTC, after 2026-02-22 03:10 UTC; "
         "give its time yourself, such as 2026-02-22 03:13 UTC"),
        (Phase.INVESTIGATING, AT, NOW,
         'there is an update "investigating 2026-02-22 03:12 UTC" already; give another time'),
    ):  # fmt: skip
        with pytest.raises(UsageError) as refused:
            compose.moment(last, phase, at, now=now)
        assert str(refused.value) == message


def test_what_has_ended_is_opened_on_purpose_only() -> None:
    ended = record((Phase.INVESTIGATING, 10), (Phase.RESOLVED, 12))
    compose.refuse_ended(record((Phase.MONITORING, 10)), Phase.RESOLVED, reopen=True)
    compose.refuse_ended(ended, Phase.MONITORING, reopen=True)
    for phase, reopen, message in (
        (Phase.MONITORING, False,
         "x is resolved since 2026-02-22 03:12 UTC; open it again with --reopen, or write a new incident"),
        (Phase.RESOLVED, True,
         'an update that opens x again cannot be "resolved"; use a status that goes on'),
    ):  # fmt: skip
        with pytest.raises(UsageError) as refused:
            compose.refuse_ended(ended, phase, reopen=reopen)
        assert str(refused.value).replace("2026-02-22-portal", "x") == message


# --- files


def test_a_file_is_replaced_only_while_it_is_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    assert files.replace(path, b"old", b"new") is True
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
    assert files.replace(path, b"old", b"newer") is False
    assert path.read_bytes() == b"new"
    assert files.replace(tmp_path / "gone.md", b"", b"x") is False
    (tmp_path / "link.md").symlink_to(path)
    assert files.replace(tmp_path / "link.md", b"new", b"x") is False
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.md", "x.md"]


def test_of_many_who_replace_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"old")
    start, done = threading.Barrier(8), []

    def run(number: int) -> None:
        start.wait()
        done.append((files.replace(path, b"old", b"%d" % number), number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [number for won, number in done if won]
    assert path.read_bytes() == b"%d" % winner


def test_a_failing_disk_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SystemFault, match="No space left on device"):
        files.replace(path, b"old", b"new")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("x.md", b"old")]


# --- records and their translations


def following(root: Path, site: Site, one: NewUpdate, **titles: str) -> dict[str, Change]:
    """Return the changes of an update of the one incident, by path."""
    (entry,) = site.entries
    return {change.path: change for change in compose.following(root, site, entry, one, titles)}


def test_an_update_goes_into_every_language_and_comments_survive(tmp_path: Path) -> None:
    french = PATH.replace(".md", ".fr.md")
    crlf = INCIDENT.replace("severity", "# who was it?\nseverity").replace("\n", "\r\n")
    root = small_site(tmp_path, **{french: FRENCH})
    (root / PATH).write_bytes(crlf.encode())
    found = survey(root, now=NOW)
    assert found.site is not None
    one = NewUpdate(
        Phase.IDENTIFIED, AT, {"en": "We know.", "fr": "Nous savons."}, {"portal": None, "login": Level.OPERATIONAL}
    )
    changes = following(root, found.site, one)
    assert examine(found, tuple(changes.values()), now=NOW) == ()
    write(root, tuple(changes.values()))
    assert (root / PATH).read_bytes() == crlf.encode() + (
        b"\r\n## identified 2026-02-22 03:12 UTC\r\ncomponents: {portal: major_outage, login: operational}\r\n"
        b"\r\nWe know.\r\n"
    )
    assert (root / french).read_text("utf-8") == FRENCH + "\n## identified 2026-02-22 03:12 UTC\n\nNous savons.\n"
    assert survey(root, now=NOW).problems == ()


def test_a_missing_translation_is_begun_beside_the_original(tmp_path: Path) -> None:
    found, site = load(tmp_path)
    one = NewUpdate(Phase.RESOLVED, AT, {"en": "Over.", "fr": "Fini."})
    changes = following(tmp_path, site, one, fr="Portail : fini")
    french = changes[PATH.replace(".md", ".fr.md")]
    assert french.old is None
    assert french.new.decode() == "---\ntitle: 'Portail : fini'\n---\n\n## resolved 2026-02-22 03:12 UTC\n\nFini.\n"
    assert following(tmp_path, site, update()).keys() == {PATH}
    assert examine(found, tuple(changes.values()), now=NOW) == ()


def test_a_translated_title_is_never_replaced(tmp_path: Path) -> None:
    path = PATH.replace(".md", ".fr.md")
    _, site = load(tmp_path, **{path: FRENCH})
    with pytest.raises(UsageError) as refused:
        following(tmp_path, site, update(), fr="Autre")
    assert str(refused.value) == f'{path} has the title "Le portail est en panne" already; edit the file to change it'
    _, site = load(tmp_path, **{path: FRENCH.replace("title: Le portail est en panne\n", "")})
    change = following(tmp_path, site, update(), fr="Autre")[path]
    assert change.new.decode().startswith("---\ntitle: Autre\n# à relire\n---\n")


def test_a_translation_that_cannot_be_read_stops_the_update(tmp_path: Path) -> None:
    path = PATH.replace(".md", ".fr.md")
    _, site = load(tmp_path, **{path: "nothing"})
    with pytest.raises(ContentError, match="Y101"):
        following(tmp_path, site, NewUpdate(Phase.RESOLVED, AT, {"en": "Over.", "fr": "Fini."}))


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (update("```\nnever closed"), "T117"),
        (update("<!-- hidden -->"), "T111"),
        (NewUpdate(Phase.RESOLVED, AT, {"en": "Over."}, {"portal": Level.MAJOR_OUTAGE}), "R116"),
        (update("Words.", next=AT), "R109"),
        (update("x" * 70_000), "S118"),
        (update("tab\x07"), "F105"),
        (NewUpdate(Phase.IDENTIFIED, AT - timedelta(days=1), {"en": "Early."}), "R101"),
        (NewUpdate(Phase.IDENTIFIED, AT + timedelta(days=800), {"en": "Late."}), "S111"),
    ],
)
def test_what_a_build_would_refuse_is_never_written(tmp_path: Path, one: NewUpdate, code: str) -> None:
    found, site = load(tmp_path)
    with pytest.raises(ContentError, match=code):
        examine(found, tuple(following(tmp_path, site, one).values()), now=NOW)


def test_what_is_wrong_elsewhere_does_not_hold_up_an_update(tmp_path: Path) -> None:
    other = INCIDENT.replace("[portal]", "[portl]")
    found, site = load(tmp_path, **{"content/incidents/a.md": other, "content/incidents/b.md": "nothing"})
    assert {problem.code for problem in found.errors} == {"S104", "Y101"}
    entry = next(entry for entry in site.entries if entry.original.path == PATH)
    assert examine(found, tuple(compose.following(tmp_path, site, entry, update(), {})), now=NOW) == ()


def test_an_update_that_would_become_text_is_not_written(tmp_path: Path) -> None:
    found, site = load(tmp_path)
    (change,) = following(tmp_path, site, update()).values()
    with pytest.raises(UsageError) as refused:
        examine(found, (Change(PATH, change.old, change.new.replace(b"## identified", b"### identified")),), now=NOW)
    assert str(refused.value) == f"the end of {PATH} makes text of a new heading; close the code block there"


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    found, site = load(tmp_path)
    (change,) = following(tmp_path, site, update()).values()
    with pytest.raises(ContentError, match="F103 has 6"):
        examine(found, (Change(PATH, change.old, change.new + b"\n" * 600_000),), now=NOW)


def test_nothing_is_written_when_one_file_has_changed(tmp_path: Path) -> None:
    load(tmp_path)
    new = "content/incidents/new.md"
    for stale in (Change(PATH, b"other", b"x"), Change(PATH, None, b"x")):
        with pytest.raises(SystemFault) as refused:
            write(tmp_path, (Change(new, None, b"x"), stale))
        message = f"{PATH} was changed by someone else in the meantime; nothing was written; run the command again"
        assert str(refused.value) == message
        assert not (tmp_path / new).exists()


def test_what_was_written_is_told_when_the_next_file_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path)
    monkeypatch.setattr("generator.author.changes.replace", lambda *_: False)
    changes = (Change("content/incidents/new.md", None, b"x"), Change(PATH, INCIDENT.encode(), b"x"))
    with pytest.raises(SystemFault, match=r"; only content/incidents/new\.md was written; "):
        write(tmp_path, changes)


def test_new_records_lie_where_the_newest_one_does(tmp_path: Path) -> None:
    new = NewRecord(Kind.INCIDENT, "2027-01-01-x", {"en": "X"}, {"portal": None}, update(), severity="sev1")
    _, site = load(tmp_path)
    for newest, path in (
        (None, "content/incidents/2027-01-01-x.md"),
        (PATH, "content/incidents/2027-01-01-x.md"),
        ("content/incidents/2026/a.md", "content/incidents/2027/2027-01-01-x.md"),
        ("content/incidents/old/a.md", "content/incidents/2027-01-01-x.md"),
    ):
        assert [change.path for change in compose.opening(site, new, newest=newest)] == [path]


# --- what is read


def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that the path of each record that is read is added to."""
    seen: list[str] = []

    def parse(source: Source) -> Parsed:
        seen.append(source[0])
        return parse_record(source)

    monkeypatch.setattr(shelf, "parser", lambda _: parse)
    return seen


def test_an_update_does_not_wait_for_old_incidents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = {f"content/incidents/2025/old-{n}{end}": INCIDENT for n in range(3) for end in (".md", ".fr.md")}
    renamed = "content/incidents/2025/renamed.md"
    old[renamed] = INCIDENT.replace("severity", "aliases: [first-name]\nseverity")
    message = "content/messages/m.md"
    french = PATH.replace(".md", ".fr.md")
    load(tmp_path, **{french: FRENCH, message: "---\nstatus: resolved\n---\n\n## en\n\nOver.\n"} | {
        path: text if path.count(".") == 1 else FRENCH for path, text in old.items()
    })  # fmt: skip
    seen = reading(monkeypatch)
    found = shelf.read(tmp_path, shelf.for_id("2026-02-22-p"), now=NOW)
    assert sorted(seen) == [french, PATH, message]
    assert [(entry.original.id, [*entry.translations]) for entry in found.site.entries] == [
        ("2026-02-22-portal", ["fr"])
    ]
    assert [*found.originals()] == ["2026-02-22-portal", "old-0", "old-1", "old-2", "renamed"]
    assert found.originals(Kind.MAINTENANCE) == {}
    for wanted in (shelf.for_id("first-name"), shelf.for_new(Kind.INCIDENT)):
        seen.clear()
        found = shelf.read(tmp_path, wanted, now=NOW)
        assert sorted(seen) == [renamed, message]
        assert [id for id in ("first-name", "old-1", "renamed", "new") if not found.is_taken(id)] == ["new"]


def test_maintenance_is_compared_with_other_maintenance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "content/maintenance/disks.md"
    load(tmp_path, **{path: (
        "---\ntitle: Disks\nscheduled: {from: 2026-03-01 22:00 UTC, until: 2026-03-01 23:00 UTC}\n"
        "components: [login]\n---\n\n## scheduled 2026-02-22 02:51 UTC\n\nSoon.\n"
    )})  # fmt: skip
    seen = reading(monkeypatch)
    shelf.read(tmp_path, shelf.for_new(Kind.MAINTENANCE), now=NOW)
    assert seen == [path]


def test_states_in_one_map_are_all_named(tmp_path: Path) -> None:
    _, site = load(tmp_path)
    new = NewRecord(
        Kind.MAINTENANCE, "x", {"en": "X", "fr": "Y"}, {"portal": None, "login": Level.MAJOR_OUTAGE},
        NewUpdate(Phase.SCHEDULED, AT, {"en": "Soon."}), window=(AT, AT + timedelta(hours=1)),
    )  # fmt: skip
    original, french = compose.opening(site, new, newest=None)
    assert original.new.decode() == (
        "---\ntitle: X\nscheduled: {from: 2026-02-22 03:12 UTC, until: 2026-02-22 04:12 UTC}\ncomponents:\n"
        "  portal: under_maintenance\n  login: major_outage\n---\n\n## scheduled 2026-02-22 03:12 UTC\n\nSoon.\n"
    )
    assert french.new.decode() == "---\ntitle: Y\n---\n"


# --- what is not translated


def test_gaps_of_every_kind(tmp_path: Path) -> None:
    _, site = load(
        tmp_path,
        **{
            "content/site.yml": "name: {en: Acme}\nurl: https://a.example\nlanguages: [en, fr]\ntime_zone: UTC\n",
            PATH: INCIDENT + "\n## resolved 2026-02-22 03:43 UTC\n\nOver.\n",
            PATH.replace(".md", ".fr.md"): FRENCH.replace("title: Le portail est en panne\n", ""),
            "content/incidents/draft.md": INCIDENT.replace("severity", "draft: true\nseverity"),
            "content/pages/about.md": "---\ntitle: About\n---\n\nWords.\n",
            "content/messages/a.md": "---\nstatus: resolved\ntitle: {en: Over}\n---\n## en\n\nX.\n\n## fr\n\nY.\n",
            "content/messages/b.md": "---\nstatus: resolved\n---\n\n## en\n\nOver.\n",
        },
    )
    found = [(gap.kind, gap.path, gap.line, gap.text, gap.target, gap.published) for gap in gaps(site, "fr")]
    draft, french = "content/incidents/draft.md", PATH.replace(".md", ".fr.md")
    assert sorted(found) == [
        ("message", "content/messages/a.md", 3, "the title of a", "content/messages/a.md", False),
        ("message", "content/messages/b.md", 1, "b", "content/messages/b.md", False),
        ("name", "content/site.yml", 1, "the site's name", "content/site.yml", True),
        ("page", "content/pages/about.md", 1, "About", "content/pages/about.fr.md", True),
        ("title", PATH, 2, "The portal is down", french, True),
        ("title", draft, 2, "The portal is down", "content/incidents/draft.fr.md", False),
        ("update", PATH, 11, "resolved 2026-02-22 03:43 UTC", french, True),
        ("update", draft, 8, "investigating 2026-02-22 02:51 UTC", "content/incidents/draft.fr.md", False),
    ]


def test_what_is_translated_is_no_gap(tmp_path: Path) -> None:
    _, site = load(tmp_path, **{PATH.replace(".md", ".fr.md"): FRENCH})
    assert gaps(site, "fr") == ()
