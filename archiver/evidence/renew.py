"""Renewal, before what a record rests on dies (RFC 4998, 5.2).

*Time-stamp renewal*, when an authority's certificate or a signature algorithm nears
its end: a new time-stamp over the hashes of all earlier time-stamps of the chain. It
needs no data and no key. *Hash-tree renewal*, when the hash function does: a new
chain over every object together with all earlier chains. It needs the objects, which
are the sealed units, and no key.

Either way one new time-stamp serves any number of records. Verify a record before
renewing it: a renewal does not heal what was broken before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.evidence import hashes
from archiver.evidence.build import stamp_groups
from archiver.evidence.errors import EvidenceInvalid
from archiver.evidence.links import Objects, algorithms_of, uncovered_objects
from archiver.evidence.records import EvidenceRecord, Lists, make_stamp, sequence_of, with_chain, with_stamp
from archiver.signing.validity import Stamping
from formats.digests import DigestAlgorithm


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordObjects:
    """A record with the objects that are still there, by name and by hash."""

    record: EvidenceRecord
    objects: Objects


def renew_time_stamps(records: Sequence[EvidenceRecord], stamp: Stamping) -> Iterator[EvidenceRecord]:
    """Return ``records`` in their order, each with one more time-stamp in its last chain.

    Records under the same hash function share a time-stamp.

    Raises:
        EvidenceTokenInvalid: when a record holds a token that cannot be read.
        TokenInvalid: when ``stamp`` gives a token over something else.
        Failure: what ``stamp`` raises.
    """
    last = [algorithms_of(record)[-1] for record in records]
    reduced_trees = {one: _stamp_records(records, last, one, stamp) for one in set(last)}
    for record, algorithm in zip(records, last, strict=True):
        lists, token = next(reduced_trees[algorithm])
        yield with_stamp(record, make_stamp(algorithm, lists, token))


def renew_hash_trees(
    records: Sequence[RecordObjects], stamp: Stamping, *, algorithm: DigestAlgorithm = hashes.SUCCESSOR
) -> Iterator[EvidenceRecord]:
    """Return the records of ``records`` in their order, each with a new chain under ``algorithm``.

    Objects that are gone are left out of the new chain, and stay in the earlier ones.

    Raises:
        EvidenceObjectMissing: when an object is not covered by the record it is given with.
        EvidenceInvalid: when a record is given with no object at all.
        TokenInvalid: when ``stamp`` gives a token over something else.
        Failure: what ``stamp`` raises.
    """
    for one in records:
        _refuse_uncovered(one)
    groups = (_renewed(one, algorithm) for one in records)
    reduced_trees = stamp_groups(groups, stamp, algorithm)
    for one, (lists, token) in zip(records, reduced_trees, strict=True):
        yield with_chain(one.record, algorithm, lists, token)


def _stamp_records(
    records: Sequence[EvidenceRecord],
    last: Sequence[DigestAlgorithm],
    algorithm: DigestAlgorithm,
    stamp: Stamping,
) -> Iterator[tuple[Lists, bytes]]:
    """Yield the ways of those ``records`` whose ``last`` chain is under ``algorithm``."""
    mine = [record for record, its in zip(records, last, strict=True) if its == algorithm]
    return stamp_groups((_earlier(record, algorithm) for record in mine), stamp, algorithm)


def _earlier(record: EvidenceRecord, algorithm: DigestAlgorithm) -> Iterable[bytes]:
    """Return the hashes of all time-stamps of the last chain.

    The RFC asks for the last one; Bouncy Castle and the DSS look for each.
    """
    return [algorithm.hash_value(one.token) for one in record.chains[-1].stamps]


def _renewed(covered: RecordObjects, algorithm: DigestAlgorithm) -> Iterable[bytes]:
    """Return, for each object, the hash of its new digest followed by that of all earlier chains.

    In this order and not sorted: section 5.2 says so, figure 4 draws it otherwise.
    """
    chains = algorithm.hash_value(sequence_of(covered.record.chains))
    return [algorithm.hash_value(one[algorithm].value, chains) for one in covered.objects.values()]


def _refuse_uncovered(covered: RecordObjects) -> None:
    if not covered.objects:
        raise EvidenceInvalid
    for failure in uncovered_objects(covered.record, covered.objects).values():
        raise failure
