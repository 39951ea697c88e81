"""A workbook: texts stay texts, days are days, and nothing of it lies anywhere else."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from formats.errors import LimitExceeded
from formats.tables import xlsx
from formats.tables.cells import Cell, euros, list_text
from formats.tables.xlsx import MAX_CELL, SheetColumn, WorkbookOfTables, write_xlsx

AT = datetime(2025, 6, 30, 20, 15, tzinfo=UTC)
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COLUMNS = (
    SheetColumn(heading="Numéro", width=13),
    SheetColumn(heading="Décision", width=9, choices=("oui", "non")),
)


def written(*rows: Sequence[Cell], columns: Sequence[SheetColumn] = COLUMNS) -> zipfile.ZipFile:
    stream = io.BytesIO()
    assert write_xlsx(stream, "Liste", columns, rows, at=AT) == len(rows)
    return zipfile.ZipFile(stream)


def cells(book: zipfile.ZipFile) -> dict[str, tuple[str | None, str]]:
    """Return type and content of each cell by its place; a text is looked up."""
    texts = ["".join(one.itertext()) for one in etree.fromstring(book.read("xl/sharedStrings.xml"))]
    found = {}
    for cell in etree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SPACE}c"):
        value = cell.find(f"{SPACE}v")
        assert cell.find(f"{SPACE}f") is None, "a cell is computed"
        content = "" if value is None else value.text or ""
        kind = cell.get("t")
        found[cell.get("r", "")] = (kind, texts[int(content)] if kind == "s" else content)
    return found


@pytest.mark.parametrize(
    "text", ["0012", "1.0", "99900000029", "=1+1", "+33", "-1", "@x", "http://x", "{=1}", "Ł"]
)
def test_a_text_is_a_text(text: str) -> None:
    assert cells(written([text, "oui"]))["A2"] == ("s", text)


def test_numbers_days_and_sums_are_such() -> None:
    found = cells(written([date(2025, 6, 30), 12], [euros(-1234), None], [date(1899, 1, 2), ""]))
    assert found["A2"] == (None, "45838") and found["B2"] == (None, "12")
    assert found["A3"] == (None, "-12.34") and "B3" not in found
    assert found["A4"] == ("s", "1899-01-02") and "B4" not in found


def test_what_xml_cannot_hold_is_replaced() -> None:
    found = cells(written(["a\x00b\x1b\ud800\uffff_x0041_\r\n", "oui"]))["A2"]
    assert found[0] == "s" and "\x00" not in found[1] and "\uffff" not in found[1]


def test_headings_stay_and_filter_and_choices_are_there() -> None:
    sheet = written(["1", "oui"], ["2", "non"]).read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<pane [^>]*ySplit="1"[^>]*state="frozen"', sheet)
    assert '<autoFilter ref="A1:B3"' in sheet
    assert '"oui,non"' in sheet.replace("&quot;", '"') and 'sqref="B2:B3"' in sheet


@pytest.mark.parametrize(
    ("choices", "offered"),
    [(("x" * 127, "y" * 127), True), (("x" * 128, "y" * 127), False), (("oui, mais", "non"), False)],
)
def test_choices_that_no_sheet_can_hold_are_not_offered(choices: tuple[str, ...], offered: bool) -> None:
    columns = (SheetColumn(heading="Décision", width=9, choices=choices),)
    sheet = written(["x"], columns=columns).read("xl/worksheets/sheet1.xml").decode()
    assert ("<dataValidation " in sheet) is offered


def test_a_sheet_of_nobody_is_one_too() -> None:
    assert cells(written()) == {"A1": ("s", "Numéro"), "B1": ("s", "Décision")}


def test_the_same_rows_are_the_same_bytes() -> None:
    one, other = io.BytesIO(), io.BytesIO()
    for stream in (one, other):
        write_xlsx(stream, "Liste", COLUMNS, [["1", "oui"]], at=AT)
    assert one.getvalue() == other.getvalue()


def test_nothing_lies_in_a_folder_for_everybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert cells(written(["1", "oui"]))["A2"] == ("s", "1")


def test_what_a_sheet_does_not_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitExceeded):
        written(["x" * (MAX_CELL + 1), ""])
    monkeypatch.setattr(xlsx, "MAX_ROWS", 2)
    with pytest.raises(LimitExceeded):
        written(["1", ""], ["2", ""])


@pytest.mark.parametrize(
    ("cell", "french", "english"),
    [
        (None, "", ""),
        ("1.0", "1.0", "1.0"),
        (12, "12", "12"),
        (Decimal("1234.50"), "1234,50", "1234.50"),
        (date(2025, 6, 30), "2025-06-30", "2025-06-30"),
    ],
)
def test_the_text_of_a_cell(cell: Cell, french: str, english: str) -> None:
    assert (list_text(cell, "fr"), list_text(cell, "en")) == (french, english)


def tables(
    folder: Path, rows: Sequence[tuple[str, Sequence[Cell]]]
) -> tuple[CalamineWorkbook, WorkbookOfTables]:
    """Return what a program reads of a workbook of ``rows``, each of a table, and who wrote it."""
    stream = io.BytesIO()
    book = WorkbookOfTables(stream, folder, at=AT)
    for table, row in rows:
        if table not in book.tables:
            book.begin(table, ("a", "b"))
        book.add(table, row)
    book.close()
    assert not list(folder.iterdir()), "a temporary file is left"
    return CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())), book


def test_tables_are_sheets_whose_rows_come_in_any_order(tmp_path: Path) -> None:
    found, _ = tables(tmp_path, [("acts", ["0012", 3]), ("notes", ["=1+1", None]), ("acts", ["x", 10**15])])
    assert found.sheet_names == ["acts", "notes"]
    assert found.get_sheet_by_name("acts").to_python() == [["a", "b"], ["0012", 3.0], ["x", str(10**15)]]
    assert found.get_sheet_by_name("notes").to_python() == [["a", "b"], ["=1+1", ""]]


def test_a_table_of_more_rows_than_a_sheet_goes_on_upon_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    long = "image_studies_series_instances_frames"
    found, _ = tables(tmp_path, [(long, [str(number), 0]) for number in range(5)])
    assert found.sheet_names == [long[:31], f"{long[:27]} (2)", f"{long[:27]} (3)"]
    sheets = [found.get_sheet_by_name(name).to_python() for name in found.sheet_names]
    assert [row[0] for sheet in sheets for row in sheet] == ["a", "0", "1", "a", "2", "3", "a", "4"]


def test_a_text_longer_than_a_cell_is_cut_and_counted(tmp_path: Path) -> None:
    texts = ("x" * MAX_CELL, "y" * (MAX_CELL + 1), "\udc80" * MAX_CELL)
    found, book = tables(tmp_path, [("notes", [text, 0]) for text in texts])
    cut = [row[0] for row in found.get_sheet_by_name("notes").to_python()[1:]]
    assert cut[0] == texts[0] and cut[1] == texts[1][: MAX_CELL - 1] + "…"
    assert [len(one) for one in cut] == [MAX_CELL] * 3 and book.cut == {"notes": 2}
