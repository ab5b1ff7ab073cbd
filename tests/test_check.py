"""Every way in which content can be wrong, with the exact message; the corpus is the specification."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.reading import examine
from generator.record.load import survey
from tests.cases import COMPONENTS, INCIDENT, SITE, read_case, settle, small_site, write_files

CORPUS = Path(__file__).parent / "corpus" / "problems"
CASES = sorted(CORPUS.glob("*.case"))
NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


def test_the_corpus_is_there() -> None:
    assert len(CASES) > 50


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_problems_are_told_exactly(path: Path, tmp_path: Path) -> None:
    files = {name: text for name, text in read_case(path).items() if name != "problems"}
    settings = {"content/site.yml": SITE, "content/components.yml": COMPONENTS}
    write_files(tmp_path, settings | files)
    found = "".join(f"{problem}\n" for problem in survey(tmp_path, now=NOW).problems)
    assert found == settle(path, "problems", found), "renew with STATIQUE_RENEW=1 if this is better"
    assert found or path.stem == "norway"


def test_every_code_has_a_case(root: Path) -> None:
    sources = [*(root / "generator" / "record").glob("*.py")]
    codes = {code for source in sources for code in re.findall(r'"([FYSR]\d{3})"', source.read_text("utf-8"))}
    cases = [*CASES, *(CORPUS.parent / "internal").glob("*.case")]
    shown = "".join(read_case(path)["problems"] for path in cases) + Path(__file__).read_text("utf-8")
    assert codes
    assert not {code for code in codes if f" {code} " not in shown and f'"{code}"' not in shown}


def test_a_sound_site_has_no_problems(tmp_path: Path) -> None:
    found = survey(small_site(tmp_path), now=NOW)
    assert found.problems == ()
    assert found.site is not None
    assert [entry.original.id for entry in found.site.entries] == ["2026-02-22-portal"]


def codes_of(root: Path) -> list[str]:
    """Return the codes of all problems of a site."""
    return [problem.code for problem in survey(root, now=NOW).problems]


def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site")
    secret = tmp_path / "secret"
    secret.write_text(INCIDENT, encoding="utf-8")
    (site / "content/incidents/2026-01-01-link.md").symlink_to(secret)
    (site / "content/incidents/2026-01-02-folder.md").mkdir()
    os.mkfifo(site / "content/incidents/2026-01-03-pipe.md")
    found = survey(site, now=NOW).problems
    assert [(p.code, p.path.rsplit("/", 1)[1], p.message) for p in found] == [
        ("F101", "2026-01-01-link.md", "is a symbolic link"),
        ("F101", "2026-01-02-folder.md", "is not a regular file"),
        ("F101", "2026-01-03-pipe.md", "is not a regular file"),
    ]


def test_a_missing_site_says_where_to_run(tmp_path: Path) -> None:
    found = survey(tmp_path, now=NOW).problems
    assert [str(problem) for problem in found] == [
        f"content/{name}:1:1: F102 cannot be read: No such file or directory; "
        "run statique in a site's folder, or name it with -C DIR"
        for name in ("components.yml", "site.yml")
    ]


def test_large_and_binary_files_are_refused(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    (site / "content/incidents/2026-01-01-large.md").write_text(INCIDENT + "x" * 600_000, encoding="utf-8")
    (site / "content/incidents/2026-01-02-latin.md").write_bytes(INCIDENT.encode() + b"caf\xe9\n")
    found = survey(site, now=NOW).problems
    assert [str(problem) for problem in found] == [
        f"content/incidents/2026-01-01-large.md:1:1: F103 has {len(INCIDENT) + 600_000} bytes, more than 524288; "
        "split it or shorten it",
        "content/incidents/2026-01-02-latin.md:10:4: F104 byte 0xE9 is not UTF-8; save the file as UTF-8",
    ]


def test_folders_too_deep_are_told(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    deep = site / "content/incidents" / "/".join("abcdefghij")
    deep.mkdir(parents=True)
    (deep / "2026-01-01-x.md").write_text(INCIDENT, encoding="utf-8")
    assert codes_of(site) == ["F109"]


@pytest.mark.skipif(sys.platform == "darwin", reason="names are Unicode there")
def test_folders_whose_names_are_no_text_are_told(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    odd = os.fsencode(site / "content/incidents") + b"/x\xff"
    os.mkdir(odd)  # noqa: PTH102 a path has no bytes
    Path(os.fsdecode(odd), "2026-01-01-x.md").write_text(INCIDENT, encoding="utf-8")
    problem = "content/incidents/xU+DCFF:1:1: F106 nothing reads this folder; give it a name in UTF-8"
    for found in (survey(site, now=NOW), examine(site, now=NOW)):
        assert [str(one) for one in found.errors] == [problem]


def test_what_editors_leave_behind_is_ignored(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    for name in (".x.md.swp", "x.md~", "#x.md#", ".DS_Store", "x.md.orig", "x.md.bak"):
        (site / "content/incidents" / name).write_text("<<<<<<<", encoding="utf-8")
    assert codes_of(site) == []


def test_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    file = site / "content/incidents/2026-02-22-portal.md"
    plain = survey(site, now=NOW).site
    for data in (b"\xef\xbb\xbf" + INCIDENT.encode(), INCIDENT.replace("\n", "\r\n").encode()):
        file.write_bytes(data)
        assert survey(site, now=NOW).site == plain


def test_headings_in_code_open_no_update(tmp_path: Path) -> None:
    body = "```\n## resolved 2026-02-22 03:00 UTC\n```\n\n### A heading of the author's own\n"
    site = small_site(tmp_path, **{"content/incidents/2026-02-22-portal.md": INCIDENT + "\n" + body})
    found = survey(site, now=NOW)
    assert found.site is not None
    assert found.problems == ()
    (entry,) = found.site.entries
    (update,) = entry.original.updates
    assert update.body.endswith("own")


def test_the_internal_record_is_never_opened(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    internal = site / "content/internal"
    internal.mkdir()
    (internal / "broken.md").symlink_to("/nowhere")
    internal.chmod(0)
    assert codes_of(site) == []
    internal.chmod(0o755)


class Remembered(dict[bytes, int]):
    """What was sound, and how many hashes were asked for and not known."""

    unknown = 0

    def known(self, keys: Iterable[bytes]) -> dict[bytes, int]:
        asked = list(keys)
        found = {key: self[key] for key in asked if key in self}
        self.unknown = len(asked) - len(found)
        return found

    def keep(self, key: bytes, result: int) -> None:
        self[key] = result


def test_what_was_sound_is_looked_at_again_under_other_settings_alone(tmp_path: Path) -> None:
    root, sound = small_site(tmp_path), Remembered()

    def problems() -> list[str]:
        return [problem.code for problem in survey(root, now=NOW, sound=sound).problems]

    assert (problems(), sound.unknown, list(sound.values())) == ([], 1, [1])
    assert (problems(), sound.unknown) == ([], 0)
    components = root / "content/components.yml"
    text = components.read_text("utf-8")
    components.write_text(text.replace("portal", "gate"), "utf-8")
    # What is wrong is told each time.
    for _ in range(2):
        assert (set(problems()), sound.unknown) == ({"S104"}, 1)
    components.write_text(text, "utf-8")
    assert (problems(), sound.unknown) == ([], 0)
