"""A proposal finds what names and contents tell, has no fault, and holds no value of any row."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from archiver.operations.mapping.check_mapping import CheckRequest, check_mapping
from archiver.operations.mapping.preview_mapping import PreviewRequest, preview_mapping
from archiver.operations.mapping.propose_mapping import ProposeMappingRequest, write_proposal
from samples.molaire_tables import build_database, practice
from tests.docs.pages import ROOT
from tests.unit.sources.described import decide

TABLES = ROOT / "samples" / "molaire"
KINDS = {
    "PATIENTS": "patients",
    "PRATICIENS": "practitioners",
    "RDV": "appointments",
    "ACTES": "acts",
    "FACTURES": "invoices",
    "REGLEMENTS": "payments",
    "ORDONNANCES": "prescriptions",
    "NOTES": "notes",
    "DOCUMENTS": "documents",
}


@pytest.mark.parametrize("database", [False, True], ids=["files", "sqlite"])
def test_a_proposal_has_no_fault_and_reads_most_of_it(tmp_path: Path, database: bool) -> None:
    place, target = TABLES, tmp_path / "proposal.toml"
    if database:
        place = tmp_path / "molaire.sqlite"
        build_database(practice(), place)
    proposed = write_proposal(ProposeMappingRequest(source=str(place), software="Molaire 3", target=target))
    assert proposed.kinds == KINDS
    undecided = check_mapping(CheckRequest(mapping=target)).faults
    assert [(one.code, one.where.rpartition(" ")[2]) for one in undecided] == [
        ("mapping-undecided", "tables.ACTES.records[1].fields.status"),
        ("mapping-undecided", "tables.NOTES.records[1].fields.note"),
    ]
    assert proposed.undecided == 2
    decide(target)
    checked = check_mapping(CheckRequest(mapping=target, source=str(place)))
    assert checked.faults == () and checked.mapping is not None
    assert (checked.mapping.name, checked.mapping.patients) == ("molaire3", "PATIENTS")
    assert {table.owner.columns for table in checked.mapping.tables.values() if table.owner} == {("NUMPAT",)}
    preview = preview_mapping(PreviewRequest(source=str(place), mapping=target, practice="test"))
    assert {"patients": 40, "acts": 162, "payments": 71, "appointments": 124}.items() <= preview.kinds.items()
    (first, *_) = preview.dossiers
    assert first.patient.traits.birth_family_name == "ABADIE" and first.patient.traits.birth_date is not None


def test_a_proposal_holds_no_value_of_any_row(tmp_path: Path) -> None:
    target = tmp_path / "proposal.toml"
    write_proposal(ProposeMappingRequest(source=str(TABLES), software="Molaire", target=target))
    text = target.read_text(encoding="utf-8")
    with (TABLES / "PATIENTS.csv").open(encoding="cp1252", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    secret = {
        row[column]
        for row in rows
        for column in ("NOM_NAISS", "ADRESSE1", "NAISSANCE", "MAIL")
        if row[column]
    }
    assert [value for value in secret if value in text] == []


def test_without_patients_it_is_a_start_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "Mes ACTES.csv").write_text("NUM;X\n1;a\n2;b\n", encoding="utf-8")
    target = tmp_path / "proposal.toml"
    proposed = write_proposal(ProposeMappingRequest(source=str(tmp_path / "t"), software="+", target=target))
    assert (proposed.kinds, proposed.undescribed) == ({}, ("Mes ACTES",))
    made = tomllib.loads(target.read_text(encoding="utf-8"))
    assert made["tables"] == {"Mes ACTES": {"key": "NUM"}} and made["mapping"]["name"] == "x"
    assert [one.code for one in check_mapping(CheckRequest(mapping=target)).faults] == ["mapping-value-unfit"]
