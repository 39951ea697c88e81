"""Open Dental in a running MariaDB → export → import among ten other patients: everything reconciles."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archiver.practice.store import open_store
from formats.model.missing import whole_counts, without_sums
from samples.demo import COLLABORATOR
from samples.story.columns import tables
from tests.journeys.line import SAMPLES, Line, contents, dump
from tests.journeys.program import Program
from tests.mariadb import MariaDbSource, Server

EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))
PRACTICE = SAMPLES / "practice"
IMPORT = (
    "import", "package.asice", "--identity", "pressoir/receiver.identity", "--roots", "kerbrat/roots.pem",
    "--into", "successor.db", "--json",
)  # fmt: skip


def address(server: Server, database: str) -> str:
    return MariaDbSource(server=server, database=database).address


WITH_HOLES = ("collected", "papers")
"""Collections of the sample practice, which has a lost file and a name that is refused."""


@pytest.fixture(scope="module")
def desk(
    mariadb_server: Server,
    opendental_practice: str,
    opendental_successor: str,
    demo_line: Line,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Program, dict[str, Any]]:
    """The program in a folder where the whole line ran from two live servers, and what each step said."""
    folder = tmp_path_factory.mktemp("mariadb")
    program = Program(folder=demo_line.copy(folder, "kerbrat", "pressoir", "roster.csv"))
    theirs, ours = (address(mariadb_server, name) for name in (opendental_practice, opendental_successor))
    documents: dict[str, Any] = {}

    def step(name: str, *arguments: str | Path) -> None:
        done = program(*arguments, "--json")
        documents[name] = (done.incomplete() if name in WITH_HOLES else done.ok()).document

    images = ("--images", PRACTICE / "images")
    step("collected", "collect", "opendental", theirs, *images, "--into", "practice.db")
    step("imaging", "collect", "dicom", PRACTICE / "imaging", "--into", "practice.db")
    step("papers", "collect", "documents", PRACTICE / "papers", "--into", "practice.db")
    step("successor", "collect", "opendental", ours, "--into", "successor.db")
    step(
        "exported", "export", "practice.db", "package.asice", "--practitioner", COLLABORATOR,
        "--roster", "roster.csv", "--unsigned", "essai",
        "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12",
    )  # fmt: skip
    documents["before"] = sorted(dump(folder / "successor.db"))
    documents["received"] = program(*IMPORT, "--receipt", "receipt.json").ok().document
    return program, documents


def exported_counts(store: Path, patients: set[str]) -> Counter[str]:
    """Return what a store holds of these patients, kind by kind: records, files, gaps, sums of money."""
    counts: Counter[str] = Counter()
    with open_store(store) as practice:
        for patient in practice.patients():
            if patient.id in patients:
                counts.update(whole_counts(practice.dossier(patient.id)))
                counts["patients"] += 1
    return +counts


def test_every_row_of_the_server_is_read_and_stored(desk: tuple[Program, dict[str, Any]]) -> None:
    collected = desk[1]["collected"]["tables"]
    rows = EXPECTED["practice"]["rows"]
    assert rows.keys() <= tables().keys()
    for name, count in rows.items():
        assert (collected[name]["read"], collected[name]["stored"]) == (count, count), name


def test_the_ten_were_there_before(desk: tuple[Program, dict[str, Any]]) -> None:
    assert desk[1]["successor"]["kinds"]["patients"]["stored"] == 10


def test_counts_reconcile_per_kind_from_store_to_store(desk: tuple[Program, dict[str, Any]]) -> None:
    program, documents = desk
    with zipfile.ZipFile(program.folder / "package.asice") as package:
        manifest = json.loads(package.read("manifest.json"))
    receipt = json.loads((program.folder / "receipt.json").read_text(encoding="utf-8"))
    patients = {one["patient"]["id"] for one in receipt["dossiers"] if one["patient"]}
    assert len(patients) == len(EXPECTED["roster"]["patients"])

    sent = exported_counts(program.folder / "practice.db", patients)
    assert sent["patients"] == 22 and sent["acts"] > 100 and sent["image_studies"] > 3 and sent["files"] > 20
    assert sent["without_file"] == 1 and sent["paid_cents"] > 0
    assert +Counter(manifest["counts"]) == +Counter(documents["exported"]["counts"]) == without_sums(sent)
    assert +Counter({kind: count["announced"] for kind, count in receipt["counts"].items()}) == sent
    assert +Counter({kind: count["found"] for kind, count in receipt["counts"].items()}) == sent
    assert exported_counts(program.folder / "successor.db", patients) == sent


def test_dossiers_are_the_same_on_both_sides(desk: tuple[Program, dict[str, Any]]) -> None:
    program, documents = desk
    patients = [one["patient"]["id"] for one in documents["received"]["dossiers"] if one["patient"]]
    with (
        open_store(program.folder / "practice.db") as theirs,
        open_store(program.folder / "successor.db") as ours,
    ):
        for patient in patients:
            sent, came = theirs.dossier(patient), ours.dossier(patient)
            for kind in sent.counts():
                if kind not in {"files", "file_bytes"}:
                    by_identity = {one.id: one for one in getattr(came, kind)}
                    assert {one.id: one for one in getattr(sent, kind)} == by_identity, (patient, kind)
            assert sent.patient == came.patient
            for attachment in sent.attachments():
                with (
                    theirs.attachments.open(attachment.sha256) as one,
                    ours.attachments.open(attachment.sha256) as other,
                ):
                    assert one.read() == other.read()


def test_nothing_of_the_ten_changed(desk: tuple[Program, dict[str, Any]]) -> None:
    program, documents = desk
    assert set(documents["before"]) <= set(dump(program.folder / "successor.db"))


def test_a_second_import_changes_nothing(desk: tuple[Program, dict[str, Any]]) -> None:
    program, _ = desk
    before = contents(program.folder)
    again = program(*IMPORT).ok().document
    assert again["totals"]["came_in"] == 0
    assert again["totals"]["already_there"] == len(EXPECTED["roster"]["patients"])
    assert contents(program.folder) == before


def test_server_and_copy_give_the_same_store(desk: tuple[Program, dict[str, Any]], demo_line: Line) -> None:
    """The tables read from MariaDB are, record by record, those read from the SQLite copy."""
    program, _ = desk
    for name in ("acts", "patients", "appointments", "payments", "chart_findings", "perio_exams"):
        rows = [
            sorted(line for line in dump(folder / "practice.db") if line.startswith(f'INSERT INTO "{name}"'))
            for folder in (program.folder, demo_line.folder)
        ]
        assert rows[0] == rows[1] != [], name
