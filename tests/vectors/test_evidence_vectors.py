"""Public evidence records made by other programs, each with its verdict.

Time-stamped by four German authorities and by a test of Bouncy Castle; SHA-224 to SHA-512.
What they are over is known for all but one, whose time-stamps are judged alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms

from archiver.evidence.errors import EvidenceUnreadable
from archiver.evidence.links import algorithms_of
from archiver.evidence.records import read_record, write_record
from archiver.evidence.verify import verify_record
from archiver.signing.policy import FOREVER, KeyLengthRule, own_policy
from archiver.signing.signatures.tokens import read_token
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from formats.digests import ALGORITHMS, Digest
from tests.material import material

PROVEN = {
    "1_0_Initial.er": ("123456", ["1.1"]),
    "1_1_Renew_Unsorted.er": ("123456", ["1.1", "2.1"]),
    "1_2_Renew_Unsorted.er": ("123456", ["1.1", "2.1", "3.1"]),
    "1_3_Renew_Unsorted.er": ("123456", ["1.1", "2.1", "3.1", "4.1"]),
    "BIN-1_ER.ers": ("BIN-1.bin", ["1.1"]),
    "BIN-2_ER.ers": ("BIN-2.bin", ["1.1", "1.2"]),
    "BIN-3_ER.ers": ("BIN-3.bin", ["1.1", "1.2", "2.1"]),
    "BIN-4_ER.ers": ("BIN-4.bin", ["1.1", "1.2", "2.1"]),
    "er-asn1-simple.ers": ("1", ["1.1"]),
    "er-asn1-full-renewal.ers": ("\x03|\x01", ["1.1", "1.2", "2.1"]),
}
"""What each is over (several objects are one group), and its time-stamps."""

REFUTED = {
    "er-asn1-simple-invalid.ers": {"1.1": "evidence-imprint-mismatch"},
    "er-asn1-tst-renewal-invalid.ers": {"1.2": "evidence-link-broken"},
    "er-asn1-chain-renewal-invalid.ers": {
        "1.1": "evidence-algorithm-ended",
        "2.1": "evidence-algorithm-ended",
    },
}


def record(name):
    data = material("evidence", name).read_bytes()
    found = read_record(data)
    assert write_record(found) == data
    return found


def objects(text):
    """Return the digests of what a record is over: a file of the collection, or the text itself."""
    parts = [material("evidence", text).read_bytes()] if text.endswith(".bin") else text.encode().split(b"|")
    return {
        f"{number}": {one: Digest.of(part, algorithm=one) for one in ALGORITHMS.values()}
        for number, part in enumerate(parts)
    }


def roots(found):
    """Return the topmost certificates the tokens bring along: the test accepts these authorities."""
    certificates = set()
    for stamp in found.stamps:
        inside = [one.chosen for one in cms.ContentInfo.load(stamp.token)["content"]["certificates"]]
        issuers = [one for one in inside if one.ca]
        certificates.update(one.dump() for one in [one for one in issuers if one.self_issued] or issuers)
    return tuple(sorted(certificates))


def last_time(found):
    return max(read_token(stamp.token).time for stamp in found.stamps)


def judged(found, over, at=None, policy=None):
    moment = at or last_time(found) + timedelta(days=30)
    return verify_record(found, over, Trust(at=moment, tsa_roots=roots(found), policy=policy or own_policy()))


def test_the_collection_is_whole():
    names = {path.name for path in material("evidence").iterdir() if path.suffix != ".bin"}
    assert names == {*PROVEN, *REFUTED, "er-asn1-tst-renewal.ers", "BIN-1_ER_malformed.ers"}


@pytest.mark.parametrize("name", PROVEN)
def test_a_good_record(name):
    over, places = PROVEN[name]
    found = record(name)
    verdict = judged(found, objects(over))
    assert verdict.existed_at.state is State.PROVEN, verdict.existed_at.text
    assert [one.place for one in verdict.stamps] == places
    assert verdict.existed_at.facts["moment"] == verdict.stamps[0].time.isoformat()


@pytest.mark.parametrize("name", PROVEN)
def test_a_good_record_says_nothing_of_other_data(name):
    found = record(name)
    assert judged(found, objects("something else")).existed_at.code == "evidence-object-missing"


@pytest.mark.parametrize("name", PROVEN)
def test_a_good_record_dies_with_its_last_certificate(name):
    found = record(name)
    end = judged(found, objects(PROVEN[name][0])).renew_before
    assert (
        judged(found, objects(PROVEN[name][0]), at=end + timedelta(days=1)).existed_at.state is State.UNKNOWN
    )


@pytest.mark.parametrize("name", REFUTED)
def test_a_bad_record(name):
    verdict = judged(record(name), objects("1"))
    assert verdict.existed_at.state is State.REFUTED
    wrong = {one.place: one.answer.code for one in verdict.stamps if one.answer.state is not State.PROVEN}
    assert wrong == REFUTED[name]


def test_md5_is_not_the_only_flaw():
    """With every algorithm relied on for ever, the renewal that does not fit is what is left."""
    found = record("er-asn1-chain-renewal-invalid.ers")
    lenient = (KeyLengthRule(bits=0, end=FOREVER),)
    ours = own_policy()
    policy = replace(ours, judgements=dict.fromkeys(ours.judgements, lenient))
    (value,) = found.chains[0].stamps[0].lists[0]
    over = {"it": {one: Digest(one, value) for one in algorithms_of(found)}}
    verdict = judged(found, over, policy=policy)
    assert [one.answer.state for one in verdict.stamps] == [State.PROVEN] * 2
    assert verdict.existed_at.code == "evidence-object-missing"
    assert verdict.uncovered["it"].where == "2.1"


def test_a_renewed_record_over_unknown_data():
    verdict = judged(record("er-asn1-tst-renewal.ers"), {})
    assert [(one.place, one.answer.state) for one in verdict.stamps] == [
        ("1.1", State.PROVEN),
        ("1.2", State.PROVEN),
    ]
    assert verdict.existed_at.code == "nothing-asked"


def test_a_malformed_record_is_not_read():
    with pytest.raises(EvidenceUnreadable):
        read_record(material("evidence", "BIN-1_ER_malformed.ers").read_bytes())


def test_an_algorithm_that_ends_in_between():
    found = record("1_0_Initial.er")
    at = datetime(2028, 12, 30, tzinfo=UTC)
    assert judged(found, objects("123456"), at=at).existed_at.state is State.PROVEN
    assert judged(found, objects("123456"), at=at + timedelta(days=3)).existed_at.state is State.UNKNOWN
