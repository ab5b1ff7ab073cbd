"""The keys of every file below ``content/``: one description, which editors get as a JSON Schema.

What the readers of this room ask a file for and what stands here are the same, key by key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from generator.record.branding import PICTURE_PATH
from generator.record.fields import ACCEPTABLE, ID, LANGUAGE, TITLE_LIMIT
from generator.record.postmortem import ACTION_LIMIT, WORD_LIMIT
from generator.record.schema import COMPONENT_LIMIT
from generator.terms import Dialect, Effort, Forge, Impact, Level, Phase, Progress

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Form = Mapping[str, Any]
"""What a value may be, as JSON Schema says it."""


class Key(NamedTuple):
    """A key, what it may hold, and what it is for."""

    name: str
    form: Form
    about: str
    required: bool = False


class Shape(NamedTuple):
    """A mapping: what it is, and its keys in the order in which people write them."""

    title: str
    keys: tuple[Key, ...]


def schema(url: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12), to be published at ``url``.

    A file is valid by its entry, ``#/$defs/incident`` and so on, or by the whole, which allows each kind of file.
    """
    return {
        "$schema": DIALECT,
        "$id": url,
        "title": "The keys of a status site's files",
        "anyOf": [_ref(name) for name in FILES],
        "$defs": dict(_definitions()),
    }


def _definitions() -> Iterator[tuple[str, Form]]:
    for name, shape in SHAPES.items():
        yield (
            name,
            {
                "title": shape.title,
                "type": "object",
                "properties": {key.name: {"description": key.about, **key.form} for key in shape.keys},
                "required": [key.name for key in shape.keys if key.required],
                "additionalProperties": False,
            },
        )


def _ref(name: str) -> Form:
    return {"$ref": f"#/$defs/{name}"}


def _whole(pattern: re.Pattern[str]) -> str:
    return f"^{pattern.pattern.removesuffix(chr(92) + 'Z')}$"


def _text(limit: int = TITLE_LIMIT) -> Form:
    # A title of digits, or the word true, is a text here, though an editor takes it for something else.
    return {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": limit}


def _words(limit: int = TITLE_LIMIT) -> Form:
    languages = {"propertyNames": {"pattern": _whole(LANGUAGE)}, "additionalProperties": _text(limit)}
    return {"anyOf": [_text(limit), {"type": "object", "minProperties": 1, **languages}]}


def _many(items: Form, most: int) -> Form:
    return {"type": "array", "items": items, "maxItems": most}


_ID: Form = {"type": ["string", "integer"], "pattern": _whole(ID)}
_FLAG: Form = {"type": "boolean"}
_TIME: Form = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.0+)?)?( ?(Z|UTC)| ?[+-]\d\d:\d\d)$",
    "examples": ["2026-02-22 02:51 UTC"],
}
_DAY: Form = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_DATE: Form = {"anyOf": [_DAY, _TIME]}
_DURATION: Form = {
    "type": "string",
    "pattern": r"^(?=[0-9])([0-9]{1,3} d)? ?([0-9]{1,3} h)? ?([0-9]{1,4} min)?$",
    "examples": ["5 min", "1 h 30 min"],
}
_ADDRESS: Form = {"type": "string", "format": "uri", "pattern": r"^https?://[^\s\\<>\"@]+$"}
_PICTURE: Form = {"type": "string", "pattern": _whole(PICTURE_PATH)}
_COLOUR: Form = {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$", "examples": ["#0b57b4"]}
_LEVEL: Form = {"enum": [str(level) for level in Level]}
_IMPACT: Form = {"enum": [str(impact) for impact in Impact]}
_STATES: Form = {
    "anyOf": [
        _many(_ID, COMPONENT_LIMIT),
        {
            "type": "object",
            "maxProperties": COMPONENT_LIMIT,
            "propertyNames": {"pattern": _whole(ID)},
            "additionalProperties": {"enum": [*_LEVEL["enum"], None]},
        },
    ]
}
_LINKS = Key("links", _many(_ref("link"), 20), "Named addresses, each with label and url.")
_NAME = Key("name", _words(), "The name, the same in every language or one per language.", required=True)
_DESCRIPTION = Key("description", _words(500), "A sentence or two, the same in every language or one per language.")
_TITLE = Key("title", _text(), "What a reader sees of it in a list: what does not work, and for whom.", required=True)
_AFFECTED = Key("components", _STATES, "The ids of what is affected, or a map of ids to states.", required=True)
_ACCEPT = Key(
    "accept",
    _many(
        {"type": "string", "pattern": rf"^({'|'.join(ACCEPTABLE)})(\.{ID.pattern.removesuffix(chr(92) + 'Z')})?$"}, 50
    ),
    "Codes of checks that the team knowingly lets stand here, as P101.ada.",
)
_RECORD = (
    Key("tags", _many(_ID, 50), "Words that group records, in small letters."),
    Key("aliases", _many(_ID, 50), "Former ids of this record; their addresses lead here."),
    _LINKS,
    Key("draft", _FLAG, "true keeps it from being published anywhere."),
    Key("backfilled", _FLAG, "true for what is written down after the fact: on the pages, but no news in feeds."),
    _ACCEPT,
)

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "incident": Shape(
            "content/incidents/<id>.md",
            (
                _TITLE,
                Key("severity", _text(), "The id or an alias of a severity of site.yml.", required=True),
                _AFFECTED,
                Key("started", _TIME, "When it began, if that was before the first update."),
                *_RECORD,
                Key("no_postmortem", _text(), "Why there is no postmortem, though the severity owes one."),
            ),
        ),
        "maintenance": Shape(
            "content/maintenance/<id>.md",
            (_TITLE, Key("scheduled", _ref("window"), "The announced times.", required=True), _AFFECTED, *_RECORD),
        ),
        "translation": Shape(
            "<id>.<language>.md",
            (Key("title", _text(), "The title in this language."),),
        ),
        "update": Shape(
            "The lines right under the heading of an update",
            (
                Key("components", _STATES, "What is affected from this update on, and how."),
                Key("next", _TIME, "When the next update comes, at the latest."),
                Key("amended", _TIME, "When the text was last changed after it had been published."),
            ),
        ),
        "postmortem": Shape(
            "content/postmortems/<id>.md",
            (
                Key("title", _text(), "What was learned, or what failed, in a line.", required=True),
                Key("incident", _ID, "The id of the incident that it is about."),
                Key("published", _DATE, "The day or the time of publication."),
                Key("severity", _text(), "The id or an alias of a severity of site.yml, if not the incident's."),
                Key("duration", _DURATION, "How long it lasted, if not as long as the incident."),
                Key("components", _many(_ID, COMPONENT_LIMIT), "What was affected, if not what the incident names."),
                Key("tags", _many(_ID, 50), "Words that group postmortems, if not those of the incident."),
                Key("actions", _many(_ref("action"), ACTION_LIMIT), "What will be done, or was."),
                Key("aliases", _many(_ID, 50), "Former ids of this postmortem; their addresses lead here."),
                _LINKS,
                Key("draft", _FLAG, "true keeps it from being published anywhere."),
                _ACCEPT,
            ),
        ),
        "action": Shape(
            "Something that a postmortem says will be done, or was",
            (
                Key("title", _text(), "What will be different afterwards.", required=True),
                Key("owner", _text(WORD_LIMIT), "The role that sees to it, never a person."),
                Key("priority", _text(WORD_LIMIT), "How much it matters, in your own words, such as P1."),
                Key("due", _DAY, "The day by which it is done."),
                Key("type", {"enum": [str(one) for one in Effort]}, "What it is meant to do."),
                Key("status", {"enum": [str(one) for one in Progress]}, "How far it has come."),
            ),
        ),
        "postmortem_translation": Shape(
            "content/postmortems/<id>.<language>.md",
            (
                Key("title", _text(), "The title in this language."),
                Key("actions", _many(_text(), ACTION_LIMIT), "The titles of the actions, in the original's order."),
                Key("translated", _DAY, "The day on which this was translated; a later change makes it stale."),
            ),
        ),
        "page": Shape(
            "content/pages/<slug>.md",
            (
                Key("title", _text(), "The heading of the page.", required=True),
                Key("description", _text(300), "What the page is about, for search engines and previews."),
                Key("menu", _FLAG, "false keeps it out of the menu."),
                Key("draft", _FLAG, "true keeps it from being published."),
                _ACCEPT,
            ),
        ),
        "message": Shape(
            "content/messages/<name>.md",
            (
                Key("status", {"enum": [str(phase) for phase in Phase]}, "The status that it declares.", required=True),
                Key("title", _words(), "The title of a record that begins with it."),
                _ACCEPT,
            ),
        ),
        "site": Shape(
            "content/site.yml",
            (
                _NAME,
                Key("url", _ADDRESS, "The address that the site is published at, with its path.", required=True),
                Key(
                    "languages",
                    {**_many({"type": "string", "pattern": _whole(LANGUAGE)}, 50), "minItems": 1},
                    "The languages of the site, the default one first.",
                    required=True,
                ),
                Key("time_zone", {"type": "string"}, "The zone that times are shown in: Europe/Paris.", required=True),
                _DESCRIPTION,
                Key("theme", _ID, "The folder of themes/ that decides how the site looks."),
                Key("branding", _ref("branding"), "Whose site it is: logo, icon and the colour of links."),
                Key("authority", _text(), "The host name in the permanent ids of feed entries."),
                Key("repository", _ADDRESS, "The address of the repository, for links to a record's history."),
                Key("branch", _text(), "The branch that those links lead to."),
                Key("forge", {"enum": [str(one) for one in Forge]}, "The kind of forge, where its host does not tell."),
                Key("folder", _text(), "The path of the site's folder in the repository."),
                Key("git_times", _FLAG, "Whether incidents show when git has it that each update came."),
                Key("search", _FLAG, "false builds no search."),
                Key("markdown", {"enum": [str(one) for one in Dialect]}, "How texts are read; gfm is as GitHub does."),
                Key("hub", _ADDRESS, "A WebSub hub, which the feeds then name."),
                _LINKS,
                Key(
                    "windows",
                    _many({"type": "integer", "minimum": 1, "maximum": 3660}, 6),
                    "The numbers of days for which uptime is shown.",
                ),
                Key(
                    "weights",
                    {
                        "type": "object",
                        "propertyNames": _LEVEL,
                        "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
                    },
                    "How much each state counts against uptime, from 0 to 1.",
                ),
                Key("severities", _many(_ref("severity"), 12), "The severity levels, worst first."),
            ),
        ),
        "branding": Shape(
            "Whose site it is",
            (
                Key("logo", {"anyOf": [_PICTURE, _ref("logo")]}, "The picture beside or in place of the name."),
                Key("icon", _PICTURE, "The picture in a browser's tab."),
                Key("accent", {"anyOf": [_COLOUR, _ref("accent")]}, "The colour of links, focus and buttons."),
            ),
        ),
        "logo": Shape(
            "A logo for light and one for dark pages",
            (
                Key("light", _PICTURE, "The one for light pages.", required=True),
                Key("dark", _PICTURE, "The one for dark pages."),
            ),
        ),
        "accent": Shape(
            "A colour for light and one for dark pages",
            (
                Key("light", _COLOUR, "The one for light pages.", required=True),
                Key("dark", _COLOUR, "The one for dark pages."),
            ),
        ),
        "components": Shape(
            "content/components.yml",
            (Key("groups", _many(_ref("group"), 50), "Groups of components, in display order.", required=True),),
        ),
        "group": Shape(
            "Components that belong together",
            (
                Key("id", _ID, "Its permanent id.", required=True),
                _NAME,
                _DESCRIPTION,
                Key("components", _many(_ref("component"), 100), "Its components, in display order."),
            ),
        ),
        "component": Shape(
            "One thing that can work or not",
            (
                Key("id", _ID, "Its permanent id, which records name.", required=True),
                _NAME,
                _DESCRIPTION,
                Key("since", _DAY, "The day from which uptime counts."),
                Key("retired", _DAY, "The day since which it is out of service."),
            ),
        ),
        "severity": Shape(
            "A level of severity",
            (
                Key("id", _ID, "Its permanent id, which incidents name.", required=True),
                _NAME,
                Key("meaning", _words(500), "What it means for those who are affected.", required=True),
                Key("state", _LEVEL, "The state of an affected component where the record names none.", required=True),
                Key("impact", _IMPACT, "Its public weight, in the words of the Statuspage API.", required=True),
                Key("aliases", _many(_text(), 10), "Other names for it."),
                Key("respond", _DURATION, "How soon someone responds."),
                Key("update", _DURATION, "How often there is an update."),
                Key("detect", _DURATION, "How soon it should be noticed; measured on the internal site."),
                Key("mitigate", _DURATION, "How soon it should hurt less; measured on the internal site."),
                Key("resolve", _DURATION, "How soon it should be over; measured on the internal site."),
                Key("postmortem", _FLAG, "Whether a postmortem is owed."),
            ),
        ),
        "link": Shape(
            "A named address",
            (
                Key("label", _words(), "The words of the link, one text or one per language.", required=True),
                Key("url", _ADDRESS, "Where it leads.", required=True),
            ),
        ),
        "window": Shape(
            "The announced times of maintenance",
            (Key("from", _TIME, "When it begins.", required=True), Key("until", _TIME, "When it ends.", required=True)),
        ),
    }
)
"""Every mapping that the readers know, by its name in the schema."""

FILES = (
    "incident",
    "maintenance",
    "translation",
    "page",
    "message",
    "site",
    "components",
    "postmortem",
    "postmortem_translation",
)
"""The mappings that are whole files, or the front matter of one."""
