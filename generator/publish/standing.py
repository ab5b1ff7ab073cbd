"""What stands in an output before a build, compared with what was written there."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from generator.publish.files import digest_of, stands
from generator.publish.manifest import Entry
from generator.publish.memo import Fact


class Standing:
    """The files of an output as they are now.

    One look at each path that matters, and no walk: a site has a folder for each page, and listing folders
    costs four times what looking at known paths does. Without ``trusting``, times and sizes prove nothing;
    ``adopting`` takes a file of unknown origin for ours if it has the right content. ``bundles`` are the paths of
    each bundle that the manifest's files came from.
    """

    def __init__(
        self,
        folder: Path,
        files: Mapping[str, Entry],
        facts: Mapping[str, Fact],
        bundles: Mapping[bytes, tuple[str, ...]] = MappingProxyType({}),
        *,
        trusting: bool = True,
        adopting: bool = False,
    ) -> None:
        self.folder = folder
        self.files = files
        self._root = f"{folder}/"
        self.facts = facts
        self.bundles = bundles
        self._trusting = trusting
        self._adopting = adopting

    def unchanged(self, path: str, key: bytes) -> Fact | None:
        """Return the facts of the file at ``path`` if it is what was made from ``key``, unaltered since."""
        entry = self.files.get(path)
        if not self._trusting or entry is None or entry[0] != key:
            return None
        return self.holds(path, entry[1])

    def bundle(self, key: bytes) -> dict[str, Fact] | None:
        """Return the facts of all files that a bundle had, by path, if all of them are unaltered since."""
        paths = self.bundles.get(key)
        if not self._trusting or paths is None:
            return None
        try:
            found = {path: self.facts[path] for path in paths}
            # A fact that disagrees with the manifest is from before a build that was killed.
            told = all(fact[2] == self.files[path][1] for path, fact in found.items())
            return found if told and all(stands(self._root + path, fact) for path, fact in found.items()) else None
        except (OSError, KeyError):
            return None

    def holds(self, path: str, content: bytes) -> Fact | None:
        """Return the facts of the file at ``path`` if its content has the digest ``content``."""
        entry = self.files.get(path)
        if entry is None and not self._adopting:
            return None
        try:
            status = os.lstat(self._root + path)
            if not stat.S_ISREG(status.st_mode):
                return None
            fact = (status.st_mtime_ns, status.st_size, content)
            # A fact that disagrees with the manifest is from before a build that was killed.
            if self._trusting and entry and entry[1] == content and self.facts.get(path) == fact:
                return fact
            return fact if digest_of(self.folder / path) == content else None
        except OSError:
            # Whatever cannot be read is written again, which says what is wrong if that fails too.
            return None


def recognised(folder: Path, facts: Mapping[str, Fact]) -> dict[str, Entry]:
    """Return, in place of a manifest that was lost, the files that are certainly ours by size and time."""
    files: dict[str, Entry] = {}
    for path, fact in facts.items():
        with suppress(OSError):
            if stands(f"{folder}/{path}", fact):
                files[path] = (b"", fact[2])
    return files
