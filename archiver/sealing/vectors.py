"""Counters and XOR with numpy, which takes longer to load than a small package to encrypt."""

from __future__ import annotations

import numpy as np

_WIDE = np.zeros(64, dtype=np.uint8)
"""As many bytes as the widest vector register of any processor has."""


def counters(first: int, count: int) -> memoryview:
    """Return ``count`` blocks of little-endian counters from ``first`` on, the upper halves 0."""
    made = np.zeros((count, 2), dtype="<u8")
    made[:, 0] = np.arange(first, first + count, dtype="<u8")
    return made.reshape(-1).view(np.uint8).data


def xor(data: memoryview, stream: memoryview, into: memoryview) -> None:
    """Write ``data`` XOR ``stream`` into ``into``."""
    one, other, result = (np.frombuffer(each, dtype=np.uint8) for each in (data, stream, into))
    np.bitwise_xor(one, other, out=result)


def leave_wide_registers() -> None:
    """Let the processor forget the upper halves of its vector registers, as numpy's wide loops do at their end."""
    np.bitwise_xor(_WIDE, _WIDE, out=_WIDE)
