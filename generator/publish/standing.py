"""What stands in an output before a build, compared with what was written there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from generator.publish.facts import Facts, Intact, Sum, intact
from generator.publish.files import Fact, digest_of, exists, stands
from generator.publish.manifest import SIZE, Entry, Part


class Standing:
    """The files of an output as they are now.

    One look at each path that matters, and no walk: a site has a folder for each page, and listing folders
    costs four times what looking at known paths does. Without ``trusting``, times and sizes prove nothing;
    ``adopting`` takes a file of unknown origin for ours if it has the right content. ``proved`` is whether ``facts``
    are those of the files in ``parts``; ``looked`` returns what another process has found of these meanwhile.
    """

    def __init__(
        self,
        folder: Path,
        parts: Mapping[str, Part],
        facts: Facts,
        *,
        proved: bool = False,
        trusting: bool = True,
        adopting: bool = False,
        looked: Callable[[], Intact] | None = None,
    ) -> None:
        self.folder = folder
        self.parts = parts
        self.facts = facts
        self._root = f"{folder}/"
        self.proved = proved
        self._trusting = trusting
        self._adopting = adopting
        self._looked = looked
        self._entries: dict[str, Mapping[str, Entry]] = {}
        self._facts: dict[str, Mapping[str, Fact]] = {}

    def entry(self, path: str, part: str) -> Entry | None:
        """Return what the manifest says of ``path``, now made as one of ``part``; None where it is not ours."""
        entry = self.part(part).get(path)
        # All parts are looked through only for what may have come from another one.
        return self._all.get(path) if entry is None and self.parts and exists(self._root + path) else entry

    def part(self, name: str) -> Mapping[str, Entry]:
        """Return what the manifest says of one part, by path; nothing where it has none of this name."""
        if name not in self._entries:
            self._entries[name] = self.parts[name].entries() if name in self.parts else {}
        return self._entries[name]

    def unchanged(self, path: str, key: bytes, part: str) -> Fact | None:
        """Return the facts of the file at ``path`` if it is what was made from ``key``, unaltered since."""
        entry = self.entry(path, part)
        if not self._trusting or entry is None or entry[0] != key:
            return None
        return self.holds(path, entry[1], part)

    def bundle(self, name: str, key: bytes) -> Sum | None:
        """Return the sum of all files that a bundle had if all of them are unaltered since."""
        part = self.parts.get(name)
        if not (self._trusting and self.proved) or part is None or part.key != key:
            return None
        return self._intact.get(name) or intact(self.folder, self.facts, name)

    def settled(self) -> bool:
        """Return whether a build ended here, and another process has found what stands of it since."""
        return self._trusting and self.proved and bool(self._intact)

    @cached_property
    def _intact(self) -> Mapping[str, Sum]:
        looked = self._looked() if self._looked else None
        # Another build may have come between.
        return looked.parts if looked and looked.marker == self.facts.marker else {}

    def holds(self, path: str, content: bytes, part: str) -> Fact | None:
        """Return the facts of the file at ``path`` if its content has the digest ``content``."""
        entry = self.entry(path, part)
        if entry is None and not self._adopting:
            return None
        try:
            status = os.lstat(self._root + path)
            if not stat.S_ISREG(status.st_mode):
                return None
            fact = (status.st_mtime_ns, status.st_size, content)
            # A fact that disagrees with the manifest is from before a build that was killed.
            if self._trusting and entry and entry[1] == content and self._fact(path, part) == fact:
                return fact
            return fact if digest_of(self.folder / path) == content else None
        except OSError:
            # Whatever cannot be read is written again, which says what is wrong if that fails too.
            return None

    def _fact(self, path: str, part: str) -> Fact | None:
        if part not in self._facts:
            self._facts[part] = self.facts.part(part)
        return self._facts[part].get(path)

    @cached_property
    def _all(self) -> Mapping[str, Entry]:
        return {path: entry for part in self.parts.values() for path, entry in part.entries().items()}


def recognised(folder: Path, facts: Mapping[str, Fact]) -> dict[str, Entry]:
    """Return, in place of a manifest that was lost, the files that are certainly ours by size and time."""
    files: dict[str, Entry] = {}
    for path, fact in facts.items():
        with suppress(OSError):
            if stands(f"{folder}/{path}", fact):
                files[path] = (bytes(SIZE), fact[2])
    return files
