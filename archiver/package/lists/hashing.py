"""Digests of members where they lie, on several cores at once, each byte read once.

Threads are enough: hashing and reading both release the interpreter lock.
From memory and from disk alike the digest is the limit, not the reading.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from io import FileIO
from pathlib import Path
from threading import Event, Lock
from typing import NamedTuple, Self

from isal import isal_zlib

from archiver.disk import failures_about
from archiver.errors import Interrupted
from archiver.package.member_table import Contents, Place, RowTable, names_of
from formats.digests import SHA256, Digest, DigestAlgorithm
from formats.name_table import NameTable
from formats.regular_files import open_raw

PIECE = 1 << 19
"""Bytes hashed at a time: long enough that calls cost nothing, short enough to stay in the second-level cache."""
REPORT = 8 << 20
"""Bytes between two words of progress from the same thread."""

Progress = Callable[[int], None]
"""Told how many more bytes are done; never from two threads at once."""


class HashedMember(NamedTuple):
    """What was read of a member: its SHA-256, CRC-32, and length in bytes.

    ``others`` are its digests under the other hash functions that were asked for.
    """

    digest: Digest
    crc32: int
    size: int
    others: tuple[Digest, ...] = ()

    @property
    def digests(self) -> Mapping[DigestAlgorithm, Digest]:
        """Its digest under every hash function."""
        return {one.algorithm: one for one in (self.digest, *self.others)}


class HashedMembers(RowTable[HashedMember]):
    """What was read of the first ``count`` members of ``names``, under SHA-256 and ``others``."""

    def __init__(self, names: NameTable, count: int, others: Iterable[DigestAlgorithm]) -> None:
        super().__init__(names)
        self._sums, self._sizes = array("I", bytes(4 * count)), array("Q", bytes(8 * count))
        self._values = {one: bytearray(count * one.size) for one in (SHA256, *others)}

    def __len__(self) -> int:
        return len(self._sums)

    def row(self, number: int) -> HashedMember:
        """Return what was read of the member ``number``."""
        digest, *others = (self.digest(number, algorithm) for algorithm in self._values)
        return HashedMember(digest, self._sums[number], self._sizes[number], tuple(others))

    def digest(self, number: int, algorithm: DigestAlgorithm = SHA256) -> Digest:
        """Return the digest of the member ``number`` under one of the hash functions."""
        start = number * algorithm.size
        return Digest(algorithm, bytes(self._values[algorithm][start : start + algorithm.size]))

    def size(self, number: int) -> int:
        """Return the size of the member ``number``."""
        return self._sizes[number]

    def found(self, number: int, algorithm: DigestAlgorithm) -> tuple[Digest, int, int]:
        """Return a digest of the member ``number``, its size and its CRC-32."""
        return self.digest(number, algorithm), self._sizes[number], self._sums[number]

    def put(self, number: int, found: HashedMember) -> None:
        """Note what was read of the member ``number``."""
        self._sums[number], self._sizes[number] = found.crc32, found.size
        self._put(number, found.digest)
        for one in found.others:
            self._put(number, one)

    def _put(self, number: int, digest: Digest) -> None:
        size = digest.algorithm.size
        self._values[digest.algorithm][number * size : (number + 1) * size] = digest.value


def silent(_done: int) -> None:
    """Progress nobody watches."""


def hash_members(
    contents: Contents, *, threads: int, progress: Progress = silent, besides: Iterable[DigestAlgorithm] = ()
) -> HashedMembers:
    """Return the digests of every member; ``besides`` are hash functions after SHA-256.

    Raises:
        DiskFault: when the disk refuses to give a member.
    """
    others = _others(besides)
    results = HashedMembers(names_of(contents), len(contents), others)
    queue = enumerate(contents.values())
    lock, stop = Lock(), Event()

    def report_progress(done: int) -> None:
        if stop.is_set():
            raise Interrupted
        with lock:
            progress(done)

    def next_member() -> tuple[int, Place] | None:
        with lock:
            return None if stop.is_set() else next(queue, None)

    def work() -> None:
        with _Reader(report_progress, others) as reader:
            while member := next_member():
                results.put(member[0], reader.hash(member[1]))
            reader.tell()

    if threads == 1:  # nobody else to share the work with
        work()
        return results
    with ThreadPoolExecutor(max_workers=threads) as pool:
        jobs = [pool.submit(work) for _ in range(threads)]
        try:
            for job in as_completed(jobs):
                job.result()
        finally:
            # after a fault or Ctrl-C nobody waits for the members that are left
            stop.set()
    return results


def hash_pieces(
    pieces: Iterable[bytes | memoryview], besides: Iterable[DigestAlgorithm] = ()
) -> HashedMember:
    """Return the digests of what ``pieces`` make, one after the other, as ``hash_members`` does of a member."""
    sha256 = hashlib.sha256()
    algorithms = _others(besides)
    others = [one.new() for one in algorithms]
    crc, size = 0, 0
    for piece in pieces:
        sha256.update(piece)
        for other in others:
            other.update(piece)
        crc = isal_zlib.crc32(piece, crc)
        size += len(piece)
    pairs = zip(algorithms, others, strict=True) if others else ()
    digests = tuple(Digest(algorithm, other.digest()) for algorithm, other in pairs)
    return HashedMember(Digest(SHA256, sha256.digest()), crc, size, digests)


def _others(besides: Iterable[DigestAlgorithm]) -> tuple[DigestAlgorithm, ...]:
    """Return each of ``besides`` once, without SHA-256."""
    return tuple(one for one in dict.fromkeys(besides) if one != SHA256)


class _Reader:
    """One thread's open file and buffer, kept from member to member."""

    def __init__(self, progress: Progress, others: tuple[DigestAlgorithm, ...]) -> None:
        self._progress = progress
        self._others = others
        self._path: Path | None = None
        self._stream: FileIO | None = None
        self._buffer = memoryview(bytearray(PIECE))
        self._unsaid = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def hash(self, place: Place) -> HashedMember:
        """Return the digest of what lies at ``place``; a file cut short gives fewer bytes."""
        return hash_pieces(self._pieces(place), self._others)

    def tell(self) -> None:
        """Say what was hashed since it was last said; short members are said together."""
        self._progress(self._unsaid)
        self._unsaid = 0

    def _pieces(self, place: Place) -> Iterator[memoryview]:
        with failures_about():
            stream = self._open(place.path)
            stream.seek(place.offset)
            left = place.size
            while left:
                taken = stream.readinto(self._buffer[: min(left, PIECE)])
                if not taken:
                    return
                left -= taken
                yield self._buffer[:taken]
                self._unsaid += taken
                if self._unsaid >= REPORT:
                    self.tell()

    def _open(self, path: Path) -> FileIO:
        if self._stream is not None and (path is self._path or path == self._path):
            return self._stream
        self._close()
        self._path, self._stream = path, open_raw(path)
        return self._stream

    def _close(self) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
            self._stream = None
