"""The server: which requests are answered, and what with. It shows; nothing that anybody asks changes anything.

1. It listens on 127.0.0.1 alone; GET and HEAD are answered, nothing else.
2. The head of a request is short and comes at once (``request_head``); it names this server, and no other page sent it.
3. Everybody gets the page, in which nothing is; the browser that was let in (``access``) gets what the routes give.
4. There are the routes, and no files: no path leads anywhere else.
5. Nothing is kept by the browser or anything between (``no-store``), nothing is noted.
6. A route that makes an error of its own is answered with 500 and one sentence, and told to whoever runs the server;
   the others go on.

Routes run one after the other, in one thread (``answer_until_idle``): what they read is not made for several.
"""

from __future__ import annotations

import json
import socketserver
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import PurePath
from queue import Empty, Queue
from socket import SHUT_RDWR
from threading import Event, Semaphore, Thread
from time import monotonic
from typing import Any

from archiver.loopback.access import SessionAccess, cookie_of
from archiver.loopback.body import ChunkedBody, ClientGone
from archiver.loopback.errors import RouteFailed
from archiver.loopback.request_head import (
    FROM_A_PERSON,
    SAME_SITE,
    HeadRefused,
    read_request_head,
    require_same_origin,
    target_of,
)
from archiver.loopback.served_page import ServedPage
from formats.errors import Failure
from formats.target import Target

HOST = "127.0.0.1"
SEND_SECONDS = 30.0
"""Seconds in which a browser takes the next piece of an answer."""
MAX_CONNECTIONS = 16
"""Requests at a time; a browser makes six, and who would fill the rest waits in vain for five seconds."""
POLL_SECONDS = 0.25
PAGE, SESSION, FAILURE = "/", "/session", "/failure"
TOKEN_HEADER, KEY_HEADER = "X-Archiver-Token", "X-Archiver-Key"
JSON_TYPE = "application/json; charset=utf-8"
HEADERS = {
    "Cache-Control": "no-store",
    "Connection": "close",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RouteAnswer:
    """What a route gives: a media type, and what writes the body."""

    media_type: str
    write: Callable[[Target], object]


Route = Callable[[Mapping[str, str]], RouteAnswer]
"""Answers for the fields of a query.

Raises:
    Failure: what stands in the way; the page is told its code and its sentence.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoopbackTerms:
    """What is served: a page, and routes by their paths; how a failure is said, and who is told of an error of ours."""

    page: ServedPage
    routes: Mapping[str, Route]
    spoken: Callable[[Failure], str] = str
    alarm: Callable[[RouteFailed], None] = lambda _: None


class LoopbackServer(ThreadingHTTPServer):
    """A server on a free port, which answers once ``answer_until_idle`` runs."""

    daemon_threads = True
    allow_reuse_address = False
    """On Windows another program could listen at the same port."""

    def __init__(self, terms: LoopbackTerms, access: SessionAccess) -> None:
        self.terms = terms
        self.access = access
        self.jobs: Queue[_Job] = Queue()
        self.failure: Failure | None = None
        self.asked = monotonic()
        self._places = Semaphore(MAX_CONNECTIONS)
        super().__init__((HOST, 0), _Handler)
        self.address = f"{HOST}:{self.server_port}"
        self.cookie_name = f"archiver-read-{self.server_port}"

    @property
    def link(self) -> str:
        """The address with the token, for one browser."""
        return f"http://{self.address}/#{self.access.token}"

    @property
    def idle_seconds(self) -> float:
        """Seconds since the browser that was let in asked for anything."""
        return monotonic() - self.asked

    def server_bind(self) -> None:
        """Bind without asking a resolver what this machine is called."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a request into a thread of its own, while there are places."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()  # there was no thread to be had, which would have freed it
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer a request, and free its place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of whoever went away."""


@contextmanager
def serving(terms: LoopbackTerms, access: SessionAccess) -> Iterator[LoopbackServer]:
    """Listen while the block lasts; ``answer_until_idle`` answers."""
    with LoopbackServer(terms, access) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_SECONDS}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()


def answer_until_idle(server: LoopbackServer, *, idle_seconds: float) -> None:
    """Run what the browser asks for, until it has asked for nothing for ``idle_seconds``."""
    while server.idle_seconds < idle_seconds:
        with suppress(Empty):
            server.jobs.get(timeout=POLL_SECONDS).run()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
    work: Callable[[], None]
    done: Event

    def run(self) -> None:
        try:
            self.work()
        finally:
            self.done.set()


class _Handler(BaseHTTPRequestHandler):
    """One request on one connection."""

    server: LoopbackServer
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Read the request, and answer or refuse it."""
        self.close_connection = True
        self.command, self.request_version = "GET", self.protocol_version
        try:
            try:
                head = read_request_head(self.connection)
                self.connection.settimeout(SEND_SECONDS)
                self.rfile = BytesIO(head)
                self.raw_requestline = self.rfile.readline()
                if self.parse_request():
                    self._answer()
            except HeadRefused as refused:
                self.send_error(refused.status)
        except (OSError, ClientGone):
            pass  # whoever asked has gone

    def _answer(self) -> None:
        if self.command not in {"GET", "HEAD"}:
            raise HeadRefused(HTTPStatus.METHOD_NOT_ALLOWED)
        target = target_of(self.path)
        sites = FROM_A_PERSON if target.path == PAGE else SAME_SITE
        require_same_origin(self.headers, self.server.address, sites=sites)
        if target.path == PAGE:
            page = self.server.terms.page
            extra = {"Content-Security-Policy": page.policy}
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", page.data, extra)
        elif target.path == SESSION:
            self._let_in()
        else:
            self._answer_route(target.path, target.fields)

    def _let_in(self) -> None:
        access = self.server.access
        session = access.exchange(self.headers.get(TOKEN_HEADER, "")) if self.command == "GET" else None
        if session is None:
            code = "session-taken" if access.taken else "token-wrong"
            self._send(HTTPStatus.FORBIDDEN, JSON_TYPE, _json({"code": code}))
            return
        self.server.asked = monotonic()
        cookie = f"{self.server.cookie_name}={session.cookie}; Path=/; HttpOnly; SameSite=Strict"
        self._send(HTTPStatus.OK, JSON_TYPE, _json({"key": session.key}), {"Set-Cookie": cookie})

    def _answer_route(self, path: str, fields: Mapping[str, str]) -> None:
        cookie = cookie_of(self.headers.get("Cookie", ""), self.server.cookie_name)
        if not self.server.access.admits(cookie=cookie, key=self.headers.get(KEY_HEADER, "")):
            raise HeadRefused(HTTPStatus.FORBIDDEN)
        self.server.asked = monotonic()
        if path == FAILURE:
            failure, self.server.failure = self.server.failure, None
            self._send(HTTPStatus.OK, JSON_TYPE, self._words(failure) if failure else _json({"code": ""}))
            return
        route = self.server.terms.routes.get(path)
        if route is None:
            raise HeadRefused(HTTPStatus.NOT_FOUND)
        if self.command == "HEAD":
            self._send(HTTPStatus.OK, JSON_TYPE, b"")
            return
        job = _Job(work=lambda: self._run(route, fields), done=Event())
        self.server.jobs.put(job)
        job.done.wait()

    def _run(self, route: Route, fields: Mapping[str, str]) -> None:
        """Answer with what ``route`` gives, in the thread of ``answer_until_idle``."""
        body = ChunkedBody(self.wfile)  # type: ignore[arg-type]
        try:
            answer = route(fields)
            body.begins(lambda: self._begin(HTTPStatus.OK, answer.media_type))
            answer.write(body)
            body.end()
        except ClientGone:
            pass
        except Failure as failure:
            self._fail(HTTPStatus.UNPROCESSABLE_ENTITY, failure, body)
        except Exception as fault:  # noqa: BLE001 - whatever it is, whoever reads other dossiers goes on reading
            failed = route_failed(fault)
            self.server.terms.alarm(failed)
            self._fail(HTTPStatus.INTERNAL_SERVER_ERROR, failed, body)
        self.server.asked = monotonic()

    def _fail(self, status: HTTPStatus, failure: Failure, body: ChunkedBody) -> None:
        """Say what stood in the way; where the answer has begun it breaks off, and ``/failure`` says it once."""
        with suppress(OSError):
            if body.begun:
                self.server.failure = failure
                self.connection.shutdown(SHUT_RDWR)  # an end without the last chunk is none
            else:
                self._send(status, JSON_TYPE, self._words(failure))

    def _words(self, failure: Failure) -> bytes:
        return _json({"code": failure.code, "text": self.server.terms.spoken(failure)})

    def _begin(self, status: HTTPStatus, media_type: str) -> None:
        self.send_response_only(status)
        headers = {"Content-Type": media_type, "Transfer-Encoding": "chunked", **HEADERS}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(
        self, status: HTTPStatus, media_type: str, data: bytes, extra: Mapping[str, str] | None = None
    ) -> None:
        self.send_response_only(status)
        headers = {"Content-Type": media_type, "Content-Length": str(len(data)), **HEADERS, **(extra or {})}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse a request with its status and nothing else."""
        status = HTTPStatus(code)
        self.request_version = self.protocol_version  # for "HTTP/0.9" it would send no status
        extra = {"Allow": "GET, HEAD"} if status is HTTPStatus.METHOD_NOT_ALLOWED else {}
        self._send(status, "text/plain; charset=utf-8", f"{code} {status.phrase}\n".encode("ascii"), extra)

    def log_message(self, *_: object) -> None:
        """Note nothing: an address may say whom somebody looked for."""


def _json(document: Mapping[str, Any]) -> bytes:
    # a record may hold half a surrogate pair
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def route_failed(fault: Exception) -> RouteFailed:
    """Return what is said of an error of this program's: what kind it is and where; its words may name a patient."""
    places = traceback.extract_tb(fault.__traceback__)
    place = f"{PurePath(places[-1].filename).name}:{places[-1].lineno}" if places else "–"
    return RouteFailed(kind=type(fault).__name__, place=place)
