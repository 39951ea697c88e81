"""A table of dBase III, IV or FoxPro (.dbf) with its memo file; rows that are marked as deleted are counted, not read.

The format is a header and records of fixed width, so that a row is read where it stands; a place is the number of a
record. No library does it within limits: ``dbf`` makes room for as many records as a header claims, takes brackets in
a name for a pattern and has no memos of dBase IV; ``dbfread``, last touched in 2016, ends at the first odd date.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from formats.databases.files.dbase.fields import KNOWN, NULLABLE, DbaseField, FieldValues
from formats.databases.files.dbase.header import DbaseHeader, read_header
from formats.databases.files.dbase.memo import MemoFile, memo_path
from formats.databases.files.file_findings import FileNotices, table_fault
from formats.databases.files.table_file import TableFile, distinct
from formats.databases.tables import Cells, SourceTable, check_count
from formats.regular_files import open_regular
from formats.words import mark, plural


@dataclass(frozen=True, kw_only=True, slots=True)
class DbaseTable:
    """A table that was looked through."""

    path: Path
    table: SourceTable
    header: DbaseHeader
    memo: Path | None
    count: int = 0

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the records that are not deleted, each with its number from 0.

        Raises:
            TableUnreadable: when a text is not of the encoding, or the file is no longer what it was.
        """
        for number, cells in self.records():
            if cells is not None:
                yield number, cells

    def at(self, places: Iterable[int]) -> Generator[Cells, None, None]:
        """Yield the records with the numbers ``places``."""
        with self._opened() as (stream, values):
            for number in places:
                stream.seek(self.header.start + number * self.header.length)
                yield self._cells(number, stream.read(self.header.length), values)

    def close(self) -> None:
        """Nothing stays open between two rows."""

    def records(self) -> Iterator[tuple[int, Cells | None]]:
        """Yield every record with its number, ``None`` for a deleted one."""
        with self._opened() as (stream, values):
            stream.seek(self.header.start)
            for number in range(self.header.records):
                data = stream.read(self.header.length)
                yield number, None if data[:1] == b"*" else self._cells(number, data, values)

    @contextmanager
    def _opened(self) -> Iterator[tuple[BinaryIO, FieldValues]]:
        with ExitStack() as stack:
            stream = stack.enter_context(open_regular(self.path))
            memo = MemoFile.open(self.memo) if self.memo else None
            if memo:
                stack.callback(memo.stream.close)
            yield stream, FieldValues(self.header.encoding, memo)

    def _cells(self, number: int, data: bytes, values: FieldValues) -> Cells:
        if len(data) < self.header.length:
            raise table_fault(self.path.name, number + 1, mark("it is cut"))
        nulls = _nulls(self.header.fields, data)
        found: Cells = {}
        columns = iter(self.table.columns)
        try:
            for field in self.header.fields:
                if field.type != "0":
                    part = nulls.of(field, data[field.start : field.start + field.length])
                    found[next(columns)] = None if part is None else values.value(field, part)
        except UnicodeDecodeError as fault:
            reason = mark(
                "its characters are not of its code page: say in the mapping which encoding they have"
            )
            raise table_fault(self.path.name, number + 1, reason) from fault
        return found


@dataclass(frozen=True, slots=True)
class _Nulls:
    """Bits of one record (Visual FoxPro): which fields hold nothing, and which of variable length are not full."""

    empty: frozenset[str]
    shorter: frozenset[str]

    def of(self, field: DbaseField, data: bytes) -> bytes | None:
        """Return the bytes that ``field`` truly holds."""
        if field.name in self.empty:
            return None
        return data[: min(data[-1], len(data) - 1)] if field.name in self.shorter and data else data


_NO_NULLS = _Nulls(frozenset(), frozenset())


def _nulls(fields: tuple[DbaseField, ...], data: bytes) -> _Nulls:
    system = next((one for one in fields if one.type == "0"), None)
    if system is None:
        return _NO_NULLS
    bits = int.from_bytes(data[system.start : system.start + system.length], "little")
    empty, shorter, place = set(), set(), 0
    for field in fields:
        if field.type in "VQ":
            shorter |= {field.name} if bits >> place & 1 else set()
            place += 1
        if field.flags & NULLABLE:
            empty |= {field.name} if bits >> place & 1 else set()
            place += 1
    return _Nulls(frozenset(empty), frozenset(shorter))


def open_dbase(name: str, path: Path, file: TableFile, notices: FileNotices) -> DbaseTable:
    """Return the table ``name`` in the file at ``path``, which is read to its end.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be, or its memo file is not there.
    """
    with open_regular(path) as stream:
        header = read_header(name, path, file, notices, stream)
    shown = [field for field in header.fields if field.type != "0"]
    memo = memo_path(path) if any(field.is_memo for field in shown) else None
    if memo is None and any(field.is_memo for field in shown):
        raise table_fault(path.name, 0, mark("its memo file (.dbt, .fpt) does not lie beside it"))
    table = SourceTable(name=name, columns=distinct(field.name for field in shown))
    made = DbaseTable(path=path, table=table, header=header, memo=memo)
    unknown = [field.name for field in shown if field.type not in KNOWN]
    if unknown:
        sentence = mark(
            "The columns {columns} are of a type that is not read; their bytes travel as they are."
        )
        notices.warn("table-columns-unread", name, sentence, columns=", ".join(unknown))
    rows = sum(cells is not None for _, cells in made.records())
    check_count(rows, path.name)
    if rows < header.records:
        sentence = plural(
            "{count} row is marked as deleted and was left there.",
            "{count} rows are marked as deleted and were left there.",
        )
        notices.note("table-rows-deleted", name, sentence, count=header.records - rows)
    return replace(made, count=rows)
