"""Delimited files as tables: every dialect, each row once, in its order or in that of a column; cut files refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from formats.databases.delimited_folder import DelimitedFolder, TableFile
from formats.errors import FolderNotFound, LimitExceeded, TableUnreadable
from formats.folders import NotAFolder
from formats.tables import limits

ROWS = [
    {"NUM": "10", "NOM": "Noël"},
    {"NUM": "9", "NOM": 'dit "Le Grand"'},
    {"NUM": "100", "NOM": "deux\nlignes"},
]
TEXT = 'NUM;NOM\r\n10;Noël\r\n9;"dit ""Le Grand"""\r\n100;"deux\nlignes"\r\n'
KNOWN = {"T": TableFile(expected=("NUM", "NOM"))}


def folder(path: Path, content: bytes, files: dict[str, TableFile] | None = None) -> DelimitedFolder:
    (path / "T.csv").write_bytes(content)
    return DelimitedFolder(path, KNOWN if files is None else files)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (TEXT.encode(), []),
        (TEXT.encode("utf-8-sig"), []),
        (TEXT.encode("cp1252"), []),
        (TEXT.encode("cp850"), ["table-ms-dos"]),
        (TEXT.replace(";", "\t").encode(), []),
        (TEXT.replace(";", ",").encode(), []),
        (b"sep=;\r\n" + TEXT.encode(), []),
        (b"Cabinet du Quai\r\n\r\n" + TEXT.encode(), []),
        (TEXT.replace("\r\n", "\n").encode(), []),
        (TEXT.encode() + b"\r\n\r\n", []),
        (TEXT.encode().removesuffix(b"\r\n"), []),
    ],
    ids=[
        "utf-8",
        "mark",
        "windows",
        "ms-dos",
        "tab",
        "comma",
        "sep",
        "titles",
        "unix",
        "blank lines",
        "no end",
    ],
)
def test_every_dialect_gives_the_same_rows(tmp_path: Path, content: bytes, codes: list[str]) -> None:
    source = folder(tmp_path, content)
    assert list(source.rows("t")) == ROWS
    assert [row["NUM"] for row in source.rows_in_text_order("t", "NUM")] == ["10", "100", "9"]
    assert list(source.rows_in_text_order("t", "NOM"))[1:] == [ROWS[2], ROWS[1]]
    assert source.count("t") == 3
    assert [one.code for one in source.notices()] == codes


def test_a_file_without_headings_has_those_of_its_description(tmp_path: Path) -> None:
    source = folder(
        tmp_path, TEXT.split("\r\n", 1)[1].encode(), {"T": TableFile(headings=("NUM", "NOM"), separator=";")}
    )
    assert list(source.rows("t")) == ROWS


def test_quotation_marks_may_be_letters_like_others(tmp_path: Path) -> None:
    source = folder(
        tmp_path, b'NUM;NOM\r\n1;dent "26\r\n', {"T": TableFile(quotes=False, expected=("NUM", "NOM"))}
    )
    assert list(source.rows("t")) == [{"NUM": "1", "NOM": 'dent "26'}]


def test_rows_with_more_or_fewer_cells_are_kept_and_said(tmp_path: Path) -> None:
    source = folder(tmp_path, b"NUM;NOM\n1\n2;a;b;;c\n")
    assert list(source.rows("t")) == [
        {"NUM": "1"},
        {"NUM": "2", "NOM": "a", "column 3": "b", "column 5": "c"},
    ]
    (finding,) = source.notices()
    assert finding.code == "table-rows-ragged" and "2 rows" in finding.text


def test_headings_that_are_alike_or_empty_are_told_apart(tmp_path: Path) -> None:
    source = folder(tmp_path, b"NUM;NOM;NOM;;\n1;a;b;c;d\n")
    assert source.tables()["t"].columns == ("NUM", "NOM", "NOM (2)", "column 4", "column 5")


def test_other_files_are_tables_too(tmp_path: Path) -> None:
    (tmp_path / "Autre.CSV").write_bytes(b"A;B\n1;2\n")
    (tmp_path / "notes.txt").write_bytes(b"x")
    source = folder(
        tmp_path,
        TEXT.encode(),
        {**KNOWN, "GONE": TableFile(), "N": TableFile(file="NOTES.TXT", headings=("X",))},
    )
    assert set(source.tables()) == {"t", "autre", "n"}
    assert list(source.rows("autre")) == [{"A": "1", "B": "2"}]


@pytest.mark.parametrize(
    "content",
    [TEXT.encode()[:-8], b'NUM;NOM\n1;"a"b\n', TEXT.encode("utf-16")],
    ids=["cut", "quotation mark", "utf-16"],
)
def test_a_spoilt_file_is_refused_before_anything_is_read(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TableUnreadable):
        folder(tmp_path, content)


def test_an_encoding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    for encoding in ("utf-8", "ascii", "nonsense"):
        with pytest.raises(TableUnreadable):
            folder(tmp_path, TEXT.encode("cp1252"), {"T": TableFile(encoding=encoding)})


def test_a_folder_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(FolderNotFound):
        DelimitedFolder(tmp_path / "nowhere", {})
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotAFolder):
        DelimitedFolder(tmp_path / "file", {})


def test_a_line_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_LINE", 10)
    with pytest.raises(LimitExceeded):
        folder(tmp_path, b"NUM;NOM\n1;" + b"x" * 100 + b"\n")
