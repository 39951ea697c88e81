"""The bytes of a DICOMDIR: a tree of directory records chained by offsets (PS3.3 §F.2–F.3, PS3.10 §8.6)."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from formats.dicom.encode import EncodedElement, character_set, encode_elements, item
from formats.model.record import NAMESPACE

IMPLEMENTATION = f"2.25.{uuid.uuid5(NAMESPACE, 'dicom').int}"
"""Implementation Class UID (PS3.10 §7.1), made as PS3.5 §B.2 allows."""
IN_USE = 0xFFFF
"""Record In-use Flag of every record; the other value is retired."""
_SEQUENCE_HEAD = 12
"""Bytes between the start of the Directory Record Sequence and its first item."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A directory record and those below it."""

    type: str
    elements: tuple[EncodedElement, ...]
    below: tuple[Node, ...] = ()


@dataclass(slots=True)
class _Placed:
    """A record in the order of the file; ``following`` and ``lower`` are places in that order.

    ``rest`` is what comes behind its offsets and its type, whose tags are the lowest.
    """

    type: str
    rest: bytes
    following: int | None = None
    lower: int | None = None


def directory(patients: Sequence[Node], uid: str) -> bytes:
    """Return the DICOMDIR of a file-set with the instance UID ``uid``; the same tree gives the same bytes."""
    meta = _meta(uid)
    placed: list[_Placed] = []
    tops = _place(patients, placed)
    before = len(meta) + len(_head(0, 0)) + _SEQUENCE_HEAD
    offsets, end = [], before
    for each in placed:
        offsets.append(end)
        end += len(_record(each, []))
    head = _head(offsets[tops[0]], offsets[tops[-1]]) if tops else _head(0, 0)
    body = b"".join(_record(each, offsets) for each in placed)
    sequence = struct.pack("<HH2sHL", 0x0004, 0x1220, b"SQ", 0, len(body))
    return meta + head + sequence + body


def _place(nodes: Sequence[Node], placed: list[_Placed]) -> list[int]:
    """Append ``nodes`` and all below them, each before what is below it; return the places of ``nodes``."""
    places: list[int] = []
    for node in nodes:
        if places:
            placed[places[-1]].following = len(placed)
        places.append(len(placed))
        own = _Placed(node.type, _rest(node.elements))
        placed.append(own)
        below = _place(node.below, placed)
        own.lower = below[0] if below else None
    return places


def _rest(elements: tuple[EncodedElement, ...]) -> bytes:
    charset = character_set(elements)
    own = (EncodedElement("SpecificCharacterSet", charset),) if charset else ()
    return encode_elements((*own, *elements), charset)


def _record(placed: _Placed, offsets: Sequence[int]) -> bytes:
    """Return a record as an item; without ``offsets`` only its length is right."""
    links = encode_elements(
        [
            EncodedElement("OffsetOfTheNextDirectoryRecord", _offset(placed.following, offsets)),
            EncodedElement("RecordInUseFlag", IN_USE),
            EncodedElement("OffsetOfReferencedLowerLevelDirectoryEntity", _offset(placed.lower, offsets)),
            EncodedElement("DirectoryRecordType", placed.type),
        ]
    )
    return item(links + placed.rest)


def _offset(place: int | None, offsets: Sequence[int]) -> int:
    return offsets[place] if place is not None and offsets else 0


def _head(first: int, last: int) -> bytes:
    return encode_elements(
        [
            EncodedElement("FileSetID", ""),
            EncodedElement("OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity", first),
            EncodedElement("OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity", last),
            EncodedElement("FileSetConsistencyFlag", 0),
        ]
    )


def _meta(uid: str) -> bytes:
    """Return preamble, prefix and file meta information (PS3.10 §7.1)."""
    rest = encode_elements(
        [
            EncodedElement("FileMetaInformationVersion", b"\0\1"),
            EncodedElement("MediaStorageSOPClassUID", str(MediaStorageDirectoryStorage)),
            EncodedElement("MediaStorageSOPInstanceUID", uid),
            EncodedElement("TransferSyntaxUID", str(ExplicitVRLittleEndian)),
            EncodedElement("ImplementationClassUID", IMPLEMENTATION),
        ]
    )
    return (
        bytes(128)
        + b"DICM"
        + encode_elements([EncodedElement("FileMetaInformationGroupLength", len(rest))])
        + rest
    )
