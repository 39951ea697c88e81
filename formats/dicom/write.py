"""A DICOM file-set for one patient: where each file goes, and the DICOMDIR that lists them.

Only headers are read here, and only those whose facts were not stored when the file
came in; whoever writes the medium streams the files unchanged to the places named.
Sources: PS3.10 §8, PS3.3 annex F; the directory follows the General Purpose profiles of PS3.11, in any transfer syntax.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from formats.dicom.dicomdir import FileReference, Node, directory
from formats.dicom.instance_records import InstanceRecords, RecordImpossible, records_from_store
from formats.errors import FormatFailure, LimitExceeded
from formats.findings import Finding, Severity
from formats.folders import as_finding
from formats.model.record import NAMESPACE
from formats.reading import FileBody
from formats.words import mark

DIRECTORY = "DICOMDIR"
ROOT = "DICOM"
UNLISTED = f"{ROOT}/PLAIN"
"""Folder of the files that no directory record can describe."""
MAX_FILES = 999_999
"""Files of one patient, for names have six digits."""


@dataclass(frozen=True, slots=True)
class DescribedInstance:
    """A DICOM file of which the directory records are known already; nobody opens it."""

    sha256: str
    records: InstanceRecords


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSet:
    """A planned file-set: member path and SHA-256 of every file, and the DICOMDIR beside ``DICOM``."""

    files: tuple[tuple[str, str], ...]
    dicomdir: bytes
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Placed:
    """An instance with its records and the parts of its path."""

    listed: InstanceRecords
    sha256: str
    parts: tuple[str, ...]


def plan_file_set(instances: Sequence[FileBody | DescribedInstance]) -> FileSet:
    """Return where the files of one patient go; equal files go to one place, no file is left out.

    The order of ``instances`` does not matter. Files that cannot be listed are
    placed in ``DICOM/PLAIN`` with a finding.

    Raises:
        LimitExceeded: with more files than there are names.
        OSError: when a file cannot be opened.
    """
    different = {_digest(each): each for each in instances}
    if len(different) > MAX_FILES:
        raise LimitExceeded(name=mark("the number of files"), found=len(different), limit=MAX_FILES)
    records: list[tuple[InstanceRecords, str]] = []
    unlisted: list[tuple[str, Finding]] = []
    for sha256 in sorted(different):
        try:
            records.append((_records(different[sha256]), sha256))
        except FormatFailure as fault:
            unlisted.append((sha256, _unlisted(fault, sha256)))
    records, twins = _apart(records)
    unlisted = sorted((*unlisted, *twins), key=lambda each: each[0])
    placed = list(_placed(sorted(records, key=lambda each: (each[0].order, each[1]))))
    plain = [(f"{UNLISTED}/FI{number:06d}", sha256) for number, (sha256, _) in enumerate(unlisted, start=1)]
    return FileSet(
        files=(*(("/".join(each.parts), each.sha256) for each in placed), *plain),
        dicomdir=directory(_nodes(placed, 0), _uid(placed)),
        findings=(*(finding for _, finding in unlisted), *_made_up(placed)),
    )


def _digest(instance: FileBody | DescribedInstance) -> str:
    return instance.sha256 if isinstance(instance, DescribedInstance) else instance.attachment.sha256


def _records(instance: FileBody | DescribedInstance) -> InstanceRecords:
    if isinstance(instance, DescribedInstance):
        return instance.records
    stored = records_from_store(instance.header_facts, instance.attachment.sha256)
    if stored is not None:
        return stored
    # pydicom takes as long to load as many dossiers to write, and most files have their facts beside them
    from formats.dicom.records import read_instance_records  # noqa: PLC0415

    with instance.open() as stream:
        return read_instance_records(stream)


def _unlisted(fault: FormatFailure, sha256: str) -> Finding:
    return as_finding(fault, sha256, Severity.WARNING)


def _apart(
    records: Sequence[tuple[InstanceRecords, str]],
) -> tuple[list[tuple[InstanceRecords, str]], list[tuple[str, Finding]]]:
    """Take out files that carry the instance UID of another: a file-set lists it once (PS3.10 §8.2)."""
    seen: set[str] = set()
    listed, twins = [], []
    for record, sha256 in records:
        if record.instance_uid in seen:
            fault = RecordImpossible(reason=mark("another file carries the same instance UID"))
            twins.append((sha256, _unlisted(fault, sha256)))
        else:
            seen.add(record.instance_uid)
            listed.append((record, sha256))
    return listed, twins


_LEVELS = ("PA", "ST", "SE", "IM")


def _keys(record: InstanceRecords) -> tuple[str, str, str, str]:
    return record.patient_id, record.study_uid, record.series_uid, record.instance_uid


def _placed(records: Iterable[tuple[InstanceRecords, str]]) -> Iterator[_Placed]:
    """Give each instance its path; what comes first in the order has the lowest number."""
    numbers: dict[tuple[str, ...], str] = {}
    counts: dict[tuple[str, ...], int] = {}
    for record, sha256 in records:
        keys = _keys(record)
        parts = [ROOT]
        for depth, stem in enumerate(_LEVELS):
            key, above = keys[: depth + 1], keys[:depth]
            if key not in numbers:
                counts[above] = counts.get(above, 0) + 1
                numbers[key] = f"{stem}{counts[above]:06d}"
            parts.append(numbers[key])
        yield _Placed(listed=record, sha256=sha256, parts=tuple(parts))


def _nodes(placed: Sequence[_Placed], depth: int) -> tuple[Node, ...]:
    """Return the records of one level: patients, then studies, series and instances."""
    if depth == len(_LEVELS) - 1:
        return tuple(_leaf(each) for each in placed)
    nodes = []
    for _, group in groupby(sorted(placed, key=lambda each: each.parts), lambda each: each.parts[depth + 1]):
        own = list(group)
        kind, elements = (
            ("PATIENT", own[0].listed.patient),
            ("STUDY", own[0].listed.study),
            ("SERIES", own[0].listed.series),
        )[depth]
        nodes.append(Node(type=kind, elements=elements, below=_nodes(own, depth + 1)))
    return tuple(nodes)


def _leaf(placed: _Placed) -> Node:
    record = placed.listed
    return Node(
        type=record.leaf_type,
        elements=record.leaf,
        reference=FileReference(
            file_id="\\".join(placed.parts),
            sop_class=record.sop_class,
            instance_uid=record.instance_uid,
            transfer_syntax=record.transfer_syntax,
        ),
    )


def _uid(placed: Iterable[_Placed]) -> str:
    """Return the UID of the file-set, made of what it holds (PS3.5 §B.2)."""
    return f"2.25.{uuid.uuid5(NAMESPACE, ' '.join(['file-set', *(each.sha256 for each in placed)])).int}"


def _made_up(placed: Iterable[_Placed]) -> Iterator[Finding]:
    keywords = sorted(frozenset[str]().union(*(each.listed.made_up for each in placed)))
    if keywords:
        sentence = mark("The DICOMDIR fills in what images do not say: {keywords}. The images are unchanged.")
        yield Finding(
            severity=Severity.NOTE,
            code="dicomdir-made-up",
            where=DIRECTORY,
            sentence=sentence,
            facts={"keywords": ", ".join(keywords)},
        )
