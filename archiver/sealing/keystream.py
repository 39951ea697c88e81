"""AES-256 in counter mode with a little-endian counter from 1, as WinZip AES wants it.

``cryptography`` counts big-endian only, so blocks of counters go through
AES-ECB and are XORed onto the data, an eighth of a mebibyte at a time, so that
data, key stream and result stay in the processor's cache.
"""

from __future__ import annotations

import sys
from array import array

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

BLOCK = 16
"""Bytes of an AES block."""
STEP = 128 * 1024
"""Bytes of key stream made at a time."""
WITHOUT_NUMPY = 4 << 20
"""Bytes of key stream that a process makes without numpy, each call counted as a step at least: in a fifth of the time
that loading numpy takes."""


class _Arithmetic:
    """Counters and XOR: with whole numbers for the first bytes of a process, then with numpy, twenty times as fast."""

    def __init__(self) -> None:
        self._left = WITHOUT_NUMPY

    @property
    def is_wide(self) -> bool:
        """Say whether numpy is at work."""
        return self._left < 0

    def counters(self, first: int, count: int) -> memoryview:
        """Return ``count`` blocks of counters, the upper halves 0: enough for 2**68 bytes."""
        self._left -= max(count * BLOCK, STEP)
        if self.is_wide:
            from archiver.sealing import vectors  # noqa: PLC0415 - a small package does without

            return vectors.counters(first, count)
        halves = array("Q", bytes(count * BLOCK))
        halves[::2] = array("Q", range(first, first + count))
        if sys.byteorder == "big":
            halves.byteswap()
        return memoryview(halves).cast("B")

    def xor(self, data: memoryview, stream: memoryview, into: memoryview) -> None:
        """Write ``data`` XOR ``stream`` into ``into``; all of one length, ``into`` may be one of them."""
        if self.is_wide:
            from archiver.sealing import vectors  # noqa: PLC0415

            return vectors.xor(data, stream, into)
        made = int.from_bytes(data, "little") ^ int.from_bytes(stream, "little")
        into[:] = made.to_bytes(len(into), "little")
        return None


ARITHMETIC = _Arithmetic()
"""That of this process."""


def at_once(key: bytes, data: bytes | memoryview) -> memoryview:
    """Return ``data`` encrypted, or decrypted, with the start of the key stream of ``key``; all in memory."""
    blocks = -(-len(data) // BLOCK)
    made = bytearray(blocks * BLOCK + BLOCK - 1)  # update_into asks for room for one block more
    _cipher(key).update_into(ARITHMETIC.counters(1, blocks), made)
    stream = memoryview(made)[: len(data)]
    ARITHMETIC.xor(memoryview(data), stream, stream)
    return stream


def _cipher(key: bytes) -> CipherContext:
    return Cipher(algorithms.AES256(key), modes.ECB()).encryptor()  # noqa: S305 - one use per block


class Keystream:
    """The key stream of one key, from its start or from anywhere."""

    def __init__(self, key: bytes) -> None:
        self._cipher = _cipher(key)
        self._made = bytearray(STEP + 3 * BLOCK)  # two blocks may be begun, and update_into asks for one more
        self._stream = memoryview(self._made)
        self._position = 0

    def seek(self, position: int) -> None:
        """Go on from byte ``position`` of the data."""
        self._position = position

    def apply(self, data: bytes | bytearray | memoryview) -> memoryview:
        """Return at most :data:`STEP` bytes of ``data`` encrypted, or decrypted.

        The result lives until the next call: write it or copy it.
        """
        block, begun = divmod(self._position, BLOCK)
        blocks = -(-(begun + len(data)) // BLOCK)
        self._cipher.update_into(ARITHMETIC.counters(block + 1, blocks), self._made)
        stream = self._stream[begun : begun + len(data)]
        ARITHMETIC.xor(memoryview(data), stream, stream)
        self._position += len(data)
        return stream
