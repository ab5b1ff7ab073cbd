"""What a program does that asks "what has changed since?": the code that docs/api.md shows, against a server."""

from __future__ import annotations

import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from generator.live.serve import server
from generator.live.session import Session
from generator.preview import Preview
from tests.cases import INCIDENT, SITE, small_site, write_files

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 2, 22, 4, 30, tzinfo=UTC)
PORTAL = "content/incidents/2026-02-22-portal.md"
OLD = "content/incidents/2025-06-01-old.md"
RESOLVED = "\n## resolved 2026-02-22 03:43 UTC\n\nAll is well.\n"

Changed = Callable[..., tuple[dict[str, Any], str]]


def resolved(day: str, amended: str = "") -> str:
    """Return an incident of one day; its last update may be amended later."""
    field = f"amended: {amended}\n" if amended else ""
    text = INCIDENT.replace("2026-02-22 02:51", f"{day} 12:00")
    return f"{text}\n## resolved {day} 13:00 UTC\n{field}\nAll is well.\n"


class Live:
    """A site that is served: where, and at what time."""

    def __init__(self, root: Path) -> None:
        self.root, self.now = root, NOW
        self.session = Session(Preview(root), lambda: self.now)
        self.server = server(self.session, port=0)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/status"

    def publish(self, **files: str) -> None:
        """Serve the site with some files written anew."""
        write_files(self.root, files)
        assert self.session.look() == ()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """Give a site with an open incident and old ones, at a path of a local server."""
    days = ("2025-06-01", "2025-12-20", "2026-01-30")
    found = Live(small_site(tmp_path, **{f"content/incidents/{day}-old.md": resolved(day) for day in days}))
    found.publish(**{"content/site.yml": SITE.replace("https://status.acme.example", found.url)})
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    found.session.close()
    found.server.shutdown()
    found.server.server_close()
    thread.join()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int]]:
    """Give a list that fills with each request: path, status, and bytes of the body."""
    log: list[tuple[str, int, int]] = []
    really = urllib.request.urlopen

    def opened(request: urllib.request.Request, timeout: float) -> Any:
        try:
            answer = really(request, timeout=timeout)
        except HTTPError as error:
            log.append((request.selector, error.code, len(error.read())))
            raise
        log.append((request.selector, answer.status, int(answer.headers["Content-Length"])))
        return answer

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    return log


@pytest.fixture
def changed() -> Changed:
    """Give the function of the document, from its own lines."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    functions, _, usage = code.partition("\n\n\nrecords, etag = ")
    assert usage, "the document shows how the function is called"
    room: dict[str, Any] = {}
    exec(compile(functions, "docs/api.md", "exec"), room)  # the document's own code is what is tested
    found: Changed = room["changed"]
    return found


def test_nothing_new_costs_one_request_and_no_body(
    live: Live, changed: Changed, asked: list[tuple[str, int, int]]
) -> None:
    records, etag = changed(live.url, "2026-02-22T03:00:00Z", now=NOW)
    assert (records, [path for path, _, _ in asked]) == ({}, ["/status/api/incidents.json"])
    asked.clear()
    live.now += timedelta(minutes=20)
    live.publish()
    assert changed(live.url, "2026-02-22T03:00:00Z", etag, now=NOW) == ({}, etag)
    assert asked == [("/status/api/incidents.json", HTTPStatus.NOT_MODIFIED, 0)]


def test_a_new_update_is_told_with_its_record(live: Live, changed: Changed) -> None:
    _, etag = changed(live.url, "2026-02-22T03:00:00Z", now=NOW)
    live.publish(**{PORTAL: INCIDENT + RESOLVED})
    records, newer = changed(live.url, "2026-02-22T03:00:00Z", etag, now=NOW)
    assert newer != etag
    assert {id: one["updates"][0]["text"] for id, one in records.items()} == {"2026-02-22-portal": "All is well."}
    assert changed(live.url, records["2026-02-22-portal"]["updated"], newer, now=NOW) == ({}, newer)


def test_an_amendment_of_an_old_record_is_found_at_once(
    live: Live, changed: Changed, asked: list[tuple[str, int, int]]
) -> None:
    live.publish(**{OLD: resolved("2025-06-01", amended="2026-02-20 09:00 UTC")})
    records, _ = changed(live.url, "2026-02-19T00:00:00Z", now=NOW)
    assert records.keys() == {"2025-06-01-old", "2026-02-22-portal"}
    assert records["2025-06-01-old"]["updated"] == "2026-02-20T09:00:00Z"
    assert len(asked) == 1


def test_after_a_long_pause_the_months_tell_the_rest(
    live: Live, changed: Changed, asked: list[tuple[str, int, int]]
) -> None:
    live.now += timedelta(days=90)
    amended = resolved("2025-06-01", amended="2026-02-20 09:00 UTC")
    live.publish(**{OLD: amended, PORTAL: INCIDENT + RESOLVED})
    records, _ = changed(live.url, "2026-01-25T00:00:00Z", now=live.now)
    assert records.keys() == {"2026-02-22-portal", "2026-01-30-old", "2025-06-01-old"}
    assert all(one["updates"] for one in records.values())
    months = [path for path, _, _ in asked if re.fullmatch(r".*/\d{4}-\d\d\.json", path)]
    assert [path[-12:-5] for path in months] == ["2026-02", "2026-01", "2025-12", "2025-06"]


def test_from_the_beginning_of_time_everything_is_told(live: Live, changed: Changed) -> None:
    records, _ = changed(live.url, "1990-01-01T00:00:00Z", now=NOW)
    assert records.keys() == {
        "2026-02-22-portal",
        *(f"{day}-old" for day in ("2025-06-01", "2025-12-20", "2026-01-30")),
    }
