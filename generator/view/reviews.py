"""Postmortems to the public's library: each with what its incident tells, on shelves by what they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cache, partial
from itertools import groupby

import msgspec
from msgspec.structs import replace

from generator.hashing import key_of
from generator.record.model import (
    PASSAGES,
    Config,
    Group,
    Passage,
    Postmortem,
    PostmortemTranslation,
)
from generator.terms import Facet, Progress
from generator.view import forge
from generator.view.basics import Label, Later, Neighbour, Text, keyed
from generator.view.gathered import Gathered
from generator.view.lessons import KIND, Lesson, Lessons, Shelves, is_late
from generator.view.library import (
    ActionsPage,
    ActionView,
    Alike,
    Library,
    LibraryPage,
    PassageView,
    PostmortemCard,
    PostmortemLot,
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


Similar = Callable[[Key, datetime | None], Later[Alike]]
"""Returns the earlier records that are like one, by what it goes by and its beginning."""


def library(known: Gathered, speaker: Speaker, similar: Similar) -> Library | None:
    """Return the library in one language, None where it holds nothing."""
    if not known.taught:
        return None
    config, today, taught = known.site.config, known.clock.today, Lessons(known.taught)
    pages = tuple(
        _shelf(ref, known.shelves[ref.facet, ref.value], partial(_Told, config, speaker, today), speaker)
        for ref in _shelf_refs(known.shelves, config, known.site.groups, speaker)
    )
    ways = tuple(_ways(shelf.ref for shelf in pages))
    told = cache(lambda: tuple(_Told(config, speaker, today, lesson) for lesson in taught.ones))
    made_of = cache(lambda: key_of(speaker.own_key(taught), taught.late(today)))
    actions = cache(lambda: _actions(told()))
    titles = [speaker.headline(lesson).text for lesson in taught.ones]
    names = Counter(titles)
    return Library(
        Later(lambda: key_of("library", ways, made_of()), lambda: _page(told(), ways, actions())),
        tuple(_lot(known, month, speaker, similar) for month in known.issues),
        pages,
        Later(lambda: key_of("actions", made_of()), actions),
        frozenset(one.record.id for one, title in zip(taught.ones, titles, strict=True) if names[title] > 1),
    )


def _page(told: Iterable[_Told], ways: tuple[tuple[ShelfRef, ...], ...], actions: ActionsPage) -> LibraryPage:
    return LibraryPage(
        tuple(one.card() for one in told), ways,
        len(actions.late), len(actions.open), len(actions.in_progress), len(actions.done),
    )  # fmt: skip


def _shelf(ref: ShelfRef, held: Lessons, told: Callable[[Lesson], _Told], speaker: Speaker) -> Shelf:
    def make() -> ShelfPage:
        return ShelfPage(ref.facet, ref.value, ref.label, tuple(told(one).card() for one in held.ones))

    return Shelf(ref, Later(lambda: speaker.key_of("shelf", ref, held), make))


def _lot(known: Gathered, month: str, speaker: Speaker, similar: Similar) -> PostmortemLot:
    """Return the postmortems of a month, none of them told yet."""
    lessons, today = known.issues[month], known.clock.today

    def record(one: Lesson) -> PostmortemRecord:
        newer, older = known.around[one.record.id]
        alike = similar((KIND, one.record.id), one.started)
        return _record(_Told(known.site.config, speaker, today, one), older, newer, alike)

    def records() -> tuple[PostmortemRecord, ...]:
        return tuple(map(record, lessons.ones))

    def made_of() -> bytes:
        return speaker.key_of(lessons, *known.issued(month), lessons.late(today))

    return PostmortemLot(month, tuple(one.record.id for one in lessons.ones), Later(made_of, records))


def _record(one: _Told, older: Lesson | None, newer: Lesson | None, similar: Later[Alike]) -> PostmortemRecord:
    view = Later(one.key, one.view)

    def around() -> tuple[PostmortemRef | None, PostmortemRef | None]:
        tell = one.speaker.postmortem
        return tell(older) if older else None, tell(newer) if newer else None

    def made_of() -> bytes:
        return keyed("postmortem", view, *around(), similar)()

    def make() -> PostmortemPage:
        return PostmortemPage(view.make(), *around(), similar.make())

    return PostmortemRecord(one.lesson.record.id, Later(made_of, make))


def similar_postmortem(lesson: Lesson, match: Match, speaker: Speaker) -> SimilarPostmortem:
    """Return a postmortem as the page of a record that is like it shows it."""
    impact = lesson.severity.impact if lesson.severity else None
    components = tuple(speaker.component(id) for id in match.components)
    return SimilarPostmortem(
        speaker.postmortem(lesson), lesson.record.published, lesson.minutes, impact, match.tags, components
    )


def review(config: Config, speaker: Speaker, lesson: Lesson) -> PostmortemView:
    """Return a postmortem as the search reads it: on no day, so that nothing is late, and without its incident."""
    return replace(_Told(config, speaker, date.min, lesson).view(), incident=None)


class _Told(msgspec.Struct, frozen=True):
    """A postmortem that is about to be told in one language."""

    config: Config
    speaker: Speaker
    today: date
    lesson: Lesson

    @property
    def _record(self) -> Postmortem:
        return self.lesson.record

    @property
    def _words(self) -> PostmortemTranslation:
        return self.lesson.entry.translations.get(self.speaker.lang, _NO_WORDS)

    def key(self) -> bytes:
        """Return a hash that differs where the postmortem does, as it is shown today."""
        return key_of(self.speaker.lesson_key(self.lesson), self.lesson.late(self.today))

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
            record.id, speaker.headline(lesson), record.published,
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
            late = is_late(action, self.today)
            yield ActionView(title, action.progress, action.effort, owner, action.priority, action.due, late)


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
            yield ShelfRef(facet, value, label, len(held[facet, value].ones))


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
    tasks = [Task(action, one.speaker.postmortem(one.lesson)) for one in told for action in one.actions()]
    tasks.sort(key=lambda task: task.action.due or date.max)
    late = tuple(task for task in tasks if task.action.late)
    in_time = [task for task in tasks if not task.action.late]
    by_progress = (tuple(task for task in in_time if task.action.progress is one) for one in Progress)
    return ActionsPage(late, *by_progress)
