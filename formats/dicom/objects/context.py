"""What every object of one dossier says of the patient, the study, the series and the equipment.

Pictures and documents of one day of one patient are one study. What the dossier does not say is empty or left out:
the time of the study, who asked for it, on what device a picture was taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from formats.dicom.objects.instance import derived_uid
from formats.dicom.objects.texts import date_value, name_value, short_text
from formats.model.dates import PartialDate
from formats.model.dossier import Dossier
from formats.model.identity import IdentifierType, Sex
from formats.model.people import Patient

Moment = date | PartialDate | None
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
    _add_patient(dataset, dossier.patient)
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


def _add_patient(dataset: Dataset, patient: Patient) -> None:
    traits = patient.traits
    family = traits.birth_family_name or traits.used_family_name
    given = " ".join(traits.birth_given_names) or traits.used_given_name
    local = (one.value for one in patient.identifiers if one.type is IdentifierType.LOCAL)
    dataset.PatientName = name_value(family, given)
    dataset.PatientID = short_text(next(local, "")) or patient.id
    dataset.PatientBirthDate = date_value(traits.birth_date)
    dataset.PatientSex = _SEXES.get(traits.sex, "")
    others = [_ins(one.system, one.value) for one in patient.identifiers if one.type is IdentifierType.INS]
    if others:
        dataset.OtherPatientIDsSequence = Sequence(others)


def _ins(system: str, value: str) -> Dataset:
    """Return the INS as another identifier, with the OID that issued it (PS3.3, tables C.7-1 and 10-18)."""
    item, issuer = Dataset(), Dataset()
    item.PatientID, item.TypeOfPatientID = short_text(value), "TEXT"
    issuer.UniversalEntityID, issuer.UniversalEntityIDType = short_text(system), "ISO"
    item.IssuerOfPatientIDQualifiersSequence = Sequence([issuer])
    return item


def _practitioner(dossier: Dossier, identity: str | None) -> str:
    found = next((one for one in dossier.practitioners if one.id == identity), None)
    return name_value(found.family_name, found.given_name) if found and found.person else ""
