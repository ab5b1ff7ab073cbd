"""What a server that shows a site spends on one saved file: started as a person would, told apart by what it says."""

from __future__ import annotations

import re
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.cost import Cost

PAUSE = 0.5  # seconds between two saves, as between those of a quick person


def rebuilt(
    command: Sequence[str], *, folder: Path, ready: str, done: str, save: Callable[[int], None], repeat: int
) -> Cost:
    """Return the median wall time from the beginning of a save until the server says that it has rebuilt.

    ``ready`` and ``done`` are patterns of the lines that it says then. The first save, uncounted, warms it up.
    """
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        lines = iter(server.stdout.readline, "") if server.stdout else iter(())
        try:
            _until(lines, ready, command)
            spent = []
            for number in range(repeat + 1):
                time.sleep(PAUSE)
                begun = time.perf_counter()
                save(number)
                _until(lines, done, command)
                spent.append(time.perf_counter() - begun)
        finally:
            server.terminate()
    return Cost(statistics.median(spent[1:]), 0, 0)


def _until(lines: Iterator[str], pattern: str, command: Sequence[str]) -> None:
    said = []
    for line in lines:
        if re.search(pattern, line):
            return
        said.append(line)
    raise SystemExit(f"{' '.join(command)}\n{''.join(said)[-4000:]}")
