"""A DICOM file whose instance UID another file carries too, under a UID of its own, so that viewers take both.

Nothing else of it changes: the UID that it came with is in its Original Attributes Sequence (PS3.3, C.12.1.1.9), and
its pixels go through as they are. A source image reference would not do: it names the UID that two files have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO, cast

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

from formats.dicom.attributes import plain_value
from formats.dicom.file_meta import file_meta_bytes, read_file_meta
from formats.dicom.header import HeaderUnreadable, remarks, understanding
from formats.dicom.objects.instance import MadeInstance, derived_uid
from formats.dicom.records import UNKNOWN_DAY, read_instance_records
from formats.dicom.stream import HeaderStream
from formats.digests import chunks
from formats.errors import AttachmentChanged
from formats.model.documents import Attachment
from formats.reading import FileBody
from formats.words import mark

INSTANCE, ORIGINALS = 0x0008_0018, 0x0400_0561
"""SOP Instance UID and Original Attributes Sequence."""
MODIFIER = "ARCHIVER"
_GROUP_LENGTH = 0x0008_0000
_GROUP_LENGTH_BYTES = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class _Places:
    """Where things lie in a file: data set, the element of the UID and its end, what follows the originals."""

    start: int
    uid: int
    after: int
    originals: int


def with_own_uid(body: FileBody) -> MadeInstance:
    """Return the DICOM file ``body`` under a UID made of its UID and its digest.

    Raises:
        FormatFailure: when its data set is deflated, or has had other values before, or cannot be read.
    """
    sha256 = body.attachment.sha256
    with body.open() as stream:
        records = read_instance_records(stream)
    with body.open() as stream:
        meta, _ = read_file_meta(stream)
    uid = derived_uid("own", records.instance_uid, sha256)
    with body.open() as stream:
        places = _places(stream, meta.transfer_syntax)
    encode = partial(_elements, UID(meta.transfer_syntax))
    parts = (
        file_meta_bytes(replace(meta, sop_class=records.sop_class, sop_instance=uid)),
        range(places.start, places.uid),
        encode(_uid_element(uid)),
        range(places.after, places.originals),
        encode(_originals(records.instance_uid)),
        range(places.originals, body.attachment.size),
    )

    def pieces() -> Iterator[bytes]:
        for part in parts:
            if isinstance(part, bytes):
                yield part
            else:
                yield from _range(body, part)

    state, size = hashlib.sha256(), 0
    for piece in pieces():
        state.update(piece)
        size += len(piece)
    return MadeInstance(
        sop_class=records.sop_class,
        instance_uid=uid,
        series_uid=records.series_uid,
        study_uid=records.study_uid,
        transfer_syntax=records.transfer_syntax,
        record=records.instance_uid,
        attachment=Attachment(sha256=state.hexdigest(), size=size, media_type=body.attachment.media_type),
        records=replace(records, instance_uid=uid, order=(*records.order[:-1], uid)),
        pieces=pieces,
    )


def _places(stream: BinaryIO, syntax: str) -> _Places:
    if syntax == DeflatedExplicitVRLittleEndian:
        raise HeaderUnreadable(reason=mark("its data set is deflated"))
    _, start = read_file_meta(stream)
    limited = HeaderStream(stream)
    limited.seek(start)
    read = partial(_read_until, limited, UID(syntax))
    with remarks(), understanding():
        begin = read(INSTANCE)
        if _GROUP_LENGTH in begin:
            start += _GROUP_LENGTH_BYTES  # it would be wrong, and is retired (PS3.5, 7.2)
        uid = limited.tell()
        found = read(INSTANCE + 1)
        after = limited.tell()
        read(ORIGINALS)
        originals = limited.tell()
        if not plain_value(found, "SOPInstanceUID") or ORIGINALS in read(ORIGINALS + 1):
            raise HeaderUnreadable(reason=mark("it has no instance UID, or had other values before"))
    return _Places(start=start, uid=uid, after=after, originals=originals)


def _read_until(limited: HeaderStream, syntax: UID, end: int) -> Dataset:
    """Return the elements before the tag ``end``; the stream is then where that element begins."""

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        del vr, length
        return int(tag) >= end

    source = cast("BinaryIO", limited)
    return read_dataset(source, syntax.is_implicit_VR, syntax.is_little_endian, stop_when=stop)


def _range(body: FileBody, part: range) -> Iterator[bytes]:
    with body.open() as stream:
        stream.seek(part.start)
        left = len(part)
        for piece in chunks(stream):
            yield piece[:left]
            left -= len(piece[:left])
            if not left:
                return
    if left:
        raise AttachmentChanged(digest=body.attachment.sha256, reason=mark("its length is another"))


def _uid_element(uid: str) -> Dataset:
    dataset = Dataset()
    dataset.add(DataElement(INSTANCE, "UI", uid, already_converted=True))  # as it is, also where it is none
    return dataset


def _originals(uid: str) -> Dataset:
    """Return the sequence that says what the UID was; the moment is the same in every copy, which so is the same."""
    dataset, item = Dataset(), Dataset()
    item.SourceOfPreviousValues = ""
    item.AttributeModificationDateTime = UNKNOWN_DAY
    item.ModifyingSystem = MODIFIER
    item.ReasonForTheAttributeModification = "CORRECT"
    item.ModifiedAttributesSequence = Sequence([_uid_element(uid)])
    dataset.OriginalAttributesSequence = Sequence([item])
    return dataset


def _elements(syntax: UID, dataset: Dataset) -> bytes:
    target = DicomBytesIO()
    target.is_little_endian, target.is_implicit_VR = syntax.is_little_endian, syntax.is_implicit_VR
    write_dataset(target, dataset)
    written: bytes = target.getvalue()
    return written
