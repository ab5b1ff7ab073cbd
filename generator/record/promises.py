"""What was published is a promise: what has become of a record since, and where that breaks it.

A change to a published update is allowed where the update says so, by an ``amended`` that is new or later than before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from generator.errors import Problem, shown
from generator.record.fields import unparse_time
from generator.record.model import Config, Entry, Incident, Mark, Translation, Update
from generator.terms import Kind, Level, Phase

Key = tuple[Phase, datetime]
States = Mapping[str, Level | None]

_TOP: Mark = (1, 1)


def broken(old: Entry, new: Entry, config: Config | None, *, now: datetime) -> Iterator[Problem]:
    """Yield what ``new`` breaks of the promise that ``old`` was, each at its place in the new files.

    ``config`` are the present settings, None where they cannot be read; ``now`` is what a hint writes as ``amended``.
    """
    if old.original.draft:
        return
    if new.original.draft:
        message = f'"{old.original.id}" is published, and a draft is nowhere'
        hint = "drop the line; an incident that was none is resolved by an update that says so"
        yield _at(new.original, new.original.marks.get("draft", _TOP), "A103", message, hint)
        return
    course = _Course(old.original, new.original)
    yield from course.losses()
    for number, before, after in course.kept:
        update = _Pair(old.original, new.original, number, before, after, now)
        yield from update.heading()
        yield from update.text()
        yield from update.facts(config)
        yield from update.amendment()
    yield from _started(old.original, new.original, course, now)
    yield from _window(old.original, new.original, course, now)
    yield from _aliases(old.original, new.original)
    yield from _translations(old, new, config, course, now)


def _at(record: Incident, mark: Mark, code: str, message: str, hint: str) -> Problem:
    return Problem(record.path, mark[0], mark[1], code, message, hint)


def _name(number: int, update: Update) -> str:
    return f'update {number} ("{update.phase} {unparse_time(update.at)}")'


def key(update: Update) -> Key:
    """Return what tells an update from the others of its record."""
    return update.phase, update.at


class _Course:
    """The updates of a record then and now: which have stayed, which are gone, which came between."""

    def __init__(self, old: Incident, new: Incident) -> None:
        self._old, self._new = old, new
        former, present = {key(update) for update in old.updates}, {key(update): update for update in new.updates}
        self.kept: list[tuple[int, Update, Update]] = []
        self.gone: list[tuple[int, Update]] = []
        for index, update in enumerate(old.updates):
            heir = present.get(key(update))
            if heir is None and index < len(new.updates) and key(new.updates[index]) not in former:
                heir = new.updates[index]  # it stands in the same place, under another heading
            if heir is None:
                self.gone.append((index + 1, update))
            else:
                self.kept.append((index + 1, update, heir))

    def losses(self) -> Iterator[Problem]:
        """Yield the updates that are gone, and those that do not stand where they stood."""
        for number, update in self.gone:
            message = f'{_name(number, update)} is gone; it said "{_told(update.body)}"'
            mark = (self._new.updates[min(number, len(self._new.updates)) - 1].line, 1)
            yield _at(self._new, mark, "A105", message, "put it back as it was, and append a correction")
        places = {id(update): place for place, update in enumerate(self._new.updates)}
        yield from self._between([places[id(heir)] for _, _, heir in self.kept])

    def _between(self, places: list[int]) -> Iterator[Problem]:
        last = max(places, default=-1)
        for place, update in enumerate(self._new.updates[:last]):
            if place not in places:
                message = (
                    f'{_name(place + 1, update)} was put before updates that are published: "{_told(update.body)}"'
                )
                yield _at(self._new, (update.line, 1), "A106", message, "append it, with the time at which you say it")
        highest = -1
        for place, (number, before, after) in zip(places, self.kept, strict=True):
            if place < highest:
                message = f'{_name(number, before)} has changed places: "{_told(after.body)}"'
                yield _at(self._new, (after.line, 1), "A106", message, "put the updates back into their order")
            highest = max(highest, place)

    @property
    def added(self) -> tuple[Update, ...]:
        """Return the updates that came after all that were published."""
        heirs = {id(heir) for _, _, heir in self.kept}
        return tuple(update for update in self._new.updates[len(self._old.updates) :] if id(update) not in heirs)

    @property
    def amends(self) -> bool:
        """Return whether a published update was amended."""
        return any(is_amended(before, after) for _, before, after in self.kept)


def is_amended(before: Update, after: Update) -> bool:
    """Return whether an update says that it was changed since."""
    return after.amended is not None and (before.amended is None or after.amended > before.amended)


class _Pair(msgspec.Struct, frozen=True):
    """One published update, and what stands in its place."""

    was: Incident
    record: Incident
    number: int
    before: Update
    after: Update
    now: datetime

    def heading(self) -> Iterator[Problem]:
        """Yield a change of status or time."""
        if key(self.before) != key(self.after):
            now_is = f"{self.after.phase} {unparse_time(self.after.at)}"
            yield from self._changed("A107", (self.after.line, 1), f'{self._name} is now "{now_is}"')

    def text(self) -> Iterator[Problem]:
        """Yield a change of the text."""
        before, after = settled(self.before.body), settled(self.after.body)
        if before != after:
            said, says = contrast(before, after)
            message = f'the text of {self._name} was published as "{said}" and is now "{says}"'
            yield from self._changed("A108", place_of_change(before, after, self.after.body_line), message)

    def facts(self, config: Config | None) -> Iterator[Problem]:
        """Yield changes of the components' states and of the time of the next update."""
        former, present = self._states(config)
        if former != present:
            mark = self.after.marks.get("components", (self.after.line, 1))
            if self.number == 1 and self.was.components != self.record.components:
                mark = self.record.marks.get("components", mark)
            message = f"the components of {self._name} were {_listed(former)} and are now {_listed(present)}"
            yield from self._changed("A109", mark, message)
        if self.before.next != self.after.next:
            mark = self.after.marks.get("next", (self.after.line, 1))
            message = f'"next" of {self._name} was {_when(self.before.next)} and is now {_when(self.after.next)}'
            yield from self._changed("A110", mark, message)

    def _states(self, config: Config | None) -> tuple[States, States]:
        """Return the states that the update sets, then and now; the first one's are those of the front matter too."""
        first = self.number == 1
        former = {**(self.was.components if first else {}), **(self.before.components or {})}
        present = {**(self.record.components if first else {}), **(self.after.components or {})}
        # A state may be written out that was the severity's before; a severity that changes moves no state by itself.
        usual = _usual(self.was, config)
        return _filled(former, usual), _filled(present, usual)

    def amendment(self) -> Iterator[Problem]:
        """Yield an amendment that is no longer told."""
        before, after = self.before.amended, self.after.amended
        if before is not None and (after is None or after < before):
            mark = self.after.marks.get("amended", (self.after.line, 1))
            message = f'"amended" of {self._name} was {_when(before)} and is now {_when(after)}'
            yield _at(self.record, mark, "A111", message, f"put back the line `amended: {unparse_time(before)}`")

    @property
    def _name(self) -> str:
        return _name(self.number, self.before)

    def _changed(self, code: str, mark: Mark, message: str) -> Iterator[Problem]:
        if not is_amended(self.before, self.after):
            yield _at(self.record, mark, code, message, hint(self.after, self.now))


def hint(update: Update, now: datetime) -> str:
    """Return what a person may do about a changed update."""
    line = f"`amended: {unparse_time(now.replace(second=0, microsecond=0))}`"
    how = "set its line to" if update.amended else "add the line"
    return f"append an update instead, or {how} {line} under `## {update.phase} {unparse_time(update.at)}`"


def _filled(states: States, usual: Level | None) -> States:
    return {id: level or usual for id, level in states.items()}


def _usual(record: Incident, config: Config | None) -> Level | None:
    if record.kind is Kind.MAINTENANCE:
        return Level.UNDER_MAINTENANCE
    severity = config.severity(record.severity or "") if config else None
    return severity.state if severity else None


def _started(old: Incident, new: Incident, course: _Course, now: datetime) -> Iterator[Problem]:
    if old.started == new.started or old.begins == new.begins:
        return
    if any(number == 1 and is_amended(before, after) for number, before, after in course.kept):
        return
    mark = new.marks.get("started", _TOP)
    message = f'"started" was published as {unparse_time(old.begins)} and is now {unparse_time(new.begins)}'
    yield _at(new, mark, "A104", message, hint(new.updates[0], now))


def _window(old: Incident, new: Incident, course: _Course, now: datetime) -> Iterator[Problem]:
    """Yield a window that has moved without a word: those who planned around it must be told."""
    if old.window is None or new.window is None or old.window == new.window or course.added or course.amends:
        return
    message = f"the window was published as {_span(old.window)} and is now {_span(new.window)}"
    last = new.updates[-1]
    line = f"`## {last.phase if not last.phase.ends else Phase.SCHEDULED} {unparse_time(now.replace(second=0))}`"
    yield _at(new, new.marks.get("scheduled", _TOP), "A113", message, f"append an update that says so: {line}")


def _aliases(old: Incident, new: Incident) -> Iterator[Problem]:
    for alias in old.aliases:
        if alias not in (*new.aliases, new.id):
            message = f'the former id "{alias}" led to this page, and leads nowhere now'
            mark = new.marks.get("aliases", _TOP)
            yield _at(new, mark, "A114", message, f"put it back: `aliases: [{', '.join((*new.aliases, alias))}]`")


def _translations(old: Entry, new: Entry, config: Config | None, course: _Course, now: datetime) -> Iterator[Problem]:
    for lang, translation in sorted(old.translations.items()):
        if config is None or lang in config.languages:
            yield from _translation(translation, new.translations.get(lang), new.original, course, now)


def _translation(
    old: Translation, new: Translation | None, record: Incident, course: _Course, now: datetime
) -> Iterator[Problem]:
    """Yield the published words of a translation that have changed, but for updates that say that they were amended."""
    present = {(update.phase, update.at): update for update in new.updates} if new else {}
    heirs = {key(before): (number, before, after) for number, before, after in course.kept}
    for update in old.updates:
        place = heirs.get((update.phase, update.at))
        if place is None or not update.body or is_amended(*place[1:]):
            continue
        number, before, after = place
        name, heir = f"the {old.lang} text of {_name(number, before)}", present.get(key(after))
        if new is None or heir is None or not heir.body:
            path = new.path if new else record.path
            message = f'{name} is gone from {new.path if new else old.path}; it said "{_told(update.body)}"'
            yield Problem(path, 1, 1, "A112", message, "put it back, or amend the update in the original")
        elif settled(update.body) != settled(heir.body):
            said, says = contrast(settled(update.body), settled(heir.body))
            message = f'{name} was published as "{said}" and is now "{says}"'
            line, column = place_of_change(settled(update.body), settled(heir.body), heir.body_line)
            yield Problem(new.path, line, column, "A112", message, f"in {record.path}: {hint(after, now)}")


def settled(body: str) -> str:
    """Return a text without the spaces that nobody can see: those at the ends of lines, but for two that break one."""
    lines = body.split("\n")
    broken = [line.endswith("  ") and bool(after.strip()) for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return "\n".join(line.rstrip() + ("  " if ends else "") for line, ends in zip(lines, broken, strict=True))


def contrast(old: str, new: str) -> tuple[str, str]:
    """Return two texts as one line each, from shortly before the point where they part."""
    before, after = " ".join(old.split()), " ".join(new.split())
    if before == after:  # they differ in how lines break
        before, after = old.replace("\n", "↵"), new.replace("\n", "↵")
    same = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    start = before.rfind(" ", 0, max(same - 12, 0)) + 1 if same > 30 else 0
    lead = "…" if start else ""
    return shown(lead + before[start:]), shown(lead + after[start:])


def place_of_change(old: str, new: str, line: int) -> Mark:
    """Return where ``new``, whose first line has the number ``line``, begins to differ from ``old``."""
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return line + new.count("\n", 0, same), same - new.rfind("\n", 0, same)


def _told(text: str) -> str:
    return shown(" ".join(text.split()))


def _when(moment: datetime | None) -> str:
    return "absent" if moment is None else unparse_time(moment)


def _span(window: tuple[datetime, datetime]) -> str:
    return " until ".join(map(unparse_time, window))


def _listed(states: States) -> str:
    return shown("{" + ", ".join(f"{id}: {level}" if level else id for id, level in states.items()) + "}")
