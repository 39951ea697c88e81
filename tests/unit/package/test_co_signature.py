"""Two practitioners sign one package."""

from datetime import timedelta

import pytest

from archiver.package import layout
from archiver.package.checks.check_package import check
from archiver.package.checks.open import open_package
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.signing.errors import SignatureInvalid
from archiver.signing.signatures.cades import sign_manifest
from archiver.verdict import State
from tests.packages import SIGNED, package, signer, trust, unpacked
from tests.tsa import authority

FIRST, SECOND = "Dr Anne Exemple", "Dr Paul Inconnu"
CO = (layout.CO_ASIC_MANIFEST, layout.CO_SIGNATURE)


@pytest.fixture(scope="module")
def data():
    return package(co_signer=signer(SECOND))


@pytest.fixture
def tree(data, tmp_path):
    return unpacked(data, tmp_path)


def both(**kinds):
    return trust(signer(), signer(SECOND), **kinds)


def states(verdict):
    return {question: answer.state for question, answer in verdict.answers() if question != "existed_at"}


def test_two_signatures_are_proven(data, tree):
    path = tree.parent / "package.asice"
    path.write_bytes(data)
    for place in (path, tree):
        verdict = check(place, both())
        assert set(states(verdict).values()) == {State.PROVEN}, verdict.findings
    facts = verdict.signed_by.facts
    assert (FIRST in facts["signer"], SECOND in facts["co_signer"]) == (True, True)
    assert (facts["fingerprint"], facts["co_fingerprint"]) == (
        signer().fingerprint,
        signer(SECOND).fingerprint,
    )
    assert verdict.trusted.facts["co_fingerprint"] == signer(SECOND).fingerprint
    assert open_package(path, both()).manifest.signers == (signer().fingerprint, signer(SECOND).fingerprint)


def test_the_same_signers_and_time_give_the_same_package(data):
    assert package(co_signer=signer(SECOND)) == data


def test_one_signer_alone_leaves_no_trace_of_a_second(tmp_path):
    tree = unpacked(package(), tmp_path)
    assert not any(tree.joinpath(name).exists() for name in CO)
    assert len(read_manifest(tree.joinpath(layout.MANIFEST).read_bytes()).signatures) == 1


@pytest.mark.parametrize("who", [FIRST, SECOND])
def test_who_accepts_one_of_two(tree, who):
    verdict = check(tree, trust(signer() if who == FIRST else signer(SECOND)))
    expected = {
        FIRST: (State.UNKNOWN, "co-signer-untrusted"),
        SECOND: (State.UNKNOWN, "signer-untrusted"),
    }[who]
    assert (verdict.trusted.state, verdict.trusted.code) == expected
    assert verdict.signed_by.state is State.PROVEN


def test_who_accepts_nobody(tree):
    assert check(tree, trust()).trusted.code == "no-roots"


@pytest.mark.parametrize("gone", [CO, CO[:1], CO[1:]])
def test_a_second_signature_that_was_taken_away_is_missed(tree, gone):
    for name in gone:
        tree.joinpath(name).unlink()
    verdict = check(tree, both())
    assert verdict.complete.code == "member-missing"
    assert {finding.facts.get("member") for finding in verdict.findings} & set(gone)


def test_a_second_signature_nobody_announced_is_refused(tmp_path, data):
    plain, other = unpacked(package(), tmp_path / "plain"), unpacked(data, tmp_path / "other")
    for name in CO:
        plain.joinpath(name).write_bytes(other.joinpath(name).read_bytes())
    assert check(plain, both()).refusal is not None


def test_an_unannounced_signature_over_the_very_list_is_refused(tmp_path):
    plain = unpacked(package(), tmp_path)
    listed = plain.joinpath(layout.ASIC_MANIFEST).read_bytes()
    listed = listed.replace(b"signature001", b"signature002")
    plain.joinpath(CO[0]).write_bytes(listed)
    plain.joinpath(CO[1]).write_bytes(sign_manifest(listed, signer(SECOND), at=SIGNED))
    verdict = check(plain, both())
    assert verdict.signed_by.state is State.PROVEN
    assert verdict.complete.code == "member-unlisted"


def test_a_second_signature_that_does_not_verify_is_refused(tree):
    other = sign_manifest(b"something else", signer(SECOND), at=SIGNED)
    tree.joinpath(layout.CO_SIGNATURE).write_bytes(other)
    verdict = check(tree, both())
    assert (verdict.signed_by.state, verdict.signed_by.where) == (State.REFUTED, layout.CO_SIGNATURE)
    with pytest.raises(SignatureInvalid):
        open_package(tree, both())


def test_another_second_signer_than_announced_is_refused(tree):
    listed = tree.joinpath(layout.CO_ASIC_MANIFEST).read_bytes()
    tree.joinpath(layout.CO_SIGNATURE).write_bytes(sign_manifest(listed, signer(), at=SIGNED))
    verdict = check(tree, both())
    assert verdict.intact.code == "lists-disagree"
    assert verdict.intact.facts["member"] == layout.CO_SIGNATURE


def test_a_second_list_that_says_something_else_is_refused(tree):
    path = tree.joinpath(layout.CO_ASIC_MANIFEST)
    listed = path.read_bytes()
    start = listed.index(b"<ds:DigestValue>") + 16
    changed = listed[:start] + (b"A" if listed[start:][:1] != b"A" else b"B") + listed[start + 1 :]
    path.write_bytes(changed)
    tree.joinpath(layout.CO_SIGNATURE).write_bytes(sign_manifest(changed, signer(SECOND), at=SIGNED))
    verdict = check(tree, both())
    assert (verdict.signed_by.code, verdict.signed_by.where) == ("lists-disagree", layout.CO_ASIC_MANIFEST)


def test_the_earliest_time_stamp_counts(tmp_path):
    moments = iter((SIGNED + timedelta(hours=2), SIGNED + timedelta(hours=1)))

    def stamp(digest):
        return authority().at(next(moments))(digest)

    tree = unpacked(package(co_signer=signer(SECOND), stamp=stamp), tmp_path)
    accepted = both(at=SIGNED + timedelta(days=9))
    from dataclasses import replace

    verdict = check(tree, replace(accepted, tsa_roots=authority().roots))
    assert verdict.proven
    assert verdict.existed_at.facts["moment"] == (SIGNED + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize("signers", [[], ["g" * 64], ["0" * 64, "1" * 64, "2" * 64], ["0" * 64] * 2])
def test_a_manifest_that_names_no_one_or_two_signers(data, tmp_path, signers):
    import json

    from archiver.package.errors import ManifestInvalid

    text = unpacked(data, tmp_path).joinpath(layout.MANIFEST).read_text()
    document = json.loads(text)
    assert read_manifest(text.encode()).signers == (signer().fingerprint, signer(SECOND).fingerprint)
    document["signatures"] = [
        {"certificate": one, "timestamp": False, "revocation": False} for one in signers
    ]
    with pytest.raises(ManifestInvalid, match=r"one or two signers|one signer as both|its form"):
        read_manifest(json.dumps(document).encode())
