"""An import on several cores stores what one process does, each record once, and leaves nothing aside."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.opening import OpenRequest
from archiver.handover.receipt import Receipt
from archiver.ingest import read_units
from archiver.operations.collecting.collect import collect
from archiver.operations.documents.receipt_document import receipt_json
from archiver.operations.export import export
from archiver.operations.receive import receive
from archiver.practice.attachments import STAGING
from archiver.practice.columns import table_of
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from archiver.worker_pool import WorkerPool
from formats.json_text import json_text
from formats.model.dossier import PATIENT_KINDS
from formats.opendental.read import open_source, read
from samples.story.book import build_sqlite
from tests.packages import counted, signer, trust

pytestmark = pytest.mark.slow
"""Each import starts the processes of a pool."""

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "practice"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
KEY = HybridIdentity(seed=b"k" * 32)
Alone = tuple[str, list[str], dict[str, bytes]]
"""A receipt, a store and its files, as texts and bytes."""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the sample practice."""
    folder = tmp_path_factory.mktemp("sent")
    build_sqlite((SAMPLES / "opendental.sql").read_text(encoding="utf-8"), folder / "tables.sqlite")
    with (
        open_source(str(folder / "tables.sqlite")) as source,
        open_store(folder / "p.db", create=True) as store,
    ):
        items = read(source, images=SAMPLES / "images", practice_key=None, time_zone="Europe/Paris")
        collect(store, items, system="opendental", clock=lambda: NOON)
        request = ExportRequest(
            target=folder / "p.asice",
            patients=tuple(patient.id for patient in store.patients()),
            access=KeyringRecipients(recipients=[KEY.to_recipient()]),
            signer=signer(),
        )
        return export(store, request, clock=lambda: NOON, randomness=counted(b"all cores")).path


def received(
    package: Path,
    into: Path,
    *,
    processes: int = 1,
    method: str = "",
    watch: Callable[[PracticeStore], None] = lambda _: None,
) -> Receipt:
    opening = OpenRequest(package=package, identities=[KEY], trust=trust(signer(), at=NOON))
    with (
        WorkerPool(processes, method=method) as pool,
        open_store(into, create=True) as store,
    ):
        return receive(store, opening, clock=lambda: NOON, pool=pool, progress=lambda _: watch(store))


def text(receipt: Receipt) -> str:
    return "".join(json_text(receipt_json(receipt)))


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [*db.iterdump()]


def files(path: Path) -> dict[str, bytes]:
    folder = path.with_name(f"{path.stem}.files")
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def records_of(path: Path) -> dict[str, set[str]]:
    """Return every dossier of a store, record by record, whatever their order."""
    with open_store(path, reading=True) as store:
        dossiers = [store.dossier(patient.id) for patient in store.patients()]
    return {one.patient.id: {repr(record) for record in (one.patient, *one.records())} for one in dossiers}


@pytest.fixture(scope="module")
def alone(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """What one process makes of the package."""
    path = tmp_path_factory.mktemp("alone") / "p.db"
    receipt = received(package, path)
    assert len(receipt.came_in) > 50 and not receipt.refused
    assert records_of(path) == records_of(package.with_name("p.db")), "what came is not what was sent"
    return text(receipt), dump(path), files(path)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_number_of_processes_changes_nothing(
    package: Path, alone: Alone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Wherever rows wait: in files for a process that is forked, in memory for one that is spawned."""
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("this system starts processes otherwise")
    monkeypatch.setattr(read_units, "ROWS_IN_MEMORY", 0)
    receipt = received(package, tmp_path / "p.db", processes=3, method=method)
    assert (text(receipt), dump(tmp_path / "p.db"), files(tmp_path / "p.db")) == alone


def test_rows_that_wait_in_a_file_are_gone_once_they_are_recorded(
    package: Path, alone: Alone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A practice's rows are as long as its store: they would take its disk twice."""
    monkeypatch.setattr(read_units, "ROWS_IN_MEMORY", 0)
    left: list[int] = []

    def watch(store: PracticeStore) -> None:
        left.append(sum(1 for _ in store.attachments.folder.glob(f"{STAGING}*/*")))

    receipt = received(package, tmp_path / "p.db", watch=watch)
    assert len(left) == len(receipt.arrivals) and set(left) == {0}
    assert dump(tmp_path / "p.db") == alone[1]


def test_a_file_that_nobody_lists_is_not_taken_for_one_that_comes(
    package: Path, alone: Alone, tmp_path: Path
) -> None:
    """Whatever lies there with its name and length: another dossier may have brought it and been refused since."""
    folder = tmp_path / "p.files"
    with open_store(tmp_path / "p.db", create=True) as store, store.changing():
        store.set_setting("made", "before")
    with closing(sqlite3.connect(tmp_path / "p.db")) as db, db:
        db.execute("DELETE FROM settings")
    for name, data in alone[2].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes(len(data)))
    receipt = received(package, tmp_path / "p.db")
    assert (text(receipt), dump(tmp_path / "p.db"), files(tmp_path / "p.db")) == alone


def test_of_a_dossier_that_is_there_in_part_the_rest_comes(package: Path, tmp_path: Path) -> None:
    """Of every kind half the records are gone, and of the others some are changed."""
    path = tmp_path / "p.db"
    received(package, path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE documents SET title = 'other' WHERE rowid % 4 = 0")
        for kind in PATIENT_KINDS:
            table, *below = table_of(kind).family
            for child in below:
                gone = f"SELECT id FROM [{table.name}] WHERE rowid % 2"
                db.execute(f"DELETE FROM [{child.name}] WHERE owner IN ({gone})")
            db.execute(f"DELETE FROM [{table.name}] WHERE rowid % 2")
    assert received(package, path).changed
    assert records_of(path) == records_of(package.with_name("p.db"))
    assert not received(package, path).changed
