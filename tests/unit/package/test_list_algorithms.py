"""Signed lists under other hash functions than SHA-256: accepted, ended, or not known to this reader."""

from dataclasses import replace

import pytest

from archiver.package import layout
from archiver.package.checks.check_package import check
from archiver.package.checks.open import open_package
from archiver.package.errors import ListAlgorithmUnknown
from archiver.package.lists.asic_manifest import Reference, write_asic_manifest
from archiver.package.lists.asic_reading import read_asic_manifest
from archiver.signing.policy import KeyLengthRule, own_policy
from archiver.signing.signatures.cades import sign_manifest
from archiver.verdict import Duty, State
from formats.digests import ALGORITHMS, SHA1, SHA384, SHA512, Digest
from tests.packages import SIGNED, package, signer, trust, unpacked
from tests.unit.evidence.life import year

NOBODYS = "http://example.org/2040/new-digest#512"


def listed_under(algorithm, folder, *, change=lambda data: data):
    """Return an unpacked package whose signed list is under ``algorithm``, signed anew."""
    tree = unpacked(package(), folder)
    place = tree / layout.ASIC_MANIFEST
    names = read_asic_manifest(place.read_bytes())
    references = [
        Reference(
            name=name,
            media_type=layout.member_media_type(name),
            digest=Digest.of(tree.joinpath(name).read_bytes(), algorithm=algorithm),
        )
        for name in names
    ]
    data = change(write_asic_manifest(references))
    place.write_bytes(data)
    tree.joinpath(layout.SIGNATURE).write_bytes(sign_manifest(data, signer(), at=SIGNED))
    return tree


@pytest.mark.parametrize("name", ["sha384", "sha512", "sha3_512"])
def test_a_list_under_a_longer_digest_is_accepted(tmp_path, name):
    tree = listed_under(ALGORITHMS[name], tmp_path)
    verdict = check(tree, trust(signer()))
    proven = {name for name, one in verdict.answers() if one.state is State.PROVEN}
    assert proven == {"intact", "complete", "signed_by", "trusted"}, verdict.findings
    assert open_package(tree, trust(signer())).manifest


@pytest.mark.parametrize("name", ["README.TXT", layout.KEYRING, layout.MANIFEST, layout.SUMS])
def test_what_was_changed_under_it_is_found(tmp_path, name):
    tree = listed_under(SHA512, tmp_path)
    with tree.joinpath(name).open("ab") as part:
        part.write(b" ")
    verdict = check(tree, trust(signer()))
    assert verdict.intact.state is State.REFUTED
    assert "digest-mismatch" in {one.code for one in verdict.findings}


def test_what_is_missing_or_too_much_under_it_is_found(tmp_path):
    tree = listed_under(SHA512, tmp_path)
    tree.joinpath("README.TXT").rename(tree / "docs.txt")
    codes = {one.code for one in check(tree, trust(signer())).findings}
    assert {"member-missing", "member-unlisted"} <= codes


@pytest.mark.parametrize("method", [SHA1.uri, ALGORITHMS["sha224"].uri])
def test_a_weaker_digest_is_no_list(tmp_path, method):
    tree = listed_under(
        SHA512, tmp_path, change=lambda data: data.replace(SHA512.uri.encode(), method.encode())
    )
    verdict = check(tree, trust(signer()))
    assert (verdict.intact.state, verdict.intact.code) == (State.REFUTED, "list-invalid")


def test_a_digest_that_nobody_here_knows_is_no_fault(tmp_path):
    tree = listed_under(
        SHA512, tmp_path, change=lambda data: data.replace(SHA512.uri.encode(), NOBODYS.encode())
    )
    verdict = check(tree, trust(signer()))
    assert (verdict.intact.state, verdict.intact.code) == (State.UNKNOWN, "list-algorithm-unknown")
    assert NOBODYS in verdict.intact.text
    # who signed the list is known all the same; but nothing is opened with it
    assert [verdict.signed_by.state, verdict.trusted.state] == [State.PROVEN] * 2
    with pytest.raises(ListAlgorithmUnknown):
        open_package(tree, trust(signer()))


def test_the_digest_of_the_list_is_judged_by_the_policy(tmp_path):
    """The signature's own digest is another one: only the list rests on what ends."""
    tree = listed_under(SHA384, tmp_path)
    ends = {**own_policy().judgements, SHA384.oid: (KeyLengthRule(bits=0, end=year(2030)),)}
    reader = replace(trust(signer()), policy=replace(own_policy(), judgements=ends))
    verdict = check(tree, reader)
    assert verdict.due is not None
    assert (verdict.due.duty, verdict.due.before, verdict.due.algorithm) == (
        Duty.EVIDENCE,
        year(2030),
        "sha384",
    )
    later = check(tree, replace(reader, at=year(2031)))
    assert (later.signed_by.state, later.signed_by.code) == (State.UNKNOWN, "signature-algorithm-ended")
    assert later.signed_by.facts["algorithm"] == "sha384"
    assert later.intact.state is State.UNKNOWN
