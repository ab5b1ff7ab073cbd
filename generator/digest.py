"""A difference between two sites in Markdown: what the reviewer of a pull request wants to know in one look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from generator.difference import Difference
from generator.errors import Problem
from generator.render import routes
from generator.render.i18n import Language
from generator.reports import counted
from generator.terms import Level
from generator.view.record_views import IncidentView, UpdateView
from generator.view.views import LanguageView, SiteView

RECORDS = 50
PATHS = 100
TEXT = 400


def markdown(found: Difference) -> str:
    """Return the difference as Markdown whose texts are all escaped: what authors wrote is never markup here."""
    records = _records(found) if found.before else ()
    return "\n".join([*_state(found), *records, *_pages(found)]) + "\n"


def refused(problems: Sequence[Problem]) -> str:
    """Return as Markdown why a site cannot be built, so that nothing can be said of what readers would see."""
    lines = ["## What readers would see", "", "Nothing yet: the site cannot be built.", ""]
    lines += [f"- {escaped(f'{one.path}:{one.line}')}: {one.code} {escaped(one.message)}" for one in problems[:RECORDS]]
    return "\n".join([*lines, *_more(len(problems) - RECORDS)]) + "\n"


def escaped(text: str) -> str:
    """Return a text as one line of Markdown that shows just that text."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~@:])", r"\\\1", line).replace("##\\[", "## \\[")


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"- and {count} more"


def _state(found: Difference) -> Iterator[str]:
    language, after = found.language, found.after.languages[0].home
    yield "## What readers would see"
    yield ""
    if found.before is None:
        yield f"**{escaped(language.overall(after.overall))}** (there is no published site to compare with)"
        return
    before = found.before.languages[0].home
    yield "| | published | with this change |"
    yield "|---|---|---|"
    yield f"| **Overall** | {escaped(language.overall(before.overall))} | {escaped(language.overall(after.overall))} |"
    then, now = _levels(found.before.languages[0]), _levels(found.after.languages[0])
    for id, (name, level) in now.items():
        was = then[id][1] if id in then else None
        if was is not level:
            yield f"| {escaped(name)} | {_level(was, language)} | {_level(level, language)} |"
    for id, (name, level) in then.items():
        if id not in now:
            yield f"| {escaped(name)} | {_level(level, language)} | – |"


def _levels(view: LanguageView) -> Mapping[str, tuple[str, Level]]:
    return {one.id: (one.name.text, one.level) for group in view.home.groups for one in group.components}


def _level(level: Level | None, language: Language) -> str:
    return "–" if level is None else escaped(language.level(level))


def _shown(view: SiteView | None) -> Mapping[str, IncidentView]:
    return {record.id: record.view.make() for record in view.languages[0].records()} if view else {}


def _records(found: Difference) -> Iterator[str]:
    """Yield the incidents and maintenance that change, with their new updates."""
    before, after = _shown(found.before), _shown(found.after)
    words = [(_verb(before.get(id), one), one) for id, one in after.items()]
    told = [(verb, one) for verb, one in words if verb]
    gone = [before[id] for id in before if id not in after]
    yield ""
    yield "### Incidents and maintenance"
    yield ""
    if not told and not gone:
        yield "No incident or maintenance changes."
    for verb, one in told[:RECORDS]:
        yield from _record(verb, before.get(one.card.id), one, found)
    yield from _more(len(told) - RECORDS)
    for one in gone[:RECORDS]:
        yield f"- **gone**: {escaped(one.card.title.text)} ({escaped(one.card.id)})"


def _verb(before: IncidentView | None, after: IncidentView) -> str:
    """Return what happens to a record, nothing where at most its addresses at the forge change."""
    if before is None:
        return "opened" if after.card.ended is None else "added"
    if _without_forge(before) == _without_forge(after):
        return ""
    if before.card.ended is None and after.card.ended is not None:
        return str(after.card.phase)
    if before.card.ended is not None and after.card.ended is None:
        return "reopened"
    if len(before.updates) != len(after.updates):
        return "updated"
    amended = {update.amended for update in after.updates} != {update.amended for update in before.updates}
    return "amended" if amended else "changed"


def _without_forge(record: IncidentView) -> IncidentView:
    return msgspec.structs.replace(record, source_url=None, edit_url=None, update_url=None)


def _record(verb: str, before: IncidentView | None, after: IncidentView, found: Difference) -> Iterator[str]:
    card, language = after.card, found.language
    address = routes.Address(found.after.url, language.code, found.after.default)
    facts = [language.phase(card.phase), *([card.severity.name.text] if card.severity else [])]
    title = f"[{escaped(card.title.text)}]({address.absolute(routes.record(card.kind, card.id))})"
    yield f"- **{verb}**: {title} ({escaped(', '.join(facts))})"
    known = {update.number: update for update in before.updates} if before else {}
    for update in reversed(after.updates):
        if known.get(update.number) != update:
            yield f"  - {escaped(_line(update, language))}{_lacking(card.id, update, found.after)}"


def _line(update: UpdateView, language: Language) -> str:
    text = " ".join(update.body.source.split())
    amended = f", amended {language.moment(update.amended)}" if update.amended else ""
    return f"{language.phase(update.phase)}, {language.moment(update.at)}{amended}: {text[:TEXT]}" + (
        "…" if len(text) > TEXT else ""
    )


def _lacking(id: str, update: UpdateView, site: SiteView) -> str:
    """Return a note on the languages that an update is not translated into."""
    missing = []
    for view in site.languages[1:]:
        shown = next(record.view.make() for record in view.records() if record.id == id)
        if any(one.number == update.number and one.body.lang != view.info.lang for one in shown.updates):
            missing.append(view.info.lang)
    return f" *(not in {', '.join(missing)} yet)*" if missing else ""


def _pages(found: Difference) -> Iterator[str]:
    kinds = (("new", found.new), ("changed", found.changed), ("gone", found.gone))
    yield ""
    yield f"### Pages: {', '.join(f'{len(paths)} {word}' for word, paths in kinds)}"
    for word, paths in kinds:
        if paths:
            yield ""
            yield f"<details><summary>{counted(len(paths), 'page')} {word}</summary>"
            yield ""
            yield from _listed(paths)
            yield ""
            yield "</details>"


def _listed(paths: Iterable[str]) -> Iterator[str]:
    names = [f"- {escaped('/' + path.removesuffix('index.html'))}" for path in paths]
    yield from names[:PATHS]
    yield from _more(len(names) - PATHS)
