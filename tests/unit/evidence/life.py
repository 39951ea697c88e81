"""Objects whose evidence is made and renewed over the years, by authorities that come and go."""

from __future__ import annotations

from datetime import UTC, datetime

from archiver.evidence.answers import EvidenceVerdict
from archiver.evidence.build import build_records
from archiver.evidence.links import Objects
from archiver.evidence.records import EvidenceRecord, read_record, write_record
from archiver.evidence.renew import RecordObjects, renew_hash_trees, renew_time_stamps
from archiver.evidence.verify import verify_record
from archiver.signing.policy import AlgorithmPolicy, KeyLengthRule, own_policy
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from formats.digests import SHA256, SHA384, SHA512, Digest, DigestAlgorithm
from tests.tsa import LocalAuthority, authority

HASHES = (SHA256, SHA384, SHA512)


def year(number: int, month: int = 6) -> datetime:
    return datetime(number, month, 1, tzinfo=UTC)


def first() -> LocalAuthority:
    return authority("Horodatage Un", 2026, 2031)


def second() -> LocalAuthority:
    return authority("Horodatage Deux", 2029, 2036)


def third() -> LocalAuthority:
    return authority("Horodatage Trois", 2034, 2045)


def roots() -> tuple[bytes, ...]:
    return first().roots + second().roots + third().roots


def data(count: int) -> dict[str, bytes]:
    """Return fictive sealed units by name."""
    return {f"units/{number}.zip": f"sealed dossier {number}".encode() for number in range(count)}


def hashed(units: dict[str, bytes]) -> Objects:
    return {
        name: {algorithm: Digest.of(one, algorithm=algorithm) for algorithm in HASHES}
        for name, one in units.items()
    }


def built(objects: Objects, stamp: Stamping, algorithm: DigestAlgorithm = SHA256) -> EvidenceRecord:
    """Return the record of one group, as it is read back from its bytes."""
    (record,) = build_records([[one[algorithm] for one in objects.values()]], stamp, algorithm=algorithm)
    return again(record)


def renewed(record: EvidenceRecord, stamp: Stamping) -> EvidenceRecord:
    (record,) = renew_time_stamps([record], stamp)
    return again(record)


def rehashed(
    record: EvidenceRecord, objects: Objects, stamp: Stamping, algorithm: DigestAlgorithm = SHA512
) -> EvidenceRecord:
    (record,) = renew_hash_trees([RecordObjects(record=record, objects=objects)], stamp, algorithm=algorithm)
    return again(record)


def again(record: EvidenceRecord) -> EvidenceRecord:
    """Write ``record`` and read it back."""
    encoded = write_record(record)
    found = read_record(encoded)
    assert write_record(found) == encoded
    return found


def grown(objects: Objects) -> EvidenceRecord:
    """Return a record stamped in 2026, renewed in 2030 and 2035, and moved to SHA-512 in 2040."""
    record = built(objects, first().at(year(2026)))
    record = renewed(record, second().at(year(2030)))
    record = renewed(record, third().at(year(2035)))
    return rehashed(record, objects, third().at(year(2040)))


def judged(
    record: EvidenceRecord,
    objects: Objects,
    at: datetime,
    *,
    accepted: tuple[bytes, ...] | None = None,
    policy: AlgorithmPolicy | None = None,
) -> EvidenceVerdict:
    accepted = roots() if accepted is None else accepted
    trust = Trust(at=at, tsa_roots=accepted, policy=policy or own_policy())
    return verify_record(record, objects, trust)


def ending(oid: str, end: datetime) -> AlgorithmPolicy:
    """Return our policy with another end for the algorithm ``oid``."""
    ours = own_policy()
    changed = {**ours.judgements, oid: (KeyLengthRule(bits=0, end=end),)}
    return AlgorithmPolicy(name="Test", issued=ours.issued, judgements=changed)
