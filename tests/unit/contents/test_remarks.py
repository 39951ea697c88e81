"""What is worth a person's eye in a file: nothing in one, no end, a lock, a place."""

from __future__ import annotations

import hashlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis.strategies import binary
from pypdf import PdfReader, PdfWriter

from formats.contents.exif import has_position
from formats.contents.pdf import PdfState, pdf_state
from formats.contents.remarks import content_remarks
from formats.media_types import media_type
from formats.model.documents import Attachment
from samples.story.files import pdf
from tests.unit.contents.test_exif import jpeg, tiff

PDF = pdf("Courrier", "Une ligne")


def encrypted(password: str, algorithm: str = "AES-256") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PDF)))
    writer.encrypt(password, algorithm=algorithm)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def with_xref_stream(*, lock: bool) -> bytes:
    """Return the end of a file whose cross-reference table is a stream (PDF 1.5)."""
    head = b"%PDF-1.5\n"
    entry = b" /Encrypt 9 0 R" if lock else b""
    stream = b"7 0 obj << /Type /XRef /Size 8" + entry + b" >> stream\n/Encrypt\nendstream endobj\n"
    return head + stream + b"startxref\n" + str(len(head)).encode() + b"\n%%EOF\n"


def gps(order: str, tag: int = 2) -> bytes:
    """Return a TIFF structure whose GPS directory has one entry."""
    main = struct.pack(f"{order}HHHLLL", 1, 0x8825, 4, 1, 26, 0)
    directory = struct.pack(f"{order}HHHL4s", 1, tag, 5, 3, bytes(4)) + bytes(4)
    return (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HL", 42, 8) + main + directory


def codes(data: bytes) -> list[str]:
    digest = hashlib.sha256(data).hexdigest()
    attachment = Attachment(sha256=digest, size=len(data), media_type=media_type(data[:4096]))
    found = content_remarks(attachment, io.BytesIO(data), where="documents/1", name="Lettre.pdf")
    return [one.code for one in found if "Lettre.pdf" in one.text and one.where == "documents/1"]


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photograph_that_says_where(order: str) -> None:
    assert has_position(jpeg(gps(order)))
    assert not has_position(jpeg(gps(order, tag=1)))
    assert not has_position(jpeg(tiff(order)))
    assert codes(jpeg(gps(order)).getvalue()) == ["picture-with-position"]


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (PDF, PdfState.WHOLE),
        (b"junk before\n" + PDF, PdfState.WHOLE),
        (PDF + b"\n" * 900, PdfState.WHOLE),
        (PDF[:-30], PdfState.CUT),
        (PDF[: len(PDF) // 2], PdfState.CUT),
        (PDF[100:], PdfState.CUT),
        (b"", PdfState.CUT),
        (encrypted("secret"), PdfState.ENCRYPTED),
        (encrypted("", "RC4-128"), PdfState.ENCRYPTED),
        (with_xref_stream(lock=True), PdfState.ENCRYPTED),
        (with_xref_stream(lock=False), PdfState.WHOLE),
    ],
)
def test_the_end_of_a_pdf_tells(data: bytes, state: PdfState) -> None:
    assert pdf_state(io.BytesIO(data)) is state


def test_what_is_remarked_on() -> None:
    assert codes(b"") == ["file-empty"]
    assert codes(PDF) == []
    assert codes(PDF[:-30]) == ["document-damaged"]
    assert codes(encrypted("secret")) == ["document-encrypted"]
    assert codes(b"plain text") == []


@given(binary(max_size=3000))
def test_whatever_the_bytes_are_there_is_an_answer(data: bytes) -> None:
    pdf_state(io.BytesIO(data))
    pdf_state(io.BytesIO(b"%PDF-1.4\n" + data + b"startxref\n3\n%%EOF"))
    has_position(io.BytesIO(data))
    has_position(jpeg(data[:60000]))
