"""A study as its images describe it, before anyone has said whose dossier it belongs to."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from formats.model.identity import Sex
from formats.model.imaging import ImageSeries, ImageStudy
from formats.model.record import record_id
from formats.names import comparable
from formats.outside_files.archives import OutsideFile
from formats.reading import FileBody

TABLE = "dicom-study"
"""Name of the source table in the identity of a record; fixed for ever."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImagedPatient:
    """What the images say about the patient; nothing of it is checked against the practice."""

    number: str = ""
    issuer: str = ""
    family: str = ""
    given: str = ""
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundStudy:
    """One study of one patient; ``files`` leads from a digest to the file in the source.

    ``facts`` leads from a digest to the directory records of the file as they are stored.

    ``studied_at`` is missing where the images tell the day alone, and has a zone only where they name one.
    ``part`` is empty, or tells apart the studies made of one whose images disagree about the patient.
    """

    patient: ImagedPatient
    patient_name: str = ""
    study_instance_uid: str
    study_id: str = ""
    accession: str = ""
    description: str = ""
    studied_on: date | None = None
    studied_at: datetime | None = None
    series: tuple[ImageSeries, ...] = ()
    part: str = ""
    files: Mapping[str, OutsideFile]
    facts: Mapping[str, bytes]

    def bodies(self) -> Iterator[FileBody]:
        """Yield each different file of the study once, to be opened when it is copied."""
        seen: set[str] = set()
        for attachment in (each.attachment for series in self.series for each in series.instances):
            sha256 = attachment.sha256
            if sha256 not in seen:
                seen.add(sha256)
                source = self.files[sha256].open
                yield FileBody(attachment=attachment, open=source, header_facts=self.facts[sha256])


def study_record(
    found: FoundStudy, patient_id: str, practice_uuid: uuid.UUID | str, *, zone: str = "Europe/Paris"
) -> ImageStudy:
    """Return ``found`` as a record of the patient; the same study of the same patient keeps its identity.

    ``zone`` is the IANA zone of the practice, for times that carry none.
    """
    at = found.studied_at
    if at and at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(zone))
    key = "/".join(filter(None, (patient_id, found.study_instance_uid, found.part)))
    return ImageStudy(
        id=record_id(practice_uuid, TABLE, key),
        patient=patient_id,
        study_instance_uid=found.study_instance_uid,
        study_id=found.study_id,
        accession=found.accession,
        description=found.description,
        studied_at=at or found.studied_on,
        patient_name=found.patient_name,
        patient_number=found.patient.number,
        series=found.series,
    )


def agreeing(patients: Iterable[ImagedPatient]) -> dict[ImagedPatient, ImagedPatient]:
    """Lead each description of a patient to the one it agrees with, or to itself.

    Descriptions agree when no trait that both name differs. One that agrees
    with several that contradict each other is joined to none of them.
    """
    different: list[ImagedPatient] = []
    joined: dict[ImagedPatient, ImagedPatient] = {}
    for patient in sorted(set(patients), key=lambda each: (-_filled(each), _order(each))):
        akin = [other for other in different if not _contradict(patient, other)]
        if len(akin) == 1:
            joined[patient] = akin[0]
        else:
            different.append(patient)
            joined[patient] = patient
    return joined


def part_of(patient: ImagedPatient) -> str:
    """Return a short mark that tells this description of a patient from others of the same study."""
    return hashlib.sha256("\0".join(_order(patient)).encode("utf-8", "replace")).hexdigest()[:16]


def _contradict(one: ImagedPatient, other: ImagedPatient) -> bool:
    pairs = zip(_traits(one), _traits(other), strict=True)
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def _traits(patient: ImagedPatient) -> tuple[str, ...]:
    born = patient.birth_date.isoformat() if patient.birth_date else ""
    sex = patient.sex if patient.sex in {Sex.MALE, Sex.FEMALE} else ""
    family, given = comparable(patient.family), comparable(patient.given)
    return patient.number, patient.issuer, family, given, born, sex


def _filled(patient: ImagedPatient) -> int:
    return sum(map(bool, _traits(patient)))


def _order(patient: ImagedPatient) -> tuple[str, ...]:
    return *_traits(patient), patient.family, patient.given
