"""A proposal finds what names and contents tell, has no fault, and holds no value of any row."""

from __future__ import annotations

import csv
import tomllib
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from archiver.operations.mapping.check_mapping import CheckRequest, check_mapping
from archiver.operations.mapping.preview_mapping import PreviewRequest, preview_mapping
from archiver.operations.mapping.propose_mapping import ProposeMappingRequest, write_proposal
from formats.words import translate
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
        ("mapping-undecided", "mapping.author"),
        ("mapping-undecided", "tables.ACTES.records[1].fields.status"),
        ("mapping-undecided", "tables.NOTES.records[1].fields.note"),
        ("mapping-undecided", "tables.RDV.records[1].fields.status"),
    ]
    assert proposed.undecided == 4
    decide(target)
    checked = check_mapping(CheckRequest(mapping=target, source=str(place)))
    assert checked.faults == () and checked.mapping is not None
    assert (checked.mapping.name, checked.mapping.patients) == ("molaire3", "PATIENTS")
    assert {table.owner.columns for table in checked.mapping.tables.values() if table.owner} == {("NUMPAT",)}
    preview = preview_mapping(PreviewRequest(source=str(place), mapping=target, practice="test"))
    assert {"patients": 40, "acts": 162, "payments": 71, "appointments": 124}.items() <= preview.kinds.items()
    (first, *_) = preview.dossiers
    assert first.patient.traits.birth_family_name == "ABADIE" and first.patient.traits.birth_date is not None
    assert [(one.type, one.value) for one in first.patient.identifiers] == [("LOCAL", "1")]
    assert first.patient.attending is not None and all(one.practitioner for one in first.invoices)
    assert {one.starts_at.hour for one in first.appointments if one.starts_at} <= set(range(7, 20))


def test_a_proposal_takes_no_passwords_and_no_key_of_another_table(tmp_path: Path) -> None:
    """The messages have one row a patient in the sample, by chance; who they are of is no key of theirs."""
    target = tmp_path / "proposal.toml"
    write_proposal(ProposeMappingRequest(source=str(TABLES), software="Molaire", target=target))
    tables = tomllib.loads(target.read_text(encoding="utf-8"))["tables"]
    assert tables["UTILISATEURS"]["credentials"] == ["MDP"]
    assert tables["SMS"] == {"owner": "NUMPAT"}


def test_moments_that_are_all_at_midnight_are_proposed_as_days(tmp_path: Path) -> None:
    """So do Access and SQL Server keep a day; where one row has an hour, midnight is one too."""
    place, target = tmp_path / "t", tmp_path / "proposal.toml"
    place.mkdir()
    for name, text in {
        "PATIENTS": "NUMPAT;NOM;PRENOM;NAISSANCE\n1;ABADIE;Agnès;1961-03-12 00:00:00\n",
        "NOTES": "NUMNOTE;NUMPAT;DATE;TEXTE\n1;1;2025-09-04 00:00:00;a\n2;1;2025-09-05 00:00:00;b\n",
        "DOCUMENTS": "NUMDOC;NUMPAT;DATE;FICHIER\n1;1;2025-09-04 00:00:00;a\n2;1;2025-09-04 09:30:00;b\n",
        "RDV": "NUMRDV;NUMPAT;JOUR;HEURE\n1;1;2025-09-04 00:00:00;09:30\n2;1;2025-09-04 00:00:00;10:00\n",
    }.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    write_proposal(ProposeMappingRequest(source=str(place), software="+", target=target))
    made = tomllib.loads(target.read_text(encoding="utf-8"))
    tables = {name: one["records"][0]["fields"] for name, one in made["tables"].items()}
    dates = ["yyyy-MM-dd 00:00:00", "yyyy-MM-dd HH:mm:ss"]
    assert tables["NOTES"]["written_at"] == {"column": "DATE", "dates": dates}
    assert tables["DOCUMENTS"]["created_at"] == "DATE"
    assert tables["RDV"]["starts_at"] == {"column": "JOUR", "clock": "HEURE"}
    assert made["defaults"]["dates"] == ["yyyy-MM-dd HH:mm:ss"]
    text = target.read_text(encoding="utf-8")
    for field, word in (("author", "Anne"), ("note", "=clinical"), ("status", "=other")):
        text = text.replace(f'{field} = "?"', f'{field} = "{word}"')
    target.write_text(text, encoding="utf-8")
    preview = preview_mapping(PreviewRequest(source=str(place), mapping=target, practice="test"))
    (dossier,) = preview.dossiers
    assert [one.written_at for one in dossier.notes] == [date(2025, 9, 4), date(2025, 9, 5)]
    assert [isinstance(one.created_at, datetime) for one in dossier.documents] == [True, True]
    assert [isinstance(one.starts_at, datetime) for one in dossier.appointments] == [True, True]
    assert dossier.patient.traits.birth_date == date(1961, 3, 12)


def test_the_comments_of_a_proposal_are_in_the_language_of_who_reads_them(tmp_path: Path) -> None:
    target = tmp_path / "proposal.toml"
    french = partial(translate, language="fr")
    request = ProposeMappingRequest(source=str(TABLES), software="Molaire", target=target, translate=french)
    assert write_proposal(request).undecided == 4
    text = target.read_text(encoding="utf-8")
    assert "[tables.ACTES]  # 163 lignes" in text and "# PERSO : remplie 10 fois dans 10 lignes" in text
    assert 'à décider : { column = "ETAT", codes = { … } }, ou l’un de "=planned", "=done"' in text


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
    assert [one.code for one in check_mapping(CheckRequest(mapping=target)).faults] == [
        "mapping-undecided",
        "mapping-value-unfit",
    ]


def test_what_a_column_leads_to_is_suggested_and_left_to_decide(tmp_path: Path) -> None:
    """A join, rows within a record, a file: what only its contents tell of a column is a comment."""
    place = tmp_path / "t"
    place.mkdir()
    tables = {
        "PATIENTS": "NUM;NOM;PRENOM;NAISSANCE\n1;Abadie;Lou;04/09/1975\n2;Bellec;Tom;05/09/1975\n",
        "TARIFS": "CODE;LIB\nHBMD001;x\nHBLD002;y\n",
        "DEVIS": "NUM;LIB\n1;a\n2;b\n",
        "LIGNES": "NUM;NUMDEVIS;TARIF;FICHIER;QUANTITE\n1;1;HBMD001;a.pdf;1\n2;2;HBLD002;b.JPG;2\n3;2;HBMD001;;1\n",
    }
    for name, text in tables.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    target = tmp_path / "proposal.toml"
    write_proposal(ProposeMappingRequest(source=str(place), software="x", target=target))
    text = target.read_text(encoding="utf-8")
    lines = text[text.index("[tables.LIGNES]") :].splitlines()
    found = [line.removeprefix("#   ") for line in lines if line.startswith("#   ")]
    join = 'its values are keys of {0}; a join: {{ table = "{0}", column = "{1}" }}; or rows within a record there: '
    within = '{{ children = "LIGNES", column = "{1}" }}'
    assert found == [
        (join + within).format("DEVIS", "NUMDEVIS"),
        (join + within).format("TARIFS", "TARIF"),
        'its values are names of files: attachment = { column = "FICHIER" }',
    ]
