"""What is unchanged is neither read nor parsed, and what may have changed is."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import sources as room
from generator.publish import look as looking
from generator.publish.memo import Memo
from generator.reading import examine
from generator.record.folder import Place, read_source
from generator.record.load import load_site
from generator.record.parse import Parsed, Source, parse_record
from generator.sources import Sources
from tests.cases import COMPONENTS, INCIDENT, SITE, small_site, write_files

NOW = datetime(2026, 2, 22, 4, 31, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"


class Look:
    """Looks at a site, each time as a new process would, and notes what is read and what is parsed."""

    def __init__(self, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = site
        self.read: list[str] = []
        self.parsed: list[str] = []

        def reading(place: Place) -> Source | Parsed:
            self.read.append(place.path)
            return read_source(place)

        monkeypatch.setattr(room, "read_source", reading)

    def __call__(self, *, fingerprint: bytes = b"") -> dict[str, str]:
        self.read.clear()
        self.parsed.clear()
        with Memo.at(self.site / ".statique/memo.sqlite3") as memo:
            parse = memo.remembered("record", self._parse, fingerprint=fingerprint, returns=Parsed)
            sources = Sources(memo, parse, look=looking.Look(self.site / ".statique/clock"))
            site, _ = load_site(self.site, now=NOW, take=sources.take)
        return {entry.original.id: entry.original.title for entry in site.entries}

    def _parse(self, source: Source) -> Parsed:
        self.parsed.append(source[0])
        return parse_record(source)


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Give a site that was looked at, whose files are taken for settled."""
    monkeypatch.setattr(looking, "REST", 0)
    look = Look(small_site(tmp_path / "site"), monkeypatch)
    look()
    assert PATH in look.read
    return look


def test_what_is_unchanged_is_not_read(look: Look) -> None:
    known = look()
    assert (look.read, look.parsed) == ([], [])
    assert known == {"2026-02-22-portal": "The portal is down"}


def test_what_changed_is_read_alone(look: Look) -> None:
    write_files(look.site, {PATH: INCIDENT.replace("is down", "was down")})
    assert look() == {"2026-02-22-portal": "The portal was down"}
    assert (look.read, look.parsed) == ([PATH], [PATH])
    look()
    assert look.read == []


def test_of_a_month_all_is_read_and_what_changed_is_parsed(look: Look) -> None:
    beside, before = (f"content/incidents/2026-{day}-other.md" for day in ("02-03", "01-03"))
    write_files(look.site, {path: INCIDENT.replace("2026-02-22", path[18:28]) for path in (beside, before)})
    look()
    assert sorted(look.read) == sorted([before, beside, PATH])
    assert sorted(look.parsed) == sorted([before, beside])
    write_files(look.site, {PATH: INCIDENT.replace("is down", "was down")})
    assert look()["2026-02-22-portal"] == "The portal was down"
    assert (sorted(look.read), look.parsed) == (sorted([beside, PATH]), [PATH])
    (look.site / beside).unlink()
    assert set(look()) == {"2026-02-22-portal", "2026-01-03-other"}
    assert (look.read, look.parsed) == ([PATH], [])


def test_what_a_checkout_wrote_anew_is_not_parsed(look: Look) -> None:
    file = look.site / PATH
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data)
    assert look() == {"2026-02-22-portal": "The portal is down"}
    assert (look.read, look.parsed) == ([PATH], [])
    look()
    assert look.read == []


def test_a_change_that_keeps_size_and_time_is_seen(look: Look) -> None:
    file = look.site / PATH
    status = file.stat()
    file.write_bytes(file.read_bytes().replace(b"is down", b"is gone"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert look() == {"2026-02-22-portal": "The portal is gone"}


def test_a_file_that_is_touched_is_read_and_not_parsed(look: Look) -> None:
    os.utime(look.site / PATH, ns=(1, 1))
    look()
    assert (look.read, look.parsed) == ([PATH], [])


def test_what_changed_just_now_is_read_again(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "REST", 10**12)
    look()
    assert PATH in look.read
    look()
    assert PATH in look.read


def test_another_program_parses_anew(look: Look) -> None:
    look(fingerprint=b"another")
    assert PATH in look.parsed


@pytest.mark.parametrize("loss", [lambda memo: memo.unlink(), lambda memo: memo.write_bytes(b"x" * 5000)])
def test_a_memo_that_is_lost_costs_time_alone(look: Look, loss: Callable[[Path], object]) -> None:
    loss(look.site / ".statique/memo.sqlite3")
    assert look() == {"2026-02-22-portal": "The portal is down"}
    assert PATH in look.parsed


def test_a_link_is_refused_though_its_file_was_known(look: Look) -> None:
    file = look.site / PATH
    file.rename(file.with_name("other"))
    file.symlink_to("other")
    with pytest.raises(Exception, match="F101 is a symbolic link"):
        look()


def test_what_is_remembered_needs_no_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "REST", 0)
    site = small_site(tmp_path / "site")
    first = examine(site, now=NOW)
    assert first.site

    def parse(*_: object, **__: object) -> None:
        pytest.fail("YAML was parsed")

    monkeypatch.setattr("generator.record.syntax.parse_yaml", parse)
    assert examine(site, now=NOW) == first


def test_what_is_wrong_with_settings_is_remembered_with_them(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", **{"content/site.yml": "name: [\n", "content/components.yml": "groups: 1\n"})
    first = examine(site, now=NOW)
    assert len(first.errors) == 2
    assert examine(site, now=NOW) == first
    write_files(site, {"content/site.yml": SITE, "content/components.yml": COMPONENTS})
    assert examine(site, now=NOW).errors == ()
