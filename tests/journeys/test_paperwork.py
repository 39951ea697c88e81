"""The documents of a transfer, through the program: written whole, from what was examined, naming no patient."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from archiver.practice.store import open_store
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.pdfa import pdfa_faults

FILES = [
    "attestation-d-exhaustivite.pdf",
    "attestation-of-completeness.pdf",
    "bordereau-de-transfert.pdf",
    "transfer-slip.pdf",
]
OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    demo_line.copy(tmp_path, "package.asice", "roots.pem", "receiver.identity", "practice.db")
    return Program(folder=tmp_path)


def text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_a_departing_practitioner_signs_what_the_package_says(desk: Program, tmp_path: Path) -> None:
    ended = desk("paperwork", "transfer", "package.asice", "--to", "papers", *OPEN).ok()
    written = sorted((tmp_path / "papers").iterdir())
    assert [path.name for path in written] == FILES
    assert ended.out.count("Written: ") == 4
    slip = text(tmp_path / "papers" / "bordereau-de-transfert.pdf")
    assert "Cabinet dentaire des Tilleuls" in slip and "Cabinet dentaire du Vieux Pressoir" in slip
    assert "Dr Malo Kerbrat (RPPS 99900000029)" in slip and "fin de collaboration" in slip
    assert "la source n’a pas ce fichier" in slip and "€" in slip
    assert pdfa_faults({path.name: path.read_bytes() for path in written}, tmp_path) == dict.fromkeys(
        FILES, ""
    )


def test_no_patient_is_named(desk: Program, tmp_path: Path) -> None:
    desk("paperwork", "transfer", "package.asice", "--to", "papers", "--with-data", *OPEN).ok()
    with open_store(tmp_path / "practice.db", reading=True) as store:
        names = {one.traits.birth_family_name for one in store.patients()} - {"Kerbrat"}
    assert len(names) > 20
    for path in (tmp_path / "papers").iterdir():
        shown = text(path) if path.suffix == ".pdf" else path.read_text(encoding="utf-8")
        assert {name for name in names if f" {name} " in f" {shown} "} == set()


def test_what_is_refused_has_no_documents(desk: Program, tmp_path: Path) -> None:
    data = bytearray((tmp_path / "package.asice").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "package.asice").write_bytes(data)
    ended = desk.here("paperwork", "transfer", "package.asice", "--to", "papers", "--roots", "roots.pem")
    assert ended.status == 14, ended.err
    assert not (tmp_path / "papers").exists()


def test_nobody_accepted_the_signer_and_it_is_said(desk: Program, tmp_path: Path) -> None:
    ended = desk("paperwork", "transfer", "package.asice", "--to", "papers").ok()
    assert "Dr Malo Kerbrat" in ended.err


def test_nothing_is_replaced_and_nothing_half_done(desk: Program, tmp_path: Path) -> None:
    line = ("paperwork", "transfer", "package.asice", "--to", "papers", "--roots", "roots.pem")
    desk(*line).ok()
    (tmp_path / "papers" / "bordereau-de-transfert.pdf").unlink()
    ended = desk.here(*line)
    assert ended.status == 42 and "transfer-slip.pdf" in ended.err
    assert not (tmp_path / "papers" / "bordereau-de-transfert.pdf").exists()


def test_a_practice_has_words_of_its_own(desk: Program, tmp_path: Path) -> None:
    desk("paperwork", "templates", "ours").ok()
    for path in [*(tmp_path / "ours").rglob("*.typ")]:
        if path.parent.name == "fr" and path.name == "slip.typ":
            words = path.read_text(encoding="utf-8")
            path.write_text(words.replace("== Remise", "== Remise en main propre"), encoding="utf-8")
        else:
            path.unlink()
    line = ("paperwork", "transfer", "package.asice", "--roots", "roots.pem", "--templates", "ours")
    desk(*line, "--to", "papers", "--with-data").ok()
    assert "Remise en main propre" in text(tmp_path / "papers" / "bordereau-de-transfert.pdf")
    assert "Handing over" in text(tmp_path / "papers" / "transfer-slip.pdf")
    data = json.loads((tmp_path / "papers" / "transfer-slip.json").read_text(encoding="utf-8"))
    assert data["document"] == "slip" and data["ground"]["words"] == "end of a collaboration"

    (tmp_path / "ours" / "fr" / "slip.typ").write_text("#let x =\n#boom", encoding="utf-8")
    ended = desk.here(*line, "--to", "again")
    assert ended.status == 46 and "fr/slip.typ:" in ended.err and "[template-invalid]" in ended.err
    assert not (tmp_path / "again").exists()

    (tmp_path / "ours" / "fr" / "slip.typ").rename(tmp_path / "ours" / "bordereau.typ")
    ended = desk.here(*line, "--to", "again")
    assert ended.status == 46 and "template's name" in ended.err
    (tmp_path / "empty.typ").touch()
    ended = desk.here(*line[:-1], "empty.typ", "--to", "again")
    assert ended.status == 54, ended.err


LETTERS = ("lettre-a-l-ars.pdf", "lettre-a-l-ordre.pdf", "lettre-aux-patients.pdf")


def test_whoever_stops_writes_to_patients_order_and_agency(desk: Program, tmp_path: Path) -> None:
    line = ("paperwork", "departure", "practice.db", "--practitioner", "Kerbrat", "--situation", "cessation")
    ended = desk(*line, "--to", "letters", "--keeper", "Archives Exemple").ok()
    assert ended.out.count("Written: ") == 6 and ended.err == ""
    for name in LETTERS:
        shown = text(tmp_path / "letters" / name)
        assert "Dr Malo Kerbrat" in shown and "Cabinet dentaire des Tilleuls" in shown
        assert "99900000029" in shown and "Archives Exemple" in shown
    late = desk(*line, "--to", "late", "--last-day", "2026-12-31").ok()
    assert "should have known by 2026-06-30" in late.err
    assert "liquidation judiciaire" in text(tmp_path / "late" / "lettre-a-l-ars.pdf")
    nobody = desk.here(*line[:4], "Personne", *line[5:], "--to", "nobody")
    assert nobody.status == 33 and not (tmp_path / "nobody").exists()


def test_an_export_writes_its_slip_with_what_its_sender_knows(demo_line: Line, tmp_path: Path) -> None:
    demo_line.copy(tmp_path, "practice.db", "kerbrat", "pressoir", "roster.csv")
    desk = Program(folder=tmp_path)
    sealing = ("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient")
    line = ("export", "practice.db", "package.asice", "--roster", "roster.csv", "--practitioner", "Kerbrat")
    ended = desk(*line, *sealing, "--unsigned", "essai", "--paperwork", "papers").ok()
    assert ended.out.count("Written: ") == 4
    slip = text(tmp_path / "papers" / "bordereau-de-transfert.pdf")
    assert "la source n’a pas ce fichier" in slip and "€" in slip
    assert hashlib.sha256((tmp_path / "package.asice").read_bytes()).hexdigest()[:4] in slip

    (tmp_path / "package.asice").unlink()
    refused = desk.here(*line, *sealing, "--paperwork", "papers")
    assert refused.status == 42 and not (tmp_path / "package.asice").exists()
