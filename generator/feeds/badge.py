"""The state as a badge: a small picture for a README, and the JSON from which shields.io draws its own."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from xml.etree.ElementTree import Element

import msgspec

from generator.feeds.document import json_bytes, leaf, line, shortened, xml_bytes
from generator.publish.artifact import Artifact, Rank
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.terms import Level, Overall
from generator.view.basics import Label, keyed
from generator.view.views import LanguageView

LONGEST = 60
HEIGHT = 20
MARGIN = 6
CORNER = 3

# White text on each of these has a contrast of 4.5 to 1 or more (WCAG 1.4.3); the colours are the theme's.
_NAME_COLOUR = "#3d4650"
_COLOURS: Mapping[Overall | Level | None, str] = MappingProxyType(
    {
        Overall.NONE: "#17803d",
        Overall.MAINTENANCE: "#2468c2",
        Overall.MINOR: "#946200",
        Overall.MAJOR: "#ad4200",
        Overall.CRITICAL: "#b91c2b",
        Level.OPERATIONAL: "#17803d",
        Level.UNDER_MAINTENANCE: "#2468c2",
        Level.DEGRADED_PERFORMANCE: "#946200",
        Level.PARTIAL_OUTAGE: "#ad4200",
        Level.MAJOR_OUTAGE: "#b91c2b",
        None: "#52606d",
    }
)

# Advance widths of Verdana in units of its em, 2048; what is not listed is as wide as a digit.
_EM = 2048
_SIZE = 11
_WIDTHS: Mapping[str, int] = MappingProxyType(
    {
        char: width
        for width, chars in {
            550: "'‘’",
            562: "il·",
            705: "j",
            720: " f",
            745: ",.",
            807: "!t",
            862: "I",
            874: "r",
            930: "()-/:;[]\\|J",
            940: '"“”',
            1067: "cs",
            1076: "z",
            1117: "?",
            1140: "L",
            1177: "F",
            1212: "kvxy",
            1230: "aeP",
            1243: "o",
            1262: "TY",
            1276: "bdgpq",
            1295: "Enhu",
            1404: "ABSVXZ",
            1430: "CKR",
            1494: "U&",
            1540: "HN",
            1588: "DG",
            1612: "OQ",
            1676: "#+<=>^~w",
            1726: "M",
            1992: "m",
            2025: "W",
            2048: "@—…",
            2204: "%",
        }.items()
        for char in chars
    }
)
_DIGIT = 1302


class Badge(msgspec.Struct, frozen=True):
    """Whose state it is, and the state: of the whole site, of a component, or None of a component out of service."""

    name: Label
    state: Overall | Level | None


class Field(msgspec.Struct, frozen=True):
    """One half of the picture; its width is in pixels, margins included."""

    text: str
    lang: str
    colour: str
    width: int


class Endpoint(msgspec.Struct, frozen=True, rename="camel"):
    """What shields.io reads (its "endpoint badge", schema version 1); ``color`` is hexadecimal."""

    schema_version: int
    label: str
    message: str
    color: str


def files(view: LanguageView, address: Address, language: Language) -> Iterator[Artifact]:
    """Yield every badge of one language in both of its forms."""
    for component, badge in badges(view):
        for form, make in _FORMS.items():
            yield Artifact(
                path=address.file(routes.badge(form, component)),
                keyed=keyed("badge", form, fingerprint(), language.fingerprint, badge),
                make=partial(make, badge, language),
                rank=Rank.FEED,
                origin=f"the {form} badge of {component or 'the site'} ({address.lang})",
            )


def badges(view: LanguageView) -> Iterator[tuple[str | None, Badge]]:
    """Yield the site's badge with None, and every component's with its id."""
    yield None, Badge(view.info.name, view.home.overall)
    serving = {component.id for group in view.home.groups for component in group.components}
    for page in view.components:
        component = page.component
        yield component.id, Badge(component.name, component.level if component.id in serving else None)


def endpoint(badge: Badge, language: Language) -> bytes:
    """Return the JSON of a badge."""
    return json_bytes(Endpoint(1, _name(badge), message(badge, language), _COLOURS[badge.state].removeprefix("#")))


def svg(badge: Badge, language: Language) -> bytes:
    """Return the picture of a badge: the name, then the state in a word and a colour, from the right in Arabic."""
    name, state = _name(badge), message(badge, language)
    fields = (
        Field(name, badge.name.lang, _NAME_COLOUR, width(name) + 2 * MARGIN),
        Field(state, language.code, _COLOURS[badge.state], width(state) + 2 * MARGIN),
    )
    whole = sum(field.width for field in fields)
    root = _picture(f"{name}: {state}", whole, language)
    start = 0
    for field in fields if language.direction == "ltr" else reversed(fields):
        leaf(root, "path", d=_outline(start, start + field.width, whole), fill=field.colour)
        _write(root, field, start, language)
        start += field.width
    return xml_bytes(root)


def message(badge: Badge, language: Language) -> str:
    """Return the state in words."""
    if badge.state is None:
        return language.gettext("Out of service")
    return language.overall(badge.state) if isinstance(badge.state, Overall) else language.level(badge.state)


def width(text: str) -> int:
    """Return how many whole pixels a text takes in Verdana of 11 pixels; of other scripts, about how many."""
    return math.ceil(sum(map(_advance, unicodedata.normalize("NFD", text))) * _SIZE / _EM)


def _advance(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0
    return _EM if unicodedata.east_asian_width(char) in {"W", "F"} else _WIDTHS.get(char, _DIGIT)


def _name(badge: Badge) -> str:
    return shortened(line(badge.name.text), LONGEST)


def _picture(words: str, wide: int, language: Language) -> Element:
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "width": str(wide), "height": str(HEIGHT)})
    root.attrib |= {"viewBox": f"0 0 {wide} {HEIGHT}", "role": "img", "aria-label": words, "xml:lang": language.code}
    leaf(root, "title", words)
    return root


def _outline(start: int, end: int, whole: int) -> str:
    """Return the path of one half; the corners of the whole are round."""
    left, right = (CORNER if start == 0 else 0), (CORNER if end == whole else 0)
    top = f"M{start + left} 0H{end - right}a{right} {right} 0 0 1 {right} {right}"
    bottom = f"V{HEIGHT - right}a{right} {right} 0 0 1 -{right} {right}H{start + left}"
    return f"{top}{bottom}a{left} {left} 0 0 1 -{left} -{left}V{left}a{left} {left} 0 0 1 {left} -{left}z"


def _write(root: Element, field: Field, start: int, language: Language) -> None:
    spoken = {} if field.lang == language.code else {"xml__lang": field.lang}
    turned = {"direction": "rtl"} if language.direction_of(field.lang) == "rtl" else {}
    # The table knows Verdana: text in another font, or in a script that is not in the table, is fitted.
    leaf(
        root, "text", field.text, x=f"{start + field.width / 2:g}", y="14", fill="#fff",
        textLength=f"{field.width - 2 * MARGIN}", lengthAdjust="spacingAndGlyphs",
        **{"text-anchor": "middle", "font-family": "Verdana, Geneva, DejaVu Sans, sans-serif", "font-size": f"{_SIZE}"},
        **spoken, **turned,
    )  # fmt: skip


_FORMS: Mapping[str, Callable[[Badge, Language], bytes]] = MappingProxyType({"svg": svg, "json": endpoint})
