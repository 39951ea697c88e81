"""PDF documents and 3D models as encapsulated documents (PS3.3, A.45 and A.85), byte for byte.

A model has no unit of its own: the millimetre is that of intra-oral scanners, and is written down as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from pydicom import uid as sop
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from formats.dicom.objects.context import SeriesKind, begin_object
from formats.dicom.objects.instance import DOCUMENT, Bulk, MadeInstance, derived_uid, make_instance
from formats.dicom.objects.teeth import code_item
from formats.dicom.objects.texts import MAX_SH, MAX_ST, add_moment, long_text, short_text
from formats.digests import chunks
from formats.errors import FormatFailure
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.words import mark

KINDS = {
    "application/pdf": SeriesKind(sop_class=sop.EncapsulatedPDFStorage, modality="DOC", number=5),
    "model/stl": SeriesKind(sop_class=sop.EncapsulatedSTLStorage, modality="M3D", number=6),
    "model/obj": SeriesKind(sop_class=sop.EncapsulatedOBJStorage, modality="M3D", number=7),
}
"""What is encapsulated, by media type, which is also the MIME type that the object states."""
STL_HEAD, STL_FACET = 84, 50
"""Bytes before the triangles of a binary STL, whose last four count them, and of one triangle."""
_PDF = "application/pdf"
_STL = "model/stl"
_UNKNOWN = "UNKNOWN"


class ModelUnfit(FormatFailure):
    """A 3D model in a writing that an encapsulated model does not have."""

    code = "model-unfit"
    sentence = mark("This 3D model cannot be taken as it is: {reason}.")


def make_document(
    dossier: Dossier, holder: ImageFile | Document, attachment: Attachment, opener: Callable[[], BinaryIO]
) -> MadeInstance:
    """Return the PDF or 3D model of a record as an encapsulated document.

    Raises:
        ModelUnfit: when an STL is no binary one.
        LimitExceeded: when it is longer than a value can be.
    """
    if attachment.media_type == _STL:
        _require_binary(attachment, opener)
    moment = holder.taken_at if isinstance(holder, ImageFile) else holder.created_at
    dataset = begin_object(dossier, KINDS[attachment.media_type], moment, holder.practitioner)
    dataset.ContentDate = dataset.ContentTime = ""
    add_moment(dataset, moment, "Content")
    dataset.AcquisitionDateTime = ""
    dataset.BurnedInAnnotation = "YES"
    dataset.DocumentTitle = long_text(holder.title or holder.original_name, MAX_ST)
    dataset.ConceptNameCodeSequence = Sequence(_titles(holder))
    dataset.MIMETypeOfEncapsulatedDocument = attachment.media_type
    dataset.EncapsulatedDocumentLength = attachment.size
    if attachment.media_type == _PDF:
        dataset.ConversionType = "WSD"
    else:
        _add_model(dataset, holder)

    def pieces() -> Iterator[bytes]:
        with opener() as stream:
            yield from chunks(stream)

    bulk = Bulk(tag=DOCUMENT, size=attachment.size, identity=attachment.sha256, pieces=pieces)
    return make_instance(dataset, record=f"{holder.kind}/{holder.id}", bulk=bulk)


def _titles(holder: ImageFile | Document) -> Iterator[Dataset]:
    """Yield the document type (LOINC), where it is known."""
    if isinstance(holder, Document) and holder.code and len(holder.code) <= MAX_SH:
        code = short_text(holder.code, MAX_SH)
        yield code_item((code, short_text(holder.category or holder.title) or code), "LN")


def _add_model(dataset: Dataset, holder: ImageFile | Document) -> None:
    """Write frame of reference, equipment and unit (PS3.3, C.7.4.1, C.7.5.2, C.35.1)."""
    dataset.FrameOfReferenceUID = derived_uid("frame", holder.id)
    dataset.PositionReferenceIndicator = ""
    dataset.Manufacturer = dataset.ManufacturerModelName = _UNKNOWN
    dataset.DeviceSerialNumber = dataset.SoftwareVersions = _UNKNOWN
    dataset.MeasurementUnitsCodeSequence = Sequence([code_item(("mm", "mm"), "UCUM")])


def _require_binary(attachment: Attachment, opener: Callable[[], BinaryIO]) -> None:
    with opener() as stream:
        head = stream.read(STL_HEAD)
    facets = int.from_bytes(head[-4:], "little") if len(head) == STL_HEAD else -1
    if STL_HEAD + STL_FACET * facets != attachment.size:
        raise ModelUnfit(reason=mark("it is no binary STL, or another length than its triangles"))
