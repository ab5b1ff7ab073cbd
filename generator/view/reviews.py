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
    PostmortemEntry,
    PostmortemTranslation,
    Site,
)
from generator.terms import Progress
from generator.view import forge
from generator.view.basics import Label, Neighbour, Text
from generator.view.facts import Known
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
    Task,
)
from generator.view.speaker import Speaker

_NO_WORDS = PostmortemTranslation("", "", "", None, ())


def library(site: Site, log: Iterable[Known], speaker: Speaker) -> Library | None:
    """Return the library in one language, None where nothing of it is published."""
    incidents = {one.record.id: one for one in log}
    entries = [entry for entry in site.postmortems if not entry.original.draft]
    entries.sort(key=lambda entry: (entry.original.published or date.min, entry.original.id), reverse=True)
    if not entries:
        return None
    found = [_Told(site.config, entry, incidents.get(entry.original.incident or ""), speaker) for entry in entries]
    views = [told.view() for told in found]
    refs = [PostmortemRef(view.card.id, view.card.title) for view in views]
    around = zip([*refs[1:], None], views, [None, *refs[:-1]], strict=True)
    shelves = tuple(_shelves([view.card for view in views], site, speaker))
    actions = _actions(views)
    page = LibraryPage(
        tuple(view.card for view in views), tuple(_refs(shelves)),
        len(actions.open), len(actions.in_progress), len(actions.done),
    )  # fmt: skip
    return Library(page, tuple(PostmortemPage(view, older, newer) for older, view, newer in around), shelves, actions)


def of_incidents(library: Library | None) -> Mapping[str, PostmortemRef]:
    """Return the postmortem of each incident that has one, by the incident's id."""
    pages = (page.postmortem for page in library.postmortems) if library else ()
    return {one.incident.id: PostmortemRef(one.card.id, one.card.title) for one in pages if one.incident}


class _Told(msgspec.Struct, frozen=True):
    """A postmortem that is about to be told in one language; what it leaves out its incident says."""

    config: Config
    entry: PostmortemEntry
    incident: Known | None
    speaker: Speaker

    @property
    def _record(self) -> Postmortem:
        return self.entry.original

    @property
    def _words(self) -> PostmortemTranslation:
        return self.entry.translations.get(self.speaker.lang, _NO_WORDS)

    def view(self) -> PostmortemView:
        """Return the postmortem whole."""
        words, record = self._words, self._record
        lead = Text(words.lead, self.speaker.lang) if words.lead else Text(record.lead, self.config.default)
        incident = self.incident
        return PostmortemView(
            self._card(), tuple(self._passages()), lead if record.lead else None,
            Neighbour(incident.record.kind, incident.record.id, self.speaker.title(incident)) if incident else None,
            tuple(self._action(number, action) for number, action in enumerate(record.actions)),
            self.speaker.links(record.links, bare=self.config.default),
            forge.history_url(self.config, record.path), forge.edit_url(self.config, words.path or record.path),
        )  # fmt: skip

    def _card(self) -> PostmortemCard:
        record, incident, speaker = self._record, self.incident, self.speaker
        severity = self.config.severity(record.severity) if record.severity else incident and incident.severity
        minutes = record.minutes
        if minutes is None and incident and incident.ended:
            minutes = round((incident.ended - incident.started).total_seconds() / 60)
        components = record.components or (incident.components if incident else ())
        done = sum(action.progress is Progress.DONE for action in record.actions)
        return PostmortemCard(
            record.id, self._label(self._words.title, record.title), record.published,
            speaker.severity(severity.id) if severity else None, minutes,
            tuple(speaker.component(id) for id in components),
            record.tags or (incident.record.tags if incident else ()), len(record.actions), done,
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

    def _action(self, number: int, action: Action) -> ActionView:
        titles = self._words.actions
        title = self._label(titles[number] if number < len(titles) else None, action.title)
        owner = Label(action.owner, self.config.default) if action.owner else None
        return ActionView(title, action.progress, action.effort, owner, action.priority, action.due)


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
    """Yield the shelves of each facet that has any."""
    by_facet: dict[Facet, list[ShelfRef]] = {}
    for shelf in shelves:
        ref = ShelfRef(shelf.facet, shelf.value, shelf.label, len(shelf.postmortems))
        by_facet.setdefault(shelf.facet, []).append(ref)
    yield from map(tuple, by_facet.values())


def _actions(views: Iterable[PostmortemView]) -> ActionsPage:
    """Return all actions by how far they have come; those without a day that they are due come last."""
    tasks = [Task(action, PostmortemRef(view.card.id, view.card.title)) for view in views for action in view.actions]
    tasks.sort(key=lambda task: task.action.due or date.max)
    return ActionsPage(
        *(tuple(task for task in tasks if task.action.progress is one) for one in (
            Progress.OPEN, Progress.IN_PROGRESS, Progress.DONE,
        ))
    )  # fmt: skip
