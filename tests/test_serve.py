"""The preview's server, asked over real HTTP: it answers as GitHub Pages would, and tells open pages the news."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pytest

from generator import cli
from generator.errors import Problem
from generator.live.inject import allowing, injected
from generator.live.serve import Server, server
from generator.live.session import Session
from generator.preview import Preview
from tests.cases import INCIDENT, SITE, small_site, write_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
PATH = "content/incidents/2026-02-22-portal.md"
PAGE = "/incidents/2026-02-22-portal/"
BROKEN = INCIDENT.replace("[portal]", "[portl]")


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Live:
    """A site, its session and its server."""

    def __init__(self, site: Path, session: Session, running: Server) -> None:
        self.site, self.session, self.port = site, session, running.server_port

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        with self.asked(path, method, **headers) as response:
            told = {
                name: value for name, value in response.headers.items() if name != "Date"
            }  # which the clock decides
            return Reply(response.status, told, response.read())

    @contextmanager
    def asked(self, path: str, method: str = "GET", **headers: str) -> Iterator[HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        with connection.getresponse() as response:
            yield response
        connection.close()

    def save(self, **files: str) -> None:
        """Save files, and have the session look at them as it does when the watch tells of them."""
        write_files(self.site, files)
        self.session.look(files)
        self.session.settle()

    def tag(self, path: str) -> str:
        found = re.search(rb'data-tag="(\w+)"', self.ask(path).body)
        assert found
        return found[1].decode()


@contextmanager
def serving(site: Path) -> Iterator[Live]:
    with Preview(site) as preview:
        session = Session(preview, lambda: NOW)
        session.look()
        with server(session, port=0) as running:
            thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield Live(site, session, running)
            finally:
                session.close()
                running.shutdown()
                thread.join()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """Serve a site at a host's root."""
    with serving(small_site(tmp_path)) as found:
        yield found


@pytest.fixture
def below(tmp_path: Path) -> Iterator[Live]:
    """Serve a site below a path."""
    url = "https://acme.github.io/status"
    with serving(
        small_site(tmp_path, **{"content/site.yml": SITE.replace("https://status.acme.example", url)})
    ) as found:
        yield found


# --- as GitHub Pages would


def test_pages_and_documents(live: Live) -> None:
    home = live.ask("/")
    assert (home.status, home.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"The portal is down" in live.ask(PAGE).body
    assert live.ask("/feed.json").headers["Content-Type"] == "application/feed+json"
    assert live.ask("/fr/").status == live.ask("/sitemap.xml").status == live.ask("/404").status == 200


def test_a_folder_is_reached_with_its_slash(live: Live) -> None:
    reply = live.ask(PAGE.removesuffix("/"))
    assert (reply.status, reply.headers["Location"]) == (301, PAGE)


def test_no_redirect_leads_to_another_host(live: Live) -> None:
    assert live.ask("//evil.example/..").status == 404
    assert live.ask("//incidents").status == 404


@pytest.mark.parametrize("path", ["/none", "/none/", "/fr/none", f"{PAGE}none.html"])
def test_what_is_missing_gets_the_page_for_it(live: Live, path: str) -> None:
    reply = live.ask(path)
    assert reply.status == 404
    assert b"data-tag" in reply.body
    assert b"<nav" in reply.body


@pytest.mark.parametrize(
    "path",
    [
        "/../content/site.yml", "/%2e%2e/content/site.yml", "/..%2fcontent/site.yml", "/.statique/memo.sqlite3",
        "/%2e%2e%5ccontent%5csite.yml", "/\\..\\content", "/.git/config", "/assets/../../content/site.yml", "/%00",
        "/.statique/../live.js", "//etc/passwd", "/.statique/", "/content/site.yml",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_site(live: Live, path: str) -> None:
    assert live.ask(path).status == 404


def test_below_a_path(below: Live) -> None:
    assert below.ask("/status/").status == 200
    for path in ("/", "/status"):
        reply = below.ask(path)
        assert (reply.status, reply.headers["Location"]) == (301, "/status/")
    assert below.ask(PAGE).status == below.ask("/statuses/").status == 404
    assert below.ask(f"/status{PAGE}").status == 200
    style = re.search(rb'href="(/status/assets/[^"]+css)"', below.ask("/status/").body)
    assert style
    assert below.ask(style[1].decode()).headers["Content-Type"] == "text/css; charset=utf-8"


def test_an_unchanged_page_is_not_sent_again(live: Live) -> None:
    tag = live.ask(PAGE).headers["ETag"]
    again = live.ask(PAGE, If_None_Match=f'"other", {tag}')
    assert (again.status, again.body) == (304, b"")
    live.save(**{PATH: INCIDENT.replace("looking", "still looking")})
    changed = live.ask(PAGE, If_None_Match=tag)
    assert changed.status == 200
    assert changed.headers["ETag"] != tag


def test_a_head_is_a_get_without_the_body(live: Live) -> None:
    for path in ("/", "/none", PAGE.removesuffix("/"), "/feed.json"):
        head, get = live.ask(path, "HEAD"), live.ask(path)
        assert (head.status, head.body) == (get.status, b"")
        same = ("Content-Length", "Content-Type", "ETag", "Location")
        assert [head.headers.get(name) for name in same] == [get.headers.get(name) for name in same]


# --- who may read


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[", "10.0.0.1"])
def test_only_names_of_this_machine_are_answered(live: Live, host: str) -> None:
    reply = live.ask(PAGE, Host=host)
    assert reply.status == 403
    assert b"portal" not in reply.body
    assert live.ask("/.statique/events", Host=host).status == 403


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "LOCALHOST", "[::1]:80"])
def test_names_of_this_machine(live: Live, host: str) -> None:
    assert live.ask(PAGE, Host=host).status == 200


def test_other_sites_may_not_read_what_is_not_published_yet(live: Live) -> None:
    assert "Access-Control-Allow-Origin" not in live.ask("/feed.json", Origin="https://evil.example").headers
    own = live.ask("/feed.json", Origin="http://localhost:3000")
    assert own.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


# --- news


def events(response: HTTPResponse) -> Iterator[tuple[str, str]]:
    """Yield name and data of each event of a stream, until it ends."""
    name = ""
    while line := response.readline().decode():
        key, _, value = line.strip().partition(": ")
        if key == "event":
            name = value
        elif key == "data":
            yield name, value


@contextmanager
def listening(live: Live, page: str = PAGE, tag: str = "") -> Iterator[Iterator[tuple[str, str]]]:
    with live.asked(f"/.statique/events?page={quote(page, safe='')}&tag={tag or live.tag(page)}") as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        yield events(response)


def test_a_save_reloads_the_pages_that_it_changes(live: Live) -> None:
    with listening(live) as page, listening(live, "/severity/") as other:
        assert [next(page)[0], next(other)[0]] == ["mended", "mended"]
        live.save(**{PATH: INCIDENT.replace("looking", "still looking")})
        assert [next(page)[0], next(other)[0]] == ["reload", "mended"]
    assert b"still looking" in live.ask(PAGE).body


def test_a_page_that_missed_the_news_reloads_at_once(live: Live) -> None:
    with listening(live, tag="0" * 24) as page:
        assert next(page)[0] == "reload"


@pytest.mark.parametrize(
    "page",
    ["/.nojekyll", "/none", "/%69ncidents/2026-02-22-portal/", "/%2enojekyll", "//fr/", "/caf%C3%A9/", "/a%3Fb%23"],
)
def test_a_page_is_told_of_the_address_that_it_was_answered_at(live: Live, page: str) -> None:
    with listening(live, page) as told:
        assert next(told)[0] == "mended"


def test_a_broken_file_is_shown_while_the_last_good_site_stays(live: Live) -> None:
    before = live.ask(PAGE)
    with listening(live) as page:
        next(page)
        live.save(**{PATH: BROKEN})
        name, data = next(page)
        assert name == "problems"
        assert json.loads(data) == [
            {
                "place": f"{PATH}:4:14", "code": "S104", "message": 'unknown component "portl"',
                "hint": 'did you mean "portal"?',
            }
        ]  # fmt: skip
        assert live.ask(PAGE) == before
        live.save(**{PATH: INCIDENT})
        assert next(page)[0] == "mended"


def test_a_fault_of_the_theme_keeps_the_last_good_site_too(live: Live) -> None:
    with listening(live) as page:
        next(page)
        live.save(
            **{"themes/default/templates/incident.html": "{% extends 'default/incident.html' %}\n{{ nothing }}\n{% if"}
        )
        name, data = next(page)
        assert name == "problems"
        (fault,) = json.loads(data)
        assert "incident.html:3" in fault["message"]
        assert b"The portal is down" in live.ask(PAGE).body


def test_a_site_that_never_was_right_says_so_and_comes_when_it_is(tmp_path: Path) -> None:
    with serving(small_site(tmp_path, **{PATH: BROKEN})) as live:
        empty = live.ask("/")
        assert empty.status == 503
        with listening(live, "/") as page:
            assert next(page)[0] == "problems"
            live.save(**{PATH: INCIDENT})
            assert next(page)[0] == "reload"


def test_streams_end_with_the_session(live: Live) -> None:
    with listening(live) as page:
        next(page)
        live.session.close()
        assert list(page) == []


def test_a_warning_is_no_problem(live: Live) -> None:
    with listening(live) as page:
        next(page)
        live.save(**{PATH: INCIDENT.replace("[portal]", "[]")})
        assert next(page)[0] == "reload"


# --- what pages get


def test_only_pages_get_our_script_and_no_output_does(live: Live, tmp_path: Path) -> None:
    assert b"/.statique/live.js" in live.ask("/").body
    assert live.ask("/.statique/live.js").status == live.ask("/.statique/live.css").status == 200
    for path in ("/feed.json", "/atom.xml", "/badge.svg", "/embed.js"):
        assert b".statique" not in live.ask(path).body
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("default-src 'none'", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"),
        ("script-src 'none'; img-src *", "script-src 'self'; img-src *"),
        ("default-src https:; script-src 'self'",
         "default-src https:; script-src 'self'; style-src https: 'self'; connect-src https: 'self'"),
        ("default-src 'self'", "default-src 'self'"),
        ("img-src *", "img-src *"),
        ("script-src a; script-src 'self'", "script-src a 'self'"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_policy_allows_us_and_nothing_else(policy: str, expected: str) -> None:
    rules = {rule for rule in expected.split("; ") if rule}
    assert {rule for rule in allowing(policy).split("; ") if rule} == rules


def test_a_policy_is_found_however_it_is_written() -> None:
    page = b"<head><META content='default-src &#39;none&#39;' HTTP-EQUIV=Content-Security-Policy></HEAD><body>x"
    found = injected(page, "t")
    assert b"script-src &#x27;self&#x27;" in found
    assert found.index(b"live.js") < found.index(b"</HEAD>")


def test_a_page_without_a_head_gets_the_script_at_its_end() -> None:
    assert injected(b"<p>x", "t").startswith(b"<p>x<link")


def test_a_taken_port_is_passed_over(live: Live) -> None:
    with server(live.session, port=live.port) as second:
        assert live.port < second.server_port <= live.port + 20


# --- the command


def test_the_command_ends_with_the_status_of_an_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []
    looked: list[Collection[str] | None] = []
    look = Session.look

    def looking(self: Session, changed: Collection[str] | None = None) -> tuple[Problem, ...]:
        looked.append(changed)
        return look(self, changed)

    monkeypatch.setattr(Session, "look", looking)

    def interrupted(changes: object, clock: object) -> Iterator[tuple[str, ...]]:
        write_files(tmp_path, {PATH: BROKEN})
        yield (PATH,)
        yield ()
        write_files(tmp_path, {PATH: INCIDENT})
        yield (PATH, "content/site.yml")
        asked.append(1)
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.live.watch.bursts", interrupted)
    assert cli.run(["-C", str(small_site(tmp_path)), "serve", "--now", "2026-02-22T04:30Z", "--port", "18400"]) == 130
    out, err = capsys.readouterr()
    address, broken, mended = out.splitlines()
    assert re.fullmatch(r"http://127\.0\.0\.1:184\d\d/  \(Ctrl-C ends\)", address)
    assert re.fullmatch(rf"\d\d:\d\d:\d\d  {PATH}: 1 problem, the last good site stays, in \d+ ms", broken)
    assert re.fullmatch(rf"\d\d:\d\d:\d\d  {PATH} and 1 more: shown, in \d+ ms", mended)
    assert err == f'{PATH}:4:14: S104 unknown component "portl"; did you mean "portal"?\n\nstopped\n'
    assert asked == [1]
    # Where a minute passed without a word, what the watch may have missed is seen.
    assert looked == [None, (PATH,), None, (PATH, "content/site.yml")]


# --- in a browser


def test_a_save_reloads_the_browser_and_a_problem_is_laid_over_the_page(live: Live, chromium: Browser) -> None:
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with page.expect_request("**/.statique/events**"):
        page.goto(f"http://127.0.0.1:{live.port}{PAGE}")
    live.save(**{PATH: INCIDENT.replace("looking", "still looking")})
    page.get_by_text("We are still looking.").first.wait_for()
    live.save(**{PATH: BROKEN.replace("looking", "still looking")})
    panel = page.locator("#statique-live")
    panel.wait_for()
    assert f"{PATH}:4:14" in panel.inner_text()
    assert 'unknown component "portl"' in panel.inner_text()
    assert panel.evaluate("element => getComputedStyle(element).position") == "fixed"
    assert page.get_by_text("We are still looking.").first.is_visible()
    live.save(**{PATH: INCIDENT.replace("looking", "still looking")})
    panel.wait_for(state="detached")
    page.close()
    assert [text for text in said if "Content Security Policy" in text] == []
