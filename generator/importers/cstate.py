"""A cState site (Hugo's folder of issues and its configuration) to the files of a site of ours.

The format is what cState's theme reads: ``content/issues/*.md`` with title, date, severity, affected, resolved and
resolvedWhen, ``track`` shortcodes for the times of updates, and ``params.systems`` and ``params.categories``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from generator.errors import Problem
from generator.importers import cstate_site, hugo
from generator.importers.cstate_issue import Issue, read_issue
from generator.importers.cstate_pages import is_list, language, read_pages
from generator.importers.cstate_site import Config
from generator.importers.cstate_systems import Catalogue, catalogue
from generator.importers.foreign import Imported, ImportedFile, SourceReport, front, slug, stem, unique
from generator.record.fields import unparse_time
from generator.terms import Level

_ISSUES = "content/issues/"
_MARKDOWN = (".md", ".markdown")
_LITTER = (".", "#")
_STATES = {severity.id: severity.state for severity in cstate_site.SEVERITIES}


def read_cstate(root: Path, *, zone: ZoneInfo | None, now: datetime | None = None) -> Imported:
    """Return the files of a site made from the cState site in ``root``, and all that could not be taken over as it was.

    ``zone`` is where times without an offset were written; without it the issues that have such times stay out.
    With ``now``, so do those with times more than a year ahead. A fault keeps out the file that has it, no other.
    """
    config, config_problems = _config(root)
    paths = tuple(_content(root))
    results = [read_issue(root, path, site=config.url, zone=zone, now=now) for path in paths if _is_issue(path, config)]
    issues = [issue for issue, _ in results if issue]
    known, former = catalogue(config.systems, config.categories, issues, site=config.name, zone=zone or UTC)
    incidents, renamed = _incidents(issues, known, zone or UTC)
    pages, page_problems = read_pages(root, [path for path in paths if not _is_issue(path, config)], config)
    if not config.path and not paths:
        return Imported((), config_problems)
    settings = [ImportedFile("content/components.yml", known.text(), config.path)]
    if config.url:
        settings.append(ImportedFile("content/site.yml", config.text(zone), config.path))
    problems = [*config_problems, *(p for _, found in results for p in found), *former, *renamed, *page_problems]
    files = sorted([*settings, *incidents, *pages], key=lambda file: file.path)
    return Imported(tuple(files), tuple(sorted(problems)))


def _config(root: Path) -> tuple[Config, tuple[Problem, ...]]:
    path = hugo.find_config(root)
    if path is None:
        hint = "name the folder that holds cState's config.yml and content/issues"
        return cstate_site.UNREAD, (Problem("config.yml", 1, 1, "I101", "there is no configuration", hint),)
    report = SourceReport(path)
    keys = hugo.read_config(root, path, report)
    unread = msgspec.structs.replace(cstate_site.UNREAD, path=path)
    return unread if keys is None else cstate_site.read(keys, path, report), tuple(report.problems)


def _content(root: Path) -> Iterator[str]:
    """Yield the path of each file of ``content``, in order, without hidden ones and what editors leave."""
    for folder, folders, names in os.walk(root / "content"):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (Path(folder) / name).is_symlink()]  # reported, never followed
        for name in sorted([*names, *links]):
            if not name.startswith(_LITTER) and not name.endswith(("~", ".swp", ".orig", ".bak")):
                yield (Path(folder) / name).relative_to(root).as_posix()


def _is_issue(path: str, config: Config) -> bool:
    return path.startswith(_ISSUES) and path.endswith(_MARKDOWN) and not is_list(path) and not language(path, config)


def _incidents(
    issues: Sequence[Issue], known: Catalogue, zone: tzinfo
) -> tuple[tuple[ImportedFile, ...], tuple[Problem, ...]]:
    """Return a file for each issue, and a warning for each whose id was taken."""
    wanted = {issue.source: slug(stem(issue.source), "incident") for issue in issues}
    taken: set[str] = set()
    files, problems = [], []
    for issue in issues:
        others = {id for source, id in wanted.items() if source != issue.source}
        first = wanted[issue.source] not in taken
        id = unique(wanted[issue.source], taken if first else taken | others)
        taken.add(id)
        if not first:
            message = f'the id "{wanted[issue.source]}" is taken by another file: it became "{id}"'
            problems.append(Problem(issue.source, 1, 1, "I125", message, "rename it if you like", warning=True))
        year = issue.started.astimezone(zone).year
        files.append(ImportedFile(f"content/incidents/{year}/{id}.md", _incident(issue, known), issue.source))
    return tuple(files), tuple(problems)


def _incident(issue: Issue, known: Catalogue) -> str:
    """Return the text of an incident's file; one that is over is marked as entered after the fact."""
    affected = known.components(issue.affected)
    announced = bool(affected) and _STATES[issue.severity] is not Level.OPERATIONAL
    announced = announced and any(step.begins for step in issue.steps)
    values: dict[str, object] = {"title": issue.title, "severity": issue.severity}
    values["components"] = dict.fromkeys(affected, Level.OPERATIONAL.value) if announced else affected
    values["started"] = unparse_time(issue.started)
    if issue.tags:
        values["tags"] = list(issue.tags)
    values |= {name: True for name, said in (("draft", issue.draft), ("backfilled", issue.end is not None)) if said}
    updates = []
    for step in issue.steps:
        fields = f"components: {{{_states(affected, issue)}}}\n" if announced and step.begins else ""
        heading = f"## {step.phase} {unparse_time(step.at)}\n{fields}"
        updates.append(f"{heading}\n{step.text}\n" if step.text else heading)
    return "\n".join([front(values), *updates])


def _states(affected: Iterable[str], issue: Issue) -> str:
    return ", ".join(f"{id}: {_STATES[issue.severity]}" for id in affected)
