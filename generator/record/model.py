"""The truth as the files tell it: site, components, severities, incidents, translations, pages.

Values are immutable. ``marks`` map the name of a field to the line and column it stands at, for messages; nothing
that is shown depends on them. ``made_of`` is a hash of all else that a record says, taken where it is read. What is
``folded`` are texts, of which a large archive has many and a build tells few.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

import msgspec

from generator.record.folding import Folding
from generator.terms import Chapter, Dialect, Effort, Forge, Impact, Kind, Level, Phase, Progress

Mark = tuple[int, int]
MARKS = Folding[dict[str, Mark]](dict[str, Mark], small=True)
_NO_MARKS = MARKS.fold({})

ANY = ""
"""The language of words that are the same in every language."""


class Fact(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of all records."""


class _Marked(Protocol):
    @property
    def marked(self) -> bytes: ...


class Marking(Fact, frozen=True):
    """Base of what is written in fields and tells where each of them stands; ``marked`` are the marks folded."""

    @property
    def marks(self: _Marked) -> dict[str, Mark]:
        """Return where its fields stand, by their names."""
        return MARKS.unfold(self.marked)


class Words(Fact, frozen=True):
    """A short text per language; the key ``ANY`` stands for all languages."""

    by_language: dict[str, str]

    def resolve(self, lang: str, default: str) -> tuple[str, str]:
        """Return the text for readers of ``lang`` and the language it is in, the default one where it must be.

        Readers of a region, as in ``en-GB``, are given what there is in their language.
        """
        texts = self.by_language
        if ANY in texts:
            return texts[ANY], lang
        wanted = (lang, lang.partition("-")[0], default, default.partition("-")[0])
        found = next((known for known in wanted if known in texts), next(iter(texts)))
        return texts[found], found


class Reference(Fact, frozen=True):
    """A named address."""

    label: Words
    url: str


class Severity(Fact, frozen=True):
    """A row of the severity matrix; times are whole minutes.

    Readers are promised a time to ``respond`` and one between updates; all others are for those who respond.
    """

    id: str
    name: Words
    meaning: Words
    state: Level
    impact: Impact
    aliases: tuple[str, ...] = ()
    respond: int | None = None
    update: int | None = None
    postmortem: bool = False
    detect: int | None = None
    mitigate: int | None = None
    resolve: int | None = None


class Pair(Fact, frozen=True):
    """A value for light pages and one for dark pages, often the same."""

    light: str
    dark: str


class Accent(Fact, frozen=True):
    """A colour for light pages, and one for dark pages where it is not to be found from that."""

    light: str
    dark: str | None = None


class Branding(Fact, frozen=True):
    """How the site shows whose it is: pictures by their paths in the site folder, and the colour of links."""

    logo: Pair | None = None
    icon: str | None = None
    accent: Accent | None = None

    @property
    def pictures(self) -> tuple[str, ...]:
        """Return the paths of all pictures, each once."""
        logos = (self.logo.light, self.logo.dark) if self.logo else ()
        return tuple(dict.fromkeys((*logos, *((self.icon,) if self.icon else ()))))


class Picture(Fact, frozen=True):
    """A picture of the site; ``type`` is its media type, width and height are in CSS pixels."""

    path: str
    type: str
    data: bytes
    width: float
    height: float


class Config(Fact, frozen=True):
    """``site.yml``."""

    name: Words
    url: str
    languages: tuple[str, ...]
    time_zone: str
    severities: tuple[Severity, ...]
    weights: dict[Level, float]
    windows: tuple[int, ...]
    authority: str
    description: Words | None = None
    theme: str = "default"
    repository: str | None = None
    branch: str = "main"
    links: tuple[Reference, ...] = ()
    hub: str | None = None
    forge: Forge | None = None
    folder: str = ""
    git_times: bool = False
    branding: Branding = Branding()
    search: bool = True
    markdown: Dialect = Dialect.MARKDOWN
    marks: dict[str, Mark] = {}

    @property
    def default(self) -> str:
        """Return the language that everything exists in."""
        return self.languages[0]

    def severity(self, name: str) -> Severity | None:
        """Return the severity with this id or alias, in any case of letters."""
        for severity in self.severities:
            if severity.id == name:
                return severity
        wanted = name.casefold()
        return next((s for s in self.severities if wanted in (s.id, *(a.casefold() for a in s.aliases))), None)


class Component(Fact, frozen=True):
    """One thing that can work or not."""

    id: str
    name: Words
    description: Words | None = None
    since: date | None = None
    retired: date | None = None


class Group(Fact, frozen=True):
    """Components that belong together."""

    id: str
    name: Words
    components: tuple[Component, ...]
    description: Words | None = None


class Catalogue(Fact, frozen=True):
    """``components.yml``: all groups in display order."""

    groups: tuple[Group, ...]
    marks: dict[str, Mark] = {}


class Update(Marking, frozen=True):
    """One update as written; a state of None means the severity's default.

    ``published`` is when git has it that the update came, None where that is not known or not asked for.
    """

    phase: Phase
    at: datetime
    body: str
    line: int
    body_line: int
    components: dict[str, Level | None] | None = None
    next: datetime | None = None
    amended: datetime | None = None
    marked: bytes = _NO_MARKS
    published: datetime | None = None


class Incident(Marking, frozen=True, tag=True):
    """One public incident or maintenance as written in its file."""

    kind: Kind
    id: str
    path: str
    title: str
    components: dict[str, Level | None]
    updates: tuple[Update, ...]
    severity: str | None = None
    started: datetime | None = None
    window: tuple[datetime, datetime] | None = None
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    links: tuple[Reference, ...] = ()
    draft: bool = False
    backfilled: bool = False
    marked: bytes = _NO_MARKS
    no_postmortem: str | None = None
    accept: tuple[str, ...] = ()
    made_of: bytes = b""

    @property
    def begins(self) -> datetime:
        """Return when it started: as written, else at its first update."""
        return self.started or self.updates[0].at


class TranslatedUpdate(Fact, frozen=True):
    """The words of one update in another language, found by its heading."""

    phase: Phase
    at: datetime
    body: str
    line: int
    body_line: int


UPDATES = Folding[tuple[TranslatedUpdate, ...]](tuple[TranslatedUpdate, ...])


class Translation(Fact, frozen=True, tag=True):
    """``<id>.<lang>.md``: an incident's words in another language."""

    id: str
    lang: str
    path: str
    title: str | None
    folded: bytes
    made_of: bytes = b""

    @property
    def updates(self) -> tuple[TranslatedUpdate, ...]:
        """Return the words of updates, in the order of their file."""
        return UPDATES.unfold(self.folded)


class Page(Fact, frozen=True, tag=True):
    """A free page in one language; ``lang`` is None for the original."""

    slug: str
    lang: str | None
    path: str
    title: str
    body: str
    body_line: int
    description: str | None = None
    menu: bool = True
    draft: bool = False
    accept: tuple[str, ...] = ()


class Message(Fact, frozen=True, tag=True):
    """A ready-made update in several languages, with ``$placeholders``."""

    name: str
    path: str
    phase: Phase
    texts: dict[str, str]
    title: Words | None = None
    marks: dict[str, Mark] = {}


class Action(Fact, frozen=True):
    """Something that a postmortem says will be done, or was; ``owner`` is a role, never a person."""

    title: str
    owner: str | None = None
    priority: str | None = None
    due: date | None = None
    effort: Effort | None = None
    progress: Progress = Progress.OPEN
    mark: Mark = (1, 1)


class Passage(Fact, frozen=True):
    """A section of a postmortem; ``chapter`` is None for a heading of the author's own."""

    heading: str
    chapter: Chapter | None
    body: str
    line: int
    body_line: int


PASSAGES = Folding[tuple[Passage, ...]](tuple[Passage, ...])


class Postmortem(Marking, frozen=True, tag=True):
    """A postmortem in its original language; ``lead`` is what stands before the first section."""

    id: str
    path: str
    title: str
    folded: bytes
    lead: str = ""
    lead_line: int = 1
    incident: str | None = None
    published: date | None = None
    severity: str | None = None
    minutes: int | None = None
    components: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    aliases: tuple[str, ...] = ()
    links: tuple[Reference, ...] = ()
    draft: bool = False
    marked: bytes = _NO_MARKS
    accept: tuple[str, ...] = ()
    made_of: bytes = b""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return the sections, in the order of the file."""
        return PASSAGES.unfold(self.folded)


class PostmortemTranslation(Marking, frozen=True, tag=True):
    """The words of a postmortem in another language; ``actions`` are the actions' titles in their order."""

    id: str
    lang: str
    path: str
    title: str | None
    folded: bytes
    lead: str = ""
    lead_line: int = 1
    actions: tuple[str, ...] = ()
    translated: date | None = None
    marked: bytes = _NO_MARKS
    made_of: bytes = b""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return the sections, in the order of the file."""
        return PASSAGES.unfold(self.folded)


class PostmortemEntry(Fact, frozen=True):
    """A postmortem with its translations by language."""

    original: Postmortem
    translations: dict[str, PostmortemTranslation]


class Entry(Fact, frozen=True):
    """An incident with its translations by language."""

    original: Incident
    translations: dict[str, Translation]


class PageEntry(Fact, frozen=True):
    """A free page with its translations by language."""

    original: Page
    translations: dict[str, Page]


class Site(Fact, frozen=True):
    """Everything that ``content/`` says; entries are in order of their ids."""

    config: Config
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    pages: tuple[PageEntry, ...]
    catalogue_marks: dict[str, Mark] = {}
    messages: tuple[Message, ...] = ()
    pictures: tuple[Picture, ...] = ()
    postmortems: tuple[PostmortemEntry, ...] = ()

    def components(self) -> dict[str, Component]:
        """Return all components by id, in display order."""
        return {component.id: component for group in self.groups for component in group.components}
