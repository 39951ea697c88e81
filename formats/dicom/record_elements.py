"""Data elements of a directory record, written by pydicom as Explicit VR Little Endian (PS3.5 §7.1.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pydicom.charset import convert_encodings
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element
from pydicom.sequence import Sequence
from pydicom.valuerep import PersonName

from formats.dicom.attributes import tag_of

LATIN, UNICODE = "ISO_IR 100", "ISO_IR 192"
IN_CHARACTER_SET = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
"""Value representations whose bytes depend on the character set (PS3.5 §6.1.2.3)."""
_RECORDS_CACHED = 64
"""Patient, study and series say the same in every slice of a volume."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a sequence: its elements."""

    elements: tuple[RecordElement, ...]


@dataclass(frozen=True, slots=True)
class RecordElement:
    """An attribute by its keyword, and its value; several values are joined with a back-slash."""

    keyword: str
    value: str | tuple[Item, ...]


@lru_cache(maxsize=_RECORDS_CACHED)
def record_bytes(elements: tuple[RecordElement, ...]) -> bytes:
    """Return ``elements`` in the order of their tags, in the simplest character set that holds all texts."""
    charset = _character_set("".join(_texts(elements)))
    own = (RecordElement("SpecificCharacterSet", charset),) if charset else ()
    encodings = convert_encodings(charset)
    target = DicomBytesIO()
    target.is_little_endian, target.is_implicit_VR = True, False
    for element in sorted((*own, *elements), key=lambda each: tag_of(each.keyword)):
        # one by one: what pydicom does for a whole dataset takes as long again
        write_data_element(target, _data_element(element, encodings), encodings)
    written: bytes = target.getvalue()
    return written


def _texts(elements: Iterable[RecordElement]) -> Iterable[str]:
    for element in elements:
        if isinstance(element.value, str):
            yield element.value
        else:
            for item in element.value:
                yield from _texts(item.elements)


def _character_set(texts: str) -> str:
    """Return the defined term of the simplest character set that holds ``texts``; empty where ASCII does."""
    if texts.isascii():
        return ""
    try:
        texts.encode("latin-1")
    except UnicodeEncodeError:
        return UNICODE
    return LATIN


def _data_element(element: RecordElement, encodings: list[str]) -> DataElement:
    """Return ``element`` for pydicom; what is wrong in the image is repeated as it is, neither judged nor refused."""
    vr = dictionary_VR(tag_of(element.keyword))
    value = _value(element.value, vr, encodings)
    return DataElement(tag_of(element.keyword), vr, value, already_converted=True)


def _dataset(elements: Iterable[RecordElement], encodings: list[str]) -> Dataset:
    dataset = Dataset()
    for element in elements:
        dataset.add(_data_element(element, encodings))
    return dataset


def _value(value: str | tuple[Item, ...], vr: str, encodings: list[str]) -> str | PersonName | Sequence:
    if not isinstance(value, str):
        return Sequence(_dataset(item.elements, encodings) for item in value)
    if vr not in IN_CHARACTER_SET:
        return value.encode("ascii", "replace").decode("ascii")
    if vr == "PN" and value:  # as bytes, which are written unchanged: of a text, empty parts at the end go
        return PersonName(value.encode(encodings[0], "replace"), encodings)
    return value
