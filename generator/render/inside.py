"""What tells a page that it is part of an internal site, and which addresses there are beyond the public ones."""

from __future__ import annotations

import msgspec

SHEET = "war-room.css"
"""The style sheet that internal sites alone have."""


class Inside(msgspec.Struct, frozen=True):
    """The ways around an internal site: ids of incidents with a war room, and whether there is a plan of those on call.

    It holds no word of the internal record. A public site has none of it.
    """

    rooms: tuple[str, ...]
    oncall: bool = False
