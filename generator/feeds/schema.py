"""The JSON Schema of the API's documents and of the JSON feeds, made from the types that they are serialised from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from inspect import cleandoc
from typing import Any

import msgspec

from generator.feeds import api_form, jsonfeed
from generator.feeds.document import pretty_bytes
from generator.publish.artifact import Artifact, Rank
from generator.render import routes
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.view.basics import keyed

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS = (*api_form.DOCUMENTS, jsonfeed.JsonFeed)
"""Every kind of document that the schema describes."""


def files(url: str) -> Iterator[Artifact]:
    """Yield the schema of a site at ``url``; one, as it is the same in all languages."""
    yield Artifact(
        path=routes.API_SCHEMA,
        keyed=keyed("schema", fingerprint(), url),
        make=partial(write, url),
        rank=Rank.FEED,
        origin="the API's schema",
    )


def write(url: str) -> bytes:
    """Return the schema: a document is valid by ``#/$defs/<kind>``, or by the whole of it, which allows each kind.

    Source of the form: JSON Schema, draft 2020-12.
    """
    entries, types = msgspec.json.schema_components(DOCUMENTS, ref_template="#/$defs/{name}")
    return pretty_bytes(
        {
            "$schema": DIALECT,
            "$id": Address(url, "", "").absolute(routes.API_SCHEMA),
            "title": "The documents of this status site",
            "anyOf": entries,
            # How far a docstring is indented depends on the Python that compiled it.
            "$defs": {name: kind | _described(kind) for name, kind in types.items()},
        }
    )


def _described(kind: dict[str, Any]) -> dict[str, str]:
    return {"description": cleandoc(kind["description"])} if "description" in kind else {}
