"""A cState incident's dated texts to updates: which status each one declares, and when what was affected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import msgspec

from generator.terms import Phase


class Entry(msgspec.Struct, frozen=True):
    """A text and when it was published."""

    at: datetime
    text: str


class Step(msgspec.Struct, frozen=True):
    """An update to write; ``begins`` marks the one from which on the systems are affected."""

    phase: Phase
    at: datetime
    text: str
    begins: bool = False


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries by time; those of one time by the direction in which the file runs, newest first by default."""
    pairs = list(pairwise(entries))
    rising = sum(a.at < b.at for a, b in pairs)
    falling = sum(a.at > b.at for a, b in pairs)
    return sorted(entries if rising > falling else reversed(entries), key=lambda entry: entry.at)


def timeline(entries: Sequence[Entry], *, start: datetime, end: datetime | None, tracked: bool) -> tuple[Step, ...]:
    """Return the updates in order of time; the last is ``resolved`` exactly when there is an ``end``.

    ``start`` and ``end`` are the incident's own: an update at ``end`` resolves it, and one without text is put there
    when no entry fits. What was said before ``start`` announced it, so a step that ``begins`` it stands at ``start``.
    Only a text that opens with the word reopens an incident that has ended.
    """
    ordered = in_order(entries)
    if end is not None and not (tracked and any(_closes(entry, end) for entry in ordered)):
        ordered.insert(sum(entry.at <= end for entry in ordered), Entry(end, ""))
    closing = max((index for index, entry in enumerate(ordered) if end is not None and entry.at <= end), default=None)
    return _merged(_begun(_phases(ordered, closing), start))


def _closes(entry: Entry, end: datetime) -> bool:
    return entry.at == end and opening_word(entry.text)[0] in (None, Phase.RESOLVED)


def _phases(ordered: Sequence[Entry], closing: int | None) -> list[Step]:
    """Return the steps; ``closing`` is the index of the entry that ends the incident, None while it goes on."""
    told = [opening_word(entry.text) for entry in ordered]
    steps: list[Step] = []
    before: Phase | None = None
    for index, entry in enumerate(ordered):
        after = told[index + 1] if index + 1 < len(told) else (None, False)
        phase = _phase(told[index], before, after, over=closing is not None and index > closing)
        if index == closing or (closing is not None and index + 1 == len(ordered)):
            phase = Phase.RESOLVED
        steps.append(Step(phase, entry.at, entry.text))
        before = phase
    return steps


def _phase(said: Told, before: Phase | None, after: Told, *, over: bool) -> Phase:
    """Return the status of an entry from its own word, else from its place after the one before."""
    word, reopens = said
    if over and before is Phase.RESOLVED and not reopens:
        return Phase.RESOLVED
    if word is Phase.RESOLVED:
        # What the file says ended later did not end here, unless the next text opens it again.
        return Phase.RESOLVED if after[1] else Phase.MONITORING
    return word or _FOLLOWING[before]


_FOLLOWING = {
    None: Phase.INVESTIGATING,
    Phase.INVESTIGATING: Phase.IDENTIFIED,
    Phase.IDENTIFIED: Phase.IDENTIFIED,
    Phase.MONITORING: Phase.MONITORING,
    Phase.RESOLVED: Phase.INVESTIGATING,
}


def _begun(steps: list[Step], start: datetime) -> list[Step]:
    """Return the steps with the one at ``start`` marked, put in where only announcements came before it."""
    if steps[0].at >= start:
        return steps
    index = sum(step.at < start for step in steps)
    if index < len(steps) and steps[index].at == start and steps[index].phase is not Phase.RESOLVED:
        steps[index] = Step(steps[index].phase, start, steps[index].text, begins=True)
    else:
        before = steps[index - 1].phase
        phase = Phase.INVESTIGATING if before is Phase.RESOLVED else before
        steps.insert(index, Step(phase, start, "", begins=True))
    return steps


def _merged(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps with those of one status and time as one: a heading stands only once."""
    found: dict[tuple[Phase, datetime], Step] = {}
    for step in steps:
        same = found.pop((step.phase, step.at), None)  # stands where the later one stood: the last status stays last
        texts = filter(None, (same.text if same else "", step.text))
        begins = step.begins or bool(same and same.begins)
        found[step.phase, step.at] = Step(step.phase, step.at, "\n\n".join(texts), begins)
    return tuple(found.values())


Told = tuple[Phase | None, bool]

_LEAD = re.compile(
    r"\s*(?:(?P<mark>\*\*|__|\*|_)(?=\S)(?P<marked>.{1,200}?)(?P=mark)"
    r"|\[(?P<bracketed>[^\]\n]{1,80})\](?![(\[])"
    r"|(?P<bare>[A-Za-z][A-Za-z ]{1,30})[ ]*(?::|[-–—][ ]))",
    re.DOTALL,
)
_REOPENED = re.compile(r"\b(?:re-?opened|re-?opening|back down|down again|failing again)\b")
_UNFINISHED = re.compile(r"\b(?:not|mostly|nearly|almost|partly|partially|pending|being)\b")
_SIGNS = (
    (Phase.RESOLVED, re.compile(r"\b(?:resolved|restored|fixed|solved|recovered|completed?|finished)\b")),
    (Phase.MONITORING, re.compile(r"\b(?:monitor(?:ing|ed)?|watching|observing|verifying)\b")),
    (Phase.INVESTIGATING, re.compile(r"\b(?:investigat(?:ing|ion|ed)|looking into)\b")),
    (
        Phase.IDENTIFIED,
        re.compile(r"\b(?:identified|(?:root )?cause found|fixing|resolving|restoring|repairing|mitigat(?:ing|ed))\b"),
    ),
)


def opening_word(text: str) -> Told:
    """Return the status that a text's opening words declare, None when they declare none, and whether they reopen.

    Opening words are those in bold, italics or brackets, or before a colon or dash, at the very beginning.
    """
    match = _LEAD.match(text)
    if not match:
        return None, False
    lead = " ".join((match["marked"] or match["bracketed"] or match["bare"]).casefold().split())
    if _REOPENED.search(lead):
        return Phase.INVESTIGATING, True
    phase = next((phase for phase, sign in _SIGNS if sign.search(lead)), None)
    if phase is Phase.RESOLVED and _UNFINISHED.search(lead):
        return Phase.IDENTIFIED, False
    return phase, phase is Phase.INVESTIGATING
