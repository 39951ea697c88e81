"""The DICOM attributes the toolkit reads, and their values as plain text, dates and numbers.

Source: PS3.6 §6 (names), PS3.5 §6.2 (value representations).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any

from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag, Tag
from pydicom.valuerep import PersonName

KEYWORDS = (
    "SpecificCharacterSet",
    "ImageType",
    "InstanceCreationDate",
    "InstanceCreationTime",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyDate",
    "SeriesDate",
    "AcquisitionDate",
    "ContentDate",
    "StudyTime",
    "ContentTime",
    "AccessionNumber",
    "Modality",
    "InstitutionName",
    "TimezoneOffsetFromUTC",
    "StudyDescription",
    "SeriesDescription",
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "IssuerOfPatientIDQualifiersSequence",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "StudyID",
    "SeriesNumber",
    "InstanceNumber",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "VerificationDateTime",
    "ConceptNameCodeSequence",
    "CompletionFlag",
    "VerificationFlag",
    "DocumentTitle",
    "MIMETypeOfEncapsulatedDocument",
    "ContentLabel",
    "ContentDescription",
    "PresentationCreationDate",
    "PresentationCreationTime",
    "ContentCreatorName",
    "ContentSequence",
    "ReferencedSeriesSequence",
    "DoseSummationType",
    "StructureSetLabel",
    "StructureSetDate",
    "StructureSetTime",
    "RTPlanLabel",
    "RTPlanDate",
    "RTPlanTime",
)


@cache
def tag_of(keyword: str) -> BaseTag:
    """Return the tag of ``keyword``; a volume asks for the same few a hundred thousand times."""
    return Tag(keyword)


TAGS: list[BaseTag | int] = [tag_of(keyword) for keyword in KEYWORDS]

_DATE = re.compile(r"(\d{4})[.]?(\d{2})[.]?(\d{2})")
"""DA, with the dots of ACR-NEMA (PS3.5 §6.2, note on backward compatibility)."""
_TIME = re.compile(r"(\d{2}):?(\d{2})?:?(\d{2})?(?:\.(\d{1,6}))?")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})")
VALUE_FAULTS = (
    BytesLengthException,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)
"""What pydicom raises on a value it cannot make sense of."""


def plain_value(dataset: Dataset, keyword: str) -> str:
    """Return a value that character sets do not touch (UI, CS, DA, TM, IS), as the file writes it.

    Nothing is validated, so that a value somebody wrote wrongly is still seen.
    """
    tag = tag_of(keyword)
    try:
        element = dataset.get_item(tag, keep_deferred=True) if tag in dataset else None
        value = element.value if element is not None else None
        return (value.decode("ascii", "replace") if isinstance(value, bytes) else _joined(value)).strip("\0 ")
    except VALUE_FAULTS:
        return ""


def text_of(dataset: Dataset, keyword: str) -> str:
    """Return a text in the characters that the header declares; a value that cannot be one is empty."""
    try:
        return _joined(_value_of(dataset, keyword)).strip("\0 ")
    except VALUE_FAULTS:
        return ""


def _value_of(dataset: Dataset, keyword: str) -> Any:
    tag = tag_of(keyword)
    return dataset[tag].value if tag in dataset else None


def _joined(value: object) -> str:
    if isinstance(value, MultiValue | list):
        return "\\".join(str(part) for part in value)
    return "" if value is None else str(value)


def person(dataset: Dataset, keyword: str) -> tuple[str, str]:
    """Return family and given names of a PN, from the first of its writings that holds any (PS3.5 §6.2.1)."""
    try:
        value = _value_of(dataset, keyword)
        name = value[0] if isinstance(value, MultiValue) else value
        writings = str(PersonName(str(name or ""))).split("=")
    except (*VALUE_FAULTS, IndexError):
        return "", ""
    for writing in writings:
        family, given, *_ = *writing.split("^"), ""
        if family.strip("\0 ") or given.strip("\0 "):
            return family.strip("\0 "), given.strip("\0 ")
    return "", ""


def issuer(dataset: Dataset) -> str:
    """Return who issued the patient's number: its name, and the universal identifier of its qualifiers.

    Both are joined by ``&``, as HL7 and DICOM write an issuer (PS3.3 C.7.1.1, table 10-18).
    """
    issuers = [text_of(dataset, "IssuerOfPatientID")]
    try:
        items = _value_of(dataset, "IssuerOfPatientIDQualifiersSequence") or ()
        issuers += [text_of(one, "UniversalEntityID") for one in items if isinstance(one, Dataset)]
    except VALUE_FAULTS:
        pass
    return "&".join(filter(None, issuers))


def number_of(dataset: Dataset, keyword: str) -> int | None:
    """Return an IS as a number; ``None`` when it is none."""
    value = plain_value(dataset, keyword)
    return int(value) if re.fullmatch(r"[+-]?\d{1,12}", value) else None


def date_of(dataset: Dataset, keyword: str) -> date | None:
    """Return a DA as a date; ``None`` when it is none."""
    found = _DATE.fullmatch(plain_value(dataset, keyword))
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def time_of(dataset: Dataset, day_keyword: str, time_keyword: str) -> datetime | None:
    """Return a DA and a TM as a time, with a zone only where the header names its offset (0008,0201)."""
    on = date_of(dataset, day_keyword)
    found = _TIME.fullmatch(plain_value(dataset, time_keyword))
    if on is None or not found:
        return None
    hour, minute, second = (int(found[part] or 0) for part in (1, 2, 3))
    try:
        # A leap second has no place in Python's time; it becomes the second before.
        at = time(hour, minute, min(second, 59), int((found[4] or "0").ljust(6, "0")))
    except ValueError:
        return None
    return datetime.combine(on, at, _zone(dataset))


def _zone(dataset: Dataset) -> timezone | None:
    found = _OFFSET.fullmatch(plain_value(dataset, "TimezoneOffsetFromUTC"))
    if not found or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)
