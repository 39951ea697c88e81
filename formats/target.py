"""Where bytes go, front to back: a file, a pipe, a cipher."""

from __future__ import annotations

from typing import Any, Protocol


class Target(Protocol):
    """Takes bytes and says how many; a memory view given to it is gone after the call."""

    def write(self, data: bytes | memoryview, /) -> int | None: ...


def write_all(target: Target, data: bytes | memoryview) -> None:
    """Write the whole of ``data``: a raw file may take less than it is given, or ``None`` at this moment."""
    taken = target.write(data) or 0
    while taken < len(data):
        data = memoryview(data)[taken:]
        taken = target.write(data) or 0


class WholeTarget:
    """A target that takes every byte, for writers that do not look at how many were taken."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def write(self, data: bytes | memoryview, /) -> int:
        """Write the whole of ``data``."""
        write_all(self._target, data)
        return len(data)


class Writer(Protocol):
    """Writes one value to a target front to back: the same bytes for the same value, options and clock."""

    def __call__(self, value: Any, target: Target, /, *_: Any, **options: Any) -> None: ...
