"""Bloom filter: which texts were surely never added to a set, in a room that does not grow with it."""

from __future__ import annotations

BITS = 25
"""Power of two of the bits: 4 MiB, in which two million texts leave one in a hundred others undecided."""
_MASK = (1 << BITS) - 1


class BloomFilter:
    """Bloom filter (two hashes) of texts: ``in`` is wrong about a few that were never added, and about no other."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << BITS - 3)

    def add(self, text: str) -> bool:
        """Add ``text``; return whether it was surely not added before."""
        number, bits = hash(text), self._bits
        place, bit = (number & _MASK) >> 3, 1 << (number & 7)
        new = not bits[place] & bit
        bits[place] |= bit
        number >>= BITS
        place, bit = (number & _MASK) >> 3, 1 << (number & 7)
        new = new or not bits[place] & bit
        bits[place] |= bit
        return new

    def __contains__(self, text: str) -> bool:
        """Tell whether ``text`` may have been added."""
        number, bits = hash(text), self._bits
        if not bits[(number & _MASK) >> 3] >> (number & 7) & 1:
            return False
        number >>= BITS
        return bool(bits[(number & _MASK) >> 3] >> (number & 7) & 1)
