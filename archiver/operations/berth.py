"""Where a sealed unit waits for its turn: a short one in memory, a long one in a nameless file beside the package.

A berth is used again and again. What comes back from another process is the
short unit itself, or only the word that it lies in its berth.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from archiver import disk

HELD = 256 << 10
"""Bytes of a unit that is held in memory: most dossiers without volumes or panoramics."""
KEPT = 16 << 20
"""Bytes a free berth may go on occupying; taking blocks anew costs more than writing them, but they add up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moored:
    """A unit that waits: ``held`` is the whole of it, or it is the first ``size`` bytes of its ``berth``."""

    berth: Path
    size: int
    held: bytes | None = field(default=None, repr=False)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO | bytes]:
        """Give the unit to read, as bytes or as a file."""
        if self.held is not None:
            yield self.held
        else:
            with disk.told(), self.berth.open("rb") as stream:
                yield stream

    def leave(self) -> None:
        """Let the next unit have the berth."""
        if self.held is None and self.size > KEPT:
            disk.empty(self.berth)


class Mooring:
    """Takes a sealed unit front to back, and sends it to its berth once it is too long to be held."""

    def __init__(self, berth: Path) -> None:
        self._berth = berth
        self._held = bytearray()
        self._size = 0
        self._stream: BinaryIO | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def write(self, data: memoryview | bytes, /) -> int:
        """Take ``data``."""
        self._size += len(data)
        if self._stream is None:
            if self._size <= HELD:
                self._held += data
                return len(data)
            self._stream = self._open.enter_context(disk.berth_opened(self._berth))
            _write_all(self._stream, self._held)
            self._held.clear()
        _write_all(self._stream, data)
        return len(data)

    def moored(self) -> Moored:
        """Return the unit as it waits now."""
        held = bytes(self._held) if self._stream is None else None
        return Moored(berth=self._berth, size=self._size, held=held)


def _write_all(stream: BinaryIO, data: memoryview | bytes | bytearray) -> None:
    left = memoryview(data)
    while left:  # a raw file may take less than it is given
        left = left[stream.write(left) :]
