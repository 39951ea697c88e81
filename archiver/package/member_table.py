"""Members of a package, packed: where each lies, what was read of it, and what a list says of it.

One table of names is shared by everything that speaks of the same members. What stands beside a name is a row of
numbers and digests, not an object: a package of 200,000 members takes 40 MB, where objects took 300.
"""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Iterator, Mapping, ValuesView
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from archiver.package.file_slice import file_slice
from formats.digests import SHA256, Digest
from formats.name_table import NameTable

Row_co = TypeVar("Row_co", covariant=True)


class Place(NamedTuple):
    """Where a member lies: ``size`` bytes of the file at ``path`` from ``offset`` on.

    ``crc32`` is what the container says about it; a folder says nothing.
    """

    path: Path
    offset: int
    size: int
    crc32: int | None = None

    def open(self) -> BinaryIO:
        """Open the member for reading; the stream can seek."""
        return file_slice(self.path, self.offset, self.size)


Contents = Mapping[str, Place]
"""Every member of a package by its name."""


class RowTable(Mapping[str, Row_co]):
    """A row for each of the first names of ``names``, of which there may be more."""

    def __init__(self, names: NameTable) -> None:
        self.names = names

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def row(self, number: int) -> Row_co:
        """Return the row of the name ``number``."""

    def __getitem__(self, name: str) -> Row_co:
        number = self.names.find(name)
        if not 0 <= number < len(self):
            raise KeyError(name)
        return self.row(number)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and 0 <= self.names.find(name) < len(self)

    def __iter__(self) -> Iterator[str]:
        return map(self.names.__getitem__, range(len(self)))

    def values(self) -> ValuesView[Row_co]:
        """Return the rows in their order, without looking each up by its name."""
        return _Rows(self)


class _Rows(ValuesView[Row_co]):
    _mapping: RowTable[Row_co]

    def __iter__(self) -> Iterator[Row_co]:
        return map(self._mapping.row, range(len(self._mapping)))


class MemberTable(RowTable[Place]):
    """Members in the file at ``path``, or laid open in that folder."""

    def __init__(self, path: Path, names: NameTable) -> None:
        super().__init__(names)
        self._path = path
        self._offsets, self._sizes, self._sums = array("Q"), array("Q"), array("I")

    def __len__(self) -> int:
        return len(self._sizes)

    def add(self, *, offset: int, size: int, crc32: int) -> None:
        """Add where the next of the names lies in the file."""
        self._offsets.append(offset)
        self._sizes.append(size)
        self._sums.append(crc32)

    def add_file(self, size: int) -> None:
        """Add the file of ``size`` bytes that the next of the names is in the folder."""
        self._sizes.append(size)

    def stated(self, number: int) -> tuple[int, int | None]:
        """Return the size of the member ``number``, and its CRC-32 where it lies in a file."""
        return self._sizes[number], self._sums[number] if self._offsets else None

    def row(self, number: int) -> Place:
        """Return where the member ``number`` lies."""
        size = self._sizes[number]
        if not self._offsets:
            return Place(path=self._path.joinpath(*self.names[number].split("/")), offset=0, size=size)
        return Place(path=self._path, offset=self._offsets[number], size=size, crc32=self._sums[number])


class DigestTable(Mapping[str, Digest]):
    """Digests by names, all under one ``algorithm``: that of the first that is put in.

    They are in the order in which they were added; ``names`` has these names and others.
    """

    def __init__(self, names: NameTable) -> None:
        self.names = names
        self.algorithm = SHA256
        self._values = bytearray()
        self._numbers = array("I")
        self._rows = array("I", bytes(4 * len(names)))

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return map(self.names.__getitem__, self._numbers)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.has(self.names.find(name))

    def __getitem__(self, name: str) -> Digest:
        found = self.at(self.names.find(name))
        if found is None:
            raise KeyError(name)
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return len(self) == len(other) and all(other.get(name) == self[name] for name in self)

    __hash__ = None  # type: ignore[assignment]

    def at(self, number: int) -> Digest | None:
        """Return the digest of the name ``number``, or nothing where it has none."""
        if not self.has(number):
            return None
        size = self.algorithm.size
        end = self._rows[number] * size
        return Digest(self.algorithm, bytes(self._values[end - size : end]))

    def contradicts(self, number: int, digest: Digest) -> bool:
        """Say whether the name ``number`` has another digest than ``digest``; without any it has not."""
        end = self._rows[number] * len(digest.value) if number < len(self._rows) else 0
        if not end:
            return False
        return (
            self._values[end - len(digest.value) : end] != digest.value or self.algorithm != digest.algorithm
        )

    def has(self, number: int) -> bool:
        """Say whether the name ``number`` has a digest."""
        return 0 <= number < len(self._rows) and self._rows[number] > 0

    def put(self, number: int, digest: Digest) -> None:
        """Add the digest of the name ``number``, which has none; all are under the algorithm of the first.

        Raises:
            ValueError: when it is under another one.
        """
        if not self._numbers:
            self.algorithm = digest.algorithm
        elif digest.algorithm != self.algorithm:
            raise ValueError(digest.algorithm.name)
        if number >= len(self._rows):
            self._rows.extend(array("I", bytes(4 * (len(self.names) - len(self._rows)))))
        self._values += digest.value
        self._numbers.append(number)
        self._rows[number] = len(self._numbers)


def digest_table(digests: Mapping[str, Digest]) -> DigestTable:
    """Return ``digests`` in a table of their own."""
    table = DigestTable(NameTable())
    for name, digest in digests.items():
        table.put(table.names.add(name), digest)
    return table


def names_of(mapping: Mapping[str, object]) -> NameTable:
    """Return a table that begins with the names of ``mapping``, in their order: its own, where it has one."""
    if isinstance(mapping, RowTable):
        return mapping.names
    names = NameTable()
    for name in mapping:
        names.add(name)
    return names
