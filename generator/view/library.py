"""The learning library as the public sees it, in one language: postmortems, shelves by what they share, and actions."""

from __future__ import annotations

from datetime import date

from generator.terms import Chapter, Effort, Facet, Impact, Progress
from generator.view.basics import ComponentRef, Label, Later, Link, Neighbour, SeverityRef, SimilarRef, Text, View


class PostmortemRef(View, frozen=True):
    """A postmortem as a link shows it."""

    id: str
    title: Label


class PostmortemCard(View, frozen=True):
    """A postmortem as lists show it; ``minutes`` is how long the incident lasted."""

    id: str
    title: Label
    published: date | None = None
    severity: SeverityRef | None = None
    minutes: int | None = None
    components: tuple[ComponentRef, ...] = ()
    tags: tuple[str, ...] = ()
    actions: int = 0
    done: int = 0


class ActionView(View, frozen=True):
    """Something that a postmortem says will be done, or was; ``owner`` is a role.

    ``late`` is whether it was due before today and is not done.
    """

    title: Label
    progress: Progress
    effort: Effort | None = None
    owner: Label | None = None
    priority: str | None = None
    due: date | None = None
    late: bool = False


class PassageView(View, frozen=True):
    """A section of a postmortem; ``heading`` counts where ``chapter`` is None."""

    chapter: Chapter | None
    heading: Label
    body: Text
    anchor: str


class PostmortemView(View, frozen=True):
    """All that the public may know of one postmortem; ``lead`` stands before the first section."""

    card: PostmortemCard
    passages: tuple[PassageView, ...]
    lead: Text | None = None
    incident: Neighbour | None = None
    actions: tuple[ActionView, ...] = ()
    links: tuple[Link, ...] = ()
    source_url: str | None = None
    edit_url: str | None = None


class SimilarPostmortem(View, frozen=True):
    """A postmortem that is like another record, and which tags and components the two share."""

    postmortem: PostmortemRef
    published: date | None
    minutes: int | None
    impact: Impact | None
    tags: tuple[str, ...] = ()
    components: tuple[ComponentRef, ...] = ()


Alike = tuple[SimilarRef | SimilarPostmortem, ...]
"""Earlier records that are like one, the most similar first."""


class PostmortemPage(View, frozen=True):
    """``/postmortems/<id>/``, with the postmortems that were published before and after it, and what is like it."""

    postmortem: PostmortemView
    older: PostmortemRef | None = None
    newer: PostmortemRef | None = None
    similar: Alike = ()


class PostmortemRecord(View, frozen=True):
    """A postmortem among all of the library, and its page."""

    id: str
    page: Later[PostmortemPage]


class PostmortemLot(View, frozen=True):
    """The postmortems published in one month, ``yyyy-mm`` or nothing, newest first.

    ``pages`` are made of what any page of them is, and all is known of them without telling any.
    """

    month: str
    ids: tuple[str, ...]
    pages: Later[tuple[PostmortemRecord, ...]]


class ShelfRef(View, frozen=True):
    """A shelf and how many postmortems stand on it."""

    facet: Facet
    value: str
    label: Label
    postmortems: int


class ShelfPage(View, frozen=True):
    """``/postmortems/tags/<tag>/`` and the like: the postmortems that share something, newest first."""

    facet: Facet
    value: str
    label: Label
    postmortems: tuple[PostmortemCard, ...]


class Shelf(View, frozen=True):
    """A shelf of the library and its page."""

    ref: ShelfRef
    page: Later[ShelfPage]


class Task(View, frozen=True):
    """An action and the postmortem that it comes from."""

    action: ActionView
    postmortem: PostmortemRef


class ActionsPage(View, frozen=True):
    """``/postmortems/actions/``: the actions of all postmortems, what is due first comes first.

    Those that are late stand under ``late`` alone, however far they have come.
    """

    late: tuple[Task, ...]
    open: tuple[Task, ...]
    in_progress: tuple[Task, ...]
    done: tuple[Task, ...]


class LibraryPage(View, frozen=True):
    """``/postmortems/``: all postmortems, newest first, the shelves by facet, and how far their actions have come."""

    postmortems: tuple[PostmortemCard, ...]
    shelves: tuple[tuple[ShelfRef, ...], ...]
    late: int = 0
    open: int = 0
    in_progress: int = 0
    done: int = 0


class Library(View, frozen=True):
    """Every page of the library in one language; ``lots`` are newest first, ``twins`` the ids of those of one title."""

    page: Later[LibraryPage]
    lots: tuple[PostmortemLot, ...]
    shelves: tuple[Shelf, ...]
    actions: Later[ActionsPage]
    twins: frozenset[str] = frozenset()
