"""Synthetic sites for measurements: many believable incidents, the same bytes for the same arguments.

``python -m bench.synthetic DIR --incidents 1000 --languages 4``
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.phrases import COMPONENT_IDS, GROUP_IDS, PHRASES, STATUSES, SYMPTOMS, Phrases

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
"""The clock of a synthetic site: all of its incidents lie in the five years before."""

SPAN = timedelta(days=5 * 365)
STATES = ("degraded_performance", "partial_outage", "major_outage")


class Update(NamedTuple):
    """What one update says, whatever the language: indices into the phrases, and the values of their slots."""

    status: str
    at: datetime
    opening: int
    details: tuple[int, ...]
    with_steps: bool
    percent: int
    version: str
    reference: str
    state: str


class Incident(NamedTuple):
    """One incident, whatever the language."""

    id: str
    component: int
    symptom: int
    cause: int
    severity: int
    updates: tuple[Update, ...]


def write_site(root: Path, *, incidents: int, languages: int, seed: int = 1) -> Path:
    """Write a site folder and return it; the newest incident is still open."""
    content = root / "content"
    content.mkdir(parents=True)
    chosen = dict(list(PHRASES.items())[:languages])
    (content / "site.yml").write_text(_site(chosen), encoding="utf-8")
    (content / "components.yml").write_text(_components(chosen), encoding="utf-8")
    for incident in make_incidents(incidents, seed=seed):
        folder = content / "incidents" / incident.id[:4]
        folder.mkdir(parents=True, exist_ok=True)
        for language, phrases in chosen.items():
            text = incident_text(incident, phrases, original=language == "en")
            _path(folder, incident, language).write_text(text, encoding="utf-8")
        if is_learned_from(incident):
            _write_postmortem(content / "postmortems" / incident.id[:4], incident, chosen)
    return root


def is_learned_from(incident: Incident) -> bool:
    """Return whether an incident has a postmortem: fifteen in a hundred of those that are over."""
    return int(incident.updates[0].reference, 16) % 100 < 15 and incident.updates[-1].status == "resolved"


def _write_postmortem(folder: Path, incident: Incident, chosen: Mapping[str, Phrases]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for language, phrases in chosen.items():
        text = postmortem_text(incident, phrases, original=language == "en")
        _path(folder, incident, language).write_text(text, encoding="utf-8")


def postmortem_text(incident: Incident, phrases: Phrases, *, original: bool) -> str:
    """Return a file of a postmortem, some 4 KB: the original with its facts, or a translation with its texts alone."""
    front = [f'title: "{title(incident, phrases)}: {phrases.causes[incident.cause]}"']
    if original:
        front += [
            f"incident: {incident.id}",
            f"published: {incident.updates[-1].at + timedelta(days=3):%Y-%m-%d}",
            "actions: [{title: Alert on it, owner: Operations, status: done}, {title: Test it, owner: Development}]",
        ]
    return (
        "---\n"
        + "\n".join(front)
        + "\n---\n"
        + "".join(f"\n## {name}\n\n{text}\n" for name, text in chapters(incident, phrases))
    )


def chapters(incident: Incident, phrases: Phrases) -> Iterator[tuple[str, str]]:
    """Yield the sections of a postmortem, name and Markdown."""
    texts = [update_text(incident, update, phrases) for update in incident.updates]
    told = [
        f"- {update.at:%H:%M} UTC: {text.splitlines()[0]}" for update, text in zip(incident.updates, texts, strict=True)
    ]
    lists = "\n".join(f"- {detail} (`{incident.updates[2].reference}`)" for detail in phrases.details)
    yield "Summary", f"{texts[-1]}\n\n{texts[1]}"
    yield "Impact", f"{texts[0]}\n\n{lists}"
    yield "Timeline", "\n".join(told)
    yield "Root cause", f"{texts[2]}\n\n{texts[1]}"
    yield "Contributing factors", lists.replace("(`", "(**").replace("`)", "**)")
    yield "What went well", f"{texts[3]}\n\n{texts[-1]}"
    yield "Lessons", "\n\n".join(phrases.details).replace(".", f" ({incident.updates[3].reference}).", 1)


def add_update(root: Path, *, number: int = 1) -> Path:
    """Append one update to the incident that is open, in every language; return the file of the original.

    ``number`` counts from 1 up to 29: each update is a minute after the one before.
    """
    newest_year = max((root / "content" / "incidents").iterdir())
    newest = next(path for path in sorted(newest_year.glob("*.md"), reverse=True) if _is_open(path))
    at = NOW - timedelta(minutes=30 - number)
    rng = random.Random(number)
    component = next(index for index, name in enumerate(COMPONENT_IDS) if newest.stem[11:].startswith(name))
    incident = Incident(newest.stem, component, 0, 0, 1, (_update(rng, "monitoring", at, state=""),))
    for language, phrases in PHRASES.items():
        path = _path(newest.parent, incident, language)
        if path.exists():
            with path.open("a", encoding="utf-8") as file:
                file.write("".join(_sections(incident, phrases, original=language == "en")))
    return newest


def _is_open(path: Path) -> bool:
    return "." not in path.stem and "## resolved" not in path.read_text(encoding="utf-8")


def add_incident(root: Path, *, number: int = 1) -> Path:
    """Write one incident more, just begun, in every language; return the file of the original.

    ``number`` counts from 1 up to 14: each begins a minute after the one before, and before any added update.
    """
    folder = max((root / "content" / "incidents").iterdir())
    component, at = number % len(COMPONENT_IDS), NOW - timedelta(minutes=45 - number)
    update = _update(random.Random(number), "investigating", at, state="")
    incident = Incident(f"{NOW:%Y-%m-%d}-{COMPONENT_IDS[component]}-new-{number}", component, 0, 0, 2, (update,))
    for language in (language for language in PHRASES if any(folder.glob(f"*.{language}.md")) or language == "en"):
        text = incident_text(incident, PHRASES[language], original=language == "en")
        _path(folder, incident, language).write_text(text, encoding="utf-8")
    return _path(folder, incident, "en")


def newest(root: Path) -> Path:
    """Return the file of the newest incident's original."""
    return max((path for path in (root / "content" / "incidents").rglob("*.md") if "." not in path.stem), key=_name)


def save(file: Path, *, number: int) -> None:
    """Save a file with another line at its end, as someone does who is writing it."""
    file.write_text(f"{file.read_text(encoding='utf-8')}\nSave {number}.\n", encoding="utf-8")


def _name(path: Path) -> str:
    return path.name


def make_incidents(count: int, *, seed: int) -> Iterator[Incident]:
    """Yield ``count`` incidents, oldest first, spread over the five years before ``NOW``."""
    rng = random.Random(seed)
    taken: set[str] = set()
    step = SPAN / count
    for number in range(count):
        begun = NOW - SPAN + step * (number + rng.random() * 0.9)
        last = number == count - 1
        if last:
            begun = NOW - timedelta(hours=7)
        yield _incident(rng, begun.replace(second=0, microsecond=0), taken, is_open=last)


def _incident(rng: random.Random, begun: datetime, taken: set[str], *, is_open: bool) -> Incident:
    component, symptom = rng.randrange(len(COMPONENT_IDS)), rng.randrange(len(SYMPTOMS))
    stem = f"{begun:%Y-%m-%d}-{COMPONENT_IDS[component]}-{SYMPTOMS[symptom][0]}"
    name = next(name for n in range(1, len(taken) + 2) if (name := f"{stem}-{n}" if n > 1 else stem) not in taken)
    taken.add(name)
    worst = rng.choices((0, 1, 2), (5, 4, 2))[0]
    at, updates = begun, []
    for place, status in enumerate(STATUSES):
        shown = "monitoring" if is_open and status == "resolved" else status
        state = ("", "", STATES[max(0, worst - 1)], "degraded_performance", "")[place]
        at += timedelta(minutes=rng.randint(4, 70))
        updates.append(_update(rng, shown, at, state=state))
    return Incident(name, component, symptom, rng.randrange(6), 3 - worst, tuple(updates))


def _update(rng: random.Random, status: str, at: datetime, *, state: str) -> Update:
    return Update(
        status,
        at,
        opening=rng.randrange(2),
        details=tuple(rng.sample(range(6), 2)),
        with_steps=status == "identified" and rng.random() < 0.5,
        percent=rng.randint(2, 95),
        version=f"v{rng.randint(1, 4)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}",
        reference=f"{rng.getrandbits(24):06x}",  # no two texts are alike, so that none is rendered for another
        state=state,
    )


def incident_text(incident: Incident, phrases: Phrases, *, original: bool) -> str:
    """Return a file of an incident: the original with its facts, or a translation with its texts alone."""
    front = [f'title: "{title(incident, phrases)}"']
    if original:
        front += [
            f"severity: sev{incident.severity}",
            "components:",
            f"  {COMPONENT_IDS[incident.component]}: {STATES[3 - incident.severity]}",
            f"started: {incident.updates[0].at - timedelta(minutes=4):%Y-%m-%d %H:%M} UTC",
            f"tags: [{SYMPTOMS[incident.symptom][1]}, {GROUP_IDS[incident.component // 4]}]",
        ]
    return "---\n" + "\n".join(front) + "\n---\n" + "".join(_sections(incident, phrases, original=original))


def title(incident: Incident, phrases: Phrases) -> str:
    """Return an incident's title."""
    return phrases.titles[incident.symptom].format(component=phrases.components[incident.component])


def _sections(incident: Incident, phrases: Phrases, *, original: bool) -> Iterator[str]:
    for update in incident.updates:
        yield f"\n## {update.status} {update.at:%Y-%m-%d %H:%M} UTC\n"
        if original and update.state:
            yield f"components: {{{COMPONENT_IDS[incident.component]}: {update.state}}}\n"
        yield f"\n{update_text(incident, update, phrases)}\n"


def update_text(incident: Incident, update: Update, phrases: Phrases) -> str:
    """Return the Markdown of an update."""
    slots = {
        "component": phrases.components[incident.component],
        "cause": phrases.causes[incident.cause],
        "time": f"{update.at - timedelta(minutes=3):%H:%M} UTC",
        "percent": str(update.percent),
        "version": update.version,
    }
    opening = phrases.openings[update.status][update.opening]
    details = " ".join(phrases.details[n] for n in update.details)
    parts = [opening, f"{details} (`{update.reference}`)"]
    if update.with_steps:
        parts.insert(1, "\n".join(f"- {step}" for step in phrases.steps))
    return "\n\n".join(parts).format(**slots)


def _path(folder: Path, incident: Incident, language: str) -> Path:
    return folder / (f"{incident.id}.md" if language == "en" else f"{incident.id}.{language}.md")


def _site(chosen: Mapping[str, Phrases]) -> str:
    return (
        "name: Lumen\n"
        "url: https://status.lumen.example\n"
        f"languages: [{', '.join(chosen)}]\n"
        "time_zone: Europe/Stockholm\n"
        "severities:\n"
        "  - {id: sev1, name: Critical, meaning: Nobody can work, respond: 5 min, update: 30 min,\n"
        "     state: major_outage, impact: critical}\n"
        "  - {id: sev2, name: Major, meaning: Many cannot work, respond: 15 min, update: 1 h,\n"
        "     state: partial_outage, impact: major}\n"
        "  - {id: sev3, name: Minor, meaning: Work is slow, respond: 1 h, update: 4 h,\n"
        "     state: degraded_performance, impact: minor}\n"
    )


def _components(chosen: Mapping[str, Phrases]) -> str:
    lines = ["groups:"]
    for group, name in enumerate(GROUP_IDS):
        lines += [f"  - id: {name}", f"    name: {_names(chosen, 'groups', group)}", "    components:"]
        for component in range(group * 4, group * 4 + 4):
            lines.append(f"      - id: {COMPONENT_IDS[component]}")
            lines.append(f"        name: {_names(chosen, 'components', component)}")
    return "\n".join(lines) + "\n"


def _names(chosen: Mapping[str, Phrases], kind: str, index: int) -> str:
    return "{" + ", ".join(f'{language}: "{getattr(p, kind)[index]}"' for language, p in chosen.items()) + "}"


def asked_for(what: str) -> argparse.Namespace:
    """Return what the command line asks of ``what`` is written: a folder, and how many incidents and languages."""
    parser = argparse.ArgumentParser(description=f"Write {what}.")
    parser.add_argument("folder", type=Path, help="must not exist")
    parser.add_argument("--incidents", type=int, default=1000)
    parser.add_argument("--languages", type=int, default=4, choices=range(1, len(PHRASES) + 1))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.folder.exists():
        parser.error(f"{asked.folder} exists")
    if asked.incidents < 1:
        parser.error("at least one incident is needed")
    return asked


def main() -> None:
    """Write a synthetic site as the arguments ask."""
    asked = asked_for("a synthetic site")
    print(write_site(asked.folder, incidents=asked.incidents, languages=asked.languages, seed=asked.seed))


if __name__ == "__main__":
    main()
