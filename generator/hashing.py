"""Hashes by which results are known: the same for equal values, in any process and on any machine."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

NOTHING = bytes(16)
"""The hash of what is not there."""

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


def key_of(*parts: object) -> bytes:
    """Return 16 bytes that are the same for equal ``parts``, in any process and on any machine.

    A part is anything that msgspec encodes. A record's type does not enter the key, its fields do:
    callers put the kind of the thing first.
    """
    return blake2b(_ENCODER.encode(parts), digest_size=16).digest()
