"""How large the documents are that programs poll: a table in Markdown, of synthetic sites of growing archives.

``python -m bench.sizes``; the same bytes for the same program. Nothing is measured but sizes.
"""

from __future__ import annotations

import argparse
import gzip
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.synthetic import NOW, write_site
from generator.build import front_matter
from generator.feeds import feeds
from generator.publish.artifact import Artifact
from generator.record.load import load_site
from generator.render.i18n import load_languages
from generator.render.text import to_html
from generator.resources import locales_dir
from generator.view.project import project

ARCHIVES = (1, 100, 10_000)

DOCUMENTS = (
    ("/feed.json", r"feed\.json"),
    ("/rss.xml", r"rss\.xml"),
    ("/atom.xml", r"atom\.xml"),
    ("/feed/<n>.json, the largest", r"feed/\d+\.json"),
    ("/components/<id>/feed.json, the largest", r"components/[^/]+/feed\.json"),
    ("/severity/<id>/feed.json, the largest", r"severity/[^/]+/feed\.json"),
    ("/api/incidents.json", r"api/incidents\.json"),
    ("/api/incidents/<yyyy-mm>.json, the largest", r"api/incidents/\d{4}-\d\d\.json"),
    ("/api/incidents/<id>.json, the largest", r"api/incidents/\d{4}-\d\d-[^/]+\.json"),
    ("/api/maintenance.json", r"api/maintenance\.json"),
    ("/api/components.json", r"api/components\.json"),
    ("/api/schema.json", r"api/schema\.json"),
    ("/api/front-matter.schema.json", r"api/front-matter\.schema\.json"),
    ("/api/v2/summary.json", r"api/v2/summary\.json"),
    ("/api/v2/incidents.json", r"api/v2/incidents\.json"),
    ("/history.atom", r"history\.atom"),
    ("/calendar.ics", r"calendar\.ics"),
    ("/badge.svg", r"badge\.svg"),
)
"""What is measured: how a document is called, and the pattern of its paths."""


def documents(incidents: int) -> Iterator[Artifact]:
    """Yield the files for programs of a synthetic site in one language."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_site(Path(folder) / "site", incidents=incidents, languages=1)
        site, _ = load_site(root, now=NOW)
    languages = load_languages(site.config.languages, zone=site.config.time_zone, dirs=[locales_dir()])
    yield from feeds(project(site, now=NOW), languages=languages, to_html=to_html)
    yield front_matter(site.config.url)


def sizes(incidents: int) -> dict[str, tuple[int, int]]:
    """Return the bytes of each document, raw and gzipped; of several of a kind, those of the largest."""
    found: dict[str, tuple[int, int]] = {}
    for artifact in documents(incidents):
        for name, pattern in DOCUMENTS:
            if re.fullmatch(pattern, artifact.path):
                data = artifact.make()
                found[name] = max(found.get(name, (0, 0)), (len(data), len(gzip.compress(data, mtime=0))))
    return found


def table(archives: Sequence[int]) -> Iterator[str]:
    """Yield the lines of the table: kilobytes, and after the stroke kilobytes gzipped."""
    measured = [sizes(count) for count in archives]
    heads = (f"{count:,} incident{'s' if count > 1 else ''}" for count in archives)
    yield f"| document | {' | '.join(heads)} |"
    yield f"|---|{'---:|' * len(archives)}"
    for name, _ in DOCUMENTS:
        if any(name in found for found in measured):
            path, _, which = name.partition(",")
            yield f"| `{path}`{',' * bool(which)}{which} | {' | '.join(_cell(found.get(name)) for found in measured)} |"


def _cell(size: tuple[int, int] | None) -> str:
    return "–" if size is None else " / ".join(f"{part / 1000:.1f}" for part in size)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Print the sizes of what programs poll, in kilobytes: raw / gzipped.")
    parser.add_argument("incidents", type=int, nargs="*", default=ARCHIVES, help="how many, for each column")
    for line in table(parser.parse_args().incidents):
        print(line, flush=True)


if __name__ == "__main__":
    main()
