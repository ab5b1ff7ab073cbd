"""Asking a pure function of immutable values again: computed afresh, or recalled while one process watches one site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar, TypeVarTuple

K = TypeVar("K")
R = TypeVar("R")
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


class EachOnce(Generic[K, V]):
    """A pure function of one value that is called once for each; of ``most`` of them it is known what it returned."""

    def __init__(self, function: Callable[[K], V], *, most: int | None = None) -> None:
        self._function, self._most = function, most
        self._found: dict[int, tuple[K, V]] = {}

    def __call__(self, one: K) -> V:
        """Return what the function returned for this very value, else call it."""
        found = self._found.get(id(one))
        if found is None:
            if len(self._found) == self._most:
                self._found.clear()
            # The value is kept with the result: while it lives, no other has its identity.
            found = self._found[id(one)] = (one, self._function(one))
        return found[1]
