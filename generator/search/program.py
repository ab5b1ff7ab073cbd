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
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Timer
from typing import IO, NamedTuple

import msgspec

from generator.errors import StatiqueError
from generator.publish.workers import alone

PATIENCE = 600.0
"""Seconds after which an index is not waited for any more: a hundred times what the largest takes."""

LARGE = 800
"""After so many requests an index is large: for its files the program takes four times what it took for these."""

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
    with _faults():
        return {file.path: file.content for file in _understood(_files_of(documents)).files}


def _files_of(documents: Iterable[Document]) -> bytes:
    """Return what the program answers that is asked for the files of an index."""
    with ExitStack() as room, _talk() as talk:
        talk.ask(type="NewIndex", config={})
        for one in documents:
            talk.ask(type="AddFile", index_id=0, url=one.url, file_contents=one.html, file_path=None)
        if talk.asked > LARGE:
            room.enter_context(alone())
        return talk.told(type="GetFiles", index_id=0)


class _File(msgspec.Struct, frozen=True):
    path: str
    content: bytes


class _Said(msgspec.Struct, frozen=True):
    type: str
    message: object = None
    files: tuple[_File, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    payload: _Said


def _understood(answer: bytes) -> _Said:
    said = msgspec.json.decode(b64decode(answer[:-1]), type=_Answer).payload
    if said.type == "Error":
        raise ValueError(str(said.message))
    return said


class _Talk:
    """Requests and their answers, each as JSON in base64 before a comma."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests, self._answers = requests, answers
        self.asked = 0

    def ask(self, **payload: object) -> None:
        """Make one request, and read that it was granted."""
        _understood(self.told(**payload))

    def told(self, **payload: object) -> bytes:
        """Return the answer to one request, unread."""
        self.asked += 1
        request = json.dumps({"message_id": self.asked, "payload": payload}).encode()
        self._requests.write(b64encode(request) + b",")
        self._requests.flush()
        found = bytearray()
        while part := os.read(self._answers.fileno(), _MOST):
            found += part
            if found.endswith(b","):
                return bytes(found)
        raise EOFError("it ended before it answered")


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
        raise NoIndex(f"Pagefind {edition()} made no search index: {error}") from error


@contextmanager
def _talk() -> Iterator[_Talk]:
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
        if process.stdin and process.stdout:
            yield _Talk(process.stdin, process.stdout)
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
