"""The picture of a link's preview: one for each state, drawn when the site is built, without a word but the name.

Programs that show previews keep a picture under its address, so an address always shows the same state. Chat programs
take no SVG, hence pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from io import BytesIO
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from generator import colour
from generator.render.states import HEIGHT, STATES, WIDTH, State

_TILE = 440  # the square that holds the shape with its ring
_FINE = 4  # drawn so many times larger, then reduced: smooth edges
_INK, _SOFT, _PAPER = "#161b22", "#525d69", "#ffffff"
_NAME_SIZE, _NAME_WIDTH = 60, 1000

Point = tuple[float, float]


class Look(NamedTuple):
    """How a state looks: its shape, its colour and its tint, as on the pages."""

    shape: str
    tone: str
    tint: str


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "none": Look("tick", "#12734a", "#e6f5ec"),
        "maintenance": Look("pause", "#1f5fbf", "#e8f0fb"),
        "minor": Look("dash", "#8a5b00", "#fdf3d3"),
        "major": Look("warning", "#bf4407", "#feeadc"),
        "critical": Look("cross", "#b3202c", "#fce7e8"),
        "note": Look("note", _SOFT, "#f1f4f7"),
        "pulse": Look("pulse", "#1c2733", "#f1f4f7"),
    }
)


@lru_cache(maxsize=64)
def poster(state: str, name: str, accent: str | None = None) -> bytes:
    """Return the PNG for a state of ``STATES``; a name with a letter that cannot be drawn is left out."""
    shown = STATES[state]
    look = LOOKS[shown.look]
    if shown.look == "pulse" and accent:
        look = Look(look.shape, accent, colour.mixed(_PAPER, accent, 0.08))
    words = name if _can_draw(name) else ""
    image = Image.new("RGB", (WIDTH, HEIGHT), look.tint)
    image.paste(_tile(shown, look), ((WIDTH - _TILE) // 2, 48 if words else (HEIGHT - _TILE) // 2))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, HEIGHT - 14, WIDTH, HEIGHT), look.tone)
    if words:
        font = _fitting(words)
        pen.text((WIDTH / 2, 548), words, fill=_INK, font=font, anchor="mm")
    return _png(image)


def _png(image: Image.Image) -> bytes:
    data = BytesIO()
    # Few colours, whose mixtures at edges are the only others: a palette holds them, and this cut keeps flat ones.
    few = image.quantize(40, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(data, "PNG", compress_level=6)  # a higher one takes five times as long for a tenth less
    return data.getvalue()


def _tile(state: State, look: Look) -> Image.Image:
    """Return the shape within its rings; what it was about sits at its lower right."""
    image = Image.new("RGB", (_TILE * _FINE, _TILE * _FINE), look.tint)
    pen, centre = ImageDraw.Draw(image), _TILE / 2
    _disc(pen, centre, centre, 216, colour.mixed(look.tint, look.tone, 0.07))
    _disc(pen, centre, centre, 182, _PAPER)
    _ring(pen, centre, look.tone, state.ring)
    _Shape(pen, (centre, centre), 9.4, look.tone).draw(look.shape)
    if state.about:
        small = LOOKS[state.about]
        _disc(pen, centre + 126, centre + 126, 68, look.tint)
        _disc(pen, centre + 126, centre + 126, 56, small.tint)
        _Shape(pen, (centre + 126, centre + 126), 3.3, small.tone).draw(small.shape)
    return image.reduce(_FINE)


def _disc(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: str) -> None:
    pen.ellipse(_scaled(((x - radius, y - radius), (x + radius, y + radius))), fill)


def _ring(pen: ImageDraw.ImageDraw, centre: float, fill: str, degrees: int) -> None:
    """Draw a ring from the top, clockwise; one of no degrees is drawn in dashes."""
    outer, width = 206, 14
    box = _scaled(((centre - outer, centre - outer), (centre + outer, centre + outer)))
    arcs = [(-90, degrees - 90)] if degrees else [(start - 98, start - 82) for start in range(0, 360, 30)]
    for start, end in arcs:
        pen.arc(box, start, end, fill, width * _FINE)


def _scaled(points: Iterable[Point]) -> list[Point]:
    return [(x * _FINE, y * _FINE) for x, y in points]


class _Shape:
    """Draws the shapes of the pages' icons, whose own space is 24 × 24, around a point."""

    def __init__(self, pen: ImageDraw.ImageDraw, middle: Point, unit: float, fill: str) -> None:
        self._pen, (self._x, self._y), self._unit, self._fill = pen, middle, unit, fill

    def draw(self, name: str) -> None:
        """Draw one shape with its mark."""
        body, round_by, marks = _SHAPES[name]
        if len(body) == 1:
            self._disc(body[0], 11.5, self._fill)
        else:
            self._pen.polygon(self._placed(body), self._fill)
            self._stroke((*body, body[0]), 2 * round_by, self._fill)
        for line in marks:
            self._stroke(line, 2.4, _PAPER)

    def _stroke(self, line: tuple[Point, ...], width: float, fill: str) -> None:
        """Draw a line with round ends and corners."""
        half = width / 2
        for (x, y), (to_x, to_y) in pairwise(line):
            far = math.hypot(to_x - x, to_y - y) / half
            aside, up = (y - to_y) / far, (to_x - x) / far
            corners = ((x + aside, y + up), (to_x + aside, to_y + up), (to_x - aside, to_y - up), (x - aside, y - up))
            self._pen.polygon(self._placed(corners), fill)
        for point in line:
            self._disc(point, half, fill)

    def _disc(self, point: Point, radius: float, fill: str) -> None:
        (x, y), size = self._placed((point,))[0], radius * self._unit * _FINE
        self._pen.ellipse((x - size, y - size, x + size, y + size), fill)

    def _placed(self, points: tuple[Point, ...]) -> list[Point]:
        return _scaled((self._x + (x - 12) * self._unit, self._y + (y - 12) * self._unit) for x, y in points)


# Each a body, by how much its corners are rounded, and the lines of its mark; one point is the middle of a disc.
_SHAPES: Mapping[str, tuple[tuple[Point, ...], float, tuple[tuple[Point, ...], ...]]] = MappingProxyType(
    {
        "tick": (((12, 12),), 0, (((6.9, 12.5), (10.5, 16.1), (17.2, 8.8)),)),
        "pause": (
            ((5.6, 5.6), (18.4, 5.6), (18.4, 18.4), (5.6, 18.4)),
            3.8,
            (((8.7, 7.8), (8.7, 16.2)), ((15.3, 7.8), (15.3, 16.2))),
        ),
        "dash": (((12, 2.1), (21.9, 12), (12, 21.9), (2.1, 12)), 1.5, (((7.3, 12), (16.7, 12)),)),
        "warning": (((12, 3), (21.8, 20), (2.2, 20)), 1.8, (((12, 8.6), (12, 13.6)), ((12, 17.2), (12, 17.3)))),
        "cross": (
            ((8, 2.5), (16, 2.5), (21.5, 8), (21.5, 16), (16, 21.5), (8, 21.5), (2.5, 16), (2.5, 8)),
            1.5,
            (((8.2, 8.2), (15.8, 15.8)), ((15.8, 8.2), (8.2, 15.8))),
        ),
        "note": (((12, 12),), 0, (((12, 11.4), (12, 17)), ((12, 7.1), (12, 7.2)))),
        "pulse": (((12, 12),), 0, (((4.6, 12.6), (8.2, 12.6), (10.4, 7), (13.9, 17), (15.9, 12.6), (19.4, 12.6)),)),
    }
)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font that comes with the library, which has little more than ASCII, and needs no file of ours."""
    return ImageFont.load_default(size)


def _fitting(words: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font in the largest size in which the words fit on their line."""
    size = _NAME_SIZE
    while size > 24 and _font(size).getlength(words) > _NAME_WIDTH:
        size -= 4
    return _font(size)


def _can_draw(words: str) -> bool:
    """Return whether the font has every character; for those that it lacks it draws one and the same box."""
    font = _font(24)
    box = bytes(font.getmask("\uffff"))
    return font.getlength(words) <= _NAME_WIDTH and all(
        char == " " or bytes(font.getmask(char)) != box for char in words
    )
