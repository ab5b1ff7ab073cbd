"""What is dated, in volumes by years: few of them, none too large, and all but the newest ones as they always were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")
Day = Callable[[T], date]
Volume = tuple[str, tuple[T, ...]]


def volumes(items: Iterable[T], day: Day[T], *, present: int, most: int) -> Iterator[Volume[T]]:
    """Yield the volumes of ``items`` by name; items and volumes are newest first.

    Whole years share a volume of up to ``most`` items; that of the ``present`` year, to which others still come, has no
    other year's. A year of more has several, each of as many whole months as it holds.
    """
    by_year = {year: tuple(ones) for year, ones in groupby(items, lambda one: day(one).year)}
    years: list[int] = []
    kept: tuple[T, ...] = ()
    full: list[Volume[T]] = []
    # From the oldest year on, so that the years that are over are put together as they always were.
    for year, ones in reversed(by_year.items()):
        if kept and (year >= present or len(kept) + len(ones) > most):
            full.append((_name(years), kept))
            years, kept = [], ()
        if len(ones) > most:
            full += ((f"{year}-part-{number}", part) for number, part in enumerate(_parts(ones, day, most), 1))
        else:
            years, kept = [*years, year], (*ones, *kept)
    if kept:
        full.append((_name(years), kept))
    yield from reversed(full)


def _parts(year: Sequence[T], day: Day[T], most: int) -> Iterator[tuple[T, ...]]:
    """Yield the items of a year in parts of whole months, the oldest part first."""
    kept: tuple[T, ...] = ()
    for _, ones in groupby(reversed(year), lambda one: day(one).month):
        month = tuple(ones)[::-1]
        if kept and len(kept) + len(month) > most:
            yield kept
            kept = ()
        kept = (*month, *kept)
    yield kept


def _name(years: Sequence[int]) -> str:
    return f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
