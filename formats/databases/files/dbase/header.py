"""The header of a table of dBase III, dBase IV or FoxPro: its fields, its records, its code page."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO

from formats.databases.files.dbase.fields import SYSTEM, DbaseField
from formats.databases.files.file_findings import FileNotices, table_fault
from formats.databases.files.table_file import TableFile, check_columns
from formats.databases.tables import check_count
from formats.tables.delimited import MS_DOS, SAMPLE, is_ms_dos
from formats.words import mark, plural

VISUAL = frozenset({0x30, 0x31, 0x32})
"""Version bytes of Visual FoxPro."""
VERSIONS = VISUAL | frozenset({0x03, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5, 0xFB})
"""Version bytes of dBase III and IV and FoxPro, with and without memos."""
CODE_PAGES = {
    **dict.fromkeys((0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B), "cp437"),
    **dict.fromkeys((0x02, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37), MS_DOS),
    **dict.fromkeys((0x03, 0x57, 0x58, 0x59), "cp1252"),
    **dict.fromkeys((0x1F, 0x22, 0x23, 0x40, 0x64), "cp852"),
    **dict.fromkeys((0x08, 0x17, 0x66), "cp865"),
    0x04: "mac_roman",
    0x1C: "cp863",
    0x24: "cp860",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCB: "cp1253",
    0xCA: "cp1254",
    0x26: "cp866",
    0x65: "cp866",
    0x67: "cp861",
    0x6A: "cp737",
    0x6B: "cp857",
    0x96: "mac_cyrillic",
    0x97: "mac_latin2",
}
"""Encodings by the code page byte of a table (language driver)."""
END_OF_HEADER = 0x0D


@dataclass(frozen=True, kw_only=True, slots=True)
class DbaseHeader:
    """What a header says: where records begin, how long one is, how many there are, and their fields."""

    start: int
    length: int
    records: int
    fields: tuple[DbaseField, ...]
    encoding: str


def read_header(
    name: str, path: Path, file: TableFile, notices: FileNotices, stream: BinaryIO
) -> DbaseHeader:
    """Return the header of the table ``name`` in ``stream``, held against the size of the file.

    Raises:
        TableUnreadable, LimitExceeded: when it is none, or lies about its records.
    """
    head = stream.read(32)
    if len(head) < 32 or head[0] not in VERSIONS:
        raise table_fault(path.name, 0, mark("it is no table of dBase III, dBase IV or FoxPro"))
    if head[15]:
        raise table_fault(path.name, 0, mark("it is encrypted"))
    records, start, length = struct.unpack_from("<IHH", head, 4)
    fields = tuple(_fields(path, stream, start, visual=head[0] in VISUAL))
    if not fields or length != fields[-1].start + fields[-1].length:
        raise table_fault(path.name, 0, mark("its header does not fit its records"))
    size = stream.seek(0, SEEK_END)
    if start + records * length > size:
        raise table_fault(path.name, 0, mark("it is cut"))
    beyond = (size - start) // length - records
    if beyond > 0:
        sentence = plural(
            "{count} row stands behind those that the header counts, and was not read.",
            "{count} rows stand behind those that the header counts, and were not read.",
        )
        notices.warn("table-rows-beyond", name, sentence, count=beyond)
    check_count(records, path.name)
    stream.seek(start)
    encoding = _encoding(name, head[29], file, notices, stream.read(min(SAMPLE, records * length)))
    return DbaseHeader(start=start, length=length, records=records, fields=fields, encoding=encoding)


def _fields(path: Path, stream: BinaryIO, start: int, *, visual: bool) -> Iterator[DbaseField]:
    place = 1
    count = 0
    while stream.tell() + 32 <= start:
        part = stream.read(32)
        if len(part) < 32 or part[0] == END_OF_HEADER:
            return
        count += 1
        check_columns(count, path.name)
        kind, length = chr(part[11]), part[16]
        if kind == "C":
            length |= part[17] << 8
        flags = part[18] if visual else 0
        name = part[:11].split(b"\0")[0].decode("latin-1").strip()
        if kind == "0" and not flags & SYSTEM:
            raise table_fault(path.name, 0, mark("its header does not fit its records"))
        yield DbaseField(name=name, type=kind, start=place, length=length, flags=flags, visual=visual)
        place += length


def _encoding(name: str, byte: int, file: TableFile, notices: FileNotices, sample: bytes) -> str:
    """Return the encoding of the texts: as the mapping says of this very file, as the file says, or as it looks."""
    if file.encoding and file.own_encoding:
        return file.encoding
    found = CODE_PAGES.get(byte) or file.encoding
    if not found:
        found = MS_DOS if is_ms_dos(sample) else "cp1252"
        if not sample.isascii():
            sentence = mark("The file does not say which code page it is of; it was read as {encoding}.")
            notices.warn("table-code-page-unknown", name, sentence, encoding=found)
    return found
