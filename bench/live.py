"""From saving a file to the browser having reloaded: `statique serve` and a real Chromium.

``python -m bench.live`` (it needs the dependencies of the tests, and a Chromium)
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

from playwright.sync_api import Page, sync_playwright

from bench import synthetic
from generator import __version__

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
REPORT = "addEventListener('load', () => console.log(`loaded ${performance.timeOrigin + performance.now()}`))"
SPENT = re.compile(r"in (\d+) ms$")
PAUSE = 0.5  # seconds between two saves, as between those of a quick person


class Wait(NamedTuple):
    """Milliseconds of one save: those that the server spent on a new edition, and those until the page had loaded."""

    build: float
    reload: float


class Bench:
    """A server, a browser that shows one of its pages, and the newest incident, which is saved again and again."""

    def __init__(self, site: Path, address: str, said: IO[str], page: Page) -> None:
        self._said, self._page, self._saves = said, page, 0
        self._file = max((site / "content" / "incidents").rglob("*[!.]??.md"), key=lambda file: file.name)
        self._loaded: list[float] = []
        self.addresses = {"the incident": f"{address}incidents/{self._file.stem}/", "the home page": address}
        page.add_init_script(REPORT)
        page.on("console", lambda told: self._hear(told.text))

    def show(self, name: str) -> None:
        """Open a page."""
        self._page.goto(self.addresses[name])
        time.sleep(PAUSE)

    def save(self) -> Wait:
        """Save the incident with another word in it; return what passed until the browser showed that."""
        self._saves += 1
        text = self._file.read_text(encoding="utf-8")
        self._loaded.clear()
        begun = time.time()
        self._file.write_text(f"{text}\nSave {self._saves}.\n", encoding="utf-8")
        while not self._loaded:
            self._page.wait_for_timeout(10)
        # A short page that did not reload would be a fast one.
        if "incidents" in self._page.url and f"Save {self._saves}." not in self._page.inner_text("main"):
            raise SystemExit("the page that was loaded is not the one that was saved")
        spent = next(found for line in iter(self._said.readline, "") if (found := SPENT.search(line)))
        time.sleep(PAUSE)
        return Wait(float(spent[1]), self._loaded[0] - 1000 * begun)

    def _hear(self, text: str) -> None:
        if text.startswith("loaded "):
            self._loaded.append(float(text.split()[1]))


@contextmanager
def served(site: Path) -> Iterator[tuple[str, IO[str]]]:
    """Give the address of a site while it is served, and what the server says."""
    command = [sys.executable, "-u", "-m", "generator.cli", "-C", str(site), "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        said = cast("IO[str]", process.stdout)
        try:
            yield said.readline().split()[0], said
        finally:
            process.terminate()


def table(rows: Sequence[tuple[str, Sequence[Wait]]]) -> str:
    """Return the rows as a table in Markdown: medians and the worst."""
    lines = ["| shown | build, median | worst | save to loaded, median | worst |", "|---|---:|---:|---:|---:|"]
    for name, waits in rows:
        cells = [f"{choose(figures):.0f} ms" for figures in zip(*waits, strict=True) for choose in (_median, max)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


_median: Callable[[Sequence[float]], float] = statistics.median


def arguments() -> argparse.Namespace:
    """Return what was asked."""
    parser = argparse.ArgumentParser(prog="bench.live", description="Measure how soon a browser shows what was saved.")
    parser.add_argument("--incidents", type=int, default=1000)
    parser.add_argument("--languages", type=int, default=4, choices=range(1, 5))
    parser.add_argument("--repeat", type=int, default=15, metavar="N", help="saves for each page")
    return parser.parse_args()


def main() -> None:
    """Write a site, serve it, save, and print the table."""
    asked = arguments()
    program = os.environ.get("STATIQUE_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SystemExit("there is no Chromium; install the package `chromium`")
    with tempfile.TemporaryDirectory(prefix="statique-bench-") as folder, sync_playwright() as playwright:
        site = synthetic.write_site(Path(folder), incidents=asked.incidents, languages=asked.languages)
        with served(site) as (address, said):
            browser = playwright.chromium.launch(executable_path=program)
            bench = Bench(site, address, said, browser.new_page())
            rows = []
            for name in bench.addresses:
                bench.show(name)
                bench.save()  # the first one warms up
                rows.append((name, [bench.save() for _ in range(asked.repeat)]))
            browser.close()
    print(
        f"statique {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores ({platform.machine()}); "
        f"{asked.incidents:,} incidents of five updates in {asked.languages} languages; {asked.repeat} saves for each "
        f"page.\n\n{table(rows)}"
    )


if __name__ == "__main__":
    main()
