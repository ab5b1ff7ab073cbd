"""What readers would see differently: the site as it was published, beside the site as the files would make it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from generator.build import theme_of
from generator.errors import ContentError, ThemeError, UsageError
from generator.publish.artifact import Artifact, Rank
from generator.reading import languages_of
from generator.record.folder import CONTENT
from generator.record.git import Repository
from generator.record.history import repository_of
from generator.record.load import BRAND, LOOKS, SETTINGS, load_site
from generator.record.parse import FOLDERS
from generator.render.i18n import Language
from generator.render.pages import pages
from generator.render.text import to_html
from generator.view.project import project
from generator.view.views import SiteView


class Difference(msgspec.Struct, frozen=True):
    """Both sites, and the paths of the pages that are new, changed or gone.

    ``before`` is None where the published site cannot be built, as before there was one.
    """

    before: SiteView | None
    after: SiteView
    language: Language
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


class _Edition(msgspec.Struct, frozen=True):
    """A site, and the key of each page by its path: nothing is rendered to learn whether it changed."""

    view: SiteView
    pages: Mapping[str, bytes]
    language: Language


def difference(root: Path, revision: str, *, now: datetime) -> Difference:
    """Return what the files in ``root`` change for readers, since the commit that ``revision`` and HEAD came from.

    Both sites are seen as of ``now``. Raises ContentError for the files' problems, ThemeError, UsageError, SystemFault.
    """
    after = _edition(root, now)
    with tempfile.TemporaryDirectory(prefix="statique-") as folder:
        _extract(root, revision, Path(folder))
        try:
            before = _edition(Path(folder), now)
        except (ContentError, ThemeError):
            before = None
    former = before.pages if before else {}
    new, gone = after.pages.keys() - former.keys(), former.keys() - after.pages.keys()
    changed = {path for path, key in after.pages.items() if path in former and former[path] != key}
    return Difference(
        before.view if before else None,
        after.view,
        after.language,
        *(tuple(sorted(paths)) for paths in (new, changed, gone)),
    )


def _edition(root: Path, now: datetime) -> _Edition:
    site, _ = load_site(root, now=now)
    view, languages = project(site, now=now), languages_of(root, site.config)
    html = partial(to_html, dialect=site.config.markdown)
    artifacts = pages(view, theme_of(root, site.config, *site.pictures), languages=languages, to_html=html)
    return _Edition(view, dict(_keys(artifacts)), languages[site.config.default])


def _keys(artifacts: Iterable[Artifact]) -> Iterator[tuple[str, bytes]]:
    return ((one.path, one.key) for one in artifacts if one.rank is not Rank.ASSET)


def _extract(root: Path, revision: str, folder: Path) -> None:
    """Write the content, themes and catalogues of a revision below ``folder``."""
    content = repository_of(root)
    base = content.bases(revision)[0]
    _write(content, base, (*FOLDERS, *SETTINGS, BRAND), folder / CONTENT)
    try:
        whole = Repository.around(root)
    except UsageError:
        return
    # A content folder that is a repository of its own has no themes, and its revisions mean nothing outside it.
    if whole.has(base):
        _write(whole, base, LOOKS, folder)


def _write(repository: Repository, commit: str, names: Iterable[str], folder: Path) -> None:
    files = {path: blob for path, blob in repository.files(commit, names).items() if _is_plain(path)}
    for path, data in zip(files, repository.read(files.values()), strict=True):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _is_plain(path: str) -> bool:
    """Return whether a path of a commit stays below the folder that it is written to, on every system."""
    return not any(part in ("", ".", "..") or set(part) & set('\\:<>"|?*\0') for part in path.split("/"))
