"""Catalogues of interface texts: where those of a language are, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from generator import beside
from generator.errors import ThemeError
from generator.hashing import key_of
from generator.resources import fingerprint, locales_dir


class Catalogue(NamedTuple):
    """A catalogue's name for messages, its bytes, and whether it is one that the program brings along."""

    name: str
    data: bytes
    shipped: bool


def catalogues(code: str, dirs: Sequence[Path]) -> Iterator[Catalogue]:
    """Yield each catalogue of a language, the one that goes before all others last."""
    parts = code.replace("-", "_").split("_")
    for length in range(1, len(parts) + 1):
        for folder in dict.fromkeys(folder.resolve() for folder in dirs):
            path = folder / "_".join(parts[:length]) / "LC_MESSAGES" / "messages.po"
            if path.is_file():
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                yield Catalogue(name, path.read_bytes(), folder == locales_dir().resolve())


def compiled(catalogue: Catalogue, locale: Locale) -> GNUTranslations:
    """Return a catalogue's translations; raises ThemeError with the line where it cannot be read."""
    made_of = key_of(fingerprint(), catalogue.data, str(locale))
    binary = beside.kept(catalogue.name, made_of) if catalogue.shipped else None
    if binary is None:
        binary = _compiled(catalogue.name, catalogue.data, locale)
        if catalogue.shipped:
            beside.keep(catalogue.name, made_of, binary)
    return GNUTranslations(BytesIO(binary))


def _compiled(name: str, data: bytes, locale: Locale) -> bytes:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 seldom done, and slow to load
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 likewise

    binary = BytesIO()
    try:
        write_mo(binary, read_po(BytesIO(data), locale=locale, abort_invalid=True))
        GNUTranslations(BytesIO(binary.getvalue()))
    except PoFileError as error:
        raise ThemeError(f"{name}:{error.lineno + 1}: {str(error).removesuffix(f' on {error.lineno}')}") from error
    except (ValueError, TypeError) as error:
        raise ThemeError(f"{name}: this catalogue cannot be read: {error}") from error
    return binary.getvalue()
