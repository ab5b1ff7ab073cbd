"""The development script: when it installs, what it says, and catalogues that depend on texts alone."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dev


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that stands for the repository, with nothing installed."""
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "STAMP": tmp_path / ".venv/installed.json",
        "BIN": tmp_path / ".venv/bin",
    }.items():
        monkeypatch.setattr(dev, name, value)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


@pytest.fixture
def babel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Babel be the one beside these tests."""
    monkeypatch.setattr(dev, "python", lambda: Path(sys.executable))


@pytest.fixture
def done(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is done to the venv from now on, which here is only noted."""
    log: list[str] = []

    def create() -> None:
        log.append("create")
        (place / ".venv/bin").mkdir(parents=True, exist_ok=True)
        dev.STAMP.unlink(missing_ok=True)
        dev.python().touch()

    monkeypatch.setattr(dev, "create", create)
    monkeypatch.setattr(dev, "install", lambda extra: log.append(f"install[{extra}]"))
    return log


def test_the_first_run_installs_and_the_second_does_nothing(done: list[str]) -> None:
    dev.ready()
    dev.ready()
    assert done == ["create", "install[]"]


def test_what_the_tests_need_comes_with_the_tests(done: list[str]) -> None:
    dev.ready()
    dev.ready("test")
    dev.ready()
    assert done == ["create", "install[]", "install[test]"]


def test_the_tests_need_includes_the_program(done: list[str]) -> None:
    dev.ready("test")
    dev.ready()
    assert done == ["create", "install[test]"]


def _other_dependencies(place: Path) -> None:
    (place / "pyproject.toml").write_text("[project]\nname = 'other'\n")


def _moved(place: Path) -> None:
    dev.write_stamp({**dev.read_stamp(), "place": str(place / "where-it-was")})


def _other_python(place: Path) -> None:
    dev.write_stamp({**dev.read_stamp(), "python": "3.10"})


def _no_interpreter(place: Path) -> None:
    dev.python().unlink()


def _interrupted(place: Path) -> None:
    dev.STAMP.write_text('{"place":')


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_other_dependencies, ["install[]"]),
        (_moved, ["create", "install[]"]),
        (_other_python, ["create", "install[]"]),
        (_no_interpreter, ["create", "install[]"]),
        (_interrupted, ["create", "install[]"]),
    ],
)
def test_it_installs_again_when_there_is_a_reason(
    place: Path, done: list[str], change: Callable[[Path], None], expected: list[str]
) -> None:
    dev.ready()
    done.clear()
    change(place)
    dev.ready()
    assert done == expected


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["catalogues", "../sv"], 3, "not a language: ../sv"),
        (["dance"], 2, "invalid choice: 'dance'"),
        ([], 2, "required"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(
    done: list[str], capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    try:
        answer: object = dev.main(arguments)
    except SystemExit as leaving:
        answer = leaving.code
    assert answer == status
    assert said in capsys.readouterr().err


def test_without_ensurepip_the_command_to_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "privilege", lambda: None)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(dev.Refusal, match=r"sudo sh -c 'apt-get update && apt-get install -y python3\.\d+-venv'"):
        dev.install_ensurepip()


@pytest.mark.usefixtures("babel")
def test_a_catalogue_keeps_translations_and_forgets_dates(tmp_path: Path) -> None:
    template, old, new = tmp_path / "messages.pot", tmp_path / "old.po", tmp_path / "new/messages.po"
    template.write_text('#: pages.html\nmsgid "Open"\nmsgstr ""\n\nmsgid "Opens"\nmsgstr ""\n')
    old.write_text(
        'msgid ""\nmsgstr ""\n"PO-Revision-Date: 2020-01-01 00:00+0000\\n"\n\nmsgid "Open"\nmsgstr "Öppet"\n',
        encoding="utf-8",
    )
    dev.bring_up_to_date(template, old, new, "sv")
    assert new.read_text(encoding="utf-8") == (
        "# The texts of the pages in sv.\n"
        'msgid ""\n'
        'msgstr ""\n'
        '"Language: sv\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        "\n"
        "#: pages.html\n"
        'msgid "Open"\n'
        'msgstr "Öppet"\n'
        "\n"
        'msgid "Opens"\n'
        'msgstr ""\n'
    )


@pytest.mark.usefixtures("babel")
def test_a_new_catalogue_has_the_same_form(tmp_path: Path) -> None:
    template, new = tmp_path / "messages.pot", tmp_path / "new/messages.po"
    template.write_text('msgid "Open"\nmsgstr ""\n')
    dev.bring_up_to_date(template, tmp_path / "none.po", new, "sv")
    begun = new.read_text()
    again = tmp_path / "again/messages.po"
    dev.bring_up_to_date(template, new, again, "sv")
    assert again.read_text() == begun
    assert 'msgid "Open"\nmsgstr ""\n' in begun
