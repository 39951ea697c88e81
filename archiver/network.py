"""HTTP exchanges that end at a deadline, whatever the other side does.

They go to the server itself, or to the proxy that the environment names (``http_proxy``, ``https_proxy``,
``no_proxy``), but to none for a server on this machine, and follow no redirection. Connecting, the TLS handshake,
what is sent, the status line, headers, interim responses (RFC 9110, 15.2), chunks and trailers share one deadline.
A plain timeout of the socket would not do: it begins anew with every byte. Nothing ends a resolver.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import urllib.request
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from formats.words import mark

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

UNREACHABLE: dict[type[Exception], str] = {
    ConnectionError: mark("it cannot be reached"),
    socket.gaierror: mark("no server of this name can be found"),
    ssl.SSLCertVerificationError: mark("this machine does not trust its certificate"),
    ssl.SSLError: mark("no connection over TLS comes about; it may speak without TLS"),
    http.client.IncompleteRead: mark("the connection broke off"),
}
"""What people meet when they ask somebody on the network."""


class Deadline:
    """A moment of the monotonic clock that whoever reads a long answer puts off while it comes fast enough."""

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds

    def put_off(self, seconds: float) -> None:
        """Let it be ``seconds`` from now."""
        self.end = monotonic() + seconds


def open_answer(request: urllib.request.Request, end: float | Deadline) -> http.client.HTTPResponse:
    """Send ``request``, and return the answer, which is read and closed before ``end`` (of the monotonic clock).

    Raises:
        HTTPError: when the server answers that it will not.
        URLError, HTTPException, OSError: when the network failed; their reason is a ``TimeoutError`` after ``end``.
    """
    opener = urllib.request.build_opener(_StayHere, _Handler(end))
    if is_loopback(urlsplit(request.full_url).hostname or ""):
        opener = urllib.request.build_opener(_StayHere, _Handler(end), urllib.request.ProxyHandler({}))
    return cast("http.client.HTTPResponse", opener.open(request, timeout=_left(end)))


def base_fault(base: str, example: str) -> str:
    """Return why ``base`` is not the base of a server's services over HTTP, in words; empty when it is one.

    ``example`` says how to write one.
    """
    try:
        parts = urlsplit(base)
        (parts.hostname or "").encode("idna")
        readable = parts.path.isascii() and base.isprintable() and " " not in base
        known = readable and parts.hostname and parts.port != 0
    except ValueError:
        known = None
    if (
        not known
        or parts.scheme not in {"http", "https"}
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        return example
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        return mark("without https:// everything could be read on the way")
    return ""


def shown_address(address: str) -> str:
    """Return ``address`` as a message may have it: without a user, a password and a query, which may hold a token."""
    bare = re.sub(r"//.*@", "//…@", address, flags=re.DOTALL)
    return re.sub(r"([?#]).*", r"\1…", bare, flags=re.DOTALL)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine (RFC 6761, 6.3)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: a query sent on would become a plain request for a page."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class _TcpSocket(socket.socket):
    """A socket that gives each reading and sending what is left until ``end``, and nothing after it."""

    end: float | Deadline = 0.0

    def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(_left(self.end))
        return super().recv_into(buffer, memoryview(buffer).nbytes if nbytes is None else nbytes, flags)

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        self.settimeout(_left(self.end))
        super().sendall(data, flags)


class _TlsSocket(_TcpSocket, ssl.SSLSocket):
    """Such a socket over TLS; its handshake has the time that was left when it began."""


class _Ended:
    """A connection whose sockets know the deadline ``end`` from the moment they are there."""

    end: float | Deadline
    _sock: _TcpSocket | None = None
    _opened: _TcpSocket | None = None

    @property
    def sock(self) -> _TcpSocket | None:
        """The socket, as ``http.client`` calls it."""
        return self._sock

    @sock.setter
    def sock(self, found: socket.socket | None) -> None:
        if found is None or isinstance(found, _TlsSocket):
            self._sock = found
        else:
            self._sock = _TcpSocket(fileno=found.detach())
        if self._sock is not None:
            self._opened = self._sock
            self._sock.end = self.end
            self._sock.settimeout(_left(self.end))

    def connect(self) -> None:
        """Connect, and hang up where that fails: before Python 3.11.4 a proxy's answer keeps the connection open."""
        try:
            super().connect()  # type: ignore[misc]  # that of http.client
        except BaseException:
            if self._opened is not None and self._opened.fileno() >= 0:
                socket.close(self._opened.detach())
            raise


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Opens connections that end at ``end``, over TCP or TLS, to the server itself or to a proxy."""

    def __init__(self, end: float | Deadline) -> None:
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


def _ending(
    kind: type[http.client.HTTPConnection], moment: float | Deadline
) -> type[http.client.HTTPConnection]:
    """Return ``kind`` of connection, ended at ``moment``."""
    return type("Connection", (_Ended, kind), {"end": moment})


def _left(end: float | Deadline) -> float:
    """Return the seconds until ``end``.

    Raises:
        TimeoutError: when there are none.
    """
    left = (end.end if isinstance(end, Deadline) else end) - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def fault_text(fault: object) -> str:
    """Return what became of the connection, in words of the catalogue for what people meet."""
    for kind, sentence in UNREACHABLE.items():
        if isinstance(fault, kind):
            return sentence
    return getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
