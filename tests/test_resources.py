"""The program finds its themes and catalogues in a checkout, and, packed into a wheel, inside the package."""

import subprocess
import sys
import zipfile
from pathlib import Path

from generator import __version__, resources


def test_in_a_checkout_they_lie_beside_the_package(root: Path) -> None:
    assert resources.themes_dir() == root / "themes"
    assert resources.locales_dir() == root / "locales"


def test_a_wheel_carries_them_and_finds_them(root: Path, tmp_path: Path) -> None:
    _run(root, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(tmp_path / f"statique-{__version__}-py3-none-any.whl") as wheel:
        wheel.extractall(installed)
    assert {path.name for path in installed.iterdir()} == {"generator", f"statique-{__version__}.dist-info"}
    found = _run(
        installed, "-c", "from generator.resources import *; print(themes_dir(), locales_dir(), sep='\\n')"
    ).splitlines()
    for folder, name in zip(found, ("themes", "locales"), strict=True):
        assert Path(folder).is_relative_to(installed)
        assert _files(Path(folder)) == _files(root / name) != set()
    # What is no module goes along too: the files of a new site, the preview's script.
    packed = {file for file in _files(installed / "generator") if not file.startswith("_data/")}
    assert packed == _files(root / "generator")


def _files(folder: Path) -> set[str]:
    """Return the files below a folder, but for what Python itself keeps there."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {file for file in found if "__pycache__" not in file}


def _run(folder: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
