"""``site.yml`` and ``components.yml`` to the model: what the team has settled for its site."""

from __future__ import annotations

import re
import zoneinfo
from urllib.parse import urlsplit

from msgspec.structs import replace

from generator.errors import shown
from generator.record.branding import read_branding
from generator.record.fields import LANGUAGE, Fields, nearest, read_choice
from generator.record.model import Catalogue, Component, Config, Group, Severity, Site
from generator.record.nodes import Mapping, Node, Scalar
from generator.record.severities import SEVERITIES
from generator.record.source import Report
from generator.terms import Dialect, Forge, Impact, Level

WEIGHTS = {Level.PARTIAL_OUTAGE: 0.3, Level.MAJOR_OUTAGE: 1.0}
"""How much of its time an outage counts against uptime, as hosted status pages publish it."""

WINDOWS = (30, 90, 365)

# A site's address goes into documents that take no other characters (RFC 3986, unreserved ones).
_ROOT = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?(?:/[A-Za-z0-9._~-]+)*/?")


def read_config(front: Mapping, report: Report) -> Config | None:
    """Return the site's settings, or None after noting what makes them unusable."""
    fields = Fields(front, report)
    name = fields.words("name", required=True)
    url = _site_address(fields)
    languages = _languages(fields)
    zone = _zone(fields)
    description = fields.words("description", limit=500)
    theme = fields.identity("theme") or "default"
    authority = fields.text("authority")
    repository, branch = fields.address("repository"), fields.text("branch") or "main"
    links, hub = fields.references("links"), fields.address("hub")
    forge, folder, git_times = fields.choice("forge", Forge), _folder(fields), fields.flag("git_times")
    windows, weights, branding = _windows(fields), _weights(fields), read_branding(fields)
    search, dialect = fields.flag("search", default=True), fields.choice("markdown", Dialect)
    severities = _severities(fields)
    fields.close()
    if name is None or url is None or not languages or zone is None:
        return None
    return Config(
        name, url, languages, zone, severities, weights, windows, authority or urlsplit(url).hostname or "",
        description, theme, repository and repository.rstrip("/"), branch, links, hub,
        forge, folder, git_times, branding, search, dialect or Dialect.MARKDOWN, fields.marks,
    )  # fmt: skip


def _site_address(fields: Fields) -> str | None:
    url = fields.address("url", required=True)
    if url is None:
        return None
    try:
        return site_address(url)
    except NotAddress as fault:
        fields.report.add("S115", fields.marks["url"], fault.message, fault.hint)
        return None


class NotAddress(ValueError):
    """What is wrong with the address of a site, and what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def site_address(url: str) -> str:
    """Return the address that a site is published at as documents have it; raise NotAddress for what cannot be one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise NotAddress(f'"{shown(url)}" cannot be a site\'s address', "write it as https://…") from None
    if parts.query or parts.fragment:
        raise NotAddress("the site's address ends at its path", "drop what follows ? or #")
    if not _ROOT.fullmatch(url) or {".", ".."} & set(parts.path.split("/")):
        hint = "use letters, digits and - . _ ~ alone; write other hosts as xn--…"
        raise NotAddress(f'"{shown(url)}" cannot be a site\'s address', hint)
    return url.rstrip("/")


def moved(site: Site, url: str | None) -> Site:
    """Return a site as it stands at another address, where there is one; its permanent ids stay."""
    return site if url is None else replace(site, config=replace(site.config, url=url))


def _folder(fields: Fields) -> str:
    """Return the path of the site's folder in its repository, nothing where it is the whole of it."""
    path = (fields.text("folder") or "").strip("/")
    if path and not all(part.strip() and part not in (".", "..") for part in path.split("/")):
        hint = "write the path from the repository's root, as in `ops/status`"
        fields.report.add("S115", fields.marks["folder"], f'"{shown(path)}" is not a path in the repository', hint)
    return path


def _languages(fields: Fields) -> tuple[str, ...]:
    def read(item: Node) -> str | None:
        if isinstance(item, Scalar) and LANGUAGE.match(item.text):
            return item.text
        word = shown(item.text) if isinstance(item, Scalar) else "…"
        fields.report.add("S107", item.mark, f'"{word}" is not a language', "write en, fr, pt-BR …")
        return None

    before = len(fields.report.problems)
    languages = tuple(dict.fromkeys(fields.many("languages", read, limit=50, wanted="languages")))
    if "languages" not in fields.marks:
        fields.report.add("S102", fields.mark, 'key "languages" is missing', "add `languages: [en]`, the default first")
    elif not languages and len(fields.report.problems) == before:
        hint = "write `languages: [en]`, the default first"
        fields.report.add("S102", fields.marks["languages"], '"languages" names none', hint)
    return languages


def _zone(fields: Fields) -> str | None:
    node = fields.scalar("time_zone", "a time zone", required=True)
    if node is None:
        return None
    try:
        zoneinfo.ZoneInfo(node.text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        hint = nearest(node.text, zoneinfo.available_timezones())
        fields.report.add("S123", node.mark, f'unknown time zone "{shown(node.text)}"', hint)
        return None
    return node.text


def _windows(fields: Fields) -> tuple[int, ...]:
    def read(item: Node) -> int | None:
        if isinstance(item, Scalar) and item.text.isascii() and item.text.isdigit() and 1 <= int(item.text[:6]) <= 3660:
            return int(item.text)
        fields.report.add("S121", item.mark, "a window is a whole number of days, 1 to 3660", "write `[30, 90, 365]`")
        return None

    return fields.many("windows", read, limit=6, wanted="numbers of days") or WINDOWS


def _weights(fields: Fields) -> dict[Level, float]:
    node = fields.take("weights")
    if node is None:
        return dict(WEIGHTS)
    if not isinstance(node, Mapping):
        fields.report.add("S103", node.mark, '"weights" must be a map of state to share', "write `{major_outage: 1}`")
        return dict(WEIGHTS)
    found: dict[Level, float] = {}
    for key, value in node.entries:
        level = read_choice(key, Level, "state", "S108", fields.report)
        share = _share(value)
        if share is None:
            fields.report.add("S121", value.mark, "a weight is a number from 0 to 1", "write `partial_outage: 0.3`")
        elif level is not None:
            found[level] = share
    return found


def _share(node: Node) -> float | None:
    try:
        share = float(node.text) if isinstance(node, Scalar) else -1.0
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def _severities(fields: Fields) -> tuple[Severity, ...]:
    def read(item: Node) -> Severity | None:
        inner = fields.inner(item, "a severity with id, name, meaning, state and impact")
        return None if inner is None else _severity(inner)

    found = fields.many("severities", read, limit=12, wanted="severities")
    taken: set[str] = set()
    for severity in found:
        for name in (severity.id, *(alias.casefold() for alias in severity.aliases)):
            if name in taken:
                message = f'severity "{shown(name)}" is named twice'
                fields.report.add("R103", fields.marks["severities"], message, "give each id and alias once")
            taken.add(name)
    if not found:
        fields.marks.pop("severities", None)  # the program's own stand nowhere in the file
    return found or SEVERITIES


def _severity(fields: Fields) -> Severity | None:
    id = fields.identity("id", required=True)
    name, meaning = fields.words("name", required=True), fields.words("meaning", required=True, limit=500)
    state = fields.choice("state", Level, "S108", required=True)
    impact = fields.choice("impact", Impact, required=True)
    aliases = fields.many("aliases", lambda item: _alias(item, fields), limit=10, wanted="names")
    respond, update, postmortem = fields.minutes("respond"), fields.minutes("update"), fields.flag("postmortem")
    detect, mitigate, resolve = fields.minutes("detect"), fields.minutes("mitigate"), fields.minutes("resolve")
    fields.close()
    if id is None or name is None or meaning is None or state is None or impact is None:
        return None
    return Severity(id, name, meaning, state, impact, aliases, respond, update, postmortem, detect, mitigate, resolve)


def _alias(item: Node, fields: Fields) -> str | None:
    if isinstance(item, Scalar) and item.text:
        return item.text
    fields.report.add("S103", item.mark, "an alias must be a word", "write `aliases: [P1]`")
    return None


def read_catalogue(front: Mapping, report: Report) -> Catalogue | None:
    """Return groups and components in display order, or None after noting what makes them unusable."""
    fields = Fields(front, report)
    marks: dict[str, tuple[int, int]] = {}

    def read(item: Node) -> Group | None:
        inner = fields.inner(item, "a group with id, name and components")
        return None if inner is None else _group(inner, marks)

    groups = fields.many("groups", read, limit=50, wanted="groups")
    fields.close()
    if "groups" not in fields.marks:
        report.add("S102", fields.mark, 'key "groups" is missing', "list the groups with their components")
        return None
    return Catalogue(groups, marks)


def _group(fields: Fields, marks: dict[str, tuple[int, int]]) -> Group | None:
    id, name = fields.identity("id", required=True), fields.words("name", required=True)
    description = fields.words("description", limit=500)

    def read(item: Node) -> Component | None:
        inner = fields.inner(item, "a component with id and name")
        return None if inner is None else _component(inner, marks)

    components = fields.many("components", read, limit=100, wanted="components")
    fields.close()
    if id and name:
        marks[f"groups.{id}"] = fields.marks["id"]
    return Group(id, name, components, description) if id and name else None


def _component(fields: Fields, marks: dict[str, tuple[int, int]]) -> Component | None:
    id, name = fields.identity("id", required=True), fields.words("name", required=True)
    description = fields.words("description", limit=500)
    since, retired = fields.day("since"), fields.day("retired")
    fields.close()
    if id is None or name is None:
        return None
    if id in marks:
        message = f'component "{id}" stands twice'
        fields.report.add("R103", fields.marks["id"], message, f"the first is on line {marks[id][0]}")
        return None
    if since and retired and retired < since:
        fields.report.add("R105", fields.marks["retired"], '"retired" is before "since"', "swap or correct the days")
    marks[id] = fields.marks["id"]
    return Component(id, name, description, since, retired)
