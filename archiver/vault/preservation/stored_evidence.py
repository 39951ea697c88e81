"""Evidence records in the object of a package (RFC 4998): what each covers, and its newest state.

``evidence/NNN/`` is one record: a list of what it covers, as ``sha512sum`` writes it, and the record as it was after
each renewal, ``001.ers`` and so on; the last one is whole. Nothing is replaced. What came with a deposit and lies in
such a folder without a list is covered like any other file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archiver.evidence.records import MAX_RECORD_BYTES, EvidenceRecord, read_record
from archiver.vault.errors import StoredEvidenceInvalid
from archiver.vault.index import stored_bytes
from archiver.vault.open_vault import Replica
from formats.digests import ALGORITHMS, Digest, DigestAlgorithm, DigestMalformed
from formats.errors import Failure, LimitExceeded
from formats.ocfl.inventory import Inventory
from formats.words import mark

RECORD = "evidence/{number:03}/{state:03}.ers"
"""Logical path of a record after so many time-stamps, counted from 1."""
LIST = "evidence/{number:03}/{name}"
MAX_LIST_BYTES = 1 << 20
"""Bytes of a list of what is covered; that of a set of 500 volumes has about 90,000."""
MAX_STORED_RECORDS = 999
"""Records of one object, and states of one record: three digits name them."""
_RECORD = re.compile(r"evidence/([0-9]{3})/([0-9]{3})\.ers")
_FOLDER = re.compile(r"evidence/([0-9]{3})/.+")
_LIST = re.compile(r"evidence/([0-9]{3})/([A-Z0-9-]+SUMS)")
_COVERED = re.compile(r"(revision-[0-9]{3}|receipts|evidence/[0-9]{3})/.+|destruction/units-[0-9]{3}\.json")
_LISTS = {f"{name.upper().replace('_', '-')}SUMS": one for name, one in ALGORITHMS.items()}
Stored = Sequence[tuple[Replica, Inventory]]
"""The storages that have an object, each with its inventory, the newest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEvidence:
    """One evidence record of an object: ``covered`` are the digests of logical paths under its first hash function.

    ``state`` counts what is stored of it: the number of the newest file.
    """

    number: int
    state: int
    covered: Mapping[str, Digest]
    record: EvidenceRecord

    @property
    def path(self) -> str:
        """Where its newest state lies."""
        return RECORD.format(number=self.number, state=self.state)


def read_stored_evidence(found: Stored) -> list[StoredEvidence]:
    """Return the evidence records of an object, each in its newest state, by number.

    Raises:
        StoredEvidenceInvalid: when one has no readable list, or is none.
        Failure: when no storage gives a file back.
    """
    logical = found[0][1].logical_paths()
    newest: dict[int, int] = {}
    lists: dict[int, tuple[str, DigestAlgorithm]] = {}
    for path in logical:
        if record := _RECORD.fullmatch(path):
            number, state = int(record[1]), int(record[2])
            newest[number] = max(state, newest.get(number, 0))
        elif (listed := _LIST.fullmatch(path)) and listed[2] in _LISTS:
            lists[int(listed[1])] = path, _LISTS[listed[2]]
    return [
        _read(found, number, newest[number], *lists[number])
        for number in sorted(newest.keys() & lists.keys())
    ]


def _read(found: Stored, number: int, state: int, path: str, algorithm: DigestAlgorithm) -> StoredEvidence:
    where = RECORD.format(number=number, state=state)
    covered = _read_list(read_stored(found, path, MAX_LIST_BYTES), path, algorithm)
    try:
        record = read_record(read_stored(found, where, MAX_RECORD_BYTES))
    except Failure as failure:
        failure.where = failure.where or where
        raise
    return StoredEvidence(number=number, state=state, covered=covered, record=record)


def read_stored(found: Stored, path: str, limit: int) -> bytes:
    """Return a small file of an object from the first storage that gives it back as it is listed.

    Raises:
        Failure: that of the last, when none does.
    """
    last: Failure | None = None
    for replica, inventory in found:
        try:
            if path in inventory.logical_paths():
                return stored_bytes(replica, inventory, path, limit)
        except Failure as failure:
            last = failure
    raise last or StoredEvidenceInvalid(where=path)


def uncovered_paths(
    inventory: Inventory, sound: Iterable[StoredEvidence], records: Iterable[StoredEvidence]
) -> tuple[str, ...]:
    """Return the logical paths of what came with a deposit, and of which none of the ``sound`` records speaks.

    The folders of all ``records`` are evidence themselves, and covered by their next time-stamp.
    """
    own = tuple(f"evidence/{one.number:03}/" for one in records)
    known = {path for one in sound for path in one.covered}
    logical = inventory.logical_paths()
    return tuple(
        path
        for path in sorted(logical)
        if _COVERED.fullmatch(path) and path not in known and not path.startswith(own)
    )


def next_number(inventory: Inventory) -> int:
    """Return the number of the next record of an object.

    Raises:
        LimitExceeded: when there is no further one.
    """
    numbers = (int(one[1]) for one in map(_FOLDER.fullmatch, inventory.logical_paths()) if one)
    number = max(numbers, default=0) + 1
    if number > MAX_STORED_RECORDS:
        name = mark("the number of evidence records")
        raise LimitExceeded(where=inventory.id, name=name, found=number, limit=MAX_STORED_RECORDS)
    return number


def sums_name(algorithm: DigestAlgorithm) -> str:
    """Return the name of a list of digests under ``algorithm``, as coreutils users know it."""
    return f"{algorithm.name.upper().replace('_', '-')}SUMS"


def sums_bytes(covered: Mapping[str, Digest]) -> bytes:
    """Return the list of what a record covers."""
    return "".join(f"{digest.hex}  {path}\n" for path, digest in sorted(covered.items())).encode()


def _read_list(data: bytes, where: str, algorithm: DigestAlgorithm) -> dict[str, Digest]:
    try:
        pairs = (line.split("  ", 1) for line in data.decode().splitlines())
        covered = {path: Digest.from_hex(digest, algorithm) for digest, path in pairs}
    except (ValueError, DigestMalformed) as fault:
        raise StoredEvidenceInvalid(where=where) from fault
    if not covered:
        raise StoredEvidenceInvalid(where=where)
    return covered
