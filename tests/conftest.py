"""What all tests share: where the repository is, a real Chromium, and properties that are searched repeatably."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from look import chromium as system

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from look.sites import Site
    from tests.visits import Visitor

# No deadline: no test measures time. Derandomised: a run says the same twice; `--hypothesis-profile search` looks
# further.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None, max_examples=2000, database=None)
settings.load_profile("repeatable")

_NO_CHROMIUM = f"NO CHROMIUM: the pages were not tried in a browser. {system.MISSING}"


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let several jobs be several processes, though a browser of other tests may have left threads behind."""
    monkeypatch.setattr("generator.publish.workers.can_fork", lambda: True)


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """Give a running headless Chromium; ask it for a `new_context` or a `new_page`, and close those.

    The browser is the system's, found on the PATH or named by `STATIQUE_CHROMIUM`. Where there is none the test is
    skipped, and the summary says so; with `STATIQUE_NEEDS_CHROMIUM` set, as it is in CI, the test fails.
    """
    program = system.program()
    if program is None:
        if os.environ.get("STATIQUE_NEEDS_CHROMIUM"):
            pytest.fail(_NO_CHROMIUM)
        pytest.skip(_NO_CHROMIUM)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> "Callable[[str], Site]":
    """Return a function that gives a site of `look.sites` by its name; each is built once in a run."""
    from tests.visits import Builder

    # The processes that share the tests have their folders beside each other.
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    folder = tmp_path_factory.mktemp("look") if alone else tmp_path_factory.getbasetemp().parent / "look"
    folder.mkdir(exist_ok=True)
    return Builder(folder)


@pytest.fixture
def visitor(chromium: "Browser", built: "Callable[[str], Site]") -> "Iterator[Visitor]":
    """Give one who opens pages of those sites; what a page must not do on its own fails the test at its end."""
    from tests.visits import Visitor

    found = Visitor(chromium, built)
    yield found
    found.close()
    assert found.unforgiven() == []
