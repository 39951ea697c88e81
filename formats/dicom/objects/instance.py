"""A DICOM object with its bulk, pixels or a document, which goes through in pieces and is never held whole.

The instance UID is made of everything else the object says (PS3.5, B.2): the same object made twice is the same
instance, and one that says something else is another.
"""

from __future__ import annotations

import hashlib
import struct
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydicom.charset import convert_encodings
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from formats.dicom.file_meta import FileMeta, file_meta_bytes
from formats.dicom.header import DicomHeader
from formats.dicom.instance_records import InstanceRecords
from formats.dicom.records import instance_records
from formats.errors import AttachmentChanged, LimitExceeded
from formats.model.documents import Attachment
from formats.model.record import NAMESPACE
from formats.words import mark

CHARACTER_SET = "ISO_IR 192"
"""UTF-8 (PS3.3, C.12.1.1.2)."""
PIXELS, DOCUMENT = 0x7FE0_0010, 0x0042_0011
"""Pixel Data and Encapsulated Document."""
MAX_BULK_BYTES = (1 << 32) - 4096
"""Bytes of one value or fragment, whose length has four bytes (PS3.5, 7.1)."""
_UNDEFINED = 0xFFFF_FFFF


@dataclass(frozen=True, kw_only=True, slots=True)
class Bulk:
    """The long value of an object: its tag, its length in bytes, how its bytes are got, more than once.

    ``identity`` is the SHA-256 of the file that it comes of. ``fragment`` says that it is one frame of compressed
    pixels (PS3.5, A.4), and ``words`` that samples have 16 bits.
    """

    tag: int
    size: int
    identity: str
    pieces: Callable[[], Iterator[bytes]]
    fragment: bool = False
    words: bool = False

    @property
    def framing(self) -> tuple[bytes, bytes]:
        """What goes before and behind its bytes."""
        padding = bytes(self.size % 2)
        group, element = self.tag >> 16, self.tag & 0xFFFF
        if not self.fragment:
            kind = b"OW" if self.words else b"OB"
            return struct.pack("<HH2sHL", group, element, kind, 0, self.size + len(padding)), padding
        begin = struct.pack("<HH2sHL", group, element, b"OB", 0, _UNDEFINED)
        offsets = struct.pack("<HHL", 0xFFFE, 0xE000, 0)
        item = struct.pack("<HHL", 0xFFFE, 0xE000, self.size + len(padding))
        return begin + offsets + item, padding + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeInstance:
    """A DICOM file that was made: what names it, its bytes in pieces, and its directory records.

    ``record`` is the record of the dossier that it is made of, as ``kind/id``.
    """

    sop_class: str
    instance_uid: str
    series_uid: str
    study_uid: str
    transfer_syntax: str
    record: str
    attachment: Attachment
    records: InstanceRecords
    pieces: Callable[[], Iterator[bytes]]


def make_instance(
    dataset: Dataset, *, record: str, syntax: str = ExplicitVRLittleEndian, bulk: Bulk | None = None
) -> MadeInstance:
    """Return ``dataset`` with its bulk as a DICOM file; its instance UID is set here.

    Raises:
        LimitExceeded: for a bulk longer than a value can be.
        AttachmentChanged: when the bulk has another length than it should.
    """
    if bulk and bulk.size > MAX_BULK_BYTES:
        raise LimitExceeded(
            name=mark("the length of the file in bytes"), found=bulk.size, limit=MAX_BULK_BYTES
        )
    dataset.SpecificCharacterSet = CHARACTER_SET
    stated = _encoded(dataset, 0, 1 << 32) + (bulk.identity if bulk else "").encode("ascii")
    dataset.SOPInstanceUID = derived_uid("instance", hashlib.sha256(stated).hexdigest())
    meta = file_meta_bytes(
        FileMeta(sop_class=dataset.SOPClassUID, sop_instance=dataset.SOPInstanceUID, transfer_syntax=syntax)
    )
    place = bulk.tag if bulk else 1 << 32
    head, tail = meta + _encoded(dataset, 0, place), _encoded(dataset, place, 1 << 32)

    def pieces() -> Iterator[bytes]:
        yield head
        if bulk:
            before, behind = bulk.framing
            yield before
            yield from _whole(bulk)
            yield behind
        yield tail

    state, size = hashlib.sha256(), 0
    for piece in pieces():
        state.update(piece)
        size += len(piece)
    sha256 = state.hexdigest()
    return MadeInstance(
        sop_class=str(dataset.SOPClassUID),
        instance_uid=str(dataset.SOPInstanceUID),
        series_uid=str(dataset.SeriesInstanceUID),
        study_uid=str(dataset.StudyInstanceUID),
        transfer_syntax=str(syntax),
        record=record,
        attachment=Attachment(sha256=sha256, size=size, media_type="application/dicom"),
        records=instance_records(_header(dataset, syntax)),
        pieces=pieces,
    )


def derived_uid(*words: str) -> str:
    """Return a UID made of ``words`` (PS3.5, B.2): the same for the same."""
    return f"2.25.{uuid.uuid5(NAMESPACE, ' '.join(('dicom-object', *words))).int}"


def _whole(bulk: Bulk) -> Iterator[bytes]:
    found = 0
    for piece in bulk.pieces():
        found += len(piece)
        yield piece
    if found != bulk.size:
        raise AttachmentChanged(digest=bulk.identity, reason=mark("its length is another"))


def _encoded(dataset: Dataset, start: int, end: int) -> bytes:
    """Return the elements from the tag ``start`` on and before ``end``, in explicit VR little endian."""
    target = DicomBytesIO()
    target.is_little_endian, target.is_implicit_VR = True, False
    chosen = Dataset({tag: dataset[tag] for tag in list(dataset.keys()) if start <= int(tag) < end})
    write_dataset(target, chosen, convert_encodings(CHARACTER_SET))
    written: bytes = target.getvalue()
    return written


def _header(dataset: Dataset, syntax: str) -> DicomHeader:
    return DicomHeader(
        dataset=dataset,
        transfer_syntax=str(UID(syntax)),
        media_class=str(dataset.SOPClassUID),
        part10=True,
        cut_short=False,
        oddities=(),
    )
