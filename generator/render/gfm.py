"""Markdown to a tree of elements, as GitHub reads it: comrak, with raw HTML as text and every address as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from generator.errors import StatiqueError
from generator.render.findings import publishable
from generator.render.markup import Fence, Parsed

_BOXES = {True: "\u2611", False: "\u2610"}


class GfmParser:
    """GitHub's dialect: CommonMark with tables, strikethrough, task lists and bare addresses.

    Source: https://github.github.com/gfm/
    """

    def parse(self, lines: list[str], fences: Iterable[Fence], *, examine: Callable[[Element], None]) -> Parsed:  # noqa: ARG002 it takes time that grows with the text only
        """Return what ``lines`` consist of; code stands in its place, and no definition is apart."""
        markdown, options = _comrak()
        try:
            # A reference may stand for what XML has no place for.
            root = fromstring(f"<div>{publishable(markdown(chr(10).join(lines), **options))}</div>")  # noqa: S314 raw HTML is escaped
        except ParseError as error:
            raise StatiqueError(f"comrak made HTML of an unknown form: {error}") from error
        _enclose(root)
        for box in root.iter("input"):
            # What a form would show; nobody can tick it here.
            box.tag, box.text = "span", _BOXES["checked" in box.attrib]
            box.attrib.clear()
        headings = tuple((int(e.tag[1]), "".join(e.itertext())) for e in root.iter() if e.tag in ("h1", "h2"))
        return Parsed(root, (), headings, ())

    def write(self, root: Element) -> str:
        """Return a tree as HTML."""
        return tostring(root, encoding="unicode", method="html").removeprefix("<div>").removesuffix("</div>")


def _enclose(root: Element) -> None:
    """Make paragraphs of what stands between the blocks of a text: raw HTML, which is text."""
    if root.text and root.text.strip():
        root.insert(0, _paragraph(root.text))
        root.text = None
    for place, child in reversed(list(enumerate(root))):
        if child.tail and child.tail.strip():
            root.insert(place + 1, _paragraph(child.tail))
            child.tail = "\n"


def _paragraph(text: str) -> Element:
    made = Element("p")
    made.text, made.tail = text.strip(), "\n"
    return made


@cache
def _comrak() -> tuple[Callable[..., str], dict[str, object]]:
    try:
        import comrak  # noqa: PLC0415 only sites that chose it need it
    except ImportError:
        raise StatiqueError("`markdown: gfm` needs the package comrak; install it beside statique") from None
    extensions, rendering = comrak.ExtensionOptions(), comrak.RenderOptions()
    extensions.table = extensions.strikethrough = extensions.autolink = extensions.tasklist = True
    # Escaped, HTML is text; addresses are vetted afterwards, so that what is refused can be named.
    rendering.escape = rendering.unsafe_ = True
    return comrak.render_markdown, {"extension_options": extensions, "render_options": rendering}
