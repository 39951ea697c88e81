"""Matrix: the same practice in every kind of file, written by other people's libraries, gives the same records.

Counts and money are summed by the test from the rows as they were invented, never by the program.
"""

from __future__ import annotations

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from formats import registry
from formats.findings import Finding
from formats.model.care import Act
from formats.model.money import Adjustment, Invoice, Payment
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.model.record import Record
from samples.molaire_tables import TABLES, csv_files, practice
from tests.interop.table_writers import MAPPING, WRITERS, lay

MADE = practice()
OF_FILES = {
    *(
        "table-rows-deleted",
        "table-title-lines",
        "table-sheet-empty",
        "table-files-ignored",
        "table-values-outside",
    ),
    *("table-file-unread", "mapped-table-left", "mapped-table-undescribed"),
}
"""Findings that are about one kind of file and not about the practice."""


def read(mapping: Path, place: Path) -> list[Any]:
    with registry.reader_for("mapped")(str(place), mapping=mapping) as items:
        return list(items)


def records(items: list[Any]) -> dict[str, Record]:
    return {one.id: one for one in items if isinstance(one, Record) and not isinstance(one, SourceRow)}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    place = tmp_path_factory.mktemp("csv")
    for name, content in csv_files(MADE):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return read(MAPPING, place)


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_of_file_gives_the_same_records(name: str, expected: list[Any], tmp_path: Path) -> None:
    mapping = lay(name, MADE, tmp_path)
    items = read(mapping, tmp_path / "molaire")
    wanted, found = records(expected), records(items)
    if name in {"fixed_width", "records"}:  # a line end in a note is a bar there
        notes = {one.id for one in wanted.values() if one.kind == "notes"}
        assert notes
        wanted, found = (
            {key: one for key, one in some.items() if key not in notes} for some in (wanted, found)
        )
    assert found.keys() == wanted.keys()
    different = [(one, found[key]) for key, one in wanted.items() if one != found[key]]
    assert different == []
    assert len(wanted) > 300
    rows = Counter(one.table for one in items if isinstance(one, SourceRow))
    assert rows == {table: len(MADE.rows[table]) for table in TABLES if table != "IMPRESSIONS"}
    assert codes(items) == codes(expected)


def codes(items: list[Any]) -> Counter[str]:
    found = Counter(one.code for one in items if isinstance(one, Finding))
    return Counter({code: count for code, count in found.items() if code not in OF_FILES})


def cents(table: str, column: str) -> int:
    """Sum a column of the rows of patients who are there, as they were invented."""
    names = TABLES[table].split()
    owner, place = names.index("NUMPAT"), names.index(column)
    known = {row[0] for row in MADE.rows["PATIENTS"]}
    amounts = (row[place] for row in MADE.rows[table] if row[owner] in known)
    return int(sum((one for one in amounts if isinstance(one, Decimal)), Decimal(0)) * 100)


@pytest.mark.parametrize("name", WRITERS)
def test_counts_and_money_are_those_of_the_rows(name: str, tmp_path: Path) -> None:
    items = read(lay(name, MADE, tmp_path), tmp_path / "molaire")
    acts, invoices = ([one for one in items if isinstance(one, kind)] for kind in (Act, Invoice))
    assert sum(isinstance(one, Patient) for one in items) == 40
    assert sum(one.fee_cents for one in acts) == cents("ACTES", "HONORAIRES") > 100_000
    assert sum(one.total_cents for one in invoices) == cents("FACTURES", "TOTAL") > 100_000
    payments = [one for one in items if isinstance(one, Payment)]
    assert sum(one.amount_cents for one in payments) == cents("REGLEMENTS", "MONTANT") > 100_000
    given = [one for one in items if isinstance(one, Adjustment)]
    assert -sum(one.amount_cents for one in given) == cents("AVOIRS", "MONTANT") > 1_000


def test_a_folder_may_mix_kinds_of_files(expected: list[Any], tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    kinds = ("json_list", "xml", "dbase", "xls")
    for number, kind in enumerate(kinds):
        folder = tmp_path / kind
        folder.mkdir()
        lay(kind, MADE, folder)
        for table in list(TABLES)[number :: len(kinds)]:
            for path in (folder / "molaire").glob(f"{table}.*"):
                shutil.copy(path, mixed)
        shutil.copytree(folder / "molaire" / "documents", mixed / "documents", dirs_exist_ok=True)
    assert len({path.suffix for path in mixed.iterdir()}) == 6  # folder, memo file and four kinds
    assert records(read(MAPPING, mixed)) == records(expected)
