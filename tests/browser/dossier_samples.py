"""A sealed dossier with a file of each transfer syntax, a volume, an image with its presentation state, scans, and
hostile files: what the tests of the viewer open.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

from archiver.sealing.unit import sealing_unit
from formats.dicom.write import plan_file_set
from tests.browser.dicom_samples import Array
from tests.unit.dicom.images import lay_out, source

WORDS = "A" * 43
ROOT = "1.2.826.0.1.3680043.8.498."
SYNTAXES = (
    "MR_small_implicit.dcm",
    "CT_small.dcm",
    "MR_small_bigendian.dcm",
    "image_dfl.dcm",
    "MR_small_RLE.dcm",
    "SC_rgb_rle.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "JPGExtended.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "JPEGLSNearLossless_16.dcm",
    "MR_small_jp2klossless.dcm",
    "693_J2KI.dcm",
)
"""A file of each transfer syntax: uncompressed in four ways, RLE, JPEG, JPEG-LS, JPEG 2000."""
SIZE = 32
SLICES = 12


def instance(number: int, pixels: Array, **elements: Any) -> bytes:
    """Return a DICOM image of grey values; ``elements`` are further attributes, or others."""
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", f"{ROOT}1.{number}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.Modality = f"{ROOT}2", f"{ROOT}3", "CT"
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20240314", "101530", "7"
    dataset.PatientName, dataset.PatientID = "Essai^Zoé", "1"
    dataset.PatientBirthDate, dataset.PatientSex = "19551123", "F"
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SeriesNumber, dataset.InstanceNumber = 1, number
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.WindowCenter, dataset.WindowWidth = "128", "256"
    dataset.PixelData = pixels.astype("<u2").tobytes()
    for name, value in elements.items():
        setattr(dataset, name, value)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = (
        dataset.SOPClassUID,
        dataset.SOPInstanceUID,
    )
    file = FileDataset("", dataset, file_meta=meta, preamble=bytes(128))
    buffer = io.BytesIO()
    file.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def volume() -> list[bytes]:
    """A volume whose value tells its place: 3 x + 2 y + 5 z; half a millimetre a pixel, one and a half a slice."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    return [
        instance(
            z + 1,
            3 * x + 2 * y + 5 * z,
            PixelSpacing=["0.5", "0.5"],
            ImagePositionPatient=["0", "0", str(1.5 * z)],
            ImageOrientationPatient=["1", "0", "0", "0", "1", "0"],
        )
        for z in range(SLICES)
    ]


def presentation() -> bytes:
    """A presentation state of the intraoral image: its right half, a quarter of a turn clockwise, then a mirror."""
    dataset = pydicom.dcmread(io.BytesIO(intraoral()))
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.11.1"
    referred, series, area = Dataset(), Dataset(), Dataset()
    referred.ReferencedSOPClassUID, referred.ReferencedSOPInstanceUID = (
        "1.2.840.10008.5.1.4.1.1.1.3",
        f"{ROOT}1.100",
    )
    series.SeriesInstanceUID, series.ReferencedImageSequence = f"{ROOT}4", Sequence([referred])
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"{ROOT}1.101"
    dataset.SeriesInstanceUID, dataset.Modality, dataset.SeriesNumber = f"{ROOT}5", "PR", 8
    del dataset.PixelData
    dataset.PresentationCreationDate, dataset.PresentationCreationTime, dataset.ContentLabel = (
        "20240314",
        "000000",
        "AS_SHOWN",
    )
    dataset.ReferencedSeriesSequence = Sequence([series])
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = (
        [SIZE // 2 + 1, SIZE],
        [SIZE, 1],
    )
    dataset.DisplayedAreaSelectionSequence = Sequence([area])
    dataset.ImageRotation, dataset.ImageHorizontalFlip = 90, "Y"
    buffer = io.BytesIO()
    dataset.save_as(buffer)
    return buffer.getvalue()


def intraoral() -> bytes:
    x = np.mgrid[0:SIZE, 0:SIZE][1]
    return instance(
        100,
        x * 8,
        SOPClassUID="1.2.840.10008.5.1.4.1.1.1.3",
        SeriesInstanceUID=f"{ROOT}4",
        Modality="IO",
        SeriesNumber=2,
        ImagerPixelSpacing=["0.02", "0.02"],
    )


CUBE_FACES = [
    (0, 2, 3),
    (0, 3, 1),
    (4, 5, 7),
    (4, 7, 6),
    (0, 1, 5),
    (0, 5, 4),
    (2, 6, 7),
    (2, 7, 3),
    (0, 4, 6),
    (0, 6, 2),
    (1, 3, 7),
    (1, 7, 5),
]
"""The twelve triangles of a cube, by the numbers of its corners: x fastest, then y, then z."""


def cube() -> bytes:
    """A cube of ten millimetres as binary STL: twelve triangles."""
    corners = [(x, y, z) for z in (0, 10) for y in (0, 10) for x in (0, 10)]
    triangles = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(n for one in face for n in corners[one]), 0) for face in CUBE_FACES
    )
    return bytes(80) + struct.pack("<I", len(CUBE_FACES)) + triangles


def write_dossier(folder: Path) -> Path:
    """Write the sealed dossier into ``folder``; its words are ``WORDS``."""
    paths = []
    for number, data in enumerate([*volume(), intraoral(), presentation()]):
        paths.append(folder / f"made{number}")
        paths[-1].write_bytes(data)
    lay_out(plan_file_set([source(path) for path in paths]), paths, folder / "set")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((folder / "set").rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder / "set").as_posix())
        for name in SYNTAXES:
            archive.write(str(get_testdata_file(name)), f"DOCUMENTS/{name}")
        archive.writestr("DOCUMENTS/CUBE.STL", cube())
        archive.writestr("DOCUMENTS/BROKEN.STL", cube()[:-7])
        archive.writestr(
            "DOCUMENTS/BROKEN.DCM", Path(str(get_testdata_file("693_J2KI.dcm"))).read_bytes()[:-900]
        )
        archive.writestr(
            "DOCUMENTS/LIES.DCM",
            Path(str(get_testdata_file("MR_small_RLE.dcm")))
            .read_bytes()
            .replace(b"(\0\x10\0US\2\0@\0", b"(\0\x10\0US\2\0\xff\xff"),
        )
    target = folder / "unit.zip"
    with (
        target.open("wb") as file,
        sealing_unit(file, passphrase=WORDS, salt=os.urandom(16), member="PAT00001.ZIP") as sink,
    ):
        sink.write(whole.getvalue())
    return target
