"""What a build costs: whole processes on one synthetic site, compared within one run, beside Hugo on the same one.

``python3 dev.py bench`` or ``python -m bench.run``. Prints tables in Markdown; README.md says how to read them.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench import limit, synthetic, yardstick
from bench.cost import Cost, median, timed
from bench.ours import Bench, program
from bench.phrases import PHRASES
from bench.theirs import Yardstick, version
from generator import __version__

MEGABYTE = 1 << 20
CLEAN, HUGO = "clean build", "Hugo, clean build"
WRITING, READING = "a bare loop writes the same files", "a bare loop reads and hashes the sources"


class Row(NamedTuple):
    """One line of the table: what was measured, and the median."""

    name: str
    cost: Cost


class Case(NamedTuple):
    """One thing to measure, and how often."""

    name: str
    action: Callable[[], Cost]
    times: int = 1


def cases(bench: Bench, yard: Yardstick | None, *, repeat: int) -> Iterator[Case]:
    """Yield what is measured, in the order that it has to run in: Hugo's clean builds come between ours."""
    hugo = [Case(HUGO, yard.clean)] if yard else []
    yield Case(CLEAN, bench.clean)
    yield from hugo
    yield Case("clean build, one process", lambda: bench.clean("--jobs", "1"))
    yield from hugo
    yield Case("clean build, GitHub's dialect", lambda: bench.clean_with("markdown: gfm"))
    yield from hugo
    yield Case("clean build, no search", lambda: bench.clean_with("search: false"))
    yield Case("…, GitHub's dialect", lambda: bench.clean_with("search: false", "markdown: gfm"))
    yield from hugo
    yield Case(CLEAN, bench.clean)
    yield Case("nothing changed", bench.unchanged, repeat)
    yield Case("one update added", bench.update, repeat)
    yield Case("…, fresh checkout", bench.checkout, repeat)
    yield Case("one new incident", bench.incident, repeat)
    yield Case("a day later", bench.later, repeat)
    yield Case("check, one update added", bench.check, repeat)
    bench.commit()
    yield Case("check --base, as of a pull request", bench.pull, repeat)
    yield Case("serve, one file saved", lambda: bench.served(repeat=5))
    if yard:
        yield Case("Hugo, one update added", yard.update)
        yield Case("Hugo's server, one file saved", lambda: yard.served(repeat=5))
    yield Case("--help", lambda: program("--help"), repeat)
    yield Case("status of the demonstration site", lambda: program("status"), repeat)
    yield Case(WRITING, lambda: limit.writing(bench.out), repeat)
    yield Case(READING, lambda: limit.reading(bench.site), repeat)


def measured(plan: Iterator[Case]) -> list[Row]:
    """Run everything and return the rows: of what ran more than once, the median, where it ran first."""
    found: dict[str, list[Cost]] = {}
    for name, action, times in plan:
        show(f"{name} …")
        found.setdefault(name, []).extend(_repeated(action, times) if times > 1 else [action()])
    return [Row(name, median(costs)) for name, costs in found.items()]


def _repeated(action: Callable[[], Cost], times: int) -> list[Cost]:
    """Return the costs of what takes no time to run again: memory is looked at in a run of its own."""
    with timed():
        costs = [action() for _ in range(times)]
    memory = action().memory if costs[0].memory else 0
    return [cost._replace(memory=memory) for cost in costs]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown, each with its share of our clean build and of Hugo's, if that ran."""
    known = dict(rows)
    clean, hugo = known[CLEAN], known.get(HUGO)
    lines = [
        "| | wall | CPU | of it kernel | memory | wall / clean | CPU / clean | wall / Hugo | CPU / Hugo |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, cost in rows:
        shares = [share for whole in (clean, hugo) for share in _shares(cost, whole)]
        memory = f"{cost.memory / MEGABYTE:.0f} MiB" if cost.memory else "–"
        figures = [_seconds(cost.wall), _seconds(cost.cpu), _seconds(cost.kernel), memory, *shares]
        lines.append(f"| {name} | {' | '.join(figures)} |")
    return "\n".join(lines)


def _shares(cost: Cost, whole: Cost | None) -> tuple[str, str]:
    if whole is None:
        return "–", "–"
    return f"{cost.wall / whole.wall:.3f}", f"{cost.cpu / whole.cpu:.3f}" if cost.cpu else "–"


def _seconds(figure: float) -> str:
    return f"{figure:.2f} s" if figure >= 1 else f"{1000 * figure:.0f} ms" if figure else "–"


def multiples(rows: Sequence[Row]) -> str:
    """Return how far we are from what the disk asks for."""
    known = dict(rows)
    clean, bare = known[CLEAN], known[WRITING]
    same, read = known["nothing changed"], known[READING]
    return (
        f"The clean build takes {clean.wall / bare.wall:.1f} times as long, and {clean.cpu / bare.cpu:.1f} times the "
        f"CPU, as a bare loop that writes the same files; the build of nothing {same.wall / read.wall:.1f} and "
        f"{same.cpu / read.cpu:.1f} times as a bare loop that reads and hashes the sources."
    )


def circumstances(bench: Bench, yard: Yardstick | None, *, incidents: int, languages: int, seed: int) -> str:
    """Return what the figures depend on, and what was built."""
    theirs = f" {version()}: {_counted(yard.out)}." if yard else ""
    return (
        f"{incidents:,} incidents of five updates in {languages} languages (seed {seed}). "
        f"statique {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores ({platform.machine()}): "
        f"{_counted(bench.out)}.{theirs}"
    )


def _counted(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{len(files):,} files, {sum(path.stat().st_size for path in files) / MEGABYTE:.0f} MiB"


def growth(folder: Path, archives: Sequence[int], *, languages: int, seed: int, options: Sequence[str]) -> str:
    """Return a table of what a page costs in archives of these sizes, each compared with the first."""
    lines = ["| incidents | pages | CPU | CPU / page | / first | less the kernel's | / first |", f"|{'---:|' * 7}"]
    first: tuple[float, float] | None = None
    for incidents in archives:
        show(f"clean build of {incidents:,} …")
        bench = Bench(folder / f"{incidents}", options)
        synthetic.write_site(bench.site, incidents=incidents, languages=languages, seed=seed)
        cost = bench.clean()
        pages = sum(1 for _ in bench.out.rglob("*.html"))
        shutil.rmtree(folder / f"{incidents}")
        each, own = 1000 * cost.cpu / pages, 1000 * (cost.cpu - cost.kernel) / pages
        first = first or (each, own)
        lines.append(
            f"| {incidents:,} | {pages:,} | {_seconds(cost.cpu)} | {each:.2f} ms | {each / first[0]:.2f} "
            f"| {own:.2f} ms | {own / first[1]:.2f} |"
        )
    return "\n".join(lines)


def show(text: str) -> None:
    """Say what is being done, apart from the tables."""
    print(text, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """Return what was asked."""
    parser = argparse.ArgumentParser(prog="bench.run", description="Measure builds of a synthetic site.")
    parser.add_argument("--incidents", type=int, nargs="+", default=[1000], metavar="N", help="a table for each")
    parser.add_argument("--languages", type=int, default=4, choices=range(1, len(PHRASES) + 1))
    parser.add_argument("--repeat", type=int, default=3, choices=range(1, 6), help="medians of so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="work here, and leave site and output for a look")
    parser.add_argument("--no-hugo", action="store_true", help="leave Hugo out")
    parser.add_argument(
        "--growth", type=int, nargs="*", metavar="N", help="only what a page costs, at 100, 1,000 and 10,000 or these"
    )
    parser.add_argument("options", nargs="*", metavar="-- OPTION", help="options for every build, as in `-- --jobs 1`")
    return parser.parse_args()


def compared(folder: Path, incidents: int, asked: argparse.Namespace) -> str:
    """Write one site for both, measure, and return what came of it."""
    bench = Bench(folder, asked.options)
    yard = None if asked.no_hugo else Yardstick(folder)
    show(f"writing {incidents:,} incidents in {asked.languages} languages …")
    kind = {"incidents": incidents, "languages": asked.languages, "seed": asked.seed}
    synthetic.write_site(bench.site, **kind)
    if yard:
        yardstick.write_site(yard.site, **kind)
    rows = measured(cases(bench, yard, repeat=asked.repeat))
    return f"{circumstances(bench, yard, **kind)}\n\n{table(rows)}\n\n{multiples(rows)}\n"


def main() -> None:
    """Write sites, measure, and print the tables."""
    asked = arguments()
    # Whoever has the program installed has its code compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="statique-bench-") as temporary:
        folder = asked.folder or Path(temporary)
        if asked.growth is not None:
            archives = asked.growth or [100, 1000, 10_000]
            print(growth(folder, archives, languages=asked.languages, seed=asked.seed, options=asked.options))
            return
        for incidents in asked.incidents:
            print(compared(folder / f"{incidents}", incidents, asked), flush=True)
            if asked.folder is None:
                shutil.rmtree(folder / f"{incidents}")


if __name__ == "__main__":
    main()
