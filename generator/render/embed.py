"""The script that product pages load: the theme's, with the few words it needs in each language of the site."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial

from generator.publish.artifact import Artifact, Rank
from generator.render import routes
from generator.render.i18n import Language
from generator.render.theme import Asset
from generator.resources import fingerprint
from generator.view.basics import keyed

SOURCE = "embed.js"
PLACE = b'"@dismiss"'


def script(asset: Asset, codes: Iterable[str], languages: Mapping[str, Language]) -> Artifact:
    """Return the script at its permanent address: pages elsewhere name it, so its name holds no hash."""
    ours = tuple(languages[code] for code in codes)
    return Artifact(
        path=routes.EMBED_SCRIPT,
        keyed=keyed("embed", fingerprint(), asset.data, [language.fingerprint for language in ours]),
        make=partial(with_words, asset.data, ours),
        rank=Rank.ASSET,
        origin=f"the theme's static/{asset.name}",
    )


def with_words(source: bytes, languages: Iterable[Language]) -> bytes:
    """Return the script, bare, with a map from language to word where it has the place for one."""
    words = {language.code: language.gettext("Dismiss") for language in languages}
    # ASCII, since a script is read in the encoding of the page that loads it.
    return bare(source).replace(PLACE, json.dumps(words, separators=(",", ":")).replace("<", r"\u003c").encode())


def bare(source: bytes) -> bytes:
    """Return a script without the lines that are comments, and without indentation."""
    lines = (line.strip() for line in source.splitlines())
    return b"".join(line + b"\n" for line in lines if line and not line.startswith(b"//"))
