"""The files a DICOMDIR refers to (PS3.3 §F.3, PS3.10 §8.6), one record at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from pydicom.charset import default_encoding
from pydicom.dataset import Dataset
from pydicom.filereader import read_partial, read_sequence_item
from pydicom.tag import BaseTag

from formats.dicom.attributes import VALUE_FAULTS, plain_value
from formats.dicom.header import UNDEFINED, HeaderUnreadable, remarks, understanding
from formats.dicom.stream import HeaderStream
from formats.errors import LimitExceeded, UnsafeName
from formats.findings import Finding, Severity
from formats.folders import as_finding
from formats.paths import safe_path
from formats.regular_files import open_regular
from formats.words import mark

RECORDS = 0x0004_1220
"""Directory Record Sequence."""
MAX_RECORDS = 4_000_000
"""Records of one directory: two for each of the files a folder may hold."""
FOLDERS_CACHED = 64
"""Folder listings kept while records are compared with the disk; records come series by series."""


def missing_files(directory: Path, where: str) -> Iterator[Finding]:
    """Yield a finding for each file that the DICOMDIR at ``directory`` names and that is not there.

    ``where`` is its place as findings show it. Names may differ from the disk's
    in case, in a last dot, or in the version number that some disc drivers add.

    Raises:
        HeaderUnreadable, LimitExceeded: when the records cannot be read.
        OSError: when the disk fails.
    """
    listed = lru_cache(FOLDERS_CACHED)(_listed)

    def is_there(name: PurePosixPath) -> bool:
        place: Path | None = directory.parent
        for part in name.parts:
            found = listed(place).get(canonical_name(part)) if place else None
            place = place / found if place and found else None
        return place is not None and place.is_file()

    with open_regular(directory) as stream:
        yield from missing_references(stream, where, is_there)


def missing_references(
    stream: BinaryIO, where: str, is_there: Callable[[PurePosixPath], bool]
) -> Iterator[Finding]:
    """Yield a finding for each file that the DICOMDIR in ``stream`` names and that is not there.

    Raises:
        HeaderUnreadable, LimitExceeded: when the records cannot be read.
    """
    for name in referenced_files(stream):
        try:
            safe = safe_path(name)
        except UnsafeName as fault:
            yield as_finding(fault, where)
            continue
        if not is_there(safe):
            yield Finding(
                severity=Severity.ERROR,
                code="dicomdir-missing-file",
                where=where,
                sentence=mark("The DICOMDIR names a file that is not there: {name}."),
                facts={"name": name},
            )


def _listed(folder: Path) -> dict[str, str]:
    """Return the names in ``folder`` by their canonical form."""
    return {canonical_name(path.name): path.name for path in folder.iterdir()} if folder.is_dir() else {}


def canonical_name(name: str) -> str:
    """Return what a DICOMDIR and a disk agree on of a name."""
    return name.partition(";")[0].rstrip(".").upper()


def referenced_files(stream: BinaryIO) -> Iterator[str]:
    """Yield the file names of all records in use, their components joined by slashes.

    Raises:
        HeaderUnreadable, LimitExceeded: when the records cannot be read.
    """
    limited = HeaderStream(stream)
    source = cast("BinaryIO", limited)
    with remarks(), understanding():
        implicit, little, end = _find_records(limited)
    for _ in range(MAX_RECORDS + 1):
        if end is not None and limited.tell() >= end:
            return
        limited.renew()
        with remarks(), understanding():
            record = read_sequence_item(source, implicit, little, default_encoding)
        if record is None:
            return
        name = plain_value(record, "ReferencedFileID")
        if name and _in_use(record):
            yield name.replace("\\", "/")
    name = mark("the number of directory records")
    raise LimitExceeded(name=name, found=MAX_RECORDS + 1, limit=MAX_RECORDS)


def _in_use(record: Dataset) -> bool:
    """Say whether a record counts; one whose flag cannot be read does."""
    try:
        with remarks():
            return bool(record.get("RecordInUseFlag") != 0)
    except VALUE_FAULTS:
        return True


def _find_records(limited: HeaderStream) -> tuple[bool, bool, int | None]:
    """Move to the first record; return the encoding (implicit, little endian) and the end, if stated."""
    place: list[int] = []

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        del vr
        if tag == RECORDS:
            place[:] = [limited.tell(), length]
        return bool(tag >= RECORDS)

    whole = read_partial(cast("BinaryIO", limited), stop)
    implicit, little = whole.original_encoding
    if not place:
        raise HeaderUnreadable(reason=mark("it has no directory records"))
    start, length = place
    limited.seek(start)
    return bool(implicit), bool(little), None if length == UNDEFINED else start + length
