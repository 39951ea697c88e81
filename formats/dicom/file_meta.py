"""File meta information (PS3.10, 7.1): what a data set that came over the network is written behind."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from formats.dicom.attributes import plain_value
from formats.dicom.header import PREFIX_END, HeaderUnreadable, read_meta_group, understanding
from formats.dicom.stream import HeaderStream
from formats.words import mark

IMPLEMENTATION = "2.25.326014460019228910159990679713685022145"
"""Implementation class UID of this program (PS3.7, D.3.3.2)."""
_GROUP_LENGTH, _VERSION, _CLASS, _INSTANCE, _SYNTAX, _IMPLEMENTATION, _SOURCE = 0, 1, 2, 3, 0x10, 0x12, 0x16


@dataclass(frozen=True, kw_only=True, slots=True)
class FileMeta:
    """What names the data set of a file, and how it is written."""

    sop_class: str
    sop_instance: str
    transfer_syntax: str
    source_title: str = ""


def file_meta_bytes(meta: FileMeta) -> bytes:
    """Return preamble, prefix and file meta information; the data set follows as it is.

    Raises:
        UnicodeEncodeError: when a value is not ASCII.
    """
    group = b"".join(
        (
            _element(_VERSION, b"OB", b"\0\1"),
            _element(_CLASS, b"UI", meta.sop_class.encode("ascii")),
            _element(_INSTANCE, b"UI", meta.sop_instance.encode("ascii")),
            _element(_SYNTAX, b"UI", meta.transfer_syntax.encode("ascii")),
            _element(_IMPLEMENTATION, b"UI", IMPLEMENTATION.encode("ascii")),
            *([_element(_SOURCE, b"AE", meta.source_title.encode("ascii"))] if meta.source_title else ()),
        )
    )
    length = _element(_GROUP_LENGTH, b"UL", struct.pack("<L", len(group)))
    return bytes(PREFIX_END - 4) + b"DICM" + length + group


def _element(number: int, representation: bytes, value: bytes) -> bytes:
    """Return an element of group 0002 in explicit VR little endian (PS3.5, 7.1.2)."""
    padded = value + (b"\0" if representation in {b"UI", b"OB"} else b" ") * (len(value) % 2)
    length = struct.pack("<HL", 0, len(padded)) if representation == b"OB" else struct.pack("<H", len(padded))
    return struct.pack("<HH2s", 2, number, representation) + length + padded


def read_file_meta(stream: BinaryIO) -> tuple[FileMeta, int]:
    """Return the file meta information of a DICOM file, and where its data set begins; what it lacks is empty.

    Raises:
        HeaderUnreadable, LimitExceeded: when there is none, or none that holds together.
    """
    limited = HeaderStream(stream)
    limited.seek(PREFIX_END - 4)
    if limited.read(4) != b"DICM":
        raise HeaderUnreadable(reason=mark("it has no file meta information"))
    with understanding():
        group = read_meta_group(limited)
    meta = FileMeta(
        sop_class=plain_value(group, "MediaStorageSOPClassUID"),
        sop_instance=plain_value(group, "MediaStorageSOPInstanceUID"),
        transfer_syntax=plain_value(group, "TransferSyntaxUID"),
        source_title=plain_value(group, "SourceApplicationEntityTitle"),
    )
    return meta, limited.tell()
