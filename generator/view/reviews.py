"""Postmortems to the public's library: each with what its incident tells, on shelves by what they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from generator.record.model import (
    Action,
    Config,
    Passage,
    Postmortem,
    PostmortemTranslation,
    Site,
)
from generator.terms import Progress
from generator.view import forge
from generator.view.basics import Label, Neighbour, SimilarRef, Text
from generator.view.lessons import Lesson
from generator.view.library import (
    ActionsPage,
    ActionView,
    Facet,
    Library,
    LibraryPage,
    PassageView,
    PostmortemCard,
    PostmortemPage,
    PostmortemRef,
    PostmortemView,
    ShelfPage,
    ShelfRef,
    SimilarPostmortem,
    Task,
)
from generator.view.similar import Match
from generator.view.speaker import Speaker

_NO_WORDS = PostmortemTranslation("", "", "", None, ())

WAYS = 40
"""So many tags are ways into the library; the others are found on the pages of their postmortems, and by searching."""


def library(
    site: Site,
    lessons: Sequence[Lesson],
    speaker: Speaker,
    *,
    similar: Mapping[str, tuple[SimilarRef | SimilarPostmortem, ...]],
    today: date,
) -> Library | None:
    """Return the library in one language, None where it holds nothing; ``lessons`` are newest first."""
    if not lessons:
        return None
    views = [_Told(site.config, lesson, speaker).view(today) for lesson in lessons]
    refs = [PostmortemRef(view.card.id, view.card.title) for view in views]
    around = zip([*refs[1:], None], views, [None, *refs[:-1]], strict=True)
    shelves = tuple(_shelves([view.card for view in views], site, speaker))
    actions = _actions(views)
    page = LibraryPage(
        tuple(view.card for view in views), tuple(_refs(shelves)),
        len(actions.late), len(actions.open), len(actions.in_progress), len(actions.done),
    )  # fmt: skip
    pages = tuple(PostmortemPage(view, older, newer, similar[view.card.id]) for older, view, newer in around)
    return Library(page, pages, shelves, actions)


def of_incidents(library: Library | None) -> Mapping[str, PostmortemRef]:
    """Return the postmortem of each incident that has one, by the incident's id."""
    pages = (page.postmortem for page in library.postmortems) if library else ()
    return {one.incident.id: PostmortemRef(one.card.id, one.card.title) for one in pages if one.incident}


def similar_postmortem(config: Config, lesson: Lesson, match: Match, speaker: Speaker) -> SimilarPostmortem:
    """Return a postmortem as the page of a record that is like it shows it."""
    impact = lesson.severity.impact if lesson.severity else None
    components = tuple(speaker.component(id) for id in match.components)
    ref = _Told(config, lesson, speaker).ref()
    return SimilarPostmortem(ref, lesson.record.published, lesson.minutes, impact, match.tags, components)


class _Told(msgspec.Struct, frozen=True):
    """A postmortem that is about to be told in one language."""

    config: Config
    lesson: Lesson
    speaker: Speaker

    @property
    def _record(self) -> Postmortem:
        return self.lesson.record

    @property
    def _words(self) -> PostmortemTranslation:
        return self.lesson.entry.translations.get(self.speaker.lang, _NO_WORDS)

    def ref(self) -> PostmortemRef:
        """Return the postmortem as a link shows it."""
        return PostmortemRef(self._record.id, self._label(self._words.title, self._record.title))

    def view(self, today: date) -> PostmortemView:
        """Return the postmortem whole."""
        words, record = self._words, self._record
        lead = Text(words.lead, self.speaker.lang) if words.lead else Text(record.lead, self.config.default)
        incident = self.lesson.incident
        return PostmortemView(
            self._card(), tuple(self._passages()), lead if record.lead else None,
            Neighbour(incident.record.kind, incident.record.id, self.speaker.title(incident)) if incident else None,
            tuple(self._action(number, action, today) for number, action in enumerate(record.actions)),
            self.speaker.links(record.links, bare=self.config.default),
            forge.history_url(self.config, record.path), forge.edit_url(self.config, words.path or record.path),
        )  # fmt: skip

    def _card(self) -> PostmortemCard:
        record, lesson, speaker = self._record, self.lesson, self.speaker
        done = sum(action.progress is Progress.DONE for action in record.actions)
        return PostmortemCard(
            record.id, self.ref().title, record.published,
            speaker.severity(lesson.severity.id) if lesson.severity else None, lesson.minutes,
            tuple(speaker.component(id) for id in lesson.components),
            lesson.tags, len(record.actions), done,
        )  # fmt: skip

    def _label(self, translated: str | None, original: str) -> Label:
        return Label(translated, self.speaker.lang) if translated else Label(original, self.config.default)

    def _passages(self) -> Iterator[PassageView]:
        """Yield the sections: known ones by their names, the author's own by their order among each other."""
        words = self._words.passages
        known = {one.chapter: one for one in words if one.chapter}
        own = iter([one for one in words if one.chapter is None])
        for number, passage in enumerate(self._record.passages, 1):
            said = known.get(passage.chapter) if passage.chapter else next(own, None)
            yield self._passage(passage, said if said and said.body else None, number)

    def _passage(self, original: Passage, said: Passage | None, number: int) -> PassageView:
        chosen, lang = (said, self.speaker.lang) if said else (original, self.config.default)
        anchor = original.chapter.anchor if original.chapter else f"section-{number}"
        return PassageView(original.chapter, Label(chosen.heading, lang), Text(chosen.body, lang), anchor)

    def _action(self, number: int, action: Action, today: date) -> ActionView:
        titles = self._words.actions
        title = self._label(titles[number] if number < len(titles) else None, action.title)
        owner = Label(action.owner, self.config.default) if action.owner else None
        late = action.due is not None and action.due < today and action.progress is not Progress.DONE
        return ActionView(title, action.progress, action.effort, owner, action.priority, action.due, late)


def _shelves(cards: Sequence[PostmortemCard], site: Site, speaker: Speaker) -> Iterator[ShelfPage]:
    """Yield the shelves that hold something: tags by name, components and severities as the site orders them."""
    tags = sorted({tag for card in cards for tag in card.tags})
    years = sorted({card.published.year for card in cards if card.published}, reverse=True)
    shelves = [
        *((Facet.YEAR, str(year), Label(str(year), speaker.lang)) for year in years),
        *((Facet.SEVERITY, one.id, speaker.severity(one.id).name) for one in site.config.severities),
        *((Facet.COMPONENT, id, speaker.component(id).name) for id in site.components()),
        *((Facet.TAG, tag, Label(tag, speaker.lang)) for tag in tags),
    ]
    for facet, value, label in shelves:
        held = tuple(card for card in cards if value in _values(card, facet))
        if held:
            yield ShelfPage(facet, value, label, held)


def _values(card: PostmortemCard, facet: Facet) -> tuple[str, ...]:
    if facet is Facet.TAG:
        return card.tags
    if facet is Facet.COMPONENT:
        return tuple(component.id for component in card.components)
    if facet is Facet.SEVERITY:
        return (card.severity.id,) if card.severity else ()
    return (str(card.published.year),) if card.published else ()


def _refs(shelves: Iterable[ShelfPage]) -> Iterator[tuple[ShelfRef, ...]]:
    """Yield the shelves of each facet that has any; of many tags those that most postmortems have."""
    by_facet: dict[Facet, list[ShelfRef]] = {}
    for shelf in shelves:
        ref = ShelfRef(shelf.facet, shelf.value, shelf.label, len(shelf.postmortems))
        by_facet.setdefault(shelf.facet, []).append(ref)
    for facet, refs in by_facet.items():
        if facet is Facet.TAG and len(refs) > WAYS:
            most = sorted(refs, key=lambda ref: (-ref.postmortems, ref.value))[:WAYS]
            yield tuple(sorted(most, key=lambda ref: ref.value))
        else:
            yield tuple(refs)


def _actions(views: Iterable[PostmortemView]) -> ActionsPage:
    """Return all actions by how far they have come; those without a day that they are due come last."""
    tasks = [Task(action, PostmortemRef(view.card.id, view.card.title)) for view in views for action in view.actions]
    tasks.sort(key=lambda task: task.action.due or date.max)
    late = tuple(task for task in tasks if task.action.late)
    in_time = [task for task in tasks if not task.action.late]
    by_progress = (tuple(task for task in in_time if task.action.progress is one) for one in Progress)
    return ActionsPage(late, *by_progress)
