"""Kinds of values and options that several commands take, and the clock that they share."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from generator.errors import UsageError
from generator.terms import Audience


class Moment(click.ParamType[datetime]):
    """A time with its offset, as in the content."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment in UTC."""
        from generator.record.fields import NotTime, parse_time

        try:
            return value if isinstance(value, datetime) else parse_time(str(value))
        except NotTime:
            self.fail(
                f"{value!r} is not a time with an offset, or out of range; write it as 2026-02-22T02:51Z", param, ctx
            )


class Zone(click.ParamType[ZoneInfo]):
    """The name of a time zone."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """Return the zone."""
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
        except (ValueError, OSError, ZoneInfoNotFoundError):
            self.fail(f"{value!r} is not a time zone; write it as Europe/Berlin or UTC", param, ctx)


class SiteAddress(click.ParamType[str]):
    """The address that a site stands at."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address as documents have it."""
        from generator.record.settings import NotAddress, site_address

        try:
            return site_address(str(value))
        except NotAddress as fault:
            self.fail(f"{fault.message}; {fault.hint}", param, ctx)


NOW = click.option("--now", type=Moment(), help="Build as of this time; default: SOURCE_DATE_EPOCH, else the clock.")
OUT = click.option("--out", type=click.Path(path_type=Path), help="The root of the site to write.")
INTERNAL = click.option(
    "--internal", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the internal record; default: content/internal, where it is there.",
)  # fmt: skip
AUDIENCE = click.option(
    "--audience", type=click.Choice([one.value for one in Audience]), default=Audience.PUBLIC.value, show_default=True,
    help="Whom the site is for; the internal one adds what only responders may know.",
)  # fmt: skip
URL = click.option(
    "--url", type=SiteAddress(),
    help="The address that the internal site stands at; default: that of the public one.",
)  # fmt: skip


MOST_JOBS = 4


def processors() -> int:
    """Return how many processes work where nobody says: one for each processor, as far as more of them gain much."""
    # Elsewhere a process may not be forked, or libraries of the system do not bear it.
    return min(MOST_JOBS, len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1


JOBS = click.option(
    "--jobs", type=click.IntRange(1, 64), default=processors, help="Processes that work.",
    show_default=f"on Linux one for each processor, at most {MOST_JOBS}",
)  # fmt: skip


def workspace_folder(root: Path) -> str:
    """Return the path of a site's folder in the repository that a workflow works on: ``""``, or as ``status/``."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    try:
        below = root.resolve().relative_to(Path(workspace).resolve()) if workspace else Path()
    except (ValueError, OSError):
        return ""
    return "" if below == Path() else f"{below.as_posix()}/"


def clock(now: datetime | None) -> datetime:
    """Return the time to build as of: the one asked for, SOURCE_DATE_EPOCH, or the present, to the second."""
    if now is not None:
        return now
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH={epoch!r} is not a number of seconds") from None


def refuse_overlay(audience: str, internal: Path | None, url: str | None) -> None:
    """Raise UsageError where a public site is asked to read what only responders may know, or to stand elsewhere."""
    if url is not None and audience != Audience.INTERNAL:
        raise UsageError("--url goes with --audience internal; the public site stands at `url` of content/site.yml")
    if internal is not None and audience != Audience.INTERNAL:
        raise UsageError("--internal goes with --audience internal; a public site never reads that folder")
