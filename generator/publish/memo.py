"""Results of pure functions, kept between runs by the hash of function and argument.

Nothing but time depends on it: a memo that is lost, damaged, locked or of another version remembers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, overload

import msgspec

from generator.publish.store import Store, Stored

A = TypeVar("A")
R = TypeVar("R")

Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]

# Results wait in memory for one transaction; a first build of a large site writes several.
PENDING_LIMIT = 8 << 20

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


class Memo:
    """What earlier runs computed; use as a context manager, which saves on the way out."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._results: dict[bytes, bytes] = {}
        self._inherited: Mapping[bytes, bytes] = {}
        self._notes: dict[bytes, bytes] = {}
        self._pending = 0

    @classmethod
    def at(cls, path: Path) -> Memo:
        """Return the memo in the file ``path``, which need not exist."""
        return cls(Store(path))

    @classmethod
    def none(cls) -> Memo:
        """Return a memo that remembers for as long as it lives."""
        return cls(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What was computed before a failure is as true as ever.
        self.save()
        self.rest()

    @overload
    def remembered(self, kind: str, function: Callable[[A], str], *, fingerprint: bytes) -> Remembered[A, str]: ...
    @overload
    def remembered(
        self, kind: str, function: Callable[[A], R], *, fingerprint: bytes, returns: type[R]
    ) -> Remembered[A, R]: ...
    def remembered(
        self, kind: str, function: Callable[[A], Any], *, fingerprint: bytes, returns: Any = str
    ) -> Remembered[A, Any]:
        """Return ``function`` as one that looks up before it computes.

        The function must be pure, its argument one that msgspec encodes, its result of the type ``returns``,
        which msgspec decodes. ``fingerprint`` stands for all else that decides the result: the versions of
        the code and of the libraries behind it. An error that the function raises passes and is not kept.
        """
        return Remembered(self, kind, function, fingerprint=fingerprint, returns=returns)

    def kept(self, kind: str, *, fingerprint: bytes, returns: type[R]) -> Kept[Any, R]:
        """Return a place for results that somebody makes, by what they were made from; see ``remembered``."""
        return Kept(self, kind, fingerprint=fingerprint, returns=returns)

    def get_many(self, keys: Iterable[bytes]) -> dict[bytes, Stored]:
        """Return the values of those ``keys`` that have one."""
        found: dict[bytes, Stored] = {}
        missing: list[bytes] = []
        for key in keys:
            if (value := self._results.get(key) or self._inherited.get(key)) is None:
                missing.append(key)
            else:
                found[key] = value
        if missing and self._store:
            found.update(self._store.fetch(missing))
        return found

    def put(self, key: bytes, value: bytes) -> None:
        """Keep ``value`` under ``key``."""
        self._results[key] = value
        self._pending += len(value)
        if self._pending > PENDING_LIMIT:
            self.save()
            self._results.clear()
            self._pending = 0

    def note(self, name: str, kind: type[R]) -> R | None:
        """Return what was noted last under ``name``, None where there is nothing of the type ``kind``."""
        key = _note_key(name)
        stored = self._notes.get(key) or (self._store and self._store.note(key))
        try:
            return msgspec.msgpack.decode(stored, type=kind) if stored else None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None

    def keep_note(self, name: str, value: object) -> None:
        """Keep ``value`` in place of what was noted under ``name``."""
        self._notes[_note_key(name)] = _ENCODER.encode(value)

    def save(self) -> None:
        """Write what is new to the file, where there is one."""
        if self._store:
            self._store.save(self._results, self._notes)
            self._results.clear()
            self._notes.clear()
            self._pending = 0

    def rest(self) -> None:
        """Close the file; the next look-up opens it again. No open file may be carried into a forked process."""
        if self._store:
            self._store.close()

    def branch(self) -> None:
        """Begin the life of this memo in a forked process: it knows what its parent knew, and none of it is new."""
        self._inherited, self._results = {**self._inherited, **self._results}, {}

    def harvest(self) -> dict[bytes, bytes]:
        """Return and forget the new results: what a forked process hands to its parent."""
        results, self._results = self._results, {}
        self._pending = 0
        if self._store:
            self._store.pause()
        return results

    def absorb(self, results: Mapping[bytes, bytes]) -> None:
        """Keep the ``results`` that a forked process harvested."""
        for key, value in results.items():
            self.put(key, value)


class Kept(Generic[A, R]):
    """Results by what they were made from; ``salt`` stands for how."""

    def __init__(self, memo: Memo, kind: str, *, fingerprint: bytes, returns: type[R]) -> None:
        self._memo = memo
        self._decoder = msgspec.msgpack.Decoder(returns)
        self.salt = blake2b(_ENCODER.encode((kind, fingerprint)), digest_size=32).digest()

    def known(self, keys: Iterable[bytes]) -> dict[bytes, R]:
        """Return the results that are remembered under ``keys``."""
        found: dict[bytes, R] = {}
        for key, encoded in self._memo.get_many(keys).items():
            with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                found[key] = self._decoder.decode(encoded)
        return found

    def keep(self, key: bytes, result: R) -> R:
        """Remember ``result`` under ``key``, where somebody else made it; return it as those see it who ask later."""
        encoded = _ENCODER.encode(result)
        self._memo.put(key, encoded)
        return self._decoder.decode(encoded)

    def key(self, argument: A) -> bytes:
        """Return the key under which the result for ``argument`` is remembered."""
        # Whoever else encodes a text leaves it with twice its size, for as long as it lives.
        encoded = argument.encode(errors="surrogatepass") if isinstance(argument, str) else _ENCODER.encode(argument)
        return blake2b(encoded, digest_size=16, key=self.salt).digest()


class Remembered(Kept[A, R]):
    """A pure function of one argument that looks up before it computes; ``salt`` stands for the function."""

    def __init__(
        self, memo: Memo, kind: str, function: Callable[[A], R], *, fingerprint: bytes, returns: type[R]
    ) -> None:
        super().__init__(memo, kind, fingerprint=fingerprint, returns=returns)
        self._function = function

    def __call__(self, argument: A) -> R:
        """Return the function's result for ``argument``."""
        key = self.key(argument)
        return self._result(key, argument, self._memo.get_many((key,)))

    def many(self, arguments: Iterable[A], spread: Spread = map) -> list[R]:
        """Return the results for all ``arguments``, in their order, with few look-ups.

        ``spread`` applies a function to what is not known yet, in any order, perhaps in several processes.
        """
        keyed = [(self.key(argument), argument) for argument in arguments]
        known = self._memo.get_many(key for key, _ in keyed)
        for key, encoded in spread(
            self._computed, [(key, one) for key, one in dict(keyed).items() if key not in known]
        ):
            self._memo.put(key, encoded)
            known[key] = encoded
        return [self._result(key, argument, known) for key, argument in keyed]

    def _computed(self, keyed: tuple[bytes, A]) -> tuple[bytes, bytes]:
        key, argument = keyed
        return key, _ENCODER.encode(self._function(argument))

    def _result(self, key: bytes, argument: A, stored: Mapping[bytes, Stored]) -> R:
        if key in stored:
            try:
                return self._decoder.decode(stored[key])
            except (msgspec.MsgspecError, UnicodeDecodeError):
                pass
        _, encoded = self._computed((key, argument))
        self._memo.put(key, encoded)
        # Decoded, so that the first run sees exactly what later ones see.
        return self._decoder.decode(encoded)


def _note_key(name: str) -> bytes:
    return blake2b(name.encode(errors="surrogateescape"), digest_size=16).digest()
