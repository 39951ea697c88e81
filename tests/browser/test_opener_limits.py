"""What would take all memory or time of OUVRIR.HTM, a few bytes that unfold to millions: refused at once."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.readers import Readers, reading

SECONDS = 5
"""Processor time that no refusal may take, on a machine however slow."""

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    with reading(tmp_path_factory.mktemp("readers")) as readers:
        yield readers


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "input"


def test_items_of_a_dicom_sequence_are_counted(readers: Readers, path: Path) -> None:
    """An item without anything in it is 8 bytes, and a deflated file holds a thousand times its own length of them."""
    item = struct.pack("<HHL", 0xFFFE, 0xE000, 0)
    sequence = struct.pack("<HH2s2xL", 0x0008, 0x1140, b"SQ", 500_000 * len(item)) + 500_000 * item
    syntax = b"1.2.840.10008.1.2.1\0"
    meta = struct.pack("<HH2sH", 0x0002, 0x0010, b"UI", len(syntax)) + syntax
    path.write_bytes(bytes(128) + b"DICM" + meta + sequence)
    assert readers("image", path)["reason"] == "it has too many elements"


def test_corners_of_a_face_are_counted(readers: Readers, path: Path) -> None:
    for corners, reason in ((255, None), (256, "a face has too many corners"), (3_000_000, None)):
        path.write_text(
            "v 0 0 0\nv 1 0 0\nv 0 1 0\nf " + "1 2 3 " * (corners // 3) + "1 " * (corners % 3) + "\n"
        )
        answer = readers("scan", path, "obj")
        if corners == 255:
            assert answer["triangles"] == 253
        else:
            assert answer["reason"] == (reason or "a face has too many corners")
        assert answer["processor"] < SECONDS


def test_a_long_object_identifier_is_none(readers: Readers, path: Path) -> None:
    """Its numbers have no limit, and to shift one of a million bits a million times takes hours."""
    for size in (10, 128, 129, 200_000):
        content = b"\x2a" + b"\x81" * (size - 2) + b"\x01"
        path.write_bytes(b"\x06" + _length(size) + content)
        answer = readers("oid", path)
        assert ("oid" in answer) == (size <= 128), size
        assert answer["processor"] < SECONDS


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    data = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(data)]) + data


def test_elements_of_der_are_counted(readers: Readers, path: Path) -> None:
    path.write_bytes(b"\x05\x00" * (1 << 20))
    assert readers("elements", path)["count"] == 1 << 20
    path.write_bytes(b"\x05\x00" * ((1 << 20) + 1))
    assert readers("elements", path)["refused"] == "NotDer"


def test_elements_inside_one_of_a_signed_list_are_counted(readers: Readers, path: Path) -> None:
    path.write_text(f"<a>{'<b><c/></b>' * 5_000}</a>", encoding="utf-8")
    assert len(readers("xml", path)["found"]) == 5_001
    path.write_text(f"<a><b>{'<c/>' * 2_001}</b></a>", encoding="utf-8")
    assert readers("xml", path)["found"] is None


def test_values_of_json_are_counted(readers: Readers, path: Path) -> None:
    path.write_text(f"[{'0,' * 3_999_998}0]", encoding="utf-8")
    assert readers("json", path)["parsed"] is True
    path.write_text(f"[{'[],' * 4_000_000}0]", encoding="utf-8")
    assert readers("json", path)["reason"] == "it has too many values"


CANONICAL = [
    '{"a":1,"b":[true,null,"é"]}',
    '{"":"\\u0001\\n"}',
    "[]",
    '"x"',
    "-1",
    '{"__proto__":{"a":1}}',
    '{"1":0,"2":0}',
]
LAX = [
    '{"a":1,"a":2}',
    '{"b":1,"a":2}',
    '{"a": 1}',
    '"\\ud800"',
    '"\\u00e9"',
    "1.0",
    "1e2",
    "-0",
    "01",
    "9007199254740993",
    "9007199254740992",
    "1e400",
    "NaN",
    '{"a":1}x',
    "{'a':1}",
    "",
    '"\\/"',
    '"\t"',
    "[1,]",
    "[" * 66 + "]" * 66,
    "[" * 30_000,
]


def test_a_line_is_canonical_by_the_quick_reader_where_it_is_by_the_strict_one(
    readers: Readers, path: Path
) -> None:
    path.write_text("\n".join([*CANONICAL, *LAX, "1e+21", "0.5"]), encoding="utf-8", newline="")
    found = readers("lines", path)["found"]
    # the strict one leaves a number that is not whole to whoever asks for one
    assert all(quick in (None, strict) for quick, strict in found)
    assert [one for one, _ in found[: len(CANONICAL)]] == CANONICAL
    assert {one for one, _ in found[len(CANONICAL) : -2]} <= {None, "9007199254740992"}


def test_a_long_cell_is_read(readers: Readers, path: Path) -> None:
    path.write_text('"' + 'a""' * 4_000_000 + '";"b"\r\n', encoding="utf-8", newline="")
    assert readers("csv", path)["lengths"] == [[8_000_000, 1]]
    for malformed in ('"a";', '"a"b"', "a", '"a', '"a"\n', '"a""', '"a";;"b"'):
        path.write_text(malformed, encoding="utf-8", newline="")
        assert readers("csv", path)["code"] == "table-unreadable", malformed
    path.write_text('"a";"b"\r\n"";"c"', encoding="utf-8", newline="")
    assert readers("csv", path)["lengths"] == [[1, 1], [0, 1]]


FORMS = {
    "PNG": {},
    "GIF": {},
    "BMP": {},
    "JPEG": {},
    "JPEG progressive": {"progressive": True, "exif": Image.Exif().tobytes()},
    "WEBP": {},
    "WEBP lossless": {"lossless": True},
    "WEBP with more": {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0"},
}


@pytest.mark.parametrize("form", FORMS)
def test_the_size_of_a_picture_is_known_before_it_is_drawn(readers: Readers, path: Path, form: str) -> None:
    target = io.BytesIO()
    Image.new("RGB", (231, 17), "teal").save(target, form.split(maxsplit=1)[0], **FORMS[form])
    data = target.getvalue()
    path.write_bytes(data)
    assert readers("size", path)["size"] == [231, 17]
    for length in range(0, min(len(data), 200), 7):
        path.write_bytes(data[:length])
        assert readers("size", path)["size"] in (None, [231, 17])


def test_what_is_no_picture_has_no_size(readers: Readers, path: Path) -> None:
    for data in (b"", b"\xff\xd8" * 40, b"BM", b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 3, bytes(100)):
        path.write_bytes(data)
        assert readers("size", path)["size"] is None
