"""Pagefind, the program that makes the search index, spoken to in the form of its own libraries.

Those libraries wait a tenth of a second for each document, and the program itself takes files in whatever order the
system lists them: so the documents are handed over here, one after the other, in an order that is always the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Timer
from typing import IO, Any, NamedTuple

from generator.errors import StatiqueError

PATIENCE = 600.0
"""Seconds after which an index is not waited for any more: a hundred times what the largest takes."""

_MOST = 1 << 20


class NoIndex(StatiqueError):
    """There is no search index, and why: the site is whole without it."""


class Document(NamedTuple):
    """A page as the index knows it: its address below the site's root, and its words as HTML."""

    url: str
    html: str


def edition() -> str:
    """Return the version of the program, nothing where it is not installed."""
    try:
        return version("pagefind-bin")
    except PackageNotFoundError:
        return ""


def indexed(documents: Iterable[Document]) -> dict[str, bytes]:
    """Return the files of an index of ``documents``, by path; raise NoIndex where the program cannot make them."""
    with _talk() as talk:
        talk.ask(type="NewIndex", config={})
        for one in documents:
            talk.ask(type="AddFile", index_id=0, url=one.url, file_contents=one.html, file_path=None)
        files = talk.ask(type="GetFiles", index_id=0)["files"]
        return {file["path"]: b64decode(file["content"]) for file in files}


class _Talk:
    """Requests and their answers, each as JSON in base64 before a comma."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests, self._answers = requests, answers
        self._asked = 0

    def ask(self, **payload: object) -> Mapping[str, Any]:
        """Return the answer to one request."""
        self._asked += 1
        request = json.dumps({"message_id": self._asked, "payload": payload}).encode()
        self._requests.write(b64encode(request) + b",")
        self._requests.flush()
        answer: dict[str, Any] = json.loads(b64decode(b"".join(self._answer())))["payload"]
        if answer["type"] == "Error":
            raise ValueError(str(answer.get("message")))
        return answer

    def _answer(self) -> Iterator[bytes]:
        while part := os.read(self._answers.fileno(), _MOST):
            if part.endswith(b","):
                yield part[:-1]
                return
            yield part
        raise EOFError("it ended before it answered")


@contextmanager
def _talk() -> Iterator[_Talk]:
    try:
        with _running() as process:
            if process.stdin and process.stdout:
                yield _Talk(process.stdin, process.stdout)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise NoIndex(f"Pagefind {edition()} made no search index: {error}") from error


@contextmanager
def _running() -> Iterator[subprocess.Popen[bytes]]:
    """Give the program at work; it is ended on the way out, and when it takes far too long."""
    program = _program()
    # It would take settings from variables of its own, and from a file in the folder it runs in.
    free = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND")}
    pipe, away = subprocess.PIPE, subprocess.DEVNULL
    process = subprocess.Popen(
        [program, "--service"], stdin=pipe, stdout=pipe, stderr=away, cwd=program.parent, env=free
    )
    watch = Timer(PATIENCE, process.kill)
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        watch.join()
        process.kill()
        process.communicate()


def _program() -> Path:
    try:
        # Its wheels are not made for every system.
        from pagefind_bin import get_executable  # noqa: PLC0415 missing where there is no wheel of it
    except ImportError:
        raise NoIndex(f"Pagefind is not installed on this system ({sys.platform}): no search index is made") from None
    return Path(get_executable())
