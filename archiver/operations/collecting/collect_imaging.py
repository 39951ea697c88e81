"""Collect a folder of images, and match studies and other files to the patients of the practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.ingest.attribution import Claim
from archiver.operations.collecting.attribute import Attributing, own_practice
from archiver.operations.collecting.bridged_claims import BridgedClaim
from archiver.practice.store import PracticeStore
from formats import registry
from formats.dicom.study import FoundStudy, ImagedPatient, study_record
from formats.findings import Finding
from formats.imaging_folders.bridge_files.statement import BridgeStatement
from formats.imaging_folders.bridges import BridgedItem
from formats.model.care import Note
from formats.model.documents import Document
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.people import Practice
from formats.model.provenance import Cell
from formats.papers.paper import FoundPaper, document_record
from formats.reading import FileBody, Item

SYSTEM = "dicom"
"""System of the rows of every folder of images, with bridge files or without: collected as either it has each once."""
TABLE, FILE_TABLE, BRIDGE_TABLE = "study", "file", "bridge"


@dataclass(frozen=True, slots=True)
class _Study:
    found: FoundStudy
    practice: Practice
    bridge: BridgedClaim | None = None
    table: str = TABLE

    @property
    def key(self) -> str:
        return "/".join(filter(None, (self.found.study_instance_uid, self.found.part)))

    @property
    def claim(self) -> Claim:
        return self.found.patient

    def bodies(self) -> Iterator[FileBody]:
        return self.found.bodies()

    def columns(self) -> Mapping[str, Cell]:
        found = self.found
        return {
            "patient_name": found.patient_name,
            **_patient_columns(found.patient),
            "sex": found.patient.sex.value,
            "description": found.description,
            "studied_on": found.studied_on.isoformat() if found.studied_on else None,
            "files": " ".join(
                instance.attachment.sha256 for series in found.series for instance in series.instances
            ),
        }

    def record(self, patient: str) -> ImageStudy:
        return study_record(self.found, patient, self.practice.id, zone=self.practice.time_zone)


@dataclass(frozen=True, slots=True)
class _File:
    found: FoundPaper
    practice: Practice
    bridge: BridgedClaim | None = None
    table: str = FILE_TABLE

    @property
    def key(self) -> str:
        return "/".join(filter(None, (self.found.name, str(self.found.occurrence or ""))))

    @property
    def claim(self) -> Claim:
        return self.found.patient

    def bodies(self) -> Iterator[FileBody]:
        if self.found.body is not None:
            yield self.found.body

    def columns(self) -> Mapping[str, Cell]:
        return {
            "file": self.found.name,
            "family_name": self.found.patient.family,
            "given_name": self.found.patient.given,
            **_patient_columns(self.found.patient),
            "sha256": self.found.attachment.sha256 if self.found.attachment else None,
        }

    def record(self, patient: str) -> Document | ImageFile | Note:
        return document_record(self.found, patient, self.practice.id, zone=self.practice.time_zone)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A bridge file's statement is matched like what it speaks for; ``bridge`` is itself."""

    found: BridgeStatement
    bridge: BridgedClaim
    table: str = BRIDGE_TABLE

    @property
    def claim(self) -> Claim:
        return ImagedPatient()

    @property
    def key(self) -> str:
        return self.found.key

    def bodies(self) -> Iterator[FileBody]:
        return iter(())

    def columns(self) -> Mapping[str, Cell]:
        return self.found.columns

    def record(self, patient: str) -> None:
        del patient


def _patient_columns(patient: Claim) -> Mapping[str, Cell]:
    return {
        "patient_id": patient.number,
        "issuer": patient.issuer,
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
    }


def _bridged(item: BridgedItem, practice: Practice) -> _Study | _File | _Statement:
    statement, doubt = item.folder.statement, item.folder.doubt
    bridge = BridgedClaim(key=statement.key, claim=statement.patient, doubt=doubt) if statement else None
    if isinstance(item.found, FoundStudy):
        return _Study(item.found, practice, bridge)
    if isinstance(item.found, FoundPaper):
        return _File(item.found, practice, bridge)
    return _Statement(item.found, bridge or BridgedClaim(key=item.found.key, claim=item.found.patient))


def imaging_items(
    store: PracticeStore, folder: Path, *, source: str = "dicom", assigned: Mapping[str, str]
) -> tuple[Attributing, Iterator[Item]]:
    """Return the run and its items, for ``collect``; ``assigned`` is what a person decided by study, file or bridge.

    ``source`` is the reader: that of images, or that of bridges.
    """
    run = Attributing(store=store, system=SYSTEM, table=TABLE, assigned=assigned)
    practice = own_practice(store)

    def found_items() -> Iterator[_Study | _File | _Statement | Finding]:
        with registry.reader_for(source)(str(folder)) as items:
            for found in items:
                if isinstance(found, BridgedItem):
                    yield _bridged(found, practice)
                elif isinstance(found, FoundStudy):
                    yield _Study(found, practice)
                elif isinstance(found, FoundPaper):
                    yield _File(found, practice)
                else:
                    yield found

    return run, run.items(found_items())
