"""The search: what lies in which volume, an index that is the same each time, and what a reader finds in a browser."""

from __future__ import annotations

import gc
import gzip
import json
import re
import subprocess
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

from generator.build import build
from generator.preview import Preview
from generator.render.i18n import load_languages
from generator.resources import locales_dir
from generator.search import files, program
from generator.search.documents import apart
from generator.search.program import Document, NoIndex, indexed
from generator.view.volumes import volumes
from tests.cases import COMPONENTS, small_site, write_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

HOST = "https://status.acme.example"
NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
SITE = f"""\
name: Acme
url: {HOST}/repo
languages: [en, ja, ar]
time_zone: UTC
"""
CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
EXPIRED = "content/incidents/2024-05-01-certificate"
OPEN = "content/incidents/2026-02-22-portal.md"


def incident(day: str, title: str, text: str, *, ended: bool = True, **more: str) -> str:
    front = {"title": title, "severity": "sev1", "components": "[portal]", **more}
    head = "".join(f"{name}: {value}\n" for name, value in front.items())
    end = f"\n## resolved {day} 03:00 UTC\n\nThis is over.\n" if ended else ""
    return f"---\n{head}---\n\n## investigating {day} 02:00 UTC\n\n{text}\n{end}"


def translation(day: str, title: str, text: str) -> str:
    return f"---\ntitle: {title}\n---\n\n## investigating {day} 02:00 UTC\n\n{text}\n"


FILES = {
    "content/site.yml": SITE,
    "content/components.yml": COMPONENTS.replace("fr:", "ja:"),
    **{f"locales/{code}/LC_MESSAGES/messages.po": CATALOGUE for code in ("ja", "ar")},
    "content/pages/about.md": "---\ntitle: About certificates\n---\n\nWe tell how certificates work.\n",
    f"{EXPIRED}.md": incident("2024-05-01", "Old and expired", "Refused the certificate, `a < b` & all.", tags="[tls]"),
    f"{EXPIRED}.ja.md": translation("2024-05-01", "証明書の期限切れ", "東京のサーバーで接続障害が発生しました。"),
    f"{EXPIRED}.ar.md": translation("2024-05-01", "انتهت صلاحية الشهادة", "رفضت المتصفحات الاتصال بسبب الشهادة."),
    "content/incidents/2025-05-01-disk.md": incident(
        "2025-05-01", "The disk was full", "No space was left.", severity="sev2", components="[login]"
    ),
    "content/incidents/2026-02-01-memory.md": incident("2026-02-01", "Memory ran out", "After the deploy."),
    OPEN: incident("2026-02-22", "Login is slow", "We look at the certificates.", ended=False),
}


def written(root: Path, *, now: datetime = NOW, name: str = "out", jobs: int = 1) -> dict[str, bytes]:
    build(root, now=now, out=root / name, jobs=jobs)
    found = {
        file.relative_to(root / name).as_posix(): file.read_bytes()
        for file in (root / name).rglob("*")
        if file.is_file()
    }
    return {path: data for path, data in found.items() if "search/" in path}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a site in three languages, built below a path."""
    root = small_site(tmp_path_factory.mktemp("searched"), **FILES)
    written(root)
    return root


def fragments(folder: Path) -> list[dict[str, object]]:
    """Return what an index knows of each page."""
    found = (gzip.decompress(file.read_bytes()) for file in sorted(folder.glob("fragment/*")))
    return [json.loads(data.removeprefix(b"pagefind_dcd")) for data in found]


# What lies where


def test_records_at_rest_are_in_volumes_and_all_others_in_the_document(site: Path) -> None:
    recent = json.loads((site / "out/search/recent.json").read_bytes())
    assert recent["volumes"] == ["2026/", "2024-2025/", "pages/"]
    assert [one["url"] for one in recent["records"]] == ["incidents/2026-02-22-portal/"]
    assert {one["url"] for one in fragments(site / "out/search/2024-2025")} == {
        "/incidents/2024-05-01-certificate/",
        "/incidents/2025-05-01-disk/",
    }
    assert [one["meta"] for one in fragments(site / "out/search/pages")] == [
        {"title": "About certificates", "line": "Page"}
    ]


def test_a_record_rests_when_nothing_was_told_of_it_since_the_day_before_yesterday(tmp_path: Path) -> None:
    root = small_site(tmp_path, **FILES)
    write_files(root, {OPEN: incident("2026-02-22", "Slow", "We look.")})
    for days, told in ((1, True), (2, False)):
        written(root, now=NOW + timedelta(days=days))
        records = json.loads((root / "out/search/recent.json").read_bytes())["records"]
        assert bool(records) is told, days


def test_a_draft_is_not_found(tmp_path: Path) -> None:
    secret = incident("2025-01-01", "Kept to ourselves", "A word nobody reads.", draft="true")
    root = small_site(tmp_path, **FILES, **{"content/incidents/2025-01-01-secret.md": secret})
    plain = [gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data for data in written(root).values()]
    assert not [data for data in plain if b"Kept to" in data or b"2025-01-01-secret" in data]


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((), []),
        ((2026, 2026), ["2026:2"]),
        ((2026, 2025, 2024, 2024), ["2026:1", "2024-2025:3"]),
        ((2026, 2025, 2025, 2024, 2024, 2023, 2023), ["2026:1", "2025:2", "2023-2024:4"]),
        ((2025, 2024, 2023, 2022, 2021), ["2025:1", "2021-2024:4"]),
        ((2024, 2024, 2024, 2024, 2024, 2023), ["2024-part-1:5", "2023:1"]),
    ],
)
def test_years_share_a_volume_while_they_fit(years: tuple[int, ...], expected: list[str]) -> None:
    found = volumes(begun(*years), identity, present=2026, most=4)
    assert [f"{name}:{len(ones)}" for name, ones in found] == expected


def test_a_year_that_is_too_large_has_a_volume_for_some_months() -> None:
    months = (9, 9, 8, 6, 6, 6, 6, 6, 3, 2, 2)
    days = [*begun(2026), *(day for month in months for day in begun(2025, month=month)), *begun(2024, 2024)]
    found = dict(volumes(days, identity, present=2026, most=4))
    assert [(name, [one.month for one in ones]) for name, ones in found.items()] == [
        ("2026", [1]),
        ("2025-part-3", [9, 9, 8]),
        ("2025-part-2", [6, 6, 6, 6, 6]),
        ("2025-part-1", [3, 2, 2]),
        ("2024", [1, 1]),
    ]
    # What comes later leaves the parts before it as they are.
    later = dict(volumes([*begun(2025, month=12), *begun(2025, month=10), *days[1:]], identity, present=2025, most=4))
    assert [name for name, ones in later.items() if found.get(name) != ones] == ["2025-part-4", "2025-part-3"]


def begun(*years: int, month: int = 1) -> list[date]:
    return [date(year, month, 1) for year in years]


def identity(day: date) -> date:
    return day


# What it costs


def count_indexing(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return a list that gains the addresses of each index that is made."""
    made: list[list[str]] = []

    def counted(documents: Iterator[Document]) -> dict[str, bytes]:
        known = list(documents)
        made.append([one.url for one in known])
        return indexed(known)

    monkeypatch.setattr(files, "indexed", counted)
    return made


def test_an_update_has_nothing_indexed_and_an_amendment_its_own_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small_site(tmp_path, **FILES)
    written(root)
    made = count_indexing(monkeypatch)
    update = "\n## identified 2026-02-22 04:00 UTC\n\nIt is the gateway.\n"
    write_files(root, {OPEN: FILES[OPEN] + update})
    assert b"It is the gateway" in written(root)["search/recent.json"]
    assert made == []
    write_files(root, {f"{EXPIRED}.ja.md": FILES[f"{EXPIRED}.ja.md"].replace("東京", "大阪")})
    incremental = written(root)
    assert made == [["/incidents/2025-05-01-disk/", "/incidents/2024-05-01-certificate/"]]
    (root / ".statique/memo.sqlite3").unlink()
    assert written(root, name="clean") == incremental
    assert len(made) == 10


@pytest.mark.usefixtures("forks")
def test_volumes_are_the_same_whoever_makes_them(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = count_indexing(monkeypatch)
    by_workers = written(small_site(tmp_path, **FILES), jobs=2)
    assert made == [], "all were made by workers"
    assert by_workers == written(site)


def test_the_files_of_a_language_are_let_go_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[weakref.ref[object]] = []
    begin = files._Indexer.__init__

    def begun(indexer: files._Indexer, *arguments: Any, **named: Any) -> None:
        begin(indexer, *arguments, **named)
        # Of each language there is no more than one when the next one's begins, though nobody collects garbage.
        assert sum(one() is not None for one in held) <= 1
        held.append(weakref.ref(indexer))

    monkeypatch.setattr(files._Indexer, "__init__", begun)
    root = small_site(tmp_path, **FILES)
    gc.disable()
    try:
        written(root)
        assert [one() for one in held] == [None] * len(held)
    finally:
        gc.enable()
    assert len(held) > 1


def test_an_output_that_was_lost_is_remembered(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = count_indexing(monkeypatch)
    assert written(site, name="again") == written(site)
    assert made == []


def test_the_preview_shows_the_same(site: Path) -> None:
    with Preview(site) as preview:
        edition = preview.look(now=NOW)
        expected = written(site)
        assert {path: edition.file(path) for path in expected} == expected
        assert edition.file("search/nothing") is None


def test_a_site_may_have_no_search(tmp_path: Path) -> None:
    root = small_site(tmp_path, **{**FILES, "content/site.yml": f"{SITE}search: false\n"})
    assert written(root) == {}
    assert "search.js" not in (root / "out/index.html").read_text(encoding="utf-8")


def test_a_large_index_has_the_memory_to_itself_until_its_program_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    end = subprocess.Popen.communicate

    @contextmanager
    def alone() -> Iterator[None]:
        told.append("alone")
        yield
        told.append("with others")

    def ended(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
        told.append("ended")
        return end(process)

    monkeypatch.setattr(program, "alone", alone)
    monkeypatch.setattr(program, "LARGE", 3)
    monkeypatch.setattr(subprocess.Popen, "communicate", ended)
    pages = [Document(f"/{number}/", f"<html lang=en><body>Page {number}</body></html>") for number in range(3)]
    assert indexed(pages[:2])
    assert told == ["ended"]
    assert indexed(pages)
    assert told == ["ended", "alone", "ended", "with others"]


# When the program is missing or fails


def missing() -> Path:
    raise NoIndex("Pagefind is not installed on this system")


def not_there() -> Path:
    return Path(__file__).parent / "nothing" / "pagefind"


@pytest.mark.usefixtures("forks")
@pytest.mark.parametrize(
    ("where", "says"), [(missing, "not installed on this system"), (not_there, "made no search index")]
)
def test_without_the_program_the_site_is_whole_but_for_its_index(
    where: Callable[[], Path], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_program", where)
    root = small_site(tmp_path, **FILES)
    report = build(root, now=NOW, out=root / "out")
    [warning] = report.published.warnings
    assert says in warning
    assert "readers can search what is recent" in warning
    assert json.loads((root / "out/search/recent.json").read_bytes())["volumes"] == []
    later = build(root, now=NOW + timedelta(days=1), out=root / "out", jobs=2)
    assert later.published.written
    assert later.published.warnings == report.published.warnings
    monkeypatch.undo()
    assert build(root, now=NOW, out=root / "out").published.warnings == ()
    assert json.loads((root / "out/search/recent.json").read_bytes())["volumes"] != []


def test_an_index_of_another_form_is_no_traceback() -> None:
    with pytest.raises(NoIndex, match="unknown form"):
        files._checked({"pagefind-entry.json": b"{}"})


def test_an_index_does_not_depend_on_chance() -> None:
    pages = [
        Document(f"/{n}/", f'<html lang="en"><meta data-pagefind-filter="n[content]" content="{n % 9}"><p>Word {n}')
        for n in range(60)
    ]
    made = [files._checked(indexed(pages)) for _ in range(3)]
    assert made[0] == made[1] == made[2]


# What a reader finds


def test_signs_of_scripts_without_spaces_stand_apart() -> None:
    assert " ".join(apart("サーバーv2の障害").split()) == "サ ー バ ー v2 の 障 害"
    assert apart("Plain words, und Wörter: שלום كلمة 말") == "Plain words, und Wörter: שלום كلمة 말"


@pytest.fixture
def context(chromium: Browser, site: Path) -> Iterator[BrowserContext]:
    made = chromium.new_context()
    made.route("**/*", lambda route: answer(route, site / "out"))
    yield made
    made.close()


def answer(route: Route, out: Path) -> None:
    url = urlsplit(route.request.url)
    path = url.path.removeprefix("/repo/")
    file = out / (f"{path}index.html" if path == "" or path.endswith("/") else path)
    if route.request.url.startswith(f"{HOST}/repo/") and file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404, body="")


class Visit:
    """A search page in a browser, with all that the console said and all that was asked for."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        context.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(f"{HOST}/repo/{address}")

    def titles(self, number: int) -> list[str]:
        """Wait until so many results are told of, and return their titles."""
        from playwright.sync_api import expect

        code = self.page.locator("html").get_attribute("lang") or ""
        say = load_languages([code], zone="UTC", dirs=[locales_dir()])[code].gettext
        found = say("Results: %(number)s") % {"number": number}
        words = found if number else say("Nothing was found. Try fewer or other words.")
        expect(self.page.get_by_role("main").get_by_role("status")).to_have_text(words)
        return self.page.locator(".results .title").all_inner_texts()


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        ("search/?q=certificate", ["Login is slow", "About certificates", "Old and expired"]),
        ("search/?q=certificates&kind=page", ["About certificates"]),
        ("search/?q=certificate&year=2024", ["Old and expired"]),
        ("search/?q=certificate&tag=tls", ["Old and expired"]),
        ("search/?component=login", ["The disk was full"]),
        ("search/?severity=sev2", ["The disk was full"]),
        ("search/?year=2026", ["Login is slow", "Memory ran out"]),
        ("search/?kind=incident", ["Login is slow", "Memory ran out", "The disk was full", "Old and expired"]),
        ('search/?q="was full"', ["The disk was full"]),
        ("search/?q=gateway", []),
        ("ja/search/?q=障害", ["証明書の期限切れ"]),
        ("ja/search/?q=害障", []),
        ("ja/search/?q=サーバー 障害", ["証明書の期限切れ"]),
        ("ja/search/?q=full", ["The disk was full"]),
        ("ar/search/?q=شهادة", ["انتهت صلاحية الشهادة"]),
    ],
)
def test_a_link_to_a_search_finds_it(address: str, titles: list[str], context: BrowserContext) -> None:
    visit = Visit(context, quote(address, safe="/?=&"))
    assert sorted(visit.titles(len(titles))) == sorted(titles)
    assert visit.said == []
    assert not [url for url in visit.asked if not url.startswith(f"{HOST}/repo/")]


def test_excerpts_are_text_with_marks(context: BrowserContext) -> None:
    visit = Visit(context, "search/?q=refused")
    visit.titles(1)
    excerpt = visit.page.locator(".excerpt")
    assert "Refused the certificate, a < b & all." in excerpt.inner_text()
    assert excerpt.locator("mark").all_inner_texts() == ["Refused"]
    japanese = Visit(context, quote("ja/search/?q=障害", safe="/?="))
    japanese.titles(1)
    assert "東京のサーバーで接続障害が発生しました。" in japanese.page.locator(".excerpt").inner_text()


def test_a_title_in_another_language_says_so(context: BrowserContext) -> None:
    visit = Visit(context, "ja/search/?q=full")
    visit.titles(1)
    assert visit.page.locator(".results a").get_attribute("lang") == "en"


def test_nothing_is_loaded_before_the_field_is_used_and_all_works_by_keyboard(context: BrowserContext) -> None:
    visit = Visit(context, "search/")
    assert not [url for url in visit.asked if "recent.json" in url or "pagefind" in url]
    field = visit.page.get_by_role("searchbox")
    field.focus()
    visit.page.keyboard.type("certificate")
    visit.page.keyboard.press("Enter")
    titles = visit.titles(3)
    assert visit.page.url == f"{HOST}/repo/search/?q=certificate"
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("ArrowDown")
    assert visit.page.evaluate("document.activeElement.textContent") == titles[1]
    visit.page.keyboard.press("ArrowUp")
    visit.page.keyboard.press("ArrowUp")
    assert field.evaluate("field => field === document.activeElement")
    visit.page.get_by_label("Kind").select_option("page")
    assert visit.titles(1) == ["About certificates"]
    visit.page.get_by_role("link", name="About certificates").last.click()
    assert visit.page.url == f"{HOST}/repo/about/"
    assert visit.said == []


def test_without_its_index_the_page_says_what_it_searched(context: BrowserContext) -> None:
    context.route("**/pagefind*", lambda route: route.abort())
    visit = Visit(context, "search/?q=certificate")
    from playwright.sync_api import expect

    expect(visit.page.get_by_role("main").get_by_role("status")).to_have_text(
        re.compile("Results: 1 Only the latest records")
    )


def test_without_javascript_there_is_no_dead_control(chromium: Browser, site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.route("**/*", lambda route: answer(route, site / "out"))
    page = context.new_page()
    page.goto(f"{HOST}/repo/search/")
    assert not page.get_by_role("searchbox").is_visible()
    assert page.get_by_text("Searching needs JavaScript").is_visible()
    assert page.get_by_role("link", name="Incident history").is_visible()
    context.close()


LESSONS = {
    "certificate": ("The certificate that expired", "Nobody renewed it, since the reminder went to a closed mailbox."),
    "routes": (
        "A route leaked through BGP",
        "A neighbour announced our addresses, and half of the traffic went there.",
    ),
    "locks": ("The lock service lost its leader", "Two members could not agree, and every lock service client waited."),
    "queue": ("A queue that nobody emptied", "Its consumers were switched off a week before."),
    "store": (
        "Nodes that left the store",
        "Power failed in one room. The lock service de-registered the nodes, and their handshakes took too long.",
    ),
    "rows": (
        "A service that waited for a lock on a service",
        "Each lock of that service held one more, and service after service took a lock that none gave back. " * 9,
    ),
}


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("certificate expired", "certificate"),
        ("BGP", "routes"),
        ("handshakes took", "store"),
        ("closed mailbox", "certificate"),
    ],
)
def test_postmortems_are_found_by_all_of_their_words(words: str, id: str, chromium: Browser, lessons: Path) -> None:
    context = chromium.new_context()
    context.route("**/*", lambda route: answer(route, lessons / "out"))
    visit = Visit(context, f"search/?kind=postmortem&q={quote(words)}")
    visit.page.locator(".results .title").first.wait_for()
    assert visit.page.locator(".results .title").first.inner_text() == LESSONS[id][0]
    assert visit.said == []
    context.close()


def test_words_as_they_were_written_go_before_the_same_words_apart_and_first_those_of_a_title(
    chromium: Browser, lessons: Path
) -> None:
    context = chromium.new_context()
    context.route("**/*", lambda route: answer(route, lessons / "out"))
    visit = Visit(context, "search/?kind=postmortem&q=lock+service")
    assert visit.titles(3) == [LESSONS[id][0] for id in ("locks", "store", "rows")]
    context.close()


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a site with postmortems alone."""
    files = {
        f"content/postmortems/{id}.md": f"---\ntitle: {title}\npublished: 2025-01-01\n---\n\n## Root cause\n\n{text}\n"
        for id, (title, text) in LESSONS.items()
    }
    root = small_site(tmp_path_factory.mktemp("lessons"), **FILES, **files)
    written(root)
    return root
