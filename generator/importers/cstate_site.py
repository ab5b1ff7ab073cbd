"""cState's configuration to ``site.yml``, and to a page for what it says about the site at length."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import msgspec

from generator.errors import shown
from generator.importers import cstate_text, hugo
from generator.importers.cstate_systems import Category, System, read_categories, read_systems
from generator.importers.foreign import ForeignSeverity, emit, front
from generator.record.fields import LANGUAGE, TITLE_LIMIT, is_address
from generator.record.source import Report
from generator.terms import Impact, Level

DESCRIPTION_LIMIT = 300

SEVERITIES = (
    ForeignSeverity(
        "down", "Down", "A system cannot be used at all.", "15 min", "30 min", Level.MAJOR_OUTAGE, Impact.CRITICAL
    ),
    ForeignSeverity(
        "disrupted", "Disrupted", "A system works only in part, slowly, or not for everyone.", "30 min", "1 h",
        Level.PARTIAL_OUTAGE, Impact.MAJOR,
    ),
    ForeignSeverity(
        "notice", "Notice", "Something is worth knowing, and everything can be used.", "1 d", None,
        Level.OPERATIONAL, Impact.NONE,
    ),
)  # fmt: skip
"""cState's three severities: what it calls down counts as an outage of the whole system, disrupted as one of a part."""


class Link(msgspec.Struct, frozen=True):
    """A tab of the home page that leads elsewhere."""

    label: str
    url: str


class Config(msgspec.Struct, frozen=True):
    """What cState's configuration says; ``systems`` is None where it could not be read."""

    path: str
    name: str
    url: str
    language: str
    languages: frozenset[str]
    about: str
    description: str
    systems: tuple[System, ...] | None
    categories: tuple[Category, ...]
    links: tuple[Link, ...]

    def text(self, zone: ZoneInfo | None) -> str:
        """Return ``site.yml``; times of day are shown in ``zone``, or in UTC."""
        values: dict[str, object] = {"name": self.name}
        if self.description:
            values["description"] = self.description
        values |= {"url": self.url, "languages": [self.language], "time_zone": zone.key if zone else "UTC"}
        if self.links:
            values["links"] = [msgspec.to_builtins(link) for link in self.links]
        rows = [msgspec.to_builtins(severity) for severity in SEVERITIES]
        values["severities"] = [{name: value for name, value in row.items() if value is not None} for row in rows]
        return emit(values)

    def page(self) -> str:
        """Return the text of the page that says what is too long for ``site.yml``."""
        return f"{front({'title': f'About {self.name}'[:TITLE_LIMIT]})}\n{self.about}\n"


UNREAD = Config("", "Status", "", "en", frozenset(), "", "", None, (), ())
"""Stands for a configuration that is missing or cannot be read."""


def read(keys: hugo.Keys, path: str, report: Report) -> Config:
    """Return what a configuration says, with what is missing or wrong in it noted."""
    params = keys.inner("params")
    url, name = _url(keys, report), _name(keys, report)
    description, about = _descriptions(keys, params, url, report)
    return Config(
        path, name, url, _language(keys, report), keys.names_of_map("languages"), about, description,
        read_systems(params), read_categories(params), _links(params, report),
    )  # fmt: skip


def _name(keys: hugo.Keys, report: Report) -> str:
    node = keys.scalar("title")
    name = " ".join(node.text.split()) if node else ""
    if name and len(name) <= TITLE_LIMIT:
        return name
    hint = f"write `title: …` with at most {TITLE_LIMIT} characters, or a name in content/site.yml"
    report.add("I102", node.mark if node else keys.mark, "the site's title is missing or too long", hint, warning=True)
    return name[:TITLE_LIMIT].rstrip() or "Status"


def _url(keys: hugo.Keys, report: Report) -> str:
    node = keys.scalar("baseURL")
    url = node.text.strip().rstrip("/") if node else ""
    if is_address(url) and "?" not in url and "#" not in url:
        return url
    message = f'baseURL "{shown(url)}" is not a web address' if node else "baseURL is missing"
    hint = "write `baseURL: https://…`, the site's address; content/site.yml needs it"
    report.add("I102", node.mark if node else keys.mark, message, hint)
    return ""


def _language(keys: hugo.Keys, report: Report) -> str:
    """Return the language that the content is in, in the form of our language tags."""
    node = keys.scalar("defaultContentLanguage") or keys.scalar("languageCode")
    keys.scalar("languageCode")
    if node is None:
        return "en"
    parts = node.text.strip().replace("_", "-").split("-")
    for tag in ("-".join([parts[0].lower(), *(part.upper() for part in parts[1:])]), parts[0].lower()):
        if LANGUAGE.match(tag):
            return tag
    report.add("I102", node.mark, f'"{shown(node.text)}" is not a language', "write en, fr, pt-BR …", warning=True)
    return "en"


_MARKUP = re.compile(r"[\[\]*_`<>#|\\]|https?://|\{\{")


def _descriptions(keys: hugo.Keys, params: hugo.Keys, site: str, report: Report) -> tuple[str, str]:
    """Return the short description, plain and in one line, and the text of a page when there is more to say."""
    nodes = [node for node in (params.scalar("description"), keys.scalar("description")) if node and node.text.strip()]
    texts = dict.fromkeys(node.text.strip() for node in nodes)
    if not texts:
        return "", ""
    first = next(iter(texts))
    line = " ".join(first.split())
    if len(texts) == 1 and "\n\n" not in first and len(line) <= DESCRIPTION_LIMIT and not _MARKUP.search(line):
        return line, ""
    about = "\n\n".join(
        cstate_text.passage(node.text, node.mark, report, site)
        for node in nodes
        if texts.pop(node.text.strip(), "") is None
    )
    opening = " ".join(first.split("\n", 1)[0].split())
    return (opening if len(opening) <= DESCRIPTION_LIMIT and not _MARKUP.search(opening) else ""), about


def _links(params: hugo.Keys, report: Report) -> tuple[Link, ...]:
    found = []
    for keys in params.tables("customTabs"):
        label, url = " ".join(keys.text("name").split())[:TITLE_LIMIT], keys.text("link")
        if label and is_address(url):
            found.append(Link(label, url))
        else:
            message = f'the tab "{shown(label)}" leads to "{shown(url)}" and was left out'
            hint = "add it under `links` in content/site.yml with a whole address"
            report.add("I116", keys.mark, message, hint, warning=True)
    return tuple(found)
