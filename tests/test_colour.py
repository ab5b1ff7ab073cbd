import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import colour
from generator.render.theme import load_theme

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GROUNDS = st.sampled_from([colour.LIGHT, colour.DARK])


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),  # the lightest grey that WCAG's own examples pass on white
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
        ("#00ff00", "#ffffff", 1.37),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert colour.contrast(one, other) == colour.contrast(other, one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("text", "found"), [("#0B57b4", "#0b57b4"), ("#fff", None), ("0b57b4", None), ("#0b57b4\n", None), ("red", None)]
)
def test_a_colour_has_six_digits(text: str, found: str | None) -> None:
    assert colour.parse(text) == found


@pytest.mark.parametrize(
    ("one", "lightness", "chroma"),
    [("#ffffff", 1.0, 0.0), ("#000000", 0.0, 0.0), ("#ff0000", 0.62796, 0.25768), ("#0000ff", 0.45201, 0.31321)],
)
def test_oklch_is_what_its_author_published(one: str, lightness: float, chroma: float) -> None:
    assert colour.to_oklch(one)[:2] == pytest.approx((lightness, chroma), abs=0.0002)


@given(COLOURS)
def test_a_colour_survives_the_way_to_oklch_and_back(one: str) -> None:
    there = colour.from_oklch(*colour.to_oklch(one))
    assert all(abs(a - b) <= 1 for a, b in zip(colour.rgb(one), colour.rgb(there), strict=True))


@given(COLOURS, GROUNDS)
def test_a_proposed_shade_always_passes(one: str, grounds: tuple[str, ...]) -> None:
    assert colour.least(colour.shade(one, grounds), grounds) >= colour.ENOUGH


@given(COLOURS, GROUNDS)
def test_a_colour_that_passes_stays_as_it_is(one: str, grounds: tuple[str, ...]) -> None:
    shade = colour.shade(one, grounds)
    assert (shade == one) == (colour.least(one, grounds) >= colour.ENOUGH)
    assert colour.shade(shade, grounds) == shade


@given(COLOURS, GROUNDS)
def test_no_shade_between_a_colour_and_the_proposed_one_passes(one: str, grounds: tuple[str, ...]) -> None:
    lightness, chroma, hue = colour.to_oklch(one)
    away = abs(colour.to_oklch(colour.shade(one, grounds))[0] - lightness)
    step = 0.0037  # of another size than the search's own; rounding to 8 bits moves a shade by less
    for count in range(1, int((away - 0.006) / step) + 1):
        for at in (lightness - count * step, lightness + count * step):
            if 0 <= at <= 1:
                assert colour.least(colour.from_oklch(at, chroma, hue), grounds) < colour.ENOUGH


@given(COLOURS, GROUNDS)
def test_only_the_lightness_changes(one: str, grounds: tuple[str, ...]) -> None:
    _, chroma, hue = colour.to_oklch(one)
    _, new_chroma, new_hue = colour.to_oklch(colour.shade(one, grounds))
    assert new_chroma <= chroma + 0.01
    if new_chroma > 0.04:
        turn = abs(new_hue - hue) % 6.2832
        assert min(turn, 6.2832 - turn) < 0.12


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert [colour.mixed("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]


def test_the_grounds_are_those_of_the_shipped_theme() -> None:
    sheet = next(asset.data.decode() for asset in load_theme(Path()).assets if asset.name == "style.css")
    for name, *grounds in (("raised", colour.LIGHT[0], colour.DARK[1]), ("page", colour.LIGHT[1], colour.DARK[0])):
        pairs = re.findall(rf"--{name}: light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)", sheet.partition("}")[0])
        told = [_full(value) for pair in pairs for value in pair]
        assert told, f"style.css sets --{name} otherwise"
        assert set(told) == set(grounds), "the colours in generator/colour.py are those that words stand on"


def _full(value: str) -> str:
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])
