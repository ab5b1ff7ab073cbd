"""Values that are many and seldom read: held as few bytes, and unfolded when somebody asks."""

from __future__ import annotations

import zlib
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.msgpack.Encoder()


class Folding(Generic[T]):
    """How values of one type are folded; ``kind`` is that type, which msgspec encodes.

    Values that are ``small`` are encoded alone: compressed they would be no smaller.
    """

    def __init__(self, kind: Any, *, small: bool = False) -> None:
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(kind)
        self._small = small

    def fold(self, value: T) -> bytes:
        """Return a value folded."""
        encoded = _ENCODER.encode(value)
        return encoded if self._small else zlib.compress(encoded)

    def unfold(self, folded: bytes) -> T:
        """Return the value that was folded."""
        return self._decoder.decode(folded if self._small else zlib.decompress(folded))
