"""Directory records: what a DICOMDIR says about patient, study, series and instance (PS3.3 §F.5)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from formats.dicom.attributes import number_of, plain_value, text_of
from formats.dicom.header import DicomHeader, read_dicom_header, remarks, understanding
from formats.dicom.instance_records import InstanceRecords, RecordImpossible
from formats.dicom.leaves import record_type_of
from formats.dicom.record_elements import IN_CHARACTER_SET, Item, RecordElement, record_bytes
from formats.words import mark

MAX_TEXT = 10_240
"""Characters of one text in a record, the most a text of DICOM has (LT)."""
UNKNOWN_DAY = "19000101"
"""Study date in a record when no attribute of the image gives a day; the image itself is not changed."""
_UID = re.compile(r"[0-9][0-9.]{0,63}")


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


def read_instance_records(stream: BinaryIO) -> InstanceRecords:
    """Return the records of the DICOM file in ``stream``.

    Raises:
        FormatFailure: when its header cannot be read, or gives no records.
        OSError: when the disk fails.
    """
    with remarks(), understanding():
        return instance_records(read_dicom_header(stream))


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
    patient = (
        *_empties(dataset, ("PatientName",)),
        RecordElement("PatientID", patient_id),
        *_present(dataset, ("PatientBirthDate", "PatientSex")),
    )
    study = (
        *_musts(dataset, ("StudyDate", "StudyTime", "StudyID"), made_up),
        *_empties(dataset, ("StudyDescription", "AccessionNumber")),
        RecordElement("StudyInstanceUID", _uid(dataset, "StudyInstanceUID")),
    )
    series = (
        *_musts(dataset, ("Modality", "SeriesNumber"), made_up),
        *_present(dataset, ("SeriesDescription", "InstitutionName")),
        RecordElement("SeriesInstanceUID", _uid(dataset, "SeriesInstanceUID")),
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
        patient=record_bytes(patient),
        study=record_bytes(study),
        series=record_bytes(series),
        leaf_type=leaf.type,
        leaf=record_bytes(own),
        made_up=frozenset(made_up),
    )


def _substitute(dataset: Dataset) -> str:
    """Return a patient number for a record, the same for the same name and birth date (type 1, §F.5.1)."""
    who = "\0".join((text_of(dataset, "PatientName"), plain_value(dataset, "PatientBirthDate")))
    return f"UNKNOWN-{hashlib.sha256(who.encode('utf-8', 'replace')).hexdigest()[:8].upper()}"


def _order(dataset: Dataset, patient_id: str, study: tuple[RecordElement, ...]) -> tuple[str | int, ...]:
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


def _musts(dataset: Dataset, keywords: Iterable[str], made_up: set[str]) -> Iterator[RecordElement]:
    """Yield the attributes with a value: their own, another that means the same, or one made up."""
    for keyword in keywords:
        for source in (keyword, *_ELSEWHERE.get(keyword, ())):
            if value := _value(dataset, source):
                yield RecordElement(keyword, value)
                break
        else:
            if keyword not in _MADE_UP:
                raise RecordImpossible(reason=mark("it lacks an attribute that the directory must hold"))
            made_up.add(keyword)
            yield RecordElement(keyword, _MADE_UP[keyword])


def _empties(dataset: Dataset, keywords: Iterable[str]) -> Iterator[RecordElement]:
    for keyword in keywords:
        yield RecordElement(keyword, _value(dataset, keyword))


def _present(dataset: Dataset, keywords: Iterable[str]) -> Iterator[RecordElement]:
    for keyword in keywords:
        if value := _value(dataset, keyword):
            yield RecordElement(keyword, value)


def _value(dataset: Dataset, keyword: str) -> str | tuple[Item, ...]:
    vr = dictionary_VR(keyword)
    if vr == "SQ":
        items = _items(dataset, keyword)
        if keyword != "ContentSequence":
            return items
        return tuple(each for each in items if RecordElement("RelationshipType", _MODIFIES) in each.elements)
    value = text_of(dataset, keyword) if vr in IN_CHARACTER_SET else plain_value(dataset, keyword)
    if len(value) > MAX_TEXT:
        raise RecordImpossible(reason=mark("one of its texts is too long"))
    return value


def _items(dataset: Dataset, keyword: str) -> tuple[Item, ...]:
    """Return the items of a sequence with their texts and sequences; binary values stay in the instance.

    A record has one character set for all of them.
    """
    sequence = dataset.get(keyword)
    if not isinstance(sequence, Sequence):
        return ()
    return tuple(Item(tuple(_nested(dataset))) for dataset in sequence)


def _nested(dataset: Dataset) -> Iterator[RecordElement]:
    for tag in list(dataset.keys()):
        keyword = keyword_for_tag(tag)
        if keyword == "SpecificCharacterSet":
            continue
        if keyword and (dictionary_VR(tag) == "SQ" or dictionary_VR(tag) in _TEXTUAL):
            yield RecordElement(keyword, _value(dataset, keyword))
