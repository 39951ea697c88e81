"""Previews of files of every kind, of hostile ones above all: what happens to their process ends nothing."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGLosslessSV1

from formats.contents.view import PictureView
from formats.model.documents import Attachment
from formats.previews.maker import PreviewMaker
from formats.previews.preview import PREVIEW_SIDE, Preview, PreviewAbsence, PreviewOutcome

DICOM = "application/dicom"
PLAIN = PictureView()


@pytest.fixture(scope="module")
def maker() -> Iterator[PreviewMaker]:
    with PreviewMaker() as made:
        yield made


def file_of(data: bytes, media_type: str) -> Attachment:
    return Attachment(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type)


def made(maker: PreviewMaker, data: bytes, media_type: str, view: PictureView = PLAIN) -> PreviewOutcome:
    return maker.make(io.BytesIO(data), file_of(data, media_type), view)


def shown(outcome: PreviewOutcome) -> Image.Image:
    assert isinstance(outcome, Preview), outcome
    image = Image.open(io.BytesIO(outcome.data))
    assert image.size == (outcome.width, outcome.height)
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def quartered(size: tuple[int, int] = (400, 200)) -> Image.Image:
    """Return a picture with one white corner, above and left, on black."""
    image = Image.new("L", size)
    image.paste(255, (0, 0, size[0] // 2, size[1] // 2))
    return image


def corners(image: Image.Image) -> str:
    """Return which of the corners are white, from above left, line by line."""
    grey = image.convert("L")
    right, below = grey.width - 4, grey.height - 4
    return "".join(
        "1" if grey.getpixel(at) > 127 else "0" for at in ((3, 3), (right, 3), (3, below), (right, below))
    )


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        *((kind, f"image/{kind.lower()}") for kind in ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP")),
        ("JPEG2000", "image/jp2"),
    ],
)
def test_every_kind_of_picture_has_a_preview(maker: PreviewMaker, kind: str, media_type: str) -> None:
    image = shown(made(maker, saved(quartered((800, 400)).convert("RGB"), kind), media_type))
    assert image.size == (PREVIEW_SIDE, PREVIEW_SIDE // 2)
    assert corners(image) == "1000"


@pytest.mark.parametrize(
    ("view", "size", "seen"),
    [
        (PictureView(rotation=90), (160, 320), "0100"),
        (PictureView(rotation=180), (320, 160), "0001"),
        (PictureView(rotation=-90), (160, 320), "0010"),
        (PictureView(flipped=True), (320, 160), "0100"),
        (PictureView(flipped=True, rotation=90), (160, 320), "0001"),
        (PictureView(crop=(100, 50, 200, 100)), (200, 100), "1000"),
        (PictureView(crop=(0, 0, 100, 100)), (100, 100), "1111"),
        (PictureView(window=(0, 10_000)), (320, 160), "0000"),
    ],
)
def test_a_picture_is_cropped_turned_and_windowed_as_recorded(
    maker: PreviewMaker, view: PictureView, size: tuple[int, int], seen: str
) -> None:
    image = shown(made(maker, saved(quartered(), "PNG"), "image/png", view))
    assert image.size == size
    assert corners(image) == seen


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few kilobytes that decodes to gigabytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


WHOLE = saved(quartered(), "PNG")
HOSTILE = {
    "a bomb": (bomb(60_000, 60_000), "image/png", PreviewAbsence.LIMIT),
    "a bomb that lies": (bomb(5_000, 5_000), "image/png", PreviewAbsence.DAMAGED),
    "cut": (WHOLE[: len(WHOLE) // 2], "image/png", PreviewAbsence.DAMAGED),
    "text": (b"no picture", "image/jpeg", PreviewAbsence.DAMAGED),
    "a damaged DICOM file": (bytes(128) + b"DICM" + b"\xff" * 300, DICOM, PreviewAbsence.DAMAGED),
    "empty": (b"", "image/png", PreviewAbsence.EMPTY),
    "another format": (b"solid x", "model/stl", PreviewAbsence.FORMAT),
    "of no media type": (WHOLE, "", PreviewAbsence.FORMAT),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_decoded_is_said_and_the_next_one_is_made(maker: PreviewMaker, what: str) -> None:
    data, media_type, expected = HOSTILE[what]
    assert made(maker, data, media_type) is expected
    assert isinstance(made(maker, WHOLE, "image/png"), Preview)
    assert maker.started == 1


@pytest.mark.parametrize(
    "view",
    [
        PictureView(crop=(-5, -5, 10**30, 10**30)),
        PictureView(crop=(10**9, 0, 1, 1)),
        PictureView(window=(5, 5)),
        PictureView(window=(10**400, 0)),
        PictureView(rotation=10**30 + 1),
        PictureView(rotation=-1),
    ],
    ids=str,
)
def test_a_view_that_no_viewer_had_ends_in_a_preview_or_in_words(
    maker: PreviewMaker, view: PictureView
) -> None:
    found = made(maker, WHOLE, "image/png", view)
    assert found is PreviewAbsence.DAMAGED or shown(found)


def test_a_file_that_takes_too_long_costs_its_own_preview_alone() -> None:
    with PreviewMaker(seconds=0.0) as maker:
        assert isinstance(made(maker, WHOLE, "image/png"), Preview)  # the first has time to start
        large = saved(Image.effect_noise((6000, 6000), 90), "PNG", compress_level=1)
        assert made(maker, large, "image/png") is PreviewAbsence.TIME
        assert isinstance(made(maker, WHOLE, "image/png"), Preview)
        assert maker.started == 2


@pytest.mark.skipif(not hasattr(os, "kill"), reason="signals are POSIX")
def test_a_process_that_died_is_started_again() -> None:
    with PreviewMaker() as maker:
        assert isinstance(made(maker, WHOLE, "image/png"), Preview)
        assert maker._process is not None
        maker._process.kill()
        maker._process.wait()
        assert made(maker, WHOLE, "image/png") is PreviewAbsence.TIME
        assert isinstance(made(maker, WHOLE, "image/png"), Preview)
        assert maker.started == 2


def instance(**values: object) -> bytes:
    """Return an instance of 12 bits whose left half has 100, and the right one 300, in each of its frames."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = values.pop("syntax", ExplicitVRLittleEndian)
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.3"
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = "2.25.1"
    data.Rows, data.Columns, data.SamplesPerPixel, data.PhotometricInterpretation = 40, 80, 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.PixelData = (struct.pack("<H", 100) * 40 + struct.pack("<H", 300) * 40) * 40
    for name, value in values.items():
        setattr(data, name, value)
    target = io.BytesIO()
    pydicom.dcmwrite(target, data, enforce_file_format=True)
    return target.getvalue()


def halves(outcome: PreviewOutcome) -> tuple[int, int]:
    image = shown(outcome).convert("L")
    return image.getpixel((10, 20)), image.getpixel((70, 20))


FRAMES = b"".join(struct.pack("<H", value) * 3200 for value in (0, 4000, 0))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (0, 255)),
        ({"PhotometricInterpretation": "MONOCHROME1"}, (255, 0)),
        ({"WindowCenter": 300, "WindowWidth": 400}, (0, 128)),
        ({"WindowCenter": [300, 5], "WindowWidth": [400, 1]}, (0, 128)),
        ({"WindowCenter": 200, "WindowWidth": 400, "RescaleSlope": 2, "RescaleIntercept": -400}, (0, 128)),
        ({"WindowCenter": 300, "WindowWidth": 0}, (0, 255)),
        ({"NumberOfFrames": 3, "PixelData": FRAMES, "WindowCenter": 2000, "WindowWidth": 4000}, (255, 255)),
    ],
    ids=str,
)
def test_an_instance_is_shown_in_its_window_and_of_several_frames_the_middle_one(
    maker: PreviewMaker, values: dict[str, object], expected: tuple[int, int]
) -> None:
    found = halves(made(maker, instance(**values), DICOM))
    assert all(abs(one - other) < 12 for one, other in zip(found, expected, strict=True)), found


def test_pixels_in_a_form_that_is_not_decoded_are_named(maker: PreviewMaker) -> None:
    encapsulated = pydicom.encaps.encapsulate([b"\xff\xd8\xff\xd9"])
    data = instance(syntax=JPEGLosslessSV1, PixelData=encapsulated)
    assert made(maker, data, DICOM) is PreviewAbsence.FORMAT


@pytest.mark.parametrize(
    "name",
    [
        *("CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm", "examples_palette.dcm"),
        *("examples_rgb_color.dcm", "examples_ybr_color.dcm", "JPEG2000.dcm", "examples_overlay.dcm"),
    ],
)
def test_instances_of_others_have_a_preview(maker: PreviewMaker, name: str) -> None:
    path = get_testdata_file(name, download=False)
    assert path is not None, "pydicom brings this file"
    data = Path(str(path)).read_bytes()
    assert max(shown(made(maker, data, DICOM)).size) <= PREVIEW_SIDE


def test_a_file_of_its_own_is_opened_by_the_process(maker: PreviewMaker, tmp_path: Path) -> None:
    path = tmp_path / "image"
    path.write_bytes(WHOLE)
    with path.open("rb") as stream:
        found = maker.make(stream, file_of(WHOLE, "image/png"), PLAIN)
        assert stream.tell() == 0
    assert corners(shown(found)) == "1000"


@pytest.mark.parametrize(
    "answer",
    [
        "5",
        "[]",
        '"size"',
        '{"size": null}',
        '{"size": -1}',
        '{"size": 1e999}',
        '{"absence": []}',
        '{"absence": "damaged"}',
        '{"number": 0, "absence": "damaged"}',
        '{"number": 2, "absence": "damaged"}',
        '{"number": "1", "absence": "damaged"}',
        "[" * 39_000,
        "\x80",
    ],
)
def test_a_process_that_answers_anything_costs_one_preview(answer: str) -> None:
    code = f"sys.stdin.buffer.readline(); sys.stdout.buffer.write({answer!r}.encode('latin-1') + b'\\n')"
    with PreviewMaker() as maker:
        maker._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import sys; {code}; sys.stdout.flush(); sys.stdout.write('x' * 99999); sys.stdin.read()",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert made(maker, WHOLE, "image/png") is PreviewAbsence.TIME
        assert isinstance(made(maker, WHOLE, "image/png"), Preview)
