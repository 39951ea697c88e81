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
from types import MappingProxyType
from typing import NamedTuple, Self

from isal import isal_zlib

from archiver.disk import failures_about
from archiver.errors import Interrupted
from archiver.package.member_table import Contents, Place, RowTable, names_of
from formats.name_table import NameTable
from formats.regular_files import open_raw

PIECE = 1 << 19
"""Bytes hashed at a time: long enough that calls cost nothing, short enough to stay in the second-level cache."""
ALWAYS = "sha256"
"""What every list of a package uses; old evidence may rest on weaker ones as well."""
NO_OTHERS: Mapping[str, bytes] = MappingProxyType({})
"""Shared by all members of a package without evidence: there may be 500,000."""
REPORT = 8 << 20
"""Bytes between two words of progress from the same thread."""

Progress = Callable[[int], None]
"""Told how many more bytes are done; never from two threads at once."""


class MemberDigest(NamedTuple):
    """What was read of a member: its SHA-256 (32 bytes), CRC-32, and length in bytes.

    ``others`` are its digests under the other hash functions that were asked for.
    """

    sha256: bytes
    crc32: int
    size: int
    others: Mapping[str, bytes]

    def digest(self, hash_name: str) -> bytes:
        """Return its digest under one of the hash functions."""
        return self.sha256 if hash_name == ALWAYS else self.others[hash_name]

    @property
    def digests(self) -> Mapping[str, bytes]:
        """Its digest under every hash function, by the names of ``hashlib``."""
        return {ALWAYS: self.sha256, **self.others}


class HashedMembers(RowTable[MemberDigest]):
    """What was read of the first ``count`` members of ``names``, under SHA-256 and ``others`` by their names."""

    def __init__(self, names: NameTable, count: int, others: Iterable[str]) -> None:
        super().__init__(names)
        self._sha256 = bytearray(count * hashlib.sha256().digest_size)
        self._sums, self._sizes = array("I", bytes(4 * count)), array("Q", bytes(8 * count))
        self._others = {name: bytearray(count * _length(name)) for name in others}

    def __len__(self) -> int:
        return len(self._sums)

    def row(self, number: int) -> MemberDigest:
        """Return what was read of the member ``number``."""
        others = NO_OTHERS
        if self._others:
            others = {name: _at(digests, number, _length(name)) for name, digests in self._others.items()}
        sha256 = bytes(self._sha256[32 * number : 32 * number + 32])
        return MemberDigest(sha256=sha256, crc32=self._sums[number], size=self._sizes[number], others=others)

    def found(self, number: int, hash_name: str = ALWAYS) -> tuple[bytes, int, int]:
        """Return a digest of the member ``number``, its size and its CRC-32."""
        digests = self._sha256 if hash_name == ALWAYS else self._others[hash_name]
        length = len(digests) // len(self._sums)
        digest = bytes(digests[length * number : length * (number + 1)])
        return digest, self._sizes[number], self._sums[number]

    def put(self, number: int, found: MemberDigest) -> None:
        """Note what was read of the member ``number``."""
        self._sha256[32 * number : 32 * number + 32] = found.sha256
        self._sums[number], self._sizes[number] = found.crc32, found.size
        for name, digest in found.others.items():
            start = number * len(digest)
            self._others[name][start : start + len(digest)] = digest


def _at(digests: bytearray, number: int, length: int) -> bytes:
    return bytes(digests[number * length : (number + 1) * length])


def _length(hash_name: str) -> int:
    return hashlib.new(hash_name, usedforsecurity=False).digest_size


def silent(_done: int) -> None:
    """Progress nobody watches."""


def hash_members(
    contents: Contents, *, threads: int, progress: Progress = silent, besides: Iterable[str] = ()
) -> HashedMembers:
    """Return the digests of every member; ``besides`` names hash functions of ``hashlib`` after SHA-256.

    Raises:
        DiskFault: when the disk refuses to give a member.
    """
    others = tuple(name for name in dict.fromkeys(besides) if name != ALWAYS)
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


def hash_bytes(data: bytes, besides: Iterable[str] = ()) -> MemberDigest:
    """Return the digests of ``data``, as ``hash_members`` does of a member."""
    names = [name for name in dict.fromkeys(besides) if name != ALWAYS]
    others = {name: hashlib.new(name, data, usedforsecurity=False).digest() for name in names}
    digest, crc = hashlib.sha256(data).digest(), isal_zlib.crc32(data)
    return MemberDigest(sha256=digest, crc32=crc, size=len(data), others=others)


class _Reader:
    """One thread's open file and buffer, kept from member to member."""

    def __init__(self, progress: Progress, others: tuple[str, ...]) -> None:
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

    def hash(self, place: Place) -> MemberDigest:
        """Return the digest of what lies at ``place``; a file cut short gives fewer bytes."""
        sha256 = hashlib.sha256()
        others = {name: hashlib.new(name, usedforsecurity=False) for name in self._others}
        crc, size = 0, 0
        for piece in self._pieces(place):
            sha256.update(piece)
            for other in others.values():
                other.update(piece)
            crc = isal_zlib.crc32(piece, crc)
            size += len(piece)
            self._unsaid += len(piece)
            if self._unsaid >= REPORT:
                self.tell()
        digests = {name: other.digest() for name, other in others.items()} if others else NO_OTHERS
        return MemberDigest(sha256=sha256.digest(), crc32=crc, size=size, others=digests)

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
