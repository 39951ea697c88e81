"""Evidence for several packages at once, renewed over the years, and when there is none to be had."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from archiver.evidence.build import build_records
from archiver.evidence.errors import (
    EvidenceAlgorithmEnded,
    EvidenceAuthorityEnded,
    EvidenceStampUnproven,
    EvidenceUnreadable,
    NoTimestampAuthority,
)
from archiver.evidence.records import write_record
from archiver.examination.errors import EvidenceAbsent, EvidencePresent
from archiver.operations.build_evidence import BuildRequest, build_evidence
from archiver.operations.renew_evidence import RenewRequest, renew_evidence
from archiver.operations.show_evidence import list_evidence
from archiver.package import layout
from archiver.package.append import put_evidence
from archiver.package.checks.check_package import check, examine
from archiver.package.errors import DigestMismatch
from archiver.signing.errors import SignatureInvalid, TokenInvalid
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Renewal, State
from formats.digests import SHA256, SHA384, SHA512, Digest
from tests.evidence import reader
from tests.packages import package, signer, units, unpacked
from tests.unit.evidence.life import ending, first, second, third, year

MANIFEST, RECORD = layout.evidence_members(1)


@pytest.fixture
def packages(tmp_path):
    paths = tuple(tmp_path / name for name in ("one.asice", "two.asice", "three"))
    paths[0].write_bytes(package())
    paths[1].write_bytes(package(count=5))
    unpacked(package(count=2), paths[2])
    return paths


def proven(*paths, at=2026, by=None, **kinds):
    request = BuildRequest(packages=paths, trust=kinds.pop("trust", reader(at=year(at))), **kinds)
    return list(build_evidence(request, (by or first()).at(year(at))))


def renewed(*paths, at, by, trust=None, **kinds):
    request = RenewRequest(packages=paths, trust=trust or reader(at=year(at)), **kinds)
    return list(renew_evidence(request, by.at(year(at))))


def tokens(path):
    return [one.token for one in examine(path, reader()).evidence[1].record.stamps]


def contents(*paths):
    files = [one for path in paths for one in (path.rglob("*") if path.is_dir() else [path])]
    return {one: one.read_bytes() for one in files if one.is_file()}


def never(digest):
    raise AssertionError("no time-stamp may be asked for")


# -- built --------------------------------------------------------------------------------


def test_one_time_stamp_serves_many_packages(packages):
    before = contents(*packages)
    done = proven(*packages)
    assert [one.package for one in done] == list(packages)
    assert {one.renew_before for one in done} == {first().leaf.not_valid_after_utc}
    assert len({tuple(tokens(path)) for path in packages}) == 1
    for path, one in zip(packages, done, strict=True):
        verdict = check(path, reader())
        assert verdict.proven, verdict
        assert one.members == len(examine(path, reader()).contents) - 2
    after = contents(*packages)
    assert {path.name for path in after.keys() - before.keys()} == {"evidencerecord001.ers"} | {
        "ASiCEvidenceRecordManifest001.xml"
    }
    for path in packages[:2]:
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
        assert not list(path.parent.glob(".*"))


def test_a_package_alone_needs_no_tree(packages):
    proven(packages[0])
    record = examine(packages[0], reader()).evidence[1].record
    assert len(record.chains[0].stamps[0].lists) == 1


def test_the_mode_of_the_file_stays(packages):
    packages[0].chmod(0o600)
    proven(packages[0])
    assert packages[0].stat().st_mode & 0o777 == 0o600


def test_one_bad_package_among_many_and_none_is_touched(packages):
    broken = bytearray(packages[1].read_bytes())
    broken[2000] ^= 1
    packages[1].write_bytes(broken)
    before = contents(*packages)
    request = BuildRequest(packages=packages, trust=reader(at=year(2026)))
    with pytest.raises(DigestMismatch) as refusal:
        list(build_evidence(request, never))
    assert refusal.value.where.startswith(str(packages[1]))
    assert contents(*packages) == before


def test_a_package_nobody_signed(packages):
    (packages[2] / layout.SIGNATURE).write_bytes(b"?")
    with pytest.raises(SignatureInvalid):
        list(build_evidence(BuildRequest(packages=packages[2:], trust=reader(at=year(2026))), never))


def test_evidence_is_there_already(packages):
    proven(packages[0])
    with pytest.raises(EvidencePresent):
        list(build_evidence(BuildRequest(packages=packages[:1], trust=reader(at=year(2027))), never))
    (again,) = proven(packages[0], at=2030, by=second(), another=True, algorithm=SHA384)
    assert again.member == layout.evidence_members(2)[1]
    assert check(packages[0], reader(at=year(2030))).proven
    late = check(packages[0], reader(at=year(2034)))
    assert [one.existed_at.state for one in late.records] == [State.UNKNOWN, State.PROVEN]


def test_a_token_for_something_else(packages):
    before = contents(*packages)
    wrong = first().at(year(2026))(Digest(SHA256, bytes(32)))
    with pytest.raises(TokenInvalid):
        list(build_evidence(BuildRequest(packages=packages, trust=reader(at=year(2026))), lambda *_: wrong))
    assert contents(*packages) == before


def test_nobody_answers(packages):
    def silence(digest):
        raise NoTimestampAuthority(count=1, authority="http://127.0.0.1", reason="closed")

    before = contents(*packages)
    with pytest.raises(NoTimestampAuthority):
        list(build_evidence(BuildRequest(packages=packages, trust=reader(at=year(2026))), silence))
    assert contents(*packages) == before


def test_a_time_stamp_the_policy_does_not_trust(packages):
    policy = ending(SHA256.oid, year(2025))
    trust = replace(reader(at=year(2026)), policy=policy)
    before = contents(*packages)
    with pytest.raises(EvidenceAlgorithmEnded):
        proven(*packages, trust=trust)
    assert contents(*packages) == before


def test_a_signer_nobody_knows_is_no_obstacle(packages):
    proven(packages[0], trust=Trust(at=year(2026), tsa_roots=first().roots))
    another = signer("Dr Zoé Ailleurs").roots
    verdict = check(packages[0], Trust(at=year(2027), roots=another, tsa_roots=first().roots))
    assert (verdict.existed_at.state, verdict.trusted.code) == (State.PROVEN, "signer-untrusted")


# -- renewed ------------------------------------------------------------------------------


def test_the_life_of_packages(packages):
    proven(*packages)
    first_tokens = tokens(packages[0])
    for at, by in ((2030, second()), (2035, third())):
        done = renewed(*packages, at=at, by=by)
        assert {one.done for one in done} == {Renewal.TIME_STAMP}
        assert len({one.stamp.place for one in done}) == 1
    done = renewed(*packages, at=2040, by=third(), algorithm=SHA512)
    assert {(one.done, one.stamp.place, one.stamp.digest_algorithm) for one in done} == {
        (Renewal.HASH_TREE, "2.1", SHA512)
    }
    for path in packages:
        verdict = check(path, reader(at=year(2041)))
        assert verdict.proven, verdict
        assert (verdict.records[0].chains, verdict.existed_at.facts["renewals"]) == (2, 3)
        assert verdict.existed_at.facts["moment"] == year(2026).isoformat()
        assert tokens(path)[:1] == first_tokens
    again = renewed(packages[0], at=2042, by=third(), algorithm=SHA512)
    assert again[0].done is Renewal.TIME_STAMP
    assert check(packages[0], reader(at=year(2043))).proven


def test_a_time_stamp_renewal_reads_nothing_but_the_record(packages):
    proven(packages[2])
    for path in (packages[2] / "units").iterdir():
        path.unlink()
    assert renewed(packages[2], at=2030, by=second())[0].done is Renewal.TIME_STAMP


def test_too_late(packages):
    proven(packages[0])
    before = contents(packages[0])
    with pytest.raises(EvidenceAuthorityEnded) as refusal:
        list(renew_evidence(RenewRequest(packages=packages[:1], trust=reader(at=year(2032))), never))
    assert refusal.value.where == str(packages[0])
    assert contents(packages[0]) == before


def test_an_authority_that_is_not_accepted(packages):
    proven(packages[0])
    trust = Trust(at=year(2027), tsa_roots=second().roots)
    with pytest.raises(EvidenceStampUnproven):
        list(renew_evidence(RenewRequest(packages=packages[:1], trust=trust), never))
    # who accepts nobody yet is told so elsewhere, and not kept from renewing
    assert renewed(packages[0], at=2030, by=second(), trust=Trust(at=year(2030)))[0].done


def test_only_what_is_due(packages):
    proven(packages[0])
    proven(packages[1], at=2030, by=second(), trust=reader(at=year(2030)))
    term = timedelta(days=400)
    done = renewed(*packages[:2], at=2030, by=second(), due_within=term)
    assert [one.done for one in done] == [Renewal.TIME_STAMP, None]
    assert done[1].renew_before == second().leaf.not_valid_after_utc
    assert (len(tokens(packages[0])), len(tokens(packages[1]))) == (2, 1)
    nothing = RenewRequest(packages=packages[1:2], trust=reader(at=year(2030)), due_within=term)
    assert [one.done for one in renew_evidence(nothing, never)] == [None]


def test_no_evidence_and_evidence_that_cannot_be_read(packages):
    with pytest.raises(EvidenceAbsent):
        list(renew_evidence(RenewRequest(packages=packages[:1], trust=reader(at=year(2027))), never))
    with pytest.raises(EvidenceAbsent):
        list_evidence(packages[0], reader())
    proven(packages[0])
    put_evidence(packages[0], {RECORD: b"0"})
    with pytest.raises(EvidenceUnreadable):
        list(renew_evidence(RenewRequest(packages=packages[:1], trust=reader(at=year(2027))), never))
    (seen,) = list_evidence(packages[0], reader())
    assert seen.existed_at.code == "evidence-unreadable"


def test_another_hash_needs_the_package_as_it_was(packages):
    proven(packages[2])
    unit = packages[2] / layout.unit_member(units()[0][0])
    unit.write_bytes(b"x" + unit.read_bytes()[1:])
    with pytest.raises(DigestMismatch):
        list(
            renew_evidence(
                RenewRequest(packages=packages[2:], trust=reader(at=year(2027)), algorithm=SHA512), never
            )
        )


def test_a_destroyed_unit_is_left_out_of_the_new_list(packages):
    proven(packages[2])
    (packages[2] / layout.unit_member(units()[0][0])).unlink()
    renewed(packages[2], at=2030, by=second(), algorithm=SHA512)
    seen = examine(packages[2], reader(at=year(2031)))
    assert (seen.verdict.existed_at.state, seen.verdict.complete.code) == (State.PROVEN, "member-missing")
    chains = seen.evidence[1].record.chains
    lists = [len(chain.stamps[0].lists[0]) for chain in chains]
    assert lists[0] == lists[1] + 1


def test_what_is_shown(packages):
    proven(packages[0])
    renewed(packages[0], at=2030, by=second())
    (seen,) = list_evidence(packages[0], reader(at=year(2031)))
    assert [(one.place, one.answer.state) for one in seen.stamps] == [
        ("1.1", State.PROVEN),
        ("1.2", State.PROVEN),
    ]
    assert (seen.renew_before, seen.renewal) == (second().leaf.not_valid_after_utc, Renewal.TIME_STAMP)


def test_the_hash_function_that_ends_first_is_named(packages):
    policy = ending(SHA256.oid, year(2029))
    trust = replace(reader(at=year(2026)), policy=policy)
    (done,) = proven(packages[0], trust=trust)
    assert (done.renew_before, done.stamp.algorithm) == (year(2029), "sha256")
    (seen,) = list_evidence(packages[0], replace(trust, at=year(2027)))
    assert (seen.renewal, seen.renew_before) == (Renewal.HASH_TREE, year(2029))


def test_the_signer_of_another_package_is_the_same(packages):
    """Evidence does not travel: it names the members by their digests."""
    proven(packages[0])
    other = packages[0].with_name("other.asice")
    other.write_bytes(package(by=signer("Dr Paul Inconnu")))
    found = examine(packages[0], reader()).contents
    put_evidence(other, {name: found[name].open().read() for name in (MANIFEST, RECORD)})
    assert check(other, reader()).existed_at.code == "evidence-object-missing"


def beside(path, *, at=2026):
    """Put a record of the whole file beside it, as a vault does that gives a package back."""
    digest = Digest.of(path.read_bytes(), algorithm=SHA256)
    (record,) = build_records([[digest]], first().at(year(at)), algorithm=SHA256)
    place = path.with_name(layout.record_beside(path.name, 1))
    place.write_bytes(write_record(record))
    return place


def test_a_record_beside_a_package_is_shown(packages):
    place = beside(packages[0])
    (shown,) = list_evidence(packages[0], reader())
    assert (shown.member, shown.stamps[0].answer.state) == (place.name, State.PROVEN)
    place.write_bytes(b"no record")
    (shown,) = list_evidence(packages[0], reader())
    assert shown.existed_at.code == "evidence-unreadable"


@pytest.mark.parametrize("kinds", [{}, {"algorithm": SHA512}], ids=["time-stamp", "hash tree"])
def test_a_record_beside_a_package_is_renewed_and_the_file_stays(packages, kinds):
    proven(packages[0])
    place = beside(packages[0], at=2027)
    before = packages[0].read_bytes()
    inside, outside = renewed(packages[0], at=2029, by=second(), **kinds)
    assert (inside.member, inside.done) == (RECORD, None)
    assert outside.member == place.name and outside.done is not None
    assert packages[0].read_bytes() == before
    whole = check(packages[0], reader(at=year(2031))).records[1]
    assert (len(whole.stamps), whole.existed_at.state) == (2, State.PROVEN), whole


def test_a_file_that_is_proven_as_a_whole_gets_more_evidence_beside_it(packages):
    beside(packages[0])
    before = packages[0].read_bytes()
    with pytest.raises(EvidencePresent):
        proven(packages[0], at=2027)
    (made,) = proven(packages[0], at=2027, another=True)
    assert made.member == layout.record_beside(packages[0].name, 2)
    assert packages[0].read_bytes() == before
    assert len(check(packages[0], reader(at=year(2028))).records) == 2
