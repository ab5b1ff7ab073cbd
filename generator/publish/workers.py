"""Work done by several processes, which inherit it by fork and hand back results and what they would remember.

Only where fork exists and is safe; anywhere else, and for a handful of tasks, everything happens in process.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from generator.errors import SystemFault
from generator.publish.memo import Memo

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, ForkProcess
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Lock

CHUNK = 16

T = TypeVar("T")
R = TypeVar("R")


class NotBesideError(Exception):
    """A worker met what is worth several processes, or is to be told of: the process that began does it itself."""


# A worker sends, per chunk: what it made, the number of a task that failed or None, and its new memo entries.
_Message = tuple[list[R], int | None, dict[bytes, bytes]]


def can_fork() -> bool:
    """Return whether workers may be forked: never beside threads, whose locks a fork would freeze."""
    return hasattr(os, "fork") and threading.active_count() == 1


def make_all(
    work: Callable[[T], R],
    tasks: Sequence[T],
    *,
    jobs: int,
    memo: Memo,
    chunk: int = CHUNK,
    life: int | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Generator[R, None, None]:
    """Yield what ``work`` makes of each of ``tasks``, in any order; raises the error of the first that fails.

    ``chunk`` is how many a worker takes at a time; where there are not two of them, all are made in process, after
    what this process has to do ``meanwhile``. A worker ends after ``life`` chunks and another one begins: of the memory
    that it inherited it has to copy what it touches. What would be worth workers of its own raises NotBesideError in
    one.
    """
    if jobs < 2 or len(tasks) < 2 * chunk or not can_fork():
        meanwhile()
        yield from map(work, tasks)
        return
    if beside():
        raise NotBesideError
    pool = _Pool(work, tasks, memo, chunk, life)
    try:
        pool.start(jobs)
        meanwhile()
        failed = yield from pool.results()
    finally:
        pool.end()
    if failed is not None:
        # Made once more, here: the error arrives as itself, with its trace.
        yield work(tasks[failed])
        raise SystemFault("something could not be made in parallel that can be made alone; build with one job")


def beside() -> bool:
    """Return whether this process is a worker of another one."""
    return _Pool.beside


@contextmanager
def alone() -> Iterator[None]:
    """Let no other worker into such a block meanwhile: for what takes much memory, and little of the time."""
    with _Pool.door or nullcontext():
        yield


@contextmanager
def ahead(work: Callable[[], R], *, jobs: int, memo: Memo) -> Iterator[Callable[[], R] | None]:
    """Give a function that returns what ``work`` does, which another process begins to find out now.

    None where there is to be none. What that process cannot tell is found out here, when it is asked for.
    """
    if jobs < 2 or not can_fork():
        yield None
        return
    memo.rest()
    context = _forking()
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=_tell, args=(work, sender, receiver), daemon=True)
    worker.start()
    sender.close()

    def told() -> R:
        try:
            found: R = receiver.recv()
        except (EOFError, OSError):
            return work()
        return found

    try:
        yield cache(told)
    finally:
        receiver.close()
        worker.terminate()
        worker.join()


def _forking() -> ForkContext:
    import multiprocessing  # noqa: PLC0415 hardly any command has so much to do, and it is slow to load

    return multiprocessing.get_context("fork")


def _tell(work: Callable[[], R], sender: Connection, receiver: Connection) -> None:
    _heed_no_terminal()
    receiver.close()
    # Whatever goes wrong here is met again by whoever asks.
    with suppress(Exception):
        sender.send(work())


def _heed_no_terminal() -> None:
    # The terminal sends Ctrl-C to all; the parent is the one to act on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


class _Pool(Generic[T, R]):
    """Workers over one batch of tasks, each taking the next chunk when it has done the last."""

    beside: ClassVar[bool] = False
    door: ClassVar[Lock | None] = None  # a worker's, to what one of them does at a time

    def __init__(self, work: Callable[[T], R], tasks: Sequence[T], memo: Memo, chunk: int, life: int | None) -> None:
        self._work_on = work
        self._tasks = tasks
        self._memo = memo
        self._chunk = chunk
        self._life = life
        self._context = _forking()
        self._next: Synchronized[int] = self._context.Value("q", 0)
        self._door = self._context.Lock()
        self._workers: dict[Connection, ForkProcess] = {}

    def start(self, jobs: int) -> None:
        """Fork the workers."""
        for _ in range(jobs):
            self._fork()

    def _fork(self) -> None:
        self._memo.rest()
        receiver, sender = self._context.Pipe(duplex=False)
        inherited = (receiver, *self._workers)
        worker = self._context.Process(target=self._work, args=(sender, inherited), daemon=True)
        worker.start()
        sender.close()
        self._workers[receiver] = worker

    def results(self) -> Generator[R, None, int | None]:
        """Yield what is made, and return the position of the first task that failed, or None.

        A worker that is done is not waited for: there is nothing left that it could write.
        """
        from multiprocessing.connection import wait  # noqa: PLC0415 likewise

        failures: list[int] = []
        while self._workers:
            ready = wait(list(self._workers))
            for receiver in [end for end in self._workers if end in ready]:
                message = self._receive(receiver)
                if message is None:
                    del self._workers[receiver]
                    receiver.close()
                    if self._next.value < len(self._tasks):
                        self._fork()
                    continue
                made, failed, entries = message
                self._memo.absorb(entries)
                yield from made
                if failed is not None:
                    failures.append(failed)
        return min(failures, default=None)

    def end(self) -> None:
        """Stop whoever is not done, and wait until none is left that could write."""
        for receiver, worker in self._workers.items():
            receiver.close()
            worker.terminate()
            worker.join()

    def _receive(self, receiver: Connection) -> _Message[R] | None:
        try:
            message: _Message[R] | None = receiver.recv()
        except EOFError:
            worker = self._workers[receiver]
            worker.join()
            raise SystemFault(f"a worker process ended early (exit status {worker.exitcode})") from None
        return message

    def _work(self, sender: Connection, inherited: Sequence[Connection]) -> None:
        _heed_no_terminal()
        _Pool.beside, _Pool.door = True, self._door
        self._memo.branch()
        # While a reading end stays open here, a dead parent would go unnoticed.
        for receiver in inherited:
            receiver.close()
        with suppress(BrokenPipeError):
            for start in islice(iter(self._take_chunk, None), self._life):
                sender.send(self._make_chunk(start))
            sender.send(None)

    def _take_chunk(self) -> int | None:
        with self._next.get_lock():
            start = self._next.value
            self._next.value = start + self._chunk
        return start if start < len(self._tasks) else None

    def _make_chunk(self, start: int) -> _Message[R]:
        made: list[R] = []
        failed = None
        for position in range(start, min(start + self._chunk, len(self._tasks))):
            try:
                made.append(self._work_on(self._tasks[position]))
            except Exception:  # noqa: BLE001 - the parent meets the same error again
                failed = position
                # Chunks before this one are all taken, so the first failure of all is found; later ones may rest.
                with self._next.get_lock():
                    self._next.value = len(self._tasks)
                break
        return made, failed, self._memo.harvest()
