"""Sealing on several cores: the same units in the same order, and failures that travel whole."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import AttachmentMissing
from archiver.operations.collect import collect
from archiver.operations.seal import SealedDossier, Writing, seal_dossiers
from archiver.practice.store import PracticeStore, opened
from archiver.sealing.unsealing import open_unit
from formats.opendental.read import open_source, read
from formats.pdlgc.read import read_patient_archive
from formats.pdlgc.sender import Sender
from samples.story.book import build_sqlite

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "practice"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WRITING = Writing(written_at=NOON, sender=Sender(name="Cabinet"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeStore]:
    folder = tmp_path_factory.mktemp("practice")
    build_sqlite((SAMPLES / "opendental.sql").read_text(encoding="utf-8"), folder / "tables.sqlite")
    with open_source(str(folder / "tables.sqlite")) as source, opened(folder / "p.db", create=True) as store:
        images = SAMPLES / "images"
        items = read(source, images=images, practice_key=None, time_zone="Europe/Paris")
        collect(store, items, system="opendental", clock=lambda: NOON)
        yield store


def seal(store: PracticeStore, folder: Path, workers: int, count: int = 24) -> list[SealedDossier]:
    """Seal the first patients, open each unit again while it waits, and return what was told."""
    patients = [patient.id for patient in store.patients()][:count]
    seeded = random.Random(7)
    told = []
    for one in seal_dossiers(
        store,
        list(enumerate(patients, 1)),
        WRITING,
        folder=folder,
        randomness=seeded.randbytes,
        workers=workers,
    ):
        with (
            one.moored.opened() as source,
            io.BytesIO(source) if isinstance(source, bytes) else source as stream,
            open_unit(stream, one.passphrase, size=one.sealed.size) as plain,
        ):
            assert read_patient_archive(plain).dossier == store.dossier(one.patient)
        told.append(one)
    assert [one.patient for one in told] == patients
    return told


def test_the_number_of_processes_changes_nothing(store: PracticeStore, tmp_path: Path) -> None:
    alone, together = (seal(store, tmp_path, workers) for workers in (1, 3))
    assert [one.sealed for one in alone] == [one.sealed for one in together]
    assert [one.passphrase for one in alone] == [one.passphrase for one in together]
    assert len({one.sealed.sha256 for one in alone}) == 24
    assert list(tmp_path.iterdir()) == []


def test_a_failure_in_a_process_travels_whole(store: PracticeStore, tmp_path: Path) -> None:
    digest = next(
        attachment.sha256
        for patient in store.patients()
        for attachment in store.dossier(patient.id).attachments()
    )
    path = store.attachments.path(digest)
    hidden = path.rename(path.with_suffix(".hidden"))
    try:
        with pytest.raises(AttachmentMissing, match=digest) as caught:
            seal(store, tmp_path, workers=2)
    finally:
        hidden.rename(path)
    assert caught.value.facts == {"digest": digest}
    assert list(tmp_path.iterdir()) == []
