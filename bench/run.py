"""What a build costs: whole processes on one synthetic site, compared within one run.

``python3 dev.py bench`` or ``python -m bench.run``. Prints a table in Markdown; README.md says how to read it.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from bench import synthetic
from bench.phrases import PHRASES
from generator import __version__

MEGABYTE = 1 << 20


class Cost(NamedTuple):
    """What one process took: seconds, seconds on any core (its children's too), and bytes of its largest process."""

    wall: float
    cpu: float
    memory: int


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

    def clean(self) -> Cost:
        """Build with neither an output nor anything remembered."""
        for folder in (self.out, self.site / ".statique", self.site / "output"):
            shutil.rmtree(folder, ignore_errors=True)
        return self._build()

    def unchanged(self) -> Cost:
        """Build again at once."""
        return self._build()

    def later(self) -> Cost:
        """Build again with nothing changed but the clock, which goes on from one day to the next."""
        self._build()
        return self._build(after=timedelta(days=1))

    def update(self) -> Cost:
        """Build after an update to one incident, in every language."""
        self._updates += 1
        synthetic.add_update(self.site, number=self._updates)
        return self._build()

    def check(self) -> Cost:
        """Check the whole site."""
        return measure(self._command("check"))

    def _build(self, *, after: timedelta = timedelta()) -> Cost:
        now = f"{synthetic.NOW + after:%Y-%m-%dT%H:%MZ}"
        return measure([*self._command("build"), "--out", str(self.out), "--now", now, *self.options])

    def _command(self, name: str) -> list[str]:
        return [sys.executable, "-m", "generator.cli", "-C", str(self.site), name]


def measure(command: Sequence[str]) -> Cost:
    """Run a command and return its cost; stop everything, showing what it said, if it fails."""
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}\n{said.read().decode('utf-8', 'replace')[-4000:]}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)


def median(costs: Iterable[Cost]) -> Cost:
    """Return the median of each figure."""
    wall, cpu, memory = zip(*costs, strict=True)
    return Cost(statistics.median(wall), statistics.median(cpu), int(statistics.median(memory)))


def measured(bench: Bench, *, repeat: int) -> list[Row]:
    """Run everything and return the rows; the first is the clean build, which the others are compared with."""
    plan: tuple[tuple[str, Callable[[], Cost], int], ...] = (
        ("clean build", bench.clean, 1),
        ("nothing changed", bench.unchanged, repeat),
        ("one update added", bench.update, repeat),
        ("a day later", bench.later, repeat),
        ("check", bench.check, repeat),
    )
    rows = []
    for name, action, times in plan:
        show(f"{name} …")
        rows.append(Row(name, median(action() for _ in range(times))))
    return rows


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown, each with its share of the first."""
    clean = rows[0].cost
    lines = ["| | wall | CPU | memory | wall / clean | CPU / clean |", "|---|---:|---:|---:|---:|---:|"]
    for name, cost in rows:
        figures = f"{cost.wall:.2f} s | {cost.cpu:.2f} s | {cost.memory / MEGABYTE:.0f} MiB"
        lines.append(f"| {name} | {figures} | {cost.wall / clean.wall:.3f} | {cost.cpu / clean.cpu:.3f} |")
    return "\n".join(lines)


def circumstances(asked: argparse.Namespace, bench: Bench, clean: Cost) -> str:
    """Return what the figures depend on, what was built, and the cost of one incident in one language."""
    files = [path for path in bench.out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / MEGABYTE
    each = clean.cpu * 1000 / (asked.incidents * asked.languages)
    return (
        f"statique {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores ({platform.machine()}); "
        f"{asked.incidents:,} incidents of five updates in {asked.languages} languages (seed {asked.seed}); "
        f"{len(files):,} files, {size:.0f} MiB.\n\n"
        f"Clean build: {each:.2f} ms of CPU for each incident and language."
    )


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
    parser.add_argument("options", nargs="*", metavar="-- OPTION", help="options for every build, as in `-- --jobs 1`")
    return parser.parse_args()


def main() -> None:
    """Write a site, measure, and print the table."""
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="statique-bench-") as temporary:
        bench = Bench(asked.folder or Path(temporary), asked.options)
        show(f"writing {asked.incidents:,} incidents in {asked.languages} languages …")
        synthetic.write_site(bench.site, incidents=asked.incidents, languages=asked.languages, seed=asked.seed)
        rows = measured(bench, repeat=asked.repeat)
        print(f"{circumstances(asked, bench, rows[0].cost)}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
