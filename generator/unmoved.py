"""The build that would change nothing, known without reading anything: all it depends on is as it was.

What a public site depends on are its sources, the program, the commit whose times it shows, and the clock: that counts
in quarters of an hour, and in the moments at which a window opens or closes or a postmortem is owed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from generator.errors import Problem
from generator.hashing import key_of
from generator.publish import seen
from generator.publish.facts import Intact
from generator.publish.look import Look
from generator.publish.memo import Memo
from generator.publish.place import usable
from generator.publish.publish import Published
from generator.publish.seen import Stamp
from generator.record.dates import whole_head
from generator.record.folder import CONTENT
from generator.record.load import INTERNAL, LOOKS
from generator.record.model import Site
from generator.record.reviews import deadlines
from generator.resources import fingerprint, locales_dir, themes_dir
from generator.search.program import edition
from generator.terms import Audience
from generator.view.facts import QUARTER, quarter


class Watched(NamedTuple):
    """A site's sources as they were found, hashed, and the output they are for."""

    root: Path
    out: Path
    made_of: bytes

    @classmethod
    def of(cls, root: Path, out: Path, look: Look, *, limit: int) -> Watched | None:
        """Return what a public site of so many bytes is made of now; None where the files' times may not tell all."""
        if not (root / CONTENT).is_dir():
            return None
        folders = dict.fromkeys((root / CONTENT, *(root / name for name in LOOKS), themes_dir(), locales_dir()))
        found = look.whole(folders, unseen={root / CONTENT / INTERNAL})
        return cls(root, usable(out, site=root), key_of(fingerprint(), edition(), limit, found)) if found else None

    def standing(self, memo: Memo, now: datetime, looked: Callable[[], Intact] | None = None) -> Stamp | None:
        """Return what is known of the output, if a build at ``now`` would leave it as it is."""
        stamp = seen.standing(memo, self.out, Audience.PUBLIC, made_of=self.made_of, now=now, looked=looked)
        known = stamp is not None and (stamp.head is None or stamp.head == (whole_head(self.root) or ""))
        return stamp if known else None

    def keep(
        self,
        memo: Memo,
        site: Site,
        *,
        head: str | None,
        now: datetime,
        published: Published,
        problems: tuple[Problem, ...],
    ) -> None:
        """Keep what a build at ``now``, with the times of the commit ``head``, made of it."""
        until = min(moment for moment in _moments(site, now) if moment > now)
        shown = (head or "") if site.config.git_times else None
        files = published.unchanged + len(published.written)
        stamp = Stamp(
            self.made_of, now, until, published.marker, files, published.size, published.warnings, problems, shown
        )  # fmt: skip
        seen.keep(memo, self.out, Audience.PUBLIC, stamp)


def _moments(site: Site, now: datetime) -> Iterator[datetime]:
    """Yield the moments at which a site may change by itself."""
    yield quarter(now) + QUARTER
    for entry in site.entries:
        yield from entry.original.window or ()
    # What is owed is late only after its deadline.
    yield from (deadline + timedelta(seconds=1) for deadline in deadlines(site))
