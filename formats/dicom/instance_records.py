"""The directory records of one instance (PS3.3 §F.5), and their form beside a file that is stored.

A stored form is bound to one file by its SHA-256, and to one version of the rules
that made the records from a header. Whoever finds another file, other rules or other
bytes reads the header again. Nothing here needs pydicom.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from formats.errors import FormatFailure
from formats.words import mark

RULES = 1
"""Version of the rules by which a header becomes records; raised whenever the same header gives others."""
_CHECK = 16
"""Bytes of SHA-256 in front of a stored form."""


class RecordImpossible(FormatFailure):
    """An instance without something its record must hold and nobody may make up."""

    code = "dicom-no-directory-record"
    sentence = mark("The DICOMDIR cannot list this file, which is kept beside it: {reason}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceRecords:
    """The four records of one instance, and what in them is not said by the image.

    ``patient``, ``study``, ``series`` and ``leaf`` are their elements as bytes, those of group 0004 apart.
    """

    patient_id: str
    study_uid: str
    series_uid: str
    instance_uid: str
    sop_class: str
    transfer_syntax: str
    order: tuple[str | int, ...]
    patient: bytes
    study: bytes
    series: bytes
    leaf_type: str
    leaf: bytes
    made_up: frozenset[str]


def stored_records(records: InstanceRecords, sha256: str) -> bytes:
    """Return ``records`` of the file with this SHA-256 as they are stored."""
    parts = (records.patient, records.study, records.series, records.leaf)
    texts = (
        *(records.patient_id, records.study_uid, records.series_uid, records.instance_uid),
        *(records.sop_class, records.transfer_syntax, records.leaf_type),
    )
    head = (texts, records.order, sorted(records.made_up), [len(part) for part in parts])
    line = json.dumps(head, separators=(",", ":")).encode("ascii")
    body = b"".join((line, b"\n", *parts))
    return _check(body, sha256) + body


def records_from_store(stored: bytes, sha256: str) -> InstanceRecords | None:
    """Return the records of the file with this SHA-256; ``None`` unless ``stored`` was made of it by our rules."""
    body = stored[_CHECK:]
    if not body or stored[:_CHECK] != _check(body, sha256):
        return None
    line, _, rest = body.partition(b"\n")
    texts, order, made_up, lengths = json.loads(line)
    patient_id, study_uid, series_uid, instance_uid, sop_class, transfer_syntax, leaf_type = texts
    study_at = lengths[0]
    series_at = study_at + lengths[1]
    leaf_at = series_at + lengths[2]
    return InstanceRecords(
        patient_id=patient_id,
        study_uid=study_uid,
        series_uid=series_uid,
        instance_uid=instance_uid,
        sop_class=sop_class,
        transfer_syntax=transfer_syntax,
        order=tuple(order),
        patient=rest[:study_at],
        study=rest[study_at:series_at],
        series=rest[series_at:leaf_at],
        leaf_type=leaf_type,
        leaf=rest[leaf_at:],
        made_up=frozenset(made_up),
    )


def _check(body: bytes, sha256: str) -> bytes:
    return hashlib.sha256(b"%d %s\n%s" % (RULES, sha256.encode("ascii"), body)).digest()[:_CHECK]
