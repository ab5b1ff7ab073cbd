"""When the files of the library last changed, as git and the folder itself have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from generator.errors import StatiqueError
from generator.record.folder import CONTENT, sources
from generator.record.git import blob_name
from generator.record.history import repository_of
from generator.record.model import Postmortem, PostmortemTranslation
from generator.record.parse import LIBRARY

Ages = Mapping[str, datetime]
"""When a file last changed, by its path in the site folder."""


def library_ages(root: Path, *, now: datetime) -> Ages:
    """Return when each file of the library last changed, ``now`` for what is not committed; nothing without git."""
    try:
        repository = repository_of(root)
        head = None if repository.is_shallow else repository.head()
        versions = repository.versions(head, (LIBRARY,)) if head else ()
    except StatiqueError:
        return {}
    newest = {f"{CONTENT}/{version.path}": version for version in versions}
    files = dict(sources(root, (LIBRARY,))) if newest else {}
    return {
        path: newest[path].at if path in newest and newest[path].blob == blob_name(data, newest[path].blob) else now
        for path, data in files.items()
    }


def is_stale(original: Postmortem, translation: PostmortemTranslation, ages: Ages) -> bool:
    """Return whether a postmortem changed after it was translated, by the day that says so, else by git."""
    changed, made = ages.get(original.path), ages.get(translation.path)
    if translation.translated is not None:
        days = [day for day in (original.published, changed.date() if changed else None) if day]
        return any(day > translation.translated for day in days)
    return changed is not None and made is not None and changed > made
