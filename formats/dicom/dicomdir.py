"""The bytes of a DICOMDIR: a tree of directory records chained by offsets (PS3.3 §F.2–F.3, PS3.10 §8.6).

Only what chains the records is made here, elements of groups 0002 and 0004 whose layout is fixed; what a record
says of patient, study, series and instance comes as bytes.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from formats.model.record import NAMESPACE

IMPLEMENTATION = f"2.25.{uuid.uuid5(NAMESPACE, 'dicom').int}"
"""Implementation Class UID (PS3.10 §7.1), made as PS3.5 §B.2 allows."""
EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
"""Transfer syntax of every DICOMDIR (PS3.10 §8.6)."""
DIRECTORY_STORAGE = "1.2.840.10008.1.3.10"
"""Media Storage Directory Storage (PS3.6, table A-1)."""
IN_USE = 0xFFFF
"""Record In-use Flag of every record; the other value is retired."""
_HEAD = struct.Struct("<HH2sH")
"""Group and number, value representation, length: an element whose value is shorter than 64 KiB (PS3.5 §7.1.2)."""
_LONG = struct.Struct("<HH2sHL")
"""The same with a length of four bytes behind two reserved ones, for OB and SQ."""
_ITEM = struct.Struct("<HHL")
_LINKS = struct.Struct("<HH2sHL HH2sHH HH2sHL")
"""(0004,1400) the next record, (0004,1410) the flag, (0004,1420) the first record below."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileReference:
    """The file that a record stands for: its File ID, SOP class, instance UID and transfer syntax."""

    file_id: str
    sop_class: str
    instance_uid: str
    transfer_syntax: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A directory record and those below it; ``elements`` are its own behind group 0004."""

    type: str
    elements: bytes
    reference: FileReference | None = None
    below: tuple[Node, ...] = ()


@dataclass(slots=True)
class _Placed:
    """A record in the order of the file; ``following`` and ``lower`` are places in that order.

    ``rest`` is what comes behind its links.
    """

    rest: bytes
    following: int | None = None
    lower: int | None = None


def directory(patients: Sequence[Node], uid: str) -> bytes:
    """Return the DICOMDIR of a file-set with the instance UID ``uid``; the same tree gives the same bytes."""
    meta = _meta(uid)
    placed: list[_Placed] = []
    tops = _place(patients, placed)
    offsets, end = [], len(meta) + len(_head(0, 0)) + _LONG.size
    for each in placed:
        offsets.append(end)
        end += _ITEM.size + _LINKS.size + len(each.rest)
    head = _head(offsets[tops[0]], offsets[tops[-1]]) if tops else _head(0, 0)
    body = b"".join(_record(each, offsets) for each in placed)
    return b"".join((meta, head, _LONG.pack(0x0004, 0x1220, b"SQ", 0, len(body)), body))


def _place(nodes: Sequence[Node], placed: list[_Placed]) -> list[int]:
    """Append ``nodes`` and all below them, each before what is below it; return the places of ``nodes``."""
    places: list[int] = []
    for node in nodes:
        if places:
            placed[places[-1]].following = len(placed)
        places.append(len(placed))
        own = _Placed(_rest(node))
        placed.append(own)
        below = _place(node.below, placed)
        own.lower = below[0] if below else None
    return places


def _rest(node: Node) -> bytes:
    kind = _text(0x0004, 0x1430, b"CS", node.type)
    if node.reference is None:
        return kind + node.elements
    return b"".join(
        (
            kind,
            _text(0x0004, 0x1500, b"CS", node.reference.file_id),
            _text(0x0004, 0x1510, b"UI", node.reference.sop_class),
            _text(0x0004, 0x1511, b"UI", node.reference.instance_uid),
            _text(0x0004, 0x1512, b"UI", node.reference.transfer_syntax),
            node.elements,
        )
    )


def _record(placed: _Placed, offsets: Sequence[int]) -> bytes:
    """Return a record as an item of explicit length."""
    following = 0 if placed.following is None else offsets[placed.following]
    lower = 0 if placed.lower is None else offsets[placed.lower]
    links = _LINKS.pack(
        *(0x0004, 0x1400, b"UL", 4, following),
        *(0x0004, 0x1410, b"US", 2, IN_USE),
        *(0x0004, 0x1420, b"UL", 4, lower),
    )
    return _ITEM.pack(0xFFFE, 0xE000, len(links) + len(placed.rest)) + links + placed.rest


def _text(group: int, number: int, vr: bytes, text: str) -> bytes:
    value = text.encode("ascii")
    if len(value) % 2:
        value += b"\0" if vr == b"UI" else b" "
    return _HEAD.pack(group, number, vr, len(value)) + value


def _number(group: int, number: int, vr: bytes, value: int) -> bytes:
    data = struct.pack("<H" if vr == b"US" else "<L", value)
    return _HEAD.pack(group, number, vr, len(data)) + data


def _head(first: int, last: int) -> bytes:
    """Return File-set ID, the offsets of the first and last record of the top, and the consistency flag."""
    return b"".join(
        (
            _text(0x0004, 0x1130, b"CS", ""),
            _number(0x0004, 0x1200, b"UL", first),
            _number(0x0004, 0x1202, b"UL", last),
            _number(0x0004, 0x1212, b"US", 0),
        )
    )


def _meta(uid: str) -> bytes:
    """Return preamble, prefix and file meta information (PS3.10 §7.1)."""
    rest = b"".join(
        (
            _LONG.pack(0x0002, 0x0001, b"OB", 0, 2) + b"\0\1",
            _text(0x0002, 0x0002, b"UI", DIRECTORY_STORAGE),
            _text(0x0002, 0x0003, b"UI", uid),
            _text(0x0002, 0x0010, b"UI", EXPLICIT_LITTLE_ENDIAN),
            _text(0x0002, 0x0012, b"UI", IMPLEMENTATION),
        )
    )
    return bytes(128) + b"DICM" + _number(0x0002, 0x0000, b"UL", len(rest)) + rest
