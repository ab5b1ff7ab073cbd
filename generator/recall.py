"""Asking a pure function of immutable values again: computed afresh, or recalled while one process watches one site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Protocol, TypeVar, TypeVarTuple

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

_VALUES = frozenset({str, bytes, int, date, datetime})


class Recall(Protocol):
    """A way to call a function; functions that are called so get immutable values, and only by position."""

    def __call__(self, function: Callable[[*Ts], R], /, *arguments: *Ts) -> R: ...


def afresh(function: Callable[[*Ts], R], /, *arguments: *Ts) -> R:
    """Return what the function returns."""
    return function(*arguments)


class Recollection:
    """A Recall that remembers what was asked since the turn before last.

    Texts, numbers and times are compared, all other arguments known by their identity: what is made of the very same
    values is the very same value, so that one unchanged file leaves all unchanged that was made of it alone. Not for
    several threads at a time.
    """

    def __init__(self) -> None:
        self._recent: dict[object, tuple[Any, tuple[object, ...]]] = {}
        self._former: dict[object, tuple[Any, tuple[object, ...]]] = {}

    def __call__(self, function: Callable[[*Ts], R], /, *arguments: *Ts) -> R:
        """Return what the function returned for the same arguments, else call it."""
        key = (function, *[one if type(one) in _VALUES else id(one) for one in arguments])
        found = self._recent.get(key)
        if found is None:
            # The arguments are kept with the result: while they live, nothing else has their identities.
            found = self._former.get(key) or (function(*arguments), arguments)
            self._recent[key] = found
        result: R = found[0]
        return result

    def turn(self) -> None:
        """Forget what nobody has asked for since the last turn."""
        self._former, self._recent = self._recent, {}
