"""AES-256 in counter mode with a little-endian counter from 1, as WinZip AES wants it.

``cryptography`` counts big-endian only, so blocks of counters made by numpy
go through AES-ECB and are XORed onto the data, an eighth of a mebibyte at a
time, so that data, key stream and result stay in the processor's cache.
"""

from __future__ import annotations

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

BLOCK = 16
"""Bytes of an AES block."""
STEP = 128 * 1024
"""Bytes of key stream made at a time."""

_BLOCKS = STEP // BLOCK


def at_once(key: bytes, data: bytes | memoryview) -> memoryview:
    """Return ``data`` encrypted, or decrypted, with the start of the key stream of ``key``; all in memory."""
    blocks = -(-len(data) // BLOCK)
    made = bytearray(blocks * BLOCK + BLOCK - 1)  # update_into asks for room for one block more
    _cipher(key).update_into(_bytes_of(_counters(1, blocks)), made)
    stream = np.frombuffer(made, dtype=np.uint8, count=len(data))
    np.bitwise_xor(np.frombuffer(data, dtype=np.uint8), stream, out=stream)
    return stream.data


def _cipher(key: bytes) -> CipherContext:
    return Cipher(algorithms.AES256(key), modes.ECB()).encryptor()  # noqa: S305 - one use per block


def _counters(first: int, count: int) -> np.ndarray:
    """Return ``count`` blocks of counters, the upper halves 0: enough for 2**68 bytes."""
    counters = np.zeros((count, 2), dtype="<u8")
    counters[:, 0] = np.arange(first, first + count, dtype="<u8")
    return counters


def _bytes_of(counters: np.ndarray) -> memoryview:
    return counters.reshape(-1).view(np.uint8).data


class Keystream:
    """The key stream of one key, from its start or from anywhere."""

    def __init__(self, key: bytes) -> None:
        self._cipher = _cipher(key)
        self._made = bytearray(STEP + BLOCK - 1)  # update_into asks for room for one block more
        self._stream = np.frombuffer(self._made, dtype=np.uint8, count=STEP)
        self._result = np.empty(STEP, dtype=np.uint8)
        self.seek(0)

    def seek(self, position: int) -> None:
        """Go on from byte ``position`` of the data."""
        step, self._used = divmod(position, STEP)
        self._counters = _counters(step * _BLOCKS + 1, _BLOCKS)
        self._make()

    def apply(self, data: bytes | bytearray | memoryview) -> memoryview:
        """Return at most :data:`STEP` bytes of ``data`` encrypted, or decrypted.

        The result lives until the next call: write it or copy it.
        """
        given = np.frombuffer(data, dtype=np.uint8)
        done = 0
        while done < len(given):
            if self._used == STEP:
                self._counters[:, 0] += np.uint64(_BLOCKS)
                self._make()
            count = min(len(given) - done, STEP - self._used)
            np.bitwise_xor(
                given[done : done + count],
                self._stream[self._used : self._used + count],
                out=self._result[done : done + count],
            )
            self._used += count
            done += count
        return self._result.data[:done]

    def _make(self) -> None:
        self._cipher.update_into(_bytes_of(self._counters), self._made)
        self._used %= STEP
