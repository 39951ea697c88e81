"""Random access to the payload of an age file that was read to its end before."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from archiver.sealing.age.payload import CHUNK, SEALED_CHUNK, open_chunk, read_up_to


class ChunkReader:
    """The plaintext of a payload whose first chunk lies at ``start`` of what ``source`` opens; one chunk is held."""

    def __init__(self, source: Callable[[], BinaryIO], start: int, key: bytes) -> None:
        self._source = source
        self._start = start
        self._cipher = ChaCha20Poly1305(key)
        self._number, self._chunk = -1, b""

    def read(self, offset: int, size: int) -> bytes:
        """Return ``size`` bytes from ``offset`` on.

        Raises:
            SealBroken: a chunk does not authenticate.
        """
        pieces = []
        while size:
            number, at = divmod(offset, CHUNK)
            piece = self._opened(number)[at : at + size]
            if not piece:
                break
            pieces.append(piece)
            offset += len(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _opened(self, number: int) -> bytes:
        if number != self._number:
            with self._source() as stream:
                stream.seek(self._start + number * SEALED_CHUNK)
                sealed = read_up_to(stream, SEALED_CHUNK)
            self._number, self._chunk = number, open_chunk(self._cipher, sealed, number)[0]
        return self._chunk
