"""The bytes of a record: kept as they are, read strictly, bounded."""

from __future__ import annotations

import pytest

from archiver.evidence import der, hashes, records
from archiver.evidence.errors import EvidenceUnreadable
from archiver.evidence.records import (
    EvidenceRecord,
    first_record,
    make_stamp,
    read_record,
    with_chain,
    with_stamp,
    write_record,
)
from archiver.signing.encoding import encode_element
from formats.digests import ALGORITHMS, SHA256, SHA512
from formats.errors import LimitExceeded

TOKEN = encode_element(der.SEQUENCE, b"\x05\x00")
"""Stands for a token: records do not look inside."""


def digests(count, algorithm=SHA256):
    return tuple(algorithm.hash_value(bytes([number])) for number in range(count))


def record(**besides):
    made = first_record(SHA256, (digests(3), digests(1)), TOKEN)
    made = with_stamp(made, make_stamp(SHA256, (), TOKEN))
    made = with_chain(made, SHA512, (digests(2, SHA512),), TOKEN)
    return EvidenceRecord(algorithms=made.algorithms, announced=made.announced, chains=made.chains, **besides)


def test_what_is_written_is_read():
    assert read_record(write_record(record())) == record()
    assert record().algorithms == (SHA256, SHA512)
    assert [len(chain.stamps) for chain in record().chains] == [2, 1]
    assert len(list(record().stamps)) == 3


def test_what_is_besides_is_kept():
    besides = encode_element(records.CRYPTO_INFOS, TOKEN) + encode_element(records.ENCRYPTION_INFO, TOKEN)
    assert read_record(write_record(record(besides=besides))) == record(besides=besides)


def test_attributes_and_parameters_are_kept_byte_for_byte():
    null = encode_element(der.SEQUENCE, hashes.hash_identifier(SHA256)[2:] + der.NULL)
    attributes = encode_element(records.ATTRIBUTES, TOKEN)
    stamp = encode_element(der.SEQUENCE, b"\xa0" + null[1:], attributes, TOKEN)
    chains = encode_element(der.SEQUENCE, encode_element(der.SEQUENCE, stamp))
    data = encode_element(der.SEQUENCE, records.VERSION, encode_element(der.SEQUENCE, null), chains)
    found = read_record(data)
    assert write_record(found) == data
    assert found.chains[0].stamps[0].algorithm == SHA256


def encoded(*parts):
    return encode_element(der.SEQUENCE, *parts)


NAMES = encoded(hashes.hash_identifier(SHA256))


def sequence(*stamp):
    return encoded(encoded(encoded(*stamp)))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\x30", "cut short"),
        (b"\x30\x80\x00\x00", "strict DER"),
        (b"\x30\x81\x05\x02\x01\x01\x30\x00", "strict DER"),
        (b"\x30\x85\x00\x00\x00\x00\x01\x00", "strict DER"),
        (b"\x1f\x81\x00", "another kind"),
        (write_record(record()) + b"\x00", "follows its end"),
        (write_record(record())[:-1], "cut short"),
        (encoded(b"\x02\x01\x02", NAMES, sequence(TOKEN)), "version 1"),
        (encoded(records.VERSION, NAMES), "version 1"),
        (encoded(records.VERSION, encoded(), sequence(TOKEN)), "empty"),
        (encoded(records.VERSION, NAMES, encoded()), "empty"),
        (encoded(records.VERSION, NAMES, encoded(encoded())), "empty"),
        (encoded(records.VERSION, NAMES, b"\xa2\x00", sequence(TOKEN)), "does not belong"),
        (encoded(records.VERSION, NAMES, b"\xa1\x00", b"\xa0\x00", sequence(TOKEN)), "does not belong"),
        (encoded(records.VERSION, encoded(encoded(b"\x05\x00")), sequence(TOKEN)), "another kind"),
        (encoded(records.VERSION, NAMES, sequence(b"\x04\x00")), "another kind"),
        (encoded(records.VERSION, NAMES, sequence(b"\xa3\x00", TOKEN)), "does not belong"),
        (encoded(records.VERSION, NAMES, sequence(b"\xa1\x00", b"\xa1\x00", TOKEN)), "does not belong"),
        (encoded(records.VERSION, NAMES, sequence(b"\xa2\x00", TOKEN)), "empty"),
        (encoded(records.VERSION, NAMES, sequence(b"\xa2\x02\x30\x00", TOKEN)), "empty"),
        (encoded(records.VERSION, NAMES, sequence(b"\xa2\x04\x30\x02\x05\x00", TOKEN)), "another kind"),
        (encoded(records.VERSION, NAMES, sequence(b"\xa2\x07\x30\x05\x04\x00\x04\x01a", TOKEN)), "lengths"),
    ],
)
def test_what_is_no_record_is_refused(data, reason):
    with pytest.raises(EvidenceUnreadable, match=reason):
        read_record(data)


@pytest.mark.parametrize(
    ("limit", "value", "name"),
    [
        ("MAX_RECORD_BYTES", 100, "size of the evidence record"),
        ("MAX_HASHES", 3, "number of hashes"),
        ("MAX_HASH_FUNCTIONS", 1, "hash functions"),
        ("MAX_CHAINS", 1, "number of chains"),
        ("MAX_STAMPS", 2, "number of time-stamps"),
        ("MAX_LISTS", 1, "lists of hashes"),
        ("MAX_TOKEN_BYTES", 3, "size of a time-stamp"),
    ],
)
def test_limits(monkeypatch, limit, value, name):
    data = write_record(record())
    monkeypatch.setattr(records, limit, value)
    with pytest.raises(LimitExceeded, match=name):
        read_record(data)


def test_hashes_past_the_limit_are_not_kept_before_they_are_counted(monkeypatch):
    """Sixteen full lists of short hashes fit into the size of a record, and took 2 GB before they were refused."""
    monkeypatch.setattr(records, "MAX_HASHES", 1000)
    lists = tuple(((b"ab",) * 1000,) * 16)
    data = write_record(first_record(SHA256, lists, TOKEN))
    with pytest.raises(LimitExceeded) as caught:
        read_record(data)
    assert (caught.value.facts["found"], caught.value.facts["limit"]) == (1001, 1000)


def test_a_package_of_the_largest_practice_is_read():
    values = tuple(number.to_bytes(32, "big") for number in range(100_000))
    data = write_record(first_record(SHA256, (values,), TOKEN))
    assert read_record(data).chains[0].stamps[0].lists == (values,)


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths(length):
    content = bytes(length)
    element = der.only(
        memoryview(encode_element(der.OCTETS, content[: length // 2], content[length // 2 :])), der.OCTETS
    )
    assert bytes(element.content) == content


def test_object_identifiers():
    assert hashes.hash_identifier(SHA256).hex() == "300b0609608648016503040201"
    for one in ALGORITHMS.values():
        assert hashes.algorithm_in(der.only(memoryview(hashes.hash_identifier(one)), der.SEQUENCE)) is one


def test_an_object_identifier_that_is_padded_is_another_one():
    """It says the same number in another way (X.690, 8.19.2): no other reader need take it for SHA-256."""
    padded = encode_element(
        der.OBJECT, bytes.fromhex("608648018065030402")[:4] + bytes.fromhex("8065030402") + b"\x01"
    )
    element = der.only(memoryview(encode_element(der.SEQUENCE, padded)), der.SEQUENCE)
    assert not hashes.algorithm_in(element).known
