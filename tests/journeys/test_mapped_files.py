"""Tables in other files than CSV, through the program: proposed, looked at, collected; of what is cut, nothing."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from formats import registry
from formats.papers.read import is_list_among_tables
from samples.molaire_tables import build_database, practice
from tests.docs.pages import ROOT
from tests.interop.table_writers import lay
from tests.journeys.line import asked
from tests.journeys.program import Program
from tests.unit.sources.described import decide

COLLECT = ("collect", "mapped", "molaire", "--mapping", "mapping.toml", "--into", "practice.db")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    lay("xlsx", practice(), tmp_path)
    return Program(folder=tmp_path)


def test_a_workbook_is_collected_and_what_is_no_row_is_said(program: Program) -> None:
    (program.folder / "molaire" / "notes.pages").write_bytes(b"x")
    ended = program(*COLLECT, "--json").incomplete()
    codes = [one["code"] for one in ended.document["findings"]]
    assert {"table-title-lines", "table-sheet-empty", "table-files-ignored"} <= set(codes)
    ((patients,),) = asked(program.folder / "practice.db", "SELECT count(*) FROM patients")
    assert patients == 40
    again = program(*COLLECT, "--json").incomplete().document
    assert again["changed"] is False


@pytest.mark.parametrize("place", ["molaire", "molaire/export.xlsx"])
def test_a_mapping_is_proposed_and_previewed_from_a_workbook(program: Program, place: str) -> None:
    ended = program("mapping", "propose", place, "--software", "Molaire", "--to", "new.toml").ok()
    assert "PATIENTS" in ended.out
    assert program("mapping", "check", "new.toml").status == 46
    decide(program.folder / "new.toml")
    program("mapping", "check", "new.toml", "--source", place).ok()
    shown = program("mapping", "preview", place, "--mapping", "mapping.toml", "--json").document
    assert shown["kinds"]["patients"] == 40
    assert shown["tables"]["PATIENTS"] == {"rows": 40, "read": 40, "unselected": 0, "verbatim": 0}


def test_a_formula_without_its_result_refuses_all(program: Program) -> None:
    program(*COLLECT).incomplete()
    before = asked(program.folder / "practice.db", "SELECT count(*) FROM journal")
    path = program.folder / "molaire" / "export.xlsx"
    book = openpyxl.load_workbook(path)
    book["ACTES"]["I3"] = "=SUM(I4:I9)"
    book.save(path)
    ended = program(*COLLECT)
    assert ended.status == 46 and ended.err.count("\n") == 1
    assert "I3: The list export.xlsx cannot be read: a cell has a formula without its result" in ended.err
    assert asked(program.folder / "practice.db", "SELECT count(*) FROM journal") == before


def test_a_workbook_that_is_cut_makes_no_store(program: Program) -> None:
    path = program.folder / "molaire" / "export.xlsx"
    path.write_bytes(path.read_bytes()[:-2000])
    ended = program(*COLLECT)
    assert ended.status == 46 and "[table-unreadable]" in ended.err
    assert not (program.folder / "practice.db").exists()


def test_faults_of_files_are_named_with_the_right_word(program: Program) -> None:
    path = program.folder / "mapping.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("[tables.PATIENTS]\n", '[tables.PATIENTS]\nshet = "A"\nencoding = "utf-9"\n'),
        encoding="utf-8",
    )
    ended = program("mapping", "check", "mapping.toml")
    assert ended.status == 46
    assert "tables.PATIENTS.shet: “shet” is not known here; did you mean “sheet”?" in ended.out
    assert "tables.PATIENTS.encoding: “utf-9” is not known here; did you mean “utf-8”?" in ended.out


@pytest.mark.parametrize("place", ["molaire", "molaire/ACTES.json", "molaire.sqlite"])
def test_tables_without_a_mapping_are_said_to_need_one(tmp_path: Path, place: str) -> None:
    lay("json_list", practice(), tmp_path)
    build_database(practice(), tmp_path / "molaire.sqlite")
    program = Program(folder=tmp_path)
    refusal = program("collect", place, "--into", "new.db").refused("source-unmapped", 40)
    assert "archiver collect mapped PLACE --mapping FILE" in refusal
    assert not (program.folder / "new.db").exists()


def test_a_list_among_other_tables_is_asked_about(tmp_path: Path) -> None:
    """A table of documents reads like a list of them: what a person means, nothing tells."""
    lay("xlsx", practice(), tmp_path)
    (tmp_path / "csv").mkdir()
    for table in ("PATIENTS", "ACTES", "DOCUMENTS"):
        source = ROOT / "samples" / "molaire" / f"{table}.csv"
        (tmp_path / "csv" / source.name).write_bytes(source.read_bytes())
    program = Program(folder=tmp_path)
    for place in ("molaire/export.xlsx", "molaire", "csv"):
        refusal = program("collect", place, "--into", "new.db").refused("source-list-among-tables", 40)
        assert f"archiver collect documents {place} --into STORE" in refusal
        assert f"archiver collect mapped {place} --mapping FILE --into STORE" in refusal
        assert not (program.folder / "new.db").exists()


def test_a_list_alone_is_a_list(tmp_path: Path) -> None:
    """One list of documents, a workbook or not, with a sheet of notes that is no table."""
    for name in ("workbook", "text"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lettre.txt").write_text("x", encoding="utf-8")
    book = openpyxl.Workbook()
    for row in (("Fichier", "Numéro", "Titre"), ("lettre.txt", "1", "Lettre")):
        book.active.append(row)
    book.create_sheet("Remarques").append(["Fait par le secrétariat"])
    book.save(tmp_path / "workbook" / "liste.xlsx")
    (tmp_path / "text" / "liste.csv").write_text(
        "Fichier;Numéro;Titre\nlettre.txt;1;Lettre\n", encoding="utf-8"
    )
    (tmp_path / "text" / "bilan.csv").write_text("dent;mobilité\n11;2\n", encoding="utf-8")
    for place in ("workbook", "workbook/liste.xlsx", "text"):
        assert registry.recognize(str(tmp_path / place)) == ("documents",)
        assert not is_list_among_tables(str(tmp_path / place))
