"""The records of a practice as tables for a spreadsheet: every row, every cell, and what each column means."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from archiver.delivery.table_meanings import is_of_patient
from archiver.practice.columns import table_of
from archiver.practice.schema import KINDS
from tests.journeys.line import Line
from tests.journeys.program import Program

RECEIVER = ("--by", "Dr Malo Kerbrat", "--receiver", "Cabinet Exemple")
READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
QUOTED = '"{}"'


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("practice.db", "package.asice", "receiver.identity", "roots.pem")
    return Program(folder=small_line.copy(tmp_path, *names))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def shown(cell: object, *, several: bool) -> str:
    """Return a cell of the store as a table has it, before a spreadsheet is kept from computing it."""
    if cell is None:
        return ""
    return ", ".join(map(str, json.loads(str(cell)))) if several else str(cell)


def test_every_cell_of_the_store_is_in_a_table(desk: Program) -> None:
    done = desk(
        "deliver", "practice.db", "--all", "--as", "tables", "--to", "tables", *RECEIVER, "--json"
    ).ok()
    folder = desk.folder / "tables"
    compared = 0
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        for table in (one for kind in KINDS for one in table_of(kind).family):
            several = {column.name for column in table.stored if column.several}
            names = [name for name in table.names if name != "linked"]  # computed, where records are linked
            where = " WHERE patient IS NOT NULL" if "patient" in names else ""  # some rows are of no dossier
            columns = ", ".join(map(QUOTED.format, names))
            found = store.execute(f'SELECT {columns} FROM "{table.name}"{where}').fetchall()
            if not found:
                assert not (folder / f"{table.name}.csv").exists()
                continue
            listed = rows(folder / f"{table.name}.csv")
            written = sorted(tuple(one[name].removeprefix("'") for name in names) for one in listed)
            stored = sorted(
                tuple(
                    shown(cell, several=name in several).removeprefix("'")
                    for name, cell in zip(names, row, strict=True)
                )
                for row in found
            )
            if is_of_patient(table):
                assert written == stored, table.name
            else:  # somebody whom no dossier names is in none
                assert set(written) <= set(stored) and len(set(written)) == len(written), table.name
            assert done.document["rows_by_table"][table.name] == len(written)
            compared += len(written) * len(names)
        (noted,) = store.execute("SELECT detail FROM journal WHERE operation = 'delivery'").fetchone()
    assert compared > 10_000
    assert json.loads(noted)["rows"] == sum(done.document["rows_by_table"].values())
    assert not [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077]


def test_every_column_is_explained_in_both_languages(desk: Program) -> None:
    desk("deliver", "practice.db", "--all", "--as", "tables", "--to", "tables", *RECEIVER).ok()
    folder = desk.folder / "tables"
    explained = {(one["table"], one["column"]): one for one in rows(folder / "COLUMNS.CSV")}
    columns = {(path.stem, name) for path in folder.glob("*.csv") for name in rows(path)[0]}
    assert columns == explained.keys() and len(columns) > 200
    for one in explained.values():
        assert all(one[f"{what}_{language}"] for what in ("label", "meaning") for language in ("fr", "en"))
    teeth = explained["acts", "teeth"]
    assert "FDI" in teeth["meaning_en"] and teeth["label_fr"] == "Dents"
    acts = rows(folder / "acts.csv")
    assert {one["patient_number"] for one in acts if one["patient_family_name"] == "Perrichon"} == {"45"}


def test_a_package_gives_the_same_tables(desk: Program) -> None:
    desk(
        "deliver", "package.asice", "--patient", "perrichon", "--as", "tables", "--to", "sealed", *READING
    ).ok()
    desk("deliver", "practice.db", "--patient", "45", "--as", "tables", "--to", "stored", *RECEIVER).ok()
    names = {path.name for path in (desk.folder / "stored").iterdir()}
    assert {path.name for path in (desk.folder / "sealed").iterdir()} == names and len(names) > 20
    for name in names:
        sealed, stored = (rows(desk.folder / folder / name) for folder in ("sealed", "stored"))
        assert sorted(one.items() for one in sealed) == sorted(one.items() for one in stored), name


def test_what_lies_there_is_not_replaced(desk: Program) -> None:
    (desk.folder / "mine").mkdir()
    line = ("deliver", "practice.db", "--all", "--as", "tables", "--to")
    desk(*line, "mine", *RECEIVER).refused("already-exists", 42)
    asked = desk(*line, "x", "--node", "PACS@127.0.0.1:104", *RECEIVER)
    assert asked.status == 2 and "--as, --node" in asked.err
    asked = desk("deliver", "practice.db", "--all", "--xlsx", "--to", "x", *RECEIVER)
    assert asked.status == 2 and "--xlsx is for --as tables alone" in asked.err
    assert not list((desk.folder / "mine").iterdir()) and not (desk.folder / "x").exists()


def test_a_workbook_has_every_row_of_every_table(desk: Program) -> None:
    again = ("deliver", "practice.db", "--all", "--as", "tables", "--xlsx", "--to", "tables", *RECEIVER)
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store, store:
        store.execute(
            "UPDATE notes SET text = ? WHERE rowid = (SELECT min(rowid) FROM notes)", ("x" * 40_000,)
        )
    done = desk(*again, "--json").ok().document
    (cut,) = done["findings"]
    assert (cut["code"], cut["where"]) == ("cells-cut", "TABLES.XLSX")
    assert done["workbook"] == "tables/TABLES.XLSX"
    folder = desk.folder / "tables"
    listed = {path.stem: list(rows(path)) for path in folder.glob("*.csv")}
    assert {path.name for path in folder.iterdir()} == {f"{one}.csv" for one in listed} | {
        "COLUMNS.CSV",
        "TABLES.XLSX",
    }
    book = CalamineWorkbook.from_path(folder / "TABLES.XLSX")
    assert book.sheet_names[0] == "COLUMNS"
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names[1:]}
    assert {name: len(sheet) - 1 for name, sheet in sheets.items()} == {
        name[:31]: len(one) for name, one in listed.items()
    }
    paid = [float(one["amount_cents"]) for one in listed["payments"]]
    place = sheets["payments"][0].index("amount_cents")
    assert [row[place] for row in sheets["payments"][1:]] == paid, (
        "sums are numbers, which a spreadsheet adds up"
    )
    assert desk("deliver", "practice.db", "--all", "--xlsx", "--to", "more", *RECEIVER).status == 2
