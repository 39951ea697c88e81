"""Pictures, documents and models as DICOM objects: what they are, byte for byte what they were, what is left out."""

from __future__ import annotations

import io
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import (
    ColorSoftcopyPresentationStateStorage,
    DigitalIntraOralXRayImageStorageForPresentation,
    DigitalXRayImageStorageForPresentation,
    EncapsulatedOBJStorage,
    EncapsulatedPDFStorage,
    EncapsulatedSTLStorage,
    ExplicitVRLittleEndian,
    GrayscaleSoftcopyPresentationStateStorage,
    JPEGBaseline8Bit,
    SecondaryCaptureImageStorage,
    VLPhotographicImageStorage,
)

from formats.contents.picture import PictureView, decode_pictures
from formats.contents.png import MAX_SAMPLE_BYTES
from formats.dicom.records import read_instance_records
from formats.digests import digest_of_stream
from formats.errors import AttachmentChanged
from formats.model.dates import PartialDate
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile, ImageKind
from tests.unit.dicom.pictured import (
    PANORAMIC,
    SENSOR,
    SIZE,
    TAKEN,
    Pictured,
    data_of,
    every_kind,
    picture,
    samples,
    stl,
)


def read(known: Pictured) -> list[Dataset]:
    return [dcmread(io.BytesIO(data_of(one))) for one in known.made()]


def only(known: Pictured) -> Dataset:
    (dataset,) = read(known)
    return dataset


@pytest.mark.parametrize("mode", ["L", "RGB", "I;16"])
def test_the_samples_of_a_png_are_those_of_its_pixels(mode: str) -> None:
    known = Pictured()
    known.add(picture(mode))
    dataset = only(known)
    assert dataset.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert np.array_equal(dataset.pixel_array, samples(mode))
    assert (dataset.Columns, dataset.Rows) == SIZE and "LossyImageCompression" not in dataset


def test_a_png_of_a_palette_or_of_one_bit_has_the_pixels_that_are_shown() -> None:
    for made in (Image.fromarray(samples("RGB")).quantize(9), Image.fromarray(samples("L")).convert("1")):
        target = io.BytesIO()
        made.save(target, "PNG")
        known = Pictured()
        known.add(target.getvalue())
        shown = made.convert("RGB" if made.mode == "P" else "L")
        assert np.array_equal(only(known).pixel_array, np.asarray(shown))


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_jpeg_goes_in_byte_for_byte(mode: str) -> None:
    for odd in (b"", b"\0"):
        data = picture(mode, "JPEG") + odd
        known = Pictured()
        known.add(data, "image/jpeg")
        dataset = only(known)
        (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
        assert frame[: len(data)] == data and len(frame) - len(data) in {0, 1}
        assert dataset.file_meta.TransferSyntaxUID == JPEGBaseline8Bit
        assert dataset.LossyImageCompression == "01" and dataset.LossyImageCompressionMethod == "ISO_10918_1"
        assert dataset.PhotometricInterpretation == {"L": "MONOCHROME2", "RGB": "YBR_FULL_422"}[mode]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_pydicom_reads_of_a_jpeg_the_pixels_that_pillow_decodes(mode: str) -> None:
    data = picture(mode, "JPEG")
    known = Pictured()
    known.add(data, "image/jpeg")
    decoded = np.asarray(Image.open(io.BytesIO(data)))
    found = only(known).pixel_array
    assert found.shape == decoded.shape
    assert np.abs(found.astype(int) - decoded.astype(int)).max() <= (0 if mode == "L" else 2)


def test_a_jpeg_whose_colours_are_no_luminance_says_so() -> None:
    known = Pictured()
    known.add(picture("RGB", "JPEG", keep_rgb=True), "image/jpeg")
    assert only(known).PhotometricInterpretation == "RGB"


def test_the_rule_says_which_class_a_picture_becomes() -> None:
    known = every_kind()
    capture = SecondaryCaptureImageStorage
    states = {ColorSoftcopyPresentationStateStorage, GrayscaleSoftcopyPresentationStateStorage}
    assert [one.SOPClassUID for one in read(known) if one.SOPClassUID not in states] == [
        DigitalIntraOralXRayImageStorageForPresentation,
        DigitalIntraOralXRayImageStorageForPresentation,
        DigitalXRayImageStorageForPresentation,
        capture,
        capture,
        VLPhotographicImageStorage,
        VLPhotographicImageStorage,
        capture,
        EncapsulatedSTLStorage,
        EncapsulatedOBJStorage,
        EncapsulatedPDFStorage,
        capture,
    ]


@pytest.mark.parametrize(
    ("dots", "teeth", "kind"),
    [
        (SENSOR, ("16",), "IO"),
        ((300, 300), ("16",), "capture"),  # what programs write for printers
        ((96, 96), ("16",), "capture"),
        ((1270, 635), ("16",), "capture"),  # no square pixels
        (SENSOR, (), "capture"),
        (SENSOR, tuple(f"{quadrant}{one}" for quadrant in "1234" for one in "123"), "capture"),
    ],
)
def test_intra_oral_is_what_states_teeth_and_the_resolution_of_a_sensor(
    dots: tuple[int, int], teeth: tuple[str, ...], kind: str
) -> None:
    known = Pictured()
    known.add(picture(dpi=dots), teeth=teeth)
    dataset = only(known)
    if kind == "IO":
        assert dataset.SOPClassUID == DigitalIntraOralXRayImageStorageForPresentation
        assert [float(one) for one in dataset.ImagerPixelSpacing] == pytest.approx([0.02, 0.02], rel=1e-3)
    else:
        assert dataset.SOPClassUID == SecondaryCaptureImageStorage
        assert "ImagerPixelSpacing" not in dataset and "PixelSpacing" not in dataset


def test_what_the_dossier_says_of_patient_teeth_and_moment_is_there() -> None:
    known = Pictured()
    known.add(picture(dpi=SENSOR), teeth=("16", "55"), title="Rétro", note="Après soin")
    dataset, patient = only(known), known.dossier.patient
    (ins,) = [one for one in patient.identifiers if one.type == "INS"]
    (other,) = dataset.OtherPatientIDsSequence
    (issuer,) = other.IssuerOfPatientIDQualifiersSequence
    assert (other.PatientID, issuer.UniversalEntityID) == (ins.value, ins.system)
    assert dataset.PatientID == next(one.value for one in patient.identifiers if one.type == "LOCAL")
    assert dataset.IssuerOfPatientID == known.dossier.practice.name
    (own,) = dataset.IssuerOfPatientIDQualifiersSequence
    assert (own.UniversalEntityID, own.UniversalEntityIDType) == ("1.2.250.1.999.1", "ISO")
    assert dataset.PatientName.family_name == patient.traits.birth_family_name
    assert dataset.AnatomicRegionSequence[0].CodeMeaning == "Maxilla" and dataset.ImageLaterality == "R"
    assert [one.CodeValue for one in dataset.PrimaryAnatomicStructureSequence] == ["865995000", "27855007"]
    assert (dataset.AcquisitionDate, dataset.AcquisitionTime) == ("20240314", "101530")
    assert dataset.TimezoneOffsetFromUTC == "+0100" and dataset.ImageComments == "Rétro\nAprès soin"


def test_a_moment_that_is_not_known_is_empty() -> None:
    known = Pictured()
    known.add(picture(), taken_at=PartialDate(2024))
    known.add(picture("RGB"), taken_at=date(2024, 3, 14))
    year, day = read(known)
    assert (year.StudyDate, day.StudyDate, day.AcquisitionDate) == ("", "20240314", "20240314")
    assert "ContentDate" not in year and "AcquisitionTime" not in day
    assert year.StudyInstanceUID != day.StudyInstanceUID


def test_the_same_is_the_same_instance_and_another_statement_is_another() -> None:
    first, again, other = Pictured(), Pictured(), Pictured()
    for known in (first, again):
        known.add(picture(), title="Avant")
    other.add(picture(), title="Après")
    (one,), (two,), (three,) = first.made(), again.made(), other.made()
    assert one.attachment == two.attachment and one.instance_uid == two.instance_uid
    assert one.instance_uid != three.instance_uid and one.series_uid == three.series_uid
    assert all(uid.startswith("2.25.") and len(uid) <= 64 for uid in (one.instance_uid, one.study_uid))


def test_what_is_said_of_a_file_is_what_it_is() -> None:
    for one in every_kind().made():
        data = data_of(one)
        digest, size = digest_of_stream(io.BytesIO(data))
        assert (digest.hex, size) == (one.attachment.sha256, one.attachment.size)
        records = read_instance_records(io.BytesIO(data))
        assert one.records == records
        dataset = dcmread(io.BytesIO(data))
        named = (dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.SeriesInstanceUID)
        assert named == (one.sop_class, one.instance_uid, one.series_uid)
        assert dataset.file_meta.MediaStorageSOPInstanceUID == one.instance_uid


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.4\n%%EOF", "application/pdf"),
        (stl(), "model/stl"),
        (b"v 1 2 3\n", "model/obj"),
        (b"v 1 2 3", "model/obj"),
    ],
)
def test_a_document_or_model_is_encapsulated_byte_for_byte(data: bytes, media_type: str) -> None:
    known = Pictured()
    known.add(data, media_type, ImageKind.SCAN_3D)
    dataset = only(known)
    assert dataset.MIMETypeOfEncapsulatedDocument == media_type
    assert dataset.EncapsulatedDocument[: dataset.EncapsulatedDocumentLength] == data
    assert len(dataset.EncapsulatedDocument) - len(data) in {0, 1}


VIEWS = [
    {"crop": (5, 7, 30, 20)},
    {"crop": (50, 30, 400, 400)},  # beyond the picture
    {"rotation": 90},
    {"rotation": 270, "crop": (5, 7, 30, 20)},
    {"rotation": 180, "flipped": True},
    {"rotation": 90, "flipped": True, "crop": (1, 2, 33, 21)},
    {"flipped": True},
    {"window": (50, 200)},
]
UNDONE = [(2, {"flipped": True}), (4, {"rotation": 180, "flipped": True}), (8, {"rotation": 90})]
"""Views that undo what the camera says: the picture is shown as it is stored."""


def shown(image: Dataset, state: Dataset) -> np.ndarray:
    """Return the pixels as a viewer shows them (PS3.4, N.2): window, turn, mirror, the displayed area."""
    pixels = image.pixel_array
    if "SoftcopyVOILUTSequence" in state:
        window = state.SoftcopyVOILUTSequence[0]
        centre, width = float(window.WindowCenter), float(window.WindowWidth)
        grey = ((pixels.astype(float) - (centre - 0.5)) / (width - 1) + 0.5) * 255
        pixels = np.clip(np.round(grey), 0, 255).astype(np.uint8)
    marked = np.dstack([np.atleast_3d(pixels), np.zeros((*pixels.shape[:2], 1), np.uint8)])
    area = state.DisplayedAreaSelectionSequence[0]
    for number, corner in (
        (1, area.DisplayedAreaTopLeftHandCorner),
        (2, area.DisplayedAreaBottomRightHandCorner),
    ):
        marked[corner[1] - 1, corner[0] - 1, -1] = number
    turned = np.rot90(marked, -int(state.get("ImageRotation", 0)) // 90)
    if state.get("ImageHorizontalFlip") == "Y":
        turned = turned[:, ::-1]
    (top, left), (bottom, right) = (np.argwhere(turned[..., -1] == number)[0] for number in (1, 2))
    return np.squeeze(turned[top : bottom + 1, left : right + 1, :-1])


@pytest.mark.parametrize(
    ("view", "mode"),
    [(view, mode) for view in VIEWS for mode in ("L", "RGB") if mode == "L" or "window" not in view],
)
@pytest.mark.parametrize("orientation", [1, 2, 4, 5, 6, 7, 8])
def test_a_viewer_shows_what_the_practice_saw(view: dict[str, object], mode: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = picture(mode, exif=exif)
    known = Pictured()
    known.add(data, **view)
    image, *states = read(known)
    expected = next(decode_pictures(io.BytesIO(data), most=(999, 999), view=PictureView(**view)))  # type: ignore[arg-type]
    seen = np.asarray(Image.open(io.BytesIO(expected.data)))
    if (orientation, view) in UNDONE:
        assert not states and np.array_equal(image.pixel_array, seen)
        return
    (state,) = states
    found = shown(image, state)
    assert found.shape == seen.shape and np.abs(found.astype(int) - seen.astype(int)).max() <= (
        1 if "window" in view else 0
    )
    (series,) = state.ReferencedSeriesSequence
    (referenced,) = series.ReferencedImageSequence
    assert (referenced.ReferencedSOPClassUID, referenced.ReferencedSOPInstanceUID) == (
        image.SOPClassUID,
        image.SOPInstanceUID,
    )
    assert series.SeriesInstanceUID == image.SeriesInstanceUID
    assert state.StudyInstanceUID == image.StudyInstanceUID


def test_an_orientation_of_the_camera_alone_is_a_presentation_state() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    known = Pictured()
    known.add(picture("RGB", "JPEG", exif=exif), "image/jpeg", ImageKind.PHOTOGRAPH)
    _, state = read(known)
    assert (state.ImageRotation, state.ImageHorizontalFlip) == (90, "N")


@pytest.mark.parametrize(
    ("view", "sides"),
    [
        ({}, ["A", "F"]),
        ({"flipped": True}, ["P", "F"]),
        ({"rotation": 90}, ["F", "P"]),
        ({"rotation": 180}, ["P", "H"]),
    ],
)
def test_the_sides_of_a_radiograph_are_those_of_a_mounted_picture(
    view: dict[str, object], sides: list[str]
) -> None:
    known = Pictured()
    known.add(picture(dpi=SENSOR), teeth=("16",), **view)
    assert list(read(known)[0].PatientOrientation) == sides


def test_what_becomes_no_object_is_named() -> None:
    exif = picture("RGB", "JPEG")
    transparent = io.BytesIO()
    Image.new("RGBA", (3, 3), (1, 2, 3, 4)).save(transparent, "PNG")
    moving = io.BytesIO()
    Image.new("L", (3, 3)).save(moving, "PNG", save_all=True, append_images=[Image.new("L", (3, 3), 9)])
    for data, media_type in (
        (moving.getvalue(), "image/png"),
        (picture(form="JPEG", progressive=True), "image/jpeg"),
        (exif[: len(exif) // 2], "image/jpeg"),
        (exif[:-2], "image/jpeg"),
        (b"\xff\xd8\xff\xd9", "image/jpeg"),
        (picture()[:-40], "image/png"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (transparent.getvalue(), "image/png"),
        (picture()[:16] + (MAX_SAMPLE_BYTES + 1).to_bytes(4, "big") + picture()[20:], "image/png"),
        (b"solid text\nendsolid\n", "model/stl"),
    ):
        known = Pictured()
        known.add(data, media_type)
        assert known.codes() == ["dicom-object-refused"]
        assert len(list(known.items())) == 1
    known = Pictured()
    known.add(b"ply\n", "model/ply", ImageKind.SCAN_3D)
    assert known.codes() == ["dicom-no-object"]


def test_of_a_view_what_no_presentation_state_holds_is_named() -> None:
    known = Pictured()
    known.add(picture("RGB"), window=(3, 200), rotation=7, crop=(900, 900, 2, 2))
    assert known.codes() == ["dicom-view-left-out"] * 3


def test_a_file_that_changed_is_not_taken() -> None:
    known = Pictured()
    image = known.add(stl(2), "model/stl", ImageKind.SCAN_3D)
    assert image.attachment
    (made,) = known.made()
    known._files[image.attachment.sha256] = stl(2)[:-1]
    with pytest.raises(AttachmentChanged):
        data_of(made)


def test_texts_that_dicom_cannot_hold_are_cut_and_not_refused() -> None:
    known = Pictured()
    known.add(picture(), title="a\\b\x07" + "é" * 20_000)
    image = known.dossier.image_files[0]
    dataset = only(known)
    assert dataset.ImageComments.startswith("a\\b") and len(dataset.ImageComments) <= 10_240
    assert replace(image, title="x").taken_at == TAKEN


def test_a_panoramic_of_the_resolution_of_a_detector_is_digital_x_ray() -> None:
    known = Pictured()
    known.add(picture(dpi=PANORAMIC), title="Panoramique")
    dataset = only(known)
    assert (dataset.SOPClassUID, dataset.Modality) == (DigitalXRayImageStorageForPresentation, "PX")
    assert list(dataset.PatientOrientation) == ["L", "F"]


EMPTY = Attachment(sha256="", size=0, media_type="")
OTHERS: dict[str, object] = {
    "image": ImageKind.PHOTOGRAPH,
    "title": "Autre",
    "taken_at": date(2020, 1, 2),
    "created_at": date(2020, 1, 2),
    "teeth": ("26",),
    "crop": (1, 2, 3, 4),
    "rotation": 180,
    "flipped": True,
    "window": (3, 90),
    "practitioner": None,
    "note": "Autre",
    "code": "28570-0",
    "attachment": replace(EMPTY, sha256="0" * 64),
}
"""Another value of each field that an object says something of."""
NOT_CARRIED = {
    ImageFile: {"original_name"},
    Document: {
        "original_name",
        "note",
        "category",
    },  # a category is the meaning of a code, where there is one
}
"""Fields of which no object says anything; ``limitations.md`` says so."""


@pytest.mark.parametrize("kind", [ImageFile, Document])
def test_every_field_is_carried_or_known_not_to_be(kind: type[ImageFile | Document]) -> None:
    names = {field.name for field in fields(kind)} - {"id", "patient"}
    assert names - NOT_CARRIED[kind] <= set(OTHERS)
    practitioner = Pictured().dossier.practitioners[0].id
    for name in names - {"attachment"}:
        uids = []
        for value in (
            {"practitioner": practitioner},
            {"practitioner": practitioner, name: OTHERS.get(name, "x")},
        ):
            known = Pictured()
            if kind is ImageFile:
                stated = {"teeth": ("16",), **value}
                known.add(picture(dpi=SENSOR), kind=stated.pop("image", ImageKind.RADIOGRAPH), **stated)
            else:
                known.add_document(b"%PDF-1.4", **value)
            uids.append([one.instance_uid for one in known.made()])
        assert (uids[0] == uids[1]) is (name in NOT_CARRIED[kind]), name
