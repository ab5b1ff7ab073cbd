"""The internal site as it is now, each file made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path

from generator.inner.build import Known, closed, own, read
from generator.inner.pages import inside_of
from generator.preview import Edition, Preview
from generator.publish.artifact import Artifact, Bundle
from generator.publish.memo import Memo
from generator.recall import Recollection
from generator.record.model import Site
from generator.record.settings import moved
from generator.render.i18n import Language
from generator.render.inside import Inside
from generator.render.theme import Theme
from generator.view.likeness import Remember
from generator.view.war_room_views import InnerSite


class InnerEdition(Edition):
    """The internal site at one moment."""

    def __init__(
        self,
        site: Site,
        theme: Theme,
        languages: dict[str, Language],
        *,
        known: Known,
        now: datetime,
        to_html: Callable[[str], str],
        recall: Recollection,
        remember: Remember,
        indexes: Memo,
    ) -> None:
        super().__init__(
            site, theme, languages, now=now, to_html=to_html, recall=recall, remember=remember, indexes=indexes
        )
        self._known, self._now = known, now

    @cached_property
    def _view(self) -> InnerSite:
        shown = self._view_in(self.site.config.default)
        return self._known.view(self.site, shown, now=self._now)

    @cached_property
    def _inside(self) -> Inside | None:
        return inside_of(self._view)

    def _of_language(self, code: str) -> Iterator[Artifact | Bundle]:
        if code == self.site.config.default:
            yield from own(
                self._known, self._view, self.site, self.theme, self.languages, to_html=self._to_html, now=self._now
            )
        yield from super()._of_language(code)

    def _for_all(self) -> Iterator[Artifact]:
        return closed(super()._for_all())


class InnerPreview(Preview):
    """Looks again and again at a site folder, and at what only responders know."""

    def __init__(self, root: Path, internal: Path | None, url: str | None = None) -> None:
        super().__init__(root)
        self._internal, self._url = internal, url

    def _edition(self, site: Site, theme: Theme, languages: dict[str, Language], *, now: datetime) -> Edition:
        known = read(self._root, site, self._internal, now=now)
        return InnerEdition(
            moved(site, self._url), theme, languages, known=known, now=now,
            to_html=self._to_html[site.config.markdown], recall=self._recall, remember=self._likeness,
            indexes=self._indexes,
        )  # fmt: skip
