"""What all views are made of: their base, texts with their language, and records as others name them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from generator.hashing import key_of
from generator.terms import Impact, Kind


class View(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of all views: an immutable value whose encoding is its identity."""


V = TypeVar("V")
R = TypeVar("R")


class Later(Generic[V]):
    """A view, or several, made when somebody asks for it; ``made_of`` is a hash that differs where two of a kind do.

    Of a large archive hardly anything is shown anew, and what a view is made of is known without making it. That too is
    found out, by ``keyed``, when somebody asks.
    """

    __slots__ = ("_keyed", "_known", "make")

    def __init__(self, keyed: Callable[[], bytes], make: Callable[[], V]) -> None:
        self._keyed, self.make = keyed, make
        self._known: bytes | None = None

    @property
    def made_of(self) -> bytes:
        """Return the hash."""
        if self._known is None:
            self._known = self._keyed()
        return self._known

    def into(self, write: Callable[[V], R]) -> Callable[[], R]:
        """Return a function that makes the view and returns what ``write`` makes of it."""
        return lambda: write(self.make())


def keyed(*parts: object) -> Callable[[], bytes]:
    """Return a function that returns the hash of some parts: of those that say what they are made of, of that."""
    return lambda: key_of(*(getattr(part, "made_of", part) for part in parts))


def ready(view: V) -> Later[V]:
    """Return a view that is there already as one that is made later."""
    return Later(keyed(view), lambda: view)


class Label(View, frozen=True):
    """A plain text and the language it is written in, which is the default one where a translation is missing."""

    text: str
    lang: str


class Text(View, frozen=True):
    """A Markdown source and the language it is written in."""

    source: str
    lang: str


class Link(View, frozen=True):
    """A named address outside the site."""

    label: Label
    url: str


class ComponentRef(View, frozen=True):
    """A component as other records name it."""

    id: str
    name: Label


class SeverityRef(View, frozen=True):
    """A severity as an incident shows it."""

    id: str
    name: Label
    impact: Impact


class Neighbour(View, frozen=True):
    """The record before or after another one, as a link shows it."""

    kind: Kind
    id: str
    title: Label


class SimilarRef(View, frozen=True):
    """An earlier record that is like another one: how lists name it, and which tags and components the two share.

    ``minutes`` is how long it lasted, None while it lasts.
    """

    record: Neighbour
    started: datetime
    minutes: int | None
    impact: Impact
    tags: tuple[str, ...] = ()
    components: tuple[ComponentRef, ...] = ()
