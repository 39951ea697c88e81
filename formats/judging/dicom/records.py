"""Directory records of a DICOMDIR, one at a time (PS3.3 §F.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from pydicom.charset import default_encoding
from pydicom.dataset import Dataset
from pydicom.filereader import read_partial, read_sequence_item
from pydicom.tag import BaseTag

from formats.dicom.attributes import plain_value
from formats.dicom.directory import MAX_RECORDS, RECORDS
from formats.dicom.header import UNDEFINED, HeaderUnreadable, remarks, understanding
from formats.dicom.stream import HeaderStream
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryRecord:
    """A record: its type, the components of the File ID, and what it says of the file."""

    number: int
    type: str
    file: tuple[str, ...]
    sop_class: str
    sop_instance: str
    transfer_syntax: str
    dataset: Dataset


def directory_records(stream: BinaryIO) -> Iterator[DirectoryRecord]:
    """Yield the records of the DICOMDIR in ``stream``.

    Raises:
        HeaderUnreadable, LimitExceeded: when they cannot be read.
    """
    limited = HeaderStream(stream)
    source = cast("BinaryIO", limited)
    place: list[int] = []

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        del vr
        if tag == RECORDS:
            place[:] = [limited.tell(), length]
        return bool(tag >= RECORDS)

    with remarks(), understanding():
        implicit, little = read_partial(source, stop).original_encoding
    if not place:
        raise HeaderUnreadable(reason=mark("it has no directory records"))
    end = None if place[1] == UNDEFINED else place[0] + place[1]
    limited.seek(place[0])
    for number in range(1, MAX_RECORDS + 1):
        if end is not None and limited.tell() >= end:
            return
        limited.renew()
        with remarks(), understanding():
            record = read_sequence_item(source, bool(implicit), bool(little), default_encoding)
            if record is None:
                return
            found = _record(record, number)
        yield found


def _record(record: Dataset, number: int) -> DirectoryRecord:
    name = plain_value(record, "ReferencedFileID").replace("/", "\\")
    return DirectoryRecord(
        number=number,
        type=plain_value(record, "DirectoryRecordType"),
        file=tuple(part for part in name.split("\\") if part),
        sop_class=plain_value(record, "ReferencedSOPClassUIDInFile"),
        sop_instance=plain_value(record, "ReferencedSOPInstanceUIDInFile"),
        transfer_syntax=plain_value(record, "ReferencedTransferSyntaxUIDInFile"),
        dataset=record,
    )
