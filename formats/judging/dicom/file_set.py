"""A file-set judged: its DICOMDIR read record by record, every file by itself, and both compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from formats.dicom.attributes import plain_value
from formats.dicom.directory import canonical_name
from formats.dicom.header import PREFIX_END, looks_like_dicom
from formats.errors import Failure
from formats.judging.dicom.instance import DIRECTORY_CLASS, JudgedInstance, judge_instance
from formats.judging.dicom.records import DirectoryRecord, directory_records
from formats.judging.dicom.rules import FILE_SET_RULES
from formats.judging.judgement import UNREADABLE, Judging
from formats.judging.members import Members

DIRECTORY = "DICOMDIR"
_COMPONENT = re.compile(r"[A-Z0-9_]{1,8}", re.ASCII)
_MAX_COMPONENTS = 8
KEYS = {
    "PATIENT": ("PatientID",),
    "STUDY": ("StudyDate", "StudyTime", "StudyInstanceUID"),
    "SERIES": ("Modality", "SeriesInstanceUID"),
    "IMAGE": ("InstanceNumber",),
}
"""Type 1 keys of directory records (PS3.3, F.5)."""


def judge_file_set(members: Members, judging: Judging) -> None:
    """Judge the files of a folder with its DICOMDIR."""
    name = members.find(DIRECTORY)
    pdi = all(members.find(one) for one in ("README.TXT", "INDEX.HTM"))
    judging.check("fileset-pdi", pdi, members.place)
    found = dict(_instances(members, name, judging))
    counted = Counter(one.sop_instance for one in found.values() if one.sop_instance)
    twice = next((uid for uid, count in counted.items() if count > 1), "")
    judging.check("fileset-uids", not twice, members.place, twice)
    if not name:
        judging.check("fileset-directory", False, members.place, DIRECTORY)
        judging.leave(
            one for one in FILE_SET_RULES if one not in {"fileset-directory", "fileset-uids", "fileset-pdi"}
        )
        return
    places = {_canonical(one): one for one in members.names}
    listed: set[str] = set()
    try:
        with members.seekable(name) as stream:
            for record in directory_records(stream):
                _judge_record(record, places, found, members, judging)
                listed.add(_canonical("/".join(record.file)))
    except (Failure, OSError) as fault:
        judging.check(
            "fileset-directory",
            False,
            members.where(name),
            fault if isinstance(fault, Failure) else str(fault),
        )
        judging.leave(("fileset-complete",), UNREADABLE)
        return
    for one in found:
        judging.check("fileset-complete", _canonical(one) in listed, members.where(one))


def _instances(members: Members, directory: str, judging: Judging) -> Iterator[tuple[str, JudgedInstance]]:
    for name in members.names:
        try:
            with members.seekable(name) as stream:
                if not _is_dicom(stream):
                    continue
                found = judge_instance(stream, members.where(name), judging)
        except (Failure, OSError) as fault:
            judging.check("dicom-file", False, members.where(name), str(fault))
            continue
        if name == directory:
            holds = found is not None and found.sop_class == DIRECTORY_CLASS
            judging.check("fileset-directory", holds, members.where(name))
        elif found is not None:
            yield name, found


def _is_dicom(stream: BinaryIO) -> bool:
    start = stream.read(PREFIX_END)
    stream.seek(0)
    return looks_like_dicom(start)


def _canonical(name: str) -> str:
    return "/".join(map(canonical_name, name.split("/")))


def _judge_record(
    record: DirectoryRecord,
    places: dict[str, str],
    found: dict[str, JudgedInstance],
    members: Members,
    judging: Judging,
) -> None:
    where = members.where(f"{DIRECTORY} {record.number}")
    missing = [key for key in KEYS.get(record.type, ()) if not plain_value(record.dataset, key)]
    judging.check("fileset-records", not missing, where, f"{record.type}: {' '.join(missing)}")
    if not record.file:
        return
    holds = len(record.file) <= _MAX_COMPONENTS and all(map(_COMPONENT.fullmatch, record.file))
    file = "/".join(record.file)
    judging.check("fileset-names", holds, where, file)
    place = places.get(_canonical(file), "")
    if not judging.check("fileset-listed", place, where, file) or place not in found:
        return
    one = found[place]
    stated = (record.sop_class, record.sop_instance, record.transfer_syntax)
    holds = stated == (one.sop_class, one.sop_instance, one.transfer_syntax)
    judging.check("fileset-agrees", holds, where, f"{file}: {record.sop_instance} ≠ {one.sop_instance}")
