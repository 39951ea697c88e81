"""What OUVRIR.HTM decodes is what pydicom decodes; and what is hostile is refused in one sentence, in time."""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate, generate_frames

from tests.browser.dicom_samples import Array, expected_pixels, gather
from tests.browser.opener import OPENER
from tests.browser.readers import Readers, reading

SYNTAXES = 13
"""Four that do not compress, RLE, JPEG in four ways, JPEG-LS and JPEG 2000 in two each."""
IRREVERSIBLE = 1
"""Steps of the 65,536 of a pixel by which the irreversible wavelet may differ from machine to machine."""
HOSTILE = 250
PATIENCE = 20.0
SENTENCES = OPENER / "src" / "screen" / "words" / "viewer.ts"

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return gather(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    with reading(tmp_path_factory.mktemp("readers")) as readers:
        yield readers


def decoded(path: Path, like: Array) -> Array:
    kind = (
        "u1"
        if like.ndim >= 3 and like.shape[-1] == 3
        else "i2"
        if np.issubdtype(like.dtype, np.signedinteger)
        else "u2"
    )
    return np.frombuffer(path.with_name(path.name + ".raw").read_bytes(), kind).reshape(like.shape)


def test_pixels_are_those_of_pydicom(readers: Readers, samples: list[Path]) -> None:
    syntaxes = set()
    for path in samples:
        answer = readers("image", path)
        assert "head" in answer, (path.name, answer)
        syntaxes.add(answer["head"]["syntax"])
        expected = expected_pixels(path)
        difference = np.abs(decoded(path, expected).astype(int) - expected.astype(int))
        # the irreversible wavelet is reckoned in fractions, which processors round in ways of their own
        allowed = IRREVERSIBLE if "real" in path.name or path.name == "pydicom-JPEG2000.dcm" else 0
        assert difference.max() <= allowed, (path.name, difference.max())
        assert difference.mean() <= allowed / 10, (path.name, difference.mean())
    assert len(syntaxes) == SYNTAXES
    assert len(samples) > 90


def test_what_is_hostile_is_refused_in_one_sentence(
    readers: Readers, samples: list[Path], tmp_path: Path
) -> None:
    """Changed bytes, missing ends, dimensions that lie: no fault but a refusal, and none takes long."""
    chance = random.Random(11)
    small = [one for one in samples if one.stat().st_size < 40_000]
    spoken = set()
    for number in range(HOSTILE):
        data = bytearray(chance.choice(small).read_bytes())
        tail = data.find(b"\xe0\x7f\x10\x00")
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(max(132, tail), len(data))] = chance.choice(
                [0, 1, 127, 128, 255, chance.randrange(256)]
            )
        if number % 3 == 0:
            del data[chance.randrange(132, len(data)) :]
        if number % 5 == 0:
            for tag in (b"\x28\x00\x10\x00US", b"\x28\x00\x11\x00US"):
                if (at := data.find(tag)) > 0:
                    data[at + 8 : at + 10] = struct.pack(
                        "<H", chance.choice([0, 1, 65_535, chance.randrange(65_536)])
                    )
        path = tmp_path / "hostile.dcm"
        path.write_bytes(data)
        answer = readers("image", path)
        assert "unexpected" not in answer, (number, answer["unexpected"])
        assert answer["seconds"] < PATIENCE
        if "head" not in answer:
            assert answer["code"] == "image-unreadable"
            spoken.add(answer["reason"])
    assert len(spoken) >= 5


def named(samples: list[Path], name: str) -> Path:
    return next(one for one in samples if one.name == f"{name}.dcm")


def with_frame(sample: Path, frame: bytes, target: Path, **facts: int) -> Path:
    """The data set of ``sample`` with another frame, and what ``facts`` say of it."""
    dataset = pydicom.dcmread(sample)
    for name, value in facts.items():
        setattr(dataset, name, value)
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].is_undefined_length = True
    dataset.save_as(target)
    return target


def frame_of(sample: Path) -> bytearray:
    return bytearray(next(generate_frames(pydicom.dcmread(sample).PixelData, number_of_frames=1)))


TILE_PART = b"\xff\x90\x00\x0a"
SIZE, PIXELS, BITS, KIND, CUT, PIXELS_CUT = (
    "its pixels have another size than it says",
    "it has more pixels than this page takes",
    "its samples have more bits than it says",
    "its kind of JPEG 2000 is none that this page draws",
    "it is cut short",
    "its pixels are cut short",
)


@pytest.mark.parametrize(
    ("name", "at", "put", "facts", "reason"),
    [
        ("openjpeg-plain-grey", 8, struct.pack(">II", 8192, 8192), {}, SIZE),
        (
            "openjpeg-plain-grey",
            8,
            struct.pack(">II", 16384, 16384),
            {"Rows": 16384, "Columns": 16384},
            PIXELS,
        ),
        ("openjpeg-plain-grey", 0, b"", {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}, BITS),
        ("openjpeg-plain-grey", 42, b"\x1f", {}, KIND),
        ("openjpeg-plain-grey", 43, b"\x02", {}, KIND),
        # one tile of 62,500, of 123 x 97 pixels, of which the codestream has one
        ("openjpeg-plain-grey", 8, struct.pack(">II", 250, 250), {"Rows": 250, "Columns": 250}, PIXELS_CUT),
        ("openjpeg-tiles-grey", TILE_PART, b"\xff\x90\x00\x0a\x00\x01", {}, PIXELS_CUT),
        ("openjpeg-plain-grey", -20, None, {}, PIXELS_CUT),
        ("dcmtk-jpeg-ls-MR_small", 5, b"\x20\x00", {}, SIZE),
        ("dcmtk-jpeg-ls-MR_small", 0, b"", {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}, BITS),
        ("dcmtk-jpeg-ls-MR_small", -2215, None, {}, CUT),
    ],
)
def test_a_head_that_lies_is_refused_before_it_is_decoded(
    readers: Readers,
    samples: list[Path],
    tmp_path: Path,
    name: str,
    at: int | bytes,
    put: bytes | None,
    facts: dict[str, int],
    reason: str,
) -> None:
    """``put`` stands at ``at`` of the frame; or as many bytes are missing at its end."""
    sample = named(samples, name)
    frame = frame_of(sample)
    place = frame.index(at) if isinstance(at, bytes) else at
    if put is None:
        del frame[place:]
    else:
        start = place + (frame.index(b"\xff\xf7") if "jpeg-ls" in name and put else 0)
        frame[start : start + len(put)] = put
    answer = readers("image", with_frame(sample, bytes(frame), tmp_path / "lying.dcm", **facts))
    assert (answer.get("code"), answer.get("reason")) == ("image-unreadable", reason)
    assert answer["processor"] < 1


@pytest.mark.parametrize("encoding", ["openjpeg-plain", "dcmtk-jpeg-ls", "dcmtk-lossless"])
def test_other_colours_than_stated_are_refused(
    readers: Readers, samples: list[Path], tmp_path: Path, encoding: str
) -> None:
    grey, colour = (
        ("openjpeg-plain-grey", "openjpeg-plain-colour")
        if encoding == "openjpeg-plain"
        else (f"{encoding}-MR_small", f"{encoding}-SC_rgb_small_odd")
    )
    facts = {} if encoding == "openjpeg-plain" else {"Rows": 64, "Columns": 64}
    frame = bytes(frame_of(named(samples, grey)))
    answer = readers("image", with_frame(named(samples, colour), frame, tmp_path / "one.dcm", **facts))
    assert answer.get("reason") == "it has another number of colours than it says"


def test_many_tiles_get_no_more_memory_than_the_picture_may_need(
    readers: Readers, samples: list[Path], tmp_path: Path
) -> None:
    """62,500 tiles of one pixel, all there and all empty: OpenJPEG would take hundreds of megabytes."""
    sample = named(samples, "openjpeg-plain-grey")
    frame = frame_of(sample)
    frame[8:16], frame[24:32] = struct.pack(">II", 250, 250), struct.pack(">II", 1, 1)
    head = frame[: frame.index(TILE_PART)]
    parts = b"".join(TILE_PART + struct.pack(">HIBB", tile, 14, 0, 1) + b"\xff\x93" for tile in range(62_500))
    path = with_frame(
        sample, bytes(head) + parts + b"\xff\xd9", tmp_path / "tiles.dcm", Rows=250, Columns=250
    )
    answer = readers("image", path)
    assert (answer["code"], answer["reason"]) == (
        "image-unreadable",
        "it needs more memory than this page gives it",
    )


def lossless(scanned: tuple[int, ...]) -> bytes:
    """JPEG lossless of two pixels of three components, one scan with ``scanned``: 52, then -180."""
    frame = b"\xff\xc3" + struct.pack(">HBHHB", 17, 8, 1, 2, 3) + bytes([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
    table = b"\xff\xc4" + struct.pack(">HB", 21, 0) + bytes([1, 1, *[0] * 14, 7, 8])
    count = len(scanned)
    scan = b"\xff\xda" + struct.pack(">HB", 6 + 2 * count, count)
    scan += b"".join(bytes([one, 0]) for one in scanned) + b"\x01\x00\x00"
    bits = ("0" + f"{127 - 76:07b}") * count + ("10" + f"{255 - 180:08b}") * count
    bits += "1" * (-len(bits) % 8)
    coded = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    assert b"\xff" not in coded
    return b"\xff\xd8" + table + frame + scan + coded + b"\xff\xd9"


def test_differences_beyond_the_precision_wrap_around(
    readers: Readers, samples: list[Path], tmp_path: Path
) -> None:
    """As ultrasound devices write them: 52 and a difference of -180 are 128 (T.81, H.2.1), in colours too."""
    sample = named(samples, "dcmtk-lossless-SC_rgb_small_odd")
    path = with_frame(sample, lossless((1, 2, 3)), tmp_path / "w.dcm", Rows=1, Columns=2)
    expected = np.array([[[52] * 3, [128] * 3]], "u1")
    assert "head" in readers("image", path)
    assert np.array_equal(decoded(path, expected), expected)
    assert np.array_equal(expected_pixels(path), expected)


def test_a_component_without_a_scan_is_missing(readers: Readers, samples: list[Path], tmp_path: Path) -> None:
    sample = named(samples, "dcmtk-lossless-SC_rgb_small_odd")
    path = with_frame(sample, lossless((1, 2)), tmp_path / "two.dcm", Rows=1, Columns=2)
    assert readers("image", path).get("reason") == PIXELS_CUT


def test_every_reason_has_its_french() -> None:
    english = set()
    for path in (OPENER / "src").rglob("*.ts"):
        text = path.read_text(encoding="utf-8")
        english |= set(re.findall(r'\bcannot(?:Scan)?\("([^"]+)"\)', text))
        english |= set(re.findall(r'"image-unreadable", \w*"?"?, "([^"]+)"', text))
        english |= set(re.findall(r'\bend\("([^"]+)"\)', text))
    assert len(english) > 40
    known = set(re.findall(r'^  "([^"]+)": "', SENTENCES.read_text(encoding="utf-8"), re.MULTILINE))
    assert english <= known, english - known
    sources = [one for one in (OPENER / "src").rglob("*.ts") if one != SENTENCES]
    spoken = "".join(one.read_text(encoding="utf-8") for one in sources)
    assert {one for one in known if f'"{one}"' not in spoken} == set()
