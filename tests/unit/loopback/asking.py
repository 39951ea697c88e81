"""A server that really listens, and requests of it written byte by byte."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import pytest

from archiver.loopback.access import SessionAccess
from archiver.loopback.errors import RouteFailed
from archiver.loopback.served_page import served_page
from archiver.loopback.server import (
    KEY_HEADER,
    TOKEN_HEADER,
    LoopbackServer,
    LoopbackTerms,
    RouteAnswer,
    answer_until_idle,
    serving,
)
from archiver.search.errors import PatientUnknown


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What a server sent: nothing at all has the status 0."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def document(self) -> Any:
        return json.loads(self.body)


def echo(fields: Mapping[str, str]) -> RouteAnswer:
    """Answer with what was asked; of nobody, refuse; after the beginning, break off."""
    if fields.get("words") == "nobody":
        raise PatientUnknown(wanted="nobody", near="–")
    if fields.get("words") == "mistaken":
        raise KeyError("Mme Perrichon")
    if fields.get("words") == "half":
        raise PatientUnknown(wanted="\ud800", near="–")

    def write(target: Any) -> None:
        target.write(json.dumps(dict(fields)).encode())
        if fields.get("words") == "broken":
            target.write(bytes(200_000))
            raise PatientUnknown(wanted="broken", near="–")
        if fields.get("words") == "mistaken later":
            target.write(bytes(200_000))
            raise OSError(5, "Input/output error: Mme Perrichon")

    return RouteAnswer(media_type="application/json", write=write)


ALARMS: list[RouteFailed] = []
"""What the server told of errors of its own."""


@contextmanager
def serving_quickly(patch: pytest.MonkeyPatch, terms: LoopbackTerms) -> Iterator[LoopbackServer]:
    """Serve as ever, and look more often whether it is over."""
    patch.setattr("archiver.loopback.server.POLL_SECONDS", 0.02)
    with serving(terms, SessionAccess(secrets.token_bytes)) as server:
        yield server


@contextmanager
def listening() -> Iterator[LoopbackServer]:
    """Yield a server that answers at ``/patients``, in a thread that ends with the block."""
    terms = LoopbackTerms(page=served_page(), routes={"/patients": echo}, spoken=str, alarm=ALARMS.append)
    with pytest.MonkeyPatch.context() as quick, serving_quickly(quick, terms) as server:
        thread = Thread(target=answer_until_idle, args=(server,), kwargs={"idle_seconds": 600.0}, daemon=True)
        thread.start()
        yield server
        server.asked -= 1000.0
        thread.join(timeout=10)


def ask(
    server: LoopbackServer,
    path: str,
    headers: Mapping[str, str | None] | None = None,
    *,
    method: str = "GET",
) -> Answered:
    """Send one request with the headers of a page of this server, changed as said; ``None`` leaves one out."""
    usual: dict[str, str | None] = {"Host": server.address, "Sec-Fetch-Site": "same-origin"}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in {**usual, **(headers or {})}.items() if value is not None]
    return send(server, ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


def send(server: LoopbackServer, data: bytes) -> Answered:
    """Send bytes, and return the answer."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as connection:
        connection.sendall(data)
        return received(connection)


def received(connection: socket.socket) -> Answered:
    """Return what comes until the server ends."""
    data = bytearray()
    try:
        while piece := connection.recv(65_536):
            data += piece
    except ConnectionResetError:
        pass
    if not data:
        return Answered(status=0)
    head, _, body = bytes(data).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    if headers.get("Transfer-Encoding") == "chunked":
        body = whole(body)
    return Answered(status=int(first.split()[1]), headers=headers, body=body)


def whole(chunked: bytes) -> bytes:
    """Return a body out of its chunks; one without its end has ``None`` of it."""
    found = bytearray()
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            assert rest == b"\r\n"
            return bytes(found)
        found += rest[:length]
        chunked = rest[length + 2 :]
    return b""


def enter(server: LoopbackServer) -> dict[str, str | None]:
    """Exchange the token as the first browser, and return what it sends from now on."""
    let_in = ask(server, "/session", {TOKEN_HEADER: server.access.token})
    assert let_in.status == 200, let_in
    cookie = let_in.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie, KEY_HEADER: let_in.document["key"]}
