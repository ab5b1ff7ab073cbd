"""Colours: their contrast as WCAG 2.2 defines it, and the nearest shade of one that has enough of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

ENOUGH = 4.5
"""The contrast that text needs (WCAG 2.2, 1.4.3)."""

LIGHT = ("#ffffff", "#f5f6f8")
DARK = ("#0d1117", "#161c24")
"""What words stand on, in the default theme: the page, and what is raised from it."""

PLENTY = 7.0
"""The contrast that a colour keeps on dark pages, if it has as much on light ones (WCAG 2.2, 1.4.6)."""

_HEX = re.compile(r"#[0-9a-f]{6}\Z")
_STEPS = 1000

Triple = tuple[float, float, float]


def parse(text: str) -> str | None:
    """Return a colour in small letters, ``#rrggbb``; None where ``text`` is none."""
    return text.lower() if _HEX.match(text.lower()) else None


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, brighter = sorted((_luminance(one), _luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


def least(colour: str, grounds: Sequence[str]) -> float:
    """Return the contrast of a colour with the ground that it stands out from least."""
    return min(contrast(colour, ground) for ground in grounds)


def shade(colour: str, grounds: Sequence[str], *, enough: float = ENOUGH) -> str:
    """Return the shade of ``colour`` nearest to it that has enough contrast with all ``grounds``.

    Only the lightness changes, in OKLCH, where equal steps look equal; chroma gives way where the screen has no such
    colour. One of black and white is reached at the latest.
    """
    if least(colour, grounds) >= enough:
        return colour
    lightness, chroma, hue = to_oklch(colour)
    candidates = (from_oklch(at, chroma, hue) for at in _outward(lightness))
    return next((found for found in candidates if least(found, grounds) >= enough), _pole(grounds))


def on_dark(light: str) -> str:
    """Return what stands for a colour of light pages on dark ones, with as much contrast where it has too little."""
    if least(light, DARK) >= ENOUGH:
        return light
    return shade(light, DARK, enough=min(least(light, LIGHT), PLENTY))


def to_oklch(colour: str) -> Triple:
    """Return lightness (0 to 1), chroma and hue in radians (https://bottosson.github.io/posts/oklab/)."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour of these coordinates, with as much of the chroma as the screen has at that lightness."""
    whole = _rgb(lightness, chroma, hue)
    if _shown(whole):
        return _hex(whole)
    low, high = 0.0, chroma
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if _shown(_rgb(lightness, middle, hue)) else (low, middle)
    return _hex(_rgb(lightness, low, hue))


def mixed(one: str, other: str, share: float) -> str:
    """Return ``one`` with a share of ``other`` in it, from 0 to 1."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return _hex(a + (b - a) * share for a, b in pairs)


def rgb(colour: str) -> tuple[int, int, int]:
    """Return a colour's red, green and blue, each from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _outward(start: float) -> Iterator[float]:
    """Yield every lightness from 0 to 1 in small steps, the nearest to ``start`` first."""
    for step in range(1, _STEPS + 1):
        yield from (at for at in (start - step / _STEPS, start + step / _STEPS) if 0 <= at <= 1)


def _pole(grounds: Sequence[str]) -> str:
    return max(("#000000", "#ffffff"), key=lambda pole: least(pole, grounds))


def _rgb(lightness: float, chroma: float, hue: float) -> Triple:
    """Return the parts of a colour of OKLCH; what the screen cannot show is below 0 or above 1."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def _shown(parts: Triple) -> bool:
    return all(-0.002 <= part <= 1.002 for part in parts)


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2), from 0 of black to 1 of white."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _parts(colour: str) -> Triple:
    red, green, blue = rgb(colour)
    return red / 255, green / 255, blue / 255


def _hex(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{min(255, max(0, round(part * 255))):02x}" for part in parts)
