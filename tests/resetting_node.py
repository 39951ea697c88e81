"""A DICOM node that takes a request for an association and resets the connection."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDS_BY_RESET = struct.pack("ii", 1, 0)


@contextmanager
def resetting_node() -> Iterator[str]:
    """Serve one on loopback, and yield its address, ``TITLE@HOST:PORT``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _peer = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1 << 16)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ENDS_BY_RESET)

        threading.Thread(target=serve, daemon=True).start()
        yield f"PACS@127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
