"""Rows as a MySQL or MariaDB server sends them, taken apart."""

from __future__ import annotations

import pytest
from pymysql.protocol import MysqlPacket

from formats.databases.server_values import row_reader

KINDS = ("int", "varchar", "double", "blob", "text", "date")
CELLS = (b"-12", "Ægir".encode(), b"0.1", b"\x00\xff", b"", b"0000-00-00")


def sent(*cells: bytes | None) -> bytes:
    """Return a row as the protocol has it (Protocol::LengthEncodedString)."""
    row = b""
    for cell in cells:
        if cell is None:
            row += b"\xfb"
        elif len(cell) < 251:
            row += bytes([len(cell)]) + cell
        elif len(cell) < 1 << 16:
            row += b"\xfc" + len(cell).to_bytes(2, "little") + cell
        elif len(cell) < 1 << 24:
            row += b"\xfd" + len(cell).to_bytes(3, "little") + cell
        else:
            row += b"\xfe" + len(cell).to_bytes(8, "little") + cell
    return row


def test_cells_are_of_the_kinds_of_their_columns() -> None:
    assert row_reader(KINDS)(sent(*CELLS)) == [-12, "Ægir", 0.1, b"\x00\xff", "", "0000-00-00"]
    assert row_reader(KINDS)(sent(*[None] * len(KINDS))) == [None] * len(KINDS)


@pytest.mark.parametrize("size", [0, 250, 251, 252, 255, 256, 65_535, 65_536, 70_000, (1 << 24) + 1])
def test_lengths_are_read_as_the_driver_reads_them(size: int) -> None:
    cell = b"a" * size
    row = sent(b"1", cell, None, b"2")
    packet = MysqlPacket(row, "utf-8")
    theirs = [packet.read_length_coded_string() for _ in range(4)]
    assert row_reader(("int", "text", "text", "int"))(row) == [1, cell.decode(), None, 2]
    assert theirs == [b"1", cell, None, b"2"]


def test_text_that_is_not_utf_8_stays_bytes_and_the_others_are_text() -> None:
    assert row_reader(("text", "int", "text"))(sent(b"\xe9", b"7", "é".encode())) == [b"\xe9", 7, "é"]


@pytest.mark.parametrize(
    "row",
    [
        sent(b"1", b"abc")[:-1],
        sent(b"1"),
        sent(b"1", b"abc", b"d"),
        sent(b"one", b"abc"),
        b"",
        b"\x011\xffabc",
        b"\x011\xfc\x01",
    ],
    ids=["cut", "too few", "too many", "no number", "empty", "no length", "cut length"],
)
def test_a_row_that_is_none_is_refused(row: bytes) -> None:
    with pytest.raises(OSError, match="a row that is none"):
        row_reader(("int", "text"))(row)
