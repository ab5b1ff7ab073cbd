"""Badges: pictures that say the state in words, and what shields.io reads."""

from __future__ import annotations

import json
import re
from itertools import chain
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.feeds.badge import Badge, badges, endpoint, svg, width
from generator.terms import Level, Overall
from generator.view.basics import Label
from tests.feed_reading import made, replaced
from tests.sample_views import NAMES, sample_languages, sample_site

SVG = "{http://www.w3.org/2000/svg}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STATES = (*Overall, *Level, None)
LANGUAGES = sample_languages()


def picture(name: str, state: Overall | Level | None, *, lang: str = "en", named_in: str = "en") -> ET.Element:
    return ET.fromstring(svg(Badge(Label(name, named_in), state), LANGUAGES[lang]))


def words(root: ET.Element) -> list[str]:
    """Return the texts of a picture from left to right."""
    return [text.text or "" for text in sorted(root.iter(f"{SVG}text"), key=lambda text: float(text.attrib["x"]))]


def colours(root: ET.Element) -> list[str]:
    return [path.attrib["fill"] for path in root.iter(f"{SVG}path")]


def contrast(colour: str, other: str = "#ffffff") -> float:
    """Return the contrast of two colours (WCAG 2.2, "contrast ratio")."""

    def luminance(hexadecimal: str) -> float:
        shares = [int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(colour), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_site_and_every_component_have_one_in_every_language_and_form() -> None:
    for lang in ("", "fr/", "ar/"):
        for folder in ("", *(f"components/{id}/" for id in NAMES)):
            root = ET.fromstring(made(f"{lang}{folder}badge.svg"))
            facts = json.loads(made(f"{lang}{folder}badge.json"))
            assert facts.keys() == {"schemaVersion", "label", "message", "color"}
            assert root.attrib["aria-label"] == f"{facts['label']}: {facts['message']}"


def test_a_badge_says_the_state_now() -> None:
    assert json.loads(made("badge.json")) == {
        "schemaVersion": 1,
        "label": "Lumen Status",
        "message": "Some systems are down",
        "color": "b91c2b",
    }
    assert json.loads(made("fr/components/portal-api/badge.json"))["message"] == "Panne partielle"


def test_a_component_that_is_retired_is_not_said_to_work() -> None:
    """From its day on it is not on the home page, and until then it works."""
    (view,) = sample_site(languages=("en",)).languages
    assert dict(badges(view))["search"].state is Level.UNDER_MAINTENANCE
    without = msgspec.structs.replace(view, home=msgspec.structs.replace(view.home, groups=view.home.groups[:1]))
    badge = dict(badges(without))["search"]
    facts = json.loads(endpoint(badge, LANGUAGES["en"]))
    assert (facts["label"], facts["message"], facts["color"]) == ("Search", "Out of service", "52606d")
    assert words(ET.fromstring(svg(badge, LANGUAGES["en"]))) == ["Search", "Out of service"]


def test_a_picture_has_a_name_for_those_who_do_not_see_it() -> None:
    root = picture("Portal", Level.MAJOR_OUTAGE)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == root.findtext(f"{SVG}title") == "Portal: Major outage"
    assert root[0].tag == f"{SVG}title"


@pytest.mark.parametrize("state", STATES)
def test_the_words_stand_out(state: Overall | Level | None) -> None:
    root = picture("Portal", state)
    assert {text.attrib["fill"] for text in root.iter(f"{SVG}text")} == {"#fff"}
    assert all(contrast(colour) >= 4.5 for colour in colours(root))
    assert f"#{json.loads(endpoint(Badge(Label('x', 'en'), state), LANGUAGES['en']))['color']}" == colours(root)[1]


def test_states_that_differ_in_kind_differ_in_colour() -> None:
    assert len({colours(picture("x", state))[1] for state in (*Level, None)}) == len(Level) + 1


def test_from_right_to_left_the_name_stands_on_the_right() -> None:
    assert words(picture("Portal", Level.OPERATIONAL)) == ["Portal", "Operational"]
    turned = picture("بوابة", Level.OPERATIONAL, lang="ar", named_in="ar")
    assert words(turned) == ["Operational", "بوابة"]
    assert {text.get("direction") for text in turned.iter(f"{SVG}text")} == {"rtl"}


def test_a_name_in_another_language_says_so() -> None:
    root = picture("Portal", Level.OPERATIONAL, lang="ar", named_in="en")
    assert root.get(LANG) == "ar"
    name, state = ({t.text: t for t in root.iter(f"{SVG}text")}[text] for text in ("Portal", "Operational"))
    assert (name.get(LANG), name.get("direction")) == ("en", None)
    assert (state.get(LANG), state.get("direction")) == (None, "rtl")


def test_nothing_stands_outside_and_nothing_overlaps() -> None:
    root = picture("Portal API", Overall.MINOR)
    boxes = sorted(
        (
            float(t.attrib["x"]) - float(t.attrib["textLength"]) / 2,
            float(t.attrib["x"]) + float(t.attrib["textLength"]) / 2,
        )
        for t in root.iter(f"{SVG}text")
    )
    edges = list(chain.from_iterable(boxes))
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= float(root.attrib["width"])
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} 20"


@pytest.mark.parametrize(
    ("text", "pixels"), [("build", 27), ("passing", 41), ("coverage", 51), ("日本語", 33), ("é", 7), ("", 0)]
)
def test_widths_are_those_of_verdana(text: str, pixels: int) -> None:
    """Measured in Verdana of 11 pixels; East Asian letters are as wide as they are high."""
    assert abs(width(text) - pixels) <= 1


def test_a_long_name_is_cut() -> None:
    facts = json.loads(endpoint(Badge(Label("word " * 40, "en"), Level.OPERATIONAL), LANGUAGES["en"]))
    assert len(facts["label"]) <= 60
    assert facts["label"].endswith("word…")


@given(st.text(max_size=80), st.sampled_from(STATES), st.sampled_from(("en", "ar")))
def test_any_name_makes_a_picture_of_any_state(name: str, state: Overall | Level | None, lang: str) -> None:
    root = picture(name, state, lang=lang)
    assert all(re.fullmatch(r"\d+", root.attrib[side]) for side in ("width", "height"))
    assert len(words(root)) == 2


def test_an_update_elsewhere_leaves_a_badge_as_it_was() -> None:
    from generator.feeds import badge
    from generator.render.routes import Address

    site = sample_site(languages=("en",))
    (view,) = site.languages
    address = Address(site.url, "en", "en")
    busier = replaced(site, home=msgspec.structs.replace(view.home, overall=Overall.MINOR)).languages[0]
    before, after = (
        {artifact.path: artifact.key for artifact in badge.files(one, address, LANGUAGES["en"])}
        for one in (view, busier)
    )
    assert {path for path in before if before[path] != after[path]} == {"badge.svg", "badge.json"}
