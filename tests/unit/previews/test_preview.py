"""A preview in a page of others is a plain small JPEG file: one that hides anything is refused without decoding."""

from __future__ import annotations

import base64
import io
import random

import pytest
from PIL import Image

from formats.contents.preview_picture import FrameValues, frame_preview
from formats.previews.preview import (
    DATA_URI,
    MAX_PREVIEW_BYTES,
    PREVIEW_SIDE,
    PreviewInvalid,
    preview_of,
    preview_of_uri,
)


def jpeg(mode: str = "RGB", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    target = io.BytesIO()
    noise = Image.effect_noise(size, 60).convert(mode)
    noise.save(target, "JPEG", **options)
    return target.getvalue()


PLAIN = jpeg()
SEGMENT = PLAIN.index(b"\xff\xdb")


def inserted(segment: bytes, at: int = SEGMENT) -> bytes:
    return PLAIN[:at] + segment + PLAIN[at:]


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize(
    "options", [{}, {"optimize": True}, {"quality": 15}, {"subsampling": 0}, {"restart_marker_rows": 1}]
)
def test_a_plain_jpeg_of_any_making_passes(mode: str, options: dict[str, object]) -> None:
    found = preview_of(jpeg(mode, (320, 7), **options))
    assert (found.width, found.height) == (320, 7)
    assert preview_of_uri(found.uri) == found


HIDING = {
    "a comment": inserted(segment(0xFE, b"hidden")),
    "EXIF": jpeg(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"),
    "a colour profile": jpeg(icc_profile=b"x" * 200),
    "a second JFIF segment": inserted(PLAIN[2 : PLAIN.index(b"\xff\xdb")]),
    "a thumbnail": PLAIN[:18] + b"\x01\x01" + b"\0\0\0" + PLAIN[20:],
    "bytes behind its end": PLAIN + b"<script>" + b"\xff\xd9",
    "a ZIP archive behind its end": PLAIN + b"PK\x03\x04",
    "a second picture": PLAIN + PLAIN,
    "no end": PLAIN[:-2],
    "a table that is longer than what it holds": inserted(segment(0xDB, bytes(65) + b"hidden")),
    "codes that are longer than what they hold": inserted(segment(0xC4, bytes(17) + b"hidden")),
    "an empty table": inserted(segment(0xDB, b"")),
    "a marker without a segment": inserted(b"\xff\xd0"),
    "fill bytes": inserted(b"\xff\xff\xff"),
    "several scans": jpeg(progressive=True),
    "a width beyond the limit": jpeg(size=(PREVIEW_SIDE + 1, 8)),
    "a height beyond the limit": jpeg(size=(8, PREVIEW_SIDE + 1)),
    "four components": jpeg("CMYK"),
    "another kind of file": b"GIF89a" + PLAIN,
    "no content": b"",
    "too many bytes": PLAIN[:-2] + b"\0" * MAX_PREVIEW_BYTES + b"\xff\xd9",
    "no frame": PLAIN[: PLAIN.index(b"\xff\xc0")] + PLAIN[PLAIN.index(b"\xff\xc4") :],
}  # fmt: skip


@pytest.mark.parametrize("what", HIDING)
def test_a_picture_that_holds_more_is_refused(what: str) -> None:
    with pytest.raises(PreviewInvalid):
        preview_of(HIDING[what])


def test_whatever_is_cut_or_changed_ends_in_a_verdict() -> None:
    chance = random.Random(12)
    verdicts = set()
    for _ in range(3000):
        data = bytearray(PLAIN)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        end = chance.choice((len(data), chance.randrange(len(data))))
        try:
            verdicts.add(bool(preview_of(bytes(data[:end]))))
        except PreviewInvalid:
            verdicts.add(False)
    assert verdicts == {True, False}


ENCODED = base64.b64encode(PLAIN).decode()
SHORT = next(
    one for one in (base64.b64encode(jpeg(size=(64, n))).decode() for n in range(1, 60)) if one.endswith("==")
)


@pytest.mark.parametrize(
    "uri",
    [
        f"data:image/png;base64,{ENCODED}",
        f"data:image/jpeg;charset=x;base64,{ENCODED}",
        f"data:image/svg+xml;base64,{ENCODED}",
        f"DATA:image/jpeg;base64,{ENCODED}",
        f"{DATA_URI} {ENCODED}",
        f"{DATA_URI}{ENCODED[:40]}\n{ENCODED[40:]}",
        f"{DATA_URI}{ENCODED[:40]}%41{ENCODED[43:]}",
        f"{DATA_URI}{ENCODED.replace('+', '-').replace('/', '_')}",
        f"{DATA_URI}{ENCODED}#x",
        f"{DATA_URI}{ENCODED}=",
        DATA_URI,
        f"{DATA_URI}{SHORT[:-3]}{chr(ord(SHORT[-3]) + 1)}==",
        f"{DATA_URI}{'A' * 400_000}",
    ],
    ids=lambda uri: uri[:40] + "…" + uri[-4:],
)  # fmt: skip
def test_another_uri_of_the_same_or_another_kind_is_refused(uri: str) -> None:
    with pytest.raises(PreviewInvalid):
        preview_of_uri(uri)


def test_noise_in_colour_is_small_enough_and_the_window_of_a_frame_is_followed() -> None:
    noise = random.Random(1).randbytes(3 * 1280 * 1280)
    data = frame_preview(
        FrameValues(data=noise, width=1280, height=1280, colour=True),
        side=PREVIEW_SIDE,
        most=MAX_PREVIEW_BYTES,
    )
    assert preview_of(data).width == PREVIEW_SIDE
