"""The section ``branding`` of ``site.yml``: pictures by their paths, and colours that everybody can read."""

from __future__ import annotations

import re

from generator import colour
from generator.errors import shown
from generator.record.fields import Fields
from generator.record.model import Accent, Branding, Pair
from generator.record.nodes import Mapping, Scalar

FOLDER = "content/brand/"

_PART = "[A-Za-z0-9_-][A-Za-z0-9._-]*"
PICTURE_PATH = re.compile(rf"{FOLDER}(?:{_PART}/)*{_PART}\.(?:svg|png|webp)\Z")
_A_PATH = "the path of a picture"
_QUOTE = 'put it in quotes, as in "#0b57b4": a bare # begins a comment'


def read_branding(fields: Fields) -> Branding:
    """Return how the site shows whose it is; what is wrong with it is noted."""
    node = fields.take("branding")
    inner = fields.inner(node, "a map with logo, icon and accent") if node is not None else None
    if inner is None:
        return Branding()
    logo, icon, accent = _logo(inner), _path(inner.scalar("icon", _A_PATH), inner), _accent(inner)
    inner.close()
    return Branding(logo, icon, accent)


def _logo(fields: Fields) -> Pair | None:
    node = fields.take("logo")
    if not isinstance(node, Mapping):
        path = _path(node, fields) if isinstance(node, Scalar) else None
        return Pair(path, path) if path else None
    inner = Fields(node, fields.report)
    light = _path(inner.scalar("light", _A_PATH, required=True), inner)
    dark = _path(inner.scalar("dark", _A_PATH), inner)
    inner.close()
    return Pair(light, dark or light) if light else None


def _path(node: Scalar | None, fields: Fields) -> str | None:
    if node is None:
        return None
    if PICTURE_PATH.match(node.text):
        return node.text
    hint = f"put it there, and write its path as in {FOLDER}logo.svg"
    message = f'"{shown(node.text)}" is not the path of an SVG, PNG or WebP picture in {FOLDER}'
    fields.report.add("S141", node.mark, message, hint)
    return None


def _accent(fields: Fields) -> Accent | None:
    node = fields.take("accent")
    if node is None and "accent" in fields.marks:
        fields.report.add("S142", fields.marks["accent"], '"accent" has no value', _QUOTE)
    if not isinstance(node, Mapping):
        light = _colour(node, colour.LIGHT, "light", fields) if isinstance(node, Scalar) else None
        return Accent(light) if light else None
    inner = Fields(node, fields.report)
    light = _colour(inner.scalar("light", "a colour", required=True), colour.LIGHT, "light", inner)
    dark = _colour(inner.scalar("dark", "a colour"), colour.DARK, "dark", inner)
    inner.close()
    return Accent(light, dark) if light else None


def _colour(node: Scalar | None, grounds: tuple[str, ...], scheme: str, fields: Fields) -> str | None:
    """Return a colour in which words can be read on ``grounds``."""
    if node is None:
        return None
    found = colour.parse(node.text)
    if found is None:
        fields.report.add("S142", node.mark, f'"{shown(node.text)}" is not a colour', 'write it as "#0b57b4"')
        return None
    ratio = int(colour.least(found, grounds) * 100) / 100
    if ratio >= colour.ENOUGH:
        return found
    message = f"{found} has a contrast of {ratio:.2f}:1 on {scheme} pages, less than {colour.ENOUGH}:1"
    nearest = colour.shade(found, grounds)
    fields.report.add("S143", node.mark, message, f'"{nearest}" is the nearest shade that can be read there')
    return None
