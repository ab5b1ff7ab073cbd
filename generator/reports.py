"""Problems and the present state as texts for terminals, pull requests and programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from generator.errors import Problem
from generator.terms import Level

if TYPE_CHECKING:
    # Only one of the commands shows a state, and loads what dates need.
    from generator.render.i18n import Language
    from generator.view.record_views import IncidentCard, IncidentView
    from generator.view.views import HomePage, LanguageView


def counted(number: int, noun: str) -> str:
    """Return ``1 file`` or ``2 files``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def plain(problem: Problem) -> str:
    """Return a problem as one line for a terminal, with nothing in it that a CI runner takes for a command."""
    line = (
        f"{problem}"
        if not problem.warning
        else f"{problem}".replace(f" {problem.code} ", f" warning {problem.code} ", 1)
    )
    return _defused(line)


def _defused(line: str) -> str:
    return line.replace("##[", "## [").replace("\n", " ").removeprefix("::")


def github(problem: Problem, *, folder: str = "") -> str:
    """Return a problem as a workflow command, which GitHub shows at the line of the pull request.

    ``folder`` is the path of the site's folder in the repository, with a slash at its end, or nothing.
    """
    kind = "warning" if problem.warning else "error"
    text = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
    path, code = _property(folder + problem.path), _property(problem.code)
    place = f"file={path},line={problem.line},col={problem.column},title={code}"
    return f"::{kind} {place}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace("##[", "## [")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def problems_json(problems: Iterable[Problem]) -> str:
    """Return a JSON array of objects with path, line, column, code, message, hint and warning."""
    return msgspec.json.format(msgspec.json.encode(list(problems)), indent=2).decode()


def state_text(view: LanguageView, language: Language) -> str:
    """Return the present state as lines for a person."""
    return "\n".join(_lines(view.home, language))


def _lines(home: HomePage, language: Language) -> Iterator[str]:
    yield language.overall(home.overall)
    for view in home.open:
        yield ""
        yield from _record(view, language)
    for view in home.maintenance_now:
        yield ""
        yield from _record(view, language)
    affected = [c for group in home.groups for c in group.components if c.level is not Level.OPERATIONAL]
    if affected:
        yield ""
        width = max(len(component.name.text) for component in affected)
        yield from (f"  {component.name.text:<{width}}  {language.level(component.level)}" for component in affected)
    if home.maintenance_next:
        yield ""
        for card in home.maintenance_next:
            yield f"{language.moment(card.started)}  {card.title.text}  ({card.id})"


def _record(view: IncidentView, language: Language) -> Iterator[str]:
    card = view.card
    severity = f", {card.severity.name.text}" if card.severity else ""
    yield f"{card.title.text}  ({card.id})"
    yield f"  {language.phase(card.phase)}{severity}, {language.moment(card.started)}"
    last = view.updates[0]
    yield f"  {language.moment(last.at)}: {' '.join(last.body.source.split())}"


def state_json(view: LanguageView) -> str:
    """Return the present state as a JSON object: overall, components, incidents, maintenance."""
    home = view.home
    state = {
        "overall": home.overall,
        "components": {c.id: c.level for group in home.groups for c in group.components},
        "incidents": [_card_state(one.card) for one in home.open],
        "maintenance": [_card_state(one.card) for one in home.maintenance_now]
        + [_card_state(card) for card in home.maintenance_next],
    }
    return msgspec.json.format(msgspec.json.encode(state), indent=2).decode()


def _card_state(card: IncidentCard) -> dict[str, object]:
    return {
        "id": card.id,
        "title": card.title.text,
        "status": card.phase,
        "severity": card.severity.id if card.severity else None,
        "impact": card.impact,
        "started": card.started,
        "until": card.window.end if card.window else None,
        "components": [component.id for component in card.components],
    }
