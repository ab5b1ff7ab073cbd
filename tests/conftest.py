"""What all tests share: where the repository is, a real Chromium, and properties that are searched repeatably."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No deadline: no test measures time. Derandomised: a run says the same twice; `--hypothesis-profile search` looks
# further.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, max_examples=2000, database=None)
settings.load_profile("repeatable")

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_NO_CHROMIUM = "NO CHROMIUM: the pages were not tried in a browser. Install the package `chromium` and run this again."


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """Give a running headless Chromium; ask it for a `new_context` or a `new_page`, and close those.

    The browser is the system's, found on the PATH or named by `STATIQUE_CHROMIUM`. Where there is none the test is
    skipped, and the summary says so; with `STATIQUE_NEEDS_CHROMIUM` set, as it is in CI, the test fails.
    """
    program = os.environ.get("STATIQUE_CHROMIUM") or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        if os.environ.get("STATIQUE_NEEDS_CHROMIUM"):
            pytest.fail(_NO_CHROMIUM)
        pytest.skip(_NO_CHROMIUM)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()
