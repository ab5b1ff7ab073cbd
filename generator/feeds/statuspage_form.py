"""The shape of the Statuspage API's documents (version 2): every field in the order of the original, and no other.

Some clients refuse an unknown key and some a missing one, so each is always there. Lists are never null.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

import msgspec

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTH = 12


class Page(msgspec.Struct, frozen=True):
    """The site; the same in every document of a language."""

    id: str
    name: str
    url: str
    time_zone: str
    updated_at: str


class Status(msgspec.Struct, frozen=True):
    """The site's one statement."""

    indicator: str
    description: str


class Component(msgspec.Struct, frozen=True):
    """A component, or a group of components; only groups have ``components``, the ids of those in it."""

    id: str
    name: str
    status: str
    created_at: str
    updated_at: str
    position: int
    description: str | None
    showcase: bool
    start_date: str | None
    group_id: str | None
    page_id: str
    group: bool
    only_show_if_degraded: bool
    components: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


class Affected(msgspec.Struct, frozen=True):
    """A component's states before and after an update; ``code`` is its id."""

    code: str
    name: str
    old_status: str
    new_status: str


class Update(msgspec.Struct, frozen=True):
    """A published update; ``body`` is text without markup."""

    id: str
    status: str
    body: str
    incident_id: str
    created_at: str
    updated_at: str
    display_at: str
    affected_components: tuple[Affected, ...]
    deliver_notifications: bool
    custom_tweet: None = None
    tweet_id: None = None


class Incident(msgspec.Struct, frozen=True):
    """An incident, its updates newest first."""

    id: str
    name: str
    status: str
    created_at: str
    updated_at: str
    monitoring_at: str | None
    resolved_at: str | None
    impact: str
    shortlink: str
    started_at: str
    page_id: str
    incident_updates: tuple[Update, ...]
    components: tuple[Component, ...]


class Maintenance(Incident, frozen=True):
    """Planned work: an incident with announced times."""

    scheduled_for: str
    scheduled_until: str


def stamp(moment: datetime) -> str:
    """Return a moment with milliseconds, in UTC: ``2026-02-22T02:51:00.000Z``."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@lru_cache(4096)
def code(authority: str, *names: str) -> str:
    """Return 12 letters and digits that stand for a thing of a site for good, in the form of the original's ids."""
    number = int.from_bytes(blake2b("\n".join((authority.lower(), *names)).encode(), digest_size=16).digest())
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(digits)
