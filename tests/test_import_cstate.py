import os
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.importers.cstate import read_cstate
from generator.importers.foreign import Imported
from generator.importers.prose import pieces
from generator.record.load import survey
from generator.record.model import Incident
from generator.record.parse import parse_record
from generator.record.schema import read_incident
from generator.record.sections import split
from generator.record.source import Report, decode
from generator.record.syntax import parse_yaml
from generator.terms import Kind, Level, Phase

HARBOUR = Path(__file__).parent / "fixtures" / "cstate" / "harbour"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HERE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
CONFIG = """\
title: Harbour
baseURL: https://status.harbour.example
params:
  categories: [{name: Water}]
  systems:
    - {name: Lock gates, category: Water}
"""
SOUND = {
    "title": "Lock gates stuck",
    "date": "2024-03-01 10:00:00",
    "resolved": "true",
    "resolvedWhen": "2024-03-01 12:00:00",
    "severity": "down",
    "affected": "[Lock gates]",
    "section": "issue",
}


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def issue(body: str = "The gates do not move.", /, **keys: str | None) -> str:
    front = "".join(f"{key}: {value}\n" for key, value in {**SOUND, **keys}.items() if value is not None)
    return f"---\n{front}---\n\n{body}\n"


def run(
    root: Path,
    text: str | bytes,
    *,
    config: str = CONFIG,
    zone: ZoneInfo | None = HERE,
    name: str = "2024-03-01-gates.md",
) -> Imported:
    write(root, {"config.yml": config, f"content/issues/{name}": text})
    return read_cstate(root, zone=zone, now=NOW)


def incident(imported: Imported) -> str:
    return next(file.text for file in imported.files if file.path.startswith("content/incidents/"))


def said(imported: Imported) -> list[str]:
    return [str(problem) for problem in imported.problems]


def updates(imported: Imported) -> list[tuple[str, str]]:
    """Return the headings of the only incident with the first line of each text."""
    document = split(incident(imported), Report("x"), sections=True)
    assert document
    return [(section.heading, section.body.partition("\n")[0]) for section in document.sections]


def loaded(imported: Imported, root: Path) -> list[str]:
    """Return the problems that the loader and the check find in an import's files."""
    write(root / "site", {file.path: file.text for file in imported.files})
    return [str(problem) for problem in survey(root / "site", now=NOW).problems if not problem.warning]


# What the text of a file says, without what is no word of it.
_NO_WORDS = re.compile(
    r"\{\{[<%]\s*track.*?[>%]\}\}|<!--.*?-->|</?(?:p|b|br)>|<a href=|</a>|^ {0,3}(?:=+|-+)[ \t]*$|`+[a-z]*$",
    re.DOTALL | re.MULTILINE,
)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def test_a_whole_site_passes_the_loader_and_the_check(tmp_path: Path) -> None:
    imported = read_cstate(HARBOUR, zone=BERLIN, now=NOW)
    assert loaded(imported, tmp_path) == []
    assert [file.path for file in imported.files] == [
        "content/components.yml",
        "content/incidents/2023/2023-02-03-lock-gates-stuck.md",
        "content/incidents/2023/2023-05-20-billing.md",
        "content/incidents/2023/2023-06-01-dredging.md",
        "content/incidents/2024/2024-01-15-fog.md",
        "content/incidents/2024/2024-02-01-new-desk.md",
        "content/pages/about.md",
        "content/pages/affected-tug-desk.md",
        "content/pages/history-2.md",
        "content/site.yml",
    ]
    assert {file.path: file.source for file in imported.files}["content/pages/about.md"] == "config.yml"


def test_all_that_could_not_be_taken_over_is_said(tmp_path: Path) -> None:
    left_out = "write it out in the imported file if it was meant to be read"
    assert said(read_cstate(HARBOUR, zone=BERLIN, now=NOW)) == [
        'config.yml:34:7: I116 the tab "Berths" leads to "/berths" and was left out; '
        "add it under `links` in content/site.yml with a whole address",
        "content/berths/list.adoc:1:1: I117 was left out, as only Markdown can be imported; "
        "copy what it says into a Markdown file of content/pages",
        'content/issues/2023-05-20-billing.md:25:1: I121 the HTML comment "ask Ines before publishing the numbers" '
        f"was left out, as no reader saw it; {left_out}",
        'content/issues/2023-06-01-dredging.md:8:5: I114 the configuration has no system "North channel": it became '
        "a former one, retired 2023-06-10; if it still runs, move it to another group of content/components.yml",
        "content/issues/2024-01-15-fog.md:5:15: I124 resolvedWhen is ignored, as the issue is not resolved; "
        "say `resolved: true` if it is over",
        'content/issues/2024-01-15-fog.md:8:1: I120 key "pin" has no counterpart; '
        "nothing to do, unless readers should know what it said",
        'content/issues/2024-01-15-fog.md:12:21: I122 the shortcode "video" has no counterpart and was left as text; '
        "replace it in the imported file by what it showed",
        'content/issues/2024-02-01-new-desk.md:2:1: I123 an informational post became an incident of severity "notice" '
        "that affects nothing; see whether it should be an incident at all",
        'content/issues/2024-03-01-radio.md:5:15: I112 the end "2024-02-01 12:00:00" is before the start; '
        "correct date or resolvedWhen",
        'content/issues/2024-03-01-radio.md:6:11: I109 unknown severity "distrupted"; did you mean "disrupted"?',
    ]


def test_the_same_site_gives_the_same_files_wherever_it_lies(tmp_path: Path) -> None:
    files = {p.relative_to(HARBOUR).as_posix(): p.read_bytes() for p in sorted(HARBOUR.rglob("*")) if p.is_file()}
    forth, back = (
        write(tmp_path / name, dict(order))
        for name, order in (("a", files.items()), ("b", reversed(list(files.items()))))
    )
    first = read_cstate(forth, zone=BERLIN)
    assert first == read_cstate(back, zone=BERLIN) == read_cstate(HARBOUR, zone=BERLIN)


@pytest.mark.parametrize("zone", [BERLIN, None])
def test_every_word_of_every_text_appears(zone: ZoneInfo | None) -> None:
    imported = read_cstate(HARBOUR, zone=zone)
    for file in imported.files:
        if file.source.endswith(".md"):
            source = (HARBOUR / file.source).read_text(encoding="utf-8").split("---\n", 2)[2]
            assert words(_NO_WORDS.sub("", source)) <= words(file.text.split("---\n", 2)[2]), file.path


def test_the_settings_become_ours() -> None:
    files = {file.path: file.text for file in read_cstate(HARBOUR, zone=BERLIN).files}
    assert files["content/site.yml"].startswith(
        """\
name: Harbour Status
description: Whether ships can come in, and when.
url: https://status.harbour.example
languages:
  - en
time_zone: Europe/Berlin
links:
  - label: Charts
    url: https://charts.harbour.example/
severities:
  - id: down
    name: Down
"""
    )
    assert (
        files["content/components.yml"]
        == """\
groups:
  - id: on-the-water
    name: On the water
    description: What ships use
    components:
      - id: tug-desk
        name: Tug desk
        description: Books *tugs*. https://tugs.harbour.example/
      - id: lock-gates
        name: Lock gates
  - id: behind-the-scenes
    name: Behind the scenes
    components:
      - id: billing
        name: Billing
  - id: systems
    name: Systems
    components:
      - id: weather-mast
        name: Weather mast
  - id: former-systems
    name: Former systems
    components:
      - id: north-channel
        name: North channel
        retired: 2023-06-10
"""
    )
    assert files["content/pages/about.md"].endswith("\n**Night desk:** channel 12.\n")


def test_the_severities_count_as_what_they_say(tmp_path: Path) -> None:
    write(tmp_path, {file.path: file.text for file in read_cstate(HARBOUR, zone=BERLIN).files})
    site = survey(tmp_path, now=NOW).site
    assert site
    assert [(s.id, str(s.state), str(s.impact), s.respond, s.update) for s in site.config.severities] == [
        ("down", "major_outage", "critical", 15, 30),
        ("disrupted", "partial_outage", "major", 30, 60),
        ("notice", "operational", "none", 1440, None),
    ]


def test_tracks_cut_the_text_into_updates() -> None:
    files = {file.path: file.text for file in read_cstate(HARBOUR, zone=BERLIN).files}
    assert (
        files["content/incidents/2023/2023-02-03-lock-gates-stuck.md"]
        == """\
---
title: 'Lock gates stuck: nobody can pass'
severity: down
components:
  - lock-gates
  - tug-desk
started: 2023-02-03 03:10 UTC
backfilled: true
---

## investigating 2023-02-03 03:12 UTC

**Gates do not open**:
We are looking for the reason.

[log]: https://harbour.example/log

## identified 2023-02-03 06:00 UTC

**Cause identified**
A hose had burst. Divers replace it.

## monitoring 2023-02-03 07:15:30 UTC

*Monitoring* - The hydraulic pump runs again.

## resolved 2023-02-03 08:00 UTC

**Fixed**:
Both gates move freely, see the [engineers' log][log].

[log]: https://harbour.example/log
"""
    )


def test_foreign_markup_becomes_ours() -> None:
    files = {file.path: file.text for file in read_cstate(HARBOUR, zone=BERLIN).files}
    assert files["content/incidents/2023/2023-05-20-billing.md"].partition("06:00 UTC\n\n")[2] == (
        """\
Accounts saw it first.
What we know:

- every invoice since Friday is sent twice
- none is *charged* twice

### Background

#### Paper and mail

Letters go out from the **old** printer, see [its page](https://harbour.example/printer).  
Error &lt;ID> at &lt;HOST:PORT> is harmless.

[queue length](https://harbour.example/queue.png)

```
## not a heading
<b>not a tag</b> <!-- not a comment -->
```

## resolved 2023-05-20 22:00 UTC
"""  # noqa: W291 - two spaces break the line
    )


def test_what_was_announced_affects_nothing_before_it_begins() -> None:
    files = {file.path: file.text for file in read_cstate(HARBOUR, zone=BERLIN).files}
    text = files["content/incidents/2023/2023-06-01-dredging.md"]
    document = split(text, Report("x"), sections=True)
    assert document
    found = read_incident(document, Kind.INCIDENT, "dredging", Report("x"))
    assert found
    assert found.components == {"north-channel": Level.OPERATIONAL, "lock-gates": Level.OPERATIONAL}
    assert [(update.at.day, update.components) for update in found.updates] == [
        (1, None),
        (10, {"north-channel": Level.PARTIAL_OUTAGE, "lock-gates": Level.PARTIAL_OUTAGE}),
        (10, None),
    ]


@pytest.mark.parametrize(
    "track",
    [
        '{{< track "2024-03-01 10:30:00" >}}',
        '{{< track "2024-03-01 10:30" >}}',
        '{{< track "2024-03-01T10:30:00Z" >}}',
        '{{< track "2024-03-01T12:30:00+02:00" >}}',
        '{{< track "2024-03-01T10:30:00.481Z" >}}',
        '{{< track "2024-03-01 10:30:00 -0000" >}}',
        '{{< track "2024-03-01 10:30:00 UTC" >}}',
        '{{% track "2024-03-01 10:30:00" %}}',
        '{{<track "2024-03-01 10:30:00">}}',
        "{{<  track  '2024-03-01 10:30:00'  >}}",
        "{{< track “2024-03-01 10:30:00” >}}",
        "{{< track 2024-03-01T10:30:00Z />}}",
    ],
)
def test_every_form_of_track_dates_its_text(tmp_path: Path, track: str) -> None:
    imported = run(tmp_path, issue(f'Pumps run.\n{track}\n\nWe look.\n{{{{< track "2024-03-01 10:00" >}}}}'))
    assert said(imported) == []
    assert updates(imported) == [
        ("investigating 2024-03-01 10:00 UTC", "We look."),
        ("identified 2024-03-01 10:30 UTC", "Pumps run."),
        ("resolved 2024-03-01 12:00 UTC", ""),
    ]


TRACKED = {
    "oldest first": (
        'One.\n{{< track "2024-03-01 10:00" >}}\n\nTwo.\n{{< track "2024-03-01 12:00" >}}',
        ["investigating 10:00 One.", "resolved 12:00 Two."],
    ),
    "newest first": (
        'Two.\n{{< track "2024-03-01 12:00" >}}\n\nOne.\n{{< track "2024-03-01 10:00" >}}',
        ["investigating 10:00 One.", "resolved 12:00 Two."],
    ),
    "above its text": (
        '{{< track "2024-03-01 12:00" >}}\nTwo.\n\n{{< track "2024-03-01 10:00" >}}\nOne.',
        ["investigating 10:00 One.", "resolved 12:00 Two."],
    ),
    "in the line": (
        '*Update* - Two. {{< track "2024-03-01 12:00" >}}\n\n*Investigating* - One. {{< track "2024-03-01 10:00" >}}',
        ["investigating 10:00 *Investigating* - One.", "resolved 12:00 *Update* - Two."],
    ),
    "one time, newest first": (
        'Two.\n{{< track "2024-03-01 10:00" >}}\n\nOne.\n{{< track "2024-03-01 10:00" >}}',
        ["investigating 10:00 One.", "identified 10:00 Two.", "resolved 12:00 "],
    ),
    "one time and status": (
        'Three.\n{{< track "2024-03-01 10:00" >}}\nTwo.\n{{< track "2024-03-01 10:00" >}}\nOne.\n'
        '{{< track "2024-03-01 10:00" >}}',
        ["investigating 10:00 One.", "identified 10:00 Two.", "resolved 12:00 "],
    ),
    "said to be over before it was": (
        '**Resolved**: Two.\n{{< track "2024-03-01 11:00" >}}\n\nOne.\n{{< track "2024-03-01 10:00" >}}',
        ["investigating 10:00 One.", "monitoring 11:00 **Resolved**: Two.", "resolved 12:00 "],
    ),
    "reopened": (
        "**Reopened**\n{{< track '2024-03-01 11:30' >}}\n**Fixed**\n{{< track '2024-03-01 11:00' >}}\n"
        "One.\n{{< track '2024-03-01 10:00' >}}",
        ["investigating 10:00 One.", "resolved 11:00 **Fixed**", "investigating 11:30 **Reopened**", "resolved 12:00 "],
    ),
    "reopened after its end": (
        "Works.\n{{< track '2024-03-01 15:00' >}}\nWe dig.\n{{< track '2024-03-01 14:00' >}}\n"
        "**Reopened**\n{{< track '2024-03-01 13:00' >}}\n**Done**: fixed\n{{< track '2024-03-01 12:00' >}}",
        [
            "resolved 12:00 **Done**: fixed",
            "investigating 13:00 **Reopened**",
            "identified 14:00 We dig.",
            "resolved 15:00 Works.",
        ],
    ),
    "a word after its end": (
        "The report is out.\n{{< track '2024-03-01 16:00' >}}\nOne.\n{{< track '2024-03-01 10:00' >}}",
        ["investigating 10:00 One.", "resolved 12:00 ", "resolved 16:00 The report is out."],
    ),
    "not yet over at the time of its end": (
        "**Monitoring** the pump.\n{{< track '2024-03-01 12:00' >}}",
        ["monitoring 12:00 **Monitoring** the pump.", "resolved 12:00 "],
    ),
    "mostly over": (
        "**Mostly restored**\n{{< track '2024-03-01 11:00' >}}\n**Cause identified**\n{{< track '2024-03-01 10:30' >}}"
        "\nOne.\n{{< track '2024-03-01 10:00' >}}",
        [
            "investigating 10:00 One.",
            "identified 10:30 **Cause identified**",
            "identified 11:00 **Mostly restored**",
            "resolved 12:00 ",
        ],
    ),
    "none": ("**Monitoring**: one.\n\nTwo.", ["monitoring 10:00 **Monitoring**: one.", "resolved 12:00 "]),
    "in code": (
        "One.\n\n```\n{{< track '2024-03-01 11:00' >}}\n```",
        ["investigating 10:00 One.", "resolved 12:00 "],
    ),
    "rest after the last": (
        "Two.\n{{< track '2024-03-01 12:00' >}}\nOne.\n{{< track '2024-03-01 10:00' >}}\n\nPS.",
        ["investigating 10:00 One.", "resolved 12:00 Two."],
    ),
}


@pytest.mark.parametrize("name", TRACKED)
def test_updates_come_in_order_with_a_status_each(tmp_path: Path, name: str) -> None:
    body, expected = TRACKED[name]
    imported = run(tmp_path, issue(body))
    assert said(imported) == []
    short = [(heading.replace(" 2024-03-01", "").removesuffix(" UTC"), line) for heading, line in updates(imported)]
    assert [f"{heading} {line}" for heading, line in short] == expected
    assert loaded(imported, tmp_path) == []
    source = split(issue(body), Report("x"), sections=False)
    assert source
    assert words(_NO_WORDS.sub("", source.lead)) <= words(incident(imported))


def test_an_open_incident_stays_open_whatever_its_last_text_says(tmp_path: Path) -> None:
    body = "**Resolved**\n{{< track '2024-03-01 11:00' >}}\nOne.\n{{< track '2024-03-01 10:00' >}}"
    imported = run(tmp_path, issue(body, resolved="false", resolvedWhen=None))
    assert [heading.split()[0] for heading, _ in updates(imported)] == ["investigating", "monitoring"]
    assert "backfilled" not in incident(imported)
    assert loaded(imported, tmp_path) == []


def test_an_incident_without_an_end_of_its_own_ends_with_its_last_track(tmp_path: Path) -> None:
    body = "Two.\n{{< track '2024-03-01 11:00' >}}\nOne.\n{{< track '2024-03-01 10:00' >}}"
    imported = run(tmp_path, issue(body, resolvedWhen=None))
    assert updates(imported)[-1] == ("resolved 2024-03-01 11:00 UTC", "Two.")
    assert said(imported) == []


MISSING = "---\ntitle: One\n---\n"
FAULTS: dict[str, tuple[str | bytes, str]] = {
    "severity": (issue(severity="distrupted"), '6:11: I109 unknown severity "distrupted"; did you mean "disrupted"?'),
    "end": (
        issue(resolvedWhen="2024-02-29 23:00:00"),
        '5:15: I112 the end "2024-02-29 23:00:00" is before the start; correct date or resolvedWhen',
    ),
    "no end": (
        issue(resolvedWhen=None),
        "2:1: I106 the issue is resolved, but nothing says when; add a line `resolvedWhen: …`",
    ),
    "title": (issue(title=None), '2:1: I106 key "title" is missing or empty; add a line `title: …`'),
    "empty title": (issue(title='""'), '2:1: I106 key "title" is missing or empty; add a line `title: …`'),
    "long title": (
        issue(title="x" * 201),
        "2:8: I111 the title has 201 characters, more than 200; shorten it and move words into the text",
    ),
    "date": (issue(date=None), '2:1: I106 key "date" is missing or empty; add a line `date: …`'),
    "no severity": (
        issue(severity=None),
        '2:1: I106 key "severity" is missing or empty; add a line `severity: down`, disrupted or notice',
    ),
    "day": (
        issue(date="2024-02-30"),
        '3:7: I107 "2024-02-30" is not a time; write it as 2026-02-22 02:51:00 or 2026-02-22T02:51:00+01:00',
    ),
    "overflow": (
        issue(date="9999-12-31T23:59:59-05:00"),
        '3:7: I107 "9999-12-31T23:59:59-05:00" is not a time; '
        "write it as 2026-02-22 02:51:00 or 2026-02-22T02:51:00+01:00",
    ),
    "ahead": (
        issue(date="2062-03-01", resolved="no", resolvedWhen=None),
        '3:7: I107 "2062-03-01" is more than a year ahead; correct the year',
    ),
    "early": (
        issue(date="1021-03-01 10:00"),
        '3:7: I107 "1021-03-01 10:00" is not a time; write it as 2026-02-22 02:51:00 or 2026-02-22T02:51:00+01:00',
    ),
    "resolved": (issue(resolved="soon"), '4:11: I105 "resolved" is "soon"; write `resolved: true` or false'),
    "affected": (
        issue(affected="{a: b}"),
        '7:11: I105 "affected" must be a list of names; write `affected: [one, two]`',
    ),
    "affected item": (
        issue(affected="[Lock gates, [x]]"),
        '7:24: I105 "affected" must be a list of names; write `affected: [one, two]`',
    ),
    "title list": (issue(title="[a, b]"), '2:8: I105 "title" must be one value; write `title: …` on one line'),
    "track": (
        issue('Two.\n{{< track "yesterday" >}}'),
        '12:1: I107 "yesterday" is not a time; write it as 2026-02-22 02:51:00 or 2026-02-22T02:51:00+01:00',
    ),
    "open track": (
        issue('Two. {{< track "2024-03-01 10:00"'),
        '11:6: I110 the track shortcode is not closed; write {{< track "2026-02-22 02:51:00" >}}',
    ),
    "yaml": (
        issue(title="Gates: stuck"),
        "2:13: Y104 not valid YAML: mapping values are not allowed in this context; check the colons",
    ),
    "twice": (issue(title="One\ntitle: Two"), '3:1: Y105 key "title" stands twice; the first is on line 2'),
    "no front matter": (
        "The gates.\n",
        "1:1: Y101 the file does not begin with front matter; begin it with a line `---`",
    ),
    "not closed": ("---\ntitle: x\n", "1:1: Y102 the front matter is not closed; end it with a line `---`"),
    "list": ("---\n- title\n---\n", "2:1: Y109 expected lines of the form `key: value`; write `title: …`"),
    "bell": (issue("Ring \a."), "11:6: F105 character U+0007 is not allowed; delete it; it cannot be seen"),
    "latin": (issue("Fog").encode() + b"\xe9", "12:1: F104 byte 0xE9 is not UTF-8; save the file as UTF-8"),
    "long": (
        issue("x" * 65537),
        "2:1: I111 an update of 65537 bytes, more than 65536; shorten the text, or date its parts with track",
    ),
    "large": (b"x" * 524289, "1:1: F103 has 524289 bytes, more than 524288; split it or shorten it"),
    "system": (
        issue(affected="[" + "x" * 201 + "]"),
        "7:12: I111 a system's name has 201 characters, more than 200; name it shorter",
    ),
    "systems": (
        issue(affected="[" + ", ".join(f"s{n}" for n in range(101)) + "]"),
        "7:502: I111 101 systems are affected, more than 100; name the main ones",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_keeps_its_file_out_and_no_other(tmp_path: Path, name: str) -> None:
    text, expected = FAULTS[name]
    write(tmp_path, {"content/issues/2024-01-01-sound.md": issue()})
    imported = run(tmp_path, text, name="faulty.md")
    line = next(line for line in said(imported) if line.startswith("content/issues/faulty.md:"))
    assert line == f"content/issues/faulty.md:{expected}"
    assert len(imported.problems) == 1
    assert [file.source for file in imported.files if "/incidents/" in file.path] == [
        "content/issues/2024-01-01-sound.md"
    ]
    assert loaded(imported, tmp_path) == []


def test_all_faults_of_a_file_are_reported_at_once(tmp_path: Path) -> None:
    text = issue("{{< track 'soon' >}} x", title=None, severity="dwn", resolved="perhaps")
    assert [(p.line, p.code) for p in run(tmp_path, text).problems] == [
        (2, "I106"),
        (3, "I105"),
        (5, "I109"),
        (10, "I107"),
    ]


def test_a_time_without_offset_needs_a_zone(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"content/issues/with.md": issue(date="2024-03-01T10:00:00Z", resolvedWhen="2024-03-01T12:00:00+01:00")},
    )
    imported = run(tmp_path, issue("One.\n{{< track '2024-03-01 10:10' >}}"), zone=None)
    hint = "pass --time-zone with the zone it was written in, such as --time-zone UTC"
    assert said(imported) == [
        f'content/issues/2024-03-01-gates.md:3:7: I108 time "2024-03-01 10:00:00" has no offset from UTC; {hint}'
    ]
    assert [file.source for file in imported.files if "/incidents/" in file.path] == ["content/issues/with.md"]
    assert "## resolved 2024-03-01 11:00 UTC" in incident(imported)
    assert "2024-03-01 09:10 UTC" in incident(
        run(tmp_path / "b", issue("x {{< track '2024-03-01 10:10' >}}"), zone=BERLIN)
    )


def test_systems_that_only_issues_name_become_former_ones(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "content/issues/a.md": issue(affected="[Lock gate, release.desk, release.desk]"),
            "content/issues/b.md": issue(affected="[release.desk, LOCK  Gates]", resolvedWhen="2024-03-09 23:30:00"),
            "content/issues/c.md": issue(affected="[release..desk]"),
            "content/issues/d.md": issue(affected="[Crane]", resolved="false", resolvedWhen=None),
        },
    )
    write(tmp_path, {"config.yml": CONFIG})
    imported = read_cstate(tmp_path, zone=BERLIN)
    files = {file.path.rpartition("/")[2]: file.text for file in imported.files}
    site = survey(write(tmp_path / "out", {f.path: f.text for f in imported.files}), now=NOW).site
    assert site
    assert [(g.id, [(c.id, str(c.retired)) for c in g.components]) for g in site.groups] == [
        ("water", [("lock-gates", "None")]),
        (
            "former-systems",
            [
                ("crane", "None"),
                ("lock-gate", "2024-03-01"),
                ("release-desk-2", "2024-03-01"),
                ("release-desk", "2024-03-09"),
            ],
        ),
    ]
    assert "components:\n  - lock-gate\n  - release-desk\nstarted" in files["a.md"]
    assert "components:\n  - release-desk\n  - lock-gates\nstarted" in files["b.md"]
    elsewhere = "if it still runs, move it to another group of content/components.yml"
    assert said(imported) == [
        'content/issues/a.md:7:12: I114 the configuration has no system "Lock gate": '
        'it became a former one, retired 2024-03-01; did you mean "Lock gates"?',
        'content/issues/a.md:7:23: I114 the configuration has no system "release.desk": '
        f"it became a former one, retired 2024-03-09; {elsewhere}",
        'content/issues/c.md:7:12: I114 the configuration has no system "release..desk": '
        f"it became a former one, retired 2024-03-01; {elsewhere}",
        'content/issues/d.md:6:12: I114 the configuration has no system "Crane": '
        f"it became a former one, in use by an open issue; {elsewhere}",
    ]


def test_a_site_without_systems_gets_one_component_for_all_of_it(tmp_path: Path) -> None:
    config = "title: Harbour\nbaseURL: https://status.harbour.example/a/\nparams: {categories: null, systems: null}\n"
    imported = run(tmp_path, issue(affected=None), config=config)
    assert said(imported) == []
    assert "components:\n  - harbour\nstarted" in incident(imported)
    assert loaded(imported, tmp_path) == []


@pytest.mark.parametrize("config", [None, "title: [", "- a\n", b"\xff", "a: &b c\n"])
def test_without_a_readable_configuration_the_incidents_come_over(tmp_path: Path, config: str | bytes | None) -> None:
    write(tmp_path, {"content/issues/gates.md": issue()} | ({} if config is None else {"config.yml": config}))
    imported = read_cstate(tmp_path, zone=BERLIN)
    assert [file.path for file in imported.files] == ["content/components.yml", "content/incidents/2024/gates.md"]
    assert "retired" not in imported.files[0].text
    assert [(problem.path, problem.warning) for problem in imported.problems] == [("config.yml", False)]
    write(tmp_path / "site", {"content/site.yml": "name: H\nurl: https://h.example\nlanguages: [en]\ntime_zone: UTC\n"})
    assert [p for p in loaded(imported, tmp_path) if "S105" not in p] == []


def test_a_folder_that_is_no_site_yields_one_problem(tmp_path: Path) -> None:
    for root in (tmp_path, tmp_path / "missing"):
        imported = read_cstate(root, zone=None)
        assert imported.files == ()
        assert said(imported) == [
            "config.yml:1:1: I101 there is no configuration; "
            "name the folder that holds cState's config.yml and content/issues"
        ]


CONFIGS = {
    "no address": ("title: H\n", "1:1: I102 baseURL is missing; write `baseURL: https://…`, the site's address; "
                   "content/site.yml needs it"),
    "path": ('title: H\nbaseURL: "/"\n', '2:10: I102 baseURL "" is not a web address; '
             "write `baseURL: https://…`, the site's address; content/site.yml needs it"),
    "no title": ("baseURL: https://h.example\n", "1:1: I102 the site's title is missing or too long; "
                 "write `title: …` with at most 200 characters, or a name in content/site.yml"),
    "language": ("title: H\nbaseURL: https://h.example\nlanguageCode: x\n", '3:15: I102 "x" is not a language; '
                 "write en, fr, pt-BR …"),
    "systems": (
        "title: H\nbaseURL: https://h.example\nparams:\n  systems: [a]\n",
        '4:13: I105 "systems" must be a list of maps; write `- name: …` items',
    ),
    "params": ("title: H\nbaseURL: https://h.example\nparams: 3\n", '3:9: I105 "params" must be a map; '
               "write `params:` and `key: value` lines"),
    "nameless": (
        "title: H\nbaseURL: https://h.example\nparams:\n  systems: [{category: a}]\n",
        "4:13: I106 a system's name is missing or too long; name it in at most 200 characters",
    ),
    "double": (
        "title: H\nbaseURL: https://h.example\nparams:\n  systems: [{name: a b}, {name: A  B}]\n",
        '4:26: I113 the system "A B" stands twice; keep one of them',
    ),
    "long": (
        "title: H\nbaseURL: https://h.example\nparams:\n  systems: [{name: a, description: " + "x " * 300 + "}]\n",
        "4:13: I115 a description of 599 characters was cut after 500; put the whole of it on a page of its own",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFIGS)
def test_faults_of_the_configuration(tmp_path: Path, name: str) -> None:
    config, expected = CONFIGS[name]
    imported = run(tmp_path, issue(affected=None), config=config)
    assert said(imported) == [f"config.yml:{expected}"]
    assert ("content/site.yml" in {file.path for file in imported.files}) == ("baseURL: h" in config)
    if "baseURL: h" in config:
        assert loaded(imported, tmp_path) == []


TOML = """\
title = "Harbour"
baseURL = "https://status.harbour.example"

[params]
description = "All about ships."

[[params.categories]]
name = "Water"

[[params.systems]]
name = "Lock gates"
category = "Water"

[[params.systems]]
category = "Water"
"""


def test_a_configuration_in_toml_says_the_same(tmp_path: Path) -> None:
    write(tmp_path / "a", {"config.toml": TOML})
    yaml = CONFIG + "    - {category: Water}\n  description: All about ships.\n"
    front = issue("The gates.").replace("---\n", "+++\n").replace(": ", " = ")
    front = re.sub(r" = ([A-Z][^\n]*|down|issue)\n", r' = "\1"\n', front).replace("[Lock gates]", '["Lock gates"]')
    front = re.sub(r"\[([A-Z].*)\]", r"[\1]", front)
    first = run(tmp_path / "a", front, config="")
    (tmp_path / "a" / "config.yml").unlink()
    first = read_cstate(tmp_path / "a", zone=HERE, now=NOW)
    second = run(tmp_path / "b", issue("The gates."), config=yaml)
    assert [(f.path, f.text) for f in first.files] == [(f.path, f.text) for f in second.files]
    name = "name it in at most 200 characters"
    assert said(first) == [f"config.toml:14:1: I106 a system's name is missing or too long; {name}"]


def test_toml_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, {"config.toml": "title = \n", "content/issues/a.md": "+++\ntitle = x\n+++\n"})
    write(tmp_path, {"content/issues/b.md": "+++\ntitle = 'x'\n"})
    assert [(p.path, p.line, p.column, p.code) for p in read_cstate(tmp_path, zone=None).problems] == [
        ("config.toml", 1, 9, "I104"),
        ("content/issues/a.md", 2, 9, "I104"),
        ("content/issues/b.md", 1, 1, "Y102"),
    ]


def test_ids_are_made_of_file_names_and_stay_apart(tmp_path: Path) -> None:
    names = ["Gates.v2.md", "gates-v2.md", "gates-v2-2.md", "2024/deep/index.md", "con.md", "港.md", "x" * 120 + ".md"]
    imported = read_cstate(
        write(tmp_path, {"config.yml": CONFIG} | {f"content/issues/{name}": issue() for name in names}), zone=BERLIN
    )
    assert sorted(f.path.rpartition("/")[2] for f in imported.files if "/incidents/" in f.path) == sorted(
        ["gates-v2.md", "gates-v2-3.md", "gates-v2-2.md", "deep.md", "con-2.md", "incident.md", "x" * 100 + ".md"]
    )
    assert said(imported) == [
        'content/issues/gates-v2.md:1:1: I125 the id "gates-v2" is taken by another file: it became "gates-v2-3"; '
        "rename it if you like"
    ]
    assert loaded(imported, tmp_path) == []


def test_odd_files_are_named_and_the_rest_comes_over(tmp_path: Path) -> None:
    write(tmp_path, {"content/issues/.hidden.md": "x", "content/issues/a.md~": "x", "content/issues/_index.md": ""})
    write(tmp_path, {"content/issues/picture.png": b"\x89PNG", "content/issues/a.fr.md": issue()})
    (tmp_path / "content/issues/link.md").symlink_to("a.md")
    (tmp_path / "content/elsewhere").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "content/issues/pipe.md")
    config = CONFIG + "languages: {en: {}, fr: {}}\n"
    imported = run(tmp_path, issue(), config=config)
    assert [(p.path.removeprefix("content/"), p.code, p.warning) for p in imported.problems] == [
        ("elsewhere", "I117", True),
        ("issues/a.fr.md", "I117", True),
        ("issues/link.md", "F101", False),
        ("issues/picture.png", "I117", True),
        ("issues/pipe.md", "F101", False),
    ]
    assert [file.source for file in imported.files if "/incidents/" in file.path] == [
        "content/issues/2024-03-01-gates.md"
    ]


def test_pages_come_over_with_names_of_their_own(tmp_path: Path) -> None:
    long = "Ships " * 60
    write(
        tmp_path,
        {
            "content/pages/about.md": "---\nTitle: About us\ndraft: true\nflavour: salt\n---\n\n# Who\n\n{{< map >}}\n",
            "content/pages/api.md": f"---\ndescription: {long}\n---\nHow to ask.\n",
            "content/charts/north/index.md": "---\ntitle: North\n---\nDeep.\n",
        },
    )
    imported = run(tmp_path, issue(), config=CONFIG + "  description: See [us](https://h.example).\n")
    files = {file.path: file.text for file in imported.files if "/pages/" in file.path}
    assert files == {
        "content/pages/about.md": "---\ntitle: About us\ndraft: true\n---\n\n### Who\n\n{{< map >}}\n",
        "content/pages/about-2.md": "---\ntitle: About Harbour\n---\n\nSee [us](https://h.example).\n",
        "content/pages/api-2.md": f"---\ntitle: Api\n---\n\n{long.strip()}\n\nHow to ask.\n",
        "content/pages/charts-north.md": "---\ntitle: North\nmenu: false\n---\n\nDeep.\n",
    }
    assert [(p.path, p.line, p.column, p.code) for p in imported.problems] == [
        ("content/pages/about.md", 4, 1, "I120"),
        ("content/pages/about.md", 9, 1, "I122"),
        ("content/pages/api.md", 2, 1, "I106"),
    ]
    assert loaded(imported, tmp_path) == []


LINKS = {
    "[a](https://else.example/x)": "[a](https://else.example/x)",
    "[a](/issues/2024-01-01-Old.Gate/#top)": "[a](https://status.harbour.example/incidents/2024-01-01-old-gate/#top)",
    "[a](https://status.harbour.example/affected/lock%20gates/)": (
        "[a](https://status.harbour.example/components/lock-gates/)"
    ),
    '[a](pages/help "Help")': '[a](https://status.harbour.example/help/ "Help")',
    "[a](map.pdf)": "[a](https://status.harbour.example/map.pdf)",
    "[a](#top)": "[a] (#top)",
    "[a](irc://chat.example/x)": "[a] (irc://chat.example/x)",
    "[a](javascript:x)": "[a] (javascript:x)",
    "[a](mailto:desk@harbour.example)": "[a](mailto:desk@harbour.example)",
    "<a href='/map.pdf'>a `b`</a>": "[a `b`](https://status.harbour.example/map.pdf)",
    "<a href='#top'>a</a>": "[a] (#top)",
    "<a title='words'>a</a>": "&lt;a title='words'>a&lt;/a>",
    "[![a](/p.png)](/map.pdf)": ("<https://status.harbour.example/p.png> [a](https://status.harbour.example/map.pdf)"),
    "<img src='/p.png' alt='Plan'>": "[Plan](https://status.harbour.example/p.png)",
    "<ftp://h.example>": "&lt;ftp://h.example>",
    "<desk@harbour.example>": "<desk@harbour.example>",
    "[a]\n\n[a]: /map.pdf": "[a]\n\n[a]: https://status.harbour.example/map.pdf",
    "[a]: xmpp:x": "\\[a]: xmpp:x",
    "a < b <b >c</b> <3": "a < b **c** <3",
    "`<b>` ``[a](/x)``": "`<b>` ``[a](/x)``",
}


@pytest.mark.parametrize("source", LINKS)
def test_links_and_pictures_lead_to_whole_addresses(tmp_path: Path, source: str) -> None:
    imported = run(tmp_path, issue(source))
    assert incident(imported).partition("10:00 UTC\n\n")[2].partition("\n\n## ")[0] == LINKS[source]
    assert loaded(imported, tmp_path) == []


BLOCKS = {
    "# One\n\n## Two\n\n###### Six": "### One\n\n#### Two\n\n###### Six",
    "## Two\n### Three": "### Two\n\n#### Three",
    "Over\nto you\n---\nText": "### Over to you\nText",
    "Over\n====": "### Over",
    "- item\n---\nText": "- item\n\n---\nText",
    "> quote\n> ---": "> quote\n>\n> ---",
    "> # Quoted": "> ### Quoted",
    "1. # Listed": "1. ### Listed",
    "#hashtag": "#hashtag",
    "Text\n- one\n  - two\n- three": "Text\n\n- one\n  - two\n- three",
    "In\n1984. Nothing.": "In\n1984. Nothing.",
    "Text\n\n    # code <b>\n\n    <!-- code -->\n\nText": "Text\n\n    # code <b>\n\n    <!-- code -->\n\nText",
    "- item\n\n    ```\n    # code <b>\n    ```\n\n    # text": (
        "- item\n\n    ```\n    # code <b>\n    ```\n\n    ### text"
    ),
    "~~~sh\n# code": "~~~sh\n# code\n~~~",
    "key: value": "key: value",
}


@pytest.mark.parametrize("source", BLOCKS)
def test_headings_lists_and_code_keep_their_meaning(tmp_path: Path, source: str) -> None:
    imported = run(tmp_path, issue(source))
    assert incident(imported).partition("10:00 UTC\n\n")[2].partition("\n\n## ")[0] == BLOCKS[source]
    assert loaded(imported, tmp_path) == []


def test_a_long_category_fills_several_groups(tmp_path: Path) -> None:
    config = CONFIG + "".join(f"    - {{name: berth {n}, category: Water}}\n" for n in range(120))
    imported = run(tmp_path, issue(), config=config)
    assert loaded(imported, tmp_path) == []
    site = survey(tmp_path / "site", now=NOW).site
    assert site
    assert [(group.id, len(group.components)) for group in site.groups] == [("water", 100), ("water-2", 21)]


def test_unknown_keys_are_reported_with_what_they_may_stand_for(tmp_path: Path) -> None:
    imported = run(tmp_path, issue(resolvedwhen="2024-03-01 12:00", resolvedWhen=None, serverity="down", toc="true"))
    path = "content/issues/2024-03-01-gates.md"
    assert said(imported) == [
        f'{path}:9:1: I120 unknown key "serverity" was left out; did you mean "severity"?',
        f'{path}:10:1: I120 key "toc" has no counterpart; nothing to do, unless readers should know what it said',
    ]
    assert all(problem.warning for problem in imported.problems)


@pytest.mark.parametrize(
    "title",
    ["no", "1_000", "0o14", "a: b #c", "'", '"', "- x", "2024-01-01", "~", "{{ x }}", "|", "ÅÄ", "x\\n", "*a", "1:30"],
)
def test_titles_and_names_read_back_as_themselves(tmp_path: Path, title: str) -> None:
    quoted = "'" + title.replace("'", "''") + "'"
    imported = run(tmp_path, issue(title=quoted, affected=f"[{quoted}]"))
    document = split(incident(imported), Report("x"), sections=True)
    assert document
    found = read_incident(document, Kind.INCIDENT, "x", Report("x"))
    assert found
    assert found.title == title
    text = next(file.text for file in imported.files if file.path.endswith("components.yml"))
    assert "'" + title in text or title in text or repr(title)[1:-1] in text
    assert loaded(imported, tmp_path) == []


BODIES = st.text(
    st.one_of(
        st.sampled_from(list("#-=`~<>[]()!*_{}%/\\&:.\n\n\n  \t12ab")),
        st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]),
    ),
    max_size=300,
)
PARTS = st.lists(
    st.sampled_from(
        [
            "# One", "## Two", "Under\n---", "Over\n===", "```", "~~~~", "    code", "- item", "1. item", "> quote",
            "<b>bold</b>", "<p", "<a href='https://h.example'>link", "</a>", "<ID>", "![](https://h.example/p.png)",
            "[![x](https://h.example/p.png)](https://h.example)", "``two`` ", "[ref]: https://h.example",
            "[ref]", "---", "***", "\n", "words of text", "{{< track '2024-03-01 10:30' >}}",
            "[x](/issues/a.b/)", "[y](#top)", "<ftp://h.example>", "[z]: /z", "> # Quoted", "- # Listed", "> ===", "-",
            "[u](irc://h.example)", "![p](/p.png)", "<a href='#top'>", "&amp;", "\\", "  ", "    ```",
            "<!-- hidden -->", "<!--",
            '{{% track "2024-03-01 12:00" %}}', "**Fixed**", "**Reopened**: x", "investigating: y", "a: b", "|",
        ]
    ),
    max_size=14,
).map("\n".join)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(PARTS, BODIES))
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    found = list(pieces(text))
    assert "".join(piece.text for piece in found) == text
    assert [piece.offset for piece in found] == [len("".join(p.text for p in found[:n])) for n in range(len(found))]


@settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.one_of(PARTS, BODIES), resolved=st.booleans())
def test_no_text_loses_a_word_or_breaks_its_file(tmp_path: Path, body: str, resolved: bool) -> None:
    text = issue(body, resolved=str(resolved).lower())
    imported = run(tmp_path, text)
    clean = split(decode(text.encode(), Report("x")) or "", Report("x"), sections=False)
    if any(not problem.warning for problem in imported.problems) or clean is None:
        assert {p.code for p in imported.problems if not p.warning} <= {"F105", "I107", "I110"}
        return
    parsed = parse_record(("content/incidents/x.md", incident(imported).encode()))
    assert [str(problem) for problem in parsed.problems if not problem.warning] == []
    found = parsed.record
    assert isinstance(found, Incident)
    assert (found.updates[-1].phase is Phase.RESOLVED) is resolved
    stamps = [(update.phase, update.at) for update in found.updates]
    assert [at for _, at in stamps] == sorted(at for _, at in stamps)
    assert len(set(stamps)) == len(stamps)
    said = re.sub(r"\{\{[<%]\s*track[^{}]*[>%]\}\}|<!--.*?-->", "", clean.lead, flags=re.DOTALL)
    tags = {"b", "p", "a", "href", "br", "i", "s", "u", "issues"}
    assert words(said) - words(incident(imported)) <= Counter(dict.fromkeys(tags, 99))


@pytest.mark.parametrize(
    "text",
    [
        "<a " * 20000,
        "`" * 60000,
        "[![" * 20000,
        "<!--" * 15000,
        "x\n\n    y\n\n" * 5000,
        "- x\n\n" + "    y\n\n" * 9000,
        "{{< track" + " " * 60000,
        "# " * 30000,
    ],
)
def test_hostile_texts_come_to_an_end(tmp_path: Path, text: str) -> None:
    imported = run(tmp_path, issue(text))
    assert imported.files
    parse_yaml(imported.files[0].text, Report("x"))
