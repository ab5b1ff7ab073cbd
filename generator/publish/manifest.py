"""The marker in an output: which files the program wrote, from which arguments, with which content.

It holds nothing that depends on when or how the files were made, so it is part of the deterministic output. The files
of a bundle are a part of it that is neither read nor written anew while they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, pairwise
from os.path import commonprefix
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.publish.files import digest, is_file, system_faults

MARKER = ".statique-manifest"
FORMAT = 3
LOOSE = ""
"""The name of the part that holds all files of no bundle."""

SIZE = 16  # bytes of a key, and of a digest
_NONE = 0x20  # the character that says that paths share nothing: none before it is one that can be seen

Entry = tuple[bytes, bytes]  # the artifact's key, the digest of the content


class _Files(msgspec.Struct, frozen=True):
    """Files in order: a line for each path, and its keys and digests one after another.

    A line says how much of the path before it stands in front of it, as a character of its own: most paths of an
    output are almost alike.
    """

    paths: str
    hashes: bytes


class Part(msgspec.Struct, frozen=True):
    """Files that belong together, and the key of the bundle that they are of."""

    key: bytes
    files: msgspec.Raw

    @classmethod
    def of(cls, key: bytes, files: Mapping[str, Entry]) -> Part:
        """Return the part that holds ``files``, sorted by path."""
        paths = sorted(files)
        hashes = b"".join(chain.from_iterable(map(files.__getitem__, paths)))
        return cls(key, msgspec.Raw(msgspec.json.encode(_Files("\n".join(_shortened(paths)), hashes))))

    def entries(self) -> dict[str, Entry]:
        """Return its files by path; raise ValidationError where it does not tell them."""
        files = msgspec.json.decode(self.files, type=_Files)
        paths, hashes = [*_lengthened(files.paths)], files.hashes
        if len(hashes) != 2 * SIZE * len(paths):
            raise msgspec.ValidationError("paths and hashes are not of one length")
        pairs = range(0, len(hashes), 2 * SIZE)
        return {
            path: (hashes[at : at + SIZE], hashes[at + SIZE : at + 2 * SIZE])
            for path, at in zip(paths, pairs, strict=True)
        }


def _shortened(paths: Iterable[str]) -> Iterator[str]:
    for before, path in pairwise(("", *paths)):
        shared = len(commonprefix((before, path)))  # noqa: RUF071 characters are meant
        yield chr(_NONE + shared) + path[shared:]


def _lengthened(lines: str) -> Iterator[str]:
    path = ""
    for line in lines.split("\n") if lines else ():
        shared = ord(line[:1] or " ") - _NONE
        path = path[:shared] + line[1:]
        yield path


class Manifest(msgspec.Struct, frozen=True):
    """The files of one output in parts by name; ``label`` says which site it is, public or internal."""

    label: str
    parts: dict[str, Part]
    format: int = FORMAT

    @classmethod
    def of(cls, label: str, parts: Mapping[str, Part]) -> Manifest:
        """Return the manifest of ``parts``, sorted by name."""
        return cls(label, dict(sorted(parts.items())))

    def encode(self) -> bytes:
        """Return the bytes of the marker file: JSON without spaces, hashes in base 64."""
        return msgspec.json.encode(self)


class Found(NamedTuple):
    """The manifest in a folder, None when it cannot be understood, and its bytes, empty when there is none.

    ``proved`` is whether they are known to be what a build wrote.
    """

    manifest: Manifest | None
    encoded: bytes
    proved: bool


def read(folder: Path, *, known: bytes) -> Found:
    """Return the manifest in ``folder``: bytes with the hash ``known`` are proved, all parts of others are read."""
    marker = folder / MARKER
    if not is_file(marker):
        return Found(Manifest("", {}), b"", proved=False)
    with system_faults(f"read {marker}"):
        encoded = marker.read_bytes()
    proved = digest(encoded) == known
    try:
        manifest = msgspec.json.decode(encoded, type=Manifest)
        for part in () if proved else manifest.parts.values():
            part.entries()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Found(None, encoded, proved=False)
    return Found(manifest if manifest.format == FORMAT else None, encoded, proved)
