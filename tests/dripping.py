"""Servers on this machine that drip: every byte comes in time, and the answer never ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Dripping = Callable[[socket.socket], None]
"""Speaks with one client, until the client has gone."""

PACE = 0.05
"""Seconds between two bytes: far below any timeout of one read."""


def dripped(first: bytes, endless: bytes, *, pace: float = PACE) -> Dripping:
    """Return what sends ``first`` at once and then ``endless`` byte by byte, again and again."""

    def speak(client: socket.socket) -> None:
        client.sendall(first)
        while True:
            for byte in endless:
                client.sendall(bytes([byte]))
                GONE.wait(pace)

    return speak


def flooding(piece: bytes) -> Dripping:
    """Return what sends ``piece`` as fast as it is taken."""

    def speak(client: socket.socket) -> None:
        while True:
            client.sendall(piece)

    return speak


def silent(client: socket.socket) -> None:
    """Take what comes and say nothing."""
    while client.recv(4096):
        pass


GONE = threading.Event()
"""Never set: waiting for it is a pause."""


@contextmanager
def dripping(speak: Dripping, *, scheme: str = "http") -> Iterator[str]:
    """Let ``speak`` talk to whoever connects to the loopback interface; yield the address."""
    server = socket.create_server(("127.0.0.1", 0))
    talks: list[threading.Thread] = []

    def talk(client: socket.socket) -> None:
        with client, suppress(OSError):
            speak(client)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                talks.append(threading.Thread(target=talk, args=(client,)))
                talks[-1].start()

    door = threading.Thread(target=accept)
    door.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.getsockname()[1]}/tsa"
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        for one in (door, *talks):
            one.join(timeout=10)
            assert not one.is_alive(), "the client never hung up"
