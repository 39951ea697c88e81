"""Until when an algorithm is relied on, by our own dates or a reader's."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from archiver.signing import policy
from archiver.signing.algorithms import Use
from archiver.signing.errors import PolicyUnreadable
from archiver.signing.policy import FOREVER, NEVER, own_policy, parse_policy, read_policy
from formats.digests import ALGORITHMS
from formats.errors import LimitExceeded


def end(oid, bits=0, of=None):
    return (of or own_policy()).end(Use(oid=oid, name="", bits=bits))


def day(year, month=1, number=1):
    return datetime(year, month, number, tzinfo=UTC)


def test_our_dates():
    assert (own_policy().name, own_policy().issued) == ("ETSI TS 119 312 V1.5.1", date(2024, 12, 1))
    assert end(ALGORITHMS["md5"].oid) == day(2004, 8)
    assert end(ALGORITHMS["sha1"].oid) == day(2012, 8)
    assert end(ALGORITHMS["sha224"].oid) == day(2029)
    for name in ("sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"):
        assert end(ALGORITHMS[name].oid) == FOREVER


@pytest.mark.parametrize(
    ("bits", "expected"),
    [(512, NEVER), (1024, day(2019, 10)), (2048, day(2029)), (3072, day(2029)), (4096, day(2029))],
)
def test_rsa_depends_on_its_key(bits, expected):
    assert end("1.2.840.113549.1.1.11", bits) == expected


def test_pss_with_a_long_key_has_no_end():
    assert end("1.2.840.113549.1.1.10", 3072) == FOREVER


def test_curves():
    assert end("1.2.840.10045.4.3.2", 256) == FOREVER
    assert end("1.2.840.10045.4.3.2", 224) == day(2021, 10)
    assert end("1.2.840.10045.3.1.7") == FOREVER
    assert end("1.2.840.10045.3.1.1") == NEVER


def test_what_is_not_listed_is_not_relied_on():
    assert end("1.2.3.4") == NEVER


def catalogue(*evaluations, **others):
    algorithm = {
        "AlgorithmIdentifier": {"Name": "A", "ObjectIdentifier": "1.2.3", **others},
        "Evaluation": list(evaluations),
    }
    return {
        "SecuritySuitabilityPolicy": {
            "PolicyName": {"Name": "Mine"},
            "PolicyIssueDate": "2030-02-01T00:00:00.000+01:00",
            "Algorithm": [algorithm],
        }
    }


def test_a_readers_own_file(tmp_path):
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(catalogue({"Validity": {"Start": "2026-02-01", "End": "2031-05-06"}})))
    mine = read_policy(file)
    assert (mine.name, mine.issued, end("1.2.3", of=mine)) == ("Mine", date(2030, 2, 1), day(2031, 5, 6))


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        {"SecuritySuitabilityPolicy": {}},
        catalogue({}),
        catalogue({"Validity": {"End": "soon"}}),
        catalogue({"Validity": {}, "Parameter": [{"name": "moon", "Min": 3}]}),
        catalogue({"Validity": {}, "Parameter": [{"name": "plength", "Min": 3, "Max": 4}]}),
        catalogue({"Validity": {}, "Parameter": [{"name": "plength", "Min": "3"}]}),
        catalogue({"Validity": {}, "Parameter": [{"name": "plength", "Min": -1}]}),
        catalogue({"Validity": {}}, ObjectIdentifier=7),
        catalogue({"Validity": {}}, ObjectIdentifier=""),
    ],
)
def test_what_is_no_catalogue_is_refused(wrong):
    with pytest.raises(PolicyUnreadable):
        parse_policy(json.dumps(wrong).encode())


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 200_000, b"<xml/>"])
def test_what_is_no_json_is_refused(data):
    with pytest.raises(PolicyUnreadable):
        parse_policy(data)


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_POLICY_BYTES", 20), ("MAX_ALGORITHMS", 0), ("MAX_EVALUATIONS", 0)]
)
def test_limits(monkeypatch, limit, value):
    monkeypatch.setattr(policy, limit, value)
    with pytest.raises(LimitExceeded):
        parse_policy(json.dumps(catalogue({"Validity": {}})).encode())
