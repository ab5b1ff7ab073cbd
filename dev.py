#!/usr/bin/env python3
"""Work on statique from a fresh clone, with nothing but Python and git: ``python3 dev.py demo`` or ``test``.

Everything is installed into ``.venv`` beside this file, and installed again only when there is a reason.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
LOCALES = ROOT / "locales"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
OLDEST = (3, 11)


class Refusal(Exception):
    """Something outside this script stands in the way; the message says what to do."""


# --- the virtual environment


def ready(extra: str = "") -> None:
    """Make ``.venv`` hold the program, with the dependencies of ``extra``; do nothing where it already does."""
    stamp, wanted = read_stamp(), identity()
    if not usable(stamp, wanted):
        create()
        stamp = wanted
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.get(f"[{extra}]") != digest:
        install(extra)
        write_stamp({**stamp, "[]": digest, f"[{extra}]": digest})


def identity() -> Mapping[str, str]:
    """Return what a venv depends on and cannot be moved from: this folder, and the version of Python."""
    return {"place": str(ROOT), "python": ".".join(map(str, sys.version_info[:2]))}


def usable(stamp: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Tell whether the venv was made for this place and Python, and its interpreter is still there."""
    return all(stamp.get(key) == value for key, value in wanted.items()) and python().exists()


def read_stamp() -> Mapping[str, str]:
    """Return what the last run wrote: ``identity``, and a hash of ``pyproject.toml`` for each ``[extra]`` installed.

    It is empty for a venv that was never finished.
    """
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_stamp(stamp: Mapping[str, str]) -> None:
    """Remember what is installed."""
    STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def create() -> None:
    """Make ``.venv`` afresh, with the interpreter that runs this script or the one it was derived from."""
    if importlib.util.find_spec("ensurepip") is None:
        install_ensurepip()
    say(f"making {VENV.name} with Python {'.'.join(map(str, sys.version_info[:3]))}")
    base = getattr(sys, "_base_executable", None) or sys.executable
    quietly([base, "-m", "venv", "--clear", str(VENV)], failed="the virtual environment could not be made")


def install(extra: str) -> None:
    """Install the program in editable form, with the dependencies of ``extra``."""
    say("installing what the tests need" if extra else "installing statique and what it needs")
    what = f"{ROOT}[{extra}]" if extra else str(ROOT)
    quietly(
        [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-e", what],
        failed="the installation failed (is the network reachable?)",
    )


def install_ensurepip() -> None:
    """Install what Debian and Ubuntu split off from Python, where we may; else refuse with the command to run."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    command = f"apt-get update && apt-get install -y {package}"
    if shutil.which("apt-get") is None:
        raise Refusal("this Python has no ensurepip module, so no virtual environment can be made: install its package")
    prefix = privilege()
    if prefix is None:
        raise Refusal(f"Python's venv package is missing. Run this, then try again:\n\n    sudo sh -c '{command}'\n")
    say(f"this system's Python lacks {package}: installing it with apt-get")
    quietly(
        [*prefix, "sh", "-c", f"export DEBIAN_FRONTEND=noninteractive; {command}"],
        failed=f"{package} could not be installed",
    )
    importlib.invalidate_caches()


def privilege() -> list[str] | None:
    """Return what makes a command run as root without a question: nothing, ``sudo -n``, or None if nothing does."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def python() -> Path:
    """Return the venv's interpreter."""
    return BIN / ("python.exe" if os.name == "nt" else "python")


# --- commands


def demo(arguments: Sequence[str]) -> NoReturn:
    """Build the demonstration site, show it, and rebuild it when a file changes."""
    ready()
    become([str(BIN / "statique"), "-C", str(ROOT), "serve", *arguments])


def test(arguments: Sequence[str]) -> NoReturn:
    """Run every check there is, as one run of pytest; arguments are pytest's."""
    ready("test")
    become([str(python()), "-m", "pytest", *(arguments or ("-n", "auto"))])


def bench(arguments: Sequence[str]) -> NoReturn:
    """Measure builds of a synthetic site; arguments are those of ``bench/run.py``."""
    ready("bench")
    become([str(python()), "-m", "bench.run", *arguments])


def sheet(arguments: Sequence[str]) -> NoReturn:
    """Take screenshots of every kind of page and lay them out to be looked at; arguments are ``look/sheet.py``'s."""
    ready("test")
    become([str(python()), "-m", "look.sheet", *arguments])


def catalogues(arguments: Sequence[str]) -> None:
    """Bring the catalogues up to date with templates and code; arguments are languages to begin."""
    ready()
    wrong = [language for language in arguments if not re.fullmatch(r"[a-z]{2,3}(_[A-Za-z]{2,4})*", language)]
    if wrong:
        raise Refusal(f"not a language: {wrong[0]} (write it as in `sv` or `pt_BR`)")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "locales"
        extract(LOCALES, fresh, arguments)
        for catalogue in sorted(fresh.rglob("*.po*")):
            replace(LOCALES / catalogue.relative_to(fresh), catalogue.read_bytes())


def extract(present: Path, fresh: Path, languages: Sequence[str] = ()) -> None:
    """Write into ``fresh`` the template, and every catalogue of ``present`` (and ``languages``) brought up to date."""
    template = fresh / "messages.pot"
    fresh.mkdir()
    pybabel(
        *("extract", "--mapping-file", "babel.cfg", "--omit-header", "--sort-output", "--no-wrap"),
        *("--add-location", "file", "--add-comments", "TRANSLATORS:", "--strip-comment-tags"),
        *("--output-file", str(template), "."),
    )
    found = {path.parts[-3] for path in present.glob("*/LC_MESSAGES/messages.po")}
    for language in sorted(found | set(languages)):
        catalogue = Path(language, "LC_MESSAGES", "messages.po")
        bring_up_to_date(template, present / catalogue, fresh / catalogue, language)


def bring_up_to_date(template: Path, old: Path, new: Path, language: str) -> None:
    """Write to ``new`` what ``template`` asks for, with the translations of ``old``, in a form that has no dates."""
    new.parent.mkdir(parents=True)
    options = ["-i", str(template), "-o", str(new), "-l", language, "--no-wrap"]
    if old.exists():
        shutil.copyfile(old, new)
        # No guesses: a text that was translated for another sentence must never be shown.
        pybabel("update", *options, "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date")
    else:
        pybabel("init", *options)
    new.write_text(undated(new.read_text(encoding="utf-8"), language), encoding="utf-8", newline="\n")


def undated(catalogue: str, language: str) -> str:
    """Return the catalogue with a header of only what gettext needs, so that the same texts give the same bytes."""
    kept = ("Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms")
    _, _, rest = catalogue.partition('msgid ""\nmsgstr ""\n')
    fields, _, entries = rest.partition("\n\n")
    lines = [line for line in fields.splitlines() if line.startswith(tuple(f'"{name}:' for name in kept))]
    head = [f"# The texts of the pages in {language}.", 'msgid ""', 'msgstr ""', *lines]
    return "\n".join(head) + "\n\n" + entries.rstrip("\n") + "\n"


def pybabel(*arguments: str) -> None:
    """Run Babel's program in the root of the repository."""
    quietly([str(python()), "-m", "babel.messages.frontend", *arguments], failed="Babel refused")


def replace(path: Path, content: bytes) -> None:
    """Write ``content`` unless it is already there, and say so."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    say(f"wrote {path.relative_to(ROOT)}")


COMMANDS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "demo": demo,
    "test": test,
    "catalogues": catalogues,
    "bench": bench,
    "sheet": sheet,
}


# --- running programs, and speaking


def quietly(command: Sequence[str], *, failed: str) -> None:
    """Run a program and show nothing of it, or all that it said if it fails."""
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip()
        raise Refusal(f"{failed}:\n\n{said}\n\n    {' '.join(command)}")


def become(command: list[str]) -> NoReturn:
    """Go on as another program, so that its exit status and a Ctrl-C are its own."""
    os.chdir(ROOT)
    sys.stdout.flush()
    if os.name == "nt":
        raise SystemExit(subprocess.call(command))
    os.execv(command[0], command)  # noqa: S606 a list, no shell, and the program is the venv's


def say(text: str) -> None:
    """Print a line about what is being done, apart from the output of the programs that are run."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0], epilog=commands_described())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="the command's own")
    asked = parser.parse_args(arguments)
    try:
        refuse_old_python()
        COMMANDS[asked.command](asked.arguments)
    except Refusal as refusal:
        say(str(refusal))
        return 3
    except KeyboardInterrupt:
        return 130
    return 0


def refuse_old_python() -> None:
    """Refuse a Python that the program does not run under; this script is written so that older ones can say so."""
    if sys.version_info < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise Refusal(
            f"Python {oldest} or newer is needed, and this is {sys.version.split()[0]}; "
            f"with python{oldest} installed, run: python{oldest} dev.py {' '.join(sys.argv[1:])}"
        )


def commands_described() -> str:
    """Return one line for each command."""
    return "\n".join(f"  {name:12}{(command.__doc__ or '').splitlines()[0]}" for name, command in COMMANDS.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
