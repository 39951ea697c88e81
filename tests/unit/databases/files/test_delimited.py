"""Delimited files as tables: every dialect, each row once, in its order or in that of a column; cut files refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from formats.databases.files import text_lines
from formats.databases.files.folder import FileFolder
from formats.databases.files.table_file import TableFile
from formats.errors import FolderNotFound, LimitExceeded, TableUnreadable
from formats.folders import NotAFolder

ROWS = [
    {"NUM": "10", "NOM": "Noël"},
    {"NUM": "9", "NOM": 'dit "Le Grand"'},
    {"NUM": "100", "NOM": "deux\nlignes"},
]
TEXT = 'NUM;NOM\r\n10;Noël\r\n9;"dit ""Le Grand"""\r\n100;"deux\nlignes"\r\n'
KNOWN = {"T": TableFile(expected=("NUM", "NOM"))}


def folder(path: Path, content: bytes, files: dict[str, TableFile] | None = None) -> FileFolder:
    (path / "T.csv").write_bytes(content)
    return FileFolder(path, KNOWN if files is None else files)


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
        (b"Cabinet du Quai\r\n\r\n" + TEXT.encode(), ["table-title-lines"]),
        (TEXT.replace("\r\n", "\n").encode(), []),
        (TEXT.encode("utf-16"), []),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), []),
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
        "utf-16",
        "utf-16-be",
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


def test_lines_may_end_as_on_a_macintosh(tmp_path: Path) -> None:
    text = "NUM;NOM\r10;Noël\r9;Sœur\r"
    source = folder(tmp_path, text.encode("mac_roman"), {"T": TableFile(encoding="mac_roman")})
    assert list(source.rows("t")) == [{"NUM": "10", "NOM": "Noël"}, {"NUM": "9", "NOM": "Sœur"}]
    assert [row["NUM"] for row in source.rows_in_text_order("t", "NOM")] == ["10", "9"]


def test_a_letter_whose_byte_is_that_of_a_line_feed_is_no_line_end(tmp_path: Path) -> None:
    for encoding, bom in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        content = bom + "NUM;NOM\n1;\u010aa\u0a0a\n2;b\n".encode(encoding)
        source = folder(tmp_path, content)
        assert list(source.rows("t")) == [{"NUM": "1", "NOM": "\u010aa\u0a0a"}, {"NUM": "2", "NOM": "b"}]


def test_a_second_row_of_headings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable, match=r"T\.csv:4.*second row of headings"):
        folder(tmp_path, b"NUM;NOM" + b"\n1;a\n\nNUM;NOM\n2;b\n")


def test_titles_are_counted(tmp_path: Path) -> None:
    source = folder(tmp_path, b"Cabinet du Quai\n\n" + TEXT.encode())
    assert [(one.code, one.facts["count"]) for one in source.notices()] == [("table-title-lines", 1)]


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
    [TEXT.encode()[:-8], b'NUM;NOM\n1;"a"b\n', TEXT.encode("utf-32")],
    ids=["cut", "quotation mark", "four bytes"],
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
        FileFolder(tmp_path / "nowhere", {})
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotAFolder):
        FileFolder(tmp_path / "file", {})


def test_a_line_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "MAX_LINE_BYTES", 40)
    with pytest.raises(LimitExceeded):
        folder(tmp_path, b"NUM;NOM\n1;" + b"x" * 100 + b"\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_that_is_cut_within_its_last_row_is_refused(tmp_path: Path, encoding: str) -> None:
    """Half an amount is no amount; a file of which other rows are short as well, or the last has its end, is whole."""
    whole = "NUM;NOM;MONTANT\n1;Noël;28,92\n2;Éloïse;33,44\n"
    for text, refused in (
        (whole[:-7], True),
        (whole[:-9], True),
        (whole[:-1], False),
        (whole[:-7] + "\n", False),
        ("NUM;NOM;MONTANT\n1;Noël\n2;Éloïse", False),
    ):
        (tmp_path / "PATIENTS.csv").write_bytes(text.encode(encoding))
        if refused:
            with pytest.raises(TableUnreadable, match=r"PATIENTS\.csv:3.*it is cut"):
                FileFolder(tmp_path, {})
        else:
            with FileFolder(tmp_path, {}) as source:
                assert source.count("patients") == 2
