"""The ASN.1 of our records by a second opinion, and our tokens by openssl."""

from __future__ import annotations

import pytest

from archiver.evidence.records import write_record
from archiver.signing.signatures.tokens import read_token
from formats.digests import SHA256, SHA512
from tests.tsa import openssl_verify
from tests.unit.evidence.life import built, data, first, grown, hashed, second, third, year

OBJECTS = hashed(data(5))


@pytest.fixture(scope="module")
def record():
    return grown(OBJECTS)


def test_another_schema_reads_and_writes_the_same_bytes(record):
    decoder = pytest.importorskip("pyasn1.codec.der.decoder")
    encoder = pytest.importorskip("pyasn1.codec.der.encoder")
    rfc4998 = pytest.importorskip("pyasn1_alt_modules.rfc4998")
    encoded = write_record(record)
    found, rest = decoder.decode(encoded, asn1Spec=rfc4998.EvidenceRecord())
    assert not rest
    assert int(found["version"]) == 1
    assert [str(one["algorithm"]) for one in found["digestAlgorithms"]] == [SHA256.oid, SHA512.oid]
    chains = found["archiveTimeStampSequence"]
    assert [len(chain) for chain in chains] == [3, 1]
    lists = [[bytes(one) for one in values] for values in chains[0][0]["reducedHashtree"]]
    assert lists == [sorted(one[SHA256].value for one in OBJECTS.values())]
    assert encoder.encode(chains) in encoded
    single = built(hashed(data(1)), first().at(year(2026)))
    found, _ = decoder.decode(write_record(single), asn1Spec=rfc4998.EvidenceRecord())
    assert not found["archiveTimeStampSequence"][0][0]["reducedHashtree"].isValue


def test_openssl_accepts_every_token(record):
    for stamp, by in zip(record.stamps, (first(), second(), third(), third()), strict=True):
        token_info = read_token(stamp.token)
        assert "Verification: OK" in openssl_verify(stamp.token, token_info.imprint, by, token_info.time)
