"""Records of fixed width, with line ends and without: places, padding, numbers of records; cut files refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from formats.errors import LimitExceeded, TableUnreadable
from tests.unit.databases.files.opened import notices, opened, rows

KNOWN: dict[str, Any] = {"widths": (4, 8), "headings": ("NUM", "NOM")}
LINES = "0001Noël    \r\n0002Sœur\r\n\r\n0003Abadie  xx\r\n\x1a"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "mac_roman", "utf-16"])
def test_lines_are_cut_where_the_mapping_says(tmp_path: Path, encoding: str) -> None:
    found = rows(tmp_path, "T.txt", LINES.encode(encoding), encoding=encoding, **KNOWN)
    assert found == [
        {"NUM": "0001", "NOM": "Noël"},
        {"NUM": "0002", "NOM": "Sœur"},
        {"NUM": "0003", "NOM": "Abadie", "rest": "xx"},
    ]


def test_a_line_that_is_too_long_is_said(tmp_path: Path) -> None:
    (finding,) = notices(tmp_path, "T.txt", LINES.encode(), **KNOWN)
    assert (finding.code, finding.facts["count"]) == ("table-lines-long", 1)


def test_rows_come_in_the_order_of_a_column(tmp_path: Path) -> None:
    with opened(tmp_path, "T.txt", LINES.encode(), **KNOWN) as source:
        assert [row["NUM"] for row in source.rows_in_text_order("t", "NOM")] == ["0003", "0001", "0002"]


RECORD = "{:<8}{:<4}\0\0".format


def test_records_without_line_ends_have_numbers(tmp_path: Path) -> None:
    content = (RECORD("Noël", "A") + RECORD("", "") + RECORD("Sœur", "B")).encode("cp1252")
    known = {**KNOWN, "widths": (8, 4), "record": 14, "number": "N", "encoding": "cp1252"}
    assert rows(tmp_path, "T.FIC", content, file="t.fic", **known) == [
        {"N": 1, "NUM": "Noël", "NOM": "A"},
        {"N": 3, "NUM": "Sœur", "NOM": "B"},
    ]
    with opened(tmp_path, "T.FIC", content, file="t.fic", **known) as source:
        assert [row["N"] for row in source.rows_in_text_order("t", "NOM")] == [1, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_widths_of_records_count_bytes(tmp_path: Path, encoding: str) -> None:
    content = "Zoé".encode(encoding).ljust(8) + b"12345" + b"Abadie".ljust(8) + b"67890"
    known = {**KNOWN, "widths": (8, 5), "record": 13, "encoding": encoding}
    assert rows(tmp_path, "T.FIC", content, file="t.fic", **known) == [
        {"NUM": "Zoé", "NOM": "12345"},
        {"NUM": "Abadie", "NOM": "67890"},
    ]


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (b"x" * 30, {"record": 14}),
        ("0001Noël".encode("cp1252"), {"encoding": "utf-8"}),
        (("é" * 7).encode("cp1252") * 2, {"record": 14, "encoding": "utf-8"}),
        (b"a", {"encoding": "nonsense"}),
        (b"\xff\xfe\0\0a\0\0\0", {"encoding": "utf-32"}),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, content: bytes, known: dict[str, Any]) -> None:
    with pytest.raises(TableUnreadable), opened(tmp_path, "T.txt", content, **{**KNOWN, **known}):
        pass


def test_a_line_has_a_limit(tmp_path: Path) -> None:
    for content in (b"x" * 600_000, b"\xff\xfe" + b"x" * 600_000, b"\r" + b"x" * 600_000):
        with pytest.raises(LimitExceeded), opened(tmp_path, "T.txt", content, **KNOWN):
            pass
