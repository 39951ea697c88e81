"""The time a camera wrote into a JPEG file, and the many ways of writing it wrongly."""

from __future__ import annotations

import io
import struct
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import binary

from formats.contents.exif import taken_at
from tests.material import material

TAKEN = b"2024:02:21 17:05:09\0"


def tiff(order: str, *, pointer: int = 26, taken: bytes = TAKEN, offset: bytes = b"") -> bytes:
    """Return a TIFF structure with a main and an EXIF directory in byte order ``order``."""
    main = struct.pack(f"{order}HHHLLL", 1, 0x8769, 4, 1, pointer, 0)
    texts = 26 + 2 + 12 * (2 if offset else 1) + 4
    entries = struct.pack(f"{order}HHLL", 0x9003, 2, len(taken), texts)
    if offset:
        entries += struct.pack(f"{order}HHLL", 0x9011, 2, len(offset), texts + len(taken))
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HL", 42, 8)
    exif = struct.pack(f"{order}H", 2 if offset else 1) + entries + bytes(4)
    return head + main + exif + taken + offset


def jpeg(block: bytes, before: bytes = b"\xff\xe0\0\x04ab") -> io.BytesIO:
    """Return a JPEG beginning with an EXIF segment."""
    body = b"Exif\0\0" + block
    return io.BytesIO(
        b"\xff\xd8" + before + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xda"
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders(order: str) -> None:
    assert taken_at(jpeg(tiff(order))) == datetime(2024, 2, 21, 17, 5, 9)  # noqa: DTZ001 (no zone written)


@pytest.mark.parametrize("blank", [b"  :  :  ", b"        "])
def test_a_day_with_a_blank_time_is_a_day(blank: bytes) -> None:
    taken = taken_at(jpeg(tiff("<", taken=b"2024:02:21 " + blank + b"\0")))
    assert type(taken) is date and taken == date(2024, 2, 21)


def test_the_offset_of_the_camera() -> None:
    taken = taken_at(jpeg(tiff("<", offset=b"-03:30\0")))
    assert taken is not None
    assert taken.isoformat() == "2024-02-21T17:05:09-03:30"


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"II",
        b"XX*\0" + bytes(20),
        tiff("<", pointer=8),
        tiff("<", pointer=0xFFFF_FFF0),
        tiff("<", taken=b"2024:13:45 99:99:99\0"),
        tiff("<", taken=b"    :  :     :  :  \0"),
        tiff("<", taken=b"0000:00:00 00:00:00\0"),
        tiff("<")[:50],
        tiff("<")[:8] + b"\xff\xff" + tiff("<")[10:],
    ],
)
def test_damaged_data_counts_as_none(block: bytes) -> None:
    assert taken_at(jpeg(block)) is None


def test_a_photograph_of_a_real_camera() -> None:
    with material("imaging", "photo-with-exif.jpg").open("rb") as stream:
        assert taken_at(stream) == datetime(2022, 11, 18, 17, 13, 29)  # noqa: DTZ001 (no zone written)
    with material("imaging", "panoramic.jpg").open("rb") as stream:
        assert taken_at(stream) is None


@given(binary(max_size=300))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    taken_at(io.BytesIO(b"\xff\xd8" + content))
    found = taken_at(jpeg(b"II*\0\x08\0\0\0" + content))
    assert found is None or found.year > 0
