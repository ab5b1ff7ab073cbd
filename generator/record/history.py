"""The published record as git has it, compared with the files as they are: nothing may change silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from generator.errors import Problem, shown
from generator.record.folder import CONTENT, Place, is_record, parsed, places, read_source
from generator.record.git import Repository
from generator.record.model import Config, Entry, Incident, Translation
from generator.record.parse import FOLDERS, Parse, Parsed, parse_records
from generator.record.promises import broken, key

LOGS = tuple(folder for folder, kind in FOLDERS.items() if kind is not None)
"""The folders whose files are append-only."""

_UNREADABLE = ("F", "S", "Y")


def rewritten(
    root: Path, revision: str, *, now: datetime, config: Config | None, parse: Parse = parse_records
) -> tuple[Problem, ...]:
    """Return what the files in ``root`` change in the record that was published at ``revision``, sorted by place.

    They are compared with the newest commit that ``revision`` and the checked-out one both came from, so a branch is
    not told that it deleted what it has not seen yet. Raises UsageError and SystemFault.
    """
    repository = repository_of(root)
    found: set[Problem] = set()
    new = {place.path: place for place in places(root, LOGS)}
    for base in repository.bases(revision):
        former = {f"{CONTENT}/{path}": blob for path, blob in repository.files(base, LOGS).items()}
        old = {path: blob for path, blob in former.items() if is_record(path)}
        touched = frozenset(f"{CONTENT}/{path}" for path in repository.differing(base, LOGS))
        change = _Change.between(old, new, touched, repository, parse)
        found.update(change.problems(config, now))
    return tuple(sorted(found))


def repository_of(root: Path) -> Repository:
    """Return the repository of the content, which may be one of its own; raise UsageError where there is none."""
    content = root / CONTENT
    return Repository.around(content if content.is_dir() else root)


class _Change(msgspec.Struct, frozen=True):
    """The records that may not be, byte for byte, where and what they were: those of then and of now by id.

    ``before`` are all ids of then; ``unclear`` are ids whose files cannot be read now, which is a problem of its own.
    """

    old: Mapping[str, Entry]
    new: Mapping[str, Entry]
    before: frozenset[str]
    unclear: frozenset[str]

    @classmethod
    def between(
        cls,
        old: Mapping[str, str],
        new: Mapping[str, Place],
        touched: frozenset[str],
        repository: Repository,
        parse: Parse,
    ) -> _Change:
        """Return what lies between a commit's objects and the files of now, by path; ``touched`` may differ."""
        ids = {_id(path) for path in (old.keys() ^ new.keys()) | touched}
        then = [path for path in old if _id(path) in ids]
        former = list(parse(zip(then, repository.read(old[path] for path in then), strict=True)))
        now = [place for path, place in new.items() if _id(path) in ids]
        latter = parsed([read_source(place) for place in now], parse)
        unclear = {_id(place.path) for place, one in zip(now, latter, strict=True) if not _is_clear(one)}
        return cls(_entries(former), _entries(latter), frozenset(map(_id, old)), frozenset(unclear))

    def problems(self, config: Config | None, now: datetime) -> Iterator[Problem]:
        """Yield every broken promise."""
        heirs = {alias: entry for entry in self.new.values() for alias in entry.original.aliases}
        for id, old in self.old.items():
            if old.original.draft or id in self.unclear:
                continue
            new = self.new.get(id) or heirs.get(id)
            if new is None:
                new = self._renamed(old)
                yield _gone(old) if new is None else _unnamed(old, new)
            if new is not None and new.original.kind is not old.original.kind:
                yield _moved(old, new)
            elif new is not None:
                yield from broken(old, new, config, now=now)

    def _renamed(self, old: Entry) -> Entry | None:
        """Return the new record that has most of an old one's updates, None where no new one has any."""
        keys = set(map(key, old.original.updates))
        new = [entry for id, entry in self.new.items() if id not in self.before]
        shared = [(len(keys & set(map(key, entry.original.updates))), entry) for entry in new]
        count, likely = max(shared, key=lambda one: one[0], default=(0, None))
        return likely if count else None


def _id(path: str) -> str:
    return path.rsplit("/", 1)[-1].partition(".")[0]


def _is_clear(parsed: Parsed) -> bool:
    """Return whether all of a file could be read: what is wrong with its texts does not count."""
    return parsed.record is not None and not any(
        problem.code.startswith(_UNREADABLE) for problem in parsed.problems if not problem.warning
    )


def _entries(parsed: Iterable[Parsed]) -> Mapping[str, Entry]:
    """Return the records that could be read, by id and with their translations."""
    records = [one.record for one in parsed if _is_clear(one)]
    words: dict[str, dict[str, Translation]] = {}
    for record in records:
        if isinstance(record, Translation):
            words.setdefault(record.id, {})[record.lang] = record
    originals = [record for record in records if isinstance(record, Incident)]
    return {one.id: Entry(one, words.get(one.id, {})) for one in originals}


def _gone(old: Entry) -> Problem:
    record = old.original
    count, last = len(record.updates), shown(" ".join(record.updates[-1].body.split()))
    message = f'{record.kind} "{record.id}" was published and its file is gone; its last update said "{last}"'
    hint = f"put it back, with its {count} update{'' if count == 1 else 's'}; say in a new update what was wrong"
    return Problem(record.path, 1, 1, "A101", message, hint)


def _unnamed(old: Entry, new: Entry) -> Problem:
    record = new.original
    message = f'this was published as "{old.original.id}", in {old.original.path}; that address leads nowhere now'
    hint = f"add `aliases: [{', '.join((*record.aliases, old.original.id))}]` to its front matter"
    return Problem(record.path, 1, 1, "A102", message, hint)


def _moved(old: Entry, new: Entry) -> Problem:
    record = new.original
    message = (
        f'"{old.original.id}" was published as {old.original.kind}, in {old.original.path}, and is {record.kind} now'
    )
    return Problem(record.path, 1, 1, "A101", message, "put it back, and write the other under an id of its own")
