"""Names in public texts: found as whole words in every script, at their place, and never within a longer word."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import cli
from generator.build import build
from generator.record.blameless import Names, naming
from generator.record.people import People, Person
from tests.cases import INCIDENT, small_site
from tests.rosters import PEOPLE

NOW = datetime(2026, 2, 22, 3, 0, tzinfo=UTC)


def person(name: str, *also: str, whole: bool = False, **contacts: str) -> Person:
    return Person("p", name, "the on-call", "UTC", contacts, also, whole=whole)


def found(text: str, *people: Person, lang: str = "en") -> list[str]:
    """Return the names in a text as it has them."""
    return [one.text for one in Names(People("people.yml", people)).found(text, lang)]


ADA = person("Ada Lindqvist", "@ada", email="ada@acme.example", phone="+46 70 123 45 67")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lindqvist pushed it.", ["Ada Lindqvist"]),
        ("ada lindqvist, ADA LINDQVIST", ["ada lindqvist", "ADA LINDQVIST"]),
        ("Ada\nLindqvist", ["Ada\nLindqvist"]),
        ("We thank Ada, and Lindqvist.", ["Ada", "Lindqvist"]),
        ("Ada's change and Ada’s fix", ["Ada", "Ada"]),
        ("**Ada**, _Ada_, __Ada__, _Ada_x, [Ada](https://x.example/)", ["Ada", "Ada", "Ada", "Ada"]),
        ("ask @ada or @ADA.", ["@ada", "@ADA"]),
        ("call +46 70 123 45 67 or ada@acme.example", ["+46 70 123 45 67", "ada@acme.example"]),
        ("Ada-led rollback", ["Ada"]),
    ],
)
def test_names_are_found(text: str, names: list[str]) -> None:
    assert found(text, ADA) == [name for name in names if name]


@pytest.mark.parametrize(
    "text",
    [
        "Adaptive, Nada, Canada, adapter", "ada is a language", "Ada_1", "Ada1", "Lindqvistska", "x@ada", "@adam",
        "@ada.lovelace", "@ada-bot", "Ada-Marie", "Marie-Ada", "Adas", "Àda", "Ada\u0301", "data@acme.example.com x",
    ],
)  # fmt: skip
def test_parts_of_words_are_none(text: str) -> None:
    assert found(text, ADA) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Zoë Núñez", "Zoe\u0308 Nu\u0301n\u0303ez saw it", ["Zoë Núñez"]),
        ("Анна Петрова", "Это сделала Анна, не Аннабель", ["Анна"]),
        ("Ελένη Παππά", "Η Ελένη το είδε", ["Ελένη"]),
        ("أحمد حسن", "قال أحمد حسن ذلك", ["أحمد حسن"]),
        ("田中 花子", "担当の田中さんが確認した", ["田中"]),
        ("김민수", "김민수가 확인했다", ["김민수"]),
        ("김민수", "새김민수", []),
        ("สมชาย ใจดี", "เมื่อวานสมชายแก้ไข", ["สมชาย"]),
        ("रवि शर्मा", "रवि ने देखा, रविवार", ["रवि"]),
        ("Tom Ito", "昨日Tomが直した", ["Tom"]),
        ("Ada O'Hara", "O’Hara saw it", ["O’Hara"]),
        ("Groß Anna", "Frau Groß", ["Groß"]),
    ],
)
def test_every_script_has_words(name: str, text: str, expected: list[str]) -> None:
    assert found(text, person(name)) == [unicodedata.normalize("NFC", one) for one in expected]


def test_a_genitive_is_a_name_where_the_language_has_it_so() -> None:
    assert found("Adas fel", ADA, lang="sv") == ["Ada"]
    assert found("Adas fel, Adast", ADA, lang="en") == []


def test_only_the_whole_name_counts_where_it_is_a_word() -> None:
    will = person("Will Field", whole=True)
    assert found("Will it work in the Field?", will) == []
    assert found("Will Field tried", will) == ["Will Field"]


def test_particles_and_initials_are_no_names() -> None:
    assert found("de la V. van B. for", person("Ana de la V. Cruz")) == []


@given(st.text(max_size=80), st.sampled_from([" ", "", "x", "é", "\u0301", "田", "\n", "-", "@"]))
def test_any_text_is_read_and_each_place_holds_the_name(text: str, glue: str) -> None:
    whole = f"{text}{glue}Ada Lindqvist"
    names = Names(People("people.yml", (ADA,)))
    rows = whole.split("\n")
    for one in names.found(whole, "en"):
        line, column = one.mark
        rest = unicodedata.normalize("NFC", "\n".join([rows[line - 1][column - 1 :], *rows[line:]]))
        assert rest.startswith(one.text)


# In files


def told(root: Path, **files: str) -> list[str]:
    site = small_site(root, **files)
    people = People("people.yml", (ADA,))
    return [str(problem) for problem in naming(site, people, default="en")]


NAMED = INCIDENT.replace("We are looking.", "We are looking.\nBoth Ada and others.")
HINT = 'say "the on-call", or accept it by `accept: [P101.p]`'


def test_every_public_file_is_looked_into_at_line_and_column(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        **{
            "content/incidents/2026-02-22-portal.md": NAMED,
            "content/incidents/2026-02-22-portal.fr.md": "---\ntitle: La faute d’Ada\n---\n",
            "content/pages/team.md": "---\ntitle: Team\n---\n\nWrite to ada@acme.example.\n",
            "content/messages/down.md": "---\nstatus: investigating\n---\n## en\n\nAda looks.\n",
        },
    ) == [
        f'content/incidents/2026-02-22-portal.fr.md:2:19: P101 "Ada" names a person; {HINT}',
        f'content/incidents/2026-02-22-portal.md:10:6: P101 "Ada" names a person; {HINT}',
        f'content/pages/team.md:5:10: P101 "ada@acme.example" names a person; {HINT}',
        f'content/messages/down.md:6:1: P101 "Ada" names a person; {HINT}',
    ]


LESSON = "---\ntitle: The cache had no bound\n---\n\n## summary\n\nAda kept it whole.\n"


def test_postmortems_are_looked_into_in_every_language(tmp_path: Path) -> None:
    path = "content/postmortems/2026-02-25-cache"
    files = {
        f"{path}.md": LESSON,
        f"{path}.fr.md": "---\ntitle: La faute d’Ada\n---\n\n## summary\n\nLe cache\nd’Ada.\n",
        f"{path}.sv.md": "---\ntitle: Minnet\nactions: [Adas cache]\n---\n\n## summary\n\nAdas fel.\n",
    }
    assert told(tmp_path / "1", **files) == [
        f'{path}.fr.md:2:19: P101 "Ada" names a person; {HINT}',
        f'{path}.fr.md:8:3: P101 "Ada" names a person; {HINT}',
        f'{path}.md:7:1: P101 "Ada" names a person; {HINT}',
        f'{path}.sv.md:3:11: P101 "Ada" names a person; {HINT}',
        f'{path}.sv.md:8:1: P101 "Ada" names a person; {HINT}',
    ]
    accepted = LESSON.replace("---\n\n", "accept: [P101.p]\n---\n\n", 1)
    assert told(tmp_path / "2", **files | {f"{path}.md": accepted}) == []


@pytest.mark.parametrize("accept", ["P101", "P101.p"])
def test_a_name_that_is_accepted_is_so_in_translations_too(tmp_path: Path, accept: str) -> None:
    files = {
        "content/incidents/2026-02-22-portal.md": NAMED.replace("---\n\n", f"accept: [{accept}]\n---\n\n", 1),
        "content/incidents/2026-02-22-portal.fr.md": "---\ntitle: La faute d’Ada\n---\n",
    }
    assert told(tmp_path, **files) == []


def test_another_person_s_acceptance_is_none_of_hers(tmp_path: Path) -> None:
    text = NAMED.replace("---\n\n", "accept: [P101.bo]\n---\n\n", 1)
    assert len(told(tmp_path, **{"content/incidents/2026-02-22-portal.md": text})) == 1


def test_check_reports_names_and_a_build_never_opens_the_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"content/incidents/2026-02-22-portal.md": NAMED, "content/internal/people.yml": PEOPLE}
    site = small_site(tmp_path, **files)
    assert cli.run(["-C", str(site), "check", "--now", "2026-02-22T03:00Z"]) == 1
    assert (
        'content/incidents/2026-02-22-portal.md:10:6: P101 "Ada" names a person; say "the platform on-call", or accept '
        "it by `accept: [P101.ada]`\n"
    ) in capsys.readouterr().out

    opened: list[str] = []
    real = __import__("os").open

    def noted(path: object, *args: object, **kwargs: object) -> int:
        opened.append(str(path))
        return int(real(path, *args, **kwargs))

    monkeypatch.setattr("os.open", noted)
    build(site, now=NOW)
    assert any("2026-02-22-portal.md" in path for path in opened)
    assert not [path for path in opened if "internal" in path]
