"""What a preview shows at the moment: the last edition that could be made, and what is wrong with the files since."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from html import escape
from http import HTTPStatus
from threading import Condition
from typing import NamedTuple

import msgspec

from generator.errors import ContentError, Problem, StatiqueError
from generator.preview import Edition, Preview

HOME, LOST = "index.html", "404.html"


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, as a page shows it; ``place`` is ``path:line:column``, or nothing."""

    place: str
    code: str
    message: str
    hint: str


class Answer(NamedTuple):
    """What there is at an address: a file of the site by its name in the output, or the way ``to`` another address."""

    status: HTTPStatus
    name: str = ""
    body: bytes = b""
    to: str = ""

    @property
    def tag(self) -> str:
        """Return what differs when status or bytes differ."""
        return blake2b(self.body, digest_size=12, salt=str(self.status.value).encode()).hexdigest()


class News(NamedTuple):
    """What a page is told: that it would look different now, and the faults of the files; ``number`` grows."""

    number: int
    different: bool
    faults: tuple[Fault, ...]


class Session:
    """A preview that several threads look at: one makes new editions, others answer browsers."""

    def __init__(self, preview: Preview, clock: Callable[[], datetime]) -> None:
        self._preview, self._clock = preview, clock
        self._edition: Edition | None = None
        self._faults: tuple[Fault, ...] = ()
        self._number = 0
        self._closed = False
        self._open: Counter[str] = Counter()
        self._turn = Condition()

    @property
    def base(self) -> str:
        """Return the path that the site is published under, ``""`` while that is not known."""
        with self._turn:
            return self._edition.base if self._edition else ""

    def look(self, changed: Collection[str] | None = None) -> tuple[Problem, ...]:
        """Look at the files: take the new edition, or keep the last one and return (and show) why there is none.

        ``changed`` are the paths in the site folder that have changed since the last look, None where nobody knows.
        An edition is taken once the pages that are open in browsers, else the home page, could be made.
        """
        with self._turn, _uncollected():
            try:
                edition = self._preview.look(now=self._clock(), changed=changed)
                for path in self._open or (f"{edition.base}/",):
                    _found(edition, path)
            except ContentError as error:
                problems = tuple(problem for problem in error.problems if not problem.warning)
            except StatiqueError as error:
                problems = (Problem("", 0, 0, "", str(error)),)
            else:
                self._edition, problems = edition, ()
            self._faults = tuple(map(_fault, problems))
            self._number += 1
            self._turn.notify_all()
        return problems

    def settle(self) -> None:
        """Do what nobody has to wait for after a look."""
        with self._turn:
            self._preview.settle()

    def answer(self, path: str) -> Answer:
        """Return what GitHub Pages would answer for a path; a plain page where there is no edition to answer from."""
        with self._turn:
            if self._edition is None:
                return Answer(HTTPStatus.SERVICE_UNAVAILABLE, HOME, _empty("This site cannot be shown yet."))
            try:
                return _found(self._edition, path)
            except StatiqueError as error:
                return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, HOME, _empty(str(error)))

    def news(self, path: str, tag: str, after: int, *, patience: float) -> News | None:
        """Return what a page at ``path`` that was answered with ``tag`` has to know, once it is newer than ``after``.

        None when there was nothing new for ``patience`` seconds, or the session has ended.
        """
        with self._turn:
            self._turn.wait_for(lambda: self._closed or self._number > after, patience)
            if self._closed or self._number <= after:
                return None
            return News(self._number, self.answer(path).tag != tag, self._faults)

    @contextmanager
    def opened(self, path: str) -> Iterator[None]:
        """Count a page as open while the block runs."""
        with self._turn:
            self._open[path] += 1
        try:
            yield
        finally:
            with self._turn:
                self._open[path] -= 1
                self._open += Counter()

    @property
    def closed(self) -> bool:
        """Return whether the session has ended."""
        return self._closed

    def close(self) -> None:
        """End what waits for news."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()


def _found(edition: Edition, path: str) -> Answer:
    base = edition.base
    if path == base or (base and path == "/"):
        return Answer(HTTPStatus.MOVED_PERMANENTLY, to=f"{base}/")
    name = path[len(base) + 1 :]
    if path.startswith(f"{base}/") and _is_plain(name):
        file = f"{name}index.html" if name == "" or name.endswith("/") else name
        body = edition.file(file)
        if body is not None:
            return Answer(HTTPStatus.OK, file, body)
        page = edition.file(f"{name}.html") if file == name else None
        if page is not None:
            return Answer(HTTPStatus.OK, f"{name}.html", page)
        if file == name and edition.holds(f"{name}/index.html"):
            return Answer(HTTPStatus.MOVED_PERMANENTLY, to=f"{path}/")
    return Answer(HTTPStatus.NOT_FOUND, LOST, edition.file(LOST) or b"not found\n")


def _is_plain(name: str) -> bool:
    """Return whether a browser may ask for a file of this name: hidden ones are the host's, not the readers'."""
    return "\\" not in name and "\0" not in name and not any(part.startswith(".") for part in name.split("/"))


def _fault(problem: Problem) -> Fault:
    place = f"{problem.path}:{problem.line}:{problem.column}" if problem.path else ""
    return Fault(place, problem.code, problem.message, problem.hint)


def _empty(text: str) -> bytes:
    told = escape(text)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{told}</title></head><p>{told}'.encode()
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of garbage away while somebody waits: a large site is a million objects to walk."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
