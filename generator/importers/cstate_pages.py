"""The rest of a cState site's content to free pages, or to a word on why it stays behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.errors import Problem
from generator.importers import cstate_text, hugo
from generator.importers.cstate_issue import note_unknown
from generator.importers.cstate_site import DESCRIPTION_LIMIT, Config
from generator.importers.foreign import ImportedFile, SourceReport, front, slug, stem, unique
from generator.record.fields import TITLE_LIMIT
from generator.record.sections import Document
from generator.render import routes

MARKDOWN = (".md", ".markdown")
_SILENT = ("date", "menu", "url", "slug", "aliases", "tags", "categories")
_KNOWN = ("title", "description", "draft")


def is_list(path: str) -> bool:
    """Return whether a file describes its folder rather than being a page of its own."""
    return stem(path) == "_index"


def language(path: str, config: Config) -> str:
    """Return the language that a file's name says it is translated into; empty for an original."""
    before, dot, found = path.rpartition("/")[2].rpartition(".")[0].rpartition(".")
    return found if dot and before and found in config.languages and found != config.language else ""


def read_pages(
    root: Path, paths: Sequence[str], config: Config
) -> tuple[tuple[ImportedFile, ...], tuple[Problem, ...]]:
    """Return a page for each Markdown file with a text and for a long description, and a warning for all else."""
    taken = {*routes.RESERVED, config.language}
    files: list[ImportedFile] = []
    problems: list[Problem] = []

    def add(name: str, text: str, source: str) -> None:
        id = unique(slug(name, "page"), taken)
        taken.add(id)
        files.append(ImportedFile(f"content/pages/{id}.md", text, source))

    for path in paths:
        report = SourceReport(path)
        text = _page(root, path, config, report)
        if text is not None and not report.failed:
            add(_name(path), text, report.path)
        problems += report.problems
    if config.about:
        add("about", config.page(), config.path)
    return tuple(files), tuple(problems)


def _name(path: str) -> str:
    """Return the name of a page by its place: its folders below ``content`` too, but for ``pages`` itself."""
    inner = path.removeprefix("content/").removeprefix("pages/").rpartition(".")[0]
    return inner.removesuffix("/_index").removesuffix("/index")


def _page(root: Path, path: str, config: Config, report: SourceReport) -> str | None:
    """Return the text of a page; None when there is nothing to take over, or after noting why it cannot be."""
    if lang := language(path, config):
        hint = "name it <id>.<language>.md beside the imported original, with the same headings"
        report.add("I117", (1, 1), f"the translation into {lang} was left out", hint, warning=True)
        return None
    if not path.endswith(MARKDOWN):
        hint = "copy what it says into a Markdown file of content/pages"
        report.add("I117", (1, 1), "was left out, as only Markdown can be imported", hint, warning=True)
        return None
    if is_list(path) and (root / path).is_file() and not (root / path).stat().st_size:
        return None
    page = hugo.read_page(root, path, report)
    return None if page is None else _text(path, *page, config.url, report)


def _text(path: str, keys: hugo.Keys, document: Document, site: str, report: SourceReport) -> str | None:
    body = cstate_text.whole(cstate_text.words(document, report, site))
    if is_list(path) and not body:
        return None
    values: dict[str, object] = {"title": _title(path, keys, report)}
    description = " ".join(keys.text("description").split())
    if len(description) > DESCRIPTION_LIMIT:
        body = f"{description}\n\n{body}"
    elif description:
        values["description"] = description
    if not path.startswith("content/pages/"):
        values["menu"] = False
    if keys.flag("draft"):
        values["draft"] = True
    for name in _SILENT:
        keys.node(name)
    note_unknown(keys, report, _KNOWN)
    return f"{front(values)}\n{body}\n"


def _title(path: str, keys: hugo.Keys, report: SourceReport) -> str:
    title = " ".join(keys.text("title").split())
    if len(title) > TITLE_LIMIT:
        message = f"the title has {len(title)} characters, more than {TITLE_LIMIT}"
        report.add("I111", keys.mark, message, "shorten it and move words into the text")
    if not title:
        title = _name(path).rpartition("/")[2].replace("-", " ").strip().capitalize() or "Page"
        message = f'key "title" is missing: the page is named "{title}"'
        report.add("I106", keys.mark, message, "name it better in the imported file", warning=True)
    return title
