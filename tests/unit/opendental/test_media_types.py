"""What a file is, whatever its name claims."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, strategies as st

from formats.media_types import HEAD, media_type
from tests.material import material

TRIANGLE = struct.pack("<12fH", *[0.25] * 12, 0)


def _zip(*names: str, first: tuple[str, bytes] | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        if first:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"%PDF-1.7\n", "a.jpg", "application/pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.pdf", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "", "image/png"),
        (b"II*\0", "", "image/tiff"),
        (b"MM\0*", "", "image/tiff"),
        (b"GIF89a", "", "image/gif"),
        (b"BM" + struct.pack("<IHHI", 70, 0, 0, 54) + b"\0" * 20, "", "image/bmp"),
        (b"BMW et autres voitures", "", "text/plain"),
        (b"\0" * 128 + b"DICM", "a.txt", "application/dicom"),
        (b"\0" * 128 + b"DICM encapsulated %PDF-1.4", "a.pdf", "application/dicom"),
        (b"junk of a mail program %PDF-1.4", "a", "application/pdf"),
        (_zip("a", first=("letter.pdf", b"%PDF-1.4")), "a.pdf", "application/zip"),
        (b"solid scan\n facet normal 0 0 1\n", "", "model/stl"),
        (b"solid ground is what we need", "", "text/plain"),
        (b"title".ljust(80) + struct.pack("<I", 2) + TRIANGLE * 2, "a.stl", "model/stl"),
        (b"title".ljust(80) + struct.pack("<I", 3) + TRIANGLE * 2, "a.stl", "application/octet-stream"),
        ((b"title".ljust(80) + struct.pack("<I", 500) + TRIANGLE * 500)[:HEAD], "a.stl", "model/stl"),
        (b"ply\nformat ascii 1.0\n", "", "model/ply"),
        (b"# scan\nv 1.0 2 3\nv 1 2 3\nv -1 2e-3 3\nf 1 2 3\n", "", "model/obj"),
        (b'\n<HPS version="1.1">\n<Packed_geometry>', "a.dcm", "application/xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "", "application/xml"),
        (b"<!DOCTYPE html><html>", "", "text/html"),
        (b"{\\rtf1\\ansi", "a.doc", "application/rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20, "a.DOC", "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20, "a", "application/x-ole-storage"),
        (_zip("a.txt"), "a.docx", "application/zip"),
        (
            _zip("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
            "a.bin",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            _zip("[Content_Types].xml", "xl/workbook.xml"),
            "",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            _zip("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.text")),
            "",
            "application/vnd.oasis.opendocument.text",
        ),
        ("Préfère le matin.\n".encode(), "", "text/plain"),
        ("Préfère le matin.\r\n".encode("cp1252"), "", "text/plain"),
        ("\ufeffé".encode("utf-16-le"), "", "text/plain"),
        (b"", "a.txt", "application/octet-stream"),
        (b"\0\1\2\3", "a.jpg", "application/octet-stream"),
    ],
)
def test_content_decides(head: bytes, name: str, expected: str) -> None:
    assert media_type(head, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("3shape-scan-not-dicom.dcm", "application/xml"),
        ("dicom4ortho_XC.dcm", "application/dicom"),
        ("panoramic-2784x1342.png", "image/png"),
        ("panoramic.jpg", "image/jpeg"),
        ("photo-with-exif.jpg", "image/jpeg"),
    ],
)
def test_files_of_other_people(name: str, expected: str) -> None:
    with material("imaging", name).open("rb") as stream:
        assert media_type(stream.read(HEAD), name) == expected


@given(st.binary(max_size=200), st.text(max_size=10))
def test_any_bytes_have_a_media_type(head: bytes, name: str) -> None:
    kind = media_type(head, name)
    assert kind.count("/") == 1
