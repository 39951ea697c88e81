"""How the members of an archive are packed: whether it is worth trying, at which level, in which blocks."""

from __future__ import annotations

import struct

from isal import isal_zlib

PROBE = 24 << 10
"""Bytes compressed on trial, from three places of a member, to see whether it shrinks at all."""
PROBED_FROM = 4 * PROBE
"""Bytes of a member from which a trial is shorter than the thing itself."""
WORTH_DEFLATING = 0.95
"""A trial that stays above this share of its input is not worth the reader's time."""
LEVEL = 2
"""ISA-L level: volumes and radiographs come out 2 to 4 % smaller than at level 1, in 10 % more time."""
MEMORY = 2
"""ISA-L buffer size for what is long: a larger one shares Huffman tables over more of an image, 1 % longer."""
STORED_BLOCK = 0xFFFF
"""Bytes of the longest stored block of a deflate stream."""


def promises_to_shrink(data: bytes) -> bool:
    """Say whether deflating is worth trying, from pieces before, in and after the middle of ``data``."""
    if len(data) < PROBED_FROM:
        return True
    piece = PROBE // 3
    probe = b"".join(data[at : at + piece] for at in (len(data) * quarter // 4 for quarter in (1, 2, 3)))
    return shrinks(len(deflate(probe)), len(probe))


def deflate(data: bytes) -> bytes:
    """Return ``data`` as a raw deflate stream (RFC 1951)."""
    if len(data) < PROBED_FROM:
        packed: bytes = isal_zlib.compress(data, LEVEL, -15)
        return packed
    packer = new_packer()
    return b"".join((packer.compress(data), packer.flush()))


def new_packer() -> isal_zlib.Compress:
    """Return what packs a long member."""
    return isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, -15, MEMORY)


def shrinks(packed: int, size: int) -> bool:
    """Say whether ``size`` bytes in ``packed`` are worth the reader's time."""
    return packed < size * WORTH_DEFLATING


def stored_block(data: memoryview) -> bytes:
    """Return ``data`` as one block of a deflate stream that ends at a byte and goes on (RFC 1951, 3.2.4)."""
    return struct.pack("<BHH", 0, len(data), len(data) ^ STORED_BLOCK) + bytes(data)
