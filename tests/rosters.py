"""A small team and its plan, for tests: written as files, and read as the program reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from generator.errors import Problem
from generator.record.oncall import Oncall
from generator.record.people import People
from generator.record.roster import Roster, load_roster
from tests.cases import write_files

PEOPLE = """\
people:
  - {id: ada, name: Ada Lindqvist, also: ["@ada"], role: the platform on-call, time_zone: Europe/Stockholm,
     contacts: {phone: +46 70 123 45 67}}
  - {id: bo, name: Bo Ek, role: the database on-call, time_zone: Europe/Stockholm, contacts: {chat: "@bo"}}
  - {id: cyd, name: Cyd O'Hara, role: the network on-call, time_zone: Europe/London,
     contacts: {email: cyd@acme.example}}
"""
ONCALL = """\
rotations:
  - id: platform
    name: Platform
    time_zone: Europe/Stockholm
    start: 2026-01-05
    handoff: monday 09:00
    length: weekly
    layers: {primary: [ada, bo, cyd], secondary: [bo, cyd, ada]}
"""


NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
"""When the plan is looked at."""


def roster(root: Path, oncall: str = ONCALL, people: str = PEOPLE, *, now: datetime) -> Roster:
    """Return what is read of a team and a plan."""
    write_files(root, {"people.yml": people, "oncall.yml": oncall})
    return load_roster(root, now=now, shown_as="content/internal")


def sound(root: Path, oncall: str = ONCALL, people: str = PEOPLE, *, now: datetime) -> tuple[Oncall, People]:
    """Return a plan and a team in which nothing is wrong."""
    found = roster(root, oncall, people, now=now)
    assert found.problems == ()
    assert found.oncall is not None
    assert found.people is not None
    return found.oncall, found.people


def codes(problems: tuple[Problem, ...]) -> list[str]:
    """Return the codes of problems, in their order."""
    return [problem.code for problem in problems]


def override(text: str) -> str:
    """Return the plan with overrides."""
    return f"{ONCALL}overrides:\n{text}"


FAULTS: Mapping[str, tuple[str, str, list[str]]] = {
    "gap before": (
        ONCALL.replace("2026-01-05", "2026-04-06"), PEOPLE,
        ["internal/oncall.yml:2:9: P104 nobody is on duty for platform, primary, from 2026-03-24 12:00 UTC until "
         "2026-04-06 07:00 UTC; add an override, or let the rotation begin earlier or end later",
         "internal/oncall.yml:2:9: P104 nobody is on duty for platform, secondary, from 2026-03-24 12:00 UTC until "
         "2026-04-06 07:00 UTC; add an override, or let the rotation begin earlier or end later"],
    ),
    "nobody in a layer": (
        ONCALL.replace("secondary: [bo, cyd, ada]", "secondary: []"), PEOPLE,
        ['internal/oncall.yml:8:39: P104 nobody is in layer "secondary"; name someone, or drop the line'],
    ),
    "unknown people": (
        override("  - {rotation: platform, who: bob, from: 2026-03-31 09:00 UTC, until: 2026-03-31 10:00 UTC}\n")
        .replace("primary: [ada", "primary: [adda"), PEOPLE,
        ['internal/oncall.yml:8:24: P103 unknown person "adda"; did you mean "ada"?',
         'internal/oncall.yml:10:31: P103 unknown person "bob"; did you mean "bo"?'],
    ),
    "unknown rotation and layer": (
        override(
            "  - {rotation: platfrom, who: bo, from: 2026-03-31 09:00 UTC, until: 2026-03-31 10:00 UTC}\n"
            "  - {rotation: platform, layer: third, who: bo, from: 2026-03-31 09:00 UTC, until: 2026-03-31 10:00 UTC}\n"
        ), PEOPLE,
        ['internal/oncall.yml:10:16: P103 unknown rotation "platfrom"; did you mean "platform"?',
         'internal/oncall.yml:11:33: P103 unknown layer "third"; known are primary, secondary'],
    ),
    "two stand in": (
        override(
            "  - {rotation: platform, who: ada, from: 2026-03-31 09:00 UTC, until: 2026-04-02 09:00 UTC}\n"
            "  - {rotation: platform, who: cyd, from: 2026-04-01 09:00 UTC, until: 2026-04-03 09:00 UTC}\n"
        ).replace(", secondary: [bo, cyd, ada]", ""), PEOPLE,
        ["internal/oncall.yml:11:42: P105 ada and cyd both stand in from 2026-04-01 09:00 UTC until 2026-04-02 09:00 "
         "UTC; the other override is on line 10; let one end before the other begins"],
    ),
    "on holiday": (
        ONCALL + "holidays: [{person: cyd, from: 2026-04-15}]\n", PEOPLE,
        ["internal/oncall.yml:9:21: P106 cyd is on holiday and on duty for platform, primary, from 2026-04-14 23:00 "
         "UTC until 2026-04-15 23:00 UTC; add an override for that time, `{rotation: platform, layer: primary, …}`"],
    ),
    "alone": (
        ONCALL.replace("secondary: [bo, cyd, ada]", "secondary: [ada, cyd, bo]"), PEOPLE,
        [f"internal/oncall.yml:2:9: P107 ada is primary and secondary of platform at once, from {span}; "
         "put someone else behind them"
         for span in ("2026-03-30 07:00 UTC until 2026-04-06 07:00 UTC",
                      "2026-04-20 07:00 UTC until 2026-04-27 07:00 UTC",
                      "2026-05-11 07:00 UTC until 2026-05-18 07:00 UTC")],
    ),
    "in place of another": (
        override("  - {rotation: platform, who: cyd, for: bo, from: 2026-04-01 09:00 UTC, until: 2026-04-02 09:00Z}\n")
        .replace(", secondary: [bo, cyd, ada]", ""), PEOPLE,
        ["internal/oncall.yml:10:41: P109 bo is not on duty then, but ada; the layer is primary; correct the times, or "
         "`for`"],
    ),
    "reached by nobody": (
        ONCALL, PEOPLE.replace('{chat: "@bo"}', "{}").replace("{email: cyd@acme.example}", "{email: cyd at home}")
        .replace("+46 70 123 45 67", "070-123"),
        ["internal/people.yml:3:24: P110 a phone number that cannot be dialled from everywhere; write it with its "
         "country, as in +46 70 123 45 67",
         'internal/people.yml:4:84: P102 "Bo Ek" cannot be reached; write one of phone, pager, chat, email',
         "internal/people.yml:6:24: P110 not an e-mail address; write it as name@host.example"],
    ),
    "handoff": (
        ONCALL.replace("monday 09:00", "moonday 9"), PEOPLE,
        ['internal/oncall.yml:6:14: P111 "moonday 9" is not the time of a handoff; write it as `monday 09:00`, or '
         "`09:00` where turns are no weeks"],
    ),
    "length": (
        ONCALL.replace("weekly", "fortnightly"), PEOPLE,
        ['internal/oncall.yml:7:13: P112 "fortnightly" is not the length of a turn; write daily, weekly, or days as in '
         "`14 d`"],
    ),
    "another weekday": (
        ONCALL.replace("2026-01-05", "2026-01-06"), PEOPLE,
        ["internal/oncall.yml:5:12: P113 2026-01-06 is a tuesday, and turns begin on a monday; write the day of the "
         "first handoff"],
    ),
    "an unknown key": (
        ONCALL.replace("handoff", "handof"), PEOPLE,
        ['internal/oncall.yml:2:5: S102 key "handoff" is missing; add a line `handoff: …`',
         'internal/oncall.yml:6:5: S101 unknown key "handof"; did you mean "handoff"?'],
    ),
    "people twice": (
        ONCALL, PEOPLE + "".join(PEOPLE.splitlines(keepends=True)[1:3]),
        ['internal/people.yml:7:10: R103 person "ada" stands twice; the first is on line 2'],
    ),
}  # fmt: skip
"""Plans and teams with a fault, and what must be told of it at ``NOW``, by paths below ``content``."""
