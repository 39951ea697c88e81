"""The bytes of one archive under examination, which may be a stretch of a longer file."""

from __future__ import annotations

import io
from typing import BinaryIO

from formats.zip.departures import Departure, Refusal
from formats.zip.profile import Profile


class ZipSource:
    """``size`` bytes of ``stream`` (seekable, left open) from ``start`` on, by default all the rest.

    ``profile`` is what they must keep, and ``refusal`` how a departure from it is said.
    """

    def __init__(
        self, stream: BinaryIO, profile: Profile, refusal: Refusal, *, start: int = 0, size: int | None = None
    ) -> None:
        self.profile = profile
        self.refusal = refusal
        self.size = stream.seek(0, io.SEEK_END) - start if size is None else size
        self._stream = stream
        self._start = start

    def take(self, length: int) -> bytes:
        """Return the next ``length`` bytes; refuse an archive that has fewer."""
        data = self._stream.read(length)
        return data if len(data) == length else self._completed(data, length)

    def read(self, position: int, length: int) -> bytes:
        """Return ``length`` bytes from ``position`` on; refuse an archive that has fewer."""
        if position < 0:
            raise self.refusal(Departure.TRUNCATED, "")
        self._stream.seek(self._start + position)
        data = self._stream.read(length)
        return data if len(data) == length else self._completed(data, length)

    def _completed(self, data: bytes, length: int) -> bytes:
        """Return ``data`` with what is missing, which a raw stream may give later."""
        while len(data) < length:
            piece = self._stream.read(length - len(data))
            if not piece:
                raise self.refusal(Departure.TRUNCATED, "")
            data += piece
        return data
