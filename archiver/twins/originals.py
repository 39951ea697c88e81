"""Content of an original file as nodes and pages of its readable copy: text, letters, pictures, scans, PDF files."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.twins.clinical_text import clinical_content
from archiver.twins.errors import CopyRefused
from archiver.twins.letter_text import letter_text
from archiver.twins.nodes import Node, breakable, text_node
from archiver.twins.pdf_pages import draw_pages
from archiver.twins.request import MAX_CHARACTERS, CopyRequest, StandIn
from formats.cda.document import MAX_DOCUMENT_BYTES, MEDIA_TYPE as CLINICAL_DOCUMENT
from formats.contents.picture import decode_pictures
from formats.contents.view import PICTURE_TYPES
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

A4_DOTS = (1240, 1860)
"""Width and height in dots of a picture that fills a page between its margins: 180 an inch."""
MILLIMETRES = 165
"""Height of a picture below the heading of its copy."""
WHOLE_MILLIMETRES = 255
"""Height of a picture that has a page of its own."""
TEXT_TYPES = frozenset({"text/plain", "text/csv", "application/json"})
RTF_TYPES = frozenset({"application/rtf", "text/rtf"})
XML_TYPES = frozenset({CLINICAL_DOCUMENT, "application/xml", "text/xml"})
PDF = "application/pdf"

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(slots=True)
class CopyContent:
    """What a copy shows of a file: nodes below the heading, or pages that are pictures of their own."""

    body: list[Node]
    pages: list[Node]


class PictureFiles:
    """Pictures of one copy, as files in the folder that the typesetter sees; gone when the copy is made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._paths: list[Path] = []

    def add(self, data: bytes, media_type: str) -> str:
        """Write a picture; return its name for a template."""
        self._made += 1  # a name that the typesetter has not seen: it remembers files
        name = f"picture-{self._made}.{media_type.removeprefix('image/')}"
        path = self._folder / name
        with disk.failures_about(path):
            path.write_bytes(data)
        self._paths.append(path)
        return name

    def clear(self) -> None:
        """Remove the pictures of this copy."""
        while self._paths:
            disk.remove(self._paths.pop())


def shows(media_type: str) -> bool:
    """Tell whether the content of a file of ``media_type`` can be shown."""
    return media_type.partition(";")[0].lower() in _READERS


def read_content(request: CopyRequest, stream: BinaryIO, pictures: PictureFiles) -> CopyContent:
    """Return what the copy shows of the file in ``stream``.

    Raises:
        CopyRefused: with why a page stands in for it.
    """
    try:
        return _READERS[_media_type(request)](request, stream, pictures)
    except LimitExceeded as fault:
        raise CopyRefused(StandIn.LIMIT, fault) from fault
    except FormatFailure as fault:
        raise CopyRefused(StandIn.DAMAGED, fault) from fault
    except KeyError as fault:
        raise CopyRefused(StandIn.FORMAT) from fault


def _media_type(request: CopyRequest) -> str:
    """Return the media type of the file that is shown."""
    return request.original.media_type.partition(";")[0].lower() if request.original else ""


def _text(_: CopyRequest, stream: BinaryIO, __: PictureFiles) -> CopyContent:
    return CopyContent(body=[text_node(_decoded(_limited(stream)))], pages=[])


def _limited(stream: BinaryIO) -> bytes:
    data = stream.read(MAX_CHARACTERS + 1)
    if len(data) > MAX_CHARACTERS:
        name = mark("the size of the text in bytes")
        raise LimitExceeded(name=name, found=len(data), limit=MAX_CHARACTERS)
    return data


def _decoded(data: bytes) -> str:
    """Return text in UTF-8, in UTF-16 with a byte order mark, else as Windows programs of France write it."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _letter(_: CopyRequest, stream: BinaryIO, __: PictureFiles) -> CopyContent:
    return CopyContent(body=[text_node(letter_text(_limited(stream)))], pages=[])


def _clinical_document(request: CopyRequest, stream: BinaryIO, pictures: PictureFiles) -> CopyContent:
    found = clinical_content(stream.read(MAX_DOCUMENT_BYTES + 1))
    if found.file is None:
        return CopyContent(body=found.nodes, pages=[])
    wrapped = found.file.attachment
    if wrapped.media_type in XML_TYPES:  # one within another within another …
        raise CopyRefused(StandIn.FORMAT)
    with found.file.open() as inside:
        return read_content(replace(request, original=wrapped), inside, pictures)


def _picture(request: CopyRequest, stream: BinaryIO, pictures: PictureFiles) -> CopyContent:
    body: list[Node] = []
    for one in decode_pictures(stream, most=A4_DOTS, view=request.view):
        most = WHOLE_MILLIMETRES if body else MILLIMETRES
        body.append(
            {
                "image": pictures.add(one.data, one.media_type),
                "alt": f"{request.data['title']} ({len(body) + 1})" if body else request.data["title"],
                "width": one.width,
                "height": one.height,
                "most": most,
            }
        )
    return CopyContent(body=body, pages=[])


def _pages(request: CopyRequest, stream: BinaryIO, pictures: PictureFiles) -> CopyContent:
    pages = [
        {
            "image": pictures.add(one.data, one.media_type),
            "alt": f"{request.data['title']}, page {number}",
            "width": one.width,
            "height": one.height,
            "text": breakable(text),
        }
        for number, (one, text) in enumerate(draw_pages(stream), 1)
    ]
    return CopyContent(body=[], pages=pages)


_READERS: Mapping[str, Callable[[CopyRequest, BinaryIO, PictureFiles], CopyContent]] = {
    **dict.fromkeys(TEXT_TYPES, _text),
    **dict.fromkeys(RTF_TYPES, _letter),
    **dict.fromkeys(PICTURE_TYPES, _picture),
    **dict.fromkeys(XML_TYPES, _clinical_document),
    PDF: _pages,
}
