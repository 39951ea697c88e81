"""Indications of ETSI EN 319 102-1: only what is false has failed in total, and every code has its place."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.indications import SUB_INDICATIONS, Indication
from archiver.package.checks.check_package import check
from archiver.signing.revocation.sources import Sources
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from tests.authorities import der, practitioners
from tests.packages import SIGNED, package, signer, trust, unpacked

DATA = b"<the list/>"
DAY = timedelta(days=1)
FORMAT = Path(__file__).resolve().parents[3] / "docs" / "en" / "format" / "archive-format-1.md"
OPENING = frozenset(
    {
        *("wrong-key", "wrong-passphrase", "key-unreadable", "seal-broken", "recipients-refused"),
        *("commitment-mismatch", "unit-mismatch", "counts-differ", "terms-differ"),
        *("patients-mismatch", "page-mismatch", "revision-unproven", "signer-unnamed"),
    }
)
"""Codes of the registry that no answer of a verdict bears: they come up when something is opened or written."""


def asked(signature, at, **kinds):
    kinds = kinds or {"roots": (der(practitioners().root),)}
    return answer_signature(signature, DATA, Trust(at=at, **kinds), where="s")


def test_every_code_of_the_registry_has_a_sub_indication():
    registry = FORMAT.read_text(encoding="utf-8").partition("## 17.")[2].partition("## 18.")[0]
    rows = [line.split("|")[1] for line in registry.splitlines() if line.startswith("| `")]
    proven = {"member-lawfully-destroyed"}
    codes = {code for row in rows for code in re.findall("`([a-z-]+)`", row)}
    assert len(codes) >= 50
    assert codes - OPENING - proven - SUB_INDICATIONS.keys() == set()


def test_what_is_proven():
    found = asked(sign_manifest(DATA, practitioners().signer(), at=SIGNED), SIGNED + DAY)
    assert found.signed_by.indication == Indication(main="TOTAL-PASSED", sub="")
    assert found.existed_at.indication == Indication(main="INDETERMINATE", sub="NO_POE")


@pytest.mark.parametrize(
    ("case", "code", "sub"),
    [
        ("ended", "certificate-ended", "OUT_OF_BOUNDS_NO_POE"),
        ("revoked", "certificate-revoked", "REVOKED_NO_POE"),
        ("nobody's", "signer-untrusted", "NO_CERTIFICATE_CHAIN_FOUND"),
        ("unasked", "no-roots", "NO_CERTIFICATE_CHAIN_FOUND"),
    ],
)
def test_what_nobody_can_tell_is_no_failure(case, code, sub):
    by, sources, at = practitioners().signer(), Sources(), SIGNED + DAY
    if case == "revoked":
        listed = practitioners().revocations((by.certificate, SIGNED - DAY), at=SIGNED)
        sources = Sources(lists=(listed,))
    signature = sign_manifest(DATA, by, at=SIGNED, sources=sources)
    if case == "ended":
        at = datetime(2041, 6, 1, tzinfo=UTC)
    others = {"nobody's": {"roots": (der(practitioners("Autre").root),)}, "unasked": {"first_use": False}}
    found = asked(signature, at, **others.get(case, {})).trusted
    assert (found.state, found.code) == (State.UNKNOWN, code)
    assert found.indication == Indication(main="INDETERMINATE", sub=sub)
    # it keeps everybody from opening all the same, but where nobody was asked about
    assert (found.failure is None) == (case == "unasked")


@pytest.mark.parametrize(("data", "sub"), [(b"<another/>", "HASH_FAILURE"), (DATA, "SIG_CRYPTO_FAILURE")])
def test_what_is_false(data, sub):
    signature = bytearray(sign_manifest(DATA, practitioners().signer(), at=SIGNED))
    if data == DATA:
        signature[-1] ^= 1
    found = answer_signature(bytes(signature), data, Trust(at=SIGNED), where="s").signed_by
    assert (found.state, found.code) == (State.REFUTED, "signature-invalid")
    assert found.indication == Indication(main="TOTAL-FAILED", sub=sub)


def test_what_is_false_is_refused_before_what_nobody_can_tell(tmp_path):
    tree = unpacked(package(), tmp_path)
    with tree.joinpath("README.TXT").open("ab") as page:
        page.write(b"!")
    verdict = check(tree, trust(signer("Dr Paul Inconnu")))
    assert (verdict.trusted.state, verdict.trusted.code) == (State.UNKNOWN, "signer-untrusted")
    assert verdict.intact.state is State.REFUTED
    assert verdict.refusal is verdict.intact.failure
