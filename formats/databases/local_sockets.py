"""Connections to a server on this machine, opened here because PyMySQL leaks one that is refused."""

from __future__ import annotations

import socket

from formats.words import mark


def local_socket(path: str, seconds: float) -> socket.socket:
    """Return a connection to a server on this machine; opened here because the driver leaks a refused one.

    Raises:
        OSError: when nobody listens there, or the system has no such sockets.
    """
    family = getattr(socket, "AF_UNIX", None)
    if family is None:
        raise OSError(mark("this system has no local sockets"))
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.settimeout(seconds)
        opened.connect(path)
    except OSError:
        opened.close()
        raise
    return opened
