"""A local server that answers as GitHub Pages would: under the site's base path, with its 404 page and ETags."""

from __future__ import annotations

import mimetypes
from functools import partial
from hashlib import blake2b
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from generator.errors import SystemFault

PORTS_TRIED = 20
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


class Answers(BaseHTTPRequestHandler):
    """Answers requests from one folder."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, folder: Path, base: str) -> None:
        self.folder, self.base = folder, base
        super().__init__(*args)  # type: ignore[arg-type]  # the server passes request, address and itself

    def do_GET(self) -> None:
        """Answer with a file, a redirect to its folder, or the 404 page."""
        path = unquote(urlsplit(self.path).path)
        if path == self.base or (self.base and path == "/"):
            self._redirect(f"{self.base}/")
            return
        file = self._file(path)
        if file is not None and file.is_dir():
            self._redirect(f"{path}/")
        elif file is None or not file.is_file():
            self._send(self.folder / "404.html", HTTPStatus.NOT_FOUND)
        else:
            self._send(file, HTTPStatus.OK)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def _file(self, path: str) -> Path | None:
        """Return the file or folder of a path below the base, or None for what lies outside."""
        if not path.startswith(f"{self.base}/") or "\0" in path or "\\" in path:
            return None
        parts = path[len(self.base) + 1 :].split("/")
        if ".." in parts or any(part.startswith(".") for part in parts):
            return None
        file = self.folder.joinpath(*parts)
        return file / "index.html" if path.endswith("/") else file

    def _redirect(self, path: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, file: Path, status: HTTPStatus) -> None:
        try:
            body = file.read_bytes()
        except OSError:
            body = b"not found\n"
        tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
        fresh = status is HTTPStatus.OK and self.headers.get("If-None-Match") == tag
        self.send_response(HTTPStatus.NOT_MODIFIED if fresh else status)
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Access-Control-Allow-Origin", "*")
        if not fresh:
            guess = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self.send_header("Content-Type", NAMES.get(file.name) or TYPES.get(file.suffix, guess))
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not fresh and self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name that callers use
        """Say nothing: the person at the terminal looks at the page."""


def server(folder: Path, base: str, *, port: int) -> ThreadingHTTPServer:
    """Return a server of ``folder`` on a loopback port, the first free one from ``port`` on; raise SystemFault."""
    for candidate in range(port, port + PORTS_TRIED):
        try:
            return ThreadingHTTPServer(("127.0.0.1", candidate), partial(Answers, folder=folder, base=base))
        except OSError:
            continue
    raise SystemFault(f"no free port from {port} to {port + PORTS_TRIED - 1}; choose another with --port")
