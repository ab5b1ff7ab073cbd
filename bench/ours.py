"""What is measured of statique on one synthetic site: each case runs whole processes, and the next follows on it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bench import synthetic
from bench.cost import Cost, measure
from bench.servers import rebuilt

PROGRAM = (sys.executable, "-u", "-m", "generator.cli")
DEMONSTRATION = Path(__file__).resolve().parent.parent
REST = 2.5
"""Seconds after which a build trusts that files are as they were; see docs/commands.md."""


def program(*arguments: str) -> Cost:
    """Run the program on the demonstration site."""
    return measure([*PROGRAM, "-C", str(DEMONSTRATION), *arguments])


class Bench:
    """One synthetic site, and the commands that are measured on it."""

    def __init__(self, folder: Path, options: Sequence[str]) -> None:
        self.site = folder / "site"
        self.out = folder / "out"
        self.options = options
        self._changes = 0

    def clean(self, *more: str) -> Cost:
        """Build with neither an output nor anything remembered."""
        for folder in (self.out, self.site / ".statique", self.site / "output"):
            shutil.rmtree(folder, ignore_errors=True)
        return self._build(*more)

    def clean_with(self, *more: str) -> Cost:
        """Build so with more lines in the settings; the site is left as it was."""
        settings = self.site / "content" / "site.yml"
        usual = settings.read_text(encoding="utf-8")
        settings.write_text("\n".join((usual.rstrip("\n"), *more, "")), encoding="utf-8")
        try:
            return self.clean()
        finally:
            settings.write_text(usual, encoding="utf-8")

    def unchanged(self) -> Cost:
        """Build again with nothing changed."""
        time.sleep(REST)
        return self._build()

    def update(self) -> Cost:
        """Build after an update to one incident, in every language."""
        synthetic.add_update(self.site, number=self._next())
        return self._build()

    def checkout(self) -> Cost:
        """Build after an update where a checkout wrote every source anew, beside what was made before."""
        synthetic.add_update(self.site, number=self._next())
        for file in [path for path in self.site.rglob("content/**/*") if path.is_file()]:
            data = file.read_bytes()
            file.unlink()
            file.write_bytes(data)
        return self._build()

    def incident(self) -> Cost:
        """Build after an incident that is new, in every language."""
        synthetic.add_incident(self.site, number=self._next())
        return self._build()

    def later(self) -> Cost:
        """Build with nothing changed but the clock, which goes on from one day to the next."""
        self._build()
        return self._build(after=timedelta(days=1))

    def check(self) -> Cost:
        """Check the whole site, of which one incident changed since the last look."""
        synthetic.add_update(self.site, number=self._next())
        return self._check()

    def commit(self) -> None:
        """Make the site a git work tree whose state is committed."""
        names = ("-c", "user.name=Bench", "-c", "user.email=bench@lumen.example", "-c", "commit.gpgsign=false")
        (self.site / ".gitignore").write_text(".statique/\n", encoding="utf-8")
        for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "All incidents")):
            subprocess.run(["git", *names, *command], cwd=self.site, check=True)

    def pull(self) -> Cost:
        """Check what a pull request brings, an update in every language, beside the record as it was committed."""
        synthetic.add_update(self.site, number=self._next())
        return self._check("--base", "HEAD")

    def served(self, *, repeat: int) -> Cost:
        """Save a file while the site is served; return what passes until it is shown anew."""
        file = synthetic.newest(self.site)
        return rebuilt(
            [*self._command("serve"), "--now", self._now(), "--port", "14130"],
            folder=self.site,
            ready=r"Ctrl-C ends",
            done=r"in \d+ ms$",
            save=lambda number: synthetic.save(file, number=number),
            repeat=repeat,
        )

    def _next(self) -> int:
        time.sleep(REST)
        self._changes += 1
        return self._changes

    def _check(self, *more: str) -> Cost:
        return measure([*self._command("check"), "--now", self._now(), *more])

    def _build(self, *more: str, after: timedelta = timedelta()) -> Cost:
        command = [*self._command("build"), "--out", str(self.out), "--now", self._now(after), "--max-size", "100000"]
        return measure([*command, *self.options, *more])

    def _command(self, name: str) -> list[str]:
        return [*PROGRAM, "-C", str(self.site), name]

    def _now(self, after: timedelta = timedelta()) -> str:
        return f"{synthetic.NOW + after:%Y-%m-%dT%H:%MZ}"
