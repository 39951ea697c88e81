"""What is worth a person's eye in a file is remembered, and said again before the file leaves."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.operations.collecting.collect import collect
from archiver.operations.splitting.leaving import LeavingRequest, leaving_patients
from archiver.practice.registers.file_remarks import file_remarks
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.legal_ground import LegalGround
from formats.model.documents import Attachment, Document
from formats.model.people import Patient
from formats.model.record import NAMESPACE, record_id
from formats.reading import FileBody, Item
from tests.unit.sources.described import given
from tests.unit.sources.test_read import ONE, TWO

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
EMPTY, CUT = b"", b"%PDF-1.4 and no end"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as opened:
        yield opened


def attachment(data: bytes) -> Attachment:
    return Attachment(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type="application/pdf")


def with_letters(data: bytes) -> Iterator[Item]:
    """Yield two patients, the first of whom has a letter of these bytes."""
    items = given("", {"PATIENTS": [ONE, TWO]}).items
    yield from items
    one = next(item for item in items if isinstance(item, Patient))
    yield FileBody(attachment=attachment(data), open=lambda: io.BytesIO(data))
    yield Document(
        id=record_id(NAMESPACE, "test", "1"),
        patient=one.id,
        title="Lettre",
        original_name="lettre.pdf",
        attachment=attachment(data),
    )


def leaving(store: PracticeStore) -> tuple[list[str], list[tuple[str, int]]]:
    """Return the codes that an export of everybody names, and what it says before."""
    request = LeavingRequest(
        roster=None, practitioner="", hold=None, situation=None,
        ground=LegalGround.CESSATION, receiver="", at=NOON,
    )  # fmt: skip
    found = leaving_patients(store, request, require=lambda checked: checked)
    return [one.code for one in found.findings], list(found.notes())


def test_a_remark_is_said_again_when_everybody_leaves(store: PracticeStore) -> None:
    assert leaving(store) == ([], [])
    collect(store, with_letters(CUT), system="test", clock=lambda: NOON)
    assert [(one.kind, one.name, one.code) for one in file_remarks(store)] == [
        ("documents", "lettre.pdf", "document-damaged")
    ]
    codes, notes = leaving(store)
    assert codes == ["document-damaged"] and [count for _, count in notes] == [1]
    again = collect(store, with_letters(CUT), system="test", clock=lambda: NOON)
    assert "document-damaged" not in [one.code for one in again.findings]
    assert leaving(store)[0] == ["document-damaged"]


def test_a_file_that_was_mended_is_remarked_on_no_more(store: PracticeStore) -> None:
    collect(store, with_letters(CUT), system="test", clock=lambda: NOON)
    collect(store, with_letters(EMPTY), system="test", clock=lambda: NOON)
    assert leaving(store)[0] == ["file-empty"]
    whole = b"%PDF-1.4\nxref\n0 0\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
    collect(store, with_letters(whole), system="test", clock=lambda: NOON)
    assert leaving(store) == ([], [])


def test_who_stays_is_not_remarked_on(store: PracticeStore) -> None:
    collect(store, with_letters(CUT), system="test", clock=lambda: NOON)
    (remark,) = file_remarks(store)
    patients = {one.id for one in store.patients()}
    assert remark.patient in patients and len(patients) == 2
    record = store.get(Document, remark.id)
    assert record is not None
    store.put(replace(record, patient=(patients - {remark.patient}).pop()))
    assert {one.patient for one in file_remarks(store)} == patients - {remark.patient}
