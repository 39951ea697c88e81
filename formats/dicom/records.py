"""Directory records: what a DICOMDIR says about patient, study, series and instance (PS3.3 §F.5)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from formats.dicom.attributes import number_of, plain_value, text_of
from formats.dicom.encode import IN_CHARACTER_SET, EncodedElement, Item
from formats.dicom.header import DicomHeader
from formats.dicom.leaves import record_type_of
from formats.errors import FormatFailure
from formats.words import mark

MAX_TEXT = 10_240
"""Characters of one text in a record, the most a text of DICOM has (LT)."""
UNKNOWN_DAY = "19000101"
"""Study date in a record when no attribute of the image gives a day; the image itself is not changed."""
_UID = re.compile(r"[0-9][0-9.]{0,63}")


class RecordImpossible(FormatFailure):
    """An instance without something its record must hold and nobody may make up."""

    code = "dicom-no-directory-record"
    sentence = mark("The DICOMDIR cannot list this file, which is kept beside it: {reason}.")


_ELSEWHERE = {
    "StudyDate": ("SeriesDate", "AcquisitionDate", "ContentDate", "InstanceCreationDate"),
    "StudyTime": ("ContentTime", "InstanceCreationTime"),
    "ContentDate": ("InstanceCreationDate", "AcquisitionDate", "StudyDate"),
    "ContentTime": ("InstanceCreationTime", "StudyTime"),
}
"""Where else the same image may give a day or a time that its record must hold."""
_MADE_UP = {
    "StudyDate": UNKNOWN_DAY,
    "StudyTime": "000000",
    "StudyID": "1",
    "Modality": "OT",
    "SeriesNumber": "1",
    "InstanceNumber": "1",
    "ContentDate": UNKNOWN_DAY,
    "ContentTime": "000000",
}
"""What a record says where its image says nothing; statements about the patient are never made up."""
_MODIFIES = "HAS CONCEPT MOD"
"""The only content items a record repeats (PS3.3 §F.5.30)."""
_TEXTUAL = frozenset(
    {"CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceRecords:
    """The four records of one instance, and what in them is not said by the image."""

    patient_id: str
    study_uid: str
    series_uid: str
    instance_uid: str
    sop_class: str
    transfer_syntax: str
    order: tuple[str | int, ...]
    patient: tuple[EncodedElement, ...]
    study: tuple[EncodedElement, ...]
    series: tuple[EncodedElement, ...]
    leaf_type: str
    leaf: tuple[EncodedElement, ...]
    made_up: frozenset[str]


def instance_records(header: DicomHeader) -> InstanceRecords:
    """Return the records of the instance with this header.

    Raises:
        RecordImpossible: when it lacks what nobody may make up, or is no file of PS3.10.
    """
    dataset = header.dataset
    if not header.part10 or not _UID.fullmatch(header.transfer_syntax):
        raise RecordImpossible(reason=mark("it does not name its transfer syntax"))
    leaf = record_type_of(dataset)
    if leaf is None:
        raise RecordImpossible(reason=mark("its kind is not known"))
    made_up: set[str] = set()
    patient_id = text_of(dataset, "PatientID") or _substitute(dataset)
    if not text_of(dataset, "PatientID"):
        made_up.add("PatientID")
    study = (
        *_musts(dataset, ("StudyDate", "StudyTime", "StudyID"), made_up),
        *_empties(dataset, ("StudyDescription", "AccessionNumber")),
        EncodedElement("StudyInstanceUID", _uid(dataset, "StudyInstanceUID")),
    )
    series = (
        *_musts(dataset, ("Modality", "SeriesNumber"), made_up),
        *_present(dataset, ("SeriesDescription", "InstitutionName")),
        EncodedElement("SeriesInstanceUID", _uid(dataset, "SeriesInstanceUID")),
    )
    own = (*_musts(dataset, leaf.must, made_up), *_empties(dataset, leaf.empty), *_present(dataset, leaf.may))
    return InstanceRecords(
        patient_id=patient_id,
        study_uid=_uid(dataset, "StudyInstanceUID"),
        series_uid=_uid(dataset, "SeriesInstanceUID"),
        instance_uid=_uid(dataset, "SOPInstanceUID"),
        sop_class=_uid(dataset, "SOPClassUID"),
        transfer_syntax=header.transfer_syntax,
        order=_order(dataset, patient_id, study),
        patient=(
            *_empties(dataset, ("PatientName",)),
            EncodedElement("PatientID", patient_id),
            *_present(dataset, ("PatientBirthDate", "PatientSex")),
        ),
        study=study,
        series=series,
        leaf_type=leaf.type,
        leaf=own,
        made_up=frozenset(made_up),
    )


def _substitute(dataset: Dataset) -> str:
    """Return a patient number for a record, the same for the same name and birth date (type 1, §F.5.1)."""
    who = "\0".join((text_of(dataset, "PatientName"), plain_value(dataset, "PatientBirthDate")))
    return f"UNKNOWN-{hashlib.sha256(who.encode('utf-8', 'replace')).hexdigest()[:8].upper()}"


def _order(dataset: Dataset, patient_id: str, study: tuple[EncodedElement, ...]) -> tuple[str | int, ...]:
    on, at = (str(element.value) for element in study[:2])
    return (
        *(patient_id, on, at, plain_value(dataset, "StudyInstanceUID")),
        *(number_of(dataset, "SeriesNumber") or 0, plain_value(dataset, "SeriesInstanceUID")),
        *(number_of(dataset, "InstanceNumber") or 0, plain_value(dataset, "SOPInstanceUID")),
    )


def _uid(dataset: Dataset, keyword: str) -> str:
    value = plain_value(dataset, keyword)
    if not _UID.fullmatch(value):
        raise RecordImpossible(reason=mark("one of its UIDs is missing or not a UID"))
    return value


def _musts(dataset: Dataset, keywords: Iterable[str], made_up: set[str]) -> Iterator[EncodedElement]:
    """Yield the attributes with a value: their own, another that means the same, or one made up."""
    for keyword in keywords:
        for source in (keyword, *_ELSEWHERE.get(keyword, ())):
            if value := _value(dataset, source):
                yield EncodedElement(keyword, value)
                break
        else:
            if keyword not in _MADE_UP:
                raise RecordImpossible(reason=mark("it lacks an attribute that the directory must hold"))
            made_up.add(keyword)
            yield EncodedElement(keyword, _MADE_UP[keyword])


def _empties(dataset: Dataset, keywords: Iterable[str]) -> Iterator[EncodedElement]:
    for keyword in keywords:
        yield EncodedElement(keyword, _value(dataset, keyword))


def _present(dataset: Dataset, keywords: Iterable[str]) -> Iterator[EncodedElement]:
    for keyword in keywords:
        if value := _value(dataset, keyword):
            yield EncodedElement(keyword, value)


def _value(dataset: Dataset, keyword: str) -> str | tuple[Item, ...]:
    vr = dictionary_VR(keyword)
    if vr == "SQ":
        items = _items(dataset, keyword)
        if keyword != "ContentSequence":
            return items
        return tuple(each for each in items if EncodedElement("RelationshipType", _MODIFIES) in each.elements)
    value = text_of(dataset, keyword) if vr in IN_CHARACTER_SET else plain_value(dataset, keyword)
    if len(value) > MAX_TEXT:
        raise RecordImpossible(reason=mark("one of its texts is too long"))
    return value


def _items(dataset: Dataset, keyword: str) -> tuple[Item, ...]:
    """Return the items of a sequence with their texts and sequences; binary values stay in the instance."""
    sequence = dataset.get(keyword)
    if not isinstance(sequence, Sequence):
        return ()
    return tuple(Item(tuple(_nested(dataset))) for dataset in sequence)


def _nested(dataset: Dataset) -> Iterator[EncodedElement]:
    for tag in list(dataset.keys()):
        keyword = keyword_for_tag(tag)
        if keyword and (dictionary_VR(tag) == "SQ" or dictionary_VR(tag) in _TEXTUAL):
            yield EncodedElement(keyword, _value(dataset, keyword))
