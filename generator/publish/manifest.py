"""The marker in an output: which files the program wrote, from which arguments, with which content.

It holds nothing that depends on when or how the files were made, so it is part of the deterministic output. The files
of a bundle are a part of it that is neither read nor written anew while they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.publish.files import digest, is_file, system_faults

MARKER = ".statique-manifest"
FORMAT = 2
LOOSE = ""
"""The name of the part that holds all files of no bundle."""

Entry = tuple[bytes, bytes]  # the artifact's key, the digest of the content


class Part(msgspec.Struct, frozen=True):
    """Files that belong together, and the key of the bundle that they are of."""

    key: bytes
    files: msgspec.Raw

    @classmethod
    def of(cls, key: bytes, files: Mapping[str, Entry]) -> Part:
        """Return the part that holds ``files``, sorted by path."""
        return cls(key, msgspec.Raw(msgspec.json.encode(dict(sorted(files.items())))))

    def entries(self) -> dict[str, Entry]:
        """Return its files by path."""
        return msgspec.json.decode(self.files, type=dict[str, Entry])


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
