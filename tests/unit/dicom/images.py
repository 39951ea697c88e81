"""Small DICOM files made for a test, and pydicom's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom.data
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from formats.dicom.read import FoundStudy
from formats.dicom.write import FileSet
from formats.digests import digest_of_file
from formats.errors import Failure
from formats.findings import Finding
from formats.imaging_folders.source import open_images
from formats.model.documents import Attachment
from formats.papers.paper import FoundPaper
from formats.reading import FileBody

PYDICOM = Path(pydicom.data.__file__).parent
CHARSETS = PYDICOM / "charset_files"
SAMPLES = PYDICOM / "test_files"
DISCS = SAMPLES / "dicomdirtests"
INTRAORAL = "1.2.840.10008.5.1.4.1.1.1.3"
UID = "2.25.7."


def image(path: Path, *, study: str = "1", series: str = "1", instance: str = "1", **elements: Any) -> Path:
    """Write an intraoral image of four pixels; ``elements`` are further attributes."""
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = INTRAORAL
    dataset.SOPInstanceUID = f"{UID}{study}.{series}.{instance}"
    dataset.StudyInstanceUID = f"{UID}{study}"
    dataset.SeriesInstanceUID = f"{UID}{study}.{series}"
    dataset.Modality = "IO"
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20240314", "101530", "7"
    dataset.SeriesNumber, dataset.InstanceNumber = 1, int(instance)
    dataset.PatientName, dataset.PatientID = "Évrard^Zoé", "45"
    dataset.PatientBirthDate, dataset.PatientSex = "19551123", "F"
    dataset.Rows = dataset.Columns = 2
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.PixelData = bytes(4)
    for keyword, value in elements.items():
        if value is None:
            del dataset[keyword]
        else:
            setattr(dataset, keyword, value)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", INTRAORAL)
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "2.25.1")
    path.parent.mkdir(parents=True, exist_ok=True)
    FileDataset(str(path), dataset, preamble=bytes(128), file_meta=meta).save_as(
        path, enforce_file_format=True
    )
    return path


def find_studies(folder: Path) -> Iterator[FoundStudy | FoundPaper | Finding]:
    """Yield what the source gives of a folder."""
    with open_images(str(folder)) as items:
        yield from items


def documents_in(folder: Path) -> list[FoundPaper]:
    """Return the files of a folder that are taken as documents."""
    return [item for item in find_studies(folder) if isinstance(item, FoundPaper)]


def seen(folder: Path) -> tuple[list[FoundStudy], list[Finding]]:
    """Return the studies and the findings of a folder."""
    items = list(find_studies(folder))
    studies = [item for item in items if isinstance(item, FoundStudy)]
    return studies, [item for item in items if isinstance(item, Finding)]


def count_of(study: FoundStudy) -> int:
    """Return the number of instances of a study."""
    return sum(len(series.instances) for series in study.series)


def codes(findings: list[Finding]) -> list[str]:
    """Return the codes of findings, sorted."""
    return sorted(finding.code for finding in findings)


def source(path: Path) -> FileBody:
    """Return a file as an instance to be written."""
    digest, size = digest_of_file(path)
    attachment = Attachment(sha256=digest.hex, size=size, media_type="application/dicom")
    return FileBody(attachment=attachment, open=lambda: path.open("rb"))


def lay_out(plan: FileSet, sources: list[Path], folder: Path) -> Path:
    """Copy the files to the places of the plan; return the DICOMDIR."""
    by_digest = {digest_of_file(path)[0].hex: path for path in sources}
    for member, digest in plan.files:
        target = folder / member
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(by_digest[digest], target)
    directory = folder / "DICOMDIR"
    directory.write_bytes(plan.dicomdir)
    return directory


def reasons(findings: list[Finding]) -> list[str]:
    """Return the codes of the faults for which files were taken as documents, sorted."""
    faults = [one.facts["reason"] for one in findings if one.code == "imaging-document"]
    return sorted(one.code for one in faults if isinstance(one, Failure))
