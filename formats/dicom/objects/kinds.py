"""Of which SOP class a picture becomes: one rule, by what the record and the file state.

1. A photograph of 8 bits is VL Photographic.
2. A radiograph is Digital Intra-Oral X-Ray where it is grey, its record names teeth (``MAX_TEETH`` at most), its title
   no view from outside the mouth, and its file a resolution that a sensor or a plate has.
3. It is Digital X-Ray where it is grey, its title names a panoramic, and its file a resolution that such a detector
   has. Of a view of the skull nobody knows to which side it looks.
4. Neither is one that is turned by other than quarters: where its sides lie could not be said.
5. Everything else is Secondary Capture, which demands nothing that nobody stated.

Resolutions of screens and printers are taken for none: programs write them without knowing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pydicom import uid as sop

from formats.dicom.objects.context import SeriesKind
from formats.dicom.objects.teeth import JAW, SKULL, Anatomy, Concept, anatomy_of_teeth
from formats.dicom.objects.transformation import QUARTER
from formats.model.imaging import ImageFile, ImageKind

MAX_TEETH = 10
"""Teeth of one intra-oral radiograph; a bitewing shows eight, a list of all is that of a panoramic."""
INTRA_ORAL_SPACING = (0.010, 0.070)
"""Millimetres between pixels of sensors (15 to 40 µm) and storage plates read for the mouth (12 to 64 µm)."""
EXTRA_ORAL_SPACING = (0.048, 0.250)
"""Millimetres between pixels of panoramic and cephalometric detectors."""
PLACEHOLDERS = (72, 96, 100, 120, 150, 200, 300)
"""Dots an inch that programs write for screens and printers."""
_INCH = 25.4
_OUTSIDE = re.compile(
    r"\b(panoram|pano\b|opg\b|opt\b|orthopanto|dental scan|ceph|teleradio|profil|crane|skull)"
)
_SKULL = re.compile(r"\b(ceph|teleradio|profil|crane|skull)")


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureFacts:
    """What a file says of its picture: samples of a pixel, their bits, dots a millimetre (0 where not stated)."""

    channels: int
    bits: int
    density: float

    @property
    def spacing(self) -> float:
        """Millimetres between pixels, 0 where nothing that a detector has is stated."""
        placeholder = any(abs(self.density * _INCH - dots) < 1 for dots in PLACEHOLDERS)
        return 0.0 if placeholder or not self.density else 1 / self.density


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureKind:
    """What a picture becomes, what it shows where that is known, and the millimetres between its pixels, or 0."""

    series: SeriesKind
    anatomy: Anatomy | None = None
    spacing: float = 0.0


PHOTOGRAPH = SeriesKind(sop_class=sop.VLPhotographicImageStorage, modality="XC", number=3)
INTRA_ORAL = SeriesKind(
    sop_class=sop.DigitalIntraOralXRayImageStorageForPresentation, modality="IO", number=1
)
PANORAMIC = SeriesKind(sop_class=sop.DigitalXRayImageStorageForPresentation, modality="PX", number=2)


def picture_kind(image: ImageFile | None, facts: PictureFacts) -> PictureKind:
    """Return what a picture becomes; ``image`` is ``None`` for a document that is a picture, such as a scan."""
    if image is None:
        return PictureKind(series=_capture("OT"))
    if image.image is ImageKind.PHOTOGRAPH:
        series = PHOTOGRAPH if facts.bits == 8 else _capture("XC")
        return PictureKind(series=series, anatomy=anatomy_of_teeth(image.teeth))
    if image.image is not ImageKind.RADIOGRAPH:
        return PictureKind(series=_capture("OT"), anatomy=anatomy_of_teeth(image.teeth))
    region = outside_region(image)
    anatomy = Anatomy(region=region) if region else anatomy_of_teeth(image.teeth)
    inside = anatomy is not None and not region and len(anatomy.teeth) <= MAX_TEETH
    known = facts.channels == 1 and not image.rotation % QUARTER
    if region is JAW and known and _within(facts.spacing, EXTRA_ORAL_SPACING):
        return PictureKind(series=PANORAMIC, anatomy=anatomy, spacing=facts.spacing)
    if inside and known and _within(facts.spacing, INTRA_ORAL_SPACING):
        return PictureKind(series=INTRA_ORAL, anatomy=anatomy, spacing=facts.spacing)
    modality = ("PX" if region is JAW else "DX") if region else "IO" if inside else "OT"
    return PictureKind(series=_capture(modality), anatomy=anatomy)


def outside_region(image: ImageFile) -> Concept | None:
    """Return the region of a view from outside the mouth that the title names."""
    plain = unicodedata.normalize("NFD", image.title.casefold())
    title = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if not _OUTSIDE.search(title):
        return None
    return SKULL if _SKULL.search(title) else JAW


def _within(spacing: float, band: tuple[float, float]) -> bool:
    return band[0] <= spacing <= band[1]


def _capture(modality: str) -> SeriesKind:
    return SeriesKind(sop_class=sop.SecondaryCaptureImageStorage, modality=modality, number=4)
