"""Where the system's Chromium is; no browser is ever downloaded."""

from __future__ import annotations

import os
import shutil

MISSING = "Install the package `chromium` and run this again."

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def program() -> str | None:
    """Return the browser that ``STATIQUE_CHROMIUM`` names or the PATH holds, or None."""
    return os.environ.get("STATIQUE_CHROMIUM") or next(filter(None, map(shutil.which, _PROGRAMS)), None)
