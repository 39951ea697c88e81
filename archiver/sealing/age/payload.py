"""The payload of an age file: STREAM over ChaCha20-Poly1305 in chunks of 64 KiB (age, "Payload")."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from archiver.sealing.age.header import hkdf_sha256
from archiver.sealing.age.parts import AgePart, age_failure
from archiver.sealing.age.wrapping import TAG
from archiver.sealing.errors import SealBroken
from formats.words import mark

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 64 * 1024
"""Plaintext bytes of every chunk but the last."""
SEALED_CHUNK = CHUNK + TAG
NONCE = 16
"""Bytes of the nonce between header and chunks."""


class Sink(Protocol):
    """Something bytes can be written to."""

    def write(self, data: bytes, /) -> int: ...


def payload_key(file_key: bytes, nonce: bytes) -> bytes:
    """Return the key of the chunks."""
    return hkdf_sha256(file_key, salt=nonce, info=b"payload")


def _chunk_nonce(counter: int, *, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class PayloadWriter:
    """Encrypts what is written to it; the payload is whole only after :meth:`finish`.

    Deliberately no ``io`` class: those finish themselves when the garbage
    collector finds them, and half a payload must never look whole.
    """

    def __init__(self, target: Sink, key: bytes) -> None:
        self._target = target
        self._cipher = ChaCha20Poly1305(key)
        self._buffer = bytearray()
        self._counter = 0

    def write(self, data: bytes, /) -> int:
        """Take ``data``; a chunk goes out once it is known not to be the last."""
        self._buffer += data
        whole = max(len(self._buffer) - 1, 0) // CHUNK * CHUNK
        with memoryview(self._buffer) as view:
            for start in range(0, whole, CHUNK):
                self._seal(view[start : start + CHUNK], last=False)
        del self._buffer[:whole]
        return len(data)

    def finish(self) -> None:
        """Write the final chunk; it is empty only when the whole payload is."""
        self._seal(self._buffer, last=True)
        self._buffer.clear()

    def _seal(self, chunk: bytes | bytearray | memoryview, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_chunk_nonce(self._counter, last=last), chunk, None))
        self._counter += 1


def decrypt_chunks(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Yield the plaintext of each chunk once it is authenticated.

    Raises:
        SealBroken: a chunk does not authenticate, the final one is missing or
            empty after others, or something follows it.
    """
    cipher = ChaCha20Poly1305(key)
    counter = 0
    following = read_up_to(source, SEALED_CHUNK)
    while True:
        sealed, following = following, b""
        if len(sealed) == SEALED_CHUNK:
            following = read_up_to(source, SEALED_CHUNK)
        plain, last = open_chunk(cipher, sealed, counter)
        if not plain and counter:
            raise age_failure(AgePart.PAYLOAD, mark("its last chunk is empty"))
        if plain:
            yield plain
        if last:
            break
        counter += 1
    if following:
        raise age_failure(AgePart.PAYLOAD, mark("something follows its end"))


def open_chunk(cipher: ChaCha20Poly1305, sealed: bytes, counter: int) -> tuple[bytes, bool]:
    """Return the plaintext and whether the chunk says it is the last.

    Only a full chunk can be either; the chunk itself decides, not what follows it,
    so that a file cut short or with something appended is told from a damaged one.
    """
    for last in (False, True) if len(sealed) == SEALED_CHUNK else (True,):
        try:
            return cipher.decrypt(_chunk_nonce(counter, last=last), sealed, None), last
        except InvalidTag:
            continue
    raise age_failure(AgePart.PAYLOAD, mark("it is damaged or cut short"))


def read_up_to(source: BinaryIO, size: int) -> bytes:
    """Read ``size`` bytes, fewer only at the end of ``source``; it may give them in small pieces."""
    data = source.read(size)
    while 0 < len(data) < size:
        piece = source.read(size - len(data))
        if not piece:
            break
        data += piece
    return data


class PayloadReader(io.RawIOBase):
    """The plaintext as a stream that can be read once, forwards."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._buffer = memoryview(b"")
        self._fault: SealBroken | None = None

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` with authenticated plaintext; nought at the end.

        Raises:
            SealBroken: again at every further read, so that no caller takes a broken end for the end.
        """
        if self._fault:
            raise self._fault
        view = memoryview(buffer).cast("B")
        try:
            self._buffer = self._buffer or memoryview(next(self._chunks, b""))
        except SealBroken as fault:
            self._fault = fault
            raise
        taken = min(len(view), len(self._buffer))
        view[:taken] = self._buffer[:taken]
        self._buffer = self._buffer[taken:]
        return taken


class ChunkReader:
    """Random access to the plaintext of a payload that was read to its end before; one chunk is held.

    The first chunk lies at ``start`` of what ``source`` opens.
    """

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
