"""Append-only, told by git: each kind of change to what was published is found, and each legal one passes."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import cli
from generator.errors import Problem, UsageError
from generator.record.history import rewritten
from generator.record.load import survey
from generator.reports import plain
from tests.cases import INCIDENT, SITE, small_site, write_files
from tests.repositories import branch, commit, git, published_site, repository

NOW = datetime(2026, 2, 22, 6, 0, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
FRENCH = "content/incidents/2026-02-22-portal.fr.md"
WINDOW = "content/maintenance/2026-03-01-move.md"
TWO = (
    INCIDENT
    + """
## identified 2026-02-22 03:12 UTC
components: {portal: partial_outage}
next: 2026-02-22 04:00 UTC

The newest release runs out of memory. We are going back to the one before.
"""
)
THIRD = "\n## monitoring 2026-02-22 03:33 UTC\n\nErrors are down.\n"
TRANSLATED = """\
---
title: Le portail est en panne
---

## investigating 2026-02-22 02:51 UTC

Nous cherchons.
"""
WORK = """\
---
title: The database moves
scheduled: {from: 2026-03-01 22:00 UTC, until: 2026-03-02 01:00 UTC}
components: [portal]
---

## scheduled 2026-02-20 10:00 UTC

You can read in the meantime.
"""
AMENDED = "amended: 2026-02-22 05:30 UTC\n"
FIRST = "## investigating 2026-02-22 02:51 UTC\n"
SECOND = "## identified 2026-02-22 03:12 UTC\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a site whose main branch has an incident of two updates, its translation, and a maintenance."""
    return published_site(tmp_path / "site", **{PATH: TWO, FRENCH: TRANSLATED, WINDOW: WORK})


def found(site: Path, base: str = "main") -> tuple[Problem, ...]:
    """Return what a check against ``base`` says of the record's history; nothing else may be wrong."""
    surveyed = survey(site, now=NOW)
    assert surveyed.site is not None
    return rewritten(site, base, now=NOW, config=surveyed.site.config)


def codes(site: Path, base: str = "main") -> list[str]:
    return [problem.code for problem in found(site, base)]


def test_nothing_changed(site: Path) -> None:
    assert found(site) == ()


# --- what is refused: the change, the code, the place in the new file, and what both sides say


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "words"),
    [
        ("We are looking.", "We have looked.", "A108", (9, 4), ('"We are looking."', '"We have looked."', "update 1")),
        ("one before.", "one after.", "A108", (15, 69), ("one before.", "one after.", "update 2")),
        ("We are looking.\n", "We are looking.\n\nReally.\n", "A108", (9, 16), ('"We are looking. Really."',)),
        ("## identified", "## monitoring", "A107", (11, 1), ('"identified 2026', '"monitoring 2026')),
        ("03:12 UTC", "03:13 UTC", "A107", (11, 1), ("03:12 UTC", "03:13 UTC")),
        ("{portal: partial_outage}", "{portal: operational}", "A109", (12, 1), ("partial_outage", "operational")),
        ("components: {portal: partial_outage}\n", "", "A109", (11, 1), ("{portal: partial_outage}", "now {}")),
        ("[portal]", "[portal, login]", "A109", (4, 1), ("{portal: major_outage}", "login: major_outage")),
        ("next: 2026-02-22 04:00", "next: 2026-02-22 05:00", "A110", (13, 7), ("04:00 UTC", "05:00 UTC")),
        ("next: 2026-02-22 04:00 UTC\n", "", "A110", (11, 1), ("04:00 UTC", "absent")),
        ("sev1\n", "sev1\nstarted: 2026-02-22 02:40 UTC\n", "A104", (4, 10), ("02:51 UTC", "02:40 UTC")),
        ("sev1\n", "sev1\ndraft: true\n", "A103", (4, 8), ("2026-02-22-portal",)),
    ],
)
def test_a_change_is_refused(
    site: Path, old: str, new: str, code: str, place: tuple[int, int], words: tuple[str, ...]
) -> None:
    write_files(site, {PATH: TWO.replace(old, new)})
    problems = [problem for problem in found(site) if problem.code == code]
    assert len(problems) == 1, found(site)
    assert (problems[0].path, problems[0].line, problems[0].column) == (PATH, *place)
    assert all(word in problems[0].message for word in words), problems[0].message
    if code != "A103":
        assert "`amended: 2026-02-22 06:00 UTC`" in problems[0].hint


def test_an_update_is_removed(site: Path) -> None:
    write_files(site, {PATH: INCIDENT})
    (problem,) = found(site)
    assert (problem.code, problem.path, problem.line) == ("A105", PATH, 7)
    assert 'update 2 ("identified 2026-02-22 03:12 UTC") is gone; it said "The newest release' in problem.message


@pytest.mark.parametrize("told", ["--assume-unchanged", "--skip-worktree"])
@pytest.mark.parametrize("gone", [False, True])
def test_what_git_was_told_to_overlook_is_seen(site: Path, told: str, gone: bool) -> None:
    git(site, "update-index", told, PATH)
    if gone:
        (site / PATH).unlink()
        (site / FRENCH).unlink()
    else:
        write_files(site, {PATH: INCIDENT})
    assert [problem.code for problem in found(site)] == ["A101" if gone else "A105"]


def test_what_git_forgot_or_never_saw_is_compared(site: Path) -> None:
    git(site, "rm", "--quiet", "--cached", PATH)
    assert found(site) == ()
    write_files(site, {PATH: INCIDENT})
    assert [problem.code for problem in found(site)] == ["A105"]


def test_a_file_written_anew_with_the_same_bytes_has_not_changed(site: Path) -> None:
    write_files(site, {PATH: TWO, FRENCH: TRANSLATED})
    assert found(site) == ()


def test_the_first_update_is_removed(site: Path) -> None:
    write_files(site, {PATH: TWO.replace(f"{FIRST}\nWe are looking.\n\n", ""), FRENCH: "---\ntitle: x\n---\n"})
    assert "A105" in codes(site)


def test_updates_are_put_between(site: Path) -> None:
    write_files(site, {PATH: TWO.replace(SECOND, f"## investigating 2026-02-22 03:00 UTC\n\nStill.\n\n{SECOND}")})
    (problem,) = found(site)
    assert (problem.code, problem.line) == ("A106", 11)
    assert '"Still."' in problem.message


def test_updates_of_one_moment_change_places(tmp_path: Path) -> None:
    one, other = "## investigating 2026-02-22 02:51 UTC\n\nA.\n", "## identified 2026-02-22 02:51 UTC\n\nB.\n"
    head = INCIDENT.partition("## ")[0]
    site = published_site(tmp_path / "site", **{PATH: f"{head}{one}\n{other}"})
    write_files(site, {PATH: f"{head}{other}\n{one}"})
    assert codes(site) == ["A106"]


def test_an_incident_is_deleted(site: Path) -> None:
    (site / PATH).unlink()
    (site / FRENCH).unlink()
    (problem,) = found(site)
    assert (problem.code, problem.path, problem.line, problem.column) == ("A101", PATH, 1, 1)
    assert '"2026-02-22-portal" was published and its file is gone' in problem.message
    assert "The newest release runs out of memory." in problem.message


def test_an_incident_is_renamed(site: Path) -> None:
    path = "content/incidents/2026-02-22-portal-502.md"
    (site / PATH).rename(site / path)
    (site / FRENCH).rename(site / path.replace(".md", ".fr.md"))
    (problem,) = found(site)
    assert (problem.code, problem.path) == ("A102", path)
    assert problem.hint == "add `aliases: [2026-02-22-portal]` to its front matter"
    write_files(site, {path: TWO.replace("severity:", "aliases: [2026-02-22-portal]\nseverity:")})
    assert found(site) == ()


def test_a_rename_does_not_hide_a_change(site: Path) -> None:
    path = "content/incidents/2026-02-22-portal-502.md"
    (site / PATH).unlink()
    (site / FRENCH).unlink()
    text = TWO.replace("severity:", "aliases: [2026-02-22-portal]\nseverity:").replace("looking", "sleeping")
    write_files(site, {path: text, path.replace(".md", ".fr.md"): TRANSLATED})
    (problem,) = found(site)
    assert (problem.code, problem.path) == ("A108", path)


def test_a_former_id_stays(tmp_path: Path) -> None:
    with_alias = TWO.replace("severity:", "aliases: [old-one]\nseverity:")
    site = published_site(tmp_path / "site", **{PATH: with_alias})
    write_files(site, {PATH: TWO})
    (problem,) = found(site)
    assert (problem.code, problem.hint) == ("A114", "put it back: `aliases: [old-one]`")


def test_an_incident_becomes_maintenance(site: Path) -> None:
    (site / PATH).unlink()
    (site / FRENCH).unlink()
    write_files(site, {"content/maintenance/2026-02-22-portal.md": WORK})
    (problem,) = found(site)
    assert problem.code == "A101"
    assert "is maintenance now" in problem.message


@pytest.mark.parametrize("changed", [TRANSLATED.replace("cherchons", "dormons"), "---\ntitle: Le portail\n---\n"])
def test_published_words_of_a_translation_change(site: Path, changed: str) -> None:
    write_files(site, {FRENCH: changed})
    (problem,) = found(site)
    assert (problem.code, problem.path) == ("A112", FRENCH)
    assert '"Nous cherchons."' in problem.message
    write_files(site, {PATH: TWO.replace(FIRST, FIRST + AMENDED)})
    assert found(site) == ()


def test_a_translation_is_deleted(site: Path) -> None:
    (site / FRENCH).unlink()
    (problem,) = found(site)
    assert (problem.code, problem.path) == ("A112", PATH)
    assert FRENCH in problem.message
    write_files(site, {"content/site.yml": SITE.replace("[en, fr]", "[en]")})
    assert found(site) == ()


@pytest.mark.parametrize("line", ["", "amended: 2026-02-22 04:00 UTC\n"])
def test_an_amendment_stays_told(tmp_path: Path, line: str) -> None:
    site = published_site(tmp_path / "site", **{PATH: TWO.replace(FIRST, FIRST + AMENDED)})
    write_files(site, {PATH: TWO.replace(FIRST, FIRST + line)})
    (problem,) = found(site)
    assert (problem.code, problem.hint) == ("A111", "put back the line `amended: 2026-02-22 05:30 UTC`")


def test_an_old_amendment_does_not_cover_a_new_change(tmp_path: Path) -> None:
    amended = TWO.replace(FIRST, FIRST + AMENDED)
    site = published_site(tmp_path / "site", **{PATH: amended})
    write_files(site, {PATH: amended.replace("looking", "sleeping")})
    (problem,) = found(site)
    assert problem.code == "A108"
    assert "set its line to `amended: 2026-02-22 06:00 UTC`" in problem.hint
    write_files(site, {PATH: amended.replace("looking", "sleeping").replace("05:30", "05:45")})
    assert found(site) == ()


def test_an_amendment_covers_its_own_update_alone(site: Path) -> None:
    changed = TWO.replace("looking", "sleeping").replace("one before", "one after")
    write_files(site, {PATH: changed.replace(SECOND, SECOND + AMENDED)})
    (problem,) = found(site)
    assert (problem.code, problem.line) == ("A108", 9)


def test_a_window_moves_with_a_word(site: Path) -> None:
    moved = WORK.replace("2026-03-01 22:00", "2026-03-01 20:00")
    write_files(site, {WINDOW: moved})
    (problem,) = found(site)
    assert (problem.code, problem.line) == ("A113", 3)
    assert "2026-03-01 22:00 UTC" in problem.message
    assert "2026-03-01 20:00 UTC" in problem.message
    write_files(site, {WINDOW: f"{moved}\n## scheduled 2026-02-22 06:00 UTC\n\nIt begins at 20:00.\n"})
    assert found(site) == ()


# --- what passes


@pytest.mark.parametrize(
    "text",
    [
        TWO + THIRD,
        TWO.replace("\n", "\r\n"),
        "\ufeff" + TWO,
        TWO.replace("looking.\n", "looking. \n\n\n"),
        TWO.replace("## identified", "##   identified").replace("03:12 UTC", "04:12+01:00"),
        TWO.replace("is down", "is down for many"),
        TWO.replace("severity: sev1", "severity: sev2\ntags: [deploy]"),
        TWO.replace("severity: sev1", "severity: P1\nstarted: 2026-02-22 02:51 UTC"),
        TWO.replace("[portal]", "{portal: major_outage}"),
        TWO.replace("looking", "sleeping").replace(FIRST, FIRST + AMENDED),
        TWO.replace("[portal]", "[login]").replace(FIRST, FIRST + AMENDED),
        TWO.replace("sev1\n", "sev1\nstarted: 2026-02-22 02:40 UTC\n").replace(FIRST, FIRST + AMENDED),
        TWO.replace(SECOND, SECOND.replace("03:12", "03:10") + AMENDED),
        TWO.replace("next: 2026-02-22 04:00 UTC\n", AMENDED),
    ],
    ids=[
        "an update more", "CRLF", "BOM", "spaces", "the same time", "a title", "severity and tags", "the same start",
        "a state written out", "a text amended", "components amended", "the start amended", "a time amended",
        "next amended",
    ],
)  # fmt: skip
def test_a_legal_change_passes(site: Path, text: str) -> None:
    (site / PATH).write_bytes(text.encode())
    assert found(site) == ()


def test_files_move_between_folders(site: Path) -> None:
    (site / "content/incidents/2026").mkdir()
    for path in (PATH, FRENCH):
        (site / path).rename(site / "content/incidents/2026" / Path(path).name)
    assert found(site) == ()


def test_a_translation_is_added_and_goes_on(site: Path) -> None:
    write_files(site, {FRENCH: f"{TRANSLATED}\n{SECOND}\nLa dernière version manque de mémoire.\n"})
    assert found(site) == ()


def test_drafts_are_nobodys_promise(tmp_path: Path) -> None:
    draft = TWO.replace("severity:", "draft: true\nseverity:")
    site = published_site(tmp_path / "site", **{PATH: draft})
    write_files(site, {PATH: TWO.replace("looking", "sleeping")})
    assert found(site) == ()
    (site / PATH).unlink()
    assert found(site) == ()


def test_what_could_not_be_published_is_no_promise(tmp_path: Path) -> None:
    site = published_site(tmp_path / "site", **{PATH: TWO.replace("severity: sev1", "sevrity: sev1")})
    write_files(site, {PATH: TWO.replace("looking", "sleeping")})
    assert found(site) == ()


def test_a_broken_file_is_not_taken_for_a_deleted_one(site: Path) -> None:
    write_files(site, {PATH: TWO.replace("severity: sev1", "sevrity: sev1")})
    config = None
    assert rewritten(site, "main", now=NOW, config=config) == ()


# --- branches, merges, forks, shallow clones, submodules


def test_a_branch_that_lags_behind_deletes_nothing(site: Path) -> None:
    branch(site, "topic", {PATH: TWO + THIRD})
    git(site, "checkout", "--quiet", "main")
    write_files(site, {"content/incidents/2026-02-22-later.md": INCIDENT})
    commit(site)
    git(site, "checkout", "--quiet", "topic")
    assert not (site / "content/incidents/2026-02-22-later.md").exists()
    assert found(site) == ()


def test_a_merge_is_compared_with_what_it_merges_into(site: Path) -> None:
    branch(site, "topic", {PATH: TWO.replace("looking", "sleeping")})
    git(site, "checkout", "--quiet", "main")
    write_files(site, {WINDOW: WORK + "\n## cancelled 2026-02-22 05:00 UTC\n\nNot now.\n"})
    commit(site)
    git(site, "checkout", "--quiet", "-b", "pull", "main")
    git(site, "merge", "--quiet", "--no-edit", "topic")
    assert codes(site) == ["A108"]


def test_branches_that_were_merged_into_each_other(site: Path) -> None:
    """Both common ancestors count: what either of them had published stays."""
    branch(site, "topic", {PATH: TWO + THIRD})
    git(site, "checkout", "--quiet", "main")
    write_files(site, {WINDOW: WORK + "\n## cancelled 2026-02-22 05:00 UTC\n\nNot now.\n"})
    ours = commit(site)
    theirs = git(site, "rev-parse", "topic")
    git(site, "merge", "--quiet", "--no-edit", theirs)
    git(site, "checkout", "--quiet", "topic")
    git(site, "merge", "--quiet", "--no-edit", ours)
    assert len(git(site, "merge-base", "--all", "main", "topic").split()) == 2
    assert found(site) == ()
    write_files(site, {PATH: TWO, WINDOW: WORK})
    assert codes(site) == ["A105", "A105"]


def test_a_fork_with_commits_of_its_own(site: Path, tmp_path: Path) -> None:
    fork = tmp_path / "fork"
    git(tmp_path, "clone", "--quiet", str(site), str(fork))
    write_files(fork, {PATH: TWO.replace("looking", "sleeping")})
    commit(fork, "On the fork's main")
    assert codes(fork, "main") == []
    assert codes(fork, "origin/main") == ["A108"]
    git(site, "fetch", "--quiet", str(fork), "main:pull")
    git(site, "checkout", "--quiet", "pull")
    assert codes(site) == ["A108"]


def test_histories_without_a_common_commit(site: Path) -> None:
    git(site, "checkout", "--quiet", "--orphan", "other")
    write_files(site, {PATH: TWO.replace("looking", "sleeping")})
    commit(site)
    assert codes(site) == ["A108"]


def clone(site: Path, folder: Path, *options: str) -> Path:
    git(folder.parent, "clone", "--quiet", *options, site.as_uri(), str(folder))
    return folder


def test_a_shallow_clone_without_the_base(site: Path, tmp_path: Path) -> None:
    branch(site, "topic", {PATH: TWO + THIRD})
    shallow = clone(site, tmp_path / "shallow", "--depth=1", "--branch=topic")
    with pytest.raises(UsageError, match="is not in this shallow clone; in a workflow, set `fetch-depth: 0`"):
        found(shallow, "origin/main")


def test_a_shallow_clone_that_lacks_what_is_common(site: Path, tmp_path: Path) -> None:
    branch(site, "topic", {PATH: TWO + THIRD})
    git(site, "checkout", "--quiet", "main")
    write_files(site, {"content/incidents/2026-02-22-later.md": INCIDENT})
    commit(site)
    shallow = clone(site, tmp_path / "shallow", "--depth=1", "--branch=topic", "--no-single-branch")
    with pytest.raises(UsageError, match=r"lacks the commits .*fetch-depth: 0"):
        found(shallow, "origin/main")
    deep = clone(site, tmp_path / "deep", "--depth=2", "--branch=topic", "--no-single-branch")
    assert found(deep, "origin/main") == ()


def test_a_shallow_clone_that_lacks_a_newer_common_commit(site: Path, tmp_path: Path) -> None:
    """A common commit that is found is not believed where the clone was cut between it and the branches."""
    old = git(site, "rev-parse", "main")
    write_files(site, {PATH: TWO + THIRD})
    newer = commit(site, "Published later")
    cut = []
    for name in ("one", "two"):
        git(site, "checkout", "--quiet", "-b", f"{name}-side", newer)
        write_files(site, {f"{name}-side.txt": name})
        cut.append(commit(site))
        git(site, "checkout", "--quiet", "-b", name, old)
        write_files(site, {f"{name}.txt": name})
        commit(site)
        git(site, "merge", "--quiet", "--no-edit", f"{name}-side")
    shallow = clone(site, tmp_path / "shallow", "--branch=one")
    assert git(shallow, "merge-base", "origin/one", "origin/two") == newer
    write_files(shallow, {".git/shallow": "".join(f"{name}\n" for name in sorted(cut))})
    assert git(shallow, "merge-base", "origin/one", "origin/two") == old
    with pytest.raises(UsageError, match="fetch-depth: 0"):
        found(shallow, "origin/two")


def test_a_site_below_the_root_of_its_repository(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    site = small_site(top / "ops" / "the status", **{PATH: TWO})
    write_files(top, {PATH: WORK})
    commit(top)
    (top / PATH).unlink()
    write_files(site, {PATH: TWO.replace("looking", "sleeping")})
    assert [(problem.code, problem.path) for problem in found(site)] == [("A108", PATH)]


def test_annotations_name_files_from_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    top = repository(tmp_path / "top")
    site = small_site(top / "status", **{PATH: TWO})
    commit(top)
    write_files(site, {PATH: TWO.replace("looking", "sleeping")})
    monkeypatch.setenv("GITHUB_WORKSPACE", str(top))
    command = ["-C", str(site), "check", "--base", "main", "--now", "2026-02-22T06:00Z", "--format", "github"]
    assert cli.run(command) == 1
    assert capsys.readouterr().out.startswith(
        f"::error file=status/{PATH},line=9,col=8,title=A108::the text of update 1"
    )


def test_content_that_is_a_repository_of_its_own(tmp_path: Path) -> None:
    source = repository(tmp_path / "source")
    whole = small_site(tmp_path / "whole", **{PATH: TWO})
    shutil.copytree(whole / "content", source, dirs_exist_ok=True)
    commit(source)
    site = repository(tmp_path / "site")
    git(site, "submodule", "--quiet", "add", source.as_uri(), "content")
    commit(site)
    assert found(site, "main") == ()
    write_files(site, {PATH: TWO.replace("looking", "sleeping")})
    assert codes(site, "main") == ["A108"]


def test_records_that_are_a_submodule_are_named(tmp_path: Path) -> None:
    source = repository(tmp_path / "source")
    write_files(source, {"2026-02-22-portal.md": TWO})
    commit(source)
    site = repository(tmp_path / "site")
    write_files(site, {"content/site.yml": SITE})
    git(site, "submodule", "--quiet", "add", source.as_uri(), "content/incidents")
    commit(site)
    small_site(site)
    with pytest.raises(UsageError, match="content/incidents is a submodule"):
        found(site)


def test_not_a_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "site")
    assert cli.run(["-C", str(site), "check", "--base", "main", "--now", "2026-02-22T06:00Z"]) == 2
    assert "is not in a git repository" in capsys.readouterr().err


@pytest.mark.parametrize("revision", ["mian", "--output=x", "", "main\n", "HEAD..main", ":/nothing", "\udc80"])
def test_an_unknown_revision(site: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="git knows no revision"):
        found(site, revision)


def test_the_nearest_revision_is_offered(site: Path) -> None:
    with pytest.raises(UsageError, match='did you mean "main"'):
        found(site, "mian")


def test_git_is_missing(site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        found(site)


def test_the_environment_does_not_lead_elsewhere(site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = published_site(tmp_path / "other", **{PATH: INCIDENT})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert found(site) == ()


def test_before_the_first_commit(tmp_path: Path) -> None:
    site = small_site(repository(tmp_path / "site"))
    with pytest.raises(UsageError, match="git knows no revision"):
        found(site)


def test_windows_line_ends_that_git_converts(site: Path) -> None:
    git(site, "config", "core.autocrlf", "true")
    (site / PATH).write_bytes((TWO + THIRD).replace("\n", "\r\n").encode())
    assert found(site) == ()


def test_names_with_strange_characters(site: Path) -> None:
    folder = "content/incidents/été \t*[x]"
    write_files(site, {f"{folder}/2026-02-22-odd.md": TWO})
    commit(site)
    assert found(site) == ()
    shutil.rmtree(site / folder)
    assert codes(site) == ["A101"]


# --- the documents

_BETWEEN = f"## investigating 2026-02-22 03:00 UTC\n\nStill.\n\n{SECOND}"
EXAMPLES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "A101": ({PATH: INCIDENT}, {PATH: ""}),
    "A102": ({PATH: INCIDENT}, {PATH: "", "content/incidents/2026-02-22-portal-502.md": INCIDENT}),
    "A103": ({PATH: INCIDENT}, {PATH: INCIDENT.replace("sev1\n", "sev1\ndraft: true\n")}),
    "A104": ({PATH: INCIDENT}, {PATH: INCIDENT.replace("sev1\n", "sev1\nstarted: 2026-02-22 02:40 UTC\n")}),
    "A105": ({PATH: TWO}, {PATH: INCIDENT}),
    "A106": ({PATH: TWO}, {PATH: TWO.replace(SECOND, _BETWEEN)}),
    "A107": ({PATH: TWO}, {PATH: TWO.replace("03:12 UTC", "03:13 UTC")}),
    "A108": ({PATH: INCIDENT}, {PATH: INCIDENT.replace("We are looking", "We have looked")}),
    "A109": ({PATH: INCIDENT}, {PATH: INCIDENT.replace("[portal]", "[portal, login]")}),
    "A110": ({PATH: TWO}, {PATH: TWO.replace("next: 2026-02-22 04:00", "next: 2026-02-22 05:00")}),
    "A111": ({PATH: INCIDENT.replace(FIRST, FIRST + AMENDED)}, {PATH: INCIDENT}),
    "A112": ({PATH: TWO, FRENCH: TRANSLATED}, {FRENCH: TRANSLATED.replace("cherchons", "dormons")}),
    "A113": ({WINDOW: WORK}, {WINDOW: WORK.replace("2026-03-01 22:00", "2026-03-01 20:00")}),
    "A114": ({PATH: INCIDENT.replace("severity:", "aliases: [old-one]\nseverity:")}, {PATH: INCIDENT}),
}


def test_every_code_has_an_example() -> None:
    source = Path(cli.__file__).parent.parent / "record"
    texts = [file.read_text("utf-8") for file in source.glob("*.py")]
    assert sorted(EXAMPLES) == sorted({code for text in texts for code in re.findall(r'"(A\d{3})"', text)})


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_documents_show_what_is_printed(tmp_path: Path, code: str) -> None:
    published, changed = EXAMPLES[code]
    site = published_site(tmp_path / "site", **published)
    for path, text in changed.items():
        if text:
            write_files(site, {path: text})
        else:
            (site / path).unlink()
    (problem,) = found(site)
    assert problem.code == code
    checks = Path(__file__).parent.parent / "docs" / "checks.md"
    assert f"\n    {plain(problem)}\n" in checks.read_text("utf-8")
