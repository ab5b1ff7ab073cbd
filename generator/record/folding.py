"""Values that are many and seldom read: held as bytes of a third of their size, and unfolded when somebody asks."""

from __future__ import annotations

import zlib
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.msgpack.Encoder()


class Folding(Generic[T]):
    """How values of one type are folded; ``kind`` is that type, which msgspec encodes."""

    def __init__(self, kind: Any) -> None:
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(kind)

    def fold(self, value: T) -> bytes:
        """Return a value folded."""
        return zlib.compress(_ENCODER.encode(value))

    def unfold(self, folded: bytes) -> T:
        """Return the value that was folded."""
        return self._decoder.decode(zlib.decompress(folded))
