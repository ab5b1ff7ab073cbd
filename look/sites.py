"""Sites to look at: the demonstration, a calm one, one on its worst day, and one that was begun just now."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from generator import __version__
from generator.author.start import Start, begin
from generator.build import build
from generator.resources import locales_dir, starter_dir
from look.synthetic import NOW, write_bad_day, write_calm

ROOT = Path(__file__).resolve().parent.parent
DEMO_NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
"""A moment of the demonstration site: exports are late, and the card network is being worked on in four days."""

_EDITION = re.compile(rb'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"')
_UPDATE = re.compile(r"^(?=## )", re.MULTILINE)
_SAID = re.compile(r"^## \w+ (\d{4}-\d\d-\d\d \d\d:\d\d) UTC")
_MARKED = re.compile(rb'<meta name="robots"')


@dataclass(frozen=True, slots=True)
class Site:
    """A site that was built: its public address, its files, and the moment that it was built for."""

    name: str
    url: str
    folder: Path
    now: datetime

    @property
    def languages(self) -> Mapping[str, str]:
        """Return the path that each language's pages lie below, the default language's first: ``""``, ``fr/``."""
        found = _EDITION.findall((self.folder / "index.html").read_bytes())
        return {
            code.decode(): address.decode().removeprefix(f"{self.url}/")
            for code, address in found
            if code != b"x-default"
        } or {"en": ""}

    @property
    def kinds(self) -> Mapping[str, str]:
        """Return a page of every kind, the largest there is, without its language: ``incidents/*`` to its path."""
        others = tuple(prefix for prefix in self.languages.values() if prefix)
        found: dict[str, str] = {}
        for path, _ in sorted(self._pages(), key=lambda page: (page[1], page[0])):
            if not path.startswith(others) or not others:
                found[kind_of(path)] = path
        return dict(sorted(found.items(), key=lambda one: (one[0] != "home", one[0])))

    def address(self, path: str, language: str = "") -> str:
        """Return the public address of a page in a language; without one, in the default."""
        prefix = self.languages[language] if language else ""
        return f"{self.url}/{prefix}{path}"

    def size(self, path: str) -> int:
        """Return the size of a page's file."""
        return file_of(self.folder, path).stat().st_size

    def _pages(self) -> Iterator[tuple[str, int]]:
        """Yield path and size of the pages that people read: neither redirects nor what is framed by other pages."""
        for file in self.folder.rglob("*.html"):
            path = file.relative_to(self.folder).as_posix().removesuffix("index.html")
            if path == "404.html" or not _MARKED.search(file.read_bytes()):
                yield path, file.stat().st_size


def kind_of(path: str) -> str:
    """Return what kind of page lies at a path: free pages and lists are of their own, records of their folder's."""
    first, *rest = path.strip("/").split("/")
    return "/".join([first or "home", *("*" for _ in rest)])


def file_of(folder: Path, path: str) -> Path:
    """Return the file that a host answers with."""
    return folder / (f"{path}index.html" if path == "" or path.endswith("/") else path)


def shipped() -> tuple[str, ...]:
    """Return the languages that the program has texts in, English first."""
    found = {path.name.replace("_", "-") for path in locales_dir().iterdir() if path.is_dir()}
    return ("en", *sorted(found - {"en"}))


def made(name: str, folder: Path) -> Site:
    """Write and build the site called ``name`` in ``folder``."""
    root = folder / name
    url, now = WRITERS[name](root)
    build(root, now=now, out=root / "output" / "public")
    return Site(name, url, root / "output" / "public", now)


def _demonstration(root: Path) -> tuple[str, datetime]:
    shutil.copytree(ROOT / "content", root / "content")
    return _url(root), DEMO_NOW


def _demonstration_at(now: datetime) -> Callable[[Path], tuple[str, datetime]]:
    """Return a writer of the demonstration as it was at a moment: what was said later is not there yet."""

    def write(root: Path) -> tuple[str, datetime]:
        shutil.copytree(ROOT / "content", root / "content")
        for file in (file for kind in ("incidents", "maintenance") for file in (root / "content" / kind).rglob("*.md")):
            head, *updates = _UPDATE.split(file.read_text(encoding="utf-8"))
            said = [text for text in updates if datetime.fromisoformat(f"{_SAID.findall(text)[0]}+00:00") <= now]
            if said:
                file.write_text("".join((head, *said)), encoding="utf-8")
            else:
                file.unlink()
        return _url(root), now

    return write


def _calm(root: Path) -> tuple[str, datetime]:
    write_calm(root, shipped())
    return _url(root), NOW


def _bad_day(root: Path) -> tuple[str, datetime]:
    write_bad_day(root, shipped())
    return _url(root), NOW


def _new(root: Path) -> tuple[str, datetime]:
    start = Start("Acme", "https://status.acme.example", shipped(), "UTC", None, NOW.date())
    begin(root, start, starter=starter_dir(), version=__version__)
    return _url(root), NOW


def _url(root: Path) -> str:
    settings = (root / "content" / "site.yml").read_text(encoding="utf-8")
    return str(yaml.safe_load(settings)["url"]).rstrip("/")


SITES = ("demonstration", "calm", "bad-day", "new")
"""The sites that are looked at whole; the others show one moment of the demonstration."""

WRITERS: Mapping[str, Callable[[Path], tuple[str, datetime]]] = {
    "demonstration": _demonstration,
    "calm": _calm,
    "bad-day": _bad_day,
    "new": _new,
    "quiet": _demonstration_at(datetime(2026, 11, 16, 12, 0, tzinfo=UTC)),
    "outage": _demonstration_at(datetime(2026, 2, 22, 3, 14, tzinfo=UTC)),
}
