"""Whose site it is, as pages show it: logo, icon and accent, with what style sheets hold of them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote

INLINE = 8 * 1024
"""Logos up to this size lie within the style sheet, so that they cost no request of their own."""

_WIDE = 2.0
_DATA_SAFE = " /:;=,()+'!@$&?*|[]{}"  # what a style sheet's string in double quotes may hold as it is


@dataclass(frozen=True)
class Image:
    """A picture: its media type, how its name ends, its bytes, and its size in CSS pixels."""

    type: str
    ending: str
    data: bytes
    width: float
    height: float


@dataclass(frozen=True)
class Brand:
    """What the site's settings say of it; ``accent`` is a colour for light and one for dark pages."""

    logo: Image | None = None
    dark_logo: Image | None = None
    icon: Image | None = None
    accent: tuple[str, str] | None = None

    @property
    def files(self) -> dict[str, bytes]:
        """Return what is published beside the theme's own files, by name in ``static/``."""
        named = (("logo", self.logo), ("logo-dark", self.dark_logo), ("icon", self.icon))
        return {
            f"brand/{name}{image.ending}": image.data
            for name, image in named
            if image and (name == "icon" or len(image.data) > INLINE)
        }

    @property
    def inlined(self) -> bool:
        """Return whether the style sheet holds a picture."""
        return any(image and len(image.data) <= INLINE for image in (self.logo, self.dark_logo))

    @property
    def wide(self) -> bool:
        """Return whether the logo is a word that stands for the name, rather than a mark before it."""
        return self.logo is not None and self.logo.width >= self.logo.height * _WIDE

    def css(self) -> bytes:
        """Return the end of the style sheet: custom properties for both schemes, and the logo's place."""
        light = _properties(self, 0)
        if not light:
            return b""
        rules = [f':root, :root[data-scheme="light"] {{ {" ".join(light)} }}']
        dark = " ".join(one for one in _properties(self, 1) if one not in light)
        if dark:
            rules.append(f'@media (prefers-color-scheme: dark) {{ :root:not([data-scheme="light"]) {{ {dark} }} }}')
            rules.append(f':root[data-scheme="dark"] {{ {dark} }}')
        if self.logo:
            rules.append(_place(self.logo))
        return "".join(f"{rule}\n" for rule in rules).encode()


def _properties(brand: Brand, scheme: int) -> tuple[str, ...]:
    found = [f"--accent: {brand.accent[scheme]};"] if brand.accent else []
    if brand.logo:
        logo = brand.dark_logo if scheme and brand.dark_logo else brand.logo
        name = "logo" if logo is brand.logo else "logo-dark"
        found.append(f'--logo: url("{_address(name, logo)}");')
    return tuple(found)


def _address(name: str, image: Image) -> str:
    """Return what a style sheet refers to: the picture itself where it is small, else its file."""
    if len(image.data) > INLINE:
        return f"brand/{name}{image.ending}"
    if image.type == "image/svg+xml":
        return f"data:{image.type},{quote(image.data.decode().strip().replace(chr(10), ' '), safe=_DATA_SAFE)}"
    return f"data:{image.type};base64,{b64encode(image.data).decode()}"


def _place(logo: Image) -> str:
    # Its shape is known before it is there: nothing on the page moves.
    return (
        ".logo { display: inline-block; block-size: var(--logo-size, 2rem); "
        f"aspect-ratio: {logo.width:g} / {logo.height:g}; max-inline-size: 100%; vertical-align: middle; "
        "background: var(--logo) center / contain no-repeat; "
        "print-color-adjust: exact; -webkit-print-color-adjust: exact; }"
    )
