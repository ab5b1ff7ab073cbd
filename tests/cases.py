"""Cases in one file: the files of a site's folder, and what must come of them.

A case is a text of parts, each headed by a line ``=== name``. The last part holds what is expected; run the tests
with STATIQUE_RENEW=1 to write what comes out instead of comparing, then read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

RENEW = "STATIQUE_RENEW"


def read_case(path: Path) -> dict[str, str]:
    """Return the parts of a case by name."""
    parts = re.split(r"^=== (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def settle(path: Path, part: str, found: str) -> str:
    """Return what a case expects in ``part``; when renewing, write ``found`` there first."""
    if os.environ.get(RENEW):
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.index(f"=== {part}\n")] + f"=== {part}\n{found}", encoding="utf-8")
    return read_case(path)[part]


def write_files(root: Path, files: dict[str, str]) -> None:
    """Write texts under their paths below ``root``."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


SITE = """\
name: Acme
url: https://status.acme.example
languages: [en, fr]
time_zone: Europe/Stockholm
"""

COMPONENTS = """\
groups:
  - id: all
    name: {en: Everything, fr: Tout}
    components:
      - {id: portal, name: {en: Portal, fr: Portail}, since: 2024-01-01}
      - {id: login, name: Login}
"""

INCIDENT = """\
---
title: The portal is down
severity: sev1
components: [portal]
---

## investigating 2026-02-22 02:51 UTC

We are looking.
"""


def small_site(root: Path, **files: str) -> Path:
    """Write a valid site of one incident, overlaid with ``files``, and return its folder."""
    base = {
        "content/site.yml": SITE,
        "content/components.yml": COMPONENTS,
        "content/incidents/2026-02-22-portal.md": INCIDENT,
    }
    write_files(root, base | files)
    return root
