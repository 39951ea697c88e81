"""Collect DICOM studies and match them to the patients of the practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.ingest.attribution import Claim
from archiver.operations.collecting.attribute import Attributing, own_practice
from archiver.practice.store import PracticeStore
from formats import registry
from formats.dicom.study import FoundStudy, study_record
from formats.findings import Finding
from formats.model.imaging import ImageStudy
from formats.model.people import Practice
from formats.model.provenance import Cell
from formats.reading import FileBody, Item

SYSTEM = "dicom"
TABLE = "study"


@dataclass(frozen=True, slots=True)
class _Study:
    found: FoundStudy
    practice: Practice

    @property
    def key(self) -> str:
        return "/".join(filter(None, (self.found.study_instance_uid, self.found.part)))

    @property
    def claim(self) -> Claim:
        return self.found.patient

    def bodies(self) -> Iterator[FileBody]:
        return self.found.bodies()

    def columns(self) -> Mapping[str, Cell]:
        found, patient = self.found, self.found.patient
        return {
            "patient_name": found.patient_name,
            "patient_id": patient.number,
            "issuer": patient.issuer,
            "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
            "sex": patient.sex.value,
            "description": found.description,
            "studied_on": found.studied_on.isoformat() if found.studied_on else None,
            "files": " ".join(
                instance.attachment.sha256 for series in found.series for instance in series.instances
            ),
        }

    def record(self, patient: str) -> ImageStudy:
        return study_record(self.found, patient, self.practice.id, zone=self.practice.time_zone)


def imaging_items(
    store: PracticeStore, folder: Path, *, assigned: Mapping[str, str]
) -> tuple[Attributing, Iterator[Item]]:
    """Return the run and its items, for ``collect``; ``assigned`` is what a person decided by study."""
    run = Attributing(store=store, system=SYSTEM, table=TABLE, assigned=assigned)
    practice = own_practice(store)

    def studies() -> Iterator[_Study | Finding]:
        with registry.reader_for("dicom")(str(folder)) as items:
            for found in items:
                yield _Study(found, practice) if isinstance(found, FoundStudy) else found

    return run, run.items(studies())
