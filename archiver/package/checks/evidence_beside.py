"""Evidence records that lie beside the file they cover.

Those of the container that ties a set, for nothing may be added inside; and of a package that a vault gave back, whose
record covers the whole file.

1. Records lie beside the file under its name, numbered from 001 without a gap, at most 16.
2. Each is readable.
3. Each covers the file byte for byte, and since when (``archiver.package.checks.evidence``, step 5).

Of what was unpacked in a folder the file is made again (``archiver.package.container_file``), for the file is what
was hashed. Where another file comes out than a record covers, or none, nothing is known: another program may
have written it in another order.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from archiver import disk
from archiver.evidence.errors import EvidenceObjectMissing
from archiver.evidence.links import algorithms_of
from archiver.evidence.records import MAX_RECORD_BYTES, EvidenceRecord, read_record
from archiver.package import layout
from archiver.package.checks.evidence import (
    EVIDENCE_REFUSALS,
    Evidence,
    FoundEvidence,
    judge_evidence,
    too_many,
)
from archiver.package.container_file import container_pieces, place_of
from archiver.package.contents import contents_of, small
from archiver.package.errors import MemberMissing
from archiver.package.lists.hashing import HashedMember, hash_members, hash_pieces
from archiver.package.member_table import Place, digest_table
from archiver.signing.trust.anchors import Trust
from archiver.verdict import RecordVerdict, unknown_answer
from formats.digests import DigestAlgorithm
from formats.errors import Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceBeside(Evidence):
    """A record that lies beside the file it covers, called ``place``; the file itself is its list.

    Its first list may hold more: a group of one digest shares it with its neighbour in the tree.
    """

    place: str
    exact: bool = False

    @property
    def member(self) -> str:
        """The name of the record's file."""
        return self.place

    @property
    def manifest(self) -> str:
        """The name of the record's file as well: there is no list besides."""
        return self.place


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """What lies beside a container: its records, and the container hashed as they need it."""

    found: FoundEvidence = field(default_factory=dict)
    hashed: Mapping[str, HashedMember] = field(default_factory=dict)


def look_beside(
    path: Path, besides: Iterable[DigestAlgorithm] = (), members: Mapping[str, HashedMember] | None = None
) -> Beside:
    """Follow steps 1 and 2 for the container at ``path``; ``besides`` are more hash functions to hash it under.

    ``members`` is what was read of its members already. A folder of which no file can be made again is not hashed.

    Raises:
        DiskFault: when the disk refuses.
    """
    place = place_of(path)
    read = _records(place)
    needed = [each for one in read.values() if not isinstance(one, Failure) for each in algorithms_of(one)]
    hashed = _hashed(path, place.name, (*besides, *needed), members)
    found = {
        number: one if isinstance(one, Failure) else _evidence(place.name, number, one, hashed)
        for number, one in read.items()
    }
    return Beside(found=found, hashed=hashed)


def records_beside(path: Path) -> FoundEvidence:
    """Follow steps 1 and 2 for the container at ``path``, which is not read: nothing is listed of it.

    Raises:
        DiskFault: when the disk refuses.
    """
    place = place_of(path)
    return {
        number: one if isinstance(one, Failure) else _unlisted(place.name, number, one)
        for number, one in _records(place).items()
    }


def _unlisted(name: str, number: int, record: EvidenceRecord) -> EvidenceBeside:
    return EvidenceBeside(
        number=number,
        listed=digest_table({}),
        record=record,
        algorithms=algorithms_of(record),
        place=layout.record_beside(name, number),
    )


def lies_beside(path: Path) -> bool:
    """Say whether any evidence record lies beside the file at ``path``."""
    numbers = range(1, layout.MAX_RECORDS + 2)
    return any(os.path.lexists(path.with_name(layout.record_beside(path.name, number))) for number in numbers)


def judge_beside(path: Path, beside: Beside, trust: Trust) -> tuple[RecordVerdict, ...]:
    """Follow step 3 for every record beside the container at ``path``."""
    name = place_of(path).name
    verdicts = judge_evidence(
        beside.found, None, beside.hashed, trust, lambda number: layout.record_beside(name, number)
    )
    return tuple(map(_of_folder, verdicts)) if path.is_dir() else verdicts


def _of_folder(verdict: RecordVerdict) -> RecordVerdict:
    """Return ``verdict``, unknown where the record covers another file than the folder gives."""
    failure = verdict.existed_at.failure
    if not isinstance(failure, EvidenceObjectMissing):
        return verdict
    nothing = unknown_answer(
        "evidence-object-missing", failure.sentence, where=verdict.member, **failure.facts
    )
    return replace(verdict, existed_at=nothing)


def put_beside(path: Path, records: Mapping[str, bytes]) -> None:
    """Write ``records`` by their names beside the container at ``path``; those of the same name are replaced.

    Raises:
        DiskFull, DiskFault: what the disk answered; each record is then as it was.
    """
    for name, data in records.items():
        with disk.write_aside(place_of(path).with_name(name), replace=True) as stream:
            stream.write(data)


def _hashed(
    path: Path, name: str, besides: Iterable[DigestAlgorithm], members: Mapping[str, HashedMember] | None
) -> Mapping[str, HashedMember]:
    """Return the digests of the file called ``name``, which lies at ``path`` or was unpacked there; empty without."""
    if not path.is_dir():
        with disk.failures_about(path):
            place = Place(path=path, offset=0, size=path.stat().st_size)
        return hash_members({name: place}, threads=1, besides=besides)
    with suppress(*EVIDENCE_REFUSALS):
        contents = contents_of(path)
        read = members or hash_members(contents, threads=1)
        return {name: hash_pieces(container_pieces(contents, read), besides)}
    return {}


def _records(path: Path) -> dict[int, EvidenceRecord | Failure]:
    one_too_many = layout.MAX_RECORDS + 1
    numbers = range(1, one_too_many + 1)
    places = {number: path.with_name(layout.record_beside(path.name, number)) for number in numbers}
    # a link that leads nowhere is there as well, and is no record
    last = max((number for number, place in places.items() if os.path.lexists(place)), default=0)
    if last == one_too_many:
        return {last: too_many(last, where=places[last].name)}
    return {number: _record(places[number]) for number in range(1, last + 1)}


def _record(place: Path) -> EvidenceRecord | Failure:
    try:
        if not place.is_file():
            raise MemberMissing(where=place.name, member=place.name)
        with disk.failures_about(place):
            here = Place(path=place, offset=0, size=place.stat().st_size)
        record = read_record(small({place.name: here}, place.name, MAX_RECORD_BYTES))
        algorithms_of(record)
    except EVIDENCE_REFUSALS as failure:
        failure.where = failure.where or place.name
        return failure
    return record


def _evidence(
    name: str, number: int, record: EvidenceRecord, hashed: Mapping[str, HashedMember]
) -> EvidenceBeside | EvidenceObjectMissing:
    place = layout.record_beside(name, number)
    if name not in hashed:
        return EvidenceObjectMissing(where=place, member=name)
    algorithms = algorithms_of(record)
    return EvidenceBeside(
        number=number,
        listed=digest_table({name: hashed[name].digests[algorithms[0]]}),
        record=record,
        algorithms=algorithms,
        place=place,
    )
