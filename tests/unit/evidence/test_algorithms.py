"""Evidence whose algorithms end, are not known yet, or come after those that end: the way out of classical keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archiver.evidence import hashes
from archiver.evidence.build import build_records
from archiver.evidence.der import OBJECT, SEQUENCE
from archiver.evidence.records import ArchiveTimeStamp, Chain, EvidenceRecord, first_record, make_stamp
from archiver.evidence.verify import verify_record
from archiver.signing.encoding import encode_element
from archiver.signing.policy import AlgorithmPolicy, KeyLengthRule, own_policy
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from formats.digests import SHA256, Digest
from tests.post_quantum import post_quantum_authority
from tests.unit.evidence.life import again, built, data, first, hashed, rehashed, renewed, roots, year
from tests.vectors.generator import cms

OBJECTS = hashed(data(5))
ONE = {"units/1.zip": OBJECTS["units/1.zip"]}
CLASSICAL = ("1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", "1.2.840.10045.3.1.7")
"""ECDSA and the curve of the first authority."""


def judged(record, objects, at, *, policy=None):
    accepted = (*roots(), *post_quantum_authority().roots)
    trust = Trust(at=at, tsa_roots=accepted, policy=policy or own_policy())
    return verify_record(record, objects, trust)


def without_classical_keys(since) -> AlgorithmPolicy:
    """Return our policy with an end for every classical signature."""
    ended = {oid: (KeyLengthRule(bits=0, end=since),) for oid in CLASSICAL}
    return replace(own_policy(), judgements={**own_policy().judgements, **ended})


@pytest.mark.parametrize("renew", ["time-stamp", "hash-tree"])
def test_evidence_is_renewed_by_a_post_quantum_authority(renew):
    """Made with classical keys in 2026, renewed with ML-DSA in 2030, judged in 2045, when no classical key counts."""
    record = built(OBJECTS, first().at(year(2026)))
    later = post_quantum_authority().at(year(2030))
    moved = renewed(record, later) if renew == "time-stamp" else rehashed(record, OBJECTS, later)
    policy = without_classical_keys(year(2032))
    found = judged(moved, OBJECTS, year(2045), policy=policy)
    assert found.existed_at.state is State.PROVEN, found.existed_at.text
    assert found.existed_at.facts["moment"] == year(2026).isoformat()
    assert found.renew_before == year(2060, 1)
    # without it nothing is proven any more, and with it too late neither
    assert judged(record, OBJECTS, year(2045), policy=policy).existed_at.state is State.UNKNOWN
    ended = without_classical_keys(year(2029))
    assert judged(moved, OBJECTS, year(2045), policy=ended).existed_at.code == "evidence-algorithm-ended"


def test_a_post_quantum_token_over_something_else_is_false():
    record = built(OBJECTS, first().at(year(2026)))
    moved = renewed(record, post_quantum_authority().at(year(2030)))
    spoiled = replace_last(moved, moved.chains[-1].stamps[-1].token[:-1] + b"\0")
    found = judged(spoiled, OBJECTS, year(2031)).existed_at
    assert (found.state, found.code) == (State.REFUTED, "evidence-token-invalid")


def replace_last(record: EvidenceRecord, token: bytes) -> EvidenceRecord:
    *chains, last = record.chains
    *stamps, old = last.stamps
    changed = make_stamp(SHA256, old.lists, token)
    return again(replace(record, chains=(*chains, replace(last, stamps=(*stamps, changed)))))


# -- what nobody here knows ---------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [{"stated_algorithm": cms.NOBODYS}, {"digest": "nobody's", "imprinted": "sha256"}]
)
def test_a_token_with_what_nobody_here_knows(options):
    (record,) = build_records(
        [[one[SHA256] for one in OBJECTS.values()]],
        lambda digest: cms.token(b"", imprint=digest.value, at=year(2026), **options),
    )
    found = judged(again(record), OBJECTS, year(2027)).existed_at
    assert (found.state, found.code) == (State.UNKNOWN, "evidence-algorithm-unknown")


def test_a_hash_function_that_nobody_here_knows():
    """Of the record, or only announced by it: then nothing rests on it."""
    nobodys = encode_element(SEQUENCE, encode_element(OBJECT, bytes.fromhex("2b0601040181fd5902")))
    record = built(OBJECTS, first().at(year(2026)))
    more = again(replace(record, announced=record.announced + nobodys))
    assert judged(more, OBJECTS, year(2027)).existed_at.state is State.PROVEN
    token = cms.token(b"", imprint=bytes(32), imprinted="nobody's", at=year(2026))
    lists = ((bytes(32), bytes([1]) * 32),)
    stamp = make_stamp(SHA256, lists, token)
    silent = ArchiveTimeStamp(
        algorithm=None,
        lists=lists,
        token=token,
        encoded=stamp.encoded.replace(hashes.hash_identifier(SHA256, 0xA0), b""),
    )
    unknown = replace(first_record(SHA256, lists, token), chains=(Chain(stamps=(silent,)),))
    found = judged(unknown, {}, year(2027)).existed_at
    assert (found.state, found.code) == (State.UNKNOWN, "evidence-algorithm-unknown")


# -- single values, hashed once more ------------------------------------------------------


@pytest.mark.parametrize("siblings", [(), (bytes([7]) * 32,)])
@pytest.mark.parametrize("twice", [True, False])
def test_a_single_value_leads_on_as_it_is_or_hashed_once_more(siblings, twice):
    """Programs read RFC 4998 (4.3, step 3) either way; BSI's middleware hashes single values twice."""
    leaf = ONE["units/1.zip"][SHA256].value
    root = SHA256.hash_value(leaf) if twice else leaf
    lists = ((leaf,), *((one,) for one in siblings))
    for one in siblings:
        root = hashes.node(SHA256, (root, one))
    record = again(first_record(SHA256, lists, first().at(year(2026))(Digest(SHA256, root))))
    found = judged(record, ONE, year(2027)).existed_at
    assert found.state is State.PROVEN, found.text
    assert judged(record, OBJECTS, year(2027)).existed_at.code == "evidence-object-missing"


def test_hashed_three_times_is_over_something_else():
    leaf = ONE["units/1.zip"][SHA256].value
    root = Digest.of(SHA256.hash_value(leaf))
    record = again(first_record(SHA256, ((leaf,),), first().at(year(2026))(root)))
    assert judged(record, ONE, year(2026) + timedelta(days=9)).existed_at.code == "evidence-imprint-mismatch"
