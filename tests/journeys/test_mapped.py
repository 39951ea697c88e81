"""A software that only a mapping describes: its tables are collected, handed over and taken in; nothing is lost.

What is there is counted and summed by SQL over the tables themselves, never by the program.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from samples.molaire_tables import build_database, practice
from tests.journeys.line import Line, asked, lay_molaire
from tests.journeys.program import Program

COLLECT = ("collect", "mapped", "molaire", "--mapping", "molaire-3.toml", "--into", "practice.db")
EXPORT = (
    "export", "practice.db", "package.asice", "--all", "--ground", "cessation",
    "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12",
)  # fmt: skip
OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")
OF_PATIENTS = "NUMPAT IN (SELECT NUMPAT FROM PATIENTS)"
EXPECTED = {
    "patients": "SELECT count(*), NULL FROM PATIENTS",
    "acts": f"SELECT count(*), sum(HONORAIRES) FROM ACTES WHERE {OF_PATIENTS}",
    "appointments": f"SELECT count(*), NULL FROM RDV WHERE {OF_PATIENTS}",
    "invoices": f"SELECT count(*), sum(TOTAL) FROM FACTURES WHERE {OF_PATIENTS}",
    "payments": f"SELECT count(*), sum(MONTANT) FROM REGLEMENTS WHERE {OF_PATIENTS} AND typeof(MONTANT) = 'real'",
    "adjustments": f"SELECT count(*), -sum(MONTANT) FROM AVOIRS WHERE {OF_PATIENTS}",
    "prescriptions": f"SELECT count(*), NULL FROM ORDONNANCES WHERE {OF_PATIENTS}",
    "documents": f"SELECT count(*), NULL FROM DOCUMENTS WHERE {OF_PATIENTS}",
    "invoices_lines": "SELECT count(*), sum(MONTANT) FROM LIGNESFACT WHERE NUMFACT IN (SELECT NUMFACT FROM FACTURES)",
}
"""What the tables hold, by table of the store: rows, and the sum in euros."""
AMOUNTS = {
    "acts": "fee_cents",
    "invoices": "total_cents",
    "payments": "amount_cents",
    "adjustments": "amount_cents",
    "invoices_lines": "fee_cents",
}
ROWS = "SELECT (SELECT count(*) FROM ACTES) + (SELECT count(*) FROM PATIENTS) + (SELECT count(*) FROM SMS)"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    place = tmp_path_factory.mktemp("tables") / "molaire.sqlite"
    build_database(practice(), place)
    with closing(sqlite3.connect(place)) as connection:
        yield connection


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The whole line, from the tables to the successor."""
    folder = tmp_path_factory.mktemp("mapped")
    lay_molaire(folder)
    small_line.copy(folder, "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    program = Program(folder=folder)
    program(*COLLECT).incomplete()
    program(*EXPORT).ok()
    program("verify", "package.asice", "--roots", "roots.pem").ok()
    program("import", "package.asice", *OPEN, "--into", "successor.db")
    return program


@pytest.mark.parametrize("store", ["practice.db", "successor.db"])
@pytest.mark.parametrize("table", EXPECTED)
def test_counts_and_money_are_those_of_the_tables(
    desk: Program, database: sqlite3.Connection, store: str, table: str
) -> None:
    rows, euros = database.execute(EXPECTED[table]).fetchone()
    amount = f"sum({AMOUNTS[table]})" if table in AMOUNTS else "NULL"
    ((stored, cents),) = asked(desk.folder / store, f"SELECT count(*), {amount} FROM [{table}]")
    assert (stored, cents) == (rows, None if euros is None else round(euros * 100))
    assert rows > 5


@pytest.mark.parametrize("store", ["practice.db", "successor.db"])
def test_every_row_travels_word_for_word(desk: Program, database: sqlite3.Connection, store: str) -> None:
    (rows,) = database.execute(ROWS).fetchone()
    where = "system = 'molaire' AND [table] IN ('ACTES', 'PATIENTS', 'SMS')"
    ((stored,),) = asked(desk.folder / store, f"SELECT count(*) FROM source_rows WHERE {where}")
    assert stored == rows
    hidden = "SELECT count(*) FROM source_rows WHERE columns LIKE '%c2VjcmV0%' OR columns LIKE '%MDP%'"
    assert list(asked(desk.folder / store, hidden)) == [(0,)]


def test_a_dossier_is_what_its_rows_say(desk: Program) -> None:
    store = desk.folder / "successor.db"
    traits = "SELECT traits_birth_family_name, traits_birth_date FROM patients JOIN patients_identifiers ON owner = id"
    found = dict(asked(store, f"{traits} WHERE value IN ('7', '8')"))
    assert found == {"GUILLOUX": "1948-05", "HAMON": "1931"}
    none = (
        "SELECT count(*) FROM health_statements WHERE topic = 'allergy' AND presence = 'none' AND label = ''"
    )
    assert asked(store, none) > [(3,)]
    payers = "SELECT count(*) FROM related_persons WHERE relation = 'payer' AND other_patient IS NOT NULL"
    assert list(asked(store, payers)) == [(4,)]


def test_collecting_again_changes_nothing(desk: Program, tmp_path: Path) -> None:
    shutil.copytree(desk.folder, tmp_path, dirs_exist_ok=True)
    again = Program(folder=tmp_path)
    assert again(*COLLECT, "--json").incomplete().document["changed"] is False


def records(document: Any) -> dict[str, int]:
    return {name: one["stored"] for name, one in document["kinds"].items() if name != "files"}


def test_the_export_and_the_database_give_the_same_dossiers(desk: Program, tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    build_database(practice(), tmp_path / "molaire" / "molaire.sqlite")
    program = Program(folder=tmp_path)
    files = program(*COLLECT, "--json").incomplete().document
    copy = (*COLLECT[:2], "molaire/molaire.sqlite", *COLLECT[3:-1], "copy.db")
    assert records(program(*copy, "--json").incomplete().document) == records(files)
    names = [
        str(name)
        for (name,) in asked(tmp_path / "copy.db", "SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    compared = [
        name
        for name in names
        if not name.startswith(("source_rows", "journal", "settings", "about", "sqlite"))
    ]
    for name in compared:
        both = [
            set(asked(tmp_path / store, f"SELECT * FROM [{name}]")) for store in ("practice.db", "copy.db")
        ]
        assert both[0] == both[1], name
    assert len(compared) > 30


def test_a_changed_row_updates_its_own_records_alone(desk: Program, tmp_path: Path) -> None:
    shutil.copytree(desk.folder, tmp_path, dirs_exist_ok=True)
    table = tmp_path / "molaire" / "ORDONNANCES.csv"
    table.write_bytes(table.read_bytes().replace("Paracétamol".encode("cp1252"), b"Ibuprofene", 1))
    document = Program(folder=tmp_path)(*COLLECT, "--json").incomplete().document
    changed = {
        name: one["updated"] for name, one in document["kinds"].items() if one["updated"] or one["added"]
    }
    assert changed == {"prescriptions": 1, "source_rows": 1}


def test_a_mapping_without_numbers_shows_the_key_of_the_patient(tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    path = tmp_path / "molaire-3.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    others = [line for line in lines if not line.startswith('identifiers = [{ type = "=LOCAL"')]
    assert len(others) == len(lines) - 1
    path.write_text("".join(others), encoding="utf-8")
    program = Program(folder=tmp_path)
    program(*COLLECT).incomplete()
    listed = program("patients", "practice.db", "--json").ok().document["listed"]
    assert {one["number"] for one in listed} == {str(number) for number in range(1, 41)}
    found = program("find", "practice.db", "guilloux").ok().out
    assert re.search(r"^ *7 +GUILLOUX ", found, re.MULTILINE)


def test_a_folder_of_documents_elsewhere_is_named_to_the_check(tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    (tmp_path / "molaire" / "documents").rename(tmp_path / "scans")
    program, check = Program(folder=tmp_path), ("mapping", "check", "molaire-3.toml", "--source", "molaire")
    missing = program(*check)
    assert missing.status == 46 and "[mapping-folder-missing]" in missing.out
    program(*check, "--files", "scans").ok()
    program(*check, "--files", "nowhere").refused("folder-not-found", 54)


def test_a_table_that_is_cut_is_refused_and_the_store_stays_as_it_was(desk: Program, tmp_path: Path) -> None:
    shutil.copytree(desk.folder, tmp_path, dirs_exist_ok=True)
    table = tmp_path / "molaire" / "NOTES.csv"
    table.write_bytes(table.read_bytes()[:-20])
    before = list(asked(tmp_path / "practice.db", "SELECT count(*) FROM journal"))
    ended = Program(folder=tmp_path)(*COLLECT)
    assert ended.status == 46 and ended.err.count("\n") == 1 and "[table-unreadable]" in ended.err
    assert list(asked(tmp_path / "practice.db", "SELECT count(*) FROM journal")) == before


def test_a_faulty_mapping_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    path = tmp_path / "molaire-3.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("fee_cents = ", "fee_cent = "), encoding="utf-8")
    program = Program(folder=tmp_path)
    ended = program(*COLLECT)
    assert ended.status == 46 and "did you mean “fee_cents”" in ended.err and "[mapping-invalid]" in ended.err
    assert not (tmp_path / "practice.db").exists()
    checked = program("mapping", "check", path.name)
    assert checked.status == 46 and "fee_cent" in checked.out
    assert program("mapping", "check", path.name, "--json").document["sound"] is False


def test_a_mapping_whose_tests_fail_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    path = tmp_path / "molaire-3.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('birth_date = "1948-05"', 'birth_date = "1948-06"', 1), encoding="utf-8")
    program = Program(folder=tmp_path)
    ended = program(*COLLECT)
    assert ended.status == 46 and "[mapping-tests-failed]" in ended.err and "1948-06" in ended.err
    assert not (tmp_path / "practice.db").exists()
    previewed = program("mapping", "preview", "molaire", "--mapping", path.name, "--json").ok().document
    assert "mapping-test-failed" in [one["code"] for one in previewed["findings"]]


def test_a_mapping_of_another_version_of_the_language_is_refused(tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    path = tmp_path / "molaire-3.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("language = 1", "language = 2"), encoding="utf-8"
    )
    program = Program(folder=tmp_path)
    ended = program(*COLLECT)
    assert ended.status == 46 and "version 2 of the mapping language" in ended.err
    checked = program("mapping", "check", path.name, "--json")
    assert [one["code"] for one in checked.document["findings"]] == ["mapping-language-unknown"]


def test_a_page_replaces_an_earlier_one_and_nothing_else(tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    program, page = Program(folder=tmp_path), tmp_path / "molaire.html"
    preview = ("mapping", "preview", "molaire", "--mapping", "molaire-3.toml", "--page", page.name)
    program(*preview).ok()
    first = page.read_bytes()
    program(*preview).ok()
    assert len(page.read_bytes()) == len(first)
    page.write_text("<html>mine</html>", encoding="utf-8")
    assert program(*preview).status == 42
    assert page.read_text(encoding="utf-8") == "<html>mine</html>"


def test_a_mapping_is_held_against_its_source(tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    path = tmp_path / "molaire-3.toml"
    text = path.read_text(encoding="utf-8").replace('"HONORAIRES"', '"HONORAIRE"')
    path.write_text(text.replace('fee_cents = "MON', 'fee_cent = "MON'), encoding="utf-8")
    ended = Program(folder=tmp_path)("mapping", "check", path.name, "--source", "molaire")
    assert ended.status == 46
    assert "did you mean “HONORAIRES”" in ended.out and "did you mean “fee_cents”" in ended.out


def test_what_a_message_quotes_is_french_where_the_message_is(tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    path = tmp_path / "molaire-3.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("amount_cents = 103344", "amount_cents = 1", 1), encoding="utf-8")
    program = Program(folder=tmp_path, language="fr")
    failed = program(*COLLECT)
    assert failed.status == 46 and "paiements («\u00a0payments\u00a0»)" in failed.err
    assert "attendu" in failed.err and "expected" not in failed.err
    path.write_text(text.replace('amount_cents = "MONTANT"\n', "", 1), encoding="utf-8")
    invalid = program(*COLLECT)
    assert "Montant («\u00a0amount_cents\u00a0»)" in invalid.err and "missing" not in invalid.err
