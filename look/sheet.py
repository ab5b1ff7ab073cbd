"""Contact sheets: every kind of page in both schemes, on phone and desktop, laid out for a person to look at.

``python3 dev.py sheet`` or ``python -m look.sheet``. Nothing of it is kept or compared: it is for eyes.
"""

from __future__ import annotations

import argparse
import html
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from look import chromium, pictures
from look.shots import Shot, take, wanted
from look.sites import ROOT, SITES, WRITERS, Site, made

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = ROOT / "output" / "sheet"
# Two rows of what a person can still read when a sheet fills a screen.
ROW = {"phone": 7, "desktop": 3}
WIDTH = {"phone": 200, "desktop": 480}
HEIGHT = {"phone": 640, "desktop": 640}

STYLE = """
body { margin: 16px; font: 14px/1.4 system-ui, sans-serif; background: #777; color: #fff; }
h1 { font-size: 18px; margin: 0 0 12px; }
.shots { display: grid; gap: 16px; align-items: start; }
a { color: inherit; text-decoration: none; }
img { display: block; inline-size: 100%; object-fit: cover; object-position: top; background: #fff; }
"""


def sheet(browser: Browser, folder: Path, names: Sequence[str], languages: Sequence[str]) -> Iterator[Path]:
    """Make the sheets of the sites called ``names``; yield the path of each picture of a sheet when it is there."""
    sections = []
    with tempfile.TemporaryDirectory() as sites:
        for name in names:
            site = made(name, Path(sites))
            shots = take(browser, site, wanted(site, languages=languages), folder / name)
            for title, file, part in _sheets(site, shots):
                page = _page(title, [(f"{name}/{shot.file}", _caption(shot)) for shot in part], part[0].screen)
                sections.append(page.partition("<body>")[2])
                yield _drawn(browser, page, folder, f"{file}.png")
    index = folder / "index.html"
    index.write_text(f"{_head('Contact sheets')}<body>{''.join(sections)}", encoding="utf-8")
    yield index


def _sheets(site: Site, shots: Sequence[Shot]) -> Iterator[tuple[str, str, list[Shot]]]:
    """Yield title, name and pictures of each sheet: some for a language that is shown whole, some for the others."""
    whole = {shot.language for shot in shots if shot.kind == "404.html"}

    def place(shot: Shot) -> tuple[str, str, str]:
        return (shot.language if shot.language in whole else "languages", shot.scheme, shot.screen)

    kinds = list(site.kinds)
    ordered = sorted(shots, key=lambda shot: (*place(shot), kinds.index(shot.kind), shot.language))
    for where, group in groupby(ordered, place):
        parts = list(batched(list(group), 2 * ROW[where[2]]))
        for number, part in enumerate(parts, start=1):
            title = f"{site.name}, {', '.join(where)}, {number} of {len(parts)}"
            yield title, ".".join((site.name, *where, str(number))), part


def batched(shots: Sequence[Shot], size: int) -> Iterator[list[Shot]]:
    """Yield the pictures in lists of at most ``size``."""
    yield from (list(shots[at : at + size]) for at in range(0, len(shots), size))


def _caption(shot: Shot) -> str:
    return f"{shot.kind} · {shot.language}"


def _head(title: str) -> str:
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'


def _page(title: str, pictures: Sequence[tuple[str, str]], screen: str) -> str:
    width, height = WIDTH[screen], HEIGHT[screen]
    style = f"max-block-size: {height}px"
    shown = "".join(
        f'<a href="{file}"><img src="{file}" alt="" style="{style}">{html.escape(caption)}</a>'
        for file, caption in pictures
    )
    columns = min(ROW[screen], len(pictures))
    return (
        f"{_head(title)}<body><h1>{title}</h1>"
        f'<div class="shots" style="grid-template-columns: repeat({columns}, {width}px)">{shown}</div>'
    )


def _drawn(browser: Browser, content: str, folder: Path, name: str) -> Path:
    """Let the browser draw a sheet, and return the picture."""
    source = folder / f"{name}.html"
    source.write_text(content, encoding="utf-8")
    page = browser.new_page(viewport={"width": 400, "height": 400})
    page.goto(source.as_uri())
    box = page.evaluate("[document.querySelector('.shots').scrollWidth + 32, document.documentElement.scrollHeight]")
    page.set_viewport_size({"width": int(box[0]), "height": int(box[1])})
    page.screenshot(path=folder / name, full_page=True)
    page.close()
    source.unlink()
    return folder / name


def main(arguments: Sequence[str] | None = None) -> int:
    """Make what the arguments ask for; print where it is; return the exit status."""
    parser = argparse.ArgumentParser(prog="dev.py sheet", description="Screenshots of every kind of page, on sheets.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="without it, output/sheet")
    parser.add_argument("--site", action="append", choices=WRITERS, help="only this one; may be given several times")
    parser.add_argument("--language", action="append", default=[], help="every kind of page in this language instead")
    parser.add_argument("--pictures", action="store_true", help="the README's pictures instead, into docs/")
    asked = parser.parse_args(arguments)
    program = chromium.program()
    if program is None:
        print(f"NO CHROMIUM: there is nothing to take pictures with. {chromium.MISSING}", file=sys.stderr)
        return 3
    from playwright.sync_api import sync_playwright

    folder: Path = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        if asked.pictures:
            found = pictures.draw(browser, ROOT / "docs")
        else:
            found = sheet(browser, folder, asked.site or SITES, asked.language)
        for path in found:
            print(path, flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
