"""The tables of Molaire in every kind of file, written by other people's libraries and by the standard library."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import odfdo
import openpyxl
import xlwt

from samples.molaire_tables import DOCUMENTS, TABLES, Cell, Practice, export_cell

MAPPING = Path(__file__).resolve().parents[2] / "docs" / "mappings" / "molaire-3.toml"
Write = Callable[[Practice, Path], str]
"""Writes the tables into a folder, and returns the mapping that reads them."""


def _texts(made: Practice, table: str) -> tuple[list[str], list[list[str]]]:
    return TABLES[table].split(), [list(map(export_cell, row)) for row in made.rows[table]]


def _mapping(changes: Mapping[str, str] | None = None) -> str:
    """Return the mapping with keys more in the tables of ``changes``."""
    text = MAPPING.read_text(encoding="utf-8")
    for table, keys in (changes or {}).items():
        if table == "IMPRESSIONS":  # which the mapping leaves behind
            continue
        head = f"[tables.{table}]\n"
        text = text.replace(head, head + keys) if head in text else f"{text}\n{head}{keys}"
    return text


def delimited(made: Practice, folder: Path) -> str:
    for table in TABLES:
        headings, rows = _texts(made, table)
        with (folder / f"{table}.csv").open("w", encoding="utf-16", newline="") as stream:
            csv.writer(stream, delimiter="\t").writerows([headings, *rows])
    return _mapping().replace('separator = ";"\n', "")


def fixed_width(made: Practice, folder: Path) -> str:
    changes = {}
    for table in TABLES:
        headings, rows = _texts(made, table)
        # a record has no line end in it: the program that wrote it wrote a bar
        rows = [[cell.replace("\n", "|") for cell in row] for row in rows]
        widths = [max(map(len, column)) + 1 for column in zip(headings, *rows, strict=True)]
        lines = ["".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        (folder / f"{table}.txt").write_bytes(
            "".join(f"{line}\r\n" for line in lines).encode("mac_roman") + b"\x1a"
        )
        changes[table] = f'encoding = "mac_roman"\nwidths = {widths}\ncolumns = {json.dumps(headings)}\n'
    return _mapping(changes).replace('separator = ";"\n', "")


def records(made: Practice, folder: Path) -> str:
    """The same without line ends, each record of a few bytes more than its columns have."""
    text = fixed_width(made, folder)
    for table in TABLES:
        if table == "IMPRESSIONS":
            continue
        path = folder / f"{table}.txt"
        lines = path.read_bytes().decode("mac_roman").rstrip("\x1a").split("\r\n")[:-1]
        path.write_bytes("".join(f"{line}\0\0\0" for line in lines).encode("mac_roman"))
        widths = next(
            one for one in text.split(f"[tables.{table}]\n")[1].splitlines() if one.startswith("widths")
        )
        bytes_ = sum(json.loads(widths.removeprefix("widths = "))) + 3
        text = text.replace(f"[tables.{table}]\n", f"[tables.{table}]\nrecord = {bytes_}\n")
    return text


def json_list(made: Practice, folder: Path) -> str:
    for table in TABLES:
        (folder / f"{table}.json").write_text(json.dumps(_objects(made, table)), encoding="utf-8")
    return _mapping()


def json_inside(made: Practice, folder: Path) -> str:
    changes = {}
    for table in TABLES:
        inside = {"export": {"by": "Molaire", "lignes": _objects(made, table)}, "end": True}
        (folder / f"{table}.json").write_text(json.dumps(inside, ensure_ascii=False), encoding="utf-8-sig")
        changes[table] = 'rows = "export.lignes"\n'
    return _mapping(changes)


def json_lines(made: Practice, folder: Path) -> str:
    for table in TABLES:
        lines = (json.dumps(one, ensure_ascii=False) for one in _objects(made, table))
        (folder / f"{table}.ndjson").write_text("\n".join(lines), encoding="utf-8")
    return _mapping()


def _objects(made: Practice, table: str) -> list[dict[str, object]]:
    def value(cell: Cell) -> object:
        if isinstance(cell, Decimal):
            return float(cell)
        return cell.isoformat() if isinstance(cell, date) else cell

    return [dict(zip(TABLES[table].split(), map(value, row), strict=True)) for row in made.rows[table]]


def xml(made: Practice, folder: Path) -> str:
    """Elements, with the key as an attribute; half of the tables in Windows-1252."""
    for number, table in enumerate(TABLES):
        headings, rows = _texts(made, table)
        root = ET.Element("export")
        for row in rows:
            line = ET.SubElement(root, "ligne", {headings[0]: row[0]})
            for heading, cell in zip(headings[1:], row[1:], strict=True):
                ET.SubElement(line, heading).text = cell
        ET.ElementTree(root).write(
            folder / f"{table}.xml", encoding="windows-1252" if number % 2 else "utf-16"
        )
    return _mapping()


def xlsx(made: Practice, folder: Path) -> str:
    """One workbook, a sheet a table, with a title above the headings of one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in TABLES:
        sheet = book.create_sheet(table)
        if table == "PATIENTS":
            sheet.append(["Cabinet dentaire du Quai"])
            sheet.append([])
        sheet.append(TABLES[table].split())
        for row in made.rows[table]:
            sheet.append([_number(cell) for cell in row])
    book.create_sheet("Vide")
    book.save(folder / "export.xlsx")
    return _mapping()


def xls(made: Practice, folder: Path) -> str:
    """A workbook a table."""
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for table in TABLES:
        book = xlwt.Workbook()
        sheet = book.add_sheet("Feuil1")
        for number, row in enumerate([TABLES[table].split(), *made.rows[table]]):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write(number, place, cell, day)
                elif cell is not None:
                    sheet.write(number, place, _number(cell))
        book.save(str(folder / f"{table}.xls"))
    return _mapping()


def ods(made: Practice, folder: Path) -> str:
    """Two workbooks; the mapping names the sheets of the second."""
    changes = {}
    for number, name in enumerate(("un.ods", "deux.ods")):
        document = odfdo.Document("spreadsheet")
        document.body.clear()
        for table in list(TABLES)[number::2]:
            sheet = odfdo.Table(f"Feuille {table}" if number else table)
            for row in [TABLES[table].split(), *made.rows[table]]:
                line = odfdo.Row()
                for place, cell in enumerate(row):
                    if cell is not None:
                        line.set_value(
                            place, datetime.combine(cell, time()) if isinstance(cell, date) else cell
                        )
                sheet.append(line)
            document.body.append(sheet)
            if number:
                changes[table] = f'file = "{name}"\nsheet = "Feuille {table}"\n'
        document.save(folder / name)
    return _mapping(changes)


def _number(cell: Cell) -> object:
    return float(cell) if isinstance(cell, Decimal) else cell


def dbase(made: Practice, folder: Path) -> str:
    return _dbase(made, folder, "db3")


def foxpro(made: Practice, folder: Path) -> str:
    return _dbase(made, folder, "vfp")


def _dbase(made: Practice, folder: Path, kind: str) -> str:
    """Tables with memos and a deleted row each."""
    tables = []
    for table in TABLES:
        columns = zip(*made.rows[table], strict=True)
        specs = [_spec(name, cells) for name, cells in zip(TABLES[table].split(), columns, strict=True)]
        rows = [list(map(_dbase_cell, specs, row)) for row in [made.rows[table][0], *made.rows[table]]]
        tables.append({"path": str(folder / f"{table}.dbf"), "kind": kind, "specs": specs, "rows": rows})
    writer = Path(__file__).with_name("dbase_writer.py")
    subprocess.run([sys.executable, writer], input=json.dumps(tables).encode(), check=True)
    return _mapping()


def _spec(name: str, cells: Sequence[Cell]) -> str:
    filled = [cell for cell in cells if cell is not None]
    if filled and all(isinstance(cell, date) for cell in filled):
        return f"{name} D"
    if filled and all(isinstance(cell, Decimal) for cell in filled):
        return f"{name} N(12,2)"
    if filled and all(isinstance(cell, int) for cell in filled):
        return f"{name} N(12,0)"
    texts = list(map(export_cell, cells))
    return (
        f"{name} M" if name in {"TEXTE", "REMARQUE"} else f"{name} C({max(map(len, texts), default=1) or 1})"
    )


def _dbase_cell(spec: str, cell: Cell) -> object:
    kind = spec.split()[1][0]
    if cell is None and kind != "C":
        return None
    if kind == "N":
        return float(str(cell))
    return str(cell) if kind == "D" else export_cell(cell)


WRITERS: Mapping[str, Write] = {
    one.__name__: one
    for one in (
        delimited,
        fixed_width,
        records,
        json_list,
        json_inside,
        json_lines,
        xml,
        xlsx,
        xls,
        ods,
        dbase,
        foxpro,
    )
}


def lay(name: str, made: Practice, folder: Path) -> Path:
    """Write the tables as ``name`` says, with the documents, and return the mapping that reads them."""
    place = folder / "molaire"
    place.mkdir()
    text = WRITERS[name](made, place)
    for path, content in made.files.items():
        target = place / DOCUMENTS / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    mapping = folder / "mapping.toml"
    mapping.write_text(text, encoding="utf-8")
    return mapping
