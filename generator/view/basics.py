"""What all views are made of: their base, texts with their language, and records as others name them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from generator.terms import Impact, Kind


class View(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of all views: an immutable value whose encoding is its identity."""


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
