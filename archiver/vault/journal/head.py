"""Head of a journal: what is needed to go on writing, read from the last record, or from all where that is not enough.

``journal-head.json`` is a note to ourselves that may be lost or late: records that follow it are read, and what it
says has to have the root that the last record signs. Nothing else is decided from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from archiver import disk
from archiver.vault.journal.errors import JournalDamaged
from archiver.vault.journal.places import JournalPlace
from archiver.vault.journal.record_file import (
    MAX_RECORD_BYTES,
    JournalRecord,
    range_after,
    read_journal_record,
    record_path,
)
from formats.errors import Failure
from formats.regular_files import read_regular
from formats.tlog.merkle import CompactRange, entry_hash
from formats.tlog.note import NoteKey, NoteMalformed, NoteSignatureInvalid
from formats.words import mark

NAME = "journal-head.json"
MAX_HEAD_BYTES = 64 << 10
"""Bytes of the note; with 16 storages it has about 4,000."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalHead:
    """Where a journal stands: its compact range, the leaf hash of the last entry, the first number of its last record.

    ``seals`` counts the seals, ``sealed`` is the number of entries that the last one has. ``copied`` says of each
    storage how many entries it has, ``seals_copied`` how many seals; less is safe.
    """

    range: CompactRange = field(default_factory=CompactRange)
    last: bytes = b""
    record: int = 0
    seals: int = 0
    sealed: int = 0
    copied: Mapping[str, int] = field(default_factory=dict)
    seals_copied: Mapping[str, int] = field(default_factory=dict)

    def after(self, record: JournalRecord) -> JournalHead:
        """Return the head after ``record``.

        Raises:
            NoteMalformed: when it does not follow.
        """
        after = range_after(self.range, record)
        return replace(self, range=after, last=entry_hash(record.lines[-1]), record=record.first)


def read_head(folder: Path, place: JournalPlace, key: NoteKey | None) -> JournalHead:
    """Return the head of the journal of the vault in ``folder``, of which ``place`` is its own copy.

    The last record has to be signed by ``key``, if there is one.

    Raises:
        JournalDamaged: when the records do not follow one another; what the disk answers.
    """
    noted = noted_head(folder)
    if noted is not None:
        try:
            return _followed(noted, place, key)
        except JournalDamaged:
            pass
    return _followed(JournalHead(), place, key)


def write_head(folder: Path, head: JournalHead) -> None:
    """Note ``head``; it is not waited for until it is durable.

    Raises:
        DiskFull, DiskFault: what the disk answers.
    """
    document = {
        "size": head.range.size,
        "hashes": [one.hex() for one in head.range.hashes],
        "last": head.last.hex(),
        "record": head.record,
        "seals": head.seals,
        "sealed": head.sealed,
        "copied": dict(head.copied),
        "seals_copied": dict(head.seals_copied),
    }
    data = json.dumps(document).encode()
    with disk.write_aside(folder / NAME, mode=disk.PRIVATE, replace=True, settled=False) as stream:
        stream.write(data)


def noted_head(folder: Path) -> JournalHead | None:
    """Return the head as it was noted, or nothing where it was not, or cannot be read."""
    try:
        document = json.loads(read_regular(folder / NAME, MAX_HEAD_BYTES, mark("the head in bytes")))
        hashes = tuple(bytes.fromhex(one) for one in document["hashes"])
        return JournalHead(
            range=CompactRange(size=int(document["size"]), hashes=hashes),
            last=bytes.fromhex(document["last"]),
            record=int(document["record"]),
            seals=int(document["seals"]),
            sealed=int(document["sealed"]),
            copied={str(name): int(count) for name, count in document["copied"].items()},
            seals_copied={str(name): int(count) for name, count in document["seals_copied"].items()},
        )
    except (OSError, Failure, ValueError, TypeError, KeyError, AttributeError):
        return None


def _followed(head: JournalHead, place: JournalPlace, key: NoteKey | None) -> JournalHead:
    """Return ``head`` with the records that follow it; the last one of all has its root, and is signed."""
    found = record_path(head.record)
    try:
        last = _record(place, head.record) if head.range.size else None
        if last is not None and (
            last.checkpoint.root != head.range.root
            or last.checkpoint.size != head.range.size
            or entry_hash(last.lines[-1]) != head.last
        ):
            raise NoteMalformed("another root")
        while True:
            found = record_path(head.range.size)
            following = _record(place, head.range.size)
            if following is None:
                break
            head, last = head.after(following), following
        if head.range.size and last is None:
            raise NoteMalformed("the last record is missing")
        if last is not None and key is not None:
            found = record_path(last.first)
            last.note.signed_by((key,))
    except (NoteMalformed, NoteSignatureInvalid) as fault:
        raise JournalDamaged(where=found, reason=str(fault)) from fault
    return head


def _record(place: JournalPlace, first: int) -> JournalRecord | None:
    data = place.find(record_path(first), MAX_RECORD_BYTES)
    return read_journal_record(data) if data is not None else None
