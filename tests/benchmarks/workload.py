"""The standard workload: 2,000 dossiers, 40,000 files, about 1.2 GB, always the same bytes.

CBCT-like volumes (DICOM, 16 bits, smooth with noise), uncompressed panoramics,
JPEG-like noise, and small JSON, XML and PDF-like texts. Sizes and noise are
chosen so that each kind shrinks as a practice's own files do; see
``docs/en/explanation/speed-figures.md``.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from archiver.practice.store import PracticeStore, open_store
from formats.dicom.instance_records import stored_records
from formats.dicom.records import read_instance_records
from formats.model.documents import Attachment, Document
from formats.model.identity import Identifier, IdentifierType, Sex, Traits
from formats.model.imaging import ImageFile, ImageInstance, ImageKind, ImageSeries, ImageStudy
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import practice_namespace, record_id
from formats.reading import FileBody

SEED = 20461231
SPACE = practice_namespace("benchmark")

FIELD_OF_VIEW = 2.75
"""Radius of what a volume shows, where half the width of a slice is 3."""
SLICE_RANGE, SLICE_GRAIN = 1400, 8.0
"""What the brightest part of the first slice is, and the standard deviation of the noise, in grey levels of 4,096."""
PANORAMIC_RANGE, PANORAMIC_GRAIN = 22, 2.85
"""A quarter of the way from dark to bright, and the standard deviation of the noise, in grey levels of 256."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much to make; the standard is the default."""

    dossiers: int = 2000
    volumes: int = 8
    slices: int = 128
    panoramics: int = 100
    jpegs: int = 1900
    small: int = 36_976


STANDARD = Size()
SMALL = Size(dossiers=100, volumes=1, slices=32, panoramics=5, jpegs=60, small=1500)


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """One file of the workload: the dossier it belongs to, its kind, its bytes."""

    dossier: int
    kind: str
    name: str
    data: bytes


def files(size: Size = STANDARD) -> Iterator[Made]:
    """Yield every file, in the same order with the same bytes each time."""
    noise = np.random.default_rng(SEED)
    words = random.Random(SEED)
    for volume in range(size.volumes):
        for number, data in enumerate(_volume(noise, volume, size.slices)):
            yield Made(dossier=volume, kind="ct", name=f"ct-{volume}-{number:04d}.dcm", data=data)
    for number in range(size.panoramics):
        data = _panoramic(noise)
        yield Made(dossier=number % size.dossiers, kind="panoramic", name=f"pano-{number:05d}.tif", data=data)
    for number in range(size.jpegs):
        data = b"\xff\xd8\xff\xe0" + noise.bytes(words.randint(60_000, 140_000)) + b"\xff\xd9"
        yield Made(dossier=number % size.dossiers, kind="jpeg", name=f"photo-{number:05d}.jpg", data=data)
    for number in range(size.small):
        kind = ("json", "json", "xml", "pdf")[number % 4]
        data = _text(words, noise, kind)
        yield Made(dossier=number % size.dossiers, kind=kind, name=f"note-{number:06d}.{kind}", data=data)


def _volume(noise: np.random.Generator, volume: int, slices: int) -> Iterator[bytes]:
    """Yield slices as a reconstruction leaves them: nothing outside the round field of view."""
    across = np.linspace(-3, 3, 512)
    squared = across[:, None] ** 2 + across[None, :] ** 2
    inside, base = squared < FIELD_OF_VIEW**2, np.exp(-squared / 4) * SLICE_RANGE
    for number in range(slices):
        grain = noise.standard_normal((512, 512), dtype=np.float32) * SLICE_GRAIN
        pixels = np.clip(base * (1 + number / slices) + grain, 0, 4095)
        yield _dicom(volume, number, np.where(inside, pixels, 0).astype(np.uint16))


def _dicom(volume: int, number: int, pixels: np.ndarray) -> bytes:
    root = f"2.25.{SEED}.{volume}"
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = f"{root}.{number + 1}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image = Dataset()
    image.file_meta = meta
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    image.StudyInstanceUID, image.SeriesInstanceUID = f"{root}.0", f"{root}.0.1"
    image.PatientName, image.PatientID, image.Modality = f"Essai^{volume}", str(volume), "CT"
    image.StudyDate, image.StudyTime, image.StudyID = "20250101", "120000", "1"
    image.SeriesNumber, image.InstanceNumber = 1, number + 1
    image.Rows, image.Columns, image.BitsAllocated, image.BitsStored, image.HighBit = 512, 512, 16, 12, 11
    image.SamplesPerPixel, image.PixelRepresentation, image.PhotometricInterpretation = 1, 0, "MONOCHROME2"
    image.PixelData = pixels.tobytes()
    stream = io.BytesIO()
    image.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _panoramic(noise: np.random.Generator) -> bytes:
    across, down = np.linspace(0, 12, 2784), np.linspace(0, 5, 1342)
    pixels = (np.sin(across)[None, :] + np.cos(down)[:, None] + 2) * PANORAMIC_RANGE
    grain = noise.standard_normal(pixels.shape, dtype=np.float32) * PANORAMIC_GRAIN
    return b"II*\0" + np.clip(pixels + grain, 0, 255).astype(np.uint8).tobytes()


_SYLLABLES = ("ba", "cé", "chan", "den", "fo", "gi", "la", "ma", "ni", "pon", "ra", "sé", "tu", "van")
WORDS = tuple(
    "".join(random.Random(f"{SEED} {number}").choices(_SYLLABLES, k=1 + number % 4)) for number in range(400)
)
"""As many words as a practice's notes repeat."""


def _text(words: random.Random, noise: np.random.Generator, kind: str) -> bytes:
    lines = [
        {
            "line": line,
            "text": " ".join(words.choices(WORDS, k=12 if kind == "xml" else 8)),
            "cents": words.randint(0, 99999),
        }
        for line in range(words.randint(8, 60))
    ]
    if kind == "json":
        return json.dumps(lines, ensure_ascii=False).encode()
    if kind == "xml":
        return f"<?xml version='1.0'?><record>{''.join(map(_observation, lines))}</record>".encode()
    return b"%PDF-1.7\n" + zlib.compress(json.dumps(lines).encode()) + noise.bytes(2000) + b"%%EOF"


def _observation(line: dict[str, object]) -> str:
    return (
        f'<observation number="{line["line"]}"><code system="urn:benchmark"/>'
        f"<text>{line['text']}</text><amount>{line['cents']}</amount></observation>"
    )


def build(folder: Path, size: Size = STANDARD) -> tuple[Path, Path]:
    """Make the workload below ``folder`` as a tree of files and as a practice store; return both.

    The files of the store are links to those of the tree, so that everybody reads the same blocks.
    """
    tree, store_path = folder / "tree", folder / "practice.db"
    with open_store(store_path, create=True) as store, store.changing():
        _people(store, size.dossiers)
        slices: dict[int, list[ImageInstance]] = {}
        for made in files(size):
            attachment = _keep(store, tree, made)
            patient = record_id(SPACE, "patient", made.dossier)
            if made.kind == "ct":
                slices.setdefault(made.dossier, []).append(_instance(made, attachment, slices))
            else:
                store.put(_record(made, patient, attachment))
        for volume, instances in slices.items():
            store.put(_study(volume, tuple(instances)))
    return tree, store_path


def _keep(store: PracticeStore, tree: Path, made: Made) -> Attachment:
    path = tree / f"{made.dossier:05d}" / made.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.data)
    media = {
        "ct": "application/dicom",
        "panoramic": "image/tiff",
        "jpeg": "image/jpeg",
        "json": "application/json",
    }
    attachment = Attachment(
        sha256=hashlib.sha256(made.data).hexdigest(),
        size=len(made.data),
        media_type=media.get(made.kind, f"application/{made.kind}"),
    )
    target = store.attachments.path(attachment.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(path, target)
    facts = _header_facts(made, attachment.sha256) if made.kind == "ct" else b""
    store.keep_file(FileBody(attachment=attachment, open=lambda: path.open("rb"), header_facts=facts))
    return attachment


def _header_facts(made: Made, sha256: str) -> bytes:
    """Return what collecting a slice stores of its header."""
    return stored_records(read_instance_records(io.BytesIO(made.data)), sha256)


def _people(store: PracticeStore, dossiers: int) -> None:
    practice = Practice(id=str(SPACE), name="Cabinet d'essai")
    store.put(practice)
    store.set_setting("own_practice", practice.id)
    store.put(Practitioner(id=record_id(SPACE, "provider", 1), family_name="Essai"))
    for number in range(dossiers):
        store.put(
            Patient(
                id=record_id(SPACE, "patient", number),
                practice=practice.id,
                traits=Traits(
                    birth_family_name=f"Essai{number}",
                    birth_given_names=("Camille",),
                    birth_date=date(1980, 1, 1),
                    sex=Sex.UNKNOWN,
                ),
                identifiers=(
                    Identifier(type=IdentifierType.LOCAL, system="urn:benchmark", value=str(number)),
                ),
            )
        )


def _record(made: Made, patient: str, attachment: Attachment) -> Document | ImageFile:
    identity = record_id(SPACE, "file", made.name)
    at = datetime(2025, 1, 1, tzinfo=UTC)
    if made.kind in {"panoramic", "jpeg"}:
        return ImageFile(
            id=identity,
            patient=patient,
            image=ImageKind.RADIOGRAPH if made.kind == "panoramic" else ImageKind.PHOTOGRAPH,
            original_name=made.name,
            taken_at=at,
            attachment=attachment,
        )
    return Document(
        id=identity, patient=patient, original_name=made.name, created_at=at, attachment=attachment
    )


def _instance(made: Made, attachment: Attachment, slices: dict[int, list[ImageInstance]]) -> ImageInstance:
    number = len(slices.get(made.dossier, ())) + 1
    uid = f"2.25.{SEED}.{made.dossier}.{number}"
    return ImageInstance(
        sop_instance_uid=uid, sop_class_uid=str(CTImageStorage), number=number, attachment=attachment
    )


def _study(volume: int, instances: tuple[ImageInstance, ...]) -> ImageStudy:
    root = f"2.25.{SEED}.{volume}.0"
    series = ImageSeries(series_instance_uid=f"{root}.1", modality="CT", number=1, instances=instances)
    return ImageStudy(
        id=record_id(SPACE, "study", volume),
        patient=record_id(SPACE, "patient", volume),
        study_instance_uid=root,
        series=(series,),
    )
