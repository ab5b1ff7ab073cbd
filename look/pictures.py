"""The pictures of the README: a calm day, an outage, and a phone in the dark, drawn from the same bytes each time."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from look.serving import serve
from look.sites import Site, made

if TYPE_CHECKING:
    from playwright.sync_api import Browser

COLOURS = 128
"""As many as a page of flat colours needs; a picture is a third as large as with all."""


class Picture(NamedTuple):
    """One picture: the home page of a site, as a screen of this size and scheme shows it at first."""

    name: str
    site: str
    width: int
    height: int
    dark: bool


PICTURES = (
    Picture("calm.png", "quiet", 1100, 900, dark=False),
    Picture("outage.png", "outage", 1100, 900, dark=False),
    Picture("phone.png", "outage", 390, 844, dark=True),
)


def draw(browser: Browser, folder: Path) -> Iterator[Path]:
    """Write the pictures into a folder, and yield the path of each."""
    with tempfile.TemporaryDirectory() as sites:
        built = {name: made(name, Path(sites) / name) for name in dict.fromkeys(one.site for one in PICTURES)}
        for picture in PICTURES:
            file = folder / picture.name
            file.write_bytes(reduced(_screen(browser, picture, built[picture.site])))
            yield file


def _screen(browser: Browser, picture: Picture, site: Site) -> bytes:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
        # Times in words of the reader's own zone would differ from machine to machine.
        timezone_id="Europe/Stockholm",
        locale="en-GB",
    )
    serve(context, site)
    page = context.new_page()
    page.clock.set_fixed_time(site.now)
    page.goto(site.address(""))
    data = page.screenshot(animations="disabled")
    context.close()
    return data


def reduced(data: bytes) -> bytes:
    """Return a PNG in few colours."""
    from PIL import Image

    picture = Image.open(io.BytesIO(data)).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()
