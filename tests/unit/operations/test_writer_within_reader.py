"""Whatever an export ends well with, verification proves and an import takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportOutcome, ExportRequest
from archiver.handover.opening import OpenRequest
from archiver.handover.receipt import Receipt
from archiver.operations.export import export
from archiver.operations.receive import receive
from archiver.package.errors import ManifestInvalid
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing import keyring, keyring_json
from archiver.sealing.age import HybridIdentity
from formats.cda.writer import output
from formats.errors import LimitExceeded
from formats.fhir import layout as bundle_layout
from formats.model.documents import Attachment, Document
from formats.model.provenance import SourceRow
from formats.pdlgc import names, source_rows, sums, tables, unit_place
from formats.pdlgc.page import unsafe_content
from formats.reading import FileBody
from formats.xdm import write as submission
from tests.large import fill
from tests.packages import counted, signer, trust

KEY = HybridIdentity(seed=b"k" * 32)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MIB = 1 << 20


class Repeated(BytesIO):
    """A file of one repeated byte, held in no memory: a scanned white page, an empty volume."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = size

    def read(self, wanted: int | None = -1, /) -> bytes:
        count = self._left if wanted is None or wanted < 0 else min(wanted, self._left)
        self._left -= count
        return b"\xff" * count

    def readinto(self, buffer: Any, /) -> int:
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def white(size: int, head: bytes = b"") -> FileBody:
    """Return a file of ``size`` bytes after ``head``, nearly all alike."""
    whole = hashlib.sha256(head)
    for start in range(0, size, MIB):
        whole.update(b"\xff" * min(MIB, size - start))
    attachment = Attachment(sha256=whole.hexdigest(), size=size + len(head), media_type="image/bmp")
    return FileBody(attachment=attachment, open=lambda: _Joined(head, size))


class _Joined(Repeated):
    def __init__(self, head: bytes, size: int) -> None:
        super().__init__(size)
        self._head = head

    def read(self, wanted: int | None = -1, /) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return head
        return super().read(wanted)


@contextmanager
def practice_with(path: Path, *bodies: FileBody) -> Iterator[PracticeStore]:
    """Open a practice of one patient who has ``bodies`` as documents."""
    fill(path, [[]])
    with open_store(path) as store:
        (patient,) = store.patients()
        with store.changing():
            for number, body in enumerate(bodies):
                store.keep_file(body)
                store.put(Document(id=f"page-{number}", patient=patient.id, attachment=body.attachment))
        yield store


def hand_over(store: PracticeStore, folder: Path, **changed: Any) -> Receipt:
    """Export the whole practice, and import what was written into an empty one."""
    outcome = exported(store, folder, **changed)
    opening = OpenRequest(package=outcome.path, identities=[KEY], trust=trust(signer(), at=NOON))
    with open_store(folder / "next.db", create=True) as there:
        return receive(there, opening, clock=lambda: NOON)


def exported(store: PracticeStore, folder: Path, **changed: Any) -> ExportOutcome:
    folder.mkdir(exist_ok=True)
    request = ExportRequest(
        target=folder / "p.asice",
        patients=tuple(patient.id for patient in store.patients()),
        **({"access": KeyringRecipients(recipients=[KEY.to_recipient()])} | changed),
        signer=signer(),
        whole_practice=True,
    )
    return export(store, request, clock=lambda: NOON, randomness=counted(b"limits"))


@pytest.mark.parametrize(
    "sizes",
    [(70 * MIB,), (25 * MIB, 25 * MIB, 25 * MIB), (MIB,) * 70, (64 * MIB, 64 * MIB + 1)],
    ids=["an empty volume", "three scanned pages", "many small pictures", "at the floor of the ratio"],
)
def test_files_that_pack_to_nearly_nothing_come_in(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    bodies = [white(size - 4, number.to_bytes(4, "big")) for number, size in enumerate(sizes)]
    with practice_with(tmp_path / "p.db", *bodies) as store:
        receipt = hand_over(store, tmp_path)
    assert [str(one.refusal) for one in receipt.refused] == []
    assert len(receipt.came_in) == 1
    assert receipt.found["files"] == len(sizes)


# -- past a limit nothing is written ------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (source_rows, "MAX_LINE_BYTES", 200),
        (tables, "MAX_CELL_CHARACTERS", 20),
        (bundle_layout, "MAX_ENTRY_BYTES", 300),
        (bundle_layout, "MAX_ENTRIES", 2),
        (bundle_layout, "MAX_BUNDLE_BYTES", 1000),
        (sums, "MAX_SUMS_BYTES", 100),
        (names, "MAX_SUBSET_DOCUMENTS", 1),
        (submission, "MAX_OBJECTS", 3),
        (submission, "MAX_METADATA_BYTES", 3000),
        (output, "MAX_DOCUMENT_BYTES", 3000),
        (keyring_json, "MAX_LINE", 500),
        (unit_place, "MAX_BYTES", 100),
        (unsafe_content, "MAX_PAGE_BYTES", 1000),
    ],
)
def test_past_a_limit_the_patient_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, value: int
) -> None:
    with practice_with(tmp_path / "p.db", white(5), white(6)) as store:
        _add_source_row(store)
        before = sorted(path.name for path in tmp_path.iterdir())
        monkeypatch.setattr(module, name, value)
        with pytest.raises(LimitExceeded) as refusal:
            exported(store, tmp_path)
        assert refusal.value.where.startswith("patients/1")
        assert sorted(path.name for path in tmp_path.iterdir()) == before
        monkeypatch.undo()
        assert exported(store, tmp_path).path.exists()


def _add_source_row(store: PracticeStore) -> None:
    (patient,) = store.patients()
    row = SourceRow(
        id="row", patient=patient.id, system="test", table="letters", key="1", columns={"text": "x" * 300}
    )
    with store.changing():
        store.put(row)


@pytest.mark.parametrize(
    "parties",
    [
        {"receiver": "x" * 1025},
        {"controller_after": "x" * 1025},
        {"receiver": "\udcff"},
    ],
)
def test_a_name_no_manifest_has_room_for_is_refused_before_any_work(
    tmp_path: Path, parties: dict[str, str]
) -> None:
    with practice_with(tmp_path / "p.db", white(5)) as store:
        with pytest.raises(ManifestInvalid):
            exported(store, tmp_path, **parties)
        assert not (tmp_path / "p.asice").exists()
        longest = dict.fromkeys(parties, "x" * 1024)
        assert hand_over(store, tmp_path, **longest).came_in


def test_a_practice_whose_name_no_manifest_has_room_for_is_refused(tmp_path: Path) -> None:
    with practice_with(tmp_path / "p.db", white(5)) as store:
        (practice,) = store.practices()
        for name in ("", "x" * 1025):
            with store.changing():
                store.put(replace(practice, name=name))
            with pytest.raises(ManifestInvalid, match=r"sender\.name"):
                exported(store, tmp_path)
        assert not (tmp_path / "p.asice").exists()


def test_more_patients_than_a_keyring_has_lines_are_refused_or_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "p.db", [[10], [20], [30]])
    monkeypatch.setattr(keyring, "MAX_ENTRIES", 3)
    with open_store(tmp_path / "p.db") as store:
        with pytest.raises(LimitExceeded):
            exported(store, tmp_path)
        outcome = exported(store, tmp_path, volume_size=1 << 30)
        assert [len(one.manifest.units) for one in outcome.volumes] == [3, 2]
        monkeypatch.setattr(keyring, "MAX_ENTRIES", 4)
        assert len(hand_over(store, tmp_path.joinpath("alone").absolute()).came_in) == 3
