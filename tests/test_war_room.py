"""The internal site: all that the record holds is on its pages, none of it on the public ones, its sums are right."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from generator.build import build as build_public
from generator.cli import run
from generator.errors import ContentError, UsageError
from generator.inner.build import CLOSED, build
from generator.inner.preview import InnerPreview
from generator.record.internal import parse_internal
from generator.record.internal_model import InternalRecord
from generator.record.model import Severity, Words
from generator.render.inside import SHEET
from generator.render.mentions import marked
from generator.terms import Impact, Kind, Level, Phase
from generator.view.basics import Label, SeverityRef, Text
from generator.view.record_views import IncidentCard, IncidentView, UpdateView
from generator.view.response import causes, quarter, responses, trends
from generator.view.war_room_views import Response
from tests.cases import small_site, write_files
from tests.rosters import ONCALL, PEOPLE
from tests.test_internal import PATH, RECORD, Canaries, body, front

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
ROOM = "war-room/2026-02-22-portal/index.html"
TWICE = ((1, "mitigation"), (1, "recovery"), (2, "mitigation"))
"""Two kinds of steps in one minute, and one in the next."""
OWN = ("war-room/", "actions/", "oncall/", "insights/")
START = datetime(2026, 2, 22, 2, 47, tzinfo=UTC)


def files_of(out: Path) -> dict[str, str]:
    """Return the text of every file of an output."""
    found = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    return {name: path.read_text(errors="replace") for name, path in found.items() if not name.startswith(".statique")}


def made(tmp_path: Path, record: str = RECORD, **more: str) -> dict[str, str]:
    """Return the internal site of a small site with one record."""
    site = small_site(tmp_path / "site", **{PATH: record, **more})
    build(site, now=NOW, out=tmp_path / "out")
    return files_of(tmp_path / "out")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Canaries]:
    """Return the internal site of a record with something of its own in every field, at any depth."""
    canaries = Canaries()
    text = f"---\n{json.dumps(front(InternalRecord, canaries), indent=1)}\n---\n{body(canaries)}"
    text = text.replace('"status": "closed"', '"status": "mitigating"').replace("status: done", "status: open")
    team = {"content/internal/people.yml": PEOPLE, "content/internal/oncall.yml": ONCALL}
    return made(tmp_path_factory.mktemp("full"), text, **team), canaries


def test_every_field_of_the_record_is_on_its_page(full: tuple[dict[str, str], Canaries]) -> None:
    files, canaries = full
    page = files[ROOM].lower()
    assert len(canaries.words) > 60
    assert [word for word in canaries.words if word.lower() not in page] == []


def test_moments_and_choices_of_the_record_are_on_its_page(full: tuple[dict[str, str], Canaries]) -> None:
    page = full[0][ROOM]
    for word in ("46 minutes", "Mitigating", "Note", "Process", "Not known", "Critical", "Yes", "March 1, 2026"):
        assert word in page, word
    fields = [name for name, hint in InternalRecord.__annotations__.items() if hint.startswith("datetime")]
    assert len(fields) == 6
    assert page.count("2026-02-22T02:51:13Z") >= len(fields)


def test_no_public_page_of_the_internal_site_holds_a_word_of_the_record(
    full: tuple[dict[str, str], Canaries],
) -> None:
    files, canaries = full
    public = {name: text.lower() for name, text in files.items() if not name.startswith(OWN)}
    assert len(public) > 20
    assert [(name, word) for name, text in public.items() for word in canaries.words if word.lower() in text] == []


def test_every_page_says_that_it_is_internal_and_asks_not_to_be_found(full: tuple[dict[str, str], Canaries]) -> None:
    files, _ = full
    pages = {name: text for name, text in files.items() if name.endswith(".html")}
    whole = {name: text for name, text in pages.items() if '<nav class="inside"' in text}
    assert [name for name, text in pages.items() if 'content="noindex' not in text] == []
    assert {name.split("/")[0] + "/" for name in whole} >= set(OWN)
    assert not [name for name in pages if name not in whole and not name.startswith(("embed/", "fr/embed/"))]
    assert files["robots.txt"].encode() == CLOSED
    assert not {"sitemap.xml", "CNAME"} & files.keys()
    own = [text for name, text in pages.items() if name.startswith(OWN)]
    assert not [text for text in own if 'rel="canonical"' in text or "og:url" in text or "style=" in text]


def test_the_incident_leads_to_its_war_room_and_back(tmp_path: Path) -> None:
    files = made(tmp_path)
    assert 'href="/war-room/2026-02-22-portal/"' in files["incidents/2026-02-22-portal/index.html"]
    assert 'href="/war-room/2026-02-22-portal/"' in files["war-room/index.html"]
    assert 'href="/incidents/2026-02-22-portal/"' in files[ROOM]
    assert 'href="/war-room/"' in files["index.html"]
    assert "oncall/index.html" not in files
    assert 'href="/oncall/"' not in files["index.html"]


def test_the_public_site_has_none_of_it(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", **{PATH: RECORD})
    build_public(site, now=NOW, out=tmp_path / "out")
    files = files_of(tmp_path / "out")
    sheet = SHEET.removesuffix(".css")
    assert [name for name in files if name.startswith(OWN) or sheet in name] == []
    assert [name for name, text in files.items() if sheet in text and name.endswith(".html")] == []


def test_a_site_of_one_kind_is_not_built_over_the_other(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", **{PATH: RECORD})
    build_public(site, now=NOW, out=tmp_path / "public")
    build(site, now=NOW)
    before = files_of(tmp_path / "public")
    with pytest.raises(UsageError, match=r'another site \("public", not "internal"\)'):
        build(site, now=NOW, out=tmp_path / "public")
    with pytest.raises(UsageError, match=r'another site \("internal", not "public"\)'):
        build_public(site, now=NOW, out=site / "output" / "internal")
    assert files_of(tmp_path / "public") == before


def test_the_overlay_is_for_the_internal_site_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "site")
    write_files(tmp_path / "elsewhere", {f"incidents/{Path(PATH).name}": RECORD})
    said = ["-C", str(site), "build", "--now", "2026-03-24T12:00Z", "--internal", str(tmp_path / "elsewhere")]
    assert run(said) == 2
    assert "--audience internal" in capsys.readouterr().err
    assert not (site / "output").exists()
    assert run([*said, "--audience", "internal"]) == 0
    assert "The pod restarts." in (site / "output" / "internal" / ROOM).read_text()


def test_a_broken_record_leaves_the_internal_site_as_it_was(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", **{PATH: RECORD})
    build(site, now=NOW)
    before = files_of(site / "output" / "internal")
    write_files(site, {PATH: RECORD.replace("severity: P1", "severity: P9")})
    with pytest.raises(ContentError):
        build(site, now=NOW)
    assert files_of(site / "output" / "internal") == before


def test_the_preview_shows_what_a_build_writes(tmp_path: Path) -> None:
    team = {"content/internal/people.yml": PEOPLE, "content/internal/oncall.yml": ONCALL}
    site = small_site(tmp_path / "site", **{PATH: RECORD, **team})
    build(site, now=NOW, out=tmp_path / "out")
    with InnerPreview(site, None) as preview:
        edition = preview.look(now=NOW)
        for name in files_of(tmp_path / "out"):
            assert edition.file(name) == (tmp_path / "out" / name).read_bytes(), name
        assert edition.file("sitemap.xml") is None
        write_files(site, {PATH: RECORD.replace("The pod restarts.", "The pod burns.")})
        again = preview.look(now=NOW).file(ROOM)
        assert again is not None
        assert b"The pod burns." in again


# Figures


def card(severity: str | None = "sev1", *, started: datetime = START, tags: tuple[str, ...] = ()) -> IncidentCard:
    ref = SeverityRef(severity, Label(severity, "en"), Impact.MAJOR) if severity else None
    ended = started + timedelta(minutes=56)
    return IncidentCard(
        Kind.INCIDENT, "x", Label("X", "en"), Phase.RESOLVED, Impact.MAJOR, started, ended, (), ref, tags=tags
    )


def shown(*minutes: float, **options: Any) -> IncidentView:
    """Return an incident with an update at each of these minutes after it began."""
    one = card(**options)
    told = enumerate(minutes, 1)
    updates = tuple(
        UpdateView(number, Phase.INVESTIGATING, one.started + timedelta(minutes=at), Text("x", "en"))
        for number, at in told
    )
    return IncidentView(one, (), updates[::-1])


SEV1 = Severity("sev1", Words({"en": "Critical"}), Words({"en": "Bad"}), Level.MAJOR_OUTAGE, Impact.CRITICAL, respond=5)
STRICT = msgspec.structs.replace(SEV1, detect=1, mitigate=45, resolve=60)


def record_of(text: str) -> InternalRecord:
    found = parse_internal((PATH, f"---\nstarted: 2026-02-22 02:47 UTC\n{text}".encode())).record
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("minutes", "limit", "met", "off"),
    [(5, 5, True, 0), (2, 5, True, 3), (6, 5, False, 1), (0, 0, True, 0), (None, 5, None, 5), (7, None, None, 7)],
)
def test_a_target_is_met_up_to_its_last_minute(
    minutes: int | None, limit: int | None, met: bool | None, off: int
) -> None:
    found = Response("respond", None, minutes, limit)
    assert found.met is met
    assert found.off == off


def test_the_steps_are_measured_from_the_start() -> None:
    text = (
        "detection: {source: PagerDuty, at: 2026-02-22 02:48 UTC}\nacknowledged: 2026-02-22 02:52:01 UTC\n"
        "mitigated: 2026-02-22 03:33 UTC\nresolved: 2026-02-22 03:43 UTC\n---\n"
    )
    found = {one.step: (one.minutes, one.met) for one in responses(record_of(text), shown(4, 20), SEV1)}
    assert found == {
        "detect": (1, None), "respond": (6, False), "tell": (4, True), "mitigate": (46, None), "resolve": (56, None),
    }  # fmt: skip


def test_each_step_has_its_target_where_the_severity_has_one() -> None:
    text = "detection: {source: PagerDuty, at: 2026-02-22 02:48 UTC}\nmitigated: 2026-02-22 03:33 UTC\n---\n"
    found = {one.step: (one.limit, one.met, one.off) for one in responses(record_of(text), shown(4, 20), STRICT)}
    assert found == {
        "detect": (1, True, 0), "respond": (5, None, 5), "tell": (5, True, 1), "mitigate": (45, False, 1),
        "resolve": (60, True, 4),
    }  # fmt: skip
    measured = [(shown(4, 20), responses(record_of(text), shown(4, 20), STRICT))]
    assert {one.step: one.limit for one in trends(measured, (STRICT,), UTC)} == {
        "detect": 1, "tell": 5, "mitigate": 45, "resolve": 60,
    }  # fmt: skip


def test_what_is_not_said_is_found_in_the_timeline_or_not_at_all() -> None:
    text = (
        "---\n\n## timeline\n\n### 2026-02-22 02:50 UTC detection by Bob\n\nSeen.\n\n"
        "### 2026-02-22 02:51 UTC acknowledgement by Bob\n\nMine.\n\n"
        "## communications\n\n### 2026-02-22 02:49 UTC mail to customers\n\nWe know.\n\n"
        "### 2026-02-22 02:48 UTC chat to internal\n\nOh.\n"
    )
    found = {one.step: one.minutes for one in responses(record_of(text), shown(9), SEV1)}
    assert found == {"detect": 3, "respond": 4, "tell": 2, "mitigate": None, "resolve": 56}


def test_without_a_record_what_the_public_was_told_is_measured() -> None:
    found = {one.step: one.minutes for one in responses(None, shown(3), None)}
    assert found == {"detect": None, "respond": None, "tell": 3, "mitigate": None, "resolve": 56}


def test_what_was_written_down_afterwards_says_nothing_of_the_first_word() -> None:
    one = shown(3)
    later = msgspec.structs.replace(one, card=msgspec.structs.replace(one.card, backfilled=True))
    assert {found.step: found.minutes for found in responses(None, later, None)}["tell"] is None


def test_trends_are_medians_by_quarter_and_causes_come_back() -> None:
    other = datetime(2026, 4, 1, 1, tzinfo=UTC)
    log = [
        shown(2, tags=("dns",)), shown(4, tags=("dns", "deploy")), shown(30), shown(9, started=other, tags=("dns",)),
        shown(1, severity=None),
    ]  # fmt: skip
    measured = [(one, responses(None, one, SEV1)) for one in log]
    told = [one for one in trends(measured, [SEV1], UTC) if one.step == "tell"]
    assert [(one.severity.id if one.severity else None, one.limit) for one in told] == [("sev1", 5), (None, None)]
    assert [(point.quarter, point.minutes, point.incidents) for point in told[0].points] == [
        ("2026-1", 4, 3), ("2026-2", 9, 1),
    ]  # fmt: skip
    assert [(cause.tag, cause.incidents, cause.minutes, cause.latest) for cause in causes(measured)] == [
        ("dns", 3, 168, other)
    ]
    assert quarter(datetime(2025, 12, 31, 23, 30, tzinfo=UTC), UTC) == "2025-4"


def test_open_actions_are_overdue_first(tmp_path: Path) -> None:
    record = RECORD.replace("status: done", "status: done\ndue: 2026-03-01") + (
        "\n### Later\ndue: 2026-04-01\n\n### No day\n\n### Late\nowner: Bob\ndue: 2026-03-20\n\n"
        "### Today\ndue: 2026-03-24\n\n### Very late\ndue: 2026-03-01\nstatus: in_progress\n"
    )
    page = made(tmp_path, record)["actions/index.html"]
    titles = re.findall(r'<th scope="row">([^<]+?)\s*(?:<|$)', page, re.MULTILINE)
    assert titles == ["Very late", "Late", "Today", "Later", "No day"]
    assert re.findall(r"(\d+ days? overdue)", page) == ["23 days overdue", "4 days overdue"]
    assert date(2026, 3, 24).isoformat() in page


def test_mentions_are_marked_in_the_text_alone() -> None:
    html = '<p>@Bob Lee, <a href="x@Bob Lee">@Bob</a> and @Bobby <code>@Bob Lee</code> &amp; @R&amp;D</p>'
    assert marked(html, ["Bob", "Bob Lee", "R&D"]) == (
        '<p><b class="mention">@Bob Lee</b>, <a href="x@Bob Lee"><b class="mention">@Bob</b></a> and @Bobby '
        '<code>@Bob Lee</code> &amp; <b class="mention">@R&amp;D</b></p>'
    )
    assert marked(html, []) == html


# Who is on

PLAN = ONCALL.replace("    handoff", "    end: 2026-04-20\n    handoff") + (
    "overrides:\n  - {rotation: platform, who: cyd, for: ada, from: 2026-03-31 07:00 UTC, "
    "until: 2026-04-01 07:00 UTC}\n"
)


def test_the_plan_is_a_grid_of_weeks_with_gaps_and_overrides_marked(tmp_path: Path) -> None:
    page = made(tmp_path, **{"content/internal/people.yml": PEOPLE, "content/internal/oncall.yml": PLAN})[
        "oncall/index.html"
    ]
    grid = page[page.index('<table class="plan"') : page.index("</table>")]
    assert re.findall(r'<th scope="col">(\w+)</th>', grid) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert grid.count("<tr>") == 1 + 6
    assert re.findall(r'aria-current="date"><time datetime="([^"]+)"', grid) == ["2026-03-24"]
    days = dict(re.findall(r'<time datetime="([^"]+)">(.*?)</td>', grid, re.DOTALL))
    assert len(days) == 42
    assert "In place of Ada Lindqvist" in days["2026-03-31"]
    assert "override" in days["2026-03-31"]
    assert "override" not in days["2026-03-27"]
    assert "gap" not in days["2026-04-19"]
    assert days["2026-04-21"].count('class="stretch gap"') == 2


def test_the_plan_fits_a_phone(chromium: Browser, tmp_path: Path) -> None:
    files = made(tmp_path, **{"content/internal/people.yml": PEOPLE, "content/internal/oncall.yml": PLAN})
    sheets = "".join(text for name, text in files.items() if name.endswith(".css"))
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 900})
    page = context.new_page()
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", files["oncall/index.html"])
    page.set_content(html.replace("</head>", f"<style>{sheets}</style></head>"))
    box = page.locator(".plan").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    named = page.locator(".plan .short:visible")
    assert "CO" in named.all_inner_texts()
    for one in named.all():
        inner, outer = one.bounding_box(), one.locator("xpath=..").bounding_box()
        assert inner is not None
        assert outer is not None
        assert inner["width"] <= outer["width"]
    context.close()


# At an address of its own

ELSEWHERE = "https://rooms.acme.example/incidents"


def test_addresses_in_full_lead_to_where_the_internal_site_stands(tmp_path: Path) -> None:
    team = {"content/internal/people.yml": PEOPLE, "content/internal/oncall.yml": ONCALL}
    site = small_site(tmp_path / "site", **{PATH: RECORD, **team})
    for folder, options in (("beside", []), ("apart", ["--url", f"{ELSEWHERE}/"])):
        out = tmp_path / folder
        command = ["-C", str(site), "build", "--audience", "internal", "--now", NOW.isoformat(), "--out", str(out)]
        assert run([*command, *options]) == 0
    beside, apart = files_of(tmp_path / "beside"), files_of(tmp_path / "apart")
    assert set(beside) == set(apart)
    said = {name for name, text in apart.items() if "https://status.acme.example" in text}
    assert said == set()
    for name in ("index.html", "feed.xml", "feed.json", "calendar.ics", "oncall/platform.ics", "sitemap.xml"):
        assert (ELSEWHERE in apart.get(name, "")) is ("https://status.acme.example" in beside.get(name, "")), name
    assert f'rel="canonical" href="{ELSEWHERE}/' in apart["incidents/2026-02-22-portal/index.html"]
    ids = [json.loads(files["feed.json"])["items"][0]["id"] for files in (beside, apart)]
    assert ids[0] == ids[1]


def test_a_preview_stands_there_too(tmp_path: Path) -> None:
    site = small_site(tmp_path, **{PATH: RECORD})
    with InnerPreview(site, None, ELSEWHERE) as preview:
        edition = preview.look(now=NOW)
        page = edition.file("incidents/2026-02-22-portal/index.html")
    assert edition.base == "/incidents"
    assert page is not None
    assert f'rel="canonical" href="{ELSEWHERE}/'.encode() in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--url", ELSEWHERE], "--url goes with --audience internal"),
        (["--audience", "internal", "--url", "rooms.acme.example"], "cannot be a site's address"),
        (["--audience", "internal", "--url", "https://rooms.acme.example/?a"], "ends at its path"),
        (["--audience", "internal", "--url", "https://[rooms"], "cannot be a site's address"),
    ],
)
def test_what_is_no_address_of_an_internal_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert run(["-C", str(small_site(tmp_path)), "build", *options]) == 2
    assert said in capsys.readouterr().err


# In a browser


@pytest.fixture
def looked(chromium: Browser, tmp_path: Path) -> Any:
    """Return the war room in a browser that runs no script, with its style sheets."""
    moments = "".join(f"### 2026-02-22 04:0{minute} UTC {kind}\n\nA step.\n\n" for minute, kind in TWICE)
    files = made(tmp_path, RECORD.replace("## chat", f"{moments}## chat"))
    sheets = "".join(text for name, text in files.items() if name.endswith(".css"))
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 1300, "height": 900}).new_page()
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", files[ROOM])
    page.set_content(html.replace("</head>", f"<style>{sheets}</style></head>"))
    yield page
    page.context.close()


def test_kinds_are_picked_without_a_script(looked: Any) -> None:
    event, message = looked.locator(".event.investigation"), looked.locator(".message").first
    assert event.is_visible()
    looked.locator(".pick-investigation").uncheck()
    assert not event.is_visible()
    assert not looked.locator(".moments > li", has=event).is_visible()
    assert looked.locator(".event.detection").is_visible()
    assert message.is_visible()
    looked.locator(".pick-chat").uncheck()
    assert not message.is_visible()
    assert looked.locator(".event.detection").is_visible()
    looked.locator(".pick-investigation").check()
    assert event.is_visible()


def test_a_moment_of_which_nothing_is_picked_leaves_no_row(looked: Any) -> None:
    both = looked.locator(".moments > li", has=looked.locator(".event.mitigation")).filter(
        has=looked.locator(".event.recovery")
    )
    assert both.count() == 1
    looked.locator(".pick-mitigation").uncheck()
    assert both.is_visible()
    looked.locator(".pick-recovery").uncheck()
    assert not both.is_visible()
    looked.locator(".pick-mitigation").check()
    assert both.is_visible()
    looked.locator(".pick-mitigation").uncheck()
    looked.locator(".pick-chat").uncheck()
    assert (
        looked.locator(".moments > li:visible").count() == looked.locator(".moments > li:has(.event:visible)").count()
    )


def test_chat_stands_beside_what_was_done_at_the_moment_and_below_it_on_a_phone(looked: Any) -> None:
    done, said = looked.locator(".event.detection"), looked.locator(".message.from-bot")
    left, right = done.bounding_box(), said.bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 12
    looked.set_viewport_size({"width": 360, "height": 900})
    above, below = done.bounding_box(), said.bounding_box()
    assert above["y"] + above["height"] <= below["y"]
    later, last = (
        looked.locator(".message").nth(1).bounding_box(),
        looked.locator(".event.investigation").bounding_box(),
    )
    assert below["y"] < later["y"] < last["y"]
