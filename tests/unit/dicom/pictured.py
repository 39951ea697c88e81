"""Dossiers with pictures, documents and models made for a test, and the DICOM objects that are made of them."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image

from formats.dicom.objects.dossier import made_instances
from formats.dicom.objects.instance import MadeInstance
from formats.digests import digest_of_stream
from formats.findings import Finding
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile, ImageKind
from tests.full_dossier import full_dossier

SENSOR = (1270, 1270)
"""Dots an inch of a sensor of 20 µm."""
PANORAMIC = (254, 254)
TAKEN = datetime(2024, 3, 14, 10, 15, 30, tzinfo=ZoneInfo("Europe/Paris"))
SIZE = (61, 40)
_SPACE = uuid.UUID("00000000-0000-5000-8000-000000000000")


def noise(*shape: int, bits: int = 8) -> np.ndarray:
    """Return samples that no two rows of are equal."""
    return np.random.default_rng(7).integers(0, 1 << bits, shape, np.uint16 if bits > 8 else np.uint8)


def samples(mode: str) -> np.ndarray:
    """Return the samples of a picture: grey, colour, or grey of 16 bits."""
    width, height = SIZE
    return {
        "L": noise(height, width),
        "RGB": noise(height, width, 3),
        "I;16": noise(height, width, bits=16),
    }[mode]


def picture(mode: str = "L", form: str = "PNG", **options: object) -> bytes:
    """Return a picture of ``SIZE`` as a file."""
    target = io.BytesIO()
    Image.fromarray(samples(mode)).save(target, form, **options)
    return target.getvalue()


def stl(facets: int = 3) -> bytes:
    """Return a binary STL, whose head may begin like one of text."""
    return b"solid scan".ljust(80, b"\0") + facets.to_bytes(4, "little") + bytes(50 * facets)


class Pictured:
    """A dossier to which files are added; ``made`` are the objects of it."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._images: list[ImageFile] = []
        self._documents: list[Document] = []

    def _attachment(self, data: bytes, media_type: str) -> Attachment:
        digest, size = digest_of_stream(io.BytesIO(data))
        self._files[digest.hex] = data
        return Attachment(sha256=digest.hex, size=size, media_type=media_type)

    def add(
        self,
        data: bytes,
        media_type: str = "image/png",
        kind: ImageKind = ImageKind.RADIOGRAPH,
        **fields: object,
    ) -> ImageFile:
        """Add an image file."""
        known = self._dossier()
        number = len(self._images)
        stated: dict[str, object] = {"taken_at": TAKEN, "title": f"Image {number}", **fields}
        image = ImageFile(
            id=str(uuid.uuid5(_SPACE, f"image {number}")),
            patient=known.patient.id,
            image=kind,
            attachment=self._attachment(data, media_type),
            **stated,  # type: ignore[arg-type]
        )
        self._images.append(image)
        return image

    def add_document(self, data: bytes, media_type: str = "application/pdf", **fields: object) -> Document:
        """Add a document."""
        known = self._dossier()
        number = len(self._documents)
        stated: dict[str, object] = {"created_at": date(2023, 1, 2), "title": f"Courrier {number}", **fields}
        document = Document(
            id=str(uuid.uuid5(_SPACE, f"document {number}")),
            patient=known.patient.id,
            attachment=self._attachment(data, media_type),
            **stated,  # type: ignore[arg-type]
        )
        self._documents.append(document)
        return document

    def _dossier(self) -> Dossier:
        known = full_dossier()
        return Dossier(practice=known.practice, practitioners=known.practitioners, patient=known.patient)

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files by their SHA-256."""
        return self._files

    @property
    def dossier(self) -> Dossier:
        """The dossier with what was added."""
        known = self._dossier()
        return Dossier(
            practice=known.practice,
            practitioners=known.practitioners,
            patient=known.patient,
            image_files=tuple(self._images),
            documents=tuple(self._documents),
        )

    def items(self) -> Iterator[MadeInstance | Finding]:
        """Yield objects and findings."""
        yield from made_instances(self.dossier, lambda sha256: io.BytesIO(self._files[sha256]))

    def made(self) -> list[MadeInstance]:
        """Return the objects, having made sure that nothing was left out."""
        items = list(self.items())
        assert not [one.text for one in items if isinstance(one, Finding)]
        return [one for one in items if isinstance(one, MadeInstance)]

    def codes(self) -> list[str]:
        """Return the codes of the findings."""
        return [one.code for one in self.items() if isinstance(one, Finding)]


def data_of(made: MadeInstance) -> bytes:
    """Return the file of an object."""
    return b"".join(made.pieces())


def lay(made: MadeInstance, folder: Path) -> Path:
    """Write an object into ``folder``."""
    path = folder / f"{made.instance_uid}.dcm"
    path.write_bytes(data_of(made))
    return path


def every_kind() -> Pictured:
    """Return a dossier of which every kind of object is made."""
    known = Pictured()
    view = {"crop": (3, 4, 20, 30), "rotation": 90, "flipped": True}
    known.add(
        picture(form="JPEG", dpi=SENSOR), "image/jpeg", teeth=("16", "15", "46"), window=(20, 200), **view
    )
    known.add(picture("I;16", dpi=SENSOR), teeth=("36", "75"), note="Après soin, d’aplomb")
    known.add(picture(dpi=PANORAMIC), title="Panoramique dentaire")
    known.add(picture(dpi=PANORAMIC), title="Téléradiographie de profil")
    known.add(picture("RGB"), teeth=("11",), rotation=180)
    known.add(picture("RGB", "JPEG"), "image/jpeg", ImageKind.PHOTOGRAPH, **view)
    known.add(picture("RGB"), kind=ImageKind.PHOTOGRAPH, taken_at=None)
    known.add(picture("L"), kind=ImageKind.OTHER)
    known.add(stl(), "model/stl", ImageKind.SCAN_3D)
    known.add(b"o arch\nv 1 2 3\n", "model/obj", ImageKind.SCAN_3D)
    known.add_document(b"%PDF-1.4\n%%EOF\n", code="11488-4", category="Lettre")
    known.add_document(picture(form="JPEG"), "image/jpeg", title="Devis signé")
    return known
