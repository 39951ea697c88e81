"""The body of an answer in chunks (RFC 9112, 7.1), whose head waits until the first of them is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

CHUNK_BYTES = 64 << 10
"""Bytes that are sent at a time."""


class ClientGone(Exception):
    """The other side took no more."""


class ChunkedBody:
    """A target for the body of an answer, whose head ``begins`` says how to send."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._begin: Callable[[], None] = lambda: None
        self._waiting = bytearray()
        self.begun = False

    def begins(self, begin: Callable[[], None]) -> None:
        """Have ``begin`` send the head, once there is anything to send."""
        self._begin = begin

    def write(self, data: bytes | memoryview, /) -> int:
        """Send ``data``, together with what comes behind it.

        Raises:
            ClientGone: when the other side has gone, or takes nothing for too long.
        """
        self._waiting += data
        if len(self._waiting) >= CHUNK_BYTES:
            self._send()
        return len(data)

    def end(self) -> None:
        """Send what waits, and the end; otherwise as ``write``."""
        self._send()
        self._put(b"0\r\n\r\n")

    def _send(self) -> None:
        if not self.begun:
            self.begun = True
            try:
                self._begin()
            except OSError:
                raise ClientGone from None
        if self._waiting:
            self._put(b"%x\r\n" % len(self._waiting) + self._waiting + b"\r\n")
            self._waiting.clear()

    def _put(self, data: bytes | bytearray) -> None:
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError:
            raise ClientGone from None
