"""Sheets as tables: which sheet is which table, typed cells, hostile workbooks; nothing is guessed."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from formats.databases.files.file_findings import SheetUnclear
from formats.databases.files.folder import FileFolder
from formats.databases.files.table_file import TableFile
from formats.databases.tables import SourceUnreachable
from formats.errors import LimitExceeded, TableUnreadable
from formats.findings import Severity
from tests.unit.databases.files.opened import notices, opened, rows
from tests.workbooks import ods, packed, xls, xlsx

TWO = [("NUM", "NOM", "NE"), (1, "Noël", date(1975, 9, 4)), (2.5, "Sœur", "")]
FOUND = [{"NUM": 1, "NOM": "Noël", "NE": "1975-09-04"}, {"NUM": 2.5, "NOM": "Sœur"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("T.xlsx", xlsx({"A": TWO})),
        ("T.ods", ods({"A": TWO})),
        ("T.xls", xls("A", TWO)),
        ("t.XLSX", xlsx({"A": TWO})),
    ],
)
def test_cells_are_typed(tmp_path: Path, name: str, content: bytes) -> None:
    assert rows(tmp_path, name, content) == FOUND


def test_yes_no_times_and_durations_are_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["A", "B", "C", "D", "E"])
    book.active.append(
        [
            True,
            time(9, 30),
            timedelta(hours=26, minutes=5),
            datetime.fromisoformat("2025-06-12 08:00:07"),
            False,
        ]
    )
    made = io.BytesIO()
    book.save(made)
    assert rows(tmp_path, "T.xlsx", made.getvalue()) == [
        {"A": "true", "B": "09:30:00", "C": "26:05:00", "D": "2025-06-12 08:00:07", "E": "false"}
    ]


@pytest.mark.parametrize("known", [{"file": "b.xlsx", "sheet": "liste"}, {"sheet": "LISTE"}])
def test_the_mapping_names_a_sheet(tmp_path: Path, known: dict[str, Any]) -> None:
    content = xlsx({"Autre": [("X",), ("1",)], "Liste": TWO})
    with opened(tmp_path, "b.xlsx", content, **known) as source:
        assert list(source.rows("t")) == FOUND
        assert {name: table.name for name, table in source.tables().items()} == {"t": "T", "autre": "Autre"}


def test_a_sheet_may_have_the_name_of_the_table(tmp_path: Path) -> None:
    assert rows(tmp_path, "export.xlsx", xlsx({"X": [("A",), ("1",)], "T": TWO})) == FOUND


def test_of_several_sheets_none_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(SheetUnclear, match="A, B"), opened(tmp_path, "T.xlsx", xlsx({"A": TWO, "B": TWO})):
        pass
    assert rows(tmp_path, "T.xlsx", xlsx({"A": TWO, "B": []})) == FOUND


def test_a_sheet_that_is_not_there_is_said(tmp_path: Path) -> None:
    with opened(tmp_path, "b.xlsx", xlsx({"A": TWO}), file="b.xlsx", sheet="B") as source:
        assert set(source.tables()) == {"b"}
        assert [one.text for one in source.notices()] == ["The workbook has no sheet B with rows; it has A."]


def test_a_workbook_alone_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(xlsx({"T": TWO, "U": TWO}))
    with FileFolder(tmp_path / "b.xlsx", {"T": TableFile()}) as source:
        assert (list(source.rows("t")), source.count("u"), source.name) == (FOUND, 2, "b.xlsx")


def test_titles_empty_sheets_and_cells_without_heading_are_said(tmp_path: Path) -> None:
    sheet = [("Cabinet",), ("NUM", "NOM"), (1, "a", "x"), (2,)]
    content = xlsx({"T": sheet, "Vide": []})
    known = {"expected": ("NUM", "NOM")}
    assert rows(tmp_path, "T.xlsx", content, **known) == [{"NUM": 1, "NOM": "a", "column 3": "x"}, {"NUM": 2}]
    assert [one.code for one in notices(tmp_path, "T.xlsx", content, **known)] == [
        "table-title-lines",
        "table-rows-ragged",
        "table-sheet-empty",
    ]


def test_a_sheet_without_headings_has_those_of_the_mapping(tmp_path: Path) -> None:
    assert rows(tmp_path, "T.xlsx", xlsx({"A": TWO[1:]}), headings=TWO[0]) == FOUND


def test_a_second_row_of_headings_is_refused(tmp_path: Path) -> None:
    content = xlsx({"A": [*TWO, ("NUM", "NOM", "NE"), (3, "x", "y")]})
    with (
        pytest.raises(TableUnreadable, match=r"T\.xlsx:4.*second row of headings"),
        opened(tmp_path, "T.xlsx", content),
    ):
        pass


def formula(cell: str) -> bytes:
    return xlsx({"A": [("x",)]}, A=f'<row><c t="inlineStr"><is><t>NUM</t></is></c></row><row>{cell}</row>')


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A2"><f>SUM(B1)</f></c>',
        '<c r="A2"><f>SUM(B1)</f><v></v></c>',
        '<c r="A2"><f>SUM(B1)</f><v/></c>',
        '<c r="A2"><f t="shared" si="0"/></c>',
        '<c r="A2" t="n"><f>[1]Feuil!A1</f><v /></c>',
    ],
)
def test_a_formula_without_its_result_is_refused(tmp_path: Path, cell: str) -> None:
    with pytest.raises(TableUnreadable, match=r"A2.*formula"), opened(tmp_path, "T.xlsx", formula(cell)):
        pass


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A2"><f>1+2</f><v>3</v></c>', {"NUM": 3}),
        ('<c r="A2" t="str"><f>"a"</f><v>a</v></c>', {"NUM": "a"}),
        ('<c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><v>1</v></c>', {"NUM": "", "column 2": 1}),
    ],
)
def test_a_formula_has_its_result(tmp_path: Path, cell: str, expected: dict[str, Any]) -> None:
    assert rows(tmp_path, "T.xlsx", formula(cell)) == [expected]


def test_formulas_of_openpyxl_have_no_result(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["NUM", "DEUX"])
    book.active.append([1, "=A2*2"])
    made = io.BytesIO()
    book.save(made)
    with pytest.raises(TableUnreadable, match=r"B2.*formula"), opened(tmp_path, "T.xlsx", made.getvalue()):
        pass


def test_a_formula_of_open_document_without_its_result_is_refused(tmp_path: Path) -> None:
    whole = ods({"T": [("NUM",), ("1",)]})
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    cell = b'<table:table-cell office:value-type="string"><text:p>1'
    for attributes, refused in (
        (b'table:formula="of:=1+1"', True),
        (b'office:value-type="float" office:value="2"', False),
    ):
        content = members["content.xml"].replace(cell, b"<table:table-cell " + attributes + b"><text:p>2")
        if refused:
            with (
                pytest.raises(TableUnreadable, match="formula"),
                opened(tmp_path, "T.ods", packed({**members, "content.xml": content})),
            ):
                pass
        else:
            assert rows(tmp_path, "T.ods", packed({**members, "content.xml": content})) == [{"NUM": 2}]


def lying(change: int) -> bytes:
    """Return a workbook whose archive says that its sheet has ``change`` bytes more than it has."""
    data = bytearray(xlsx({"A": TWO}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    old, new = size.to_bytes(4, "little"), (size + change).to_bytes(4, "little")
    assert data.count(old) == 2
    return bytes(data.replace(old, new))


@pytest.mark.parametrize("change", [-10, 10, 100_000])
def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path, change: int) -> None:
    with pytest.raises(TableUnreadable, match="damaged"), opened(tmp_path, "T.xlsx", lying(change)):
        pass


@pytest.mark.parametrize(
    "content",
    [xlsx({"A": TWO})[:-40], b"PK\x03\x04", b"", b"NUM;NOM\n1;a\n", xls("A", TWO)[:1000]],
    ids=["cut", "head", "empty", "csv", "cut xls"],
)
def test_what_is_cut_or_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TableUnreadable), opened(tmp_path, "T.xlsx", content):
        pass


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    members = {"xl/worksheets/sheet1.xml": b" " * (64 << 20)}
    data = bytearray(packed(members))
    size = (64 << 20).to_bytes(4, "little")
    huge = (0xFFFF_FFFE).to_bytes(4, "little")
    several = bytes(data.replace(size, huge))
    with pytest.raises((LimitExceeded, TableUnreadable)), opened(tmp_path, "T.xlsx", several):
        pass


def test_a_cell_far_away_ends_only_the_reader(tmp_path: Path) -> None:
    far = xlsx(
        {"A": []},
        A='<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )
    with pytest.raises(TableUnreadable, match="memory"), opened(tmp_path, "T.xlsx", far):
        pass


def test_nothing_of_what_is_put_aside_is_in_the_clear(tmp_path: Path) -> None:
    with opened(
        tmp_path, "T.xlsx", xlsx({"A": [("NUM", "NOM"), *((n, "Kerbrat") for n in range(100))]})
    ) as source:
        table: Any = source._tables["t"]
        table.spool._file._stream.seek(0)
        put = table.spool._file._stream.read()
    assert len(put) > 1000 and b"Kerbrat" not in put and b"NUM" not in put


def test_a_damaged_spool_is_noticed(tmp_path: Path) -> None:
    with opened(tmp_path, "T.xlsx", xlsx({"A": TWO})) as source:
        table: Any = source._tables["t"]
        table.spool._file._stream.seek(3)
        table.spool._file._stream.write(b"x")
        with pytest.raises(SourceUnreachable):
            list(source.rows("t"))


def test_other_files_of_the_folder_are_named(tmp_path: Path) -> None:
    for name in ("notes.txt", "practice.toml"):
        (tmp_path / name).write_text("x")
    (finding,) = notices(tmp_path, "T.xlsx", xlsx({"A": TWO}))
    assert (finding.code, finding.severity, finding.facts["count"]) == (
        "table-files-ignored",
        Severity.NOTE,
        2,
    )
    assert "notes.txt, practice.toml" in finding.text
