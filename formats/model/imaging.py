"""Radiographs, volumes, photographs and scans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from formats.errors import InconsistentDossier
from formats.model.dates import AnyMoment
from formats.model.documents import Attachment
from formats.model.record import PatientRecord, reference
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageInstance:
    """One DICOM SOP instance, kept as the file it came in."""

    sop_instance_uid: str
    sop_class_uid: str
    number: int | None = None
    attachment: Attachment


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageSeries:
    series_instance_uid: str
    modality: str = ""
    number: int | None = None
    description: str = ""
    instances: tuple[ImageInstance, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageStudy(PatientRecord):
    """A DICOM study of one patient, with the patient's name as the images carry it."""

    kind: ClassVar[str] = "image_studies"
    study_instance_uid: str
    study_id: str = ""
    accession: str = ""
    description: str = ""
    studied_at: AnyMoment | None = None
    patient_name: str = ""
    patient_number: str = ""
    series: tuple[ImageSeries, ...] = ()


class ImageKind(StrEnum):
    RADIOGRAPH = "radiograph"
    PHOTOGRAPH = "photograph"
    SCAN_3D = "scan-3d"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageFile(PatientRecord):
    """An image that is not DICOM, with what the viewer stored beside it.

    ``crop`` is x, y, width, height in pixels of the original; ``rotation`` degrees
    clockwise; ``window`` the lowest and highest grey value shown; the file itself
    is never changed.

    Raises:
        InconsistentDossier: when a crop or a window has fewer or more numbers.
    """

    kind: ClassVar[str] = "image_files"
    image: ImageKind
    title: str = ""
    original_name: str = ""
    taken_at: AnyMoment | None = None
    teeth: tuple[str, ...] = ()
    crop: tuple[int, ...] = ()
    rotation: int = 0
    flipped: bool = False
    window: tuple[int, ...] = ()
    practitioner: str | None = reference("practitioners")
    note: str = ""
    attachment: Attachment | None = None

    def __post_init__(self) -> None:
        if any(getattr(self, name) and len(getattr(self, name)) != count for name, count in NUMBERS.items()):
            reason = mark("a part of an image, or its grey values, have fewer or more numbers")
            raise InconsistentDossier(where=f"{self.kind}/{self.id}", reason=reason)


NUMBERS: Mapping[str, int] = MappingProxyType({"crop": 4, "window": 2})
"""How many numbers a field has that has any."""


def consistent_image(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an image file as outside data have them, without a crop or a window that is none."""
    return {
        name: () if name in NUMBERS and len(value) != NUMBERS[name] else value
        for name, value in fields.items()
    }
