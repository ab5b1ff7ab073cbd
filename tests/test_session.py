"""The terminal session of the documents, run again: the same commands at the same times print the same lines."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from tests.cases import RENEW

SESSION = Path(__file__).parent.parent / "docs" / "session.md"
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^(\d\d:\d\d) \$ (.+)\n", re.MULTILINE)
DAY = "2026-11-21"

# How many files a site has and how long a build takes is not what the session is about.
BUILT = re.compile(r"\d+ files? written, \d+ unchanged, \d+ removed; \d+ rendered, in [\d.]+ s")
# A step of a build that takes longer than a second is told, and which ones do is the machine's affair.
SLOW = re.compile(r"^\w+ …\n", re.MULTILINE)


def steps(block: str) -> Iterator[tuple[str, str, str]]:
    """Yield time, command and output of each step."""
    parts = PROMPT.split(block)
    assert not parts[0], "a block begins with a prompt, `02:51 $ `"
    yield from zip(parts[1::3], parts[2::3], parts[3::3], strict=True)


def environment(home: Path, time: str) -> Mapping[str, str]:
    """Return the environment of a shell at a time of the day, that knows nothing of whose machine this is."""
    moment = datetime.fromisoformat(f"{DAY}T{time}:30+00:00")
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Responder",
        "GIT_AUTHOR_EMAIL": "responder@acme.example",
        "GIT_COMMITTER_NAME": "Responder",
        "GIT_COMMITTER_EMAIL": "responder@acme.example",
        "SOURCE_DATE_EPOCH": str(int(moment.timestamp())),
    }


class Shell:
    """Runs one command after another, each at its time, in the folder that the last `cd` led to."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home

    def run(self, time: str, command: str) -> str:
        """Return what a command prints, on both channels in their order."""
        if command.startswith("cd "):
            self.folder = self.folder / shlex.split(command)[1]
            return ""
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=environment(self.home, time), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout.decode()}"
        return SLOW.sub("", done.stdout.decode())


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, str, str, str]]]:
    """Run the whole session; give its folder and for each step time, command, output then and output now."""
    home = tmp_path_factory.mktemp("home")
    shell = Shell(home)
    text = SESSION.read_text(encoding="utf-8")
    asked = [step for block in BLOCK.findall(text) for step in steps(block)]
    done = [(time, command, told, shell.run(time, command)) for time, command, told in asked]
    if os.environ.get(RENEW):
        fresh = iter(done)
        blocks = iter(["".join(_printed(next(fresh)) for _ in steps(block)) for block in BLOCK.findall(text)])
        SESSION.write_text(BLOCK.sub(lambda _: next(blocks), text), encoding="utf-8")
    return shell.folder, done


def _printed(step: tuple[str, str, str, str]) -> str:
    time, command, _, now = step
    return f"{time} $ {command}\n{now}"


def test_every_command_prints_what_the_document_says(
    replayed: tuple[Path, list[tuple[str, str, str, str]]],
) -> None:
    for time, command, told, now in replayed[1]:
        assert BUILT.sub("…", now) == BUILT.sub("…", told), f"{time} $ {command}: renew with STATIQUE_RENEW=1"


def test_the_session_is_whole(replayed: tuple[Path, list[tuple[str, str, str, str]]]) -> None:
    commands = [command for _, command, _, _ in replayed[1]]
    words = [shlex.split(command)[:2] for command in commands]
    for name in ("init", "new", "update", "check", "build"):
        assert ["statique", name] in words
    assert not [command for command in commands if re.match(r"(vi|nano|ed|sed|cat >|echo .*>)", command)]


def test_at_its_end_all_is_well_in_four_languages(
    replayed: tuple[Path, list[tuple[str, str, str, str]]],
) -> None:
    out = replayed[0] / "output" / "public"
    (page,) = (out / "incidents").glob(f"{DAY}-*/index.html")
    pages = {lang: (out / lang / page.relative_to(out)).read_text("utf-8") for lang in ("fr", "es", "sv")}
    pages["en"] = page.read_text("utf-8")
    for lang, text in pages.items():
        assert f'<html lang="{lang}"' in text
        others = set(re.findall(r'<(?:p|div|h1|h2|section|article)[^>]* lang="(\w+)"', text)) - {lang}
        assert not others, f"{lang}: a text is not translated"
