"""Header facts from collecting to sealing: stored once, checked against the file, and never a wrong DICOMDIR."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.collect_imaging import imaging_items
from archiver.practice.attachments import header_facts
from archiver.practice.store import PracticeStore, open_store
from formats.errors import AttachmentChanged
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, Practice
from formats.model.record import practice_namespace, record_id
from formats.pdlgc.sender import Sender
from formats.pdlgc.write import WrittenArchive, write_patient_archive
from formats.zip.limits import ZipLimits
from tests.unit.dicom.images import image

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SPACE = practice_namespace("header-facts")
PATIENT = record_id(SPACE, "patient", 45)
SLICES = 3


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    """Return a store whose one patient has a study of three images, collected."""
    with open_store(tmp_path / "practice.db", create=True) as store:
        with store.changing():
            store.put(Practice(id=str(SPACE), name="Cabinet d'essai"))
            store.put(
                Patient(
                    id=PATIENT,
                    practice=str(SPACE),
                    identifiers=(Identifier(type=IdentifierType.LOCAL, system="", value="45"),),
                    traits=Traits(birth_family_name="Évrard", birth_given_names=("Zoé",)),
                )
            )
            store.set_setting("own_practice", str(SPACE))
        for number in range(1, SLICES + 1):
            image(tmp_path / "images" / f"{number}.dcm", instance=str(number))
        _collect(store, tmp_path / "images")
        yield store


def _collect(store: PracticeStore, folder: Path) -> bool:
    run, items = imaging_items(store, folder, assigned={})
    return collect(store, items, system=run.system, clock=lambda: NOON).changed


def _sealed(store: PracticeStore, *, stored: bool = True) -> tuple[bytes, WrittenArchive]:
    target = io.BytesIO()
    facts = partial(header_facts, store.db) if stored else lambda _: b""
    written = write_patient_archive(
        store.dossier(PATIENT),
        target,
        open_attachment=store.attachments.open,
        header_facts=facts,
        written_at=NOON,
        sender=Sender(name="Essai"),
        limits=ZipLimits(),
    )
    return target.getvalue(), written


def _digests(store: PracticeStore) -> list[str]:
    return [digest for (digest,) in store.db.execute("SELECT sha256 FROM header_facts ORDER BY sha256")]


def test_collecting_stores_the_facts_of_every_image_once(store: PracticeStore, tmp_path: Path) -> None:
    assert len(_digests(store)) == SLICES
    before = store.db.total_changes
    assert not _collect(store, tmp_path / "images")
    assert len(_digests(store)) == SLICES
    assert store.db.total_changes - before < SLICES


def test_an_archive_made_of_stored_facts_is_the_one_made_of_headers(store: PracticeStore) -> None:
    assert _sealed(store) == _sealed(store, stored=False)


def test_facts_that_somebody_changed_are_not_believed(store: PracticeStore) -> None:
    expected = _sealed(store, stored=False)
    name = "Évrard^Zoé".encode("latin-1")
    changed = 0
    for digest in _digests(store):
        facts = header_facts(store.db, digest)
        other = facts.replace(name, b"Marteau^Al"[: len(name)])
        changed += other != facts
        with store.changing():
            store.db.execute("UPDATE header_facts SET facts = ? WHERE sha256 = ?", (other, digest))
    assert changed == SLICES
    assert _sealed(store) == expected


def test_a_store_without_facts_reads_the_headers_and_the_next_collection_stores_them(
    store: PracticeStore, tmp_path: Path
) -> None:
    expected = _sealed(store)
    with store.changing():
        store.db.execute("DELETE FROM header_facts")
    assert _sealed(store) == expected
    _collect(store, tmp_path / "images")
    assert len(_digests(store)) == SLICES


def test_a_file_that_changed_since_it_was_collected_is_not_sealed(store: PracticeStore) -> None:
    path = store.attachments.path(_digests(store)[0])
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(data.replace("Évrard".encode(), b"Edrard "))
    assert len(path.read_bytes()) == len(data)
    with pytest.raises(AttachmentChanged):
        _sealed(store)


def test_planning_from_stored_facts_loads_no_pydicom(store: PracticeStore) -> None:
    with closing(sqlite3.connect(store.path)) as db:
        (facts, digest) = db.execute("SELECT facts, sha256 FROM header_facts").fetchone()
    script = (
        "import sys\n"
        "from formats.dicom.write import plan_file_set\n"
        "from formats.model.documents import Attachment\n"
        "from formats.reading import FileBody\n"
        f"one = Attachment(sha256={digest!r}, size=1, media_type='application/dicom')\n"
        f"plan = plan_file_set([FileBody(attachment=one, open=None, header_facts={facts!r})])\n"
        "print(len(plan.files), 'pydicom' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.split() == ["1", "False"]
