"""Lists as programs print them and spreadsheets save them."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from formats.errors import FormatFailure, LimitExceeded, TableUnreadable
from formats.findings import Finding
from formats.tables import limits
from formats.tables.columns import Columns
from formats.tables.read import Line, has_columns, ignored_columns, parse_day, read_list
from formats.tables.workbook_process import Refusal, _scanned
from tests.workbooks import Cell, ods, packed, xls, xlsx

COLUMNS = Columns(
    aliases={"number": ("N°", "numéro"), "name": ("nom",), "other": ("nom d'usage",), "born": ("né(e) le",)},
    required=("number", "name"),
    alternatives={"name": ("other",)},
    numbers=frozenset({"number"}),
)
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("N°", "Nom", "Né(e) le"),
    (5, "Ferrand", date(2011, 1, 30)),
    (99900000029, "Žižka", ""),
    ("0007", "", date(1912, 3, 1)),
)
READ = [
    {"number": "5", "name": "Ferrand", "born": "2011-01-30"},
    {"number": "99900000029", "name": "Žižka"},
    {"number": "0007", "name": "", "born": "1912-03-01"},
]


def read(folder: Path, data: bytes | str, name: str = "list.csv") -> tuple[list[Line], list[str]]:
    """Return the lines of a list, and the codes of what was noticed."""
    path = folder / name
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    found = list(read_list(path, COLUMNS))
    lines = [one for one in found if isinstance(one, Line)]
    return lines, [one.code for one in found if isinstance(one, Finding)]


def cells(lines: list[Line]) -> list[dict[str, str]]:
    return [dict(line.cells) for line in lines]


# -- delimited text ------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_may_name_the_separator(tmp_path: Path, separator: str, end: str) -> None:
    text = end.join(f"sep={separator}\nN°;Nom\n5;Ferrand\n".replace(";", separator).splitlines()) + end
    lines, codes = read(tmp_path, text)
    assert cells(lines) == [{"number": "5", "name": "Ferrand"}] and not codes
    assert lines[0].number == 3


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_titles_above_the_headings_are_passed_over_and_counted(tmp_path: Path, separator: str) -> None:
    text = "Cabinet; des Tilleuls, Liste; du 3 mai\n\n;;\nN°;Nom;Ville\n5;Ferrand;Lyon\n"
    lines, codes = read(tmp_path, text if separator == ";" else text.replace(";", separator))
    assert cells(lines) == [{"number": "5", "name": "Ferrand"}]
    assert lines[0].number == 5 and codes == ["list-title-lines"]
    assert lines[0].others == (("Ville", "Lyon"),)


def test_headings_are_looked_for_at_the_top_only(tmp_path: Path) -> None:
    titles = "x\n" * limits.MAX_TITLE_LINES
    assert cells(read(tmp_path, f"{titles}N°;Nom\n5;a\n")[0])
    with pytest.raises(TableUnreadable, match="column is missing"):
        read(tmp_path, f"x\n{titles}N°;Nom\n5;a\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850", "cp437"])
@pytest.mark.parametrize(
    "name", ["Bérénice", "L’Hôte", "Noël", "Benoît", "Chloë", "François", "Maÿ", "Père à Zoé"]
)
def test_french_in_every_encoding(tmp_path: Path, encoding: str, name: str) -> None:
    try:
        data = f"N°;Nom;Né(e) le\n5;{name};Âge\n".encode(encoding)
    except UnicodeEncodeError:
        name = name.replace("’", "'")
        data = f"N°;Nom;Né(e) le\n5;{name};\n".encode(encoding)
    lines, codes = read(tmp_path, data)
    assert lines[0]["name"] == name
    assert codes == (["list-ms-dos"] if encoding in {"cp850", "cp437"} else [])


def test_quotation_marks_and_dashes_of_windows_are_no_letters_of_dos(tmp_path: Path) -> None:
    text = "N°;Nom\n5;“Ferrand” – dit l’Aîné…\n"
    lines, codes = read(tmp_path, text.encode("cp1252"))
    assert lines[0]["name"] == "“Ferrand” – dit l’Aîné…" and not codes


def test_a_column_may_stand_for_another(tmp_path: Path) -> None:
    lines, _ = read(tmp_path, "N°;Nom d’usage\n5;Weber\n")
    assert cells(lines) == [{"number": "5", "other": "Weber"}]
    with pytest.raises(TableUnreadable, match="missing") as failure:
        read(tmp_path, "N°;Né(e) le\n5;1983\n")
    assert failure.value.where == "name"


@pytest.mark.parametrize(
    ("cell", "number", "code"),
    [
        ("5.0", "5", ["list-number-mended"]),
        ("5,00", "5", ["list-number-mended"]),
        ("5.5", "5.5", []),
        ("A5.0", "A5.0", []),
        ("12E5", "12E5", []),
    ],
)
def test_a_number_that_a_spreadsheet_spoilt_is_mended_and_named(
    tmp_path: Path, cell: str, number: str, code: list[str]
) -> None:
    lines, codes = read(tmp_path, f"N°;Nom\n{cell};1.0\n")
    assert cells(lines) == [{"number": number, "name": "1.0"}]
    assert codes == code and not lines[0].rounded


@pytest.mark.parametrize("cell", ["9,99E+10", "9.99E+10", "1E+11", "9,99e+10"])
def test_a_number_that_a_spreadsheet_rounded_is_known(tmp_path: Path, cell: str) -> None:
    lines, _ = read(tmp_path, f"N°;Nom\n{cell};{cell}\n")
    assert lines[0].rounded == ("number",) and lines[0]["number"] == cell


def test_a_column_nobody_asked_for_is_said(tmp_path: Path) -> None:
    lines, _ = read(tmp_path, "N°;Nom;Ville;Rue;Nom\n5;a;Lyon;;b\n6;c;Paris;;\n")
    found = [one.facts["heading"] for one in ignored_columns(lines, "list.csv")]
    assert found == ["Ville", "Nom"]


def test_midnight_is_no_time() -> None:
    assert parse_day("30/01/2011 00:00") == parse_day("2011-01-30 0:00:00") == date(2011, 1, 30)
    with pytest.raises(ValueError, match="12:00"):
        parse_day("30/01/2011 12:00")


# -- workbooks -----------------------------------------------------------------------------

WORKBOOKS: dict[str, Callable[[tuple[tuple[Cell, ...], ...]], bytes]] = {
    "list.xlsx": lambda rows: xlsx({"Feuil1": rows}),
    "list.ods": lambda rows: ods({"Feuil1": rows}),
    "list.xls": lambda rows: xls("Feuil1", rows),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_read_as_the_same_list_in_csv(tmp_path: Path, name: str) -> None:
    lines, codes = read(tmp_path, WORKBOOKS[name](ROWS), name)
    assert [{key: cell for key, cell in one.items() if cell or key == "name"} for one in cells(lines)] == READ
    assert [line.number for line in lines] == [2, 3, 4] and not codes
    assert has_columns(tmp_path / name, COLUMNS)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_titles_and_numbers_of_a_workbook(tmp_path: Path, name: str) -> None:
    rows = (("Liste",), ("N°", "Nom"), (5.5, "a"), ("6.0", "b"), (9.99e20, "c"))
    lines, codes = read(tmp_path, WORKBOOKS[name](rows), name)
    assert [line["number"] for line in lines] == ["5.5", "6", "9.99E+20"]
    assert [line.rounded for line in lines] == [(), (), ("number",)]
    assert codes == ["list-title-lines", "list-number-mended"]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    body = (
        '<row r="3"><c r="B3" t="str"><v>N°</v></c><c r="C3" t="str"><v>Nom</v></c></row>'
        '<row r="7"><c r="B7"><f>2+3</f><v>5</v></c><c r="C7" t="str"><v>a</v></c></row>'
    )
    lines, _ = read(tmp_path, xlsx({"A": ()}, A=body), "list.xlsx")
    assert [(line.number, line["number"]) for line in lines] == [(7, "5")]


def test_other_sheets_are_said(tmp_path: Path) -> None:
    data = xlsx({"Aide": [("Lisez-moi",)], "Liste": ROWS, "Vide": [], "Ventes": [("a", "b")]})
    lines, codes = read(tmp_path, data, "list.xlsx")
    assert len(lines) == 3 and codes == ["list-sheet-ignored"] * 2


def test_two_sheets_that_may_be_meant_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable, match="two of its sheets"):
        read(tmp_path, xlsx({"Liste": ROWS, "Ancienne": ROWS}), "list.xlsx")


def test_a_workbook_without_the_columns_is_no_list(tmp_path: Path) -> None:
    data = xlsx({"A": [("N°", "Ville")], "B": [("x",)]})
    with pytest.raises(TableUnreadable, match="column is missing"):
        read(tmp_path, data, "list.xlsx")
    assert not has_columns(tmp_path / "list.xlsx", COLUMNS)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + bytes(100),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        packed({"a.txt": "a"}),
        xlsx({"A": ROWS})[:-40],
        xls("A", ROWS)[:1500],
        xlsx({"A": ()}, A="<row><c"),
    ],
)
def test_a_damaged_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(TableUnreadable):
        read(tmp_path, data, "list.xlsx")


@pytest.mark.parametrize("kind", ["changed", "encrypted"])
def test_a_workbook_that_does_not_unpack_is_said_to_be_damaged(tmp_path: Path, kind: str) -> None:
    data = bytearray(xlsx({"A": [*ROWS, *((number, f"name {number}") for number in range(500))]}))
    sheet = zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/worksheets/sheet1.xml")
    if kind == "changed":
        start = sheet.header_offset + 30 + len(sheet.filename)
        data[start + 50 : start + 90] = bytes(byte ^ 0x55 for byte in data[start + 50 : start + 90])
    else:
        for at in range(len(data) - 4):
            if data[at : at + 4] == b"PK\x01\x02":
                data[at + 8] |= 1
    with pytest.raises(TableUnreadable, match="is damaged"):
        read(tmp_path, bytes(data), "list.xlsx")


def broken_cell(kind: str) -> bytes:
    rows = [*ROWS, ("#REF!",)]
    if kind == "xlsx":
        return xlsx(
            {"A": ()},
            A='<row r="1"><c r="A1"><v>1</v></c><c s="1" r="AB7" t="e"><f>B1</f><v>#REF!</v></c></row>',
        )
    cell = '<table:table-cell office:value-type="string"><text:p>#REF!'
    error = cell.replace(
        "<table:table-cell ", '<table:table-cell table:formula="of:=[.#REF!1]" calcext:value-type="error" '
    )
    with zipfile.ZipFile(io.BytesIO(ods({"A": rows}))) as book:
        members = {name: book.read(name).replace(cell.encode(), error.encode()) for name in book.namelist()}
    return packed(members)


@pytest.mark.parametrize(
    "cell",
    [
        b'<c t="e" r="C9">',
        b"<x:c\n r = 'C9' t = 'e' >",
        b'<c r="C9"' + b' s="1"' * 4000 + b' t="e">',
        b'<table:table-cell table:formula="of:=IF(1>0;NA())" calcext:value-type="error">',
        b'<table:covered-table-cell calcext:value-type="error"/>',
    ],
)
@pytest.mark.parametrize("before", [0, (1 << 20) - 10, (1 << 20) - 8000])
def test_an_error_is_found_however_its_cell_is_written(cell: bytes, before: int) -> None:
    with pytest.raises(Refusal, match="error-cell") as caught:
        _scanned(io.BytesIO(b"<row>" + b" " * before + cell + b"</row>"), cells=True)
    assert caught.value.place == ("C9" if b"C9" in cell else "")


@pytest.mark.parametrize(("kind", "place"), [("xlsx", "AB7"), ("ods", "")])
def test_a_cell_with_an_error_is_named(tmp_path: Path, kind: str, place: str) -> None:
    """It would be read as an empty one."""
    with pytest.raises(TableUnreadable, match="#N/A") as caught:
        read(tmp_path, broken_cell(kind), f"list.{kind}")
    assert caught.value.where == place


def test_a_text_that_looks_like_an_error_is_a_text(tmp_path: Path) -> None:
    for kind, make in (("xlsx", xlsx), ("ods", ods)):
        read(
            tmp_path,
            make(
                {
                    "A": [
                        *ROWS,
                        ("#REF!", 't="e" '),
                    ]
                }
            ),
            f"list.{kind}",
        )


# -- hostile workbooks ----------------------------------------------------------------------


def bomb() -> bytes:
    """Return a workbook that says how much it unpacks to."""
    return xlsx({"A": ()}, A="<row>" + " " * (limits.MAX_WORKBOOK_BYTES + 1) + "</row>")


def far_cell() -> bytes:
    """Return a workbook with a cell in the first and in the last place of a sheet."""
    body = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return xlsx({"A": ()}, A=body)


def far_cell_of_xls() -> bytes:
    data = xls("A", [(1,), (2,)])
    place = data.rindex(b"\x03\x02\x0e\x00")
    return data[: place + 4] + b"\xff\xff\xff\xff" + data[place + 8 :]


def many_sheets() -> bytes:
    return xlsx({f"S{n}": [("a",)] for n in range(limits.MAX_SHEETS + 1)})


def long_text() -> bytes:
    cell = "<c t='str'><v>" + "x" * 32_000 + "</v></c>"
    return xlsx({"A": ()}, A="".join(f"<row>{cell}</row>" for _ in range(2200)))


def entities() -> bytes:
    """Return a workbook whose text is entities within entities."""
    body = "<row><c t='str'><v>&a9;</v></c></row>"
    return xlsx({"A": ()}, A=body)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no memory of a process")
@pytest.mark.parametrize(
    ("make", "failure"),
    [
        (bomb, LimitExceeded),
        (far_cell, TableUnreadable),
        (far_cell_of_xls, FormatFailure),
        (many_sheets, LimitExceeded),
        (long_text, LimitExceeded),
        (entities, FormatFailure),
    ],
)
def test_a_hostile_workbook_ends_nothing_but_its_reader(
    tmp_path: Path, make: Callable[[], bytes], failure: type[Any]
) -> None:
    started = time.monotonic()
    with pytest.raises(failure):
        read(tmp_path, make(), "list.xlsx")
    assert time.monotonic() - started < 60


def test_whoever_stops_reading_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_bytes(xlsx({"A": [("N°", "Nom"), *((n, "a") for n in range(30_000))]}))
    reading = read_list(tmp_path / "list.xlsx", COLUMNS)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert not subprocess._active  # type: ignore[attr-defined]
