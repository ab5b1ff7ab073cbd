"""Records in lots, by months mostly: what is asked of each lot by itself need not be asked again for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from generator.record.model import Entry, PostmortemEntry

E = TypeVar("E", Entry, PostmortemEntry)


def lots_of(entries: Iterable[E]) -> Iterator[tuple[E, ...]]:
    """Yield records that are in the order of their ids in lots of those that begin alike."""
    return (tuple(ones) for _, ones in groupby(entries, lambda entry: entry.original.id[:7]))
