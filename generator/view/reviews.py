"""Postmortems to the public's library: each with what its incident tells, on shelves by what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, partial
from itertools import groupby

import msgspec

from generator.hashing import key_of
from generator.recall import Recall, afresh
from generator.record.model import (
    PASSAGES,
    Action,
    Config,
    Group,
    Passage,
    Postmortem,
    PostmortemTranslation,
    Site,
)
from generator.terms import Facet, Progress
from generator.view import forge
from generator.view.basics import Label, Later, Neighbour, Text, keyed
from generator.view.lessons import KIND, Lesson, Shelves
from generator.view.library import (
    ActionsPage,
    ActionView,
    Alike,
    Library,
    LibraryPage,
    PassageView,
    PostmortemCard,
    PostmortemPage,
    PostmortemRecord,
    PostmortemRef,
    PostmortemView,
    Shelf,
    ShelfPage,
    ShelfRef,
    SimilarPostmortem,
    Task,
)
from generator.view.similar import Key, Match
from generator.view.speaker import Speaker

_NO_WORDS = PostmortemTranslation("", "", "", None, PASSAGES.fold(()))

WAYS = 40
"""So many tags are ways into the library; the others are found on the pages of their postmortems, and by searching."""


def library(
    site: Site,
    lessons: tuple[Lesson, ...],
    speaker: Speaker,
    *,
    shelves: Shelves,
    similar: Callable[[Key, datetime | None], Later[Alike]],
    today: date,
    recall: Recall = afresh,
) -> Library | None:
    """Return the library in one language, None where it holds nothing; ``lessons`` are newest first."""
    if not lessons:
        return None
    told = recall(_all_told, site.config, lessons, speaker, today)
    around = zip((*told[1:], None), told, (None, *told[:-1]), strict=True)
    records = tuple(
        _record(one, older, newer, similar((KIND, one.lesson.record.id), one.lesson.started))
        for older, one, newer in around
    )
    by_id = {record.ref.id: (one, record.view) for one, record in zip(told, records, strict=True)}
    pages = tuple(
        _shelf(ref, [by_id[lesson.record.id] for lesson in shelves[ref.facet, ref.value]])
        for ref in _shelf_refs(shelves, site.config, site.groups, speaker)
    )
    ways = tuple(_ways(shelf.ref for shelf in pages))
    views, actions = [record.view for record in records], cache(partial(_actions, told))
    return Library(
        Later(keyed("library", ways, *views), lambda: _page(told, ways, actions())),
        records,
        pages,
        Later(keyed("actions", *views), actions),
    )


def _all_told(config: Config, lessons: tuple[Lesson, ...], speaker: Speaker, today: date) -> tuple[_Told, ...]:
    return tuple(_Told(config, lesson, speaker, today) for lesson in lessons)


def _page(told: Iterable[_Told], ways: tuple[tuple[ShelfRef, ...], ...], actions: ActionsPage) -> LibraryPage:
    return LibraryPage(
        tuple(one.card() for one in told), ways,
        len(actions.late), len(actions.open), len(actions.in_progress), len(actions.done),
    )  # fmt: skip


def _shelf(ref: ShelfRef, held: Sequence[tuple[_Told, Later[PostmortemView]]]) -> Shelf:
    def make() -> ShelfPage:
        return ShelfPage(ref.facet, ref.value, ref.label, tuple(one.card() for one, _ in held))

    return Shelf(ref, Later(keyed("shelf", ref, *(view for _, view in held)), make))


def ref(config: Config, lesson: Lesson, speaker: Speaker) -> PostmortemRef:
    """Return a postmortem as a link shows it."""
    return _Told(config, lesson, speaker, date.min).ref()


def similar_postmortem(config: Config, lesson: Lesson, match: Match, speaker: Speaker) -> SimilarPostmortem:
    """Return a postmortem as the page of a record that is like it shows it."""
    impact = lesson.severity.impact if lesson.severity else None
    components = tuple(speaker.component(id) for id in match.components)
    return SimilarPostmortem(
        ref(config, lesson, speaker), lesson.record.published, lesson.minutes, impact, match.tags, components
    )


def _record(one: _Told, older: _Told | None, newer: _Told | None, similar: Later[Alike]) -> PostmortemRecord:
    view = Later(one.key, one.view)

    def around() -> tuple[PostmortemRef | None, PostmortemRef | None]:
        return older.ref() if older else None, newer.ref() if newer else None

    def made_of() -> bytes:
        return keyed("postmortem", view, *around(), similar)()

    def make() -> PostmortemPage:
        return PostmortemPage(view.make(), *around(), similar.make())

    return PostmortemRecord(one.ref(), one.lesson.record.published, view, Later(made_of, make))


class _Told(msgspec.Struct, frozen=True):
    """A postmortem that is about to be told in one language."""

    config: Config
    lesson: Lesson
    speaker: Speaker
    today: date

    @property
    def _record(self) -> Postmortem:
        return self.lesson.record

    @property
    def _words(self) -> PostmortemTranslation:
        return self.lesson.entry.translations.get(self.speaker.lang, _NO_WORDS)

    def ref(self) -> PostmortemRef:
        """Return the postmortem as a link shows it."""
        return PostmortemRef(self._record.id, self._label(self._words.title, self._record.title))

    def key(self) -> bytes:
        """Return a hash that differs where the postmortem does, as it is shown today."""
        return key_of(self.speaker.lesson_key(self.lesson), [self._late(action) for action in self._record.actions])

    def view(self) -> PostmortemView:
        """Return the postmortem whole."""
        words, record = self._words, self._record
        lead = Text(words.lead, self.speaker.lang) if words.lead else Text(record.lead, self.config.default)
        incident = self.lesson.incident
        return PostmortemView(
            self.card(), tuple(self._passages()), lead if record.lead else None,
            Neighbour(incident.record.kind, incident.record.id, self.speaker.title(incident)) if incident else None,
            tuple(self.actions()),
            self.speaker.links(record.links, bare=self.config.default),
            forge.history_url(self.config, record.path), forge.edit_url(self.config, words.path or record.path),
        )  # fmt: skip

    def card(self) -> PostmortemCard:
        """Return the postmortem as lists show it."""
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

    def actions(self) -> Iterator[ActionView]:
        """Yield what the postmortem says will be done."""
        titles = self._words.actions
        for number, action in enumerate(self._record.actions):
            title = self._label(titles[number] if number < len(titles) else None, action.title)
            owner = Label(action.owner, self.config.default) if action.owner else None
            late = self._late(action)
            yield ActionView(title, action.progress, action.effort, owner, action.priority, action.due, late)

    def _late(self, action: Action) -> bool:
        return action.due is not None and action.due < self.today and action.progress is not Progress.DONE


def _shelf_refs(held: Shelves, config: Config, groups: Iterable[Group], speaker: Speaker) -> Iterator[ShelfRef]:
    """Yield the shelves that hold something: tags by name, components and severities as the site orders them."""
    tags = sorted(value for facet, value in held if facet is Facet.TAG)
    years = sorted((value for facet, value in held if facet is Facet.YEAR), reverse=True)
    shelves = [
        *((Facet.YEAR, year, Label(year, speaker.lang)) for year in years),
        *((Facet.SEVERITY, one.id, speaker.severity(one.id).name) for one in config.severities),
        *((Facet.COMPONENT, one.id, speaker.component(one.id).name) for group in groups for one in group.components),
        *((Facet.TAG, tag, Label(tag, speaker.lang)) for tag in tags),
    ]
    for facet, value, label in shelves:
        if (facet, value) in held:
            yield ShelfRef(facet, value, label, len(held[facet, value]))


def _ways(shelves: Iterable[ShelfRef]) -> Iterator[tuple[ShelfRef, ...]]:
    """Yield the shelves of each facet that has any; of many tags those that most postmortems have."""
    for facet, ones in groupby(shelves, lambda ref: ref.facet):
        refs = tuple(ones)
        if facet is Facet.TAG and len(refs) > WAYS:
            most = sorted(refs, key=lambda ref: (-ref.postmortems, ref.value))[:WAYS]
            yield tuple(sorted(most, key=lambda ref: ref.value))
        else:
            yield refs


def _actions(told: Iterable[_Told]) -> ActionsPage:
    """Return all actions by how far they have come; those without a day that they are due come last."""
    tasks = [Task(action, one.ref()) for one in told for action in one.actions()]
    tasks.sort(key=lambda task: task.action.due or date.max)
    late = tuple(task for task in tasks if task.action.late)
    in_time = [task for task in tasks if not task.action.late]
    by_progress = (tuple(task for task in in_time if task.action.progress is one) for one in Progress)
    return ActionsPage(late, *by_progress)
