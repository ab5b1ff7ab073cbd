"""Asking a pure function of immutable values again: computed afresh, or recalled while one process watches one site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Protocol, TypeVar, TypeVarTuple

K = TypeVar("K")
R = TypeVar("R")
S = TypeVar("S")
V = TypeVar("V")
Ts = TypeVarTuple("Ts")

_VALUES = frozenset({str, bytes, int, date, datetime})


class Recall(Protocol):
    """A way to call a function; functions that are called so get immutable values, and only by position."""

    def __call__(self, function: Callable[[*Ts], R], /, *arguments: *Ts) -> R: ...


def afresh(function: Callable[[*Ts], R], /, *arguments: *Ts) -> R:
    """Return what the function returns."""
    return function(*arguments)


SPARE = 1000
"""So many results more than half of the older ones may be new before it is worth a look which are out of use."""


class Recollection:
    """A Recall that remembers what is in use.

    Texts, numbers and times are compared, all other arguments known by their identity: what is made of the very same
    values is the very same value, so that one unchanged file leaves all unchanged that was made of it alone. Not for
    several threads at a time.
    """

    def __init__(self) -> None:
        self._recent: dict[object, tuple[Any, tuple[object, ...]]] = {}
        self._former: dict[object, tuple[Any, tuple[object, ...]]] = {}
        self._fresh = 0

    def __call__(self, function: Callable[[*Ts], R], /, *arguments: *Ts) -> R:
        """Return what the function returned for the same arguments, else call it."""
        key = (function, *[one if type(one) in _VALUES else id(one) for one in arguments])
        found = self._recent.get(key)
        if found is None:
            # The arguments are kept with the result: while they live, nothing else has their identities.
            found = self._former.get(key)
            if found is None:
                found = (function(*arguments), arguments)
                self._fresh += 1
            self._recent[key] = found
        result: R = found[0]
        return result

    def turn(self) -> None:
        """Forget, where much is new, what nobody has asked for since it was so the last time.

        What other results were made of is not asked for while those stand, and is wanted when one of them falls.
        """
        if self._fresh > len(self._former) // 2 + SPARE:
            self._former, self._recent, self._fresh = self._recent, {}, 0

    def forget(self) -> None:
        """Forget everything: what functions were called with may hold this, so that neither would go by itself."""
        self._recent, self._former, self._fresh = {}, {}, 0


def each_once(*, most: int | None = None) -> Callable[[Callable[[S, K], V]], Callable[[S, K], V]]:
    """Return a way to make a method of one value one that is called once for each; of ``most`` of them it is known.

    The object keeps what was found, and nothing that was found the object: the two go together.
    """

    def kept(method: Callable[[S, K], V]) -> Callable[[S, K], V]:
        place = f"_found by {method.__name__}"

        @wraps(method)
        def asked(owner: S, one: K) -> V:
            known: dict[int, tuple[K, V]] = owner.__dict__.setdefault(place, {})
            found = known.get(id(one))
            if found is None:
                if len(known) == most:
                    known.clear()
                # The value is kept with the result: while it lives, no other has its identity.
                found = known[id(one)] = (one, method(owner, one))
            return found[1]

        return asked

    return kept
