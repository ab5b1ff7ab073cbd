"""What a build makes: paths, keys and the functions that give the bytes, checked before any is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from generator.errors import StatiqueError, shown

KNOWN_DOT_NAMES = frozenset({".nojekyll", ".well-known"})
LONGEST = 1000  # leaves room for the output folder below what systems allow

# Source: "Naming Files, Paths, and Namespaces" in the documentation of Windows.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"}
)
_PLAIN = re.compile(r"[a-z0-9_-]{5,100}(?:\.[a-z0-9_-]{1,50})?")  # most names, and none that is reserved
_FORBIDDEN = frozenset('<>:"|?*\\')


class PathError(StatiqueError):
    """An artifact asks for a path that cannot be written, or that another artifact has."""


class Rank(IntEnum):
    """When a changed file moves into place: whatever a page needs is there before the page is."""

    ASSET = 0
    PAGE = 1
    FEED = 2
    HOME = 3


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the output: its relative posix path, the hash of what it is made from, and its maker."""

    path: str
    key: bytes
    make: Callable[[], bytes]
    rank: Rank
    origin: str


class Bundle(NamedTuple):
    """Artifacts that are made of the same things: while ``key`` is the same, so are all of their paths and keys.

    So most of a large archive is known to stand without a look at what any file of it is made from. ``name`` tells it
    from all other bundles of a site, and stays what it is while ``key`` changes.
    """

    name: str
    key: bytes
    artifacts: Callable[[], Iterable[Artifact]]


def unbundled(found: Iterable[Artifact | Bundle]) -> Iterator[Artifact]:
    """Yield all artifacts, each for itself."""
    for one in found:
        if isinstance(one, Bundle):
            yield from one.artifacts()
        else:
            yield one


class Paths:
    """The paths of one output, claimed one after the other; each claim is checked against all before."""

    def __init__(self) -> None:
        self._segments: set[str] = set()
        self._files: dict[str, tuple[str, str]] = {}
        self._folders: dict[str, tuple[str, str]] = {}

    def claim(self, path: str, origin: str) -> None:
        """Take ``path`` for ``origin``; raise PathError when it is unsafe or clashes with an earlier claim.

        Paths that differ only in case or in Unicode composition are one file on some systems, so they clash.
        """
        if len(path) > LONGEST:
            raise PathError(f"{origin}: the output path {quoted(path)} has more than {LONGEST} characters")
        for segment in path.split("/"):
            if segment not in self._segments:
                if not _PLAIN.fullmatch(segment):
                    _check_segment(segment, path, origin)
                self._segments.add(segment)
        folded = fold(path)
        claim = (path, origin)
        if folded in self._files:
            raise PathError(_clash(self._files[folded], claim, "two things ask for one output path"))
        if folded in self._folders:
            raise PathError(_clash(self._folders[folded], claim, "one needs as a folder what the other makes a file"))
        self._files[folded] = claim
        self._claim_folders(folded, claim)

    def claim_all(self, paths: Sequence[str], origin: str) -> None:
        """Take ``paths`` that were claimed by one build before, so that they are safe and none clashes with another."""
        folded = {fold(path): (path, origin) for path in paths}
        folders = {folder: claim for path, claim in folded.items() for folder in _folders(path)}
        if self._files.keys().isdisjoint(folded.keys() | folders.keys()) and self._folders.keys().isdisjoint(folded):
            self._files |= folded
            self._folders |= folders
        else:
            for path in paths:
                self.claim(path, origin)

    def _claim_folders(self, folded: str, claim: tuple[str, str]) -> None:
        for folder in _folders(folded):
            if folder in self._folders:
                return
            if folder in self._files:
                raise PathError(_clash(self._files[folder], claim, "one needs as a folder what the other makes a file"))
            self._folders[folder] = claim


def _folders(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, the nearest first."""
    while path := path.rpartition("/")[0]:
        yield path


def fold(path: str) -> str:
    """Return the form of ``path`` that is equal for all paths which some file system takes for one."""
    if path.isascii():
        return path if path.islower() else path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def is_safe(path: str) -> bool:
    """Return whether ``path`` is one that an artifact may have."""
    return len(path) <= LONGEST and not any(map(_fault, path.split("/")))


def quoted(text: str) -> str:
    """Return ``text`` for a message: in quotes, shortened, unprintable characters as U+XXXX."""
    return f'"{shown(text)}"'


def _clash(first: tuple[str, str], second: tuple[str, str], reason: str) -> str:
    return f"{reason}: {quoted(first[0])} from {first[1]}, and {quoted(second[0])} from {second[1]}"


def _check_segment(segment: str, path: str, origin: str) -> None:
    if fault := _fault(segment):
        raise PathError(f"{origin}: the output path {quoted(path)} {fault}")


def _fault(segment: str) -> str:
    if not segment:
        return "is absolute, empty or has an empty part"
    if segment.startswith(".") and segment not in KNOWN_DOT_NAMES:
        return f"has the part {quoted(segment)}, which leaves the folder or is hidden"
    if any(char in _FORBIDDEN or not char.isprintable() for char in segment):
        return "has a character that not every system allows in a name"
    if segment.endswith((".", " ")) or segment.partition(".")[0].rstrip(" ").casefold() in _RESERVED:
        return f"has the part {quoted(segment)}, a name that Windows does not allow"
    if len(segment.encode()) > 255:
        return "has a part of more than 255 bytes"
    return ""
