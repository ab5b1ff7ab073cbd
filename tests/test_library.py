"""The learning library from files to pages: what a postmortem says, where it stands, and where it must not be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from lxml import html

from generator import cli
from generator.build import build
from generator.record.chapters import chapter_of
from generator.record.load import load_site
from generator.terms import Chapter, Progress
from generator.view import reviews
from generator.view.basics import Later
from generator.view.gathered import gather
from generator.view.library import Library, PostmortemView
from generator.view.project import spoken
from tests.cases import INCIDENT, small_site, write_files
from tests.laters import whole
from tests.rendered import Element
from tests.repositories import commit, repository

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
ENDED = INCIDENT + "\n## resolved 2026-02-22 03:43 UTC\n\nOver.\n"
PATH = "content/postmortems/2026-02-22-portal.md"
FRENCH = PATH.replace(".md", ".fr.md")
POSTMORTEM = """\
---
title: A release that kept what it had read
incident: 2026-02-22-portal
published: 2026-02-24
tags: [deploy, memory]
actions:
  - {title: Test it, owner: Portal team, due: 2026-03-01, type: prevention, status: done}
  - {title: Watch it, due: 2026-12-01, status: in_progress}
  - {title: Explain it}
aliases: [2026-02-22-memory]
---

Before we begin.

## Summary
Note: this is text.

### In short

It was down.

## Next steps

They add up.

## What our partners saw

Nothing.
"""
TRANSLATION = """\
---
title: Une version qui gardait tout
translated: 2026-02-25
actions: [La tester]
---

## summary

En panne.

## Ce que nos partenaires ont vu

Rien.
"""
ELSEWHERE = "---\ntitle: From elsewhere\nseverity: P3\nduration: 1 h 5 min\ncomponents: [login]\n---\n\nWords.\n"
DRAFT = "---\ntitle: The secret draft\ndraft: true\ntags: [drafted]\naliases: [once-secret]\n---\n\nWords.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a site with a postmortem of its incident, one from elsewhere, and a draft."""
    return small_site(
        tmp_path,
        **{
            "content/incidents/2026-02-22-portal.md": ENDED,
            PATH: POSTMORTEM,
            FRENCH: TRANSLATION,
            "content/postmortems/2024/elsewhere.md": ELSEWHERE,
            "content/postmortems/draft.md": DRAFT,
        },
    )


def library(root: Path, lang: str = "en") -> Library:
    """Return the library of a site in one language."""
    content, _ = load_site(root, now=NOW)
    language = spoken(gather(content, now=NOW), lang)
    assert language.library is not None
    return language.library


def first_of(root: Path, lang: str = "en") -> PostmortemView:
    """Return the newest postmortem of a site in one language."""
    return library(root, lang).lots[0].pages.make()[0].page.make().postmortem


def pages(root: Path) -> Mapping[str, Element]:
    """Build a site and return its pages by path."""
    build(root, now=NOW)
    output = root / "output" / "public"
    return {
        path.relative_to(output).as_posix().removesuffix("index.html"): html.fromstring(path.read_bytes())
        for path in output.rglob("*.html")
    }


def text(element: Element) -> str:
    """Return all words of a page."""
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    ("heading", "chapter"),
    [
        ("root cause", Chapter.ROOT_CAUSE),
        ("Root Cause Analysis", Chapter.ROOT_CAUSE),
        ("TIMELINE (all times UTC)", Chapter.TIMELINE),
        ("Lessons learned:", Chapter.LESSONS),
        ("What didn't go well", Chapter.WENT_WRONG),
        ("Follow-up actions", Chapter.ACTIONS),
        ("Where we got lucky", Chapter.LUCKY),
        ("The weather", None),
        ("", None),
    ],
)
def test_headings_are_known_by_their_usual_names(heading: str, chapter: Chapter | None) -> None:
    assert chapter_of(heading) is chapter


@pytest.mark.parametrize("chapter", Chapter)
def test_every_chapter_is_known_by_its_own_name(chapter: Chapter) -> None:
    assert chapter_of(chapter.capitalize()) is chapter


def test_what_a_postmortem_leaves_out_its_incident_says(site: Path) -> None:
    first, second = library(site).page.make().postmortems
    assert first.severity is not None
    assert (first.severity.id, first.minutes, [c.id for c in first.components]) == ("sev1", 52, ["portal"])
    assert (first.published, first.tags, first.actions, first.done) == (date(2026, 2, 24), ("deploy", "memory"), 3, 1)
    assert second.severity is not None
    assert (second.severity.id, second.minutes, [c.id for c in second.components]) == ("sev3", 65, ["login"])


def test_sections_keep_their_order_and_lines_under_a_heading_are_text(site: Path) -> None:
    view = first_of(site)
    assert [(one.chapter, one.heading.text) for one in view.passages] == [
        (Chapter.SUMMARY, "Summary"), (Chapter.ACTIONS, "Next steps"), (None, "What our partners saw"),
    ]  # fmt: skip
    assert view.passages[0].body.source.startswith("Note: this is text.")
    assert view.lead is not None
    assert view.lead.source == "Before we begin."


def test_a_translation_is_shown_and_what_it_lacks_is_marked(site: Path) -> None:
    view = first_of(site, "fr")
    assert view.card.title.lang == "fr"
    assert [(one.heading.text, one.body.lang) for one in view.passages] == [
        ("summary", "fr"), ("Next steps", "en"), ("Ce que nos partenaires ont vu", "fr"),
    ]  # fmt: skip
    assert [action.title.lang for action in view.actions] == ["fr", "en", "en"]
    page = pages(site)["fr/postmortems/2026-02-22-portal/"]
    assert [h.text_content() for h in page.iter("h2")] == ["Résumé", "Actions", "Ce que nos partenaires ont vu"]
    assert [p.get("lang") for p in page.xpath("//*[@class='prose']")] == ["en", None, "en", None]


def test_shelves_hold_what_they_say_and_are_counted(site: Path) -> None:
    found = library(site)
    held = {
        (one.ref.facet.value, one.ref.value): [card.id for card in one.page.make().postmortems] for one in found.shelves
    }
    assert held == {
        ("year", "2026"): ["2026-02-22-portal"],
        ("severity", "sev1"): ["2026-02-22-portal"],
        ("severity", "sev3"): ["elsewhere"],
        ("component", "portal"): ["2026-02-22-portal"],
        ("component", "login"): ["elsewhere"],
        ("tag", "deploy"): ["2026-02-22-portal"],
        ("tag", "memory"): ["2026-02-22-portal"],
    }
    assert [[ref.postmortems for ref in refs] for refs in found.page.make().shelves] == [[1], [1, 1], [1, 1], [1, 1]]
    made = pages(site)
    for path in ("years/2026", "severities/sev3", "components/login", "tags/deploy"):
        assert f"postmortems/{path}/" in made
        assert f"fr/postmortems/{path}/" in made
        assert made["postmortems/"].xpath(f"//a[@href='/postmortems/{path}/']")


def test_nothing_is_told_or_hashed_before_somebody_asks(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def untold(_: object) -> NoReturn:
        raise AssertionError("nobody asked")

    with monkeypatch.context() as patch:
        for name in ("card", "key", "view", "actions"):
            patch.setattr(reviews._Told, name, untold)
        assert [id for lot in library(site).lots for id in lot.ids] == ["2026-02-22-portal", "elsewhere"]
    found = library(site)
    made_of = [found.page.made_of, found.actions.made_of, *(shelf.page.made_of for shelf in found.shelves)]
    assert len(set(made_of)) == len(made_of)


RELATED = """\
---
title: Memory ran out again after a release
published: 2026-03-04
tags: [deploy, memory]
---

It had kept what it had read, once more.
"""


def told(root: Path, now: datetime) -> dict[str, tuple[bytes, bytes]]:
    """Return the hash, and the encoding, of all that is told of postmortems, by what it is and its language."""
    gathered = gather(load_site(root, now=now)[0], now=now)
    found: dict[str, tuple[bytes, bytes]] = {}
    for lang in ("en", "fr"):
        language = spoken(gathered, lang)
        books = language.library
        assert books is not None
        assert language.search is not None
        laters: dict[str, Later[Any]] = {
            "page": books.page, "actions": books.actions,
            **{f"{shelf.ref.facet} {shelf.ref.value}": shelf.page for shelf in books.shelves},
            **{f"month {lot.month}": lot.pages for lot in books.lots},
            **{f"volume {name}": volume for name, volume in language.search.archive().postmortems.items()},
        }  # fmt: skip
        found |= {f"{lang} {name}": (later.made_of, whole(later.make())) for name, later in laters.items()}
    return found


LATER = "content/postmortems/2026-03-04-again.md"
PORTAL = "content/incidents/2026-02-22-portal.md"


@pytest.mark.parametrize(
    ("name", "old", "new", "days", "indexed"),
    [
        (PATH, "A release that kept", "A new release that kept", 0, True),
        (FRENCH, "Une version", "La version", 0, False),
        (FRENCH, "En panne.", "Tout en panne.", 0, False),
        (LATER, "Memory ran out", "Memory did run out", 0, True),
        (PORTAL, "The portal is down", "The portal was down", 0, False),
        (PORTAL, "03:43", "04:43", 0, True),
        (PATH, "status: done", "status: open", 0, True),
        (PATH, "tags: [deploy, memory]", "tags: [deploy]", 0, True),
        (PATH, "published: 2026-02-24", "published: 2026-04-24", 0, True),
        (PATH, "", "", 11, False),  # an action becomes late
    ],
)
def test_what_is_told_otherwise_has_another_hash(
    site: Path, name: str, old: str, new: str, days: int, indexed: bool
) -> None:
    write_files(site, {LATER: RELATED})
    before = told(site, NOW)
    text = (site / name).read_text("utf-8")
    assert old in text
    (site / name).write_text(text.replace(old, new), "utf-8")
    after = told(site, NOW + timedelta(days=days))
    same = [one for one in before.keys() & after.keys() if before[one][0] == after[one][0]]
    assert [one for one in same if before[one][1] != after[one][1]] == []
    assert len(same) < len(before), "nothing was told otherwise"
    # An index takes long: words of another language, or another day, make none anew.
    assert indexed == any(one not in same for one in before if one.startswith("en volume"))


def test_of_many_tags_those_that_most_have_are_the_ways_in(tmp_path: Path) -> None:
    tagged = {
        f"content/postmortems/p{number}.md": f"---\ntitle: P{number}\ntags: [rare-{number:02}, {often}]\n---\n\nWhy.\n"
        for number in range(60)
        for often in ["seldom" if number < 2 else "often"]
    }
    root = small_site(tmp_path, **tagged)
    found = library(root)
    (ways,) = [refs for refs in found.page.make().shelves if refs[0].facet.value == "tag"]
    assert [(ref.value, ref.postmortems) for ref in ways] == [
        ("often", 58), *((f"rare-{number:02}", 1) for number in range(38)), ("seldom", 2),
    ]  # fmt: skip
    # The others have their pages all the same, and no card names a way that is not there.
    assert len(found.shelves) == 62
    told = pages(root)["postmortems/"]
    cards = {card.get("data-shelves") for card in told.xpath("//li[@data-shelves]")}
    assert " tag/rare-00 tag/seldom" in cards
    assert " tag/often" in cards


def test_actions_of_all_postmortems_stand_by_how_far_they_are(site: Path) -> None:
    actions = library(site).actions.make()
    assert [task.action.title.text for task in actions.open] == ["Explain it"]
    assert [task.action.title.text for task in actions.in_progress] == ["Watch it"]
    assert [task.action.progress for task in actions.done] == [Progress.DONE]
    page = pages(site)["postmortems/actions/"]
    rows = [[text(cell) for cell in row] for row in page.xpath("//section[@aria-labelledby='done']//tbody/tr")]
    (title, origin, effort, owner, _, due), = rows  # fmt: skip
    assert (title, origin, effort) == ("Test it", "A release that kept what it had read", "Prevention")
    assert (owner, due) == ("Portal team", "March 1, 2026")
    own = pages(site)["postmortems/2026-02-22-portal/"]
    assert [text(one) for one in own.xpath("//table//span[contains(@class, 'progress')]")] == [
        "Done", "In progress", "Open",
    ]  # fmt: skip


def test_incident_and_postmortem_lead_to_each_other_and_the_menu_to_both(site: Path) -> None:
    made = pages(site)
    incident, postmortem = made["incidents/2026-02-22-portal/"], made["postmortems/2026-02-22-portal/"]
    assert incident.xpath("//dl//a[@href='/postmortems/2026-02-22-portal/']")
    assert postmortem.xpath("//dl//a[@href='/incidents/2026-02-22-portal/']")
    assert made[""].xpath("//nav[@class='menu']//a[@href='/postmortems/']")
    assert [h.text_content() for h in postmortem.iter("h3")] == ["In short"]
    target = made["postmortems/2026-02-22-memory/"].xpath("//meta[@http-equiv='refresh']/@content")
    assert target == ["0; url=/postmortems/2026-02-22-portal/"]


def test_a_draft_is_nowhere(site: Path) -> None:
    build(site, now=NOW)
    output = site / "output" / "public"
    for path in output.rglob("*"):
        assert not {"draft", "drafted", "once-secret"} & set(path.parts)
        assert not path.is_file() or b"secret draft" not in path.read_bytes()


def test_a_site_without_postmortems_has_no_library(tmp_path: Path) -> None:
    site = small_site(tmp_path, **{"content/postmortems/draft.md": DRAFT})
    made = pages(site)
    assert not [path for path in made if "postmortems" in path]
    assert not made[""].xpath("//nav[@class='menu']//a[contains(@href, 'postmortems')]")


def test_pages_of_the_library_are_in_the_sitemap(site: Path) -> None:
    build(site, now=NOW)
    sitemap = (site / "output/public/sitemap.xml").read_text(encoding="utf-8")
    for path in ("", "2026-02-22-portal/", "actions/", "tags/memory/"):
        assert f"<loc>https://status.acme.example/postmortems/{path}</loc>" in sitemap
        assert f"<loc>https://status.acme.example/fr/postmortems/{path}</loc>" in sitemap
    assert "draft" not in sitemap
    assert "2026-02-22-memory" not in sitemap


# --- what is owed, and when a translation is out of date


@pytest.mark.parametrize(("hour", "warned"), [("2026-02-24T03:43", False), ("2026-02-24T03:44", True)])
def test_a_postmortem_is_owed_after_two_days(tmp_path: Path, hour: str, *, warned: bool) -> None:
    site = small_site(tmp_path, **{"content/incidents/2026-02-22-portal.md": ENDED})
    _, warnings = load_site(site, now=datetime.fromisoformat(hour).replace(tzinfo=UTC))
    assert [one.code for one in warnings] == (["R145"] if warned else [])


def test_an_incident_that_was_opened_again_owes_nothing_yet(tmp_path: Path) -> None:
    again = ENDED + "\n## investigating 2026-02-22 05:00 UTC\n\nAgain.\n"
    site = small_site(tmp_path, **{"content/incidents/2026-02-22-portal.md": again})
    assert load_site(site, now=NOW)[1] == ()


def gaps(root: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    """Return kind and text of what the library lacks in French."""
    cli.run(["-C", str(root), "translations", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["missing"]
    return [(one["kind"], one["text"]) for one in found if one["path"].startswith("content/postmortems/")]


def test_what_of_the_library_is_not_translated_is_listed(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gaps(site, capsys) == [
        ("section", "the text before the first section"), ("section", "Next steps"),
        ("action", "Watch it"), ("action", "Explain it"), ("postmortem", "The secret draft"),
        ("postmortem", "From elsewhere"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "changed", "stale"),
    [
        ("2026-02-25", None, False),
        ("2026-02-23", None, True),  # before the day of publication
        ("2026-02-25", "2026-02-26", True),
        ("2026-02-26", "2026-02-26", False),
        ("", None, False),
        ("", "2026-02-26", True),
    ],
)
def test_a_translation_is_stale_when_the_original_changed_after_it(
    site: Path, capsys: pytest.CaptureFixture[str], said: str, changed: str | None, *, stale: bool
) -> None:
    line = f"translated: {said}\n" if said else ""
    write_files(site, {FRENCH: TRANSLATION.replace("translated: 2026-02-25\n", line)})
    commit(repository(site), at="2026-02-24T12:00:00Z")
    if changed:
        write_files(site, {PATH: POSTMORTEM.replace("It was down.", "It was down for 52 minutes.")})
        commit(site, at=f"{changed}T12:00:00Z")
    assert (("revision", "A release that kept what it had read") in gaps(site, capsys)) is stale


def test_a_change_that_is_not_committed_counts_as_of_now(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(repository(site), at="2026-02-24T12:00:00Z")
    write_files(site, {PATH: POSTMORTEM.replace("It was down.", "It was down for 52 minutes.")})
    assert ("revision", "A release that kept what it had read") in gaps(site, capsys)
