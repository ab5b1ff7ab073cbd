"""Records in one language: each text in it where it is translated, else in the default one, and saying so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from generator.hashing import NOTHING, key_of
from generator.recall import each_once
from generator.record.model import ANY, Component, Config, Group, PageEntry, Reference, Update, Words
from generator.terms import Level, Phase
from generator.view import basics, forge, record_views, status, views
from generator.view.facts import Known
from generator.view.lessons import Lesson, Lessons
from generator.view.library import PostmortemRef
from generator.view.lots import Lot
from generator.view.similar import Match

KEPT = 1024
"""How many records' views are kept at a time: several files are made of each, one soon after another."""


class Speaker:
    """Turns what is known of a site into views in one language; what was told of the very same record is told again."""

    def __init__(self, config: Config, groups: Iterable[Group], lang: str) -> None:
        self.lang = lang
        self._config, self._default = config, config.default
        components = [component for group in groups for component in group.components]
        self._components = {one.id: basics.ComponentRef(one.id, self.label(one.name)) for one in components}
        self._severities = {s.id: basics.SeverityRef(s.id, self.label(s.name), s.impact) for s in config.severities}
        # What a record's views are made of beside the record, so that hashes of these stand for the views.
        self._severity_keys = {s.id: key_of(self._severities[s.id], s.state) for s in config.severities}
        self._for_all = (lang, self._default, forge.made_of(config))
        self._all_names = key_of(self._for_all, self._components, self._severity_keys)
        self._names_keys: dict[tuple[str, ...], bytes] = {}

    def key_of(self, *parts: object) -> bytes:
        """Return a hash that differs where one of some parts, or any name, does.

        Of what is told together it differs where another language's words do, too: what it stands for is then made
        again, and found to be the same. Where that takes long, ``own_key`` tells.
        """
        return basics.keyed(*parts, self._all_names)()

    def own_key(self, lot: Lot | Lessons) -> bytes:
        """Return a hash that differs where any view of one of some records does in this language alone."""
        said = [words.made_of if (words := one.entry.translations.get(self.lang)) else NOTHING for one in lot.ones]
        return key_of(lot.originals, said, self._all_names)

    @each_once()
    def key(self, known: Known) -> bytes:
        """Return a hash that differs where any view of a record does."""
        words = known.entry.translations.get(self.lang)
        said = words.made_of if words else NOTHING
        graded = self._severity_keys[known.severity.id] if known.severity else NOTHING
        return b"".join((known.made_of, said, self._names_key(known.components), graded))

    @each_once()
    def lesson_key(self, lesson: Lesson) -> bytes:
        """Return a hash that differs where any view of a postmortem does, on the same day."""
        words = lesson.entry.translations.get(self.lang)
        graded = self._severity_keys[lesson.severity.id] if lesson.severity else None
        incident = self.link_key(lesson.incident) if lesson.incident else None
        return key_of(lesson.made_of, words and words.made_of, self._names_key(lesson.components), graded, incident)

    @each_once()
    def link_key(self, known: Known) -> bytes:
        """Return a hash that differs where a link to a record does."""
        return key_of(self.neighbour(known))

    def _names_key(self, components: tuple[str, ...]) -> bytes:
        """Return a hash of components' names, and of all that every record is shown with."""
        if components not in self._names_keys:
            self._names_keys[components] = key_of(self._for_all, *map(self.component, components))
        return self._names_keys[components]

    def label(self, words: Words) -> basics.Label:
        """Return a short text of the settings."""
        return basics.Label(*words.resolve(self.lang, self._default))

    def links(self, references: Iterable[Reference], *, bare: str | None = None) -> tuple[basics.Link, ...]:
        """Return named addresses; ``bare`` is the language of a label that names none, this one where it is None."""
        return tuple(basics.Link(self._named(one.label, bare), one.url) for one in references)

    def _named(self, words: Words, bare: str | None) -> basics.Label:
        label = self.label(words)
        return basics.Label(label.text, bare) if bare and ANY in words.by_language else label

    def component(self, id: str) -> basics.ComponentRef:
        """Return a component as others name it."""
        return self._components[id]

    def severity(self, id: str) -> basics.SeverityRef:
        """Return a severity as an incident shows it."""
        return self._severities[id]

    def page(self, entry: PageEntry) -> views.FreePage:
        """Return a free page, whole in one language: a page is read as one text."""
        page = entry.translations.get(self.lang, entry.original)
        lang = page.lang or self._default
        description = basics.Label(page.description, lang) if page.description else None
        return views.FreePage(
            entry.original.slug, basics.Label(page.title, lang), basics.Text(page.body, lang), description,
            forge.edit_url(self._config, page.path),
        )  # fmt: skip

    def title(self, known: Known) -> basics.Label:
        """Return a record's title."""
        translation = known.entry.translations.get(self.lang)
        if translation and translation.title:
            return basics.Label(translation.title, self.lang)
        return basics.Label(known.record.title, self._default)

    def postmortem(self, lesson: Lesson) -> PostmortemRef:
        """Return a postmortem as a link shows it."""
        return PostmortemRef(lesson.record.id, self.headline(lesson))

    def headline(self, lesson: Lesson) -> basics.Label:
        """Return a postmortem's title."""
        translation = lesson.entry.translations.get(self.lang)
        if translation and translation.title:
            return basics.Label(translation.title, self.lang)
        return basics.Label(lesson.record.title, self._default)

    def neighbour(self, known: Known) -> basics.Neighbour:
        """Return a record as a link shows it."""
        return basics.Neighbour(known.record.kind, known.record.id, self.title(known))

    def similar(self, known: Known, match: Match) -> basics.SimilarRef:
        """Return an earlier record as the page of one that is like it shows it."""
        minutes = (known.ended - known.started) // timedelta(minutes=1) if known.ended else None
        components = tuple(self._components[id] for id in match.components)
        return basics.SimilarRef(self.neighbour(known), known.started, minutes, known.impact, match.tags, components)

    def day(self, component: Component, bucket: status.Bucket, records: Iterable[Known]) -> record_views.Day:
        """Return a day of a component; ``records`` are those that affected it on this day."""
        since, retired = component.since, component.retired
        serving = (since is None or since <= bucket.day) and (retired is None or bucket.day < retired)
        incidents = tuple(map(self.neighbour, records))
        happened = bool(incidents) or bucket.level is not Level.OPERATIONAL
        return record_views.Day(bucket.day, bucket.level, bucket.minutes, incidents, serving or happened)

    def card(self, known: Known) -> record_views.IncidentCard:
        """Return a record as lists show it; ``Known.listed`` has a part in its hash for each thing shown."""
        record = known.record
        return record_views.IncidentCard(
            record.kind, record.id, self.title(known), known.phase, known.impact, known.started, known.ended,
            tuple(self._components[id] for id in known.components),
            self._severities[known.severity.id] if known.severity else None,
            record_views.Window(*record.window) if record.window else None,
            record.tags, record.backfilled,
        )  # fmt: skip

    @each_once(most=KEPT)
    def incident(self, known: Known) -> record_views.IncidentView:
        """Return a record whole, its updates newest first."""
        affected = tuple(
            record_views.Affected(
                self._components[id],
                status.worst(spell.level for spell in known.course.spells.get(id, ())),
                known.course.now.get(id, Level.OPERATIONAL),
                known.course.spells.get(id, ()),
            )
            for id in known.components
        )
        updates = tuple(self.update(known, number) for number in range(len(known.record.updates), 0, -1))
        path, translation = known.record.path, known.entry.translations.get(self.lang)
        return record_views.IncidentView(
            self.card(known), affected, updates, self.links(known.record.links, bare=self._default),
            forge.history_url(self._config, path),
            forge.edit_url(self._config, translation.path if translation else path),
            None if known.ended else forge.edit_url(self._config, path),
        )  # fmt: skip

    def update(self, known: Known, number: int) -> record_views.UpdateView:
        """Return the update of a record with this number."""
        update = known.record.updates[number - 1]
        moves = known.course.changes.get(number, {})
        changes = tuple(record_views.Change(self._components[id], *move) for id, move in moves.items())
        return record_views.UpdateView(
            number,
            update.phase,
            update.at,
            self._body(known, update),
            changes,
            update.next,
            update.amended,
            update.published,
        )

    def _body(self, known: Known, update: Update) -> basics.Text:
        said = self._said(known).get((update.phase, update.at))
        return basics.Text(said, self.lang) if said else basics.Text(update.body, self._default)

    @each_once(most=1)
    def _said(self, known: Known) -> Mapping[tuple[Phase, datetime], str]:
        """Return what a record's updates say in this language, by their headings; of two the first that says anything.

        All updates of a record are told one after another.
        """
        translation = known.entry.translations.get(self.lang)
        updates = reversed(translation.updates) if translation else ()
        return {(update.phase, update.at): update.body for update in updates if update.body}
