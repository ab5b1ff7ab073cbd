"""The files of a Pagefind index in a form that is the same for the same documents.

Pagefind keeps the values of its filters in no order, and names files by what is in them: so the filters are put into
an order, named anew, and the two files corrected that name them. What the search page does not use is left out.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from hashlib import sha256

import cbor2

ENTRY = "pagefind-entry.json"
SCRIPTS = ("pagefind.js", "pagefind-worker.js")
_MAGIC = b"pagefind_dcd"
_FILTERS = 3  # the place of the filters in the list that a .pf_meta holds, each a name and a file's


def canonical(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that a page needs, in order; the index has one language. Raises ValueError for another form."""
    entry = json.loads(files[ENTRY])
    [(lang, known)] = entry["languages"].items()
    kept = {path: data for path, data in files.items() if path.startswith(("fragment/", "index/"))}
    wasm = f"wasm.{known['wasm'] or 'unknown'}.pagefind"
    kept |= {path: files[path] for path in (*SCRIPTS, wasm)}
    meta = _unpacked(files[f"pagefind.{known['hash']}.pf_meta"])
    for one in meta[_FILTERS]:
        name, values = _unpacked(files[f"filter/{one[1]}.pf_filter"])
        data = _packed([name, sorted(values)])
        one[1] = f"{lang}_{_hash(data)}"
        kept[f"filter/{one[1]}.pf_filter"] = data
    meta[_FILTERS].sort()
    data = _packed(meta)
    known["hash"] = f"{lang}_{_hash(data)}"
    kept[f"pagefind.{known['hash']}.pf_meta"] = data
    kept[ENTRY] = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    return dict(sorted(kept.items()))


def _unpacked(data: bytes) -> list[list[list[object]]]:
    plain = gzip.decompress(data)
    if not plain.startswith(_MAGIC):
        raise ValueError("its files have an unknown form")
    found: list[list[list[object]]] = cbor2.loads(plain[len(_MAGIC) :])
    return found


def _packed(value: object) -> bytes:
    return gzip.compress(_MAGIC + cbor2.dumps(value), mtime=0)


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()[:10]
