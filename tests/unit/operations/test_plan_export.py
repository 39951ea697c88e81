"""A plan of an export: never too small, and all that stands in the way, with nothing written."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archiver import disk
from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest, least_volume_bytes
from archiver.errors import AlreadyExists
from archiver.operations.export import export
from archiver.operations.splitting.plan_export import PlanRequest, package_bytes, plan_export
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from formats.errors import FolderNotFound
from formats.model.documents import Document
from formats.model.record import record_id
from tests import large
from tests.packages import SIGNED, signer

OWNER = HybridIdentity(seed=b"o" * 32)
SIZES = ((), (1,), (300_000, 10), (40_000, 40_000, 40_000), (900_000,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    large.fill(tmp_path / "practice.db", SIZES)
    with open_store(tmp_path / "practice.db") as opened:
        yield opened


def request(store: PracticeStore, tmp_path: Path, **fields: object) -> PlanRequest:
    everybody = tuple(patient.id for patient in store.patients())
    asked = PlanRequest(target=tmp_path / "p.asice", patients=everybody, on=date(2026, 1, 1))
    return replace(asked, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("room", [0, 512 << 10, 3 << 19])
def test_what_comes_of_an_export_is_no_more_than_was_planned(
    store: PracticeStore, tmp_path: Path, room: int
) -> None:
    volume_size = room and least_volume_bytes() + room
    asked = request(store, tmp_path, volume_size=volume_size)
    before = sorted(tmp_path.iterdir())
    plan = plan_export(store, asked)
    assert sorted(tmp_path.iterdir()) == before
    sealing = ExportRequest(
        target=asked.target,
        patients=asked.patients,
        access=KeyringRecipients(recipients=[OWNER.to_recipient()]),
        signer=signer(),
        volume_size=volume_size,
    )
    done = export(store, sealing, clock=lambda: SIGNED, randomness=secrets.token_bytes)
    cut = len(done.volumes) > 1
    made = len(done.volumes) + cut  # a set has a file of its own
    drawn = package_bytes() if cut else 0  # by lot: one volume more may be needed
    assert done.size <= plan.size < done.size + 500_000 * made + drawn
    assert abs(len(done.volumes) - plan.volumes) <= 1  # an export draws the order by lot
    assert (plan.counts["patients"], plan.counts["files"]) == (done.counts["patients"], done.counts["files"])
    assert plan.counts["file_bytes"] == done.counts["file_bytes"] == sum(map(sum, SIZES))
    assert plan.counts["documents"] == done.counts["documents"]


def test_a_part_is_counted_alone(store: PracticeStore, tmp_path: Path) -> None:
    everybody = request(store, tmp_path)
    plan = plan_export(store, replace(everybody, patients=everybody.patients[2:3]))
    assert (plan.counts["patients"], plan.counts["file_bytes"], plan.left_out) == (
        1,
        300_010,
        {"patients": 4},
    )


def test_a_name_that_is_taken_is_said_beforehand(store: PracticeStore, tmp_path: Path) -> None:
    (tmp_path / "p-001.asice").touch()
    plan_export(store, request(store, tmp_path))
    with pytest.raises(AlreadyExists):
        plan_export(store, request(store, tmp_path, by_retention_year=True))
    (tmp_path / "p.asice").touch()
    with pytest.raises(AlreadyExists):
        plan_export(store, request(store, tmp_path))


def test_records_nobody_named_are_named(store: PracticeStore, tmp_path: Path) -> None:
    everybody = request(store, tmp_path).patients
    asked = request(store, tmp_path, roster=True, patients=everybody[:3], named=everybody[1:3])
    assert [*plan_export(store, asked).linked] == [everybody[0]]
    assert not plan_export(store, replace(asked, roster=False)).linked


def test_holes_are_counted(store: PracticeStore, tmp_path: Path) -> None:
    asked = request(store, tmp_path)
    assert "without_file" not in plan_export(store, asked).counts
    store.put(Document(id=record_id(large.SPACE, "document", "none"), patient=asked.patients[0], title="x"))
    assert plan_export(store, asked).counts["without_file"] == 1


def test_a_file_that_the_disk_does_not_have_stands_in_the_way(store: PracticeStore, tmp_path: Path) -> None:
    asked = request(store, tmp_path)
    (digest,) = store.db.execute("SELECT sha256 FROM files WHERE size = 900000").fetchone()
    store.attachments.path(digest).unlink()
    plan = plan_export(store, asked)
    assert plan.absent == 1 and not plan.feasible
    assert plan_export(store, replace(asked, patients=asked.patients[:4])).feasible


def test_a_disk_without_room_stands_in_the_way(
    store: PracticeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request(store, tmp_path)
    needed = plan_export(store, asked).needed
    for free, feasible in ((needed, True), (needed - 1, False)):
        monkeypatch.setattr(disk, "free_bytes", lambda _, free=free: free)
        assert plan_export(store, asked).feasible is feasible


def test_a_folder_that_is_not_there_is_said(store: PracticeStore, tmp_path: Path) -> None:
    with pytest.raises(FolderNotFound):
        plan_export(store, request(store, tmp_path, target=tmp_path / "absent" / "p.asice"))
