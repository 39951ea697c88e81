"""A key used again for another patient replaces nothing, and whom a relative names is who has the number now."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archiver.operations.collecting.collect import collect
from archiver.practice.store import PracticeStore
from formats.model.people import RelatedPerson, Relation
from tests.unit.operations.test_number_reuse import (
    NOON,
    RAVENEL,
    become,
    collected,
    days,
    desk,
    edit,
    export_package,
    named,
    practice,
    received,
)

RELATIVE = "00000000-0000-4000-8000-00000000000a"
COUNT_AGAIN = (
    "DELETE FROM procedurelog",
    "INSERT INTO procedurelog (ProcNum, PatNum, ProcDate, CodeNum, ProcStatus) VALUES (3, 2, '2026-01-20', 1, 2)",
)
"""Act 3 was Perrichon's of 2020; a new installation gives its number to an act of Roussel."""


def rows_of(store: PracticeStore, family: str) -> set[str]:
    rows = named(store, family).source_rows
    return {str(row.columns["ProcDate"]) for row in rows if row.table == "procedurelog"}


# -- keys counted again across patients ------------------------------------------------------


def test_an_act_of_another_patient_replaces_none(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    with desk(tmp_path) as store:
        collected(store, path)
        edit(path, *COUNT_AGAIN)
        outcome = collected(store, path, later=1)
        assert days(named(store, "Perrichon")) == ["2020-05-06"] and rows_of(store, "Perrichon") == {
            "2020-05-06"
        }
        assert days(named(store, "Roussel")) == ["2019-05-06", "2020-05-06", "2026-01-20"]
        assert "2026-01-20" in rows_of(store, "Roussel")
        (finding,) = [one for one in outcome.findings if one.code == "key-reused"]
        assert finding.where == "procedurelog/3" and "Perrichon" in finding.text and "Roussel" in finding.text
        (row,) = [
            one for one in named(store, "Roussel").source_rows if one.columns.get("ProcDate") == "2026-01-20"
        ]
        assert set(row.records) <= {act.id for act in named(store, "Roussel").acts} and row.records
        again = collected(store, path, later=2)
        assert not again.changed and "key-reused" not in [one.code for one in again.findings]


def test_an_act_given_to_its_patient_by_a_correction_moves(tmp_path: Path) -> None:
    """The software itself notes when the row was changed."""
    path = practice(tmp_path / "source")
    edit(path, "UPDATE procedurelog SET DateTStamp = '2020-05-06 10:00:00' WHERE ProcNum = 3")
    with desk(tmp_path) as store:
        collected(store, path)
        edit(path, "UPDATE procedurelog SET PatNum = 2, DateTStamp = '2026-01-20 10:00:00' WHERE ProcNum = 3")
        outcome = collected(store, path, later=1)
        assert days(named(store, "Perrichon")) == [] and rows_of(store, "Perrichon") == set()
        assert days(named(store, "Roussel")) == ["2019-05-06", "2020-05-06", "2020-05-06"]
        assert "key-reused" not in [one.code for one in outcome.findings]


@pytest.mark.parametrize("again", [True, False])
def test_a_row_that_nobody_understands_follows_the_same_rule(tmp_path: Path, *, again: bool) -> None:
    path = practice(tmp_path / "source")
    made = "CREATE TABLE odd (OddNum INTEGER PRIMARY KEY, PatNum INTEGER, Said TEXT, Stamp TEXT)"
    _run(path, made, "INSERT INTO odd VALUES (1, 1, 'hello', '2020-01-01 08:00:00')")
    with desk(tmp_path) as store:
        collected(store, path)
        assignment = "Said = 'other', " if again else ""
        edit(path, f"UPDATE odd SET {assignment}PatNum = 2, Stamp = '2026-01-01 08:00:00'")
        collected(store, path, later=1)
        found = {
            name: [row.columns["Said"] for row in named(store, name).source_rows if row.table == "odd"]
            for name in ("Perrichon", "Roussel")
        }
        assert found == (
            {"Perrichon": ["hello"], "Roussel": ["other"]}
            if again
            else {"Perrichon": [], "Roussel": ["hello"]}
        )


def _run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_package_of_a_store_made_anew_replaces_none_either(tmp_path: Path) -> None:
    """The sender collected into a new store after the software began to count again."""
    path = practice(tmp_path / "source")
    with desk(tmp_path, "successor.db") as successor:
        for number, statements in (("one", ()), ("two", COUNT_AGAIN)):
            edit(path, *statements)
            with desk(tmp_path, f"{number}.db") as sender:
                collected(sender, path)
                receipt = received(successor, export_package(sender, tmp_path / f"{number}.asice"))
                assert not receipt.refused
        assert days(named(successor, "Perrichon")) == ["2020-05-06"]
        assert days(named(successor, "Roussel")) == ["2019-05-06", "2020-05-06", "2026-01-20"]


# -- relatives who have a number that was given again ------------------------------------------


def _payer(store: PracticeStore, family: str) -> tuple[str, str | None]:
    (payer,) = [one for one in named(store, family).related_persons if one.relation == "payer"]
    return payer.family_name, payer.other_patient


def test_a_relative_is_who_has_the_number_now(tmp_path: Path) -> None:
    """Patient 1 names 2, who is read later; patient 3 names 2, who was read before."""
    path = practice(tmp_path / "source")
    edit(path, become(1, Guarantor=2))
    _run(
        path,
        "INSERT INTO patient (PatNum, LName, FName, Guarantor, Birthdate) VALUES (3, 'Petit', 'Luc', 2, '2010-01-01')",
    )
    with desk(tmp_path) as store:
        collected(store, path)
        roussel = named(store, "Roussel").patient.id
        for family in ("Perrichon", "Petit"):
            assert _payer(store, family) == ("Roussel", roussel)
        edit(path, become(2, **RAVENEL))
        collected(store, path, later=1)
        ravenel = named(store, "Ravenel").patient.id
        for family in ("Perrichon", "Petit"):
            assert _payer(store, family) == ("Ravenel", ravenel)
        assert not collected(store, path, later=2).changed


def test_a_relative_who_is_not_read_is_who_had_the_number_last(tmp_path: Path) -> None:
    path = practice(tmp_path / "source")
    edit(path, become(1, Guarantor=2))
    with desk(tmp_path) as store:
        collected(store, path)
        number = named(store, "Roussel").patient.id
        edit(path, become(2, **RAVENEL))
        collected(store, path, later=1)
        ravenel = named(store, "Ravenel").patient.id
        (own,) = [one.id for one in store.patients() if one.id not in {number, ravenel}]
        relative = RelatedPerson(id=RELATIVE, patient=own, relation=Relation.GUARDIAN, other_patient=number)
        collect(store, [relative], system="opendental", clock=lambda: NOON)
        assert {one.other_patient for one in store.dossier(own).related_persons} == {ravenel}
