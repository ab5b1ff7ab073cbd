"""A local server that answers as GitHub Pages would, under the site's base path, and tells open pages the news."""

from __future__ import annotations

import mimetypes
import os
import sys
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import msgspec

from generator.errors import SystemFault
from generator.live.inject import EVENTS, SCRIPT, STYLE, injected
from generator.live.session import Answer, Session

LOOPBACK = "127.0.0.1"
PORTS_TRIED = 20
BEAT = 15.0  # seconds after which a silent stream of events says that it is alive
TYPES = {
    ".json": "application/json",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
NAMES = {"feed.json": "application/feed+json", "rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml"}
OURS = {STYLE: "live.css", SCRIPT: "live.js"}
_HOSTS = frozenset({LOOPBACK, "localhost", "::1"})


class Server(ThreadingHTTPServer):
    """Answers browsers of this machine from a session."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # there it would share a port that another program has

    def __init__(self, session: Session, port: int) -> None:
        super().__init__((LOOPBACK, port), partial(Answers, session=session))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let go of a browser that left in the middle of an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Answers(BaseHTTPRequestHandler):
    """Answers one browser's requests."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, session: Session) -> None:
        self.session = session
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer with a file, a redirect to its folder, the 404 page, or with what belongs to the preview itself."""
        asked = urlsplit(self.path)
        path = _path(self.path)
        if not _is_local(self.headers.get("Host", "")):
            # Another site's name that leads here would let that site read what is not published yet.
            self._send(Answer(HTTPStatus.FORBIDDEN, "403.txt", b"This preview answers to localhost only.\n"))
        elif path == EVENTS and self.command == "GET":
            self._tell(parse_qs(asked.query))
        elif path in OURS:
            self._send(Answer(HTTPStatus.OK, OURS[path], (Path(__file__).parent / OURS[path]).read_bytes()))
        else:
            self._send(self.session.answer(path))

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def _send(self, answer: Answer) -> None:
        tag = f'"{answer.tag}"'
        fresh = answer.status is HTTPStatus.OK and tag in self.headers.get("If-None-Match", "").replace(" ", "").split(
            ","
        )
        self.send_response(HTTPStatus.NOT_MODIFIED if fresh else answer.status)
        self.send_header("Cache-Control", "no-cache")
        self._allow_origin()
        if answer.to:
            # Never `//host`, which browsers take for another host.
            self.send_header("Location", "/" + quote(answer.to.lstrip("/")))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_header("ETag", tag)
        kind = NAMES.get(answer.name.rpartition("/")[2]) or _type(answer.name)
        body = injected(answer.body, answer.tag) if kind.startswith("text/html") else answer.body
        if not fresh:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not fresh and self.command == "GET":
            self.wfile.write(body)

    def _allow_origin(self) -> None:
        """Let pages of this machine read what GitHub Pages lets all pages read: it may not be published yet."""
        origin = self.headers.get("Origin", "")
        if origin and _is_local(urlsplit(origin).netloc):
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Vary", "Origin")

    def _tell(self, query: dict[str, list[str]]) -> None:
        """Send a page its news until it is closed or has to reload: server-sent events, as HTML's standard has them."""
        page, tag = _path(query.get("page", ["/"])[0]), query.get("tag", [""])[0]
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"retry: 500\n\n")
        with self.session.opened(page), suppress(ConnectionError):
            self._stream(page, tag)

    def _stream(self, page: str, tag: str) -> None:
        known = 0
        while not self.session.closed:
            news = self.session.news(page, tag, known, patience=BEAT)
            if news is None:
                self.wfile.write(b":\n\n")
                continue
            known = news.number
            if news.faults:
                self._event("problems", msgspec.json.encode(news.faults))
            elif news.different:
                self._event("reload", b"{}")
                return
            else:
                self._event("mended", b"{}")

    def _event(self, name: str, data: bytes) -> None:
        self.wfile.write(b"event: %s\ndata: %s\n\n" % (name.encode(), data))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name that callers use
        """Say nothing: the person at the terminal looks at the page."""


def server(session: Session, *, port: int) -> Server:
    """Return a server on a loopback port, the first free one from ``port`` on (any, if 0); raise SystemFault."""
    for candidate in range(port, port + PORTS_TRIED) if port else (0,):
        try:
            return Server(session, candidate)
        except OSError:
            continue
    raise SystemFault(f"no free port from {port} to {port + PORTS_TRIED - 1}; choose another with --port")


def _is_local(host: str) -> bool:
    """Return whether a host, with or without a port, is this machine under a name that nobody else can give it."""
    try:
        return urlsplit(f"//{host}").hostname in _HOSTS
    except ValueError:
        return False


def _path(target: str) -> str:
    """Return the path that a request's target asks for; a browser's ``location.pathname`` is such a target too."""
    # Of several slashes at the start, http.server keeps one; the browser still has them all in its address.
    return unquote(urlsplit("/" + target.lstrip("/") if target.startswith("//") else target).path)


def _type(name: str) -> str:
    suffix = Path(name).suffix
    return TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
