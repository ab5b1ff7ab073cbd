"""What a build makes: paths, keys and the functions that give the bytes, checked before any is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import pairwise

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


@dataclass(frozen=True)
class Artifact:
    """One file of the output: its relative posix path, what returns the hash of all it is made of, and its maker."""

    path: str
    keyed: Callable[[], bytes]
    make: Callable[[], bytes]
    rank: Rank
    origin: str

    @cached_property
    def key(self) -> bytes:
        """Return the hash of what the file is made of."""
        return self.keyed()


@dataclass(frozen=True)
class Bundle:
    """Artifacts that are made of the same things: while their ``key`` is the same, so are all of their paths and keys.

    So most of a large archive is known to stand without a look at what any file of it is made from. ``name`` tells it
    from all other bundles of a site, and stays what it is while ``key`` changes.
    """

    name: str
    keyed: Callable[[], bytes]
    artifacts: Callable[[], Iterable[Artifact]]

    @cached_property
    def key(self) -> bytes:
        """Return the hash of what all of them are made of."""
        return self.keyed()


@dataclass(frozen=True)
class Strand:
    """Artifacts and bundles that wait for no others: strands are found out in any order, perhaps beside each other.

    ``name`` tells it from all other strands and bundles of a site.
    """

    name: str
    artifacts: Callable[[], Iterable[Artifact | Bundle]]


def unbundled(found: Iterable[Artifact | Bundle]) -> Iterator[Artifact]:
    """Yield all artifacts, each for itself."""
    for one in found:
        if isinstance(one, Bundle):
            yield from one.artifacts()
        else:
            yield one


class Paths:
    """The paths of one output: each is claimed by itself, and all are compared with each other in the end.

    Of a large site there are so many that no more is kept of one than what was claimed, and by whom.
    """

    def __init__(self) -> None:
        self._segments: set[str] = set()
        self._paths: list[str] = []
        self._origins: list[str] = []

    def claim(self, path: str, origin: str) -> None:
        """Take ``path`` for ``origin``; raise PathError when it is unsafe."""
        if len(path) > LONGEST:
            raise PathError(f"{origin}: the output path {quoted(path)} has more than {LONGEST} characters")
        for segment in path.split("/"):
            if segment not in self._segments:
                if not _PLAIN.fullmatch(segment):
                    _check_segment(segment, path, origin)
                self._segments.add(segment)
        self._paths.append(path)
        self._origins.append(origin)

    def take(self, paths: Sequence[str], origin: str) -> None:
        """Take ``paths`` that were safe when a build before claimed them."""
        self._paths += paths
        self._origins += [origin] * len(paths)

    def join(self, other: Paths) -> None:
        """Take what was claimed elsewhere."""
        self._paths += other._paths
        self._origins += other._origins

    def check(self) -> None:
        """Raise PathError when two claims clash.

        Paths that differ only in case or in Unicode composition are one file on some systems, so they clash.
        """
        # What lies in a folder comes right after a file of the folder's name.
        keys = [fold(path).replace("/", "\0") for path in self._paths]
        for first, second in pairwise(sorted(range(len(keys)), key=keys.__getitem__)):
            if keys[second].startswith(keys[first]):
                if keys[first] == keys[second]:
                    raise self._clash(first, second, "two things ask for one output path")
                if keys[second][len(keys[first])] == "\0":
                    raise self._clash(first, second, "one needs as a folder what the other makes a file")

    def _clash(self, first: int, second: int, reason: str) -> PathError:
        one, other = (f"{quoted(self._paths[n])} from {self._origins[n]}" for n in sorted((first, second)))
        return PathError(f"{reason}: {one}, and {other}")


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
