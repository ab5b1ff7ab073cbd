"""The folders of two synthetic sites of 20 components: everything works, or nearly nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.phrases import COMPONENT_IDS, GROUP_IDS, PHRASES
from look import texts
from look.records import Record, Update, past, write_record

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""The clock of a synthetic site."""

_SETTINGS = """\
name: Lumen
description: Is Lumen working? Portal, accounts, payments, messages and platform, as we see them right now.
url: https://status.lumen.example
languages: [{languages}]
time_zone: Europe/Stockholm
authority: status.lumen.example
repository: https://git.lumen.example/lumen/status
links: [{{label: Lumen, url: "https://www.lumen.example/"}}]
"""

# Days before NOW, component, severity, state, minutes, symptom.
_PAST = (
    (3, "search", "sev3", "degraded_performance", 44, 0),
    (8, "invoices", "sev2", "partial_outage", 95, 1),
    (17, "public-api", "sev1", "major_outage", 38, 3),
    (31, "webhooks", "sev3", "degraded_performance", 610, 2),
    (52, "login", "sev2", "partial_outage", 71, 2),
    (80, "exports", "sev3", "degraded_performance", 1500, 5),
    (118, "checkout", "sev1", "major_outage", 27, 3),
)


def write_calm(root: Path, languages: tuple[str, ...]) -> None:
    """Write a site on which nothing is wrong, and little was."""
    _write(root, languages, tuple(_history()))


def write_bad_day(root: Path, languages: tuple[str, ...]) -> None:
    """Write a site with two open incidents, maintenance going on, and more of it to come."""
    _write(root, languages, (*_history(), *_open(), *_maintenance()))


def _write(root: Path, languages: tuple[str, ...], records: tuple[Record, ...]) -> None:
    content = root / "content"
    content.mkdir(parents=True)
    (content / "site.yml").write_text(_SETTINGS.format(languages=", ".join(languages)), encoding="utf-8")
    (content / "components.yml").write_text("".join(_components(languages)), encoding="utf-8")
    for record in records:
        write_record(content, record, languages)


def _components(languages: tuple[str, ...]) -> Iterator[str]:
    yield "groups:\n"
    for group, name in enumerate(GROUP_IDS):
        yield f"  - id: {name}\n    name: {_names(languages, 'groups', group)}\n    components:\n"
        for component in range(group * 4, group * 4 + 4):
            names = _names(languages, "components", component)
            yield f"      - {{id: {COMPONENT_IDS[component]}, name: {names}, since: 2024-01-01}}\n"


def _names(languages: tuple[str, ...], kind: str, index: int) -> str:
    known = ((code, getattr(PHRASES[code], kind)[index]) for code in languages if code in PHRASES)
    return "{" + ", ".join(f'{code}: "{name}"' for code, name in known) + "}"


def _history() -> Iterator[Record]:
    for days, about, severity, state, minutes, symptom in _PAST:
        begun = NOW - timedelta(days=days, hours=days % 7)
        yield past(begun, about, severity=severity, state=state, minutes=minutes, symptom=symptom)


def _today(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return NOW.replace(hour=hour, minute=minute)


def _open() -> Iterator[Record]:
    yield Record(
        "incidents/2026/2026-11-20-signing-in-fails",
        texts.LOGIN_TITLES,
        "severity: sev1\n"
        "components:\n"
        "  {login: major_outage, website: major_outage, mobile-app: major_outage, public-api: partial_outage}\n"
        "started: 2026-11-20 08:12 UTC\n"
        "tags: [login, single-sign-on]\n",
        "login",
        (
            Update("investigating", _today("08:20"), "next: 2026-11-20 08:45 UTC"),
            Update("identified", _today("08:47"), "next: 2026-11-20 09:20 UTC", texts.HARD_TEXT),
            Update(
                "identified",
                _today("09:18"),
                "components: {public-api: degraded_performance}\nnext: 2026-11-20 09:50 UTC",
            ),
        ),
    )
    yield Record(
        "incidents/2026/2026-11-20-webhooks-late",
        texts.WEBHOOK_TITLES,
        "severity: sev2\ncomponents: {webhooks: partial_outage, e-mail: degraded_performance}\ntags: [queue]\n",
        "webhooks",
        (Update("investigating", _today("07:05")), Update("monitoring", _today("09:02"))),
    )


def _maintenance() -> Iterator[Record]:
    yield Record(
        "maintenance/2026/2026-11-20-file-storage-moves",
        texts.STORAGE_TITLES,
        "scheduled: {from: 2026-11-20 09:00 UTC, until: 2026-11-20 12:00 UTC}\ncomponents: [file-storage, exports]\n",
        "file-storage",
        (Update("scheduled", _today("09:00") - timedelta(days=7)), Update("in_progress", _today("09:00"))),
    )
    yield Record(
        "maintenance/2026/2026-11-24-new-ledger",
        texts.LEDGER_TITLES,
        "scheduled: {from: 2026-11-24 22:00 UTC, until: 2026-11-25 01:00 UTC}\n"
        "components: [invoices, refunds, subscriptions]\n",
        "invoices",
        (Update("scheduled", _today("08:00") - timedelta(days=2)),),
    )
