"""The same synthetic incidents for Hugo, with a lean theme: a fast compiled generator to be compared with.

``python -m bench.yardstick FOLDER``; the same arguments give the same bytes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import synthetic
from bench.phrases import COMPONENT_IDS, GROUP_IDS, PHRASES, SYMPTOMS, Phrases

THEME = Path(__file__).with_name("hugo")


def write_site(root: Path, *, incidents: int, languages: int, seed: int = 1) -> Path:
    """Write a folder for Hugo and return it; what it says is what ``synthetic.write_site`` says."""
    chosen = dict(list(PHRASES.items())[:languages])
    shutil.copytree(THEME, root)
    (root / "hugo.json").write_text(json.dumps(_settings(chosen)), encoding="utf-8")
    names = {lang: dict(zip(COMPONENT_IDS, words.components, strict=True)) for lang, words in chosen.items()}
    (root / "data").mkdir()
    (root / "data" / "components.json").write_text(json.dumps(names), encoding="utf-8")
    for incident in synthetic.make_incidents(incidents, seed=seed):
        for lang, phrases in chosen.items():
            _write(root / "content/incidents", incident, lang, _incident(incident, phrases), "")
            if synthetic.is_learned_from(incident):
                body = "".join(f"\n## {name}\n\n{text}\n" for name, text in synthetic.chapters(incident, phrases))
                _write(root / "content/postmortems", incident, lang, _postmortem(incident, phrases), body)
    return root


def add_update(root: Path) -> Path:
    """Change the newest incident in every language, as one update more does; return the file of the original."""
    newest = max(path for path in (root / "content/incidents").rglob("*.en.md"))
    for path in newest.parent.glob(newest.name.replace(".en.md", ".*.md")):
        front = json.loads(path.read_text(encoding="utf-8"))
        front["updates"].append({**front["updates"][-1], "at": f"{synthetic.NOW:%Y-%m-%dT%H:%M:%SZ}"})
        path.write_text(json.dumps(front, ensure_ascii=False), encoding="utf-8")
    return newest


def newest(root: Path) -> Path:
    """Return the file of the newest incident's original."""
    return max(root.glob("content/incidents/*/*.en.md"), key=lambda path: path.name)


def save(file: Path, *, number: int) -> None:
    """Save an incident with another line at the end of its last update."""
    front = json.loads(file.read_text(encoding="utf-8"))
    front["updates"][-1]["text"] += f"\n\nSave {number}."
    file.write_text(json.dumps(front, ensure_ascii=False), encoding="utf-8")


def _write(folder: Path, incident: synthetic.Incident, lang: str, front: Mapping[str, Any], body: str) -> None:
    file = folder / incident.id[:4] / f"{incident.id}.{lang}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{json.dumps(front, ensure_ascii=False)}\n{body}", encoding="utf-8")


def _incident(incident: synthetic.Incident, phrases: Phrases) -> dict[str, Any]:
    begun = incident.updates[0].at - timedelta(minutes=4)
    updates = [
        {"phase": one.status, "at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", "state": one.state,
         "text": synthetic.update_text(incident, one, phrases)}
        for one in incident.updates
    ]  # fmt: skip
    return {
        "title": synthetic.title(incident, phrases),
        "date": f"{begun:%Y-%m-%dT%H:%M:%SZ}",
        "lastmod": updates[-1]["at"],
        "severity": f"sev{incident.severity}",
        "state": synthetic.STATES[3 - incident.severity],
        "components": [COMPONENT_IDS[incident.component]],
        "severities": [f"sev{incident.severity}"],
        "tags": [SYMPTOMS[incident.symptom][1], GROUP_IDS[incident.component // 4]],
        "months": [f"{begun:%Y-%m}"],
        "updates": updates,
    }


def _postmortem(incident: synthetic.Incident, phrases: Phrases) -> dict[str, Any]:
    published = incident.updates[-1].at + timedelta(days=3)
    return {
        "title": f"{synthetic.title(incident, phrases)}: {phrases.causes[incident.cause]}",
        "date": f"{published:%Y-%m-%d}",
        "incident": f"/incidents/{incident.id[:4]}/{incident.id}",
        "topics": [SYMPTOMS[incident.symptom][1], GROUP_IDS[incident.component // 4]],
        "actions": ["Alert on it", "Test it"],
    }


def _settings(chosen: Mapping[str, Phrases]) -> dict[str, Any]:
    return {
        "baseURL": "https://status.lumen.example/",
        "title": "Lumen",
        "defaultContentLanguage": "en",
        "languages": {lang: {"weight": place} for place, lang in enumerate(chosen, 1)},
        "taxonomies": {"component": "components", "severity": "severities", "tag": "tags", "month": "months",
                       "topic": "topics"},
        "outputFormats": {
            "ATOM": {"mediaType": "application/atom+xml", "baseName": "atom"},
            "FEED": {"mediaType": "application/feed+json", "baseName": "feed", "isPlainText": True},
            "ICS": {"mediaType": "text/calendar", "baseName": "calendar", "isPlainText": True},
        },
        "mediaTypes": {"application/atom+xml": {"suffixes": ["xml"]}, "application/feed+json": {"suffixes": ["json"]}},
        "outputs": {
            "home": ["html", "rss", "atom", "feed", "ics"],
            "page": ["html", "json"],
            "section": ["html", "json"],
            "taxonomy": ["html"],
            "term": ["html", "rss", "atom", "feed"],
        },
        "cascade": [{"outputs": ["html"], "target": {"path": "/{months,topics,tags}/**"}}],
    }  # fmt: skip


def main() -> None:
    """Write a synthetic site for Hugo as the arguments ask."""
    asked = synthetic.asked_for("a synthetic site for Hugo")
    print(write_site(asked.folder, incidents=asked.incidents, languages=asked.languages, seed=asked.seed))


if __name__ == "__main__":
    main()
