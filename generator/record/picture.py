"""Pictures of ``content/brand/``: what they are, how large they are, and that an SVG does nothing but show."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from generator.errors import Problem, shown
from generator.recall import Recall, afresh
from generator.record.model import Config, Mark, Picture
from generator.record.source import Refused, Report

SIZE_LIMIT = 100 * 1024
SIDE_LIMIT = 4096
TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_ALLOWED = frozenset(
    ["svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline"]
    + ["polygon", "text", "tspan", "style", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"]
    + ["marker", "filter", *(f"fe{name}" for name in ("Blend", "ColorMatrix", "ComponentTransfer", "Composite"))]
    + [f"fe{name}" for name in ("DropShadow", "Flood", "FuncA", "FuncB", "FuncG", "FuncR", "GaussianBlur")]
    + [f"fe{name}" for name in ("Merge", "MergeNode", "Morphology", "Offset")]
)
_OUTWARD = re.compile(r"url\(\s*(?!['\"]?#)|@import|(?:image-set|image|src)\(|\\", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)(?:px)?\s*\Z")
_TOP = (1, 1)

Size = tuple[float, float]


def read_pictures(
    root: Path, config: Config, *, read: Callable[[str], bytes], recall: Recall = afresh
) -> tuple[tuple[Picture, ...], tuple[Problem, ...]]:
    """Return the pictures that the settings name, and what is wrong with those that cannot be shown."""
    found: list[Picture] = []
    problems: list[Problem] = []
    for path in config.branding.pictures:
        if not _is_within(root, path):
            line, column = config.marks["branding"]
            message, hint = f'there is no file "{path}"', "put the picture there, or correct its path"
            problems.append(Problem("content/site.yml", line, column, "S144", message, hint))
            continue
        try:
            picture, faults = recall(_picture, path, read(str(root / path)))
        except Refused as refused:
            problems.append(Problem(path, 1, 1, refused.code, refused.message, refused.hint))
            continue
        problems += faults
        found += [picture] if picture else []
    return tuple(found), tuple(problems)


def _is_within(root: Path, path: str) -> bool:
    """Return whether there is something at a path in ``content/`` that no link leads out of that folder to."""
    parents = list((root / path).parents)[: path.count("/") - 1]
    return (root / path).exists() and not any(parent.is_symlink() for parent in parents)


def _picture(path: str, data: bytes) -> tuple[Picture | None, tuple[Problem, ...]]:
    report = Report(path)
    return read_picture(path, data, report), tuple(report.problems)


def read_picture(path: str, data: bytes, report: Report) -> Picture | None:
    """Return the picture in a file, or None after noting why it cannot be one of this site."""
    if len(data) > SIZE_LIMIT:
        report.add("F121", _TOP, f"has {len(data)} bytes, more than {SIZE_LIMIT}", "make the picture smaller")
        return None
    kind = TYPES[path[path.rindex(".") :]]
    size = _svg_size(data, report) if kind == TYPES[".svg"] else _raster_size(data, kind, report)
    if size is None:
        return None
    if not all(1 <= side <= SIDE_LIMIT for side in size):
        hint = f"give it a width and a height from 1 to {SIDE_LIMIT}"
        report.add("F121", _TOP, f"is {size[0]:g} × {size[1]:g} pixels", hint)
        return None
    return Picture(path, kind, data, *size)


def _raster_size(data: bytes, kind: str, report: Report) -> Size | None:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 most logos are drawings

    wanted = kind.removeprefix("image/").upper()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels; the limit of the sides says so in our words
            image = Image.open(BytesIO(data), formats=(wanted,))
        size = image.size
        image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        report.add("F121", _TOP, f"is not a {wanted} picture, or a damaged one", "save it again")
        return None
    return float(size[0]), float(size[1])


def _svg_size(data: bytes, report: Report) -> Size | None:
    before = len(report.problems)
    reader = _Reader(report)
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003 pyexpat takes no names
    except expat.ExpatError as error:
        message = f"is not well-formed XML: {expat.errors.messages[error.code]}"
        report.add("F121", (error.lineno, error.offset + 1), message, "save it again as an SVG")
    except (ValueError, LookupError):
        report.add("F121", _TOP, "is in an encoding that is not known", "save it as UTF-8")
    if len(report.problems) > before:
        return None
    if reader.size is None:
        hint = 'add width="…" and height="…", or a viewBox, to its first element'
        report.add("F121", _TOP, "does not say how large it is", hint)
    return reader.size


class _Name(NamedTuple):
    space: str
    word: str


class _Reader:
    """Walks an SVG's elements; what is not known to be harmless is a problem with its line."""

    def __init__(self, report: Report) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._words
        self.parser.StartDoctypeDeclHandler = lambda *_: self._refuse("a document type", "delete <!DOCTYPE …>")
        self.parser.EntityDeclHandler = lambda *_: self._refuse("an entity", "delete <!ENTITY …>")
        self.parser.ProcessingInstructionHandler = lambda *_: self._refuse("an instruction", "delete <?…?>")
        self.size: Size | None = None
        self._report = report
        self._path: list[str] = []
        self._style = ""
        self._aside = 0

    def _open(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _name(tag)
        self._path.append(name.word)
        if len(self._path) == 1:
            self.size = _size(attributes)
            if name != (_SVG, "svg"):
                self._refuse(f"<{shown(name.word)}> in place of <svg>", "save it as an SVG")
        if self._aside or name.word == "metadata":
            self._aside += 1  # what editors note there is never drawn
        elif name.space != _SVG or name.word not in _ALLOWED:
            self._refuse(f"the element <{shown(name.word)}>", 'save it as a plain or "optimised" SVG')
        for key, value in attributes.items():
            self._attribute(_name(key), value)

    def _close(self, _tag: str) -> None:
        if self._path.pop() == "style":
            if _OUTWARD.search(self._style):
                told = "a style with @import, url(…) or \\"
                self._refuse(told, "a picture refers to nothing outside itself: delete it")
            self._style = ""
        self._aside -= bool(self._aside)

    def _attribute(self, name: _Name, value: str) -> None:
        told = f"the attribute {shown(name.word)}"
        if name.word.lower().startswith("on"):
            self._refuse(told, "a picture runs nothing: delete it")
        elif name.word == "base" or (name.word in ("href", "src") and not value.lstrip().startswith("#")):
            outside = not self._aside or name.space == _XLINK
            if outside:
                self._refuse(told, "a picture refers to nothing outside itself: delete it")
        elif not self._aside and _OUTWARD.search(value):
            self._refuse(told, "a picture refers to nothing outside itself: write url(#…), or delete it")

    def _words(self, text: str) -> None:
        if self._path[-1:] == ["style"]:
            self._style += text

    def _refuse(self, what: str, hint: str) -> None:
        mark: Mark = (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        self._report.add("F122", mark, f"{what} is not allowed in a picture", hint)


def _name(tag: str) -> _Name:
    space, _, word = tag.rpartition(" ")
    return _Name(space, word)


def _size(attributes: Mapping[str, str]) -> Size | None:
    """Return width and height of an ``svg`` element, where it says only its shape those of its view box."""
    sides = [_LENGTH.match(attributes.get(side, "")) for side in ("width", "height")]
    if sides[0] and sides[1]:
        return float(sides[0][1]), float(sides[1][1])
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    numbers = [found for part in box if (found := _LENGTH.match(part.removeprefix("-")))]
    return (float(numbers[2][1]), float(numbers[3][1])) if len(numbers) == 4 else None
