"""Evidence over the years: made, renewed in time and too late, with units destroyed on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import cms, crl, ocsp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.evidence import hashes
from archiver.evidence.build import build_records
from archiver.evidence.errors import EvidenceInvalid, EvidenceObjectMissing
from archiver.evidence.links import algorithms_of
from archiver.evidence.records import Chain, first_record, make_stamp, with_stamp
from archiver.evidence.renew import RecordObjects, renew_hash_trees, renew_time_stamps
from archiver.signing.errors import TokenInvalid
from archiver.verdict import Renewal, State
from formats.digests import SHA256, SHA512, Digest
from tests.openssl_ca import Publisher
from tests.unit.evidence.life import (
    again,
    built,
    data,
    ending,
    first,
    grown,
    hashed,
    judged,
    rehashed,
    renewed,
    second,
    year,
)

OBJECTS = hashed(data(5))
ONE = hashed(data(1))


@pytest.fixture(scope="module")
def old():
    return grown(OBJECTS)


@pytest.fixture(scope="module")
def young():
    return built(OBJECTS, first().at(year(2026)))


def code(record, objects, at, **options):
    verdict = judged(record, objects, at, **options)
    assert verdict.existed_at.state is not State.PROVEN
    assert verdict.existed_at.state is State.UNKNOWN or verdict.renewal is None
    return verdict.existed_at.code


def test_a_first_record(young):
    verdict = judged(young, OBJECTS, year(2027))
    assert verdict.existed_at.state is State.PROVEN
    assert verdict.existed_at.facts["moment"] == "2026-06-01T00:00:00+00:00"
    assert "Horodatage Un" in verdict.existed_at.text
    assert [one.place for one in verdict.stamps] == ["1.1"]
    assert (verdict.uncovered, verdict.others) == ({}, 0)
    assert (verdict.renewal, verdict.renew_before) == (Renewal.TIME_STAMP, year(2031, 1))


def test_an_old_record(old):
    verdict = judged(old, OBJECTS, year(2044))
    assert verdict.existed_at.state is State.PROVEN
    assert verdict.existed_at.facts["moment"] == "2026-06-01T00:00:00+00:00"
    assert verdict.existed_at.facts["renewals"] == 3
    assert [(one.place, one.digest_algorithm, one.time.year) for one in verdict.stamps] == [
        ("1.1", SHA256, 2026),
        ("1.2", SHA256, 2030),
        ("1.3", SHA256, 2035),
        ("2.1", SHA512, 2040),
    ]
    assert algorithms_of(old) == old.algorithms == (SHA256, SHA512)


def test_a_renewal_keeps_every_earlier_byte(young):
    record = renewed(young, second().at(year(2030)))
    assert record.chains[0].stamps[0] == young.chains[0].stamps[0]
    assert rehashed(record, OBJECTS, second().at(year(2031))).chains[0] == record.chains[0]


# -- too late -----------------------------------------------------------------------------


def test_nobody_renewed(young):
    assert code(young, OBJECTS, year(2032)) == "evidence-authority-ended"


def test_renewed_too_late(young):
    late = renewed(young, second().at(year(2032)))
    verdict = judged(late, OBJECTS, year(2033))
    assert verdict.existed_at.code == "evidence-authority-ended"
    assert "Horodatage Un" in verdict.existed_at.text
    assert [one.answer.state for one in verdict.stamps] == [State.UNKNOWN, State.PROVEN]


def test_the_last_renewal_dies_too(old):
    assert code(old, OBJECTS, year(2046)) == "evidence-authority-ended"


def test_a_hash_function_that_ended_after_its_chain(old):
    broken = ending(SHA256.oid, year(2041))
    # the tokens' own signatures use SHA-256 too: judge the trees alone
    verdict = judged(old, OBJECTS, year(2040, 7), policy=broken)
    assert verdict.existed_at.state is State.PROVEN


def test_a_hash_function_that_ended_before_its_chain_did(old):
    broken = ending(SHA256.oid, year(2039))
    verdict = judged(old, OBJECTS, year(2044), policy=broken)
    assert verdict.existed_at.code == "evidence-algorithm-ended"
    assert verdict.stamps[0].answer.code == "evidence-algorithm-ended"
    assert "sha256" in verdict.stamps[0].answer.text


def test_a_signature_algorithm_that_ended(young):
    broken = ending("1.2.840.10045.4.3.2", year(2029))
    assert judged(young, OBJECTS, year(2028), policy=broken).renew_before == year(2029)
    assert code(young, OBJECTS, year(2030), policy=broken) == "evidence-algorithm-ended"


def test_the_hash_tree_is_renewed_when_its_hash_ends_first(young):
    broken = ending(SHA256.oid, year(2028))
    verdict = judged(young, OBJECTS, year(2027), policy=broken)
    assert (verdict.renewal, verdict.renew_before) == (Renewal.HASH_TREE, year(2028))


# -- units that are gone, changed or foreign ----------------------------------------------


def test_a_destroyed_unit_leaves_the_others_proven(old):
    left = {name: one for name, one in OBJECTS.items() if name != "units/3.zip"}
    verdict = judged(old, left, year(2044))
    assert (verdict.existed_at.state, verdict.others) == (State.PROVEN, 1)


def test_a_unit_destroyed_before_a_renewal_is_not_claimed_afterwards(young):
    left = {name: one for name, one in OBJECTS.items() if name != "units/3.zip"}
    record = rehashed(renewed(young, second().at(year(2030))), left, second().at(year(2033)))
    assert judged(record, left, year(2034)).existed_at.state is State.PROVEN
    assert judged(record, left, year(2034)).others == 0
    verdict = judged(record, OBJECTS, year(2034))
    assert verdict.existed_at.code == "evidence-object-missing"
    assert list(verdict.uncovered) == ["units/3.zip"]


def test_a_changed_unit_is_named(old):
    changed = {**data(5), "units/2.zip": b"something else"}
    verdict = judged(old, hashed(changed), year(2044))
    assert verdict.existed_at.code == "evidence-object-missing"
    assert [str(one.facts["member"]) for one in verdict.uncovered.values()] == ["units/2.zip"]
    assert verdict.others == 1


def test_an_object_of_one_chain_only_is_not_covered(old, young):
    """A collision found after a hash function broke fits the first chain, and not the second."""
    fake = {"fake": {**hashed({"fake": b"fake"})["fake"], SHA256: OBJECTS["units/0.zip"][SHA256]}}
    assert judged(young, fake, year(2027)).existed_at.state is State.PROVEN
    assert code(old, fake, year(2044)) == "evidence-object-missing"


def test_a_single_object():
    record = built(ONE, first().at(year(2026)))
    record = renewed(record, second().at(year(2030)))
    assert record.chains[0].stamps[0].lists == record.chains[0].stamps[1].lists == ()
    record = rehashed(record, ONE, second().at(year(2033)))
    assert judged(record, ONE, year(2034)).existed_at.state is State.PROVEN
    assert code(record, hashed({"units/0.zip": b"other"}), year(2034)) == "evidence-object-missing"


def test_nothing_asked_nothing_proven(young):
    assert code(young, {}, year(2027)) == "nothing-asked"


# -- one time-stamp for many records ------------------------------------------------------


class Counting:
    def __init__(self, stamp):
        self.stamp, self.times = stamp, 0

    def __call__(self, digest):
        self.times += 1
        return self.stamp(digest)


def test_many_packages_share_their_time_stamps():
    packages = [hashed(data(count)) for count in (1, 4, 2, 1, 3)]
    stamps = [Counting(first().at(year(2026))), Counting(second().at(year(2030)))]
    stamps.append(Counting(second().at(year(2033))))
    groups = [[one[SHA256] for one in objects.values()] for objects in packages]
    records = [again(one) for one in build_records(groups, stamps[0])]
    records = [again(one) for one in renew_time_stamps(records, stamps[1])]
    record_objects = [
        RecordObjects(record=one, objects=its) for one, its in zip(records, packages, strict=True)
    ]
    records = [again(one) for one in renew_hash_trees(record_objects, stamps[2])]
    assert [one.times for one in stamps] == [1, 1, 1]
    for record, objects in zip(records, packages, strict=True):
        assert judged(record, objects, year(2034)).existed_at.state is State.PROVEN


def test_records_of_two_hash_functions_are_renewed_together():
    stamp = Counting(second().at(year(2030)))
    records = [built(ONE, first().at(year(2026)), name) for name in (SHA256, SHA512, SHA256)]
    records = list(renew_time_stamps(records, stamp))
    assert stamp.times == 2
    assert [algorithms_of(one) for one in records] == [(SHA256,), (SHA512,), (SHA256,)]
    for record in records:
        assert judged(record, ONE, year(2031)).existed_at.state is State.PROVEN


def test_nothing_to_stamp_asks_nobody():
    def stamp(*_):
        raise AssertionError

    assert list(build_records([], stamp)) == list(renew_time_stamps([], stamp)) == []


# -- what must not be ---------------------------------------------------------------------


def test_a_token_over_something_else_is_refused(young):
    def wrong(digest):
        return first().at(year(2026))(Digest(digest.algorithm, bytes(len(digest.value))))

    with pytest.raises(TokenInvalid, match="something else"):
        list(build_records([[Digest(SHA256, bytes(range(32)))]], wrong))
    with pytest.raises(TokenInvalid, match="something else"):
        list(renew_time_stamps([young], wrong))


def test_a_stranger_is_not_taken_in_at_a_renewal(young):
    outsider = {**OBJECTS, "stranger": hashed({"stranger": b"new"})["stranger"]}
    with pytest.raises(EvidenceObjectMissing, match="stranger"):
        rehashed(young, outsider, second().at(year(2030)))
    with pytest.raises(EvidenceInvalid):
        rehashed(young, {}, second().at(year(2030)))


def test_without_roots_nobody_can_tell(young):
    assert code(young, OBJECTS, year(2027), accepted=()) == "timestamp-untrusted"
    assert code(young, OBJECTS, year(2027), accepted=second().roots) == "timestamp-untrusted"


def test_a_moment_before_the_time_stamp(young):
    assert code(young, OBJECTS, year(2026) - timedelta(seconds=1)) == "evidence-later"


def test_a_renewal_dated_before_what_it_renews():
    record = renewed(built(OBJECTS, second().at(year(2031))), second().at(year(2030)))
    assert code(record, OBJECTS, year(2032)) == "evidence-order-wrong"
    answer = judged(record, OBJECTS, year(2032)).existed_at
    # nothing is false: who knows which of them is wrong? both are told
    assert answer.state is State.UNKNOWN
    assert {answer.facts["moment"], answer.facts["other"]} == {year(2030).isoformat(), year(2031).isoformat()}


def test_a_time_stamp_older_than_its_certificate():
    stamp = first().at(year(2025))
    with pytest.raises(TokenInvalid, match="not valid when"):
        built(OBJECTS, stamp)


def test_a_renewal_of_another_record(young):
    other = built(ONE, first().at(year(2026)))
    outsider = renewed(other, second().at(year(2030))).chains[0].stamps[1]
    assert code(with_stamp(young, outsider), OBJECTS, year(2031)) == "evidence-link-broken"


def test_a_chain_of_two_hash_functions(young):
    token = second().at(year(2030))(Digest.of(young.chains[0].stamps[0].token, algorithm=SHA512))
    mixed = with_stamp(young, make_stamp(SHA512, (), token))
    assert code(mixed, OBJECTS, year(2031)) == "evidence-link-broken"


def test_a_hash_function_that_is_not_announced(young):
    silent = replace(young, algorithms=(SHA512,), announced=hashes.hash_identifier(SHA512))
    assert code(again(silent), OBJECTS, year(2027)) == "evidence-link-broken"


def test_a_root_that_is_not_the_one_stamped(young):
    (stamp,) = young.chains[0].stamps
    more = make_stamp(SHA256, (*stamp.lists, (bytes(32),)), stamp.token)
    assert (
        code(replace(young, chains=(Chain(stamps=(more,)),)), OBJECTS, year(2027))
        == "evidence-imprint-mismatch"
    )


def test_chains_out_of_order(old):
    turned = replace(old, chains=old.chains[::-1])
    verdict = judged(turned, OBJECTS, year(2044))
    assert verdict.existed_at.state is State.REFUTED
    assert set(verdict.uncovered) == set(OBJECTS)
    assert verdict.stamps[1].answer.code == "evidence-order-wrong"


def test_a_token_nobody_can_read(young):
    (stamp,) = young.chains[0].stamps
    broken = first_record(SHA256, stamp.lists, b"\x30\x02\x05\x00")
    assert code(broken, OBJECTS, year(2027)) == "evidence-token-invalid"


def with_sources(record, *sources):
    """Return ``record`` with what is told of revocations in its token, where nothing is signed."""
    (stamp,) = record.chains[0].stamps
    content = cms.ContentInfo.load(stamp.token).copy()
    choices = cms.RevocationInfoChoices.load(b"\x31\x00")
    for one in sources:
        choices.append(one)
    content["content"]["crls"] = choices
    return again(first_record(SHA256, stamp.lists, content.dump()))


def with_list(record, revocations):
    return with_sources(record, cms.RevocationInfoChoice("crl", crl.CertificateList.load(revocations)))


def with_response(record, response, kind="1.3.6.1.5.5.7.16.2"):
    value = {"other_rev_info_format": kind, "other_rev_info": ocsp.OCSPResponse.load(response)}
    return with_sources(record, cms.RevocationInfoChoice("other", cms.OtherRevocationInfoFormat(value)))


def response(folder, when=None, *, reason="", by=None, at=None):
    """Return what openssl answers about the first authority, in the name of its root or ``by`` another's."""
    leaf = first().leaf.public_bytes(Encoding.DER)
    publisher = Publisher(folder / f"{len(list(folder.iterdir()))}", by or first(), leaf, when, reason=reason)
    return publisher.response(at or year(2026, 7), 7).read_bytes()


@pytest.mark.parametrize("reason", [None, x509.ReasonFlags.key_compromise])
def test_an_authority_that_was_revoked(young, reason):
    listed = with_list(young, first().revocations(year(2026, 7), reason))
    assert code(listed, OBJECTS, year(2026, 8)) == "evidence-authority-revoked"
    assert judged(listed, OBJECTS, year(2026, 6) + timedelta(days=1)).existed_at.state is State.PROVEN


def test_an_authority_that_only_ceased(young):
    reason = x509.ReasonFlags.cessation_of_operation
    listed = with_list(young, first().revocations(year(2026, 7), reason))
    assert judged(listed, OBJECTS, year(2026, 8)).existed_at.state is State.PROVEN
    listed = with_list(young, first().revocations(year(2026, 5), reason))
    assert code(listed, OBJECTS, year(2026, 8)) == "evidence-authority-revoked"


def test_a_list_of_somebody_else_says_nothing(young):
    listed = with_list(young, second().revocations(year(2026, 7)))
    assert judged(listed, OBJECTS, year(2026, 8)).existed_at.state is State.PROVEN


# -- answers of an OCSP service, which openssl gives ----------------------------------------


@pytest.mark.parametrize("reason", ["", "keyCompromise"])
def test_an_authority_that_was_revoked_by_an_answer(young, tmp_path, reason):
    answered = with_response(young, response(tmp_path, year(2026, 7), reason=reason))
    assert code(answered, OBJECTS, year(2026, 8)) == "evidence-authority-revoked"
    assert judged(answered, OBJECTS, year(2026, 6) + timedelta(days=1)).existed_at.state is State.PROVEN


def test_an_authority_that_only_ceased_by_an_answer(young, tmp_path):
    answered = with_response(young, response(tmp_path, year(2026, 7), reason="cessationOfOperation"))
    assert judged(answered, OBJECTS, year(2026, 8)).existed_at.state is State.PROVEN
    answered = with_response(young, response(tmp_path, year(2026, 5), reason="cessationOfOperation"))
    assert code(answered, OBJECTS, year(2026, 8)) == "evidence-authority-revoked"


def test_answers_that_say_nothing_against_it(young, tmp_path):
    """Good, of somebody else, of another kind, or broken: none of them changes what the token proves."""
    revoked = response(tmp_path, year(2026, 7))
    for answered in (
        with_response(young, response(tmp_path)),
        with_response(young, response(tmp_path, year(2026, 7), by=second())),
        with_response(young, revoked[:-1] + bytes([revoked[-1] ^ 1])),
        with_response(young, revoked, kind="1.2.3.4"),
    ):
        assert judged(answered, OBJECTS, year(2026, 8)).existed_at.state is State.PROVEN


def test_a_renewal_before_the_key_was_stolen_keeps_what_is_older(young, tmp_path):
    answered = with_response(young, response(tmp_path, year(2030), reason="keyCompromise"))
    later = renewed(answered, second().at(year(2029)))
    assert judged(later, OBJECTS, year(2032)).existed_at.state is State.PROVEN
    assert code(answered, OBJECTS, year(2030, 7)) == "evidence-authority-revoked"
