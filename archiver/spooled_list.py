"""Spooled lists: records that are written once and read again and again, in their order or sorted.

1. Records are packed some at a time (``pickle``); up to ``MEMORY_BYTES`` of them stay in memory.
2. Those after them lie in a nameless temporary file, encrypted and authenticated (ChaCha20-Poly1305, RFC 8439) under
   a key that is in the memory of this process only: no name of a patient is on a disk in the clear, and nobody else
   can write what is unpacked.
3. Sorting is an external merge sort (Knuth, The Art of Computer Programming 3, 5.4): runs are sorted in memory, and
   merged when they are read. A record with long values lies beside the runs, which have its place: else some thousand
   images would be in memory at once.

The file is gone when nobody has the list any more, or when the process ends.
"""

from __future__ import annotations

import heapq
import os
import pickle
import weakref
from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from archiver import temporary_files
from archiver.disk import failures_about
from archiver.errors import DiskFault
from formats.words import mark

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MEMORY_BYTES = 1 << 20
"""Bytes of packed records that a list holds in memory: the rows of some thousand dossiers."""
TOGETHER = 64
"""Records packed at a time; what they have in common is packed once."""
LONG = 4096
"""Bytes of the values of a record from which on it does not lie in a run."""
RUN = 4096
"""Records sorted in memory; a practice of 200,000 dossiers then has 49 runs to merge."""

T = TypeVar("T")


class SpooledList(Collection[T]):
    """List that only grows; what is beyond ``MEMORY_BYTES`` lies in a temporary file near ``folder``."""

    def __init__(self, records: Iterable[T] = (), *, folder: Path | None = None) -> None:
        self._packed = _PackedRecords[T](folder)
        self._last: list[T] = []
        for one in records:
            self.append(one)

    def append(self, record: T) -> None:
        """Add ``record``, which nobody changes afterwards.

        Raises:
            DiskFull, DiskFault: what the disk answered.
        """
        self._last.append(record)
        if len(self._last) == TOGETHER:
            self._packed.add(self._last)
            self._last = []

    def __len__(self) -> int:
        return len(self._packed) * TOGETHER + len(self._last)

    def __contains__(self, record: object) -> bool:
        return any(one == record for one in self)

    def __iter__(self) -> Iterator[T]:
        """Yield the records there are now, in their order.

        Raises:
            DiskFault: what the disk answered.
        """
        packs, last = len(self._packed), tuple(self._last)
        yield from self._packed.between(0, packs)
        yield from last


class SortedSpool(Collection[T]):
    """Records in the order of their keys, equal ones in that in which they were added."""

    def __init__(self, *, folder: Path | None = None) -> None:
        self._packed = _PackedRecords[tuple[Any, T | _Aside]](folder)
        self._long = _PackedRecords[T](folder)
        self._run: list[tuple[Any, T | _Aside]] = []
        self._ends: list[int] = [0]
        self._count = 0

    def add(self, key: Any, record: T) -> None:
        """Add ``record``, whose ``key`` compares with all others.

        Raises:
            DiskFull, DiskFault: what the disk answered.
        """
        self._run.append((key, self._aside(record) if _is_long(record) else record))
        self._count += 1
        if len(self._run) == RUN:
            self._run.sort(key=_KEY)
            for start in range(0, RUN, TOGETHER):
                self._packed.add(self._run[start : start + TOGETHER])
            self._ends.append(len(self._packed))
            self._run = []

    def __len__(self) -> int:
        return self._count

    def __contains__(self, record: object) -> bool:
        return any(one == record for one in self)

    def __iter__(self) -> Iterator[T]:
        """Yield the records; none is added meanwhile.

        Raises:
            DiskFault: what the disk answered.
        """
        runs = (self._packed.between(start, end) for start, end in pairwise(self._ends))
        merged = heapq.merge(*runs, sorted(self._run, key=_KEY), key=_KEY)
        return (self._record(one) for _, one in merged)

    def _aside(self, record: T) -> _Aside:
        self._long.add([record])
        return _Aside(len(self._long) - 1)

    def _record(self, one: T | _Aside) -> T:
        if not isinstance(one, _Aside):
            return one
        (record,) = self._long.between(one.number, one.number + 1)
        return record


@dataclass(frozen=True, slots=True)
class _Aside:
    """The number of a record that lies beside the runs."""

    number: int


def _is_long(record: object) -> bool:
    """Tell whether a row, a mapping from column to value, has long values."""
    return (
        isinstance(record, dict)
        and sum(len(one) for one in record.values() if isinstance(one, str | bytes)) > LONG
    )


_KEY = itemgetter(0)


class _PackedRecords(Generic[T]):
    """Packs of records by their numbers, in memory and then in a file."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._packs: list[bytes] = []
        self._bytes = 0
        self._file: _EncryptedFile | None = None

    def __len__(self) -> int:
        return len(self._packs) + (len(self._file) if self._file else 0)

    def add(self, records: list[T]) -> None:
        data = pickle.dumps(records, protocol=pickle.HIGHEST_PROTOCOL)
        if self._file is None and self._bytes + len(data) <= MEMORY_BYTES:
            self._packs.append(data)
            self._bytes += len(data)
            return
        self._file = self._file or _EncryptedFile(self._folder)
        self._file.append(data)

    def between(self, start: int, end: int) -> Iterator[T]:
        """Yield the records of the packs from ``start`` to before ``end``."""
        for number in range(start, end):
            yield from pickle.loads(self._pack(number))  # noqa: S301 - packed here, and authenticated where it left us

    def _pack(self, number: int) -> bytes:
        if number < len(self._packs) or self._file is None:
            return self._packs[number]
        return self._file.read(number - len(self._packs))


class _EncryptedFile:
    """Byte strings by their numbers, each a message of its own under one key that nobody else has."""

    def __init__(self, folder: Path | None) -> None:
        self._stream = temporary_files.open_nameless(folder)
        weakref.finalize(self, self._stream.close)
        self._ends = array("Q", [0])
        self._cipher = _cipher()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, data: bytes) -> None:
        sealed = self._cipher.encrypt(_nonce(len(self)), data, None)
        with failures_about():
            self._stream.seek(self._ends[-1])
            self._stream.write(sealed)
        self._ends.append(self._ends[-1] + len(sealed))

    def read(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        start, end = self._ends[number], self._ends[number + 1]
        with failures_about():
            self._stream.seek(start)
            sealed = self._stream.read(end - start)
        try:
            return self._cipher.decrypt(_nonce(number), sealed, None)
        except InvalidTag as fault:
            raise DiskFault(reason=mark("a temporary file is not as it was written")) from fault


def _cipher() -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415 - few lists are that long

    return ChaCha20Poly1305(os.urandom(32))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
