"""Tables of dBase and FoxPro, written here byte by byte: types, code pages, memos, deleted rows; lies are refused."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from formats.databases.files.dbase import memo as memos
from formats.databases.tables import OversizedValue
from formats.errors import TableUnreadable
from tests.unit.databases.files.opened import notices, opened, rows

Field = tuple[str, str, int, int]
"""Name, type, length, decimals or flags."""
NAMES: list[Field] = [("NUM", "N", 4, 0), ("NOM", "C", 8, 0)]


def table(
    fields: list[Field], *records: bytes, version: int = 0x03, page: int = 0x03, **change: int
) -> bytes:
    """Return a table; ``change`` says otherwise than it is: records, start, length, encrypted."""
    visual = version in {0x30, 0x31, 0x32}
    described = b"".join(
        name.encode().ljust(11, b"\0")
        + kind.encode()
        + bytes(4)
        + bytes((length, 0 if visual else more, more if visual else 0)).ljust(16, b"\0")
        for name, kind, length, more in fields
    )
    start = change.get("start", 32 + len(described) + 1)
    length = change.get("length", 1 + sum(one[2] for one in fields))
    head = struct.pack("<B3xIHH", version, change.get("records", len(records)), start, length)
    head = head.ljust(15, b"\0") + bytes((change.get("encrypted", 0),))
    head = head.ljust(29, b"\0") + bytes((page, 0, 0))
    return head + described + b"\r" + b"".join(records) + b"\x1a"


TWO = table(NAMES, b"    1No\xebl    ", b"*   2efface  ", b"    3S\x9cur    ")


def test_rows_are_read_and_deleted_ones_counted(tmp_path: Path) -> None:
    assert rows(tmp_path, "T.dbf", TWO) == [{"NUM": 1, "NOM": "Noël"}, {"NUM": 3, "NOM": "Sœur"}]
    (finding,) = notices(tmp_path, "T.dbf", TWO)
    assert (finding.code, finding.facts["count"]) == ("table-rows-deleted", 1)
    with opened(tmp_path, "T.dbf", TWO) as source:
        assert [row["NUM"] for row in source.rows_in_text_order("t", "NOM")] == [1, 3]


@pytest.mark.parametrize(
    ("page", "encoding", "known"),
    [
        (0x03, "cp1252", {}),
        (0x02, "cp850", {}),
        (0x01, "cp437", {}),
        (0x04, "mac_roman", {}),
        (0x02, "cp850", {"encoding": "cp1252"}),
        (0x02, "cp1252", {"encoding": "cp1252", "own_encoding": True}),
        (0x00, "cp1252", {"encoding": "cp1252"}),
        (0x00, "cp1252", {}),
        (0x00, "cp850", {}),
    ],
)
def test_the_code_page_is_that_of_the_file_or_of_its_description(
    tmp_path: Path, page: int, encoding: str, known: dict[str, Any]
) -> None:
    content = table(NAMES, b" 1   " + "Hélène".encode(encoding).ljust(8), page=page)
    assert rows(tmp_path, "T.dbf", content, **known) == [{"NUM": 1, "NOM": "Hélène"}]
    codes = [one.code for one in notices(tmp_path, "T.dbf", content, **known)]
    assert codes == ([] if page or known else ["table-code-page-unknown"])


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("N", b"  12.50 ", 12.5),
        ("N", b"   28.00", 28),
        ("N", b"        ", None),
        ("N", b"********", "********"),
        ("F", b"1.5E+003", 1500),
        ("N", b"12345678901234567890.12", "12345678901234567890.12"),
        ("N", b"   -0,25", -0.25),
        ("D", b"19750904", "1975-09-04"),
        ("D", b"19480500", "1948-05-00"),
        ("D", b"        ", None),
        ("D", b"00000000", None),
        ("D", b"4/9/1975", "4/9/1975"),
        ("L", b"T", "true"),
        ("L", b"n", "false"),
        ("L", b"?", None),
        ("L", b"x", "x"),
        ("C", b"a\0\0\0", "a"),
        ("C", b"  a ", "  a"),
        ("I", struct.pack("<i", -7), -7),
        ("Y", struct.pack("<q", 1_033_4400), 1033.44),
        ("Y", struct.pack("<q", 2**60 + 1), "115292150460684.6977"),
        ("T", struct.pack("<II", 2_460_839, 9 * 3_600_000 + 30 * 60_000), "2025-06-12 09:30"),
        ("T", struct.pack("<II", 2_460_839, 59_999), "2025-06-12 00:01"),
        ("T", struct.pack("<II", 2_460_839, 86_399_999), "2025-06-13"),
        ("T", bytes(8), None),
        ("X", b"\x01\x02", b"\x01\x02"),
    ],
)
def test_each_type_becomes_a_cell(tmp_path: Path, kind: str, data: bytes, expected: Any) -> None:
    content = table([("A", kind, len(data), 0)], b" " + data)
    assert rows(tmp_path, "T.dbf", content) == [{"A": expected}]


def test_a_type_that_nobody_knows_is_said(tmp_path: Path) -> None:
    (finding,) = notices(tmp_path, "T.dbf", table([("A", "X", 2, 0)], b" ab"))
    assert finding.code == "table-columns-unread"


def test_visual_foxpro_has_nulls_and_texts_of_variable_length(tmp_path: Path) -> None:
    fields = [("A", "V", 6, 0x02), ("B", "C", 2, 0x02), ("C", "B", 8, 0), ("_NullFlags", "0", 1, 0x05)]
    full = b" abcdef" + b"xy" + struct.pack("<d", 2.5) + b"\0"
    short = b" ab   \x02" + b"xy" + struct.pack("<d", 2) + bytes((0b101,))
    nothing = b" abcdef" + b"xy" + struct.pack("<d", 0) + bytes((0b010,))
    found = rows(tmp_path, "T.dbf", table(fields, full, short, nothing, version=0x30))
    assert found == [
        {"A": "abcdef", "B": "xy", "C": 2.5},
        {"A": "ab", "B": None, "C": 2},
        {"A": None, "B": "xy", "C": 0},
    ]


MEMO: list[Field] = [("NUM", "N", 2, 0), ("TEXTE", "M", 10, 0)]
THIRD = b"\x04".ljust(512, b"\0") + "Sensibilité\r\nau froid".encode("cp1252") + b"\x1a\x1a"
FOURTH = (b"\x04".ljust(20, b"\0") + struct.pack("<H", 64)).ljust(512, b"\0") + (
    b"\xff\xff\x08\0" + struct.pack("<I", 8 + 5) + b"froid"
)
FOX = struct.pack(">IHH", 9, 0, 64).ljust(512, b"\0") + struct.pack(">II", 1, 5) + b"froid"


@pytest.mark.parametrize(
    ("version", "ending", "memo", "number", "expected"),
    [
        (0x83, "DBT", THIRD, b"         1", "Sensibilité\r\nau froid"),
        (0x8B, "dbt", FOURTH, b"         8", "froid"),
        (0xF5, "FPT", FOX, b"         8", "froid"),
        (0xF5, "fpt", FOX, b"          ", None),
    ],
)
def test_memos_lie_beside_the_table(
    tmp_path: Path, version: int, ending: str, memo: bytes, number: bytes, expected: str | None
) -> None:
    (tmp_path / f"t.{ending}").write_bytes(memo)
    content = table(MEMO, b"  1" + number, version=version)
    assert rows(tmp_path, "T.dbf", content) == [{"NUM": 1, "TEXTE": expected}]
    assert notices(tmp_path, "T.dbf", content) == []


def test_a_memo_beyond_the_limit_stays_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memos, "MAX_CELL", 4)
    (tmp_path / "T.fpt").write_bytes(FOX)
    content = table(MEMO, b"  1         8", version=0xF5)
    assert rows(tmp_path, "T.dbf", content) == [{"NUM": 1, "TEXTE": OversizedValue(size=5)}]


@pytest.mark.parametrize(
    ("memo", "number"),
    [
        (FOX, b"       900"),
        (FOX[:-1], b"         8"),
        (FOX[:-10], b"         8"),
        (FOX[:10], b"         8"),
        (FOX[:516] + b"\xff\xff\xff\xff" + FOX[520:], b"         8"),
        (None, b"         8"),
    ],
    ids=["elsewhere", "cut", "cut head", "no head", "length", "gone"],
)
def test_a_memo_that_is_not_there_is_refused(tmp_path: Path, memo: bytes | None, number: bytes) -> None:
    if memo is not None:
        (tmp_path / "T.fpt").write_bytes(memo)
    with (
        pytest.raises(TableUnreadable),
        opened(tmp_path, "T.dbf", table(MEMO, b"  1" + number, version=0xF5)),
    ):
        pass


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no table of dBase"),
        (b"NUM;NOM\n", "no table of dBase"),
        (b"\x04" + TWO[1:], "no table of dBase"),
        (TWO[:-20], "cut"),
        (table(NAMES, b"    1No      ", records=4_000_000_000), "cut"),
        (table(NAMES, b"    1No      ", length=200), "header"),
        (table(NAMES, b"    1No      ", start=32), "header"),
        (table(NAMES, b"    1No      ", encrypted=1), "encrypted"),
        (table([("A", "0", 1, 0)], b" x", version=0x30), "header"),
        (table(NAMES, b"    1\x81       ", page=0x03), "code page"),
    ],
)
def test_what_lies_or_is_cut_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(TableUnreadable, match=sentence), opened(tmp_path, "T.dbf", content):
        pass


def test_rows_beyond_those_that_the_header_counts_are_said(tmp_path: Path) -> None:
    content = table(NAMES, b"    1No      ", b"    2Yo      ", records=1)
    assert len(rows(tmp_path, "T.dbf", content)) == 1
    assert [one.code for one in notices(tmp_path, "T.dbf", content)] == ["table-rows-beyond"]
