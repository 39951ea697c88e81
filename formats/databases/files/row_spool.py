"""Rows put aside while a file is read that can be read from its beginning only: workbooks, JSON, XML, calendars.

They lie in one temporary file without a name, each row a message of its own (ChaCha20-Poly1305, RFC 8439) under a key
that is in the memory of this process alone: no name of a patient is on a disk in the clear. A place is the number of a
row; 8 bytes a row are held. So the file itself is read once, and is whole before a row of it is believed.
"""

from __future__ import annotations

import json
import os
import tempfile
from array import array
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, cast

from formats.databases.files.table_file import check_columns
from formats.databases.tables import Cells, SourceTable, SourceUnreachable, Value, check_count
from formats.errors import reason_of
from formats.words import mark

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MEMORY_BYTES = 1 << 20
"""Bytes of a spool that stay in memory; what is more lies in a file."""
LENGTH_BYTES = 4
"""Bytes that say how long a row is; a row has 64 MiB at most."""
MAX_EXACT = 1 << 63
"""From here on a whole number is more than a database keeps: it travels as text."""


class SpoolFile:
    """The file in which rows are put aside: one for all tables of a source, however many they are."""

    def __init__(self) -> None:
        self._end = 0

    @cached_property
    def _stream(self) -> BinaryIO:
        return cast("BinaryIO", tempfile.SpooledTemporaryFile(MEMORY_BYTES))

    @cached_property
    def _cipher(self) -> ChaCha20Poly1305:
        return _cipher()

    def append(self, packed: bytes, name: str) -> int:
        """Put ``packed`` behind what is there, and return where it begins.

        Raises:
            SourceUnreachable: when there is no room for it; it names ``name``.
        """
        place = self._end
        sealed = self._cipher.encrypt(_nonce(place), packed, None)
        try:
            self._stream.seek(place)
            self._stream.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
        except OSError as fault:
            raise SourceUnreachable(where=name, reason=reason_of(fault)) from fault
        self._end += LENGTH_BYTES + len(sealed)
        return place

    def read(self, place: int, name: str) -> bytes:
        """Return what begins at ``place``.

        Raises:
            SourceUnreachable: when the file is not as it was written; it names ``name``.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - a tenth of a second

        try:
            self._stream.seek(place)
            length = int.from_bytes(self._stream.read(LENGTH_BYTES), "big")
            return self._cipher.decrypt(
                _nonce(place), self._stream.read(min(length, self._end - place)), None
            )
        except (OSError, InvalidTag, ValueError) as fault:
            reason = mark("a temporary file is not as it was written")
            raise SourceUnreachable(where=name, reason=reason) from fault

    def close(self) -> None:
        """Let the file go."""
        if "_stream" in vars(self):
            self._stream.close()


class RowSpool:
    """The rows of one table: added in their order, then read in any; without ``file`` they lie in one of their own."""

    def __init__(self, name: str, file: SpoolFile | None = None) -> None:
        self.name = name
        self._columns: dict[str, int] = {}
        self._places = array("Q")
        self._own = file is None
        self._file = file or SpoolFile()

    def add(self, cells: Cells) -> None:
        """Put a row aside, whose cells are texts, numbers or nothing.

        Raises:
            LimitExceeded: past the columns or rows of a table.
            SourceUnreachable: when there is no room for it.
        """
        columns = self._columns
        for column in cells:
            if column not in columns:
                check_columns(len(columns) + 1, self.name)
                columns[column] = len(columns)
        packed = json.dumps([[columns[column] for column in cells], list(cells.values())])
        self._places.append(self._file.append(packed.encode(), self.name))

    def __len__(self) -> int:
        return len(self._places)

    def declare(self, columns: Iterable[str]) -> None:
        """Name columns in their order, before rows that may not have all of them."""
        for column in columns:
            self._columns.setdefault(column, len(self._columns))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all rows, in the order in which they were met."""
        return tuple(self._columns)

    def read(self, numbers: Iterable[int]) -> Generator[Cells, None, None]:
        """Yield the rows with these numbers.

        Raises:
            SourceUnreachable: when the file is not as it was written.
        """
        names = self.columns
        for number in numbers:
            columns, values = json.loads(self._file.read(self._places[number], self.name))
            yield {names[column]: value for column, value in zip(columns, values, strict=True)}

    def close(self) -> None:
        """Let the file go, if it is of this table alone."""
        if self._own:
            self._file.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class SpooledTable:
    """A table whose rows were put aside."""

    table: SourceTable
    spool: RowSpool = field(repr=False)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.spool)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield every row with its number from 0."""
        return enumerate(self.spool.read(range(len(self.spool))))

    def at(self, places: Iterable[int]) -> Generator[Cells, None, None]:
        """Yield the rows with the numbers ``places``."""
        return self.spool.read(places)

    def close(self) -> None:
        """Let go of what was put aside."""
        self.spool.close()


def spool_table(name: str, spool: RowSpool) -> SpooledTable:
    """Return the table ``name`` of what lies in ``spool``.

    Raises:
        LimitExceeded: when there are more rows than a table may have.
    """
    check_count(len(spool), spool.name)
    return SpooledTable(table=SourceTable(name=name, columns=spool.columns), spool=spool)


def number_cell(number: float) -> Value:
    """Return a number as a cell: without decimals where it is whole, as text where a database would not keep it."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1 << 53:
        return int(number)
    if isinstance(number, int) and abs(number) >= MAX_EXACT:
        return str(number)
    return number


def _cipher() -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415 - as above

    return ChaCha20Poly1305(os.urandom(32))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
