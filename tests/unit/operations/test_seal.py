"""Sealing on several cores: the same units in the same order, and failures that travel whole."""

from __future__ import annotations

import io
import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver import temporary_files
from archiver.assembly.errors import FilesLost
from archiver.assembly.seal import SealedDossier, Writing, seal_dossiers
from archiver.operations.collecting.collect import collect
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.unsealing import open_unit
from archiver.spool import IDLE_BYTES, Spool, SpooledUnit
from archiver.worker_pool import WorkerPool
from formats.opendental.read import open_source, read
from formats.pdlgc.read import read_patient_archive
from formats.pdlgc.sender import Sender
from samples.story.book import build_sqlite
from tests.large import fill

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "practice"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WRITING = Writing(written_at=NOON, sender=Sender(name="Cabinet"))


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("practice")
    build_sqlite((SAMPLES / "opendental.sql").read_text(encoding="utf-8"), folder / "tables.sqlite")
    with (
        open_source(str(folder / "tables.sqlite")) as source,
        open_store(folder / "p.db", create=True) as store,
    ):
        images = SAMPLES / "images"
        items = read(source, images=images, practice_key=None, time_zone="Europe/Paris")
        collect(store, items, system="opendental", clock=lambda: NOON)
    return folder / "p.db"


def seal(practice: Path, folder: Path, workers: int, method: str = "") -> list[SealedDossier]:
    """Seal the first patients, open each unit again while it waits, and return what was told."""
    with WorkerPool(workers, method=method) as pool, open_store(practice, reading=True) as store:
        return sealed(store, folder, pool)


def sealed(store: PracticeStore, folder: Path, pool: WorkerPool, count: int = 24) -> list[SealedDossier]:
    patients = [patient.id for patient in store.patients()][:count]
    seeded = random.Random(7)
    progress = []
    for one in seal_dossiers(
        store,
        patients,
        WRITING,
        folder=folder,
        randomness=seeded.randbytes,
        pool=pool,
    ):
        with (
            one.spooled.opened() as source,
            io.BytesIO(source) if isinstance(source, bytes) else source as stream,
            open_unit(stream, one.passphrase, size=one.sealed.size) as plain,
        ):
            assert read_patient_archive(plain).dossier == store.dossier(one.patient)
        progress.append(one)
    assert [one.patient for one in progress] == patients
    return progress


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_number_of_processes_changes_nothing(practice: Path, tmp_path: Path, method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("this system starts processes otherwise")
    alone, together = (seal(practice, tmp_path, workers, method) for workers in (1, 3))
    assert [one.sealed for one in alone] == [one.sealed for one in together]
    assert [one.passphrase for one in alone] == [one.passphrase for one in together]
    assert len({one.sealed.digest for one in alone}) == 24
    assert list(tmp_path.iterdir()) == []


def test_a_failure_in_a_process_travels_whole(practice: Path, tmp_path: Path) -> None:
    with open_store(practice, reading=True) as store:
        digest = next(
            attachment.sha256
            for patient in store.patients()
            for attachment in store.dossier(patient.id).attachments()
        )
        path = store.attachments.path(digest)
    hidden = path.rename(path.with_suffix(".hidden"))
    try:
        with pytest.raises(FilesLost, match=digest) as caught:
            seal(practice, tmp_path, workers=2)
    finally:
        hidden.rename(path)
    assert caught.value.facts["digest"] == digest and caught.value.facts["count"] == 1
    assert list(tmp_path.iterdir()) == []


SPARE_BYTES = 2 << 20
"""Bytes that may wait besides the longest unit, for this test."""
LONG, SHORT, RECORDS = 5 << 20, 600 << 10, 64 << 10
"""Bytes of the files of the longest dossier and of all others; more than the records of one of them take."""


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The slots that are made from now on."""
    made: list[Path] = []
    plain = temporary_files.temporary_path

    @contextmanager
    def noted(folder: Path | None = None) -> Iterator[Path]:
        with plain(folder) as path:
            made.append(path)
            yield path

    monkeypatch.setattr(temporary_files, "temporary_path", noted)
    return made


def quiet(slots: list[Path]) -> int:
    """Return the bytes of all slots, once they have not changed for half a second."""
    sizes, since = [0], time.monotonic()
    while time.monotonic() - since < 0.5:
        time.sleep(0.02)
        found = [path.stat().st_size for path in slots]
        if found != sizes:
            sizes, since = found, time.monotonic()
    return sum(sizes)


@pytest.mark.parametrize("turns", [1, 1000])
def test_what_waits_is_bounded_in_bytes_and_the_units_do_not_depend_on_it(
    tmp_path: Path, slots: list[Path], monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    """Whether dossiers are sent together or one by one."""
    fill(tmp_path / "p.db", [[SHORT], [SHORT], [LONG], *([SHORT] for _ in range(20))])
    unbounded = [one.sealed for one in seal(tmp_path / "p.db", tmp_path, workers=1)]
    with WorkerPool(2) as pool, open_store(tmp_path / "p.db") as store:
        monkeypatch.setattr("archiver.assembly.seal.WAITING_BYTES", SPARE_BYTES // 2)
        monkeypatch.setattr("archiver.assembly.seal.TURNS", turns)
        monkeypatch.setattr("archiver.spool.IDLE_BYTES", 0)
        slots.clear()
        patients = [patient.id for patient in store.patients()]
        chance = random.Random(7).randbytes
        found = []
        for one in seal_dossiers(store, patients, WRITING, folder=tmp_path, randomness=chance, pool=pool):
            if len(found) % 8 == 0:
                assert SHORT < quiet(slots) <= SPARE_BYTES + LONG + len(patients) * RECORDS
            found.append(one.sealed)
    assert found == unbounded


def test_a_unit_longer_than_the_bound_is_admitted_when_it_is_alone(tmp_path: Path) -> None:
    unit_spool = Spool([tmp_path / "1", tmp_path / "2", tmp_path / "3"], max_waiting=100)
    assert unit_spool.admits(10_000)
    long = unit_spool.take(10_000)
    assert unit_spool.admits(100) and not unit_spool.admits(101)
    short = unit_spool.take(60)
    assert unit_spool.admits(40) and not unit_spool.admits(41)
    assert not unit_spool.admits(20_000)
    unit_spool.leave(SpooledUnit(place=long, content=b""), 10_000)
    assert unit_spool.admits(20_000)
    unit_spool.take(20_000)
    unit_spool.take(20)
    assert not unit_spool.admits(0)
    unit_spool.leave(SpooledUnit(place=short, content=b""), 60)
    assert unit_spool.admits(0)


def test_a_free_slot_gives_back_the_blocks_of_a_long_unit(tmp_path: Path) -> None:
    path = tmp_path / "1"
    unit_spool = Spool([path], max_waiting=0)
    for size, left in ((IDLE_BYTES, IDLE_BYTES), (IDLE_BYTES + 1, 0)):
        assert unit_spool.take(size) == path
        path.write_bytes(bytes(size))
        unit_spool.leave(SpooledUnit(place=path), size)
        assert path.stat().st_size == left
