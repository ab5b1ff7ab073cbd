"""The commands that write: the files that they leave, what they print, what they ask, and every refusal."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from generator import cli
from generator.cli import asking
from tests.cases import INCIDENT, SITE, small_site, write_files

PATH = "content/incidents/2026-02-22-portal.md"
FRENCH = PATH.replace(".md", ".fr.md")
ID = "2026-02-22-portal"
CLOCK = 1771732830  # 2026-02-22 04:00:30 UTC
MESSAGES = {
    "content/messages/investigating.md": (
        "---\nstatus: investigating\ntitle: {en: Problems with $service, fr: 'Perturbations : $service'}\n---\n\n"
        "## en\n\nSomething is wrong with $service.\n\n## fr\n\nUn problème touche : $service.\n"
    ),
    "content/messages/resolved.md": (
        "---\nstatus: resolved\n---\n\n## en\n\n$service works again, $who.\n\n## fr\n\nFini, $who.\n"
    ),
    "content/messages/planned.md": "---\nstatus: scheduled\n---\n\n## en\n\nWork on $service.\n",
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a small site with ready-made texts, as the current folder, at four in the night."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(CLOCK))
    monkeypatch.chdir(small_site(tmp_path, **MESSAGES))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit status, output and messages of a command."""
    status = cli.run(arguments)
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def files(site: Path) -> dict[str, str]:
    """Return every file of the content."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes().decode()
        for path in sorted(site.joinpath("content").rglob("*"))
        if path.is_file()
    }


def at_terminal(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Let a person at a terminal answer what is asked."""
    monkeypatch.setattr(asking, "at_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))


# --- new


def test_the_first_word_in_two_languages(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--title", "Login is slow", "--severity", "sev2", "--component", "login", "--message", "investigating"]
    status, out, err = run(capsys, "new", *given)
    assert (status, err) == (0, "")
    path = "content/incidents/2026-02-22-login-is-slow"
    assert out == (
        f"{path}.md\n{path}.fr.md\nhttps://status.acme.example/incidents/2026-02-22-login-is-slow/\n"
        f"Next: statique check\n      git add '{path}.*' && git commit -m 'Login is slow: investigating'\n"
    )
    assert files(site)[f"{path}.md"] == (
        "---\ntitle: Login is slow\nseverity: sev2\ncomponents: [login]\n---\n\n"
        "## investigating 2026-02-22 04:00 UTC\n\nSomething is wrong with Login.\n"
    )
    assert files(site)[f"{path}.fr.md"] == (
        "---\ntitle: 'Perturbations : Login'\n---\n\n"
        "## investigating 2026-02-22 04:00 UTC\n\nUn problème touche : Login.\n"
    )
    assert run(capsys, "check", "--now", "2026-02-22T03:00Z") == (0, "", "0 problems, 0 warnings\n")


def test_every_flag_of_new(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(
        capsys, "new", "--title", " Search  is down ", "--severity", "P1", "--component", "portal=partial_outage",
        "--component", "login", "--status", "identified", "--at", "2026-02-22 03:51+01:00", "--started",
        "2026-02-22T02:40Z", "--next", "1 h 30 min", "--tag", "search", "--tag", "search", "--tag", "disk",
        "--link", "Notes=v2=https://acme.example/?a=1", "--text", "We are on it.", "--text-in", "fr=On s’en occupe.",
        "--title-in", "fr=La recherche = en panne", "--id", "search", "--draft", "--backfilled",
    )  # fmt: skip
    assert (status, err) == (0, "")
    assert "https://status.acme.example/incidents/search/ (not while it is a draft)\n" in out
    assert files(site)["content/incidents/search.md"] == (
        "---\ntitle: Search is down\nseverity: sev1\ncomponents:\n  portal: partial_outage\n  login: major_outage\n"
        "started: 2026-02-22 02:40 UTC\ntags: [search, disk]\nlinks:\n  - label: Notes=v2\n"
        "    url: https://acme.example/?a=1\ndraft: true\nbackfilled: true\n---\n\n"
        "## identified 2026-02-22 02:51 UTC\nnext: 2026-02-22 04:21 UTC\n\nWe are on it.\n"
    )
    assert files(site)["content/incidents/search.fr.md"] == (
        "---\ntitle: La recherche = en panne\n---\n\n## identified 2026-02-22 02:51 UTC\n\nOn s’en occupe.\n"
    )


def test_the_day_of_the_id_is_that_of_the_sites_zone_and_ids_are_unique(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        "--title",
        "Slow",
        "--severity",
        "sev3",
        "--component",
        "login",
        "--at",
        "2026-02-21T23:30Z",
        "--text",
        "x",
    ]
    for name in ("2026-02-22-slow", "2026-02-22-slow-2", "2026-02-22-slow-3"):
        assert run(capsys, "new", *given)[1].startswith(f"content/incidents/{name}.md\n")
    write_files(site, {"content/incidents/2026-02-22-slow-4.md": "broken"})
    assert run(capsys, "new", *given)[1].startswith("content/incidents/2026-02-22-slow-5.md\n")


def test_another_folder_and_what_is_not_translated(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    given = ["--title", "Tom's", "--severity", "sev3", "--component", "login", "--text", "x"]
    _, out, err = run(capsys, "-C", str(site), "new", *given)
    assert err == "not in fr yet; `statique translations` lists what is missing\n"
    path = "content/incidents/2026-02-22-toms.md"
    assert out.endswith(
        f"Next: statique -C {site} check\n"
        f"      git -C {site} add {path} && git -C {site} commit -m 'Tom'\"'\"'s: investigating'\n"
    )


def test_warnings_are_told_and_do_not_stop(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--title", "Slow", "--severity", "sev3", "--component", "login", "--text", "<b>Slow</b>"]
    status, _, err = run(capsys, "new", *given)
    assert status == 0
    assert err.startswith("content/incidents/2026-02-22-slow.md:9:1: warning T112 ")


def test_maintenance_is_announced(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(
        capsys, "maintain", "--title", "New disks", "--component", "login", "--from", "2026-03-01T23:30Z",
        "--until", "2026-03-02T01:00Z", "--message", "planned", "--set", "service=all disks",
    )  # fmt: skip
    assert (status, err) == (0, "not in fr yet; `statique translations` lists what is missing\n")
    assert out.startswith(
        "content/maintenance/2026-03-02-new-disks.md\nhttps://status.acme.example/maintenance/2026-03-02-new-disks/\n"
    )
    assert files(site)["content/maintenance/2026-03-02-new-disks.md"] == (
        "---\ntitle: New disks\nscheduled: {from: 2026-03-01 23:30 UTC, until: 2026-03-02 01:00 UTC}\n"
        "components: [login]\n---\n\n## scheduled 2026-02-22 04:00 UTC\n\nWork on all disks.\n"
    )
    status, _, _ = run(capsys, "update", "2026-03-02", "--status", "in-progress", "--text", "It begins.")
    assert status == 0
    assert files(site)["content/maintenance/2026-03-02-new-disks.md"].endswith(
        "\n## in_progress 2026-02-22 04:00 UTC\n\nIt begins.\n"
    )


def test_overlapping_maintenance_is_a_warning(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    window = ["--component", "login", "--from", "2026-03-01T22:00Z", "--until", "2026-03-02T01:00Z", "--text", "x"]
    assert run(capsys, "maintain", "--title", "A", *window)[0] == 0
    status, _, err = run(capsys, "maintain", "--title", "B", *window)
    assert status == 0
    assert "warning R107 overlaps content/maintenance/2026-03-01-a.md on login" in err


# --- update


def test_updates_are_appended_in_every_language(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commented = INCIDENT.replace("severity", "# ask the night shift\nseverity").replace("\n", "\r\n")
    (site / PATH).write_bytes(commented.encode())
    status, out, err = run(
        capsys, "update", "2026-02-22", "--message", "resolved", "--set", "who=all", "--set", "who.fr=tous",
        "--title-in", "fr=Le portail est en panne",
    )  # fmt: skip
    assert (status, err) == (0, "")
    assert out == (
        f"{PATH}\n{FRENCH}\nhttps://status.acme.example/incidents/{ID}/\nNext: statique check\n"
        f"      git add 'content/incidents/{ID}.*' && git commit -m 'The portal is down: resolved'\n"
    )
    added = "\r\n## resolved 2026-02-22 04:00 UTC\r\n\r\nPortal works again, all.\r\n"
    assert files(site)[PATH] == commented + added
    assert files(site)[FRENCH] == (
        "---\ntitle: Le portail est en panne\n---\n\n## resolved 2026-02-22 04:00 UTC\n\nFini, tous.\n"
    )


def test_every_flag_of_update(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--component", "portal=degraded_performance", "--at", "2026-02-22T03:00Z", "--next", "2026-02-22T03:30Z"]
    assert run(capsys, "update", ID, "--status", "monitoring", "--text", "Better.", *given)[0] == 0
    assert files(site)[PATH] == (
        f"{INCIDENT}\n## monitoring 2026-02-22 03:00 UTC\ncomponents: {{portal: degraded_performance}}\n"
        "next: 2026-02-22 03:30 UTC\n\nBetter.\n"
    )


def test_an_ended_incident_is_opened_again_on_purpose(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "update", ID, "--status", "resolved", "--text", "Over.")[0] == 0
    before = files(site)
    late = ["update", ID, "--status", "monitoring", "--text", "It is back."]
    assert run(capsys, *late) == (
        2, "",
        f"statique: {ID} is resolved since 2026-02-22 04:00 UTC; "
        "open it again with --reopen, or write a new incident\n",
    )  # fmt: skip
    assert files(site) == before
    assert run(capsys, *late, "--reopen")[0] == 0
    assert files(site)[PATH].endswith("\n## monitoring 2026-02-22 04:00 UTC\n\nIt is back.\n")


def test_what_would_break_the_build_is_printed_and_not_written(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(site)
    status, out, err = run(capsys, "update", ID, "--status", "resolved", "--text", "Over. <!-- phew -->")
    assert (status, out) == (1, "")
    assert err == f"{PATH}:13:1: T111 an HTML comment would be published; remove it\n1 problem; nothing was written\n"
    assert files(site) == before


def test_nothing_is_written_over_what_another_wrote(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = INCIDENT + "\n## monitoring 2026-02-22 03:59 UTC\n\nTheirs.\n"

    def elsewhere(text: str, **_: object) -> str:
        (site / PATH).write_text(theirs, encoding="utf-8")
        return f"{text}Mine."

    monkeypatch.setattr(click, "edit", elsewhere)
    monkeypatch.setattr(asking, "at_terminal", lambda: True)
    assert run(capsys, "update", ID, "--status", "identified", "--edit")[0] == 0
    assert files(site)[PATH] == theirs + "\n## identified 2026-02-22 04:00 UTC\n\nMine.\n"
    theirs = theirs.replace("monitoring", "resolved")
    status, _, err = run(capsys, "update", ID, "--status", "monitoring", "--edit")
    assert (status, files(site)[PATH]) == (2, theirs)
    assert err.startswith("Your text was not written; here it is:\n\nMine.\n\nstatique: 2026-02-22-portal is resolved")
    monkeypatch.setattr("generator.author.changes.replace", lambda *_: False)
    status, _, err = run(capsys, "update", ID, "--reopen", "--status", "identified", "--edit")
    assert status == 3
    assert err.startswith("Your text was not written; here it is:\n\nMine.\n\n")
    assert "was changed by someone else in the meantime; nothing was written; run the command again\n" in err


def test_an_unreadable_record_says_what_is_wrong_with_it(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {PATH: "nothing"})
    status, _, err = run(capsys, "update", ID, "--status", "resolved", "--text", "x")
    assert (status, err.splitlines()[0].split(" ")[1]) == (1, "Y101")


def test_broken_settings_stop_everything(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {"content/site.yml": "name: Acme\n"})
    for command in (["new"], ["update", ID], ["maintain"], ["translations"]):
        status, _, err = run(capsys, *command)
        assert (status, "content/site.yml:1:1: S102 " in err) == (1, True)


# --- where texts come from


def test_the_text_comes_by_a_pipe(site: Path) -> None:
    def piped(*arguments: str, text: bytes) -> tuple[int, bytes]:
        program = [sys.executable, "-m", "generator.cli", "update", ID, "--status", "monitoring", *arguments]
        env = os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])}
        done = subprocess.run(program, input=text, cwd=site, env=env, capture_output=True, check=False)
        return done.returncode, done.stderr

    assert piped("--at", "2026-02-22T03:00Z", text="\ufeffWe have\r\n\r\ntwo lines.\n".encode())[0] == 0
    assert piped("--at", "2026-02-22T03:01Z", "--text", "-", text="Détails".encode())[0] == 0
    assert files(site)[PATH].endswith(
        "\n## monitoring 2026-02-22 03:00 UTC\n\nWe have\n\ntwo lines.\n"
        "\n## monitoring 2026-02-22 03:01 UTC\n\nDétails\n"
    )
    assert piped(text=b"\xff") == (2, b"statique: the standard input is not UTF-8\n")
    assert piped("--text", "-", text=b" \n") == (2, b"statique: --text -: the standard input is empty\n")
    assert piped(text=b"") == (
        2, b"statique: missing: --text (or --message, --edit, or a text on the standard input)\n",
    )  # fmt: skip


def test_the_editor_begins_with_the_message(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "update", ID, "--status", "resolved", "--edit") == (
        2, "", "statique: an editor needs a terminal; give the text with --text\n",
    )  # fmt: skip
    monkeypatch.setattr(asking, "at_terminal", lambda: True)
    monkeypatch.setattr(click, "edit", lambda text, **_: text.replace("wrong", "very wrong"))
    status, _, err = run(capsys, "update", ID, "--message", "investigating", "--edit")
    assert (status, err) == (0, "the other languages say what the message says: fr\n")
    assert files(site)[PATH].endswith("Something is very wrong with Portal.\n")
    monkeypatch.setattr(click, "edit", lambda *_, **__: None)
    assert run(capsys, "update", ID, "--status", "resolved", "--edit") == (
        2, "", "statique: the text was not saved in the editor; nothing was written\n",
    )  # fmt: skip


# --- at a terminal


def test_new_asks_for_all_that_is_missing(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch, "", "Login is slow", "9", "2", "login=down, 1", "2 1=partial_outage", "investigating")
    status, out, err = run(capsys, "new")
    assert (status, out.splitlines()[0]) == (0, "content/incidents/2026-02-22-login-is-slow.md")
    assert "   2  sev2  High: An important function works badly for many; there is a way around it.\n" in err
    assert "   1  portal  Portal\n   2  login   Login\n" in err
    assert "   1  investigating  investigating: Something is wrong with $service.\n" in err
    assert "planned" not in err
    assert "Error: write a few words\n" in err
    assert "Error: choose a number from 1 to 4, or write a name\n" in err
    assert 'Error: --component: "down" is not a state; ' in err
    text = files(site)["content/incidents/2026-02-22-login-is-slow.md"]
    assert "severity: sev2\ncomponents:\n  login: partial_outage\n  portal: partial_outage\n" in text
    assert text.endswith("Something is wrong with Login and Portal.\n")


def test_new_takes_a_text_of_ones_own(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch, "", "We are looking.")
    given = ["--title", "Slow", "--severity", "sev3", "--component", "login"]
    assert run(capsys, "new", *given)[0] == 0
    assert files(site)["content/incidents/2026-02-22-slow.md"].endswith("\n\nWe are looking.\n")


def test_an_empty_answer_opens_the_editor_and_no_text_is_lost(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click, "edit", lambda *_, **__: "A long story.")
    at_terminal(monkeypatch, "", "")
    given = ["--title", "Slow", "--severity", "sev3", "--component", "login", "--id", "Not an id"]
    status, _, err = run(capsys, "new", *given)
    assert status == 2
    assert "Your text was not written; here it is:\n\nA long story.\n\n" in err


def test_maintain_asks_for_its_times(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch, "2026-03-01 22:00", "2026-03-01 22:00 UTC", "2026-03-01 23:00 UTC", "planned")
    status, _, err = run(capsys, "maintain", "--title", "Disks", "--component", "login")
    assert status == 0
    assert "is not a time with an offset" in err
    assert (
        "{from: 2026-03-01 22:00 UTC, until: 2026-03-01 23:00 UTC}"
        in files(site)["content/maintenance/2026-03-01-disks.md"]
    )


def test_update_asks_which_and_for_placeholders(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch, "1", "4", "1", "friends")
    status, _, err = run(capsys, "update")
    assert status == 0
    assert f"   1  {ID}  The portal is down (investigating)\n" in err
    assert "The portal is down: investigating\n" in err
    assert files(site)[PATH].endswith("\n## resolved 2026-02-22 04:00 UTC\n\nPortal works again, friends.\n")


def test_an_interrupted_question_writes_nothing(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(site)
    at_terminal(monkeypatch)
    assert run(capsys, "new")[0] == 130
    assert files(site) == before


# --- refusals

NEW = ["new", "--title", "Slow", "--severity", "sev3", "--component", "login", "--text", "x"]
PLAN = ["maintain", "--title", "Slow", "--component", "login", "--text", "x"]
UPDATE = ["update", ID, "--status", "monitoring", "--text", "x"]
MISSING = "--text (or --message, --edit, or a text on the standard input)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["new", "--message", "resolved"], "missing: --title, --severity, --component"),
        (["new", "--message", "investigating"], "missing: --severity, --component"),
        (["maintain", "--text", "x"], "missing: --title, --from, --until, --component"),
        (NEW[:-2], f"missing: {MISSING}"),
        (["update", ID], "missing: --status"),
        (["update", ID, "--status", "resolved"], f"missing: {MISSING}"),
        (
            ["update"],
            "missing: ID, the incident or maintenance to update; open are:\n"
            f"  {ID}  The portal is down (investigating)",
        ),
        (
            ["update", "2026-02-22-potal", "--status", "resolved"],
            f'there is no incident or maintenance "2026-02-22-potal"; did you mean "{ID}"?',
        ),
        ([*NEW, "--severity", "sev7"], '--severity: there is no "sev7"; did you mean "sev4"?'),
        ([*NEW, "--component", "logn"], '--component: there is no "logn"; did you mean "login"?'),
        ([*NEW, "--component", "login"], '--component: "login" is named twice'),
        (
            [*NEW, "--component", "portal=partial"],
            '--component: "partial" is not a state; did you mean "partial_outage"?',
        ),
        (
            [*NEW, "--status", "scheduled"],
            '--status: an incident cannot be "scheduled"; known are investigating, identified, monitoring, resolved',
        ),
        ([*UPDATE, "--status", "resolvd"], '--status: an incident cannot be "resolvd"; did you mean "resolved"?'),
        ([*NEW, "--message", "resolved"], "give --text or --message, not both; --edit changes the text of a message"),
        (
            ["update", ID, "--message", "resolvd"],
            '--message: there is no "resolvd"; did you mean "resolved"?',
        ),
        (
            ["update", ID, "--message", "planned"],
            '--message: "planned" says "scheduled", which an incident cannot be',
        ),
        (["update", ID, "--message", "resolved"], 'the message "resolved" needs a value for $who; add --set who=…'),
        (
            ["update", ID, "--message", "resolved", "--set", "whom=all"],
            'the message "resolved" has no placeholder $whom; it has $service, $who',
        ),
        ([*UPDATE, "--set", "who=all"], "--set: there are placeholders in a --message only"),
        (
            ["update", ID, "--message", "resolved", "--set", "who"],
            '--set: "who" is not NAME=VALUE, such as service=Login',
        ),
        (
            ["update", ID, "--message", "resolved", "--set", "who.de=alle"],
            '--set: "de" is not a language of this site; known are en, fr',
        ),
        ([*UPDATE, "--text-in", "Bonjour"], '--text-in: "Bonjour" is not LANG=TEXT, such as fr=…'),
        (
            [*UPDATE, "--text-in", "en=Hello"],
            '--text-in: "en" is not another language of this site; known are fr',
        ),
        ([*UPDATE, "--text-in", "fr=a", "--text-in", "fr=b"], '--text-in: "fr" is given twice'),
        ([*UPDATE, "--title-in", "fr= "], "--title-in fr: is empty"),
        ([*NEW, "--title", "x" * 201], "--title: has 201 characters, more than 200"),
        ([*NEW, "--tag", "Out Memory"], '--tag: "Out Memory" is not an id; use a-z, 0-9 and - between them'),
        (
            [*NEW, "--link", "https://acme.example"],
            '--link: "https://acme.example" is not LABEL=ADDRESS, such as "Release notes=https://…"',
        ),
        ([*NEW, "--id", ID], f'the id "{ID}" is taken; choose another, or leave it out'),
        ([*NEW, "--text", "\n"], "the text is empty"),
        ([*NEW, "--text", "a\n## b"], 'line 2 of the text, "## b", would open another update; '
         "begin headings in a text with ###"),
        (
            [*PLAN, "--from", "2026-03-01T22:00Z", "--until", "2026-03-01T22:00Z"],
            "--until: the window ends before it begins",
        ),
        (
            [*UPDATE, "--at", "2026-02-22T02:50Z"],
            "the last update is of 2026-02-22 02:51 UTC, after 2026-02-22 02:50 UTC; "
            "updates stand in order of time: give a later time, such as 2026-02-22 02:52 UTC",
        ),
    ],
)  # fmt: skip
def test_every_refusal_says_what_to_do(
    site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = files(site)
    assert run(capsys, *arguments) == (2, "", f"statique: {message}\n")
    assert files(site) == before


@pytest.mark.parametrize("flag", ["--at", "--started", "--next"])
def test_times_without_an_offset_are_refused(site: Path, capsys: pytest.CaptureFixture[str], flag: str) -> None:
    status, _, err = run(capsys, *NEW, flag, "2026-02-22 03:00")
    assert status == 2
    assert "'2026-02-22 03:00' is not a time with an offset, or out of range; write it as 2026-02-22T02:51Z" in err


def test_a_broken_message_is_explained_at_its_line(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(site, {"content/messages/resolved.md": MESSAGES["content/messages/resolved.md"] + "\n## en\n\nx\n"})
    assert run(capsys, "update", ID, "--message", "resolved", "--set", "who=x") == (
        1, "", 'content/messages/resolved.md:13:4: S131 the language "en" stands twice; the first is on line 5; '
        "keep one of the two\n1 problem; nothing was written\n",
    )  # fmt: skip


def test_with_nothing_open_there_is_nothing_to_list(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "update", ID, "--status", "resolved", "--text", "Over.")[0] == 0
    message = "statique: missing: ID, the incident or maintenance to update; none is open\n"
    assert run(capsys, "update") == (2, "", message)


# --- translations


def test_what_is_not_translated_is_listed(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "translations")
    assert (status, err) == (1, "3 texts missing in 1 language, 2 of them published\n")
    assert out == (
        "fr: 3 missing (1 message, 1 title, 1 update)\n"
        f"  {FRENCH}\n    title The portal is down\n    update investigating 2026-02-22 02:51 UTC\n"
        "  content/messages/planned.md\n    message planned\n"
    )
    assert run(capsys, "translations", "--exit-zero")[0] == 0
    _, out, _ = run(capsys, "translations", "--format", "github")
    assert out.splitlines()[1] == (
        f"::warning file={PATH},line=7,col=1,title=translation::the update is not translated into fr: "
        f"investigating 2026-02-22 02:51 UTC; write it in {FRENCH}"
    )
    status, out, err = run(capsys, "translations", "--format", "json")
    assert (status, err) == (1, "")
    assert json.loads(out)["languages"] == {"fr": {"missing": 3, "published": 2}}
    assert json.loads(out)["missing"][1] == {
        "language": "fr", "kind": "update", "path": PATH, "line": 7, "text": "investigating 2026-02-22 02:51 UTC",
        "target": FRENCH, "published": True,
    }  # fmt: skip


def test_a_complete_language_exits_with_zero(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(
        site,
        {
            "content/site.yml": SITE.replace("[en, fr]", "[en, fr, sv]"),
            "content/components.yml": "groups: [{id: all, name: All, components: [{id: portal, name: Portal}]}]\n",
            FRENCH: "---\ntitle: En panne\n---\n\n## investigating 2026-02-22 02:51 UTC\n\nNous cherchons.\n",
        },
    )
    assert run(capsys, "translations", "--language", "fr")[:2] == (
        0, "fr: 1 missing (1 message)\n  content/messages/planned.md\n    message planned\n",
    )  # fmt: skip
    (site / "content/messages/planned.md").unlink()
    assert run(capsys, "translations", "--language", "fr")[:2] == (0, "fr: complete\n")
    assert run(capsys, "translations")[0] == 1


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "--language: en is the default language, in which everything is written"),
        ("de", '--language: "de" is not a language of this site; known are fr'),
    ],
)
def test_languages_that_have_no_translations(
    site: Path, capsys: pytest.CaptureFixture[str], lang: str, message: str
) -> None:
    assert run(capsys, "translations", "--language", lang) == (2, "", f"statique: {message}\n")
