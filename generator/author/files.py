"""The only place that creates content files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from generator.errors import SystemFault


def create(path: Path, text: str) -> bool:
    """Write a new file whole, with the folders it needs; return False and leave what is there if there is one.

    The text appears under its name in one step: nobody sees half of it. Raises SystemFault.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(name).chmod(0o644)
            os.link(name, path)
        finally:
            Path(name).unlink()
    except FileExistsError:
        return False
    except OSError as error:
        raise SystemFault(f"cannot write {path}: {error.strerror}") from None
    return True
