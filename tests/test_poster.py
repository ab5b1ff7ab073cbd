from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from generator.render.poster import LOOKS, poster
from generator.render.states import DEFAULT, HEIGHT, STATES, WIDTH
from generator.render.theme import load_theme
from generator.terms import Impact, Overall


def drawn(state: str, name: str = "Acme") -> Image.Image:
    return Image.open(BytesIO(poster(state, name))).convert("RGB")


@pytest.mark.parametrize("state", STATES)
def test_a_poster_is_small_and_has_the_size_that_programs_ask_for(state: str) -> None:
    data = poster(state, "Harbour Master of Lumen")
    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT)) == ("PNG", (1200, 630))
    assert len(data) < 20_000
    assert data == poster(state, "Harbour Master of Lumen")


def test_every_state_has_a_poster_of_its_own() -> None:
    assert len({poster(state, "Acme") for state in STATES}) == len(STATES)
    assert {*map(str, Overall), DEFAULT} <= STATES.keys()
    assert {f"incident-{impact}-{end}" for impact in Impact for end in ("open", "ended")} <= STATES.keys()


@pytest.mark.parametrize("overall", [str(overall) for overall in Overall])
def test_a_poster_has_the_colours_of_its_state(overall: str) -> None:
    image, look = drawn(overall), LOOKS[overall]
    assert _hex(image.getpixel((20, 20))) == look.tint
    assert _hex(image.getpixel((20, HEIGHT - 4))) == look.tone


def test_the_colours_are_those_of_the_pages() -> None:
    sheet = next(asset.data.decode() for asset in load_theme(Path()).assets if asset.name == "style.css")
    for overall in Overall:
        assert LOOKS[overall].tone in sheet, "the colours in generator/render/poster.py are those of style.css"
        assert LOOKS[overall].tint in sheet


def test_edges_are_smooth() -> None:
    pixels = drawn("critical", "").crop((380, 95, 820, 535)).getcolors(1 << 20)
    assert pixels is not None
    assert len(pixels) > 12


def test_a_name_is_drawn_or_left_out_whole() -> None:
    bare = poster("none", "")
    assert poster("none", "Lumen & Sons") != bare
    assert poster("none", "Åre Skidlift") == bare
    assert poster("none", "港の状態") == bare
    assert poster("none", "Lumen 港") == bare
    assert poster("none", "W" * 300) == bare


def test_a_long_name_fits() -> None:
    image = drawn("none", "The Municipal Harbour and Ferry Authority of Lumen")
    tint = LOOKS["none"].tint
    margins = [_hex(image.getpixel((x, y))) for x in (30, WIDTH - 30) for y in range(500, 600)]
    assert set(margins) == {tint}
    assert any(_hex(image.getpixel((x, 548))) != tint for x in range(WIDTH))


def test_the_poster_of_no_state_has_the_accent() -> None:
    image = Image.open(BytesIO(poster(DEFAULT, "Acme", "#0c6478"))).convert("RGB")
    assert _hex(image.getpixel((20, HEIGHT - 4))) == "#0c6478"


def _hex(pixel: object) -> str:
    assert isinstance(pixel, tuple)
    return "#" + "".join(f"{part:02x}" for part in pixel)
