"""Spool of sealed units on their way into a package: a short one in memory, a long one in a nameless file beside it.

The files are the spool's *slots*, used again and again. What comes back from another process is the
short unit itself, or only the word that it lies in its slot. The spool bounds how many units wait, and
how many bytes they have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from archiver import disk, temporary_files
from formats.target import write_all

MEMORY_BYTES = 256 << 10
"""Bytes of a unit that is held in memory: most dossiers without volumes or panoramics."""
IDLE_BYTES = 4 << 20
"""Bytes a free slot may go on occupying; taking blocks anew costs more than writing them, but they add up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpooledUnit:
    """A unit that waits: ``content`` is the whole of it, or it lies at the beginning of its ``place``."""

    place: Path
    content: bytes | None = field(default=None, repr=False)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO | bytes]:
        """Give the unit to read, as bytes or as a file."""
        if self.content is not None:
            yield self.content
        else:
            with disk.failures_about(), self.place.open("rb") as stream:
                yield stream


class Spool:
    """Bounded pool of the slots of one export.

    Besides the longest unit the others have at most ``max_waiting`` bytes, as far as
    their sizes were told beforehand; so one unit is always admitted when no other
    is there, however long it is.
    """

    def __init__(self, slots: Iterable[Path], *, max_waiting: int) -> None:
        self._free = deque(slots)
        self._max_waiting = max_waiting
        self._sizes: dict[Path, int] = {}

    def admits(self, size: int) -> bool:
        """Say whether a unit of about ``size`` bytes can have a slot now."""
        sizes = (*self._sizes.values(), size)
        return bool(self._free) and sum(sizes) - max(sizes) <= self._max_waiting

    def take(self, size: int) -> Path:
        """Return a slot for a unit of about ``size`` bytes, which ``admits`` has let in."""
        place = self._free.popleft()
        self._sizes[place] = size
        return place

    def leave(self, spooled: SpooledUnit, size: int) -> None:
        """Let the next unit have the slot of one that had ``size`` bytes."""
        if spooled.content is None and size > IDLE_BYTES:
            temporary_files.empty(spooled.place)
        del self._sizes[spooled.place]
        self._free.append(spooled.place)


class SpoolWriter:
    """Writer of one sealed unit, front to back, into memory and, past ``MEMORY_BYTES``, into its slot."""

    def __init__(self, place: Path) -> None:
        self._slot = place
        self._content = bytearray()
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
            if self._size <= MEMORY_BYTES:
                self._content += data
                return len(data)
            self._stream = self._open.enter_context(temporary_files.open_temporary(self._slot))
            write_all(self._stream, bytes(self._content))
            self._content.clear()
        write_all(self._stream, data)
        return len(data)

    def spooled(self) -> SpooledUnit:
        """Return the unit as it waits now."""
        content = bytes(self._content) if self._stream is None else None
        return SpooledUnit(place=self._slot, content=content)
