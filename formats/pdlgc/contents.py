"""The members of an archive as they are read: all that were listed, each with the sum it was listed with."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from formats.findings import Finding, Severity
from formats.outside_files.folder import FolderArchive
from formats.pdlgc import layout
from formats.pdlgc.errors import ArchiveChanged, ArchiveIncomplete
from formats.pdlgc.sums import MAX_SUMS_BYTES, read_sums
from formats.words import mark
from formats.zip.archive import ZipArchive
from formats.zip.limits import ZipLimits
from formats.zip.member import PIECE

if TYPE_CHECKING:
    from hashlib import _Hash

    Sums: TypeAlias = list[tuple[_Hash, str]]
    """Hash objects, and what each must come to in lower-case hexadecimal."""


class ArchiveContents:
    """The archive in ``source``, a ZIP or a folder; ``findings`` name the members its list of sums does not have.

    In a folder members have the names that people gave them; in a ZIP only readable copies have, others are ASCII.

    Raises:
        ZipRefused, UnsafeName, LimitExceeded: for what is no plain ZIP archive.
        ArchiveIncomplete: when the list of sums, or a member it names, is missing.
    """

    def __init__(self, source: BinaryIO | FolderArchive, *, limits: ZipLimits | None = None) -> None:
        folder = isinstance(source, FolderArchive)
        self._zip = source if isinstance(source, FolderArchive) else ZipArchive(source, limits=limits)
        if layout.SUMS not in self._zip.members:
            raise ArchiveIncomplete(name=layout.SUMS)
        self._sums = read_sums(self._zip.read(layout.SUMS, limit=MAX_SUMS_BYTES), own_names=folder)
        for name in self._sums:
            if name not in self._zip.members:
                raise ArchiveIncomplete(name=name)
        unlisted = sorted({*self._zip.members} - {*self._sums, layout.SUMS})
        seen = source.findings if isinstance(source, FolderArchive) else ()
        self.findings = (*seen, *(_unlisted(name) for name in unlisted))

    @property
    def names(self) -> tuple[str, ...]:
        """The listed members, in the order of the list."""
        return tuple(self._sums)

    def size(self, name: str) -> int:
        """Return the length of a listed member in bytes."""
        self._require(name)
        return self._zip.members[name].size

    def sum(self, name: str) -> str:
        """Return the SHA-256 a member is listed with."""
        self._require(name)
        return self._sums[name]

    def open(self, name: str, *, sha1: str = "") -> BinaryIO:
        """Return a listed member, whose SHA-1 is also compared where it is given, in lower-case hexadecimal.

        Raises:
            ArchiveChanged, ZipDamaged: when it is another; of a long member with its last byte.
        """
        self._require(name)
        expected = [(hashlib.sha256(), self._sums[name])]
        if sha1:
            expected.append((hashlib.sha1(usedforsecurity=False), sha1))
        data = self._zip.at_once(name)
        if data is not None:
            for state, _ in expected:
                state.update(data)
            _require_sums(name, expected)
            return io.BytesIO(data)
        return io.BufferedReader(_Summed(self._zip.stream(name), name, expected), PIECE)

    @contextmanager
    def whole(self, name: str, *, sha1: str = "") -> Iterator[BinaryIO]:
        """Open a member that is read to its end, so that its sums have been checked afterwards."""
        with self.open(name, sha1=sha1) as stream:
            yield stream
            while stream.read(PIECE):
                pass

    def unread(self, used: Iterable[str]) -> Iterator[Finding]:
        """Yield a finding for every listed member that is not among ``used``."""
        for name in sorted({*self._sums} - set(used)):
            yield Finding(
                severity=Severity.NOTE,
                code="archive-member-unread",
                where=name,
                sentence=mark("The archive holds a file that no record refers to: {name}. It was not read."),
                facts={"name": name},
            )

    def _require(self, name: str) -> None:
        if name not in self._sums:
            raise ArchiveIncomplete(name=name)


def _unlisted(name: str) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="archive-member-unlisted",
        where=name,
        sentence=mark(
            "The archive holds a file that its list of sums does not name: {name}. It was not read."
        ),
        facts={"name": name},
    )


def _require_sums(name: str, expected: Sums) -> None:
    if any(state.hexdigest() != value for state, value in expected):
        raise ArchiveChanged(name=name)


class _Summed(io.RawIOBase):
    """A stream that knows the digests it must have."""

    def __init__(self, body: io.RawIOBase, name: str, expected: Sums) -> None:
        self._body = body
        self._name = name
        self._expected = expected

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._body.readinto(buffer) or 0
        for state, _ in self._expected:
            state.update(memoryview(buffer)[:count])
        if not count:
            _require_sums(self._name, self._expected)
        return count

    def close(self) -> None:
        self._body.close()
        super().close()
