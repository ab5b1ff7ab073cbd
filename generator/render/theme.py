"""The theme: its templates and assets, the site's own before those that are shipped, and what identifies it."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from generator.errors import ThemeError
from generator.render.brand import Brand
from generator.resources import themes_dir

DEFAULT = "default"
UNBRANDED = Brand()
SHEET = "style.css"
TOKENS = "tokens.css"
ICON = "favicon.svg"
_LIBRARIES = ("babel", "jinja2", "markdown", "nh3")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_CSS_URL = re.compile(rb"""url\(\s*(["']?)([^"')]+?)\1\s*\)""")
_LEFT_BEHIND = re.compile(r"[.#].*|.*(?:~|\.sw[a-z]|\.orig|\.bak)")


@dataclass(frozen=True)
class Asset:
    """A file that pages refer to, named by the hash of its content so that it may be cached for ever."""

    name: str
    path: str
    data: bytes


@dataclass(frozen=True)
class Template:
    """A template's text, the file that messages name, and whether it is one that the program brings along."""

    file: str
    source: str
    shipped: bool = False


@dataclass(frozen=True, eq=False)
class Theme:
    """All that decides how a view looks; ``fingerprint`` is the hash of it and of the libraries' versions."""

    name: str
    templates: Mapping[str, Template]
    assets: tuple[Asset, ...]
    fingerprint: bytes
    brand: Brand = UNBRANDED


def load_theme(root: Path, name: str = DEFAULT, *, brand: Brand = UNBRANDED) -> Theme:
    """Return the theme ``name`` of the site in ``root``, whose style sheet ends with what ``brand`` says.

    What ``themes/<name>/`` has goes before the shipped theme's file of the same name; a template reaches the one
    that it replaces as ``default/<name>.html``. Raises ThemeError where there is no such theme.
    """
    shipped = themes_dir() / DEFAULT
    own = root / "themes" / name
    if not _NAME.fullmatch(name) or not (own.is_dir() or name == DEFAULT):
        raise ThemeError(f"themes/{name}: there is no such theme; add the folder, or use the theme {DEFAULT!r}")
    folders = (shipped,) if not own.is_dir() or own.samefile(shipped) else (shipped, own)
    templates = {f"{DEFAULT}/{name}": template for name, template in _templates(shipped)}
    for folder in folders:
        templates.update(_templates(folder))
    files = {file: path for folder in folders for path, file in _files(folder / "static")}
    assets = _assets(_contents(files, brand))
    return Theme(name, MappingProxyType(templates), assets, _fingerprint(templates, assets), brand)


def _templates(folder: Path) -> Iterator[tuple[str, Template]]:
    for path, name in _files(folder / "templates"):
        file = path.relative_to(folder.parent.parent).as_posix()
        try:
            yield name, Template(file, path.read_text(encoding="utf-8"), folder == themes_dir() / DEFAULT)
        except UnicodeDecodeError as error:
            raise ThemeError(f"{file}:1: this template is not UTF-8") from error


def _contents(files: Mapping[str, Path], brand: Brand) -> dict[str, bytes]:
    """Return the bytes of every asset by name; one style sheet holds the theme's, its tokens and the brand's."""
    found = {name: path.read_bytes() for name, path in files.items()} | brand.files
    tokens, sheet = found.pop(TOKENS, b""), found.get(SHEET, b"")
    found[SHEET] = b"\n".join(part for part in (sheet, tokens, brand.css()) if part)
    return found


def _assets(files: Mapping[str, bytes]) -> tuple[Asset, ...]:
    """Return the assets; in a stylesheet, ``url(name)`` of another one becomes what that is published as."""
    assets = {name: _asset(name, data) for name, data in files.items() if not name.endswith(".css")}
    for name, data in files.items():
        if name.endswith(".css"):
            assets[name] = _asset(name, _CSS_URL.sub(partial(_pointed, name, MappingProxyType(dict(assets))), data))
    return tuple(assets[name] for name in sorted(assets))


def _asset(name: str, data: bytes) -> Asset:
    path = PurePosixPath("assets", name)
    return Asset(name, str(path.with_name(f"{path.stem}.{hashlib.sha256(data).hexdigest()[:8]}{path.suffix}")), data)


def _pointed(sheet: str, assets: Mapping[str, Asset], found: re.Match[bytes]) -> bytes:
    name = posixpath.normpath(posixpath.join(posixpath.dirname(sheet), found[2].decode(errors="replace")))
    if name not in assets:
        return found[0]
    # Names of stylesheets and assets lie in the same folders as what they are published as.
    target = posixpath.relpath(assets[name].path, posixpath.dirname(f"assets/{sheet}"))
    return b"url(%b%b%b)" % (found[1], target.encode(), found[1])


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _LEFT_BEHIND.fullmatch(path.name):
            yield path, path.relative_to(folder).as_posix()


def _fingerprint(templates: Mapping[str, Template], assets: tuple[Asset, ...]) -> bytes:
    """Return the hash of everything in the theme, each part hashed apart, so that none runs into another."""
    parts = [f"{library} {version(library)}".encode() for library in _LIBRARIES]
    for name in sorted(templates):
        parts += [name.encode(), templates[name].source.encode()]
    for asset in assets:
        parts += [asset.path.encode(), asset.data]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
