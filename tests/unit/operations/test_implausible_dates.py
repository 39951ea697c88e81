"""Dates that cannot be, in the practice's own database: said at collect and at export, and never shortening."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportOutcome, ExportRequest
from archiver.handover.opening import OpenRequest, open_handover
from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.operations.export import export
from archiver.practice.store import open_store
from archiver.sealing.age import HybridIdentity
from archiver.sealing.unsealing import open_entry
from formats.opendental.read import open_source, read
from formats.pdlgc.practice.lists import RetentionRow
from formats.pdlgc.practice.read import read_practice_archive
from samples.demo import build_tables
from tests.packages import counted, signer, trust

KEY = HybridIdentity(seed=b"k" * 32)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
NONE = "0001-01-01 00:00:00"
CASES = {
    "41": ("1980-07-28", "1990-01-01 00:00:00", "2025-03-01", "2046-01-01", "death-before-care"),
    "42": (NONE, NONE, "2024-05-05", "2053-01-01", ""),
    "44": ("1949-08-01", NONE, "2099-05-05", "2120-01-01", "care-in-future"),
    "45": ("2031-11-23", NONE, "2025-05-05", "2060-01-01", "birth-in-future birth-after-care"),
    "46": ("1900-01-01", NONE, "2025-05-05", "2046-01-01", "birth-placeholder"),
    "47": ("2004-02-29", NONE, "2010-05-05", "2033-01-01", ""),
    "49": ("2005-02-28", "2024-02-29 00:00:00", "2024-02-29", "2035-01-01", ""),
    "51": ("1951-08-25", NONE, "1900-01-01", "", "care-placeholder"),
}
"""By patient number: birth, death and the day of all care; the lawful term, and what is said of the dates."""
ELSEWHERE = ("appointment", "perioexam", "rxpat", "document")
"""Tables of the source that tell of care besides the acts; here they tell of none."""


@dataclass(frozen=True)
class Outcomes:
    """What collect and export said, the terms of the signed manifest by number, and the practice's list."""

    collected: CollectOutcome
    exported: ExportOutcome
    terms: dict[str, date | None]
    rows: dict[str, RetentionRow]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    folder = tmp_path_factory.mktemp("dates")
    build_tables(folder)
    tables = folder / "tilleuls.sqlite"
    _change(tables)
    with open_source(str(tables)) as source, open_store(folder / "p.db", create=True) as store:
        items = read(source, images=None, practice_key=None, time_zone="Europe/Paris")
        collected = collect(store, items, system="opendental", clock=lambda: NOON)
        numbers = {one.value: patient.id for patient in store.patients() for one in patient.identifiers}
        request = ExportRequest(
            target=folder / "p.asice",
            patients=[numbers[number] for number in CASES],
            access=KeyringRecipients(recipients=[KEY.to_recipient()]),
            signer=signer(),
        )
        outcome = export(store, request, clock=lambda: NOON, randomness=counted(b"dates"))
        yield _opened(collected, outcome)


def _change(tables: Path) -> None:
    with closing(sqlite3.connect(tables)) as db, db:
        for number, (born, died, care, _, _) in CASES.items():
            db.execute(
                "UPDATE patient SET Birthdate = ?, DateTimeDeceased = ? WHERE PatNum = ?",
                (born[:10], died, number),
            )
            db.execute("UPDATE procedurelog SET ProcDate = ? WHERE PatNum = ?", (care, number))
            for table in ELSEWHERE:
                db.execute(f"DELETE FROM {table} WHERE PatNum = ?", (number,))


def _opened(collected: CollectOutcome, outcome: ExportOutcome) -> Outcomes:
    opening = OpenRequest(package=outcome.path, identities=[KEY], trust=trust(signer(), at=NOON))
    handover = open_handover(opening)
    terms, rows = {}, {}
    manifest = handover.volumes[0].package.manifest
    listed = {unit.id: unit.destroy_from for unit in manifest.units}
    for volume, entry in handover.entries():
        if entry.patient is not None:
            terms[entry.patient["number"]] = listed[entry.unit]
            continue
        with volume.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
            practice = read_practice_archive(plain).records
            rows = {row.patient_number: row for row in practice.retention}
    return Outcomes(collected=collected, exported=outcome, terms=terms, rows=rows)


@pytest.mark.parametrize("number", CASES)
def test_the_signed_manifest_has_the_lawful_term(outcomes: Outcomes, number: str) -> None:
    term = CASES[number][3]
    assert outcomes.terms[number] == (date.fromisoformat(term) if term else None)


@pytest.mark.parametrize("number", CASES)
def test_it_is_said_at_collect_and_at_export(outcomes: Outcomes, number: str) -> None:
    codes = [f"dates-{code}" for code in CASES[number][4].split()]
    for outcome in (outcomes.collected, outcomes.exported):
        found = [one.code for one in outcome.findings if one.where == f"patients/{number}"]
        assert [one for one in found if not one.startswith(("cda-", "ins-"))] == codes


@pytest.mark.parametrize("number", CASES)
def test_the_practice_reads_which_rule_gave_the_term(outcomes: Outcomes, number: str) -> None:
    row = outcomes.rows[number]
    assert (row.destroy_from, row.implausible) == CASES[number][3:]
    assert row.rule
    assert row.meaning_fr != row.meaning_en
    assert (row.source == "") == (row.rule == "unknown")
    assert row.kept_until[:4] == (str(int(row.destroy_from[:4]) - 1) if row.destroy_from else "")


def test_nobody_is_left_out_of_the_list(outcomes: Outcomes) -> None:
    assert outcomes.rows.keys() == outcomes.terms.keys() == CASES.keys()
