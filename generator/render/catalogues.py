"""Catalogues of interface texts: where those of a language are, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from generator.errors import ThemeError


def catalogues(code: str, dirs: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each catalogue of a language, the one that goes before all others last."""
    parts = code.replace("-", "_").split("_")
    for length in range(1, len(parts) + 1):
        for folder in dict.fromkeys(folder.resolve() for folder in dirs):
            path = folder / "_".join(parts[:length]) / "LC_MESSAGES" / "messages.po"
            if path.is_file():
                yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def compiled(name: str, data: bytes, locale: Locale) -> GNUTranslations:
    """Return a catalogue's translations; raises ThemeError with the line where it cannot be read."""
    binary = BytesIO()
    try:
        write_mo(binary, read_po(BytesIO(data), locale=locale, abort_invalid=True))
        binary.seek(0)
        return GNUTranslations(binary)
    except PoFileError as error:
        raise ThemeError(f"{name}:{error.lineno + 1}: {str(error).removesuffix(f' on {error.lineno}')}") from error
    except (ValueError, TypeError) as error:
        raise ThemeError(f"{name}: this catalogue cannot be read: {error}") from error
