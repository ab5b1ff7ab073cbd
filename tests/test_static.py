"""What tools can tell about the code without running it, and about the catalogues without showing them."""

import subprocess
import sys
from pathlib import Path

import pytest

import dev

CODE = ("generator", "tests", "bench", "dev.py")


@pytest.mark.parametrize("command", [("check",), ("format", "--check", "--diff")], ids=["lint", "format"])
def test_ruff_has_nothing_to_say(root: Path, command: tuple[str, ...]) -> None:
    _passes(root, "ruff", *command, "--quiet", *CODE)


def test_the_types_are_right(root: Path) -> None:
    _passes(root, "mypy", "--no-error-summary", *CODE)


def test_the_catalogues_hold_what_the_pages_say(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "python", lambda: Path(sys.executable))
    fresh = tmp_path / "locales"
    dev.extract(root / "locales", fresh)
    assert _texts(root / "locales") == _texts(fresh), "run `python3 dev.py catalogues`, and translate what is new"


def _texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.po*")}


def _passes(root: Path, *command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
