"""One HTTP exchange with a time-stamping authority (RFC 3161, 3.4), ended at a deadline whatever the other side does.

The only module of this package that opens a connection: to the authority, or to the proxy that the environment
names (``http_proxy``, ``https_proxy``, ``no_proxy``). It follows no redirection, reads no
more than an answer can be long, and waits no longer than it was told to: looking the name up, connecting,
the TLS handshake, the status line, headers, interim responses (RFC 9110, 15.2), chunks and trailers share one deadline.
A plain timeout of the socket would not do: it begins anew with every byte.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import urllib.request
from time import monotonic
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from archiver.evidence.query import MAX_ANSWER_BYTES
from archiver.signing.errors import TokenInvalid
from formats.words import mark

PIECE = 1 << 14
"""Bytes read at once."""
ATTENTION = 0.25
"""Seconds between two looks at the clock, so that Ctrl-C is heard on systems where waiting hears nothing."""


UNREACHABLE: dict[type[OSError], str] = {
    ConnectionError: mark("it cannot be reached"),
    socket.gaierror: mark("no server of this name can be found"),
}
"""What people meet when they ask somebody on the network."""


class Silence(Exception):
    """An authority that may answer when it is asked again; the text says what happened."""


class TooSlow(Silence):
    """An authority that did not answer in time: asking it again would take as long."""

    def __init__(self) -> None:
        super().__init__(mark("it did not answer in time"))


def post(url: str, body: bytes, end: float) -> bytes:
    """Return what ``url`` answers to the query ``body`` before ``end`` (of the monotonic clock).

    Raises:
        TokenInvalid: when the answer is too long, or asking again is of no use.
        TooSlow: when there was none before ``end``.
        Silence: when the network or the server failed.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise TokenInvalid(reason=mark("its address does not begin with http:// or https://"))
    exchange = _Exchange(url, body, end)
    exchange.start()
    while exchange.is_alive() and (left := end - monotonic()) > 0:
        exchange.join(min(left, ATTENTION))
    if exchange.is_alive():
        raise TooSlow
    if exchange.fault is not None:
        raise exchange.fault
    return exchange.answer


class _Exchange(threading.Thread):
    """The exchange, which afterwards holds an answer or a fault.

    Its sockets end it at the deadline; it has a thread of its own because nothing ends a resolver.
    """

    def __init__(self, url: str, body: bytes, end: float) -> None:
        super().__init__(name="time-stamp", daemon=True)
        self.answer = b""
        self.fault: Exception | None = None
        self._url, self._body, self._end = url, body, end

    def run(self) -> None:
        """Ask, and keep what came of it."""
        try:
            self.answer = self._answer()
        except (URLError, http.client.HTTPException, OSError, UnicodeError) as fault:
            reason = getattr(fault, "reason", fault)
            self.fault = TooSlow() if isinstance(reason, TimeoutError) else Silence(_reason_text(reason))
        except Exception as fault:  # noqa: BLE001 - raised again where somebody waits for it
            self.fault = fault

    def _answer(self) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        question = urllib.request.Request(self._url, data=self._body, headers=headers, method="POST")  # noqa: S310
        opener = urllib.request.build_opener(_StayHere, _Handler(self._end))
        try:
            with opener.open(question, timeout=_left(self._end)) as answer:
                return _read(answer)
        except HTTPError as fault:
            fault.close()
            if fault.code >= http.client.INTERNAL_SERVER_ERROR:
                raise Silence(f"HTTP {fault.code}") from fault
            raise TokenInvalid(reason=f"HTTP {fault.code}") from fault


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: a query sent on would become a plain request for a page."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class _Limited:
    """A socket that gives each reading and sending what is left until ``end``, and nothing after it."""

    end = 0.0

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        self.settimeout(_left(self.end))  # type: ignore[attr-defined]
        return super().recv_into(*arguments, **named)  # type: ignore[misc,no-any-return]

    def sendall(self, *arguments: Any, **named: Any) -> None:
        self.settimeout(_left(self.end))  # type: ignore[attr-defined]
        super().sendall(*arguments, **named)  # type: ignore[misc]


class _TcpSocket(_Limited, socket.socket):
    """Such a socket over TCP."""


class _TlsSocket(_Limited, ssl.SSLSocket):
    """Such a socket over TLS; its handshake has the time that was left when it began."""


class _Ended:
    """A connection whose sockets know the deadline ``end`` from the moment they are there."""

    end: float
    _sock: _TcpSocket | _TlsSocket | None = None

    @property
    def sock(self) -> _TcpSocket | _TlsSocket | None:
        """The socket, as ``http.client`` calls it."""
        return self._sock

    @sock.setter
    def sock(self, found: socket.socket | None) -> None:
        if found is None or isinstance(found, _TlsSocket):
            self._sock = found
        else:
            self._sock = _TcpSocket(fileno=found.detach())
        if self._sock is not None:
            self._sock.end = self.end
            self._sock.settimeout(_left(self.end))


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Opens connections that end at ``end``, over TCP or TLS, to the server itself or to a proxy."""

    def __init__(self, end: float) -> None:
        super().__init__()
        self._end = end

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open ``req`` over TCP."""
        return self.do_open(_ending(http.client.HTTPConnection, self._end), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open ``req`` over TLS."""
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        context.sslsocket_class = _TlsSocket
        return self.do_open(_ending(http.client.HTTPSConnection, self._end), req, context=context)


def _ending(kind: type[http.client.HTTPConnection], moment: float) -> type[http.client.HTTPConnection]:
    """Return ``kind`` of connection, ended at ``moment``."""
    return type("Connection", (_Ended, kind), {"end": moment})


def _left(end: float) -> float:
    """Return the seconds until ``end``.

    Raises:
        TimeoutError: when there are none.
    """
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _reason_text(fault: object) -> str:
    """Return what became of the connection, in words of the catalogue for what people meet."""
    for kind, sentence in UNREACHABLE.items():
        if isinstance(fault, kind):
            return sentence
    return getattr(fault, "strerror", None) or str(fault) or type(fault).__name__


def _read(answer: IO[bytes]) -> bytes:
    """Return the body of ``answer``."""
    body = bytearray()
    while piece := answer.read1(PIECE):  # type: ignore[attr-defined]
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise TokenInvalid(reason=mark("the answer is longer than any token"))
    return bytes(body)
