"""JPEG and PNG pictures as DICOM images: a JPEG goes in byte for byte, of a PNG the samples as they are.

What a class demands and nobody stated is answered the same way for every picture: Burned In Annotation ``YES``, so
that nobody takes it for anonymous; the relation to the beam that of a film (``LOG``, more is denser); no positioner;
sides as of a mounted picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless

from formats.contents.exif import orientation_of
from formats.contents.jpeg import JpegFrame, JpegUnfit, read_jpeg_frame
from formats.contents.png import png_rows, read_png_samples
from formats.dicom.objects.context import begin_object
from formats.dicom.objects.instance import PIXELS, Bulk, MadeInstance, make_instance
from formats.dicom.objects.kinds import (
    INTRA_ORAL,
    PANORAMIC,
    PHOTOGRAPH,
    PictureFacts,
    PictureKind,
    picture_kind,
)
from formats.dicom.objects.teeth import add_anatomy
from formats.dicom.objects.texts import add_moment, long_text
from formats.dicom.objects.transformation import patient_orientation, transformation_of
from formats.digests import chunks
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.words import mark

JPEG, PNG = "image/jpeg", "image/png"
SYNTAXES = {0: JPEGBaseline8Bit, 1: JPEGExtended12Bit, 3: JPEGLossless}
"""Transfer syntaxes by the process of a frame (PS3.5, 10.4); that of progressive files (SOF2) is retired."""
_LOSSLESS, _PROGRESSIVE = 3, 2
_BITS = (8, 12, 16)
Opener = Callable[[], BinaryIO]


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureInstance:
    """A picture as an instance, and what a presentation state needs to know of it."""

    instance: MadeInstance
    width: int
    height: int
    grey: bool
    orientation: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pixels:
    """The pixels of a file as they go in: size, how colours are stored, syntax, and what was compressed with loss."""

    width: int
    height: int
    facts: PictureFacts
    photometric: str
    syntax: str
    lossy: bool
    orientation: int
    bulk: Bulk


def make_picture(
    dossier: Dossier, holder: ImageFile | Document, attachment: Attachment, opener: Opener
) -> PictureInstance:
    """Return the JPEG or PNG file of a record as a DICOM image.

    Raises:
        JpegUnfit, PngUnfit: when it would lose something, or is damaged.
        LimitExceeded: when it is larger than is taken.
    """
    image = holder if isinstance(holder, ImageFile) else None
    pixels = _jpeg(attachment, opener) if attachment.media_type == JPEG else _png(attachment, opener)
    kind = picture_kind(image, pixels.facts)
    moment = image.taken_at if image else holder.created_at if isinstance(holder, Document) else None
    series = kind.series if kind.anatomy else replace(kind.series, note="side unknown")
    dataset = begin_object(dossier, series, moment, holder.practitioner)
    add_moment(dataset, moment, "Content", "Acquisition")
    dataset.PatientOrientation = ""
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    if comment := long_text("\n".join(filter(None, (holder.title, holder.note)))):
        dataset.ImageComments = comment
    if kind.anatomy:
        add_anatomy(dataset, kind.anatomy)
    else:
        dataset.Laterality = ""
    _add_pixels(dataset, pixels)
    _add_class(dataset, kind, pixels, image)
    made = make_instance(dataset, record=f"{holder.kind}/{holder.id}", syntax=pixels.syntax, bulk=pixels.bulk)
    return PictureInstance(
        instance=made,
        width=pixels.width,
        height=pixels.height,
        grey=pixels.facts.channels == 1,
        orientation=pixels.orientation,
    )


def _add_class(dataset: Dataset, kind: PictureKind, pixels: _Pixels, image: ImageFile | None) -> None:
    """Write what the class of the picture demands besides."""
    if image and kind.anatomy and kind.series in {INTRA_ORAL, PANORAMIC}:
        _add_radiograph(dataset, pixels, kind.spacing)
        shown = transformation_of(pixels.orientation, image)
        dataset.PatientOrientation = patient_orientation(kind.anatomy.laterality, shown)
        if kind.series is INTRA_ORAL:
            dataset.PositionerType = "NONE"
    elif kind.series is PHOTOGRAPH:
        dataset.AcquisitionContextSequence = Sequence([])
        dataset.setdefault("LossyImageCompression", "")
    else:
        dataset.ConversionType = "WSD"


def _jpeg(attachment: Attachment, opener: Opener) -> _Pixels:
    with opener() as stream:
        frame = read_jpeg_frame(stream)
        stream.seek(0)
        orientation = orientation_of(stream)
    _require_fit(frame)

    def pieces() -> Iterator[bytes]:
        with opener() as stream:
            yield from chunks(stream)

    return _Pixels(
        width=frame.width,
        height=frame.height,
        facts=PictureFacts(channels=frame.components, bits=frame.bits, density=frame.density),
        photometric="MONOCHROME2" if frame.components == 1 else "YBR_FULL_422" if frame.luminance else "RGB",
        syntax=SYNTAXES[frame.process],
        lossy=frame.process != _LOSSLESS,
        orientation=orientation,
        bulk=Bulk(tag=PIXELS, size=attachment.size, identity=attachment.sha256, pieces=pieces, fragment=True),
    )


def _require_fit(frame: JpegFrame) -> None:
    if frame.process == _PROGRESSIVE:
        raise JpegUnfit(reason=mark("it is progressive, which DICOM has retired; it is not compressed anew"))
    if frame.process not in SYNTAXES or frame.bits not in _BITS:
        raise JpegUnfit(reason=mark("DICOM has no transfer syntax for its process"))
    if frame.components not in {1, 3}:
        raise JpegUnfit(reason=mark("its colours are neither grey nor three"))


def _png(attachment: Attachment, opener: Opener) -> _Pixels:
    with opener() as stream:
        samples = read_png_samples(stream)

    def pieces() -> Iterator[bytes]:
        with opener() as stream:
            yield from png_rows(stream)

    bulk = Bulk(
        tag=PIXELS, size=samples.size, identity=attachment.sha256, pieces=pieces, words=samples.bits == 16
    )
    return _Pixels(
        width=samples.width,
        height=samples.height,
        facts=PictureFacts(channels=samples.channels, bits=samples.bits, density=samples.density),
        photometric="MONOCHROME2" if samples.channels == 1 else "RGB",
        syntax=ExplicitVRLittleEndian,
        lossy=False,
        orientation=samples.orientation,
        bulk=bulk,
    )


def _add_pixels(dataset: Dataset, pixels: _Pixels) -> None:
    facts = pixels.facts
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = facts.channels, pixels.photometric
    if facts.channels > 1:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = pixels.height, pixels.width
    dataset.BitsAllocated = 8 if facts.bits == 8 else 16
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = facts.bits, facts.bits - 1, 0
    if pixels.lossy:
        whole = pixels.width * pixels.height * facts.channels * dataset.BitsAllocated // 8
        dataset.LossyImageCompression = "01"
        dataset.LossyImageCompressionRatio = f"{max(whole / pixels.bulk.size, 1):.2f}"
        dataset.LossyImageCompressionMethod = "ISO_10918_1"


def _add_radiograph(dataset: Dataset, pixels: _Pixels, spacing: float) -> None:
    """Write what a digital X-ray image for presentation demands (PS3.3, C.8.11.1 to C.8.11.4)."""
    top = 1 << pixels.facts.bits
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", ""]
    dataset.ImagerPixelSpacing = [f"{spacing:.6f}", f"{spacing:.6f}"]
    dataset.DetectorType = ""
    dataset.PixelIntensityRelationship, dataset.PixelIntensityRelationshipSign = "LOG", -1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.WindowCenter, dataset.WindowWidth = str(top // 2), str(top)
    dataset.BurnedInAnnotation = "YES"
    dataset.setdefault("LossyImageCompression", "00")
    dataset.AcquisitionContextSequence = Sequence([])
