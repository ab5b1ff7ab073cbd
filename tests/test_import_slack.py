"""A Slack channel's export in the chat of an internal record: who said what, and no touch to what others wrote."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.author.chat import with_chat
from generator.cli import run
from generator.errors import ContentError, UsageError
from generator.importers.slack import Export, read_slack
from generator.importers.slack_text import to_markdown
from generator.record.internal import parse_internal
from generator.record.internal_model import InternalRecord
from generator.terms import Dialect
from tests.cases import INCIDENT, SITE, small_site, write_files

EXPORT = Path(__file__).parent / "fixtures" / "slack" / "inc-gates"
PATH = "content/internal/incidents/2026-02-22-portal.md"
RECORD = (
    "---\nchannel: '#inc-gates'\n---\n\n## chat\n\n### 2026-02-22 02:40 UTC Dora West\n\nIn my own hand.   \n\n"
    "## notes\n\nAs they were.\n"
)


def read(data: bytes) -> InternalRecord:
    """Return a record that has no faults."""
    parsed = parse_internal((PATH, data))
    assert parsed.problems == ()
    assert parsed.record is not None
    return parsed.record


def chat(found: Export) -> InternalRecord:
    """Return a record of the entries alone."""
    return read(("---\n---\n\n## chat\n\n" + "\n".join(one.text for one in found.entries)).encode())


def one(tmp_path: Path, **message: Any) -> Export:
    """Return what a single message becomes."""
    file = tmp_path / "inc.json"
    file.write_text(
        json.dumps([{"type": "message", "ts": "1771728400.000100", "user": "U1", **message}]), encoding="utf-8"
    )
    return read_slack(file)


def test_people_have_names_and_bots_are_marked() -> None:
    found = chat(read_slack(EXPORT))
    assert [(message.author, message.bot) for message in found.chat] == [
        ("Alerts", True), ("Pager", True), ("Dora West", False), ("Hiro Kato", False), ("Hiro Kato", False),
        ("Dora West", False), ("Olu Ade", False), ("U66", False),
    ]  # fmt: skip


def test_noise_is_counted_and_strangers_are_told() -> None:
    found = read_slack(EXPORT)
    assert found.left_out == {"channel_join": 1}
    assert [(problem.code, problem.warning) for problem in found.problems] == [("I162", True)]
    assert "U66" in found.problems[0].message


def test_mentions_threads_reactions_and_edits() -> None:
    found = {message.id: message for message in chat(read_slack(EXPORT)).chat}
    asked, reply = found["1771728441.123456"], found["1771728500.000100"]
    assert asked.mentions == ("Lena Brandt", "Hiro Kato")
    assert [(each.sign, each.people) for each in asked.reactions] == [
        ("eyes", ("Hiro Kato", "Lena Brandt")), ("+1", ("Hiro Kato", "3 more")),
    ]  # fmt: skip
    assert asked.at.isoformat() == "2026-02-22T02:47:21+00:00"
    assert reply.thread == asked.id
    edited = found["1771728560.000100"].edited
    assert edited is not None
    assert edited.isoformat() == "2026-02-22T02:49:40+00:00"


def test_code_links_files_and_attachments_are_text() -> None:
    found = [message.text for message in chat(read_slack(EXPORT)).chat]
    assert found[0] == (
        "> [Gates do not answer](https://alerts.example/7)\n>\n> 5 of 6 gates are silent\n>\n> Host: gate-ctl & relay"
    )
    assert "```\n## not a heading\nerror <relay> https://x.example/y\n```\n\nsee `a*b*c`" in found[3]
    assert found[4] == "\\## Cause\n\n&lt;b>relay&lt;/b> and &lt;i> has no power\n\n- fuse\n- cable"
    assert found[6] == (
        "Report is here [the report](https://docs.example/r?a=1&b=2), for #general and @harbour\n\n"
        "File: The fuse (image/jpeg, 34 kB) https://files.example/F1"
    )
    assert found[7] == "@Lena Brandt thanks:heart:"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*now* and ~not~ _that_, 2*3*4", "**now** and ~~not~~ _that_, 2*3*4"),
        ("<!here> <!channel> <!date^1^{date}|today>", "@here @channel today"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("one\ntwo\n\n&gt; three", "one\n\ntwo\n\n> three"),
        ("```a ``` b```", "```\na \n```\n\nb```"),
        ("", ""),
    ],
)
def test_markup(said: str, shown: str) -> None:
    assert to_markdown(said, lambda id: id) == shown


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_message_is_one_entry_and_opens_no_other(text: str, name: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        found = one(Path(folder), text=text, username=name, files=[{"name": name}], attachments=[{"text": text}])
    parsed = parse_internal((PATH, ("---\n---\n\n## chat\n\n" + "\n".join(one.text for one in found.entries)).encode()))
    assert parsed.record is not None
    assert len(parsed.record.chat) == 1
    assert [problem for problem in parsed.problems if problem.code[0] in "SYF"] == []


def test_a_second_import_adds_what_is_new_and_no_byte_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small_site(tmp_path / "site", **{PATH: RECORD})
    export = tmp_path / "inc-gates"
    export.mkdir()
    shutil.copy(EXPORT.parent / "users.json", tmp_path / "users.json")
    shutil.copy(EXPORT / "2026-02-22.json", export)
    command = ["-C", str(site), "import", "slack", str(export)]
    assert run(command) == 0
    assert f"{PATH}: 5 messages added, 0 there already\nLeft out: 1 channel join\n" in capsys.readouterr().out
    first = (site / PATH).read_text(encoding="utf-8")
    assert first.startswith(RECORD.partition("## notes")[0])
    assert first.endswith("\n\n## notes\n\nAs they were.\n")
    shutil.copy(EXPORT / "2026-02-23.json", export)
    assert run(command) == 0
    assert "3 messages added, 5 there already" in capsys.readouterr().out
    second = (site / PATH).read_bytes()
    assert read(second).chat[0].text == "In my own hand."
    assert len(read(second).chat) == 9
    assert run(command) == 0
    assert (site / PATH).read_bytes() == second


@pytest.mark.parametrize(("settings", "code"), [("", 1), ("markdown: gfm\n", 0)])
def test_what_stands_there_is_read_in_the_sites_dialect(tmp_path: Path, settings: str, code: int) -> None:
    underlined = RECORD.replace("In my own hand.", "- a\n===")
    site = small_site(tmp_path / "site", **{PATH: underlined, "content/site.yml": SITE + settings})
    assert run(["-C", str(site), "import", "slack", str(EXPORT)]) == code
    assert ((site / PATH).read_text("utf-8") == underlined) is (code == 1)


def said(folder: Path, **texts: str) -> None:
    """Write an export with three messages, some of them with other words than at first."""
    words = {"one": "First.", "two": "Second.\n\nimported: no mark", "three": "Third."} | texts
    messages = [
        {"type": "message", "ts": f"177172840{n}.000100", "username": "Dora", "text": text}
        for n, text in enumerate(words.values())
    ]
    folder.mkdir(exist_ok=True)
    (folder / "2026-02-22.json").write_text(json.dumps(messages), encoding="utf-8")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_edits_in_the_channel_are_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str], end: str) -> None:
    site, export = small_site(tmp_path / "site"), tmp_path / "inc-gates"
    (site / PATH).parent.mkdir(parents=True)
    (site / PATH).write_bytes(RECORD.replace("\n", end).encode())
    command = ["-C", str(site), "import", "slack", str(export)]
    said(export)
    assert run(command) == 0
    before = (site / PATH).read_bytes()
    said(export, two="Second, with more to say.")
    assert run(command) == 0
    assert "0 messages added, 1 edited, 2 there already" in capsys.readouterr().out
    after = (site / PATH).read_bytes()
    assert [one.text for one in read(after).chat[1:]] == ["First.", "Second, with more to say.", "Third."]
    old, new = before.split(end.encode()), after.split(end.encode())
    gone = [line for line in old if line not in new]
    assert gone[0].startswith(b"imported: ")
    assert gone[1:] == [b"Second.", b"imported: no mark"]
    assert after.count(b"\n") == after.count(end.encode())
    assert run(command) == 0
    assert (site / PATH).read_bytes() == after


def test_what_was_changed_by_hand_is_never_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site, export = small_site(tmp_path / "site", **{PATH: RECORD}), tmp_path / "inc-gates"
    command = ["-C", str(site), "import", "slack", str(export)]
    said(export)
    assert run(command) == 0
    mine = (site / PATH).read_text(encoding="utf-8").replace("Second.", "The second, in my words.")
    (site / PATH).write_text(mine, encoding="utf-8")
    assert run(command) == 0
    assert "I163" not in capsys.readouterr().err
    said(export, two="Second, edited.", three="Third, edited.")
    assert run(command) == 0
    told = capsys.readouterr().err
    line = mine.split("\n").index("id: '1771728401.000100'") - 1
    assert re.search(rf"{PATH}:{line}:1: warning I163 message 1771728401\.000100 ", told)
    now = (site / PATH).read_text(encoding="utf-8")
    assert "The second, in my words." in now
    assert "Third, edited." in now
    mark = re.search(r"write `(imported: \w+)`", told)
    assert mark is not None
    place = now.index("id: '1771728401.000100'")
    head = now[:place]
    old = head.rindex("imported: ")
    (site / PATH).write_text(now[:old] + mark[1] + now[old + len(mark[1]) :], encoding="utf-8")
    assert run(command) == 0
    assert "I163" not in capsys.readouterr().err


def test_an_entry_without_a_mark_may_be_somebody_s_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site, export = small_site(tmp_path / "site", **{PATH: RECORD}), tmp_path / "inc-gates"
    command = ["-C", str(site), "import", "slack", str(export)]
    said(export)
    assert run(command) == 0
    bare = re.sub(r"imported: \w{8}\n", "", (site / PATH).read_text(encoding="utf-8"))
    (site / PATH).write_text(bare, encoding="utf-8")
    assert run(command) == 0
    assert capsys.readouterr().err == ""
    said(export, one="First, edited.")
    assert run(command) == 0
    assert "perhaps the entry by hand" in capsys.readouterr().err
    assert (site / PATH).read_text(encoding="utf-8") == bare


def test_a_record_is_begun_where_there_is_none(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert run(["-C", str(site), "import", "slack", str(EXPORT), "--incident", "portal"]) == 0
    assert len(read((site / PATH).read_bytes()).chat) == 8


def test_an_overlay_is_written_and_the_site_is_not(tmp_path: Path) -> None:
    site, overlay = small_site(tmp_path / "site"), tmp_path / "war"
    overlay.mkdir()
    assert run(["-C", str(site), "import", "slack", str(EXPORT), "--internal", str(overlay)]) == 0
    assert (overlay / "incidents/2026-02-22-portal.md").is_file()
    assert not (site / "content/internal").exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_go_on_to_end_as_they_do(end: str) -> None:
    old = RECORD.replace("\n", end).encode()
    new = with_chat(PATH, old, ["### 2026-02-22 02:50 UTC Hiro\n\nHere.\n"], dialect=Dialect.MARKDOWN)
    assert new.replace(b"### 2026-02-22 02:50 UTC Hiro\n\nHere.\n\n".replace(b"\n", end.encode()), b"") == old
    assert [message.author for message in read(new).chat] == ["Dora West", "Hiro"]


def test_a_record_with_faults_is_left_alone() -> None:
    with pytest.raises(ContentError):
        with_chat(PATH, b"---\nnumbr: 1\n---\n", ["### 2026-02-22 02:50 UTC Hiro\n\nHere.\n"], dialect=Dialect.MARKDOWN)


def test_it_is_asked_which_incident_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path)
    write_files(site, {"content/incidents/2026-02-23-login.md": INCIDENT})
    assert run(["-C", str(site), "import", "slack", str(EXPORT)]) == 2
    assert (
        "it is not clear which incident this was; name it with --incident: 2026-02-22-portal" in capsys.readouterr().err
    )
    assert run(["-C", str(site), "import", "slack", str(EXPORT), "--incident", "nothing"]) == 2


def test_a_whole_export_names_its_channels() -> None:
    with pytest.raises(UsageError, match="name one of its channels, inc-gates"):
        read_slack(EXPORT.parent)


def test_messages_without_a_time_are_told(tmp_path: Path) -> None:
    found = one(tmp_path, ts="soon")
    assert (found.entries, found.left_out) == ((), {"without a time": 1})
    assert [problem.code for problem in found.problems] == ["I161"]


def test_a_file_that_is_no_json_is_told(tmp_path: Path) -> None:
    (tmp_path / "2026-02-22.json").write_text("[", encoding="utf-8")
    assert [problem.code for problem in read_slack(tmp_path).problems] == ["I150"]
