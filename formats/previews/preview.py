"""A preview as a page holds it: a small JPEG file with nothing in it besides its picture, or why there is none.

The rules are those of "Previews" in ``docs/en/format/patient-archive.md``, which a reader follows without decoding:

1. A ``data:`` URI of ``image/jpeg`` in base64 (RFC 4648 §4), as it is written: no other form of it decodes alike.
2. At most ``MAX_PREVIEW_BYTES``; a baseline JPEG (ITU-T T.81, process 1) of one scan, in grey or of three components,
   no side longer than ``PREVIEW_SIDE`` pixels.
3. No segment besides one APP0 (JFIF 1.0x, without a thumbnail), DQT, SOF0, DHT, DRI and SOS, each of exactly the
   length that its content has; after the scan EOI, and nothing after that.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from formats.contents.view import PICTURE_TYPES, PictureView
from formats.model.documents import Attachment

PREVIEW_SIDE = 320
"""Pixels of the longer side; the card of a page is 250 wide."""
MAX_PREVIEW_BYTES = 40 << 10
"""Bytes of a preview; a radiograph has some 10,000, noise in colour 32,000. With 40 of them a page has under 2.2 MB."""
PREVIEW_FORM = 1
"""Raised when previews are made otherwise: those made before are made again."""
MAX_PREVIEWS = 200
"""Previews of one page; of what comes after them it names the reason ``many``."""
MAX_FILE_BYTES = 512 << 20
"""Bytes of a file of which a preview is made; a volume of 512 slices has 270 MB in one file."""
DICOM = "application/dicom"
PREVIEW_TYPES = PICTURE_TYPES | {DICOM}
"""Media types of files of which a preview is made."""
DATA_URI = "data:image/jpeg;base64,"
MAX_URI = len(DATA_URI) + (MAX_PREVIEW_BYTES + 2) // 3 * 4
"""Characters of the URI of a preview."""

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_JFIF = re.compile(rb"JFIF\x00\x01[\x00-\x02][\x00-\x02]....\x00\x00", re.DOTALL)
_MARKER = re.compile(rb"\xff(?![\x00\xd0-\xd7])", re.DOTALL)
"""The first marker after a scan: neither a stuffed zero nor a restart (T.81 §B.1.1.5, §B.2.1)."""
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_APP0, _DQT, _SOF0, _DHT, _DRI, _SOS = 0xE0, 0xDB, 0xC0, 0xC4, 0xDD, 0xDA


class PreviewAbsence(StrEnum):
    """Why a page has no preview of a file."""

    NOT_MADE = "not-made"
    FORMAT = "format"
    EMPTY = "empty"
    DAMAGED = "damaged"
    LIMIT = "limit"
    TIME = "time"
    MANY = "many"


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """A preview: the bytes of a JPEG file as ``preview_of`` takes it, and the size of its picture in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def uri(self) -> str:
        """The ``data:`` URI that a page shows."""
        return DATA_URI + base64.b64encode(self.data).decode("ascii")


PreviewOutcome = Preview | PreviewAbsence
Previews = Callable[[Attachment, PictureView], PreviewOutcome]
"""Return the preview of a file as a viewer showed it, or why there is none; raises nothing because of its content."""


def no_previews(_: Attachment, __: PictureView) -> PreviewOutcome:
    """Return for every file that no preview was made."""
    return PreviewAbsence.NOT_MADE


def absence_of(file: Attachment) -> PreviewAbsence | None:
    """Return why there can be no preview of a file, as far as that is known before it is opened."""
    if not file.size:
        return PreviewAbsence.EMPTY
    known = file.media_type.partition(";")[0].lower() in PREVIEW_TYPES
    return None if known else PreviewAbsence.FORMAT


class PreviewInvalid(ValueError):
    """What is no preview by the rules: it may hold anything besides what it shows."""


def preview_of_uri(uri: str) -> Preview:
    """Return the preview that a page of others holds.

    Raises:
        PreviewInvalid: when it is none by the rules.
    """
    if len(uri) > MAX_URI or not uri.startswith(DATA_URI) or not _BASE64.fullmatch(uri, len(DATA_URI)):
        raise PreviewInvalid
    try:
        data = base64.b64decode(uri[len(DATA_URI) :], validate=True)
    except binascii.Error as fault:
        raise PreviewInvalid from fault
    found = preview_of(data)
    if found.uri != uri:  # bits behind the last byte
        raise PreviewInvalid
    return found


def preview_of(data: bytes) -> Preview:
    """Return the JPEG file ``data`` as a preview.

    Raises:
        PreviewInvalid: when it is none by the rules.
    """
    if len(data) > MAX_PREVIEW_BYTES or not data.startswith(_SOI) or not data.endswith(_EOI):
        raise PreviewInvalid
    try:
        width, height = _walked(data)
    except (LookupError, ValueError) as fault:
        raise PreviewInvalid from fault
    return Preview(data=data, width=width, height=height)


def _walked(data: bytes) -> tuple[int, int]:
    """Return width and height; raises LookupError or ValueError for whatever is not as the rules have it."""
    at, size, seen = len(_SOI), (0, 0), set[int]()
    while True:
        if data[at] != 0xFF:
            raise ValueError
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        content = data[at + 4 : at + 2 + length]
        if length < 2 or len(content) != length - 2 or not _LENGTHS[marker](content):
            raise ValueError
        if marker in _ONCE & seen or (marker == _APP0) != (at == len(_SOI)):
            raise ValueError
        seen.add(marker)
        at += 2 + length
        if marker == _SOF0:
            size = int.from_bytes(content[3:5], "big"), int.from_bytes(content[1:3], "big")
        if marker == _SOS:
            break
    end = _MARKER.search(data, at)
    if end is None or end.start() != len(data) - len(_EOI) or _NEEDED - seen:
        raise ValueError
    return size


def _is_frame(content: bytes) -> bool:
    height, width = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big")
    return (
        content[0] == 8
        and content[5] in {1, 3}
        and len(content) == 6 + 3 * content[5]
        and 0 < width <= PREVIEW_SIDE
        and 0 < height <= PREVIEW_SIDE
    )


def _is_scan(content: bytes) -> bool:
    return content[0] in {1, 3} and len(content) == 4 + 2 * content[0] and content[-3:] == b"\x00\x3f\x00"


def _are_quantizers(content: bytes) -> bool:
    """Tell whether there are tables of 8 bits alone, each with its number and 64 values."""
    return bool(content) and len(content) % 65 == 0 and all(one < 4 for one in content[::65])


def _are_codes(content: bytes) -> bool:
    """Tell whether there are Huffman tables alone, each with its class and number, 16 counts and their values."""
    at = 0
    while at < len(content):
        if content[at] not in {0, 1, 16, 17}:
            return False
        at += 17 + sum(content[at + 1 : at + 17])
    return bool(content) and at == len(content)


_LENGTHS: Mapping[int, Callable[[bytes], bool]] = {
    _APP0: lambda content: bool(_JFIF.fullmatch(content)),
    _DQT: _are_quantizers,
    _SOF0: _is_frame,
    _DHT: _are_codes,
    _DRI: lambda content: len(content) == 2,
    _SOS: _is_scan,
}
"""The segments there may be, and what their content has to be."""
_ONCE = frozenset({_APP0, _SOF0, _DRI})
_NEEDED = frozenset({_APP0, _DQT, _SOF0, _DHT, _SOS})
