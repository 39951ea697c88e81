"""What the signed manifest states of its signatures: what a keeper strips from them is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from archiver.package import layout
from archiver.package.checks.check_package import check
from archiver.package.checks.check_set import examine_set
from archiver.package.checks.open import open_package
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.signing.revocation.sources import Sources
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.signed_data import signature_value
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from tests.authorities import practitioners
from tests.packages import SIGNED, package, unpacked, volume_set
from tests.tsa import authority

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256 (FIPS 186-5; SEC 2)."""
STAMPED = SIGNED + timedelta(minutes=5)


def by() -> Any:
    """Return a signer of an authority that speaks of revocations."""
    return practitioners().signer()


def accepted() -> Trust:
    return Trust(at=STAMPED, roots=(*by().roots, *authority().roots))


def whole(**parts: bool) -> dict[str, Any]:
    """Return what comes with a signature: a time-stamp, revocation lists."""
    sources = Sources(lists=(practitioners().revocations(at=SIGNED),))
    options: dict[str, Any] = {"stamp": authority().at(STAMPED)} if parts.get("timestamp") else {}
    return {**options, **({"sources": sources} if parts.get("revocation") else {})}


def signed_again(tree: Path, **parts: bool) -> None:
    """Make the signature again, the very same value, with other things that stand unsigned in it."""
    listed = (tree / layout.ASIC_MANIFEST).read_bytes()
    signature = sign_manifest(listed, by(), at=SIGNED, **whole(**parts))
    (tree / layout.SIGNATURE).write_bytes(signature)


BOTH = {"timestamp": True, "revocation": True}


def test_the_manifest_states_what_comes_with_the_signature(tmp_path: Path) -> None:
    for number, parts in enumerate((BOTH, {"timestamp": True}, {"revocation": True}, {})):
        tree = unpacked(package(by=by(), **whole(**parts)), tmp_path / str(number))
        (stated,) = read_manifest((tree / layout.MANIFEST).read_bytes()).signatures
        assert stated.certificate == by().fingerprint
        assert (stated.timestamp, stated.revocation) == tuple(map(parts.__contains__, BOTH))
        assert check(tree, accepted()).refusal is None


@pytest.mark.parametrize(
    ("left", "code"),
    [({"revocation": True}, "timestamp-missing"), ({"timestamp": True}, "revocation-missing")],
)
def test_what_was_stripped_is_missed(tmp_path: Path, left: dict[str, bool], code: str) -> None:
    tree = unpacked(package(by=by(), **whole(**BOTH)), tmp_path)
    signed_again(tree, **left)
    verdict = check(tree, accepted())
    assert (verdict.complete.state, verdict.complete.code) == (State.REFUTED, code)
    assert verdict.complete.where == layout.MANIFEST
    assert verdict.signed_by.state is State.PROVEN
    with pytest.raises(type(verdict.complete.failure)):
        open_package(tree, accepted())


@pytest.mark.parametrize("added", [{"timestamp": True}, {"revocation": True}])
def test_what_nobody_stated_is_refused(tmp_path: Path, added: dict[str, bool]) -> None:
    tree = unpacked(package(by=by()), tmp_path)
    signed_again(tree, **added)
    assert check(tree, accepted()).intact.code == "lists-disagree"


def test_of_two_signatures_each_is_missed(tmp_path: Path) -> None:
    other = practitioners("Autre").signer()
    trust_in_both = replace(accepted(), roots=(*accepted().roots, *other.roots))
    tree = unpacked(package(by=by(), co_signer=other, stamp=authority().at(STAMPED)), tmp_path)
    assert check(tree, trust_in_both).refusal is None
    listed = (tree / layout.CO_ASIC_MANIFEST).read_bytes()
    (tree / layout.CO_SIGNATURE).write_bytes(sign_manifest(listed, other, at=SIGNED))
    verdict = check(tree, trust_in_both)
    assert (verdict.complete.code, verdict.complete.facts["member"]) == (
        "timestamp-missing",
        layout.CO_SIGNATURE,
    )


def test_a_set_misses_it_too(tmp_path: Path) -> None:
    volume_list = volume_set(tmp_path, by=by(), stamp=authority().at(STAMPED))
    assert examine_set(volume_list, accepted()).verdict.refusal is None
    tree = unpacked(volume_list.read_bytes(), tmp_path / "tree")
    signed_again(tree)
    assert examine_set(tree, accepted()).verdict.complete.code == "timestamp-missing"


def mirrored(signature: bytes) -> bytes:
    """Return the signature with (r, n - s) for its ECDSA value (r, s): as valid, and made without any key.

    Encoded without ``force``: all of a time-stamp encoded anew, level by level, takes half a minute.
    """
    value = signature_value(signature)
    r, s = decode_dss_signature(value)
    other = encode_dss_signature(r, ORDER - s)
    content = cms.ContentInfo.load(signature)
    content["content"]["signer_infos"][0]["signature"] = other
    made: bytes = content.dump()
    assert signature_value(made) == other
    return made


def test_the_other_value_of_an_ecdsa_signature_proves_the_same(tmp_path: Path) -> None:
    """The threat model says so, and that no time-stamp and no evidence follows it."""
    tree = unpacked(package(by=by()), tmp_path / "bare")
    before = check(tree, accepted()).signed_by
    signature = (tree / layout.SIGNATURE).read_bytes()
    (tree / layout.SIGNATURE).write_bytes(mirrored(signature))
    assert mirrored(signature) != signature
    assert check(tree, accepted()).signed_by == before
    assert check(tree, accepted()).refusal is None


def test_no_time_stamp_follows_the_other_value(tmp_path: Path) -> None:
    tree = unpacked(package(by=by(), stamp=authority().at(STAMPED)), tmp_path)
    signature = (tree / layout.SIGNATURE).read_bytes()
    (tree / layout.SIGNATURE).write_bytes(mirrored(signature))
    assert check(tree, accepted()).existed_at.code == "timestamp-invalid"
