"""The records of a practice as tables for a spreadsheet: every row, every cell, and what each column means."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from archiver.delivery.table_meanings import is_of_patient
from archiver.practice.columns import table_of
from archiver.practice.schema import KINDS
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.tools import need, run

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
    assert {one["dossier_number"] for one in acts if one["dossier_family_name"] == "Perrichon"} == {"45"}


def test_a_package_gives_the_same_tables(desk: Program) -> None:
    desk(
        "deliver", "package.asice", "--patient", "perrichon", "--as", "tables", "--to", "sealed", *READING
    ).ok()
    desk("deliver", "practice.db", "--patient", "45", "--as", "tables", "--to", "stored", *RECEIVER).ok()
    names = {path.name for path in (desk.folder / "stored").iterdir()}
    assert {path.name for path in (desk.folder / "sealed").iterdir()} == names and len(names) > 20
    for name in names - {"datapackage.json"}:  # it says when it was made
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
        *("COLUMNS.CSV", "CODES.CSV", "TABLES.XLSX", "datapackage.json"),
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


def package_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the resources that ``datapackage.json`` describes, by name."""
    document = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert document["profile"] == "tabular-data-package"
    return {one["name"]: one for one in document["resources"]}


def test_programs_are_told_what_every_table_is(desk: Program) -> None:
    desk("deliver", "practice.db", "--all", "--as", "tables", "--to", "tables", *RECEIVER).ok()
    folder = desk.folder / "tables"
    described = package_of(folder)
    assert {one["path"] for one in described.values()} == {
        path.name for path in folder.glob("*.[cC][sS][vV]")
    }
    identities = {
        name: {row["id"] for row in rows(folder / one["path"]) if "id" in row}
        for name, one in described.items()
    }
    followed = checked = 0
    for name, one in described.items():
        fields = {field["name"]: field for field in one["schema"]["fields"]}
        listed = rows(folder / one["path"])
        heading = (folder / one["path"]).read_text(encoding="utf-8-sig").splitlines()[0]
        names = [field["name"] for field in one["schema"]["fields"]]
        assert heading.replace('"', "").split(";") == names and len(fields) == len(names), name
        keys = one["schema"].get("primaryKey", [])
        assert len({tuple(row[key] for key in keys) for row in listed}) == len(listed) or not keys, name
        for field in fields.values():
            cells = {row[field["name"]] for row in listed} - {""}
            if field["type"] == "integer":
                assert all(cell.removeprefix("-").isdigit() for cell in cells), (name, field["name"])
            if enum := field.get("constraints", {}).get("enum"):
                assert cells <= set(enum), (name, field["name"])
                checked += len(cells)
        for key in one["schema"].get("foreignKeys", []):
            there = identities[key["reference"]["resource"] or name]
            leads = {row[key["fields"][0]] for row in listed} - {""}
            assert leads <= there, (name, key)
            followed += len(leads)
    assert followed > 100 and checked > 50
    money = {field["name"]: field for field in described["payments"]["schema"]["fields"]}["amount_cents"]
    assert money["type"] == "integer" and "cent" in money["description"] and "cent" in money["description_fr"]


def test_every_code_has_its_words(desk: Program) -> None:
    desk("deliver", "practice.db", "--all", "--as", "tables", "--to", "tables", *RECEIVER).ok()
    folder = desk.folder / "tables"
    codes = {(one["table"], one["column"], one["code"]): one for one in rows(folder / "CODES.CSV")}
    assert all(one["label_fr"] and one["label_en"] for one in codes.values())
    seen = set()
    for table, column in {key[:2] for key in codes}:
        for row in rows(folder / f"{table}.csv"):
            seen |= {(table, column, code) for code in row[column].split(", ") if code}
    assert seen <= codes.keys() and len(seen) > 50


def test_a_database_has_every_row_and_its_foreign_keys_hold(desk: Program) -> None:
    again = ("deliver", "practice.db", "--all", "--as", "tables", "--sqlite", "--to", "tables", *RECEIVER)
    done = desk(*again, "--json").ok().document
    path = desk.folder / "tables" / "TABLES.SQLITE"
    assert done["database"] == "tables/TABLES.SQLITE" and path.stat().st_mode & 0o077 == 0
    asked = "PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT count(*) FROM acts;"
    acts = done["rows_by_table"]["acts"]
    assert run(need("sqlite3"), "-readonly", path, asked).split() == ["ok", str(acts)]
    with (
        closing(sqlite3.connect(path)) as base,
        closing(sqlite3.connect(desk.folder / "practice.db")) as store,
    ):
        tables = {table.name: table for kind in KINDS for table in table_of(kind).family}
        assert len(tables) > 40
        for name, table in tables.items():
            assert base.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (
                done["rows_by_table"].get(name, 0),
            )
            if is_of_patient(table) and name in done["rows_by_table"]:
                names = ", ".join(QUOTED.format(one) for one in table.names if one != "linked")
                where = " WHERE patient IS NOT NULL" if "patient" in table.names else ""
                query = f'SELECT {names} FROM "{name}"'
                assert set(base.execute(query)) == set(store.execute(query + where)), name
        explained = set(base.execute('SELECT "table", "column" FROM COLUMNS'))
        assert explained == {(name, one) for name, table in tables.items() for one in table.names}
        keys = base.execute("SELECT count(*) FROM pragma_foreign_key_list('invoices_lines')").fetchone()
        assert keys[0] >= 1
        owed = base.execute("SELECT sum(amount_cents) FROM payments").fetchone()[0]
        assert owed == sum(int(one["amount_cents"]) for one in rows(desk.folder / "tables" / "payments.csv"))
