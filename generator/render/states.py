"""The states that pictures of links' previews show: known without drawing any."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

WIDTH, HEIGHT = 1200, 630
"""The size of a picture in pixels."""


class State(NamedTuple):
    """What a poster shows: a look, the look of what it was about, and how much of the ring is drawn, in degrees."""

    look: str
    about: str = ""
    ring: int = 360


DEFAULT = "default"
_OPEN = 270
STATES: Mapping[str, State] = MappingProxyType(
    {
        DEFAULT: State("pulse"),
        **{name: State(name) for name in ("none", "maintenance", "minor", "major", "critical")},
        **{f"incident-{name}-open": State(name, ring=_OPEN) for name in ("minor", "major", "critical")},
        **{f"incident-{name}-ended": State("none", name) for name in ("minor", "major", "critical")},
        "incident-none-open": State("note", ring=_OPEN),
        "incident-none-ended": State("none", "note"),
        "maintenance-planned": State("maintenance", ring=0),
        "maintenance-open": State("maintenance", ring=_OPEN),
        "maintenance-ended": State("none", "maintenance"),
    }
)
