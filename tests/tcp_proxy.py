"""TCP proxy on loopback that does to connections what bad networks and lying servers do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BLOCK = 64 << 10
BUSY_BODY = b"<Error><Code>SlowDown</Code><Message>later</Message></Error>"
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/xml\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(BUSY_BODY), BUSY_BODY)
)
STORED = b'HTTP/1.1 200 OK\r\nETag: "0"\r\nx-amz-version-id: null\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'


@dataclass(kw_only=True, slots=True)
class Mischief:
    """What happens to the next connections; ``times`` says to how many whose request begins with ``verb``."""

    verb: bytes = b""
    times: int = 1_000_000
    delay: float = 0.0
    reset_after_request: bool = False
    """The request arrives and is answered, and its answer is lost: the connection is reset."""
    truncate: int | None = None
    """Bytes of the answer that pass before the connection ends."""
    answer: bytes = b""
    """What is answered in place of the server, which hears of nothing."""
    alter: tuple[bytes, bytes] = (b"", b"")
    """What in an answer becomes something else of the same length."""


@dataclass(kw_only=True, slots=True)
class TcpProxy:
    """A proxy at ``port`` before the server at ``target``; ``requests`` are the first lines that passed."""

    port: int
    target: int
    mischief: Mischief = field(default_factory=Mischief)
    requests: list[bytes] = field(default_factory=list)
    sent: int = 0
    """Bytes of requests that passed."""
    capacity: int | None = None
    """Bytes of requests after which nothing passes any more, in neither direction."""

    def passes(self, piece: bytes) -> bool:
        """Count a piece of a request; false when the network is cut before its end."""
        self.sent += len(piece)
        return self.capacity is None or self.sent <= self.capacity

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _serve(listener: socket.socket, proxy: TcpProxy) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_connection, args=(client, proxy), daemon=True).start()


def _connection(client: socket.socket, proxy: TcpProxy) -> None:
    with client, suppress(OSError):
        first = client.recv(BLOCK)
        if not proxy.passes(first):
            return
        proxy.requests.append(first.split(b"\r\n", 1)[0])
        mischief = proxy.mischief
        if not first.startswith(mischief.verb) or mischief.times <= 0:
            mischief = Mischief()
        else:
            mischief.times -= 1
        time.sleep(mischief.delay)
        if mischief.answer:
            _answer(client, first, mischief.answer)
            return
        # one request a connection, so that each is judged by itself
        head, separator, rest = first.partition(b"\r\n\r\n")
        first = head.replace(b"\r\nConnection: keep-alive", b"") + b"\r\nConnection: close" + separator + rest
        with socket.create_connection(("127.0.0.1", proxy.target)) as server:
            server.sendall(first)
            sender = threading.Thread(target=_pump, args=(client, server, proxy), daemon=True)
            sender.start()
            _give_back(server, client, mischief)
            # whoever waits in recv() would hold the connections open
            for one in (client, server):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RD if mischief.reset_after_request else socket.SHUT_RDWR)
            sender.join()


def _answer(client: socket.socket, first: bytes, answer: bytes) -> None:
    """Read the whole request, as a server would, and answer it."""
    head, _, body = first.partition(b"\r\n\r\n")
    if b"100-continue" in head.lower():
        client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    left = (lengths[0] if lengths else 0) - len(body)
    while left > 0:
        piece = client.recv(min(BLOCK, left))
        if not piece:
            return
        left -= len(piece)
    client.sendall(answer)


def _pump(source: socket.socket, target: socket.socket, proxy: TcpProxy) -> None:
    with suppress(OSError):
        while piece := source.recv(BLOCK):
            if not proxy.passes(piece):
                for one in (source, target):
                    one.shutdown(socket.SHUT_RDWR)
                return
            target.sendall(piece)


def _give_back(server: socket.socket, client: socket.socket, mischief: Mischief) -> None:
    passed = 0
    while piece := server.recv(BLOCK):
        if mischief.reset_after_request:
            if piece.startswith(b"HTTP/1.1 100"):
                client.sendall(piece)
                continue
            while server.recv(BLOCK):
                pass
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if mischief.alter[0]:
            piece = piece.replace(*mischief.alter)
        if mischief.truncate is not None:
            piece = piece[: mischief.truncate - passed]
            if not piece:
                return
        client.sendall(piece)
        passed += len(piece)


@contextmanager
def tcp_proxy(target: int) -> Iterator[TcpProxy]:
    """Run a proxy before the server at the port ``target`` of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = TcpProxy(port=listener.getsockname()[1], target=target)
        thread = threading.Thread(target=_serve, args=(listener, proxy), daemon=True)
        thread.start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)
