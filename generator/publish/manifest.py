"""The marker in an output: which files the program wrote, from which arguments, with which content.

It holds nothing that depends on when or how the files were made, so it is part of the deterministic output.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from generator.publish.files import is_file, system_faults

MARKER = ".statique-manifest"
FORMAT = 1

Entry = tuple[bytes, bytes]  # the artifact's key, the digest of the content


class Manifest(msgspec.Struct, frozen=True):
    """The files of one output by path; ``label`` says which site it is, public or internal."""

    label: str
    files: dict[str, Entry]
    format: int = FORMAT

    @classmethod
    def of(cls, label: str, files: Mapping[str, Entry]) -> Manifest:
        """Return the manifest of ``files``, sorted by path."""
        return cls(label, dict(sorted(files.items())))

    def encode(self) -> bytes:
        """Return the bytes of the marker file: JSON without spaces, hashes in base 64."""
        return msgspec.json.encode(self)


def read(folder: Path) -> tuple[Manifest | None, bytes]:
    """Return the manifest in ``folder`` and its bytes: empty when there is none, None when it cannot be understood."""
    marker = folder / MARKER
    if not is_file(marker):
        return Manifest("", {}), b""
    with system_faults(f"read {marker}"):
        encoded = marker.read_bytes()
    try:
        manifest = msgspec.json.decode(encoded, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None, encoded
    return (manifest if manifest.format == FORMAT else None), encoded
