"""What every object of one dossier says of the patient, the study, the series and the equipment.

Pictures and documents of one day of one patient are one study. What the dossier does not say is empty or left out:
the time of the study, who asked for it, on what device a picture was taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from formats.dicom.objects.instance import derived_uid
from formats.dicom.objects.texts import date_value, name_value, short_text
from formats.mapping.ins import travelling_ins
from formats.model.dates import PartialDate
from formats.model.dossier import Dossier
from formats.model.identity import Identifier, IdentifierType, Sex
from formats.model.people import Patient

Moment = date | PartialDate | None
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-\[\]-~]+")
"""Naming systems of numbers; a back-slash would part a value in two."""
_SEXES = {Sex.MALE: "M", Sex.FEMALE: "F", Sex.OTHER: "O"}


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesKind:
    """What a series holds: its SOP class, its modality (PS3.3, C.7.3.1.1.1), its number in the study.

    ``note`` tells apart series of one kind whose attributes differ.
    """

    sop_class: str
    modality: str
    number: int
    note: str = ""


def begin_object(dossier: Dossier, kind: SeriesKind, moment: Moment, practitioner: str | None) -> Dataset:
    """Return a data set with patient, study, series, equipment and SOP class of an object dated ``moment``."""
    dataset = Dataset()
    dataset.SOPClassUID = kind.sop_class
    _add_patient(dataset, dossier.patient, dossier.practice.name)
    day = moment if isinstance(moment, PartialDate) else date_value(moment)
    dataset.StudyInstanceUID = derived_uid("study", dossier.patient.id, str(day))
    dataset.StudyDate, dataset.StudyTime = date_value(moment), ""
    dataset.StudyID, dataset.AccessionNumber, dataset.ReferringPhysicianName = "", "", ""
    dataset.Modality, dataset.SeriesNumber = kind.modality, kind.number
    dataset.SeriesInstanceUID = derived_uid(
        "series", dataset.StudyInstanceUID, kind.sop_class, kind.modality, kind.note
    )
    dataset.InstanceNumber = 1
    dataset.Manufacturer = ""
    dataset.InstitutionName = short_text(dossier.practice.name)
    if operator := _practitioner(dossier, practitioner):
        dataset.PerformingPhysicianName = operator
    return dataset


def _add_patient(dataset: Dataset, patient: Patient, practice: str) -> None:
    traits = patient.traits
    family = traits.birth_family_name or traits.used_family_name
    given = " ".join(traits.birth_given_names) or traits.used_given_name
    dataset.PatientName = name_value(family, given)
    _add_number(dataset, patient, practice)
    dataset.PatientBirthDate = date_value(traits.birth_date)
    dataset.PatientSex = _SEXES.get(traits.sex, "")
    others = [_ins(one) for one in travelling_ins(patient)]
    if others:
        dataset.OtherPatientIDsSequence = Sequence(others)


def _add_number(dataset: Dataset, patient: Patient, practice: str) -> None:
    """Write the number of the practice with who issued it, or the record's identity, which nobody else has.

    Without its issuer the receiver's own patient of that number would be meant (PS3.3, C.7.1.1).
    """
    numbers = (one for one in patient.identifiers if one.type is IdentifierType.LOCAL)
    number = next((one for one in numbers if short_text(one.value)), None)
    dataset.PatientID = short_text(number.value) if number else patient.id
    if number is None:
        return
    if name := short_text(practice):
        dataset.IssuerOfPatientID = name
    if issuers := _issuers(number.system):
        dataset.IssuerOfPatientIDQualifiersSequence = Sequence(issuers)


def _ins(number: Identifier) -> Dataset:
    """Return the INS as another identifier, with the OID that issued it (PS3.3, table C.7-1)."""
    item = Dataset()
    item.PatientID, item.TypeOfPatientID = short_text(number.value), "TEXT"
    if issuers := _issuers(number.system):
        item.IssuerOfPatientIDQualifiersSequence = Sequence(issuers)
    return item


def _issuers(system: str) -> list[Dataset]:
    """Return the naming system ``system`` as who issued a number (PS3.3, table 10-18); none that is no OID or URI."""
    name = system.removeprefix("urn:oid:")
    kind = "ISO" if _OID.fullmatch(name) else "URI" if _URI.fullmatch(name) else ""
    if not kind:
        return []
    issuer = Dataset()
    issuer.UniversalEntityID, issuer.UniversalEntityIDType = name, kind
    return [issuer]


def _practitioner(dossier: Dossier, identity: str | None) -> str:
    found = next((one for one in dossier.practitioners if one.id == identity), None)
    return name_value(found.family_name, found.given_name) if found and found.person else ""
