"""One instance UID in the dossiers of two patients is told, whoever of them is handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from archiver.handover.opening import OpenedHandover
from archiver.operations.deliveries.deliver import DossierReader
from archiver.operations.deliveries.shared_instances import SharedInstances
from archiver.practice import people
from archiver.practice.store import PracticeStore, open_store
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.model.identity import Traits
from formats.model.imaging import ImageInstance, ImageSeries, ImageStudy
from formats.model.people import Patient, Practice

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
UIDS = {"a": ("1.2.3", "1.2.4"), "b": ("1.2.4", "1.2.5"), "c": ("1.2.3",)}


def study(patient: str) -> ImageStudy:
    instances = tuple(
        ImageInstance(
            sop_instance_uid=uid,
            sop_class_uid="1.2",
            attachment=Attachment(sha256="0" * 64, size=0, media_type="application/dicom"),
        )
        for uid in UIDS[patient]
    )
    series = ImageSeries(series_instance_uid=f"9.{patient}", modality="IO", instances=instances)
    return ImageStudy(id=f"study-{patient}", patient=patient, study_instance_uid="9", series=(series,))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as store:
        with store.changing():
            store.put(Practice(id="p", name="Cabinet"))
            store.db.execute("INSERT INTO files VALUES (?, 0, 'application/dicom')", ("0" * 64,))
            for patient in UIDS:
                store.put(Patient(id=patient, practice="p", traits=Traits(used_family_name=patient)))
                store.put(study(patient))
        yield store


def dossier(patient: str) -> Dossier:
    return Dossier(
        practice=Practice(id="p", name="Cabinet"),
        practitioners=(),
        patient=Patient(id=patient, practice="p", traits=Traits(used_family_name=patient)),
        image_studies=(study(patient),),
    )


def shared_uids(shared: SharedInstances, patient: str) -> list[str]:
    found = list(shared.findings(dossier(patient)))
    assert {one.code for one in found} <= {"dicom-uid-of-two-patients"}
    return [str(one.facts["uid"]) for one in found]


def test_of_a_store_every_patient_is_compared_but_records_of_one_person(store: PracticeStore) -> None:
    assert [shared_uids(SharedInstances(store), one) for one in "abc"] == [
        ["1.2.3", "1.2.4"],
        ["1.2.4"],
        ["1.2.3"],
    ]
    with store.changing():
        people.link(store, "c", "a", rule="r", decided_by="d", at=NOON)
    assert [shared_uids(SharedInstances(store), one) for one in "abc"] == [["1.2.4"], ["1.2.4"], []]


def test_of_a_package_those_of_one_run_are_compared() -> None:
    shared = SharedInstances(cast("OpenedHandover", object()))
    assert [shared_uids(shared, one) for one in "abca"] == [[], ["1.2.4"], ["1.2.3"], []]


def test_it_is_told_where_images_leave_as_such(store: PracticeStore) -> None:
    for instances in (False, True):
        with DossierReader(store, NOON, instances=instances).open("b") as source:
            assert ("dicom-uid-of-two-patients" in {one.code for one in source.findings}) is instances
