"""OpenMolar in a real MariaDB, with its author's tables and demonstration: collected, handed over, taken in, read.

What is there is counted and summed by SQL of the test's own.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from formats.findings import Finding
from formats.model.care import Act, ActStatus
from formats.model.mouth import ChartFinding, ChartKind, PerioExam, Surface
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import Item
from formats.sources.mapped.open import open_mapped
from tests.journeys.line import Line, asked as stored_rows
from tests.journeys.program import Program
from tests.mariadb import Server
from tests.openmolar import LETTER, MAPPING, ROWS, SCAN, asked, fill

DATABASE = "openmolar"
OF_PATIENTS = "serialno IN (SELECT serialno FROM new_patients)"
EXPECTED = {
    "patients": "SELECT count(*), NULL FROM new_patients",
    "invoices": f"SELECT count(*), sum(feesa) FROM daybook WHERE {OF_PATIENTS}",
    "payments": "SELECT count(*), sum(amt) FROM cashbook"
    " WHERE CAST(ref AS SIGNED) IN (SELECT serialno FROM new_patients)",
    "treatment_plans": f"SELECT count(*), NULL FROM currtrtmt2 WHERE {OF_PATIENTS}",
    "treatment_plans_items": f"SELECT count(*), sum(fee) FROM newestimates WHERE {OF_PATIENTS}",
    "appointments": f"SELECT (SELECT count(*) FROM aslot WHERE {OF_PATIENTS})"
    f" + (SELECT count(*) FROM apr WHERE adate IS NULL AND {OF_PATIENTS}), NULL",
    "documents": f"SELECT (SELECT count(*) FROM newdocsprinted WHERE {OF_PATIENTS})"
    f" + (SELECT count(*) FROM docsimported WHERE {OF_PATIENTS}), NULL",
    "notes": "SELECT (SELECT count(*) FROM formatted_notes WHERE ntype NOT IN ('opened', 'closed'))"
    " + (SELECT count(*) FROM clinical_memos) + (SELECT count(*) FROM ptmemos)"
    " + (SELECT count(*) FROM new_patients WHERE memo <> ''), NULL",
    "access_events": "SELECT count(*), NULL FROM formatted_notes WHERE ntype IN ('opened', 'closed')",
    "perio_exams": f"SELECT count(*), NULL FROM perio WHERE {OF_PATIENTS}",
    "observations": f"SELECT count(*), NULL FROM bpe WHERE {OF_PATIENTS}",
}
"""What the database holds, by table of the store: rows, and the sum in pence."""
AMOUNTS = {"invoices": "total_cents", "payments": "amount_cents", "treatment_plans_items": "fee_cents"}
VERBATIM = (
    "daybook",
    "static_chart",
    "currtrtmt2",
    "cashbook",
    "aslot",
    "medications",
    "docsimporteddata",
    "forum",
    "est_link2",
)
EXPORT = (
    "export", "practice.db", "package.asice", "--all", "--ground", "cessation",
    "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12",
)  # fmt: skip
OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")


@pytest.fixture(scope="module")
def address(mariadb_server: Server) -> str:
    return fill(mariadb_server, DATABASE, latin=True)


@pytest.fixture(scope="module")
def items(address: str) -> list[Item]:
    with open_mapped(address, mapping=MAPPING, practice_key="openmolar") as found:
        return list(found)


@pytest.fixture(scope="module")
def desk(address: str, small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The whole line, from the server to the successor."""
    folder = tmp_path_factory.mktemp("openmolar")
    small_line.copy(folder, "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    program = Program(folder=folder)
    collected = program(
        "collect",
        "mapped",
        address,
        "--mapping",
        str(MAPPING),
        "--practice",
        "openmolar",
        "--into",
        "practice.db",
    )
    assert collected.status == 0, collected.err
    program(*EXPORT).ok()
    program("verify", "package.asice", "--roots", "roots.pem").ok()
    program("import", "package.asice", *OPEN, "--into", "successor.db").ok()
    return program


@pytest.mark.parametrize("store", ["practice.db", "successor.db"])
@pytest.mark.parametrize("table", EXPECTED)
def test_counts_and_money_are_those_of_the_database(
    desk: Program, mariadb_server: Server, store: str, table: str
) -> None:
    ((rows, pence),) = asked(mariadb_server, DATABASE, EXPECTED[table])
    amount = f"sum({AMOUNTS[table]})" if table in AMOUNTS else "NULL"
    ((stored, cents),) = stored_rows(desk.folder / store, f"SELECT count(*), {amount} FROM [{table}]")
    assert (stored, cents) == (rows, None if pence is None else int(pence))
    assert rows >= 1


@pytest.mark.parametrize("table", VERBATIM)
def test_every_row_travels_word_for_word(desk: Program, mariadb_server: Server, table: str) -> None:
    ((rows,),) = asked(mariadb_server, DATABASE, f"SELECT count(*) FROM `{table}`")
    for store in ("practice.db", "successor.db"):
        ((stored,),) = stored_rows(
            desk.folder / store, "SELECT count(*) FROM source_rows WHERE [table] = ?", table
        )
        assert stored == rows > 0, store


def test_what_insurers_pay_is_the_fee_without_what_the_patient_pays(
    desk: Program, mariadb_server: Server
) -> None:
    ((pence,),) = asked(
        mariadb_server, DATABASE, f"SELECT sum(feesa) - sum(feesb) FROM daybook WHERE {OF_PATIENTS}"
    )
    ((cents,),) = stored_rows(desk.folder / "successor.db", "SELECT sum(insurer_cents) FROM invoices")
    assert cents == int(pence) > 0
    assert stored_rows(desk.folder / "practice.db", "SELECT currency FROM practices") == [("GBP",)]


def test_files_that_lie_in_pieces_are_whole(desk: Program) -> None:
    wanted = {hashlib.sha256(one).hexdigest() for one in (LETTER, SCAN)}
    for store in ("practice.db", "successor.db"):
        found = stored_rows(desk.folder / store, "SELECT attachment_sha256 FROM documents")
        assert {one for (one,) in found} == wanted


def of(items: list[Item], number: str) -> list[Record]:
    """Return the records of the patient ``number``."""
    (patient,) = (one for one in items if isinstance(one, Patient) and one.identifiers[0].value == number)
    return [one for one in items if isinstance(one, Record) and getattr(one, "patient", "") == patient.id]


def test_the_charted_patient_of_the_demonstration(items: list[Item], mariadb_server: Server) -> None:
    """The codes of the one row are counted by the test: words of the 32 columns."""
    (row,) = asked(mariadb_server, DATABASE, "SELECT * FROM static_chart WHERE pt_sno = 1")
    words = [word for cell in row[5:] for word in str(cell).split()]
    found = of(items, "1")
    acts = {(one.teeth, one.code): one for one in found if isinstance(one, Act)}
    marks = [one for one in found if isinstance(one, ChartFinding)]
    assert sorted([code for _, code in acts] + [one.code for one in marks if one.code]) == sorted(words)
    assert acts[("15",), "MOD"].surfaces == (Surface.MESIAL, Surface.OCCLUSAL, Surface.DISTAL)
    assert acts[("36",), "MOL,CO"].surfaces == (Surface.MESIAL, Surface.OCCLUSAL, Surface.LINGUAL)
    assert acts[("24",), "GI/MOD"].label == "Inlay" and acts[("21",), "IM/TIT"].label == "Implant"
    assert {one.status for one in acts.values()} == {ActStatus.EXISTING}
    assert {(one.finding, one.tooth) for one in marks} == {
        (ChartKind.PRIMARY, "65"), *((ChartKind.HIDDEN, tooth) for tooth in ("18", "25", "28", "38", "48")),
    }  # fmt: skip


def test_what_is_planned_and_what_was_done_stand_on_their_teeth(items: list[Item]) -> None:
    child = [one for one in of(items, "3") if isinstance(one, Act)]
    assert [(one.status, one.teeth, one.code) for one in child if one.status is not ActStatus.EXISTING] == [
        (ActStatus.PLANNED, ("64",), "DR"), (ActStatus.DONE, ("64",), "DR"), (ActStatus.DONE, (), "CUSTOM:POLISH"),
    ]  # fmt: skip
    marks = [one for one in of(items, "3") if isinstance(one, ChartFinding)]
    assert Counter(one.finding for one in marks) == {ChartKind.PRIMARY: 20, ChartKind.HIDDEN: 20}
    exam = next(one for one in of(items, "2") if isinstance(one, PerioExam))
    assert {one.tooth for one in exam.measures} == {"18", "38", "48"}


def test_everything_that_was_not_understood_is_said(items: list[Item]) -> None:
    found = [one for one in items if isinstance(one, Finding) and one.code == "mapped-value-unreadable"]
    assert sorted(one.where for one in found) == ["daybook/3", "perio/3/2013-03-05", "static_chart/2"]
    assert not {one.code for one in items if isinstance(one, Finding)} & {
        "mapped-column-missing", "mapped-table-missing", "mapped-record-lacking", "mapped-key-twice",
        "mapped-key-empty", "mapped-row-not-understood",
    }  # fmt: skip
    of_practice = {one.table for one in items if isinstance(one, SourceRow) and one.patient is None}
    assert not of_practice & set(ROWS) - {
        "clinicians", "clinician_dates", "diary_link", "families", "medications", "aslot", "cashbook",
    }  # fmt: skip


def test_an_unchanged_database_changes_nothing(desk: Program, address: str) -> None:
    again = desk(
        *("collect", "mapped", address, "--mapping", str(MAPPING), "--practice", "openmolar"),
        *("--into", "practice.db", "--json"),
    ).ok()
    assert json.loads(again.out)["changed"] is False


def test_the_dossier_shows_the_chart(desk: Program, tmp_path: Path) -> None:
    page = dossier(desk, tmp_path, "1")
    assert page.count('class="tooth') >= 52  # both dentitions, for a primary tooth is there
    assert "Root canal treatment" in page and "GI/MOD" in page and "Couronne" not in page
    assert 'class="f4"' in page and "65" in page


def dossier(program: Program, folder: Path, number: str) -> str:
    """Return the page of the dossier of the patient ``number``."""
    who = ("--by", "Dr Morel", "--receiver", "the patient")
    program("deliver", "successor.db", "--patient", number, "--to", str(folder / "out"), *who).ok()
    (page,) = (folder / "out").rglob("INDEX.HTM")
    return page.read_text("utf-8")
