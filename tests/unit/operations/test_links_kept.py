"""What was collected before is still named by a row that was changed after the software deleted it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.operations.collecting.collect_software import collect_software
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.practice.registers.gone_records import gone_records
from archiver.practice.store import PracticeStore, open_store
from formats.model.care import Act
from formats.model.people import Patient
from formats.opendental.source import open_opendental
from formats.sources.mapped.open import open_mapped
from samples.story.book import build_sqlite
from samples.story.practice import tell
from tests.unit.sources.described import HEAD, PATIENTS
from tests.unit.sources.test_read import ACTS, PRACTITIONERS

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
APPOINTMENTS = """
[tables.RDV]
key = "NUM"
owner = "PATIENT"
[[tables.RDV.records]]
kind = "appointments"
[tables.RDV.records.fields]
status = "=completed"
reason = "MOTIF"
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as opened:
        yield opened


def opendental(store: PracticeStore, source: Path) -> CollectOutcome:
    with open_opendental(str(source), practice_key="test") as items:
        return collect_software(store, items, system="opendental", clock=lambda: AT)


def change(source: Path, *statements: str) -> None:
    with closing(sqlite3.connect(source)) as connection, connection:
        for one in statements:
            connection.execute(one)


def acts_of(store: PracticeStore) -> list[Act]:
    found = [store.get(Act, identity) for (identity,) in store.db.execute("SELECT id FROM acts").fetchall()]
    return [one for one in found if one is not None]


def linked_act(source: Path) -> tuple[int, int, int]:
    with closing(sqlite3.connect(source)) as connection:
        found: tuple[int, int, int] = connection.execute(
            "SELECT ProcNum, ProvNum, AptNum FROM procedurelog WHERE AptNum > 0 AND ProvNum > 0 AND ProcStatus = 2"
        ).fetchone()
    return found


def test_open_dental_deletes_a_practitioner_and_an_appointment(store: PracticeStore, tmp_path: Path) -> None:
    source = tmp_path / "source.sqlite"
    build_sqlite(tell().book.sql(), source)
    number, provider, appointment = linked_act(source)
    opendental(store, source)
    before = {one.id: one for one in acts_of(store)}
    change(
        source,
        f"DELETE FROM provider WHERE ProvNum = {provider}",
        f"DELETE FROM appointment WHERE AptNum = {appointment}",
        f"UPDATE procedurelog SET BillingNote = 'changed' WHERE ProcNum = {number}",
    )
    opendental(store, source)
    after = {one.id: one for one in acts_of(store)}
    (changed,) = [one for key, one in after.items() if one.note != before[key].note]
    assert changed.practitioner is not None and changed.appointment is not None
    assert {key: (one.practitioner, one.appointment) for key, one in after.items()} == {
        key: (one.practitioner, one.appointment) for key, one in before.items()
    }
    gone = {one.id for one in gone_records(store)}
    assert changed.appointment in gone
    rows = "SELECT id FROM source_rows WHERE [table] = ? AND [key] = ?"
    ((row,),) = store.db.execute(rows, ("provider", str(provider))).fetchall()
    assert row in gone  # who works there is not marked, but the row they came from is


def test_a_new_store_takes_no_word_for_whom_the_software_has_deleted(
    store: PracticeStore, tmp_path: Path
) -> None:
    source = tmp_path / "source.sqlite"
    build_sqlite(tell().book.sql(), source)
    _, provider, _ = linked_act(source)
    change(source, f"DELETE FROM provider WHERE ProvNum = {provider}")
    found = opendental(store, source)
    assert "opendental-practitioner-unknown" in {one.code for one in found.findings}


def tables(folder: Path, **rows: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in rows.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def mapped(store: PracticeStore, folder: Path) -> CollectOutcome:
    text = HEAD + PATIENTS + APPOINTMENTS + ACTS + 'appointment = "RDV"\n' + PRACTITIONERS
    mapping = folder.with_name("test.toml")
    mapping.write_text(text, encoding="utf-8")
    with open_mapped(str(folder), mapping=mapping, practice_key="test") as items:
        return collect_software(store, items, system="test", clock=lambda: AT)


def test_a_mapped_software_deletes_a_practitioner_and_an_appointment(
    store: PracticeStore, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    tables(
        folder,
        PATIENTS="NUM;NOM;NE\n1;Abadie;04/09/1975\n2;Bellec;05/09/1975\n",
        RDV="NUM;PATIENT;MOTIF\n5;1;Contrôle\n6;2;Contrôle\n",
        PRATS="CODE;NOM\nA;Exemple\nB;Modele\n",
        ACTES="NUM;PATIENT;PRIX;LIB;RDV;PRAT\n7;1;28,92;Détartrage;5;A\n8;2;28,92;Détartrage;6;B\n",
    )
    mapped(store, folder)
    tables(
        folder,
        RDV="NUM;PATIENT;MOTIF\n6;2;Contrôle\n",
        PRATS="CODE;NOM\nB;Modele\n",
        ACTES="NUM;PATIENT;PRIX;LIB;RDV;PRAT\n7;1;30,00;Détartrage;5;A\n8;2;31,00;Détartrage;5;C\n",
    )
    found = mapped(store, folder)
    acts = {one.fee_cents: one for one in acts_of(store)}
    names = {one.id: one.family_name for one in store.practitioners()}
    assert names[acts[3000].practitioner or ""] == "Exemple"
    assert acts[3000].appointment
    # nobody ever gave C, and 5 was another patient's
    assert acts[3100].practitioner is None and acts[3100].appointment is None
    assert [one.code for one in found.findings].count("mapped-reference-lost") == 2
    assert len(list(store.patients())) == 2 and store.get(Patient, acts[3100].patient)
