"""The DICOM folder of the imaging software: panoramic, intraoral, CBCT, encapsulated PDF, and strays."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.fileset import FileSet
from pydicom.uid import ExplicitVRLittleEndian

from samples.story import files
from samples.story.numbers import uid
from samples.story.people import Person

PANORAMIC = "1.2.840.10008.5.1.4.1.1.1.1"
INTRAORAL = "1.2.840.10008.5.1.4.1.1.1.3"
CT = "1.2.840.10008.5.1.4.1.1.2"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
"""SOP classes (PS3.6 annex A)."""

LATIN1, UTF8 = "ISO_IR 100", "ISO_IR 192"
SLICES = 3
VOXELS = 24
WRITER = "TILLEULS_1"
"""Implementation version name in every file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitter:
    """The patient as the imaging software knows them, which is not always as the practice does."""

    identifier: str
    name: str
    birth: str
    sex: str
    characters: str


def sitter(person: Person, identifier: str, characters: str = UTF8) -> Sitter:
    """Return the traits of ``person`` under the identifier the imaging software uses."""
    return Sitter(
        identifier=identifier,
        name=f"{person.family.strip()}^{person.given.strip()}",
        birth="" if person.born_in_month else person.birth_date.replace("-", ""),
        sex=person.sex,
        characters=characters,
    )


def imaging(people: dict[int, Person]) -> dict[str, bytes]:
    """Return the files of the imaging folder by relative path."""
    complete = sitter(people[45], "45", LATIN1)
    child = sitter(people[3], people[3].chart_number)
    volume = sitter(people[1], "1")
    by_traits = sitter(people[16], "", LATIN1)
    ambiguous = Sitter(identifier="", name="Dubreuil^Marie", birth="", sex="F", characters=LATIN1)
    unknown = Sitter(identifier="99999", name="Inconnu^Paul", birth="19600101", sex="M", characters=LATIN1)
    beyond = sitter(people[27], "27")
    contents = {
        "pano/45_2024.dcm": _picture(complete, "PX", PANORAMIC, (80, 40), "20240314", "pano"),
        "io/IM000001": _picture(child, "IO", INTRAORAL, (32, 40), "20231108", "io"),
        "io/IM000002": _picture(by_traits, "IO", INTRAORAL, (32, 40), "20240523", "traits"),
        "io/IM000003": _picture(ambiguous, "IO", INTRAORAL, (32, 40), "20220601", "ambiguous"),
        "io/IM000004": _picture(unknown, "IO", INTRAORAL, (32, 40), "20200909", "unknown"),
        "io/IM000005": _picture(beyond, "IO", INTRAORAL, (32, 40), "20250115", "beyond"),
        "doc/compte-rendu.dcm": _report(complete, "20240315"),
        "doc/notes.dcm": "Ceci est un texte appelé .dcm par erreur.\n".encode(),
    }
    contents |= {f"cbct/{place:03d}": _slice(volume, place) for place in range(SLICES)}
    on_disc = [
        contents[name]
        for name in ("pano/45_2024.dcm", "doc/compte-rendu.dcm", "cbct/000", "cbct/001", "cbct/002")
    ]
    return contents | {f"disque/{name}": content for name, content in _disc(on_disc).items()}


def _start(who: Sitter, modality: str, sop_class: str, day: str, words: tuple[object, ...]) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = pydicom.uid.UID(sop_class)
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(uid("instance", *words))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = pydicom.uid.UID(uid("implementation"))
    meta.ImplementationVersionName = WRITER
    image = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    image.SpecificCharacterSet = who.characters
    image.SOPClassUID = sop_class
    image.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    image.PatientName = who.name
    image.PatientID = who.identifier
    image.PatientBirthDate = who.birth
    image.PatientSex = who.sex
    _study(image, modality, day, words)
    return image


def _study(image: FileDataset, modality: str, day: str, words: tuple[object, ...]) -> None:
    image.StudyDate = image.SeriesDate = image.ContentDate = day
    image.StudyTime = image.ContentTime = "105500"
    image.AccessionNumber = ""
    image.StudyID = day
    image.ReferringPhysicianName = "Kerbrat^Malo"
    image.Manufacturer = "Imagerie Fictive"
    image.InstitutionName = "Cabinet dentaire des Tilleuls"
    image.Modality = modality
    image.StudyInstanceUID = uid("study", words[0], day)
    image.SeriesInstanceUID = uid("series", words[0], day, modality)
    image.SeriesNumber = 1
    image.InstanceNumber = 1


def _pixels(image: FileDataset, columns: int, rows: int, shade: files.Shade) -> None:
    image.SamplesPerPixel = 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.Rows, image.Columns = rows, columns
    image.BitsAllocated = image.BitsStored = 8
    image.HighBit = 7
    image.PixelRepresentation = 0
    image.PixelData = bytes(shade(x, y) for y in range(rows) for x in range(columns))


def _picture(who: Sitter, modality: str, sop_class: str, size: tuple[int, int], day: str, word: str) -> bytes:
    image = _start(who, modality, sop_class, day, (word,))
    image.ImageType = ["ORIGINAL", "PRIMARY"]
    image.BurnedInAnnotation = "NO"
    image.PatientOrientation = ["", ""]
    image.WindowCenter, image.WindowWidth = 128, 256
    image.PixelIntensityRelationship, image.PixelIntensityRelationshipSign = "LOG", -1
    image.RescaleIntercept, image.RescaleSlope, image.RescaleType = 0, 1, "US"
    image.PresentationIntentType, image.PresentationLUTShape = "FOR PRESENTATION", "IDENTITY"
    image.LossyImageCompression = "00"
    _pixels(image, *size, files.arch(*size) if modality == "PX" else files.tooth(*size))
    return _bytes(image)


def _slice(who: Sitter, place: int) -> bytes:
    image = _start(who, "CT", CT, "20250512", ("cbct", place))
    image.InstanceNumber = place + 1
    image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    image.SliceThickness = "0.4"
    image.FrameOfReferenceUID = uid("frame", "cbct")
    image.PositionReferenceIndicator = ""
    image.ImagePositionPatient = ["0", "0", f"{place * 0.4:.1f}"]
    image.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    image.PixelSpacing = ["0.4", "0.4"]
    image.KVP = "90"
    image.RescaleIntercept, image.RescaleSlope = -1000, 10
    _pixels(image, VOXELS, VOXELS, lambda x, y: (x * 7 + y * 5 + place * 31) % 256)
    return _bytes(image)


def _report(who: Sitter, day: str) -> bytes:
    image = _start(who, "DOC", ENCAPSULATED_PDF, day, ("report",))
    image.ConversionType = "WSD"
    image.DocumentTitle = "Compte rendu d'imagerie"
    image.BurnedInAnnotation = "YES"
    image.MIMETypeOfEncapsulatedDocument = "application/pdf"
    content = files.pdf("Compte rendu d'imagerie", "Volume osseux suffisant en 36.")
    image.EncapsulatedDocumentLength = len(content)
    image.EncapsulatedDocument = content + b"\0" * (len(content) % 2)
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = (
        "18748-4",
        "LN",
        "Diagnostic imaging study",
    )
    image.ConceptNameCodeSequence = [code]
    return _bytes(image)


def _bytes(image: FileDataset) -> bytes:
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, image, enforce_file_format=True)
    return stream.getvalue()


def _disc(instances: list[bytes]) -> dict[str, bytes]:
    """Return a DICOMDIR and the files it lists, by relative path."""
    disc = FileSet()
    disc.ID = "TILLEULS"
    disc.UID = pydicom.uid.UID(uid("disc"))
    for content in instances:
        disc.add(pydicom.dcmread(io.BytesIO(content)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        disc.write(folder)
        # A FileSet keeps a folder of its own until it is collected, and has no public way to let go of it.
        disc._stage["t"].cleanup()  # noqa: SLF001
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): _own_writer(path) for path in found}


def _own_writer(path: Path) -> bytes:
    """Return the file with the writer's name of this sample: pydicom signs a DICOMDIR with its version."""
    content = path.read_bytes()
    if path.name != "DICOMDIR":
        return content
    signed = pydicom.filereader.read_file_meta_info(path).ImplementationVersionName
    if not signed:
        return content
    return content.replace(signed.encode(), WRITER.ljust(len(signed)).encode(), 1)
