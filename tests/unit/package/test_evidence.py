"""Evidence in a package: what it proves over the years, and every way in which it is wrong."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import pytest
from cryptography import x509

from archiver.evidence.build import build_records
from archiver.evidence.records import first_record, read_record, with_stamp, write_record
from archiver.evidence.renew import renew_time_stamps
from archiver.package import layout
from archiver.package.append import put_evidence
from archiver.package.checks.check_package import check, examine
from archiver.package.checks.evidence import objects_of
from archiver.package.checks.open import open_package
from archiver.package.container import Container
from archiver.package.contents import contents_of
from archiver.package.errors import ContainerIrregular, SignatureAlgorithmEnded
from archiver.package.lists.asic_manifest import Reference, write_asic_manifest
from archiver.verdict import Duty, Renewal, State
from formats.digests import SHA256, SHA512, Digest
from tests.authorities import FAR, practitioners
from tests.evidence import add_evidence, evidence_of, reader
from tests.packages import BIRTH, package, signer, trust, units, unpacked
from tests.unit.evidence.life import ending, first, second, third, year

MANIFEST, RECORD = layout.evidence_members(1)
WHOLE = package()


@pytest.fixture
def plain(tmp_path):
    path = tmp_path / "package.asice"
    path.write_bytes(WHOLE)
    return path


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    path = tmp_path_factory.mktemp("evidence") / "package.asice"
    path.write_bytes(WHOLE)
    return evidence_of(path, first().at(year(2026)))


@pytest.fixture
def proven(plain, evidence):
    put_evidence(plain, evidence)
    return plain


@pytest.fixture
def tree(proven, tmp_path):
    return unpacked(proven.read_bytes(), tmp_path / "tree")


def renewed(path, by, at):
    """Renew the time-stamp of the package at ``path`` in the year ``at``."""
    with contents_of(path)[RECORD].open() as stream:
        record = read_record(stream.read())
    (record,) = renew_time_stamps([record], by.at(year(at)))
    put_evidence(path, {RECORD: write_record(record)})


def refused(place, code, at=2027):
    """Make sure that the evidence alone is refuted, with ``code``."""
    verdict = check(place, reader(at=year(at)))
    assert (verdict.existed_at.state, verdict.existed_at.code) == (State.REFUTED, code), verdict
    assert code in {one.code for one in verdict.findings}
    assert verdict.refusal is verdict.existed_at.failure
    assert (verdict.intact.state, verdict.complete.state) == (State.PROVEN, State.PROVEN)
    return verdict


# -- what it proves -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_evidence_proves_since_when(proven, tree, kind):
    verdict = check(proven if kind == "file" else tree, reader())
    assert verdict.proven and verdict.findings == ()
    assert (verdict.existed_at.code, verdict.existed_at.where) == ("evidenced", RECORD)
    assert verdict.existed_at.facts["moment"] == year(2026).isoformat()
    (record,) = verdict.records
    assert (record.member, record.chains, len(record.stamps)) == (RECORD, 1, 1)
    assert record.renew_before == first().leaf.not_valid_after_utc
    assert (record.renewal, record.stamps[0].algorithm) == (Renewal.TIME_STAMP, "")


def test_each_member_is_a_leaf(proven):
    seen = examine(proven, reader())
    record = seen.evidence[1].record
    leaves = set(record.chains[0].stamps[0].lists[0])
    members = [one for one in seen.contents if not layout.is_evidence(one)]
    assert leaves == {seen.hashed[name].digest.value for name in members}
    assert set(objects_of(seen.evidence[1], seen.hashed)) == set(members)
    assert {layout.unit_member(unit) for unit, _ in units()} < set(members)
    assert {layout.SIGNATURE, layout.ASIC_MANIFEST, layout.MIMETYPE} < set(members)


def test_what_is_there_keeps_its_bytes_and_its_place(plain, proven):
    with zipfile.ZipFile(proven) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert names[-2:] == [MANIFEST, RECORD]
    whole = proven.read_bytes()
    before = contents_of(plain)
    end = max(one.offset + one.size for name, one in before.items() if not layout.is_evidence(name))
    assert whole[:end] == WHOLE[:end]


def test_the_same_evidence_gives_the_same_package(tmp_path, evidence):
    paths = [tmp_path / name for name in ("one.asice", "two.asice")]
    for path in paths:
        path.write_bytes(WHOLE)
        put_evidence(path, evidence)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_large_member_keeps_its_zip64_header(tmp_path):
    path = tmp_path / "package.asice"
    with path.open("wb") as target:
        container = Container(target)
        container.add(layout.MIMETYPE, [layout.MEDIA_TYPE])
        container.add("large", [b"few bytes"], large=True)
        container.close()
    before = path.read_bytes()
    put_evidence(path, {RECORD: b"record"})
    contents = contents_of(path)
    assert list(contents) == [layout.MIMETYPE, "large", RECORD]
    end = contents["large"].offset + contents["large"].size
    assert path.read_bytes()[:end] == before[:end]


def test_without_renewal_nothing_is_proven_and_nothing_refuted(proven):
    verdict = check(proven, reader(at=year(2033)))
    assert (verdict.existed_at.state, verdict.existed_at.code) == (State.UNKNOWN, "evidence-authority-ended")
    assert verdict.refusal is None
    assert verdict.records[0].renew_before is None
    late = check(proven, reader(at=year(2041)))
    assert late.trusted.code == "certificate-ended"


def test_renewals_carry_the_signature_over_the_end_of_its_certificate(proven):
    renewed(proven, second(), 2030)
    renewed(proven, third(), 2035)
    verdict = check(proven, reader(at=year(2041)))
    assert verdict.proven, verdict
    assert verdict.trusted.code == "accepted"
    assert verdict.existed_at.facts["renewals"] == 2
    (record,) = verdict.records
    assert [one.place for one in record.stamps] == ["1.1", "1.2", "1.3"]
    assert record.renew_before == third().leaf.not_valid_after_utc
    # and judged for an earlier day, as it stood on that day
    then = check(proven, reader(at=year(2028)))
    assert then.proven and then.existed_at.facts["renewals"] == 0


def test_a_signature_whose_algorithm_ended(tmp_path):
    """ETSI relies on RSA after PKCS #1 v1.5 until 2029; evidence proves that the signature is older."""
    carded = practitioners().rsa_signer(end=FAR)
    bare, proven = tmp_path / "bare.asice", tmp_path / "proven.asice"
    for path in (bare, proven):
        path.write_bytes(package(by=carded))
    add_evidence(proven)

    def then(when):
        return replace(reader(at=year(when)), fingerprints=frozenset({carded.fingerprint}))

    verdict = check(bare, then(2029))
    assert (verdict.signed_by.state, verdict.signed_by.code) == (State.UNKNOWN, "signature-algorithm-ended")
    assert "sha256_rsa (3072)" in verdict.signed_by.text
    assert (verdict.intact.state, verdict.complete.state) == (State.UNKNOWN, State.UNKNOWN)
    assert check(bare, then(2028)).signed_by.state is State.PROVEN
    assert check(proven, then(2029)).proven
    # opening asks for a person's word about this very list, and evidence spares it
    assert open_package(bare, then(2028)).doubt is None
    with pytest.raises(SignatureAlgorithmEnded) as refusal:
        open_package(bare, then(2029))
    word = frozenset({Digest.from_hex(str(refusal.value.facts["list"]))})
    assert word == {Digest.of(unpacked_list(bare))}
    assert open_package(bare, replace(then(2029), lists=word)).doubt == verdict.signed_by
    assert open_package(proven, then(2029)).doubt is None


def unpacked_list(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read(layout.ASIC_MANIFEST)


def test_a_time_stamp_whose_algorithm_ended(tmp_path):
    path = tmp_path / "package.asice"
    path.write_bytes(package(stamp=first().at(year(2026, 4))))
    trust = replace(reader(), policy=ending("1.2.840.10045.4.3.2", year(2026, 9)))
    verdict = check(path, trust)
    assert (verdict.existed_at.state, verdict.existed_at.code) == (
        State.UNKNOWN,
        "timestamp-algorithm-ended",
    )
    # evidence made before that end keeps it, and dies by the same
    add_evidence(path)
    assert check(path, trust).existed_at.code == "evidence-algorithm-ended"
    assert check(path, replace(trust, at=year(2026, 8))).proven


def test_before_it_was_made_it_proves_nothing(proven):
    verdict = check(proven, reader(at=BIRTH.replace(month=4)))
    assert (verdict.existed_at.state, verdict.existed_at.code) == (State.UNKNOWN, "evidence-later")


def test_an_authority_nobody_accepted(proven):
    verdict = check(proven, trust(signer(), at=year(2027)))
    assert (verdict.existed_at.state, verdict.existed_at.code) == (State.UNKNOWN, "timestamp-untrusted")
    assert verdict.refusal is None


def test_a_time_stamp_and_evidence_the_earlier_one_counts(tmp_path):
    path = tmp_path / "package.asice"
    path.write_bytes(package(stamp=first().at(year(2026, 4))))
    add_evidence(path)
    verdict = check(path, reader())
    assert (verdict.existed_at.code, verdict.existed_at.facts["moment"]) == (
        "timestamped",
        year(2026, 4).isoformat(),
    )
    # long after the authority of both, renewed evidence alone still proves both signature and token
    renewed(path, second(), 2030)
    renewed(path, third(), 2035)
    verdict = check(path, reader(at=year(2041)))
    assert verdict.proven
    assert verdict.existed_at.facts["moment"] == year(2026, 4).isoformat()


def test_two_authorities(proven):
    put_evidence(proven, evidence_of(proven, second().at(year(2029)), number=2, algorithm=SHA512))
    verdict = check(proven, reader(at=year(2030)))
    assert verdict.proven and len(verdict.records) == 2
    assert verdict.existed_at.where == RECORD
    # the first is left to die, the second is still there
    late = check(proven, reader(at=year(2034)))
    assert (late.existed_at.state, late.existed_at.where) == (State.PROVEN, layout.evidence_members(2)[1])


def test_a_destroyed_unit_leaves_the_others_proven(tree):
    (tree / layout.unit_member(units()[0][0])).unlink()
    verdict = check(tree, reader())
    assert verdict.complete.code == "member-missing"
    assert verdict.existed_at.state is State.PROVEN


# -- what is refused ----------------------------------------------------------------------


def test_evidence_of_another_package(plain, tmp_path):
    other = tmp_path / "other.asice"
    other.write_bytes(package(by=signer("Dr Paul Inconnu")))
    put_evidence(plain, evidence_of(other, first().at(year(2026))))
    refused(plain, "evidence-object-missing")
    other.write_bytes(package(count=4))
    put_evidence(plain, evidence_of(other, first().at(year(2026))))
    refused(plain, "member-missing")
    other.write_bytes(package(count=2))
    put_evidence(plain, evidence_of(other, first().at(year(2026))))
    refused(plain, "member-unlisted")


def test_a_record_over_fewer_members_than_its_list(plain, evidence):
    fewer = evidence_of(plain, first().at(year(2026)), leave=(layout.README,))
    put_evidence(plain, fewer)
    refused(plain, "member-unlisted")
    put_evidence(plain, {MANIFEST: evidence[MANIFEST], RECORD: fewer[RECORD]})
    assert refused(plain, "evidence-object-missing").existed_at.facts["member"] == layout.README


def test_a_record_over_more_than_its_list(plain, evidence):
    digests = [one.digest for one in examine(plain, reader()).hashed.values()]
    strange = Digest.of(b"something else")
    (record,) = build_records([[*digests, strange]], first().at(year(2026)))
    put_evidence(plain, {MANIFEST: evidence[MANIFEST], RECORD: write_record(record)})
    assert refused(plain, "evidence-excess").existed_at.facts["count"] == 1


def test_a_list_with_another_digest(plain, evidence):
    hashed = examine(plain, reader()).hashed
    listed = [
        Reference(
            name=name,
            media_type="x/y",
            digest=Digest(SHA256, bytes(32)) if name == layout.README else one.digest,
        )
        for name, one in hashed.items()
    ]
    put_evidence(plain, {**evidence, MANIFEST: write_asic_manifest(listed, target=RECORD)})
    assert refused(plain, "evidence-object-missing").existed_at.where == MANIFEST


def test_a_list_of_another_kind_of_digests(plain, evidence):
    other = evidence_of(plain, first().at(year(2026)), algorithm=SHA512)
    put_evidence(plain, {MANIFEST: other[MANIFEST], RECORD: evidence[RECORD]})
    refused(plain, "list-invalid")


def test_a_list_that_names_evidence(plain, evidence):
    listed = evidence[MANIFEST].replace(b'URI="mimetype"', b'URI="META-INF/evidencerecord001.ers"')
    put_evidence(plain, {**evidence, MANIFEST: listed})
    refused(plain, "member-unlisted")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"evidencerecord001", b"evidencerecord002"),
        (b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1"),
        (b"<SigReference", b"<Reference"),
        (b"</ASiCManifest>", b""),
    ],
)
def test_a_list_out_of_form(plain, evidence, old, new):
    put_evidence(plain, {**evidence, MANIFEST: evidence[MANIFEST].replace(old, new)})
    refused(plain, "list-invalid")


def test_digests_of_several_kinds(plain, evidence):
    other = evidence_of(plain, first().at(year(2026)), algorithm=SHA512)[MANIFEST].splitlines()
    mixed = evidence[MANIFEST].splitlines()
    mixed[2] = other[2]
    put_evidence(plain, {**evidence, MANIFEST: b"\n".join(mixed)})
    refused(plain, "list-invalid")


def test_a_token_over_something_else(plain, evidence):
    digests = [one.digest for one in examine(plain, reader()).hashed.values()]
    (other,) = build_records([digests[1:]], first().at(year(2026)))
    (ours,) = build_records([digests], first().at(year(2026)))
    true, strange = ours.chains[0].stamps[0], other.chains[0].stamps[0]
    false = write_record(first_record(SHA256, true.lists, strange.token))
    put_evidence(plain, {MANIFEST: evidence[MANIFEST], RECORD: false})
    refused(plain, "evidence-imprint-mismatch")


def test_a_chain_that_renews_another(plain, evidence, tmp_path):
    other = tmp_path / "other.asice"
    other.write_bytes(package(count=4))
    add_evidence(other)
    renewed(other, second(), 2030)
    with contents_of(other)[RECORD].open() as stream:
        strange = read_record(stream.read()).chains[0].stamps[1]
    false = write_record(with_stamp(read_record(evidence[RECORD]), strange))
    put_evidence(plain, {MANIFEST: evidence[MANIFEST], RECORD: false})
    refused(plain, "evidence-link-broken", at=2031)


def test_a_record_that_is_cut_short_or_speaks_of_an_unknown_hash(plain, evidence):
    put_evidence(plain, {**evidence, RECORD: evidence[RECORD][:-1]})
    refused(plain, "evidence-unreadable")
    unknown = evidence[RECORD].replace(
        bytes.fromhex("608648016503040201"), bytes.fromhex("60864801650304027f")
    )
    unlisted = evidence[MANIFEST].replace(b"xmlenc#sha256", b"xmlenc#sha257")
    # nothing is false, and nobody can tell; what another record proves is proven as before
    for changed in ({RECORD: unknown}, {MANIFEST: unlisted}):
        put_evidence(plain, {**evidence, **changed})
        found = check(plain, reader(at=year(2027))).existed_at
        assert (found.state, found.code) == (State.UNKNOWN, "evidence-algorithm-unknown")
    put_evidence(plain, evidence_of(plain, first().at(year(2026)), number=2))
    assert check(plain, reader(at=year(2027))).existed_at.code == "evidenced"


def test_half_a_pair_a_gap_and_too_many(tree):
    for name in (MANIFEST, RECORD):
        data = (tree / name).read_bytes()
        (tree / name).unlink()
        refused(tree, "member-missing")
        (tree / name).write_bytes(data)
    third_pair = layout.evidence_members(3)
    for name, other in zip((MANIFEST, RECORD), third_pair, strict=True):
        (tree / other).write_bytes((tree / name).read_bytes())
    refused(tree, "member-missing")
    for other in third_pair:
        (tree / other).unlink()
    (tree / layout.evidence_members(999)[1]).write_bytes(b"?")
    verdict = refused(tree, "member-missing")
    assert "limit-exceeded" in {one.existed_at.code for one in verdict.records}


def test_a_number_no_evidence_has_is_just_a_stranger(tree):
    (tree / "META-INF" / "evidencerecord000.ers").write_bytes(b"?")
    assert check(tree, reader()).complete.code == "member-unlisted"


def test_a_package_changed_after_its_evidence(tree):
    unit = tree / layout.unit_member(units()[0][0])
    unit.write_bytes(b"x" + unit.read_bytes()[1:])
    verdict = check(tree, reader())
    assert verdict.intact.code == "digest-mismatch"
    assert (verdict.existed_at.code, verdict.existed_at.facts["member"]) == (
        "evidence-object-missing",
        layout.unit_member(units()[0][0]),
    )
    unit.write_bytes(units()[0][1])
    (tree / "extra").write_bytes(b"?")
    verdict = check(tree, reader())
    assert (verdict.complete.code, verdict.existed_at.code) == ("member-unlisted", "member-unlisted")


def test_one_spoiled_record_of_two_is_noticed(proven):
    number_two = evidence_of(proven, second().at(year(2029)), number=2)
    name = layout.evidence_members(2)[1]
    put_evidence(proven, {**number_two, name: number_two[name][:-1]})
    refused(proven, "evidence-unreadable", at=2030)


def test_nothing_may_lie_behind_evidence(tmp_path, evidence):
    path = tmp_path / "package.asice"
    with path.open("wb") as target:
        container = Container(target)
        container.add(layout.MIMETYPE, [layout.MEDIA_TYPE])
        container.add(RECORD, [evidence[RECORD]])
        container.add("behind", [b"it"])
        container.close()
    before = path.read_bytes()
    with pytest.raises(ContainerIrregular):
        put_evidence(path, evidence)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


# -- what is due --------------------------------------------------------------------------


def due(path, at=2026, month=12):
    found = check(path, reader(at=year(at, month))).due
    return (found.duty, found.before, found.algorithm) if found else None


def test_what_a_keeper_has_to_do_next(plain, tmp_path):
    # nothing but the signature: the certificate ends first
    end = x509.load_der_x509_certificate(signer().certificate).not_valid_after_utc
    assert due(plain) == (Duty.EVIDENCE, end, "")
    # a card with RSA: the algorithm ends before the certificate
    carded = tmp_path / "carded.asice"
    carded.write_bytes(package(by=practitioners().rsa_signer(end=FAR)))
    assert due(carded) == (Duty.EVIDENCE, year(2029, 1), "sha256_rsa (3072)")
    assert due(carded, at=2030) is None
    # a time-stamp keeps the signature as long as it holds itself
    stamped = tmp_path / "stamped.asice"
    stamped.write_bytes(package(stamp=first().at(year(2026, 4))))
    last = first().leaf.not_valid_after_utc
    assert due(stamped) == (Duty.EVIDENCE, last, "")
    # with evidence it is the evidence that counts
    add_evidence(plain)
    assert due(plain) == (Duty.TIME_STAMP, last, "")
    renewed(plain, second(), 2030)
    assert due(plain, at=2030) == (Duty.TIME_STAMP, second().leaf.not_valid_after_utc, "")
    # too late, or nothing to keep
    assert due(plain, at=2040) is None
    broken = bytearray(carded.read_bytes())
    broken[2000] ^= 1
    carded.write_bytes(broken)
    assert due(carded) is None
