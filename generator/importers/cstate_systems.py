"""cState's categories and systems to groups and components, with the systems that only old issues still name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

import msgspec

from generator.errors import Problem, shown
from generator.importers import hugo
from generator.importers.cstate_issue import Issue, Named
from generator.importers.foreign import emit, slug, unique
from generator.record.fields import TITLE_LIMIT

GROUP_LIMIT = 100
DESCRIPTION_LIMIT = 500


class System(msgspec.Struct, frozen=True):
    """A thing that can work or not, as cState's configuration has it."""

    name: str
    title: str
    description: str
    category: str


class Category(msgspec.Struct, frozen=True):
    """A heading above systems."""

    name: str
    description: str


class Component(msgspec.Struct, frozen=True, omit_defaults=True):
    """A component to write; ``retired`` is a day."""

    id: str
    name: str
    description: str | None = None
    retired: str | None = None


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """A group to write."""

    id: str
    name: str
    components: tuple[Component, ...]
    description: str | None = None


class Catalogue(msgspec.Struct, frozen=True):
    """All groups, the component that each system's name stands for, and the one of issues that name none."""

    groups: tuple[Group, ...]
    ids: dict[str, str]
    whole: str | None

    def components(self, affected: Iterable[Named]) -> list[str]:
        """Return the ids of the components that an issue affects, each once."""
        ids = dict.fromkeys(self.ids[key(named.name)] for named in affected)
        return list(ids) or ([self.whole] if self.whole else [])

    def text(self) -> str:
        """Return ``components.yml``."""
        return emit({"groups": [_fields(group) for group in self.groups]})


def _fields(group: Group) -> dict[str, object]:
    fields: dict[str, object] = msgspec.to_builtins(group)
    return {**{name: fields[name] for name in ("id", "name", "description") if name in fields}, **fields}


def key(name: str) -> str:
    """Return what makes two names the same system for Hugo: case and kind of space do not count."""
    return "-".join(name.casefold().split())


def read_systems(params: hugo.Keys) -> tuple[System, ...]:
    """Return the systems of a configuration; those without a name are noted and left out."""
    found: dict[str, System] = {}
    for keys in params.tables("systems"):
        name = " ".join(keys.text("name").split())
        if not name or len(name) > TITLE_LIMIT:
            hint = f"name it in at most {TITLE_LIMIT} characters"
            keys.report.add("I106", keys.mark, "a system's name is missing or too long", hint)
            continue
        if key(name) in found:
            keys.report.add("I113", keys.mark, f'the system "{shown(name)}" stands twice', "keep one of them")
            continue
        description = _description(keys, *keys.text("link").split())
        title = " ".join(keys.text("displayName").split()) or name
        found[key(name)] = System(name, title[:TITLE_LIMIT], description, " ".join(keys.text("category").split()))
    return tuple(found.values())


def read_categories(params: hugo.Keys) -> tuple[Category, ...]:
    """Return the categories of a configuration in order."""
    found: dict[str, Category] = {}
    for keys in params.tables("categories"):
        name = " ".join(keys.text("name").split())[:TITLE_LIMIT]
        if name:
            found.setdefault(name, Category(name, _description(keys)))
    return tuple(found.values())


def _description(keys: hugo.Keys, *more: str) -> str:
    """Return a description as one line, with what else belongs to it, cut where it is too long."""
    text = " ".join([*keys.text("description").split(), *more])
    if len(text) <= DESCRIPTION_LIMIT:
        return text
    message = f"a description of {len(text)} characters was cut after {DESCRIPTION_LIMIT}"
    keys.report.add("I115", keys.mark, message, "put the whole of it on a page of its own", warning=True)
    return text[: DESCRIPTION_LIMIT - 1].rstrip() + "…"


def catalogue(
    systems: Sequence[System] | None,
    categories: Sequence[Category],
    issues: Sequence[Issue],
    *,
    site: str,
    zone: tzinfo,
) -> tuple[Catalogue, tuple[Problem, ...]]:
    """Return groups and components, and a warning for each system that only issues name.

    ``systems`` is None where no configuration could be read: then nothing tells which systems are former ones. A
    site without systems gets one component for the whole of it, named ``site``.
    """
    builder = _Builder(zone)
    for category in _used(systems or (), categories):
        members = [system for system in systems or () if system.category == category.name]
        builder.group(category.name or "Systems", category.description, members)
    whole = None if systems else builder.group("Services", "", [System(site, site, "", "")])
    uses = _unlisted(issues, builder.ids)
    if uses:
        builder.former(uses, retire=systems is not None)
    listed = None if systems is None else [system.name for system in systems]
    problems = () if listed is None else tuple(_warning(use, builder, listed) for use in uses)
    return Catalogue(tuple(builder.groups), builder.ids, whole), problems


def _used(systems: Sequence[System], categories: Sequence[Category]) -> Iterator[Category]:
    """Yield the categories that have systems: the declared ones in order, then those that systems alone name."""
    declared = {category.name: category for category in categories}
    wanted = dict.fromkeys([*declared, *(system.category for system in systems)])
    used = {system.category for system in systems}
    yield from (declared.get(name, Category(name, "")) for name in wanted if name in used)


class _Uses(msgspec.Struct, frozen=True):
    """A system that no configuration lists, with its first mention and the issues that name it."""

    named: Named
    issues: tuple[Issue, ...]


def _unlisted(issues: Sequence[Issue], listed: dict[str, str]) -> tuple[_Uses, ...]:
    found: dict[str, list[tuple[Named, Issue]]] = {}
    for issue in issues:
        for named in issue.affected:
            if key(named.name) not in listed:
                found.setdefault(key(named.name), []).append((named, issue))
    uses = [_Uses(pairs[0][0], tuple(issue for _, issue in pairs)) for pairs in found.values()]
    return tuple(sorted(uses, key=lambda use: (key(use.named.name), use.named.name)))


class _Builder:
    """Collects groups, giving each and each component an id that nothing else has."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.groups: list[Group] = []
        self.ids: dict[str, str] = {}
        self.retired: dict[str, str] = {}
        self._taken: set[str] = set()
        self._group_ids: set[str] = set()

    def name(self, system: str) -> str:
        """Return the id of a system, made when it is first asked for."""
        if key(system) not in self.ids:
            id = unique(slug(system, "system"), self._taken)
            self._taken.add(id)
            self.ids[key(system)] = id
        return self.ids[key(system)]

    def group(self, name: str, description: str, systems: Sequence[System]) -> str:
        """Add a group, or several where it is too long for one; return the id of its first component."""
        components = []
        for system in systems:
            id = self.name(system.name)
            retired = self.retired.get(key(system.name))
            components.append(Component(id, system.title, system.description or None, retired))
        for start in range(0, len(components), GROUP_LIMIT):
            id = unique(slug(name, "group"), self._group_ids)
            self._group_ids.add(id)
            part = tuple(components[start : start + GROUP_LIMIT])
            self.groups.append(Group(id, name, part, description or None))
        return components[0].id

    def former(self, uses: Sequence[_Uses], *, retire: bool) -> None:
        """Add the group of systems that only issues name, retired on the day of their last issue unless it is open."""
        for use in uses:
            if retire and all(issue.end is not None for issue in use.issues):
                last = max(issue.last for issue in use.issues)
                self.retired[key(use.named.name)] = last.astimezone(self.zone).date().isoformat()
        # Of names that differ in punctuation alone, the usual one gets the plain id.
        for use in sorted(uses, key=lambda use: -len(use.issues)):
            self.name(use.named.name)
        systems = [System(use.named.name, use.named.name, "", "") for use in uses]
        self.group("Former systems" if retire else "Systems", "", systems)


def _warning(use: _Uses, builder: _Builder, listed: Sequence[str]) -> Problem:
    name = use.named.name
    day = builder.retired.get(key(name))
    fate = f"it became a former one, retired {day}" if day else "it became a former one, in use by an open issue"
    close = difflib.get_close_matches(name, listed, n=1, cutoff=0.85)
    hint = "if it still runs, move it to another group of content/components.yml"
    hint = f'did you mean "{shown(close[0])}"?' if close else hint
    line, column = use.named.mark
    message = f'the configuration has no system "{shown(name)}": {fate}'
    return Problem(use.issues[0].source, line, column, "I114", message, hint, warning=True)
