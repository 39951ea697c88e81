"""The frame of a JPEG file (ITU-T T.81, annex B), and whether its codestream is whole; nothing is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

MAX_SEGMENTS = 4096
"""Marker segments of one file; a profile of colours takes 256 of them at most, a camera some thirty."""
PIECE = 1 << 16
START, END, SCAN = 0xD8, 0xD9, 0xDA
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of frames, SOF0 to SOF15; C4, C8 and CC are tables and an extension (T.81, table B.1)."""
_HEADLESS = frozenset({0x01, *range(0xD0, 0xD8)})
_MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
_COLOURS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class JpegFrame:
    """What the frame header says: ``process`` is the number of its marker, SOF0 being baseline.

    ``luminance`` says that three components are luminance and colour differences (JFIF; Adobe technical note 5116),
    and not red, green and blue. ``density`` is in dots a millimetre, 0 where none is stated.
    """

    process: int
    bits: int
    width: int
    height: int
    components: int
    luminance: bool
    density: float


class JpegUnfit(FormatFailure):
    """A JPEG file that is none, is cut short, or is of a kind that nothing here takes."""

    code = "jpeg-unfit"
    sentence = mark("This JPEG file cannot be taken as it is: {reason}.")


@dataclass(slots=True)
class _Seen:
    """What segments before the frame say."""

    jfif: bool = False
    adobe: int | None = None
    density: float = 0.0


def read_jpeg_frame(stream: BinaryIO) -> JpegFrame:
    """Return the frame of the JPEG in ``stream``, which is read from its start to the end of its codestream.

    Raises:
        JpegUnfit: when it is none, or ends before its end.
        LimitExceeded: with more segments than any has.
    """
    if stream.read(2) != bytes((0xFF, START)):
        raise JpegUnfit(reason=mark("it does not begin as one"))
    seen, frame = _Seen(), None
    for _ in range(MAX_SEGMENTS):
        marker = _next_marker(stream)
        if marker == END:
            if frame is None:
                raise JpegUnfit(reason=mark("it has no frame"))
            return frame
        body = _segment(stream)
        if marker in FRAMES:
            if frame is not None:
                raise JpegUnfit(reason=mark("it has several frames"))
            frame = _frame(marker, body, seen)
        else:
            _note(marker, body, seen)
    raise LimitExceeded(name=mark("the number of segments"), found=MAX_SEGMENTS + 1, limit=MAX_SEGMENTS)


def _next_marker(stream: BinaryIO) -> int:
    """Return the next marker that is no restart; the bytes of a scan before it are passed over."""
    rest = b""
    while piece := stream.read(PIECE):
        data = rest + piece
        for found in _MARKER.finditer(data):
            marker: int = found[1][0]
            if marker not in _HEADLESS:
                stream.seek(found.end() - len(data), 1)
                return marker
        rest = b"\xff" if data.endswith(b"\xff") else b""
    raise JpegUnfit(reason=mark("it is cut short"))


def _segment(stream: BinaryIO) -> bytes:
    length = int.from_bytes(stream.read(2), "big") - 2
    body = stream.read(max(length, 0))
    if length < 0 or len(body) != length:
        raise JpegUnfit(reason=mark("it is cut short"))
    return body


def _frame(marker: int, body: bytes, seen: _Seen) -> JpegFrame:
    if len(body) < 6 or len(body) != 6 + 3 * body[5]:
        raise JpegUnfit(reason=mark("its frame is damaged"))
    width, height = int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big")
    if not width or not height:
        raise JpegUnfit(reason=mark("its frame has no size"))
    names = body[6::3]
    plain = seen.adobe == 0 if seen.adobe is not None else not seen.jfif and names == b"RGB"
    return JpegFrame(
        process=marker - 0xC0,
        bits=body[0],
        width=width,
        height=height,
        components=body[5],
        luminance=body[5] == _COLOURS and not plain,
        density=seen.density,
    )


def _note(marker: int, body: bytes, seen: _Seen) -> None:
    if marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 12:
        seen.jfif = True
        across, down = int.from_bytes(body[8:10], "big"), int.from_bytes(body[10:12], "big")
        unit = {1: 25.4, 2: 10.0}.get(body[7])
        seen.density = across / unit if unit and across == down else 0.0
    elif marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
        seen.adobe = body[11]
