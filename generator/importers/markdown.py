"""Free postmortems, with front matter or without, to the library's form: known sections found, everything else kept."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec

from generator.errors import Problem
from generator.importers import cstate_text, hugo, prose
from generator.importers.foreign import Imported, ImportedFile, SourceReport, front, slug, stem, unique
from generator.importers.markdown_facts import Facts, Known, read_facts
from generator.importers.markdown_parts import Part, parts_of
from generator.record.fields import TITLE_LIMIT
from generator.record.nodes import Mapping as Node
from generator.record.sections import Document, split
from generator.render import routes
from generator.terms import Chapter

ENDINGS = (".md", ".markdown", ".txt")
ID_WORDS = 60
TITLE_WORDS = 100

_BESIDE = frozenset({"readme", "license", "licence", "contributing", "changelog", "code_of_conduct"})
_UNSPEAKING = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|[0-9a-f_-]{16,}|[\d_-]+")
_GENERIC = re.compile(
    r"\s*(?:incident\s+)?(?:post[\s-]?mortem|incident\s+(?:report|review)|rca|report)\b[\s:–—-]*"
    r"(?:\[?\d{4}-\d\d-\d\d\]?|\[yyyy-mm-dd\])?[\s:–—-]*",
    re.IGNORECASE,
)


class Draft(msgspec.Struct, frozen=True):
    """A postmortem that was read and has no id yet."""

    facts: Facts
    title: str
    text: str
    source: str


def read_markdown(path: Path, *, known: Known) -> Imported:
    """Return the postmortems in a file, or in a folder and those below it; ``known`` is what the site has names for."""
    root = path if path.is_dir() else path.parent
    files: list[ImportedFile] = []
    problems: list[Problem] = []
    taken = {*routes.LIBRARY_RESERVED}
    for name in _names(path):
        report = SourceReport(name)
        draft = _left_out(name, report) or _draft(root, name, known, report)
        if isinstance(draft, Draft) and not report.failed:
            id = unique(_id(name, draft), taken)
            taken.add(id)
            year = f"{draft.facts.published.year}/" if draft.facts.published else ""
            files.append(ImportedFile(f"content/postmortems/{year}{id}.md", draft.text, draft.source))
        problems += report.problems
    return Imported(tuple(sorted(files, key=lambda file: file.path)), tuple(problems))


def _names(path: Path) -> Iterator[str]:
    """Yield the files that were asked for, below the folder, in their order; hidden ones are nobody's words."""
    if not path.is_dir():
        yield path.name
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        below = Path(folder).relative_to(path)
        yield from ((below / file).as_posix() for file in sorted(files) if not file.startswith("."))


def _left_out(name: str, report: SourceReport) -> bool:
    """Return whether a file is none of the postmortems, after noting so."""
    if name.lower().endswith(ENDINGS) and stem(name).lower() not in _BESIDE:
        return False
    hint = "name it .md, or name the file itself, if it is a postmortem"
    report.add("I131", (1, 1), "was left out: it does not look like a postmortem", hint, warning=True)
    return True


def _draft(root: Path, name: str, known: Known, report: SourceReport) -> Draft | None:
    text = hugo.read_text(root, name, report)
    document = None if text is None else _document(text, report)
    if document is None:
        return None
    body = prose.demote("".join(run for run in cstate_text.words(document, report, "") if isinstance(run, str)), 0)
    heading, body = _heading(body)
    facts = read_facts(document.front, body, known, report)
    parts = parts_of(body, report)
    if not parts and not facts.summary:
        report.add("I131", (1, 1), "was left out: it has no text", "write what happened", warning=True)
        return None
    title = facts.title or heading or _title(name, facts, body, report)
    if len(title) > TITLE_LIMIT:
        title = _cut(title)
    if not any(part.chapter for part in parts) and not facts.summary:
        hint = "give it headings such as `## Summary` and `## Root cause`"
        report.add("I132", (document.lead_line, 1), "no section was recognised; the text was kept", hint, warning=True)
    return Draft(facts, title, _written(facts, title, parts), report.path)


def _document(text: str, report: SourceReport) -> Document | None:
    """Return front matter and text; a file without front matter is all text."""
    lines = text.split("\n")
    if lines[0].rstrip() == "---" and any(line.rstrip() == "---" for line in lines[1:]):
        return split(text, report, sections=False)
    bare = text.lstrip("\n")
    return Document(Node((), (1, 1)), bare.rstrip(), len(text) - len(bare) + 1, ())


def _heading(body: str) -> tuple[str, str]:
    """Return the title that a text begins with, empty where it is none of its own, and the rest of the text."""
    first, _, rest = body.partition("\n")
    if not re.match(r"# +\S", first):
        return "", body
    bare = re.sub(r"[*`]+", "", first[1:]).strip().strip("#_ ")
    said = " ".join(_GENERIC.sub("", bare).split())
    return said, rest.lstrip("\n")


def _title(name: str, facts: Facts, body: str, report: SourceReport) -> str:
    """Return a title made of the file's name, or of the first sentence where that says nothing."""
    words = re.sub(r"[-_.]+", " ", re.sub(r"^\d{4}-\d\d-\d\d[-_ ]*", "", stem(name))).strip()
    if _UNSPEAKING.fullmatch(stem(name).lower()) or not re.search(r"[^\W\d]{2}", words):
        plain = " ".join(re.sub(r"[#*_`>\[\]]+", " ", facts.summary or body).split())
        words = _cut(re.split(r"(?<=[.!?]) ", plain, maxsplit=1)[0].rstrip(".")) or "Postmortem"
    title = words[:1].upper() + words[1:]
    message = f'there is no title: the postmortem is named "{title[:60]}"'
    report.add("I133", (1, 1), message, "name it better in the imported file", warning=True)
    return title


def _cut(text: str) -> str:
    return text if len(text) <= TITLE_WORDS else f"{text[:TITLE_WORDS].rpartition(' ')[0].rstrip(' ,;:')}…"


def _id(name: str, draft: Draft) -> str:
    """Return the id that a file's name tells, or the words of the title with the day where it tells nothing."""
    own = stem(name)
    if not _UNSPEAKING.fullmatch(own.lower()):
        return slug(own, "postmortem")
    words = slug(draft.title, "postmortem")
    short = words if len(words) <= ID_WORDS else words[: ID_WORDS + 1].rpartition("-")[0] or words[:ID_WORDS]
    return f"{draft.facts.published}-{short}" if draft.facts.published else short


def _written(facts: Facts, title: str, parts: Collection[Part]) -> str:
    """Return the file: known facts as front matter, the sections in their order, and other facts as a list."""
    sections = [*parts]
    if facts.summary and not any(part.chapter is Chapter.SUMMARY for part in sections):
        # What stood in front of the sections would else stand before the summary.
        sections = [part if part.heading else Part("What happened", None, part.text) for part in sections]
        sections.insert(0, Part("Summary", Chapter.SUMMARY, facts.summary))
    if facts.others:
        sections.append(Part("Further facts", None, "\n".join(f"- {line}" for line in facts.others)))
    texts = [f"## {part.heading}\n\n{part.text}".rstrip() if part.heading else part.text for part in sections]
    return "\n".join([front(_front(facts, title)), "\n\n".join(text for text in texts if text)]) + "\n"


def _front(facts: Facts, title: str) -> Mapping[str, object]:
    named = {
        "incident": facts.incident, "published": _day(facts.published), "severity": facts.severity,
        "duration": facts.duration, "components": list(facts.components), "tags": list(facts.tags),
        "links": [{"label": label, "url": url} for label, url in facts.links], "draft": facts.draft,
    }  # fmt: skip
    return {"title": title, **{name: value for name, value in named.items() if value}}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
