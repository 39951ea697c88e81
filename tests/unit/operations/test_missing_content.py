"""Documents without their file, empty files and unread amounts are counted at every step until the receipt."""

from __future__ import annotations

import io
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportOutcome, ExportRequest
from archiver.handover.missing_lines import content_sentences
from archiver.handover.opening import OpenedHandover, OpenRequest, open_handover
from archiver.handover.receipt import Receipt
from archiver.handover.receipt_text import receipt_text
from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.operations.documents.receipt_document import receipt_json
from archiver.operations.export import export
from archiver.operations.receive import receive
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from archiver.sealing.unsealing import open_entry
from formats.opendental.read import open_source, read
from formats.pdlgc import layout
from formats.pdlgc.practice.lists import MissingRow
from formats.pdlgc.practice.read import read_practice_archive
from samples.demo import build_tables
from tests.packages import counted, signer, trust

KEY = HybridIdentity(seed=b"k" * 32)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "practice"
PATIENT = "45"
"""Gérard Perrichon has documents and pictures of every kind, invoices, payments, an adjustment."""


@dataclass(frozen=True)
class Steps:
    """What each step said of the same practice."""

    collected: CollectOutcome
    exported: ExportOutcome
    handover: OpenedHandover
    receipt: Receipt


def _lose(folder: Path) -> tuple[str, str]:
    """Lose one file, empty another and spoil an amount of the patient; return the two names."""
    tables = folder / "tilleuls.sqlite"
    with closing(sqlite3.connect(tables)) as db, db:
        rows = db.execute(
            "SELECT FileName FROM document WHERE PatNum = ? AND FileName <> '' ORDER BY DocNum", (PATIENT,)
        ).fetchall()
        there = {path.name: path for path in (folder / "images").rglob("*") if path.is_file()}
        lost, empty = [name for (name,) in rows if name in there][:2]
        there[lost].unlink()
        there[empty].write_bytes(b"")
        db.execute("UPDATE adjustment SET AdjAmt = 'douze' WHERE PatNum = ?", (PATIENT,))
    return lost, empty


def _collected(folder: Path, store: PracticeStore, images: Path | None) -> CollectOutcome:
    with open_source(str(folder / "tilleuls.sqlite")) as source:
        items = read(source, images=images, practice_key=None, time_zone="Europe/Paris")
        return collect(store, items, system="opendental", clock=lambda: NOON)


def _number(store: PracticeStore) -> str:
    return next(
        one.id for one in store.patients() if any(known.value == PATIENT for known in one.identifiers)
    )


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    folder = tmp_path_factory.mktemp("missing")
    build_tables(folder)
    shutil.copytree(SAMPLES / "images", folder / "images")
    _lose(folder)
    with open_store(folder / "p.db", create=True) as store:
        collected = _collected(folder, store, folder / "images")
        request = ExportRequest(
            target=folder / "p.asice",
            patients=[_number(store)],
            access=KeyringRecipients(recipients=[KEY.to_recipient()]),
            signer=signer(),
        )
        outcome = export(store, request, clock=lambda: NOON, randomness=counted(b"missing"))
    opening = OpenRequest(package=outcome.path, identities=[KEY], trust=trust(signer(), at=NOON))
    with open_store(folder / "next.db", create=True) as there:
        receipt = receive(there, opening, clock=lambda: NOON)
    return Steps(collected=collected, exported=outcome, handover=open_handover(opening), receipt=receipt)


MISSING = {"without_file": 1, "empty_files": 1, "unread_amounts": 1}


def test_every_step_counts_the_same(steps: Steps) -> None:
    collected = {kind: steps.collected.content[kind] for kind in MISSING}
    assert collected["empty_files"] == collected["unread_amounts"] == 1
    assert collected["without_file"] >= 1
    for counts in (
        steps.exported.counts,
        steps.exported.volumes[0].manifest.handover.counts,
        steps.receipt.announced,
        steps.receipt.found,
    ):
        assert {kind: counts[kind] for kind in MISSING} == MISSING


def test_the_practices_unit_says_of_which_dossier_and_why(steps: Steps) -> None:
    rows = _practice_rows(steps.handover)
    assert {row.patient_number for row in rows} == {PATIENT}
    assert sorted(row.reason for row in rows) == ["amount-unread", "file-empty", "file-missing"]
    counts = next(iter(steps.receipt.came_in)).counts
    for row in rows:
        assert row.missing == "1"
        assert int(row.of) == counts[row.what]
        assert row.meaning_fr != row.meaning_en


def _practice_rows(handover: OpenedHandover) -> tuple[MissingRow, ...]:
    for volume, entry in handover.entries():
        if entry.patient is None:
            with volume.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
                return tuple(read_practice_archive(plain).records.missing)
    raise AssertionError("no practice's unit")


def test_the_receipt_says_of_which_dossier_and_why(steps: Steps) -> None:
    (dossier,) = [one for one in receipt_json(steps.receipt)["dossiers"] if one["patient"]]
    assert sorted((one["reason"], one["missing"]) for one in dossier["missing"]) == [
        ("amount-unread", 1),
        ("file-empty", 1),
        ("file-missing", 1),
    ]
    text = "".join(receipt_text(steps.receipt))
    every = steps.receipt.found["documents"] + steps.receipt.found["image_files"]
    assert "dont sans contenu : 2" in text.replace("\u00a0", " ")
    assert f"Documents and pictures: {every}, of which without content: 2" in text
    assert "the source had no such file" in text
    assert "la source n’a pas ce fichier" in text


def test_what_the_patient_reads_says_it_too(steps: Steps) -> None:
    for volume, entry in steps.handover.entries():
        if entry.patient is not None:
            with volume.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
                archive = zipfile.ZipFile(io.BytesIO(plain.read()))
            page = archive.read(layout.INDEX).decode("utf-8")
            every = entry.counts["documents"] + entry.counts["image_files"]
            assert f"{every} documents et images, dont 2 sans contenu" in page
            assert f"{every} documents and pictures, 2 of them without content" in page


def test_sums_of_money_are_compared_and_stay_sealed(steps: Steps) -> None:
    announced, found = steps.receipt.announced, steps.receipt.found
    for kind in ("invoiced_cents", "paid_cents"):
        assert announced[kind] == found[kind] > 0
        assert kind not in steps.exported.volumes[0].manifest.handover.counts
    document = receipt_json(steps.receipt)
    assert document["counts"]["paid_cents"]["announced"] == document["counts"]["paid_cents"]["found"]
    euros = f"{found['paid_cents'] // 100}.{found['paid_cents'] % 100:02}"
    assert f"{euros}" in "".join(receipt_text(steps.receipt))


def test_without_a_folder_of_files_every_document_is_counted(tmp_path: Path) -> None:
    build_tables(tmp_path)
    with open_store(tmp_path / "p.db", create=True) as store:
        collected = _collected(tmp_path, store, None)
        dossier = store.dossier(_number(store))
    every = collected.content["documents"] + collected.content["image_files"]
    (sentence, facts), *_ = content_sentences(collected.content)
    assert sentence.format(**facts) == (
        f"Documents and pictures: {every}, of which without content: {collected.content['without_file']}"
    )
    reasons = {reason for row in dossier.source_rows for reason in row.unread.values()}
    assert reasons == {"file-not-sought"}
